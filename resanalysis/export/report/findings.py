"""What was found, in sentences, each with its verdict and a link to its clauses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from resanalysis.export.report.parts import (
    Finding,
    filter_id,
    link,
    show,
    show_standing,
    total_rows,
)
from resanalysis.model import Language, Study

_GROUPS: dict[str, dict[Language, str]] = {
    "more": {"zh": "条款数增加的主题", "en": "Topics with more clauses"},
    "fewer": {"zh": "条款数减少的主题", "en": "Topics with fewer clauses"},
    "same": {"zh": "条款数未变的主题", "en": "Topics with as many clauses as before"},
}
_NONE: dict[Language, str] = {
    "zh": "两版均没有编码本所列的主题。",
    "en": "Neither edition has a topic of the codebook.",
}
_WHY: dict[Language, str] = {"zh": "判定依据", "en": "Grounds of the verdict"}


def group_topics_by_change(study: Study) -> dict[str, pd.Series[Any]]:
    """Return the change of each topic's number of clauses: `more`, `fewer`, `same`.

    The greatest change stands first. A topic without a clause in either edition is left out.
    """
    counts = total_rows(study)
    counts = counts[counts["n_old"].add(counts["n_new"]).gt(0)]
    change = (counts["n_new"] - counts["n_old"]).set_axis(counts["topic"])
    return {
        "more": change[change > 0].sort_values(ascending=False, kind="stable"),
        "fewer": change[change < 0].sort_values(kind="stable"),
        "same": change[change.eq(0)],
    }


def write_findings(study: Study, findings: Mapping[str, Finding], language: Language) -> str:
    """Return the sentences as lists, topics whose number of clauses changed most first."""
    parts = []
    for name, topics in group_topics_by_change(study).items():
        items = [
            _write_finding(study, topic, findings[topic], language)
            for topic in map(str, topics.index)
            if topic in findings
        ]
        if items:
            parts.append(f"<h3>{_GROUPS[name][language]}</h3>\n<ul>\n" + "\n".join(items) + "</ul>")
    return "\n".join(parts) or f"<p>{_NONE[language]}</p>"


def _write_finding(study: Study, topic: str, finding: Finding, language: Language) -> str:
    """Return a finding; the topic's name, with which it begins, is a link to its clauses."""
    label = study.codebook.topic(topic).label[language]
    name, rest = label, finding.sentence.removeprefix(label)
    said = f"{link(filter_id(topic=topic), show(name))}{show(rest)}"
    badges = show_standing(finding, language)
    grounds = (
        f"<details><summary>{badges} {_WHY[language]}</summary>"
        f"<p>{show(finding.verdict.strip())}</p></details>"
        if finding.verdict
        else badges
    )
    return f"<li>{said}{grounds}</li>"
