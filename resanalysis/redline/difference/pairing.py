"""Lines of two versions -> pairs in order: equal lines first, likeness of wording between them."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Indel, LCSseq
from rapidfuzz.process import cdist

ALIKE = 0.4
"""Least normalised indel similarity of two lines that are versions of each other."""

ALL_CELLS = 1_000_000_000
"""Cells (characters of old times characters of new) up to which all lines are compared with all."""

BIT_CELLS = 400_000_000
"""Cells up to which a longest common subsequence is computed: 50 MB of bits."""

_GRAM = 4
_COMMON = 8  # lines that share a run of characters, above which it tells nothing
_FEW = 5  # candidates kept for a line of a long stretch


@dataclass(frozen=True)
class Edge:
    """Line `i` of old may be line `j` of new; `weight` is what the pair is worth."""

    i: int
    j: int
    weight: float


@dataclass(frozen=True)
class _Block:
    """Lines `old` to `old_end` against lines `new` to `new_end`."""

    old: int
    old_end: int
    new: int
    new_end: int


def pair_lines(
    old: Sequence[str], new: Sequence[str], *, threshold: float = ALIKE
) -> list[tuple[int, int]]:
    """Return the pairs (line of old, line of new) of the best alignment that keeps the order.

    Lines equal at both ends of a stretch are paired, then lines that occur once in either version;
    what lies between them is paired so that the characters shared by the pairs are most. A stretch
    of very many lines is compared only where lines share rare runs of characters, so that the time
    grows about linearly with the text.

    Parameters
    ----------
    old, new : sequence of str
        Lines of two versions, without what should not count (labels, line breaks).
    threshold : float
        Least normalised indel similarity of a pair.

    Examples
    --------
    >>> pair_lines(["甲", "保护环境", "乙"], ["甲", "丙", "保护水环境", "乙"])
    [(0, 0), (1, 2), (2, 3)]
    """
    pairs: list[tuple[int, int]] = []
    waiting = [_Block(0, len(old), 0, len(new))]
    while waiting:
        block = _trim(waiting.pop(), old, new, pairs)
        if block.old == block.old_end or block.new == block.new_end:
            continue
        anchors = choose_chain(_unique_lines(block, old, new))
        if not anchors:
            pairs += choose_chain(_candidates(block, old, new, threshold))
            continue
        pairs += anchors
        i, j = block.old, block.new
        for a, b in [*anchors, (block.old_end, block.new_end)]:
            waiting.append(_Block(i, a, j, b))
            i, j = a + 1, b + 1
    return sorted(pairs)


def _trim(
    block: _Block, old: Sequence[str], new: Sequence[str], pairs: list[tuple[int, int]]
) -> _Block:
    """Pair the equal lines at both ends of the block; return what is left of it."""
    i, i_end, j, j_end = block.old, block.old_end, block.new, block.new_end
    while i < i_end and j < j_end and old[i] == new[j]:
        pairs.append((i, j))
        i, j = i + 1, j + 1
    while i < i_end and j < j_end and old[i_end - 1] == new[j_end - 1]:
        i_end, j_end = i_end - 1, j_end - 1
        pairs.append((i_end, j_end))
    return _Block(i, i_end, j, j_end)


def _unique_lines(block: _Block, old: Sequence[str], new: Sequence[str]) -> list[Edge]:
    """Return the equal lines that occur once in either version's part of the block."""
    here = Counter(old[block.old : block.old_end])
    there = Counter(new[block.new : block.new_end])
    place = {line: j for j, line in enumerate(new[block.new : block.new_end], start=block.new)}
    return [
        Edge(i, place[line], len(line) + 1)
        for i, line in enumerate(old[block.old : block.old_end], start=block.old)
        if here[line] == 1 and there[line] == 1
    ]


def _candidates(
    block: _Block, old: Sequence[str], new: Sequence[str], threshold: float
) -> list[Edge]:
    """Return the pairs of lines of the block that are alike."""
    olds, news = old[block.old : block.old_end], new[block.new : block.new_end]
    edges = []
    if sum(map(len, olds)) * sum(map(len, news)) <= ALL_CELLS:
        scores = cdist(olds, news, scorer=Indel.normalized_similarity, score_cutoff=threshold)
        found: Iterable[tuple[int, int, float]] = (
            (int(i), int(j), float(scores[i, j])) for i, j in zip(*scores.nonzero(), strict=True)
        )
    else:
        found = _likely_pairs(olds, news, threshold)
    for i, j, score in found:
        # What two lines share, and a little for sharing it closely: equal lines win ties.
        worth = score * (len(olds[i]) + len(news[j]) + 1) / 2 * (1 + score / 10)
        edges.append(Edge(block.old + i, block.new + j, worth))
    return edges


def _likely_pairs(
    olds: Sequence[str], news: Sequence[str], threshold: float
) -> Iterable[tuple[int, int, float]]:
    """Yield the pairs of a long stretch: equal lines in order, lines that share rare runs."""
    if len(olds) * len(news) <= BIT_CELLS:
        for part in LCSseq.opcodes(olds, news):
            if part.tag == "equal":
                for k in range(part.src_end - part.src_start):
                    yield part.src_start + k, part.dest_start + k, 1.0
    places: dict[str, list[int]] = defaultdict(list)
    for j, line in enumerate(news):
        for gram in _grams(line):
            places[gram].append(j)
    for i, line in enumerate(olds):
        grams = _grams(line)
        shared = Counter(
            j
            for gram in grams
            if len(places.get(gram, ())) <= _COMMON
            for j in places.get(gram, ())
        )
        for j, count in shared.most_common(_FEW):
            if len(line) * len(news[j]) <= ALL_CELLS:
                score = Indel.normalized_similarity(line, news[j], score_cutoff=threshold)
            else:
                score = 2 * count / (len(grams) + len(_grams(news[j])))
            if score >= threshold:
                yield i, j, score


def _grams(line: str) -> set[str]:
    return {line[k : k + _GRAM] for k in range(max(len(line) - _GRAM + 1, 1))}


def choose_chain(edges: Iterable[Edge]) -> list[tuple[int, int]]:
    """Return the pairs of the heaviest set of edges in which both lines rise.

    Examples
    --------
    >>> choose_chain([Edge(0, 2, 1.0), Edge(1, 0, 2.0), Edge(2, 1, 2.0)])
    [(1, 0), (2, 1)]
    """
    ranked = sorted(edges, key=lambda edge: (edge.i, -edge.j, edge.weight))
    columns = sorted({edge.j for edge in ranked})
    best: list[tuple[float, int]] = [(0.0, -1)] * (len(columns) + 1)  # of a Fenwick tree
    before: list[int] = []
    for number, edge in enumerate(ranked):
        rank = bisect_left(columns, edge.j)
        total, last = _best_below(best, rank)
        before.append(last)
        _raise(best, rank + 1, (total + edge.weight, number))
    chain = []
    number = _best_below(best, len(columns))[1]
    while number >= 0:
        chain.append((ranked[number].i, ranked[number].j))
        number = before[number]
    return chain[::-1]


def _best_below(best: Sequence[tuple[float, int]], rank: int) -> tuple[float, int]:
    found = (0.0, -1)
    while rank:
        if best[rank][0] > found[0]:
            found = best[rank]
        rank &= rank - 1
    return found


def _raise(best: list[tuple[float, int]], rank: int, value: tuple[float, int]) -> None:
    while rank < len(best):
        if value[0] > best[rank][0]:
            best[rank] = value
        rank += rank & -rank
