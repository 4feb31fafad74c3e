"""Where two states of one text differ: what was edited since decisions were taken."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

STANDS = 8
"""Characters that must stand together for a stretch between two edits to count as unedited.

Two rewritten sentences share short stretches by accident; shorter ones count with the edits.
"""

_CELLS = 10**8  # characters times characters compared at once: 12 MB, 20 milliseconds
_WIDTHS = (48, 24, 12)  # of the windows that anchor long texts to one another


@dataclass(frozen=True)
class Drift:
    """Characters `start` to `end` of the earlier text that the present one has otherwise.

    Attributes
    ----------
    start, end : int
        Half-open range of the earlier text; empty where something was put in.
    now_start, now_end : int
        What stands there in the present text; empty where something was taken out.
    """

    start: int
    end: int
    now_start: int
    now_end: int


def find_drift(earlier: str, present: str) -> list[Drift]:
    """Return every place where two texts differ, in order; everything between stands.

    Time grows nearly linearly with the texts: long ones are anchored to one another by stretches
    that each of them has once, and compared character by character in between. What is long and
    has nothing to anchor it counts as edited.

    Parameters
    ----------
    earlier, present : str
        The two states.

    Examples
    --------
    >>> find_drift("甲乙丙丁", "甲丙丙丁")
    [Drift(start=1, end=2, now_start=1, now_end=2)]
    """
    drifts: list[Drift] = []
    at = now = 0  # where the last stretch in common ended
    blocks = _join_blocks(_match(earlier, present, 0, 0, _WIDTHS))
    for start, now_start, length in [*blocks, (len(earlier), len(present), 0)]:
        begins = start == now_start == 0
        ends = start + length == len(earlier) and now_start + length == len(present)
        if length < STANDS and not (begins or ends):
            continue
        if start > at or now_start > now:
            drifts.append(Drift(at, start, now, now_start))
        at, now = start + length, now_start + length
    return _settle_on_lines(drifts, earlier, present)


def _settle_on_lines(drifts: list[Drift], earlier: str, present: str) -> list[Drift]:
    """Return the drifts, those that only take out or put in moved to whole lines if possible.

    A line taken out with the line break before it is as well taken out with the one behind it; then
    what begins the next line keeps its neighbours.
    """
    settled: list[Drift] = []
    begin = 0  # where the drift before ends
    for number, drift in enumerate(drifts):
        end = drifts[number + 1].start if number + 1 < len(drifts) else len(earlier)
        room = (begin - drift.start, end - drift.end)
        step = 0
        if drift.now_start == drift.now_end:
            step = _find_line_end(earlier, drift.start, drift.end, room)
        elif drift.start == drift.end:
            step = _find_line_end(present, drift.now_start, drift.now_end, room)
        moved = (drift.start, drift.end, drift.now_start, drift.now_end)
        settled.append(Drift(*(offset + step for offset in moved)))
        begin = settled[-1].end
    return settled


def _find_line_end(text: str, start: int, end: int, room: tuple[int, int]) -> int:
    """Return how far to move a range over equal characters so that it ends in a line break."""
    left, right = room
    for direction in (1, -1):
        step = 0
        while left <= step <= right:
            if text[end + step - 1] == "\n":
                return step
            into, out = (end, start) if direction > 0 else (start - 1, end - 1)
            if not (left <= step + direction <= right and text[into + step] == text[out + step]):
                break
            step += direction
    return 0


def _join_blocks(blocks: Iterator[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    joined: list[tuple[int, int, int]] = []
    for start, now, length in blocks:
        if joined:
            before, before_now, before_length = joined[-1]
            if (start, now) == (before + before_length, before_now + before_length):
                joined[-1] = (before, before_now, before_length + length)
                continue
        joined.append((start, now, length))
    return joined


def _match(
    earlier: str, present: str, offset: int, now: int, widths: tuple[int, ...]
) -> Iterator[tuple[int, int, int]]:
    """Yield stretches in common, as offset in each text and length, in order.

    `offset` and `now` are where the two strings begin in the whole texts.
    """
    ahead = _common_start(earlier, present)
    if ahead:
        yield offset, now, ahead
    behind = _common_start(earlier[ahead:][::-1], present[ahead:][::-1])
    a, b = earlier[ahead : len(earlier) - behind], present[ahead : len(present) - behind]
    if len(a) * len(b) <= _CELLS:
        yield from _match_short(a, b, offset + ahead, now + ahead)
    elif widths:
        yield from _match_long(a, b, offset + ahead, now + ahead, widths)
    if behind:
        yield offset + len(earlier) - behind, now + len(present) - behind, behind


def _match_short(
    earlier: str, present: str, offset: int, now: int
) -> Iterator[tuple[int, int, int]]:
    from rapidfuzz.distance import LCSseq

    if earlier and present:
        for block in LCSseq.editops(earlier, present).as_matching_blocks():
            if block.size:
                yield offset + block.a, now + block.b, block.size


def _match_long(
    earlier: str, present: str, offset: int, now: int, widths: tuple[int, ...]
) -> Iterator[tuple[int, int, int]]:
    """Anchor at windows that both strings have exactly once; match what lies between anchors."""
    width, *narrower = widths
    at = there = 0
    for start, now_start in [*_anchors(earlier, present, width), (len(earlier), len(present))]:
        if start < at or now_start < there:
            continue  # inside the window before
        gap = earlier[at:start], present[there:now_start]
        yield from _match(*gap, offset + at, now + there, tuple(narrower))
        if start < len(earlier) and now_start < len(present):
            yield offset + start, now + now_start, width
        at, there = start + width, now_start + width


def _anchors(earlier: str, present: str, width: int) -> list[tuple[int, int]]:
    """Return the longest rising chain of windows that stand once in either string.

    Where there are none, as in a text that repeats itself, windows that stand equally often.
    """
    wanted = {earlier[i : i + width] for i in range(0, len(earlier) - width + 1, width)}
    now = _find_windows(present, width, wanted)
    before = _find_windows(earlier, width, set(now))
    alike = [(starts, now[w]) for w, starts in before.items() if len(starts) == len(now[w])]
    single = [pair for pair in alike if len(pair[0]) == 1]
    pairs = [
        pair for starts, others in single or alike for pair in zip(starts, others, strict=True)
    ]
    return _longest_rising(sorted(pairs))


def _find_windows(text: str, width: int, wanted: set[str]) -> dict[str, list[int]]:
    """Return the wanted windows that stand in `text`, with all their places."""
    places: dict[str, list[int]] = {}
    for start in range(len(text) - width + 1):
        window = text[start : start + width]
        if window in wanted:
            places.setdefault(window, []).append(start)
    return places


def _longest_rising(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the longest subsequence whose second numbers rise (patience sorting)."""
    ends: list[int] = []  # smallest last number of a chain of each length
    last: list[int] = []  # index of the pair that ends it
    before: list[int] = []
    for number, (_, second) in enumerate(pairs):
        length = bisect_left(ends, second)
        before.append(last[length - 1] if length else -1)
        if length == len(ends):
            ends.append(second)
            last.append(number)
        else:
            ends[length] = second
            last[length] = number
    chain = []
    number = last[-1] if last else -1
    while number >= 0:
        chain.append(pairs[number])
        number = before[number]
    return chain[::-1]


def _common_start(first: str, second: str) -> int:
    """Return how many characters the two strings have in common at their beginning."""
    low, high = 0, min(len(first), len(second))
    while low < high:
        middle = (low + high + 1) // 2
        if first[low:middle] == second[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low
