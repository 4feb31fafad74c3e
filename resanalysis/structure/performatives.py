"""The verbs by which resolutions speak, and who is told to act; from a lexicon, not from a text."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import Any, Literal

Usage = Literal["heading", "inline"]

_MAX_HEADING = 60
_MAX_ADDRESSEE = 20


@dataclass(frozen=True)
class Performative:
    """What a heading or an opening verb says.

    Attributes
    ----------
    id : str
        Readable id, such as `recognizing-further` or `instructs-bdt-br-tsb`.
    text : str
        The words as printed.
    part : {"preambular", "operative", ""}
        Part of the resolution it belongs to; empty where the text has no parts.
    addressee : str
        Codes of who is told to act, joined by `+`; empty where nobody is named.
    strength : int
        Place of the verb on the published scale, 0 to 5.
    """

    id: str
    text: str
    part: str
    addressee: str
    strength: int


NO_PERFORMATIVE = Performative("", "", "", "", 0)
"""What stands above lines that no verb governs."""


@cache
def _read_lexicon() -> dict[str, Any]:
    path = resources.files("resanalysis").joinpath("data", "performatives.toml")
    return tomllib.loads(path.read_text("utf-8"))


def _any_of(words: list[str]) -> str:
    """Return a pattern of any of the words, the longest first."""
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


@cache
def _verb_pattern(usage: Usage) -> tuple[re.Pattern[str], Mapping[str, Mapping[str, Any]]]:
    """Return a pattern of modifiers, verb and rest, and the entry of each verb."""
    lexicon = _read_lexicon()
    verbs = {
        verb: entry
        for entry in lexicon["performative"]
        if usage in entry["usage"]
        for verb in entry["zh"]
    }
    before = _any_of([*lexicon["modifiers"]["further"], *lexicon["modifiers"]["plain"]])
    verb = _any_of(list(verbs))
    return re.compile(f"(?P<before>(?:{before})*?)(?P<verb>{verb})(?P<rest>.*)"), verbs


@cache
def _addressee_pattern() -> tuple[re.Pattern[str], re.Pattern[str], Mapping[str, str]]:
    """Return the patterns of who works along and of who is named, and the code of each name."""
    lexicon = _read_lexicon()
    before, after = (_any_of(lexicon["companions"][key]) for key in ("before", "after"))
    codes = {name: entry["code"] for entry in lexicon["addressee"] for name in entry["zh"]}
    # 同 is also a part of 共同, 不同, 相同 and 合同.
    along = re.compile(f"(?<![共不相合])(?:{before})[^，]*?(?:{after})")
    return along, re.compile(_any_of(list(codes))), codes


def find_addressees(phrase: str) -> str:
    """Return the codes of who is told to act in `phrase`, sorted and joined by `+`.

    Who only works along (`与…主任协作`) is not told. A phrase that names nobody of the lexicon
    gives an empty string.

    Examples
    --------
    >>> find_addressees("秘书长与三个局的主任协作"), find_addressees("三个局的主任")
    ('SG', 'BDT+BR+TSB')
    """
    _, names, codes = _addressee_pattern()
    told = names.findall(_drop_companions(phrase))
    found = {code for name in told for code in codes[name].split("+")}
    return "+".join(sorted(found))


def _drop_companions(phrase: str) -> str:
    """Return the phrase without those who only work along."""
    along, _, _ = _addressee_pattern()
    return along.sub("", phrase)


@lru_cache(maxsize=8192)
def read_performative(line: str, usage: Usage = "heading") -> Performative | None:
    """Return what the heading or the opening of a paragraph says, None if it is neither.

    Parameters
    ----------
    line : str
        A line without its marker.
    usage : {"heading", "inline"}
        Whether the whole line must be a heading, or only open with a performative verb.

    Examples
    --------
    >>> read_performative("责成秘书长").id, read_performative("回顾其决议，", "inline").part
    ('instructs-sg', 'preambular')
    """
    pattern, verbs = _verb_pattern(usage)
    text = line.strip()
    if usage == "heading":
        text = text.rstrip("：:")
        if len(text) > _MAX_HEADING or any(mark in text for mark in "；。"):
            return None
    match = pattern.match(text)
    if match is None:
        return None
    entry, rest = verbs[match["verb"]], match["rest"]
    if usage == "heading":
        rest = rest if rest != "，" else ""
        addressee = _find_heading_addressee(rest, entry)
        if rest and not addressee:
            return None
        printed = text.removesuffix("，")
    else:
        operative = entry["part"] == "operative"
        addressee = find_addressees(re.split("[，；。：]", rest)[0]) if operative else ""
        printed = match["before"] + match["verb"]
    further = any(word in match["before"] for word in _read_lexicon()["modifiers"]["further"])
    slug = entry["id"] + ("-further" if further else "")
    if addressee and addressee.isascii():
        slug += "-" + addressee.lower().replace("+", "-")
    return Performative(slug, printed, entry["part"], addressee, entry["strength"])


def _find_heading_addressee(rest: str, entry: Mapping[str, Any]) -> str:
    """Return whom the rest of a heading names; of who is not in the lexicon the name itself."""
    if not rest or entry["part"] != "operative" or rest.endswith("，"):
        return ""
    known = find_addressees(rest)
    return known or (_drop_companions(rest)[:_MAX_ADDRESSEE] if entry.get("addressed") else "")
