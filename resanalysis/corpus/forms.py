"""Which form of redline a file holds, and the files of any form as received."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from resanalysis.corpus.names import DESCRIPTOR
from resanalysis.corpus.text import collect, read_bytes, read_source
from resanalysis.model import Form, InputError, Problem, Source, input_error

_CONVERTIBLE = (".doc", ".docm", ".dot", ".dotx", ".odt", ".rtf", ".wps")
_OLD_WORD = b"\xd0\xcf\x11\xe0"


def form_of(name: str | Path) -> Form:
    """Return the form of redline that a file's suffix tells.

    `.critic.txt` is CriticMarkup, any other `.txt` a flattened text, `.docx` a Word document with
    tracked changes.

    Raises
    ------
    InputError
        When the suffix tells no form.

    Examples
    --------
    >>> form_of("source.critic.txt"), form_of("draft.docx"), form_of("draft.txt")
    ('criticmarkup', 'word', 'flattened')
    """
    lower = Path(name).name.lower()
    if lower.endswith(".critic.txt"):
        return "criticmarkup"
    if lower.endswith(".docx"):
        return "word"
    if lower.endswith(".txt"):
        return "flattened"
    if lower.endswith(_CONVERTIBLE):
        raise input_error(
            name,
            "",
            f"{Path(name).suffix} files cannot be read",
            "Open it in Word or LibreOffice, and save it as .docx with its tracked changes",
        )
    raise input_error(
        name,
        "",
        "its suffix does not tell what it is",
        "Name it .txt (flattened text), .critic.txt (CriticMarkup) or .docx (tracked changes), or"
        f' say so with --form (in a corpus folder: "form" of the source in {DESCRIPTOR})',
    )


def read_document(path: str | Path) -> Source:
    """Read a Word document as received: its bytes and their hash, not yet its text.

    Raises
    ------
    InputError
        When the file is missing, empty, or no .docx: an old .doc, one with a password, or
        something else under this name.
    """
    path = Path(path)
    data = read_bytes(path)
    what, remedy = "", "Open it in Word or LibreOffice, and save it as .docx"
    if not data:
        what = "the file is empty"
    elif data.startswith(_OLD_WORD):
        what = "is an old .doc file, or a .docx with a password"
        remedy = "Open it in Word or LibreOffice, and save it as .docx without a password"
    elif not data.startswith(b"PK"):
        what = "is no Word document"
        remedy = "Give a .docx; a plain text is named .txt"
    if what:
        raise input_error(path, "", what, remedy)
    return Source(path.name, "", hashlib.sha256(data).hexdigest(), "", "", data=data)


def read_clean(path: str | Path, *, encoding: str = "utf-8") -> Source:
    """Read a clean text as received, a Word document or a plain text by its suffix."""
    if Path(path).suffix.lower() == ".docx":
        return read_document(path)
    if Path(path).is_file():
        form_of(path)  # a suffix that tells nothing is reported rather than guessed at
    return read_source(path, encoding=encoding)


def read_files(
    paths: Sequence[str | Path], *, form: Form | None = None, encoding: str = "utf-8"
) -> tuple[Form, tuple[Source, ...]]:
    """Read the file of one redline, or the two files of a clean old and a clean new text.

    Parameters
    ----------
    paths : sequence of str or Path
        One file, or two: old, then new.
    form : {"flattened", "criticmarkup", "word"}, optional
        Form of one file; its suffix tells when left out.
    encoding : str
        Encoding of plain texts.

    Returns
    -------
    form : {"flattened", "criticmarkup", "word", "editions"}
        `editions` for two files.
    sources : tuple of Source
        The files in the order given.

    Raises
    ------
    InputError
        With the problems of all files.
    """
    problems: list[Problem] = []
    found: list[Source | None] = []
    if len(paths) == 2:
        form = "editions"
        found = [collect(problems, read_clean, path, encoding=encoding) for path in paths]
    elif len(paths) == 1:
        if not Path(paths[0]).is_file():
            read_bytes(Path(paths[0]))  # says why it cannot be read, before its suffix is judged
        form = form or form_of(paths[0])
        found = [collect(problems, read_form, paths[0], form, encoding=encoding)]
    else:
        raise ValueError(f"a redline is one file or two, not {len(paths)}")
    if problems:
        raise InputError(problems)
    return form, tuple(source for source in found if source is not None)


def read_form(path: str | Path, form: Form, *, encoding: str = "utf-8") -> Source:
    """Read the one file of a redline of this form."""
    return read_document(path) if form == "word" else read_source(path, encoding=encoding)
