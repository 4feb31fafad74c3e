"""Coding sheets written, and read back when they are as they should be."""

import csv
import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
from coding_tables import NEW, make_clauses, make_codebook
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from resanalysis.coding import (
    check_coding,
    coding_sheet,
    list_uncoded,
    read_coding,
    write_sheet,
)
from resanalysis.model import InputError
from resanalysis.tables import TABLES

BOOK = make_codebook()
TOPICS = ["water", "e_waste"]
CLAUSES = make_clauses(
    [
        {"clause_id": "resolves", "kind": "heading", "text": "决议"},
        {"clause_id": "resolves__1", "text": "=节水\x0b，\ue000以", "parent_id": "resolves"},
        {"clause_id": "resolves__2", "text": "减少 电子废弃物"},
        {"clause_id": "resolves__3", "text": "请\n总干事"},
        {**NEW, "clause_id": "resolves__2", "text": "减少 电子废弃物"},
    ]
)
SUFFIXES = pytest.mark.parametrize("suffix", [".xlsx", ".csv"])


def filled(coder="ann", *, codes=None, **options):
    """Return a sheet with codes by text: topics, or `none`."""
    sheet = coding_sheet(CLAUSES, BOOK, coder=coder, **options)
    for text, marks in (codes or {}).items():
        for column, mark in marks.items():
            sheet.loc[sheet["text"] == text, column] = mark
    return sheet


def ones(codings):
    return {
        (row.edition, row.clause_id, row.topic)
        for row in codings[codings["code"] == 1].itertuples()
    }


# --- written ------------------------------------------------------------------------------------


@SUFFIXES
def test_the_same_sheet_gives_the_same_bytes(tmp_path, suffix):
    first, second = (write_sheet(filled(), BOOK, tmp_path / f"{i}{suffix}") for i in "ab")
    assert first.read_bytes() == second.read_bytes()


def test_a_workbook_holds_no_time(tmp_path):
    with zipfile.ZipFile(write_sheet(filled(), BOOK, tmp_path / "a.xlsx")) as archive:
        assert {info.date_time[0] for info in archive.infolist()} == {1980}
        core = archive.read("docProps/core.xml").decode()
    assert core.count("1980-01-01T00:00:00Z") == 2


def test_csv_has_a_byte_order_mark_for_excel(tmp_path):
    data = write_sheet(filled(), BOOK, tmp_path / "a.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbfunit,clauses,")


def test_a_workbook_tells_coders_everything_but_the_terms(tmp_path):
    data = write_sheet(filled(), BOOK, tmp_path / "a.xlsx").read_bytes()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        everything = "".join(archive.read(name).decode() for name in archive.namelist())
    assert "SECRET" not in everything
    page = openpyxl.load_workbook(io.BytesIO(data))["topics"]
    said = {cell for row in page.iter_rows(values_only=True) for cell in row}
    for text in ("主题", "Label ", "定义", "Definition ", "包括", "Exclude ", "例句", "反例"):
        assert {f"{text}{topic}" for topic in TOPICS} <= said
    assert {"逐句编码", "Code clause by clause"} <= said


def test_a_workbook_can_be_worked_with(tmp_path):
    book = openpyxl.load_workbook(write_sheet(filled(), BOOK, tmp_path / "a.xlsx"))
    page = book["coding"]
    assert page.freeze_panes == "F2"
    assert page["F1"].value == "主题water\nwater"
    assert "Label water" in page["F1"].comment.text
    assert page.column_dimensions["B"].hidden
    assert page["E2"].alignment.wrap_text
    limited = {str(rule.sqref): rule.formula1 for rule in page.data_validations.dataValidation}
    assert limited == {"F2:H4": '"1"', "I2:I4": '"?,不确定"'}


def test_a_row_is_as_high_as_its_text(tmp_path):
    clauses = make_clauses(
        {"clause_id": str(i), "text": text}
        for i, text in enumerate(("短", "长" * 100, "极长" * 999))
    )
    sheet = coding_sheet(clauses, BOOK).sort_values("clauses")
    page = openpyxl.load_workbook(write_sheet(sheet, BOOK, tmp_path / "a.xlsx"))["coding"]
    heights = [page.row_dimensions[row].height for row in (2, 3, 4)]
    assert heights[0] == 15
    # 100 characters of width 2 in a column 46 wide take at least five lines.
    assert 5 * 15 <= heights[1] <= 6 * 15
    assert heights[2] <= 409


