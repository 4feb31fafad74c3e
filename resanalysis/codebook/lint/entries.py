"""Topics that say too little of themselves, and terms that are written oddly."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from resanalysis.codebook.lint.notes import Note, Tally
from resanalysis.folding import IDEOGRAPHS, fold, has_loose, narrow_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from resanalysis.model import Codebook, Topic

    Tag = Callable[[str], Collection[str]]
    Cut = Callable[[str], list[str]]

_GAP = re.compile(f"[{IDEOGRAPHS}] +| +[{IDEOGRAPHS}]")
_REMEDIES = {
    "include": "Say when the topic is to be used: include = { zh, en }.",
    "exclude": "Say when it is not, and what is then: exclude = { zh, en }.",
    "source": "Say where definition and terms come from.",
    "examples": "Add clauses that must get the topic; `check` then tries them.",
}


def lint_entries(codebook: Codebook, *, full: bool) -> Iterator[Note]:
    """Yield what topics leave unsaid and terms with characters that are hardly meant."""
    for key, remedy in _REMEDIES.items():
        lacking = [topic.id for topic in codebook.topics if not _has(topic, key)]
        if full:
            for name in lacking:
                yield Note((name,), f"topic {name}", f"has no {key}", remedy)
        elif lacking:
            number = f"{len(lacking)} of {len(codebook.topics)} topics"
            yield Note(tuple(lacking), "", f"{number} have no {key}: {', '.join(lacking)}", remedy)
    for topic in codebook.topics:
        known = {fold(term).text for _, term in _entries(topic)}
        for part, term in _entries(topic):
            if what := _describe_oddity(term, known):
                place = f"topic {topic.id}, {part}, {term!r}"
                yield Note((topic.id,), place, what, "Write it without, if that is not meant.")


def lint_examples(codebook: Codebook, tag: Tag) -> Iterator[Note]:
    """Yield examples that do not get their topic and counterexamples that do."""
    for topic in codebook.topics:
        for text in topic.examples:
            if topic.id not in (found := tag(text)):
                yield Note(
                    (topic.id,),
                    f"topic {topic.id}, examples, {text}",
                    f"does not get the topic, but {' and '.join(sorted(found)) or 'none'}",
                    "Add the term or rule that is missing, or move the example.",
                )
        for text in topic.counterexamples:
            if topic.id in tag(text):
                yield Note(
                    (topic.id,),
                    f"topic {topic.id}, counterexamples, {text}",
                    "gets the topic",
                    "Add an exclusion, narrow the term, or move the example.",
                )


def tally_cuts(codebook: Codebook, cut: Cut) -> Tally:
    """Return the terms that jieba cuts in pieces when they stand alone."""
    entries = {}
    for topic in codebook.topics:
        pieces = ((term, cut(term)) for term in (*topic.core, *topic.peripheral))
        entries[topic.id] = ["/".join(parts) for _, parts in pieces if len(parts) > 1]
    return Tally(
        entries,
        "terms are several words for jieba",
        "Nothing to do: terms are matched on characters. For counts of words, put those that are"
        " one word into the lexicon.",
    )


def _has(topic: Topic, key: str) -> bool:
    value = getattr(topic, key)
    return any(value.values()) if key in ("include", "exclude") else bool(value)


def _entries(topic: Topic) -> Iterator[tuple[str, str]]:
    for name in ("core", "peripheral", "exclusions"):
        yield from ((name, term) for term in getattr(topic, name))
    for rule in topic.rules:
        yield from ((f"rule {rule.id}", word) for word in rule.words)


def _describe_oddity(term: str, known: Collection[str]) -> str:
    if has_loose(narrow_text(term)):
        return "has a line break or an invisible character, which matching leaves out"
    key = fold(term).text
    if _GAP.search(key) and key.replace(" ", "") not in known:  # else both ways are meant
        return "has a space beside a Chinese character and matches only where a text has it too"
    return ""
