"""Where a known version stands inside a flattened text: the embedding of fewest runs."""

from __future__ import annotations

import math
from array import array
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from resanalysis.model import Op, Version
from resanalysis.redline.difference.units import split_label, split_label_number, split_units

RUN = 1.0
"""Cost of a run of characters that are not of the known version."""

CUT_UNIT = 0.4
"""Cost of a run that begins inside a word or another unit of the known version."""

EDGE = 0.1
"""Cost of a run's edge away from the beginning or end of a line."""

CROSS = 1.5
"""Cost of a run over a line's end that begins and ends inside lines: more than another run."""

DISAGREE = 0.02
"""Cost of a character that is placed against what was proposed."""

PLACES = 200
"""Places of one character above which only the first, the last and the continuing are tried."""


@dataclass(frozen=True)
class States:
    """For each character of the known version: its possible places, costs and forerunners."""

    places: list[list[int]]
    costs: list[list[float]]
    back: list[list[int]]


class Lattice:
    """All ways to embed `known` in `text`, with what each costs.

    Character -1 of `known` stands at -1 and one past its last character at the end of `text`: so
    that runs at both ends are runs like any other.
    """

    def __init__(
        self,
        text: str,
        known: str,
        *,
        version: Version,
        cut: Callable[[str], list[str]],
        proposed: Sequence[Op] | None,
    ) -> None:
        self.text = text
        self.known = known
        self.own: Op = "delete" if version == "old" else "insert"
        self.other: Op = "insert" if version == "old" else "delete"
        self.proposed = proposed
        self.enter = array("d", self._unit_costs(cut))
        self.inside = array("d", bytes(8 * len(text)))
        self.line = array("q", accumulate((char == "\n" for char in text), initial=0))
        self.before = array("d", bytes(8 * (len(text) + 1)))  # outside costs summed up to here
        for i, op in enumerate(proposed or ()):
            self.inside[i] = DISAGREE if op == self.other else 0.0
            self.before[i + 1] = self.before[i] + (0.0 if op == self.other else DISAGREE)

    def _unit_costs(self, cut: Callable[[str], list[str]]) -> Iterator[float]:
        """Yield what a run costs before each character of the known version, and at its end."""
        for line in self.known.splitlines(keepends=True):
            label, body = split_label(line)
            # The number of a label is what is replaced in it.
            for unit in [*split_label_number(label), *split_units(body, cut)]:
                yield from (RUN + (CUT_UNIT if k else 0.0) for k in range(len(unit)))
        yield RUN

    def leave(self, i: int) -> float:
        """Return what a run costs that begins behind character `i` of the text, less its sum."""
        edge = 0.0 if i < 0 or self.text[i] == "\n" else EDGE
        return edge - self.before[i + 1]

    def arrive(self, i: int) -> float:
        """Return what a run costs that ends before character `i`, with the sum up to there."""
        edge = 0.0 if i and self.text[i - 1] == "\n" else EDGE
        return edge + self.before[i]

    def begins_line(self, i: int) -> bool:
        """Whether a run behind character `i` begins a line."""
        return i < 0 or self.text[i] == "\n"

    def ends_line(self, k: int) -> bool:
        """Whether a run before character `k` ends with a line, or just before its line break."""
        return k == len(self.text) or self.text[k] == "\n" or self.text[k - 1] == "\n"

    def stay(self, k: int) -> float:
        """Return what it costs that character `k` is inside."""
        return self.inside[k] if k < len(self.text) else 0.0

    def step(self, j: int, i: int, k: int) -> float:
        """Return what it costs to put character `j` of known at `k`, the one before it at `i`."""
        if k == i + 1:
            return self.stay(k)
        crosses = self.line[k] > self.line[i + 1]
        torn = crosses and not self.begins_line(i) and not self.ends_line(k)
        cost = self.enter[j] + self.leave(i) + self.arrive(k) + self.stay(k)
        return cost + CROSS if torn else cost


def find_windows(text: str, known: str) -> tuple[array[int], array[int]] | None:
    """Return the first and the last possible place of each character of `known`.

    None when `known` is no subsequence of `text`.

    Examples
    --------
    >>> [list(places) for places in find_windows("甲乙甲丙", "甲丙")]
    [[0, 3], [2, 3]]
    """
    first, last = array("q"), array("q", bytes(8 * len(known)))
    at = -1
    for char in known:
        at = text.find(char, at + 1)
        if at < 0:
            return None
        first.append(at)
    at = len(text)
    for j in range(len(known) - 1, -1, -1):
        at = text.rfind(known[j], 0, at)
        last[j] = at
    return first, last


def sweep(lattice: Lattice, windows: tuple[array[int], array[int]]) -> States:
    """Return the possible places of every character with the least cost of what leads there."""
    index: dict[str, array[int]] = defaultdict(lambda: array("q"))
    for i, char in enumerate(lattice.text):
        index[char].append(i)
    states = States([[-1]], [[0.0]], [[-1]])
    for j, char in enumerate(lattice.known):
        all_places = index[char]
        low = bisect_left(all_places, windows[0][j])
        high = bisect_right(all_places, windows[1][j])
        places = list(all_places[low:high])
        if len(places) > PLACES:
            goes_on = {i + 1 for i in states.places[-1]}
            half = PLACES // 2
            middle = [i for i in places[half:-half] if i in goes_on]
            places = [*places[:half], *middle[:PLACES], *places[-half:]]
        _advance(lattice, states, j, places)
    _advance(lattice, states, len(lattice.known), [len(lattice.text)])
    return states


def _advance(lattice: Lattice, states: States, j: int, places: Sequence[int]) -> None:
    """Add the states of character `j`."""
    before, costs = states.places[-1], states.costs[-1]
    enter = lattice.enter[j]
    # The best states that a run may begin behind: at a line's beginning, inside an earlier line,
    # inside the line that is being read.
    free = far = near = (math.inf, -1)
    at = line = 0
    found: list[int] = []
    found_costs: list[float] = []
    found_back: list[int] = []
    for k in places:
        while at < len(before) and before[at] < k - 1:
            i = before[at]
            option = (costs[at] + lattice.leave(i), at)
            if lattice.begins_line(i):
                free = min(free, option)
            else:
                if lattice.line[i + 1] > line:
                    far, near, line = min(far, near), (math.inf, -1), lattice.line[i + 1]
                near = min(near, option)
            at += 1
        if lattice.line[k] > line:
            far, near, line = min(far, near), (math.inf, -1), lattice.line[k]
        toll = 0.0 if lattice.ends_line(k) else CROSS
        cost, source = min(free, near, (far[0] + toll, far[1]))
        cost += enter + lattice.arrive(k)
        if at < len(before) and before[at] == k - 1 and costs[at] <= cost:
            cost, source = costs[at], at
        if source >= 0:
            found.append(k)
            found_costs.append(cost + lattice.stay(k))
            found_back.append(source)
    states.places.append(found)
    states.costs.append(found_costs)
    states.back.append(found_back)


def trace(states: States) -> array[int]:
    """Return the place of each character of the known version in the cheapest embedding."""
    path = array("q", bytes(8 * (len(states.places) - 2)))
    at = states.back[-1][0]
    for j in range(len(path), 0, -1):
        path[j - 1] = states.places[j][at]
        at = states.back[j][at]
    return path
