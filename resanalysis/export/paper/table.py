"""A table as a paper prints it, before it becomes LaTeX, Excel, Word, CSV or HTML."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from resanalysis.model import Language


@dataclass(frozen=True)
class Run:
    """Characters of a cell that look alike.

    Attributes
    ----------
    text : str
        The characters; a line break begins a new paragraph of the cell.
    mark : {"", "del", "ins"}
        Whether the other edition lacks them: deleted from the old one, inserted into the new.
    is_uncertain : bool
        Whether that is not certain.
    """

    text: str
    mark: Literal["", "del", "ins"] = ""
    is_uncertain: bool = False


@dataclass(frozen=True)
class Cell:
    """What stands in one place of a table.

    Attributes
    ----------
    runs : tuple of Run
        The text as printed; none for an empty cell.
    value : int or float, optional
        The number behind the text, unrounded, for formats that keep numbers.
    decimals : int
        How many places behind the point are printed of `value`.
    """

    runs: tuple[Run, ...] = ()
    value: float | None = None
    decimals: int = 0

    @property
    def text(self) -> str:
        """The text as printed, without marks."""
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True)
class Column:
    """A column: its heading, a heading it shares with its neighbours, and what it holds.

    Attributes
    ----------
    heading : str
        Its own heading.
    group : str
        Heading printed once over all neighbours that have the same one; empty for none.
    kind : {"label", "number", "text"}
        Short words at the left, a number at the right, or text that runs over lines.
    """

    heading: str
    group: str = ""
    kind: Literal["label", "number", "text"] = "number"


@dataclass(frozen=True)
class Row:
    """A row of cells, or with `is_heading` one cell that spans the table.

    Attributes
    ----------
    cells : tuple of Cell
        One per column; a single one when `is_heading`.
    is_heading : bool
        Whether the row says what the rows below it have in common.
    is_total : bool
        Whether the row sums those above it.
    """

    cells: tuple[Cell, ...]
    is_heading: bool = False
    is_total: bool = False


@dataclass(frozen=True)
class PaperTable:
    """A table as a paper prints it.

    Attributes
    ----------
    name : str
        Name of its files and its label in LaTeX, such as `topic-shift`.
    language : {"zh", "en"}
        Language of everything but quoted text.
    caption : str
        What the table shows.
    columns : tuple of Column
        At least one.
    rows : tuple of Row
        In the order printed.
    notes : tuple of str
        Below the table: numbers of units, method, meaning of marks, where it comes from.
    """

    name: str
    language: Language
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()
