"""Rules of a codebook: words that count only together, judged for many texts at once."""

from __future__ import annotations

from dataclasses import dataclass, fields
from itertools import pairwise, permutations
from typing import TYPE_CHECKING

import numpy as np

from resanalysis.pipeline.finder import SEPARATOR, Finder

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from resanalysis.model import Rule

_NO_HITS = np.zeros((0, 3), dtype=np.int64)


@dataclass(frozen=True)
class _Words:
    """Words in joined texts, by start: place and number of each, its text, and that text's bounds.

    `first` is where the text begins, `last` its last character.
    """

    start: NDArray[np.int64]
    end: NDArray[np.int64]
    word: NDArray[np.int64]
    text: NDArray[np.int64]
    first: NDArray[np.int64]
    last: NDArray[np.int64]

    def take(self, at: NDArray[np.int64]) -> _Words:
        return _Words(*(getattr(self, column.name)[at] for column in fields(self)))


class _Found:
    """All words found, to be had by their numbers."""

    def __init__(self, words: _Words, size: int) -> None:
        self._words = words
        self._order = np.argsort(words.word, kind="stable")
        self._bounds = np.searchsorted(words.word[self._order], np.arange(size + 1))

    def has(self, numbers: Sequence[int]) -> bool:
        return any(self._bounds[number] < self._bounds[number + 1] for number in numbers)

    def words(self, numbers: Sequence[int]) -> _Words:
        bounds = self._bounds
        at = [self._order[:0], *(self._order[bounds[n] : bounds[n + 1]] for n in numbers)]
        return self._words.take(np.sort(np.concatenate(at), kind="stable"))


class RuleSet:
    """The rules of a codebook, compiled.

    Parameters
    ----------
    rules : sequence of (Rule, mapping of str to int)
        Rules with folded words, and the number of the entry that each word of a group stands for.
    """

    def __init__(self, rules: Sequence[tuple[Rule, Mapping[str, int]]]) -> None:
        words = {word for rule, _ in rules for group in _all_groups(rule) for word in group}
        self._finder = Finder(words)
        self._rules = [_Rule(rule, numbers, self._finder.words) for rule, numbers in rules]

    def __len__(self) -> int:
        return len(self._rules)

    def find(
        self, text: str, starts: NDArray[np.int64], *, hidden: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        """Return the words by which rules hold.

        Parameters
        ----------
        text : str
            Folded texts, one behind the other with a separator between.
        starts : array of int
            Where each of them begins.
        hidden : array of int, n x 2
            Start and end of characters that no word may touch, in order, without overlap.

        Returns
        -------
        array of int, n x 3
            Start, end and number of the entry.
        """
        start, end, word = self._finder.every(text).T
        if not len(start):
            return _NO_HITS
        if len(hidden):
            before = np.searchsorted(hidden[:, 0], end, side="left") - 1
            free = (before < 0) | (hidden[before, 1] <= start)
            start, end, word = start[free], end[free], word[free]
        number = np.searchsorted(starts, start, side="right") - 1
        behind = np.append(starts[1:] - len(SEPARATOR), len(text))
        words = _Words(start, end, word, number, starts[number], behind[number] - 1)
        found = _Found(words, len(self._finder.words))
        return np.concatenate([_NO_HITS, *(rule.find(found, len(starts)) for rule in self._rules)])


class _Rule:
    def __init__(self, rule: Rule, numbers: Mapping[str, int], words: Sequence[str]) -> None:
        number_of = {word: number for number, word in enumerate(words)}
        *self._groups, self._unwanted = (
            [number_of[word] for word in dict.fromkeys(group)] for group in _all_groups(rule)
        )
        self._near = rule.near
        self._entries = np.array([numbers.get(word, -1) for word in words], dtype=np.int64)

    def find(self, found: _Found, texts: int) -> NDArray[np.int64]:
        if not all(map(found.has, self._groups)):
            return _NO_HITS
        parts = [found.words(group) for group in self._groups]
        held = np.ones(texts, dtype=bool)
        held[found.words(self._unwanted).text] = False
        for part in parts:
            held &= np.bincount(part.text, minlength=texts) > 0
        parts = [part.take(np.flatnonzero(held[part.text])) for part in parts]
        if self._near is not None:
            parts = list(_choose_near(parts, self._near))
        return np.concatenate([np.array([p.start, p.end, self._entries[p.word]]).T for p in parts])


def _all_groups(rule: Rule) -> Iterator[tuple[str, ...]]:
    yield from rule.groups
    yield rule.without


def _choose_near(groups: Sequence[_Words], near: int) -> Iterator[_Words]:
    """Yield the words of every group that are part of a choice of one a group, each near the next.

    A choice has some order of the groups from left to right, so each order is tried: words that
    can be reached from the left, group by group, are kept, and of these the ones from which the
    last can be reached.
    """
    kept = [np.zeros(len(group.start), dtype=bool) for group in groups]
    for order in permutations(range(len(groups))):
        chain = [groups[number] for number in order]
        part = [np.ones(len(chain[0].start), dtype=bool)]
        for left, right in pairwise(chain):
            low = np.maximum(right.start - near, right.first)
            part.append(_any_between(left.end[part[-1]], low, right.start))
        for at in range(len(chain) - 2, -1, -1):
            left, right = chain[at], chain[at + 1]
            high = np.minimum(left.end + near, left.last)
            part[at] &= _any_between(right.start[part[at + 1]], left.end, high)
        for number, chosen in zip(order, part, strict=True):
            kept[number] |= chosen
    return (group.take(np.flatnonzero(chosen)) for group, chosen in zip(groups, kept, strict=True))


def _any_between(
    places: NDArray[np.int64], low: NDArray[np.int64], high: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Return for each range, both ends included, whether any of the places lies in it."""
    places = np.sort(places, kind="stable")  # in order, but for words that overlap
    found: NDArray[np.bool_] = np.searchsorted(places, high, "right") > np.searchsorted(places, low)
    return found
