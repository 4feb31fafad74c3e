"""Rules of a codebook: words that count only together, judged for many texts at once."""

from __future__ import annotations

from dataclasses import dataclass, fields
from itertools import pairwise, permutations
from typing import TYPE_CHECKING

import numpy as np

from resanalysis.pipeline.finder import SEPARATOR

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from resanalysis.model import Rule

NO_HITS = np.zeros((0, 3), dtype=np.int64)


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
        self.words = words
        # In as few bytes as they need, since numpy sorts numbers of two bytes by counting.
        numbers = words.word.astype(np.min_scalar_type(size))
        self._order = np.argsort(numbers, kind="stable")
        self._bounds = np.concatenate([[0], np.cumsum(np.bincount(numbers, minlength=size))])

    def has(self, numbers: Sequence[int]) -> bool:
        return any(self._bounds[number] < self._bounds[number + 1] for number in numbers)

    def places(self, numbers: Sequence[int]) -> NDArray[np.int64]:
        """Return where in `words` those of the numbers stand, in no order."""
        bounds = self._bounds
        return np.concatenate(
            [self._order[:0], *(self._order[bounds[n] : bounds[n + 1]] for n in numbers)]
        )


class RuleSet:
    """The rules of a codebook, compiled.

    Parameters
    ----------
    rules : sequence of (Rule, mapping of str to int)
        Rules with folded words, and the number of the entry that each word of a group stands for.
    words : sequence of str
        Words by number; those of the rules are among them.
    """

    def __init__(
        self, rules: Sequence[tuple[Rule, Mapping[str, int]]], words: Sequence[str]
    ) -> None:
        number_of = {word: number for number, word in enumerate(words)}
        self._rules = [_Rule(rule, numbers, number_of) for rule, numbers in rules]
        sought = {word for rule, _ in rules for word in rule.words}
        self._sought = np.array([word in sought for word in words], dtype=bool)

    def __len__(self) -> int:
        return len(self._rules)

    def find(
        self,
        places: NDArray[np.int64],
        starts: NDArray[np.int64],
        size: int,
        *,
        hidden: NDArray[np.int64],
    ) -> NDArray[np.int64]:
        """Return the words by which rules hold.

        Parameters
        ----------
        places : array of int, n x 3
            Start, end and number of all words in texts that stand one behind the other with a
            separator between, by start.
        starts : array of int
            Where each of the texts begins.
        size : int
            Where the last of them ends.
        hidden : array of int, n x 2
            Start and end of characters that no word may touch, in order, without overlap.

        Returns
        -------
        array of int, n x 3
            Start, end and number of the entry.
        """
        start, end, word = places[self._sought[places[:, 2]]].T
        if len(hidden):
            before = np.searchsorted(hidden[:, 0], end, side="left") - 1
            free = (before < 0) | (hidden[before, 1] <= start)
            start, end, word = start[free], end[free], word[free]
        number = np.searchsorted(starts, start, side="right") - 1
        behind = np.append(starts[1:] - len(SEPARATOR), size)
        words = _Words(start, end, word, number, starts[number], behind[number] - 1)
        found = _Found(words, len(self._sought))
        return np.concatenate([NO_HITS, *(rule.find(found, len(starts)) for rule in self._rules)])


class _Rule:
    def __init__(
        self, rule: Rule, numbers: Mapping[str, int], number_of: Mapping[str, int]
    ) -> None:
        *self._groups, self._unwanted = (
            [number_of[word] for word in dict.fromkeys(group)]
            for group in (*rule.groups, rule.without)
        )
        self._near = rule.near
        self._entries = np.array([numbers.get(word, -1) for word in number_of], dtype=np.int64)

    def find(self, found: _Found, texts: int) -> NDArray[np.int64]:
        if not all(map(found.has, self._groups)):
            return NO_HITS
        words = found.words
        parts = [found.places(group) for group in self._groups]
        held = np.ones(texts, dtype=bool)
        held[words.text[found.places(self._unwanted)]] = False
        for part in parts:
            held &= np.bincount(words.text[part], minlength=texts) > 0
        parts = [part[held[words.text[part]]] for part in parts]
        if self._near is not None:
            parts = list(_choose_near(words, parts, self._near))
        at = np.concatenate(parts)
        return np.stack([words.start[at], words.end[at], self._entries[words.word[at]]], axis=1)


def _choose_near(
    words: _Words, parts: Sequence[NDArray[np.int64]], near: int
) -> Iterator[NDArray[np.int64]]:
    """Yield the words of every group that are part of a choice of one a group, each near the next.

    A choice has some order of the groups from left to right, so each order is tried: words that
    can be reached from the left, group by group, are kept, and of these the ones from which the
    last can be reached.
    """
    parts = [np.sort(part) for part in parts]
    groups = [words.take(part) for part in parts]
    kept = [np.zeros(len(part), dtype=bool) for part in parts]
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
    return (part[chosen] for part, chosen in zip(parts, kept, strict=True))


def _any_between(
    places: NDArray[np.int64], low: NDArray[np.int64], high: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Return for each range, both ends included, whether any of the places lies in it."""
    places = np.sort(places, kind="stable")  # in order, but for words that overlap
    found: NDArray[np.bool_] = np.searchsorted(places, high, "right") > np.searchsorted(places, low)
    return found
