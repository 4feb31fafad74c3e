"""The 修订对照表 of the page, with what its filters ask of each row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from itertools import groupby
from typing import Any

from resanalysis.export.pairs import (
    CHANGES,
    VERSIONS,
    ClauseText,
    ComparedPair,
    compare_pairs,
    mark_topics,
)
from resanalysis.export.report.marking import group_tags, write_marked
from resanalysis.export.report.parts import chinese, clause_anchor, filter_id, link, show
from resanalysis.export.tables import list_records
from resanalysis.export.wording import describe_flags
from resanalysis.model import Language, Study


@dataclass(frozen=True)
class ComparedRow:
    """A row of the table and what can be asked of it.

    Attributes
    ----------
    pair : ComparedPair
        The two clauses.
    parts, addressees : tuple of str
        Parts and sets of addressees that either clause has.
    is_uncertain : bool
        Whether a character of either clause is uncertain.
    """

    pair: ComparedPair
    parts: tuple[str, ...]
    addressees: tuple[str, ...]
    is_uncertain: bool

    @property
    def change(self) -> str:
        """ITU's symbol."""
        return self.pair.change


def list_rows(study: Study) -> list[ComparedRow]:
    """Return the rows of the table in their order."""
    clauses = {(row["version"], row["clause_id"]): row for row in list_records(study.clauses)}
    rows = []
    for pair in compare_pairs(study):
        sides = [(v, side) for v, side in zip(VERSIONS, (pair.old, pair.new), strict=True) if side]
        found = [clauses[version, side.clause_id] for version, side in sides]
        rows.append(
            ComparedRow(
                pair=pair,
                parts=_values(found, "part"),
                addressees=_values(found, "addressee"),
                is_uncertain=any(_is_uncertain(side) for _, side in sides),
            )
        )
    return rows


def _values(clauses: list[dict[str, Any]], column: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(str(clause[column]) for clause in clauses if clause[column]))


def _is_uncertain(clause: ClauseText) -> bool:
    runs = [*clause.runs, *(run for note in clause.notes for run in note.runs)]
    return any(run.is_uncertain for run in runs)


def write_rows(rows: list[ComparedRow], study: Study, language: Language) -> str:
    """Return the bodies of the table, one per heading of the resolution."""
    tags = group_tags(study)
    firsts = {filter_id(change=row.change): row for row in reversed(rows)}
    firsts |= {filter_id(sure="no"): row for row in reversed(rows) if row.is_uncertain}
    parts = []
    for heading, group in groupby(rows, key=lambda row: row.pair.heading):
        name = show(heading) or "—"
        parts.append("<tbody>")
        parts.append(
            '<tr class="heading"><th colspan="4" scope="rowgroup"'
            f"{chinese(language)}>{name}</th></tr>"
        )
        for row in group:
            anchors = [name for name, first in firsts.items() if first is row]
            parts.append(_write_row(row, study, tags, language, anchors=anchors))
        parts.append("</tbody>")
    return "\n".join(parts)


def _write_row(
    row: ComparedRow,
    study: Study,
    tags: Mapping[tuple[str, str], list[dict[str, Any]]],
    language: Language,
    *,
    anchors: list[str],
) -> str:
    """Return a row; `anchors` are the filters it is the first to fit, where their links lead."""
    pair = row.pair
    flags = describe_flags(pair, language)
    small = f" <small>{show(flags)}</small>" if flags else ""
    change = f"<b>{pair.change}</b> {CHANGES[pair.change][language]}{small}"
    places = "".join(f'<span id="{escape(name)}"></span>' for name in anchors)
    cells = [f'<td class="change">{places}{change}</td>']
    for version, side in zip(VERSIONS, (pair.old, pair.new), strict=True):
        label = f' data-label="{escape(study.corpus.edition(version).label(language))}"'
        if side is None:
            cells.append(f"<td{label}>—</td>")
            continue
        anchor = f' id="{escape(clause_anchor(version, side.clause_id))}"'
        text = write_marked(
            side, version, tags.get((version, side.clause_id), []), study.codebook, language
        )
        cells.append(f"<td{anchor}{label}{chinese(language)}>{text}</td>")
    cells.append(f'<td class="topics">{_write_topics(pair, study, language)}</td>')
    asked = "".join(f' data-{key}="{escape(value)}"' for key, value in _asked(row).items())
    return f'<tr class="row {pair.change}"{asked}>{"".join(cells)}</tr>'


def _asked(row: ComparedRow) -> dict[str, str]:
    """Return what the filters compare, values of one kind joined by spaces."""
    old, new = (" ".join(side.topics) if side else "" for side in (row.pair.old, row.pair.new))
    return {
        "old": old,
        "new": new,
        "change": row.change,
        "part": " ".join(row.parts),
        "to": " ".join(row.addressees),
        "sure": "no" if row.is_uncertain else "yes",
    }


def _write_topics(pair: ComparedPair, study: Study, language: Language) -> str:
    """Return links to a pair's topics; in a clause that stayed, del and ins for lost and gained."""
    items = []
    for topic, mark in mark_topics(pair, study.codebook):
        shown = link(filter_id(topic=topic.id), show(topic.label[language]))
        items.append(f"<li>{f'<{mark}>{shown}</{mark}>' if mark else shown}</li>")
    return f"<ul>{''.join(items)}</ul>" if items else "—"
