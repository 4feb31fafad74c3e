"""Files that coders give back, as rows of cells that say where they stand."""

from __future__ import annotations

import csv
import io
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from resanalysis.coding.layout import ABOUT, CODING, read_name
from resanalysis.model import InputError, Problem, input_error

if TYPE_CHECKING:
    from openpyxl import Workbook

SUFFIXES = (".xlsx", ".csv")
_OLE = b"\xd0\xcf\x11\xe0"  # how files of old Office begin, and encrypted ones of the new
_BROKEN = (  # what a damaged archive, or damaged XML in it, makes openpyxl raise
    *(zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError),
    *(LookupError, ValueError, TypeError, AttributeError, SyntaxError),
)
_SAVE = "In Excel, WPS or LibreOffice save it as .xlsx, or as CSV in UTF-8"


@dataclass(frozen=True)
class Row:
    """One row: its number as a spreadsheet counts it, and its cells by column, empty ones out."""

    number: int
    cells: dict[str, str]


@dataclass(frozen=True)
class Grid:
    """What one file holds.

    Attributes
    ----------
    file : str
        Its name, for messages.
    columns : dict of int
        Number of each named column, from 1.
    rows : list of Row
        Rows that are not empty.
    about : dict of str
        What the file says it was made from; empty in CSV.
    problems : list of Problem
        What cannot be read in it.
    """

    file: str
    columns: dict[str, int]
    rows: list[Row]
    about: dict[str, str]
    problems: list[Problem] = field(default_factory=list)

    def place(self, row: int, column: str) -> str:
        """Return where a cell stands, for messages."""
        return f"row {row}, column {name_column(self.columns[column])} ({column})"


def read_grid(path: str | Path) -> Grid:
    """Read a file as a grid of texts.

    Raises
    ------
    InputError
        When nothing of it can be read: it is missing, of another kind, broken, in another encoding,
        or has no sheet `coding` or no row of names.
    """
    path = Path(path)
    try:
        data = path.read_bytes()
    except OSError as error:
        what = f"cannot be read ({error.strerror})"
        raise input_error(path, "", what, "Check the path and the permissions") from error
    if not data:
        remedy = "Save the sheet once more, or ask the coder for it"
        raise input_error(path, "", "is empty", remedy)
    suffix = path.suffix.lower()
    if suffix == ".xls" or data.startswith(_OLE):
        what = "is a file of old Excel (.xls), or one with a password"
        raise input_error(path, "", what, f"{_SAVE}, without a password")
    if suffix not in SUFFIXES:
        raise input_error(path, "", f"is of a kind that is not read ({suffix or 'none'})", _SAVE)
    if suffix == ".csv":
        return _make_grid(path, _read_csv(path, data), {}, [])
    return _read_workbook(path, data)


def name_column(number: int) -> str:
    """Return the letters by which a spreadsheet calls a column.

    Examples
    --------
    >>> [name_column(number) for number in (1, 26, 27)]
    ['A', 'Z', 'AA']
    """
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _make_grid(
    path: Path, table: Iterable[list[str]], about: dict[str, str], problems: list[Problem]
) -> Grid:
    rows = iter(table)
    header = [read_name(cell) for cell in next(rows, [])]
    if not any(header):
        raise input_error(path, "row 1", "has no names of columns", "Put them back as they were")
    columns: dict[str, int] = {}
    for number, name in enumerate(header, start=1):
        if name in columns:
            what, remedy = "a second column of this name", "Keep one of the two"
            place = f"row 1, column {name_column(number)} ({name})"
            problems.append(Problem("error", str(path), place, what, remedy))
        elif name:
            columns[name] = number
    found = []
    for number, cells in enumerate(rows, start=2):
        problems += _list_strays(path, number, cells, header)
        named = {name: cells[at - 1].strip() for name, at in columns.items() if at <= len(cells)}
        filled = {name: cell for name, cell in named.items() if cell}
        if filled:
            found.append(Row(number, filled))
    return Grid(str(path), columns, found, about, problems)


