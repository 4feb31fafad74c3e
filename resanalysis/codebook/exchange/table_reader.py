"""Codebooks read from the CSV that `table` writes, in whatever state a spreadsheet left it."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from resanalysis.codebook.exchange.cells import is_at_risk, is_broken, is_guarded, unguard
from resanalysis.codebook.exchange.table import COLUMNS, KINDS, NUMBERS, WITHOUT
from resanalysis.codebook.shape import TIERS
from resanalysis.model import InputError, Problem, input_error

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from resanalysis.codebook.shape import Finding

_DELIMITERS = (",", ";", "\t")  # Excel writes the list separator of the country it is set to
_DIGITS = 10
_NAMES = ("kind", "topic", "id", "theme", "tier", "group", "near")
"""Columns of names, in which white space around a cell means nothing."""


@dataclass(frozen=True)
class Row:
    """A row of the table: its number as a spreadsheet counts, its kind, the cells it fills."""

    number: int
    kind: str
    cells: dict[str, str]

    def at(self, column: str) -> str:
        """Return the place of a cell, for messages."""
        return f"row {self.number}, column {column}"


def read_rows(text: str, name: str) -> tuple[list[Row], list[Problem]]:
    """Return the rows of a codebook's table, and what is wrong with them by themselves.

    A row with an error is left out, unless it can be read in the one way that was meant. Commas,
    semicolons and tabs may separate the cells; empty rows are passed over.

    Raises
    ------
    InputError
        When the text is no CSV, or its first row lacks columns.
    """
    records = _records(text, name)
    header = [cell.strip().lower() for cell in records[0]]
    problems = [*_check_header(header, name)]
    if any(problem.severity == "error" for problem in problems):
        raise InputError(problems)
    rows = []
    for number, record in enumerate(records[1:], start=2):
        if not any(cell.strip() for cell in record):
            continue
        cells = {key: cell for key, cell in zip(header, record, strict=False) if cell.strip()}
        beyond = [cell for cell in record[len(header) :] if cell.strip()]
        row = Row(number, cells.pop("kind", "").strip().lower(), cells)
        problems += [Problem(level, name, *rest) for level, *rest in _check_row(row, beyond)]
        if row.kind in KINDS and set(KINDS[row.kind].needs) <= set(cells):
            used = KINDS[row.kind].columns
            kept = {key: _text(key, cell) for key, cell in cells.items() if key in used}
            rows.append(Row(number, row.kind, kept))
    return rows, problems


def is_whole(cell: str) -> bool:
    """Say whether a cell is a whole number of a size that numbers in a codebook have."""
    return cell.isdecimal() and len(cell) < _DIGITS


def _text(column: str, cell: str) -> str:
    if column in ("tier", *NUMBERS):
        return unguard(cell.strip()).lower()
    if is_guarded(cell):
        return unguard(cell)
    return cell.strip() if column in _NAMES else cell


def _records(text: str, name: str) -> list[list[str]]:
    """Return the cells of every row, separated as the first row says best."""
    first = text.splitlines()[0]
    counts = [
        sum(cell.strip().lower() in COLUMNS for cell in _cells(first, d)) for d in _DELIMITERS
    ]
    delimiter = _DELIMITERS[counts.index(max(counts))]
    source = io.StringIO(text, newline="")
    reader = csv.reader(source, delimiter=delimiter, strict=True)
    try:
        return list(reader)
    except csv.Error as error:
        remedy = "Mend the quotes there: a quote inside a quoted cell is written twice."
        raise input_error(name, f"line {reader.line_num}", f"is not CSV: {error}", remedy) from None


def _cells(line: str, delimiter: str) -> list[str]:
    return [cell.strip('"') for cell in line.split(delimiter)]


def _check_header(header: Sequence[str], name: str) -> Iterator[Problem]:
    if missing := [column for column in COLUMNS if column not in header]:
        what = f"lacks the columns {', '.join(missing)}"
        remedy = f"Its cells are to be, in any order: {', '.join(COLUMNS)}."
        yield Problem("error", name, "row 1", what, remedy)
    for column in dict.fromkeys(header):
        if header.count(column) > 1 and column:
            what = f"has the column {column} {header.count(column)} times"
            yield Problem("error", name, "row 1", what, "Keep one.")
        elif column and column not in COLUMNS:
            what, remedy = f"the column {column} is unknown and is not read", "Remove it, or not."
            yield Problem("warning", name, "row 1", what, remedy)


def _check_row(row: Row, beyond: Sequence[str]) -> Iterator[Finding]:
    """Yield what is wrong with one row."""
    if beyond:
        what = f"has more cells than the first row has columns: {', '.join(beyond)}"
        yield "error", f"row {row.number}", what, "Remove them, or quote a cell with commas."
    if row.kind not in KINDS:
        what = f"the kind {row.kind} is unknown" if row.kind else "is empty"
        yield "error", row.at("kind"), what, f"Write one of: {', '.join(KINDS)}."
        return
    kind = KINDS[row.kind]
    for column in kind.needs:
        if column not in row.cells:
            remedy = "Fill it, or remove the row."
            yield "error", row.at(column), f"is empty in a row of kind {row.kind}", remedy
    for column, cell in row.cells.items():
        if column in COLUMNS and column not in kind.columns:
            what = f"says {cell.strip()}, but a row of kind {row.kind} has no {column}"
            yield "error", row.at(column), what, "Empty the cell, or mend the kind."
        elif is_broken(cell):
            remedy = "Write the text again, with an apostrophe before it."
            what = f"is {cell.strip()}: a spreadsheet program took the text for a formula or number"
            yield "error", row.at(column), what, remedy
        elif column in ("id", "topic", "theme", "text") and _is_changed(cell):
            what = f"{cell.strip()} may have been changed by a spreadsheet program"
            remedy = "If it is right, put an apostrophe before it; 1-5, 12.10 and 007 do not last."
            yield "warning", row.at(column), what, remedy
    yield from _check_values(row)


def _is_changed(cell: str) -> bool:
    return not is_guarded(cell) and is_at_risk(cell)


def _check_values(row: Row) -> Iterator[Finding]:
    allowed = {"tier": TIERS, "group": (WITHOUT,)}
    for column in ("tier", *NUMBERS):
        cell = _text(column, row.cells.get(column, ""))
        if not cell or column not in KINDS[row.kind].columns:
            continue
        if cell in allowed.get(column, ()) or (column in NUMBERS and is_whole(cell)):
            continue
        known = "core or peripheral" if column == "tier" else "a whole number"
        known += " or without" if column == "group" else ""
        yield "error", row.at(column), f"{cell} is no {column}", f"Write {known}."
