"""A paper's tables: what stands in their cells, and what their notes say."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from resanalysis.export.pairs import CHANGES, ComparedPair, compare_pairs, mark_topics
from resanalysis.export.paper import PaperTable, Row, make_comparison_table, make_shift_table
from resanalysis.model import LANGUAGES, UNITS, InputError, Language, Study
from resanalysis.study import run_study

BOTH = pytest.mark.parametrize("language", LANGUAGES)
NUMBERS = ("n_old", "share_old", "n_new", "share_new", "share_difference")
ORIGINS = ("add", "sup", "mod_gain", "mod_loss")


@pytest.fixture(scope="module")
def study(small_corpus: Path) -> Study:
    return run_study(small_corpus, draws=0)


@pytest.fixture(scope="module")
def with_intervals(small_corpus: Path) -> Study:
    return run_study(small_corpus, draws=50)


def totals(study: Study, unit: str = "clause") -> pd.DataFrame:
    shift = study.shift
    return shift[shift["unit"].eq(unit) & shift["breakdown"].eq("total")]


def topic_rows(table: PaperTable) -> list[Row]:
    return [row for row in table.rows if not row.is_heading and not row.is_total]


def judge(study: Study) -> pd.DataFrame:
    """Return verdicts on every topic's share, one kind after the other."""
    rows = totals(study)
    kinds = ["robust", "fragile", "undecided"] * len(rows)
    return pd.DataFrame(
        {
            "measure": "share",
            "topic": rows["topic"],
            "value": rows["share_difference"],
            "verdict": kinds[: len(rows)],
            "choices_tried": 12,
            "reading_model": "5 readings, 3 places by their weights, seed 0",
        }
    )


# --- the shift ----------------------------------------------------------------------------------


@BOTH
@pytest.mark.parametrize("unit", UNITS)
def test_numbers_are_those_of_the_shift(study: Study, unit: str, language: Language) -> None:
    table = make_shift_table(study, language=language, unit=unit)
    labels = {topic.label[language]: topic.id for topic in study.codebook.topics}
    rows = totals(study, unit).set_index("topic")
    assert len(topic_rows(table)) == len(rows)
    for row in topic_rows(table):
        expected = rows.loc[labels[row.cells[0].text]]
        values = [cell.value for cell in row.cells[1:]]
        shares = [name for name in NUMBERS if name.startswith("share")]
        scaled = expected[[*NUMBERS, *ORIGINS]] * [
            *(100 if name in shares else 1 for name in NUMBERS),
            *(1 for _ in ORIGINS),
        ]
        assert values == pytest.approx(list(scaled.astype(float)))


def test_numbers_are_printed_as_they_are_with_a_real_minus(study: Study) -> None:
    seen = set()
    for row in topic_rows(make_shift_table(study)):
        for cell in row.cells[1:]:
            assert cell.value is not None
            printed = cell.text.replace("\N{MINUS SIGN}", "-")
            assert "-" not in cell.text
            assert float(printed) == pytest.approx(cell.value, abs=0.5 / 10**cell.decimals)
            seen.add(cell.text[0])
    assert {"+", "\N{MINUS SIGN}"} <= seen


def test_a_change_that_rounds_to_zero_has_no_sign(study: Study) -> None:
    shift = study.shift.assign(share_difference=-0.0001)
    row = topic_rows(make_shift_table(replace(study, shift=shift)))[0]
    assert row.cells[5].text == "0.0"


def test_every_row_accounts_for_its_change(study: Study) -> None:
    for row in make_shift_table(study).rows:
        if not row.is_heading:
            old, new = row.cells[1].value, row.cells[3].value
            add, sup, gain, loss = (cell.value for cell in row.cells[-4:])
            assert new == old + add - sup + gain - loss  # type: ignore[operator]


def test_the_last_row_sums_the_others(study: Study) -> None:
    table = make_shift_table(study)
    total = table.rows[-1]
    assert total.is_total
    for i in (1, 2, 3, 4, 6, 7, 8, 9):
        summed = sum(row.cells[i].value or 0 for row in topic_rows(table))
        assert total.cells[i].value == pytest.approx(summed)
    assert (total.cells[2].text, total.cells[5].text) == ("100.0", "")


@BOTH
def test_topics_stand_under_their_themes(study: Study, language: Language) -> None:
    found: dict[str, list[str]] = {}
    for row in make_shift_table(study, language=language).rows[:-1]:
        if row.is_heading:
            found[row.cells[0].text] = topics = []
        else:
            topics.append(row.cells[0].text)
    book = study.codebook
    assert found == {
        label[language]: [t.label[language] for t in book.topics if t.theme == theme]
        for theme, label in book.themes.items()
    }


@BOTH
def test_editions_are_named_over_their_columns(study: Study, language: Language) -> None:
    columns = make_shift_table(study, language=language).columns
    old, new = study.corpus.old.label(language), study.corpus.new.label(language)
    assert [column.group for column in columns[1:5]] == [old, old, new, new]


def test_intervals_are_printed_with_their_model(with_intervals: Study) -> None:
    table = make_shift_table(with_intervals, language="en")
    assert table.columns[6].heading == "95\N{NO-BREAK SPACE}% interval"
    shift = totals(with_intervals).set_index("topic")
    labels = {topic.label["en"]: topic.id for topic in with_intervals.codebook.topics}
    for row in topic_rows(table):
        printed = row.cells[6].text.replace("\N{MINUS SIGN}", "-").strip("[]").split(", ")
        ends = shift.loc[labels[row.cells[0].text]]
        expected = [100 * ends["share_difference_low"], 100 * ends["share_difference_high"]]
        assert [float(end) for end in printed] == pytest.approx(expected, abs=0.0501)
    assert any("50 draws" in note for note in table.notes)


