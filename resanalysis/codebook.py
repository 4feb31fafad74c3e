"""Codebooks: read, validate and lint the files that say what a topic is and which terms show it."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections import Counter
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from resanalysis.model import Codebook, InputError, Language, Problem, Severity, Topic, input_error

if TYPE_CHECKING:
    from collections.abc import Iterator

_File = str | Path | None
_Document = tuple[str, dict[str, Any]]  # name of the file for messages, its content
_Finding = tuple[Severity, str, str, str]  # a Problem without its file
_LANGUAGES: tuple[Language, ...] = ("zh", "en")
_LISTS = ("core", "peripheral", "exclusions")
_TEXT, _TEXTS = 'a string that is not empty, "…"', 'texts by language, { zh = "…", en = "…" }'
_STRINGS, _TABLE, _TABLES = 'a list of strings, ["…", "…"]', "a table, [ ]", "tables, [[ ]] each"
_SHAPES = {  # part of a file -> its keys and what each must be
    "file": {"codebook": _TABLE, "theme": _TABLES, "topic": _TABLES},
    "codebook": {"id": _TEXT, "version": _TEXT, "title": _TEXTS},
    "theme": {"id": _TEXT, "label": _TEXTS},
    "topic": {"id": _TEXT, "theme": _TEXT, "source": _TEXT}
    | dict.fromkeys(("label", "definition", "include", "exclude"), _TEXTS)
    | dict.fromkeys(_LISTS, _STRINGS),
}
_OPTIONAL = ("include", "exclude", "source", *_LISTS)
# Terms are compared as they are matched: half-width and, where they are ASCII, in lower case.
_MATCHED = {0xFEE0 + code: chr(code).lower() for code in range(0x21, 0x7F)}
_MATCHED |= {code: chr(code).lower() for code in range(ord("A"), ord("Z") + 1)}


def read_codebook(path: _File = None, *, extend: _File = None) -> Codebook:
    """Read a codebook, and a second one that extends it, and return them as one.

    Parameters
    ----------
    path : str or Path, optional
        TOML file of the codebook; by default the general one that the package carries.
    extend : str or Path, optional
        TOML file whose topics are added to the codebook's, or replace, whole and in its place,
        the topic of the same id; themes likewise. Id and version of the result name both:
        `general-climate-ict+itu-x`, `1.0.0+1.1.0`.

    Returns
    -------
    Codebook
        `sha256` is of the content: comments and layout of the files do not change it, a term or
        the order of topics does. A label missing in one language is taken from the other.

    Raises
    ------
    InputError
        With every error that `check_codebook` finds, not only the first.

    Examples
    --------
    >>> read_codebook().topic("e_waste").label["zh"]
    '电子废弃物'
    """
    documents, problems = _load(path, extend)
    errors = [problem for problem in problems if problem.severity == "error"]
    if errors:
        raise InputError(errors)
    heads = [data["codebook"] for _, data in documents]
    name = {key: "+".join(head[key] for head in heads) for key in ("id", "version")}
    title = _texts(heads[0]["title"], name["id"])
    entries = [theme for _, data in documents for theme in data.get("theme", ())]
    themes = {theme["id"]: _texts(theme["label"], theme["id"]) for theme in entries}
    topics = [topic for _, topic in _topics_in_force(documents).values()]
    content = [name, title, [*themes.items()], topics]
    sha256 = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
    records = tuple(map(_make_topic, topics))
    return Codebook(**name, title=title, themes=themes, topics=records, sha256=sha256)


def check_codebook(path: _File = None, *, extend: _File = None) -> list[Problem]:
    """Return all that is wrong with the codebook that `read_codebook` would read of these files.

    Returns
    -------
    list of Problem
        Errors, with which the codebook cannot be read, and warnings, with which it can: a title,
        label or definition missing in a language, a term of one character, an exclusion that
        contains no term and so does nothing.

    Examples
    --------
    >>> check_codebook()
    []
    """
    return _load(path, extend)[1]


def _load(path: _File, extend: _File) -> tuple[list[_Document], list[Problem]]:
    documents: list[_Document] = []
    problems: list[Problem] = []
    for source in (path,) if extend is None else (path, extend):
        try:
            documents.append(_parse(source))
        except InputError as error:
            problems += error.problems
    in_force = _topics_in_force(documents)
    themes = {_id(theme) for _, data in documents for theme in _entries(data, "theme", dict)}
    topics = [
        (name, f"topic {_id(topic) or number}", topic)
        for name, data in documents
        for number, topic in enumerate(_entries(data, "topic", dict), start=1)
        if in_force.get(_id(topic), (name,))[0] == name  # else the extension replaces it
    ]
    lists = ((_id(topic), _terms(topic, key)) for *_, topic in topics for key in _LISTS[:2])
    terms = {term: identifier for identifier, found in lists for term in found}
    for name, data in documents:
        findings = [*_check_file(data)]
        for _, place, topic in (entry for entry in topics if entry[0] == name):
            findings += _check_entry(place, topic, "topic")
            findings += _check_terms(place, topic, terms)
            if isinstance(theme := topic.get("theme"), str) and theme not in themes:
                what, remedy = f"the theme {theme} is unknown", "Mend it or add a [[theme]]."
                findings.append(("error", f"{place}, theme", what, remedy))
        problems += [Problem(severity, name, *rest) for severity, *rest in findings]
    return documents, problems


def _parse(source: _File) -> _Document:
    file = files("resanalysis") / "data" / "codebook.toml" if source is None else Path(source)
    name = str(file)
    try:
        content = file.read_bytes()
    except OSError as error:
        remedy = "Check the path: it must be a file that exists and that you may read."
        raise input_error(name, "", f"cannot be read: {error.strerror}", remedy) from None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        is_gb18030 = "\ufffd" not in content.decode("gb18030", errors="replace")
        what = f"is not UTF-8{', but looks like GB18030 (GBK)' if is_gb18030 else ''}"
        remedy = "Save it as UTF-8, for example with: iconv -f GB18030 -t UTF-8."
        raise input_error(name, f"line {line}", what, remedy) from None
    if not text.strip():
        raise input_error(name, "", "is empty", "Write a [codebook] and at least one [[topic]].")
    try:
        return name, tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        what, _, place = str(error).rstrip(")").rpartition(" (at ")
        remedy = "Mend the syntax there: strings in quotes, brackets closed."
        raise input_error(name, place, f"is not valid TOML: {what}", remedy) from None


def _check_file(data: dict[str, Any]) -> Iterator[_Finding]:
    yield from _check_entry("file", data, "file")
    if isinstance(data.get("codebook"), dict):
        yield from _check_entry("[codebook]", data["codebook"], "codebook")
    for kind in ("theme", "topic"):
        entries = _entries(data, kind, dict)
        for identifier, count in Counter(filter(None, map(_id, entries))).items():
            if count > 1:
                yield "error", f"{kind} {identifier}", f"is there {count} times", "Keep one."
    for number, theme in enumerate(_entries(data, "theme", dict), start=1):
        yield from _check_entry(f"theme {_id(theme) or number}", theme, "theme")


def _check_entry(place: str, entry: dict[str, Any], kind: str) -> Iterator[_Finding]:
    shape = _SHAPES[kind]
    for key in shape:
        if key not in entry and key not in _OPTIONAL and (kind, key) != ("file", "theme"):
            yield "error", place, f"the key {key} is missing", f"Add it: {shape[key]}."
    for key, value in entry.items():
        where = f"{place}, {key}"
        if key not in shape:
            yield "error", where, "is an unknown key", f"Known here: {', '.join(shape)}."
        elif not _fits(value, shape[key]):
            yield "error", where, "is empty or of the wrong type", f"Write {shape[key]}."
        elif key in ("title", "label", "definition"):
            for language in _LANGUAGES:
                if not value.get(language, "").strip():
                    yield "warning", where, f"is missing in {language}", f'Add {language} = "…".'


def _fits(value: Any, shape: str) -> bool:
    if shape == _STRINGS:
        return isinstance(value, list) and all(isinstance(term, str) for term in value)
    if shape == _TABLES:
        return isinstance(value, list) and all(isinstance(entry, dict) for entry in value or [0])
    if shape == _TEXTS:
        strings = isinstance(value, dict) and all(isinstance(text, str) for text in value.values())
        return strings and set(value) <= set(_LANGUAGES)
    return isinstance(value, dict if shape == _TABLE else str) and bool(value)


def _check_terms(place: str, topic: dict[str, Any], known: dict[str, str]) -> Iterator[_Finding]:
    core, peripheral, exclusions = (_terms(topic, key) for key in _LISTS)
    if not core and not peripheral:
        yield "error", place, "has no terms", "Add some to core or peripheral."
    for term in dict.fromkeys(core):
        if term in peripheral:
            yield "error", place, f"{term} is both core and peripheral", "Keep it in one of them."
    for key, terms in zip(_LISTS, (core, peripheral, exclusions), strict=True):
        at = f"{place}, {key}"
        for term, count in Counter(terms).items():
            if not term or term != term.strip():
                yield "error", at, f"{term!r} is empty or has outer white space", "Remove that."
            if count > 1:
                yield "error", at, f"{term} is listed {count} times", "Keep one."
            if len(term) == 1 and key != "exclusions":
                yield "warning", at, f"{term} is one character, part of many words", "List those."
    for term in filter(None, dict.fromkeys(exclusions)):
        at = f"{place}, exclusions"
        if term in known:
            yield "error", at, f"{term} is also a term of {known[term]}", "Remove one of them."
        elif not any(other in term for other in known if other):
            yield "warning", at, f"{term} contains no term and so does nothing", "Remove it."


def _make_topic(entry: dict[str, Any]) -> Topic:
    texts = {key: _texts(entry.get(key, {})) for key in ("definition", "include", "exclude")}
    lists = {key: tuple(entry.get(key, ())) for key in _LISTS}
    texts["label"] = _texts(entry["label"], entry["id"])
    return Topic(**{"source": "", **entry, **texts, **lists})


def _texts(value: dict[str, str], default: str = "") -> dict[Language, str]:
    fallback = default and next((text for text in value.values() if text.strip()), default)
    return {language: value.get(language, "").strip() or fallback for language in _LANGUAGES}


def _topics_in_force(documents: list[_Document]) -> dict[str, _Document]:
    topics = [(name, topic) for name, data in documents for topic in _entries(data, "topic", dict)]
    return {_id(topic): (name, topic) for name, topic in topics if _id(topic)}


def _terms(topic: dict[str, Any], key: str) -> list[str]:
    return [term.translate(_MATCHED) for term in _entries(topic, key, str)]


def _id(entry: dict[str, Any]) -> str:
    return str(entry["id"]) if isinstance(entry.get("id"), str) else ""


def _entries(table: dict[str, Any], key: str, kind: type) -> list[Any]:
    value = table.get(key)  # entries of another type are reported by `_check_entry`
    return [entry for entry in value if isinstance(entry, kind)] if isinstance(value, list) else []
