"""What a worker does: the texts of one part, read and counted, into the dataset."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import lru_cache, partial
from importlib import metadata
from itertools import groupby
from pathlib import Path
from typing import Any

import pandas as pd

from resanalysis import pipeline
from resanalysis.batch.dataset import BODY_TABLES, DOCUMENTS, FAILED, empty_tables, write_part
from resanalysis.batch.plan import Part
from resanalysis.batch.texts import Failure, Text, hash_text
from resanalysis.codebook import read_codebook
from resanalysis.corpus import CODEBOOK, read_clean, read_corpus, read_form
from resanalysis.model import (
    COUNTED_KINDS,
    Codebook,
    Form,
    InputError,
    Problem,
    Source,
    Version,
    input_error,
)
from resanalysis.redline import Redline
from resanalysis.study import (
    VERSIONS,
    analyse_clauses,
    check_lexicon,
    parse_version_rows,
    recover_corpus,
    recover_sources,
)
from resanalysis.tables import make_table

Tables = dict[str, pd.DataFrame]


@dataclass(frozen=True)
class Settings:
    """How all texts of a batch are read.

    Attributes
    ----------
    codebook_path : str or None
        File of the codebook; None for the general one.
    codebook, codebook_version, codebook_sha256 : str
        Which codebook it is.
    lexicon : tuple of str
        Words for jieba in texts that have no lexicon of their own.
    hmm, reading, scope, threshold, draws, seed
        As `run_study` takes them.
    engine : {"jieba", "rjieba"}
        What cuts; the tokens are the same.
    version : str
        Of this package.
    """

    codebook_path: str | None
    codebook: str
    codebook_version: str
    codebook_sha256: str
    lexicon: tuple[str, ...] = ()
    hmm: bool = False
    reading: pipeline.Reading = "broad"
    scope: pipeline.Scope = "codebook"
    threshold: float = 0.5
    draws: int = 0
    seed: int = 0
    engine: pipeline.Engine = "jieba"
    version: str = field(default_factory=lambda: metadata.version("resanalysis"))

    def describe(self) -> dict[str, Any]:
        """Return what makes the dataset what it is, and nothing else."""
        told = asdict(self)
        del told["codebook_path"], told["engine"]
        return told | {"lexicon": list(self.lexicon), "resanalysis": told.pop("version")}


@dataclass(frozen=True)
class Task:
    """A part to do: names of files and settings.

    Attributes
    ----------
    out, root : str
        The dataset and the folder of the texts.
    part : Part
        The part.
    settings : Settings
        How to read it.
    deadly : tuple of str
        Texts over which a worker died before; they fail without being touched.
    keep : bool
        Whether what was found is written; False only to see whether a worker survives it.
    """

    out: str
    root: str
    part: Part
    settings: Settings
    deadly: tuple[str, ...] = ()
    keep: bool = True


@dataclass(frozen=True)
class Done:
    """What became of a part."""

    part: int
    texts: int
    failed: int


@dataclass(frozen=True)
class _Read:
    """A text that was read: its redline, the rows of its clauses, and its document."""

    redline: Redline
    rows: list[dict[str, Any]]
    lexicon: tuple[str, ...]
    document: dict[str, Any]


def work_part(task: Task) -> Done:
    """Read and count the texts of a part, and put it into the dataset.

    Raises
    ------
    InputError
        When the worker has another version of this package, or the codebook was changed meanwhile.
    OSError
        When the dataset cannot be written.
    """
    settings, part = task.settings, task.part
    codebook = _load_codebook(settings)
    root = Path(task.root)
    read: list[_Read] = []
    failures = [_explain_death(text) for text in part.texts if text.id in task.deadly]
    for text in part.texts:
        if text.id not in task.deadly:
            found, problems = _guard(text, root, partial(_read_text, text, root, settings))
            failures += problems
            read += [] if found is None else [found]
    tables, problems = _analyse(read, part.texts, root, codebook, settings)
    failures += problems
    tables[FAILED] = make_table(FAILED, map(record_failure, failures))
    if task.keep:
        write_part(Path(task.out), part.number, part.body, tables)
    return Done(part.number, len(part.texts), len({failure.text for failure in failures}))


@lru_cache(maxsize=2)
def _load_codebook(settings: Settings) -> Codebook:
    here = metadata.version("resanalysis")
    if here != settings.version:
        raise input_error(
            "worker",
            "",
            f"it has resanalysis {here}, the batch was started with {settings.version}",
            "Install one version everywhere",
        )
    codebook = read_codebook(settings.codebook_path)
    if codebook.sha256 != settings.codebook_sha256:
        raise input_error(
            settings.codebook_path or "codebook",
            "",
            "it was changed while the batch ran, or is another one on this machine",
            "Run the batch again with one codebook",
        )
    return codebook


def _guard(text: Text, root: Path, work: Callable[[], Any]) -> tuple[Any, list[Failure]]:
    """Return what the work on a text returns, or why it failed: one text never stops the rest."""
    try:
        return work(), []
    except InputError as error:
        problems = (replace(p, file=_relative(p.file, root)) for p in error.problems)
        return None, [Failure(text.id, "input", problem) for problem in problems]
    except Exception as error:
        problem = Problem(
            "error",
            text.files[0],
            "",
            f"{type(error).__name__}: {error}",
            "Please report this, with the text if you may",
        )
        return None, [Failure(text.id, "unexpected", problem)]


def _relative(file: str, root: Path) -> str:
    path = Path(file)
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else file


def _explain_death(text: Text) -> Failure:
    what = "the worker died over this text, as when memory runs out"
    remedy = "Run the batch again with fewer workers, or take the text out; it is tried each time"
    return Failure(text.id, "worker", Problem("error", text.files[0], "", what, remedy))


def record_failure(failure: Failure) -> dict[str, str]:
    """Return a failure as a row of the table `failures`."""
    problem = failure.problem
    return {
        "text": failure.text,
        "file": problem.file,
        "place": problem.place,
        "what": problem.what,
        "remedy": problem.remedy,
        "cause": failure.cause,
    }


def _read_text(text: Text, root: Path, settings: Settings) -> _Read:
    """Return the versions of a text and their clauses."""
    redline, form, sources, lexicon, known = _recover(text, root, settings)
    if hash_text(root, text)[0] != text.sha256:
        what = "it was changed while the batch ran"
        raise input_error(text.files[0], "", what, "Run the batch again")
    problems: list[Problem] = []
    rows: dict[Version, list[dict[str, Any]]] = {}
    for version, edition in zip(VERSIONS, (text.old, text.new), strict=True):
        file = text.files[-1] if version == "new" else text.files[0]
        try:
            rows[version] = parse_version_rows(
                redline, version, file, corpus=text.id, edition=edition
            )
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    segments = redline.segments
    unsure = segments["certainty"].isin(["likely", "undecidable"]).to_numpy(bool)
    lengths = (segments["end"] - segments["start"]).to_numpy()
    clauses = {
        f"clauses_{version}": sum(row["kind"] in COUNTED_KINDS for row in rows[version])
        for version in VERSIONS
    }
    document = {
        "corpus": text.id,
        "resolution": text.resolution,
        "body": text.body,
        "old_edition": text.old,
        "new_edition": text.new,
        "old_date": text.old_date,
        "new_date": text.new_date,
        "form": form,
        "known": known,
        "files": json.dumps(text.files, ensure_ascii=False),
        "encodings": json.dumps([s.encoding for s in sources if not s.is_word]),
        "sha256": text.sha256,
        "characters": int(lengths.sum()),
        "uncertain": int(lengths[unsure].sum()),
        **clauses,
        "notes": json.dumps(redline.notes, ensure_ascii=False),
    }
    return _Read(redline, [*rows["old"], *rows["new"]], lexicon, document)


def _recover(
    text: Text, root: Path, settings: Settings
) -> tuple[Redline, Form, Sequence[Source], tuple[str, ...], str]:
    """Return a text's versions, its form, its files, its lexicon, and the known version."""
    engine = settings.engine
    if text.kind == "folder":
        corpus = replace(read_corpus(root / text.files[0]), id=text.id)
        problems = check_lexicon(corpus.path, corpus.lexicon)
        if CODEBOOK in corpus.hashes:
            what = "the folder has a codebook of its own, and a batch has one for all texts"
            remedy = "Merge it into the batch's --codebook and take it out of the folder"
            problems.append(Problem("error", f"{text.files[0]}/{CODEBOOK}", "", what, remedy))
        if problems:
            raise InputError(problems)
        versions = recover_corpus(corpus, engine=engine)
        sources = tuple(corpus.sources.values())
        return versions, corpus.form, sources, corpus.lexicon, corpus.known or ""
    sources = tuple(
        _read_file(root / name, text.kind, encodings)
        for name, encodings in zip(text.files, text.encodings, strict=True)
    )
    versions = recover_sources(text.kind, sources, corpus=text.id, names=text.files, engine=engine)
    return versions, text.kind, sources, settings.lexicon, ""


