"""Decisions fitted to a source that may have been edited since they were taken."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace

from resanalysis.model import InputError, Problem
from resanalysis.redline.marks.decisions import Mark, read_placed_marks
from resanalysis.redline.marks.drift import Drift, find_drift
from resanalysis.redline.marks.signs import Lines

SHOWN = 20
"""Places of drift that an error lists; it counts the rest."""

EXCERPT = 20
"""Characters of an excerpt in a message."""


def fit_marks(markup: str, text: str, *, name: str = "decisions.critic.txt") -> list[Mark]:
    """Return the marks of `markup` after making sure that, stripped, it is `text`.

    Raises
    ------
    InputError
        When the markup is malformed; or when its text differs from `text`: every place where it
        does, with both excerpts (the first 20, and the number of the others), and how many marks
        still fit. Those are what `move_marks` returns.
    """
    stripped, marks, _ = read_placed_marks(markup, name)
    if stripped == text:
        return marks
    drifts = find_drift(stripped, text)
    _, lost = _carry_over(marks, stripped, text, drifts)
    standing = sum(mark.id not in lost for mark in marks)
    what = f"the decisions do not fit the source ({standing} of {len(marks)} marks still do):"
    remedy = (
        "Restore the text there; or move the decisions out of the folder and carry over what still"
        " fits: resanalysis review CORPUS --carry FILE"
    )
    lines = Lines(text)
    problems = []
    for drift in drifts[:SHOWN]:
        place = f"source line {lines.line(drift.now_start)}, offset {drift.now_start}"
        differ = _show(drift, stripped, text)
        problems.append(Problem("error", name, place, f"{what} {differ}", remedy))
        what = "nor here:"
    if len(drifts) > SHOWN:
        what = f"the decisions differ in {len(drifts) - SHOWN} more places"
        problems.append(Problem("error", name, "", what, remedy))
    raise InputError(problems)


def move_marks(
    markup: str, text: str, *, name: str = "decisions.critic.txt"
) -> tuple[list[Mark], list[Problem]]:
    """Carry decisions over to a text that was edited since they were taken.

    A mark still fits when its own characters stand in a stretch that was not edited, with the same
    character on either side. Decisions that share an id are carried over together or not at
    all. `write_decisions` writes what was carried over.

    Parameters
    ----------
    markup : str
        The decisions file.
    text : str
        The source as it is now.
    name : str
        File name for messages.

    Returns
    -------
    marks : list of Mark
        Those that fit, with their places in `text`. Text put in since is undecided.
    problems : list of Problem
        One warning for every id that does not fit, at its first mark that drifted.

    Raises
    ------
    InputError
        When the markup is malformed.

    Examples
    --------
    >>> marks, problems = move_marks("在{--2014--}年{++，釜山++}", "在2014 年，釜山")
    >>> [(mark.op, mark.start, mark.end) for mark in marks]
    [('insert', 7, 10)]
    >>> [problem.place for problem in problems]
    ['line 1, column 2']
    """
    stripped, marks, offsets = read_placed_marks(markup, name)
    moved, lost = _carry_over(marks, stripped, text, find_drift(stripped, text))
    places, now = Lines(markup), Lines(text)
    problems = []
    for number, drift in lost.values():
        mark = marks[number]
        what = (
            f"decision {mark.id} on {stripped[mark.start : mark.end][:EXCERPT]!r} no longer fits:"
        )
        place, line = places.place(offsets[number]), now.line(drift.now_start)
        differ = _show(drift, stripped, text)
        remedy = f"Decide it again, near line {line} of the source"
        problems.append(Problem("warning", name, place, f"{what} {differ}", remedy))
    return moved, problems


def _carry_over(
    marks: Sequence[Mark], stripped: str, text: str, drifts: Sequence[Drift]
) -> tuple[list[Mark], dict[str, tuple[int, Drift]]]:
    """Return the marks that fit `text`, and of every id that does not its first lost mark.

    That is the mark's number and the drift that it is lost to.
    """
    ends = [drift.end for drift in drifts]
    moved = []
    lost: dict[str, tuple[int, Drift]] = {}
    for number, mark in enumerate(marks):
        after = bisect_right(ends, mark.start)  # the first drift that does not end before the mark
        shift = drifts[after - 1].now_end - drifts[after - 1].end if after else 0
        here = replace(mark, start=mark.start + shift, end=mark.end + shift)
        moved.append(here)
        if (after < len(drifts) and drifts[after].start < mark.end) or stripped[
            mark.end : mark.end + 1
        ] != text[here.end : here.end + 1]:
            lost.setdefault(mark.id, (number, drifts[after]))
        elif _before(mark, stripped) != _before(here, text):
            lost.setdefault(mark.id, (number, drifts[after - 1]))
    return [mark for mark in moved if mark.id not in lost], lost


def _before(mark: Mark, text: str) -> str:
    """Return the character before the mark; none at the beginning of the text."""
    return text[mark.start - 1] if mark.start else ""


def _show(drift: Drift, stripped: str, text: str) -> str:
    before, now = (
        whole[start : start + EXCERPT]
        for whole, start in ((stripped, drift.start), (text, drift.now_start))
    )
    return f"they have {before!r}, the source has {now!r}"
