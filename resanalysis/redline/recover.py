"""From one flattened text to segments: the machine's proposals, then the readers' decisions."""

from __future__ import annotations

import tomllib
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from itertools import groupby
from typing import Any

from resanalysis.labels import read_labels
from resanalysis.model import Op
from resanalysis.redline import wording
from resanalysis.redline.marks import Mark, fit_marks
from resanalysis.redline.numbering import read_numbering
from resanalysis.redline.places import (
    LIKELY,
    Certainty,
    Place,
    PlaceReading,
    Span,
    settle_end,
    split_lines,
)
from resanalysis.redline.segments import Redline, make_redline

UNCERTAIN_WEIGHT = 2 / 3
"""Weight of a decision that its reader calls uncertain; the other readings share the rest.

A convention (two to one), not a measurement: readers mark an uncertain place, they do not weigh it.
"""


@cache
def read_rates() -> Mapping[str, Any]:
    """Return how often each rule was right on real revision pairs, as shipped with the package."""
    data = resources.files("resanalysis").joinpath("data", "recovery.toml").read_text("utf-8")
    return tomllib.loads(data)


def _confidence(rule: str) -> float:
    """Return the rule's rate, drawn towards the rate of all rules by the weight of two places."""
    rules = read_rates()["rules"]
    rate = rules[rule]
    right, places = (sum(r[key] for r in rules.values()) for key in ("right", "places"))
    return float(rate["right"] + 2 * right / places) / float(rate["places"] + 2)


def recover_versions(
    text: str,
    *,
    cut: Callable[[str], list[str]],
    decisions: str | None = None,
    corpus: str = "",
    decisions_name: str = "decisions.critic.txt",
) -> Redline:
    r"""Return both versions inside a flattened text, each run of it with how sure it is.

    Parameters
    ----------
    text : str
        The flattened text: deleted and inserted text side by side, unmarked.
    cut : callable
        Segments a Chinese string into words whose concatenation is the string.
    decisions : str, optional
        The same text in CriticMarkup with readers' decisions; they override the machine, whose
        proposal stays in the `proposed_` columns.
    corpus : str
        Id written into the tables.
    decisions_name : str
        File name of the decisions, for messages.

    Returns
    -------
    Redline
        Segments, alternatives and notes.

    Raises
    ------
    InputError
        When the decisions are malformed or do not fit the text.

    Examples
    --------
    >>> redline = recover_versions("a)\t甲；\nb)\t乙；\ncb)\t丙。\n", cut=list)
    >>> redline.text("old"), redline.text("new")
    ('a)\t甲；\nb)\t乙；\nc)\t丙。\n', 'a)\t甲；\nb)\t丙。\n')
    """
    marks = [] if decisions is None else fit_marks(decisions, text, name=decisions_name)
    layout = _lay_out(text, _propose(text, cut), marks)
    rows = _segment_rows(text, layout, marks)
    alternatives = [*_machine_alternatives(layout), *_decided_alternatives(layout, marks)]
    notes = tuple(place.note for place in layout.places if place.note)
    return make_redline(text, rows, alternatives, notes=notes, corpus=corpus)


# --- proposals ----------------------------------------------------------------------------------


def _propose(text: str, cut: Callable[[str], list[str]]) -> list[Place]:
    """Return the places of all rules, none overlapping another, in the order of the text."""
    places = read_numbering(text)
    taken = bytearray(len(text))
    for span in (span for place in places for span in place.readings[0].spans):
        taken[span.start : span.end] = b"\1" * (span.end - span.start)
    # A line of one version is taken from end to end: there the wording tells nothing more.
    lines = [
        (start, line)
        for start, line in split_lines(text)
        if not line or not all(taken[start : start + len(line)])
    ]
    candidates = _rewritten(lines, text)
    for start, line in lines:
        body = max((label.end for label in read_labels(line)), default=0)
        candidates += _inside(line[body:], start + body, cut)
    for place in candidates:
        begin, end = _extent(place)
        if not any(taken[begin:end]):
            taken[begin:end] = b"\1" * (end - begin)
            places.append(place)
    return sorted(places, key=_extent)


def _extent(place: Place) -> tuple[int, int]:
    """Return where the first span of any reading begins, and where the last one ends."""
    spans = [span for reading in place.readings for span in reading.spans]
    return min(span.start for span in spans), max(span.end for span in spans)


