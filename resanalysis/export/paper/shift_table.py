"""The table that a paper on thematic shift prints: topics, counts, shares, origin of change."""

from __future__ import annotations

from itertools import groupby
from typing import Any

import pandas as pd

from resanalysis.export.paper.shift_notes import WORDS, name_level, write_notes
from resanalysis.export.paper.table import Cell, Column, PaperTable, Row, Run
from resanalysis.export.tables import list_records
from resanalysis.export.wording import name_body
from resanalysis.model import UNITS, Codebook, Language, Study, input_error

_ORIGINS = {"add": "ADD", "sup": "SUP", "mod_gain": "MOD+", "mod_loss": "MOD−"}
"""Where a change comes from: columns of `shift`, in ITU's symbols."""

_SUMMED = ("n_old", "n_new", "share_old", "share_new", *_ORIGINS)
"""Columns of `shift` whose sum over the topics means something."""


def make_shift_table(
    study: Study,
    *,
    language: Language = "zh",
    unit: str = "clause",
    verdicts: pd.DataFrame | None = None,
) -> PaperTable:
    """Return the table of topics with counts and shares in both editions, and their change.

    Parameters
    ----------
    study : Study
        The study; all numbers are those of its table `shift` with breakdown `total`.
    language : {"zh", "en"}
        Language of labels and notes.
    unit : {"clause", "character", "token", "matched"}
        What is counted.
    verdicts : DataFrame, optional
        Table `robustness` of the same study and unit; adds the verdict on the share.

    Returns
    -------
    PaperTable
        One row per topic under its theme, and one of sums. Columns: topic; count and share (%) in
        the old and in the new edition; change of the share in percentage points and, where the
        study has intervals, its interval; what added and suppressed clauses and edits brought and
        took; the verdict.

    Raises
    ------
    ValueError
        When `unit` is something else.
    InputError
        When `shift` has no such rows, or `verdicts` lacks a topic or is of another shift.

    Examples
    --------
    >>> from resanalysis.study import run_study
    >>> study = run_study("tests/data/small", draws=0)
    >>> table = make_shift_table(study, language="en")
    >>> [column.heading for column in table.columns]
    ['Topic', 'clauses', 'share %', 'clauses', 'share %', 'points', 'ADD', 'SUP', 'MOD+', 'MOD−']
    >>> [cell.text for cell in table.rows[-1].cells[:3]]
    ['All topic assignments', '26', '100.0']
    """
    rows = _choose_rows(study, unit)
    model = str(rows["interval_model"].iloc[0])
    has_interval = model != "none"
    judged = {} if verdicts is None else _read_verdicts(verdicts, rows)
    records = [row | {"verdict": judged.get(row["topic"], "")} for row in list_records(rows)]
    columns = _name_columns(study, unit, language, model=model, is_judged=bool(judged))
    caption = WORDS["caption"][language].format(
        body=name_body(study, language),
        old=study.corpus.old.label(language),
        new=study.corpus.new.label(language),
        unit=WORDS[unit][language],
    )
    return PaperTable(
        "topic-shift" if unit == "clause" else f"topic-shift-{unit}",
        language,
        caption,
        columns,
        (
            *_make_rows(records, study.codebook, language, has_interval=has_interval),
            _make_total(rows, columns, language, has_interval=has_interval),
        ),
        write_notes(study, rows, unit, language, verdicts=verdicts),
    )


def _choose_rows(study: Study, unit: str) -> pd.DataFrame:
    if unit not in UNITS:
        raise ValueError(f"unit {unit!r}: choose one of {', '.join(UNITS)}")
    shift = study.shift
    rows = shift[shift["unit"].eq(unit) & shift["breakdown"].eq("total")]
    if rows.empty:
        raise input_error(
            "shift", f"unit {unit}", "there are no rows for the whole text", "Run the study anew"
        )
    return rows


def _read_verdicts(verdicts: pd.DataFrame, rows: pd.DataFrame) -> dict[str, str]:
    """Return the verdict on each topic's share; it must be about the very numbers printed."""
    shares = verdicts[verdicts["measure"].eq("share")].set_index("topic")
    for topic, change in zip(rows["topic"], rows["share_difference"], strict=True):
        place = f"topic {topic}"
        if topic not in shares.index:
            raise input_error(
                "robustness", place, "there is no verdict on its share", "Pass the whole table"
            )
        if abs(shares.at[topic, "value"] - change) > 1e-9:  # noqa: PD008
            raise input_error(
                "robustness",
                place,
                "the change of its share is not that of the study",
                "Assess this study, with the same unit",
            )
    return {str(topic): str(verdict) for topic, verdict in shares["verdict"].items()}


