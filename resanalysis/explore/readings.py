"""What the conclusion would be, were the uncertain places of a redline read otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from itertools import compress
from typing import Any

import numpy as np
import pandas as pd

from resanalysis.explore.wording import check_language, word
from resanalysis.export.tables import list_records
from resanalysis.model import Language, Study
from resanalysis.model.displays import frame_html, write_grid
from resanalysis.review.readings import Readings
from resanalysis.robustness.counting import TextCounter
from resanalysis.robustness.measures import find_differences


@dataclass(frozen=True)
class TriedReadings:
    """A study's topics counted under chosen readings; in a notebook a table.

    Attributes
    ----------
    choices : dict of int
        Reading chosen by place; places that are not named keep the one in force.
    old_text, new_text : str
        The two versions as chosen.
    counts : DataFrame
        A row per topic: `topic`; `old_before`, `new_before`, `old_after`, `new_after`: counted
        clauses of each version with the topic, under the readings in force and as chosen;
        `difference_before`, `difference_after`: new minus old; `share_before`, `share_after`:
        difference of the topic's shares of all assignments, in points of 0 to 1; `sign`: whether
        the sign of that difference is `kept`, `turned` round, or `other` (to or from 0).
    clauses : DataFrame
        One row per version (`old`, `new`): counted clauses `before` and `after`.
    html : str
        What a notebook shows.
    """

    choices: Mapping[str, int]
    old_text: str
    new_text: str
    counts: pd.DataFrame
    clauses: pd.DataFrame
    html: str

    def _repr_html_(self) -> str:
        return self.html


def try_readings(
    study: Study,
    choices: Mapping[str, int] | None = None,
    *,
    everything: bool = False,
    language: Language = "zh",
) -> TriedReadings:
    """Count a study's topics with other readings of some uncertain places.

    Nothing is written; to decide a place for good, see `review_widget`. Other readings are no
    estimate of error: they show what hangs on a place. `assess_robustness` draws them by weight.

    Parameters
    ----------
    study : Study
        The study.
    choices : dict of int, optional
        Number of the reading by place (`group`), as `list_places` tells them; 1 is the one in
        force, which all other places keep.
    everything : bool
        Whether a notebook shows all topics, or only those that moved.
    language : {"zh", "en"}
        Language of what a notebook shows.

    Returns
    -------
    TriedReadings
        Counts under the readings in force and as chosen.

    Raises
    ------
    ValueError
        When a place or a reading is not there.

    Examples
    --------
    >>> from resanalysis.study import run_study
    >>> study = run_study("tests/data/small", draws=0)
    >>> tried = try_readings(study, {"bullet": 2}, language="en")
    >>> tried.counts.set_index("topic").loc["biodiversity", ["old_before", "old_after"]].tolist()
    [1, 2]
    """
    return ReadingTrial(study).count(choices or {}, everything=everything, language=language)


class ReadingTrial:
    """Counts a study under readings, and keeps what it has counted; see `try_readings`.

    Attributes
    ----------
    readings : Readings
        All readings of the study.
    """

    def __init__(self, study: Study) -> None:
        self._study = study
        self._source = "".join(study.segments["text"])
        self._counter = TextCounter(study, "clause")
        self.readings = Readings(study)
        self._now = [self._counter.count(text) for text in (study.old_text, study.new_text)]

    def count(
        self, choices: Mapping[str, int], *, everything: bool = False, language: Language = "zh"
    ) -> TriedReadings:
        """Return what the study counts under these readings."""
        check_language(language)
        self._check(choices)
        ops = self.readings.combine(choices)
        texts = [
            "".join(compress(self._source, [op != absent for op in ops]))
            for absent in ("insert", "delete")
        ]
        found = [self._counter.count(text) for text in texts]
        counts: dict[str, object] = {"topic": [t.id for t in self._study.codebook.topics]}
        differences: dict[str, np.ndarray] = {}
        for when, (old, new) in (("before", self._now), ("after", found)):
            counts |= {f"old_{when}": old[:-1], f"new_{when}": new[:-1]}
            differ = find_differences(old, new)
            differences |= {f"difference_{when}": differ["count"], f"share_{when}": differ["share"]}
        names = ("difference_before", "difference_after", "share_before", "share_after")
        counts |= {name: differences[name] for name in names}
        signs = zip(*(np.sign(differences[f"share_{w}"]) for w in ("before", "after")), strict=True)
        counts["sign"] = [_compare_signs(before, after) for before, after in signs]
        table = pd.DataFrame(counts).astype({"topic": "str", "sign": "str"})
        clauses = pd.DataFrame(
            {
                "version": pd.array(["old", "new"], dtype="str"),
                "before": [int(side[-1]) for side in self._now],
                "after": [int(side[-1]) for side in found],
            }
        )
        html = _draw(self._study, table, clauses, choices, everything, language)
        return TriedReadings(dict(choices), texts[0], texts[1], table, clauses, html)

    def _check(self, choices: Mapping[str, int]) -> None:
        known = self.readings.weights
        if odd := [group for group in choices if group not in known]:
            raise ValueError(f"no uncertain place {', '.join(odd)}; list_places names them all")
        for group, number in choices.items():
            if number not in known[group]:
                there = ", ".join(map(str, sorted(known[group])))
                raise ValueError(f"{group} has no reading {number}; choose from {there}")


def _compare_signs(before: float, after: float) -> str:
    if before == after:
        return "kept"
    return "turned" if before and after else "other"


def _draw(
    study: Study,
    table: pd.DataFrame,
    clauses: pd.DataFrame,
    choices: Mapping[str, int],
    everything: bool,
    language: Language,
) -> str:
    labels = {topic.id: topic.label[language] for topic in study.codebook.topics}
    rows = [
        [
            labels[row["topic"]],
            show_change(row["old_before"], row["old_after"]),
            show_change(row["new_before"], row["new_after"]),
            show_change(f"{100 * row['share_before']:+.1f}", f"{100 * row['share_after']:+.1f}"),
            word(row["sign"], language),
        ]
        for row in list_records(table)
        if everything or moves(row)
    ]
    whole = [show_change(row["before"], row["after"]) for row in list_records(clauses)]
    rows.append([word("counted clauses", language), *whole, "", ""])
    names = ("topic", "old", "new", "share difference", "sign")
    title = f"{word('in study', language)} → {word('as chosen', language)}"
    chosen = [f"{group}: {number}" for group, number in choices.items() if number != 1]
    state = f"{word('chosen', language)}: {', '.join(chosen)}" if chosen else ""
    body = f"<p>{escape(state or word('none chosen', language))}</p>"
    body += write_grid(title, [word(name, language) for name in names], rows)
    return frame_html(body, language=language)


def moves(row: Mapping[str, Any]) -> bool:
    """Whether a topic counts other clauses than before."""
    return bool(row["old_before"] != row["old_after"] or row["new_before"] != row["new_after"])


def show_change(before: object, after: object) -> str:
    """Return a value, or two with an arrow between them where it changed."""
    both = f"{before}" if before == after else f"{before} → {after}"
    return both.replace("-", "−")
