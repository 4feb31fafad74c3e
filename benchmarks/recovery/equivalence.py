"""Labellings that give the same two texts are equally right: the one nearest to the truth counts.

A labelling gives each character of a flattened text one of `=`, `-`, `+`. Different labellings may
give the same pair of texts: a deleted or inserted run slides along equal characters
(`甲{--乙甲--}` and `{--甲乙--}甲`), and a deletion and an insertion side by side may share out
the characters they have in common in several ways. What a recoverer claims is the pair of texts,
so a prediction is replaced by the labelling *of the same two texts* that agrees with the truth on
most changed characters (ties: on most characters; then nearest to the prediction).

All labellings of one pair of texts have equally many deleted, inserted and equal characters, so
the numbers of claimed and of true changes do not depend on the choice, only the number of right
ones does. The k-th deleted character of the prediction answers for the k-th deleted character of
the labelling chosen, likewise the k-th inserted and the k-th equal one; so rules and confidences
stay with the claims they made.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

GAP = 20
"""Characters equal in both labellings that part two regions; no run slides across them."""

MAX_STATES = 300
"""States kept per character: beyond it those nearest to the prediction or the truth."""


@dataclass(frozen=True)
class Alignment:
    """A prediction laid over the truth.

    Attributes
    ----------
    ops : str
        The labelling of the predicted texts that is nearest to the truth.
    partners : list of int
        For each character of the prediction, the character of `ops` it answers for.
    """

    ops: str
    partners: list[int]

    def find_right(self, truth: str) -> list[bool]:
        """Return, for each character as predicted, whether its claim is right."""
        return [self.ops[partner] == truth[partner] for partner in self.partners]


def align_labellings(text: str, predicted: str, truth: str) -> Alignment:
    """Return the labelling of the predicted texts nearest to the truth, and who answers for what.

    Parameters
    ----------
    text : str
        The flattened text.
    predicted, truth : str
        One of `=`, `-`, `+` per character.

    Examples
    --------
    >>> align_labellings("甲乙甲", "--=", "=--").ops
    '=--'
    >>> align_labellings("甲乙丙", "--=", "=--").ops
    '--='
    """
    nearest = list(predicted)
    partners = list(range(len(text)))
    for start, end in _find_regions(predicted, truth):
        before, target = predicted[start:end], truth[start:end]
        found = _find_nearest(text[start:end], before, target)
        nearest[start:end] = found
        places = {sign: iter([i for i, op in enumerate(found) if op == sign]) for sign in "=-+"}
        for i, op in enumerate(before):
            partners[start + i] = start + next(places[op])
    return Alignment("".join(nearest), partners)


def _find_regions(predicted: str, truth: str) -> list[tuple[int, int]]:
    """Return the stretches, parted by characters equal in both, in which the labellings differ."""
    regions: list[tuple[int, int]] = []
    margin = GAP // 2
    for i, pair in enumerate(zip(predicted, truth, strict=True)):
        if pair == ("=", "="):
            continue
        begin, end = max(i - margin, 0), min(i + 1 + margin, len(truth))
        if regions and begin <= regions[-1][1]:
            regions[-1] = (regions[-1][0], end)
        else:
            regions.append((begin, end))
    return [
        (a, b)
        for a, b in regions
        if predicted[a:b] != truth[a:b] and predicted[a:b].strip("=") and truth[a:b].strip("=")
    ]


def _find_nearest(text: str, predicted: str, truth: str) -> str:
    if _take_both(text, predicted) == _take_both(text, truth):
        return truth
    return _Search(text, predicted, truth).run()


def _take_both(text: str, ops: str) -> tuple[str, str]:
    pairs = list(zip(text, ops, strict=True))
    return "".join(c for c, op in pairs if op != "+"), "".join(c for c, op in pairs if op != "-")


class _Version:
    """One text of a region: its characters, and how often each occurs before a position."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.places: dict[str, list[int]] = defaultdict(list)
        for i, char in enumerate(text):
            self.places[char].append(i)

    def has(self, position: int, char: str) -> bool:
        return position < len(self.text) and self.text[position] == char

    def count(self, char: str, end: int) -> int:
        return bisect_left(self.places[char], end)


class _Search:
    """Dynamic programming over the labellings of one region that give the predicted texts.

    A state is the numbers of deleted and inserted characters so far. With the position it fixes
    how much of either text is used up, hence which letters have been deleted and inserted; a state
    that has used more of a letter than the prediction deletes or inserts of it leads nowhere.
    """

    def __init__(self, text: str, predicted: str, truth: str) -> None:
        self.text, self.predicted, self.truth = text, predicted, truth
        old, new = _take_both(text, predicted)
        self.old, self.new = _Version(old), _Version(new)
        pairs = list(zip(text, predicted, strict=True))
        self.deleted = Counter(char for char, op in pairs if op == "-")
        self.inserted = Counter(char for char, op in pairs if op == "+")

    def run(self) -> str:
        size = len(self.text) + 1
        layers: list[dict[tuple[int, int], tuple[int, tuple[int, int], str]]] = []
        states = {(0, 0): 0}
        seen: Counter[str] = Counter()
        near = [(0, 0), (0, 0)]
        for i, char in enumerate(self.text):
            layer: dict[tuple[int, int], tuple[int, tuple[int, int], str]] = {}
            for state, score in states.items():
                for op in self._find_steps(i, char, seen[char], state):
                    gain = self._score(i, op, size)
                    after = _step(state, op)
                    if after not in layer or layer[after][0] < score + gain:
                        layer[after] = (score + gain, state, op)
            near = [_step(near[0], self.predicted[i]), _step(near[1], self.truth[i])]
            if len(layer) > MAX_STATES:
                kept = sorted(layer, key=lambda state: (_distance(state, near), state))
                layer = {state: layer[state] for state in kept[:MAX_STATES]}
            layers.append(layer)
            states = {state: value[0] for state, value in layer.items()}
            seen[char] += 1
        return _trace_back(layers, (self.deleted.total(), self.inserted.total()))

    def _find_steps(self, i: int, char: str, seen: int, state: tuple[int, int]) -> list[str]:
        """Return the operations the character may have after `state`."""
        deleted, inserted = state
        in_old, in_new = i - inserted, i - deleted
        fits_old, fits_new = self.old.has(in_old, char), self.new.has(in_new, char)
        steps = []
        if fits_old and fits_new:
            steps.append("=")
        if fits_old and seen - self.new.count(char, in_new) < self.deleted[char]:
            steps.append("-")
        if fits_new and seen - self.old.count(char, in_old) < self.inserted[char]:
            steps.append("+")
        return steps

    def _score(self, i: int, op: str, size: int) -> int:
        """Return what an operation is worth: right change, right at all, as predicted."""
        right = op == self.truth[i]
        return ((right and op != "=") * size + right) * size + (op == self.predicted[i])


def _step(state: tuple[int, int], op: str) -> tuple[int, int]:
    return state[0] + (op == "-"), state[1] + (op == "+")


def _distance(state: tuple[int, int], near: Sequence[tuple[int, int]]) -> int:
    return min(abs(state[0] - d) + abs(state[1] - e) for d, e in near)


def _trace_back(
    layers: Sequence[dict[tuple[int, int], tuple[int, tuple[int, int], str]]],
    state: tuple[int, int],
) -> str:
    ops = []
    for layer in reversed(layers):
        _, state, op = layer[state]
        ops.append(op)
    return "".join(reversed(ops))
