"""What the parts of a codebook's file must look like; every fault with its place and remedy."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, TypeVar

from resanalysis.model import LANGUAGES, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

Finding = tuple[Severity, str, str, str]
"""A `Problem` without its file: severity, place, what, remedy."""

Kind = TypeVar("Kind")

MOST_NEAR = 4
"""Groups that a rule with `near` may have: each order of them is tried."""

TERM_LISTS = ("core", "peripheral", "exclusions")
TIERS = ("core", "peripheral")

_TEXT, _TEXTS = 'a string that is not empty, "…"', 'texts by language, { zh = "…", en = "…" }'
_STRINGS, _TABLE, _TABLES = 'a list of strings, ["…", "…"]', "a table, [ ]", "tables, [[ ]] each"
_GROUPS = 'two or more lists of words, [["…", "…"], ["…"]]'
_NUMBER, _TIER = "a whole number of characters, 0 or more", '"core" or "peripheral"'
_CONCEPTS = 'ids by vocabulary, { sdg = ["12.5"], unbis = ["…"] }'
SHAPES: dict[str, dict[str, str]] = {  # part of a file -> its keys and what each must be
    "file": {"codebook": _TABLE, "theme": _TABLES, "topic": _TABLES},
    "codebook": {"id": _TEXT, "version": _TEXT, "title": _TEXTS, "instructions": _TEXTS},
    "theme": {"id": _TEXT, "label": _TEXTS},
    "topic": {"id": _TEXT, "theme": _TEXT, "source": _TEXT}
    | dict.fromkeys(("label", "definition", "include", "exclude"), _TEXTS)
    | dict.fromkeys((*TERM_LISTS, "examples", "counterexamples"), _STRINGS)
    | {"concepts": _CONCEPTS, "rule": _TABLES},
    "rule": {"id": _TEXT, "all": _GROUPS, "near": _NUMBER, "without": _STRINGS, "tier": _TIER},
}
_REQUIRED = {
    "file": ("codebook", "topic"),
    "codebook": ("id", "version", "title"),
    "theme": ("id", "label"),
    "topic": ("id", "theme", "label"),
    "rule": ("id", "all"),
}
_BILINGUAL = ("title", "label", "definition", "instructions")


def check_file(data: dict[str, Any]) -> Iterator[Finding]:
    """Yield what is wrong with a file's own parts, topics left out."""
    yield from check_entry("file", data, "file")
    if isinstance(data.get("codebook"), dict):
        yield from check_entry("[codebook]", data["codebook"], "codebook")
    for kind in ("theme", "topic"):
        yield from _check_unique(kind, entries_of(data, kind, dict))
    for number, theme in enumerate(entries_of(data, "theme", dict), start=1):
        yield from check_entry(f"theme {id_of(theme) or number}", theme, "theme")


def check_topic(place: str, topic: dict[str, Any]) -> Iterator[Finding]:
    """Yield what is wrong with the keys of one topic and of its rules."""
    yield from check_entry(place, topic, "topic")
    if "definition" not in topic:
        what, remedy = "has no definition", "Say what the topic is: definition = { zh, en }."
        yield "warning", place, what, remedy
    rules = entries_of(topic, "rule", dict)
    for severity, at, what, remedy in _check_unique("rule", rules):
        yield severity, f"{place}, {at}", what, remedy
    for number, rule in enumerate(rules, start=1):
        at = f"{place}, rule {id_of(rule) or number}"
        yield from check_entry(at, rule, "rule")
        if "near" in rule and len(entries_of(rule, "all", list)) > MOST_NEAR:
            what = f"has more than {MOST_NEAR} groups of words that are to be near"
            yield "error", f"{at}, all", what, "Split the rule, or leave near out."


def check_entry(place: str, entry: dict[str, Any], kind: str) -> Iterator[Finding]:
    """Yield missing and unknown keys of a part, and keys of the wrong type."""
    shape = SHAPES[kind]
    for key in _REQUIRED[kind]:
        if key not in entry:
            yield "error", place, f"the key {key} is missing", f"Add it: {shape[key]}."
    for key, value in entry.items():
        where = f"{place}, {key}"
        if key not in shape:
            yield "error", where, "is an unknown key", f"Known here: {', '.join(shape)}."
        elif not _fits(value, shape[key]):
            yield "error", where, "is empty or of the wrong type", f"Write {shape[key]}."
        elif key in _BILINGUAL:
            for language in LANGUAGES:
                if not value.get(language, "").strip():
                    yield "warning", where, f"is missing in {language}", f'Add {language} = "…".'


def _check_unique(kind: str, entries: list[dict[str, Any]]) -> Iterator[Finding]:
    for identifier, count in Counter(filter(None, map(id_of, entries))).items():
        if count > 1:
            yield "error", f"{kind} {identifier}", f"is there {count} times", "Keep one."


def _fits(value: Any, shape: str) -> bool:
    if shape == _STRINGS:
        return _is_list(value, str)
    if shape == _TABLES:
        return _is_list(value, dict) and bool(value)
    if shape == _GROUPS:
        lists = _is_list(value, list) and len(value) > 1
        return lists and all(group and _is_list(group, str) for group in value)
    if shape == _CONCEPTS:
        return isinstance(value, dict) and all(_is_list(ids, str) for ids in value.values())
    if shape == _NUMBER:
        return isinstance(value, int) and not isinstance(value, bool) and value >= 0
    if shape == _TIER:
        return value in TIERS
    if shape == _TEXTS:
        strings = isinstance(value, dict) and all(isinstance(text, str) for text in value.values())
        return strings and set(value) <= set(LANGUAGES)
    return isinstance(value, dict if shape == _TABLE else str) and bool(value)


def _is_list(value: Any, kind: type) -> bool:
    return isinstance(value, list) and all(isinstance(entry, kind) for entry in value)


def id_of(entry: dict[str, Any]) -> str:
    """Return the id of a part, or an empty string where it has none."""
    return str(entry["id"]) if isinstance(entry.get("id"), str) else ""


def entries_of(table: dict[str, Any], key: str, kind: type[Kind]) -> list[Kind]:
    """Return the entries of a list that are of a type; the others `check_entry` reports."""
    value = table.get(key)
    return [entry for entry in value if isinstance(entry, kind)] if isinstance(value, list) else []
