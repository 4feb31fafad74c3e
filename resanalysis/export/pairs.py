"""The rows of the 对照表: each pair of clauses with its changed and its uncertain characters."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Literal

from resanalysis.export.tables import group_topics, list_records
from resanalysis.model import Codebook, Language, Study, Topic, Version

CHANGES: dict[str, dict[Language, str]] = {
    "NOC": {"zh": "未变", "en": "no change"},
    "MOD": {"zh": "修改", "en": "modified"},
    "ADD": {"zh": "新增", "en": "added"},
    "SUP": {"zh": "删除", "en": "suppressed"},
}
"""What ITU's symbols of change mean."""

FLAGS: dict[str, dict[Language, str]] = {
    "editorial": {"zh": "编辑性改动", "en": "editorial"},
    "renumbered": {"zh": "重新编号", "en": "renumbered"},
    "moved": {"zh": "移位", "en": "moved"},
}
"""What else the table `pairs` tells of a pair."""

VERSIONS: tuple[Version, ...] = ("old", "new")


@dataclass(frozen=True)
class MarkedRun:
    """Characters of a clause that are alike in being changed and in being uncertain.

    Attributes
    ----------
    text : str
        The characters.
    is_changed : bool
        Whether the other version lacks them.
    is_uncertain : bool
        Whether it is not certain that they are changed, or that they are not.
    """

    text: str
    is_changed: bool
    is_uncertain: bool


@dataclass(frozen=True)
class ClauseText:
    """A clause of one version: its marker, its own text in runs, its footnotes, its topics."""

    clause_id: str
    marker: str
    heading: str
    runs: tuple[MarkedRun, ...]
    notes: tuple[ClauseText, ...]
    topics: tuple[str, ...]

    @property
    def text(self) -> str:
        """The clause's own text, without marker and footnotes."""
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True)
class ComparedPair:
    """One row of the 对照表.

    Attributes
    ----------
    change : {"NOC", "MOD", "ADD", "SUP"}
        ITU's symbol.
    flags : tuple of str
        Keys of `FLAGS` that hold for the pair.
    heading : str
        Heading the pair stands under, in the new version where it is in both.
    old, new : ClauseText or None
        The two clauses; None where a version has none.
    """

    change: str
    flags: tuple[str, ...]
    heading: str
    old: ClauseText | None
    new: ClauseText | None


def mark_topics(
    pair: ComparedPair, book: Codebook
) -> list[tuple[Topic, Literal["", "del", "ins"]]]:
    """Return a pair's topics in the codebook's order, each with its mark.

    In a clause that stayed, `del` stands for a topic it lost and `ins` for one it gained; the
    topics of an added or a suppressed clause have no mark.
    """
    old, new = (side.topics if side else () for side in (pair.old, pair.new))
    marked: list[tuple[Topic, Literal["", "del", "ins"]]] = []
    for topic in book.topics:
        if topic.id in old or topic.id in new:
            is_same = not pair.old or not pair.new or (topic.id in old) == (topic.id in new)
            marked.append((topic, "" if is_same else "del" if topic.id in old else "ins"))
    return marked


def compare_pairs(study: Study) -> list[ComparedPair]:
    """Return the rows of the 对照表, one per 1:1 pair or orphan, in the order of `pairs`.

    Text is uncertain where its segment is changed, or belongs to a place with other readings, and
    its confidence is below 1 without being proven.
    """
    clauses = {version: _read_clauses(study, version) for version in VERSIONS}
    rows = []
    for pair in list_records(study.pairs[study.pairs["relation"].eq("1:1")]):
        old, new = (clauses[version].get(pair[f"{version}_id"]) for version in VERSIONS)
        heading = next(clause.heading for clause in (new, old) if clause)
        flags = tuple(flag for flag in FLAGS if pair[flag])
        rows.append(ComparedPair(pair["change"], flags, heading, old, new))
    return rows


def _read_clauses(study: Study, version: Version) -> dict[str, ClauseText]:
    """Return a version's clauses by id."""
    table = study.clauses[study.clauses["version"].eq(version)]
    text = study.old_text if version == "old" else study.new_text
    states = _mark_characters(study, version)
    tagged = group_topics(study)
    order = [topic.id for topic in study.codebook.topics]
    notes: dict[str, list[dict[str, Any]]] = defaultdict(list)
    rows = list_records(table)
    for row in rows:
        if row["kind"] == "footnote":
            notes[row["parent_id"]].append(row)

    def read(row: dict[str, Any]) -> ClauseText:
        topics = tagged.get((version, row["clause_id"]), set())
        return ClauseText(
            clause_id=row["clause_id"],
            marker=row["marker"],
            heading=row["heading"],
            runs=_cut_runs(row, text, states),
            notes=tuple(read(note) for note in notes[row["clause_id"]]),
            topics=tuple(topic for topic in order if topic in topics),
        )

    return {row["clause_id"]: read(row) for row in rows}


def _mark_characters(study: Study, version: Version) -> list[tuple[bool, bool]]:
    """Return for each character of a version whether it is changed, and whether uncertain."""
    own = "delete" if version == "old" else "insert"
    states: list[tuple[bool, bool]] = []
    for row in list_records(study.segments):
        if row["op"] in ("equal", own):
            open_place = row["op"] != "equal" or row["group"] != ""
            unsure = row["certainty"] != "proven" and row["confidence"] < 1 and open_place
            states += [(row["op"] == own, unsure)] * len(row["text"])
    return states


def _cut_runs(
    row: dict[str, Any], text: str, states: list[tuple[bool, bool]]
) -> tuple[MarkedRun, ...]:
    """Return a clause's own text, without its masked spans, in runs of one state."""
    hidden = {i for start, end in json.loads(row["masked"]) for i in range(start, end)}
    shown = (i for i in range(row["start"], row["end"]) if i not in hidden)
    return tuple(
        MarkedRun("".join(text[i] for i in run), *state)
        for state, run in groupby(shown, key=lambda i: states[i])
    )
