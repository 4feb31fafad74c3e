"""The choices of a specification curve: sorted, placed, and named in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from resanalysis.figures.pieces import WORDS, Floats, print_word
from resanalysis.figures.robustness import Measure
from resanalysis.model import OTHER_UNITS, Codebook, Language, input_error

if TYPE_CHECKING:
    import pandas as pd

# In the order of the rows; kinds that are not known come last.
_KINDS = (
    "unit", "segmentation", "codebook", "scope", "citations", "reference", "preamble",
    "alignment", "term", "clause",
)  # fmt: skip

# Choices with so many options that they share a row; each option of the others has its own.
_SHARED_ROW = {"term", "clause", "alignment"}


# Hundreds of left-out terms and clauses are not the topic's own; full steps would hide the rest.
_SHORT_STEP = 0.12


@dataclass(frozen=True)
class Curve:
    """The values of one topic under every choice, ascending, and where each stands."""

    values: Floats
    x: Floats
    choices: list[str]
    options: list[str]

    @property
    def headline(self) -> int:
        """The number of the headline's point."""
        return self.choices.index("headline")

    @property
    def limits(self) -> tuple[float, float]:
        """The ends of the axis, a little outside the points."""
        room = 0.015 * float(self.x[-1]) + 0.5
        return -room, float(self.x[-1]) + room


def sort_choices(choices: pd.DataFrame, topic: str, measure: Measure) -> Curve:
    """Return a topic's values under every choice whose values compare with the headline's."""
    rows = choices[choices["topic"].eq(topic)]
    if rows.empty:
        raise input_error("choices", f"topic {topic}", "there are no such rows", "Name another")
    if rows.duplicated(["choice", "option"]).any():
        raise input_error(
            "choices", f"topic {topic}", "several rows for one choice", "Select one corpus"
        )
    if not rows["choice"].eq("headline").any():
        raise input_error("choices", f"topic {topic}", "no row `headline`", "Pass the whole table")
    if measure != "share":
        rows = rows[~rows["choice"].isin(OTHER_UNITS)]
    rows = rows.sort_values([measure, "choice", "option"], kind="stable")
    return Curve(
        values=rows[measure].to_numpy(float),
        x=_place_points(rows),
        choices=list(rows["choice"]),
        options=list(rows["option"]),
    )


def _place_points(rows: pd.DataFrame) -> Floats:
    """Return the place of every point: a short step where the topic's own counts stay."""
    headline = rows[rows["choice"].eq("headline")].iloc[0]
    stays = rows["n_old"].eq(headline["n_old"]) & rows["n_new"].eq(headline["n_new"])
    short = (stays & rows["choice"].isin(_SHARED_ROW)).to_numpy()
    steps = np.where(short, _SHORT_STEP, 1.0)
    # Half a step on either side of each point, so that it stands in the middle of its room.
    middles = np.cumsum(steps) - steps / 2
    return np.asarray(middles - middles[0], dtype=float)


def choose_readings(readings: pd.DataFrame, topic: str, measure: Measure) -> Floats:
    """Return a topic's values under every reading; none where no readings were drawn."""
    rows = readings[readings["topic"].eq(topic)]
    if rows.empty and len(readings):
        raise input_error("readings", f"topic {topic}", "there are no such rows", "Name another")
    if rows["reading"].duplicated().any():
        raise input_error(
            "readings", f"topic {topic}", "several rows for one reading", "Select one corpus"
        )
    return rows[measure].to_numpy(float)


def name_rows(curve: Curve, language: Language) -> dict[str, list[int]]:
    """Return the rows of the lower panel by their names: the numbers of the points in each."""
    rows: dict[str, list[int]] = {}

    def place(at: int) -> tuple[int, str, int]:
        choice = curve.choices[at]
        return _rank(choice), "" if choice in _SHARED_ROW else curve.options[at], at

    for at in sorted(range(len(curve.choices)), key=place):
        choice, option = curve.choices[at], curve.options[at]
        if choice in _SHARED_ROW:
            n = curve.choices.count(choice)
            rows.setdefault(print_word(f"each {choice}", language).format(n=n), []).append(at)
        elif choice != "headline":
            rows.setdefault(name_choice(choice, option, language), []).append(at)
    return rows


def _rank(choice: str) -> int:
    return _KINDS.index(choice) if choice in _KINDS else len(_KINDS)


def name_choice(
    choice: str,
    option: str,
    language: Language,
    codebook: Codebook | None = None,
    topic: str = "",
) -> str:
    """Return a choice in words; one that has none stands as it is in the table.

    With a codebook a left-out term has its topic's label behind it unless that is `topic`.
    """
    if f"{choice}: {option}" in WORDS:
        return print_word(f"{choice}: {option}", language)
    if f"one {choice}" not in WORDS:
        return f"{choice}: {option}"
    if choice == "term" and codebook is not None:
        option = _name_term(option, codebook, topic, language)
    return print_word(f"one {choice}", language).format(option=option)


def _name_term(option: str, codebook: Codebook, topic: str, language: Language) -> str:
    """Return `topic: term` or `topic: rule id` in words."""
    owner, _, term = option.partition(": ")
    if term.startswith("rule "):
        term = print_word("rule", language).format(rule=term.removeprefix("rule "))
    if owner == topic:
        return term
    label = codebook.topic(owner).label[language]
    return print_word("of topic", language).format(term=term, topic=label)
