"""From one flattened text to segments: the machine's proposals, then the readers' decisions."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import Any

import pandas as pd

from resanalysis.labels import read_labels
from resanalysis.model import Op, make_table
from resanalysis.redline import wording
from resanalysis.redline.marks import Mark, fit_marks
from resanalysis.redline.numbering import read_numbering
from resanalysis.redline.places import Place, PlaceReading, Span, split_lines

UNCERTAIN_WEIGHT = 2 / 3
"""Weight of a decision that its reader calls uncertain; the other readings share the rest.

A convention (two to one), not a measurement: readers mark an uncertain place, they do not weigh it.
"""


@dataclass(frozen=True)
class Redline:
    """A flattened text taken apart.

    Attributes
    ----------
    segments, alternatives : DataFrame
        Columns as in `model.TABLES`. Joined segments are the source; equal and delete segments
        are the old text, equal and insert segments the new one.
    notes : tuple of str
        What the numbering shows to be slips in the source.
    """

    segments: pd.DataFrame
    alternatives: pd.DataFrame
    notes: tuple[str, ...]

    def text(self, version: str) -> str:
        """Return the old or the new version's text."""
        other = "insert" if version == "old" else "delete"
        return "".join(self.segments.loc[self.segments["op"] != other, "text"])


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
    >>> redline = recover_versions("a)\\t甲；\\nb)\\t乙；\\ncb)\\t丙。\\n", cut=list)
    >>> redline.text("old"), redline.text("new")
    ('a)\\t甲；\\nb)\\t乙；\\nc)\\t丙。\\n', 'a)\\t甲；\\nb)\\t丙。\\n')
    """
    marks = [] if decisions is None else fit_marks(decisions, text, name=decisions_name)
    places = _propose(text, cut)
    spans, owner = _lay_out(places, len(text))
    rows = _segment_rows(text, spans, owner, marks)
    groups = [(_group(text, place), place) for place in places]
    alternatives = [
        *_machine_alternatives(groups, marks),
        *_decided_alternatives(marks, spans, owner),
    ]
    segments = make_table("segments", [{"corpus": corpus, **row} for row in rows])
    if "".join(segments["text"]) != text:
        raise RuntimeError("segments do not give the source back")
    return Redline(
        segments,
        make_table("alternatives", [{"corpus": corpus, **row} for row in alternatives]),
        tuple(place.note for place in places if place.note),
    )


# --- proposals ----------------------------------------------------------------------------------


def _propose(text: str, cut: Callable[[str], list[str]]) -> list[Place]:
    """Return the places of all rules, none overlapping another, in the order of the text."""
    numbering = read_numbering(text)
    whole = [
        span
        for place in numbering
        for span in place.readings[0].spans
        if span.op != "equal" and "\n" in text[span.start : span.end]
    ]
    gone = {i for span in whole for i in range(span.start, span.end)}
    lines = [(start, line) for start, line in split_lines(text) if start not in gone]
    candidates = _rewritten(lines)
    for start, line in lines:
        body = max((label.end for label in read_labels(line)), default=0)
        candidates += _inside(line[body:], start + body, cut)
    taken = {
        i
        for place in numbering
        for span in place.readings[0].spans
        for i in range(span.start, span.end)
    }
    places = list(numbering)
    for place in candidates:
        extent = {i for r in place.readings for s in r.spans for i in range(s.start, s.end)}
        if not extent & taken:
            taken |= extent
            places.append(place)
    return sorted(places, key=_first)


def _first(place: Place) -> int:
    return min(span.start for reading in place.readings for span in reading.spans)


def _inside(line: str, offset: int, cut: Callable[[str], list[str]]) -> list[Place]:
    """Return the places inside one line, the most reliable rules first."""
    found: list[tuple[str, Iterable[wording.Candidate]]] = [
        ("dated_places", wording.find_dated_places(line)),
        ("glued_years", wording.find_glued_years(line)),
        ("glued_sessions", wording.find_glued_sessions(line)),
        ("merged_numerals", wording.find_merged_numerals(line)),
        ("glued_quantities", wording.find_glued_quantities(line)),
        ("doubled_punctuation", wording.find_doubled_punctuation(line)),
        ("doubled_conjunctions", wording.find_doubled_conjunctions(line, cut)),
        ("parallel_phrases", wording.find_parallel_phrases(line, cut)),
    ]
    return [
        _place(rule, [[(a + offset, b + offset, op) for a, b, op in r] for r in candidate])
        for rule, candidates in found
        for candidate in candidates
    ]


def _rewritten(lines: Sequence[tuple[int, str]]) -> list[Place]:
    """Return neighbouring lines without numbers where one is a rewriting of the other."""
    free = [
        line if _is_free(line, [label.family for label in read_labels(line)]) else ""
        for _, line in lines
    ]
    places = []
    for i, j in wording.find_rewritten_lines(free):
        (a, first), (b, second) = lines[i], lines[j]
        ends = (a + len(first) + 1, b + len(second) + 1)
        readings: list[list[tuple[int, int, Op]]] = [
            [(a, ends[0], "delete"), (b, ends[1], "insert")],
            [(a, ends[0], "insert"), (b, ends[1], "delete")],
        ]
        places.append(_place("rewritten_lines", readings))
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
    readings = []
    for i, spans in enumerate([candidates[0], *others]):
        weight = confidence if i == 0 else (1 - confidence) / len(others)
        certainty = "likely" if confidence >= 0.6 else "undecidable"
        readings.append(
            PlaceReading(weight, tuple(Span(a, b, op, certainty, confidence) for a, b, op in spans))
        )
    return Place(rule, tuple(readings))


def _group(text: str, place: Place) -> str:
    start = _first(place)
    line = text.count("\n", 0, start) + 1
    column = start - text.rfind("\n", 0, start)
    return f"{place.rule}:{line}:{column}"


def _lay_out(places: Sequence[Place], length: int) -> tuple[list[tuple[Place, Span]], list[int]]:
    """Return all spans in force, and for each character the index of its span (-1: none)."""
    spans: list[tuple[Place, Span]] = []
    owner = [-1] * length
    for place in places:
        for span in place.readings[0].spans:
            owner[span.start : span.end] = [len(spans)] * (span.end - span.start)
            spans.append((place, span))
    return spans, owner


# --- segments -----------------------------------------------------------------------------------


def _segment_rows(
    text: str, spans: Sequence[tuple[Place, Span]], owner: Sequence[int], marks: Sequence[Mark]
) -> list[dict[str, Any]]:
    decided = [-1] * len(text)
    for index, mark in enumerate(marks):
        decided[mark.start : mark.end] = [index] * (mark.end - mark.start)
    touched = _touched_places(spans, marks)
    kept = read_rates()["kept"]
    keep_rate = kept["right"] / kept["characters"]
    rows = []
    start = 0
    for end in range(1, len(text) + 1):
        here = (owner[start], decided[start])
        if end < len(text) and (owner[end], decided[end]) == here:
            continue
        row: dict[str, Any] = {"start": start, "end": end, "text": text[start:end]}
        if here[0] >= 0:
            place, span = spans[here[0]]
            proposal = (span.op, span.certainty, span.confidence)
            rule, group = place.rule, _group(text, place)
        else:
            proposal = ("equal", "likely", keep_rate)
            rule, group = "none", ""
        row |= dict(zip(("op", "certainty", "confidence"), proposal, strict=True))
        row |= {"rule": rule}
        row |= {f"proposed_{name}": row[name] for name in ("op", "certainty", "confidence")}
        row |= {"group": group, "decided_by": "", "reason": ""}
        mark = marks[here[1]] if here[1] >= 0 else None
        if mark is None and here[0] >= 0 and row["op"] != "equal":
            mark = touched.get(id(spans[here[0]][0]))
            mark = mark and replace(mark, op="equal", reason=f"rest of this place: {mark.reason}")
        if mark:
            confidence = 1.0 if mark.sure == "certain" else UNCERTAIN_WEIGHT
            row |= {"op": mark.op, "certainty": "decided", "confidence": confidence}
            row |= {"group": mark.id, "decided_by": mark.coder or "unnamed", "reason": mark.reason}
        rows.append(row)
        start = end
    return rows


def _touched_places(spans: Sequence[tuple[Place, Span]], marks: Sequence[Mark]) -> dict[int, Mark]:
    """Return the places of wording that a reader decided in part, with the first such mark.

    Such a place is the reader's: what the reader left unmarked of it stands in both versions.
    """
    touched: dict[int, Mark] = {}
    for place, span in spans:
        for mark in marks:
            overlaps = mark.start < span.end and span.start < mark.end
            if overlaps and place.rule != "numbering":
                touched.setdefault(id(place), mark)
    return touched


# --- alternatives -------------------------------------------------------------------------------


def _machine_alternatives(
    groups: Sequence[tuple[str, Place]], marks: Sequence[Mark]
) -> list[dict[str, Any]]:
    """Return the readings of every undecided place that has more than one."""
    decided = {i for mark in marks for i in range(mark.start, mark.end)}
    rows = []
    for group, place in groups:
        extent = {i for r in place.readings for s in r.spans for i in range(s.start, s.end)}
        if len(place.readings) < 2 or extent & decided:
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


def _decided_alternatives(
    marks: Sequence[Mark], spans: Sequence[tuple[Place, Span]], owner: Sequence[int]
) -> list[dict[str, Any]]:
    """Return the readings of every place whose decision is uncertain.

    Beside the decision: what the machine proposed; for a substitution the other direction; for a
    lone insertion or deletion that the text is in both; for kept text that it was inserted, or
    deleted.
    """
    doubtful = {mark.id for mark in marks if mark.sure == "uncertain"}
    rows = []
    for group in dict.fromkeys(mark.id for mark in marks if mark.id in doubtful):
        own = [mark for mark in marks if mark.id == group]
        decision = tuple(mark.op for mark in own)
        others = [reading for reading in _other_readings(own, spans, owner) if reading != decision]
        others = list(dict.fromkeys(others))
        for number, ops in enumerate([decision, *others], start=1):
            weight = UNCERTAIN_WEIGHT if number == 1 else (1 - UNCERTAIN_WEIGHT) / len(others)
            rows += [
                _alternative(group, number, weight, mark.start, mark.end, op)
                for mark, op in zip(own, ops, strict=True)
            ]
    return rows


def _other_readings(
    own: Sequence[Mark], spans: Sequence[tuple[Place, Span]], owner: Sequence[int]
) -> list[tuple[Op, ...]]:
    machine: list[Op] = []
    for mark in own:
        proposed = Counter(
            "equal" if owner[i] < 0 else spans[owner[i]][1].op for i in range(mark.start, mark.end)
        )
        machine.append(proposed.most_common(1)[0][0])  # type: ignore[arg-type]
    ops = {mark.op for mark in own}
    swap: dict[Op, Op] = {"delete": "insert", "insert": "delete", "equal": "equal"}
    others = [tuple(machine)] if set(machine) != {"equal"} else []
    if {"delete", "insert"} <= ops:
        others.append(tuple(swap[mark.op] for mark in own))
    elif ops == {"equal"}:
        others += [("insert",) * len(own), ("delete",) * len(own)]
    else:
        others.append(("equal",) * len(own))
    return others
