"""Two clean texts -> redline: paragraphs paired first, then words and protected units compared."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from difflib import SequenceMatcher

from rapidfuzz.distance import Indel

from resanalysis.model import Op
from resanalysis.redline.difference.hunks import Hunk, tidy_hunks
from resanalysis.redline.difference.pairing import BIT_CELLS, pair_lines
from resanalysis.redline.difference.units import (
    is_closed,
    open_unit,
    split_label,
    split_label_number,
    split_units,
)
from resanalysis.redline.segments import Redline, Run, join_runs

Cut = Callable[[str], list[str]]

OPEN_FROM = 0.6
"""Share of a bracket's or title's characters that must be equal before its inside is compared."""

LONG = 2_000
"""Units of a line above which its sentences are paired before its words are compared."""

KEPT = 0.25
"""Share of two paragraphs' characters that must stay for them to be shown as one, edited."""

RECURSIVE = 250_000
"""Cells up to which difflib compares; above it, rapidfuzz: faster, but of more fragments."""

_STOPS = frozenset("。；！？，：")


def diff_versions(old: str, new: str, *, cut: Cut, corpus: str = "") -> Redline:
    r"""Return the redline that turns `old` into `new`, as Word prints tracked changes.

    Paragraphs are paired first, without their labels, so that renumbering is not taken for a change
    of text: of a label only its number is marked. Inside a pair words are compared; years, numbers
    with their units, 第N号, short brackets and titles, Latin words and codes are never cut. A
    deletion stands before the insertion that replaces it; paragraphs of one version stand on lines
    of their own. A paragraph that moved is deleted in one place and inserted in the other.

    Parameters
    ----------
    old, new : str
        Two texts, one paragraph per line, lines ending in LF; either may be empty.
    cut : callable
        Segments a Chinese string into words whose concatenation is the string.
    corpus : str
        Id written into the tables.

    Returns
    -------
    Redline
        Its old and new text are `old` and `new` to the last character. Every segment is proven:
        that it is a change is certain, which wording of the change is the best one is a choice.

    Examples
    --------
    >>> redline = diff_versions("a)\t保护环境（2014年，釜山）。\n",
    ...                         "b)\t保护水环境（2022年，布加勒斯特）。\n", cut=list)
    >>> [(run.op, run.text) for run in redline.segments.itertuples()][:5]
    [('delete', 'a'), ('insert', 'b'), ('equal', ')\t保护'), ('insert', '水'), ('equal', '环境')]
    >>> redline.text("old") + redline.text("new")
    'a)\t保护环境（2014年，釜山）。\nb)\t保护水环境（2022年，布加勒斯特）。\n'
    """
    runs = [Run(text, op) for op, text in _diff_texts(old, new, cut) if text]
    return join_runs(runs, rule="difference", corpus=corpus)


def _diff_texts(old: str, new: str, cut: Cut) -> Iterator[tuple[Op, str]]:
    olds, news = _lines(old), _lines(new)
    bodies = [
        [split_label(line.rstrip("\n"))[1].strip() for line in lines] for lines in (olds, news)
    ]
    i = j = 0
    for a, b in [*pair_lines(*bodies), (len(olds), len(news))]:
        yield "delete", "".join(olds[i:a])
        yield "insert", "".join(news[j:b])
        if a < len(olds):
            yield from _diff_lines(olds[a], news[b], cut)
        i, j = a + 1, b + 1


def _lines(text: str) -> list[str]:
    """Return the lines of `text` with their line breaks; only LF breaks a line."""
    lines = [line + "\n" for line in text.split("\n")]
    lines[-1] = lines[-1][:-1]
    return lines if lines[-1] else lines[:-1]


def _diff_lines(old: str, new: str, cut: Cut) -> Iterator[tuple[Op, str]]:
    """Yield the differences of two versions of one paragraph: its label, then its text."""
    if old == new:
        yield "equal", old
        return
    (old_label, old_body), (new_label, new_body) = split_label(old), split_label(new)
    hunks = tidy_hunks(_diff_units(*_prepare_units(old_body, new_body, cut)))
    kept = sum(len(unit) for hunk in hunks for unit in hunk.equal)
    if 2 * kept < KEPT * (len(old_body) + len(new_body)):
        yield "delete", old
        yield "insert", new
        return
    yield from _diff_labels(old_label, new_label)
    for hunk in hunks:
        yield "equal", "".join(hunk.equal)
        yield "delete", "".join(hunk.deleted)
        yield "insert", "".join(hunk.inserted)


