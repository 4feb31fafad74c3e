"""Codebooks written as coding rules for KH Coder."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from resanalysis.codebook.exchange.losses import (
    describe_codebook,
    tell_codebook,
    tell_exclusions,
    tell_texts,
    tell_tiers,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from resanalysis.model import Codebook, Language, Rule, Topic

_WIDTH = 100
_SPECIAL = '%_\\"\n\r\t'  # wildcards of its database, and what ends a string or a line there
_ALPHANUMERIC = frozenset("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
_PROGRAM = "KH Coder"
_HEADER = """# {codebook}, {reading} reading
# Quoted strings are sought in the raw text, whatever the segmenter cuts. Choose as unit of coding
# what a clause is in your text, such as the paragraph.
"""
_STRINGS = (
    "all terms: KH Coder compares strings as they are written, so full-width letters and terms"
    " across a line break are missed"
)


def write_khcoder(
    codebook: Codebook, *, reading: Literal["broad", "strict"], language: Language
) -> tuple[str, list[str]]:
    """Return a codebook as KH Coder's coding rules, and what these do not carry.

    Every topic is a code named by its label. Terms are strings in single quotes, which KH Coder
    seeks in the text itself and not among its segmenter's words.
    """
    lost = [_STRINGS, *tell_codebook(codebook, _PROGRAM)]
    lost.append(f"themes {', '.join(codebook.themes)}: {_PROGRAM} has one level of codes")
    names = _names(codebook, language)
    topics_of: dict[str, set[str]] = {}
    for topic in codebook.topics:
        for term in _terms(topic, reading):
            topics_of.setdefault(term, set()).add(topic.id)
    lines = []
    for topic in codebook.topics:
        terms = [term for term in _terms(topic, reading) if _is_plain(term)]
        rules = [rule for rule in topic.rules if _is_written(rule, reading)]
        lost += _tell(topic, reading, names[topic.id])
        lost += _tell_inside(topic, terms, topics_of)
        conditions = [*map(_quote, terms), *map(_condition, rules)]
        if conditions:
            lines += ["", f"*{names[topic.id]}", *_wrap(conditions)]
        else:
            lost.append(f"topic {topic.id}: is left out, no term of it can be written")
    head = _HEADER.format(codebook=describe_codebook(codebook), reading=reading)
    return head + "\n".join([*lines, ""]), lost


def _names(codebook: Codebook, language: Language) -> dict[str, str]:
    """Return a name for each topic, without spaces and no two the same."""
    names: dict[str, str] = {}
    for topic in codebook.topics:
        name = "_".join(topic.label[language].split())
        if name in names.values():
            name = "_".join(f"{name} ({topic.id})".split())
        while name in names.values():
            name += "_"
        names[topic.id] = name
    return names


def _terms(topic: Topic, reading: str) -> tuple[str, ...]:
    return topic.core + (topic.peripheral if reading == "broad" else ())


def _is_plain(text: str) -> bool:
    return not set(text) & set(_SPECIAL)


def _is_written(rule: Rule, reading: str) -> bool:
    in_force = rule.tier == "core" or reading == "broad"
    return in_force and rule.near is None and all(map(_is_plain, rule.words))


def _quote(term: str) -> str:
    doubled = term.replace("'", "''")
    return f"'{doubled}'"


def _condition(rule: Rule) -> str:
    groups = [f"( {' | '.join(map(_quote, group))} )" for group in rule.groups]
    if rule.without:
        groups[-1] += f" &! ( {' | '.join(map(_quote, rule.without))} )"
    return f"( {' & '.join(groups)} )"


def _wrap(conditions: Iterable[str]) -> Iterator[str]:
    """Yield lines of conditions joined by `|`, which needs a space on either side."""
    line = ""
    for condition in conditions:
        if not line:
            line = condition
        elif len(line) + len(condition) + 3 > _WIDTH:
            yield line
            line = f"| {condition}"
        else:
            line += f" | {condition}"
    yield line


def _tell(topic: Topic, reading: str, name: str) -> Iterator[str]:
    if odd := [term for term in _terms(topic, reading) if not _is_plain(term)]:
        why = f"{_PROGRAM} would take % _ \\ or a quote in them for something else"
        yield f"topic {topic.id}, terms {', '.join(odd)}: {why}"
    if reading == "broad":
        yield from tell_tiers(topic, _PROGRAM)
    elif topic.peripheral:
        listed = ", ".join(topic.peripheral)
        yield f"topic {topic.id}, peripheral {listed}: are left out by the strict reading"
    why = f"{_PROGRAM} can leave out a whole unit and not some characters; terms match inside them"
    yield from tell_exclusions(topic, why)
    for rule in topic.rules:
        if not _is_written(rule, reading):
            yield f"topic {topic.id}, rule {rule.id}: {_why_not(rule, reading)}"
        elif rule.tier == "peripheral":
            yield f"topic {topic.id}, tier of rule {rule.id}: {_PROGRAM} knows no tiers"
    yield from tell_texts(topic, _PROGRAM, kept=("label",))
    if len(dict.fromkeys((*topic.label.values(), name))) > 1:
        yield f"topic {topic.id}, label: only {name} is written, as the name of the code"


def _why_not(rule: Rule, reading: str) -> str:
    if rule.tier == "peripheral" and reading == "strict":
        return "is left out by the strict reading"
    if rule.near is not None:
        return f"{_PROGRAM} measures distance (near) between its segmenter's words, not strings"
    return f"{_PROGRAM} would take % _ \\ or a quote in its words for something else"


def _tell_inside(
    topic: Topic, terms: Iterable[str], topics_of: Mapping[str, set[str]]
) -> Iterator[str]:
    """Yield terms that KH Coder counts where the codebook does not: inside longer ones."""
    others = " \n".join(term for term, topics in topics_of.items() if topic.id not in topics)
    if inside := [term for term in terms if term in others]:
        why = f"{_PROGRAM} counts them inside longer terms of other topics too"
        yield f"topic {topic.id}, terms {', '.join(inside)}: {why}"
    if letters := [term for term in terms if {term[0], term[-1]} & _ALPHANUMERIC]:
        why = f"{_PROGRAM} counts them inside longer words of letters and digits too"
        yield f"topic {topic.id}, terms {', '.join(letters)}: {why}"
