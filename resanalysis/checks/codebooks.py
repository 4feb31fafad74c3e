"""Codebooks tried on texts: the linter with jieba and tags, and one corpus tagged twice."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

import pandas as pd

from resanalysis import pipeline
from resanalysis.codebook import check_codebook, compare_tags, lint_codebook, read_codebook
from resanalysis.corpus import read_corpus
from resanalysis.model import Codebook, Problem
from resanalysis.study import parse_versions, recover_corpus


def check_codebook_file(
    path: str | Path,
    *,
    corpus: str | Path | None = None,
    extension: bool = False,
    full: bool = False,
) -> list[Problem]:
    """Return every problem of a codebook's file and what `lint_codebook` finds in it.

    Parameters
    ----------
    path : str or Path
        A file that `read_codebook` reads.
    corpus : str or Path, optional
        A corpus folder on whose text the codebook is tried.
    extension : bool
        Whether the file extends the general codebook, with which it is then read; only its own
        topics are looked at.
    full : bool
        As in `lint_codebook`.

    Raises
    ------
    InputError
        When the corpus is at fault.

    Examples
    --------
    >>> from importlib.resources import files
    >>> path = str(files("resanalysis") / "data" / "codebook.toml")
    >>> any(problem.severity == "error" for problem in check_codebook_file(path))
    False
    """
    given = (None, path) if extension else (path, None)
    problems = check_codebook(given[0], extend=given[1])
    if any(problem.severity == "error" for problem in problems):
        return problems
    book = read_codebook(given[0], extend=given[1])
    clauses, lexicon = None, tuple[str, ...]()
    if corpus is not None:
        source = read_corpus(corpus)
        clauses, lexicon = parse_versions(recover_corpus(source), source), source.lexicon
    topics = own_topics(book) if extension else None
    return problems + lint_on_text(book, clauses, lexicon, topics=topics, full=full, file=str(path))


def lint_on_text(
    book: Codebook,
    clauses: pd.DataFrame | None,
    lexicon: Sequence[str],
    *,
    topics: Collection[str] | None,
    full: bool,
    file: str,
) -> list[Problem]:
    """Return what `lint_codebook` finds with jieba's words, and with tags of clauses if given."""
    unusable = set(pipeline.unusable_words(lexicon))
    frequencies = pipeline.word_frequencies(word for word in lexicon if word not in unusable)
    tags = texts = None
    if clauses is not None:
        texts = clauses["text"].tolist()
        tags = pipeline.tag_topics(clauses, book, pipeline.tokenize(clauses, frequencies))
    return lint_codebook(
        book,
        tag=lambda text: {match.topic for match in pipeline.tag_text(text, book)},
        cut=pipeline.make_segmenter(frequencies).cut,
        tags=tags,
        texts=texts,
        topics=topics,
        full=full,
        file=file,
    )


def own_topics(book: Codebook) -> list[str]:
    """Return the topics of an extended codebook that are not those of the general one."""
    general = read_codebook().topics
    return [topic.id for topic in book.topics if topic not in general]


def compare_tagging(
    path: str | Path,
    old: Codebook,
    new: Codebook,
    *,
    reading: pipeline.Reading = "broad",
    scope: pipeline.Scope = "codebook",
) -> pd.DataFrame:
    """Return which clauses of a corpus gain or lose which topics from one codebook to another.

    Parameters
    ----------
    path : str or Path
        The corpus folder.
    old, new : Codebook
        Two versions of a codebook.
    reading : {"broad", "strict"}
        Core and peripheral terms, or core terms only.
    scope : {"codebook", "topic"}
        Among what the longest term wins; see `pipeline.tag_text`.

    Returns
    -------
    DataFrame
        As `codebook.compare_tags` gives it, with the text of each clause.

    Raises
    ------
    InputError
        When the corpus is at fault.

    Examples
    --------
    >>> book = read_codebook()
    >>> len(compare_tagging("corpora/itu-pp-res-182", book, book))
    0
    """
    corpus = read_corpus(path)
    clauses = parse_versions(recover_corpus(corpus), corpus)
    tokens = pipeline.tokenize(clauses)
    return compare_tags(
        *(
            pipeline.tag_topics(clauses, book, tokens, reading=reading, scope=scope)
            for book in (old, new)
        ),
        clauses=clauses,
    )
