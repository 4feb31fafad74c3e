"""What two versions' clauses share of the source's characters."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from resanalysis.alignment.rows import Ints, Replay, Rows, read_replay
from resanalysis.model import Version

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Evidence:
    """Source characters that row `i` of old and row `j` of new share, and that each row reads."""

    i: Ints
    j: Ints
    shared: Ints
    old_length: Ints
    new_length: Ints


def source_offsets(segments: pd.DataFrame, version: Version) -> Ints:
    """Return the source offset of each character of a version's text.

    Parameters
    ----------
    segments : DataFrame
        `segments` of one corpus; columns `start`, `end` and `op` are read.
    version : {"old", "new"}
        The old text is made of equal and delete segments, the new one of equal and insert.

    Returns
    -------
    ndarray of int
        As long as the version's text, in code points, rising.

    Raises
    ------
    ValueError
        When the version is neither old nor new.

    Examples
    --------
    >>> import pandas as pd
    >>> ops = ["equal", "delete", "insert"]
    >>> segments = pd.DataFrame({"start": [0, 2, 3], "end": [2, 3, 5], "op": ops})
    >>> source_offsets(segments, "new").tolist()
    [0, 1, 3, 4]
    """
    if version not in ("old", "new"):
        raise ValueError(f"version is {version!r}; give 'old' or 'new'")
    return replay_offsets(read_replay(segments), version)


def replay_offsets(replay: Replay, version: Version) -> Ints:
    """Return what `source_offsets` does."""
    other = "insert" if version == "old" else "delete"
    read = np.array([op != other for op in replay.op], dtype=bool)
    start = replay.start[read]
    length = replay.end[read] - start
    before = np.cumsum(length) - length
    return np.repeat(start - before, length) + np.arange(length.sum())


def gather_evidence(old: Rows, new: Rows, offsets: tuple[Ints, Ints], size: int) -> Evidence:
    """Return what rows of old and of new share.

    Parameters
    ----------
    old, new : Rows
        Rows of the versions.
    offsets : tuple of ndarray
        Of each version, as `source_offsets` gives them.
    size : int
        Characters of the source.
    """
    in_old, in_new = (
        _own_characters(rows, own, size) for rows, own in zip((old, new), offsets, strict=True)
    )
    width = max(len(new), 1)
    # A character that both versions read can only stand in an equal segment.
    both = (in_old >= 0) & (in_new >= 0)
    cells = in_old[both] * width + in_new[both]
    # Characters of one cell stand together mostly, so runs are counted instead of characters.
    first = np.flatnonzero(np.append(True, cells[1:] != cells[:-1])[: len(cells)])
    lengths = np.diff(np.append(first, len(cells)))
    cell, of = np.unique(cells[first], return_inverse=True)
    return Evidence(
        i=cell // width,
        j=cell % width,
        shared=np.bincount(of, weights=lengths, minlength=len(cell)).astype(np.int64),
        old_length=np.bincount(in_old[in_old >= 0], minlength=len(old)),
        new_length=np.bincount(in_new[in_new >= 0], minlength=len(new)),
    )


def _own_characters(rows: Rows, offsets: Ints, size: int) -> Ints:
    """Return the row that reads each source character, -1 where none does."""
    reader = np.full(len(offsets), -1, dtype=np.int64)
    for i, (start, end, masked) in enumerate(zip(rows.start, rows.end, rows.masked, strict=True)):
        if end > len(offsets):
            raise ValueError(
                f"clause {rows.clause_id[i]} ends at {end}, but the segments give only "
                f"{len(offsets)} characters. Parse the text that these segments give"
            )
        reader[start:end] = i
        if masked not in ("", "[]"):
            for left, right in json.loads(masked):
                reader[left:right] = -1
    owner = np.full(size, -1, dtype=np.int64)
    owner[offsets] = reader
    return owner