def test_without_draws_there_are_no_intervals_and_the_notes_say_so(study: Study) -> None:
    table = make_shift_table(study, language="en")
    assert not any("interval" in column.heading for column in table.columns)
    assert "No intervals were computed." in table.notes


@BOTH
def test_verdicts_stand_with_their_topics(study: Study, language: Language) -> None:
    verdicts = judge(study)
    table = make_shift_table(study, language=language, verdicts=verdicts)
    words = {"zh": ("稳健", "脆弱", "未定"), "en": ("robust", "fragile", "undecided")}[language]
    said = dict(zip(("robust", "fragile", "undecided"), words, strict=True))
    labels = {topic.id: topic.label[language] for topic in study.codebook.topics}
    expected = {labels[row["topic"]]: said[row["verdict"]] for row in verdicts.to_dict("records")}
    assert {row.cells[0].text: row.cells[-1].text for row in topic_rows(table)} == expected
    assert any("12" in note and "95 %" in note for note in table.notes)


def test_verdicts_of_another_shift_are_refused(study: Study) -> None:
    verdicts = judge(study)
    with pytest.raises(InputError, match="not that of the study"):
        make_shift_table(study, verdicts=verdicts.assign(value=verdicts["value"] + 0.01))


def test_a_missing_verdict_is_named(study: Study) -> None:
    with pytest.raises(InputError, match="topic water: there is no verdict"):
        make_shift_table(study, verdicts=judge(study).query("topic != 'water'"))


def test_an_unknown_unit_is_refused(study: Study) -> None:
    with pytest.raises(ValueError, match="unit 'line': choose one of clause"):
        make_shift_table(study, unit="line")


@BOTH
def test_notes_of_the_shift_count_clauses_and_uncertain_runs(
    study: Study, language: Language
) -> None:
    notes = "\n".join(make_shift_table(study, language=language).notes)
    rows = totals(study)
    changed = study.segments[study.segments["op"].ne("equal")]
    unsure = changed[changed["certainty"].ne("proven") & changed["confidence"].lt(1)]
    for number in (rows["base_old"].iloc[0], rows["base_new"].iloc[0], len(changed), len(unsure)):
        assert str(number) in notes
    assert f"{study.codebook.id} {study.codebook.version}" in notes
    assert study.corpus.describe_origin(language) in notes


def test_a_certain_redline_is_not_called_uncertain(study: Study) -> None:
    segments = study.segments.assign(certainty="proven", confidence=1.0)
    exact = replace(study, segments=segments, alternatives=study.alternatives.iloc[:0])
    notes = "\n".join(make_shift_table(exact, language="en").notes)
    assert "not certain" not in notes
    assert "plausible reading" not in notes


# --- the two versions side by side --------------------------------------------------------------


def pairs_and_rows(study: Study, language: Language) -> list[tuple[ComparedPair, Row]]:
    table = make_comparison_table(study, language=language)
    return list(zip(compare_pairs(study), topic_rows(table), strict=True))


@BOTH
def test_runs_of_a_cell_join_to_its_clause_and_footnotes(study: Study, language: Language) -> None:
    for pair, row in pairs_and_rows(study, language):
        for clause, cell in ((pair.old, row.cells[1]), (pair.new, row.cells[2])):
            if clause is None:
                assert cell.text == "—"
                continue
            shown = [
                f"{c.marker} {c.text}" if c.marker else c.text for c in (clause, *clause.notes)
            ]
            assert cell.text == "\n".join(shown)


def test_marks_are_those_of_the_clauses(study: Study) -> None:
    seen = set()
    for pair, row in pairs_and_rows(study, "zh"):
        for clause, cell, mark in (
            (pair.old, row.cells[1], "del"),
            (pair.new, row.cells[2], "ins"),
        ):
            if clause:
                expected = [
                    (run.text, mark if run.is_changed else "", run.is_uncertain)
                    for part in (clause, *clause.notes)
                    for run in part.runs
                    if run.is_changed or run.is_uncertain
                ]
                found = [(run.text, run.mark, run.is_uncertain) for run in cell.runs]
                assert [run for run in found if run[1] or run[2]] == expected
                seen |= {run[1:] for run in expected}
    assert {("del", False), ("ins", False)} <= seen


@BOTH
def test_topics_and_change_are_those_of_the_pair(study: Study, language: Language) -> None:
    marks = set()
    for pair, row in pairs_and_rows(study, language):
        assert row.cells[0].text.split("\n")[0] == f"{pair.change} {CHANGES[pair.change][language]}"
        found = [(run.text, run.mark) for run in row.cells[3].runs if run.text != "\n"]
        marked = mark_topics(pair, study.codebook)
        assert found == ([(t.label[language], mark) for t, mark in marked] or [("—", "")])
        marks |= {mark for _, mark in marked}
    assert "del" in marks


def test_clauses_stand_under_their_headings(study: Study) -> None:
    heading, found = "", []
    for row in make_comparison_table(study).rows:
        if row.is_heading:
            heading = row.cells[0].text
        else:
            found.append(heading)
    assert found == [pair.heading for pair in compare_pairs(study)]


def test_a_text_without_headings_has_no_heading_rows(study: Study) -> None:
    plain = replace(study, clauses=study.clauses.assign(heading=""))
    assert not any(row.is_heading for row in make_comparison_table(plain).rows)


@BOTH
def test_every_row_fills_its_columns(with_intervals: Study, language: Language) -> None:
    judged = judge(with_intervals)
    for table in (
        make_shift_table(with_intervals, language=language, verdicts=judged),
        make_comparison_table(with_intervals, language=language),
    ):
        for row in table.rows:
            assert len(row.cells) == (1 if row.is_heading else len(table.columns))
        assert table.caption
        assert all(table.notes)
