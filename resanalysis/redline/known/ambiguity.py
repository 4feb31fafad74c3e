"""Stretches of a flattened text into which a known version fits in more than one way."""

from __future__ import annotations

import math
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import pairwise
from typing import TypeAlias

from resanalysis.redline.known.embedding import CROSS, Lattice, States

SLACK = 0.75
"""Embeddings that cost at most so much more than the best one are readings: less than one run."""

SHARPNESS = 8.0
"""How fast the weight of a reading falls with its cost: exp(-SHARPNESS * cost)."""

READINGS = 8
"""Readings listed of one ambiguous stretch."""

STEPS = 10_000
"""Steps of the search for the readings of one stretch, beside the shortest way to each."""

_ROUNDING = 1e-6


@dataclass(frozen=True)
class EmbeddingReading:
    """One way to embed the known version in a stretch: spans of the text it leaves outside."""

    weight: float
    outside: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Ambiguity:
    """A stretch of the text into which the known version fits in more than one way.

    Attributes
    ----------
    start, end : int
        The stretch; outside it all readings agree.
    readings : tuple of EmbeddingReading
        The first is the one in force; weights sum to 1.
    harmless : bool
        Whether all readings give the same two texts: they leave the same characters outside, or
        no character of the stretch was proposed to be of the known version only.
    """

    start: int
    end: int
    readings: tuple[EmbeddingReading, ...]
    harmless: bool


_Way: TypeAlias = "tuple[int, _Way | None]"
"""A place and the way that led there."""


def find_ambiguities(lattice: Lattice, states: States, path: array[int]) -> list[Ambiguity]:
    """Return the stretches into which the known version fits in several ways about as well."""
    rest = _costs_to_end(lattice, states)
    most = states.costs[-1][0] + SLACK
    open_at = [
        [
            i
            for i, cost, more in zip(places, costs, after, strict=True)
            if cost + more <= most + _ROUNDING
        ]
        for places, costs, after in zip(states.places, states.costs, rest, strict=True)
    ]
    whole = [-1, *path, len(lattice.text)]
    found = []
    j = 0
    while j < len(open_at):
        if len(open_at[j]) < 2:
            j += 1
            continue
        end = j
        while len(open_at[end]) > 1:
            end += 1
        readings = _list_readings(lattice, states, rest, tuple(whole[j - 1 : end + 1]), j - 1)
        if len(readings) > 1:
            found.append(_describe(lattice, readings))
        j = end
    return found


def _costs_to_end(lattice: Lattice, states: States) -> list[list[float]]:
    """Return the least cost of what follows every state."""
    rest: list[list[float]] = [[0.0]]
    for j in range(len(states.places) - 2, -1, -1):
        later, later_costs = states.places[j + 1], rest[-1]
        enter = lattice.enter[j]
        free = far = near = math.inf  # as in `_advance`, of the states that a run may end before
        at, line = len(later) - 1, len(lattice.text)
        costs = []
        for i in reversed(states.places[j]):
            while at >= 0 and later[at] > i + 1:
                k = later[at]
                option = later_costs[at] + lattice.stay(k) + lattice.arrive(k)
                if lattice.ends_line(k):
                    free = min(free, option)
                else:
                    if lattice.line[k] < line:
                        far, near, line = min(far, near), math.inf, lattice.line[k]
                    near = min(near, option)
                at -= 1
            if lattice.line[i + 1] < line:
                far, near, line = min(far, near), math.inf, lattice.line[i + 1]
            toll = 0.0 if lattice.begins_line(i) else CROSS
            cost = min(free, near, far + toll) + enter + lattice.leave(i)
            if at >= 0 and later[at] == i + 1:
                cost = min(cost, later_costs[at] + lattice.stay(i + 1))
            costs.append(cost)
        rest.append(costs[::-1])
    return rest[::-1]


def _list_readings(
    lattice: Lattice, states: States, rest: list[list[float]], chosen: tuple[int, ...], start: int
) -> list[tuple[float, tuple[int, ...]]]:
    """Return cost and places of the ways between two characters, the chosen one first.

    The search goes on with what is cheapest to the end, and among equals with what has come
    farthest, so that the best ways are found without trying the others.
    """
    end = start + len(chosen) - 1
    most = states.costs[-1][0] + SLACK + _ROUNDING
    origin = states.costs[start][states.places[start].index(chosen[0])]
    waiting: list[tuple[float, int, int, float, _Way]] = [(0.0, 0, 0, origin, (chosen[0], None))]
    found: list[tuple[float, tuple[int, ...]]] = []
    steps, number = STEPS + READINGS * len(chosen), 0
    while waiting and len(found) < READINGS and steps:
        steps -= 1
        total, depth, _, cost, way = heappop(waiting)
        j = start - depth
        if j == end:
            found.append((total, _unroll(way)))
            continue
        for at, k in enumerate(states.places[j + 1]):
            if k > way[0]:
                so_far = cost + lattice.step(j, way[0], k)
                whole = so_far + rest[j + 1][at]
                if whole <= most:
                    number += 1  # settles ties: the first one found is tried first
                    heappush(waiting, (round(whole, 6), depth - 1, number, so_far, (k, way)))
    others = [reading for reading in found if reading[1] != chosen]
    return [(round(states.costs[-1][0], 6), chosen), *others[: READINGS - 1]]


def _unroll(way: _Way) -> tuple[int, ...]:
    places = []
    step: _Way | None = way
    while step is not None:
        places.append(step[0])
        step = step[1]
    return tuple(places[::-1])


def _describe(lattice: Lattice, found: Sequence[tuple[float, tuple[int, ...]]]) -> Ambiguity:
    least = found[0][0]
    weights = [math.exp(SHARPNESS * (least - cost)) for cost, _ in found]
    readings = []
    for weight, (_, path) in zip(weights, found, strict=True):
        outside = tuple((i + 1, k) for i, k in pairwise(path) if k > i + 1)
        readings.append(EmbeddingReading(weight / sum(weights), outside))
    left = {"".join(lattice.text[a:b] for a, b in reading.outside) for reading in readings}
    start, end = found[0][1][0] + 1, found[0][1][-1]
    kept = lattice.proposed is not None and lattice.own not in lattice.proposed[start:end]
    return Ambiguity(start, end, tuple(readings), kept or len(left) == 1)
