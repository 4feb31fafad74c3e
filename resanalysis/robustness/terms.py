"""A codebook without one of its terms or rules, tried on the clauses in which it was found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from resanalysis import pipeline
from resanalysis.folding import fold
from resanalysis.model import TERM, Codebook, Rule, Study, Topic
from resanalysis.shift.layout import Layout, Side, cover, spread_counts


@dataclass(frozen=True)
class Entry:
    """A term of a topic, or one of its rules, that tags some clauses."""

    topic: str
    term: str
    rule: str

    def __str__(self) -> str:
        return f"{self.topic}: {self.term if self.rule == TERM else f'rule {self.rule}'}"


def leave_terms_out(study: Study, laid: Layout) -> Iterator[tuple[Entry, Layout]]:
    """Yield the layout without each term and each rule that tags a clause, one at a time.

    Only the clauses that the term or rule tags are tagged anew: with the longest term first, what
    it leaves may fall to a shorter term of the same topic or of another one.

    Parameters
    ----------
    study : Study
        Gives codebook, tags and options.
    laid : Layout
        The study's tables, laid out.
    """
    book = _keep_found(study.codebook, [*laid.old.texts, *laid.new.texts])
    options = study.provenance["options"]
    for entry, clauses in _list_entries(study).items():
        shorter = _drop(book, entry)
        sides = []
        for version, side in (("old", laid.old), ("new", laid.new)):
            rows = [k for k, name in enumerate(side.ids) if (version, name) in clauses]
            found = pipeline.tag_texts(
                [side.texts[k] for k in rows],
                shorter,
                reading=options["reading"],
                scope=options["scope"],
            )
            sides.append(_retag(side, dict(zip(rows, found, strict=True)), laid.topics))
        yield entry, replace(laid, old=sides[0], new=sides[1])


def _list_entries(study: Study) -> dict[Entry, set[tuple[str, str]]]:
    """Return the terms and rules that tag a clause, in the codebook's order, with the clauses."""
    order = {topic.id: k for k, topic in enumerate(study.codebook.topics)}
    found: dict[Entry, set[tuple[str, str]]] = {}
    names = ("topic", "term", "rule", "version", "clause_id")
    columns = (study.tags[name].tolist() for name in names)
    for topic, term, rule, version, clause in zip(*columns, strict=True):
        entry = Entry(topic, term if rule == TERM else "", rule)
        found.setdefault(entry, set()).add((version, clause))
    return dict(sorted(found.items(), key=lambda item: order[item[0].topic]))


def _keep_found(book: Codebook, texts: list[str]) -> Codebook:
    """Return the codebook with only the words that stand in the texts, which matches the same."""
    text = fold("\n".join(texts)).text

    def keep(words: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(word for word in words if fold(word).text in text)

    def reduce(topic: Topic) -> Topic:
        kept = (replace_words(rule) for rule in topic.rules)
        return replace(
            topic,
            core=keep(topic.core),
            peripheral=keep(topic.peripheral),
            exclusions=keep(topic.exclusions),
            rules=tuple(rule for rule in kept if all(rule.groups)),
        )

    def replace_words(rule: Rule) -> Rule:
        groups = tuple(keep(group) for group in rule.groups)
        return replace(rule, groups=groups, without=keep(rule.without))

    return replace(book, topics=tuple(map(reduce, book.topics)))


def _drop(book: Codebook, entry: Entry) -> Codebook:
    """Return the codebook without a term or rule."""

    def drop(topic: Topic) -> Topic:
        if topic.id != entry.topic:
            return topic
        if entry.rule != TERM:
            rules = tuple(rule for rule in topic.rules if rule.id != entry.rule)
            return replace(topic, rules=rules)
        core, peripheral = (
            tuple(term for term in terms if term != entry.term)
            for terms in (topic.core, topic.peripheral)
        )
        return replace(topic, core=core, peripheral=peripheral)

    return replace(book, topics=tuple(map(drop, book.topics)))


def _retag(side: Side, found: Mapping[int, list[pipeline.Match]], topics: list[str]) -> Side:
    """Return the side with these rows' topics instead of the ones they had."""
    column = {topic: k for k, topic in enumerate(topics)}
    has, matched = side.counts["clause"].copy(), side.counts["matched"].copy()
    for row, matches in found.items():
        has[row] = matched[row] = np.zeros(len(topics), dtype=np.int64)
        spans: dict[str, list[tuple[int, int]]] = {}
        for match in matches:
            spans.setdefault(match.topic, []).append((match.start, match.end))
        for topic, own in spans.items():
            has[row, column[topic]], matched[row, column[topic]] = 1, cover(own)
    return replace(side, counts=spread_counts(has, matched, side.bases))
