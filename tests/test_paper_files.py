"""A paper's tables as Excel, Word, HTML and CSV: numbers stay numbers, marks stay marks."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest
from openpyxl import load_workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.worksheet.worksheet import Worksheet

from resanalysis.export.paper import (
    Cell,
    Column,
    PaperTable,
    Row,
    Run,
    write_csv,
    write_excel,
    write_page,
    write_paper_tables,
    write_word,
)
from resanalysis.model import Study
from resanalysis.study import run_study

NASTY = '=1+1 <b> & "水" \N{MINUS SIGN}'


def say(text: str) -> Cell:
    return Cell((Run(text),))


@pytest.fixture
def numbers() -> PaperTable:
    columns = (
        Column("Topic", kind="label"),
        Column("old", "Clauses"),
        Column("new", "Clauses"),
        Column("points", "Change"),
    )
    rows = (
        Row((say("Resources"),), is_heading=True),
        Row((say("Water"), Cell((Run("8"),), 8), Cell((Run("9"),), 9), share("+0.3", 0.26))),
        Row((say(NASTY), Cell((Run("10"),), 10), Cell((Run("0"),), 0), share("−1.3", -1.25))),
        Row((say("Total"), Cell((Run("18"),), 18), Cell((Run("9"),), 9), Cell()), is_total=True),
    )
    return PaperTable("topic-shift", "en", "What <changed>", columns, rows, ("N = 2 & more.",))


def share(text: str, value: float) -> Cell:
    return Cell((Run(text),), value, 1)


@pytest.fixture
def texts() -> PaperTable:
    columns = (Column("变动", kind="label"), Column("旧", kind="text"), Column("新", kind="text"))
    old = Cell((Run("a) "), Run("回收"), Run("旧", "del"), Run("设备", "", True)))
    new = Cell((Run("回收"), Run("新\f", "ins", True), Run("设备"), Run("\n"), Run("脚注")))
    rows = (Row((say("MOD 修改"), old, new)), Row((say("SUP 删除"), old, say("—"))))
    return PaperTable("comparison", "zh", "修订对照表", columns, rows, ("点线：不确定。",))


def read_sheet(table: PaperTable) -> Worksheet:
    book = load_workbook(io.BytesIO(write_excel(table)), rich_text=True)
    return book.worksheets[0]


# --- Excel --------------------------------------------------------------------------------------


def test_numbers_in_the_workbook_are_unrounded_numbers(numbers: PaperTable) -> None:
    page = read_sheet(numbers)
    assert [page.cell(5, column).value for column in (2, 3, 4)] == [8, 9, 0.26]
    assert page.cell(5, 4).number_format == "+0.0;-0.0;0.0"
    assert page.cell(5, 2).number_format == "0"


def test_text_like_a_formula_stays_text(numbers: PaperTable) -> None:
    cell = read_sheet(numbers).cell(6, 1)
    assert (cell.value, cell.data_type) == (NASTY, "s")


def test_shared_headings_span_their_columns(numbers: PaperTable) -> None:
    page = read_sheet(numbers)
    assert "B2:C2" in {str(cells) for cells in page.merged_cells.ranges}
    assert page.freeze_panes == "A4"
    assert page.print_title_rows == "$2:$3"


def test_marks_are_struck_underlined_or_in_italics(texts: PaperTable) -> None:
    page = read_sheet(texts)
    looks = {}
    for column in (2, 3):
        value = page.cell(3, column).value
        assert isinstance(value, CellRichText)
        for block in value:
            assert isinstance(block, TextBlock)
            looks[block.text] = bool(block.font.strike), block.font.u, bool(block.font.i)
    assert looks["旧"] == (True, None, False)
    assert looks["新\ufffd"] == (False, "single", True)
    assert looks["设备"] in {(False, None, True), (False, None, False)}
    assert "Italics" in str(page.cell(6, 1).value) or "斜体" in str(page.cell(6, 1).value)


def test_a_workbook_without_doubt_says_nothing_of_it(numbers: PaperTable) -> None:
    values = [cell.value for row in read_sheet(numbers).iter_rows() for cell in row]
    assert not any("Italics" in str(value) for value in values)


# --- Word ---------------------------------------------------------------------------------------

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def read_document(table: PaperTable) -> ElementTree.Element:
    with zipfile.ZipFile(io.BytesIO(write_word(table))) as archive:
        return ElementTree.fromstring(archive.read("word/document.xml"))  # noqa: S314 - ours


def cell_texts(row: ElementTree.Element) -> list[str]:
    return [
        "\n".join("".join(t.text or "" for t in p.iter(f"{W}t")) for p in cell.iter(f"{W}p"))
        for cell in row.iter(f"{W}tc")
    ]


def test_word_has_every_cell_in_its_place(numbers: PaperTable) -> None:
    rows = [cell_texts(row) for row in read_document(numbers).iter(f"{W}tr")]
    assert rows[0] == ["", "Clauses", "Change"]
    assert rows[2] == ["Resources"]
    assert rows[4] == [NASTY, "10", "0", "−1.3"]


def test_words_headings_stand_on_every_page(numbers: PaperTable) -> None:
    heads = [
        row.find(f"{W}trPr/{W}tblHeader") is not None
        for row in read_document(numbers).iter(f"{W}tr")
    ]
    assert heads == [True, True, False, False, False, False]


def test_word_marks_runs(texts: PaperTable) -> None:
    found = {}
    for run in read_document(texts).iter(f"{W}r"):
        text = "".join(t.text or "" for t in run.iter(f"{W}t"))
        line = run.find(f"{W}rPr/{W}u")
        struck = run.find(f"{W}rPr/{W}strike") is not None
        found[text] = struck, None if line is None else line.get(f"{W}val")
    assert found["旧"] == (True, None)
    assert found["新\ufffd"] == (False, "dottedHeavy")
    assert found["设备"] in {(False, "dottedHeavy"), (False, None)}


def test_columns_of_word_fit_on_the_page(numbers: PaperTable, texts: PaperTable) -> None:
    for table, room in ((numbers, 11906 - 2 * 1134), (texts, 16838 - 2 * 1134)):
        grid = read_document(table).iter(f"{W}gridCol")
        assert sum(int(column.get(f"{W}w", 0)) for column in grid) <= room


# --- HTML ---------------------------------------------------------------------------------------


class Reader(HTMLParser):
    """Collects the text of every cell, and what is marked."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.marked: list[tuple[str, str]] = []
        self._inside: list[str] = []

    def handle_starttag(self, tag: str, _attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")
        if tag == "br":
            self.rows[-1][-1] += "\n"
        elif tag not in ("meta",):
            self._inside.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self._inside and self._inside.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if {"td", "th"} & set(self._inside):
            self.rows[-1][-1] += data
            self.marked += [(tag, data) for tag in ("del", "ins") if tag in self._inside]


def read_page(table: PaperTable) -> Reader:
    reader = Reader()
    reader.feed(write_page(table))
    return reader


def test_the_page_has_every_cell_in_its_place(numbers: PaperTable) -> None:
    rows = read_page(numbers).rows
    assert rows[0] == ["", "Clauses", "Change"]
    assert rows[1] == ["Topic", "old", "new", "points"]
    assert rows[4] == [NASTY, "10", "0", "−1.3"]


def test_the_page_marks_runs(texts: PaperTable) -> None:
    page = read_page(texts)
    assert page.marked == [("del", "旧"), ("ins", "新\ufffd"), ("del", "旧")]
    assert page.rows[1][2] == "回收新\ufffd设备\n脚注"


def test_the_page_loads_nothing(numbers: PaperTable) -> None:
    assert not re.search(r"(src|href|url)\s*[=(]", write_page(numbers))


# --- CSV ----------------------------------------------------------------------------------------


def test_csv_has_unrounded_numbers_under_joined_headings(numbers: PaperTable) -> None:
    rows = list(csv.reader(io.StringIO(write_csv(numbers))))
    assert rows[0] == ["group", "Topic", "Clauses old", "Clauses new", "Change points"]
    assert rows[1] == ["Resources", "Water", "8", "9", "0.26"]
    assert rows[3] == ["", "Total", "18", "9", ""]


def test_csv_has_marks_in_criticmarkup(texts: PaperTable) -> None:
    rows = list(csv.reader(io.StringIO(write_csv(texts))))
    assert rows[1][2] == "a) 回收{--旧--}设备"


# --- all of them --------------------------------------------------------------------------------


@pytest.mark.parametrize("write", [write_excel, write_word, write_page, write_csv])
def test_a_table_without_rows_is_written(numbers: PaperTable, write) -> None:
    assert write(replace(numbers, rows=()))


@pytest.fixture(scope="module")
def study() -> Study:
    return run_study("tests/data/small", draws=50)


def test_ten_files_are_written_the_same_each_time(study: Study, tmp_path: Path) -> None:
    first = write_paper_tables(study, tmp_path / "a" / "b")
    second = write_paper_tables(study, tmp_path / "c")
    assert [path.name for path in first] == [
        f"topic-shift-{language}.{ending}"
        for language in ("zh", "en")
        for ending in ("tex", "xlsx", "docx", "html", "csv")
    ]
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]


def test_numbers_of_every_format_are_those_of_the_shift(study: Study, tmp_path: Path) -> None:
    write_paper_tables(study, tmp_path)
    rows = csv.DictReader(io.StringIO((tmp_path / "topic-shift-en.csv").read_text("utf-8-sig")))
    total = study.shift[study.shift["unit"].eq("clause") & study.shift["breakdown"].eq("total")]
    labels = {topic.label["en"]: topic.id for topic in study.codebook.topics}
    values = total.set_index("topic")
    found = {labels[row["Topic"]]: row for row in rows if row["group"]}
    assert set(found) == set(values.index)
    for topic, row in found.items():
        old, new = (name for name in row if name.endswith(" clauses"))
        assert (int(row[old]), int(row[new])) == tuple(values.loc[topic, ["n_old", "n_new"]])
        change = float(row["Change of share points"])
        assert change == pytest.approx(100 * values.loc[topic, "share_difference"])
