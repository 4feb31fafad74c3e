"""Words of one topic inside words of another: what is lost there without being declared."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from resanalysis.codebook.lint.notes import Note, Tally, join_words
from resanalysis.codebook.lint.words import Words, inner_words, read_words
from resanalysis.folding import fold

if TYPE_CHECKING:
    from resanalysis.model import Codebook, Topic


def lint_overlaps(codebook: Codebook, wanted: Collection[str], *, full: bool) -> Iterator[Note]:
    """Yield longer words of other topics in which terms are lost, by the topic that loses them.

    The longest entry at a place uses up its characters. A longer word that is no entry of the
    shorter one's topic, term or exclusion, may so take a clause from that topic by oversight.
    Only words are named of which either topic is wanted.
    """
    words = read_words(codebook)
    holders = _find_holders(words)
    for topic in codebook.topics:
        held = {
            longer: terms
            for longer, terms in holders.get(topic.id, {}).items()
            if not {topic.id, *words.terms[longer]}.isdisjoint(wanted)
        }
        remedy = (
            f"What means {topic.id} too: list it there as well. What does not: list it among the"
            f" exclusions of {topic.id}, which says that it is meant so."
        )
        named = [
            f"{words.written[longer]} of {' and '.join(words.terms[longer])}"
            f" ({'、'.join(words.written[term] for term in terms)})"
            for longer, terms in held.items()
        ]
        if full:
            for longer, name in zip(held, named, strict=True):
                topics = topic.id, *words.terms[longer]
                what = f"a term of it is used up inside {name}"
                yield Note(topics, f"topic {topic.id}", what, remedy)
        elif held:
            owners = (owner for longer in held for owner in words.terms[longer])
            topics = tuple(dict.fromkeys((topic.id, *owners)))
            what = "terms of it are used up inside longer words of other topics"
            yield Note(topics, f"topic {topic.id}", f"{what}: {'; '.join(named)}", remedy)


def lint_exclusions(codebook: Codebook, *, full: bool) -> Iterator[Note]:
    """Yield exclusions that hide other topics' terms, or no term of their own topic."""
    words = read_words(codebook)
    for topic in codebook.topics:
        own = {fold(word).text for word in _own_words(topic)}
        for exclusion in topic.exclusions:
            key = fold(exclusion).text
            if key in words.terms:
                continue  # another topic's term: it hides nothing but this topic's words
            place = f"topic {topic.id}, exclusions, {exclusion}"
            hidden = [
                (owner, term)
                for term in inner_words(key, words.terms)
                for owner in words.terms[term]
                if owner not in words.exclusions[key]
            ]
            named = join_words(
                [f"{words.written[term]} of {owner}" for owner, term in hidden], full=full
            )
            topics = tuple(dict.fromkeys((topic.id, *(owner for owner, _ in hidden))))
            if not any(word in key for word in own):
                if hidden:
                    what = f"contains no term of {topic.id}, but hides {named}"
                    yield Note(topics, place, what, "Move it to the topic whose term it hides.")
            elif hidden:
                others = " and ".join(dict.fromkeys(owner for owner, _ in hidden))
                yield Note(
                    topics,
                    place,
                    f"also hides {named}",
                    f"If {exclusion} means {others}, list it among the terms there; if not, among"
                    " the exclusions there.",
                )


def tally_shadows(codebook: Codebook) -> Tally:
    """Return peripheral terms in which a core term of their topic stands."""
    entries = {}
    for topic in codebook.topics:
        core = {fold(term).text for term in topic.core}
        entries[topic.id] = [
            term for term in topic.peripheral if inner_words(fold(term).text, core)
        ]
    return Tally(
        entries,
        "peripheral terms hold a core term of their topic",
        "Nothing to do if a strict reading is to find the core term inside; where the longer term"
        " means something else, list it among the exclusions.",
    )


def _find_holders(words: Words) -> dict[str, dict[str, list[str]]]:
    """Return for a topic the longer words that take its terms undeclared, with these terms."""
    holders: dict[str, dict[str, list[str]]] = {}
    for longer, topics in words.terms.items():
        declared = {*topics, *words.exclusions.get(longer, ())}
        inner = inner_words(longer, words.terms)
        for topic in dict.fromkeys(name for term in inner for name in words.terms[term]):
            if topic not in declared:
                terms = [term for term in inner if topic in words.terms[term]]
                longest = [t for t in terms if not any(t != o and t in o for o in terms)]
                holders.setdefault(topic, {})[longer] = longest
    return holders


def _own_words(topic: Topic) -> Iterator[str]:
    yield from (*topic.core, *topic.peripheral)
    yield from (word for rule in topic.rules for group in rule.groups for word in group)