def test_a_workbook_says_what_it_was_made_from(tmp_path):
    path = write_sheet(filled(seed=7, sample=2), BOOK, tmp_path / "a.xlsx")
    rows = openpyxl.load_workbook(path)["about"].iter_rows(values_only=True)
    facts = {row[0]: row[1] for row in rows if row[0]}
    assert facts == {
        "corpus": "small",
        "codebook": "book",
        "version": "1.0.0",
        "sha256": "hash of 1.0.0",
        "seed": "7",
        "sample": "2",
        "units": "2",
        "coder": "ann",
    }


def test_text_that_begins_like_a_formula_stays_text(tmp_path):
    page = openpyxl.load_workbook(write_sheet(filled(), BOOK, tmp_path / "a.xlsx"))["coding"]
    cells = [row[4] for row in page.iter_rows(min_row=2)]
    assert {cell.data_type for cell in cells} == {"s"}
    assert any(cell.value.startswith("=节水") for cell in cells)


@SUFFIXES
def test_an_empty_sheet_may_be_replaced_and_one_with_codes_not(tmp_path, suffix):
    path = tmp_path / f"a{suffix}"
    write_sheet(filled(), BOOK, path)
    coded = filled(codes={"减少 电子废弃物": {"e_waste": 1}})
    write_sheet(coded, BOOK, path)
    before = path.read_bytes()
    with pytest.raises(InputError, match=r"\(e_waste\): exists and holds codes"):
        write_sheet(filled(), BOOK, path)
    assert path.read_bytes() == before


def test_a_note_alone_is_work_that_is_not_overwritten(tmp_path):
    path = write_sheet(filled(codes={"请\n总干事": {"note": "?"}}), BOOK, tmp_path / "a.csv")
    with pytest.raises(InputError, match="holds codes"):
        write_sheet(filled(), BOOK, path)


def test_another_file_is_not_overwritten(tmp_path):
    path = tmp_path / "thesis.xlsx"
    path.write_bytes(b"not a workbook")
    with pytest.raises(InputError, match="not a coding sheet"):
        write_sheet(filled(), BOOK, path)
    assert path.read_bytes() == b"not a workbook"


def test_nothing_is_left_behind_where_writing_fails(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(InputError, match="No space left"):
        write_sheet(filled(), BOOK, tmp_path / "a.xlsx")
    assert not list(tmp_path.iterdir())


def test_another_suffix_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"\.xlsx or \.csv"):
        write_sheet(filled(), BOOK, tmp_path / "a.ods")


def test_a_sheet_of_another_codebook_is_refused(tmp_path):
    with pytest.raises(ValueError, match="columns of the sheet"):
        write_sheet(filled(), make_codebook(["water"]), tmp_path / "a.xlsx")


# --- read back ----------------------------------------------------------------------------------


@SUFFIXES
def test_what_was_coded_is_read_back_for_every_clause_of_a_row(tmp_path, suffix):
    sheet = filled(
        codes={
            "减少 电子废弃物": {"e_waste": 1, "sure": "?", "note": "旧词"},
            "请\n总干事": {"none": "√"},
        }
    )
    codings = read_coding(write_sheet(sheet, BOOK, tmp_path / f"a{suffix}"), CLAUSES, BOOK)
    assert list(codings) == [column.name for column in TABLES["codings"]]
    assert codings[["edition", "clause_id", "topic", "code", "sure", "note"]].values.tolist() == [
        ["2014-x", "resolves__2", "water", 0, False, "旧词"],
        ["2014-x", "resolves__2", "e_waste", 1, False, "旧词"],
        ["2014-x", "resolves__3", "water", 0, True, ""],
        ["2014-x", "resolves__3", "e_waste", 0, True, ""],
        ["2022-y", "resolves__2", "water", 0, False, "旧词"],
        ["2022-y", "resolves__2", "e_waste", 1, False, "旧词"],
    ]
    assert set(codings["coder"]) == {"ann"}
    assert set(codings["version"]) == {"old", "new"}


@SUFFIXES
def test_rows_without_a_mark_are_left_out_and_listed(tmp_path, suffix):
    path = write_sheet(
        filled(codes={"减少 电子废弃物": {"water": 1}, "请\n总干事": {"note": "later"}}),
        BOOK,
        tmp_path / f"a{suffix}",
    )
    assert set(read_coding(path, CLAUSES, BOOK)["clause_id"]) == {"resolves__2"}
    left = list_uncoded(path, CLAUSES, BOOK)
    assert set(left["clauses"]) == {"2014-x/resolves__1", "2014-x/resolves__3"}
    assert set(left["coder"]) == {"ann"}
    problems = check_coding(path, CLAUSES, BOOK)
    assert [problem.severity for problem in problems] == ["warning"]
    assert "2 of 3 rows are not coded by ann" in problems[0].what


