"""Codebooks written as TOML, in the layout of the ones that are written by hand."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from resanalysis.codebook.shape import TERM_LISTS
from resanalysis.model import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from resanalysis.model import Codebook, Language, Rule

_WIDTH = 100
_TEXTS = ("label", "definition", "include", "exclude")
_LISTS = (*TERM_LISTS, "examples", "counterexamples")
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}
_CONTROL = re.compile(r'[\x00-\x1f\x7f"\\]')


def write_toml(codebook: Codebook) -> tuple[str, list[str]]:
    """Return a codebook as TOML, and what that cannot carry: nothing.

    Texts by language stand on one line and terms fill theirs, as in a file written by hand; writers
    of TOML put each term on a line of its own and each label into a table of its own.
    """
    lines = ["[codebook]", *_pairs({"id": codebook.id, "version": codebook.version})]
    lines += _pairs({"title": codebook.title, "instructions": codebook.instructions})
    for theme, label in codebook.themes.items():
        lines += ["", "[[theme]]", *_pairs({"id": theme, "label": label})]
    for topic in codebook.topics:
        lines += ["", "[[topic]]", *_pairs({"id": topic.id, "theme": topic.theme})]
        lines += _pairs({key: getattr(topic, key) for key in (*_TEXTS, *_LISTS)})
        lines += _pairs({"concepts": topic.concepts, "source": topic.source})
        for rule in topic.rules:
            lines += ["", "[[topic.rule]]", *_rule(rule)]
    return "\n".join([*lines, ""]), []


def _rule(rule: Rule) -> Iterator[str]:
    groups = [_array(group) for group in rule.groups]
    line = f"all = [{', '.join(groups)}]"
    yield f"id = {_string(rule.id)}"
    yield from [line] if len(line) <= _WIDTH else ["all = [", *(f"  {g}," for g in groups), "]"]
    if rule.near is not None:
        yield f"near = {rule.near}"
    yield from _pairs({"without": rule.without, "tier": rule.tier})


def _pairs(values: Mapping[str, Any]) -> Iterator[str]:
    """Yield the lines of keys and values; an empty value has none."""
    for key, value in values.items():
        if isinstance(value, str):
            if value:
                yield f"{key} = {_string(value)}"
        elif isinstance(value, tuple):
            yield from _list(key, value)
        elif key == "concepts":
            if value:
                listed = (f"{_key(name)} = {_array(ids)}" for name, ids in value.items())
                yield f"{key} = {{ {', '.join(listed)} }}"
        elif pairs := _by_language(value):
            yield f"{key} = {{ {pairs} }}"


def _by_language(texts: Mapping[Language, str]) -> str:
    given = [(language, texts.get(language, "")) for language in LANGUAGES]
    return ", ".join(f"{language} = {_string(text)}" for language, text in given if text)


def _list(key: str, values: tuple[str, ...]) -> Iterator[str]:
    """Yield a list on one line where it fits, else on as many as it fills."""
    if not values:
        return
    line = f"{key} = {_array(values)}"
    if len(line) <= _WIDTH:
        yield line
        return
    yield f"{key} = ["
    line = " "
    for value in values:
        word = f" {_string(value)},"
        if line.strip() and len(line) + len(word) > _WIDTH:
            yield line
            line = " "
        line += word
    yield line
    yield "]"


def _array(values: Iterable[str]) -> str:
    return f"[{', '.join(map(_string, values))}]"


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _string(name)


def _string(text: str) -> str:
    return f'"{_CONTROL.sub(_escape, text)}"'


def _escape(char: re.Match[str]) -> str:
    return _ESCAPES.get(char[0], f"\\u{ord(char[0]):04x}")
