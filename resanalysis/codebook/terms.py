"""What is wrong with a topic's terms, exclusions and the words of its rules."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from resanalysis.codebook.shape import TERM_LISTS, entries_of, id_of
from resanalysis.folding import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from resanalysis.codebook.shape import Finding


def folded_terms(topic: dict[str, Any], key: str) -> list[str]:
    """Return a list of terms as they are compared."""
    return [fold(term).text for term in entries_of(topic, key, str)]


def rule_words(topic: dict[str, Any]) -> list[str]:
    """Return the words of the groups of a topic's rules, as they are compared."""
    return [
        fold(word).text
        for rule in entries_of(topic, "rule", dict)
        for group in entries_of(rule, "all", list)
        for word in group
        if isinstance(word, str)
    ]


def check_terms(place: str, topic: dict[str, Any], known: Mapping[str, str]) -> Iterator[Finding]:
    """Yield what is wrong with the terms of a topic.

    Parameters
    ----------
    place : str
        The topic, for messages.
    topic : dict
        As parsed.
    known : mapping of str to str
        Every term and word of a rule in the codebook, folded, with a topic that has it.
    """
    core, peripheral, exclusions = (folded_terms(topic, key) for key in TERM_LISTS)
    if not core and not peripheral and not topic.get("rule"):
        yield "error", place, "has no terms", "Add some to core or peripheral."
    for term in dict.fromkeys(core):
        if term in peripheral:
            yield "error", place, f"{term} is both core and peripheral", "Keep it in one of them."
    for key, terms in zip(TERM_LISTS, (core, peripheral, exclusions), strict=True):
        at = f"{place}, {key}"
        yield from _check_words(at, terms)
        for term in dict.fromkeys(terms):
            if len(term) == 1 and key != "exclusions":
                yield "warning", at, f"{term} is one character, part of many words", "List those."
    for term in filter(None, dict.fromkeys(exclusions)):
        at = f"{place}, exclusions"
        if term in core or term in peripheral:
            yield "error", at, f"{term} is also a term of {id_of(topic)}", "Remove one of them."
        elif term in known and known[term] != id_of(topic):
            yield "error", at, f"{term} is also a term of {known[term]}", "Remove one of them."
        elif not any(other in term for other in known if other):
            yield "warning", at, f"{term} contains no term and so does nothing", "Remove it."
    for rule in entries_of(topic, "rule", dict):
        for key in ("all", "without"):
            groups = entries_of(rule, key, list) if key == "all" else [rule.get(key)]
            for group in groups:
                words = [fold(w).text for w in group or () if isinstance(w, str)]
                yield from _check_words(f"{place}, rule {id_of(rule)}, {key}", words)


def _check_words(place: str, words: list[str]) -> Iterator[Finding]:
    for word, count in Counter(words).items():
        if not word or word != word.strip():
            yield "error", place, f"{word!r} is empty or has outer white space", "Remove that."
        if count > 1:
            yield "error", place, f"{word} is listed {count} times", "Keep one."
