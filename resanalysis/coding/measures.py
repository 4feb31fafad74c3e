"""Precision, recall and F1 from counts, and Wilson's interval of a share."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np

from resanalysis.coding.codes import Bools, Floats, divide


def find_wilson(share: float, trials: float, level: float = 0.95) -> tuple[float, float]:
    """Return the Wilson score interval of a share; NaN without trials.

    Parameters
    ----------
    share : float
        Share of the trials that succeeded, 0 to 1.
    trials : float
        Their number.
    level : float
        Level of the interval, 0 to 1.

    References
    ----------
    Wilson, E. B. (1927). Probable inference, the law of succession, and statistical inference.
    Journal of the American Statistical Association 22(158), 209-212.

    Examples
    --------
    >>> [round(end, 3) for end in find_wilson(0.9, 10)]
    [0.596, 0.982]
    """
    if not trials or math.isnan(share):
        return math.nan, math.nan
    z = NormalDist().inv_cdf((1 + level) / 2)
    scale = 1 + z**2 / trials
    centre = share + z**2 / (2 * trials)
    half = z * math.sqrt(share * (1 - share) / trials + z**2 / (4 * trials**2))
    return max((centre - half) / scale, 0.0), min((centre + half) / scale, 1.0)


def measure(counts: Floats, often: Bools) -> Floats:
    """Return precision, recall and F1 by topic, of all topics pooled, and their mean over some.

    Parameters
    ----------
    counts : array, draws by topics by (tp, fp, fn, tn)
        How often each happened.
    often : array of bool, one per topic
        Which topics the mean is taken over. A draw in which a score is undefined for one of them is
        averaged over the others.

    Returns
    -------
    array, draws by topics and two more by three scores
    """
    pooled = np.concatenate([counts, counts.sum(axis=1, keepdims=True)], axis=1)
    tp, fp, fn = pooled[..., 0], pooled[..., 1], pooled[..., 2]
    scores = np.stack(
        [divide(tp, tp + fp), divide(tp, tp + fn), divide(2 * tp, 2 * tp + fp + fn)], axis=-1
    )
    chosen = scores[:, :-1][:, often]
    defined = ~np.isnan(chosen)
    mean = divide(np.nansum(chosen, axis=1), defined.sum(axis=1).astype(np.float64))
    return np.concatenate([scores, mean[:, None]], axis=1)