def _read_file(path: Path, form: Form, encodings: Sequence[str]) -> Source:
    """Read a file in the first of the encodings that it is in; else say what the first says."""
    first: InputError | None = None
    for encoding in encodings:
        try:
            if form == "editions":
                return read_clean(path, encoding=encoding)
            return read_form(path, form, encoding=encoding)
        except InputError as error:
            first = first or error
    assert first is not None, "there is at least one encoding"  # noqa: S101
    raise first


def _analyse(
    read: Sequence[_Read], texts: Sequence[Text], root: Path, codebook: Codebook, settings: Settings
) -> tuple[Tables, list[Failure]]:
    """Return the tables of the texts; where they cannot be made, of those that can, one by one."""
    try:
        return _make_tables(read, codebook, settings), []
    except Exception:
        by_id = {text.id: text for text in texts}
        failures: list[Failure] = []
        sound = []
        for each in read:
            text = by_id[each.document["corpus"]]
            _, problems = _guard(text, root, partial(_make_tables, [each], codebook, settings))
            failures += problems
            sound += [] if problems else [each]
        return _make_tables(sound, codebook, settings), failures


def _make_tables(read: Sequence[_Read], codebook: Codebook, settings: Settings) -> Tables:
    if not read:
        return empty_tables()
    groups = []
    for lexicon, group in groupby(read, key=lambda each: each.lexicon):
        texts = list(group)
        segments, alternatives = (
            pd.concat([getattr(each.redline, name) for each in texts], ignore_index=True)
            for name in ("segments", "alternatives")
        )
        clauses = make_table("clauses", [row for each in texts for row in each.rows])
        found = analyse_clauses(
            clauses,
            segments,
            codebook,
            pipeline.word_frequencies(lexicon),
            hmm=settings.hmm,
            engine=settings.engine,
            reading=settings.reading,
            scope=settings.scope,
            threshold=settings.threshold,
            draws=settings.draws,
            seed=settings.seed,
            absent=False,
        )
        groups.append((segments, alternatives, clauses, found.tags, found.pairs, found.shift))
    tables = {
        name: pd.concat(parts, ignore_index=True) if len(parts) > 1 else parts[0]
        for name, parts in zip(BODY_TABLES, zip(*groups, strict=True), strict=True)
    }
    return tables | {DOCUMENTS: make_table(DOCUMENTS, [each.document for each in read])}
