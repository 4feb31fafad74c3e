r"""Tables as LaTeX: text comes through as it is, marks and headings become commands.

`make test-latex` compiles such tables; what is here only reads them.
"""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resanalysis.export.paper import Cell, Column, PaperTable, Row, Run, write_latex
from resanalysis.export.paper.latex_text import escape_text
from resanalysis.model import LANGUAGES, Language

COMMANDS = {
    r"\textbackslash{}": "\\",
    r"\textasciitilde{}": "~",
    r"\textasciicircum{}": "^",
    r"\textless{}": "<",
    r"\textgreater{}": ">",
    r"\textbar{}": "|",
    r"\textquotedbl{}": '"',
    r"\textasciigrave{}": "`",
    "$-$": "\N{MINUS SIGN}",
    r"$\rightarrow$": "→",
    r"$\times$": "×",
    r"$\pm$": "±",
    r"$\leq$": "≤",
    r"$\geq$": "≥",
    "{[}": "[",
    "{]}": "]",
    "{*}": "*",
    r"\ ": " ",
    **{f"\\{sign}": sign for sign in "{}$&#%_"},
}
"""What TeX prints for a piece of source."""

PIECE = re.compile("|".join(map(re.escape, sorted(COMMANDS, key=len, reverse=True))) + r"|[\s\S]")
TEXTS = st.text(st.sampled_from("\\{}$&#%_~^<>|\"'`[]*-–—−“”→×,?!+ab1。水（）·"))


def keep_braces(source: str) -> str:
    """Return the source with the empty groups that end a command, and no others."""
    return re.sub(r"(?<![a-z])\{\}", "", source)


def say(text: str) -> Cell:
    return Cell((Run(text),))


def make_table(*cells: Cell, language: Language = "zh", kind: str = "text") -> PaperTable:
    columns = tuple(Column("列", kind="label" if kind == "label" else "text") for _ in cells)
    return PaperTable("t", language, "题", columns, (Row(cells),), ("注释。",))


@given(TEXTS)
def test_escaped_text_is_printed_as_it_was(text: str) -> None:
    source = keep_braces(escape_text(text, is_chinese=True))
    printed = "".join(COMMANDS.get(piece, piece) for piece in PIECE.findall(source))
    assert printed == text


@given(TEXTS)
def test_nothing_special_to_tex_is_left(text: str) -> None:
    rest = PIECE.sub(
        lambda found: "" if found[0] in COMMANDS else found[0],
        keep_braces(escape_text(text, is_chinese=True)),
    )
    assert not set(rest) & set('\\{}$&#%_~^<>|"`[]*')


@given(TEXTS)
def test_no_two_characters_are_printed_as_one(text: str) -> None:
    source = escape_text(text, is_chinese=True)
    assert not re.search(r"--|''|,,|[?!]`", source)


def test_quotes_and_dashes_follow_the_language() -> None:
    text = "“Net zero” – it’s"
    assert escape_text(text, is_chinese=False) == "``Net zero'' -- it's"
    assert escape_text(text, is_chinese=True) == text


def test_a_quoted_clause_keeps_chinese_quotes_in_an_english_table() -> None:
    table = make_table(say("“未来”"), say("“future”"), language="en")
    assert "“未来” & ``future''" in write_latex(table)


def test_what_no_file_can_hold_is_replaced() -> None:
    assert escape_text("a\x0cb\0c", is_chinese=True) == "a\ufffdb\ufffdc"


@pytest.mark.parametrize(
    ("run", "expected"),
    [
        (Run("水", "del"), r"\RAdel{水}"),
        (Run("水", "ins"), r"\RAins{水}"),
        (Run("水", "", True), r"\RAunsure{水}"),
        (Run("水", "del", True), r"\RAunsuredel{水}"),
        (Run("水", "ins", True), r"\RAunsureins{水}"),
        (Run("水"), "水"),
    ],
)
def test_a_mark_is_a_command(run: Run, expected: str) -> None:
    source = write_latex(make_table(Cell((Run("甲"), run)), say("乙")))
    assert f"甲{expected} & 乙" in source
    command = re.match(r"\\RA\w+", expected)
    assert command is None or rf"\providecommand{command[0]}[1]" in source


def test_a_line_break_begins_a_paragraph_outside_of_marks() -> None:
    cell = Cell((Run("甲\n乙", "ins"), Run("\n"), Run("丙")))
    assert r"\RAins{甲}\par \RAins{乙}\par 丙 \\" in write_latex(make_table(cell))


def test_shared_headings_span_their_columns() -> None:
    columns = (
        Column("Topic", kind="label"),
        *(Column(name, "Busan") for name in ("n", "share %")),
        *(Column(name, "Origin") for name in ("ADD", "SUP")),
    )
    source = write_latex(PaperTable("t", "en", "c", columns, ()))
    assert r" & \multicolumn{2}{c}{Busan} & \multicolumn{2}{c}{Origin} \\" in source
    assert r"\cmidrule(lr){2-3}\cmidrule(lr){4-5}" in source
    assert r"\shortstack[r]{share\\\%}" in source


def test_a_heading_row_spans_the_table_and_is_not_the_last_of_a_page() -> None:
    columns = (Column("Topic", kind="label"), Column("n"))
    rows = (Row((say("A & B"),), is_heading=True), Row((say("x"), Cell((Run("1"),), 1))))
    source = write_latex(PaperTable("t", "en", "c", columns, rows))
    assert r"\multicolumn{2}{@{}p{\linewidth}@{}}{\raggedright\textbf{A \& B}} \\*" in source


def test_numbers_stand_right_and_only_texts_or_many_rows_run_over_pages() -> None:
    columns = (Column("Topic", kind="label"), Column("n"))
    row = Row((say("x"), Cell((Run("1"),), 1)))
    short = write_latex(PaperTable("t", "en", "c", columns, (row,)))
    assert r"\begin{tabularx}{\linewidth}" in short
    assert re.search(r"Xr@\{\}\}\n", short)
    many = write_latex(PaperTable("t", "en", "c", columns, (row,) * 60))
    assert r"\begin{longtable}" in many
    assert r"\endhead" in write_latex(make_table(say("甲")))


def test_columns_of_a_long_table_are_together_as_wide_as_the_line() -> None:
    columns = (Column("变动", kind="label"), Column("旧", kind="text"), Column("新", kind="text"))
    row = Row((say("MOD 修改"), say("水" * 300), say("水" * 10)))
    source = write_latex(PaperTable("t", "zh", "题", columns, (row,)))
    widths = [float(width) for width in re.findall(r"dimexpr([\d.]+)\\linewidth", source)]
    assert len(widths) == 3
    assert sum(widths) == pytest.approx(1, abs=0.002)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_paper_takes_in_is_the_body_of_the_document(language: Language) -> None:
    table = make_table(say("甲"), language=language)
    part = write_latex(table, standalone=False)
    body = "\n".join(line for line in part.splitlines() if not line.startswith("%"))
    assert body.strip() in write_latex(table)
    assert r"\documentclass" not in part
    assert r"\usepackage" in part.split(r"\providecommand")[0]


def test_notes_stand_below_the_table() -> None:
    source = write_latex(make_table(say("甲")))
    assert source.index(r"\end{longtable}") < source.index("注：注释。")
