"""Coding sheets written to disk."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pandas as pd

from resanalysis.coding.files import SUFFIXES, read_grid
from resanalysis.coding.layout import BEFORE, list_columns
from resanalysis.coding.workbook import pack_workbook
from resanalysis.model import Codebook, InputError, input_error


def write_sheet(sheet: pd.DataFrame, codebook: Codebook, path: str | Path) -> Path:
    """Write a coding sheet as a workbook or as CSV, whole or not at all.

    A workbook has the sheet to fill in (`coding`: labels and definitions of the topics in the
    header and its notes, cells that take 1 or nothing, the keys of the clauses hidden), a sheet
    `topics` with all that coders are told of the topics, and a sheet `about` that says what the
    sheet was made from and how to fill it in. CSV holds the table alone, in UTF-8 with a byte order
    mark; it shows the keys, and with them the editions. The same sheet gives the same bytes.

    Parameters
    ----------
    sheet : DataFrame
        From `coding_sheet`; it may hold codes.
    codebook : Codebook
        The one it was made with.
    path : str or Path
        Where to write: `.xlsx` or `.csv`. An earlier sheet there is replaced if it holds no codes.

    Returns
    -------
    Path
        `path`.

    Raises
    ------
    InputError
        When the path has another suffix, cannot be written, or holds a sheet with codes or
        something else.
    ValueError
        When the sheet's columns are not those of the codebook.
    """
    path = Path(path)
    columns = list_columns(codebook)
    if list(sheet.columns) != columns:
        raise ValueError(f"columns of the sheet are {list(sheet.columns)}, not {columns}")
    if path.suffix.lower() not in SUFFIXES:
        raise input_error(path, "", "not a name for a coding sheet", "Call it .xlsx or .csv")
    if path.exists():
        _refuse_codes(path)
    if path.suffix.lower() == ".csv":
        data = sheet.to_csv(index=False, lineterminator="\r\n").encode("utf-8-sig")
    else:
        data = pack_workbook(sheet, codebook)
    _write_whole(path, data)
    return path


def _refuse_codes(path: Path) -> None:
    """Raise an `InputError` unless the file is a coding sheet that nobody has filled in."""
    remedy = "Write to another file, or move this one away first"
    try:
        grid = read_grid(path)
    except InputError as error:
        what = "exists and is not a coding sheet that can be read"
        raise input_error(path, "", what, remedy) from error
    filled_in = set(grid.columns) - {*BEFORE, "coder"}
    for row in grid.rows:
        for name in filled_in:
            if row.cells.get(name):
                what = "exists and holds codes"
                raise input_error(path, grid.place(row.number, name), what, remedy)
    if grid.problems:
        raise input_error(path, "", "exists and holds more than an empty sheet", remedy)


def _write_whole(path: Path, data: bytes) -> None:
    partial = path.with_name(f".{path.name}.partial")
    try:
        partial.write_bytes(data)
        partial.replace(path)
    except OSError as error:
        what, remedy = (
            f"cannot be written ({error.strerror})",
            "Check the folder, or close the file",
        )
        raise input_error(path, "", what, remedy) from error
    finally:
        with suppress(OSError):
            partial.unlink()
