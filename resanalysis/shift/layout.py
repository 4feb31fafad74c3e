"""The counted clauses of two editions laid along the rows of `pairs`, with what they hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

NONE = "none"
"""Category of clauses that are addressed to nobody, or stand in no part."""


@dataclass(frozen=True)
class Side:
    """One edition along the rows of `pairs`; a row without its clause holds "" and zeros.

    Attributes
    ----------
    ids : list of str
        Clause of each row.
    texts : list of str
        Its text.
    parts, addressees : list of str
        Its part and who it tells to act, `none` where that is empty.
    strengths : ndarray of int
        Strength of its verb; -1 where there is no clause.
    places : ndarray of int
        Its place among the counted clauses of its edition, from 0; -1 where there is no clause.
    counts : dict of ndarray
        By unit, rows x topics: 1 for the unit *clause*, the clause's length for *character* and
        *token*, the topic's characters for *matched*; 0 where the clause has not the topic.
    bases : dict of ndarray
        By unit: what the row's clause counts.
    """

    ids: list[str]
    texts: list[str]
    parts: list[str]
    addressees: list[str]
    strengths: Ints
    places: Ints
    counts: Mapping[str, Ints]
    bases: Mapping[str, Ints]

    @property
    def there(self) -> NDArray[np.bool_]:
        """Whether the edition has a clause in the row."""
        return np.array([name != "" for name in self.ids], dtype=bool)

    def categories(self, breakdown: str) -> list[str]:
        """Return the category of each row in a breakdown; "" where there is no clause."""
        if breakdown == "total":
            return ["all" if name else "" for name in self.ids]
        if breakdown == "part":
            return self.parts
        if breakdown == "addressee":
            return self.addressees
        told = zip(self.addressees, self.strengths.tolist(), strict=True)
        return [f"{addressee} {strength}" if addressee else "" for addressee, strength in told]


@dataclass(frozen=True)
class Layout:
    """Both editions along the same rows; of several corpora the rows of one stand together.

    Attributes
    ----------
    corpora : list of str
        The corpora.
    corpus_of : ndarray of int
        Number of the corpus of each row, rising.
    topics : list of str
        Topics in the order of the columns.
    changes : list of str
        NOC, MOD, ADD or SUP of each row.
    old, new : Side
        The editions.
    """

    corpora: list[str]
    corpus_of: Ints
    topics: list[str]
    changes: list[str]
    old: Side
    new: Side

    @property
    def corpus(self) -> str:
        """The corpus, where there is one."""
        (corpus,) = self.corpora
        return corpus


def divide(amount: Any, whole: Any) -> Floats:
    """Return amount / whole, 0 where the whole is 0."""
    top, below = np.broadcast_arrays(np.asarray(amount, float), np.asarray(whole, float))
    result = np.zeros(top.shape)
    np.divide(top, below, out=result, where=below > 0)
    return result


def subtract_parts(n_old: Any, n_new: Any, whole_old: Any, whole_new: Any) -> Floats:
    """Return n_new / whole_new - n_old / whole_old of integers; a part of nothing is 0.

    The difference is taken over the common denominator, so that equal fractions differ by exactly
    0 and the sign is never that of a rounding error.
    """
    old, new = np.maximum(whole_old, 1), np.maximum(whole_new, 1)
    difference: Floats = (n_new * old - n_old * new) / (old * new)
    return difference


def spread_counts(has: Ints, matched: Ints, bases: Mapping[str, Ints]) -> dict[str, Ints]:
    """Return the counts of every unit from those of *clause* and *matched*, rows x topics."""
    return {
        "clause": has,
        "character": has * bases["character"][:, None],
        "token": has * bases["token"][:, None],
        "matched": matched,
    }


def cover(spans: Iterable[tuple[int, int]]) -> int:
    """Return the number of characters under the spans, overlaps once."""
    covered = reached = 0
    for start, end in sorted(spans):
        covered += max(end - max(start, reached), 0)
        reached = max(reached, end)
    return covered
