"""One file of text as received, and a lexicon."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from resanalysis.corpus.names import DESCRIPTOR
from resanalysis.model import InputError, Problem, Source, input_error

Found = TypeVar("Found")

_NEWLINES = {"\n": "lf", "\r\n": "crlf", "\r": "cr"}


def read_source(path: str | Path, *, encoding: str = "utf-8") -> Source:
    """Read a text as received: decoded, line ends unified to LF, a byte order mark dropped.

    Parameters
    ----------
    path : str or Path
        The file.
    encoding : str
        Its encoding; Chinese texts are often `gb18030` instead of UTF-8.

    Raises
    ------
    InputError
        When the file is missing, holds no text, or is not in this encoding.
    """
    path = Path(path)
    data = read_bytes(path)
    try:
        text = data.decode(encoding)
    except UnicodeError as error:
        at = error.start if isinstance(error, UnicodeDecodeError) else 0
        line = data.count(b"\n", 0, at) + 1
        raise input_error(
            path,
            f"line {line}, byte {at}",
            f"is not {encoding}",
            _suggest_encoding(data),
        ) from error
    except (LookupError, ValueError) as error:
        raise input_error(
            path, "", f"the encoding {encoding!r} is unknown", "Try utf-8, gb18030 or big5"
        ) from error
    _refuse_nul(path, text)
    bom = text.startswith("\ufeff")
    text = text.removeprefix("\ufeff")
    ends = set(re.findall(r"\r\n|\r|\n", text))
    newline = "mixed" if len(ends) > 1 else _NEWLINES[ends.pop()] if ends else "lf"
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise input_error(path, "", "the file is empty", "Put the text into it")
    return Source(path.name, text, hashlib.sha256(data).hexdigest(), encoding, newline, bom)


def _refuse_nul(path: Path, text: str) -> None:
    """Raise an `InputError` where a text holds NUL characters: no text does, only other files."""
    at = text.find("\0")
    if at >= 0:
        raise input_error(
            path,
            f"line {text.count(chr(10), 0, at) + 1}",
            "holds a NUL character, so it is no plain text, or not in this encoding",
            "Save the file anew as plain text in UTF-8",
        )


def read_bytes(path: Path) -> bytes:
    """Return a file's bytes; raise an `InputError` when it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise input_error(
            path, "", f"cannot be read ({error.strerror})", "Check the path and the permissions"
        ) from error


def _suggest_encoding(data: bytes) -> str:
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return (
            "It looks like a Word file: save it as plain text in UTF-8, or as .docx under that"
            " suffix if it has tracked changes"
        )
    is_utf16 = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    for candidate in ("utf-16",) if is_utf16 else ("utf-8", "gb18030"):
        try:
            data.decode(candidate)
        except UnicodeDecodeError:
            continue
        return (
            f"It may be {candidate.upper()}: give --encoding {candidate} (in a corpus folder:"
            f' "encoding" of the source in {DESCRIPTOR}), or save the file as UTF-8'
        )
    return "Find out the file's encoding and name it with --encoding, or save the file as UTF-8"


def read_lexicon(path: str | Path) -> tuple[str, ...]:
    """Return the words of a lexicon: one per line, lines that begin with `#` are comments."""
    lines = [line.strip() for line in read_source(path).text.split("\n")]
    return tuple(dict.fromkeys(line for line in lines if line and not line.startswith("#")))


def collect(
    problems: list[Problem], read: Callable[..., Found], *given: Any, **options: Any
) -> Found | None:
    """Return what `read` returns; when the input is at fault keep its problems and return None."""
    try:
        return read(*given, **options)
    except InputError as error:
        problems.extend(error.problems)
        return None
