"""The null model of every measure here: versions of changed clauses swapped, no edition growing."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from resanalysis.shift.layout import Floats, Layout

Rows = NDArray[np.intp]

SWAPS = "versions of changed clauses swapped, each edition keeping its number of clauses"
"""What is permuted, as tables name it."""

_CELLS = 4_000_000
"""Cells (draws x rows) made at once: 32 MB."""


def draw_swaps(
    kept: int, is_added: NDArray[np.bool_], *, draws: int, seed: int
) -> Iterator[Floats]:
    """Yield, for some draws at a time, which rows change the places of their versions.

    A kept clause is swapped by a coin of its own. Of the clauses that one edition lacks, as many as
    were added are drawn to be the added ones, each as likely as any other, so that both editions
    keep their number of clauses: with one coin for each, a text that grew would be rare in itself,
    and topics that no change touched would seem to fall.

    Parameters
    ----------
    kept : int
        Number of rows with clauses in both editions.
    is_added : ndarray of bool
        Of each row with a clause in one edition, whether it is the new one.
    draws, seed : int
        Draws in all, and the seed. The same draws come when old and new change places.

    Yields
    ------
    ndarray of float
        Draws x rows, the kept rows first: 1 swapped, 0 as it is.
    """
    rng = np.random.Generator(np.random.PCG64(seed))
    at_once = max(1, _CELLS // max(1, kept + len(is_added)))
    for done in range(0, draws, at_once):
        number = min(at_once, draws - done)
        coins = rng.integers(0, 2, size=(number, kept), dtype=np.int8)
        drawn = rng.permuted(np.tile(is_added, (number, 1)), axis=1) != is_added
        yield np.concatenate([coins, drawn], axis=1).astype(np.float64)


def find_movable(laid: Layout, differs: NDArray[np.bool_]) -> tuple[Rows, Rows, NDArray[np.bool_]]:
    """Return the rows that a swap may change, and what `draw_swaps` needs to know of them.

    Parameters
    ----------
    laid : Layout
        The editions.
    differs : ndarray of bool
        Whether a row's two versions count differently; kept ones that do not swap to themselves.

    Returns
    -------
    kept, single : ndarray of int
        Rows with clauses in both editions that differ, and rows with a clause in one.
    is_added : ndarray of bool
        Of each of the latter, whether the clause is of the new edition.
    """
    old, new = laid.old.there, laid.new.there
    single = np.flatnonzero(old != new)
    return np.flatnonzero(old & new & differs), single, new[single]
