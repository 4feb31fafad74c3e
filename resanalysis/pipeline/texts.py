"""Clauses' texts folded and joined, so that one scan reads them all; and where tokens meet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from resanalysis.folding import LOOSE_CHARACTER, Folded, fold, has_loose, narrow_text
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
    shortened : mapping of int to Folded
        By number of the clause the copies that are not as long as their texts.
    """

    text: str
    starts: NDArray[np.int64]
    sources: NDArray[np.int64]
    shortened: Mapping[int, Folded]

    def clause_at(self, places: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the number of the clause, from 0, in which each place of `text` lies."""
        return np.searchsorted(self.starts, places, side="right") - 1

    def spans(
        self, clause: NDArray[np.int64], first: NDArray[np.int64], last: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return start and end in the clauses' own texts of places in `text`."""
        offset = self.starts[clause]
        start, end = first - offset, last - offset
        if self.shortened:
            apart = np.flatnonzero(np.isin(clause, list(self.shortened)))
            for place in apart.tolist():
                copy = self.shortened[int(clause[place])]
                start[place], end[place] = copy.span(int(start[place]), int(end[place]))
        return start, end


def join_texts(texts: Sequence[str]) -> JoinedTexts:
    """Return the texts folded and joined."""
    sources = _starts(texts)
    narrow = narrow_text(SEPARATOR.join(texts))
    if not has_loose(narrow):
        return JoinedTexts(narrow, sources, sources, {})
    copies = [narrow[s : s + len(text)] for s, text in zip(sources.tolist(), texts, strict=True)]
    shortened = {number: fold(texts[number]) for number in _find_loose(narrow, sources)}
    for number, copy in shortened.items():
        copies[number] = copy.text
    return JoinedTexts(SEPARATOR.join(copies), _starts(copies), sources, shortened)


def _find_loose(narrow: str, starts: NDArray[np.int64]) -> list[int]:
    """Return the numbers of the texts that `fold` leaves characters out of."""
    places = np.array([hit.start() for hit in LOOSE_CHARACTER.finditer(narrow)], dtype=np.int64)
    loose: list[int] = np.unique(np.searchsorted(starts, places, side="right") - 1).tolist()
    return loose


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
