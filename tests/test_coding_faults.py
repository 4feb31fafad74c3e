"""Coding sheets that cannot be read: every fault is found, with its place and its remedy."""

import numpy as np
import openpyxl
import pytest
from coding_tables import NEW, make_clauses, make_codebook

from resanalysis.coding import check_coding, coding_sheet, list_uncoded, read_coding, write_sheet
from resanalysis.model import InputError

BOOK = make_codebook()
CLAUSES = make_clauses(
    [
        {"clause_id": "resolves", "kind": "heading", "text": "决议"},
        {"clause_id": "resolves__1", "text": "采取措施节约用水"},
        {"clause_id": "resolves__2", "text": "减少电子废弃物"},
        {**NEW, "clause_id": "resolves__3", "text": "请总干事采取行动"},
    ]
)
COLUMNS = "ABCDEFGHIJK"
"""unit, clauses, heading, context, text, water, e_waste, none, sure, note, coder."""


@pytest.fixture
def made(tmp_path):
    """Return a function that writes a coded workbook, then changes cells in it."""

    def make(changes=None, name="a.xlsx", coder="ann", change=None):
        sheet = coding_sheet(CLAUSES, BOOK, coder=coder)
        sheet["water"] = 1
        path = write_sheet(sheet.sort_values("clauses"), BOOK, tmp_path / name)
        book = openpyxl.load_workbook(path)
        for cell, value in (changes or {}).items():
            book["coding"][cell] = value
        if change:
            change(book)
        book.save(path)
        return path

    return make


def faults(paths):
    with pytest.raises(InputError) as caught:
        read_coding(paths, CLAUSES, BOOK)
    assert all(problem.severity == "error" for problem in caught.value.problems)
    assert all(problem.remedy for problem in caught.value.problems)
    return caught.value.problems


def the_fault(paths):
    problems = faults(paths)
    assert len(problems) == 1, problems
    return problems[0]


def test_the_workbook_that_is_changed_here_is_sound(made):
    assert set(read_coding(made(), CLAUSES, BOOK)["code"]) == {0, 1}


def test_a_topic_that_the_codebook_does_not_have(made):
    problem = faults(made({"F1": "用水\nwaters"}))[0]
    assert problem.place == "row 1, column F (waters)"
    assert "book 1.0.0 has no such topic" in problem.what
    assert "water" in problem.remedy


def test_a_topic_that_is_missing(made):
    problem = the_fault(made(dict.fromkeys(("G1", "G2", "G3", "G4"))))
    assert problem.place == "row 1"
    assert problem.what == "columns are missing: e_waste"


def test_a_column_that_stands_twice(made):
    problem = the_fault(made({"J1": "water"}))
    assert problem.place == "row 1, column J (water)"


@pytest.mark.parametrize("key", ["2014-x/resolves__9", "2014-x/resolves", "resolves__2"])
def test_a_clause_that_is_not_a_counted_one_of_the_corpus(made, key):
    problem = the_fault(made({"B3": key}))
    assert problem.place == "row 3, column B (clauses)"
    assert key in problem.what


def test_a_row_that_names_no_clause(made):
    problem = the_fault(made({"E6": "总计", "F6": 3}))
    assert problem.place == "row 6, column B (clauses)"
    assert "no clause is named" in problem.what


def test_a_clause_that_one_coder_has_twice(made):
    problem = the_fault(made({"B3": "2014-x/resolves__1", "E3": "采取措施节约用水"}))
    assert problem.place == "row 3, column B (clauses)"
    assert problem.what == "2014-x/resolves__1 stood in row 2 already"


def test_the_same_clause_of_two_coders_is_no_fault(made):
    changes = {"B3": "2014-x/resolves__1", "E3": "采取措施节约用水", "K3": "bob"}
    assert read_coding(made(changes), CLAUSES, BOOK)["coder"].nunique() == 2


def test_merged_cells(made):
    problem = the_fault(made(change=lambda book: book["coding"].merge_cells("G2:G3")))
    assert problem.place == "cells G2:G3"
    assert "merged" in problem.what


def test_a_text_that_was_changed_is_shown_where_it_differs(made):
    problem = the_fault(made({"E3": "减少电子废物"}))
    assert problem.place == "row 3, column E (text)"
    assert "2014-x/resolves__2" in problem.what
    assert "'减少电子废物' instead of '减少电子废弃物'" in problem.what


def test_texts_that_were_sorted_without_their_rows(made):
    problems = faults(made({"E2": "减少电子废弃物", "E3": "采取措施节约用水"}))
    assert [problem.place for problem in problems] == [
        "row 2, column E (text)",
        "row 3, column E (text)",
    ]


def test_a_text_that_was_deleted(made):
    assert "the cell is empty" in the_fault(made({"E3": None})).what


def test_a_coder_who_is_missing(made):
    problem = the_fault(made(coder=""))
    assert problem.place == "rows 2, 3, 4, column coder"
    assert "nobody is named" in problem.what


def test_a_row_without_a_coder_among_rows_of_two(made):
    problem = the_fault(made({"K2": "bob", "K3": None}))
    assert problem.place == "row 3, column coder"


@pytest.mark.parametrize("mark", ["2", "×", "maybe", "#NAME?", -1])
def test_a_mark_that_is_not_known(made, mark):
    problem = the_fault(made({"G3": mark}))
    assert problem.place == "row 3, column G (e_waste)"
    assert repr(str(mark)) in problem.what
    assert "√" in problem.remedy


