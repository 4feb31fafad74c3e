"""A clause as HTML: what only its version has, what is uncertain, and what matched a topic."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from html import escape
from itertools import groupby
from typing import Any

from resanalysis.export.pairs import ClauseText, MarkedRun
from resanalysis.export.report.parts import show
from resanalysis.export.tables import list_records
from resanalysis.model import Codebook, Language, Study, Version

Hit = tuple[str, str]
"""A topic's id and the term or word that matched."""


def group_tags(study: Study) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """Return the tags of each clause by version and clause."""
    found: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for tag in list_records(study.tags):
        found[tag["version"], tag["clause_id"]].append(tag)
    return dict(found)


def write_marked(
    clause: ClauseText,
    version: Version,
    tags: Sequence[dict[str, Any]],
    book: Codebook,
    language: Language,
) -> str:
    """Return marker, text and footnotes of a clause; topics are marked in its own text only.

    Footnotes are not counted, so a mark in one would be a hit that no number has.
    """
    hits = _hits_by_character(len(clause.text), tags)
    marker = f"<b>{show(clause.marker)}</b> " if clause.marker else ""
    parts, position = [], 0
    for run in clause.runs:
        places = range(position, position + len(run.text))
        inside = "".join(
            _write_hits("".join(clause.text[i] for i in group), found, book, language)
            for found, group in groupby(places, key=lambda i: hits[i])
        )
        parts.append(_write_run(run, inside, version))
        position += len(run.text)
    notes = "".join(
        f'<div class="note">{write_marked(note, version, (), book, language)}</div>'
        for note in clause.notes
    )
    return marker + "".join(parts) + notes


def _hits_by_character(length: int, tags: Sequence[dict[str, Any]]) -> list[tuple[Hit, ...]]:
    hits: list[list[Hit]] = [[] for _ in range(length)]
    for tag in tags:
        hit = (str(tag["topic"]), str(tag["term"]))
        for place in range(tag["start"], tag["end"]):
            if hit not in hits[place]:
                hits[place].append(hit)
    return [tuple(found) for found in hits]


def _write_hits(text: str, hits: tuple[Hit, ...], book: Codebook, language: Language) -> str:
    if not hits:
        return show(text)
    topics = " ".join(dict.fromkeys(topic for topic, _ in hits))
    between = "：" if language == "zh" else ": "
    title = "; ".join(f"{book.topic(topic).label[language]}{between}{term}" for topic, term in hits)
    return f'<mark data-topics="{escape(topics)}" title="{escape(title)}">{show(text)}</mark>'


def _write_run(run: MarkedRun, inside: str, version: Version) -> str:
    """Return a run within `del` or `ins` where only its version has it, dotted where uncertain."""
    unsure = ' class="uncertain"' if run.is_uncertain else ""
    element = ("del" if version == "old" else "ins") if run.is_changed else "span" * bool(unsure)
    return f"<{element}{unsure}>{inside}</{element}>" if element else inside
