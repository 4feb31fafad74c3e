"""Clauses counted so that one which stands in several editions of a resolution counts once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from resanalysis.pipeline.rows import ClauseRow
    from resanalysis.pipeline.suggestions.phrases import Occurrences


class WitnessCounter:
    """Counts clauses in the edition of each corpus that has most, added up over the corpora.

    Two editions share most clauses, unchanged or edited. Were both counted, a word in one clause
    would pass for a word in two.

    Parameters
    ----------
    rows : sequence of ClauseRow
        The clauses.
    """

    def __init__(self, rows: Sequence[ClauseRow]) -> None:
        editions: dict[tuple[str, str], int] = {}
        corpora: dict[str, int] = {}
        numbers = [editions.setdefault(row[:2], len(editions)) for row in rows]
        self._edition = np.array(numbers, dtype=np.int64)
        self._corpus = np.array(
            [corpora.setdefault(corpus, len(corpora)) for corpus, _ in editions], dtype=np.int64
        )

    def count(self, found: Occurrences, chosen: NDArray[np.bool_], size: int) -> NDArray[np.int64]:
        """Return for each of `size` phrases how many of the chosen clauses have it."""
        kept = chosen[found.clause]
        width = max(len(self._corpus), 1)
        keys, counts = np.unique(
            found.phrase[kept] * width + self._edition[found.clause[kept]], return_counts=True
        )
        phrase, corpus = keys // width, self._corpus[keys % width]
        # Behind one another by phrase and corpus, the greatest count last.
        order = np.lexsort((counts, corpus, phrase))
        phrase, corpus, counts = phrase[order], corpus[order], counts[order]
        last = np.append((phrase[1:] != phrase[:-1]) | (corpus[1:] != corpus[:-1]), True)
        last = last[: len(phrase)]
        total = np.zeros(size, dtype=np.int64)
        np.add.at(total, phrase[last], counts[last])
        return total

    def count_all(self, chosen: NDArray[np.bool_]) -> int:
        """Return how many of the clauses are chosen, counted in the same way."""
        counts = np.bincount(self._edition[chosen], minlength=len(self._corpus))
        most = np.zeros(self._corpus.max(initial=-1) + 1, dtype=np.int64)
        np.maximum.at(most, self._corpus, counts)
        return int(most.sum())
