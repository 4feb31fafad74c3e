"""A codebook's words as they are compared, and which of them stand inside others."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from resanalysis.folding import fold

if TYPE_CHECKING:
    from resanalysis.model import Codebook

_ALPHANUMERIC = frozenset("0123456789abcdefghijklmnopqrstuvwxyz")


@dataclass(frozen=True)
class Words:
    """Terms and exclusions of a codebook by their folded text.

    Attributes
    ----------
    terms : mapping of str to mapping of str to str
        For each term the topics that have it, and in which list: `core` or `peripheral`.
    exclusions : mapping of str to collection of str
        For each exclusion the topics that have it.
    written : mapping of str to str
        How the first entry of that text is written.
    """

    terms: Mapping[str, Mapping[str, str]]
    exclusions: Mapping[str, Collection[str]]
    written: Mapping[str, str]


def read_words(codebook: Codebook) -> Words:
    """Return the words of a codebook."""
    terms: dict[str, dict[str, str]] = {}
    exclusions: dict[str, list[str]] = {}
    written: dict[str, str] = {}
    for topic in codebook.topics:
        for tier, words in (("core", topic.core), ("peripheral", topic.peripheral)):
            for word in words:
                key = fold(word).text
                written.setdefault(key, word)
                terms.setdefault(key, {}).setdefault(topic.id, tier)
        for word in topic.exclusions:
            key = fold(word).text
            written.setdefault(key, word)
            exclusions.setdefault(key, []).append(topic.id)
    return Words(terms, exclusions, written)


def inner_words(text: str, words: Collection[str]) -> list[str]:
    """Return the words that stand inside a text and are shorter than it, each once, by place.

    As in matching, a word that begins or ends with an ASCII letter or digit does not stand inside
    a longer run of them.

    Examples
    --------
    >>> inner_words("水电站", {"水", "水电", "水电站", "电"})
    ['水', '水电', '电']
    >>> inner_words("icts", {"ict"})
    []
    """
    return list(dict.fromkeys(word for word in _parts(text) if word in words))


def stands_in(word: str, text: str) -> bool:
    """Say whether a word stands in a text, as matching sees it.

    Examples
    --------
    >>> stands_in("ict", "利用ict"), stands_in("ict", "picture")
    (True, False)
    """
    start = text.find(word)
    while start >= 0:
        if _is_whole(text, start, start + len(word)):
            return True
        start = text.find(word, start + 1)
    return False


def _parts(text: str) -> Iterator[str]:
    for start in range(len(text)):
        for end in range(start + 1, len(text) + 1):
            if end - start < len(text) and _is_whole(text, start, end):
                yield text[start:end]


def _is_whole(text: str, start: int, end: int) -> bool:
    return not (
        (start > 0 and {text[start - 1], text[start]} <= _ALPHANUMERIC)
        or (end < len(text) and {text[end - 1], text[end]} <= _ALPHANUMERIC)
    )