def _name_columns(
    study: Study, unit: str, language: Language, *, model: str, is_judged: bool
) -> tuple[Column, ...]:
    def say(key: str, **values: str) -> str:
        return WORDS[key][language].format(**values)

    change, origin = say("change"), say("origin", unit=say(unit))
    columns = [Column(say("topic"), kind="label")]
    for edition in (study.corpus.old, study.corpus.new):
        label = edition.label(language)
        columns += [Column(say(f"n {unit}"), label), Column(say("share"), label)]
    columns.append(Column(say("points"), change))
    if model != "none":
        columns.append(Column(name_level(model, language), change))
    columns += [Column(symbol, origin) for symbol in _ORIGINS.values()]
    if is_judged:
        columns.append(Column(say("verdict"), kind="label"))
    return tuple(columns)


def _make_rows(
    records: list[dict[str, Any]], book: Codebook, language: Language, *, has_interval: bool
) -> list[Row]:
    """Return the topics under the headings of their themes."""
    topics = {topic.id: topic for topic in book.topics}
    order = [topic.id for topic in book.topics]
    themes = [*book.themes, *(topic.theme for topic in book.topics)]
    records = sorted(
        records, key=lambda r: (themes.index(topics[r["topic"]].theme), order.index(r["topic"]))
    )
    rows = []
    for theme, group in groupby(records, key=lambda r: topics[r["topic"]].theme):
        label = book.themes.get(theme, {}).get(language, theme)
        rows.append(Row((_print_text(label),), is_heading=True))
        for record in group:
            name = _print_text(topics[record["topic"]].label[language])
            rows.append(Row((name, *_print_numbers(record, language, has_interval=has_interval))))
    return rows


def _print_numbers(
    row: dict[str, Any], language: Language, *, has_interval: bool
) -> tuple[Cell, ...]:
    """Return the cells of a topic right of its name."""
    low, high = (100 * row[f"share_difference_{end}"] for end in ("low", "high"))
    interval = _print_text(f"[{_sign(low)}, {_sign(high)}]")
    return (
        _print_number(row["n_old"]),
        _print_number(100 * row["share_old"], 1),
        _print_number(row["n_new"]),
        _print_number(100 * row["share_new"], 1),
        Cell((Run(_sign(100 * row["share_difference"])),), 100 * row["share_difference"], 1),
        *([interval] if has_interval else []),
        *(_print_number(row[origin]) for origin in _ORIGINS),
        *([_print_text(WORDS[row["verdict"]][language])] if row["verdict"] else []),
    )


def _make_total(
    rows: pd.DataFrame, columns: tuple[Column, ...], language: Language, *, has_interval: bool
) -> Row:
    """Return the row of sums; the changes of the shares sum to zero and are left out."""
    sums = {name: rows[name].sum() for name in _SUMMED}
    cells = (
        _print_text(WORDS["total"][language]),
        _print_number(sums["n_old"]),
        _print_number(100 * sums["share_old"], 1),
        _print_number(sums["n_new"]),
        _print_number(100 * sums["share_new"], 1),
        *([Cell()] * (2 if has_interval else 1)),
        *(_print_number(sums[origin]) for origin in _ORIGINS),
    )
    return Row((*cells, *([Cell()] * (len(columns) - len(cells)))), is_total=True)


def _print_text(text: str) -> Cell:
    return Cell((Run(text),))


def _print_number(number: float, decimals: int = 0) -> Cell:
    """Return a number as printed, and the number itself as one of Python's own."""
    value = float(number) if decimals else int(number)
    return Cell((Run(f"{value:.{decimals}f}"),), value, decimals)


def _sign(number: float) -> str:
    """Return a number with one place, its sign and a real minus; none where it rounds to zero."""
    text = f"{number:+.1f}".replace("-", "−")
    return text[1:] if float(f"{number:.1f}") == 0 else text
