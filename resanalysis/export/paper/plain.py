"""A table as CSV and as an HTML page."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from html import escape
from io import StringIO
from itertools import groupby

from resanalysis.export.paper.table import Cell, Column, PaperTable, Row, Run
from resanalysis.wordfile import replace_illegal

_CRITIC = {"del": ("{--", "--}"), "ins": ("{++", "++}")}
_STYLE = """\
body {font-family: "Noto Serif CJK SC", "Source Han Serif SC", SimSun, serif; margin: 1.5em;
  color: #111; background: #fff}
table {border-collapse: collapse; border-top: 1.5px solid; border-bottom: 1.5px solid}
caption {text-align: left; padding: 0 0 .5em; font-weight: bold}
th, td {padding: .2em .55em; text-align: left; vertical-align: top; font-weight: normal}
thead tr:last-child th {border-bottom: 1px solid}
thead th[colspan] {text-align: center; border-bottom: .7px solid}
.number {text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums}
.heading th {font-weight: bold; padding-top: .6em}
.total > * {border-top: 1px solid}
.text {min-width: 16em}
.unsure {border-bottom: 1.5px dotted}
.notes {font-size: .85em; max-width: 60em}
"""


def write_csv(table: PaperTable) -> str:
    """Return the table as CSV: one line of headings, numbers unrounded, marks in CriticMarkup.

    The rows that name what follows them become a first column, `group`. Caption and notes are not
    in it. Write it in UTF-8 with a byte order mark for Excel.
    """
    buffer = StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    headings = [
        f"{column.group} {column.heading}" if column.group else column.heading
        for column in table.columns
    ]
    writer.writerow(["group", *headings])
    group = ""
    for row in table.rows:
        if row.is_heading:
            group = row.cells[0].text
        else:
            writer.writerow(["" if row.is_total else group, *map(_write_plain, row.cells)])
    return buffer.getvalue()


def _write_plain(cell: Cell) -> str | float:
    if cell.value is not None:
        return cell.value
    shown = "".join(
        f"{_CRITIC[run.mark][0]}{run.text}{_CRITIC[run.mark][1]}" if run.mark else run.text
        for run in cell.runs
    )
    for opening, closing in _CRITIC.values():
        shown = shown.replace(closing + opening, "")
    return shown


def write_page(table: PaperTable) -> str:
    """Return the table as an HTML page of its own, which pastes into Word as it looks."""
    language = "zh-Hans" if table.language == "zh" else "en"
    notes = "\n".join(f"<p>{_escape(note)}</p>" for note in table.notes)
    rows = "\n".join(_write_row(row, table.columns) for row in table.rows)
    return (
        f'<!DOCTYPE html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{_escape(table.caption)}</title>\n<style>\n{_STYLE}</style>\n</head>\n<body>\n"
        f"<table>\n<caption>{_escape(table.caption)}</caption>\n"
        f"<thead>\n{''.join(_write_head(table.columns))}</thead>\n<tbody>\n{rows}\n</tbody>\n"
        f'</table>\n<div class="notes">\n{notes}\n</div>\n</body>\n</html>\n'
    )


def _write_head(columns: Sequence[Column]) -> Iterator[str]:
    """Yield the rows of headings; what several columns share stands above them."""
    if any(column.group for column in columns):
        yield "<tr>"
        for group, members in groupby(columns, key=lambda column: column.group):
            n = len(list(members))
            if group:
                yield f'<th scope="colgroup" colspan="{n}">{_escape(group)}</th>'
            else:
                yield "<td></td>" * n
        yield "</tr>\n"
    cells = (
        f'<th scope="col" class="{column.kind}">{_escape(column.heading)}</th>'
        for column in columns
    )
    yield f"<tr>{''.join(cells)}</tr>\n"


def _write_row(row: Row, columns: Sequence[Column]) -> str:
    if row.is_heading:
        inner = _write_cell(row.cells[0])
        return (
            f'<tr class="heading"><th scope="rowgroup" colspan="{len(columns)}">{inner}</th></tr>'
        )
    cells = []
    for at, (cell, column) in enumerate(zip(row.cells, columns, strict=True)):
        name, scope = ("th", ' scope="row"') if at == 0 else ("td", "")
        cells.append(f'<{name}{scope} class="{column.kind}">{_write_cell(cell)}</{name}>')
    total = ' class="total"' if row.is_total else ""
    return f"<tr{total}>{''.join(cells)}</tr>"


def _write_cell(cell: Cell) -> str:
    return "".join(map(_write_run, cell.runs))


def _write_run(run: Run) -> str:
    shown = _escape(run.text).replace("\n", "<br>")
    if run.is_uncertain:
        shown = f'<span class="unsure">{shown}</span>'
    return f"<{run.mark}>{shown}</{run.mark}>" if run.mark else shown


def _escape(text: str) -> str:
    return escape(replace_illegal(text))
