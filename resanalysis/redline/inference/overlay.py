"""The machine's places and the readers' decisions laid over the text: segments and alternatives."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from resanalysis.model import Op
from resanalysis.redline.inference.places import (
    LIKELY,
    Certainty,
    Place,
    PlaceReading,
    Span,
    find_extent,
    split_lines,
)
from resanalysis.redline.marks.decisions import Mark

UNCERTAIN_WEIGHT = 2 / 3
"""Weight of a decision that its reader calls uncertain; the other readings share the rest.

A convention (two to one), not a measurement: readers mark an uncertain place, they do not weigh it.
"""

Rows = list[dict[str, Any]]


def lay_over(
    text: str, places: Sequence[Place], marks: Sequence[Mark], *, kept: float
) -> tuple[Rows, Rows]:
    """Return the rows of `segments` and of `alternatives`, without the corpus.

    Decisions hold where they are taken. Of a place that is decided in part, the readings that agree
    with the decision remain, weighed anew. Where none does, a place of wording is the reader's as a
    whole: what was left unmarked of it stands in both versions; the labels of a list keep what the
    numbering says.

    Parameters
    ----------
    text : str
        The flattened text.
    places : sequence of Place
        In the order of the text.
    marks : sequence of Mark
        The decisions.
    kept : float
        Confidence of text that nothing speaks against.
    """
    decided: list[int] = [-1] * len(text)
    for number, mark in enumerate(marks):
        decided[mark.start : mark.end] = [number] * (mark.end - mark.start)
    doubtful = {mark.id for mark in marks if mark.sure == "uncertain"}
    standing = _drop_inner(
        len(text), places, [_condition(place, marks, decided) for place in places]
    )
    groups = _name_groups(text, places, {mark.id for mark in marks})
    proposed = _own(text, [place.readings[0].spans for place in places])
    in_force = _own(text, [after.spans for after in standing])
    nothing = Span(0, 0, "equal", "likely", kept)
    rows: Rows = []
    start = 0
    keys = zip(proposed.owner, in_force.owner, decided, strict=True)
    for (first, now, mark_number), run in groupby(keys):
        end = start + sum(1 for _ in run)
        number, span = in_force.spans[now] if now >= 0 else (-1, nothing)
        place_number, proposal = proposed.spans[first] if first >= 0 else (-1, nothing)
        row: dict[str, Any] = {
            "start": start,
            "end": end,
            "text": text[start:end],
            "op": span.op,
            "certainty": span.certainty,
            "confidence": span.confidence,
            "rule": places[place_number].rule if place_number >= 0 else "none",
            "proposed_op": proposal.op,
            "proposed_certainty": proposal.certainty,
            "proposed_confidence": proposal.confidence,
            "group": groups[number] if number >= 0 else "",
            "decided_by": "",
            "reason": "",
            "changed_by": "",
            "changed_at": "",
        }
        if mark_number >= 0:
            mark = marks[mark_number]
            row |= {"op": mark.op, "group": mark.id, **_decision(mark, mark.reason, doubtful)}
        elif number < 0 and place_number >= 0 and (rest := standing[place_number].rest) is not None:
            row |= {
                "op": "equal",
                **_decision(rest, f"rest of this place: {rest.reason}", doubtful),
            }
        rows.append(row)
        start = end
    alternatives = [
        _alternative(group, number, reading.weight, start, end, s.op)
        for group, after in zip(groups, standing, strict=True)
        if len(after.readings) > 1
        for number, reading in enumerate(after.readings, start=1)
        for s in reading.spans
        for start, end in _undecided(s, decided)
    ]
    return rows, alternatives + _decided_alternatives(marks, doubtful, proposed)


def _decision(mark: Mark, reason: str, doubtful: set[str]) -> dict[str, Any]:
    return {
        "certainty": "decided",
        "confidence": UNCERTAIN_WEIGHT if mark.id in doubtful else 1.0,
        "decided_by": mark.coder or "unnamed",
        "reason": reason,
    }


def _name_groups(text: str, places: Sequence[Place], taken: set[str]) -> list[str]:
    """Return an id for each place, by rule, line and column, that no reader's place has."""
    begins = [start for start, _ in split_lines(text)]
    groups = []
    for place in places:
        start, _ = find_extent(place)
        line = bisect_right(begins, start)
        name = f"{place.rule}:{line}:{start - begins[line - 1] + 1}"
        groups.append(f"{name}:rest" if name in taken else name)
    return groups


