"""How much each uncertain place matters: what its other readings would change in the results."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import compress

import pandas as pd

from resanalysis import pipeline, structure
from resanalysis.model import COUNTED_KINDS, InputError, Op, Study, Version
from resanalysis.review.places import (
    PLACE_COLUMNS,
    UncertainPlace,
    describe_place,
    find_places,
)
from resanalysis.review.readings import Readings
from resanalysis.review.sections import Sections, find_closing

Assignments = Counter[tuple[str, str, str]]
"""Counted clauses by part, addressee and topic."""

_VERSIONS: tuple[Version, Version] = ("old", "new")
_NEARLY_CERTAIN = 0.95
_COLUMNS = ("effect", "largest", "topics", "turns", "characters")


@dataclass(frozen=True)
class _Change:
    """What one other reading changes: assignments, and by topic the change of its shift."""

    weight: float
    assignments: int
    topics: dict[str, int]
    turns: frozenset[str]


def rank_places(
    study: Study,
    *,
    places: Sequence[UncertainPlace] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> pd.DataFrame:
    """Return the uncertain places of a study, those that matter most for its results first.

    Every other reading of a place is put in force alone; what it changes in both versions is parsed
    and tagged anew and the topics of the counted clauses compared with those of the study.

    Parameters
    ----------
    study : Study
        The study; its codebook and its reading (broad or strict) are used.
    places : sequence of UncertainPlace, optional
        What `find_places(study)` gives, where that is at hand.
    progress : callable, optional
        Called with the number of places done and of all places.

    Returns
    -------
    DataFrame
        One row per place: the columns `group` to `confidence` and `excerpt` of `list_places`, and

        - `effect`: expected number of topic assignments (a counted clause of either version with
          a topic, in its part and for its addressee) that come, go or move to another part or
          addressee, when a reading is drawn by its weight
        - `largest`: largest change of one topic's `n_new - n_old` (clauses) under any reading
        - `topics`: topics whose assignments change under any reading, joined by `+`
        - `turns`: topics that would no longer grow, fall or stay as they do now, joined by `+`
        - `characters`: characters on which the readings differ

        Ordered by `effect`, then `largest`, then `characters` times one minus `confidence`.
        Lists whose labelling has a weight of .95 or more come last.

    Notes
    -----
    A change that stays between two headings is looked at there alone: a heading closes all lists
    above it, so that nothing behind it is counted in another way. Where a reading changes a heading
    or the text before the first one, and in texts without headings of their own, the whole version
    is parsed anew; there time grows with the number of readings times the length of the text.

    Examples
    --------
    >>> from resanalysis.study import run_study
    >>> ranks = rank_places(run_study("tests/data/small", draws=0))
    >>> ranks.loc[ranks["group"] == "bullet", "topics"].item()
    'biodiversity'
    """
    found = find_places(study) if places is None else places
    counter = _Counter(study)
    rows = []
    for number, place in enumerate(found, start=1):
        changes = [
            counter.measure(place.group, choice.reading, choice.weight)
            for choice in place.choices[1:]
        ]
        topics = Counter[str]()
        for change in changes:
            topics.update(change.topics.keys())
        rows.append(
            {
                **describe_place(place),
                "effect": sum(change.weight * change.assignments for change in changes),
                "largest": max(
                    (abs(n) for change in changes for n in change.topics.values()), default=0
                ),
                "topics": _join(counter.order, topics),
                "turns": _join(counter.order, {t for c in changes for t in c.turns}),
                "characters": place.characters,
            }
        )
        if progress is not None:
            progress(number, len(found))
    table = pd.DataFrame(rows, columns=[*PLACE_COLUMNS[:-1], *_COLUMNS, PLACE_COLUMNS[-1]])
    return table.iloc[_order(table)].reset_index(drop=True)


def _join(order: Sequence[str], topics: Iterable[str]) -> str:
    return "+".join(topic for topic in order if topic in topics)


def _order(table: pd.DataFrame) -> list[int]:
    keys = [
        (
            row["rule"] == "numbering" and row["confidence"] >= _NEARLY_CERTAIN,
            -row["effect"],
            -row["largest"],
            -row["characters"] * (1 - row["confidence"]),
            i,
        )
        for i, row in enumerate(table.to_dict("records"))
    ]
    return [key[-1] for key in sorted(keys)]


@dataclass(frozen=True)
class _Parsed:
    """What a text's clauses give: topics counted, and the heading that it ends with."""

    assignments: Assignments
    closing: str | None = None


