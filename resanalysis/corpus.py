"""`corpora/` on disk -> `Corpus`: descriptor, checksums, source, decisions, lexicon."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from resanalysis.model import Corpus, Edition, InputError, Language, Problem, Source, input_error

DESCRIPTOR = "datapackage.json"
DECISIONS = "decisions.critic.txt"
LEXICON = "lexicon.txt"
CODEBOOK = "codebook.toml"
PLACEHOLDER = "FILL IN"

_EDITION_ID = re.compile(r"(\d{4})-[a-z0-9]+(?:-[a-z0-9]+)*")


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
        When the file is missing, empty, or not in this encoding.
    """
    path = Path(path)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise input_error(
            path, "", f"cannot be read ({error.strerror})", "Check the path and the permissions"
        ) from error
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise input_error(
            path, f"byte {error.start}", f"not {encoding}", _suggest_encoding(data)
        ) from error
    except LookupError as error:
        raise input_error(
            path, "", f"unknown encoding {encoding!r}", "Try utf-8, gb18030 or big5"
        ) from error
    bom = text.startswith("\ufeff")
    text = text.removeprefix("\ufeff")
    ends = set(re.findall(r"\r\n|\r|\n", text))
    names = {"\n": "lf", "\r\n": "crlf", "\r": "cr"}
    newline = names[ends.pop()] if len(ends) == 1 else "mixed" if ends else "lf"
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise input_error(path, "", "the file is empty", "Put the text of the resolution into it")
    return Source(path.name, text, hashlib.sha256(data).hexdigest(), encoding, newline, bom)


def _suggest_encoding(data: bytes) -> str:
    try:
        data.decode("gb18030")
    except UnicodeDecodeError:
        return "Find out the file's encoding and name it with --encoding"
    return "It may be GB18030: give --encoding gb18030, or save the file as UTF-8"


def read_lexicon(path: str | Path) -> tuple[str, ...]:
    """Return the words of a lexicon: one per line, lines that begin with `#` are comments."""
    lines = read_source(path).text.splitlines()
    words = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    return tuple(dict.fromkeys(words))


def read_corpus(path: str | Path) -> Corpus:
    """Read one corpus folder.

    Parameters
    ----------
    path : str or Path
        Folder with `datapackage.json`, `source.txt` and what else is there (see
        `corpora/README.md`).

    Raises
    ------
    InputError
        With every problem of the folder's files: missing files, a descriptor that lacks or
        misnames something, a checksum that does not match.

    Examples
    --------
    >>> corpus = read_corpus("corpora/itu-pp-res-182")
    >>> corpus.old.id, corpus.new.id
    ('2014-busan', '2022-bucharest')
    """
    folder = Path(path)
    if not folder.is_dir():
        raise input_error(
            folder, "", "no such folder", "Give a folder of corpora/, or make one: resanalysis new"
        )
    descriptor = _read_descriptor(folder / DESCRIPTOR)
    problems = _check_descriptor(descriptor, folder / DESCRIPTOR)
    about = descriptor.get("resanalysis", {})
    if not isinstance(about, dict):
        about = {}
    resource = _source_resource(descriptor)
    source = _collect(
        problems,
        lambda: read_source(
            folder / str(resource.get("path", "source.txt")),
            encoding=str(resource.get("encoding", "utf-8")),
        ),
    )
    if source and resource.get("hash") != f"sha256:{source.sha256}":
        problems.append(
            Problem(
                "error",
                str(folder / source.name),
                "",
                f"its checksum is sha256:{source.sha256}, {DESCRIPTOR} says {resource.get('hash')}",
                "The source is never edited: restore it, or correct the descriptor's hash if this"
                " is the text that was received",
            )
        )
    lexicon: tuple[str, ...] = ()
    if (folder / LEXICON).exists():
        lexicon = _collect(problems, lambda: read_lexicon(folder / LEXICON)) or ()
    decisions = None
    if (folder / DECISIONS).exists():
        decisions = _collect(problems, lambda: read_source(folder / DECISIONS))
    editions = {edition.id: edition for edition in _read_editions(about)}
    official = {}
    for name in editions:
        file = folder / "official" / f"{name}.txt"
        if file.exists():
            published = _collect(problems, lambda file=file: read_source(file))  # type: ignore[misc]
            official[name] = published.text if published else ""
    if problems or source is None:
        raise InputError(problems)
    return Corpus(
        id=folder.resolve().name,
        path=folder,
        title=about["title"],
        body=str(about["body"]),
        number=str(about["number"]),
        old=editions[about["study"]["old"]],
        new=editions[about["study"]["new"]],
        source=source,
        decisions=decisions.text if decisions else None,
        lexicon=lexicon,
        official=official,
        hashes=_hash_files(folder),
        rights=str(about.get("rights", "")),
    )


