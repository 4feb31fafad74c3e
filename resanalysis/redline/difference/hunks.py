"""Differences made readable: accidental equalities folded, changes moved to natural edges."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_FUNCTION_WORDS = frozenset(
    "的 地 得 了 着 和 与 及 或 并 且 而 以 于 在 由 从 向 对 为 是 有 等 其 之 所 该 将 把 被 应 "
    "可 中 上 下 内 后 前 不 也 都 就 者 到 至 按 依 经 使 让 用 以及 或者 并且 对于 关于".split()
)
"""Words that stand in any sentence: that both versions have one is no evidence that it was kept."""

_ENDS = frozenset("。；！？：\n")
_LIGHT = frozenset("、，,")
FOLD_WORTH = 2.0
"""Worth below which an equality between two changes is folded into them."""

FOLD_SHARE = 0.2
"""Worth, as a share of the smaller change beside it, up to which an equality is folded."""


@dataclass(frozen=True)
class Hunk:
    """Units of both versions, then units of the old and units of the new one."""

    equal: list[str]
    deleted: list[str]
    inserted: list[str]

    @property
    def changes(self) -> bool:
        """Whether anything is deleted or inserted."""
        return bool(self.deleted or self.inserted)


def tidy_hunks(hunks: Iterable[Hunk]) -> list[Hunk]:
    """Return hunks of the same two texts that are easier to read.

    Equalities too slight to mean anything between two changes are folded into them; then an
    insertion or deletion that could as well stand a few units earlier or later (the same words
    before and behind it) is moved to where a phrase begins or ends.

    Examples
    --------
    >>> hunk, = tidy_hunks([Hunk(["甲"], ["工业"], ["农业"]), Hunk(["的"], ["发展"], ["进步"])])
    >>> hunk
    Hunk(equal=['甲'], deleted=['工业', '的', '发展'], inserted=['农业', '的', '进步'])
    """
    folded = _fold(_join(hunks))
    return _slide_all(folded)


def _join(hunks: Iterable[Hunk]) -> list[Hunk]:
    """Return hunks that alternate: each but the first keeps, each but the last changes.

    The hunks returned own their lists.
    """
    joined: list[Hunk] = []
    for hunk in hunks:
        if not joined or (hunk.equal and joined[-1].changes):
            joined.append(Hunk(list(hunk.equal), list(hunk.deleted), list(hunk.inserted)))
            continue
        joined[-1].equal.extend(hunk.equal)
        joined[-1].deleted.extend(hunk.deleted)
        joined[-1].inserted.extend(hunk.inserted)
    return joined


def _fold(hunks: list[Hunk]) -> list[Hunk]:
    """Return the hunks with slight equalities between changes made part of the change."""
    folded: list[Hunk] = []
    for hunk in hunks:
        if folded and hunk.changes and _is_slight(folded[-1], hunk):
            for old, new in (
                (folded[-1].deleted, hunk.deleted),
                (folded[-1].inserted, hunk.inserted),
            ):
                old.extend(hunk.equal)
                old.extend(new)
        else:
            folded.append(hunk)
    return folded


def _is_slight(before: Hunk, hunk: Hunk) -> bool:
    if not before.changes:
        return False
    # A lone insertion beside a lone insertion loses nothing by standing apart.
    if not (before.deleted or hunk.deleted) or not (before.inserted or hunk.inserted):
        return False
    worth = sum(map(_worth, hunk.equal))
    size = min(_size(before), _size(hunk))
    return worth < FOLD_WORTH or worth <= FOLD_SHARE * size


def _size(hunk: Hunk) -> int:
    return max(sum(map(len, hunk.deleted)), sum(map(len, hunk.inserted)))


def _worth(unit: str) -> float:
    """Return how much it means that both versions have the unit."""
    if unit in _ENDS:
        return FOLD_WORTH
    if unit in _FUNCTION_WORDS or unit in _LIGHT or unit.isspace():
        return 0.5
    return float(len(unit))


def _slide_all(hunks: list[Hunk]) -> list[Hunk]:
    """Return the hunks with every lone insertion or deletion at its most natural place."""
    slid = list(hunks)
    for k, hunk in enumerate(slid):
        if bool(hunk.deleted) == bool(hunk.inserted):
            continue
        after = slid[k + 1].equal if k + 1 < len(slid) else []
        shift = _choose_shift(hunk.equal, hunk.deleted or hunk.inserted, after)
        if shift:
            equal, moved, rest = _shift(hunk.equal, hunk.deleted or hunk.inserted, after, shift)
            slid[k] = Hunk(equal, moved if hunk.deleted else [], moved if hunk.inserted else [])
            slid[k + 1 : k + 2] = (
                [Hunk(rest, [], [])]
                if k + 1 == len(slid)
                else [Hunk(rest, slid[k + 1].deleted, slid[k + 1].inserted)]
            )
    return slid


def _choose_shift(before: Sequence[str], moved: Sequence[str], after: Sequence[str]) -> int:
    """Return by how many units a change is best moved, negative to the left."""
    size = len(moved)
    left = 0
    while left < len(before) and before[-1 - left] == moved[(-1 - left) % size]:
        left += 1
    right = 0
    while right < len(after) and after[right] == moved[right % size]:
        right += 1
    line = [*before, *moved, *after]
    begin = len(before)
    return max(
        range(-left, right + 1),
        key=lambda shift: (_grace(line, begin + shift, begin + shift + size), -abs(shift)),
    )


def _shift(
    before: Sequence[str], moved: Sequence[str], after: Sequence[str], shift: int
) -> tuple[list[str], list[str], list[str]]:
    line = [*before, *moved, *after]
    begin = len(before) + shift
    end = begin + len(moved)
    return line[:begin], line[begin:end], line[end:]


def _grace(line: Sequence[str], begin: int, end: int) -> int:
    """Return how natural a change of the units `begin` to `end` reads."""
    before = line[begin - 1] if begin else "\n"
    first, last = line[begin], line[end - 1]
    after = line[end] if end < len(line) else "\n"
    if before in _ENDS and last in _ENDS:
        return 5  # whole sentences
    if first in _LIGHT and (after in _LIGHT or after in _ENDS):
        return 4  # an item of a list with the mark before it
    if before in _LIGHT and last in _LIGHT:
        return 3
    if first in _LIGHT or last in _LIGHT:
        return 2
    return 1 if after in _LIGHT or after in _ENDS or before in _LIGHT or before in _ENDS else 0
