"""Codebooks: read, validate and lint the files that say what a topic is and which terms show it."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections import Counter
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from resanalysis.model import Codebook, InputError, Problem, Topic, input_error

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from resanalysis.model import Language

_LANGUAGES: tuple[Language, ...] = ("zh", "en")
_SHAPES = {
    "codebook": {"id": "text", "version": "text", "title": "texts"},
    "theme": {"id": "text", "label": "texts"},
    "topic": {"id": "text", "theme": "text", "label": "texts", "definition": "texts"}
    | {"include": "texts", "exclude": "texts", "source": "text"}
    | {"core": "terms", "peripheral": "terms", "exclusions": "terms"},
}
_OPTIONAL = ("include", "exclude", "source", "core", "peripheral", "exclusions")
_EXPECTED = {
    "text": 'a string that is not empty, "…"',
    "texts": 'texts by language, { zh = "…", en = "…" }',
    "terms": 'a list of strings, ["…", "…"]',
}
_HALF_WIDTH = {0xFEE0 + code: code for code in range(0x21, 0x7F)}
_LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}

_Document = tuple[str, dict[str, Any]]  # name of the file for messages, its content


def read_codebook(path: str | Path | None = None, *, extend: str | Path | None = None) -> Codebook:
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
    themes = {
        theme["id"]: _texts(theme["label"], theme["id"])
        for _, data in documents
        for theme in data.get("theme", ())
    }
    topics = [topic for _, topic in _topics_in_force(documents).values()]
    content = {key: "+".join(head[key] for head in heads) for key in ("id", "version")}
    everything = [content, heads[0]["title"], list(themes.items()), topics]
    canonical = json.dumps(everything, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return Codebook(
        **content,
        title=_texts(heads[0]["title"], content["id"]),
        themes=themes,
        topics=tuple(map(_make_topic, topics)),
        sha256=hashlib.sha256(canonical.encode()).hexdigest(),
    )


def check_codebook(
    path: str | Path | None = None, *, extend: str | Path | None = None
) -> list[Problem]:
    """Return everything that is wrong with a codebook, file by file and topic by topic.

    Parameters
    ----------
    path, extend : str or Path, optional
        As in `read_codebook`.

    Returns
    -------
    list of Problem
        Errors, with which the codebook cannot be read, and warnings, with which it can: a title,
        label or definition missing in a language, a term of one character, an exclusion that
        contains no term and so does nothing. Terms are compared as they are matched, with
        full-width ASCII made half-width and ASCII letters made lower case.

    Examples
    --------
    >>> check_codebook()
    []
    """
    return _load(path, extend)[1]


def _load(
    path: str | Path | None, extend: str | Path | None
) -> tuple[list[_Document], list[Problem]]:
    documents: list[_Document] = []
    problems: list[Problem] = []
    for source in (path,) if extend is None else (path, extend):
        try:
            documents.append(_parse(source))
        except InputError as error:
            problems += error.problems
    in_force = _topics_in_force(documents)
    themes = {_id(theme) for _, data in documents for theme in _entries(data, "theme", dict)}
    terms = {
        term: identifier
        for identifier, (_, topic) in in_force.items()
        for term in _terms(topic, "core") + _terms(topic, "peripheral")
    }
    for name, data in documents:
        problems += _check_document(name, data)
        for number, topic in enumerate(_entries(data, "topic", dict), start=1):
            if in_force.get(_id(topic), (name,))[0] == name:  # else the extension replaces it
                place = f"topic {_id(topic) or number}"
                problems += _check_entry(name, place, topic, "topic")
                problems += _check_terms(name, place, topic)
                problems += _check_references(name, place, topic, themes, terms)
    return documents, problems


def _parse(source: str | Path | None) -> _Document:
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
        place = f"line {content.count(b'\n', 0, error.start) + 1}"
        guess = ", it looks like GB18030 (GBK)" if _is_gb18030(content) else ""
        remedy = "Save it as UTF-8, for example with: iconv -f GB18030 -t UTF-8."
        raise input_error(name, place, f"is not UTF-8{guess}", remedy) from None
    if not text.strip():
        raise input_error(name, "", "is empty", "Write a [codebook] and at least one [[topic]].")
    try:
        return name, tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        what, _, place = str(error).rstrip(")").rpartition(" (at ")
        remedy = "Mend the syntax there: strings in quotes, brackets closed."
        raise input_error(name, place, f"is not valid TOML: {what}", remedy) from None


def _is_gb18030(content: bytes) -> bool:
    try:
        return bool(re.search("[\u4e00-\u9fff]", content.decode("gb18030")))
    except UnicodeDecodeError:
        return False


def _check_document(name: str, data: Mapping[str, Any]) -> Iterator[Problem]:
    for key in data:
        if key not in _SHAPES:
            yield Problem(
                "error", name, key, "is an unknown key", "Remove it or mend its spelling."
            )
    head = data.get("codebook")
    if isinstance(head, dict):
        yield from _check_entry(name, "[codebook]", head, "codebook")
    else:
        yield Problem("error", name, "[codebook]", "is missing or not a table", "Write it first.")
    for kind in ("theme", "topic"):
        entries = _entries(data, kind, dict)
        if data.get(kind, entries) != entries or (kind == "topic" and not entries):
            what = "are missing or not all tables"
            yield Problem("error", name, f"{kind}s", what, f"Write each as [[{kind}]].")
        for identifier, count in Counter(map(_id, entries)).items():
            if identifier and count > 1:
                what = f"its id is used by {count} {kind}s"
                yield Problem("error", name, f"{kind} {identifier}", what, "Rename or join them.")
    for number, theme in enumerate(_entries(data, "theme", dict), start=1):
        yield from _check_entry(name, f"theme {_id(theme) or number}", theme, "theme")


def _check_entry(name: str, place: str, entry: Mapping[str, Any], kind: str) -> Iterator[Problem]:
    shape = _SHAPES[kind]
    for key in shape:
        if key not in entry and key not in _OPTIONAL:
            yield Problem("error", name, place, f"the key {key} is missing", "Add it.")
    for key, value in entry.items():
        where = f"{place}, {key}"
        if key not in shape:
            remedy = f"Remove it or mend its spelling; known here: {', '.join(shape)}."
            yield Problem("error", name, where, "is an unknown key", remedy)
        elif not _fits(value, shape[key]):
            remedy = f"Write {_EXPECTED[shape[key]]}."
            yield Problem("error", name, where, "has the wrong type or is empty", remedy)
        elif key in ("title", "label", "definition"):
            for language in _LANGUAGES:
                if not value.get(language, "").strip():
                    remedy = f'Add {language} = "…".'
                    yield Problem("warning", name, where, f"is missing in {language}", remedy)


def _fits(value: object, shape: str) -> bool:
    if shape == "text":
        return isinstance(value, str) and bool(value.strip())
    if shape == "terms":
        return isinstance(value, list) and all(isinstance(term, str) for term in value)
    return isinstance(value, dict) and all(
        key in _LANGUAGES and isinstance(text, str) for key, text in value.items()
    )


def _check_terms(name: str, place: str, topic: Mapping[str, Any]) -> Iterator[Problem]:
    core, peripheral, exclusions = (_terms(topic, key) for key in _OPTIONAL[-3:])
    for key, terms in (("core", core), ("peripheral", peripheral), ("exclusions", exclusions)):
        where = f"{place}, {key}"
        for term, count in Counter(terms).items():
            if term != term.strip() or not term:
                what = f"{term!r} is empty or has white space at its ends"
                yield Problem("error", name, where, what, "Remove it or the white space.")
            if count > 1:
                yield Problem("error", name, where, f"{term} is listed {count} times", "Keep one.")
            if len(term) == 1 and key != "exclusions":
                what = f"{term} is one character, which many other words contain"
                yield Problem("warning", name, where, what, "List the longer words meant.")
    for term in dict.fromkeys(core):
        if term in peripheral:
            what = f"{term} is both core and peripheral"
            yield Problem("error", name, place, what, "Keep it in one of the two.")
    if not core and not peripheral:
        yield Problem("error", name, place, "has no terms", "Add some to core or peripheral.")


def _check_references(
    name: str, place: str, topic: Mapping[str, Any], themes: set[str], terms: Mapping[str, str]
) -> Iterator[Problem]:
    theme = topic.get("theme")
    if isinstance(theme, str) and theme not in themes:
        what, remedy = f"the theme {theme} is unknown", "Mend its spelling or add it as [[theme]]."
        yield Problem("error", name, f"{place}, theme", what, remedy)
    where = f"{place}, exclusions"
    for exclusion in dict.fromkeys(_terms(topic, "exclusions")):
        if exclusion in terms:
            what = f"{exclusion} is also a term, of the topic {terms[exclusion]}"
            remedy = "Remove one of the two; an exclusion holds for every topic."
            yield Problem("error", name, where, what, remedy)
        elif exclusion and not any(term in exclusion for term in terms if term):
            what = f"{exclusion} contains no term of any topic"
            yield Problem("warning", name, where, what, "Remove it; it excludes nothing.")


def _make_topic(entry: Mapping[str, Any]) -> Topic:
    texts = {key: _texts(entry.get(key, {})) for key in ("definition", "include", "exclude")}
    terms = {key: tuple(entry.get(key, ())) for key in ("core", "peripheral", "exclusions")}
    label, source = _texts(entry["label"], entry["id"]), entry.get("source", "")
    return Topic(entry["id"], entry["theme"], label, **texts, **terms, source=source)


def _texts(value: Mapping[str, str], default: str = "") -> dict[Language, str]:
    fallback = default and next((text for text in value.values() if text.strip()), default)
    return {language: value.get(language, "").strip() or fallback for language in _LANGUAGES}


def _topics_in_force(documents: list[_Document]) -> dict[str, _Document]:
    return {
        _id(topic): (name, topic)
        for name, data in documents
        for topic in _entries(data, "topic", dict)
        if _id(topic)
    }


def _terms(topic: Mapping[str, Any], key: str) -> list[str]:
    """Return the terms of a topic as they are matched."""
    return [term.translate(_HALF_WIDTH).translate(_LOWER) for term in _entries(topic, key, str)]


def _id(entry: Mapping[str, Any]) -> str:
    identifier = entry.get("id")
    return identifier if isinstance(identifier, str) else ""


def _entries(table: Mapping[str, Any], key: str, kind: type) -> list[Any]:
    """Return the entries of a list that have the right type; the others are reported elsewhere."""
    value = table.get(key)
    return [entry for entry in value if isinstance(entry, kind)] if isinstance(value, list) else []
