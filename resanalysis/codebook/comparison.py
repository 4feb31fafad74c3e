"""What changed between two versions of a codebook."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

import pandas as pd

from resanalysis.codebook.shape import TERM_LISTS
from resanalysis.model import LANGUAGES

if TYPE_CHECKING:
    from resanalysis.model import Codebook, Language, Rule, Topic

COLUMNS = ("topic", "part", "entry", "change", "before", "after")

_TEXTS = ("label", "definition", "include", "exclude")
_LISTS = ("examples", "counterexamples")
_Row = tuple[str, str, str, str, str, str]


def compare_codebooks(old: Codebook, new: Codebook) -> pd.DataFrame:
    """Return every difference between two codebooks, in the order of the new one.

    Parameters
    ----------
    old, new : Codebook
        Two versions of a codebook. Topics are the same where their ids are.

    Returns
    -------
    DataFrame
        One row per difference; none when both say the same in the same order. First what concerns
        the whole codebook, then topic by topic, removed topics last.

        - `topic`: id; empty for the codebook itself
        - `part`: `id`, `version`, `title`, `instructions`, `theme`, `topic`, `label`,
          `definition`, `include`, `exclude`, `source`, `term`, `rule`, `examples`,
          `counterexamples`, `concepts`, or `order` (of what `entry` names)
        - `entry`: what in that part: a language, a term, the id of a rule, theme, topic or
          vocabulary, an example; empty where the part is one value
        - `change`: `added`, `removed`, `changed`; `moved` for a term that goes from one list to
          another
        - `before`, `after`: content in the old and the new codebook, empty where there is none; for
          a term the list that it is in (`core`, `peripheral`, `exclusions`), for a topic or theme
          its label

    Examples
    --------
    >>> from dataclasses import replace
    >>> from resanalysis.codebook import read_codebook
    >>> old = read_codebook()
    >>> water = replace(old.topic("water"), core=old.topic("water").core[1:])
    >>> topics = tuple(water if topic.id == "water" else topic for topic in old.topics)
    >>> compare_codebooks(old, replace(old, topics=topics))[["topic", "part", "change", "before"]]
       topic  part   change before
    0  water  term  removed   core
    """
    rows = [*_compare_heads(old, new)]
    before = {topic.id: topic for topic in old.topics}
    after = {topic.id: topic for topic in new.topics}
    for name, topic in after.items():
        if name in before:
            rows += _compare_topics(before[name], topic)
        else:
            rows.append((name, "topic", name, "added", "", _name(topic.label)))
    rows += [
        (name, "topic", name, "removed", _name(topic.label), "")
        for name, topic in before.items()
        if name not in after
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS), dtype="str")


def _compare_heads(old: Codebook, new: Codebook) -> Iterator[_Row]:
    yield from _compare_values("", "id", {"": old.id}, {"": new.id})
    yield from _compare_values("", "version", {"": old.version}, {"": new.version})
    for part in ("title", "instructions"):
        yield from _compare_values("", part, _texts(old, part), _texts(new, part))
    labels = [{name: _name(label) for name, label in book.themes.items()} for book in (old, new)]
    yield from _compare_values("", "theme", *labels)
    yield from _compare_order("", "themes", old.themes, new.themes)
    topics = [[topic.id for topic in book.topics] for book in (old, new)]
    yield from _compare_order("", "topics", *topics)


def _compare_topics(old: Topic, new: Topic) -> Iterator[_Row]:
    name = new.id
    yield from _compare_values(name, "theme", {"": old.theme}, {"": new.theme})
    for part in _TEXTS:
        yield from _compare_values(name, part, _texts(old, part), _texts(new, part))
    sources = [{"": topic.source} if topic.source else {} for topic in (old, new)]
    yield from _compare_values(name, "source", *sources)
    yield from _compare_terms(old, new)
    rules = [{rule.id: describe_rule(rule) for rule in topic.rules} for topic in (old, new)]
    yield from _compare_values(name, "rule", *rules)
    yield from _compare_order(name, "rules", *rules)
    for part in _LISTS:
        texts = getattr(old, part), getattr(new, part)
        for change, here, there in (("added", *texts[::-1]), ("removed", *texts)):
            for text in dict.fromkeys(here):
                if text not in there:
                    pair = ("", text) if change == "added" else (text, "")
                    yield name, part, text, change, *pair
        yield from _compare_order(name, part, *texts)
    ids = [{key: ", ".join(value) for key, value in t.concepts.items()} for t in (old, new)]
    yield from _compare_values(name, "concepts", *ids)


def _compare_terms(old: Topic, new: Topic) -> Iterator[_Row]:
    before, after = _places(old), _places(new)
    for term in dict.fromkeys((*after, *before)):
        was, becomes = before.get(term, ""), after.get(term, "")
        if was != becomes:
            change = "moved" if was and becomes else "added" if becomes else "removed"
            yield new.id, "term", term, change, was, becomes
    for part in TERM_LISTS:
        yield from _compare_order(new.id, part, getattr(old, part), getattr(new, part))


def _compare_values(
    topic: str, part: str, old: Mapping[str, str], new: Mapping[str, str]
) -> Iterator[_Row]:
    """Yield the entries whose content differs."""
    for entry in dict.fromkeys((*new, *old)):
        before, after = old.get(entry), new.get(entry)
        if before != after:
            change = "added" if before is None else "removed" if after is None else "changed"
            yield topic, part, entry, change, before or "", after or ""


def _compare_order(
    topic: str, entry: str, old: Iterable[str], new: Iterable[str]
) -> Iterator[_Row]:
    """Yield a row when what both have stands in another order."""
    common = {*old} & {*new}
    before, after = ([each for each in names if each in common] for names in (old, new))
    if before != after:
        yield topic, "order", entry, "changed", ", ".join(before), ", ".join(after)


def _places(topic: Topic) -> dict[str, str]:
    """Return each term of a topic with the lists it is in."""
    places: dict[str, str] = {}
    for part in TERM_LISTS:
        for term in getattr(topic, part):
            places[term] = f"{places[term]}, {part}" if term in places else part
    return places


def _texts(entry: Codebook | Topic, part: str) -> dict[str, str]:
    """Return a text by language; an empty one is none."""
    texts: Mapping[str, str] = getattr(entry, part)
    return {language: texts[language] for language in texts if texts[language]}


def _name(label: Mapping[Language, str]) -> str:
    return " / ".join(label[language] for language in LANGUAGES if label.get(language))


def describe_rule(rule: Rule) -> str:
    """Return a rule in one line, as its groups, distance, exceptions and tier.

    Examples
    --------
    >>> from resanalysis.model import Rule
    >>> describe_rule(Rule("a", (("监测", "观测"), ("水",)), near=5, without=("水平",)))
    'core: (监测 or 观测) and (水) within 5 characters, without 水平'
    """
    groups = " and ".join(f"({' or '.join(group)})" for group in rule.groups)
    near = "" if rule.near is None else f" within {rule.near} characters"
    without = f", without {' or '.join(rule.without)}" if rule.without else ""
    return f"{rule.tier}: {groups}{near}{without}"
