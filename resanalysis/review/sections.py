"""The part of a version within which a change stays, so that the rest need not be read anew."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

import pandas as pd

from resanalysis.model import Op, Version

_BRACKETS = re.compile(r"[\[\]]")


@dataclass(frozen=True)
class Section:
    """Characters `start` to `end` of the source: from one heading to the end of the next one.

    Attributes
    ----------
    start, end : int
        Half-open range of the source; the next heading belongs to it.
    now : str
        What of it stands in the version now.
    closing : str or None
        The next heading; None where the section is the last one.
    """

    start: int
    end: int
    now: str
    closing: str | None

    def stays_within(self, then: str, closing: str | None) -> bool:
        """Whether changes of the section leave everything behind it as it is.

        Parameters
        ----------
        then : str
            The section's text after the changes.
        closing : str
            What `find_closing` gives for its clauses.
        """
        same = self.closing is None or closing == self.closing
        return same and _is_nested(self.now) and _is_nested(then)


class Sections:
    """The sections of one version of a study, looked up by characters of the source.

    A heading without a label closes every list and every section before it, and the parser goes on
    from it as from the beginning of a text. So what stands between two such headings can be parsed
    alone. A text whose verbs open its paragraphs has none, and is a single whole.

    Parameters
    ----------
    text : str
        The version's text.
    clauses : DataFrame
        Its clauses, as `structure.parse_resolution` gives them.
    ops : sequence of {"equal", "delete", "insert"}
        The operation in force of every character of the source.
    version : {"old", "new"}
        Which version.
    """

    def __init__(
        self, text: str, clauses: pd.DataFrame, ops: Sequence[Op], version: Version
    ) -> None:
        other = "insert" if version == "old" else "delete"
        self._text = text
        self._places = [i for i, op in enumerate(ops) if op != other]
        self._length = len(ops)
        rows = zip(clauses["kind"], clauses["marker"], clauses["start"], strict=True)
        begins = [text.rfind("\n", 0, at) + 1 for kind, m, at in rows if _is_heading(kind, m)]
        self._begins = begins if _is_nested(text) else []
        self._safe = [begin for begin in self._begins if _is_nested(text[:begin])]

    def find(self, first: int, last: int) -> Section | None:
        """Return the section that holds the characters `first` to `last` of the source.

        None where there is none: before the first heading, or where a heading itself changes.
        """
        begin = stop = None
        for at in reversed(self._safe[: self._count_before(first)]):
            if self._places[self._line_end(at)] < first:
                begin = at
                break
        if begin is None:
            return None
        for at in self._begins[self._count_before(last) :]:
            if at > begin and self._places[at - 1] >= last:
                stop = at
                break
        start = self._places[begin]
        if stop is None:
            return Section(start, self._length, self._text[begin:], None)
        close = self._line_end(stop)
        closing = self._text[stop:close].strip()
        end = self._places[close] + 1 if close < len(self._places) else self._length
        return Section(start, end, self._text[begin : close + 1], closing)

    def _count_before(self, place: int) -> int:
        """Return how many headings of the version begin before a character of the source."""
        return bisect_right(self._begins, place - 1, key=lambda at: self._places[at])

    def _line_end(self, at: int) -> int:
        end = self._text.find("\n", at)
        return end if end >= 0 else len(self._text)


def find_closing(clauses: pd.DataFrame) -> str | None:
    """Return the heading that is a text's last row; None where that is something else."""
    last = clauses.iloc[-1]
    return str(last["text"]) if _is_heading(last["kind"], last["marker"]) else None


def _is_heading(kind: str, marker: str) -> bool:
    return kind == "heading" and not marker


def _is_nested(text: str) -> bool:
    """Whether square brackets close where they open; then no footnote reaches past an end."""
    depths = list(accumulate(_steps(text), initial=0))
    return min(depths) >= 0 and depths[-1] == 0


def _steps(text: str) -> Iterator[int]:
    return (1 if match[0] == "[" else -1 for match in _BRACKETS.finditer(text))
