"""Clauses of two versions -> pairs: evidence of the redline first, likeness of wording second."""

from __future__ import annotations

import json
from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Indel
from rapidfuzz.process import cdist
from scipy.optimize import linear_sum_assignment
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from resanalysis.model import COUNTED_KINDS, Version
from resanalysis.tables import make_table

if TYPE_CHECKING:
    import pandas as pd

Ints = NDArray[np.int64]

CLOSING = "；，。;,. \t\n\u3000\xa0"
"""Characters at the end of a clause that only say whether another one follows."""

MOST = 0.5
"""Part of an orphan's characters that a paired clause must hold to be a split or merge of it."""

TIE = 1e-7
"""Weight of heading and order in an assignment: enough to break ties, too little to outvote."""


def align_clauses(
    clauses: pd.DataFrame, segments: pd.DataFrame, *, threshold: float = 0.5
) -> pd.DataFrame:
    r"""Pair the counted clauses of two versions; every one lands in exactly one 1:1 or orphan row.

    Parameters
    ----------
    clauses : DataFrame
        `clauses` of both versions of one corpus; only kinds in `COUNTED_KINDS` are paired.
    segments : DataFrame
        `segments` of the redline both versions were recovered from. For two clean texts: one
        delete and one insert segment (then nothing is shared and wording alone decides).
    threshold : float
        Least score of a pair, above 0 and at most 1; below it the two are SUP and ADD.

    Returns
    -------
    DataFrame
        Table `pairs`, in the order of the new version; a suppressed clause follows the one it
        followed in the old version.

        - `change`: NOC where the texts are equal but for `CLOSING`; MOD; ADD (`old_id` empty);
          SUP (`new_id` empty).
        - `editorial`: NOC whose marker or closing punctuation differs.
        - `renumbered`: the markers of a 1:1 pair differ.
        - `moved`: a 1:1 pair outside one longest common order of the two documents, or in another
          section. Sections are the same when their heading rows are paired (as clauses are, but
          by wording only within a part and addressee) or, failing that, when `heading` is equal
          or opens the clause's own text.
        - `relation`: 1:1 in all counted rows, orphans too. A `split` row joins an added clause to a
          paired old clause that holds at least half of its characters in the redline; a `merge`
          row joins a suppressed clause to a new one alike. They stand behind the orphan's row, are
          MOD, carry no flags, and are not counted.
        - `similarity`: normalised indel similarity of the texts; 0 for ADD and SUP.

    Raises
    ------
    ValueError
        When the threshold is out of range, the clauses are of several corpora, or a clause ends
        behind the text that the segments give.

    Notes
    -----
    Two stages, each an optimal assignment [1]_ within every connected component of the candidates:

    1. *evidence*: :math:`2 s / (l_{old} + l_{new}) \ge` threshold, with *s* the source characters
       both clauses read (kept by the redline) and *l* the characters a clause reads (not masked);
    2. *wording*, for clauses left over: :math:`1 - d / (l_{old} + l_{new}) \ge` threshold, with *d*
       the least number of characters deleted and inserted between the texts.

    Equal scores go to the pair under one heading, then to the nearest relative position, squared so
    that pairs do not cross.

    References
    ----------
    .. [1] D. F. Crouse (2016), On implementing 2D rectangular assignment algorithms, IEEE
       Transactions on Aerospace and Electronic Systems 52(4): 1679-1696.

    Examples
    --------
    >>> import pandas as pd
    >>> row = {"corpus": "x", "kind": "clause", "part": "operative", "heading": "", "masked": "[]"}
    >>> row |= {"addressee": "", "marker": "", "start": 0, "end": 5}
    >>> clauses = pd.DataFrame([
    ...     row | {"version": "old", "clause_id": "resolves__1", "text": "保护环境；"},
    ...     row | {"version": "new", "clause_id": "resolves__1", "text": "保护环境。"}])
    >>> segments = pd.DataFrame({"start": [0, 5], "end": [5, 10], "op": ["delete", "insert"]})
    >>> align_clauses(clauses, segments)[["change", "editorial", "similarity"]].values.tolist()
    [['NOC', True, 0.8]]
    """
    if not 0 < threshold <= 1:
        raise ValueError(f"threshold is {threshold}; give a number above 0 and at most 1")
    corpora = clauses["corpus"].unique().tolist() or [""]
    if len(corpora) > 1:
        raise ValueError(f"clauses of {len(corpora)} corpora; align one corpus at a time")
    old, new = _label_sections(clauses, segments, threshold)
    evidence = _gather_evidence(old, new, segments)
    partner = _match(old, new, evidence, threshold)
    in_order = _longest_run(partner)
    olds: list[Any] = list(old.itertuples())
    news: list[Any] = list(new.itertuples())
    rows = []
    for i, j, relation in _lay_out(len(old), len(new), partner, evidence):
        row = _describe(olds[i] if i >= 0 else None, news[j] if j >= 0 else None, relation)
        if relation == "1:1" and i >= 0 and j >= 0:
            row["moved"] = i not in in_order or olds[i].section != news[j].section
        rows.append({"corpus": corpora[0]} | row)
    return make_table("pairs", rows)


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
    ops = ["equal", "delete" if version == "old" else "insert"]
    read = segments[segments["op"].isin(ops)].sort_values("start")
    start = read["start"].to_numpy(np.int64)
    length = read["end"].to_numpy(np.int64) - start
    before = np.cumsum(length) - length
    return np.repeat(start - before, length) + np.arange(length.sum())


