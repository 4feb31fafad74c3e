"""Places of a redline: spans of the source with an operation, and whole readings of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from resanalysis.model import Op

Certainty = Literal["proven", "likely", "undecidable"]
"""How the machine knows an operation."""

LIKELY = 0.6
"""Confidence from which a proposal is `likely`; below it is `undecidable`."""


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
