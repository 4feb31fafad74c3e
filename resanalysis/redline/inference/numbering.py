"""What the numbering of lists proves: which lines stand in the old version, the new, or both."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from resanalysis.labels import write_number
from resanalysis.redline.inference.counting import Live, live_in
from resanalysis.redline.inference.lists import Node, NumberedList, Outline, build_outline
from resanalysis.redline.inference.places import (
    PROVEN,
    Place,
    PlaceReading,
    Span,
    rate_certainty,
    split_lines,
)
from resanalysis.redline.inference.solver import Solver

_MIN_WEIGHT = 0.01  # alternatives below this weight are not listed
_MAX_READINGS = 5
_MAX_NOTES = 5  # slips named of one stretch


@dataclass(frozen=True)
class Item:
    """What the numbering says of one labelled line: the versions it lives in, and how surely."""

    live: Live
    confidence: float


@dataclass(frozen=True)
class Numbering:
    """What the numbering of a text says.

    Attributes
    ----------
    places : list of Place
        Places with rule `numbering`, list after list; not yet settled.
    items : dict of Item
        By line, from 0: the versions that each labelled line lives in.
    outline : Outline
        The lists, and the lines outside them.
    """

    places: list[Place]
    items: dict[int, Item]
    outline: Outline


def read_numbering(text: str, *, exchanged: float = 1.0) -> Numbering:
    """Return the marks that the numbering of each list implies, and its other labellings.

    There is one place per stretch of a list between headings; a list inside an item that stands in
    both versions has its own place, else it is part of the item's. Where readings of two places
    overlap, because one takes a whole item, the whole item prevails. A span covers the characters
    of a label, or a labelled line with its line break. It is `proven` at a posterior of .99 or
    more, but for a line that directly follows one of the other version: there a label alone may
    have come to an old sentence, or have left it. Slips of the numbering are named in the place's
    note.

    Parameters
    ----------
    text : str
        The flattened text.
    exchanged : float
        Share of the lines directly after one of the other version that go as a whole with their
        label.
    """
    reader = _Reader(text)
    for items in (*reader.outline.roots, *reader.outline.led):
        reader.read_list(items, required=items.paragraph is not None, given=1.0)
    places = [reader.doubt_exchanges(place, exchanged) for place in reader.places]
    return Numbering(places, reader.items, reader.outline)


class _Reader:
    """Collects the places of all lists of one text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.lines = split_lines(text)
        self.solver = Solver([line for _, line in self.lines])
        self.places: list[Place] = []
        self.outline = build_outline([line for _, line in self.lines])
        self.items: dict[int, Item] = {}

    def read_list(self, items: NumberedList, *, required: bool, given: float) -> None:
        """Add the places of a list whose line above stands in both versions, as sure as `given`."""
        if not items.counts:
            self.places.append(self._note_uncounted(items))
        path = self.solver.find_best(items, "both", required=required)
        posteriors = self.solver.find_posteriors(items, "both", required=required)
        slips = _find_slips(items, path, "both")
        for begin, end in _find_stretches(items):
            stretch = items.nodes[begin:end]
            labellings = self._rank_labellings(items, path, posteriors, (begin, end), required)
            spans: list[Span] = []
            notes = [slip for position, slip in slips if begin <= position < end]
            for i, (node, choice) in enumerate(zip(stretch, path[begin:end], strict=True)):
                confidence, sure = _rate(node, choice, posteriors[begin + i])
                spans += self._mark_line(node, choice, "both", given * confidence)
                live = live_in(node.label.readings[choice])
                self.items[node.line] = Item(live, min(given * sure, 1.0))
                below = self.solver.lives_of_children(node, live)
                if below == "both":
                    self._read_children(node, given * sure)
                else:
                    spans += self._mark_children(node, below, given * sure)
            if all(s.op == "equal" and s.confidence >= PROVEN for s in spans) and not notes:
                continue
            first = PlaceReading(labellings[0][1], tuple(spans))
            others = [
                PlaceReading(weight, self._mark_labelling(stretch, labelling, path[begin:end]))
                for labelling, weight in labellings[1:]
            ]
            self.places.append(Place("numbering", (first, *others), _join_notes(notes)))

    def _note_uncounted(self, items: NumberedList) -> Place:
        """Return a place at the first label of a list whose labels do not count, with a note."""
        first, last = items.nodes[0], items.nodes[-1]
        start, _ = self.lines[first.line]
        label = Span(start, start + first.label.end, "equal", "undecidable", 0.5)
        note = (
            f"lines {first.line + 1} to {last.line + 1}: most of the {len(items.nodes)} labels of"
            " this list follow on from none above; nothing is concluded from its numbering"
        )
        return Place("numbering", (PlaceReading(1.0, (label,)),), note)

    def _read_children(self, node: Node, given: float) -> None:
        for i, items in enumerate(node.lists):
            required = i == 0 and self.solver.requires_children(node)
            self.read_list(items, required=required, given=given)

    def _rank_labellings(
        self,
        items: NumberedList,
        path: Sequence[int],
        posteriors: Sequence[dict[int, float]],
        stretch: tuple[int, int],
        required: bool,
    ) -> list[tuple[tuple[int, ...], float]]:
        """Return labellings of a stretch with weights: the best, then those with a line forced."""
        begin, end = stretch
        best = tuple(path[begin:end])
        if items.family == "bullet":  # bullets carry no number: nothing follows from them
            return [(best, 1.0)]
        found: dict[tuple[int, ...], float] = {}
        for line in range(begin, end):
            doubtful = {
                reading
                for reading, probability in posteriors[line].items()
                if reading != path[line] and probability >= _MIN_WEIGHT
            }
            if not doubtful:
                continue
            through = self.solver.find_best_through(
                items, "both", required=required, line=line, stretch=stretch
            )
            top = through[path[line]][0]
            for reading in sorted(doubtful & set(through)):
                weight, labelling = through[reading]
                found.setdefault(tuple(labelling), math.exp(weight - top))
        found.pop(best, None)
        others = sorted(found.items(), key=lambda item: (-item[1], item[0]))
        likely = [(labelling, weight) for labelling, weight in others if weight >= _MIN_WEIGHT]
        ranked = [(best, 1.0), *likely[: _MAX_READINGS - 1]]
        total = sum(weight for _, weight in ranked)
        return [(labelling, weight / total) for labelling, weight in ranked]

    def doubt_exchanges(self, place: Place, rate: float) -> Place:
        """Return the place with no whole line proven that directly follows one of the other."""
        first, *others = place.readings
        spans = tuple(
            replace(
                span,
                certainty=rate_certainty(min(span.confidence * rate, PROVEN - 1e-9)),
                confidence=span.confidence * rate,
            )
            if self._follows_other(span)
            else span
            for span in first.spans
        )
        return replace(place, readings=(replace(first, spans=spans), *others))

    def _follows_other(self, span: Span) -> bool:
        """Whether the span is a line whose neighbour above, among the labelled, is the other's."""
        line = bisect_right(self._starts, span.start) - 1
        other = {"delete": "new", "insert": "old"}.get(span.op)
        if span.end - span.start < len(self.lines[line][1]) or other is None:
            return False
        above = bisect_left(self._labelled, line) - 1
        return above >= 0 and self.items[self._labelled[above]].live == other

    @cached_property
    def _starts(self) -> list[int]:
        return [start for start, _ in self.lines]

    @cached_property
    def _labelled(self) -> list[int]:
        return sorted(self.items)

    # --- spans ---

    def _mark_line(self, node: Node, choice: int, live: Live, confidence: float) -> list[Span]:
        """Return the spans of one line under one reading of its label."""
        reading = node.label.readings[choice]
        start, body = self.lines[node.line]
        confidence = min(confidence, 1.0)
        here = live_in(reading) if live == "both" else live
        if here == "both":
            if node.label.family == "bullet":
                return []
            marks = reading.marks or ((0, node.label.end, "equal"),)
            return [
                Span(start + a, start + b, op, rate_certainty(confidence), confidence)
                for a, b, op in marks
            ]
        op: Literal["delete", "insert"] = "delete" if here == "old" else "insert"
        end = min(start + len(body) + 1, len(self.text))
        return [Span(start, end, op, rate_certainty(confidence), confidence)]

    def _mark_children(self, node: Node, live: Live, given: float) -> list[Span]:
        """Return the spans of the lists under a line, by the best labelling of each."""
        spans: list[Span] = []
        for i, items in enumerate(node.lists):
            required = i == 0 and self.solver.requires_children(node)
            path = self.solver.find_best(items, live, required=required)
            for inner, choice in zip(items.nodes, path, strict=True):
                here = live_in(inner.label.readings[choice]) if live == "both" else live
                self.items.setdefault(inner.line, Item(here, min(given, 1.0)))
                spans += self._mark_line(inner, choice, live, given)
                spans += self._mark_children(inner, here, given)
        return spans

    def _mark_labelling(
        self, nodes: Sequence[Node], labelling: Sequence[int], path: Sequence[int]
    ) -> tuple[Span, ...]:
        """Return all spans of some items under a labelling that is not the best one, `path`."""
        spans: list[Span] = []
        for node, choice, best in zip(nodes, labelling, path, strict=True):
            spans += self._mark_line(node, choice, "both", 1.0)
            below, in_force = (
                self.solver.lives_of_children(node, live_in(node.label.readings[reading]))
                for reading in (choice, best)
            )
            if below != "both" or in_force != "both":
                spans += self._mark_children(node, below, 1.0)
        return tuple(spans)