@dataclass(frozen=True)
class _Evidence:
    """Source characters that row `i` of old and row `j` of new share, and that each row reads."""

    i: Ints
    j: Ints
    shared: Ints
    old_length: Ints
    new_length: Ints


def _select(clauses: pd.DataFrame, version: str, kinds: tuple[str, ...]) -> pd.DataFrame:
    rows = clauses[(clauses["version"] == version) & clauses["kind"].isin(kinds)]
    return rows.sort_values("start", kind="stable", ignore_index=True).assign(section="")


def _own_characters(rows: pd.DataFrame, offsets: Ints, size: int) -> Ints:
    """Return the row that reads each source character, -1 where none does."""
    owner = np.full(size, -1, dtype=np.int64)
    spans = zip(rows["start"].tolist(), rows["end"].tolist(), rows["masked"], strict=True)
    for i, (start, end, masked) in enumerate(spans):
        if end > len(offsets):
            raise ValueError(
                f"clause {rows['clause_id'][i]} ends at {end}, but the segments give only "
                f"{len(offsets)} characters. Parse the text that these segments give"
            )
        owner[offsets[start:end]] = i
        for left, right in json.loads(masked or "[]"):
            owner[offsets[left:right]] = -1
    return owner


def _gather_evidence(old: pd.DataFrame, new: pd.DataFrame, segments: pd.DataFrame) -> _Evidence:
    size = int(segments["end"].max()) if len(segments) else 0
    in_old = _own_characters(old, source_offsets(segments, "old"), size)
    in_new = _own_characters(new, source_offsets(segments, "new"), size)
    # A character that both versions read can only stand in an equal segment.
    both = (in_old >= 0) & (in_new >= 0)
    width = max(len(new), 1)
    cell, shared = np.unique(in_old[both] * width + in_new[both], return_counts=True)
    return _Evidence(
        i=cell // width,
        j=cell % width,
        shared=shared,
        old_length=np.bincount(in_old[in_old >= 0], minlength=len(old)),
        new_length=np.bincount(in_new[in_new >= 0], minlength=len(new)),
    )


def _label_sections(
    clauses: pd.DataFrame, segments: pd.DataFrame, threshold: float
) -> list[pd.DataFrame]:
    """Return the counted rows of old and of new; equal `section` means the same section."""
    old, new = heads = [_select(clauses, version, ("heading",)) for version in ("old", "new")]
    evidence = _gather_evidence(old, new, segments)
    sharing = set(zip(evidence.i.tolist(), evidence.j.tolist(), strict=True))
    group = [list(zip(head["part"], head["addressee"], strict=True)) for head in heads]
    same = [
        (i, j)
        for i, j in _match(old, new, evidence, threshold).items()
        if (i, j) in sharing or group[0][i] == group[1][j]
    ]
    numbers = ({i: i for i, _ in same}, {j: i for i, j in same})
    labelled = []
    for version, head, number in zip(("old", "new"), heads, numbers, strict=True):
        rows = _select(clauses, version, COUNTED_KINDS)
        above = np.searchsorted(head["start"].to_numpy(), rows["start"].to_numpy(), "right") - 1
        named = head["heading"].tolist()
        labels = []
        for k, heading, text in zip(above.tolist(), rows["heading"], rows["text"], strict=True):
            if k in number and named[k] == heading:
                labels.append(f"#{number[k]}")
            else:
                # A verb that opens the clause's own text is its wording, not a section.
                labels.append("" if text.startswith(heading) else heading)
        labelled.append(rows.assign(section=labels))
    return labelled


