"""The chain on several corpus folders, and what their studies must have in common."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from resanalysis.codebook import read_codebook
from resanalysis.corpus import CODEBOOK
from resanalysis.model import InputError, Problem, input_error
from resanalysis.study import run_study

if TYPE_CHECKING:
    from collections.abc import Sequence

    from resanalysis.model import Codebook, Study
    from resanalysis.pipeline import Reading, Scope
    from resanalysis.study import Progress

_SAME_OPTIONS = ("hmm", "reading", "scope", "threshold")
"""What studies side by side must share; draws and seed change their intervals only."""


def run_collection(
    paths: Sequence[str | Path],
    *,
    codebook_path: str | Path | None = None,
    hmm: bool = False,
    reading: Reading = "broad",
    scope: Scope = "codebook",
    threshold: float = 0.5,
    draws: int = 2000,
    seed: int = 0,
    progress: Progress | None = None,
) -> tuple[Study, ...]:
    """Run the whole chain on several corpus folders, by one codebook and with the same options.

    Parameters
    ----------
    paths : sequence of str or Path
        Corpus folders, no two of the same name.
    codebook_path, hmm, reading, scope, threshold, draws, seed
        As `run_study` takes them.
    progress : callable, optional
        Called before each step with the folder's name and the step, such as `my-res: tag`.

    Returns
    -------
    tuple of Study
        One study per folder, in the order given.

    Raises
    ------
    InputError
        Before any work: when there is no folder, two have one name, or their own `codebook.toml`
        makes their codebooks differ. Afterwards: with all that is wrong with any of the folders.

    Notes
    -----
    A folder's own `codebook.toml` extends the codebook, that of `codebook_path` too. Folders set
    side by side need the same one, or none. Each folder keeps its own lexicon: proper names are a
    text's own, and topics are matched on characters, so that of all units only *token* depends
    on it.

    Examples
    --------
    >>> studies = run_collection(["corpora/itu-pp-res-182", "tests/data/small"], draws=0)
    >>> [study.corpus.id for study in studies]
    ['itu-pp-res-182', 'small']
    """
    folders = [Path(path) for path in paths]
    _check_names([(folder.resolve().name, folder) for folder in folders])
    _check_codebooks(_read_codebooks(folders, codebook_path))
    problems: list[Problem] = []
    studies = []
    for folder in folders:
        try:
            study = run_study(
                folder,
                codebook_path=codebook_path,
                hmm=hmm,
                reading=reading,
                scope=scope,
                threshold=threshold,
                draws=draws,
                seed=seed,
                progress=_name_steps(folder, progress),
            )
        except InputError as error:
            problems += error.problems
        else:
            studies.append(study)
    if problems:
        raise InputError(dict.fromkeys(problems))  # one codebook's fault is every folder's
    return tuple(studies)


def _name_steps(folder: Path, progress: Progress | None) -> Progress | None:
    """Return a function that tells `progress` each step with the folder's name."""
    if progress is None:
        return None
    return lambda step: progress(f"{folder.resolve().name}: {step}")


def check_studies(studies: Sequence[Study]) -> None:
    """Refuse studies that cannot stand in one table.

    Raises
    ------
    InputError
        When there is none, a corpus comes twice, or codebooks or options differ.
    """
    _check_names([(study.corpus.id, study.corpus.path) for study in studies])
    _check_codebooks([(study.corpus.path, study.codebook) for study in studies])
    _check_options(studies)


def _check_names(corpora: Sequence[tuple[str, Path]]) -> None:
    """Refuse no corpus, and two of one name."""
    if not corpora:
        raise input_error("collection", "", "it is empty", "Give at least one corpus")
    first: dict[str, Path] = {}
    problems = []
    for name, folder in corpora:
        if name not in first:
            first[name] = folder
        else:
            what = f"a second corpus of the name {name}; the first is {first[name]}"
            remedy = "Name each corpus once, and give folders of one name names of their own"
            problems.append(Problem("error", str(folder), "", what, remedy))
    if problems:
        raise InputError(problems)


def _read_codebooks(
    folders: Sequence[Path], codebook_path: str | Path | None
) -> list[tuple[Path, Codebook]]:
    """Return the codebook of each folder; of one at fault the chain itself complains."""
    books = []
    for folder in folders:
        own = folder / CODEBOOK
        with suppress(InputError):
            book = read_codebook(codebook_path, extend=own if own.exists() else None)
            books.append((folder, book))
    return books


def _check_codebooks(books: Sequence[tuple[Path, Codebook]]) -> None:
    """Refuse codebooks that are not the first one."""
    remedy = (
        "Run them all with the same codebook (codebook_path, --codebook). A folder's own"
        f" {CODEBOOK} extends whichever is given: merge such files into one, and put that into"
        " every folder or into none"
    )
    problems = [
        Problem(
            "error",
            str(folder),
            "codebook",
            f"{_describe(book)} is not that of {books[0][0]}, {_describe(books[0][1])}",
            remedy,
        )
        for folder, book in books
        if book.sha256 != books[0][1].sha256
    ]
    if problems:
        raise InputError(problems)


def _describe(book: Codebook) -> str:
    return f"{book.id} {book.version} (SHA-256 {book.sha256[:8]})"


def _check_options(studies: Sequence[Study]) -> None:
    """Refuse studies made with other options than the first one."""
    first = studies[0].provenance["options"]
    problems = [
        Problem(
            "error",
            str(study.corpus.path),
            f"option {name}",
            f"{study.provenance['options'][name]!r} is not that of {studies[0].corpus.path}, "
            f"{first[name]!r}",
            "Run them all with the same options, as run_collection does",
        )
        for study in studies
        for name in _SAME_OPTIONS
        if study.provenance["options"][name] != first[name]
    ]
    if problems:
        raise InputError(problems)
