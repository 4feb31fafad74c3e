"""Words sought on characters: wherever they stand, or the longest at each place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    Integers = NDArray[np.int64]

SEPARATOR = "\0"
"""Stands between two texts that are searched as one; no word has it."""


class Finder:
    r"""Finds words in folded text.

    The words are a trie in arrays, through which all places of a text are walked at once, one
    character a step, so that the work is numpy's.

    A word that begins or ends with an ASCII letter or digit does not match inside a longer run of
    them (`ict` not in `icts`): `\b` never holds inside Chinese, so the edges are looked at here.

    Parameters
    ----------
    words : iterable of str
        What is sought, folded.

    Attributes
    ----------
    words : list of str
        What is sought, each once, in order: the numbers of words count here.
    """

    def __init__(self, words: Iterable[str]) -> None:
        self.words = sorted(set(words))
        if faulty := [word for word in self.words if not word or SEPARATOR in word]:
            raise ValueError(f"words that are empty or have a null character: {faulty}")
        self._lengths = np.array([len(word) for word in self.words], dtype=np.int64)
        self._first = _number(word[0] for word in self.words)
        self._second = _number(word[1] for word in self.words if len(word) > 1)
        self._further = _number(char for word in self.words for char in word[2:])
        self._grow()

    def _grow(self) -> None:
        """Make the trie: words, or -1, that end at each node, and the ways from node to node."""
        nodes: dict[str, int] = {}
        for word in self.words:
            for length in range(1, len(word) + 1):
                nodes.setdefault(word[:length], len(nodes))
        self._word_at = np.full(len(nodes), -1, dtype=np.int64)
        self._word_at[[nodes[word] for word in self.words]] = range(len(self.words))
        # The first two characters lead through tables, all others through sorted keys.
        self._singles = np.full(self._first.max() + 1, -1, dtype=np.int64)
        self._pairs = np.full((len(self._singles), self._second.max() + 1), -1, dtype=np.int32)
        self._width = int(self._further.max()) + 1
        ways: dict[int, int] = {}
        for prefix, node in nodes.items():
            if len(prefix) == 1:
                self._singles[self._first[ord(prefix)]] = node
            elif len(prefix) == 2:
                row, column = self._first[ord(prefix[0])], self._second[ord(prefix[1])]
                self._pairs[int(row), int(column)] = node
            else:
                char = int(self._further[ord(prefix[-1])])
                ways[nodes[prefix[:-1]] * self._width + char] = node
        # A key behind all others, which no place has, so that a search never ends outside.
        behind = np.iinfo(np.int64).max
        self._keys = np.array([*sorted(ways), behind], dtype=np.int64)
        self._targets = np.array([*(ways[key] for key in sorted(ways)), -1], dtype=np.int64)

    def every(self, text: str) -> Integers:
        """Return the places of all words, overlapping ones too.

        Returns
        -------
        array of int, n x 3
            Start, end and number of the word; by start, then by end.
        """
        found = [np.zeros((0, 3), dtype=np.int64)]
        for starts, words in self._walk(text):
            found.append(np.array([starts, starts + self._lengths[words], words]).T)
        places = np.concatenate(found)
        return places[np.argsort(places[:, 0], kind="stable")]

    def _walk(self, text: str) -> Iterator[tuple[Integers, Integers]]:
        """Yield starts and numbers of words, of one character, then of two, and so on."""
        if not self.words:
            return
        padded = text + SEPARATOR * int(self._lengths.max())
        codes = np.frombuffer(padded.encode("utf-32-le", "surrogatepass"), dtype="<u4")
        alphanumeric = _look_up(_ALPHANUMERIC, codes)
        first = _look_up(self._first, codes[: len(text)])
        places = np.flatnonzero(first)
        first = first[places]
        yield self._stop(places, self._singles[first], alphanumeric)
        nodes = self._pairs[first, _look_up(self._second, codes[places + 1])].astype(np.int64)
        depth = 2
        while len(places := places[alive := nodes >= 0]):  # no way is longer than the words
            nodes = nodes[alive]
            yield self._stop(places, nodes, alphanumeric)
            keys = nodes * self._width + _look_up(self._further, codes[places + depth])
            at = self._keys.searchsorted(keys)
            nodes = np.where(self._keys[at] == keys, self._targets[at], -1)
            depth += 1

    def _stop(
        self, places: Integers, nodes: Integers, alphanumeric: NDArray[np.bool_]
    ) -> tuple[Integers, Integers]:
        """Return the places at whose node a word ends, unless an edge of it is no edge."""
        words = self._word_at[nodes]
        found = words >= 0
        places, words = places[found], words[found]
        if not len(places):
            return places, words
        ends = places + self._lengths[words]
        cut = (alphanumeric[places] & alphanumeric[places - 1] & (places > 0)) | (
            alphanumeric[ends - 1] & alphanumeric[ends]
        )
        return places[~cut], words[~cut]


def take_longest(places: Integers) -> Integers:
    """Return of places by start, then by end, the longest from left to right, without overlap."""
    places = places[np.append(places[1:, 0] != places[:-1, 0], True)[: len(places)]]
    starts, ends, _ = places.T
    # Behind all that begins before it, a place is taken; only for the others it depends.
    kept = np.append(True, starts[1:] >= np.maximum.accumulate(ends)[:-1])[: len(places)]
    behind = 0
    for number in np.flatnonzero(~kept).tolist():
        if kept[number - 1]:
            behind = ends[number - 1]
        kept[number] = starts[number] >= behind
    longest: Integers = places[kept]
    return longest


def _number(chars: Iterable[str]) -> NDArray[np.unsignedinteger[Any]]:
    """Return a table from code point to a number from 1; 0 stands for all others."""
    codes = sorted({ord(char) for char in chars})
    table = np.zeros((codes[-1] if codes else 0) + 2, dtype=np.min_scalar_type(len(codes)))
    table[codes] = range(1, len(codes) + 1)
    return table


def _look_up(table: NDArray[Any], codes: NDArray[np.uint32]) -> NDArray[Any]:
    return table.take(codes, mode="clip")  # what is beyond the table gets its last value, 0


_ALPHANUMERIC = _number("0123456789abcdefghijklmnopqrstuvwxyz") > 0
