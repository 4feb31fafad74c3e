"""The whole chain in one call."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

import pandas as pd

from resanalysis import alignment, coding, pipeline, redline, shift, structure
from resanalysis.codebook import read_codebook
from resanalysis.corpus import (
    CODEBOOK,
    CODING,
    DECISIONS,
    LEXICON,
    OFFICIAL,
    read_corpus,
)
from resanalysis.model import (
    COUNTED_KINDS,
    Codebook,
    Corpus,
    Form,
    InputError,
    Problem,
    Source,
    Study,
    Version,
    input_error,
)
from resanalysis.tables import make_table

_PACKAGES = ("jieba", "matplotlib", "numpy", "pandas", "rapidfuzz", "scipy", "spacy")

Progress = Callable[[str], None]

VERSIONS: tuple[Version, ...] = ("old", "new")

CHAIN = ("recover", "parse", "tokenize", "tag", "align", "count")
"""Names of the steps of the chain, as `progress` is told them."""


def recover_corpus(corpus: Corpus, *, engine: pipeline.Engine = "jieba") -> redline.Redline:
    """Return the two versions inside a corpus' source, whatever its form.

    A flattened text is recovered, its readers' decisions applied, with the help of the known
    version where the corpus names one; marks in CriticMarkup and tracked changes are read; two
    clean texts are compared.

    Raises
    ------
    InputError
        When the source or the decisions are at fault.
    """
    known: dict[Version, str] = {}
    known_name = ""
    if corpus.known is not None:
        edition = corpus.edition(corpus.known).id
        known[corpus.known] = corpus.official[edition]
        known_name = str(corpus.path / OFFICIAL / f"{edition}.txt")
    return recover_sources(
        corpus.form,
        tuple(corpus.sources.values()),
        decisions=corpus.decisions,
        known=known,
        corpus=corpus.id,
        names=[str(corpus.path / source.name) for source in corpus.sources.values()],
        decisions_name=str(corpus.path / DECISIONS),
        known_name=known_name,
        engine=engine,
    )


def recover_sources(
    form: Form,
    sources: Sequence[Source],
    *,
    decisions: str | None = None,
    known: Mapping[Version, str] | None = None,
    corpus: str = "",
    names: Sequence[str] = (),
    decisions_name: str = DECISIONS,
    known_name: str = "",
    engine: pipeline.Engine = "jieba",
) -> redline.Redline:
    """Return the two versions inside a redline's files: `redline.read_redline` with jieba's words.

    Parameters
    ----------
    form, sources, decisions, known, corpus, names, decisions_name, known_name
        As `redline.read_redline` takes them.
    engine
        As `make_segmenter` takes it.
    """
    return redline.read_redline(
        form,
        sources,
        cut=lambda text: _segmenter(engine).cut(text),
        decisions=decisions,
        known=known,
        corpus=corpus,
        names=names,
        decisions_name=decisions_name,
        known_name=known_name,
    )


@cache
def _segmenter(engine: pipeline.Engine) -> pipeline.Segmenter:
    # When a word is first cut: exact forms need no dictionary.
    return pipeline.make_segmenter((), engine=engine)


def run_study(
    path: str | Path,
    *,
    codebook_path: str | Path | None = None,
    hmm: bool = False,
    reading: pipeline.Reading = "broad",
    scope: pipeline.Scope = "codebook",
    threshold: float = 0.5,
    draws: int = 2000,
    seed: int = 0,
    progress: Progress | None = None,
) -> Study:
    """Run the whole chain on a corpus folder.

    Parameters
    ----------
    path : str or Path
        The corpus folder.
    codebook_path : str or Path, optional
        A codebook to use instead of the packaged general one (extended by the corpus' own
        `codebook.toml` where there is one).
    hmm : bool
        Whether jieba guesses words that are in no dictionary.
    reading : {"broad", "strict"}
        Core and peripheral terms, or core terms only.
    scope : {"codebook", "topic"}
        Whether a term may lie inside another topic's longer one; see `tag_text`.
    threshold : float
        Similarity from which two clauses are a pair, 0 to 1.
    draws, seed : int
        Draws and seed of the bootstrap.
    progress : callable, optional
        Called with the name of each step before it begins.

    Returns
    -------
    Study
        All tables, and what made them. `codings` has the reference coding of the folder's
        `coding.csv`; it is empty where there is none, and where it was made of other clauses or by
        another codebook: then `provenance["coding"]["unfit"]` says so.

    Raises
    ------
    InputError
        When the corpus or the codebook is at fault.

    Examples
    --------
    >>> study = run_study("corpora/itu-pp-res-182")
    >>> "".join(study.segments["text"]) == study.corpus.source.text
    True
    >>> study.provenance["versions"]
    'recovered versions; official texts were not consulted'
    """
    say = progress or (lambda _: None)
    corpus, book = _read_inputs(path, codebook_path)
    say("recover")
    versions = recover_corpus(corpus)
    say("parse")
    clauses = parse_versions(versions, corpus)
    frequencies = pipeline.word_frequencies(corpus.lexicon)
    found = analyse_clauses(
        clauses,
        versions.segments,
        book,
        frequencies,
        hmm=hmm,
        reading=reading,
        scope=scope,
        threshold=threshold,
        draws=draws,
        seed=seed,
        progress=say,
    )
    codings, unfit = _read_reference(corpus, book, clauses)
    options = {
        "hmm": hmm,
        "reading": reading,
        "scope": scope,
        "threshold": threshold,
        "draws": draws,
        "seed": seed,
    }
    return Study(
        corpus=corpus,
        codebook=book,
        old_text=versions.text("old"),
        new_text=versions.text("new"),
        segments=versions.segments,
        alternatives=versions.alternatives,
        clauses=clauses,
        tokens=found.tokens,
        tags=found.tags,
        codings=codings,
        pairs=found.pairs,
        shift=found.shift,
        provenance=_describe_run(corpus, book, options, frequencies, versions.notes)
        | {"coding": _describe_coding(codings, unfit)},
    )


@dataclass(frozen=True)
class Analysis:
    """What the chain makes of clauses."""

    tokens: pd.DataFrame
    tags: pd.DataFrame
    pairs: pd.DataFrame
    shift: pd.DataFrame


def analyse_clauses(
    clauses: pd.DataFrame,
    segments: pd.DataFrame,
    codebook: Codebook,
    lexicon: Mapping[str, int],
    *,
    hmm: bool = False,
    engine: pipeline.Engine = "jieba",
    reading: pipeline.Reading = "broad",
    scope: pipeline.Scope = "codebook",
    threshold: float = 0.5,
    draws: int = 2000,
    seed: int = 0,
    absent: bool = True,
    progress: Progress | None = None,
) -> Analysis:
    """Return tokens, tags, pairs and shift of clauses: the chain from `tokenize` on.

    Parameters
    ----------
    clauses, segments : DataFrame
        Tables of one corpus or of several, each corpus' rows together.
    codebook : Codebook
        Topics to tag.
    lexicon : mapping of str to int
        Words beside jieba's own with their frequencies.
    hmm, engine
        As `tokenize` takes them.
    reading, scope
        As `tag_topics` takes them.
    threshold
        As `align_clauses` takes it.
    draws, seed, absent
        As `topic_shift` takes them.
    progress : callable, optional
        Called with the name of each step before it begins.
    """
    say = progress or (lambda _: None)
    say("tokenize")
    tokens = pipeline.tokenize(clauses, lexicon, hmm=hmm, engine=engine)
    say("tag")
    tags = pipeline.tag_topics(clauses, codebook, tokens, reading=reading, scope=scope)
    say("align")
    pairs = alignment.align_clauses(clauses, segments, threshold=threshold)
    say("count")
    topics = [topic.id for topic in codebook.topics]
    table = shift.topic_shift(
        clauses, tokens, tags, pairs, topics, draws=draws, seed=seed, absent=absent
    )
    return Analysis(tokens, tags, pairs, table)


def read_clauses(
    path: str | Path, *, codebook_path: str | Path | None = None
) -> tuple[pd.DataFrame, Codebook]:
    """Return the clauses of a corpus folder and the codebook they are coded by.

    Parameters
    ----------
    path : str or Path
        The corpus folder.
    codebook_path : str or Path, optional
        As for `run_study`.

    Raises
    ------
    InputError
        When the corpus or the codebook is at fault.

    Examples
    --------
    >>> clauses, codebook = read_clauses("corpora/itu-pp-res-182")
    >>> sorted(set(clauses["edition"]))
    ['2014-busan', '2022-bucharest']
    """
    corpus, book = _read_inputs(path, codebook_path)
    return parse_versions(recover_corpus(corpus), corpus), book


def _read_reference(
    corpus: Corpus, book: Codebook, clauses: pd.DataFrame
) -> tuple[pd.DataFrame, list[Problem]]:
    """Return the reference coding of the corpus, and why it does not fit, where it does not.

    A coding is of certain clauses by a certain codebook: with other decisions on the redline, or
    another codebook, there is none, and the study goes on without it.
    """
    path = corpus.path / CODING
    if not path.exists():
        return make_table("codings", []), []
    try:
        return coding.read_coding(path, clauses, book), []
    except InputError as error:
        return make_table("codings", []), list(error.problems)


def _describe_coding(codings: pd.DataFrame, unfit: list[Problem]) -> dict[str, Any]:
    keys = codings[["edition", "clause_id"]].drop_duplicates()
    return {
        "coders": sorted(set(codings["coder"])),
        "clauses": len(keys),
        "unfit": f"{len(unfit)} problems, the first: {unfit[0].what}" if unfit else "",
    }


def _read_inputs(path: str | Path, codebook_path: str | Path | None) -> tuple[Corpus, Codebook]:
    """Read corpus and codebook; when either is at fault, report the problems of both."""
    problems: list[Problem] = []
    corpus = book = None
    try:
        corpus = read_corpus(path)
        problems += check_lexicon(corpus.path, corpus.lexicon)
    except InputError as error:
        problems += error.problems
    own = Path(path) / CODEBOOK
    try:
        book = read_codebook(codebook_path, extend=own if own.exists() else None)
    except InputError as error:
        problems += error.problems
    if problems or corpus is None or book is None:
        raise InputError(problems)
    return corpus, book


def parse_versions(versions: redline.Redline, corpus: Corpus) -> pd.DataFrame:
    """Return the clauses of both versions; when either is at fault, report the problems of both."""
    problems: list[Problem] = []
    tables = []
    for version in VERSIONS:
        file, edition = str(corpus.source_path(version)), corpus.edition(version).id
        try:
            tables.append(parse_version(versions, version, file, corpus=corpus.id, edition=edition))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return pd.concat(tables, ignore_index=True)


def parse_version(
    versions: redline.Redline, version: Version, file: str, *, corpus: str, edition: str
) -> pd.DataFrame:
    """Return one version's clauses; raise an `InputError` that names the file when it has none."""
    rows = parse_version_rows(versions, version, file, corpus=corpus, edition=edition)
    return make_table("clauses", rows)


