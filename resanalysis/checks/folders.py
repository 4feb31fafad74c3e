"""What is wrong with a corpus folder, and how its versions differ from published ones."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd

from resanalysis import redline
from resanalysis.checks.codebooks import lint_on_text, own_topics
from resanalysis.codebook import check_codebook, read_codebook
from resanalysis.coding import check_coding
from resanalysis.corpus import (
    CODEBOOK,
    CODING,
    DECISIONS,
    OFFICIAL,
    Folder,
    find_placeholders,
    read_corpus,
    read_folder,
)
from resanalysis.model import (
    InputError,
    Problem,
    Source,
    Version,
    input_error,
)
from resanalysis.redline.compare import compare_versions
from resanalysis.study import (
    VERSIONS,
    check_lexicon,
    parse_version,
    read_clauses,
    recover_corpus,
    recover_sources,
)


def compare_official(path: str | Path, *, edition: str | None = None) -> pd.DataFrame:
    """Return how the versions of a corpus differ from the published texts in `official/`.

    A version that was taken from there (`known`) is left out unless asked for.

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
    wanted = [edition] if edition else [n for n in published if roles[n] != corpus.known]
    absent = [name for name in roles if name not in published]
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
            corpus.path / OFFICIAL,
            ", ".join(missing),
            "no published text to compare with",
            f"Put it there as {' or '.join(f'{name}.txt' for name in missing or absent)}",
        )
    versions = recover_corpus(corpus)
    tables = []
    for name in wanted:
        table = compare_versions(versions.text(roles[name]), corpus.official[name])
        table.insert(0, "edition", name)
        tables.append(table)
    return pd.concat(tables, ignore_index=True)


def check_corpus(path: str | Path, *, full: bool = False) -> list[Problem]:
    """Return every problem of a corpus folder, its own codebook and its reference coding.

    Where the folder has a `codebook.toml`, its topics are looked at by `codebook.lint_codebook`,
    together with the general ones that they extend and with the tags of the text.

    Parameters
    ----------
    path : str or Path
        The corpus folder.
    full : bool
        As in `codebook.lint_codebook`.
    """
    try:
        folder = read_folder(path)
    except InputError as error:
        return list(error.problems)
    problems, clauses = _check_text(folder)
    return [
        *folder.problems,
        *check_lexicon(folder.path, folder.lexicon),
        *_check_codebook(folder, clauses, full=full),
        *problems,
        *_check_reference(folder.path),
        *find_placeholders(folder.path),
    ]


def _check_reference(path: Path) -> list[Problem]:
    """Return what is wrong with the reference coding; only warnings: the study can do without."""
    if not (path / CODING).exists():
        return []
    try:
        clauses, book = read_clauses(path)
    except InputError:
        return []  # what keeps the folder from being read is reported with it
    problems = check_coding(path / CODING, clauses, book)
    return [replace(problem, severity="warning") for problem in problems]


def _check_codebook(folder: Folder, clauses: pd.DataFrame | None, *, full: bool) -> list[Problem]:
    """Return what is wrong with the codebook of a folder, if it has its own."""
    own = folder.path / CODEBOOK
    if not own.exists():
        return []
    problems = check_codebook(None, extend=own)
    if any(problem.severity == "error" for problem in problems):
        return problems
    book = read_codebook(None, extend=own)
    return problems + lint_on_text(
        book, clauses, folder.lexicon, topics=own_topics(book), full=full, file=str(own)
    )


def _check_text(folder: Folder) -> tuple[list[Problem], pd.DataFrame | None]:
    """Return what is wrong with decisions and text, and the clauses if both versions have some."""
    if len(folder.sources) < (2 if folder.form == "editions" else 1):
        return [], None  # what could not be read is reported with the folder
    problems = [
        note for source in folder.sources.values() for note in _check_newlines(folder, source)
    ]
    try:
        versions = _recover_folder(folder, problems)
    except InputError as error:
        return [*problems, *error.problems], None
    tables = []
    for version in VERSIONS:
        file = str(folder.path / _source_of(folder, version).name)
        try:
            # The role stands for the edition's id, which a faulty descriptor may lack.
            tables.append(parse_version(versions, version, file, corpus="", edition=version))
        except InputError as error:
            problems += error.problems
    clauses = pd.concat(tables, ignore_index=True) if len(tables) == len(VERSIONS) else None
    return problems + _read_notes(folder, versions), clauses


def _recover_folder(folder: Folder, problems: list[Problem]) -> redline.Redline:
    """Return the two versions of a folder; decisions that do not fit are reported and left out."""
    alone = folder.form == "flattened" and folder.known is None
    decisions = folder.decisions if alone else None  # elsewhere an error of the folder
    if decisions is not None:
        try:
            redline.fit_marks(
                decisions,
                folder.sources["source"].text,
                name=str(folder.path / DECISIONS),
            )
        except InputError as error:
            problems += error.problems
            decisions = None
    known: dict[Version, str] = {}
    known_name = ""
    if folder.known is not None:
        known_name = str(folder.path / OFFICIAL / f"{folder.known}.txt")
        is_old = folder.known == folder.about["study"]["old"]
        known["old" if is_old else "new"] = folder.official[folder.known]
    return recover_sources(
        folder.form,
        tuple(folder.sources.values()),
        decisions=decisions,
        known=known,
        names=[str(folder.path / source.name) for source in folder.sources.values()],
        known_name=known_name,
    )


def _source_of(folder: Folder, version: Version) -> Source:
    """Return the file that holds a version: the redline, or its own clean text."""
    sources = tuple(folder.sources.values())
    return sources[-1] if version == "new" else sources[0]


def _check_newlines(folder: Folder, source: Source) -> list[Problem]:
    """Return a warning when a text's line ends are of more than one kind."""
    if source.newline != "mixed":
        return []
    return [
        Problem(
            "warning",
            str(folder.path / source.name),
            "",
            "its line ends are mixed (LF, CRLF, CR); each was read as the end of a paragraph",
            "Nothing to do if every line is a paragraph",
        )
    ]


def _read_notes(folder: Folder, versions: redline.Redline) -> list[Problem]:
    """Return the reader's notes as warnings: slips of a flattened text, or what was left out."""
    file = str(folder.path / _source_of(folder, "old").name)
    remedy = "Nothing to do if the text as received is so"
    if folder.form == "flattened" and folder.known is None:
        what = "the numbering slips here"
        return [Problem("warning", file, note, what, remedy) for note in versions.notes]
    return [Problem("warning", file, "", note, remedy) for note in versions.notes]
