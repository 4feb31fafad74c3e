"""Words sought on characters: the search against one that tries every word everywhere."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resanalysis.pipeline.finder import SEPARATOR, Finder, take_longest

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy as np
    from numpy.typing import NDArray


def longest(finder: Finder, text: str) -> list[tuple[int, int]]:
    return spans_of(finder, take_longest(finder.every(text)), text)


def every(finder: Finder, text: str) -> list[tuple[int, int]]:
    return spans_of(finder, finder.every(text), text)


def spans_of(finder: Finder, places: NDArray[np.int64], text: str) -> list[tuple[int, int]]:
    found = places.tolist()
    assert all(text[start:end] == finder.words[word] for start, end, word in found)
    return [(start, end) for start, end, _ in found]


letters = "水电子废ict1 "
words_of_any_kind = st.sets(st.text(letters, min_size=1, max_size=4).filter(str.strip), max_size=12)
texts_of_any_kind = st.text(letters + SEPARATOR + "\U00020000", max_size=60)


def stands_alone(text: str, start: int, end: int) -> bool:
    """Say by a regular expression whether no ASCII letter or digit goes on beyond an edge."""
    left = re.search(r"[0-9a-z]$", text[:start]) and re.match(r"[0-9a-z]", text[start:end])
    right = re.match(r"[0-9a-z]", text[end:]) and re.search(r"[0-9a-z]$", text[start:end])
    return not (left or right)


def try_every_word(words: Iterable[str], text: str) -> list[tuple[int, int]]:
    return sorted(
        (start, start + len(word))
        for start in range(len(text))
        for word in words
        if text.startswith(word, start) and stands_alone(text, start, start + len(word))
    )


def take_the_longest(found: list[tuple[int, int]]) -> list[tuple[int, int]]:
    taken: list[tuple[int, int]] = []
    for start, end in sorted(found, key=lambda span: (span[0], -span[1])):
        if not taken or start >= taken[-1][1]:
            taken.append((start, end))
    return taken


@given(words=words_of_any_kind, text=texts_of_any_kind)
def test_the_longest_word_at_each_place_is_found(words, text):
    assert longest(Finder(words), text) == take_the_longest(try_every_word(words, text))


@given(words=words_of_any_kind, text=texts_of_any_kind)
def test_every_word_is_found_where_it_stands(words, text):
    assert every(Finder(words), text) == try_every_word(words, text)


@given(words=words_of_any_kind, texts=st.lists(st.text(letters, max_size=20), max_size=5))
def test_joined_texts_are_searched_as_if_one_by_one(words, texts):
    finder = Finder(words)
    apart, start = [], 0
    for text in texts:
        apart += [(start + first, start + last) for first, last in longest(finder, text)]
        start += len(text) + len(SEPARATOR)
    assert longest(finder, SEPARATOR.join(texts)) == apart


def test_a_shorter_word_stands_where_the_longer_one_is_cut_off_by_a_letter():
    finder = Finder(["智能ict", "智能"])
    assert longest(finder, "智能icts智能ict") == [(0, 2), (6, 11)]


@pytest.mark.parametrize("word", ["", "水\0"])
def test_a_word_that_cannot_be_sought_is_refused(word):
    with pytest.raises(ValueError, match="null character"):
        Finder([word])


def test_words_of_more_characters_than_two_bytes_can_number_are_found():
    chars = [chr(code) for code in range(0x3400, 0x3400 + 0x12000) if not 0xD800 <= code < 0xE000]
    assert len(chars) > 0x10000
    assert longest(Finder(chars), chars[0] + chars[-1]) == [(0, 1), (1, 2)]
