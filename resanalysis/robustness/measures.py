"""The headline of a layout: what each topic counts in both editions, and its three differences."""

from __future__ import annotations

from collections.abc import Iterator
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


def leave_each_out(laid: Layout, unit: str) -> Iterator[Headline]:
    """Yield for each row what the layout counts without its clauses."""
    whole = read_headline(laid, unit)
    old, new = (side.counts[unit] for side in (laid.old, laid.new))
    bases = [side.bases[unit] for side in (laid.old, laid.new)]
    there = zip(laid.old.there.tolist(), laid.new.there.tolist(), strict=True)
    for k, (in_old, in_new) in enumerate(there):
        gone = np.maximum(new[k] - old[k], 0), np.maximum(old[k] - new[k], 0)
        yield Headline(
            old=whole.old - np.append(old[k], bases[0][k]),
            new=whole.new - np.append(new[k], bases[1][k]),
            add=whole.add - new[k] * (not in_old),
            sup=whole.sup - old[k] * (not in_new),
            mod_gain=whole.mod_gain - gone[0] * (in_old and in_new),
            mod_loss=whole.mod_loss - gone[1] * (in_old and in_new),
        )


def leave_out(laid: Layout, old: NDArray[np.bool_], new: NDArray[np.bool_]) -> Layout:
    """Return the layout without the clauses of these rows of the old and of the new edition."""
    return replace(laid, old=_empty(laid.old, old), new=_empty(laid.new, new))


def _clear(values: list[str], rows: NDArray[np.bool_]) -> list[str]:
    return ["" if out else value for value, out in zip(values, rows.tolist(), strict=True)]


def _empty(side: Side, rows: NDArray[np.bool_]) -> Side:
    return replace(
        side,
        ids=_clear(side.ids, rows),
        texts=_clear(side.texts, rows),
        parts=_clear(side.parts, rows),
        addressees=_clear(side.addressees, rows),
        strengths=np.where(rows, -1, side.strengths),
        places=np.where(rows, -1, side.places),
        counts={unit: counts * ~rows[:, None] for unit, counts in side.counts.items()},
        bases={unit: bases * ~rows for unit, bases in side.bases.items()},
    )
