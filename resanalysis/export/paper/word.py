"""A table as a Word file: three lines (三线表), the headings on every page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from unicodedata import east_asian_width

from resanalysis.export.paper.table import Cell, Column, PaperTable, Row, Run
from resanalysis.wordfile import hint_font, pack_word, replace_illegal, write_text

_PAGE, _MARGIN = (11906, 16838), 1134  # twentieths of a point; A4
_LETTER, _PADDING, _LEAST, _MOST = 95, 190, 1200, 3400  # of a column's width
_DOTS = '<w:u w:val="dottedHeavy" w:color="6B4A00"/>'
_LOOKS = {
    "": "",
    "del": '<w:strike/><w:color w:val="A32A17"/>',
    "ins": '<w:color w:val="0A4A86"/>',
}
_STYLES = {
    "TableTitle": ('<w:keepNext/><w:spacing w:after="80"/>', '<w:b/><w:sz w:val="21"/>'),
    "TableText": ('<w:spacing w:before="10" w:after="10"/>', '<w:sz w:val="17"/>'),
    "TableNumber": (
        '<w:spacing w:before="10" w:after="10"/><w:jc w:val="right"/>',
        '<w:sz w:val="17"/>',
    ),
    "TableCentre": (
        '<w:spacing w:before="10" w:after="10"/><w:jc w:val="center"/>',
        '<w:sz w:val="17"/>',
    ),
    "TableGroup": (
        '<w:keepNext/><w:spacing w:before="60" w:after="10"/>',
        '<w:b/><w:sz w:val="17"/>',
    ),
    "TableNote": ('<w:spacing w:before="40" w:after="0"/>', '<w:sz w:val="16"/>'),
}


def write_word(table: PaperTable) -> bytes:
    """Return the table as a .docx file; the same table gives the same bytes.

    Caption above, notes below, rules above and below the headings and at the end; deleted text is
    struck through, inserted text underlined, uncertain text dotted below.
    """
    is_wide = any(column.kind == "text" for column in table.columns)
    room = _PAGE[1 if is_wide else 0] - 2 * _MARGIN
    widths = _list_widths(table, room)
    rows = [*_write_head(table.columns, widths)]
    rows += [_write_row(row, table.columns, widths) for row in table.rows]
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    body = [
        _paragraph([Run(table.caption)], "TableTitle"),
        f"<w:tbl>{_describe_table(sum(widths))}<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>",
        *(_paragraph([Run(note)], "TableNote") for note in table.notes),
        _describe_page(is_wide),
    ]
    return pack_word("".join(body), title=replace_illegal(table.caption), styles=_write_styles())


def _list_widths(table: PaperTable, room: int) -> list[int]:
    """Return the widths: what labels and numbers need; texts share what these leave.

    Where there is no text and not enough room, the widest column gives way.
    """
    cells = zip(*(row.cells for row in table.rows if not row.is_heading), strict=True)
    columns = list(zip(table.columns, cells, strict=False)) or [(c, ()) for c in table.columns]
    widths = [0 if column.kind == "text" else _measure(column, below) for column, below in columns]
    texts = widths.count(0)
    left = room - sum(widths)
    if texts:
        return [width or max(left // texts, _LEAST) for width in widths]
    widest = widths.index(max(widths))
    widths[widest] = max(widths[widest] + min(left, 0), _LEAST)
    return widths


def _measure(column: Column, cells: Sequence[Cell]) -> int:
    """Return about how wide the longest line of a column is; a Chinese character is two wide."""
    lines = [line for cell in cells for line in cell.text.split("\n")] + [column.heading]
    letters = max(sum(1 + (east_asian_width(c) in "WF") for c in line) for line in lines)
    return min(_LETTER * letters + _PADDING, _MOST)


def _write_head(columns: Sequence[Column], widths: Sequence[int]) -> Iterator[str]:
    """Yield the rows of headings; what several columns share stands above them."""
    grouped = any(column.group for column in columns)
    if grouped:
        cells, at = [], 0
        for group, members in groupby(columns, key=lambda column: column.group):
            n = len(list(members))
            width = sum(widths[at : at + n])
            rule = _borders(top=12, bottom=4 if group else 0)
            paragraph = _paragraph([Run(group)], "TableCentre")
            cells.append(_cell(paragraph, width, rule, n))
            at += n
        yield _row(cells, is_head=True)
    cells = []
    for column, width in zip(columns, widths, strict=True):
        style = "TableNumber" if column.kind == "number" else "TableText"
        rule = _borders(top=0 if grouped else 12, bottom=6)
        cells.append(_cell(_paragraph([Run(column.heading)], style), width, rule))
    yield _row(cells, is_head=True)


def _write_row(row: Row, columns: Sequence[Column], widths: Sequence[int]) -> str:
    if row.is_heading:
        inner = _paragraph(row.cells[0].runs, "TableGroup")
        return _row([_cell(inner, sum(widths), "", len(columns))])
    rule = _borders(top=6) if row.is_total else ""
    cells = []
    for cell, column, width in zip(row.cells, columns, widths, strict=True):
        style = "TableNumber" if column.kind == "number" else "TableText"
        cells.append(_cell("".join(_write_lines(cell, style)), width, rule))
    return _row(cells)


def _write_lines(cell: Cell, style: str) -> Iterator[str]:
    """Yield a paragraph for every line of a cell."""
    line: list[Run] = []
    for run in cell.runs:
        first, *rest = run.text.split("\n")
        line.append(Run(first, run.mark, run.is_uncertain))
        for text in rest:
            yield _paragraph(line, style)
            line = [Run(text, run.mark, run.is_uncertain)]
    yield _paragraph(line, style)


def _paragraph(runs: Sequence[Run], style: str) -> str:
    inner = "".join(_write_run(run) for run in runs if run.text)
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{inner}</w:p>'


def _write_run(run: Run) -> str:
    line = _DOTS if run.is_uncertain else '<w:u w:val="single"/>' if run.mark == "ins" else ""
    shown = replace_illegal(run.text).replace("\n", " ")
    return write_text(shown, properties=hint_font(shown) + _LOOKS[run.mark] + line)


def _cell(inner: str, width: int, borders: str, span: int = 1) -> str:
    spanned = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{spanned}{borders}</w:tcPr>'
        f"{inner}</w:tc>"
    )


def _row(cells: Sequence[str], *, is_head: bool = False) -> str:
    head = "<w:tblHeader/>" if is_head else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{head}</w:trPr>{''.join(cells)}</w:tr>"


def _borders(*, top: int = 0, bottom: int = 0) -> str:
    """Return the rules of a cell, in eighths of a point."""
    sides = {"top": top, "bottom": bottom}
    drawn = "".join(
        f'<w:{side} w:val="single" w:sz="{size}" w:space="0" w:color="000000"/>'
        for side, size in sides.items()
        if size
    )
    return f"<w:tcBorders>{drawn}</w:tcBorders>" if drawn else ""


def _describe_table(width: int) -> str:
    return (
        f'<w:tblPr><w:tblW w:w="{width}" w:type="dxa"/><w:tblBorders>'
        '<w:top w:val="single" w:sz="12" w:space="0" w:color="000000"/>'
        '<w:bottom w:val="single" w:sz="12" w:space="0" w:color="000000"/></w:tblBorders>'
        '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="50" w:type="dxa"/>'
        '<w:right w:w="50" w:type="dxa"/></w:tblCellMar></w:tblPr>'
    )


def _describe_page(is_wide: bool) -> str:
    width, height = _PAGE[::-1] if is_wide else _PAGE
    turned = ' w:orient="landscape"' if is_wide else ""
    margins = " ".join(f'w:{side}="{_MARGIN}"' for side in ("top", "right", "bottom", "left"))
    return (
        f'<w:sectPr><w:pgSz w:w="{width}" w:h="{height}"{turned}/>'
        f'<w:pgMar {margins} w:header="567" w:footer="567" w:gutter="0"/></w:sectPr>'
    )


def _write_styles() -> str:
    return "".join(
        f'<w:style w:type="paragraph" w:styleId="{name}"><w:name w:val="{name}"/>'
        f'<w:basedOn w:val="Normal"/><w:pPr>{paragraph}</w:pPr><w:rPr>{run}</w:rPr></w:style>'
        for name, (paragraph, run) in _STYLES.items()
    )