def _match(
    old: pd.DataFrame, new: pd.DataFrame, evidence: _Evidence, threshold: float
) -> dict[int, int]:
    """Return the new row of each paired old row, in the order of the old rows."""
    old_section, new_section = (rows["section"].to_numpy(object) for rows in (old, new))

    def assign(i: Ints, j: Ints, score: NDArray[np.float64]) -> dict[int, int]:
        likely = score >= threshold
        i, j, score = i[likely], j[likely], score[likely]
        distance = i / max(len(old), 1) - j / max(len(new), 1)
        return _assign(i, j, score + TIE * ((old_section[i] == new_section[j]) + 1 - distance**2))

    read = evidence.old_length[evidence.i] + evidence.new_length[evidence.j]
    partner = assign(evidence.i, evidence.j, 2 * evidence.shared / read)
    old_left = np.setdiff1d(np.arange(len(old)), list(partner))
    new_left = np.setdiff1d(np.arange(len(new)), list(partner.values()))
    if len(old_left) and len(new_left):
        similarity = cdist(
            old["text"].iloc[old_left].tolist(),
            new["text"].iloc[new_left].tolist(),
            scorer=Indel.normalized_similarity,
            score_cutoff=threshold,
            dtype=np.float64,
        )
        i, j = np.nonzero(similarity)
        partner |= assign(old_left[i], new_left[j], similarity[i, j])
    return dict(sorted(partner.items()))


def _assign(i: Ints, j: Ints, weight: NDArray[np.float64]) -> dict[int, int]:
    """Return the one-to-one choice among the edges (i, j) with the greatest total weight."""
    if not len(i):
        return {}
    shift = int(np.max(i)) + 1
    size = shift + int(np.max(j)) + 1
    graph = coo_array((np.ones(len(i)), (i, j + shift)), shape=(size, size))
    component = connected_components(graph, directed=False)[1][i]
    order = np.argsort(component, kind="stable")
    chosen: dict[int, int] = {}
    for edges in np.split(order, np.flatnonzero(np.diff(component[order])) + 1):
        rows, row = np.unique(i[edges], return_inverse=True)
        columns, column = np.unique(j[edges], return_inverse=True)
        table = np.zeros((len(rows), len(columns)))
        table[row, column] = weight[edges]
        for a, b in zip(*linear_sum_assignment(table, maximize=True), strict=True):
            if table[a, b] > 0:
                chosen[int(rows[a])] = int(columns[b])
    return chosen


def _longest_run(partner: dict[int, int]) -> set[int]:
    """Return the old rows of one longest run of pairs in both orders (patience sorting)."""
    piles: list[tuple[int, int]] = []
    below: dict[int, int] = {}
    for i, j in partner.items():
        pile = bisect_left(piles, (j, -1))
        below[i] = piles[pile - 1][1] if pile else -1
        piles[pile : pile + 1] = [(j, i)]
    run: set[int] = set()
    i = piles[-1][1] if piles else -1
    while i >= 0:
        run.add(i)
        i = below[i]
    return run


def _lay_out(
    old_count: int, new_count: int, partner: dict[int, int], evidence: _Evidence
) -> list[tuple[int, int, str]]:
    """Return (old row or -1, new row or -1, relation) in the order of the table."""
    source = {j: i for i, j in partner.items()}
    placed: list[tuple[tuple[int, ...], tuple[int, int, str]]] = [
        ((j,), (source.get(j, -1), j, "1:1")) for j in range(new_count)
    ]
    forerunner = [-1]
    for i in range(old_count):
        forerunner.append(partner.get(i, forerunner[-1]))
        if i not in partner:
            placed.append(((forerunner[-1], 1, i), (i, -1, "1:1")))
    for i, j, shared in zip(evidence.i, evidence.j, evidence.shared, strict=True):
        if i in partner and j not in source and shared >= MOST * evidence.new_length[j]:
            placed.append(((j, 0, i), (i, j, "split")))
        if j in source and i not in partner and shared >= MOST * evidence.old_length[i]:
            placed.append(((forerunner[i], 1, i, j), (i, j, "merge")))
    return [entry for _, entry in sorted(placed)]


def _describe(old: Any, new: Any, relation: str) -> dict[str, Any]:
    row = {
        "old_id": old.clause_id if old else "",
        "new_id": new.clause_id if new else "",
        "change": "MOD" if old and new else "SUP" if old else "ADD",
        "editorial": False,
        "renumbered": False,
        "moved": False,
        "relation": relation,
        "similarity": Indel.normalized_similarity(old.text, new.text) if old and new else 0.0,
    }
    if old and new and relation == "1:1":
        row["renumbered"] = old.marker != new.marker
        if _strip_closing(old.text) == _strip_closing(new.text):
            row["change"] = "NOC"
            row["editorial"] = row["renumbered"] or old.text != new.text
    return row


def _strip_closing(text: str) -> str:
    return text.lstrip().rstrip(CLOSING)