def _inside(line: str, offset: int, cut: Callable[[str], list[str]]) -> list[Place]:
    """Return the places inside one line, the most reliable rules first."""
    words = cut(line)
    found: list[tuple[str, Iterable[wording.Candidate]]] = [
        ("dated_places", wording.find_dated_places(line)),
        ("glued_years", wording.find_glued_years(line)),
        ("glued_sessions", wording.find_glued_sessions(line)),
        ("merged_numerals", wording.find_merged_numerals(line)),
        ("glued_quantities", wording.find_glued_quantities(line)),
        ("doubled_punctuation", wording.find_doubled_punctuation(line)),
        ("doubled_conjunctions", wording.find_doubled_conjunctions(words)),
        ("parallel_phrases", wording.find_parallel_phrases(words)),
    ]
    return [
        _place(rule, [[(a + offset, b + offset, op) for a, b, op in r] for r in candidate])
        for rule, candidates in found
        for candidate in candidates
    ]


def _rewritten(lines: Sequence[tuple[int, str]], text: str) -> list[Place]:
    """Return neighbouring lines without numbers where one is a rewriting of the other."""
    free = [
        line if _is_free(line, [label.family for label in read_labels(line)]) else ""
        for _, line in lines
    ]
    places = []
    for i, j in wording.find_rewritten_lines(free):
        first, second = (
            (start, min(start + len(line) + 1, len(text))) for start, line in (lines[i], lines[j])
        )
        readings: list[list[tuple[int, int, Op]]] = [
            [(*first, "delete"), (*second, "insert")],
            [(*first, "insert"), (*second, "delete")],
        ]
        place = _place("rewritten_lines", readings)
        settled = [replace(r, spans=settle_end(r.spans, text)) for r in place.readings]
        places.append(replace(place, readings=tuple(settled)))
    return places


def _is_free(line: str, families: Sequence[str]) -> bool:
    """Whether the line has a bullet, or has no label and ends as a sentence does."""
    return families == ["bullet"] or (not families and line.rstrip()[-1:] in tuple("，；。"))


def _place(rule: str, candidates: Sequence[Sequence[tuple[int, int, Op]]]) -> Place:
    """Return a place with the rule's measured confidence; the rest goes to the other readings."""
    confidence = _confidence(rule)
    begin = min(a for a, _, _ in candidates[0])
    end = max(b for _, b, _ in candidates[0])
    others: list[Sequence[tuple[int, int, Op]]] = [*candidates[1:], [(begin, end, "equal")]]
    certainty: Certainty = "likely" if confidence >= LIKELY else "undecidable"
    readings = []
    for i, spans in enumerate([candidates[0], *others]):
        weight = confidence if i == 0 else (1 - confidence) / len(others)
        readings.append(
            PlaceReading(weight, tuple(Span(a, b, op, certainty, confidence) for a, b, op in spans))
        )
    return Place(rule, tuple(readings))


# --- places and marks laid over the text ---------------------------------------------------------


@dataclass(frozen=True)
class _Layout:
    """Places and marks laid over the text.

    Attributes
    ----------
    places : list of Place
        In the order of the text.
    groups : list of str
        Id of each place.
    spans : list of (int, Span)
        Every span in force with the number of its place.
    owner, decided : list of int
        For each character the number of its span, and of its mark; -1 where there is none.
    """

    places: list[Place]
    groups: list[str]
    spans: list[tuple[int, Span]]
    owner: list[int]
    decided: list[int]


def _lay_out(text: str, places: list[Place], marks: Sequence[Mark]) -> _Layout:
    begins = [start for start, _ in split_lines(text)]
    groups = []
    spans: list[tuple[int, Span]] = []
    owner, decided = [-1] * len(text), [-1] * len(text)
    for number, place in enumerate(places):
        start, _ = _extent(place)
        line = bisect_right(begins, start)
        groups.append(f"{place.rule}:{line}:{start - begins[line - 1] + 1}")
        for span in place.readings[0].spans:
            owner[span.start : span.end] = [len(spans)] * (span.end - span.start)
            spans.append((number, span))
    for number, mark in enumerate(marks):
        decided[mark.start : mark.end] = [number] * (mark.end - mark.start)
    return _Layout(places, groups, spans, owner, decided)


# --- segments -----------------------------------------------------------------------------------


