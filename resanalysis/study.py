"""The whole chain in one call."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Callable
from dataclasses import replace
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from resanalysis import alignment, pipeline, redline, shift, structure
from resanalysis.codebook import read_codebook
from resanalysis.corpus import (
    CODEBOOK,
    DECISIONS,
    LEXICON,
    read_corpus,
)
from resanalysis.model import (
    COUNTED_KINDS,
    Codebook,
    Corpus,
    InputError,
    Problem,
    Study,
    Version,
    input_error,
)

if TYPE_CHECKING:
    pass

_PACKAGES = ("jieba", "matplotlib", "numpy", "pandas", "rapidfuzz", "scipy", "spacy")

Progress = Callable[[str], None]

CHAIN = ("recover", "parse", "tokenize", "tag", "align", "count")
"""Names of the steps of the chain, as `progress` is told them."""


def recover_corpus(corpus: Corpus) -> redline.Redline:
    """Return the two versions inside a corpus' source, its readers' decisions applied."""
    return redline.recover_versions(
        corpus.source.text,
        cut=pipeline.make_segmenter(()).cut,
        decisions=corpus.decisions,
        corpus=corpus.id,
        decisions_name=str(corpus.path / DECISIONS),
    )


def run_study(
    path: str | Path,
    *,
    codebook_path: str | Path | None = None,
    hmm: bool = False,
    reading: pipeline.Reading = "broad",
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
    threshold : float
        Similarity from which two clauses are a pair, 0 to 1.
    draws, seed : int
        Draws and seed of the bootstrap.
    progress : callable, optional
        Called with the name of each step before it begins.

    Returns
    -------
    Study
        All tables, and what made them.

    Raises
    ------
    InputError
        When the corpus or the codebook is at fault.

    Examples
    --------
    >>> study = run_study("corpora/itu-pp-res-182")
    >>> "".join(study.segments["text"]) == study.corpus.source.text
    True
    """
    say = progress or (lambda _: None)
    corpus, book = _read_inputs(path, codebook_path)
    say("recover")
    versions = recover_corpus(corpus)
    say("parse")
    file = str(corpus.path / corpus.source.name)
    clauses = pd.concat(
        [
            parse_version(versions, "old", file, corpus=corpus.id, edition=corpus.old.id),
            parse_version(versions, "new", file, corpus=corpus.id, edition=corpus.new.id),
        ],
        ignore_index=True,
    )
    say("tokenize")
    frequencies = pipeline.word_frequencies(corpus.lexicon)
    tokens = pipeline.tokenize(clauses, frequencies, hmm=hmm)
    say("tag")
    tags = pipeline.tag_topics(clauses, book, tokens, reading=reading)
    say("align")
    pairs = alignment.align_clauses(clauses, versions.segments, threshold=threshold)
    say("count")
    topics = [topic.id for topic in book.topics]
    table = shift.topic_shift(clauses, tokens, tags, pairs, topics, draws=draws, seed=seed)
    options = {
        "hmm": hmm,
        "reading": reading,
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
        tokens=tokens,
        tags=tags,
        pairs=pairs,
        shift=table,
        provenance=_describe_run(corpus, book, options, frequencies, versions.notes),
    )


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


def parse_version(
    versions: redline.Redline, version: Version, file: str, *, corpus: str, edition: str
) -> pd.DataFrame:
    """Return one version's clauses; raise an `InputError` that names the file when it has none."""
    try:
        clauses = structure.parse_resolution(
            versions.text(version), corpus=corpus, edition=edition, version=version
        )
    except InputError as error:
        raise InputError(replace(problem, file=file) for problem in error.problems) from error
    if not clauses["kind"].isin(COUNTED_KINDS).any():
        raise input_error(
            file,
            f"{version} version",
            "there are headings but no clause under them",
            "Check that the file holds the whole resolution, one paragraph per line",
        )
    return clauses


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
        "versions": "recovered; official texts were not consulted",
        "files_sha256": dict(corpus.hashes),
        "source": {
            "encoding": corpus.source.encoding,
            "newline": corpus.source.newline,
            "bom": corpus.source.bom,
        },
        "codebook": {"id": book.id, "version": book.version, "sha256": book.sha256},
        "lexicon": {
            "words": len(frequencies),
            "frequencies_sha256": hashlib.sha256(words.encode()).hexdigest(),
        },
        "options": options,
        "slips_in_the_source": list(notes),
    }


def check_lexicon(folder: Path, lexicon: tuple[str, ...]) -> list[Problem]:
    """Return an error for every word that jieba cannot hold."""
    return [
        Problem(
            "error",
            str(folder / LEXICON),
            word,
            "jieba cannot hold this word",
            "Leave it out: words with white space, / or other marks are matched as characters",
        )
        for word in pipeline.unusable_words(lexicon)
    ]
