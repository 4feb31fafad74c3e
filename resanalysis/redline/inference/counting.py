"""What one line does to the counting of a list: the states it leads to, and how likely.

The log weights encode how rare each event is in revised texts, not any one document.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Literal, NamedTuple

from resanalysis.labels import Family, Reading
from resanalysis.redline.inference.lists import PUNCTUATION, Node

Live = Literal["both", "old", "new"]
"""The versions a line lives in."""

Ending = Literal["middle", "final", "unknown"]
"""How an item ends: as one that others follow, as the last one, or in no telling way."""

# Weights, not probabilities: they need not sum to one. Where one item replaces another, the
# deleted one is printed before the inserted one.
_MOVE: Mapping[tuple[Live, Live], float] = {
    ("both", "both"): math.log(0.93),
    ("both", "old"): math.log(0.03),
    ("both", "new"): math.log(0.04),
    ("old", "both"): math.log(0.45),
    ("old", "old"): math.log(0.50),
    ("old", "new"): math.log(0.10),
    ("new", "both"): math.log(0.48),
    ("new", "old"): math.log(0.04),
    ("new", "new"): math.log(0.50),
}
_FLIPPED = math.log(0.03)  # inserted label printed before the deleted one
_SLIP = math.log(0.5e-5)  # a label that is not the next number; two ways to count on from it
_ENDS_EARLY = math.log(0.02)  # a closing mark on an item that others follow
_ENDS_OPEN = math.log(0.1)  # a list whose last item ends in a semicolon
_RESET_AT_HEADING, _CONTINUE_AT_HEADING = math.log(0.97), math.log(0.03)
_NO_CHILDREN = math.log(0.02)  # a line that ends in a colon and leads to nothing
_CONTRADICTION = math.log(1e-6)  # a merged label under a line of one version

BEAM = 25.0
"""States worse than the best by more than this log weight (two slips) are dropped.

On real revision pairs a wider beam gives the same labellings.
"""

CROWD = 400
"""States kept at most after a line, so that a list that fits badly ends; real ones keep fewer."""


class State(NamedTuple):
    """Where the counting stands after a line."""

    old: int
    new: int
    live: Live
    old_end: Ending
    new_end: Ending


START = State(0, 0, "both", "unknown", "unknown")
"""Before the first line of a list."""


class Edge(NamedTuple):
    """One reading of one line, from one state to another."""

    source: State
    target: State
    reading: int
    weight: float


def live_in(reading: Reading) -> Live:
    """Return the versions a line lives in under this reading of its label."""
    if reading.old is None:
        return "new"
    return "old" if reading.new is None else "both"


def read_ending(text: str) -> tuple[Ending, Ending]:
    """Return how the line ends in the old and in the new version (`，；` is final, then middle)."""
    body = text.rstrip()
    marks = body[len(body.rstrip(PUNCTUATION)) :]
    kinds: list[Ending] = [
        "middle" if mark == "；" else "final" for mark in marks[-2:] if mark in "；，。"
    ]
    if not kinds:
        return "unknown", "unknown"
    return kinds[0], kinds[-1]


def weigh_end(state: State, live: Live, required: bool) -> float:
    """Return the log weight of a list that ends in this state."""
    weight = 0.0
    if live != "new" and state.old_end == "middle":
        weight += _ENDS_OPEN
    if live != "old" and state.new_end == "middle":
        weight += _ENDS_OPEN
    if required and live != "new" and not state.old:
        weight += _NO_CHILDREN
    if required and live != "old" and not state.new:
        weight += _NO_CHILDREN
    return weight


def take_line(
    node: Node, ending: tuple[Ending, Ending], weights: Mapping[State, float], live: Live
) -> tuple[list[Edge], dict[State, float]]:
    """Return the edges over one line from the states before it, and the states reached."""
    edges: list[Edge] = []
    reached: dict[State, float] = {}
    best = -math.inf
    ways_in = [(state, state, 0.0) for state in weights]
    if node.after_break:
        ways_in = [(state, state, _CONTINUE_AT_HEADING) for state in weights]
        ways_in += [
            (state, START, _RESET_AT_HEADING + weigh_end(state, live, required=False))
            for state in weights
        ]
    ways_in.sort(key=lambda way: weights[way[0]] + way[2], reverse=True)
    for source, state, cost in ways_in:
        before = weights[source]
        for index, reading in enumerate(node.label.readings):
            least = best - BEAM - before - cost
            for target, step in _steps(state, reading, node.label.family, live, ending, least):
                edges.append(Edge(source, target, index, cost + step))
                weight = before + cost + step
                best = max(best, weight)
                if weight > reached.get(target, -math.inf):
                    reached[target] = weight
    return edges, reached


def _steps(
    state: State,
    reading: Reading,
    family: Family,
    live: Live,
    ending: tuple[Ending, Ending],
    least: float,
) -> list[tuple[State, float]]:
    """Return the states this reading leads to, with the log weight of each step above `least`."""
    here = live_in(reading)
    weight = 0.0
    if live == "both":
        weight += _MOVE[state.live, here]
    elif here != live:
        if here != "both" or not reading.marks:
            return []
        weight, here = _CONTRADICTION, live
    if reading.flipped:
        weight += _FLIPPED
    if weight < least:
        return []
    olds, news = [(state.old, 0.0)], [(state.new, 0.0)]
    old_end, new_end = state.old_end, state.new_end
    if here != "new":
        olds = _count_on(state.old, reading.old, family)
        weight += _ENDS_EARLY if old_end == "final" else 0.0
        old_end = ending[0] if here == "both" else ending[1]
    if here != "old":
        news = _count_on(state.new, reading.new, family)
        weight += _ENDS_EARLY if new_end == "final" else 0.0
        new_end = ending[1]
    ways = [(old, new, a + b) for old, a in olds for new, b in news]
    if here == "both" and not reading.marks and len(olds) == len(news) == 2:
        # One wrong label in a text that both versions share is one slip.
        ways = [(old, new, a) for (old, a), (new, _) in zip(olds, news, strict=True)]
    return [
        (State(old, new, here, old_end, new_end), weight + slips)
        for old, new, slips in ways
        if weight + slips >= least
    ]


def _count_on(counter: int, value: int | None, family: Family) -> list[tuple[int, float]]:
    """Return what the counter may be after a line of this number; a slip is possible, and dear."""
    if family == "bullet" or value is None:
        return [(1, 0.0)]  # all that counts is whether there was any
    if value == counter + 1:
        return [(value, 0.0)]
    return [(counter + 1, _SLIP), (value, _SLIP)]
