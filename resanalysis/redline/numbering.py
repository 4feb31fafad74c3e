"""What the numbering of lists proves: which lines stand in the old version, the new, or both."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Literal

from resanalysis.labels import write_number
from resanalysis.redline.counting import Live, live_in
from resanalysis.redline.lists import Node, NumberedList, build_lists
from resanalysis.redline.places import (
    LIKELY,
    Certainty,
    Place,
    PlaceReading,
    Span,
    find_tail,
    settle_end,
    split_lines,
)
from resanalysis.redline.solver import Solver

_PROVEN = 0.99
_MIN_WEIGHT = 0.01  # alternatives below this weight are not listed
_MAX_READINGS = 5


def read_numbering(text: str) -> list[Place]:
    """Return the marks that the numbering of each list implies, and its other labellings.

    Parameters
    ----------
    text : str
        The flattened text.

    Returns
    -------
    list of Place
        Places with rule `numbering`, one per stretch of a list between headings; a list inside an
        item that stands in both versions has its own place, else it is part of the item's. Where
        readings of two places overlap, because one takes a whole item, the whole item prevails. A
        span covers the characters of a label, or a whole line with its line break. Its certainty
        is `proven` at a posterior of .99 or more. Slips of the numbering are named in the place's
        note.
    """
    reader = _Reader(text)
    for items in build_lists([line for _, line in reader.lines]):
        reader.read_list(items, required=False, given=1.0)
    in_force = [span for place in reader.places for span in place.readings[0].spans]
    tail = find_tail(in_force, text)
    places = []
    for place in reader.places:
        first, *others = place.readings
        settled = replace(first, spans=settle_end(first.spans, text, tail))
        places.append(replace(place, readings=(settled, *others)))
    return sorted(places, key=lambda place: place.readings[0].spans[0].start)


class _Reader:
    """Collects the places of all lists of one text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.lines = split_lines(text)
        self.solver = Solver([line for _, line in self.lines])
        self.places: list[Place] = []

    def read_list(self, items: NumberedList, *, required: bool, given: float) -> None:
        """Add the places of a list whose line above stands in both versions, as sure as `given`."""
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
                if live == "both":
                    self._read_children(node, given * sure)
                else:
                    spans += self._mark_children(node, live, given * sure)
            if all(s.op == "equal" and s.confidence >= _PROVEN for s in spans) and not notes:
                continue
            first = PlaceReading(labellings[0][1], tuple(spans))
            others = [
                PlaceReading(weight, self._mark_labelling(stretch, labelling, path[begin:end]))
                for labelling, weight in labellings[1:]
            ]
            self.places.append(Place("numbering", (first, *others), "; ".join(notes)))

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

    # --- spans ---

    def _mark_line(self, node: Node, choice: int, live: Live, confidence: float) -> list[Span]:
        """Return the spans of one line under one reading of its label, paragraphs included."""
        reading = node.label.readings[choice]
        start, _ = self.lines[node.line]
        confidence = min(confidence, 1.0)
        certainty: Certainty = (
            "proven"
            if confidence >= _PROVEN
            else "likely"
            if confidence >= LIKELY
            else "undecidable"
        )
        here = live_in(reading) if live == "both" else live
        if here == "both":
            if node.label.family == "bullet":
                return []
            marks = reading.marks or ((0, node.label.end, "equal"),)
            return [Span(start + a, start + b, op, certainty, confidence) for a, b, op in marks]
        op: Literal["delete", "insert"] = "delete" if here == "old" else "insert"
        spans = []
        for index in [node.line, *node.paragraphs]:
            begin, body = self.lines[index]
            end = min(begin + len(body) + 1, len(self.text))
            spans.append(Span(begin, end, op, certainty, confidence))
        return spans

    def _mark_children(self, node: Node, live: Live, given: float) -> list[Span]:
        """Return the spans of the lists under a line, by the best labelling of each."""
        spans: list[Span] = []
        for i, items in enumerate(node.lists):
            required = i == 0 and self.solver.requires_children(node)
            path = self.solver.find_best(items, live, required=required)
            for inner, choice in zip(items.nodes, path, strict=True):
                here = live_in(inner.label.readings[choice]) if live == "both" else live
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
            live = live_in(node.label.readings[choice])
            if live != "both" or live_in(node.label.readings[best]) != "both":
                spans += self._mark_children(node, live, 1.0)
        return settle_end(spans, self.text)


def _rate(node: Node, choice: int, posterior: Mapping[int, float]) -> tuple[float, float]:
    """Return the probability of a reading's spans, and that of the versions it lives in."""
    here = live_in(node.label.readings[choice])
    sure = sum(p for r, p in posterior.items() if live_in(node.label.readings[r]) == here)
    return (posterior[choice] if here == "both" else sure), sure


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
