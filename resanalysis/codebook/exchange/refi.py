"""Codebooks written for programs of qualitative analysis, as REFI-QDA has it (.qdc)."""

from __future__ import annotations

import re
import uuid
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from resanalysis.codebook.exchange.losses import describe_codebook, tell_order
from resanalysis.codebook.shape import TERM_LISTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from resanalysis.model import Codebook, Language, Rule, Topic

NAMESPACE = "urn:QDA-XML:codebook:1.0"
"""Namespace of every element of a codebook in REFI-QDA."""

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_PROSE = "prose in the description, which no program applies to a text"
_OTHER: dict[Language, Language] = {"zh": "en", "en": "zh"}
_WORDS: dict[str, dict[Language, str]] = {
    "definition": {"zh": "定义", "en": "Definition"},
    "include": {"zh": "适用", "en": "When to use"},
    "exclude": {"zh": "不适用", "en": "When not to use"},
    "core": {"zh": "核心词", "en": "Core terms"},
    "peripheral": {"zh": "外围词", "en": "Peripheral terms"},
    "exclusions": {"zh": "排除词", "en": "Exclusions"},
    "rule": {"zh": "规则", "en": "Rule"},
    "examples": {"zh": "示例", "en": "Example"},
    "counterexamples": {"zh": "反例", "en": "Counterexample"},
    "concepts": {"zh": "概念编号", "en": "Concepts"},
    "source": {"zh": "来源", "en": "Source"},
    "codebook": {"zh": "编码本", "en": "Codebook"},
}


def write_refi(codebook: Codebook, *, language: Language) -> tuple[str, list[str]]:
    """Return a codebook as XML of REFI-QDA, and what that carries as prose or not at all.

    A theme is a code that codes nothing (`isCodable` false) with its topics below it. Codes keep
    their ids (`guid`) from one version of a codebook to the next, made of its id and the topic's.
    """
    # Attributes by name and not by ElementTree's table of namespaces, which all programs share.
    root = ET.Element("CodeBook", {"xmlns": NAMESPACE, "origin": "resanalysis"})
    codes = ET.SubElement(root, "Codes")
    for theme, label in codebook.themes.items():
        topics = [topic for topic in codebook.topics if topic.theme == theme]
        above = _code(codes, codebook, f"theme/{theme}", _name(label, language), codable=False)
        ET.SubElement(above, "Description").text = _clean(label[_OTHER[language]])
        for topic, name in zip(topics, _distinct(topics, language), strict=True):
            code = _code(above, codebook, f"topic/{topic.id}", name, codable=True)
            text = "\n".join(_describe(topic, codebook, language))
            ET.SubElement(code, "Description").text = _clean(text)
    ET.indent(root)
    xml = ET.tostring(root, encoding="unicode")
    lost = list(_tell(codebook))
    return f'<?xml version="1.0" encoding="utf-8"?>\n{xml}\n', lost


def _code(
    above: ET.Element, codebook: Codebook, path: str, name: str, *, codable: bool
) -> ET.Element:
    """Add a code; ids of one codebook differ from those of another and do not change."""
    space = uuid.uuid5(uuid.NAMESPACE_URL, f"urn:resanalysis:codebook:{codebook.id}")
    guid = str(uuid.uuid5(space, path)).upper()
    attributes = {"guid": guid, "name": name, "isCodable": str(codable).lower()}
    return ET.SubElement(above, "Code", attributes)


def _name(label: Mapping[Language, str], language: Language) -> str:
    return " ".join(_clean(label[language]).split())


def _distinct(topics: Iterable[Topic], language: Language) -> list[str]:
    """Return names of codes below one code, no two the same."""
    names: list[str] = []
    for topic in topics:
        name = _name(topic.label, language)
        if name in names:
            name = f"{name} ({_clean(topic.id)})"
        while name in names:
            name += "'"
        names.append(name)
    return names


def _describe(topic: Topic, codebook: Codebook, language: Language) -> Iterator[str]:
    """Yield the lines of a topic's description: first in one language, then in the other."""
    for spoken in (language, _OTHER[language]):
        if spoken != language:
            yield topic.label[spoken]
        for key in ("definition", "include", "exclude"):
            if text := getattr(topic, key)[spoken]:
                yield f"{_WORDS[key][spoken]}: {text}"
    words = {key: names[language] for key, names in _WORDS.items()}
    for key in ("core", "peripheral", "exclusions"):
        if terms := getattr(topic, key):
            yield f"{words[key]}: {' | '.join(terms)}"
    for rule in topic.rules:
        yield f"{words['rule']} {rule.id}: {_describe_rule(rule)}"
    for key in ("examples", "counterexamples"):
        for clause in getattr(topic, key):
            yield f"{words[key]}: {clause}"
    for vocabulary, ids in topic.concepts.items():
        yield f"{words['concepts']} ({vocabulary}): {', '.join(ids)}"
    if topic.source:
        yield f"{words['source']}: {topic.source}"
    yield f"{words['codebook']}: {describe_codebook(codebook)}; {topic.id}"


def _describe_rule(rule: Rule) -> str:
    text = " & ".join(f"({' | '.join(group)})" for group in rule.groups)
    if rule.near is not None:
        text += f", near {rule.near}"
    if rule.without:
        text += f", without {' | '.join(rule.without)}"
    return f"{text} [{rule.tier}]"


def _clean(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)


def _tell(codebook: Codebook) -> Iterator[str]:
    if any(codebook.instructions.values()):
        yield "codebook, instructions: REFI-QDA has no place for them"
    yield "codebook, title: REFI-QDA has no place for it; id, version and hash are in each topic"
    yield from tell_order(codebook, "REFI-QDA")
    for topic in codebook.topics:
        for key in TERM_LISTS:
            if terms := getattr(topic, key):
                yield f"topic {topic.id}, {key} {', '.join(terms)}: {_PROSE}"
        for rule in topic.rules:
            yield f"topic {topic.id}, rule {rule.id}: {_PROSE}"
        if _NOT_XML.search("".join([*_describe(topic, codebook, "en"), *topic.label.values()])):
            yield f"topic {topic.id}, control characters: XML has none, each is now U+FFFD"
