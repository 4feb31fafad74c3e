"""Whether a topic's change keeps its sign under all readings and choices."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from resanalysis.model import OTHER_UNITS
from resanalysis.robustness.choices import HEADLINE
from resanalysis.robustness.measures import MEASURES
from resanalysis.tables import make_table

ENOUGH = 0.95
"""Part of the readings that must have the headline's sign for it to be robust."""

_ENDS = (0.025, 0.975)


def judge(
    choices: pd.DataFrame,
    readings: pd.DataFrame,
    places: Mapping[str, NDArray[Any]],
    model: str,
) -> pd.DataFrame:
    """Return the table `robustness`.

    Parameters
    ----------
    choices, readings : DataFrame
        The tables of these names.
    places : dict of ndarray
        By measure, readings x topics: the same readings with unmarked runs as they are.
    model : str
        How readings were drawn.
    """
    named = choices["choice"] + ": " + choices["option"]
    names = named[choices["choice"] != HEADLINE].unique()
    comparable = ~np.isin([name.split(": ")[0] for name in names], OTHER_UNITS)
    topics = choices["topic"].unique()
    records = []
    for measure in MEASURES:
        head = choices[choices["choice"] == HEADLINE].set_index("topic")[measure]
        tried = _spread(choices.assign(name=named), "name", measure)
        drawn = _spread(readings, "reading", measure).reindex(columns=topics)
        for column, topic in enumerate(topics):
            compared = np.ones_like(comparable) if measure == "share" else comparable
            row = {"corpus": choices["corpus"].iloc[0], "measure": measure, "topic": topic}
            row |= _judge_readings(head[topic], drawn[topic].to_numpy())
            row["same_sign_places"] = _share_sign(head[topic], places[measure][:, column])
            row |= _judge_choices(head[topic], names, tried.loc[names, topic].to_numpy(), compared)
            row |= {"verdict": _name_verdict(row), "reading_model": model}
            records.append(row)
    return make_table("robustness", records)


def _spread(table: pd.DataFrame, rows: str, measure: str) -> pd.DataFrame:
    """Return a measure by rows and topics."""
    return table.pivot_table(measure, rows, "topic", aggfunc="first", sort=False)


def _judge_readings(value: float, drawn: NDArray[Any]) -> dict[str, Any]:
    low, high = np.quantile(drawn, _ENDS) if len(drawn) else (np.nan, np.nan)
    same = _share_sign(value, drawn)
    return {"value": value, "reading_low": low, "reading_high": high, "same_sign": same}


def _share_sign(value: float, drawn: NDArray[Any]) -> float:
    """Return the part of the readings with the sign of the value; NaN where it has none."""
    return float(np.mean(np.sign(drawn) == np.sign(value))) if value and len(drawn) else np.nan


def _judge_choices(
    value: float, names: NDArray[Any], tried: NDArray[Any], compared: NDArray[np.bool_]
) -> dict[str, Any]:
    near = tried[compared]
    moves = np.abs(near - value)
    turned = np.sign(tried) == -np.sign(value) if value else np.zeros(len(tried), dtype=bool)
    return {
        "choice_low": min([value, *near]),
        "choice_high": max([value, *near]),
        "choices_kept": int((np.sign(tried) == np.sign(value)).sum()) if value else 0,
        "choices_tried": len(tried),
        "choices_moving": int((tried != value).sum()),
        "matters_most": names[compared][moves.argmax()] if moves.any() else "",
        "reversed_by": "; ".join(names[turned]),
    }


def _name_verdict(row: dict[str, Any]) -> str:
    if row["reversed_by"]:
        return "fragile"
    kept = row["choices_kept"] == row["choices_tried"]
    return "robust" if row["value"] and kept and row["same_sign"] >= ENOUGH else "undecided"
