"""The linter: every finding on a codebook as a warning with its place and remedy."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import TYPE_CHECKING

from resanalysis.codebook.lint.entries import lint_entries, lint_examples, tally_cuts
from resanalysis.codebook.lint.overlaps import lint_exclusions, lint_overlaps, tally_shadows
from resanalysis.codebook.lint.rules import lint_rules
from resanalysis.codebook.lint.use import tally_use
from resanalysis.model import Codebook, Problem

if TYPE_CHECKING:
    import pandas as pd

    from resanalysis.codebook.lint.notes import Note, Tally


def lint_codebook(
    codebook: Codebook,
    *,
    tag: Callable[[str], Collection[str]] | None = None,
    cut: Callable[[str], list[str]] | None = None,
    tags: pd.DataFrame | None = None,
    texts: Sequence[str] | None = None,
    topics: Collection[str] | None = None,
    full: bool = False,
    file: str = "",
) -> list[Problem]:
    """Return what in a codebook deserves a second look.

    `check_codebook` reports what is wrong with a file; this looks at how the entries of a codebook
    that can be read work together. No finding keeps the codebook from being used.

    Parameters
    ----------
    codebook : Codebook
        As `read_codebook` gives it.
    tag : callable, optional
        Takes a clause and returns the topics it gets. With it examples and counterexamples, the
        codebook's own tests, are tried.
    cut : callable, optional
        Cuts a text into jieba's words. With it terms that are several words are counted.
    tags : DataFrame, optional
        Table `tags` of a corpus, made with this codebook. With it terms that never matched, rules
        that never held and terms that begin or end inside a token are counted.
    texts : sequence of str, optional
        Texts of the tagged clauses. With them exclusions that stand nowhere are counted, and terms
        that never matched because they are always part of a longer entry told from the others.
    topics : collection of str, optional
        Only findings about one of these topics; all by default.
    full : bool
        Whether to give what is usual, and what many topics lack, topic by topic with every term,
        terms lost inside others one by one, and long lists to their end. Otherwise such things are
        counted in one problem each, or named in one for a topic, and peripheral terms that hold a
        core term of their topic are left out.
    file : str
        Name of the codebook's file, for the problems.

    Returns
    -------
    list of Problem
        Warnings. By kind, and by topic in the codebook's order within a kind:

        - an example that does not get its topic, a counterexample that does
        - terms inside longer terms of other topics, which use them up, unless the longer one is
          also a term of the first topic or one of its exclusions: both declare that it is meant so
        - an exclusion that hides a term of another topic that does not list it, and one that hides
          only terms of other topics
        - a rule that can never hold, that adds nothing to the terms, or two groups of which are
          fulfilled by one word
        - a term with a line break, an invisible character or a space beside a Chinese character
        - a topic without include, exclude, source or examples
        - with `cut`, `tags` and `texts` what is said there

        A term listed in several topics is no finding: it tags each of them, and listing it says so.

    Raises
    ------
    ValueError
        When `tags` has a term that the codebook does not have.

    Examples
    --------
    >>> from resanalysis.model import Topic
    >>> def make_topic(name, term):
    ...     words = {"zh": name}
    ...     return Topic(name, "", words, words, words, words, (term,), (), (), "s", (), (term,))
    >>> topics = make_topic("water", "水电"), make_topic("energy", "水电站")
    >>> for problem in lint_codebook(Codebook("c", "1", {}, {}, topics, "")):
    ...     print(problem.place, problem.what)
    topic water terms of it are used up inside longer words of other topics: 水电站 of energy (水电)
    """
    names = [topic.id for topic in codebook.topics]
    wanted = [name for name in names if topics is None or name in topics]
    notes: list[Note] = [] if tag is None else [*lint_examples(codebook, tag)]
    notes += lint_overlaps(codebook, wanted, full=full)
    notes += lint_exclusions(codebook, full=full)
    notes += lint_rules(codebook, full=full)
    notes += lint_entries(codebook, full=full)
    for tally in _tallies(codebook, cut, tags, texts, full=full):
        notes += tally.notes(wanted, full=full)
    return [
        Problem("warning", file, note.place, note.what, note.remedy)
        for note in notes
        if not set(wanted).isdisjoint(note.topics)
    ]


def _tallies(
    codebook: Codebook,
    cut: Callable[[str], list[str]] | None,
    tags: pd.DataFrame | None,
    texts: Sequence[str] | None,
    *,
    full: bool,
) -> Iterator[Tally]:
    if full:
        yield tally_shadows(codebook)
    if cut is not None:
        yield tally_cuts(codebook, cut)
    yield from tally_use(codebook, tags, texts)
