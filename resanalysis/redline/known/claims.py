"""What a known version proves and bears out, laid over the text it was found in."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from resanalysis.model import Op, Version
from resanalysis.redline.inference.places import LIKELY, Certainty, split_lines
from resanalysis.redline.known.ambiguity import Ambiguity
from resanalysis.redline.known.replaced import (
    Span,
    find_replaced_labels,
    find_replaced_lines,
    find_replaced_phrases,
    find_replaced_units,
)
from resanalysis.redline.segments import Redline

RULE = "known-version"

FITS = 0.8
"""Share of a place's characters that must stand where a reading says, for it to be kept."""

KEPT = 0.99
"""Confidence of the machine's places that the known version bears out."""

REPLACED = {"label": 0.99, "unit": 0.91, "line": 0.99, "phrase": 0.66}
"""Confidences of what is replaced.

They and the one above are the shares of characters that were right on 24 pairs of Chinese laws.
Lines and phrases are what is left when the machine's places have been taken.
"""

_SWAP: dict[Op, Op] = {"delete": "insert", "insert": "delete", "equal": "equal"}


@dataclass(frozen=True)
class Claim:
    """What is held of some characters: an operation, how sure, by which rule, at which place."""

    op: Op
    rule: str
    certainty: Certainty
    confidence: float
    group: str = ""


Marks = tuple[tuple[int, int, Op], ...]
"""Spans of the text and what a reading says of them."""


