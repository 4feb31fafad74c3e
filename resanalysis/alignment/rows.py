"""The clauses of one version of one corpus, column by column."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from resanalysis.model import Version

if TYPE_CHECKING:
    import pandas as pd

Ints = NDArray[np.int64]

_TEXTS = ("clause_id", "text", "heading", "part", "addressee", "marker", "masked")


@dataclass(frozen=True)
class Rows:
    """Rows of one version in the order of its text; columns as in the `clauses` table."""

    clause_id: list[str]
    text: list[str]
    heading: list[str]
    part: list[str]
    addressee: list[str]
    marker: list[str]
    masked: list[str]
    start: list[int]
    end: list[int]

    def __len__(self) -> int:
        return len(self.clause_id)


@dataclass(frozen=True)
class Replay:
    """The segments of one redline in the order of its source.

    Attributes
    ----------
    start, end : ndarray of int
        Characters of the source.
    op : list of str
        What holds: equal, delete or insert.
    """

    start: Ints
    end: Ints
    op: list[str]

    @property
    def size(self) -> int:
        """Characters of the source."""
        return int(self.end.max(initial=0))


class CorpusTables:
    """The clauses and the segments of one corpus among others."""

    def __init__(
        self, corpus: str, columns: dict[str, list[Any]], rows: list[int], replay: Replay
    ) -> None:
        self.corpus = corpus
        self.replay = replay
        self._columns = columns
        self._rows = rows

    def select(self, version: Version, kinds: tuple[str, ...]) -> Rows:
        """Return the rows of a version that are of these kinds."""
        versions, kind, start = (self._columns[name] for name in ("version", "kind", "start"))
        rows = [row for row in self._rows if versions[row] == version and kind[row] in kinds]
        rows.sort(key=start.__getitem__)
        return Rows(
            **{
                name: [self._columns[name][row] for row in rows]
                for name in (*_TEXTS, "start", "end")
            }
        )


def split_corpora(clauses: pd.DataFrame, segments: pd.DataFrame) -> Iterator[CorpusTables]:
    """Give the tables of each corpus, in the order in which they come in `clauses`.

    Raises
    ------
    ValueError
        When there are several corpora and the segments do not say whose they are.
    """
    names = ("corpus", "version", "kind", *_TEXTS, "start", "end")
    columns = {name: clauses[name].tolist() for name in names}
    rows: dict[str, list[int]] = {}
    for row, corpus in enumerate(columns["corpus"]):
        rows.setdefault(corpus, []).append(row)
    replays = _split_segments(segments, list(rows))
    for corpus, own in rows.items():
        yield CorpusTables(corpus, columns, own, replays[corpus])


def read_replay(segments: pd.DataFrame) -> Replay:
    """Return the segments of one corpus in the order of its source."""
    rows = segments.sort_values("start")
    start, end = (rows[name].to_numpy(np.int64) for name in ("start", "end"))
    return Replay(start, end, rows["op"].tolist())


def _split_segments(segments: pd.DataFrame, corpora: list[str]) -> dict[str, Replay]:
    if len(corpora) == 1:
        return {corpora[0]: read_replay(segments)}
    if corpora and "corpus" not in segments.columns:
        raise ValueError(f"clauses of {len(corpora)} corpora, but segments without a corpus")
    start, end = (segments[name].to_numpy(np.int64) for name in ("start", "end"))
    op = segments["op"].tolist() if corpora else []
    rows: dict[str, list[int]] = {corpus: [] for corpus in corpora}
    for row, corpus in enumerate(segments["corpus"].tolist() if corpora else ()):
        if corpus in rows:
            rows[corpus].append(row)
    replays = {}
    for corpus, own in rows.items():
        order = np.array(own, dtype=np.int64)
        order = order[np.argsort(start[order], kind="stable")]
        replays[corpus] = Replay(start[order], end[order], [op[row] for row in order.tolist()])
    return replays
