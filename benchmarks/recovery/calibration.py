"""Whether confidence of claimed changes means what it says, weighted by characters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from matplotlib.axes import Axes

BINS = 10


def tabulate_calibration(characters: pd.DataFrame, *, bins: int = BINS) -> pd.DataFrame:
    """Return claimed characters by their confidence, in bins of equal width.

    Columns: `low`, `high` (bounds of the bin; a confidence on a bound counts for the bin above,
    1 for the last), `claimed`, `confidence` (mean), `right` (share). Empty bins are kept.
    """
    claims = characters[characters["op"] != "="]
    confidence = claims["confidence"].to_numpy(float)
    right = claims["right"].to_numpy(bool)
    # Of float error a confidence such as .3 may fall just under its bound.
    numbers = np.clip(np.floor(confidence * bins + 1e-9), 0, bins - 1)
    rows = []
    for number in range(bins):
        mine = numbers == number
        rows.append(
            {
                "low": number / bins,
                "high": (number + 1) / bins,
                "claimed": int(mine.sum()),
                "confidence": float(confidence[mine].mean()) if mine.any() else np.nan,
                "right": float(right[mine].mean()) if mine.any() else np.nan,
            }
        )
    return pd.DataFrame(rows)


def measure_ece(table: pd.DataFrame) -> float:
    """Return the expected calibration error: the mean distance of the bins, by characters.

    References
    ----------
    Naeini, M. P., Cooper, G. F., & Hauskrecht, M. (2015). Obtaining well calibrated probabilities
    using Bayesian binning. AAAI, 2901-2907.
    """
    filled = table[table["claimed"] > 0]
    if filled.empty:
        return float("nan")
    distance = (filled["confidence"] - filled["right"]).abs()
    return float(np.average(distance, weights=filled["claimed"]))


def measure_auroc(characters: pd.DataFrame) -> float:
    """Return how often a right claimed character has more confidence than a wrong one.

    Ties count one half (the Mann-Whitney statistic over all pairs); NaN when all or none is right.
    """
    from scipy.stats import rankdata

    claims = characters[characters["op"] != "="]
    right = claims["right"].to_numpy(bool)
    rights, wrongs = int(right.sum()), int((~right).sum())
    if not rights or not wrongs:
        return float("nan")
    ranks = rankdata(claims["confidence"].to_numpy(float))
    above = ranks[right].sum() - rights * (rights + 1) / 2
    return float(above / (rights * wrongs))


def draw_calibration(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Return axes with the share of right characters over the confidence of their bin.

    Parameters
    ----------
    table : DataFrame
        As from `tabulate_calibration`.
    ax : Axes, optional
        Where to draw; a new figure by default.
    """
    from matplotlib import pyplot as plt

    if ax is None:
        _, ax = plt.subplots(figsize=(4.5, 4.5), layout="constrained")
    filled = table[table["claimed"] > 0]
    ax.plot([0, 1], [0, 1], color="0.6", linewidth=1, linestyle="--", label="as it should be")
    ax.plot(filled["confidence"], filled["right"], color="#1f4e79", marker="o", linestyle="none")
    for row in filled.to_dict("records"):
        below = row["right"] < row["confidence"]  # the number stands away from the diagonal
        ax.annotate(
            f"{row['claimed']:,}",
            (row["confidence"], row["right"]),
            xytext=(0, -15) if below else (-6, 6),
            textcoords="offset points",
            ha="center" if below else "right",
            fontsize=8,
        )
    ax.set(
        xlim=(0, 1.1),
        ylim=(-0.1, 1.1),
        xlabel="Confidence claimed (mean of bin)",
        ylabel="Share of characters that are right",
        title="Claimed changes: confidence and truth\n(numbers: characters of the bin)",
    )
    ax.legend(frameon=False, loc="upper left", fontsize=8)
    return ax


def save_calibration(table: pd.DataFrame, path: str) -> None:
    """Write the figure of `draw_calibration` to a file; its ending says the format."""
    from matplotlib import pyplot as plt

    ax = draw_calibration(table)
    figure = ax.get_figure()
    if figure is None:
        raise RuntimeError("axes without a figure")
    figure.savefig(path, dpi=200)  # type: ignore[union-attr]
    plt.close("all")
