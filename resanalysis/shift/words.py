"""The words of the counted clauses of two editions, counted along the rows of `pairs`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array

from resanalysis.model import input_error
from resanalysis.shift.laying import lay_tags
from resanalysis.shift.swapping import draw_swaps, find_movable

if TYPE_CHECKING:
    from resanalysis.shift.layout import Floats, Ints, Layout

Cells = csr_array[np.int64, tuple[int, int]]

_NEEDED = ("version", "clause_id", "text", "is_punct", "is_stop")
_NO_TAGS = pd.DataFrame(columns=["version", "clause_id", "topic", "start", "end"])


@dataclass(frozen=True)
class WordCounts:
    """How often each word stands in each row of `pairs`.

    Attributes
    ----------
    corpus : str
        The corpus.
    words : list of str
        Words of either edition, each once, in the order of their characters' code points.
    old, new : sparse array of int
        Rows of `pairs` x words; a row without its clause holds zeros.
    laid : Layout
        The editions along the same rows.
    """

    corpus: str
    words: list[str]
    old: Cells
    new: Cells
    laid: Layout

    def describe(self) -> dict[str, Ints]:
        """Return by word: how often and in how many clauses it stands, and how many changed it."""
        counts = {
            "n_old": self.old.sum(axis=0),
            "n_new": self.new.sum(axis=0),
            "clauses_old": self.old.count_nonzero(axis=0),
            "clauses_new": self.new.count_nonzero(axis=0),
            "clauses_changed": (self.new - self.old).count_nonzero(axis=0),
        }
        return {name: np.asarray(values, dtype=np.int64) for name, values in counts.items()}

    def gather(self, columns: Ints) -> WordCounts:
        """Return the words of these columns counted as one, whose name is empty."""
        together = csr_array(np.ones((len(columns), 1), np.int64))
        old, new = (csr_array(side[:, columns] @ together) for side in (self.old, self.new))
        return WordCounts(self.corpus, [""], old, new, self.laid)


def count_words(
    clauses: pd.DataFrame, tokens: pd.DataFrame, pairs: pd.DataFrame, *, stop_words: bool
) -> WordCounts:
    """Count the words of both editions along the 1:1 and orphan rows of `pairs`.

    Parameters
    ----------
    clauses, pairs
        As `topic_shift` takes them.
    tokens : DataFrame
        Tokens of both versions; those of clauses that are not counted are passed over, as is
        punctuation. A clause without a token has no words.
    stop_words : bool
        Whether function words count.

    Raises
    ------
    InputError
        When an edition has no counted clause, the pairs are not those of the clauses, or `tokens`
        lacks a column.
    """
    if missing := [column for column in _NEEDED if column not in tokens]:
        raise input_error(
            "tokens",
            "",
            f"there is no column {', '.join(missing)}",
            "Pass the table that `tokenize` makes; drop rows of it, not columns",
        )
    laid = lay_tags(clauses, _NO_TAGS, pairs, [])
    words = tokens[~tokens["is_punct"].astype(bool)]
    if not stop_words:
        words = words[~words["is_stop"].astype(bool)]
    places = {("old", name): row for row, name in enumerate(laid.old.ids) if name}
    places |= {("new", name): row for row, name in enumerate(laid.new.ids) if name}
    keys = zip(words["version"], words["clause_id"], strict=True)
    rows = np.array([places.get(key, -1) for key in keys], dtype=np.int64)
    words, rows = words[rows >= 0], rows[rows >= 0]
    codes, names = pd.factorize(words["text"].to_numpy(dtype=object), sort=True)
    is_new = words["version"].to_numpy(dtype=object) == "new"
    shape = len(laid.changes), len(names)
    old, new = (_tally(rows[which], codes[which], shape) for which in (~is_new, is_new))
    return WordCounts(laid.corpus, names.tolist(), old, new, laid)


def order_words(values: Floats) -> Ints:
    """Return the columns from the greatest value to the least, ties by word."""
    # Rounded, because what should be a tie must not hang on the last bit of a logarithm.
    return np.argsort(-np.round(values, 12), kind="stable")


def swap_versions(counts: WordCounts, columns: Ints, draws: int, seed: int) -> NDArray[np.int32]:
    """Swap the versions of rows at random, all words of a clause together; see `draw_swaps`.

    Returns
    -------
    ndarray of int
        Words of these columns x draws: what it takes from the new edition and gives to the old.
    """
    step = csr_array(counts.new - counts.old).astype(np.float64)  # floats; these are whole
    kept, single, is_added = find_movable(counts.laid, step.count_nonzero(axis=1) > 0)
    step = step[np.concatenate([kept, single])]
    by_word = csr_array(step[:, columns].T)
    moved = np.zeros((len(columns), draws), dtype=np.int32)
    done = 0
    for swaps in draw_swaps(len(kept), is_added, draws=draws, seed=seed):
        moved[:, done : done + len(swaps)] = np.asarray(by_word @ swaps.T)
        done += len(swaps)
    return moved


def _tally(rows: Ints, codes: Ints, shape: tuple[int, int]) -> Cells:
    ones = np.ones(len(rows), dtype=np.int64)
    return csr_array((ones, (rows, codes)), shape=shape)  # cells named twice are added up
