"""Words sought on characters: the longest at each place, or wherever they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from resanalysis.pipeline.engines import Engine, import_fast

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

SEPARATOR = "\0"
"""Stands between two texts that are searched as one; no word has it."""

_ALPHANUMERIC = frozenset("0123456789abcdefghijklmnopqrstuvwxyz")
_Node = dict[str, Any]
_NOWHERE: _Node = {}
_END = ""  # key of a trie's node at which a word ends, beside its one-character keys


class Finder:
    r"""Finds words in folded text.

    A word that begins or ends with an ASCII letter or digit does not match inside a longer run of
    them (`ict` not in `icts`): `\b` never holds inside Chinese, so the edges are looked at here.

    Parameters
    ----------
    words : iterable of str
        What is sought, folded.
    engine : {"python", "rust"}
        What seeks the longest words; the places are the same.
    """

    def __init__(self, words: Iterable[str], *, engine: Engine = "python") -> None:
        self._words = sorted(set(words))
        if faulty := [word for word in self._words if not word or SEPARATOR in word]:
            raise ValueError(f"words that are empty or have a null character: {faulty}")
        self._has_edge = [bool({word[0], word[-1]} & _ALPHANUMERIC) for word in self._words]
        self._trie: _Node = {}
        for word, has_edge in zip(self._words, self._has_edge, strict=True):
            node = self._trie
            for char in word:
                node = node.setdefault(char, {})
            node[_END] = has_edge
        # A walk through the trie begins only where two characters begin a word; these tables tell
        # for a whole text at once.
        self._first = _number(word[0] for word in self._words)
        self._second = _number(word[1] for word in self._words if len(word) > 1)
        self._begins = np.zeros((self._first.max() + 1, self._second.max() + 1), dtype=bool)
        for word in self._words:
            column = self._second[ord(word[1])] if len(word) > 1 else slice(None)
            self._begins[self._first[ord(word[0])], column] = True
        self._automaton: Any = None
        if engine == "rust" and self._words:
            fast = import_fast("ahocorasick_rs")
            kind = fast.MatchKind.LeftmostLongest
            self._automaton = fast.AhoCorasick(self._words, matchkind=kind)

    def longest(self, text: str) -> list[tuple[int, int]]:
        """Return places of words, left to right, the longest at each, without overlap."""
        return self._walk(text) if self._automaton is None else self._run(text)

    def _run(self, text: str) -> list[tuple[int, int]]:
        found: list[tuple[int, int]] = []
        ended = text + SEPARATOR
        behind = 0
        for word, start, end in self._automaton.find_matches_as_indexes(text):
            if start < behind:
                continue
            if self._has_edge[word] and _is_part(ended, start, end):
                # The automaton knows nothing of edges: walk through this one of the joined texts.
                first = text.rfind(SEPARATOR, 0, start) + 1
                behind = ended.index(SEPARATOR, start)
                while found and found[-1][0] >= first:
                    found.pop()
                found += [(first + s, first + e) for s, e in self._walk(text[first:behind])]
            else:
                found.append((start, end))
        return found

    def _walk(self, text: str) -> list[tuple[int, int]]:
        found = []
        behind = 0
        text += SEPARATOR
        for start in self._places(text):
            if start < behind:
                continue
            node, place, end = self._trie, start, 0
            # Written out, not through `_ends`: most of the time of tagging is spent here.
            while node := node.get(text[place], _NOWHERE):
                place += 1
                if _END in node and not (node[_END] and _is_part(text, start, place)):
                    end = place
            if end:
                found.append((start, end))
                behind = end
        return found

    def every(self, text: str) -> list[tuple[int, int]]:
        """Return the places of all words, overlapping ones too, by start, then by end."""
        text += SEPARATOR
        return [(start, end) for start in self._places(text) for end in self._ends(text, start)]

    def _ends(self, text: str, start: int) -> Iterator[int]:
        node, place = self._trie, start
        while node := node.get(text[place], _NOWHERE):
            place += 1
            if _END in node and not (node[_END] and _is_part(text, start, place)):
                yield place

    def _places(self, text: str) -> list[int]:
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
        rows, columns = _look_up(self._first, codes[:-1]), _look_up(self._second, codes[1:])
        places: list[int] = np.flatnonzero(self._begins[rows, columns]).tolist()
        return places


def _number(chars: Iterable[str]) -> NDArray[np.uint16]:
    """Return a table from code point to a number from 1; 0 stands for all others."""
    codes = sorted({ord(char) for char in chars})
    table = np.zeros((codes[-1] if codes else 0) + 2, dtype=np.uint16)
    table[codes] = range(1, len(codes) + 1)
    return table


def _look_up(table: NDArray[np.uint16], codes: NDArray[np.uint32]) -> NDArray[np.uint16]:
    return table[np.minimum(codes, len(table) - 1)]  # the last entry is 0


def _is_part(text: str, start: int, end: int) -> bool:
    """Say whether an ASCII letter or digit goes on beyond an edge."""
    before = text[start - 1] if start else SEPARATOR
    return (before in _ALPHANUMERIC and text[start] in _ALPHANUMERIC) or (
        text[end] in _ALPHANUMERIC and text[end - 1] in _ALPHANUMERIC
    )
