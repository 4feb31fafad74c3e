"""What tags and texts of a corpus say of a codebook: entries that never matched, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from resanalysis.codebook.lint.notes import Tally
from resanalysis.codebook.lint.words import stands_in
from resanalysis.folding import fold
from resanalysis.model import TERM

if TYPE_CHECKING:
    import pandas as pd

    from resanalysis.model import Codebook, Topic

_Entry = tuple[str, str, str]  # topic, rule, term


def tally_use(
    codebook: Codebook, tags: pd.DataFrame | None, texts: Sequence[str] | None
) -> Iterator[Tally]:
    """Yield what is never used in a corpus, and terms that jieba's tokens cut through there."""
    text = None if texts is None else "\0".join(fold(each).text for each in texts)
    if tags is not None:
        found = _read_entries(codebook, tags)
        unmatched = {
            topic.id: [
                term
                for term in (*topic.core, *topic.peripheral)
                if (topic.id, TERM, term) not in found
            ]
            for topic in codebook.topics
        }
        yield from _tally_unmatched(unmatched, text)
        yield _tally_idle_rules(codebook, found)
        yield _tally_crossed(codebook, tags)
    if text is not None:
        yield _tally_idle_exclusions(codebook, text)


def _read_entries(codebook: Codebook, tags: pd.DataFrame) -> set[_Entry]:
    """Return the entries that matched; they must be the codebook's."""
    found = set(zip(tags["topic"], tags["rule"], tags["term"], strict=True))
    known = {(topic.id, *entry) for topic in codebook.topics for entry in _entries(topic)}
    if strange := sorted(found - known):
        raise ValueError(
            f"the tags were not made with this codebook: it has no entry {strange[:3]};"
            " make them with tag_topics"
        )
    return found


def _entries(topic: Topic) -> Iterator[tuple[str, str]]:
    yield from ((TERM, term) for term in (*topic.core, *topic.peripheral))
    for rule in topic.rules:
        yield from ((rule.id, word) for group in rule.groups for word in group)


def _tally_unmatched(unmatched: dict[str, list[str]], text: str | None) -> Iterator[Tally]:
    inside: dict[str, list[str]] = {}
    if text is not None:
        for topic, terms in unmatched.items():
            inside[topic] = [term for term in terms if stands_in(fold(term).text, text)]
        yield Tally(
            inside,
            "terms stand in the texts but are always part of a longer entry",
            "Nothing to do if the longer entry is right wherever it stands.",
        )
    yield Tally(
        {
            topic: [term for term in terms if term not in inside.get(topic, ())]
            for topic, terms in unmatched.items()
        },
        "terms never matched in these texts",
        "Nothing to do for a codebook of general use: no text has all of its terms.",
    )


def _tally_idle_rules(codebook: Codebook, found: set[_Entry]) -> Tally:
    held = {(topic, rule) for topic, rule, _ in found}
    return Tally(
        {
            topic.id: [rule.id for rule in topic.rules if (topic.id, rule.id) not in held]
            for topic in codebook.topics
        },
        "rules never held in these texts",
        "Try them on clauses that are meant: examples of the topic.",
    )


def _tally_crossed(codebook: Codebook, tags: pd.DataFrame) -> Tally:
    crossed = tags[~tags["on_boundary"] & (tags["rule"] == TERM)]
    counts = crossed.groupby(["topic", "term"], sort=False).size()
    totals = tags[tags["rule"] == TERM].groupby(["topic", "term"], sort=False).size()
    return Tally(
        {
            topic.id: [
                f"{term} ({counts[topic.id, term]} of {totals[topic.id, term]})"
                for term in (*topic.core, *topic.peripheral)
                if (topic.id, term) in counts.index
            ]
            for topic in codebook.topics
        },
        "terms begin or end inside jieba's tokens in these texts",
        "Look at the places: a term inside a longer word may not be meant there; a word that jieba"
        " does not know belongs into the lexicon.",
    )


def _tally_idle_exclusions(codebook: Codebook, text: str) -> Tally:
    return Tally(
        {
            topic.id: [e for e in topic.exclusions if not stands_in(fold(e).text, text)]
            for topic in codebook.topics
        },
        "exclusions stand nowhere in these texts",
        "Nothing to do for a codebook of general use.",
    )
