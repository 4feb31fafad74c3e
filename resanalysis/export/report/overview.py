"""The key numbers at the top of the page, and the whole in two or three sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import pandas as pd

from resanalysis.export.pairs import CHANGES
from resanalysis.export.report.comparison import ComparedRow
from resanalysis.export.report.findings import group_topics_by_change
from resanalysis.export.report.parts import (
    MEASURES,
    VERDICTS,
    Finding,
    filter_id,
    link,
    show,
    total_rows,
)
from resanalysis.model import Language, Study

_WORDS: dict[str, dict[Language, str]] = {
    "clauses": {"zh": "条款（计数单位）", "en": "counted clauses"},
    "assigned": {"zh": "主题标注（条款×主题）", "en": "topic assignments (clause by topic)"},
    "tally": {
        "zh": "编码本的{all}个主题中，{more}个的条款数增加，{fewer}个减少，{same}个不变{absent}。",
        "en": "Of the codebook's {all} topics {more} have more clauses than before, {fewer} fewer, "
        "{same} as many{absent}.",
    },
    "absent": {"zh": "，{n}个两版均无", "en": ", {n} none in either edition"},
    "more": {"zh": "增加最多：", "en": "Most gained: "},
    "fewer": {"zh": "减少最多：", "en": "Most lost: "},
    "verdicts": {
        "zh": "经其他读法与选择检验，{measure}的变化：{found}。",
        "en": "Under other readings and choices the change of the {measure} is {found}.",
    },
    "verdict": {"zh": "{verdict}{n}个", "en": "{verdict} for {n} topics"},
    "verdict_one": {"zh": "{verdict}{n}个", "en": "{verdict} for 1 topic"},
}

_NAMED = 3
"""How many topics are named on either side; with them all that changed as much as the last."""


def write_key_numbers(study: Study, rows: list[ComparedRow], language: Language) -> str:
    """Return the numbers as a list of terms: clauses, assignments, pairs by kind of change."""
    counts = total_rows(study)
    first = counts.iloc[0]
    changes = Counter(row.change for row in rows)
    cards = [
        ("clauses", f"{first['base_old']} → {first['base_new']}"),
        ("assigned", f"{counts['n_old'].sum()} → {counts['n_new'].sum()}"),
    ]
    parts = [_card(_WORDS[name][language], number) for name, number in cards]
    for change in ("ADD", "SUP", "MOD", "NOC"):
        number = str(changes[change])
        shown = link(filter_id(change=change), number) if changes[change] else number
        parts.append(_card(f"{change} {CHANGES[change][language]}", shown))
    return "\n".join(parts)


def _card(label: str, number: str) -> str:
    return f"<div><dt>{show(label)}</dt><dd>{number}</dd></div>"


def write_summary(study: Study, findings: Mapping[str, Finding], language: Language) -> str:
    """Return the page in short: how many topics changed, which most, how many findings survive."""
    groups = group_topics_by_change(study)
    sizes = {name: len(topics) for name, topics in groups.items()}
    absent = len(total_rows(study)) - sum(sizes.values())
    tally = _WORDS["tally"][language].format(
        all=len(total_rows(study)),
        absent=_WORDS["absent"][language].format(n=absent) if absent else "",
        **sizes,
    )
    said = [tally]
    for name in ("more", "fewer"):
        if sizes[name]:
            said.append(_WORDS[name][language] + _name_topics(study, groups[name], language))
    said += [
        _WORDS["verdicts"][language].format(
            measure=MEASURES[measure][language], found=_count_verdicts(findings, measure, language)
        )
        for measure in MEASURES
        if any(measure in finding.standing for finding in findings.values())
    ]
    return "\n".join(f"<p>{sentence}</p>" for sentence in said)


def _name_topics(study: Study, change: pd.Series[Any], language: Language) -> str:
    """Return the topics that changed most, each a link, with by how many clauses."""
    last = abs(change.iloc[min(_NAMED, len(change)) - 1])
    named = change[change.abs() >= last]
    between, stop, by = ("、", "。", "（{:+d}）") if language == "zh" else (", ", ".", " ({:+d})")
    links = [
        link(filter_id(topic=str(topic)), show(study.codebook.topic(str(topic)).label[language]))
        + by.format(number)
        for topic, number in named.items()
    ]
    return between.join(links) + stop


def _count_verdicts(findings: Mapping[str, Finding], measure: str, language: Language) -> str:
    counts = Counter(finding.standing.get(measure) for finding in findings.values())
    return ("、" if language == "zh" else ", ").join(
        _WORDS["verdict_one" if counts[verdict] == 1 else "verdict"][language].format(
            verdict=VERDICTS[verdict][language], n=counts[verdict]
        )
        for verdict in VERDICTS
        if counts[verdict]
    )