def _diff_labels(old: str, new: str) -> Iterator[tuple[Op, str]]:
    """Yield the differences of two labels: number or signs alone where the rest agrees."""
    olds, news = split_label_number(old), split_label_number(new)
    same_signs = (olds[0], olds[2]) == (news[0], news[2])
    if not (same_signs or olds[1] == news[1] != ""):
        olds, news = ("", old, ""), ("", new, "")
    for part, other in zip(olds, news, strict=True):
        if part == other:
            yield "equal", part
        else:
            yield "delete", part
            yield "insert", other


def _prepare_units(old: str, new: str, cut: Cut) -> tuple[list[str], list[str]]:
    """Return the units of both; brackets and titles that are mostly equal are opened."""
    olds, news = split_units(old, cut), split_units(new, cut)
    if max(len(olds), len(news)) > LONG:
        return olds, news
    here = [unit for unit in dict.fromkeys(olds) if is_closed(unit) and unit not in set(news)]
    there = [unit for unit in dict.fromkeys(news) if is_closed(unit) and unit not in set(olds)]
    opened = {
        unit
        for a in here
        for b in there
        if _share(open_unit(a, cut), open_unit(b, cut)) >= OPEN_FROM
        for unit in (a, b)
    }

    def unpack(units: Sequence[str]) -> list[str]:
        return [
            part for unit in units for part in (open_unit(unit, cut) if unit in opened else [unit])
        ]

    return unpack(olds), unpack(news)


def _share(old: Sequence[str], new: Sequence[str]) -> float:
    """Return the share of characters that are equal when units are compared."""
    blocks = SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    equal = sum(len(unit) for a, _, size in blocks for unit in old[a : a + size])
    return 2 * equal / max(sum(map(len, old)) + sum(map(len, new)), 1)


def _diff_units(old: Sequence[str], new: Sequence[str]) -> list[Hunk]:
    """Return the hunks of two lists of units."""
    if max(len(old), len(new)) <= LONG:
        return _compare(old, new)
    olds, news = _sentences(old), _sentences(new)
    joined = [["".join(sentence) for sentence in sentences] for sentences in (olds, news)]
    hunks = []
    i = j = 0
    for a, b in [*pair_lines(*joined), (len(olds), len(news))]:
        deleted = [unit for sentence in olds[i:a] for unit in sentence]
        inserted = [unit for sentence in news[j:b] for unit in sentence]
        hunks.append(Hunk([], deleted, inserted))
        if a < len(olds):
            hunks += _compare(olds[a], news[b])
        i, j = a + 1, b + 1
    return hunks


def _sentences(units: Sequence[str]) -> list[list[str]]:
    """Return the units in stretches that end in a stop."""
    sentences: list[list[str]] = [[]]
    for unit in units:
        sentences[-1].append(unit)
        if unit in _STOPS:
            sentences.append([])
    return [sentence for sentence in sentences if sentence]


def _compare(old: Sequence[str], new: Sequence[str]) -> list[Hunk]:
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    stop = 0
    while stop < min(len(old), len(new)) - start and old[-1 - stop] == new[-1 - stop]:
        stop += 1
    a, b = old[start : len(old) - stop], new[start : len(new) - stop]
    if len(a) * len(b) <= RECURSIVE:
        codes: list[tuple[str, int, int, int, int]] = [
            *SequenceMatcher(None, a, b, autojunk=False).get_opcodes()
        ]
    elif len(a) * len(b) <= BIT_CELLS:
        codes = [
            (c.tag, c.src_start, c.src_end, c.dest_start, c.dest_end) for c in Indel.opcodes(a, b)
        ]
    else:
        codes = [("replace", 0, len(a), 0, len(b))]
    hunks = [Hunk(list(old[:start]), [], [])]
    for tag, i, i_end, j, j_end in codes:
        if tag == "equal":
            hunks.append(Hunk(list(a[i:i_end]), [], []))
        else:
            hunks.append(Hunk([], list(a[i:i_end]), list(b[j:j_end])))
    return [*hunks, Hunk(list(old[len(old) - stop :]), [], [])]
