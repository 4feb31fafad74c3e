"""A corpus folder on disk -> `Corpus`, or every problem of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from resanalysis.corpus.descriptor import (
    both_languages,
    check_about,
    check_editions,
    check_resource,
    check_study,
)
from resanalysis.corpus.names import CODEBOOK, DECISIONS, DESCRIPTOR, LEXICON, SOURCE
from resanalysis.corpus.text import collect, read_lexicon, read_source
from resanalysis.model import Corpus, Edition, InputError, Problem, Source, input_error


@dataclass(frozen=True)
class Folder:
    """What could be read of a corpus folder, and every problem met on the way.

    Attributes
    ----------
    path : Path
        The folder.
    about : dict
        The descriptor's object `resanalysis`; empty where there is none.
    editions : dict of Edition
        The well-formed editions of the descriptor by id.
    source_name : str
        Name of the source's file.
    source : Source or None
        The flattened text; None when it could not be read.
    decisions : str or None
        Text of the decisions; None when there are none, or they could not be read.
    lexicon : tuple of str
        Words for jieba.
    official : dict of str
        Published text by edition id.
    problems : tuple of Problem
        What is wrong; the folder is a corpus only when this is empty.
    """

    path: Path
    about: Mapping[str, Any]
    editions: Mapping[str, Edition]
    source_name: str
    source: Source | None
    decisions: str | None
    lexicon: tuple[str, ...]
    official: Mapping[str, str]
    problems: tuple[Problem, ...]


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
    folder = read_folder(path)
    if folder.problems or folder.source is None:
        raise InputError(folder.problems)
    about = folder.about
    return Corpus(
        id=folder.path.resolve().name,
        path=folder.path,
        title=about["title"],
        body=both_languages(about["body"]),
        number=str(about["number"]),
        old=folder.editions[about["study"]["old"]],
        new=folder.editions[about["study"]["new"]],
        source=folder.source,
        decisions=folder.decisions,
        lexicon=folder.lexicon,
        official=folder.official,
        hashes=_hash_files(folder.path, folder.source_name),
        rights=both_languages(about["rights"]),
    )


def read_folder(path: str | Path) -> Folder:
    """Read what can be read of a corpus folder, and collect what is wrong with the rest.

    Parameters
    ----------
    path : str or Path
        The folder.

    Raises
    ------
    InputError
        When there is no such folder; every other problem is in `Folder.problems`.
    """
    folder = Path(path)
    if not folder.is_dir():
        raise input_error(
            folder, "", "no such folder", "Give a folder of corpora/, or make one: resanalysis new"
        )
    problems: list[Problem] = []

    def complain(place: str, what: str, remedy: str) -> None:
        problems.append(Problem("error", str(folder / DESCRIPTOR), place, what, remedy))

    about: Mapping[str, Any] = {}
    editions: dict[str, Edition] = {}
    resource: Mapping[str, Any] | None = None
    descriptor = collect(problems, _read_descriptor, folder / DESCRIPTOR)
    if descriptor is not None:
        resource = check_resource(descriptor, complain)
        about = check_about(descriptor, complain)
        editions = check_editions(about, complain)
        check_study(about, set(editions), complain)
    name, source = _read_resource(folder, resource, problems)
    lexicon = decisions = None
    if (folder / LEXICON).exists():
        lexicon = collect(problems, read_lexicon, folder / LEXICON)
    if (folder / DECISIONS).exists():
        decisions = collect(problems, read_source, folder / DECISIONS)
    official = {}
    for edition in editions:
        file = folder / "official" / f"{edition}.txt"
        if file.exists() and (published := collect(problems, read_source, file)):
            official[edition] = published.text
    return Folder(
        path=folder,
        about=about,
        editions=editions,
        source_name=name,
        source=source,
        decisions=decisions.text if decisions else None,
        lexicon=lexicon or (),
        official=official,
        problems=tuple(problems),
    )


def _read_descriptor(path: Path) -> dict[str, Any]:
    text = read_source(path).text
    try:
        descriptor = json.loads(text)
    except json.JSONDecodeError as error:
        raise input_error(
            path,
            f"line {error.lineno}, column {error.colno}",
            f"is not valid JSON: {error.msg}",
            "Mend the syntax there: a comma too many or too few, a quote or bracket not closed",
        ) from error
    if not isinstance(descriptor, dict):
        raise input_error(path, "", "is not a JSON object", "See corpora/README.md for an example")
    return descriptor


def _read_resource(
    folder: Path, resource: Mapping[str, Any] | None, problems: list[Problem]
) -> tuple[str, Source | None]:
    """Return the source's file name and the source, its checksum compared.

    Where the descriptor does not say which file it is, `source.txt` is read without comparing, so
    that the other checks can be made all the same.
    """
    described = resource or {"path": SOURCE}
    name = str(described["path"])
    encoding = str(described.get("encoding", "utf-8"))
    source = collect(problems, read_source, folder / name, encoding=encoding)
    if source and resource and resource.get("hash") != f"sha256:{source.sha256}":
        stated = resource.get("hash")
        problems.append(
            Problem(
                "error",
                str(folder / name),
                "",
                f"its checksum is sha256:{source.sha256}, "
                + (f"{DESCRIPTOR} says {stated}" if stated else f"{DESCRIPTOR} gives no hash"),
                "The source is never edited: restore it, or write this hash into the descriptor if"
                " this is the text that was received",
            )
        )
    return name, source


def _hash_files(folder: Path, source_name: str) -> dict[str, str]:
    """Return the SHA-256 of every file that can change a result, by its name."""
    names = [DESCRIPTOR, source_name, DECISIONS, LEXICON, CODEBOOK]
    return {
        name: hashlib.sha256((folder / name).read_bytes()).hexdigest()
        for name in names
        if (folder / name).exists()
    }
