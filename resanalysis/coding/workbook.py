"""A coding sheet as a workbook: three sheets, for Excel, WPS and LibreOffice alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any
from unicodedata import east_asian_width

import pandas as pd

from resanalysis.coding.layout import ABOUT, AFTER, BEFORE, CODING, GUIDE, LABELS, TOPICS
from resanalysis.model import Codebook, Language, Topic
from resanalysis.sheetfile import save_workbook
from resanalysis.wordfile import replace_illegal

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_WIDTHS = {
    "unit": 5,
    "clauses": 20,
    "heading": 12,
    "context": 22,
    "text": 46,
    "none": 5,
    "sure": 7,
    "note": 30,
    "coder": 10,
}
_READ = ("heading", "context", "text")
_TOPIC_WIDTH = 5
_LINE = 15  # points
_MOST_LINES = 27  # a row cannot be higher than 409 points
_HEADER_HEIGHT = 150  # points; room for the longest name turned upright


def pack_workbook(sheet: pd.DataFrame, codebook: Codebook) -> bytes:
    """Return a coding sheet as an .xlsx file; the same arguments give the same bytes."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    _fill_coding(book.create_sheet(CODING), sheet, codebook)
    _fill_topics(book.create_sheet(TOPICS), codebook)
    _fill_about(book.create_sheet(ABOUT), describe_sheet(sheet, codebook))
    return save_workbook(book)


def describe_sheet(sheet: pd.DataFrame, codebook: Codebook) -> dict[str, str]:
    """Return what a sheet was made from, to be compared when it comes back."""
    coders = sheet["coder"].unique().tolist()
    return {
        "corpus": str(sheet.attrs.get("corpus", "")),
        "codebook": codebook.id,
        "version": codebook.version,
        "sha256": codebook.sha256,
        "seed": str(sheet.attrs.get("seed", "")),
        "sample": str(sheet.attrs.get("sample") or "all"),
        "units": str(len(sheet)),
        "coder": coders[0] if len(coders) == 1 else "",
    }


def _fill_coding(page: Worksheet, sheet: pd.DataFrame, codebook: Codebook) -> None:
    from openpyxl.comments import Comment
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    topics = {topic.id: topic for topic in codebook.topics}
    for number, name in enumerate(sheet.columns, start=1):
        letter = get_column_letter(number)
        page.column_dimensions[letter].width = _WIDTHS.get(name, _TOPIC_WIDTH)
        label = topics[name].label if name in topics else LABELS[name]
        header = _put(page, 1, number, f"{label['zh']}\n{name}")
        header.font = Font(bold=True)
        header.fill = PatternFill("solid", fgColor="DDE6EE")
        upright = name in topics or name == "none"
        header.alignment = Alignment(
            wrap_text=True, vertical="bottom", text_rotation=90 if upright else 0
        )
        remark = _describe(topics[name]) if name in topics else " / ".join(label.values())
        header.comment = Comment(remark, "resanalysis", height=180, width=320)
        centre = "center" if upright or name in {"unit", "sure"} else None
        for row, value in enumerate(sheet[name].tolist(), start=2):
            cell = _put(page, row, number, value)
            cell.alignment = Alignment(wrap_text=True, vertical="top", horizontal=centre)
    page.row_dimensions[1].height = _HEADER_HEIGHT
    # Not every program finds the height of wrapped text by itself when it opens a file.
    for row, texts in enumerate(sheet[list(_READ)].itertuples(index=False), start=2):
        lines = max(
            _count_lines(text, _WIDTHS[name]) for name, text in zip(_READ, texts, strict=True)
        )
        page.row_dimensions[row].height = _LINE * min(lines, _MOST_LINES)
    page.column_dimensions[get_column_letter(1 + BEFORE.index("clauses"))].hidden = True
    page.freeze_panes = f"{get_column_letter(len(BEFORE) + 1)}2"
    page.auto_filter.ref = page.dimensions
    page.page_setup.orientation = "landscape"
    page.print_title_rows = "1:1"
    _limit_marks(page, len(sheet) + 1, len(topics))


def _count_lines(text: str, width: int) -> int:
    """Return how many lines a text takes in a column; a Chinese character is two wide."""
    widths = [sum(1 + (east_asian_width(c) in "WF") for c in line) for line in text.split("\n")]
    return sum(max(-(-found // (width - 2)), 1) for found in widths)


def _limit_marks(page: Worksheet, last: int, topics: int) -> None:
    """Let cells take 1 or nothing in the columns of topics and `none`, ? or nothing in `sure`."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    first = len(BEFORE) + 1
    none = first + topics + AFTER.index("none")
    sure = first + topics + AFTER.index("sure")
    for formula, left, right, message in (
        ('"1"', first, none, "填 1 或留空 / put 1 or leave it empty"),
        ('"?,不确定"', sure, sure, "确定则留空，不确定填 ? / empty if certain, ? if not"),
    ):
        rule = DataValidation(type="list", formula1=formula, allow_blank=True)
        rule.showErrorMessage = True
        rule.error = message
        rule.errorTitle = "resanalysis"
        rule.add(f"{get_column_letter(left)}2:{get_column_letter(right)}{last}")
        page.add_data_validation(rule)


def _describe(topic: Topic) -> str:
    return "\n".join(
        part
        for part in (
            topic.label["zh"],
            topic.label["en"],
            topic.definition["zh"] or topic.definition["en"],
        )
        if part
    )


def _fill_topics(page: Worksheet, codebook: Codebook) -> None:
    """Write what coders are told of the topics: everything but the terms."""
    languages: tuple[Language, ...] = ("zh", "en")
    said = ("label", "definition", "include", "exclude")
    rows: list[Iterable[str]] = [
        [
            "topic",
            *(f"{name} ({language})" for name in said for language in languages),
            "examples",
            "counterexamples",
        ]
    ]
    for topic in codebook.topics:
        texts = [getattr(topic, name)[language] for name in said for language in languages]
        rows.append([topic.id, *texts, "\n".join(topic.examples), "\n".join(topic.counterexamples)])
    instructions = [codebook.instructions.get(language, "") for language in languages]
    rows += [["", text] for text in instructions if text]
    _fill_rows(page, rows, widths=[16, 16, 18, *[40] * 6, 50, 50])


def _fill_about(page: Worksheet, facts: Mapping[str, str]) -> None:
    rows = [list(pair) for pair in facts.items()]
    rows += [["", ""]] + [["", text] for pair in GUIDE for text in pair]
    _fill_rows(page, rows, widths=[14, 100])


def _fill_rows(page: Worksheet, rows: Iterable[Iterable[str]], *, widths: list[int]) -> None:
    from openpyxl.styles import Alignment
    from openpyxl.utils import get_column_letter

    for number, width in enumerate(widths, start=1):
        page.column_dimensions[get_column_letter(number)].width = width
    for row, values in enumerate(rows, start=1):
        for column, value in enumerate(values, start=1):
            cell = _put(page, row, column, value)
            cell.alignment = Alignment(wrap_text=True, vertical="top")


def _put(page: Worksheet, row: int, column: int, value: Any) -> Any:
    """Write a value; text is never taken for a formula, nor does it break the file."""
    cell = page.cell(row=row, column=column)
    if isinstance(value, str):
        if value:
            cell.value = replace_illegal(value)
            cell.data_type = "s"
    elif not pd.isna(value):
        cell.value = value
    return cell
