"""A corpus folder on disk -> `Corpus`, or every problem of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from resanalysis.corpus.descriptor import (
    Described,
    both_languages,
    check_about,
    check_editions,
    check_resources,
    check_study,
)
from resanalysis.corpus.names import (
    CODEBOOK,
    CODING,
    DECISIONS,
    DESCRIPTOR,
    LEXICON,
    OFFICIAL,
)
from resanalysis.corpus.sources import check_evidence, read_sources
from resanalysis.corpus.text import collect, read_lexicon, read_source
from resanalysis.model import (
    Corpus,
    Edition,
    Form,
    InputError,
    Problem,
    Source,
    Version,
    input_error,
)


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
    form : {"flattened", "criticmarkup", "word", "editions"}
        Kind of redline.
    sources : dict of Source
        The redline as `source`, or the clean texts by edition id; what could not be read is left
        out.
    known : str or None
        Id of the edition whose official text stands for its version; None where both are
        recovered.
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
    form: Form
    sources: Mapping[str, Source]
    known: str | None
    decisions: str | None
    lexicon: tuple[str, ...]
    official: Mapping[str, str]
    problems: tuple[Problem, ...]

    @property
    def source(self) -> Source | None:
        """The redline, where it is one file and could be read."""
        return self.sources.get("source")


def read_corpus(path: str | Path) -> Corpus:
    """Read one corpus folder.

    Parameters
    ----------
    path : str or Path
        Folder with `datapackage.json`, the redline in any of its forms and what else is there
        (see `corpora/README.md`).

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
    if folder.problems:
        raise InputError(folder.problems)
    about = folder.about
    old, new = (folder.editions[about["study"][role]] for role in ("old", "new"))
    roles: dict[str | None, Version] = {old.id: "old", new.id: "new"}
    return Corpus(
        id=folder.path.resolve().name,
        path=folder.path,
        title=about["title"],
        body=both_languages(about["body"]),
        number=str(about["number"]),
        old=old,
        new=new,
        source=folder.sources.get("source"),
        decisions=folder.decisions,
        lexicon=folder.lexicon,
        official=folder.official,
        hashes=_hash_files(folder),
        rights=both_languages(about["rights"]),
        form=folder.form,
        editions={} if "source" in folder.sources else folder.sources,
        known=roles.get(folder.known),
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
    described: Described | None = None
    descriptor = collect(problems, _read_descriptor, folder / DESCRIPTOR)
    if descriptor is not None:
        about = check_about(descriptor, complain)
        editions = check_editions(about, complain)
        compared = check_study(about, set(editions), complain)
        described = check_resources(descriptor, compared, complain)
    form, sources = read_sources(folder, described, editions, problems)
    lexicon = decisions = None
    if (folder / LEXICON).exists():
        lexicon = collect(problems, read_lexicon, folder / LEXICON)
    if (folder / DECISIONS).exists():
        decisions = collect(problems, read_source, folder / DECISIONS)
    official = {}
    for edition in editions:
        file = folder / OFFICIAL / f"{edition}.txt"
        if file.exists() and (published := collect(problems, read_source, file)):
            official[edition] = published.text
    known = check_evidence(folder, form, about, official, complain)
    return Folder(
        path=folder,
        about=about,
        editions=editions,
        form=form,
        sources=sources,
        known=known,
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


def _hash_files(folder: Folder) -> dict[str, str]:
    """Return the SHA-256 of every file that can change a result, by its path in the folder."""
    names = [DESCRIPTOR, *(source.name for source in folder.sources.values())]
    names += [DECISIONS, LEXICON, CODEBOOK, CODING]
    if folder.known is not None:
        names.append(f"{OFFICIAL}/{folder.known}.txt")
    return {
        name: hashlib.sha256((folder.path / name).read_bytes()).hexdigest()
        for name in names
        if (folder.path / name).exists()
    }
