"""What the numbering of lists proves: which lines stand in the old version, the new, or both.

In each list the old labels run consecutively and so do the new ones. A hidden state per line (the
two counters, the operation, how the last living item of each version ended) is summed over by
forward-backward, list by list, inner lists inside outer ones; the posterior is the confidence.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from resanalysis.labels import Family, Label, Reading, read_labels
from resanalysis.redline.places import Place, PlaceReading, Span, split_lines

_Live = Literal["both", "old", "new"]
_Ending = Literal["middle", "final", "unknown"]

# Log weights. They encode how rare each event is in revised texts, not any one document.
_MOVE: Mapping[tuple[_Live, _Live], float] = {
    ("both", "both"): math.log(0.93),
    ("both", "old"): math.log(0.03),
    ("both", "new"): math.log(0.04),
    ("old", "both"): math.log(0.45),
    ("old", "old"): math.log(0.45),
    ("old", "new"): math.log(0.10),
    ("new", "both"): math.log(0.45),
    ("new", "old"): math.log(0.10),
    ("new", "new"): math.log(0.45),
}
_FLIPPED = math.log(0.03)  # inserted label printed before the deleted one
_SLIP = math.log(1e-5)  # a label that is not the next number
_ENDS_EARLY = math.log(0.02)  # a closing mark on an item that others follow
_ENDS_OPEN = math.log(0.1)  # a list whose last item ends in a semicolon
_RESET_AT_HEADING = (math.log(0.97), math.log(0.03))  # reset, continue
_NO_CHILDREN = math.log(0.02)  # a line that ends in a colon and leads to nothing
_CONTRADICTION = math.log(1e-6)  # a merged label under a line of one version
_BEAM = 40.0  # states that are worse by more than this log weight are dropped
_MIN_WEIGHT = 0.01  # alternatives below this weight are not listed
_MAX_READINGS = 5
_PROVEN = 0.99

_MAX_HEADING = 40
_PUNCTUATION = "，。；：、！？"


@dataclass
class _Node:
    """One labelled line with the lists and the unlabelled paragraphs under it."""

    line: int
    label: Label
    after_break: bool
    lists: list[_List] = field(default_factory=list)
    paragraphs: list[int] = field(default_factory=list)


@dataclass
class _List:
    family: Family
    nested: bool
    nodes: list[_Node] = field(default_factory=list)


class _State(NamedTuple):
    old: int
    new: int
    op: _Live
    old_end: _Ending
    new_end: _Ending


_START = _State(0, 0, "both", "unknown", "unknown")


class _Edge(NamedTuple):
    source: _State
    target: _State
    reading: int
    weight: float


def _op(reading: Reading) -> _Live:
    if reading.old is None:
        return "new"
    return "old" if reading.new is None else "both"


def _endings(text: str) -> tuple[_Ending, _Ending]:
    """Return how the line ends in the old and in the new version (`，；` is final, then middle)."""
    tail = re.search(f"[{_PUNCTUATION}]*$", text.rstrip())
    marks = tail.group() if tail else ""
    kinds: list[_Ending] = [
        "middle" if mark == "；" else "final" for mark in marks[-2:] if mark in "；，。"
    ]
    if not kinds:
        return "unknown", "unknown"
    return kinds[0], kinds[-1]


def _is_heading(text: str) -> bool:
    stripped = text.strip()
    return 0 < len(stripped) <= _MAX_HEADING and stripped[-1] not in _PUNCTUATION


# --- the tree of lists --------------------------------------------------------------------------


def _choose(labels: Sequence[Label], stack: Sequence[tuple[_List, _Node]]) -> Label:
    """Return the label of the family that fits the open lists (`i)` is a letter or a numeral)."""
    by_family = {label.family: label for label in labels}
    if "latin" not in by_family or "roman" not in by_family:
        return labels[0]
    open_lists = {opened.family: opened for opened, _ in stack}
    if "roman" in open_lists:
        return by_family["roman"]
    if "latin" in open_lists:
        last = open_lists["latin"].nodes[-1].label
        reached = max(max(r.old or 0, r.new or 0) for r in last.readings)
        wanted = min(max(r.old or 0, r.new or 0) for r in by_family["latin"].readings)
        return by_family["latin" if wanted <= reached + 3 else "roman"]
    return by_family["roman" if stack else "latin"]


def _build_lists(lines: Sequence[tuple[int, str]]) -> list[_List]:
    """Return the outermost lists; articles, chapters and sections run through the whole text."""
    roots: dict[Family, _List] = {}
    broken: set[Family] = set()
    stack: list[tuple[_List, _Node]] = []
    for index, (_, text) in enumerate(lines):
        labels = read_labels(text)
        if not labels:
            if _is_heading(text):
                stack.clear()
                broken |= set(roots) - {"chapter", "article"}
            elif stack and text.strip():
                del stack[1:]
                stack[0][1].paragraphs.append(index)
            continue
        label = _choose(labels, stack)
        running = label.family in ("chapter", "section", "article")
        levels = [opened.family for opened, _ in stack]
        if running or not stack:
            stack.clear()
            target = roots.setdefault(label.family, _List(label.family, nested=False))
        elif label.family in levels:
            del stack[levels.index(label.family) + 1 :]
            target = stack.pop()[0]
        else:
            target = _List(label.family, nested=True)
            stack[-1][1].lists.append(target)
        node = _Node(index, label, label.family in broken and bool(target.nodes))
        broken.discard(label.family)
        target.nodes.append(node)
        if label.family == "chapter":
            broken |= {"section"} & set(roots)
        if label.family not in ("chapter", "section"):
            stack.append((target, node))
    return list(roots.values())


# --- one list -----------------------------------------------------------------------------------


def _sum(weights: Sequence[float]) -> float:
    top = max(weights, default=-math.inf)
    if top == -math.inf:
        return top
    return top + math.log(sum(math.exp(w - top) for w in weights))


class _Solver:
    """Solves lists and remembers the answers per list and per versions its parent lives in."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.texts = texts
        self._layers: dict[tuple[int, _Live], list[list[_Edge]]] = {}
        self._totals: dict[tuple[int, _Live, bool, bool], float] = {}

    def total(self, items: _List, live: _Live, *, required: bool, best: bool) -> float:
        """Return the log weight of the list: of all labellings, or of the best one."""
        key = (id(items), live, required, best)
        if key not in self._totals:
            forward = self._forward(items, live, best=best)
            final = [w + self._end(s, live, required) for s, w in forward[-1].items()]
            self._totals[key] = max(final) if best else _sum(final)
        return self._totals[key]

    def children(self, node: _Node, live: _Live, *, best: bool) -> float:
        """Return the log weight of everything under `node` if it lives in these versions."""
        required = self.texts[node.line].rstrip().endswith("：")
        return sum(
            self.total(items, live, required=required and i == 0, best=best)
            for i, items in enumerate(node.lists)
        )

    def layers(self, items: _List, live: _Live) -> list[list[_Edge]]:
        """Return the edges between states, one layer per line of the list."""
        key = (id(items), live)
        if key not in self._layers:
            self._layers[key] = self._build(items, live)
        return self._layers[key]

    def _build(self, items: _List, live: _Live) -> list[list[_Edge]]:
        bodies = [_endings(self.texts[node.line]) for node in items.nodes]
        finals = sum(ending == ("final", "final") for ending in bodies)
        # Where every item is a sentence, or items of an inner list end as their clause does,
        # endings tell nothing.
        if finals > max(1, len(bodies) // 2) or items.nested or items.family == "bullet":
            bodies = [("unknown", "unknown")] * len(bodies)
        weights: dict[_State, float] = {_START: 0.0}
        layers = []
        for node, ending in zip(items.nodes, bodies, strict=True):
            sources = [(state, state, 0.0) for state in weights]
            if node.after_break:
                reset, stay = _RESET_AT_HEADING
                sources = [(s, s, stay) for s in weights]
                sources += [
                    (s, _START, reset + self._end(s, live, required=False)) for s in weights
                ]
            edges = [
                _Edge(source, target, index, cost + weight)
                for source, state, cost in sources
                for index, reading in enumerate(node.label.readings)
                for target, weight in _steps(state, reading, node.label.family, live, ending)
            ]
            reached: dict[_State, float] = defaultdict(lambda: -math.inf)
            for edge in edges:
                reached[edge.target] = max(reached[edge.target], weights[edge.source] + edge.weight)
            floor = max(reached.values()) - _BEAM
            weights = {state: w for state, w in reached.items() if w >= floor}
            layers.append([edge for edge in edges if edge.target in weights])
        return layers

    def _end(self, state: _State, live: _Live, required: bool) -> float:
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

    def _inner(self, node: _Node, edge: _Edge, live: _Live, *, best: bool) -> float:
        op = edge.target.op if live == "both" else live
        return self.children(node, op, best=best) if node.lists else 0.0

    def _forward(self, items: _List, live: _Live, *, best: bool) -> list[dict[_State, float]]:
        forward: list[dict[_State, float]] = [{_START: 0.0}]
        for node, edges in zip(items.nodes, self.layers(items, live), strict=True):
            incoming: dict[_State, list[float]] = defaultdict(list)
            for edge in edges:
                if edge.source in forward[-1]:
                    inner = self._inner(node, edge, live, best=best)
                    incoming[edge.target].append(forward[-1][edge.source] + edge.weight + inner)
            forward.append({s: max(w) if best else _sum(w) for s, w in incoming.items()})
        return forward

    def posteriors(self, items: _List, live: _Live, *, required: bool) -> list[dict[int, float]]:
        """Return, per line, the probability of each reading that has any."""
        forward = self._forward(items, live, best=False)
        layers = self.layers(items, live)
        backward: dict[_State, float] = {s: self._end(s, live, required) for s in forward[-1]}
        total = _sum([w + backward[s] for s, w in forward[-1].items()])
        result: list[dict[int, float]] = []
        for i in range(len(layers) - 1, -1, -1):
            node = items.nodes[i]
            found: dict[int, float] = defaultdict(float)
            outgoing: dict[_State, list[float]] = defaultdict(list)
            for edge in layers[i]:
                if edge.source in forward[i] and edge.target in backward:
                    weight = (
                        edge.weight
                        + self._inner(node, edge, live, best=False)
                        + backward[edge.target]
                    )
                    outgoing[edge.source].append(weight)
                    found[edge.reading] += math.exp(forward[i][edge.source] + weight - total)
            backward = {s: _sum(w) for s, w in outgoing.items()}
            result.append(dict(found))
        return result[::-1]

    def best(
        self, items: _List, live: _Live, *, required: bool, forced: Mapping[int, int] | None = None
    ) -> tuple[float, list[int]]:
        """Return the weight and the readings of the best labelling, some lines being forced."""
        forced = forced or {}
        scores: dict[_State, float] = {_START: 0.0}
        steps: list[dict[_State, tuple[_State, int]]] = []
        for i, edges in enumerate(self.layers(items, live)):
            reached: dict[_State, float] = {}
            back: dict[_State, tuple[_State, int]] = {}
            for edge in edges:
                if edge.source not in scores or forced.get(i, edge.reading) != edge.reading:
                    continue
                inner = self._inner(items.nodes[i], edge, live, best=True)
                score = scores[edge.source] + edge.weight + inner
                if score > reached.get(edge.target, -math.inf):
                    reached[edge.target] = score
                    back[edge.target] = (edge.source, edge.reading)
            scores = reached
            steps.append(back)
        if not scores:
            return -math.inf, []
        final = {s: w + self._end(s, live, required) for s, w in scores.items()}
        state = max(final, key=lambda s: final[s])
        weight, path = final[state], []
        for back in reversed(steps):
            state, reading = back[state]
            path.append(reading)
        return weight, path[::-1]


def _steps(
    state: _State,
    reading: Reading,
    family: Family,
    live: _Live,
    ending: tuple[_Ending, _Ending],
) -> list[tuple[_State, float]]:
    """Return the states this reading leads to, with the log weight of each step."""
    op = _op(reading)
    weight = 0.0
    if live == "both":
        weight += _MOVE[state.op, op]
    elif op != live:
        if op != "both" or not reading.marks:
            return []
        weight, op = _CONTRADICTION, live
    if reading.flipped:
        weight += _FLIPPED
    olds = [(state.old, 0.0)] if op == "new" else _next(state.old, reading.old, family)
    news = [(state.new, 0.0)] if op == "old" else _next(state.new, reading.new, family)
    if op != "new" and state.old_end == "final":
        weight += _ENDS_EARLY
    if op != "old" and state.new_end == "final":
        weight += _ENDS_EARLY
    old_end = state.old_end if op == "new" else ending[0] if op == "both" else ending[1]
    new_end = state.new_end if op == "old" else ending[1]
    return [
        (_State(old, new, op, old_end, new_end), weight + a + b)
        for old, a in olds
        for new, b in news
    ]


def _next(counter: int, value: int | None, family: Family) -> list[tuple[int, float]]:
    """Return what the counter may be after a line of this number; a slip is possible, and dear."""
    if family == "bullet" or value == counter + 1:
        return [(counter + 1, 0.0)]
    slip = _SLIP + math.log(0.5)
    return [(counter + 1, slip), (value or counter + 1, slip)]


# --- the whole text -----------------------------------------------------------------------------


def read_numbering(text: str) -> list[Place]:
    """Return one place per list: the marks its numbering implies, and its other labellings.

    Parameters
    ----------
    text : str
        The flattened text.

    Returns
    -------
    list of Place
        Places with rule `numbering`. A span covers the characters of a label, or a whole line with
        its line break. Its certainty is `proven` at a posterior of .99 or more. Slips of the
        numbering are named in the place's note.
    """
    lines = split_lines(text)
    solver = _Solver([line for _, line in lines])
    places: list[Place] = []
    for items in _build_lists(lines):
        _read_list(items, "both", False, 1.0, solver, lines, places)
    return sorted(places, key=lambda place: place.readings[0].spans[0].start)


def _read_list(
    items: _List,
    live: _Live,
    required: bool,
    given: float,
    solver: _Solver,
    lines: Sequence[tuple[int, str]],
    places: list[Place],
) -> None:
    _, path = solver.best(items, live, required=required)
    posteriors = solver.posteriors(items, live, required=required)
    spans: list[list[Span]] = []
    for node, choice, posterior in zip(items.nodes, path, posteriors, strict=True):
        ops: dict[_Live, float] = defaultdict(float)
        for reading, probability in posterior.items():
            ops[_op(node.label.readings[reading])] += probability
        op = _op(node.label.readings[choice]) if live == "both" else live
        same_op = ops[op] if live == "both" else 1.0
        confidence = given * (posterior[choice] if op == "both" else same_op)
        spans.append(_spans(node, choice, live, min(confidence, 1.0), lines))
        for i, child in enumerate(node.lists):
            wanted = i == 0 and lines[node.line][1].rstrip().endswith("：")
            _read_list(child, op, wanted, given * same_op, solver, lines, places)
    if items.family == "bullet" and live == "both":
        return  # bullets carry no number: nothing follows from them
    for begin, end in _stretches(items):
        stretch = [span for part in spans[begin:end] for span in part]
        if all(span.op == "equal" and span.confidence >= _PROVEN for span in stretch):
            continue
        weighted = _alternatives(items, live, required, (begin, end), path, posteriors, solver)
        others = [
            PlaceReading(
                weight,
                tuple(
                    span
                    for node, choice in zip(items.nodes[begin:end], labelling, strict=True)
                    for span in _tree_spans(node, choice, live, solver, lines)
                ),
            )
            for labelling, weight in weighted[1:]
        ]
        first = PlaceReading(weighted[0][1], tuple(stretch))
        note = _slips(
            _List(items.family, items.nested, items.nodes[begin:end]), path[begin:end], live
        )
        places.append(Place("numbering", (first, *others), note))


def _stretches(items: _List) -> list[tuple[int, int]]:
    """Return the stretches of the list between headings, as half-open ranges of its lines."""
    starts = [0, *(i for i, node in enumerate(items.nodes) if node.after_break and i > 0)]
    return list(zip(starts, [*starts[1:], len(items.nodes)], strict=True))


def _spans(
    node: _Node, choice: int, live: _Live, confidence: float, lines: Sequence[tuple[int, str]]
) -> list[Span]:
    """Return the spans of one line under one reading of its label."""
    reading = node.label.readings[choice]
    start, _ = lines[node.line]
    certainty: Literal["proven", "likely", "undecidable"] = (
        "proven" if confidence >= _PROVEN else "likely" if confidence >= 0.6 else "undecidable"
    )
    op = _op(reading) if live == "both" else live
    if op == "both":
        marks = reading.marks or ((0, node.label.end, "equal"),)
        return [Span(start + a, start + b, kind, certainty, confidence) for a, b, kind in marks]
    kind: Literal["delete", "insert"] = "delete" if op == "old" else "insert"
    result = []
    for index in [node.line, *node.paragraphs]:
        begin, body = lines[index]
        last = index + 1 == len(lines)
        shift = 1 if last and begin > 0 else 0  # the last line takes the line break before it
        end = begin + len(body) + (0 if last else 1)
        result.append(Span(begin - shift, end, kind, certainty, confidence))
    return result


def _alternatives(
    items: _List,
    live: _Live,
    required: bool,
    stretch: tuple[int, int],
    path: list[int],
    posteriors: list[dict[int, float]],
    solver: _Solver,
) -> list[tuple[tuple[int, ...], float]]:
    """Return labellings of a stretch with weights: the best, and the best with one line forced."""
    begin, end = stretch
    best, _ = solver.best(items, live, required=required)
    found: dict[tuple[int, ...], float] = {tuple(path[begin:end]): best}
    for i in range(begin, end):
        for reading, probability in posteriors[i].items():
            if reading != path[i] and probability >= _MIN_WEIGHT:
                score, other = solver.best(items, live, required=required, forced={i: reading})
                if other and tuple(other[begin:end]) not in found:
                    found[tuple(other[begin:end])] = score
    ranked = sorted(found.items(), key=lambda item: (-item[1], item[0]))[:_MAX_READINGS]
    likely = [(labelling, math.exp(score - best)) for labelling, score in ranked]
    likely = [item for item in likely if item[1] >= _MIN_WEIGHT * likely[0][1]]
    total = sum(weight for _, weight in likely)
    return [(labelling, weight / total) for labelling, weight in likely]


def _tree_spans(
    node: _Node, choice: int, live: _Live, solver: _Solver, lines: Sequence[tuple[int, str]]
) -> list[Span]:
    op = _op(node.label.readings[choice]) if live == "both" else live
    spans = _spans(node, choice, live, 1.0, lines)
    for i, child in enumerate(node.lists):
        required = i == 0 and lines[node.line][1].rstrip().endswith("：")
        _, path = solver.best(child, op, required=required)
        for inner, reading in zip(child.nodes, path, strict=True):
            spans += _tree_spans(inner, reading, op, solver, lines)
    return spans


def _slips(items: _List, path: Sequence[int], live: _Live) -> str:
    """Name the labels that are not the next number of their version."""
    slips = []
    for version in ("old", "new"):
        if items.family == "bullet" or live not in ("both", version):
            continue
        counter, fresh = 0, False
        for node, choice in zip(items.nodes, path, strict=True):
            reading = node.label.readings[choice]
            value = reading.old if version == "old" else reading.new
            fresh = fresh or node.after_break
            if value is None:
                continue
            if value != counter + 1 and not (fresh and value == 1):
                slips.append(f"line {node.line + 1}: {version} label {value}, not {counter + 1}")
                counter = max(value, counter + 1)
            else:
                counter = value
            fresh = False
    return "; ".join(slips)
