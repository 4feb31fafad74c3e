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

    Every other reading of a place is put in force alone; both versions are parsed and tagged anew
    and the topics of the counted clauses compared with those of the study.

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
    Time grows with the number of readings times the length of the text, because a reading can
    change how any line behind it is counted.

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


class _Counter:
    """Counts topics of rebuilt versions; each text of a clause is tagged once."""

    def __init__(self, study: Study) -> None:
        self.study = study
        self.source = "".join(study.segments["text"])
        self.readings = Readings(study)
        self.order = [topic.id for topic in study.codebook.topics]
        self.breadth: pipeline.Reading = study.provenance["options"]["reading"]
        self._topics: dict[str, frozenset[str]] = {}
        self._counted: dict[tuple[Version, str], Assignments] = {}
        self.now: dict[Version, Assignments] = {
            "old": self.count("old", study.old_text),
            "new": self.count("new", study.new_text),
        }
        self.shift_now = _shift(self.now["old"], self.now["new"])

    def measure(self, group: str, reading: int, weight: float) -> _Change:
        """Return what changes when this reading of the place holds."""
        ops = self.readings.apply(group, reading)
        then = {version: self.count(version, self.rebuild(ops, version)) for version in _VERSIONS}
        changed = 0
        touched: set[str] = set()
        for version in _VERSIONS:
            gone, come = self.now[version] - then[version], then[version] - self.now[version]
            # What only moves to another part or addressee goes once and comes once: one change.
            for topic in {key[-1] for key in (*gone, *come)}:
                lost, won = (
                    sum(n for key, n in side.items() if key[-1] == topic) for side in (gone, come)
                )
                changed += max(lost, won)
                touched.add(topic)
        shift_then = _shift(then["old"], then["new"])
        topics = {topic: shift_then[topic] - self.shift_now[topic] for topic in touched}
        turns = {t for t in touched if _sign(shift_then[t]) != _sign(self.shift_now[t])}
        return _Change(weight, changed, topics, frozenset(turns))

    def rebuild(self, ops: Sequence[Op], version: Version) -> str:
        """Return a version's text under these operations."""
        other = "insert" if version == "old" else "delete"
        return "".join(compress(self.source, [op != other for op in ops]))

    def count(self, version: Version, text: str) -> Assignments:
        """Return how many counted clauses of a version have each topic."""
        key = (version, text)
        if key not in self._counted:
            self._counted[key] = self._count(version, text)
        return self._counted[key]

    def _count(self, version: Version, text: str) -> Assignments:
        try:
            clauses = structure.parse_resolution(text, version=version)
        except InputError:
            return Counter()  # nothing of a resolution is left in this version
        counted = clauses[clauses["kind"].isin(COUNTED_KINDS)]
        found: Assignments = Counter()
        for own, part, addressee in zip(
            counted["text"], counted["part"], counted["addressee"], strict=True
        ):
            found.update((part, addressee, topic) for topic in self._tag(own))
        return found

    def _tag(self, text: str) -> frozenset[str]:
        if text not in self._topics:
            matches = pipeline.tag_text(text, self.study.codebook, reading=self.breadth)
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


def _sign(number: int) -> int:
    return (number > 0) - (number < 0)
