"""Every reading of the places of a redline, put in force over the whole text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Protocol

import pandas as pd

from resanalysis.model import Op


class Taken(Protocol):
    """A redline taken apart: a `Study`, or a `Redline`."""

    @property
    def segments(self) -> pd.DataFrame:
        """Table `segments`."""

    @property
    def alternatives(self) -> pd.DataFrame:
        """Table `alternatives`."""


def read_ops(segments: pd.DataFrame) -> list[Op]:
    """Return the operation in force of every character of the source."""
    ops: list[Op] = []
    for text, op in read_columns(segments, "text", "op"):
        ops += [op] * len(text)
    return ops


def apply_reading(taken: Taken, group: str, reading: int) -> list[Op]:
    """Return the operation of every character of the source under another reading of one place.

    What the place had changed and the reading does not cover stands in both versions; a whole line
    of one version prevails over the places inside it.

    Parameters
    ----------
    taken : Study or Redline
        A redline taken apart.
    group : str
        Id of the place.
    reading : int
        Number of the reading; 1 is the one in force.

    Returns
    -------
    list of {"equal", "delete", "insert"}
        One per character of the source.

    Examples
    --------
    >>> from resanalysis.redline import recover_versions
    >>> redline = recover_versions("第3号决议（20142022年，修订版）", cut=list)
    >>> apply_reading(redline, "glued_years:1:7", 2)[6]
    'insert'
    """
    return Readings(taken).apply(group, reading)


class Readings:
    """Operations in force and the spans of every reading, looked up once.

    Attributes
    ----------
    ops : list of {"equal", "delete", "insert"}
        Operation in force of every character of the source.
    owned : dict of list
        Spans of the source by the group that they belong to.
    spans : dict of dict
        Spans with their operation by group and reading.
    weights : dict of dict
        Weight by group and reading.
    """

    def __init__(self, taken: Taken) -> None:
        self.ops = read_ops(taken.segments)
        self.owned: dict[str, list[tuple[int, int]]] = {}
        for group, start, end in read_columns(taken.segments, "group", "start", "end"):
            if group:
                self.owned.setdefault(group, []).append((start, end))
        self.spans: dict[str, dict[int, list[tuple[int, int, Op]]]] = {}
        self.weights: dict[str, dict[int, float]] = {}
        table = taken.alternatives
        for group, number, weight, start, end, op in read_columns(
            table, "group", "reading", "weight", "start", "end", "op"
        ):
            self.spans.setdefault(group, {}).setdefault(number, []).append((start, end, op))
            self.weights.setdefault(group, {})[number] = weight
        for weights in self.weights.values():
            # A reading without any span (all of it in both versions) has no row of its own.
            for number in set(range(1, max(weights) + 1)) - set(weights):
                weights[number] = max(1 - sum(weights.values()), 0.0)
        self._fixed = list(self.ops)
        for group in self.spans:
            for start, end in self.owned.get(group, ()):
                self._fixed[start:end] = ["equal"] * (end - start)
        lengths = {
            group: end - start
            for group, (start, end) in ((name, self.find_extent(name)) for name in self.spans)
        }
        self._from_within = sorted(self.spans, key=lambda name: lengths[name])

    def apply(self, group: str, reading: int) -> list[Op]:
        """Return the operation of every character when this reading of the place holds."""
        return self.combine({group: reading})

    def combine(self, choice: Mapping[str, int]) -> list[Op]:
        """Return the operation of every character when a reading of each place holds at once.

        A place that is not named keeps the reading in force. A whole line of one version prevails
        over the places inside it; one that both versions have leaves them as they are.
        """
        ops = list(self._fixed)
        for group in self._from_within:
            for start, end, op in self.spans[group].get(choice.get(group, 1), ()):
                if op != "equal":
                    ops[start:end] = [op] * (end - start)
        return ops

    def find_extent(self, group: str) -> tuple[int, int]:
        """Return from where to where any reading of the place says anything."""
        spans = [(a, b) for found in self.spans[group].values() for a, b, _ in found]
        spans += self.owned.get(group, [])
        return min(a for a, _ in spans), max(b for _, b in spans)


def read_columns(table: pd.DataFrame, *names: str) -> Iterator[tuple[Any, ...]]:
    """Return the rows of some columns."""
    return zip(*(table[name].tolist() for name in names), strict=True)
