"""The same two versions flattened in another way, to see what depends on the layout of a diff."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from random import Random

from benchmarks.recovery.documents import Document, find_lines, split_runs, take_version

GAP = 10
"""Equal characters that part two changes of a coarse redline; fewer join them."""

Piece = tuple[str, str]
"""Characters and their sign."""


def flip(document: Document, *, share: float = 1.0, seed: int = 0) -> Document:
    """Return the document with the insertion before the deletion in each substitution.

    A deletion and the insertion after it change places when both lie inside a line, or both are
    whole lines; the two versions stay what they are. When all of them change places, a text can
    hardly be told from one in which old and new have been exchanged.

    Parameters
    ----------
    document : Document
    share : float
        Probability with which each pair is flipped, 0 to 1.
    seed : int
        Of the choice; the same pairs of a document are flipped on every run.

    Examples
    --------
    >>> flipped = flip(Document("a", "a", "", "甲乙丙", "-+="))
    >>> flipped.text, flipped.ops
    ('乙甲丙', '+-=')
    """
    text = document.text
    rng = Random(f"{seed}:{document.id}")  # noqa: S311 - no secret
    pieces: list[Piece] = []
    runs = list(split_runs(document.ops))
    number = 0
    while number < len(runs):
        first = runs[number]
        second = runs[number + 1] if number + 1 < len(runs) else first
        number += 1
        pair = (first[2], second[2]) == ("-", "+") and _may_swap(text, first, second)
        if pair and rng.random() < share:
            pieces.append((text[second[0] : second[1]], "+"))
            number += 1
        pieces.append((text[first[0] : first[1]], first[2]))
    return _join(document, pieces)


def _may_swap(text: str, first: tuple[int, int, str], second: tuple[int, int, str]) -> bool:
    one, two = (text[run[0] : run[1]] for run in (first, second))
    if "\n" not in one + two:
        return True
    begins = first[0] == 0 or text[first[0] - 1] == "\n"
    return begins and one.endswith("\n") and two.endswith("\n")


def coarsen(document: Document, *, gap: int = GAP) -> Document:
    """Return the document with near changes of one line made one deletion and one insertion.

    The equal characters between them, fewer than `gap` and no tab among them, then stand in the
    text twice, as where a drafter retypes a phrase; the two versions stay what they are.

    Examples
    --------
    >>> coarse = coarsen(Document("a", "a", "", "甲乙丙丁", "-=+="))
    >>> coarse.text, coarse.ops
    ('甲乙乙丙丁', '--++=')
    """
    pieces: list[Piece] = []
    for start, end in find_lines(document.text):
        line, ops = document.text[start:end], document.ops[start:end]
        pieces += _coarsen_line(line, ops, gap)
    return _join(document, pieces)


def _coarsen_line(line: str, ops: str, gap: int) -> list[Piece]:
    """Return the pieces of a line, near changes joined; its line break stays by itself."""
    body = len(line) - line.endswith("\n")
    changes = [run for run in split_runs(ops[:body]) if run[2] != "="]
    joined: list[list[tuple[int, int, str]]] = []
    for change in changes:
        last = joined[-1][-1][1] if joined else 0
        near = bool(joined) and change[0] - last < gap and "\t" not in line[last : change[0]]
        if near:
            joined[-1].append(change)
        else:
            joined.append([change])
    pieces: list[Piece] = []
    done = 0
    for group in joined:
        begin, end = group[0][0], group[-1][1]
        pieces += _as_they_are(line[done:begin], ops[done:begin])
        part, signs = line[begin:end], ops[begin:end]
        if "=" in signs:
            pieces.append((take_version(part, signs, "old"), "-"))
            pieces.append((take_version(part, signs, "new"), "+"))
        else:
            pieces += _as_they_are(part, signs)
        done = end
    return pieces + _as_they_are(line[done:], ops[done:])


def _as_they_are(text: str, ops: str) -> list[Piece]:
    return [(text[start:end], sign) for start, end, sign in split_runs(ops)]


def _join(document: Document, pieces: Sequence[Piece]) -> Document:
    text = "".join(text for text, _ in pieces)
    ops = "".join(sign * len(text) for text, sign in pieces)
    return replace(document, text=text, ops=ops)