def test_a_word_for_certainty_that_is_not_known(made):
    problem = the_fault(made({"I4": "perhaps"}))
    assert problem.place == "row 4, column I (sure)"
    assert "write ?" in problem.remedy


def test_no_topic_together_with_a_topic(made):
    problem = the_fault(made({"H2": "x"}))
    assert problem.place == "row 2, column H (none)"
    assert problem.what == "marked as having no topic, and as having water"


def test_a_formula_without_a_value(made):
    problem = the_fault(made({"G2": "=F2"}))
    assert problem.place == "row 2, column G"
    assert "formula without a value" in problem.what


def test_something_written_beside_the_table(made):
    problem = the_fault(made({"M3": "看不懂"}))
    assert problem.place == "row 3, column M"
    assert "without a name" in problem.what


def test_a_workbook_without_the_sheet(made):
    def rename(book):
        book["coding"].title = "Sheet1"

    problem = the_fault(made(change=rename))
    assert problem.what == "has no sheet 'coding', only 'Sheet1', 'topics', 'about'"


def test_a_file_of_another_corpus_says_only_that(made):
    def rename(book):
        book["about"]["B1"] = "other"

    problem = the_fault(made({"B2": "x/y"}, change=rename))
    assert problem.place == "sheet about"
    assert "made for the corpus other, not for small" in problem.what


def test_csv_of_another_corpus_says_only_that(tmp_path):
    other = make_clauses([{"edition": "1999-z", "clause_id": "resolves__1", "text": "别的"}])
    sheet = coding_sheet(other, BOOK, coder="ann")
    problem = the_fault(write_sheet(sheet, BOOK, tmp_path / "a.csv"))
    assert "names no clause of this corpus" in problem.what


def test_two_files_of_one_coder(made):
    first, second = made(name="a.xlsx"), made(name="b.xlsx")
    problem = the_fault([first, second])
    assert problem.file == str(second)
    assert problem.what == f"ann is also the coder of {first}"


@pytest.mark.parametrize(
    ("encoding", "guess"), [("gb18030", "looks like GB18030"), ("utf-16", "is not UTF-8")]
)
def test_csv_in_another_encoding(tmp_path, encoding, guess):
    path = tmp_path / "a.csv"
    text = coding_sheet(CLAUSES, BOOK, coder="ann").to_csv(index=False)
    path.write_bytes(text.encode(encoding))
    problem = the_fault(path)
    assert guess in problem.what
    assert "UTF-8" in problem.remedy


@pytest.mark.parametrize(
    ("name", "data", "what"),
    [
        ("a.xls", b"\xd0\xcf\x11\xe0....", "old Excel"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0....", "password"),
        ("a.xlsx", b"unit,clauses", "not a workbook"),
        ("a.xlsx", b"PK\x03\x04broken", "not a workbook"),
        ("a.ods", b"PK\x03\x04", r"not read (.ods)"),
        ("a", b"unit", "not read (none)"),
        ("a.csv", b"", "is empty"),
        ("a.xlsx", b"", "is empty"),
        ("a.csv", b"\n", "no names of columns"),
        ("a.csv", b"unit\0", "NUL"),
        ("a.csv", b"unit,clauses,text,none,water,e_waste,coder\n", "no row to read"),
    ],
)
def test_files_that_are_no_sheets(tmp_path, name, data, what):
    path = tmp_path / name
    path.write_bytes(data)
    problem = the_fault(path)
    assert what in problem.what
    assert problem.file == str(path)


def test_a_damaged_workbook_is_read_or_refused(made):
    path = made()
    whole = path.read_bytes()
    rng = np.random.default_rng(182)
    refused = 0
    for _ in range(150):
        damaged = bytearray(whole)
        for _ in range(3):
            damaged[rng.integers(len(damaged))] = rng.integers(256)
        path.write_bytes(damaged)
        try:
            read_coding(path, CLAUSES, BOOK)
        except InputError as error:
            refused += any("not a workbook" in problem.what for problem in error.problems)
    assert refused > 0


def test_a_file_that_is_not_there(tmp_path):
    assert "cannot be read" in the_fault(tmp_path / "a.xlsx").what


def test_all_faults_of_all_files_are_reported_together(made, tmp_path):
    paths = [
        tmp_path / "missing.xlsx",
        made({"F2": "?!", "G3": "7", "E4": "别的"}, name="a.xlsx"),
        made({"B2": "2014-x/nothing"}, name="b.xlsx", coder="bob"),
    ]
    problems = faults(paths)
    assert [(problem.file, problem.place) for problem in problems] == [
        (str(paths[0]), ""),
        (str(paths[1]), "row 2, column F (water)"),
        (str(paths[1]), "row 3, column G (e_waste)"),
        (str(paths[1]), "row 4, column E (text)"),
        (str(paths[2]), "row 2, column B (clauses)"),
    ]


def test_checking_gives_the_faults_without_raising(made):
    path = made({"F2": "?!"})
    assert [problem.severity for problem in check_coding(path, CLAUSES, BOOK)] == [
        "error",
        "warning",
    ]
    assert list_uncoded(path, CLAUSES, BOOK)["row"].tolist() == [2]
