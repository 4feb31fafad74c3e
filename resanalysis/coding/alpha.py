"""Krippendorff's alpha for nominal codes."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from resanalysis.coding.codes import Floats, divide


def krippendorff_alpha(codes: npt.ArrayLike) -> float:
    r"""Return Krippendorff's alpha for nominal codes.

    Parameters
    ----------
    codes : array, units by coders
        Numbers that stand for categories; NaN where a coder has no code. Any number of coders and
        categories.

    Returns
    -------
    float
        1 for full agreement, 0 for what chance gives, below 0 for systematic disagreement; NaN
        where it is undefined: no unit has two codes, or all codes are the same, so that there is
        nothing to agree on.

    Notes
    -----
    With :math:`m_u` codes of unit :math:`u`, :math:`n_{uc}` of them category :math:`c`, and the
    sums :math:`n = \sum m_u`, :math:`n_c = \sum_u n_{uc}` over units of two or more codes,

    .. math:: \alpha = 1 - (n-1) \,
       \frac{\sum_u (m_u^2 - \sum_c n_{uc}^2) / (m_u - 1)}{n^2 - \sum_c n_c^2}

    References
    ----------
    Krippendorff, K. (2011). Computing Krippendorff's Alpha-Reliability. Annenberg School for
    Communication, University of Pennsylvania. Krippendorff, K. (2004). Content Analysis, 2nd ed.,
    chapter 11.

    Examples
    --------
    >>> round(krippendorff_alpha([[0, 0], [1, 1], [0, 1], [0, 0]]), 3)
    0.533
    """
    values = np.asarray(codes, dtype=np.float64)
    categories = np.unique(values[~np.isnan(values)])
    counts = (values[:, :, None] == categories).sum(axis=1).astype(np.float64)
    disagreement, counts = pair_codes(counts)
    return float(find_alpha(disagreement.sum(), counts.sum(axis=0)))


def pair_codes(counts: Floats) -> tuple[Floats, Floats]:
    """Return each unit's disagreement and its counts, both 0 where a unit has fewer than two codes.

    Parameters
    ----------
    counts : array, units by ... by categories
        How many coders gave each category.

    Returns
    -------
    tuple of array
        Ordered pairs of codes that differ, divided by the number of codes less one; and the counts.
    """
    codes = counts.sum(axis=-1)
    counts = np.where(codes[..., None] > 1, counts, 0.0)
    pairs = codes**2 - (counts**2).sum(axis=-1)
    return np.where(codes > 1, pairs / np.maximum(codes - 1, 1), 0.0), counts


def find_alpha(disagreement: npt.ArrayLike, counts: Floats) -> Floats:
    """Return alpha from sums over units; NaN where all codes are the same.

    Parameters
    ----------
    disagreement : array, ...
        Sum of the units' disagreement.
    counts : array, ... by categories
        How often each category was given.
    """
    codes = counts.sum(axis=-1)
    chance = codes**2 - (counts**2).sum(axis=-1)
    return np.asarray(1 - divide((codes - 1) * np.asarray(disagreement), chance))