def _segment_rows(text: str, layout: _Layout, marks: Sequence[Mark]) -> list[dict[str, Any]]:
    touched = _touched_places(layout, marks)
    kept = read_rates()["kept"]
    nothing = Span(0, 0, "equal", "likely", kept["right"] / kept["characters"])
    rows = []
    start = 0
    for (owner, decided), run in groupby(zip(layout.owner, layout.decided, strict=True)):
        end = start + len(list(run))
        number, span = layout.spans[owner] if owner >= 0 else (-1, nothing)
        proposal = {"op": span.op, "certainty": span.certainty, "confidence": span.confidence}
        row: dict[str, Any] = {
            "start": start,
            "end": end,
            "text": text[start:end],
            **proposal,
            "rule": layout.places[number].rule if number >= 0 else "none",
            **{f"proposed_{name}": value for name, value in proposal.items()},
            "group": layout.groups[number] if number >= 0 else "",
            "decided_by": "",
            "reason": "",
            "changed_by": "",
            "changed_at": "",
        }
        mark = marks[decided] if decided >= 0 else None
        if mark is None and span.op != "equal" and number in touched:
            part = touched[number]
            mark = replace(part, op="equal", reason=f"rest of this place: {part.reason}")
        if mark is not None:
            row |= {
                "op": mark.op,
                "certainty": "decided",
                "confidence": 1.0 if mark.sure == "certain" else UNCERTAIN_WEIGHT,
                "group": mark.id,
                "decided_by": mark.coder or "unnamed",
                "reason": mark.reason,
            }
        rows.append(row)
        start = end
    return rows


def _touched_places(layout: _Layout, marks: Sequence[Mark]) -> dict[int, Mark]:
    """Return the places of wording that a reader decided in part, with the first such mark.

    Such a place is the reader's: what the reader left unmarked of it stands in both versions.
    """
    touched: dict[int, Mark] = {}
    for number, span in layout.spans:
        if layout.places[number].rule != "numbering":
            for decided in layout.decided[span.start : span.end]:
                if decided >= 0:
                    touched.setdefault(number, marks[decided])
    return touched


# --- alternatives -------------------------------------------------------------------------------


def _machine_alternatives(layout: _Layout) -> list[dict[str, Any]]:
    """Return the readings of every undecided place that has more than one."""
    rows = []
    for group, place in zip(layout.groups, layout.places, strict=True):
        spans = [span for reading in place.readings for span in reading.spans]
        if len(place.readings) < 2 or any(
            decided >= 0 for span in spans for decided in layout.decided[span.start : span.end]
        ):
            continue
        for number, reading in enumerate(place.readings, start=1):
            rows += [
                _alternative(group, number, reading.weight, s.start, s.end, s.op)
                for s in reading.spans
            ]
    return rows


def _alternative(
    group: str, reading: int, weight: float, start: int, end: int, op: Op
) -> dict[str, Any]:
    return {
        "group": group, "reading": reading, "weight": weight, "start": start, "end": end, "op": op,
    }  # fmt: skip


def _decided_alternatives(layout: _Layout, marks: Sequence[Mark]) -> list[dict[str, Any]]:
    """Return the readings of every place whose decision is uncertain.

    Beside the decision: what the machine proposed; for a substitution the other direction; for a
    lone insertion or deletion that the text is in both; for kept text that it was inserted, or
    deleted.
    """
    doubtful = {mark.id for mark in marks if mark.sure == "uncertain"}
    places: dict[str, list[Mark]] = {}
    for mark in marks:
        if mark.id in doubtful:
            places.setdefault(mark.id, []).append(mark)
    rows = []
    for group, own in places.items():
        decision = tuple(mark.op for mark in own)
        others = [ops for ops in dict.fromkeys(_other_readings(own, layout)) if ops != decision]
        for number, ops in enumerate([decision, *others], start=1):
            weight = UNCERTAIN_WEIGHT if number == 1 else (1 - UNCERTAIN_WEIGHT) / len(others)
            rows += [
                _alternative(group, number, weight, mark.start, mark.end, op)
                for mark, op in zip(own, ops, strict=True)
            ]
    return rows


def _other_readings(own: Sequence[Mark], layout: _Layout) -> list[tuple[Op, ...]]:
    proposed = tuple(_proposed_op(mark, layout) for mark in own)
    others = [] if set(proposed) == {"equal"} else [proposed]
    ops = {mark.op for mark in own}
    if ops >= {"delete", "insert"}:
        swap: dict[Op, Op] = {"delete": "insert", "insert": "delete", "equal": "equal"}
        others.append(tuple(swap[mark.op] for mark in own))
    elif ops == {"equal"}:
        others += [_uniform("insert", own), _uniform("delete", own)]
    else:
        others.append(_uniform("equal", own))
    return others


def _proposed_op(mark: Mark, layout: _Layout) -> Op:
    """Return the operation that the machine proposed for most of a mark's characters."""
    owners = layout.owner[mark.start : mark.end]
    counts = Counter[Op]("equal" if i < 0 else layout.spans[i][1].op for i in owners)
    return counts.most_common(1)[0][0]


def _uniform(op: Op, own: Sequence[Mark]) -> tuple[Op, ...]:
    return tuple(op for _ in own)
