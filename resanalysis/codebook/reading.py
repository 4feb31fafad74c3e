"""Codebook files read and checked."""

from __future__ import annotations

import hashlib
import json
import tomllib
from dataclasses import asdict
from importlib.resources import files
from pathlib import Path
from typing import Any

from resanalysis.codebook.exchange.decoding import decode
from resanalysis.codebook.exchange.places import Parsed
from resanalysis.codebook.exchange.quanteda_reader import read_quanteda
from resanalysis.codebook.exchange.table_document import read_table
from resanalysis.codebook.shape import (
    TIERS,
    check_file,
    check_topic,
    entries_of,
    id_of,
)
from resanalysis.codebook.terms import check_terms, folded_terms, rule_words
from resanalysis.model import (
    LANGUAGES,
    Codebook,
    InputError,
    Language,
    Problem,
    Rule,
    Topic,
    input_error,
)

_File = str | Path | None
Document = tuple[str, dict[str, Any]]
"""A codebook's file: its name for messages, and its content as TOML gives it."""


def read_codebook(path: _File = None, *, extend: _File = None) -> Codebook:
    """Read a codebook, and a second one that extends it, and return them as one.

    Parameters
    ----------
    path : str or Path, optional
        File of the codebook: TOML, a table in CSV as `export_codebook` writes it (`.csv`), or a
        dictionary of quanteda in YAML (`.yml`, `.yaml`); by default the general one that the
        package carries.
    extend : str or Path, optional
        File whose topics are added to the codebook's, or replace, whole and in its place, the
        topic of the same id; themes likewise. Id and version of the result name both:
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
    given = [head["instructions"] for head in heads if "instructions" in head]
    instructions = _texts(given[-1] if given else {})
    topics = [topic for _, topic in _topics_in_force(documents).values()]
    records = tuple(map(_make_topic, topics))
    content = [name, title, [*themes.items()], instructions, [*map(asdict, records)]]
    sha256 = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
    return Codebook(
        **name,
        title=title,
        themes=themes,
        topics=records,
        sha256=sha256,
        instructions=instructions,
    )


def check_codebook(path: _File = None, *, extend: _File = None) -> list[Problem]:
    """Return all that is wrong with the codebook that `read_codebook` would read of these files.

    Returns
    -------
    list of Problem
        Errors, with which the codebook cannot be read, and warnings, with which it can: a title,
        label or definition missing in a language, a term of one character, an exclusion that
        contains no term and so does nothing, an entry of a dictionary that was changed or left
        out. Places are those of the file: rows and columns of a table, lines and keys of YAML.

    Examples
    --------
    >>> check_codebook()
    []
    """
    return _load(path, extend)[1]


def _load(path: _File, extend: _File) -> tuple[list[Document], list[Problem]]:
    parsed: list[Parsed] = []
    problems: list[Problem] = []
    for source in (path,) if extend is None else (path, extend):
        try:
            parsed.append(_parse(source))
        except InputError as error:
            problems += error.problems
    documents: list[Document] = [(file.name, file.data) for file in parsed]
    in_force = _topics_in_force(documents)
    themes = {id_of(theme) for _, data in documents for theme in entries_of(data, "theme", dict)}
    topics = [
        (name, f"topic {id_of(topic) or number}", topic)
        for name, data in documents
        for number, topic in enumerate(entries_of(data, "topic", dict), start=1)
        if in_force.get(id_of(topic), (name,))[0] == name  # else the extension replaces it
    ]
    terms = {
        term: id_of(topic)
        for *_, topic in topics
        for found in (rule_words(topic), *(folded_terms(topic, key) for key in TIERS))
        for term in found
    }
    for file in parsed:
        name = file.name
        problems += file.problems
        findings = [*check_file(file.data)]
        for _, place, topic in (entry for entry in topics if entry[0] == name):
            findings += check_topic(place, topic)
            findings += check_terms(place, topic, terms)
            if isinstance(theme := topic.get("theme"), str) and theme not in themes:
                what, remedy = f"the theme {theme} is unknown", "Mend it or add a [[theme]]."
                findings.append(("error", f"{place}, theme", what, remedy))
        problems += map(file.problem, findings)
    return documents, problems


def _parse(source: _File) -> Parsed:
    file = files("resanalysis") / "data" / "codebook.toml" if source is None else Path(source)
    name = str(file)
    try:
        content = file.read_bytes()
    except OSError as error:
        remedy = "Check the path: it must be a file that exists and that you may read."
        raise input_error(name, "", f"cannot be read: {error.strerror}", remedy) from None
    text = decode(content, name)
    if not text.strip():
        raise input_error(name, "", "is empty", "Write a [codebook] and at least one [[topic]].")
    suffix = Path(name).suffix.lower()
    if suffix == ".csv":
        return read_table(text, name)
    if suffix in (".yml", ".yaml"):
        return read_quanteda(text, name)
    try:
        return Parsed(name, tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        what, _, place = str(error).rstrip(")").rpartition(" (at ")
        remedy = "Mend the syntax there: strings in quotes, brackets closed."
        raise input_error(name, place, f"is not valid TOML: {what}", remedy) from None


def _make_topic(entry: dict[str, Any]) -> Topic:
    return Topic(
        id=entry["id"],
        theme=entry["theme"],
        label=_texts(entry["label"], entry["id"]),
        definition=_texts(entry.get("definition", {})),
        include=_texts(entry.get("include", {})),
        exclude=_texts(entry.get("exclude", {})),
        core=tuple(entry.get("core", ())),
        peripheral=tuple(entry.get("peripheral", ())),
        exclusions=tuple(entry.get("exclusions", ())),
        source=entry.get("source", ""),
        rules=tuple(map(_make_rule, entry.get("rule", ()))),
        examples=tuple(entry.get("examples", ())),
        counterexamples=tuple(entry.get("counterexamples", ())),
        concepts={name: tuple(ids) for name, ids in entry.get("concepts", {}).items() if ids},
    )


def _make_rule(entry: dict[str, Any]) -> Rule:
    return Rule(
        id=entry["id"],
        groups=tuple(map(tuple, entry["all"])),
        near=entry.get("near"),
        without=tuple(entry.get("without", ())),
        tier=entry.get("tier", "core"),
    )


def _texts(value: dict[str, str], default: str = "") -> dict[Language, str]:
    given = {language: value.get(language, "").strip() for language in LANGUAGES}
    fallback = default and next(filter(None, given.values()), default.strip() or default)
    return {language: text or fallback for language, text in given.items()}


def _topics_in_force(documents: list[Document]) -> dict[str, Document]:
    return {
        id_of(topic): (name, topic)
        for name, data in documents
        for topic in entries_of(data, "topic", dict)
        if id_of(topic)
    }
