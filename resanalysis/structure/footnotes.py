"""Footnotes as text extraction leaves them in the running text: references and bodies."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass

# [footnoteRef:1]1 in the text, and [1: 1<tab>body] behind the paragraph or on a line of its own.
_REFERENCE = re.compile(r"\[footnoteRef:(\d+)\]\d*")
_BODY = re.compile(r"\[(\d+): ?(?:(\d+)(?:\s+|(?=\])))?\s*((?:[^\[\]]|\[[^\[\]]*\])*+)\] ?")


@dataclass(frozen=True)
class Footnote:
    """A footnote: the number of its reference, its printed marker, where its body stands."""

    number: str
    marker: str
    start: int
    end: int


@dataclass(frozen=True)
class Artefacts:
    """What a version's text holds besides the text that is read.

    Attributes
    ----------
    spans : list of (int, int)
        What is not read, in order and without overlap.
    footnotes : list of Footnote
        In the order of their bodies.
    references : list of (int, str)
        Where each reference stands, and its number.
    """

    spans: list[tuple[int, int]]
    footnotes: list[Footnote]
    references: list[tuple[int, str]]

    def find_masked(self, start: int, end: int) -> list[tuple[int, int]]:
        """Return the masked spans within `start` and `end`, cut to them."""
        if not self.spans:
            return []
        first = bisect_left(self.spans, start, key=lambda span: span[1])
        found = []
        for a, b in self.spans[first:]:
            if a >= end:
                break
            if max(a, start) < min(b, end):
                found.append((max(a, start), min(b, end)))
        return found

    def find_footnotes(self, start: int, end: int) -> list[Footnote]:
        """Return the footnotes whose bodies begin within `start` and `end`, the end included."""
        if not self.footnotes:
            return []
        first = bisect_left(self.footnotes, start, key=lambda note: note.start)
        last = bisect_left(self.footnotes, end + 1, key=lambda note: note.start)
        return self.footnotes[first:last]

    def find_references(self, start: int, end: int) -> list[str]:
        """Return the numbers of the references within `start` and `end`."""
        if not self.references:
            return []
        first, last = (bisect_left(self.references, (offset, "")) for offset in (start, end))
        return [number for _, number in self.references[first:last]]


def find_artefacts(text: str) -> Artefacts:
    """Return the footnotes of a text, and the spans that are not read as its running text."""
    references = [(match.start(), match[1]) for match in _REFERENCE.finditer(text)]
    spans = [match.span() for match in _REFERENCE.finditer(text)]
    notes = []
    for match in _BODY.finditer(text):
        before = text[text.rfind("\n", 0, match.start()) + 1 : match.start()]
        spans.append((match.start() - len(before) + len(before.rstrip()), match.end()))
        start = match.start(3)
        end = start + len(match[3].rstrip())
        notes.append(Footnote(match[1], match[2] or match[1], start, end))
    merged: list[tuple[int, int]] = []
    for a, b in sorted(spans):
        if merged and a <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(b, merged[-1][1]))
        else:
            merged.append((a, b))
    return Artefacts(merged, notes, references)