def _rate(node: Node, choice: int, posterior: Mapping[int, float]) -> tuple[float, float]:
    """Return the probability of a reading's spans, and that of the versions it lives in."""
    here = live_in(node.label.readings[choice])
    sure = sum(p for r, p in posterior.items() if live_in(node.label.readings[r]) == here)
    return (posterior[choice] if here == "both" else sure), sure


def _join_notes(notes: Sequence[str]) -> str:
    """Return the notes of one place as one, the first few of many."""
    more = len(notes) - _MAX_NOTES
    return "; ".join([*notes[:_MAX_NOTES], *([f"and {more} more slips"] if more > 0 else [])])


def _find_stretches(items: NumberedList) -> list[tuple[int, int]]:
    """Return the stretches of the list between headings, as half-open ranges of its items."""
    starts = [0, *(i for i, node in enumerate(items.nodes) if node.after_break and i > 0)]
    return list(zip(starts, [*starts[1:], len(items.nodes)], strict=True))


def _find_slips(items: NumberedList, path: Sequence[int], live: Live) -> list[tuple[int, str]]:
    """Return items, by their position, whose label is not the next number of a version."""
    slips: list[tuple[int, str]] = []
    for version in ("old", "new"):
        if items.family == "bullet" or live not in ("both", version):
            continue
        values = _version_numbers(items, path, version)
        counter = 0
        for k, (position, value, fresh) in enumerate(values):
            if value != counter + 1 and not (fresh and value == 1):
                line = items.nodes[position].line + 1
                found, wanted = (write_number(items.family, n) for n in (value, counter + 1))
                slips.append((position, f"line {line}: {version} label {found}, not {wanted}"))
                # The labels after a slip count on from it, or as if it had not been.
                following = values[k + 1][1] if k + 1 < len(values) else 0
                counter = value if following == value + 1 else counter + 1
            else:
                counter = value
    return slips


def _version_numbers(
    items: NumberedList, path: Sequence[int], version: str
) -> list[tuple[int, int, bool]]:
    """Return position and number of each item of a version, and whether a heading stands before."""
    numbers = []
    fresh = False
    for position, (node, choice) in enumerate(zip(items.nodes, path, strict=True)):
        reading = node.label.readings[choice]
        value = reading.old if version == "old" else reading.new
        fresh = fresh or node.after_break
        if value is not None:
            numbers.append((position, value, fresh))
            fresh = False
    return numbers