def _list_strays(path: Path, row: int, cells: list[str], header: list[str]) -> Iterator[Problem]:
    for at, cell in enumerate(cells, start=1):
        if cell.strip() and (at > len(header) or not header[at - 1]):
            yield Problem(
                "error",
                str(path),
                f"row {row}, column {name_column(at)}",
                f"{cell.strip()[:20]!r} stands in a column without a name",
                "Move it into the column note, or delete it",
            )


def _read_csv(path: Path, data: bytes) -> list[list[str]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        is_gb18030 = "\ufffd" not in data.decode("gb18030", errors="replace")
        guess = ", but looks like GB18030 (GBK)" if is_gb18030 else ""
        remedy = "In Excel choose CSV UTF-8 when saving, in WPS and LibreOffice the encoding UTF-8"
        raise input_error(path, f"line {line}", f"is not UTF-8{guess}", remedy) from None
    if "\0" in text:
        what = "holds NUL characters, so it is no CSV in UTF-8"
        raise input_error(path, "", what, _SAVE)
    try:
        # Spreadsheets in some languages write ; or tabs: the one that parts most names is right.
        delimiter = max(",;\t", key=lambda mark: len(next(_part(text, mark), [])))
        return list(_part(text, delimiter))
    except csv.Error as error:
        raise input_error(path, "", f"is not CSV that can be read ({error})", _SAVE) from error


def _part(text: str, delimiter: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)


def _read_workbook(path: Path, data: bytes) -> Grid:
    book = _load(path, data)
    if CODING not in book.sheetnames:
        what = f"has no sheet {CODING!r}, only {', '.join(map(repr, book.sheetnames))}"
        raise input_error(path, "", what, f"Call the sheet with the codes {CODING}")
    page = book[CODING]
    problems = [
        Problem(
            "error",
            str(path),
            f"cells {merged.coord}",
            "are merged, so that it is unclear whose value they hold",
            "Undo the merging and fill in every cell",
        )
        for merged in sorted(page.merged_cells.ranges, key=lambda merged: merged.bounds[1::-1])
    ]
    formulas = any(cell.data_type == "f" for row in page.iter_rows() for cell in row)
    values = _load(path, data, values=True)[CODING] if formulas else page
    table = []
    for number, row in enumerate(page.iter_rows(), start=1):
        cells = []
        for column, cell in enumerate(row, start=1):
            value = cell.value
            if cell.data_type == "f":
                value = values.cell(number, column).value
                if value is None:
                    what, remedy = "holds a formula without a value", "Put the value itself there"
                    place = f"row {number}, column {name_column(column)}"
                    problems.append(Problem("error", str(path), place, what, remedy))
            cells.append(_write_value(value))
        table.append(cells)
    return _make_grid(path, table, _read_about(book), problems)


def _load(path: Path, data: bytes, *, values: bool = False) -> Workbook:
    from openpyxl import load_workbook

    try:
        with warnings.catch_warnings():
            # About styles and pictures of other programs, which are of no matter here.
            warnings.simplefilter("ignore")
            return load_workbook(io.BytesIO(data), data_only=values)
    except _BROKEN as error:
        what = "is not a workbook that can be read, or a broken one"
        raise input_error(path, "", what, _SAVE) from error


def _read_about(book: Workbook) -> dict[str, str]:
    if ABOUT not in book.sheetnames:
        return {}
    rows = book[ABOUT].iter_rows(max_col=2, values_only=True)
    pairs = [[_write_value(cell).strip() for cell in row] for row in rows if len(row) == 2]
    return {key: value for key, value in pairs if key}


def _write_value(value: Any) -> str:
    """Return a cell's value as CSV would hold it; whole numbers without a point."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def collect_grids(paths: Iterable[str | Path], problems: list[Problem]) -> list[Grid]:
    """Return the grids of the files that can be read; add to `problems` what is wrong with any."""
    grids = []
    for path in paths:
        try:
            grids.append(read_grid(path))
            problems += grids[-1].problems
        except InputError as error:
            problems += error.problems
    return grids
