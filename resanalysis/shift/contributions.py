"""Where the differences of counts, rates and shares came from, denominators included."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from resanalysis.shift.layout import divide
from resanalysis.tables import TABLES

if TYPE_CHECKING:
    from resanalysis.shift.layout import Floats

_SIGNS = {"add": 1, "sup": -1, "mod_gain": 1, "mod_loss": -1, "moved_in": 1, "moved_out": -1}
_WHOLES = {"count": "", "rate": "base", "share": "assigned"}
_KEYS = ["corpus", "unit", "breakdown", "category", "topic"]


def account_shift(shift: pd.DataFrame) -> pd.DataFrame:
    r"""Split every difference of a count, rate and share into what clauses did and composition.

    Parameters
    ----------
    shift : DataFrame
        Table `shift`, as `topic_shift` returns it, or some of its rows.

    Returns
    -------
    DataFrame
        Table `contributions`: for each row of `shift`, in its order, three measures of seven rows.

        - `unit`, `breakdown`, `category`, `topic`: as in `shift`.
        - `measure`: *count* (units), *rate* (per 100 units of the edition), *share* (0 to 1, of all
          topic assignments).
        - `origin`: `add`, `sup`, `mod_gain`, `mod_loss`, `moved_in`, `moved_out`, as in `shift`,
          or `composition`: what the change of the denominator alone did (0 for a count).
        - `contribution`: signed, in units of the measure; what clauses lost is negative. The seven
          sum to `n_new - n_old`, to `difference`, to `share_difference`.

    Raises
    ------
    RuntimeError
        When the parts do not sum to the difference in a row, which no table of `topic_shift` does.

    Notes
    -----
    With *n* over the whole *T* (`base` for rates, `assigned` for shares),

    .. math:: \frac{n_1}{T_1} - \frac{n_0}{T_0} =
       (n_1 - n_0) \frac{1}{2} \left(\frac{1}{T_0} + \frac{1}{T_1}\right) +
       \frac{n_0 + n_1}{2} \left(\frac{1}{T_1} - \frac{1}{T_0}\right)

    which is exact, leaves no interaction to be given to anybody, and treats the editions alike:
    swapping them negates it. It is the decomposition of a difference of rates in [1]_. The first
    term is linear in :math:`n_1 - n_0`, so each origin takes its part of it; the second is
    `composition`. A whole of 0 has no inverse: the other edition's stands for it, and composition
    is 0; where both are 0, so is everything. The identity is checked in integers; the numbers
    returned are its floats, exact to rounding.

    A topic of which nothing changed still falls by `composition` where the rest grew. For a share
    that is arithmetic, not policy: read `add` to `moved_out` for what was done to the topic. The
    split says what adds up to what; it does not say what would have happened otherwise: a topic's
    own clauses are part of its denominator too, and a clause added about it raises both.

    References
    ----------
    .. [1] E. M. Kitagawa (1955), Components of a Difference Between Two Rates, Journal of the
       American Statistical Association 50(272): 1168-1194.

    Examples
    --------
    >>> import pandas as pd
    >>> row = {"corpus": "x", "unit": "clause", "breakdown": "total", "category": "all"}
    >>> row |= {"topic": "water", "base_old": 40, "base_new": 70, "n_old": 10, "n_new": 10}
    >>> row |= {"assigned_old": 40, "assigned_new": 70, "add": 0, "sup": 0}
    >>> row |= {"mod_gain": 0, "mod_loss": 0, "moved_in": 0, "moved_out": 0}
    >>> parts = account_shift(pd.DataFrame([row])).query("measure == 'share'")
    >>> parts.set_index("origin")["contribution"].round(3).loc[["add", "composition"]].tolist()
    [0.0, -0.107]
    """
    signed = shift[list(_SIGNS)].to_numpy(np.int64) * np.array(list(_SIGNS.values()))
    parts = np.zeros((len(shift), len(_WHOLES), len(_SIGNS) + 1))
    for k, (measure, whole) in enumerate(_WHOLES.items()):
        _check_identity(shift, whole)
        own, composition = _weigh(shift, whole) if whole else (np.ones(len(shift)), 0.0)
        scale = 100 if measure == "rate" else 1
        parts[:, k, :-1] = scale * signed * own[:, None]
        parts[:, k, -1] = scale * composition
    origins = [*_SIGNS, "composition"]
    each = len(_WHOLES) * len(origins)
    table = shift[_KEYS].iloc[np.repeat(np.arange(len(shift)), each)].reset_index(drop=True)
    table["measure"] = np.tile(np.repeat(list(_WHOLES), len(origins)), len(shift))
    table["origin"] = np.tile(origins, len(_WHOLES) * len(shift))
    table["contribution"] = parts.ravel() + 0.0  # no negative zeros
    return table[[column.name for column in TABLES["contributions"]]]


def _weigh(shift: pd.DataFrame, whole: str) -> tuple[Floats, Floats]:
    """Return what a unit more of n is worth, and what the change of the whole did to n."""
    there = [shift[f"{whole}_{version}"].to_numpy() > 0 for version in ("old", "new")]
    old, new = (divide(1, shift[f"{whole}_{version}"]) for version in ("old", "new"))
    both = there[0] & there[1]
    own = np.where(both, (old + new) / 2, old + new)
    mean = (shift["n_old"].to_numpy() + shift["n_new"].to_numpy()) / 2
    return own, np.where(both, mean * (new - old), 0.0)


def _check_identity(shift: pd.DataFrame, whole: str) -> None:
    """Refuse a row whose parts do not sum to its difference, in integers of any size."""

    def take(column: str) -> np.ndarray:
        return shift[column].to_numpy(np.int64).astype(object)

    n_old, n_new = take("n_old"), take("n_new")
    grown = sum((sign * take(origin) for origin, sign in _SIGNS.items()), 0 * n_old)
    if whole:
        old, new = take(f"{whole}_old"), take(f"{whole}_new")
        parts = grown * (old + new) + (n_old + n_new) * (old - new)
        wrong = parts != 2 * (n_new * old - n_old * new)
    else:
        wrong = grown != n_new - n_old
    if len(rows := np.flatnonzero(wrong)):
        row = ", ".join(str(shift[key].iloc[rows[0]]) for key in _KEYS[1:])
        raise RuntimeError(f"{whole or 'count'} does not add up in row {row}; please report it")