# --- places after decisions ---------------------------------------------------------------------


@dataclass(frozen=True)
class _Standing:
    """What decisions leave of a place.

    Attributes
    ----------
    readings : tuple of PlaceReading
        What is still open, the one in force first; empty where the reader's decision is all.
    rest : Mark or None
        The decision that speaks for what it left unmarked.
    """

    readings: tuple[PlaceReading, ...]
    rest: Mark | None = None

    @property
    def spans(self) -> tuple[Span, ...]:
        return self.readings[0].spans if self.readings else ()


def _condition(place: Place, marks: Sequence[Mark], decided: Sequence[int]) -> _Standing:
    """Return the readings of a place that agree with the decisions inside it."""
    begin, end = find_extent(place)
    touched = [i for i in range(begin, end) if decided[i] >= 0]
    spans = [span for reading in place.readings for span in reading.spans]
    inside = sorted(
        {
            i
            for s in spans
            for i in touched[bisect_left(touched, s.start) : bisect_left(touched, s.end)]
        }
    )
    if not inside:
        return _Standing(place.readings)
    ops: dict[int, Op] = {i: marks[decided[i]].op for i in inside}
    agreeing = [reading for reading in place.readings if _agrees(reading, inside, ops)]
    if agreeing:
        total = sum(reading.weight for reading in agreeing)
        weighed = [replace(reading, weight=reading.weight / total) for reading in agreeing]
        if agreeing[0] is not place.readings[0]:
            weighed[0] = _rate_anew(weighed[0])
        return _Standing(tuple(weighed))
    if place.rule == "numbering":
        return _Standing((replace(place.readings[0], weight=1.0),))
    return _Standing((), marks[decided[inside[0]]])


def _drop_inner(
    length: int, places: Sequence[Place], standing: Sequence[_Standing]
) -> list[_Standing]:
    """Return what stands after lines that a decision put into one version took places inside."""
    taken = bytearray(length)
    for place, after in zip(places, standing, strict=True):
        if after.readings and after.readings[0].spans is not place.readings[0].spans:
            for span in after.spans:
                if span.op != "equal":
                    taken[span.start : span.end] = b"\1" * (span.end - span.start)
    kept = []
    for place, after in zip(places, standing, strict=True):
        begin, end = find_extent(place)
        changed = after.readings and after.readings[0].spans is not place.readings[0].spans
        inner = place.rule not in ("numbering", "paragraphs") and all(taken[begin:end])
        kept.append(_Standing(()) if inner and not changed and not after.rest else after)
    return kept


def _undecided(span: Span, decided: Sequence[int]) -> list[tuple[int, int]]:
    """Return the parts of a span that no reader decided: those places are the readers'."""
    parts: list[tuple[int, int]] = []
    for free, run in groupby(range(span.start, span.end), key=lambda i: decided[i] < 0):
        if free:
            offsets = list(run)
            parts.append((offsets[0], offsets[-1] + 1))
    return parts


def _agrees(reading: PlaceReading, offsets: Sequence[int], ops: Mapping[int, Op]) -> bool:
    """Whether no span of a reading says other than the decisions, at these offsets, in order.

    A decision on a part of a span of one version speaks against it: who marks words inside a line
    takes the line to stand in both.
    """
    for span in reading.spans:
        inside = offsets[bisect_left(offsets, span.start) : bisect_left(offsets, span.end)]
        if any(ops[i] != span.op for i in inside):
            return False
        if inside and span.op != "equal" and len(inside) < span.end - span.start:
            return False
    return True


