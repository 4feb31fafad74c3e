"""How typical words are of some clauses, by the clauses that have them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

_ADDED = 0.5  # to both counts of `log_ratio`, as in the shift table


def log_ratio(
    inside: ArrayLike, outside: ArrayLike, *, of_inside: int, of_outside: int
) -> NDArray[np.float64]:
    """Return log2 of the ratio of two rates, with 0.5 added to both counts.

    Parameters
    ----------
    inside, outside : array of int
        Clauses with the word, inside and outside a set of clauses.
    of_inside, of_outside : int
        All clauses inside and outside.

    Returns
    -------
    array of float
        Positive where the word is more frequent inside.

    References
    ----------
    Hardie, A. (2014). Log Ratio: an informal introduction. CASS, Lancaster University.

    Examples
    --------
    >>> log_ratio([8], [2], of_inside=10, of_outside=10).round(2).tolist()
    [1.77]
    """
    a, c = np.asarray(inside) + _ADDED, np.asarray(outside) + _ADDED
    return np.asarray(np.log2(a / c) + _log_sizes(of_inside, of_outside), dtype=np.float64)


def conservative_log_ratio(
    inside: ArrayLike, outside: ArrayLike, *, of_inside: int, of_outside: int
) -> NDArray[np.float64]:
    """Return the lower end of the log ratio's 95 % interval (LRC), for putting words in order.

    Given how many clauses have the word in all, the number of those inside is binomial; the
    interval is that of Clopper and Pearson for its probability, turned into a ratio of rates. A
    word in few clauses has a wide interval and so a low value, without any threshold. It orders
    candidates and is no test: no correction is made for their number, and unlike in the reference
    it is not cut off at 0.

    Parameters
    ----------
    inside, outside : array of int
        Clauses with the word, inside (1 or more) and outside a set of clauses.
    of_inside, of_outside : int
        All clauses inside and outside.

    Returns
    -------
    array of float
        In units of log2.

    References
    ----------
    Evert, S. (2022). Measuring Keyness. Digital Humanities 2022, Tokyo. It recommends to count
    documents, not tokens.

    Clopper, C. J. and Pearson, E. S. (1934). The use of confidence or fiducial limits illustrated
    in the case of the binomial. Biometrika 26, 404-413.

    Examples
    --------
    >>> conservative_log_ratio([2, 8, 8], [0, 0, 8], of_inside=10, of_outside=200).round(2).tolist()
    [1.91, 5.09, 2.71]
    """
    from scipy.special import betaincinv

    a, c = np.asarray(inside, dtype=np.float64), np.asarray(outside, dtype=np.float64)
    low = betaincinv(a, c + 1, 0.025)
    return np.asarray(
        np.log2(low / (1 - low)) + _log_sizes(of_inside, of_outside), dtype=np.float64
    )


def _log_sizes(of_inside: int, of_outside: int) -> float:
    # With no clause on one side its rate is unknown; 1 keeps the order of the words.
    return float(np.log2(max(of_outside, 1) / max(of_inside, 1)))
