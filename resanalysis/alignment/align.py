"""Clauses of two versions -> pairs: evidence of the redline first, likeness of wording second."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Indel
from rapidfuzz.process import cdist
from scipy.optimize import linear_sum_assignment
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from resanalysis.alignment.evidence import Evidence, gather_evidence, replay_offsets
from resanalysis.alignment.rows import CorpusTables, Ints, Rows, split_corpora
from resanalysis.model import COUNTED_KINDS, Version
from resanalysis.tables import make_from_columns

if TYPE_CHECKING:
    import pandas as pd

CLOSING = "；，。;,. \t\n\u3000\xa0"
"""Characters at the end of a clause that only say whether another one follows."""

MOST = 0.5
"""Part of an orphan's characters that a paired clause must hold to be a split or merge of it."""

CELLS = 4_000_000
"""Texts of old times texts of new that are compared at a time: 32 MB."""

TIE = 1e-7
"""Weight of heading and order in an assignment: enough to break ties, too little to outvote."""


def align_clauses(
    clauses: pd.DataFrame, segments: pd.DataFrame, *, threshold: float = 0.5
) -> pd.DataFrame:
    r"""Pair the counted clauses of two versions; every one lands in exactly one 1:1 or orphan row.

    Parameters
    ----------
    clauses : DataFrame
        `clauses` of both versions of a corpus, or of several; each is aligned by itself. Only
        kinds in `COUNTED_KINDS` are paired.
    segments : DataFrame
        `segments` of the redline both versions were recovered from. For two clean texts: one
        delete and one insert segment (then nothing is shared and wording alone decides).
    threshold : float
        Least score of a pair, above 0 and at most 1; below it the two are SUP and ADD.

    Returns
    -------
    DataFrame
        Table `pairs`, corpus after corpus, in the order of the new version; a suppressed clause
        follows the one it followed in the old version.

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
        When the threshold is out of range, a clause ends behind the text that the segments give,
        or the clauses are of several corpora and the segments have no column `corpus`.

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
    columns: dict[str, list[Any]] = {"corpus": [], **{name: [] for name in _COLUMNS}}
    for tables in split_corpora(clauses, segments):
        rows = _align_corpus(tables, threshold)
        columns["corpus"] += [tables.corpus] * len(rows)
        for name, values in zip(_COLUMNS, zip(*rows, strict=True), strict=False):
            columns[name] += values
    return make_from_columns("pairs", columns)


_COLUMNS = (
    *("old_id", "new_id", "change", "editorial", "renumbered", "moved"),
    *("relation", "similarity"),
)


def _align_corpus(tables: CorpusTables, threshold: float) -> list[tuple[Any, ...]]:
    """Return the rows of one corpus; of each the values of `_COLUMNS`."""
    size = tables.replay.size
    offsets = (replay_offsets(tables.replay, "old"), replay_offsets(tables.replay, "new"))
    old, new = (tables.select(version, COUNTED_KINDS) for version in _VERSIONS)
    sections = _label_sections(tables, (old, new), offsets, threshold)
    evidence = gather_evidence(old, new, offsets, size)
    partner = _match(old.text, new.text, sections, evidence, threshold)
    in_order = _longest_run(partner)
    rows = []
    for i, j, relation in _lay_out(len(old), len(new), partner, evidence):
        moved = False
        if relation == "1:1" and i >= 0 and j >= 0:
            moved = i not in in_order or sections[0][i] != sections[1][j]
        rows.append(_describe(old, i, new, j, relation, moved))
    return rows


_VERSIONS: tuple[Version, Version] = ("old", "new")


def _label_sections(
    tables: CorpusTables, counted: tuple[Rows, Rows], offsets: tuple[Ints, Ints], threshold: float
) -> tuple[list[str], list[str]]:
    """Return labels for the counted rows of old and of new; equal ones mean the same section."""
    old, new = (tables.select(version, ("heading",)) for version in _VERSIONS)
    evidence = gather_evidence(old, new, offsets, tables.replay.size)
    sharing = set(zip(evidence.i.tolist(), evidence.j.tolist(), strict=True))
    none = ([""] * len(old), [""] * len(new))
    numbers: tuple[dict[int, int], dict[int, int]] = ({}, {})
    for i, j in _match(old.text, new.text, none, evidence, threshold).items():
        alike = (old.part[i], old.addressee[i]) == (new.part[j], new.addressee[j])
        if alike or (i, j) in sharing:
            numbers[0][i] = numbers[1][j] = i
    before, after = (
        _label_rows(rows, heads, number)
        for rows, heads, number in zip(counted, (old, new), numbers, strict=True)
    )
    return before, after


def _label_rows(rows: Rows, heads: Rows, number: dict[int, int]) -> list[str]:
    labels = []
    for start, heading, text in zip(rows.start, rows.heading, rows.text, strict=True):
        k = bisect_right(heads.start, start) - 1
        if k in number and heads.heading[k] == heading:
            labels.append(f"#{number[k]}")
        else:
            # A verb that opens the clause's own text is its wording, not a section.
            labels.append("" if text.startswith(heading) else heading)
    return labels


def _match(
    old: list[str],
    new: list[str],
    sections: tuple[list[str], list[str]],
    evidence: Evidence,
    threshold: float,
) -> dict[int, int]:
    """Return the new row of each paired old row, in the order of the old rows."""
    old_section, new_section = (np.array(labels, dtype=object) for labels in sections)

    def assign(i: Ints, j: Ints, score: NDArray[np.float64]) -> dict[int, int]:
        likely = score >= threshold
        i, j, score = i[likely], j[likely], score[likely]
        distance = i / max(len(old), 1) - j / max(len(new), 1)
        return _assign(i, j, score + TIE * ((old_section[i] == new_section[j]) + 1 - distance**2))

    read = evidence.old_length[evidence.i] + evidence.new_length[evidence.j]
    partner = assign(evidence.i, evidence.j, 2 * evidence.shared / read)
    old_left = [i for i in range(len(old)) if i not in partner]
    taken = set(partner.values())
    new_left = [j for j in range(len(new)) if j not in taken]
    if old_left and new_left:
        wording = ([old[i] for i in old_left], [new[j] for j in new_left])
        i, j, similarity = _compare_wording(*wording, threshold)
        partner |= assign(np.array(old_left)[i], np.array(new_left)[j], similarity)
    return dict(sorted(partner.items()))


def _compare_wording(
    old: list[str], new: list[str], threshold: float
) -> tuple[Ints, Ints, NDArray[np.float64]]:
    """Return the pairs (i, j) that are alike, and how alike; a block of old texts at a time."""
    block = max(CELLS // len(new), 1)
    found = []
    for first in range(0, len(old), block):
        similarity = cdist(
            old[first : first + block],
            new,
            scorer=Indel.normalized_similarity,
            score_cutoff=threshold,
            dtype=np.float64,
        )
        i, j = np.nonzero(similarity)
        found.append((i + first, j, similarity[i, j]))
    i, j, alike = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return i, j, alike


def _assign(i: Ints, j: Ints, weight: NDArray[np.float64]) -> dict[int, int]:
    """Return the one-to-one choice among the edges (i, j) with the greatest total weight."""
    if not len(i):
        return {}
    # Edges that compete with none are taken as they are; most are.
    alone = (np.bincount(i)[i] == 1) & (np.bincount(j)[j] == 1) & (weight > 0)
    chosen = dict(zip(i[alone].tolist(), j[alone].tolist(), strict=True))
    i, j, weight = i[~alone], j[~alone], weight[~alone]
    if not len(i):
        return chosen
    shift = int(np.max(i)) + 1
    size = shift + int(np.max(j)) + 1
    graph = coo_array((np.ones(len(i)), (i, j + shift)), shape=(size, size))
    component = connected_components(graph, directed=False)[1][i]
    order = np.argsort(component, kind="stable")
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
    old_count: int, new_count: int, partner: dict[int, int], evidence: Evidence
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
    columns = (evidence.i.tolist(), evidence.j.tolist(), evidence.shared.tolist())
    for i, j, shared in zip(*columns, strict=True):
        if i in partner and j not in source and shared >= MOST * evidence.new_length[j]:
            placed.append(((j, 0, i), (i, j, "split")))
        if j in source and i not in partner and shared >= MOST * evidence.old_length[i]:
            placed.append(((forerunner[i], 1, i, j), (i, j, "merge")))
    return [entry for _, entry in sorted(placed)]


def _describe(old: Rows, i: int, new: Rows, j: int, relation: str, moved: bool) -> tuple[Any, ...]:
    """Return the values of `_COLUMNS`."""
    if j < 0:
        return old.clause_id[i], "", "SUP", False, False, moved, relation, 0.0
    if i < 0:
        return "", new.clause_id[j], "ADD", False, False, moved, relation, 0.0
    before, after = old.text[i], new.text[j]
    change, editorial, renumbered = "MOD", False, False
    if relation == "1:1":
        renumbered = old.marker[i] != new.marker[j]
        if before == after or _strip_closing(before) == _strip_closing(after):
            change, editorial = "NOC", renumbered or before != after
    similarity = Indel.normalized_similarity(before, after)
    ids = (old.clause_id[i], new.clause_id[j])
    return *ids, change, editorial, renumbered, moved, relation, similarity


def _strip_closing(text: str) -> str:
    return text.lstrip().rstrip(CLOSING)
