"""How far coders agree, topic by topic."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from resanalysis.coding.alpha import find_alpha, pair_codes
from resanalysis.coding.codes import (
    FEW_TEXTS,
    Bools,
    Codes,
    Floats,
    divide,
    draw_sums,
    find_interval,
    read_codes,
    sum_by_text,
)

POOLED = "all"
"""Name of the row that pools all topics."""

FEW = 5
"""Below so many clauses with the topic alpha is said to rest on few of them."""

COLUMNS = (
    "topic",
    "coders",
    "clauses",
    "texts",
    "positives",
    "prevalence",
    "prevalence_low",
    "prevalence_high",
    "raw_agreement",
    "alpha",
    "alpha_low",
    "alpha_high",
    "alpha_note",
)


def agreement(
    codings: pd.DataFrame,
    *,
    clauses: pd.DataFrame | None = None,
    coders: Sequence[str] | None = None,
    draws: int = 2000,
    seed: int = 0,
    level: float = 0.95,
) -> pd.DataFrame:
    """Return how far coders agree on each topic.

    Only clauses that two or more coders coded count.

    Parameters
    ----------
    codings : DataFrame
        Table `codings`.
    clauses : DataFrame, optional
        Table `clauses`. With it the bootstrap draws distinct texts instead of clauses: a text that
        both versions have is read once, and counting it twice would make the interval too narrow.
    coders : sequence of str, optional
        Compare these only.
    draws, seed : int
        Draws and seed of the bootstrap.
    level : float
        Share of the draws that the interval holds.

    Returns
    -------
    DataFrame
        One row per topic in the order of the codings, and a last row `all` that pools them: its
        units are pairs of clause and topic.

        - `topic` : id
        - `coders` : how many coders have codes here
        - `clauses` : clauses coded by two or more
        - `texts` : distinct texts of these clauses; without `clauses` the number of clauses
        - `positives` : clauses to which at least one coder gave the topic; in `all`, pairs of
          clause and topic
        - `prevalence` : share of the codes that give the topic, 0 to 1
        - `prevalence_low`, `prevalence_high` : the same of the coder who gave it least and most
        - `raw_agreement` : share of the pairs of codes that are equal, each clause weighing by the
          number of its codes, 0 to 1
        - `alpha` : Krippendorff's alpha, nominal, at most 1; NaN where it is undefined
        - `alpha_low`, `alpha_high` : percentile interval of a bootstrap over texts; it speaks of
          other texts like these, coded by the same coders
        - `alpha_note` : why alpha is undefined or not to be trusted; empty where nothing was found

    Raises
    ------
    ValueError
        When a coder asked for has no codes, a coder codes a clause twice, or a coded clause is
        missing from `clauses`.

    Notes
    -----
    Alpha as in `krippendorff_alpha`. Rare topics give low alphas even where coders nearly always
    agree: read alpha beside prevalence and raw agreement. Draws in which alpha is undefined are
    left out of the interval, and their share is noted.

    References
    ----------
    Krippendorff, K. (2011). Computing Krippendorff's Alpha-Reliability. Krippendorff, K. (2004).
    Reliability in Content Analysis. Human Communication Research 30(3), 411-433. Efron, B. and
    Tibshirani, R. (1993). An Introduction to the Bootstrap, chapter 13.

    Examples
    --------
    >>> from resanalysis.tables import make_table
    >>> given = {"ann": [1, 1, 0, 0], "bob": [1, 0, 0, 0]}
    >>> fixed = {"corpus": "c", "edition": "e", "version": "old", "sure": True, "note": ""}
    >>> codings = make_table("codings", [
    ...     {**fixed, "clause_id": str(i), "coder": coder, "topic": "water", "code": code}
    ...     for coder, codes in given.items() for i, code in enumerate(codes)
    ... ])
    >>> agreement(codings)[["topic", "clauses", "raw_agreement", "alpha"]].round(3).values.tolist()
    [['water', 4, 0.75, 0.533], ['all', 4, 0.75, 0.533]]
    """
    codes = read_codes(codings, clauses, coders=coders)
    ones = np.nansum(codes.values, axis=2)
    given = (~np.isnan(codes.values)).sum(axis=2).astype(np.float64)
    disagreement, counts = pair_codes(np.stack([given - ones, ones], axis=-1))
    paired = given > 1
    measures = _pool(np.concatenate([disagreement[..., None], counts], axis=-1))
    alpha = _alpha(measures.sum(axis=0))
    compared = paired.any(axis=1)
    sums = sum_by_text(measures[compared], codes.texts[compared])
    drawn = [_alpha(block) for block in draw_sums(sums, draws=draws, seed=seed)]
    low, high, undefined = find_interval(np.concatenate(drawn or [alpha[None][:0]]), level)
    topics = [*codes.topics, POOLED]
    rows = []
    for i, topic in enumerate(topics):
        here = slice(None) if i == len(codes.topics) else slice(i, i + 1)
        facts = _describe(codes, paired, here)
        row = {
            "topic": topic,
            **facts,
            "alpha": alpha[i],
            "alpha_low": low[i],
            "alpha_high": high[i],
        }
        rows.append(row | {"alpha_note": _note(row, undefined[i] if draws else 0.0)})
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _pool(measures: Floats) -> Floats:
    """Add to clauses by topics by measures one more topic: the sum of all."""
    return np.concatenate([measures, measures.sum(axis=1, keepdims=True)], axis=1)


def _alpha(measures: Floats) -> Floats:
    return find_alpha(measures[..., 0], measures[..., 1:])


def _describe(codes: Codes, paired: Bools, here: slice) -> dict[str, float]:
    """Return counts, prevalence and raw agreement of some of the topics."""
    both = paired[:, here]
    values = np.where(both[..., None], codes.values[:, here], np.nan)
    ones, given = np.nansum(values, axis=2), (~np.isnan(values)).sum(axis=2)
    disagreement, _ = pair_codes(np.stack([given - ones, ones], axis=-1))
    by_coder = divide(np.nansum(values, axis=(0, 1)), (~np.isnan(values)).sum(axis=(0, 1)))
    active = by_coder[~np.isnan(by_coder)]
    total = float(given.sum())
    return {
        "coders": len(active),
        "clauses": int(both.any(axis=1).sum()),
        "texts": len(np.unique(codes.texts[both.any(axis=1)])),
        "positives": int((ones > 0).sum()),
        "prevalence": ones.sum() / total if total else np.nan,
        "prevalence_low": active.min() if len(active) else np.nan,
        "prevalence_high": active.max() if len(active) else np.nan,
        "raw_agreement": 1 - disagreement.sum() / total if total else np.nan,
    }


def _note(row: dict[str, float], undefined: float) -> str:
    """Return in words why alpha is undefined, or why it is not to be trusted."""
    if not row["clauses"]:
        return "undefined: no clause was coded by two coders"
    if row["prevalence"] == 0:
        return "undefined: no coder gave the topic to any clause"
    if row["prevalence"] == 1:
        return "undefined: every coder gave the topic to every clause"
    notes = []
    if row["positives"] < FEW:
        notes.append(f"rests on few clauses with the topic: {row['positives']}")
    if row["texts"] < FEW_TEXTS:
        notes.append(f"interval rests on few texts: {row['texts']}")
    if row["raw_agreement"] == 1:
        notes.append("no disagreement to resample: the interval has no width")
    if undefined:
        notes.append(f"undefined in {undefined:.1%} of the draws, which the interval leaves out")
    return "; ".join(notes)