class Claims:
    """Claims laid over the characters of a text, none over another.

    Characters outside the known version are the other version's; the rest is in both versions
    until something is known to replace it.
    """

    def __init__(
        self, text: str, version: Version, inside: Iterable[Span], machine: Redline
    ) -> None:
        self.text = text
        self.version = version
        self.own: Op = "delete" if version == "old" else "insert"
        self.other: Op = _SWAP[self.own]
        self.outside = [True] * len(text)
        for start, end in inside:
            self.outside[start:end] = [False] * (end - start)
        self.alternatives: list[dict[str, Any]] = []
        self._begins = [start for start, _ in split_lines(text)]
        proven = Claim(self.other, RULE, "proven", 1.0)
        self.claims: list[Claim] = []
        rows: list[Any] = list(machine.segments.itertuples())
        for row in rows:
            # The machine's doubt of what it keeps is also doubt of what stands inside.
            sure = row.proposed_confidence if row.proposed_op == "equal" else 0.5
            certainty: Certainty = "likely" if sure >= LIKELY else "undecidable"
            kept = Claim("equal", "none", certainty, sure)
            self.claims += [
                proven if self.outside[i] else kept for i in range(int(row.start), int(row.end))
            ]

    @property
    def runs(self) -> list[Span]:
        """The spans outside the known version."""
        runs, start = [], 0
        for out, group in groupby(self.outside):
            end = start + len(list(group))
            if out:
                runs.append((start, end))
            start = end
        return runs

    def take_places(self, machine: Redline) -> int:
        """Take the places of the machine that the known version bears out; return how many fell."""
        dropped = 0
        for rule, readings in _read_places(machine):
            options = [*readings, *(tuple((a, b, _SWAP[op]) for a, b, op in r) for r in readings)]
            fit, best = max(
                ((self._fit(marks), -k) for k, marks in enumerate(options)), default=(0.0, 0)
            )
            if fit < FITS:
                dropped += 1
                continue
            marks = options[-best]
            self._claim([(a, b) for a, b, op in marks if op == self.own], rule, KEPT)
        return dropped

    def take_replaced_units(self) -> None:
        """Take the labels, numbers, brackets and titles that stand beside another one."""
        text, outside, version = self.text, self.outside, self.version
        for span in find_replaced_labels(text, outside, version):
            self._claim([span], f"{RULE}-label", REPLACED["label"])
        for span in find_replaced_units(text, self.runs, outside, version):
            self._claim([span], f"{RULE}-unit", REPLACED["unit"])

    def take_reworded(self, cut: Callable[[str], list[str]]) -> None:
        """Take the lines and phrases that stand beside a rewording of themselves."""
        for span in find_replaced_lines(self.text, self.outside):
            self._claim([span], f"{RULE}-line", REPLACED["line"])
        for span in find_replaced_phrases(self.text, self.runs, self.outside, self.version, cut):
            self._claim([span], f"{RULE}-phrase", REPLACED["phrase"])

    def take_ambiguities(self, ambiguities: Sequence[Ambiguity]) -> int:
        """Write the readings of every stretch that has several; return how many there are.

        A stretch all of whose characters inside are in both versions gives the same two texts
        however the known version is laid into it, and stays proven.
        """
        count = 0
        for place in ambiguities:
            own = [i for i in range(place.start, place.end) if self.claims[i].op == self.own]
            if place.harmless or not own:
                continue
            count += 1
            self._write_readings(place)
        return count

    def rows(self) -> list[dict[str, Any]]:
        """Return the rows of `segments`."""
        rows = []
        start = 0
        for claim, group in groupby(self.claims):
            end = start + len(list(group))
            held = {
                "op": claim.op,
                "certainty": claim.certainty,
                "confidence": claim.confidence,
            }
            rows.append(
                {
                    "start": start,
                    "end": end,
                    "text": self.text[start:end],
                    **held,
                    "rule": claim.rule,
                    **{f"proposed_{name}": value for name, value in held.items()},
                    "group": claim.group,
                    "decided_by": "",
                    "reason": "",
                    "changed_by": "",
                    "changed_at": "",
                }
            )
            start = end
        return rows

    def _fit(self, marks: Marks) -> float:
        """Return the share of the characters marked that stand where the marks say."""
        changed = [(a, b, op) for a, b, op in marks if op != "equal"]
        size = sum(b - a for a, b, _ in changed)
        right = sum(
            self.outside[i] == (op == self.other) for a, b, op in changed for i in range(a, b)
        )
        return right / size if size else 0.0

    def _claim(self, spans: Sequence[Span], rule: str, confidence: float) -> None:
        """Claim for the known version alone what of the spans is inside it and still free."""
        free = [
            i
            for a, b in spans
            for i in range(a, b)
            if not self.outside[i] and self.claims[i].op == "equal"
        ]
        if not free:
            return
        group = self._name(rule, free[0])
        for i in free:
            self.claims[i] = Claim(self.own, rule, "likely", confidence, group)
        for start, end in _join(free):
            self._add_reading(group, 1, confidence, start, end, self.own)
            self._add_reading(group, 2, 1 - confidence, start, end, "equal")

    def _write_readings(self, place: Ambiguity) -> None:
        group = self._name(RULE, place.start)
        touched = {claim.group for claim in self.claims[place.start : place.end]} - {""}
        ops = [self._ops(place, reading.outside) for reading in place.readings]
        for k, i in enumerate(range(place.start, place.end)):
            held = self.claims[i]
            agreeing = sum(
                reading.weight
                for reading, own in zip(place.readings, ops, strict=True)
                if own[k] == held.op
            )
            sure = min(agreeing, held.confidence)
            certainty: Certainty = "likely" if sure >= LIKELY else "undecidable"
            self.claims[i] = Claim(held.op, RULE, certainty, sure, group)
        for number, (reading, own) in enumerate(zip(place.readings, ops, strict=True), start=1):
            start = place.start
            for op, run in groupby(own):
                end = start + len(list(run))
                self._add_reading(group, number, reading.weight, start, end, op)
                start = end
        # A place that the stretch cuts into stands or falls with the stretch now.
        self.alternatives = [row for row in self.alternatives if row["group"] not in touched]
        for i, claim in enumerate(self.claims):
            if claim.group in touched:
                self.claims[i] = Claim(claim.op, claim.rule, claim.certainty, claim.confidence)

    def _ops(self, place: Ambiguity, outside: Sequence[Span]) -> list[Op]:
        """Return the operations of a stretch in one reading.

        As many of its characters are of the known version only in every reading: the k-th
        character inside is what it is in the reading in force.
        """
        inside = [self.claims[i].op for i in range(place.start, place.end) if not self.outside[i]]
        waiting = iter(inside)
        out = {i for a, b in outside for i in range(a, b)}
        return [self.other if i in out else next(waiting) for i in range(place.start, place.end)]

    def _name(self, rule: str, start: int) -> str:
        line = bisect_right(self._begins, start)
        return f"{rule}:{line}:{start - self._begins[line - 1] + 1}"

    def _add_reading(
        self, group: str, reading: int, weight: float, start: int, end: int, op: Op
    ) -> None:
        self.alternatives.append(
            {
                "group": group,
                "reading": reading,
                "weight": weight,
                "start": start,
                "end": end,
                "op": op,
            }
        )


def _join(offsets: Sequence[int]) -> list[Span]:
    spans: list[Span] = []
    for i in offsets:
        if spans and spans[-1][1] == i:
            spans[-1] = (spans[-1][0], i + 1)
        else:
            spans.append((i, i + 1))
    return spans


def _read_places(machine: Redline) -> list[tuple[str, list[Marks]]]:
    """Return the machine's places: the rule of each and its readings, the one in force first."""
    rules: dict[str, str] = {}
    force: dict[str, list[tuple[int, int, Op]]] = defaultdict(list)
    segments: list[Any] = list(machine.segments.itertuples())
    for row in segments:
        if row.op != "equal":
            group = row.group or f"{row.rule}:{row.start}"
            rules[group] = str(row.rule)
            force[group].append((int(row.start), int(row.end), row.op))
    others: dict[str, dict[int, list[tuple[int, int, Op]]]] = {}
    alternatives: list[Any] = list(machine.alternatives.itertuples())
    for alternative in alternatives:
        readings = others.setdefault(str(alternative.group), defaultdict(list))
        readings[int(alternative.reading)].append(
            (int(alternative.start), int(alternative.end), alternative.op)
        )
    places = []
    for group, marks in force.items():
        more = [tuple(spans) for _, spans in sorted(others.get(group, {}).items())]
        places.append((rules[group], [tuple(marks), *more]))
    return places
