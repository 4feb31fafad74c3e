"""The two versions side by side (修订对照表) as a table for a paper's appendix."""

from __future__ import annotations

from itertools import groupby

from resanalysis.export.pairs import (
    CHANGES,
    FLAGS,
    ClauseText,
    ComparedPair,
    compare_pairs,
    mark_topics,
)
from resanalysis.export.paper.table import Cell, Column, PaperTable, Row, Run
from resanalysis.export.wording import (
    WORDS,
    describe_counts,
    describe_places,
    describe_scope,
    describe_source,
    name_body,
)
from resanalysis.model import Codebook, Language, Study, Version

_NO_CLAUSE = Cell((Run("—"),))

_WORDS: dict[str, dict[Language, str]] = {
    "caption": {
        "zh": "{body}《{title}》修订对照：{old}与{new}",
        "en": "{body}, “{title}”: the texts of {old} and {new} side by side",
    },
    "marks": {
        "zh": "删除线：仅旧版有；下划线：仅新版有；点线：是否改动不确定。主题同此：保留条款所失的"
        "主题加删除线，所得的加下划线。",
        "en": "Struck through: old version only. Underlined: new version only. Dotted line: not "
        "certain whether changed. In the same way a topic is struck through where a kept clause "
        "lost it, underlined where it gained it.",
    },
    "changes": {
        "zh": "变动用国际电联符号：{counts}。",
        "en": "Changes in ITU's symbols: {counts}.",
    },
}


def make_comparison_table(study: Study, *, language: Language = "zh") -> PaperTable:
    """Return the table of old and new clauses with what changed in them, and their topics.

    Parameters
    ----------
    study : Study
        The study.
    language : {"zh", "en"}
        Language of headings, topics and notes; the clauses stand as they are.

    Returns
    -------
    PaperTable
        Four columns: change, old text, new text, topics. One row per 1:1 pair or orphan, in the
        order of `pairs`, under the heading it has in the resolution. What else is told of a change,
        a clause's footnotes, and each topic are paragraphs of their cells.

    Examples
    --------
    >>> from resanalysis.study import run_study
    >>> study = run_study("tests/data/small", draws=0)
    >>> table = make_comparison_table(study, language="en")
    >>> [column.heading for column in table.columns]
    ['Change', 'Qingyu 2015', 'Lanxi 2023', 'Topics']
    """
    corpus = study.corpus
    pairs = compare_pairs(study)
    columns = (
        Column(WORDS["change"][language], kind="label"),
        Column(corpus.old.label(language), kind="text"),
        Column(corpus.new.label(language), kind="text"),
        Column(WORDS["topics"][language], kind="label"),
    )
    rows: list[Row] = []
    for heading, group in groupby(pairs, key=lambda pair: pair.heading):
        if heading:
            rows.append(Row((Cell((Run(_join_lines(heading)),)),), is_heading=True))
        rows += [_make_row(pair, study.codebook, language) for pair in group]
    caption = _WORDS["caption"][language].format(
        body=name_body(study, language),
        title=corpus.title[language],
        old=corpus.old.label(language),
        new=corpus.new.label(language),
    )
    return PaperTable(
        "comparison", language, caption, columns, tuple(rows), _write_notes(study, pairs, language)
    )


def _make_row(pair: ComparedPair, book: Codebook, language: Language) -> Row:
    change = f"{pair.change} {CHANGES[pair.change][language]}"
    flags = (FLAGS[flag][language] for flag in pair.flags)
    return Row(
        (
            Cell((Run("\n".join((change, *flags))),)),
            _NO_CLAUSE if pair.old is None else Cell(_run_clause(pair.old, "old")),
            _NO_CLAUSE if pair.new is None else Cell(_run_clause(pair.new, "new")),
            _list_topics(pair, book, language),
        )
    )


def _run_clause(clause: ClauseText, version: Version) -> tuple[Run, ...]:
    """Return marker and text of a clause, and below them those of its footnotes."""
    marker = (Run(f"{clause.marker} "),) if clause.marker else ()
    runs = tuple(
        Run(
            _join_lines(run.text),
            ("del" if version == "old" else "ins") if run.is_changed else "",
            run.is_uncertain,
        )
        for run in clause.runs
    )
    notes = tuple(run for note in clause.notes for run in (Run("\n"), *_run_clause(note, version)))
    return marker + runs + notes


def _list_topics(pair: ComparedPair, book: Codebook, language: Language) -> Cell:
    runs: list[Run] = []
    for topic, mark in mark_topics(pair, book):
        runs += [*([Run("\n")] if runs else []), Run(topic.label[language], mark)]
    return Cell(tuple(runs)) if runs else _NO_CLAUSE


def _join_lines(text: str) -> str:
    # A line break of the text is white space here: in a cell it would begin a paragraph.
    return text.replace("\r\n", " ").replace("\n", " ")


def _write_notes(study: Study, pairs: list[ComparedPair], language: Language) -> tuple[str, ...]:
    """Return what the marks mean, how much changed, the table's limits and its source."""
    counts = describe_counts(pairs, language)
    scope, places = describe_scope(study, language), describe_places(study, language)
    return (
        _WORDS["marks"][language],
        _WORDS["changes"][language].format(counts=counts),
        ("" if language == "zh" else " ").join(filter(None, (scope, places))),
        describe_source(study, language),
    )
