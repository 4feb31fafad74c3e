"""A folder of texts -> a dataset: part after part, going on where a killed run ended."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from resanalysis import pipeline
from resanalysis.batch.dataset import (
    DOCUMENTS,
    FAILED,
    FAILURES,
    SUMMARY,
    clean_up,
    drop_part,
    list_parts,
    read_dataset,
    write_text,
)
from resanalysis.batch.executors import Open, choose_executor, find_deadly, run_all
from resanalysis.batch.folder import MANIFEST, Listing, list_folder
from resanalysis.batch.manifest import list_manifest
from resanalysis.batch.plan import Part, left_to_do, plan_parts
from resanalysis.batch.working import Done, Settings, Task, record_failure, work_part
from resanalysis.codebook import read_codebook
from resanalysis.corpus import read_lexicon
from resanalysis.holding import hold_folder
from resanalysis.model import InputError, Problem, input_error
from resanalysis.study import check_words
from resanalysis.tables import describe_tables, make_table

if TYPE_CHECKING:
    from resanalysis.pipeline import Engine, Reading, Scope

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Batch:
    """What a batch gave.

    Attributes
    ----------
    path : Path
        The dataset.
    done : int
        Texts in it.
    failures : DataFrame
        Table `failures`: why others are not.
    skipped : tuple of str
        Files that are no texts by their names, or are not in the manifest.
    """

    path: Path
    done: int
    failures: pd.DataFrame
    skipped: tuple[str, ...]

    @property
    def problems(self) -> list[Problem]:
        """The failures as problems, for messages."""
        names = ("file", "place", "what", "remedy")
        columns = (self.failures[name].tolist() for name in names)
        return [Problem("error", *map(str, row)) for row in zip(*columns, strict=True)]


def run_batch(
    folder: str | Path,
    out: str | Path,
    *,
    codebook_path: str | Path | None = None,
    manifest: str | Path | None = None,
    encodings: Sequence[str] = ("utf-8",),
    lexicon_path: str | Path | None = None,
    hmm: bool = False,
    reading: Reading = "broad",
    scope: Scope = "codebook",
    threshold: float = 0.5,
    draws: int = 0,
    seed: int = 0,
    engine: Engine = "jieba",
    workers: int = 1,
    scheduler: str | None = None,
    progress: Progress | None = None,
) -> Batch:
    """Run the chain on every text of a folder, and write a Parquet dataset.

    A run that was ended, however, goes on where it was: parts that are whole are not done again,
    and the dataset becomes the very same as if it had not been ended. So does a run after texts
    were added, changed or taken away: only what they touch is done.

    Parameters
    ----------
    folder : str or Path
        With texts of any form, in folders in it too: flattened (`.txt`), CriticMarkup
        (`.critic.txt`), Word with tracked changes (`.docx`), clean texts (`NAME.old.txt` with
        `NAME.new.txt`), corpus folders.
    out : str or Path
        The dataset; a new folder, or that of an earlier run.
    codebook_path : str or Path, optional
        Instead of the general codebook.
    manifest : str or Path, optional
        CSV that names texts, editions, dates and bodies (see `docs/collections.md`);
        `manifest.csv` in the folder where there is one.
    encodings : sequence of str
        Encodings of plain texts: the first that a text is in. GB 18030 takes almost any bytes, so
        it comes after UTF-8.
    lexicon_path : str or Path, optional
        Words for jieba, in texts other than corpus folders, which have their own.
    hmm, reading, scope, threshold, draws, seed
        As `run_study` takes them. Without draws, the columns of intervals are empty.
    engine : {"jieba", "rjieba"}
        rjieba cuts the same tokens many times faster; see `make_segmenter`.
    workers : int
        Processes; 1 works in this one.
    scheduler : str, optional
        Address of a Dask scheduler whose workers are used instead, such as tcp://host:8786; they
        must see folder and dataset under the same paths, and have this version of the package.
    progress : callable, optional
        Called with the number of texts done and of all.

    Returns
    -------
    Batch
        Where the dataset is, and what failed. A text that fails is left out with its reason and
        stops no other.

    Raises
    ------
    InputError
        When there is no such folder, no text in it, a codebook, lexicon or manifest at fault, or
        `out` holds something else, was made with other settings or is being written by another run.
    OSError
        When the dataset cannot be written, as when the disk is full: what is done stays done.
    ModuleNotFoundError
        When `engine` or `scheduler` needs an extra that is not installed.
    RuntimeError
        When worker processes cannot start, as in a script whose call of this function does not
        stand under ``if __name__ == "__main__":``.

    Notes
    -----
    The result does not depend on workers, scheduler or engine, nor on the order in which parts
    are done.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as out:
    ...     batch = run_batch("tests/data", f"{out}/dataset")
    >>> batch.done > 0
    True
    """
    if workers < 1:
        raise ValueError(f"workers={workers}; give 1 or more")
    root, dataset = Path(folder), Path(out)
    settings = _settle(codebook_path, lexicon_path)
    settings = replace(
        settings, hmm=hmm, reading=reading, scope=scope, threshold=threshold, draws=draws
    )
    settings = replace(settings, seed=seed, engine=engine)
    if engine != "jieba":
        pipeline.make_segmenter((), hmm=hmm, engine=engine)  # refuse here, not in every worker
    listing = _list_texts(root, manifest, tuple(encodings))
    if not dataset.exists():
        dataset.mkdir(parents=True, exist_ok=True)
    with hold_folder(dataset, wait=False):
        executor = choose_executor(workers, scheduler)
        return _fill(listing, root, dataset, settings, executor, progress)


def _fill(
    listing: Listing,
    root: Path,
    dataset: Path,
    settings: Settings,
    open_executor: Open,
    progress: Progress | None,
) -> Batch:
    """Do what is left to do of the texts, in a dataset that nobody else writes to."""
    parts = plan_parts(dataset, listing.texts, settings)
    clean_up(dataset)
    _forget_deaths(dataset)
    (dataset / SUMMARY).unlink(missing_ok=True)
    todo = left_to_do(dataset, parts)
    tasks = [Task(str(dataset), str(root), part, settings) for part in todo]
    count = _Count(sum(len(part.texts) for part in parts), todo, progress)
    run_tasks(open_executor, work_part, tasks, count)
    return _finish(dataset, listing, settings)


def _settle(codebook_path: str | Path | None, lexicon_path: str | Path | None) -> Settings:
    """Return the settings with codebook and lexicon; report the problems of both."""
    problems = []
    lexicon: tuple[str, ...] = ()
    if lexicon_path is not None:
        try:
            lexicon = read_lexicon(lexicon_path)
            problems += check_words(str(lexicon_path), lexicon)
        except InputError as error:
            problems += error.problems
    try:
        book = read_codebook(codebook_path)
    except InputError as error:
        raise InputError([*problems, *error.problems]) from error
    if problems:
        raise InputError(problems)
    path = None if codebook_path is None else str(Path(codebook_path).resolve())
    return Settings(path, book.id, book.version, book.sha256, lexicon)


def _list_texts(root: Path, manifest: str | Path | None, encodings: tuple[str, ...]) -> Listing:
    if not root.is_dir():
        raise input_error(root, "", "no such folder", "Give the folder that the texts are in")
    if manifest is None and (root / MANIFEST).is_file():
        manifest = root / MANIFEST
    if manifest is None:
        return list_folder(root, encodings)
    return list_manifest(root, Path(manifest), encodings)


def _forget_deaths(dataset: Path) -> None:
    """Take out the parts in which a worker died over a text, so that it is tried again."""
    for number in list_parts(dataset):
        path = dataset / FAILED / f"part-{number:05}.parquet"
        if (pd.read_parquet(path, columns=["cause"])["cause"] == "worker").any():
            drop_part(dataset, number)


class _Count:
    """Counts texts as their parts are done, and tells."""

    def __init__(self, total: int, todo: Sequence[Part], progress: Progress | None) -> None:
        self.total, self.progress = total, progress
        self.done = total - sum(len(part.texts) for part in todo)
        self._say()

    def __call__(self, done: Done) -> None:
        self.done += done.texts
        self._say()

    def _say(self) -> None:
        if self.progress is not None:
            self.progress(self.done, self.total)


def run_tasks(
    open_executor: Open,
    work: Callable[[Task], Done],
    tasks: list[Task],
    tell: Callable[[Done], None],
) -> None:
    """Do all tasks; where a worker dies, find the texts over which it does and do the rest.

    Parameters
    ----------
    open_executor : callable
        As `choose_executor` returns it.
    work : callable
        `work_part`.
    tasks : list of Task
        What to do.
    tell : callable
        Called with what became of each part.
    """
    for task in run_all(open_executor, work, tasks, tell):
        # A worker may be killed for others' sake: alone most parts go well.
        if not run_all(open_executor, work, [task], tell):
            continue
        single = [
            replace(task, part=replace(task.part, texts=(text,)), keep=False)
            for text in task.part.texts
        ]
        found = find_deadly(open_executor, work, single) or single
        deadly = tuple(each.part.texts[0].id for each in found)
        if run_all(open_executor, work, [replace(task, deadly=deadly)], tell):
            everything = tuple(text.id for text in task.part.texts)
            run_all(open_executor, work, [replace(task, deadly=everything)], tell)


def _finish(dataset: Path, listing: Listing, settings: Settings) -> Batch:
    """Write what is wrong, what the columns mean, and, last, that all is done."""
    clean_up(dataset)  # what workers left that died
    listed = make_table(FAILED, map(record_failure, listing.failures))
    failures = pd.concat([listed, read_dataset(dataset, FAILED)], ignore_index=True)
    failures = failures.sort_values(["file", "text", "place"], kind="stable", ignore_index=True)
    texts = len(read_dataset(dataset, DOCUMENTS, columns=["corpus"]))
    for name, table in ((FAILURES, failures), ("data-dictionary.csv", describe_tables())):
        # with the mark by which Excel knows UTF-8
        text = "\ufeff" + table.to_csv(index=False, lineterminator="\n")
        write_text(dataset / name, text)
    summary = settings.describe() | {"texts": texts, "failed": int(failures["text"].nunique())}
    write_text(dataset / SUMMARY, json.dumps(summary, ensure_ascii=False, indent=1) + "\n")
    return Batch(dataset, texts, failures, listing.skipped)