def _collect(problems: list[Problem], read: Any) -> Any:
    """Return what `read` returns; when the input is at fault keep its problems and return None."""
    try:
        return read()
    except InputError as error:
        problems.extend(error.problems)
        return None


def _read_descriptor(path: Path) -> dict[str, Any]:
    text = read_source(path).text
    try:
        descriptor = json.loads(text)
    except json.JSONDecodeError as error:
        raise input_error(
            path, f"line {error.lineno}, column {error.colno}", error.msg, "Mend the JSON"
        ) from error
    if not isinstance(descriptor, dict):
        raise input_error(path, "", "not a JSON object", "See corpora/README.md for an example")
    return descriptor


def _source_resource(descriptor: Mapping[str, Any]) -> Mapping[str, Any]:
    resources = descriptor.get("resources", [])
    for resource in resources if isinstance(resources, list) else []:
        if isinstance(resource, dict) and resource.get("name") == "source":
            return resource
    return {}


def _read_editions(about: Mapping[str, Any]) -> list[Edition]:
    editions = about.get("editions", [])
    return [
        Edition(e["id"], int(e["year"]), e["place"])
        for e in (editions if isinstance(editions, list) else [])
        if isinstance(e, dict) and {"id", "year", "place"} <= set(e)
    ]


def _check_descriptor(descriptor: Mapping[str, Any], path: Path) -> list[Problem]:
    """Return every problem of the descriptor's content."""
    problems: list[Problem] = []

    def complain(place: str, what: str, remedy: str) -> None:
        problems.append(Problem("error", str(path), place, what, remedy))

    resource = _source_resource(descriptor)
    if not resource:
        complain("resources", "no resource named source", "Describe source.txt with path and hash")
    elif Path(str(resource.get("path", ""))).name != resource.get("path"):
        complain("resources: source", "its path leaves the folder", "Put the file into the folder")
    about = descriptor.get("resanalysis")
    if not isinstance(about, dict):
        complain("resanalysis", "missing", "Add the object with title, body, editions and study")
        return problems
    for key in ("title", "body", "number", "language", "editions", "study", "provenance", "rights"):
        if key not in about:
            complain(f"resanalysis: {key}", "missing", "Add it; corpora/README.md shows how")
    title = about.get("title")
    if "title" in about and not _is_bilingual(title):
        complain("resanalysis: title", "needs zh and en", 'Write {"zh": "…", "en": "…"}')
    known = _check_editions(about, complain)
    study = about.get("study", {})
    for role in ("old", "new"):
        wanted = study.get(role) if isinstance(study, dict) else None
        if "study" in about and wanted not in known:
            complain(
                f"resanalysis: study: {role}",
                f"{wanted!r} is no edition",
                f"Name one of {', '.join(sorted(known)) or 'the editions'}",
            )
    return problems


def _check_editions(about: Mapping[str, Any], complain: Any) -> set[str]:
    known: set[str] = set()
    editions = about.get("editions", [])
    for number, edition in enumerate(editions if isinstance(editions, list) else [], start=1):
        place = f"resanalysis: editions: {number}"
        if not isinstance(edition, dict) or not {"id", "year", "place"} <= set(edition):
            complain(place, "needs id, year and place", "Add what is missing")
            continue
        if not _EDITION_ID.fullmatch(str(edition["id"])):
            complain(place, f"id {edition['id']!r}", "Write it as year-place, such as 2014-busan")
        if not isinstance(edition["year"], int):
            complain(place, "the year is no number", "Write it without quotes")
        if not _is_bilingual(edition["place"]):
            complain(place, "the place needs zh and en", 'Write {"zh": "…", "en": "…"}')
        if edition["id"] in known:
            complain(place, f"a second edition {edition['id']}", "Give each edition its own id")
        known.add(edition["id"])
    return known


