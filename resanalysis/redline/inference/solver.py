"""How plausible each labelling of a list is: old labels run consecutively, and so do new ones.

A hidden state per line (the two counters, the operation, how the last living item of each version
ended) is summed over by forward-backward, list by list, inner lists inside outer ones; the
posterior is the confidence. The best labelling, and the best one through any given reading, come
from the same pass with the maximum in place of the sum.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from heapq import nlargest
from operator import itemgetter

from resanalysis.redline.inference.counting import (
    BEAM,
    CROWD,
    START,
    Edge,
    Ending,
    Live,
    State,
    read_ending,
    take_line,
    weigh_end,
)
from resanalysis.redline.inference.lists import Node, NumberedList


@dataclass(frozen=True)
class _BestPaths:
    """Weight of the best way to and from every state before each line, and the edges to take."""

    to: list[dict[State, float]]
    arriving: list[dict[State, Edge]]
    onward: list[dict[State, float]]
    leaving: list[dict[State, Edge]]

    def trace(self, edge: Edge, line: int, stretch: tuple[int, int]) -> list[int]:
        """Return the readings of a stretch on the best way through an edge of `line` in it."""
        begin, end = stretch
        before, state = [], edge.source
        for i in range(line, begin, -1):
            arriving = self.arriving[i][state]
            before.append(arriving.reading)
            state = arriving.source
        after, state = [], edge.target
        for i in range(line + 1, end):
            leaving = self.leaving[i][state]
            after.append(leaving.reading)
            state = leaving.target
        return [*before[::-1], edge.reading, *after]


class Solver:
    """Solves lists and remembers the answers per list and per versions its parent lives in.

    Parameters
    ----------
    lines : sequence of str
        All lines of the text.
    """

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines
        self._layers: dict[tuple[NumberedList, Live], list[list[Edge]]] = {}
        self._weighted: dict[tuple[NumberedList, Live, bool], list[list[Edge]]] = {}
        self._weights: dict[tuple[NumberedList, Live, bool, bool], float] = {}
        self._paths: dict[tuple[NumberedList, Live, bool], _BestPaths] = {}

    def requires_children(self, node: Node) -> bool:
        """Whether the line ends in a colon, so that the first list under it cannot be empty."""
        return self._lines[node.line].rstrip().endswith("：")

    def find_posteriors(
        self, items: NumberedList, live: Live, *, required: bool
    ) -> list[dict[int, float]]:
        """Return, per line, the probability of each reading that has any."""
        forward = self._sum_forward(items, live)
        layers = self._weighted_layers(items, live, best=False)
        backward = {state: weigh_end(state, live, required) for state in forward[-1]}
        total = _sum([weight + backward[state] for state, weight in forward[-1].items()])
        result: list[dict[int, float]] = []
        for before, edges in zip(reversed(forward[:-1]), reversed(layers), strict=True):
            found: dict[int, float] = defaultdict(float)
            outgoing: dict[State, list[float]] = defaultdict(list)
            for edge in edges:
                if edge.source in before and edge.target in backward:
                    weight = edge.weight + backward[edge.target]
                    outgoing[edge.source].append(weight)
                    found[edge.reading] += math.exp(before[edge.source] + weight - total)
            backward = {state: _sum(weights) for state, weights in outgoing.items()}
            result.append(dict(found))
        return result[::-1]

    def find_best(self, items: NumberedList, live: Live, *, required: bool) -> list[int]:
        """Return the readings of the best labelling, one per line."""
        paths = self._best_paths(items, live, required=required)
        return paths.trace(paths.leaving[0][START], 0, (0, len(items.nodes)))

    def find_best_through(
        self,
        items: NumberedList,
        live: Live,
        *,
        required: bool,
        line: int,
        stretch: tuple[int, int],
    ) -> dict[int, tuple[float, list[int]]]:
        """Return the best labellings with one line forced to each of its readings.

        Parameters
        ----------
        line : int
            Position of the forced line in the list, from 0.
        stretch : tuple of int
            Half-open range of the list, with `line` in it.

        Returns
        -------
        dict
            By reading of the line: log weight of the whole labelling, its readings in `stretch`.
        """
        paths = self._best_paths(items, live, required=required)
        best: dict[int, tuple[float, Edge]] = {}
        for edge in self._weighted_layers(items, live, best=True)[line]:
            if edge.source in paths.to[line] and edge.target in paths.onward[line + 1]:
                weight = (
                    paths.to[line][edge.source] + edge.weight + paths.onward[line + 1][edge.target]
                )
                if edge.reading not in best or weight > best[edge.reading][0]:
                    best[edge.reading] = (weight, edge)
        return {
            reading: (weight, paths.trace(edge, line, stretch))
            for reading, (weight, edge) in best.items()
        }

    # --- passes over one list ---

    def _layer_edges(self, items: NumberedList, live: Live) -> list[list[Edge]]:
        """Return the edges between states, one layer per line, without the lists inside."""
        key = (items, live)
        if key not in self._layers:
            self._layers[key] = self._build_layers(items, live)
        return self._layers[key]

    def _build_layers(self, items: NumberedList, live: Live) -> list[list[Edge]]:
        endings = self._find_endings(items)
        weights: dict[State, float] = {START: 0.0}
        layers = []
        for node, ending in zip(items.nodes, endings, strict=True):
            edges, reached = take_line(node, ending, weights, live)
            floor = max(reached.values()) - BEAM
            kept = {state: weight for state, weight in reached.items() if weight >= floor}
            if len(kept) > CROWD:
                kept = dict(nlargest(CROWD, kept.items(), key=itemgetter(1)))
            layers.append(
                [e for e in edges if e.target in kept and weights[e.source] + e.weight >= floor]
            )
            weights = kept
        return layers

    def _find_endings(self, items: NumberedList) -> list[tuple[Ending, Ending]]:
        """Return how each item ends in the old and the new version, where that tells anything."""
        endings = [read_ending(self._lines[node.line]) for node in items.nodes]
        finals = sum(ending == ("final", "final") for ending in endings)
        # Where every item is a sentence, or items of an inner list end as their clause does,
        # endings tell nothing.
        if finals > max(1, len(endings) // 2) or items.nested or items.family == "bullet":
            return [("unknown", "unknown")] * len(endings)
        return endings

    def _weighted_layers(self, items: NumberedList, live: Live, *, best: bool) -> list[list[Edge]]:
        """Return the layers with the weight of the lists inside each item added."""
        if not any(node.lists for node in items.nodes):
            return self._layer_edges(items, live)
        key = (items, live, best)
        if key not in self._weighted:
            self._weighted[key] = [
                self._add_children(node, edges, best=best)
                for node, edges in zip(items.nodes, self._layer_edges(items, live), strict=True)
            ]
        return self._weighted[key]

    def _add_children(self, node: Node, edges: list[Edge], *, best: bool) -> list[Edge]:
        """Return the edges of one line with the weight of the lists inside it added."""
        if not node.lists:
            return edges
        lives = {edge.target.live for edge in edges}
        inside = {live: self._weigh_children(node, live, best=best) for live in lives}
        return [
            Edge(edge.source, edge.target, edge.reading, edge.weight + inside[edge.target.live])
            for edge in edges
        ]

    def lives_of_children(self, node: Node, live: Live) -> Live:
        """Return the versions that the lists under a line live in if the line lives in `live`.

        A line that ends in `：。` leads to them in the old version only, one that ends in `。：`
        in the new one.
        """
        if live != "both":
            return live
        ending = self._lines[node.line].rstrip()[-2:]
        return (
            "old" if ending in ("：。", "：，") else "new" if ending in ("。：", "，：") else live
        )

    def _weigh_children(self, node: Node, live: Live, *, best: bool) -> float:
        """Return the log weight of everything under `node` if it lives in these versions."""
        required = self.requires_children(node)
        live = self.lives_of_children(node, live)
        return sum(
            self._weigh(items, live, required=required and i == 0, best=best)
            for i, items in enumerate(node.lists)
        )

    def _weigh(self, items: NumberedList, live: Live, *, required: bool, best: bool) -> float:
        """Return the log weight of the list: of the best labelling, or of all together."""
        key = (items, live, required, best)
        if key not in self._weights:
            if best:
                paths = self._best_paths(items, live, required=required)
                self._weights[key] = paths.onward[0][START]
            else:
                last = self._sum_forward(items, live)[-1]
                self._weights[key] = _sum(
                    [w + weigh_end(s, live, required) for s, w in last.items()]
                )
        return self._weights[key]

    def _sum_forward(self, items: NumberedList, live: Live) -> list[dict[State, float]]:
        """Return, before each line and after the last, the weight of all ways to each state."""
        forward: list[dict[State, float]] = [{START: 0.0}]
        for edges in self._weighted_layers(items, live, best=False):
            incoming: dict[State, list[float]] = defaultdict(list)
            for edge in edges:
                if edge.source in forward[-1]:
                    incoming[edge.target].append(forward[-1][edge.source] + edge.weight)
            forward.append({state: _sum(weights) for state, weights in incoming.items()})
        return forward

    def _best_paths(self, items: NumberedList, live: Live, *, required: bool) -> _BestPaths:
        key = (items, live, required)
        if key not in self._paths:
            layers = self._weighted_layers(items, live, best=True)
            to, arriving = _find_ways_to(layers)
            ends = {state: weigh_end(state, live, required) for state in to[-1]}
            self._paths[key] = _BestPaths(to, arriving, *_find_ways_on(layers, ends))
        return self._paths[key]


def _find_ways_to(
    layers: Sequence[Sequence[Edge]],
) -> tuple[list[dict[State, float]], list[dict[State, Edge]]]:
    """Return, before each line and after the last, the best way to each state, and how."""
    to: list[dict[State, float]] = [{START: 0.0}]
    arriving: list[dict[State, Edge]] = [{}]
    for edges in layers:
        weights: dict[State, float] = {}
        taken: dict[State, Edge] = {}
        for edge in edges:
            if edge.source in to[-1]:
                weight = to[-1][edge.source] + edge.weight
                if weight > weights.get(edge.target, -math.inf):
                    weights[edge.target], taken[edge.target] = weight, edge
        to.append(weights)
        arriving.append(taken)
    return to, arriving


def _find_ways_on(
    layers: Sequence[Sequence[Edge]], ends: dict[State, float]
) -> tuple[list[dict[State, float]], list[dict[State, Edge]]]:
    """Return, before each line and after the last, the best way on from each state, and how."""
    onward: list[dict[State, float]] = [ends]
    leaving: list[dict[State, Edge]] = [{}]
    for edges in reversed(layers):
        weights: dict[State, float] = {}
        taken: dict[State, Edge] = {}
        for edge in edges:
            if edge.target in onward[-1]:
                weight = onward[-1][edge.target] + edge.weight
                if weight > weights.get(edge.source, -math.inf):
                    weights[edge.source], taken[edge.source] = weight, edge
        onward.append(weights)
        leaving.append(taken)
    return onward[::-1], leaving[::-1]


def _sum(weights: Sequence[float]) -> float:
    """Return the log of the sum of what these are the logs of."""
    top = max(weights)
    return top + math.log(sum(math.exp(weight - top) for weight in weights))