class _Counter:
    """Counts topics of rebuilt versions; each text is parsed, and each clause tagged, once."""

    def __init__(self, study: Study) -> None:
        self.study = study
        self.source = "".join(study.segments["text"])
        self.readings = Readings(study)
        self.order = [topic.id for topic in study.codebook.topics]
        self.breadth: pipeline.Reading = study.provenance["options"]["reading"]
        self.scope: pipeline.Scope = study.provenance["options"]["scope"]
        self._topics: dict[str, frozenset[str]] = {}
        self._parsed: dict[str, _Parsed] = {}
        self.sections: dict[Version, Sections] = {}
        self.now: dict[Version, Assignments] = {}
        for version, text in zip(_VERSIONS, (study.old_text, study.new_text), strict=True):
            clauses = study.clauses[study.clauses["version"] == version]
            self.sections[version] = Sections(text, clauses, self.readings.ops, version)
            self.now[version] = self._count(clauses)
        self.shift_now = _shift(self.now["old"], self.now["new"])

    def measure(self, group: str, reading: int, weight: float) -> _Change:
        """Return what changes when this reading of the place holds."""
        ops = self.readings.apply(group, reading)
        extent = self.readings.find_extent(group)
        changed = 0
        topics = Counter[str]()
        touched: set[str] = set()
        for version, sign in zip(_VERSIONS, (-1, 1), strict=True):
            now, then = self.compare(ops, version, extent)
            gone, come = now - then, then - now
            # What only moves to another part or addressee goes once and comes once: one change.
            for topic in {key[-1] for key in (*gone, *come)}:
                lost, won = (
                    sum(n for key, n in side.items() if key[-1] == topic) for side in (gone, come)
                )
                changed += max(lost, won)
                topics[topic] += sign * (won - lost)
                touched.add(topic)
        turns = {t for t in touched if _turns(self.shift_now[t], topics[t])}
        return _Change(weight, changed, {t: topics[t] for t in touched}, frozenset(turns))

    def compare(
        self, ops: Sequence[Op], version: Version, extent: tuple[int, int]
    ) -> tuple[Assignments, Assignments]:
        """Return the topics of a version now and under other operations within an extent.

        Where the change stays within a section, those of the section alone.
        """
        section = self.sections[version].find(*extent)
        if section is not None:
            then = self.rebuild(ops, version, section.start, section.end)
            parsed = self.parse(then)
            if section.stays_within(then, parsed.closing):
                return self.parse(section.now).assignments, parsed.assignments
        whole = self.rebuild(ops, version, 0, len(ops))
        return self.now[version], self.parse(whole).assignments

    def rebuild(self, ops: Sequence[Op], version: Version, start: int, end: int) -> str:
        """Return what stands of a part of the source in a version under these operations."""
        other = "insert" if version == "old" else "delete"
        return "".join(compress(self.source[start:end], [op != other for op in ops[start:end]]))

    def parse(self, text: str) -> _Parsed:
        """Return what the clauses of a text give."""
        if text not in self._parsed:
            try:
                clauses = structure.parse_resolution(text)
            except InputError:  # nothing of a resolution is left in this version
                self._parsed[text] = _Parsed(Counter())
            else:
                self._parsed[text] = _Parsed(self._count(clauses), find_closing(clauses))
        return self._parsed[text]

    def _count(self, clauses: pd.DataFrame) -> Assignments:
        counted = clauses[clauses["kind"].isin(COUNTED_KINDS)]
        found: Assignments = Counter()
        for own, part, addressee in zip(
            counted["text"], counted["part"], counted["addressee"], strict=True
        ):
            found.update((part, addressee, topic) for topic in self._tag(own))
        return found

    def _tag(self, text: str) -> frozenset[str]:
        if text not in self._topics:
            matches = pipeline.tag_text(
                text, self.study.codebook, reading=self.breadth, scope=self.scope
            )
            self._topics[text] = frozenset(match.topic for match in matches)
        return self._topics[text]


def _shift(old: Assignments, new: Assignments) -> Counter[str]:
    """Return by topic how many more counted clauses of the new version have it."""
    shift: Counter[str] = Counter()
    for key, n in new.items():
        shift[key[-1]] += n
    for key, n in old.items():
        shift[key[-1]] -= n
    return shift


def _turns(shift: int, change: int) -> bool:
    """Whether a topic no longer grows, falls or stays as it did."""
    return _sign(shift + change) != _sign(shift)


def _sign(number: int) -> int:
    return (number > 0) - (number < 0)
