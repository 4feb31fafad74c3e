"""The 对照表 as one HTML page that needs no network and prints on landscape paper."""

from __future__ import annotations

from html import escape
from importlib import resources
from itertools import groupby
from string import Template

from resanalysis.export.pairs import (
    CHANGES,
    ClauseText,
    ComparedPair,
    MarkedRun,
    compare_pairs,
    mark_topics,
)
from resanalysis.export.wording import (
    WORDS,
    describe_counts,
    describe_flags,
    describe_scope,
    describe_source,
    name_body,
)
from resanalysis.model import Codebook, Language, Study, Version


def write_html(study: Study, *, language: Language) -> str:
    """Return the page: title, legend, one table row per pair, where the texts come from."""
    corpus = study.corpus
    pairs = compare_pairs(study)
    words = {name.replace(" ", "_"): escape(word[language]) for name, word in WORDS.items()}
    template = resources.files("resanalysis").joinpath("data", "comparison.html").read_text("utf-8")
    rows = "\n".join(
        _write_group(heading, list(group), study, language)
        for heading, group in groupby(pairs, key=lambda pair: pair.heading)
    )
    return Template(template).substitute(
        words,
        language="zh-Hans" if language == "zh" else "en",
        title=escape(corpus.title[language]),
        resolution=escape(name_body(study, language)),
        old=escape(corpus.old.label(language)),
        new=escape(corpus.new.label(language)),
        counts=escape(describe_counts(pairs, language)),
        scope=escape(describe_scope(study, language)),
        source=escape(describe_source(study, language)),
        rows=rows,
    )


def write_clause(clause: ClauseText, version: Version) -> str:
    """Return marker, text and footnotes of a clause; what only its version has is marked."""
    element = "del" if version == "old" else "ins"
    marker = f"<b>{escape(clause.marker)}</b> " if clause.marker else ""
    text = "".join(_write_run(run, element) for run in clause.runs)
    notes = "".join(f'<div class="note">{write_clause(n, version)}</div>' for n in clause.notes)
    return marker + text + notes


def _write_run(run: MarkedRun, element: str) -> str:
    text = escape(run.text)
    unsure = ' class="uncertain"' if run.is_uncertain else ""
    if run.is_changed:
        return f"<{element}{unsure}>{text}</{element}>"
    return f"<span{unsure}>{text}</span>" if unsure else text


def _write_group(heading: str, pairs: list[ComparedPair], study: Study, language: Language) -> str:
    """Return the rows of the clauses under one heading as a body of the table."""
    chinese = ' lang="zh-Hans"' if language == "en" else ""
    top = (
        f'<tr class="heading"><th colspan="4" scope="rowgroup"{chinese}>{escape(heading)}</th></tr>'
    )
    rows = "\n".join(_write_row(pair, study, language) for pair in pairs)
    return f"<tbody>\n{top if heading else ''}\n{rows}\n</tbody>"


def _write_row(pair: ComparedPair, study: Study, language: Language) -> str:
    flags = escape(describe_flags(pair, language))
    small = f" <small>{flags}</small>" if flags else ""
    change = f"<b>{pair.change}</b> {escape(CHANGES[pair.change][language])}{small}"
    cells = [f'<td class="change">{change}</td>']
    sides: tuple[tuple[Version, ClauseText | None], ...] = (("old", pair.old), ("new", pair.new))
    for version, side in sides:
        label = escape(study.corpus.edition(version).label(language), quote=True)
        text = write_clause(side, version) if side else "—"
        chinese = ' lang="zh-Hans"' if language == "en" else ""
        cells.append(f'<td data-label="{label}"{chinese}>{text}</td>')
    cells.append(f'<td class="topics">{_write_topics(pair, study.codebook, language)}</td>')
    return f'<tr class="{pair.change}">{"".join(cells)}</tr>'


def _write_topics(pair: ComparedPair, book: Codebook, language: Language) -> str:
    labels = []
    for topic, mark in mark_topics(pair, book):
        label = escape(topic.label[language])
        labels.append(f"<li>{f'<{mark}>{label}</{mark}>' if mark else label}</li>")
    return f"<ul>{''.join(labels)}</ul>" if labels else "—"
