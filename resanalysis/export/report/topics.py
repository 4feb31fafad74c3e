"""Each topic in numbers, every number a link to the clauses that make it."""

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
from resanalysis.export.tables import list_records
from resanalysis.model import Language, Study

_COLUMNS: dict[Language, tuple[str, ...]] = {
    "zh": (
        "主题",
        "条款数<br>{old}",
        "条款数<br>{new}",
        "条款数之差",
        "每百条中",
        "份额 %",
        "每百条之差（区间）",
    ),
    "en": (
        "Topic",
        "Clauses<br>{old}",
        "Clauses<br>{new}",
        "Change",
        "Per 100 clauses",
        "Share %",
        "Change per 100 (interval)",
    ),
}
_VERDICT: dict[Language, str] = {"zh": "判定", "en": "Verdicts"}


def write_topics(study: Study, findings: Mapping[str, Finding], language: Language) -> str:
    """Return the table of topics; the verdicts have a column where they were asked."""
    judged = any(finding.standing for finding in findings.values())
    old, new = (show(study.corpus.edition(v).label(language)) for v in ("old", "new"))
    columns = [column.format(old=old, new=new) for column in _COLUMNS[language]]
    columns += [_VERDICT[language]] if judged else []
    head = "".join(f'<th scope="col">{column}</th>' for column in columns)
    rows = []
    for row in list_records(total_rows(study)):
        cells = _write_cells(row, study, language)
        if judged:
            badges = show_standing(findings.get(row["topic"]), language)
            cells += f'<td class="standing">{badges or "—"}</td>'
        rows.append(f"<tr>{cells}</tr>")
    return (
        f'<table class="numbers"><thead><tr>{head}</tr></thead>\n<tbody>\n'
        + "\n".join(rows)
        + "\n</tbody></table>"
    )


def _write_cells(row: Mapping[str, Any], study: Study, language: Language) -> str:
    topic = str(row["topic"])
    change = int(row["n_new"] - row["n_old"])
    numbers = [
        ({"topic": topic, "in": "old"}, f"{row['n_old']}"),
        ({"topic": topic, "in": "new"}, f"{row['n_new']}"),
        ({"topic": topic}, f"{change:+d}" if change else "0"),
        ({"topic": topic}, f"{row['rate_old']:.1f} → {row['rate_new']:.1f}"),
        ({"topic": topic}, f"{100 * row['share_old']:.1f} → {100 * row['share_new']:.1f}"),
        (
            {"topic": topic},
            f"{_signed(row['difference'])} "
            f"[{_signed(row['difference_low'])}, {_signed(row['difference_high'])}]",
        ),
    ]
    label = show(study.codebook.topic(topic).label[language])
    cells = "".join(f"<td>{link(filter_id(**chosen), text)}</td>" for chosen, text in numbers)
    return f'<th scope="row">{label}</th>{cells}'


def _signed(value: float) -> str:
    # Adding 0 turns a rounded -0.0 into 0.0.
    return f"{round(value, 1) + 0:+.1f}" if pd.notna(value) else "—"