def _rate_anew(reading: PlaceReading) -> PlaceReading:
    """Return a reading that a decision brought into force, as sure as its weight."""
    certainty: Certainty = "likely" if reading.weight >= LIKELY else "undecidable"
    spans = [replace(s, certainty=certainty, confidence=reading.weight) for s in reading.spans]
    return replace(reading, spans=tuple(spans))


@dataclass(frozen=True)
class _Ownership:
    """Which span each character belongs to.

    Attributes
    ----------
    spans : list of (int, Span)
        Every span with the number of its place.
    owner : list of int
        For each character the number of its span; -1 where there is none.
    """

    spans: list[tuple[int, Span]]
    owner: list[int]


def _own(text: str, spans_of: Sequence[Sequence[Span]]) -> _Ownership:
    spans: list[tuple[int, Span]] = []
    owner = [-1] * len(text)
    for number, own in enumerate(spans_of):
        for span in own:
            owner[span.start : span.end] = [len(spans)] * (span.end - span.start)
            spans.append((number, span))
    return _Ownership(spans, owner)


# --- alternatives of uncertain decisions ---------------------------------------------------------


def _alternative(
    group: str, reading: int, weight: float, start: int, end: int, op: Op
) -> dict[str, Any]:
    return {
        "group": group, "reading": reading, "weight": weight, "start": start, "end": end, "op": op,
    }  # fmt: skip


def _decided_alternatives(marks: Sequence[Mark], doubtful: set[str], proposed: _Ownership) -> Rows:
    """Return the readings of every place whose decision is uncertain.

    Beside the decision: what the machine proposed; for a substitution the other direction; for a
    lone insertion or deletion that the text is in both; for kept text that it was inserted, or
    deleted.
    """
    places: dict[str, list[Mark]] = {}
    for mark in marks:
        if mark.id in doubtful:
            places.setdefault(mark.id, []).append(mark)
    rows: Rows = []
    for group, own in places.items():
        offsets = [i for mark in own for i in range(mark.start, mark.end)]
        decision: list[Op] = [mark.op for mark in own for _ in range(mark.start, mark.end)]
        machine: list[Op] = [
            proposed.spans[k][1].op if (k := proposed.owner[i]) >= 0 else "equal" for i in offsets
        ]
        machines = [machine] if set(machine) != {"equal"} else []
        others = [ops for ops in (*machines, *_turned(decision)) if ops != decision]
        unique = [ops for i, ops in enumerate(others) if ops not in others[:i]]
        for number, ops in enumerate([decision, *unique], start=1):
            weight = UNCERTAIN_WEIGHT if number == 1 else (1 - UNCERTAIN_WEIGHT) / len(unique)
            rows += [
                _alternative(group, number, weight, start, end, op)
                for start, end, op in _runs(offsets, ops)
            ]
    return rows


def _turned(decision: Sequence[Op]) -> list[list[Op]]:
    """Return the other readings that a decision itself suggests."""
    ops = set(decision)
    if ops >= {"delete", "insert"}:
        swap: Mapping[Op, Op] = {"delete": "insert", "insert": "delete", "equal": "equal"}
        return [[swap[op] for op in decision]]
    whole: tuple[Op, ...] = ("insert", "delete") if ops == {"equal"} else ("equal",)
    return [[op] * len(decision) for op in whole]


def _runs(offsets: Sequence[int], ops: Sequence[Op]) -> list[tuple[int, int, Op]]:
    """Return the maximal runs of one operation over consecutive offsets."""
    runs: list[tuple[int, int, Op]] = []
    for offset, op in zip(offsets, ops, strict=True):
        if runs and runs[-1][1] == offset and runs[-1][2] == op:
            runs[-1] = (runs[-1][0], offset + 1, op)
        else:
            runs.append((offset, offset + 1, op))
    return runs
