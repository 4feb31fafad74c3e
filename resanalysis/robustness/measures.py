"""The headline of a layout: what each topic counts in both editions, and its three differences."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from resanalysis.shift.layout import Ints, Layout, Side, subtract_parts

MEASURES = ("count", "rate", "share")
"""Differences of a topic between the editions: of counts, of rates, of shares."""


def find_differences(old: Ints, new: Ints) -> dict[str, NDArray[Any]]:
    """Return the differences of counts, rates per 100 and shares; exactly 0 where equal.

    Parameters
    ----------
    old, new : ndarray of int
        ... x (topics and, last, all counted units) of each edition.

    Returns
    -------
    dict of ndarray
        By measure, ... x topics; 0 where an edition counts nothing at all.
    """
    n_old, n_new = old[..., :-1], new[..., :-1]
    sums = (n_old.sum(axis=-1, keepdims=True), n_new.sum(axis=-1, keepdims=True))
    return {
        "count": n_new - n_old,
        "rate": 100 * subtract_parts(n_old, n_new, old[..., -1:], new[..., -1:]),
        "share": subtract_parts(n_old, n_new, *sums),
    }


@dataclass(frozen=True)
class Headline:
    """Both editions counted, and where the change came from: arrays over topics.

    `old` and `new` have, last, all counted units.
    """

    old: Ints
    new: Ints
    add: Ints
    sup: Ints
    mod_gain: Ints
    mod_loss: Ints


def read_headline(laid: Layout, unit: str) -> Headline:
    """Return what a layout counts over all its rows."""
    old, new = (side.counts[unit] for side in (laid.old, laid.new))
    in_old, in_new = (side.there[:, None] for side in (laid.old, laid.new))
    both = in_old & in_new
    return Headline(
        old=np.append(old.sum(axis=0), laid.old.bases[unit].sum()),
        new=np.append(new.sum(axis=0), laid.new.bases[unit].sum()),
        add=(new * ~in_old).sum(axis=0),
        sup=(old * ~in_new).sum(axis=0),
        mod_gain=(np.maximum(new - old, 0) * both).sum(axis=0),
        mod_loss=(np.maximum(old - new, 0) * both).sum(axis=0),
    )


def leave_out(laid: Layout, old: NDArray[np.bool_], new: NDArray[np.bool_]) -> Layout:
    """Return the layout without the clauses of these rows of the old and of the new edition."""
    return replace(laid, old=_empty(laid.old, old), new=_empty(laid.new, new))


def _empty(side: Side, rows: NDArray[np.bool_]) -> Side:
    return replace(
        side,
        ids=["" if out else name for name, out in zip(side.ids, rows.tolist(), strict=True)],
        counts={unit: counts * ~rows[:, None] for unit, counts in side.counts.items()},
        bases={unit: bases * ~rows for unit, bases in side.bases.items()},
    )
