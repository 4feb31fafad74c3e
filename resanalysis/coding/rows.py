"""One row of a coding sheet: what the coder said of one text, and what is wrong with it."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from resanalysis.coding.files import Grid, Row
from resanalysis.coding.marks import read_mark, read_sure
from resanalysis.model import Problem
from resanalysis.wordfile import replace_illegal

Found = TypeVar("Found")

_AROUND = 8
"""Characters shown on either side of where two texts part."""


@dataclass(frozen=True)
class Coded:
    """What a coder said of one text.

    Attributes
    ----------
    file, row
        Where it stands.
    keys : tuple of str
        The clauses, as `edition/clause_id`.
    coder : str
        Who said it; empty where nobody is named.
    codes : dict of int
        1 or 0 by topic; empty where the text is not yet coded.
    sure : bool
        Whether the coder was certain.
    note : str
        The coder's note.
    """

    file: str
    row: int
    keys: tuple[str, ...]
    coder: str
    codes: Mapping[str, int]
    sure: bool
    note: str


@dataclass
class RowReader:
    """Reads the rows of one file and collects what is wrong with them.

    Attributes
    ----------
    grid : Grid
        The file.
    texts : dict of str
        Text of every counted clause by `edition/clause_id`.
    topics : sequence of str
        Topics of the codebook.
    problems : list of Problem
        What was found wrong so far.
    """

    grid: Grid
    texts: Mapping[str, str]
    topics: Sequence[str]
    problems: list[Problem] = field(default_factory=list)

    def read(self, row: Row, coder: str) -> Coded | None:
        """Return what a row says; None where it names no clause of the corpus."""
        keys = self._read_keys(row)
        if not keys:
            return None
        if "text" in self.grid.columns:
            self._compare_text(row, keys)
        remedy = "Write 1 (or x, √, 是) where the text has the topic, else leave the cell empty"
        marks = {
            topic: self._read_cell(row, topic, read_mark, remedy)
            for topic in (*self.topics, "none")
            if topic in self.grid.columns
        }
        remedy = "Leave the cell empty if you are certain, write ? if not"
        sure = self._read_cell(row, "sure", read_sure, remedy)
        return Coded(
            self.grid.file,
            row.number,
            keys,
            coder,
            self._judge(row, marks.pop("none", None), marks),
            sure is not False,
            row.cells.get("note", ""),
        )

    def report(self, row: Row, column: str, what: str, remedy: str) -> None:
        """Add a problem with one cell."""
        place = self.grid.place(row.number, column)
        self.problems.append(Problem("error", self.grid.file, place, what, remedy))

    def _read_keys(self, row: Row) -> tuple[str, ...]:
        keys = tuple(row.cells.get("clauses", "").split())
        remedy = "Put back what the sheet had there when it was made"
        if not keys:
            self.report(row, "clauses", "no clause is named, but the row is not empty", remedy)
        unknown = [key for key in keys if key not in self.texts]
        if unknown:
            what = f"no counted clause of the corpus is called {', '.join(unknown)}"
            self.report(row, "clauses", what, remedy)
        return tuple(dict.fromkeys(key for key in keys if key in self.texts))

    def _compare_text(self, row: Row, keys: Sequence[str]) -> None:
        found = row.cells.get("text", "")
        for key in keys:
            if difference := show_difference(found, self.texts[key]):
                self.report(
                    row,
                    "text",
                    f"not the text of {key}: {difference}",
                    "Put the text back and check that the row's codes are for it; if the corpus"
                    " has changed since, make a new sheet",
                )
                return

    def _read_cell(
        self, row: Row, column: str, read: Callable[[str], Found], remedy: str
    ) -> Found | None:
        cell = row.cells.get(column, "")
        try:
            return read(cell)
        except ValueError:
            self.report(row, column, f"{cell[:20]!r} is not a mark that is known", remedy)
            return None

    def _judge(self, row: Row, none: int | None, marks: Mapping[str, int | None]) -> dict[str, int]:
        """Return the codes of a row, empty where it has not been coded."""
        given = [topic for topic, mark in marks.items() if mark]
        if none and given:
            what = f"marked as having no topic, and as having {', '.join(given)}"
            self.report(row, "none", what, "Delete one of the two")
        answered = bool(marks) and all(mark is not None for mark in marks.values())
        if not (none or given or answered):
            return {}
        return {topic: int(bool(mark)) for topic, mark in marks.items()}


def show_difference(found: str, expected: str) -> str:
    """Return where a text first parts from what it should be; empty where it does not.

    White space does not count, since spreadsheets change it; nor do characters that no workbook can
    hold.

    Examples
    --------
    >>> show_difference("减少电子废弃物的数量", "减少电子垃圾的数量")
    "'减少电子废弃物的数量' instead of '减少电子垃圾的数量'"
    >>> show_difference("减少 电子垃圾", "减少电子垃圾")
    ''
    """
    found, expected = (
        "".join(replace_illegal(text.replace("\r", "")).split()) for text in (found, expected)
    )
    if found == expected:
        return ""
    if not found:
        return "the cell is empty"
    matcher = difflib.SequenceMatcher(None, found, expected, autojunk=False)
    changes = [code for code in matcher.get_opcodes() if code[0] != "equal"]
    (_, a, _, b, _), (_, _, c, _, d) = changes[0], changes[-1]
    return f"{_cut(found, a, c)} instead of {_cut(expected, b, d)}"


def _cut(text: str, start: int, end: int) -> str:
    end = min(end, start + 4 * _AROUND)
    before, after = max(start - _AROUND, 0), end + _AROUND
    left, right = "…" if before else "", "…" if after < len(text) else ""
    return repr(f"{left}{text[before:after]}{right}")
