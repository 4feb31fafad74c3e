"""Sheets that coders filled in, read back and checked."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import pandas as pd

from resanalysis.coding.files import Grid, collect_grids, name_column
from resanalysis.coding.layout import NEEDED, list_columns
from resanalysis.coding.rows import Coded, RowReader
from resanalysis.model import COUNTED_KINDS, Codebook, InputError, Problem
from resanalysis.tables import make_table

Paths = str | Path | Iterable[str | Path]


def read_coding(paths: Paths, clauses: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """Return what coders filled in, as the table `codings`.

    Every clause that a row names gets the row's codes. A row counts as coded when it has a mark in
    the column of a topic or in `none`, or when every topic is answered with a 0 or a 1; other rows
    are left out, and `list_uncoded` lists them. Marks are 1, x, √, ✓, 是, yes and true; an empty
    cell, 0, 否, no and false say that the clause does not have the topic.

    Parameters
    ----------
    paths : str, Path, or iterable of these
        Workbooks (.xlsx) or CSV in UTF-8, each the work of one or more coders. A coder's name may
        stand in one row only, or in the sheet `about`, as long as the file names no other.
    clauses : DataFrame
        Table `clauses` of the corpus.
    codebook : Codebook
        The codebook that was coded by.

    Returns
    -------
    DataFrame
        Table `codings`, with one row per clause, coder and topic: coders in the order of the files,
        clauses in the order of `clauses`, topics in the order of the codebook.

    Raises
    ------
    InputError
        With everything that is wrong with any of the files, by row and column: the errors that
        `check_coding` returns.
    """
    coded, problems = _parse(paths, clauses, codebook)
    errors = [problem for problem in problems if problem.severity == "error"]
    if errors:
        raise InputError(errors)
    by_key: dict[str, dict[str, Coded]] = {}
    for unit in coded:
        if unit.codes:
            by_key.setdefault(unit.coder, {}).update(dict.fromkeys(unit.keys, unit))
    counted = clauses[clauses["kind"].isin(COUNTED_KINDS)]
    keys = counted[["corpus", "edition", "version", "clause_id"]].to_dict("records")
    return make_table(
        "codings",
        (
            {
                **{str(name): value for name, value in key.items()},
                "coder": coder,
                "topic": topic,
                "code": code,
                "sure": unit.sure,
                "note": unit.note,
            }
            for coder, units in by_key.items()
            for key in keys
            for unit in [units.get(f"{key['edition']}/{key['clause_id']}")]
            if unit is not None
            for topic, code in unit.codes.items()
        ),
    )


def check_coding(paths: Paths, clauses: pd.DataFrame, codebook: Codebook) -> list[Problem]:
    """Return all that is wrong with files that coders filled in.

    Returns
    -------
    list of Problem
        Errors, with which `read_coding` refuses the files, and warnings, with which it reads them:
        rows that are not yet coded, and a sheet made with another version of the codebook.
    """
    return _parse(paths, clauses, codebook)[1]


def list_uncoded(paths: Paths, clauses: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """Return the rows that coders have left out so far, whatever else is wrong with the files.

    Returns
    -------
    DataFrame
        `file`, `row` (as a spreadsheet counts), `coder`, `clauses` (keys joined by a space) and
        `text`.
    """
    coded, _ = _parse(paths, clauses, codebook)
    texts = _read_texts(clauses)
    rows = [
        (unit.file, unit.row, unit.coder, " ".join(unit.keys), texts[unit.keys[0]])
        for unit in coded
        if not unit.codes
    ]
    return pd.DataFrame(rows, columns=["file", "row", "coder", "clauses", "text"])


def _parse(
    paths: Paths, clauses: pd.DataFrame, codebook: Codebook
) -> tuple[list[Coded], list[Problem]]:
    """Return what every row says, and everything that is wrong with any file."""
    files = [paths] if isinstance(paths, str | Path) else list(paths)
    problems: list[Problem] = []
    coded: list[Coded] = []
    texts = _read_texts(clauses)
    for grid in collect_grids(files, problems):
        found = _check_origin(grid, texts, set(clauses["corpus"]))
        if not found:
            found += _check_columns(grid, codebook)
            if "clauses" in grid.columns:
                units, errors = _read_rows(grid, texts, codebook)
                found += errors + _check_repeated(grid, units) + _check_coders(grid, units, coded)
                coded += units
                found += _warn(grid, units, codebook)
        problems += found
    return coded, problems


def _read_texts(clauses: pd.DataFrame) -> dict[str, str]:
    counted = clauses[clauses["kind"].isin(COUNTED_KINDS)]
    keys = counted["edition"] + "/" + counted["clause_id"]
    return dict(zip(keys, counted["text"], strict=True))


def _check_origin(grid: Grid, texts: dict[str, str], corpora: set[str]) -> list[Problem]:
    """Return the one problem of a file that was made for another corpus."""
    corpus = grid.about.get("corpus", "")
    named = [row for row in grid.rows if row.cells.get("clauses")]
    if not grid.rows:
        what, remedy = "holds no row to read", "Check that it is the sheet that was filled in"
        return [Problem("error", grid.file, "", what, remedy)]
    known = any(key in texts for row in named for key in row.cells["clauses"].split())
    if corpus and corpus not in corpora:
        what = f"made for the corpus {corpus}, not for {', '.join(sorted(corpora))}"
        place = "sheet about"
    elif named and not known:
        what, place = "names no clause of this corpus, so it was made for another", "column clauses"
    else:
        return []
    return [Problem("error", grid.file, place, what, "Read it with its own corpus")]


def _check_columns(grid: Grid, codebook: Codebook) -> list[Problem]:
    expected = list_columns(codebook)
    topics = [topic.id for topic in codebook.topics]
    unknown = [name for name in grid.columns if name not in expected]
    problems = [
        Problem(
            "error",
            grid.file,
            f"row 1, column {name_column(grid.columns[name])} ({name})",
            f"the codebook {codebook.id} {codebook.version} has no such topic",
            _suggest(name, [other for other in expected if other not in grid.columns]),
        )
        for name in unknown
    ]
    missing = [name for name in (*NEEDED, *topics) if name not in grid.columns]
    if missing:
        what = f"columns are missing: {', '.join(missing)}"
        remedy = "Put their names back, or read the file with the codebook it was made with"
        problems.append(Problem("error", grid.file, "row 1", what, remedy))
    return problems


def _suggest(name: str, free: Sequence[str]) -> str:
    close = difflib.get_close_matches(name, free, n=1)
    if close:
        return f"Call the column {close[0]} if that is what it was"
    return "Delete the column, or read the file with the codebook it was made with"


def _read_rows(
    grid: Grid, texts: dict[str, str], codebook: Codebook
) -> tuple[list[Coded], list[Problem]]:
    named = list(dict.fromkeys(row.cells["coder"] for row in grid.rows if row.cells.get("coder")))
    only = named[0] if len(named) == 1 else "" if named else grid.about.get("coder", "")
    reader = RowReader(grid, texts, [topic.id for topic in codebook.topics])
    units = [reader.read(row, row.cells.get("coder", only)) for row in grid.rows]
    return [unit for unit in units if unit is not None], reader.problems


def _check_coders(grid: Grid, units: list[Coded], before: list[Coded]) -> list[Problem]:
    problems = []
    nameless = [unit.row for unit in units if not unit.coder]
    if nameless:
        problems.append(
            Problem(
                "error",
                grid.file,
                f"{_list_rows(nameless)}, column coder",
                "nobody is named as the coder",
                "Write the coder's name into the column coder; once is enough if it is the same"
                " throughout",
            )
        )
    others = {unit.coder: unit.file for unit in before}
    for coder in dict.fromkeys(unit.coder for unit in units if unit.coder):
        if coder in others:
            what = f"{coder} is also the coder of {others[coder]}"
            remedy = "Leave one of the files out, or tell two people of the same name apart"
            problems.append(Problem("error", grid.file, "column coder", what, remedy))
    return problems


def _check_repeated(grid: Grid, units: list[Coded]) -> list[Problem]:
    seen: dict[tuple[str, str], int] = {}
    problems = []
    for unit in units:
        first = [seen[unit.coder, key] for key in unit.keys if (unit.coder, key) in seen]
        if first:
            keys = [key for key in unit.keys if (unit.coder, key) in seen]
            what = f"{', '.join(keys)} stood in row {first[0]} already"
            place = grid.place(unit.row, "clauses")
            problems.append(Problem("error", grid.file, place, what, "Delete one of the two rows"))
        seen.update({(unit.coder, key): unit.row for key in unit.keys})
    return problems


def _warn(grid: Grid, units: list[Coded], codebook: Codebook) -> list[Problem]:
    problems = []
    left = Counter(unit.coder for unit in units if not unit.codes)
    for coder, count in left.items():
        rows = [unit.row for unit in units if unit.coder == coder and not unit.codes]
        total = sum(unit.coder == coder for unit in units)
        what = f"{count} of {total} rows are not coded by {coder or 'the coder'} and are left out"
        remedy = "Mark the column none where a text was read and has no topic"
        problems.append(Problem("warning", grid.file, _list_rows(rows), what, remedy))
    made_with = [grid.about.get(name, "") for name in ("codebook", "version", "sha256")]
    if any(made_with) and made_with != [codebook.id, codebook.version, codebook.sha256]:
        what = (
            f"made with the codebook {' '.join(made_with[:2])}, and read with"
            f" {codebook.id} {codebook.version}"
        )
        if made_with[:2] == [codebook.id, codebook.version]:
            what += " of another content"
        remedy = "Check that the definitions that were coded by still hold"
        problems.append(Problem("warning", grid.file, "sheet about", what, remedy))
    return problems


def _list_rows(rows: Sequence[int]) -> str:
    shown = ", ".join(map(str, rows[:5]))
    return f"row{'s' * (len(rows) > 1)} {shown}{' and more' if len(rows) > 5 else ''}"
