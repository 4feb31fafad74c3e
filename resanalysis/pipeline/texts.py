"""Clauses' texts folded and joined, so that one scan reads them all; and where tokens meet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from resanalysis.folding import Folded, fold, has_loose, narrow_text
from resanalysis.pipeline.finder import SEPARATOR
from resanalysis.pipeline.rows import CLAUSE_KEY, number_tokens

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd
    from numpy.typing import NDArray


@dataclass(frozen=True)
class JoinedTexts:
    """Folded texts of clauses, one behind the other with a separator between.

    Attributes
    ----------
    text : str
        The folded copies, joined.
    starts, sources : array of int
        Place of every clause's first character in `text`, and in the texts joined as they are.
    folded : sequence of Folded or None
        The copies; None where each is as long as its text.
    """

    text: str
    starts: NDArray[np.int64]
    sources: NDArray[np.int64]
    folded: Sequence[Folded] | None

    def clause_at(self, places: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the number of the clause, from 0, in which each place of `text` lies."""
        return np.searchsorted(self.starts, places, side="right") - 1

    def spans(
        self, clause: NDArray[np.int64], first: NDArray[np.int64], last: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return start and end in the clauses' own texts of places in `text`."""
        offset = self.starts[clause]
        start, end = first - offset, last - offset
        if self.folded is not None:
            spans = [self.folded[n].span(s, e) for n, s, e in zip(clause, start, end, strict=True)]
            start, end = np.array(spans, dtype=np.int64).reshape(-1, 2).T
        return start, end


def join_texts(texts: Sequence[str]) -> JoinedTexts:
    """Return the texts folded and joined."""
    sources = _starts(texts)
    narrow = narrow_text(SEPARATOR.join(texts))
    if not has_loose(narrow):
        return JoinedTexts(narrow, sources, sources, None)
    folded = [fold(text) for text in texts]
    copies = [copy.text for copy in folded]
    return JoinedTexts(SEPARATOR.join(copies), _starts(copies), sources, folded)


def _starts(texts: Sequence[str]) -> NDArray[np.int64]:
    lengths = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts)) + len(SEPARATOR)
    starts: NDArray[np.int64] = np.cumsum(lengths) - lengths
    return starts


def find_edges(
    tokens: pd.DataFrame, clauses: Mapping[str, Sequence[str]], joined: JoinedTexts
) -> NDArray[np.bool_]:
    """Return for every place in the texts, joined as they are, whether it is a token's edge.

    `ValueError` when the tokens are not those of the clauses, or not in order.
    """
    texts = clauses["text"]
    keys = [*zip(*(clauses[name] for name in CLAUSE_KEY), strict=True)]
    clause = number_tokens(tokens, keys, texts)
    edges = np.zeros(sum(map(len, texts)) + len(texts) * len(SEPARATOR), dtype=bool)
    known = clause >= 0
    offset = joined.sources[clause[known]]
    for name in ("start", "end"):
        edges[offset + tokens[name].to_numpy()[known]] = True
    return edges
