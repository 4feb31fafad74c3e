"""Rules that can never hold, or that hold for less than they ask."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from resanalysis.codebook.lint.notes import Note, join_words
from resanalysis.codebook.lint.words import inner_words, read_words, stands_in
from resanalysis.folding import fold

if TYPE_CHECKING:
    from collections.abc import Mapping

    from resanalysis.model import Codebook, Rule, Topic


def lint_rules(codebook: Codebook, *, full: bool) -> Iterator[Note]:
    """Yield what is odd about the rules of each topic."""
    words = read_words(codebook)
    hiding = {
        key: owners[0]
        for key, topics in words.exclusions.items()
        if key not in words.terms
        for owners in [list(topics)]
    }
    for topic in codebook.topics:
        for rule in topic.rules:
            place = f"topic {topic.id}, rule {rule.id}"
            findings = (
                *_find_dead(rule, hiding, full=full),
                *_find_redundant(rule, topic, full=full),
                *_find_alone(rule),
            )
            for what, remedy in findings:
                yield Note((topic.id,), place, what, remedy)


def _find_dead(rule: Rule, hiding: Mapping[str, str], *, full: bool) -> Iterator[tuple[str, str]]:
    """Yield words by which the rule never holds, for `without` or an exclusion is in them."""
    bars = {fold(word).text: word for word in rule.without}
    inner = {*bars, *hiding}
    for group in rule.groups:
        barred, hidden = {}, {}
        for word in group:
            key = fold(word).text
            for part in (key, *inner_words(key, inner)):
                if part in hiding:
                    hidden[word] = f"{part} (exclusion of {hiding[part]})"
                if part in bars:
                    barred[word] = bars[part]
        reasons = hidden | barred
        if not reasons:
            continue
        named = [f"{word} holds {bar}" for word, bar in reasons.items()]
        is_dead = len(reasons) == len(set(group))
        what = "can never hold" if is_dead else "never holds by some of its words"
        yield (
            f"{what}: {join_words(named, full=full)}",
            "Take these words out of the group, or out of `without` or the exclusions.",
        )


def _find_redundant(rule: Rule, topic: Topic, *, full: bool) -> Iterator[tuple[str, str]]:
    """Yield words of the groups that already give the topic by themselves."""
    tiers = [topic.core] if rule.tier == "core" else [topic.core, topic.peripheral]
    terms = {fold(term).text: term for tier in tiers for term in tier}
    found: dict[str, str] = {}
    for word in dict.fromkeys(word for group in rule.groups for word in group):
        key = fold(word).text
        for term in (key, *inner_words(key, terms)):
            if term in terms:
                found.setdefault(word, terms[term])
    if found:
        named = [
            f"{word} is a term of {topic.id} by itself"
            if fold(word).text == fold(term).text
            else f"{word} holds {term}, a term of {topic.id} by itself"
            for word, term in found.items()
        ]
        yield (
            f"adds nothing by some of its words: {join_words(named, full=full)}",
            "Take them out of the rule, or out of the terms.",
        )


def _find_alone(rule: Rule) -> Iterator[tuple[str, str]]:
    """Yield words that fulfil two groups at once; with `near` words may not overlap."""
    if rule.near is not None:
        return
    for number, group in enumerate(rule.groups, start=1):
        for other, words in enumerate(rule.groups, start=1):
            for word in group if other != number else ():
                inner = [each for each in words if stands_in(fold(each).text, fold(word).text)]
                same = [each for each in inner if fold(each).text == fold(word).text]
                if inner and not (same and other < number):  # said once of words in both
                    yield (
                        f"{word} of group {number} fulfils group {other} too ({inner[0]})",
                        "Take one out, or add `near`, with which words may not overlap.",
                    )