def test_a_row_answered_with_zeros_throughout_is_coded(tmp_path):
    codes = {"请\n总干事": {"water": 0, "e_waste": "否"}, "减少 电子废弃物": {"water": 0}}
    path = write_sheet(filled(codes=codes), BOOK, tmp_path / "a.xlsx")
    codings = read_coding(path, CLAUSES, BOOK)
    assert set(codings["clause_id"]) == {"resolves__3"}
    assert set(codings["code"]) == {0}


@pytest.mark.parametrize(
    "mark", [1, 1.0, True, "1", "x", "X", "ｘ", "√", "✓", "是", "yes", " Yes "]
)
@SUFFIXES
def test_marks_that_mean_yes(tmp_path, mark, suffix):
    sheet = filled(codes={"减少 电子废弃物": {"water": mark}})
    codings = read_coding(write_sheet(sheet, BOOK, tmp_path / f"a{suffix}"), CLAUSES, BOOK)
    assert ones(codings) == {("2014-x", "resolves__2", "water"), ("2022-y", "resolves__2", "water")}


@pytest.mark.parametrize("mark", [0, 0.0, False, "0", "否", "no", "", " "])
@SUFFIXES
def test_marks_that_mean_no(tmp_path, mark, suffix):
    sheet = filled(codes={"减少 电子废弃物": {"water": mark, "e_waste": 1}})
    codings = read_coding(write_sheet(sheet, BOOK, tmp_path / f"a{suffix}"), CLAUSES, BOOK)
    assert {topic for *_, topic in ones(codings)} == {"e_waste"}


@pytest.mark.parametrize(
    ("word", "sure"),
    [
        *((word, True) for word in ("", "certain", "确定")),
        *((word, False) for word in ("?", "？", "uncertain", "不确定")),
    ],
)
def test_how_sure_a_coder_was(tmp_path, word, sure):
    sheet = filled(codes={"减少 电子废弃物": {"water": 1, "sure": word}})
    codings = read_coding(write_sheet(sheet, BOOK, tmp_path / "a.csv"), CLAUSES, BOOK)
    assert set(codings["sure"]) == {sure}


def test_many_files_of_many_coders_are_one_table(tmp_path):
    paths = [
        write_sheet(
            filled(coder, codes={"减少 电子废弃物": {"water": 1}}, seed=seed),
            BOOK,
            tmp_path / f"{coder}{suffix}",
        )
        for seed, (coder, suffix) in enumerate([("王芳", ".xlsx"), ("bob", ".csv")])
    ]
    codings = read_coding(paths, CLAUSES, BOOK)
    assert codings["coder"].unique().tolist() == ["王芳", "bob"]
    assert len(codings) == 2 * 2 * 2


def test_two_coders_may_share_a_file(tmp_path):
    one, two = (filled(coder, codes={"请\n总干事": {"water": 1}}) for coder in ("ann", "bob"))
    path = tmp_path / "a.csv"
    lines = [sheet.to_csv(index=False).split("\n", 1) for sheet in (one, two)]
    path.write_text("\n".join([lines[0][0], lines[0][1] + lines[1][1]]), "utf-8")
    assert read_coding(path, CLAUSES, BOOK)["coder"].unique().tolist() == ["ann", "bob"]


def test_a_coder_named_once_is_the_coder_of_all_rows(tmp_path):
    sheet = filled("", codes={"请\n总干事": {"water": 1}, "减少 电子废弃物": {"none": 1}})
    sheet.loc[1, "coder"] = "2022010101"
    codings = read_coding(write_sheet(sheet, BOOK, tmp_path / "a.csv"), CLAUSES, BOOK)
    assert set(codings["coder"]) == {"2022010101"}


def test_a_number_for_a_name_is_read_as_it_is_shown(tmp_path):
    path = write_sheet(filled("", codes={"请\n总干事": {"water": 1}}), BOOK, tmp_path / "a.xlsx")
    book = openpyxl.load_workbook(path)
    book["coding"]["K2"] = 2022010101.0
    book.save(path)
    assert set(read_coding(path, CLAUSES, BOOK)["coder"]) == {"2022010101"}


