"""A codebook compiled: what to look for in folded text, and what each hit is tagged with."""

from __future__ import annotations

import functools
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from resanalysis.folding import fold
from resanalysis.model import TERM, Codebook, Rule, Tier, Topic
from resanalysis.pipeline.finder import Finder, take_longest
from resanalysis.pipeline.rules import NO_HITS, RuleSet

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

Reading = Literal["broad", "strict"]
Scope = Literal["codebook", "topic"]

_Entry = tuple[str, str, Tier, str]  # topic, term as written, tier, rule


@dataclass(frozen=True)
class _Layer:
    """What one scan looks for: the whole codebook, or one topic of it.

    Attributes
    ----------
    words : Finder
        Terms, exclusions and words of rules.
    by_itself : array of bool
        Which words are terms or exclusions, and not only words of rules.
    labels : array of int
        Numbers of the entries of the first term, then of the second, and so on.
    counts : array of int
        How many entries each word has as a term.
    rules : RuleSet
        The rules.
    """

    words: Finder
    by_itself: NDArray[np.bool_]
    labels: NDArray[np.int64]
    counts: NDArray[np.int64]
    rules: RuleSet

    def find(self, text: str, starts: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the hits in texts that stand one behind the other from `starts` on."""
        places = self.words.every(text)
        found = take_longest(places[self.by_itself[places[:, 2]]])
        counts = self.counts[found[:, 2]]
        hits = np.repeat(found, counts, axis=0)
        # The entries of a term stand together: the first of them, and how far on from there.
        first = (np.cumsum(self.counts) - self.counts)[hits[:, 2]]
        further = np.arange(len(hits)) - np.repeat(np.cumsum(counts) - counts, counts)
        hits[:, 2] = self.labels[first + further]
        if not len(self.rules):
            return hits
        together = self.rules.find(places, starts, len(text), hidden=found[counts == 0, :2])
        return np.concatenate([hits, together])


@dataclass(frozen=True)
class Matcher:
    """A codebook in one reading, compiled."""

    entries: Sequence[_Entry]
    layers: Sequence[_Layer]

    def find(self, text: str, starts: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the hits by place in folded texts that stand one behind the other from `starts`.

        Returns
        -------
        array of int, n x 3
            Start, end and number of the entry.
        """
        hits = np.concatenate([NO_HITS, *(layer.find(text, starts) for layer in self.layers)])
        if len(self.layers) > 1 or any(len(layer.rules) for layer in self.layers):
            hits = _sort_unique(hits, len(self.entries))
        return hits


def _sort_unique(hits: NDArray[np.int64], entries: int) -> NDArray[np.int64]:
    """Return the hits by start, end and entry, each once."""
    start, end, entry = hits.T
    width = int((end - start).max(initial=0)) + 1
    # One number a hit sorts many times as fast as three.
    numbers = np.sort((start * width + end - start) * entries + entry)
    numbers = numbers[np.append(True, numbers[1:] != numbers[:-1])[: len(numbers)]]
    rest, entry = np.divmod(numbers, entries)
    start, length = np.divmod(rest, width)
    return np.stack([start, start + length, entry], axis=1)


def make_matcher(codebook: Codebook, reading: Reading, scope: Scope) -> Matcher:
    """Return the compiled codebook; `ValueError` for an empty term or an unknown option."""
    if reading not in ("broad", "strict"):
        raise ValueError(f"reading is 'broad' or 'strict', not {reading!r}")
    if scope not in ("codebook", "topic"):
        raise ValueError(f"scope is 'codebook' or 'topic', not {scope!r}")
    return _compile_matcher(_SameCodebook(codebook), reading, scope)


@dataclass(frozen=True, eq=False)
class _SameCodebook:
    """A codebook as a key: the very same object, since altered copies keep the hash of content."""

    codebook: Codebook

    def __hash__(self) -> int:
        return id(self.codebook)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _SameCodebook) and self.codebook is other.codebook


@functools.lru_cache(maxsize=16)
def _compile_matcher(key: _SameCodebook, reading: Reading, scope: Scope) -> Matcher:
    entries: list[_Entry] = []
    topics = key.codebook.topics
    scans = [topics] if scope == "codebook" else [(topic,) for topic in topics]
    return Matcher(entries, [_make_layer(scan, reading, entries) for scan in scans])


def _make_layer(topics: Sequence[Topic], reading: Reading, entries: list[_Entry]) -> _Layer:
    labels: dict[str, list[int]] = {}
    rules: list[tuple[Rule, Mapping[str, int]]] = []
    for topic in topics:
        core, peripheral, exclusions = topic.core, topic.peripheral, topic.exclusions
        words = [word for rule in topic.rules for word in rule.words]
        _refuse_empty(topic.id, [*core, *peripheral, *exclusions, *words])
        if not all(rule.groups and all(rule.groups) for rule in topic.rules):
            raise ValueError(f"topic {topic.id!r} has a rule without words: take it out")
        seen = {fold(exclusion).text for exclusion in exclusions}
        for exclusion in seen:
            labels.setdefault(exclusion, [])
        tiers: list[tuple[Tier, tuple[str, ...]]] = [("core", core)]
        if reading == "broad":
            tiers.append(("peripheral", peripheral))
        for tier, terms in tiers:
            for term in terms:
                key = fold(term).text
                if key not in seen:
                    seen.add(key)
                    labels.setdefault(key, []).append(len(entries))
                    entries.append((topic.id, term, tier, TERM))
        given = [rule for rule in topic.rules if rule.tier in dict(tiers)]
        rules += [_make_rule(topic.id, rule, entries) for rule in given]
    finder = Finder(labels.keys() | {word for rule, _ in rules for word in rule.words})
    found = [labels.get(word, []) for word in finder.words]
    return _Layer(
        finder,
        np.array([word in labels for word in finder.words], dtype=bool),
        np.array([number for numbers in found for number in numbers], dtype=np.int64),
        np.array([len(numbers) for numbers in found], dtype=np.int64),
        RuleSet(rules, finder.words),
    )


def _refuse_empty(topic: str, words: Sequence[str]) -> None:
    if not all(fold(word).text.strip() for word in words):
        raise ValueError(f"topic {topic!r} has an empty term, exclusion or word: take it out")


def _make_rule(topic: str, rule: Rule, entries: list[_Entry]) -> tuple[Rule, Mapping[str, int]]:
    """Return a rule with folded words, and the entry of each word of its groups."""
    numbers: dict[str, int] = {}
    for word in dict.fromkeys(word for group in rule.groups for word in group):
        if (key := fold(word).text) not in numbers:
            numbers[key] = len(entries)
            entries.append((topic, word, rule.tier, rule.id))
    folded = replace(
        rule,
        groups=tuple(tuple(fold(word).text for word in group) for group in rule.groups),
        without=tuple(fold(word).text for word in rule.without),
    )
    return folded, numbers
