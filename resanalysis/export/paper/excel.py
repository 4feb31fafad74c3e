"""A table as a workbook: real numbers, marked text, ready to print."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any
from unicodedata import east_asian_width

from resanalysis.export.paper.table import Cell, Column, PaperTable, Row, Run
from resanalysis.model import Language
from resanalysis.sheetfile import save_workbook
from resanalysis.wordfile import replace_illegal

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_WIDTHS = {"number": 8.0, "label": 10.0, "text": 56.0}  # at first, in characters
_WIDEST = 34.0  # of a column of labels or numbers
_LINE = 14.5  # points
_HIGHEST = 409.0  # points; Excel's limit
_LONGEST = 32_767  # characters in a cell; Excel's limit
_DELETED, _INSERTED = "FFA32A17", "FF0A4A86"
_UNSURE: dict[Language, str] = {
    "zh": "斜体：是否改动不确定。",
    "en": "Italics: not certain whether changed.",
}


def write_excel(table: PaperTable) -> bytes:
    """Return the table as an .xlsx file; the same table gives the same bytes.

    Numbers are numbers, printed with the table's decimals. Text is text, also where it begins like
    a formula. Deleted characters are struck through, inserted ones underlined, and those of which
    it is not certain are in italics, as a cell has no dotted line.
    """
    from openpyxl import Workbook
    from openpyxl.worksheet.properties import PageSetupProperties

    book = Workbook()
    page = book.worksheets[0]
    page.title = table.name
    width = len(table.columns)
    _put(page, 1, 1, Cell((Run(table.caption),)), bold=True)
    page.merge_cells(start_row=1, end_row=1, start_column=1, end_column=width)
    at = _fill_head(page, table.columns, 2)
    page.freeze_panes = f"A{at}"
    page.print_title_rows = f"2:{at - 1}"
    for row in table.rows:
        _fill_row(page, row, table.columns, at)
        at += 1
    _rule(page, at - 1, width, bottom="medium")
    unsure = any(run.is_uncertain for row in table.rows for cell in row.cells for run in cell.runs)
    for note in (*table.notes, *([_UNSURE[table.language]] if unsure else [])):
        _put(page, at, 1, Cell((Run(note),)), wrap=True)
        page.merge_cells(start_row=at, end_row=at, start_column=1, end_column=width)
        page.row_dimensions[at].height = _height(_count_lines(note, _total_width(page, width)))
        at += 1
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = page.PAPERSIZE_A4
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    return save_workbook(book)


def _fill_head(page: Worksheet, columns: Sequence[Column], at: int) -> int:
    """Write the headings from row `at` on, set the widths, return the row below."""
    from openpyxl.utils import get_column_letter

    if any(column.group for column in columns):
        first = 1
        for group, members in groupby(columns, key=lambda column: column.group):
            last = first + len(list(members)) - 1
            if group:
                _put(page, at, first, Cell((Run(group),)), centre=True)
                page.merge_cells(start_row=at, end_row=at, start_column=first, end_column=last)
            first = last + 1
        _rule(page, at, len(columns), top="medium")
        at += 1
    for number, column in enumerate(columns, start=1):
        is_number = column.kind == "number"
        _put(page, at, number, Cell((Run(column.heading),)), right=is_number)
        width = _WIDTHS[column.kind]
        page.column_dimensions[get_column_letter(number)].width = width
    top = None if any(column.group for column in columns) else "medium"
    _rule(page, at, len(columns), top=top, bottom="thin")
    return at + 1


def _fill_row(page: Worksheet, row: Row, columns: Sequence[Column], at: int) -> None:
    """Write a row, as high as its longest cell, and widen the columns of labels as needed."""
    from openpyxl.utils import get_column_letter

    if row.is_heading:
        _put(page, at, 1, row.cells[0], bold=True)
        page.merge_cells(start_row=at, end_row=at, start_column=1, end_column=len(columns))
        return
    lines = 1
    for number, (cell, column) in enumerate(zip(row.cells, columns, strict=True), start=1):
        _put(page, at, number, cell, wrap=column.kind != "number")
        size = page.column_dimensions[get_column_letter(number)]
        if column.kind != "text":
            longest = max(map(_count_letters, cell.text.split("\n")))
            size.width = min(max(size.width, longest + 2), _WIDEST)
        lines = max(lines, _count_lines(cell.text, size.width))
    page.row_dimensions[at].height = _height(lines)
    if row.is_total:
        _rule(page, at, len(columns), top="thin")


def _put(
    page: Worksheet,
    row: int,
    column: int,
    cell: Cell,
    *,
    bold: bool = False,
    wrap: bool = False,
    centre: bool = False,
    right: bool = False,
) -> None:
    """Write a cell: a number as one, text as text, marked text with its marks."""
    from openpyxl.styles import Alignment, Font

    target = page.cell(row, column)
    if cell.value is not None:
        target.value = cell.value
        digits = f"0.{'0' * cell.decimals}" if cell.decimals else "0"
        is_signed = cell.text.startswith(("+", "\N{MINUS SIGN}"))
        target.number_format = f"+{digits};-{digits};{digits}" if is_signed else digits
    elif any(run.mark or run.is_uncertain for run in cell.runs):
        target.value = _enrich(cell)
    else:
        target.value = replace_illegal(cell.text)[:_LONGEST] or None
        if target.value is not None:
            target.data_type = "s"  # never a formula
    across = "center" if centre else "right" if right or cell.value is not None else "left"
    target.alignment = Alignment(horizontal=across, vertical="top", wrap_text=wrap)
    if bold:
        target.font = Font(bold=True)


def _enrich(cell: Cell) -> Any:
    """Return the runs of a cell as Excel's rich text."""
    from openpyxl.cell.rich_text import CellRichText, TextBlock
    from openpyxl.cell.text import InlineFont

    looks: dict[str, dict[str, Any]] = {
        "": {},
        "del": {"strike": True, "color": _DELETED},
        "ins": {"u": "single", "color": _INSERTED},
    }
    parts: list[Any] = []
    for run in cell.runs:
        text = replace_illegal(run.text)
        look = looks[run.mark] | ({"i": True} if run.is_uncertain else {})
        parts.append(TextBlock(InlineFont(sz=11, **look), text) if text else "")
    return CellRichText([part for part in parts if part])


def _rule(page: Worksheet, row: int, width: int, *, top: Any = None, bottom: Any = None) -> None:
    """Draw lines above and below a row."""
    from openpyxl.styles import Border, Side

    for column in range(1, width + 1):
        cell = page.cell(row, column)
        cell.border = Border(
            top=Side(style=top) if top else cell.border.top,
            bottom=Side(style=bottom) if bottom else cell.border.bottom,
        )


def _total_width(page: Worksheet, columns: int) -> float:
    from openpyxl.utils import get_column_letter

    return sum(page.column_dimensions[get_column_letter(i + 1)].width for i in range(columns))


def _count_letters(text: str) -> int:
    """Return how wide a text is; a Chinese character is two wide."""
    return sum(1 + (east_asian_width(c) in "WFA") for c in text)


def _count_lines(text: str, width: float) -> int:
    return sum(max(-(-_count_letters(line) // int(width)), 1) for line in text.split("\n"))


def _height(lines: int) -> float:
    return min(_LINE * lines + 2, _HIGHEST)
