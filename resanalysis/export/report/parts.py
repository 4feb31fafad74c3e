"""What the page is given beside the study, and what its sections have in common."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from urllib.parse import urlencode

import pandas as pd

from resanalysis.model import Language, Study, Version

VERDICTS: dict[str, dict[Language, str]] = {
    "robust": {"zh": "稳健", "en": "robust"},
    "fragile": {"zh": "脆弱", "en": "fragile"},
    "undecided": {"zh": "未定", "en": "undecided"},
}
"""Verdicts on a finding, from the surest on."""

MEASURES: dict[str, dict[Language, str]] = {
    "count": {"zh": "条数", "en": "count"},
    "rate": {"zh": "比率", "en": "rate"},
    "share": {"zh": "份额", "en": "share"},
}
"""What a verdict may be on."""


@dataclass(frozen=True)
class Finding:
    """What is said of a topic in one language.

    Attributes
    ----------
    sentence : str
        How its clauses and its share changed; it begins with the topic's name.
    verdict : str
        Whether that survives other readings and choices, in a sentence; empty where not asked.
    standing : mapping of str to str
        Verdict (`robust`, `fragile`, `undecided`) by measure (`count`, `rate`, `share`); empty
        where not asked.
    """

    sentence: str
    verdict: str = ""
    standing: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class PlacedFigure:
    """A figure for the page: its name, the bytes of a PNG, its caption in the page's language."""

    name: str
    png: bytes
    caption: str


def show(text: str) -> str:
    """Return text for the inside of an element."""
    return escape(text, quote=False)


def chinese(language: Language) -> str:
    """Return the attribute of an element whose text is Chinese on a page of this language."""
    return "" if language == "zh" else ' lang="zh-Hans"'


def filter_id(**chosen: str) -> str:
    """Return the fragment of a filtered view, which is also an id: `topic=water&in=old`.

    The script reads it as a filter; without script it leads to the element of that id.
    """
    return urlencode(chosen)


def clause_anchor(version: str, clause_id: str) -> str:
    """Return the id of the cell that holds a clause."""
    return f"{version}--{clause_id}"


def link(fragment: str, inside: str) -> str:
    """Return a link within the page; `inside` is HTML."""
    return f'<a href="#{escape(fragment)}">{inside}</a>'


def total_rows(study: Study) -> pd.DataFrame:
    """Return the rows of `shift` that count clauses of the whole text, one per topic."""
    shift = study.shift
    return shift[shift["unit"].eq("clause") & shift["breakdown"].eq("total")]


def counted_ids(study: Study, version: Version) -> list[str]:
    """Return the counted clauses of a version in the order of the comparison."""
    pairs = study.pairs[study.pairs["relation"].eq("1:1")]
    return [str(name) for name in pairs[f"{version}_id"] if name]


def show_standing(finding: Finding | None, language: Language) -> str:
    """Return the verdicts on a finding as badges in words, each with its measure."""
    if finding is None:
        return ""
    return " ".join(
        f'<span class="badge {verdict}">{MEASURES[measure][language]}'
        f"{'：' if language == 'zh' else ': '}{VERDICTS[verdict][language]}</span>"
        for measure, verdict in finding.standing.items()
    )
