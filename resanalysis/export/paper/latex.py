r"""A table as LaTeX for XeLaTeX with ctex: booktabs, and longtable where it runs over pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from resanalysis.export.paper.latex_text import escape_text, measure_text
from resanalysis.export.paper.table import Cell, Column, PaperTable, Row, Run

_PACKAGES = r"\usepackage{booktabs,longtable,tabularx,xeCJKfntef}"

# The star has punctuation marked, too. What is uncertain has dots below the line of its mark.
_MARKS = r"""\providecommand\RAdel[1]{\CJKsout*{#1}}
\providecommand\RAins[1]{\CJKunderline*{#1}}
\providecommand\RAdot{\raisebox{-.5ex}[0pt][0pt]{\hbox to .3em{\hss.\hss}}}
\providecommand\RArule[1]{\rlap{\raisebox{#1}[0pt][0pt]{\rule{.3em}{.4pt}}}}
\providecommand\RAunsure[1]{\CJKunderanyline*{.05em}{\RAdot}{#1}}
\providecommand\RAunsuredel[1]{\CJKunderanyline*{.05em}{\RArule{.42em}\RAdot}{#1}}
\providecommand\RAunsureins[1]{\CJKunderanyline*{.15em}{\RArule{0pt}\RAdot}{#1}}"""

_HEADS = {
    "zh": r"\documentclass[a4paper,zihao=5]{ctexart}",
    "en": "\\documentclass[a4paper,10pt]{article}\n\\usepackage[scheme=plain]{ctex}",
}
"""How a document begins whose own words are in a language."""

_NOTES = {"zh": "注：", "en": "Notes. "}

_LINE = 58.0  # em of the text's width at the size of a table's print, on A4 with margins of 2 cm
_LABEL = 9.0  # em, the most that a column of labels beside texts is wide
_PAGE = 45  # rows that a page holds


def write_latex(table: PaperTable, *, standalone: bool = True) -> str:
    r"""Return a table as LaTeX, for XeLaTeX.

    A table with text that runs over lines, or with more rows than a page holds, is a `longtable`;
    any other floats and is as wide as the line. Deleted text is struck through, inserted text
    underlined, and uncertain text has dots below it, by the commands `\RAdel`, `\RAins`,
    `\RAunsure`, `\RAunsuredel` and `\RAunsureins`; a paper that defines them before keeps its own.

    Parameters
    ----------
    table : PaperTable
        The table.
    standalone : bool
        Whether to return a document that compiles by itself; otherwise what a paper takes in by
        `\input`. The comment at its top says what the paper's preamble must load.

    Returns
    -------
    str
        Every special character is escaped. The same table gives the same text.

    Examples
    --------
    >>> cells = (Cell((Run("R&D"),)), Cell((Run("12"),), 12))
    >>> columns = (Column("Topic", kind="label"), Column("n"))
    >>> table = PaperTable("counts", "en", "Counts", columns, (Row(cells),))
    >>> print(write_latex(table, standalone=False).splitlines()[-4])
    R\&D & 12 \\
    """
    body = "\n".join([_MARKS, *_write_table(table)])
    if not standalone:
        return "\n".join((*_describe_needs(table), body, ""))
    lines = (
        f"% {table.name}: compile with XeLaTeX",
        _HEADS[table.language],
        r"\usepackage[margin=20mm]{geometry}",
        _PACKAGES,
        r"\pagestyle{plain}",
        r"\begin{document}",
        body,
        r"\end{document}",
        "",
    )
    return "\n".join(lines)


def _describe_needs(table: PaperTable) -> Iterator[str]:
    """Yield the comment at the top of a table that a paper takes in."""
    yield f"% {table.name}: for a paper compiled with XeLaTeX, \\input{{{table.name}}}"
    yield "% It needs a class of ctex, such as ctexart, or \\usepackage[scheme=plain]{ctex}, and"
    yield f"%   {_PACKAGES}"


def _write_table(table: PaperTable) -> Iterator[str]:
    is_long = len(table.rows) > _PAGE or _has_texts(table)
    zh = table.language == "zh"
    caption = rf"\caption{{{escape_text(table.caption, is_chinese=zh)}}}\label{{tab:{table.name}}}"
    notes = [escape_text(note, is_chinese=zh) for note in table.notes]
    notes[:1] = [_NOTES[table.language] + note for note in notes[:1]]
    head = list(_write_head(table, is_long=is_long))
    rows = [line for row in table.rows for line in _write_row(row, table)]
    columns = "".join(_list_columns(table, is_long=is_long))
    if is_long:
        yield r"\begingroup\footnotesize\linespread{1.2}\selectfont"
        yield r"\setlength\tabcolsep{4pt}\setlength\LTcapwidth{\linewidth}"
        yield rf"\begin{{longtable}}{{@{{}}{columns}@{{}}}}"
        yield rf"{caption}\\"
        yield from (*head, r"\endfirsthead", *head, r"\endhead", r"\bottomrule", r"\endfoot")
        yield from (*rows, r"\end{longtable}")
    else:
        yield r"\begin{table}[htbp]\centering\setlength\belowcaptionskip{6pt}"
        yield caption
        yield r"\footnotesize\setlength\tabcolsep{3pt}"
        yield rf"\begin{{tabularx}}{{\linewidth}}{{@{{}}{columns}@{{}}}}"
        yield from (*head, *rows, r"\bottomrule", r"\end{tabularx}")
    yield from (rf"\par\smallskip{{\noindent\raggedright {note}\par}}" for note in notes)
    yield r"\par\endgroup" if is_long else r"\end{table}"


def _has_texts(table: PaperTable) -> bool:
    return any(column.kind == "text" for column in table.columns)


# --- columns -------------------------------------------------------------------------------------


def _list_columns(table: PaperTable, *, is_long: bool) -> Iterator[str]:
    """Yield the columns: labels hang, and stand further in where they are under headings."""
    is_listed = any(row.is_heading for row in table.rows) and not _has_texts(table)
    widths = _share_width(table)
    for i, column in enumerate(table.columns):
        hang = rf"\leftskip{1.6 if is_listed else 0.8}em\parindent-.8em"
        if is_long:  # a longtable begins a cell's first paragraph before it reads this
            hang += r"\hspace{-.8em}"
        flush = rf">{{\raggedright{hang if column.kind == 'label' else ''}\arraybackslash}}"
        if column.kind == "number":
            yield "r"
        elif is_long:
            gaps = 1 if i in (0, len(table.columns) - 1) else 2
            yield rf"{flush}p{{\dimexpr{widths[i]:.3f}\linewidth-{gaps}\tabcolsep}}"
        else:
            yield f"{flush}X" if i == 0 else "l"


def _share_width(table: PaperTable) -> list[float]:
    """Return each column's part of the line: labels as they need, texts what is left."""
    texts = sum(column.kind == "text" for column in table.columns)
    parts = []
    for i, column in enumerate(table.columns):
        cells = [row.cells[i].text for row in table.rows if not row.is_heading]
        words = [column.heading, *(line for cell in cells for line in cell.split("\n"))]
        widest = max(map(measure_text, words))
        parts.append((min(widest, _LABEL) if column.kind == "label" else widest) / _LINE + 0.015)
    left = sum(p for p, c in zip(parts, table.columns, strict=True) if c.kind != "text")
    if not texts:  # then the first column has what is left
        return [1 - sum(parts[1:]), *parts[1:]]
    return [
        (1 - left) / texts if column.kind == "text" else part
        for part, column in zip(parts, table.columns, strict=True)
    ]


# --- head and rows -------------------------------------------------------------------------------


def _write_head(table: PaperTable, *, is_long: bool) -> Iterator[str]:
    """Yield the headings, with a line below those that several columns share."""
    zh = table.language == "zh"
    yield r"\toprule"
    if any(column.group for column in table.columns):
        first, cells, rules = 1, [], []
        for group, members in groupby(table.columns, key=lambda column: column.group):
            n = len(list(members))
            name = escape_text(group, is_chinese=zh)
            cells += [rf"\multicolumn{{{n}}}{{c}}{{{name}}}"] if group else [""] * n
            rules += [rf"\cmidrule(lr){{{first}-{first + n - 1}}}"] if group else []
            first += n
        yield " & ".join(cells) + r" \\"
        yield "".join(rules)
    names = [_write_heading(column, is_chinese=zh) for column in table.columns]
    yield " & ".join([names[0] if is_long else _set_out(names[0]), *names[1:]]) + r" \\"
    yield r"\midrule"


def _write_heading(column: Column, *, is_chinese: bool) -> str:
    """Return a column's heading; one over numbers is broken at spaces, to be as narrow as they."""
    if column.kind != "number" or " " not in column.heading:
        return escape_text(column.heading, is_chinese=is_chinese)
    words = column.heading.split(" ")
    stacked = r"\\".join(escape_text(word, is_chinese=is_chinese) for word in words)
    return rf"\shortstack[r]{{{stacked}}}"


def _write_row(row: Row, table: PaperTable) -> Iterator[str]:
    if row.is_heading:
        title = _write_cell(row.cells[0], joint=" ")
        whole = rf"\multicolumn{{{len(table.columns)}}}{{@{{}}p{{\linewidth}}@{{}}}}"
        yield r"\addlinespace"
        yield rf"{whole}{{\raggedright\textbf{{{title}}}}} \\*"
        return
    cells = [_write_cell(cell) for cell in row.cells]
    if row.is_total:
        yield r"\midrule"
        cells[0] = _set_out(cells[0])
    yield " & ".join(cells) + r" \\"
    if _has_texts(table):
        yield r"\addlinespace[3pt]"


def _set_out(text: str) -> str:
    """Return a first cell that stands at the table's edge, where the others stand in."""
    return rf"\multicolumn{{1}}{{@{{}}l}}{{{text}}}"


def _write_cell(cell: Cell, *, joint: str = r"\par ") -> str:
    """Return the runs of a cell, a new paragraph after each line break."""
    is_chinese = re.search("[\u3400-\u9fff]", cell.text) is not None
    lines: list[list[str]] = [[]]
    for run in cell.runs:
        for i, text in enumerate(run.text.split("\n")):
            if i:
                lines.append([])
            if text:
                lines[-1].append(_mark_text(escape_text(text, is_chinese=is_chinese), run))
    return joint.join("".join(line) for line in lines)


def _mark_text(text: str, run: Run) -> str:
    command = ("unsure" if run.is_uncertain else "") + run.mark
    return rf"\RA{command}{{{text}}}" if command else text
