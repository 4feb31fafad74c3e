"""A codebook compiled: what to look for in folded text, and what each hit is tagged with."""

from __future__ import annotations

import functools
from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from resanalysis.folding import fold
from resanalysis.model import Codebook, Rule, Tier
from resanalysis.pipeline.engines import Engine, check_engine
from resanalysis.pipeline.finder import Finder
from resanalysis.pipeline.rules import parts_of, words_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

Reading = Literal["broad", "strict"]
Scope = Literal["codebook", "topic"]

TERM = "term"
"""What `rule` says of a term that matched by itself."""


_Entry = tuple[str, str, Tier, str]  # topic, term as written, tier, rule
_Hit = tuple[int, int, int]  # start, end, number of the entry


@dataclass(frozen=True)
class _Layer:
    """What one scan looks for: the whole codebook, or one topic of it.

    `labels` has the entries of every term by its folded text, and an empty list for an exclusion;
    `rules` have folded words, and with each the entry of every word.
    """

    terms: Finder
    labels: Mapping[str, Sequence[int]]
    words: Finder
    rules: Sequence[tuple[Rule, Mapping[str, int]]]

    def find(self, text: str, starts: Sequence[int]) -> Iterator[_Hit]:
        """Yield the hits in texts that stand one behind the other from `starts` on."""
        hidden = []
        for start, end in self.terms.longest(text):
            numbers = self.labels[text[start:end]]
            if not numbers:
                hidden.append((start, end))
            for number in numbers:
                yield start, end, number
        if self.rules:
            yield from self._find_rules(text, starts, hidden)

    def _find_rules(
        self, text: str, starts: Sequence[int], hidden: Sequence[tuple[int, int]]
    ) -> Iterator[_Hit]:
        found: defaultdict[int, defaultdict[str, list[tuple[int, int]]]]
        found = defaultdict(lambda: defaultdict(list))
        for start, end in self.words.every(text):
            before = bisect_right(hidden, (end - 1, len(text))) - 1
            if before < 0 or hidden[before][1] <= start:
                found[bisect_right(starts, start)][text[start:end]].append((start, end))
        for words in found.values():
            for rule, numbers in self.rules:
                for word, (start, end) in parts_of(rule, words):
                    yield start, end, numbers[word]


@dataclass(frozen=True)
class Matcher:
    """A codebook in one reading, compiled."""

    entries: Sequence[_Entry]
    layers: Sequence[_Layer]

    def find(self, text: str, starts: Sequence[int] = (0,)) -> list[_Hit]:
        """Return the hits by place, in a folded text or several one behind the other."""
        hits = [hit for layer in self.layers for hit in layer.find(text, starts)]
        if len(self.layers) > 1 or any(layer.rules for layer in self.layers):
            hits = sorted(set(hits))
        return hits


def make_matcher(
    codebook: Codebook, reading: Reading, scope: Scope, engine: Engine = "python"
) -> Matcher:
    """Return the compiled codebook; `ValueError` for an empty term or an unknown option."""
    if reading not in ("broad", "strict"):
        raise ValueError(f"reading is 'broad' or 'strict', not {reading!r}")
    if scope not in ("codebook", "topic"):
        raise ValueError(f"scope is 'codebook' or 'topic', not {scope!r}")
    check_engine(engine)
    # By content, not by the codebook's hash: an altered copy (a term left out) keeps that hash.
    return _compile_matcher(
        tuple(
            (t.id, tuple(t.core), tuple(t.peripheral), tuple(t.exclusions), tuple(t.rules))
            for t in codebook.topics
        ),
        reading,
        scope,
        engine,
    )


_Terms = tuple[str, tuple[str, ...], tuple[str, ...], tuple[str, ...], tuple[Rule, ...]]


@functools.lru_cache(maxsize=32)
def _compile_matcher(
    topics: tuple[_Terms, ...], reading: Reading, scope: Scope, engine: Engine
) -> Matcher:
    entries: list[_Entry] = []
    scans = [topics] if scope == "codebook" else [(topic,) for topic in topics]
    return Matcher(entries, [_make_layer(scan, reading, engine, entries) for scan in scans])


def _make_layer(
    topics: Sequence[_Terms], reading: Reading, engine: Engine, entries: list[_Entry]
) -> _Layer:
    labels: dict[str, list[int]] = {}
    rules: list[tuple[Rule, Mapping[str, int]]] = []
    for topic, core, peripheral, exclusions, given in topics:
        words = [word for rule in given for word in words_of(rule)]
        _refuse_empty(topic, [*core, *peripheral, *exclusions, *words])
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
                    entries.append((topic, term, tier, TERM))
        rules += [_make_rule(topic, rule, entries) for rule in given if rule.tier in dict(tiers)]
    sought = {word for rule, _ in rules for word in words_of(rule)}
    return _Layer(Finder(labels, engine=engine), labels, Finder(sought), rules)


def _refuse_empty(topic: str, words: Sequence[str]) -> None:
    if not all(map(str.strip, words)):
        raise ValueError(f"topic {topic!r} has an empty term, exclusion or word: take it out")


def _make_rule(topic: str, rule: Rule, entries: list[_Entry]) -> tuple[Rule, Mapping[str, int]]:
    """Return a rule with folded words, and the entry of each word of its groups."""
    numbers: dict[str, int] = {}
    for word in dict.fromkeys(word for group in rule.groups for word in group):
        if (key := fold(word).text) not in numbers:
            numbers[key] = len(entries)
            entries.append((topic, word, rule.tier, rule.id))
    folded = Rule(
        rule.id,
        tuple(tuple(fold(word).text for word in group) for group in rule.groups),
        rule.near,
        tuple(fold(word).text for word in rule.without),
        rule.tier,
    )
    return folded, numbers