def _is_bilingual(value: object) -> bool:
    return isinstance(value, dict) and all(
        isinstance(value.get(key), str) and value[key] for key in ("zh", "en")
    )


def _hash_files(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of every file that can change a result, by its name."""
    names = [DESCRIPTOR, "source.txt", DECISIONS, LEXICON, CODEBOOK]
    return {
        name: hashlib.sha256((folder / name).read_bytes()).hexdigest()
        for name in names
        if (folder / name).exists()
    }


def create_corpus(
    folder: str | Path,
    source: str | Path,
    *,
    old: str,
    new: str,
    encoding: str = "utf-8",
    title: Mapping[Language, str] | None = None,
    body: str = PLACEHOLDER,
    number: str = PLACEHOLDER,
) -> Path:
    """Make a corpus folder around a text: descriptor, empty lexicon, README.

    The text is copied byte for byte. What is not given is written as `FILL IN`, which
    `resanalysis check` reports.

    Parameters
    ----------
    folder : str or Path
        Folder to make; its name is the corpus' id. It must not exist.
    source : str or Path
        The flattened text as received.
    old, new : str
        Ids of the two editions as year-place, such as `2014-busan`.
    encoding : str
        Encoding of `source`.
    title : dict of str, optional
        Title by language (`zh`, `en`).
    body, number : str
        Who adopted the resolution, and its number.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    InputError
        When the folder exists, the text cannot be read, or an edition id is malformed.
    """
    folder, path = Path(folder), Path(source)
    text = read_source(path, encoding=encoding)
    problems = [
        Problem("error", role, value, "no edition id", "Write it as year-place, as 2014-busan")
        for role, value in (("--old", old), ("--new", new))
        if not _EDITION_ID.fullmatch(value)
    ]
    if folder.exists():
        problems.append(
            Problem("error", str(folder), "", "it exists already", "Choose another name")
        )
    if problems:
        raise InputError(problems)
    descriptor = _make_descriptor(folder.name, text, old, new, title, body, number)
    staging = folder.with_name(f".{folder.name}.partial")
    shutil.rmtree(staging, ignore_errors=True)
    staging.mkdir(parents=True)
    shutil.copyfile(path, staging / "source.txt")
    (staging / DESCRIPTOR).write_text(
        json.dumps(descriptor, ensure_ascii=False, indent=2) + "\n", "utf-8"
    )
    (staging / LEXICON).write_text(
        "# Proper names and words of the field for jieba, one per line.\n", "utf-8"
    )
    (staging / "README.md").write_text(
        f"# {folder.name}\n\nWhere the text comes from, its terms, who decided what and why:"
        f" {PLACEHOLDER}.\n",
        "utf-8",
    )
    staging.rename(folder)
    return folder


def _make_descriptor(
    name: str,
    text: Source,
    old: str,
    new: str,
    title: Mapping[Language, str] | None,
    body: str,
    number: str,
) -> dict[str, Any]:
    def edition(edition_id: str) -> dict[str, Any]:
        year, place = edition_id.split("-", 1)
        return {
            "id": edition_id,
            "year": int(year),
            "place": {"zh": PLACEHOLDER, "en": place.replace("-", " ").title()},
        }

    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": name,
        "resources": [
            {
                "name": "source",
                "path": "source.txt",
                "encoding": text.encoding,
                "hash": f"sha256:{text.sha256}",
            }
        ],
        "resanalysis": {
            "title": dict(title or {"zh": PLACEHOLDER, "en": PLACEHOLDER}),
            "body": body,
            "number": number,
            "language": "zh",
            "editions": [edition(old), edition(new)],
            "study": {"old": old, "new": new},
            "provenance": PLACEHOLDER,
            "rights": PLACEHOLDER,
        },
    }


def find_placeholders(corpus: Corpus) -> list[Problem]:
    """Return a warning for every line of the descriptor and README that still says `FILL IN`."""
    problems = []
    for name in (DESCRIPTOR, "README.md"):
        path = corpus.path / name
        if not path.exists():
            continue
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
            if PLACEHOLDER in line:
                what, remedy = f"still says {PLACEHOLDER}", "Write what it asks for"
                problems.append(Problem("warning", str(path), f"line {number}", what, remedy))
    return problems