def parse_version_rows(
    versions: redline.Redline, version: Version, file: str, *, corpus: str, edition: str
) -> list[dict[str, Any]]:
    """Return the rows that `parse_version` makes its table of, for many texts in one table."""
    text = versions.text(version)
    if not text.strip():
        raise input_error(
            file,
            f"{version} version",
            "it is empty: every word belongs to the other version",
            "Check that the file holds both versions and not one text marked as a single change",
        )
    try:
        rows = structure.parse_rows(text, corpus=corpus, edition=edition, version=version)
    except InputError as error:
        raise InputError(replace(problem, file=file) for problem in error.problems) from error
    if not any(row["kind"] in COUNTED_KINDS for row in rows):
        raise input_error(
            file,
            f"{version} version",
            "there are headings but no clause under them",
            "Check that the file holds the whole resolution, one paragraph per line",
        )
    return rows


def _describe_run(
    corpus: Corpus,
    book: Codebook,
    options: dict[str, Any],
    frequencies: dict[str, int],
    notes: tuple[str, ...],
) -> dict[str, Any]:
    """Return what made the study: versions, hashes, options; no time, so that runs compare."""
    lock = Path(__file__).parents[1] / "requirements.lock"
    words = json.dumps(frequencies, ensure_ascii=False, sort_keys=True)
    return {
        "resanalysis": metadata.version("resanalysis"),
        "python": platform.python_version(),
        "packages": {name: metadata.version(name) for name in _PACKAGES},
        "lock_sha256": hashlib.sha256(lock.read_bytes()).hexdigest() if lock.exists() else None,
        "corpus": corpus.id,
        "editions": {"old": corpus.old.id, "new": corpus.new.id},
        "form": corpus.form,
        "versions": corpus.describe_origin("en"),
        "files_sha256": dict(corpus.hashes),
        "sources": {name: describe_source(source) for name, source in corpus.sources.items()},
        "codebook": {"id": book.id, "version": book.version, "sha256": book.sha256},
        "lexicon": {
            "words": len(frequencies),
            "frequencies_sha256": hashlib.sha256(words.encode()).hexdigest(),
        },
        "options": options,
        "notes_on_the_source": list(notes),
    }


def describe_source(source: Source) -> dict[str, Any]:
    """Return what was found on reading a file: name, hash and, of a text, how it was encoded."""
    found: dict[str, Any] = {"name": source.name, "sha256": source.sha256}
    if source.is_word:
        return found
    return found | {"encoding": source.encoding, "newline": source.newline, "bom": source.bom}


def check_lexicon(folder: Path, lexicon: tuple[str, ...]) -> list[Problem]:
    """Return an error for every word of a folder's lexicon that jieba cannot hold."""
    return check_words(str(folder / LEXICON), lexicon)


def check_words(file: str, lexicon: tuple[str, ...]) -> list[Problem]:
    """Return an error for every word of a file that jieba cannot hold."""
    return [
        Problem(
            "error",
            file,
            word,
            "jieba cannot hold this word",
            "Leave it out: words with white space, / or other marks are matched as characters",
        )
        for word in pipeline.unusable_words(lexicon)
    ]