def test_a_coder_named_on_the_sheet_about_is_the_coder(tmp_path):
    sheet = filled("ann", codes={"请\n总干事": {"water": 1}})
    path = write_sheet(sheet, BOOK, tmp_path / "a.xlsx")
    book = openpyxl.load_workbook(path)
    for row in range(2, 5):
        book["coding"].cell(row, 11).value = None
    book.save(path)
    assert set(read_coding(path, CLAUSES, BOOK)["coder"]) == {"ann"}


def test_a_sorted_sheet_with_other_spaces_and_separators_is_read_the_same(tmp_path):
    sheet = filled(codes={"减少 电子废弃物": {"e_waste": 1}, "请\n总干事": {"none": 1}})
    expected = read_coding(write_sheet(sheet, BOOK, tmp_path / "a.csv"), CLAUSES, BOOK)
    sheet = sheet.sort_values("text", ascending=False)
    sheet["text"] = sheet["text"].str.replace("\n", "\r\n").str.replace(" ", "")
    for name, separator in (("semicolon", ";"), ("tab", "\t")):
        path = tmp_path / f"{name}.csv"
        sheet.to_csv(path, index=False, sep=separator)
        assert read_coding(path, CLAUSES, BOOK).equals(expected)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_workbook_saved_as_csv_by_a_spreadsheet_is_read_the_same(tmp_path, separator):
    sheet = filled(codes={"减少 电子废弃物": {"e_waste": 1}, "请\n总干事": {"none": 1}})
    path = write_sheet(sheet, BOOK, tmp_path / "a.xlsx")
    saved = tmp_path / "a.csv"
    with saved.open("w", encoding="utf-8-sig", newline="") as file:
        rows = openpyxl.load_workbook(path)["coding"].iter_rows(values_only=True)
        csv.writer(file, delimiter=separator).writerows(rows)
    assert read_coding(saved, CLAUSES, BOOK).equals(read_coding(path, CLAUSES, BOOK))


def test_formulas_with_a_value_count_as_their_value(tmp_path):
    path = write_sheet(filled(codes={"请\n总干事": {"water": 1}}), BOOK, tmp_path / "a.xlsx")
    expected = read_coding(path, CLAUSES, BOOK)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    assert parts[sheet].count(b"><v>1</v></c>") == 2  # one is the first row's number
    head, _, tail = parts[sheet].rpartition(b"><v>1</v></c>")
    if b'r="A2"' in head[-40:]:
        head, _, tail = parts[sheet].partition(b"><v>1</v></c>")
    parts[sheet] = head + b"><f>1+0</f><v>1</v></c>" + tail
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    assert read_coding(path, CLAUSES, BOOK).equals(expected)


def test_a_sheet_of_another_version_of_the_codebook_is_read_with_a_warning(tmp_path):
    sheet = filled(codes={text: {"none": 1} for text in CLAUSES["text"]})
    path = write_sheet(sheet, BOOK, tmp_path / "a.xlsx")
    assert check_coding(path, CLAUSES, BOOK) == []
    problems = check_coding(path, CLAUSES, make_codebook(version="1.1.0"))
    assert [problem.severity for problem in problems] == ["warning"]
    assert "book 1.0.0, and read with book 1.1.0" in problems[0].what


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20)
@given(st.lists(st.sampled_from(["", "none", *TOPICS, "both"]), min_size=3, max_size=3))
@SUFFIXES
def test_any_codes_survive_writing_and_reading(tmp_path, suffix, chosen):
    texts = list(dict.fromkeys(CLAUSES["text"][1:]))
    columns = {"": [], "none": ["none"], "both": TOPICS}
    marks = {
        text: dict.fromkeys(columns.get(choice, [choice]), 1)
        for text, choice in zip(texts, chosen, strict=True)
    }
    path = tmp_path / f"any{suffix}"
    path.unlink(missing_ok=True)
    codings = read_coding(write_sheet(filled(codes=marks), BOOK, path), CLAUSES, BOOK)
    text_of = CLAUSES.set_index(["edition", "clause_id"])["text"]
    found = {text: {} for text in texts}
    for row in codings.itertuples():
        found[text_of[row.edition, row.clause_id]][row.topic] = row.code
    assert found == {
        text: {topic: int(topic in marks[text]) for topic in TOPICS} if marks[text] else {}
        for text in texts
    }
