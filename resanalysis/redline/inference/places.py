"""Places of a redline: spans of the source with an operation, and whole readings of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from resanalysis.model import Op

Certainty = Literal["proven", "likely", "undecidable"]
"""How the machine knows an operation."""

PROVEN = 0.99
"""Posterior from which the numbering proves an operation."""

LIKELY = 0.6
"""Confidence from which a proposal is `likely`; below it is `undecidable`."""


def rate_certainty(posterior: float) -> Certainty:
    """Return how the numbering knows an operation that has this posterior."""
    return "proven" if posterior >= PROVEN else "likely" if posterior >= LIKELY else "undecidable"


@dataclass(frozen=True)
class Span:
    """Characters `start` to `end` of the source, their operation and how sure it is."""

    start: int
    end: int
    op: Op
    certainty: Certainty
    confidence: float


@dataclass(frozen=True)
class PlaceReading:
    """One whole reading of a place and its weight; what it does not cover is equal."""

    weight: float
    spans: tuple[Span, ...]


@dataclass(frozen=True)
class Place:
    """Spans that stand or fall together, with every plausible reading of them.

    Attributes
    ----------
    rule : str
        What proposed the place.
    readings : tuple of PlaceReading
        The first is the one in force; weights sum to 1.
    note : str
        A remark for the reader, such as a slip in the source.
    """

    rule: str
    readings: tuple[PlaceReading, ...]
    note: str = ""


def split_lines(text: str) -> list[tuple[int, str]]:
    """Return the lines of `text` without their line breaks, each with its first offset."""
    lines = []
    start = 0
    for line in text.split("\n"):
        lines.append((start, line))
        start += len(line) + 1
    if lines[-1][1] == "" and len(lines) > 1:
        lines.pop()
    return lines


def settle_end(spans: Sequence[Span], text: str, tail: int | None = None) -> tuple[Span, ...]:
    """Return the spans in order; whole lines at an end without line break take the one before.

    Otherwise the version that lacks them would end in a line break that it never had. Where the
    lines are shared out among places, `tail` is what `find_tail` says of all of them together.
    """
    tail = find_tail(spans, text) if tail is None else tail
    settled = [
        replace(
            span,
            start=max(span.start - 1, 0),
            end=span.end if span.end == len(text) else span.end - 1,
        )
        if span.start >= tail
        else span
        for span in spans
    ]
    return tuple(sorted(settled, key=lambda span: span.start))


def settle_places(places: Sequence[Place], text: str) -> list[Place]:
    """Return the places in the order of the text, their readings in force settled together."""
    tail = find_tail([span for place in places for span in place.readings[0].spans], text)
    settled = []
    for place in places:
        first, *others = place.readings
        readings = (
            replace(first, spans=settle_end(first.spans, text, tail)),
            *(replace(reading, spans=settle_end(reading.spans, text)) for reading in others),
        )
        settled.append(replace(place, readings=readings))
    return sorted(settled, key=lambda place: (find_extent(place)[0], -find_extent(place)[1]))


def find_extent(place: Place) -> tuple[int, int]:
    """Return where the first span of any reading begins, and where the last one ends."""
    spans = [span for reading in place.readings for span in reading.spans]
    return min(span.start for span in spans), max(span.end for span in spans)


def find_tail(spans: Sequence[Span], text: str) -> int:
    """Return where the whole lines of one version begin that a text without line break ends in."""
    end = len(text)
    if text.endswith("\n"):
        return end
    for span in sorted(spans, key=lambda span: span.start, reverse=True):
        begins_line = span.start == 0 or text[span.start - 1] == "\n"
        if span.op == "equal" or span.end != end or not begins_line:
            break
        end = span.start
    return end
