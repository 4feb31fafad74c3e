"""What is wrong with a corpus folder, and how its versions differ from published ones."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from resanalysis import pipeline, redline
from resanalysis.codebook import check_codebook
from resanalysis.corpus import (
    CODEBOOK,
    DECISIONS,
    Folder,
    find_placeholders,
    read_corpus,
    read_folder,
)
from resanalysis.model import (
    InputError,
    Problem,
    Version,
    input_error,
)
from resanalysis.redline.compare import compare_versions

if TYPE_CHECKING:
    pass

from resanalysis.study import check_lexicon, parse_version, recover_corpus


def compare_official(path: str | Path, *, edition: str | None = None) -> pd.DataFrame:
    """Return how the recovered versions differ from the published texts in `official/`.

    Parameters
    ----------
    path : str or Path
        The corpus folder.
    edition : str, optional
        Id of one edition; both editions of the study, as far as published, when left out.

    Returns
    -------
    DataFrame
        `edition`, then the columns of `redline.compare.compare_versions`.

    Raises
    ------
    InputError
        When the edition is not one of the study, or there is no published text to compare with.
    """
    corpus = read_corpus(path)
    roles: dict[str, Version] = {corpus.old.id: "old", corpus.new.id: "new"}
    published = [name for name in roles if name in corpus.official]
    wanted = [edition] if edition else published
    unknown = [name for name in wanted if name not in roles]
    missing = [name for name in wanted if name not in published]
    if unknown:
        raise input_error(
            corpus.path,
            ", ".join(unknown),
            "is no edition of the study",
            f"Name {' or '.join(roles)}",
        )
    if missing or not wanted:
        raise input_error(
            corpus.path / "official",
            ", ".join(missing),
            "no published text to compare with",
            f"Put it there as {' or '.join(f'{name}.txt' for name in missing or roles)}",
        )
    versions = recover_corpus(corpus)
    tables = []
    for name in wanted:
        table = compare_versions(versions.text(roles[name]), corpus.official[name])
        table.insert(0, "edition", name)
        tables.append(table)
    return pd.concat(tables, ignore_index=True)


def check_corpus(path: str | Path) -> list[Problem]:
    """Return every problem of a corpus folder and its codebook, errors and warnings.

    Parameters
    ----------
    path : str or Path
        The corpus folder.
    """
    try:
        folder = read_folder(path)
    except InputError as error:
        return list(error.problems)
    own = folder.path / CODEBOOK
    return [
        *folder.problems,
        *check_lexicon(folder.path, folder.lexicon),
        *(check_codebook(None, extend=own) if own.exists() else ()),
        *_check_text(folder),
        *find_placeholders(folder.path),
    ]


def _check_text(folder: Folder) -> list[Problem]:
    """Return what is wrong with the decisions and with the text of both versions."""
    if folder.source is None:
        return []
    problems: list[Problem] = []
    text, decisions = folder.source.text, folder.decisions
    if decisions is not None:
        try:
            redline.fit_marks(decisions, text, name=str(folder.path / DECISIONS))
        except InputError as error:
            problems += error.problems
            decisions = None
    versions = redline.recover_versions(
        text, cut=pipeline.make_segmenter(()).cut, decisions=decisions
    )
    file = str(folder.path / folder.source_name)
    for version in ("old", "new"):
        try:
            parse_version(versions, version, file, corpus="", edition="")
        except InputError as error:
            problems += error.problems
    problems += [
        Problem(
            "warning",
            file,
            note,
            "the numbering slips here",
            "Nothing to do if the slip is in the text as received",
        )
        for note in versions.notes
    ]
    return problems
