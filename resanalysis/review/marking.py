"""From what a person chose to the spans that a decisions file must mark."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from resanalysis.model import Op, input_error
from resanalysis.redline import read_marks
from resanalysis.review.places import UncertainPlace
from resanalysis.review.readings import Readings, Taken, read_ops

MarkedSpan = tuple[int, int, Op]
"""Characters of the source and the operation that is decided for them."""


def mark_reading(
    taken: Taken, readings: Readings, place: UncertainPlace, reading: int
) -> list[MarkedSpan]:
    """Return the spans to mark so that this reading of the place holds.

    Marked are the changes of the reading and what its other readings would change. Text that only
    lives or dies with its line is marked where the line changes, so that other places inside a line
    that stays are left open.

    Parameters
    ----------
    taken : Study or Redline
        The redline whose place it is, with the machine's proposals.
    readings : Readings
        The same redline, looked up.
    place : UncertainPlace
        The place.
    reading : int
        Number of one of its readings.
    """
    wanted = readings.apply(place.group, reading)
    length = len(wanted)
    own = readings.spans[place.group].get(reading, ())
    covered = _mask(length, ((start, end) for start, end, _ in own))
    owned = _mask(length, readings.owned.get(place.group, ()))
    segments = taken.segments
    mine = segments[(segments["group"] == place.group) & (segments["certainty"] == "decided")]
    decided = _mask(length, zip(mine["start"], mine["end"], strict=True))
    proposed = read_ops(segments.assign(op=segments["proposed_op"]))
    ways = (readings.apply(place.group, choice.reading) for choice in place.choices)
    focus = [len(set(ops)) > 1 for ops in zip(*ways, strict=True)]
    needed = [
        decided[i]
        or (covered[i] and (wanted[i] != "equal" or focus[i] or proposed[i] != "equal"))
        or (owned[i] and wanted[i] != proposed[i])
        for i in range(length)
    ]
    return _join_spans(needed if any(needed) else focus, wanted)


def mark_by_hand(
    taken: Taken, readings: Readings, place: UncertainPlace, markup: str
) -> list[MarkedSpan]:
    """Return the spans that a person marked; the rest of the place stands in both versions.

    Parameters
    ----------
    taken : Study or Redline
        The redline whose place it is.
    readings : Readings
        The same redline, looked up.
    place : UncertainPlace
        The place.
    markup : str
        Text of the source that holds the whole place, in CriticMarkup without comments. Tabs may
        be typed as spaces and the last line break left out; it then goes with the text before it.

    Raises
    ------
    InputError
        When the markup is malformed, has comments, or is another text.
    """
    text, marks = read_marks(markup, name="markup")
    if "{>>" in markup:
        raise input_error("markup", place.group, "has comments", "Give coder and reason apart")
    source = "".join(taken.segments["text"])
    end = place.end
    if end - place.start > 1 and source[end - 1] == "\n" and not text.endswith("\n"):
        end -= 1
    # Copies of the same length: a terminal shows tabs as spaces.
    typed, printed = text.replace("\t", " "), source.replace("\t", " ")
    at = printed.find(typed, max(end - len(text), 0), place.start + len(text)) if text else -1
    if at < 0:
        raise input_error(
            "markup",
            place.group,
            "less its marks it is no text of the source that holds this place",
            f"Mark this text, all of it: {source[place.start : place.end]!r}",
        )
    spans = [(at + mark.start, at + mark.end, mark.op) for mark in marks]
    stop = at + len(text)
    if spans and end < place.end and spans[-1][1] == stop == end:
        spans[-1] = (spans[-1][0], place.end, spans[-1][2])
        stop = place.end
    wanted: list[Op] = [
        "equal" if at <= i < stop else op for i, op in enumerate(read_ops(taken.segments))
    ]
    needed = _mask(len(source), ((a, b) for a, b, _ in mark_reading(taken, readings, place, 1)))
    for start, end, op in spans:
        wanted[start:end] = [op] * (end - start)
        needed[start:end] = [True] * (end - start)
    return _join_spans(needed, wanted)


def _mask(length: int, spans: Iterable[tuple[int, int]]) -> list[bool]:
    mask = [False] * length
    for start, end in spans:
        mask[start:end] = [True] * (end - start)
    return mask


def _join_spans(needed: Sequence[bool], ops: Sequence[Op]) -> list[MarkedSpan]:
    """Return the runs of needed characters that have one operation."""
    spans: list[MarkedSpan] = []
    for (wanted, op), run in groupby(range(len(ops)), key=lambda i: (needed[i], ops[i])):
        found = list(run)
        if wanted:
            spans.append((found[0], found[-1] + 1, op))
    return spans
