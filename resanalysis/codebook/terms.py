"""What is wrong with a topic's terms, exclusions, the words of its rules and its examples."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from resanalysis.codebook.shape import TERM_LISTS, TIERS, entries_of, id_of
from resanalysis.folding import fold
from resanalysis.model import TERM

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

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
    """Yield what is wrong with the terms of a topic, its rules and its examples.

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
            if len(term) == 1 and key in TIERS:
                yield "warning", at, f"{term} is one character, part of many words", "List those."
    yield from _check_exclusions(place, topic, known)
    for rule in entries_of(topic, "rule", dict):
        yield from _check_rule(place, rule)
    yield from _check_examples(place, topic)


def _check_exclusions(
    place: str, topic: dict[str, Any], known: Mapping[str, str]
) -> Iterator[Finding]:
    terms = {term for key in TIERS for term in folded_terms(topic, key)}
    own = {word for word in (*terms, *rule_words(topic)) if word}
    place = f"{place}, exclusions"
    for term in filter(None, dict.fromkeys(folded_terms(topic, "exclusions"))):
        if term in terms:
            yield "error", place, f"{term} is also a term of {id_of(topic)}", "Remove one of them."
        elif any(word in term and word != term for word in own):
            continue  # it may be another topic's term: there it says that this topic is not meant
        elif term in known:
            yield "error", place, f"{term} is also a term of {known[term]}", "Remove one of them."
        elif not any(other in term for other in known if other):
            yield "warning", place, *_describe_idle(term, known)


def _describe_idle(exclusion: str, known: Iterable[str]) -> tuple[str, str]:
    """Return what is wrong with an exclusion that contains no term, and the remedy."""
    shared = [
        (exclusion[-size:], term)
        for term in known
        for size in range(1, min(len(exclusion), len(term)))
        if term.startswith(exclusion[-size:])
    ]
    if not shared:
        return f"{exclusion} contains no term and so does nothing", "Remove it."
    part, term = max(shared, key=lambda pair: len(pair[0]))
    what = f"{exclusion} contains no term; it can only take {part} from a {term} behind it"
    return what, "Write it so that it contains the term it is to hide, or remove it."


def _check_rule(place: str, rule: dict[str, Any]) -> Iterator[Finding]:
    place = f"{place}, rule {id_of(rule)}"
    if id_of(rule) == TERM:
        what = f"{TERM} is no id for a rule: in `tags` it names single terms"
        yield "error", place, what, "Name it otherwise."
    for group in entries_of(rule, "all", list):
        words = [fold(word).text for word in group if isinstance(word, str)]
        yield from _check_words(f"{place}, all", words)
    yield from _check_words(f"{place}, without", folded_terms(rule, "without"))


def _check_examples(place: str, topic: dict[str, Any]) -> Iterator[Finding]:
    examples, counterexamples = (
        [fold(text).text for text in entries_of(topic, key, str)]
        for key in ("examples", "counterexamples")
    )
    for key, texts in (("examples", examples), ("counterexamples", counterexamples)):
        if not all(map(str.strip, texts)):
            yield "error", f"{place}, {key}", "one is empty", "Write a clause or remove it."
        for text, count in Counter(texts).items():
            if count > 1:
                yield "warning", f"{place}, {key}", f"{text} is listed {count} times", "Keep one."
    for text in dict.fromkeys(examples):
        if text.strip() and text in counterexamples:
            what = f"{text} is both an example and a counterexample"
            yield "error", place, what, "Keep it in one of them."


def _check_words(place: str, words: list[str]) -> Iterator[Finding]:
    for word, count in Counter(words).items():
        if not word or word != word.strip():
            yield "error", place, f"{word!r} is empty or has outer white space", "Remove that."
        if "\0" in word:
            yield "error", place, f"{word!r} has a null character", "Remove that."
        if count > 1:
            yield "error", place, f"{word} is listed {count} times", "Keep one."
