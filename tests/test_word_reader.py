"""Word files with tracked changes: each construct, the invariants, and LibreOffice's answer."""

from __future__ import annotations

import contextlib
import itertools
import random
import re
import struct
import zipfile
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from libreoffice import resave_in_libreoffice, versions_in_libreoffice
from word_files import (
    WHO,
    WORD,
    cell,
    deleted,
    field,
    ins,
    item,
    level,
    lists,
    make_docx,
    par,
    row,
    run,
    table,
)

from resanalysis.model import InputError
from resanalysis.redline.word import read_word, read_word_text
from resanalysis.redline.word.archive import MAX_RATIO
from resanalysis.redline.word.names import MAX_DEPTH

TAIL = par(ins(run("！")))  # a change, so that a file whose point is another one can be read
CLAUSES = lists(level(0, "decimal", "%1.") + level(1, "lowerLetter", "%2)"))


def versions(body: str, **parts: str) -> tuple[str, str]:
    redline = read_word(make_docx(body, **parts))
    return redline.text("old"), redline.text("new")


def moved(tag: str, text: str) -> str:
    return f"<w:{tag} {WHO}>{run(text)}</w:{tag}>"


# --- text ---------------------------------------------------------------------------------------


def test_author_and_time_of_every_change_are_kept():
    data = make_docx(par(run("第"), deleted("一"), ins(run("二")), run("届")))
    segments = read_word(data, corpus="x").segments
    assert segments["text"].tolist() == ["第", "一", "二", "届\n"]
    assert segments["op"].tolist() == ["equal", "delete", "insert", "equal"]
    assert segments["changed_by"].tolist() == ["", "Ann", "Ann", ""]
    assert segments["changed_at"].tolist() == ["", *["2022-01-02T03:04:05Z"] * 2, ""]
    assert set(segments["certainty"]) == {"proven"}
    assert set(segments["corpus"]) == {"x"}


CONSTRUCTS = {
    "deleted mark": (par(run("甲"), mark="del") + par(run("乙")), "甲\n乙\n", "甲乙\n"),
    "inserted mark": (par(run("甲"), mark="ins") + par(run("乙")), "甲乙\n", "甲\n乙\n"),
    "whole paragraph deleted": (
        par(deleted("甲"), mark="del") + par(run("乙")),
        "甲\n乙\n",
        "乙\n",
    ),
    "move": (
        par(moved("moveFrom", "甲"), mark="moveFrom")
        + par(run("乙"))
        + par(moved("moveTo", "甲"), mark="moveTo")
        + par(run("丙")),
        "甲\n乙\n丙\n",
        "乙\n甲\n丙\n",
    ),
    "hyperlink": (
        par('<w:hyperlink w:anchor="a">', ins(run("甲")), run("乙"), "</w:hyperlink>"),
        "乙\n",
        "甲乙\n",
    ),
    "field": (
        par(field('HYPERLINK "https://a.example"', run("甲")), deleted("乙")),
        "甲乙\n",
        "甲\n",
    ),
    "deleted field": (
        par(
            f"<w:del {WHO}>",
            field('HYPERLINK "https://a.example"', '<w:r><w:delText>甲</w:delText></w:r>').replace(
                "instrText", "delInstrText"
            ),
            "</w:del>",
            run("乙"),
        ),
        "甲乙\n",
        "乙\n",
    ),
    "field in a field": (
        par(field(f"</w:instrText></w:r>{field('PAGE', run('0'))}<w:r><w:instrText>", run("甲")))
        + TAIL,
        "甲\n\n",
        "甲\n！\n",
    ),
    "simple field": (
        par('<w:fldSimple w:instr="QUOTE a">', run("甲"), "</w:fldSimple>", ins(run("乙"))),
        "甲\n",
        "甲乙\n",
    ),
    "content control": (
        f"<w:sdt><w:sdtPr/><w:sdtContent>{par(ins(run('甲')), run('乙'))}</w:sdtContent></w:sdt>"
        + par("<w:sdt><w:sdtContent>", run("丙"), "</w:sdtContent></w:sdt>"),
        "乙\n丙\n",
        "甲乙\n丙\n",
    ),
    "smart tag and custom XML": (
        '<w:customXml w:element="a">'
        + par("<w:smartTag>", run("甲"), "</w:smartTag>")
        + "</w:customXml>"
        + TAIL,
        "甲\n\n",
        "甲\n！\n",
    ),
    "signs": (
        par(
            "<w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t><w:cr/><w:noBreakHyphen/>"
            '<w:softHyphen/></w:r>',
            ins(run("d")),
        ),
        "a\tb\nc\n\u2011\u00ad\n",
        "a\tb\nc\n\u2011\u00add\n",
    ),
    "breaks of pages are no text": (
        par('<w:r><w:br w:type="page"/><w:lastRenderedPageBreak/><w:t>a</w:t></w:r>') + TAIL,
        "a\n\n",
        "a\n！\n",
    ),
    "symbols": (
        par(
            '<w:r><w:sym w:font="Symbol" w:char="F061"/><w:sym w:font="Other" w:char="F061"/>'
            '<w:sym w:font="Wingdings" w:char="F0FC"/><w:sym w:font="x" w:char="D800"/></w:r>'
        )
        + TAIL,
        "α\uf061✓\ufffd\n\n",
        "α\uf061✓\ufffd\n！\n",
    ),
    "spaces at the ends": (
        par("<w:r><w:t> a </w:t></w:r>", run(" b ")) + TAIL,
        "a b \n\n",
        "a b \n！\n",
    ),
    "line breaks inside a text are spaces": (par(run("a\nb")) + TAIL, "a b\n\n", "a b\n！\n"),
    "ruby": (
        par(
            f"<w:r><w:ruby><w:rubyPr/><w:rt>{run('jiǎ')}</w:rt>"
            f"<w:rubyBase>{run('甲')}</w:rubyBase></w:ruby></w:r>",
            deleted("乙"),
        ),
        "甲乙\n",
        "甲\n",
    ),
    "formula": (
        par("<m:oMath><m:r><m:t>x=1</m:t></m:r></m:oMath>", ins(run("a"))),
        "x=1\n",
        "x=1a\n",
    ),
    "table": (
        table(row(cell(par(run("a"))), cell(par(run("b")), par(ins(run("c")), mark="ins"), par())))
        + par(),
        "a\nb\n\n\n",
        "a\nb\nc\n\n\n",
    ),
    "inserted row": (
        table(
            row(cell(par(run("a")))),
            row(cell(par(ins(run("b")), mark="ins")), change="ins"),
        )
        + par(),
        "a\n\n",
        "a\nb\n\n",
    ),
    "deleted row": (
        table(
            row(cell(par(run("a")))),
            row(cell(par(deleted("b"), mark="del"), par(deleted("c"), mark="del")), change="del"),
        )
        + par(deleted("x")),
        "a\nb\nc\nx\n",
        "a\n\n",
    ),
    "row dragged away": (
        table(
            row(cell(par(run("a")))),
            row(*[cell(par(moved("moveFrom", t), mark="moveFrom")) for t in "bc"]),
        )
        + par(),
        "a\nb\nc\n\n",
        "a\n\n",
    ),
    "emptied cell stays": (
        table(row(cell(par(deleted("a"), mark="del")), cell(par(run("b"))))) + par(),
        "a\nb\n\n",
        "\nb\n\n",
    ),
    "inserted and deleted cell": (
        table(
            row(
                cell(par(run("a")), properties=f"<w:cellIns {WHO}/>"),
                cell(par(run("b")), properties=f"<w:cellDel {WHO}/>"),
            )
        )
        + par(),
        "b\n\n",
        "a\n\n",
    ),
    "merged cells show once": (
        table(
            row(cell(par(run("a")), properties='<w:vMerge w:val="restart"/>')),
            row(cell(par(), properties="<w:vMerge/>")),
        )
        + TAIL,
        "a\n\n",
        "a\n！\n",
    ),
    "deleted mark before a table": (
        par(run("a"), mark="del") + table(row(cell(par(run("b"))))) + TAIL,
        "a\nb\n\n",
        "a\nb\n！\n",
    ),
    "deleted paragraph before a table": (
        par(deleted("a"), mark="del") + table(row(cell(par(run("b"))))) + par(),
        "a\nb\n\n",
        "b\n\n",
    ),
    "text around a deleted table": (
        par(run("a"), mark="del")
        + table(row(cell(par(deleted("b"), mark="del")), change="del"))
        + par(run("c")),
        "a\nb\nc\n",
        "ac\n",
    ),
    "text box once": (
        par(
            run("甲"),
            "<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:txbx>"
            f"<w:txbxContent>{par(run('框'), ins(run('一')))}</w:txbxContent></wps:txbx>"
            "</w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox><w:txbxContent>"
            f"{par(run('框'), ins(run('一')))}</w:txbxContent></v:textbox></w:pict></mc:Fallback>"
            "</mc:AlternateContent></w:r>",
            mark="ins",
        )
        + par(run("乙")),
        "甲乙\n框\n",
        "甲\n乙\n框一\n",
    ),
    "embedded formatting change": (
        par(run("a", f"<w:rPr><w:b/><w:rPrChange {WHO}><w:rPr/></w:rPrChange></w:rPr>")) + TAIL,
        "a\n\n",
        "a\n！\n",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CONSTRUCTS)
def test_construct(name):
    body, old, new = CONSTRUCTS[name]
    assert versions(body) == (old, new)


def test_what_one_inserted_and_another_deleted_is_in_neither_version_and_noted():
    body = par(run("甲"), ins(deleted("乙")), f"<w:del {WHO}>{ins(run('丙'))}</w:del>") + TAIL
    redline = read_word(make_docx(body))
    assert redline.source == "甲\n！\n"
    assert any(note.startswith("2 pieces inserted and deleted again") for note in redline.notes)


def test_a_field_without_an_end_does_not_swallow_the_text():
    body = par('<w:r><w:fldChar w:fldCharType="begin"/></w:r>', run("甲")) + TAIL
    redline = read_word(make_docx(body))
    assert redline.text("old") == "甲\n\n"
    assert any("field" in note for note in redline.notes)


def test_notes_count_comments_moves_formatting_and_margins():
    formatting = f"<w:rPr><w:rPrChange {WHO}><w:rPr/></w:rPrChange></w:rPr>"
    body = (
        par(f'<w:moveFromRangeStart {WHO} w:name="m"/>', moved("moveFrom", "甲"))
        + par(run("乙", formatting), run("丙", "<w:rPr><w:vanish/></w:rPr>"))
        + '<w:sectPr><w:headerReference w:type="default" r:id="rId9"/></w:sectPr>'
    )
    notes = read_word(make_docx(body, comments="<w:comment/><w:comment/>")).notes
    assert [note.split()[0] for note in notes] == ["2", "1", "1", "1", "1"]
    assert [note.split()[1] for note in notes] == ["comments", "change", "move,", "run", "header"]


# --- notes of the text --------------------------------------------------------------------------


def reference(kind: str, number: int) -> str:
    return f'<w:r><w:{kind}Reference w:id="{number}"/></w:r>'


def _own_mark(kind: str) -> str:
    return f"<w:r><w:{kind}Ref/></w:r>"


def note(kind: str, number: int, *content: str) -> str:
    return f'<w:{kind} w:id="{number}">{par(_own_mark(kind), *content)}</w:{kind}>'


def test_notes_stand_at_the_end_and_their_numbers_follow_the_version():
    body = par(
        run("甲"),
        f"<w:del {WHO}>{reference('footnote', 7)}</w:del>",
        run("乙"),
        reference("footnote", 5),
        reference("endnote", 2),
    )
    footnotes = note("footnote", 5, run(" b"), ins(run("c"))) + note("footnote", 7, run(" a"))
    redline = read_word(
        make_docx(body, footnotes=footnotes, endnotes=note("endnote", 2, run(" e")))
    )
    assert redline.text("old") == "甲[1]乙[2][i]\n[1] a\n[2] b\n[i] e\n"
    assert redline.text("new") == "甲乙[1][i]\n[1] bc\n[i] e\n"


def test_a_note_that_does_not_show_its_mark_is_given_it():
    footnotes = f'<w:footnote w:id="5">{par(run("b"))}</w:footnote>'
    body = par(reference("footnote", 5), ins(run("x")), reference("footnote", 6))
    redline = read_word(make_docx(body, footnotes=footnotes))
    assert redline.text("old") == "[1][2]\n[1]\tb\n"
    assert any("text is missing" in text for text in redline.notes)


def test_the_document_may_number_its_notes_in_its_own_way():
    settings = '<w:footnotePr><w:numFmt w:val="upperLetter"/><w:numStart w:val="3"/></w:footnotePr>'
    footnotes = note("footnote", 5, run("b"))
    body = par(reference("footnote", 5), ins(run("x")))
    assert versions(body, footnotes=footnotes, settings=settings)[0] == "[C]\n[C]b\n"


# --- labels -------------------------------------------------------------------------------------


def test_a_deleted_item_renumbers_those_after_it_in_the_new_version_only():
    body = item(run("甲")) + item(deleted("乙"), mark="del") + item(run("丙"), level=0)
    redline = read_word(make_docx(body, numbering=CLAUSES))
    assert redline.source == "1.\t甲\n2.\t乙\n32.\t丙\n"
    assert redline.text("old") == "1.\t甲\n2.\t乙\n3.\t丙\n"
    assert redline.text("new") == "1.\t甲\n2.\t丙\n"


def test_a_split_item_keeps_its_label_in_the_version_that_has_one_line():
    body = item(run("甲"), mark="ins") + item(run("乙")) + item(run("丙"))
    old, new = versions(body, numbering=CLAUSES)
    assert old == "1.\t甲乙\n2.\t丙\n"
    assert new == "1.\t甲\n2.\t乙\n3.\t丙\n"


@pytest.mark.parametrize("mark", ["del", "ins"])
@pytest.mark.parametrize(("first", "last", "label"), [(par, item, "1.\t"), (item, par, "")])
def test_merged_paragraphs_have_the_list_of_the_last_whose_mark_remains(first, last, label, mark):
    # LibreOffice keeps the first paragraph's list; in Word properties belong to the mark.
    body = first(run("甲"), mark=mark) + last(run("乙")) + TAIL
    merged = versions(body, numbering=CLAUSES)[mark == "del"]
    assert merged.startswith(f"{label}甲乙\n")


def test_a_list_begins_with_its_own_start_when_its_first_item_is_deleted():
    again = (
        '<w:num w:numId="2"><w:abstractNumId w:val="1"/><w:lvlOverride w:ilvl="0">'
        '<w:startOverride w:val="1"/></w:lvlOverride></w:num>'
    )
    body = item(run("甲")) + item(deleted("乙"), list_id=2, mark="del")
    body += item(run("丙"), list_id=2)
    old, new = versions(body, numbering=lists(level(0, "decimal", "%1."), numbers=again))
    assert old == "1.\t甲\n1.\t乙\n2.\t丙\n"
    assert new == "1.\t甲\n1.\t丙\n"


def test_a_list_that_was_changed_into_another_keeps_its_old_label_in_the_old_version():
    old_list = '<w:numPr><w:ilvl w:val="1"/><w:numId w:val="1"/></w:numPr>'
    change = f"<w:pPrChange {WHO}><w:pPr>{old_list}</w:pPr></w:pPrChange>"
    body = item(run("甲")) + item(run("乙"), more=change)
    redline = read_word(make_docx(body, numbering=CLAUSES))
    assert redline.text("old") == "1.\t甲\na)\t乙\n"
    assert redline.text("new") == "1.\t甲\n2.\t乙\n"
    assert set(redline.segments.query("op != 'equal'")["changed_by"]) == {"Ann"}
    assert not any("formatting" in note for note in redline.notes)


def test_a_recorded_old_label_and_a_list_put_on_later():
    recorded = f'<w:numberingChange {WHO} w:original="%1:4:0:.%2:2:4:)"/>'
    added = f"<w:ins {WHO}/>"
    number = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/>{}</w:numPr>'
    body = par(run("甲"), properties=number.format(recorded)) + par(
        run("乙"), properties=number.format(added)
    )
    old, new = versions(body, numbering=CLAUSES)
    assert old == "4.b)\t甲\n乙\n"
    assert new == "1.\t甲\n2.\t乙\n"


def labels(body: str, numbering: str, styles: str = "") -> list[str]:
    old, _ = versions(body + TAIL, numbering=numbering, styles=styles)
    return [line.split("\t")[0] for line in old.split("\n")[:-2]]


@pytest.mark.parametrize(
    ("form", "numbers", "expected"),
    [
        ("decimal", (1, 12), ["1", "12"]),
        ("decimalZero", (1, 12), ["01", "12"]),
        ("decimalFullWidth", (1, 12), ["１", "１２"]),
        ("decimalEnclosedCircle", (1, 20, 21), ["①", "⑳", "21"]),
        ("lowerLetter", (1, 26, 27, 53), ["a", "z", "aa", "aaa"]),
        ("upperLetter", (2, 28), ["B", "BB"]),
        ("lowerRoman", (4, 9, 40, 1999), ["iv", "ix", "xl", "mcmxcix"]),
        ("upperRoman", (14,), ["XIV"]),
        ("ordinal", (1, 2, 3, 11, 22), ["1st", "2nd", "3rd", "11th", "22nd"]),
        ("chineseCounting", (1, 10, 20, 99, 101), ["一", "十", "二十", "九十九", "一〇一"]),
        ("chineseCountingThousand", (10, 100, 101, 1001), ["十", "一百", "一百零一", "一千零一"]),
        ("taiwaneseCounting", (12, 100), ["十二", "一○○"]),
        ("japaneseCounting", (12, 100, 101, 210), ["十二", "百", "百一", "二百十"]),
        ("ideographDigital", (10, 21), ["一〇", "二一"]),
        ("ideographTraditional", (1, 10, 11), ["甲", "癸", "11"]),
        ("ideographZodiac", (1, 12, 13), ["子", "亥", "13"]),
        ("ideographZodiacTraditional", (1, 13), ["甲子", "丙子"]),
        ("chineseLegalSimplified", (12, 101), ["壹拾贰", "壹佰零壹"]),
        ("none", (1,), [""]),
        ("someNewFormat", (7,), ["7"]),
    ],
)  # fmt: skip
def test_number_formats(form, numbers, expected):
    definitions = [level(0, form, "第%1条", start=start) for start in numbers]
    body = "".join(item(list_id=i) for i in range(1, len(numbers) + 1))
    assert labels(body, lists(*definitions)) == [f"第{number}条" for number in expected]


def test_levels_restart_under_a_higher_one_unless_told_otherwise():
    levels = (
        level(0, "upperRoman", "%1.")
        + level(1, "decimal", "%1.%2", more="<w:isLgl/>")
        + level(2, "decimal", "(%3)", more='<w:lvlRestart w:val="0"/>')
    )
    body = "".join(item(level=depth) for depth in (0, 1, 2, 1, 2, 0, 1, 2))
    expected = ["I.", "1.1", "(1)", "1.2", "(2)", "II.", "2.1", "(3)"]
    assert labels(body, lists(levels)) == expected


def test_lists_of_one_definition_count_on_unless_one_names_its_start():
    numbers = (
        '<w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>'
        '<w:num w:numId="3"><w:abstractNumId w:val="1"/><w:lvlOverride w:ilvl="0">'
        '<w:startOverride w:val="7"/></w:lvlOverride></w:num>'
    )
    numbering = lists(level(0, "decimal", "%1)"), numbers=numbers)
    body = "".join(item(list_id=i) for i in (1, 2, 3, 3, 1))
    assert labels(body, numbering) == ["1)", "2)", "7)", "8)", "9)"]


def test_styles_bring_lists_with_them_and_a_paragraph_can_leave_them():
    styles = (
        '<w:style w:type="paragraph" w:styleId="A"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr>'
        '</w:pPr></w:style><w:style w:type="paragraph" w:styleId="B"><w:basedOn w:val="A"/>'
        "</w:style>"
        '<w:style w:type="paragraph" w:styleId="C"><w:basedOn w:val="A"/><w:pPr><w:numPr>'
        '<w:ilvl w:val="1"/><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    )
    levels = level(0, "decimal", "%1.") + level(1, "decimal", "%1.%2", more='<w:pStyle w:val="C"/>')
    off = '<w:numPr><w:numId w:val="0"/></w:numPr>'
    body = "".join(
        par(properties=f'<w:pStyle w:val="{style}"/>{more}')
        for style, more in (("A", ""), ("B", ""), ("C", ""), ("A", off), ("B", ""))
    )
    assert labels(body, lists(levels), styles) == ["1.", "2.", "2.1", "", "3."]


def test_bullets_and_separators():
    numbering = lists(
        level(0, "bullet", "\uf0b7")
        + level(1, "decimal", "%2", more='<w:suff w:val="space"/>')
        + level(2, "decimal", "（%3）", more='<w:suff w:val="nothing"/>')
    )
    body = item(run("a")) + item(run("b"), level=1) + item(run("c"), level=2) + TAIL
    assert versions(body, numbering=numbering)[0] == "•\ta\n1 b\n（1）c\n\n"


# --- invariants ---------------------------------------------------------------------------------

OPS = st.sampled_from(["equal", "delete", "insert"])
WORDS = st.text("甲乙丙ab ，1", min_size=1, max_size=4)
PARAGRAPHS = st.lists(st.tuples(st.lists(st.tuples(WORDS, OPS), max_size=4), OPS), max_size=6)
MARKS = {"equal": "", "delete": "del", "insert": "ins"}


def write_paragraphs(paragraphs: list[tuple[list[tuple[str, str]], str]]) -> str:
    write = {"equal": run, "delete": deleted, "insert": lambda text: ins(run(text))}
    return "".join(
        par(*[write[op](text) for text, op in runs], mark=MARKS[mark]) for runs, mark in paragraphs
    )


@given(PARAGRAPHS)
def test_the_versions_are_those_that_were_written(paragraphs):
    paragraphs = [*paragraphs, ([("。", "delete"), ("！", "insert")], "equal")]
    redline = read_word(make_docx(write_paragraphs(paragraphs)))
    flat = [piece for runs, mark in paragraphs for piece in (*runs, ("\n", mark))]
    assert redline.source == "".join(text for text, _ in flat)
    assert redline.text("old") == "".join(text for text, op in flat if op != "insert")
    assert redline.text("new") == "".join(text for text, op in flat if op != "delete")


@given(st.binary(max_size=200))
def test_any_bytes_are_refused_as_bad_input(data):
    for start in (b"", b"PK\x03\x04"):
        with pytest.raises(InputError):
            read_word(start + data)


@given(st.data())
def test_a_damaged_file_is_read_or_refused(data):
    whole = make_docx(par(run("甲"), ins(run("乙"))), numbering=CLAUSES)
    at = data.draw(st.integers(0, len(whole) - 1))
    broken = whole[:at] + bytes([data.draw(st.integers(0, 255))]) + whole[at + 1 :]
    with contextlib.suppress(InputError):
        assert read_word(broken).source


# --- LibreOffice --------------------------------------------------------------------------------

UNLIKE = {
    # LibreOffice 7.4 knows no tracked cells, and removes rows by other signs.
    "inserted and deleted cell",
    "row dragged away",
    # It joins nothing to a paragraph at a table, and leaves it empty where Word drops it.
    "deleted paragraph before a table",
    "text around a deleted table",
    # It shows symbols in their fonts' own codes, formulas and boxes apart, fields calculated.
    "symbols",
    "formula",
    "text box once",
    "field in a field",
    # It begins a paragraph at a break of pages, and shows where a content control ends.
    "breaks of pages are no text",
    "content control",
}
LABELLED = {
    "deleted item": item(run("甲")) + item(deleted("乙"), mark="del") + item(run("丙")),
    "inserted item": item(run("甲")) + item(ins(run("乙")), mark="ins") + item(run("丙")),
    "inner list": "".join(item(run("x"), level=depth) for depth in (0, 1, 1, 0, 1)),
    "split item": item(run("甲"), mark="ins") + item(run("乙")) + item(run("丙")),
    "moved item": item(moved("moveFrom", "甲"), mark="moveFrom")
    + item(run("乙"))
    + item(moved("moveTo", "甲"), mark="moveTo")
    + item(run("丙")),
    "inner list first": item(run("x"), level=1) + item(run("y")) + item(run("z"), level=1),
}


def spread(body: str) -> str:
    """Give every change an author of its own, or LibreOffice takes neighbours for one change."""
    number = itertools.count()
    return re.sub(r'w:author="Ann"', lambda _: f'w:author="A{next(number)}"', body)


def random_body(rng: random.Random) -> str:
    ops = ["equal", "equal", "delete", "insert"]
    paragraphs = [
        (
            [
                (rng.choice("甲乙丙丁") * rng.randint(1, 3), rng.choice(ops))
                for _ in range(rng.randint(1, 4))
            ],
            rng.choice(ops),
        )
        for _ in range(rng.randint(1, 5))
    ]
    return write_paragraphs([*paragraphs, ([("末", "equal")], "equal")]) + TAIL


def test_libreoffice_gives_the_same_versions():
    rng = random.Random(11)  # noqa: S311 - any documents will do, the same ones each time
    bodies = [body for name, (body, _, _) in CONSTRUCTS.items() if name not in UNLIKE]
    bodies += [random_body(rng) for _ in range(60)]
    files = [make_docx(spread(body)) for body in bodies]
    redlines = [read_word(data) for data in files]
    answers = versions_in_libreoffice(files)
    assert [{"old": r.text("old"), "new": r.text("new")} for r in redlines] == answers


def test_libreoffice_shows_the_same_labels():
    forms = ["upperRoman", "lowerLetter", "chineseCountingThousand",
             "ideographTraditional", "decimalEnclosedCircle"]  # fmt: skip
    numbering = [CLAUSES] * len(LABELLED) + [lists(level(0, form, "（%1）")) for form in forms]
    bodies = [*LABELLED.values(), *["".join(item(run("x")) for _ in range(12))] * len(forms)]
    files = [
        make_docx(spread(body + TAIL), numbering=part)
        for body, part in zip(bodies, numbering, strict=True)
    ]
    redlines = [read_word(data) for data in files]
    answers = versions_in_libreoffice(files, labels=True)
    assert [{"old": r.text("old"), "new": r.text("new")} for r in redlines] == answers


FLAT = """<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:dc="http://purl.org/dc/elements/1.1/" office:version="1.3"
 office:mimetype="application/vnd.oasis.opendocument.text"><office:body><office:text>
<text:tracked-changes>
<text:changed-region xml:id="a" text:id="a"><text:deletion>WHO<text:p>2014年</text:p>
</text:deletion></text:changed-region>
<text:changed-region xml:id="b" text:id="b"><text:insertion>WHO</text:insertion>
</text:changed-region>
<text:changed-region xml:id="c" text:id="c"><text:deletion>WHO<text:p/><text:p/>
</text:deletion></text:changed-region></text:tracked-changes>
<text:p>（<text:change text:change-id="a"/><text:change-start text:change-id="b"/>2022年</text:p>
<text:p>新段<text:change-end text:change-id="b"/>）完</text:p>
<text:p>上<text:change text:change-id="c"/>下</text:p>
</office:text></office:body></office:document>""".replace(
    "WHO",
    "<office:change-info><dc:creator>Li</dc:creator><dc:date>2022-03-04T05:06:07</dc:date>"
    "</office:change-info>",
)


def test_a_file_that_libreoffice_wrote_is_read_as_libreoffice_reads_it():
    (data,) = resave_in_libreoffice([FLAT.replace("\n<text:p>", "<text:p>").encode()])
    (answer,) = versions_in_libreoffice([data])
    redline = read_word(data)
    assert {"old": redline.text("old"), "new": redline.text("new")} == answer
    assert redline.text("old").startswith("（2014年）完\n上\n下\n")
    assert redline.text("new").startswith("（2022年\n新段）完\n上下\n")
    assert set(redline.segments.query("op != 'equal'")["changed_by"]) == {"Li"}


# --- which files are read, and what is said of the others --------------------------------------


@pytest.mark.parametrize("strict", [False, True])
def test_strict_files_and_other_names_of_parts_are_read(strict):
    data = make_docx(
        item(run("甲"), ins(run("乙"))), numbering=CLAUSES, document="a/b.xml", strict=strict
    )
    assert read_word(data).text("new") == "1.\t甲乙\n"


def test_a_clean_file_gives_its_text():
    data = make_docx(item(run("甲")) + par(run("乙")), numbering=CLAUSES)
    assert read_word_text(data, name="a.docx") == "1.\t甲\n乙\n"


def test_a_clean_file_is_no_redline():
    with pytest.raises(InputError, match=r"a\.docx: no tracked change of its text\. "):
        read_word(make_docx(par(run("甲"))), name="a.docx")


def test_a_file_with_pending_changes_is_no_clean_text():
    with pytest.raises(InputError, match=r"a\.docx: 2 tracked changes are pending, by Ann"):
        read_word_text(make_docx(par(deleted("甲"), ins(run("乙")))), name="a.docx")


def old_office(stream: str) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + stream.encode("utf-16-le")


def zipped(names: dict[str, str]) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in names.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def encrypted() -> bytes:
    """Return an archive whose entries say that they are encrypted."""
    data = bytearray(make_docx(TAIL))
    for sign, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = -1
        while (at := data.find(sign, at + 1)) >= 0:
            struct.pack_into("<H", data, at + offset, 1)
    return bytes(data)


SHEET = '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'
DTD = f'<!DOCTYPE a [<!ENTITY b "c">]><w:document xmlns:w="{WORD}"><w:body/></w:document>'
BARE = f'<w:document xmlns:w="{WORD}"/>'
DEEP = "<w:sdt><w:sdtContent>" * MAX_DEPTH + "</w:sdtContent></w:sdt>" * MAX_DEPTH
OUTSIDE = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="a" Type="x/officeDocument" Target="../../etc/passwd"/></Relationships>'
)
REFUSED = {
    "empty": (b"", "empty"),
    "text": ("决议".encode(), "not a Word file"),
    "rtf": (b"{\\rtf1 }", "an RTF file"),
    "pdf": (b"%PDF-1.7", "a PDF"),
    "html": (b"<html></html>", "XML or HTML"),
    "password": (old_office("EncryptedPackage"), "protected by a password"),
    "doc": (old_office("WordDocument"), "an old Word file"),
    "xls": (old_office("Workbook"), "an old Office file"),
    "cut off": (make_docx(TAIL)[:-40], "a damaged archive"),
    "zip": (zipped({"a.txt": "a"}), "an archive, not a Word file"),
    "odt": (zipped({"mimetype": "application/x"}), "an OpenDocument file"),
    "no relations": (make_docx(TAIL, replaced={"_rels/.rels": None}), "missing"),
    "no document": (make_docx(TAIL, replaced={"word/document.xml": None}), "missing"),
    "sheet": (make_docx("", replaced={"word/document.xml": SHEET}), "not a Word document"),
    "broken": (
        make_docx("<w:p>"),
        r"word/document\.xml, line 1, column \d+: broken XML",
    ),
    "no body": (make_docx("", replaced={"word/document.xml": BARE}), "has no body"),
    "entities": (make_docx("", replaced={"word/document.xml": DTD}), "document type or entities"),
    "deep": (make_docx(DEEP), f"deeper than {MAX_DEPTH}"),
    "outside": (make_docx(TAIL, replaced={"_rels/.rels": OUTSIDE}), "leads out of the file"),
    "path": (make_docx(TAIL, replaced={"../evil.xml": "x"}), "leads out of the archive"),
    "twins": (make_docx(TAIL, replaced={"Word/Document.xml": "x"}), "twice"),
    "encrypted": (encrypted(), "encrypted"),
    "bomb": (
        make_docx(TAIL, replaced={"word/media/a.bin": bytes(40 * 2**20)}),
        "a zip bomb",
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", REFUSED)
def test_refused_with_a_reason(kind):
    data, reason = REFUSED[kind]
    with pytest.raises(InputError, match=f"(?s)error: a\\.docx.*{reason}"):
        read_word(data, name="a.docx")


@pytest.mark.parametrize(
    ("opening", "closing", "levels"),
    [
        ("<w:sdt><w:sdtContent>", "</w:sdtContent></w:sdt>", 2),
        ("<w:tbl><w:tr><w:tc>", "</w:tc></w:tr></w:tbl>", 3),
        ("<w:p><w:r><w:object>", "</w:object></w:r></w:p>", 3),
    ],
)
def test_whatever_is_nested_less_deep_than_the_limit_is_read(opening, closing, levels):
    times = (MAX_DEPTH - 6) // levels
    body = opening * times + par(ins(run("甲"))) + closing * times
    assert "甲" in read_word(make_docx(body)).text("new")


def test_every_broken_part_is_reported():
    data = make_docx(TAIL, numbering="<w:num>", styles="<w:style>")
    with pytest.raises(InputError) as caught:
        read_word(data)
    assert [problem.place.split(",")[0] for problem in caught.value.problems] == [
        "word/numbering.xml",
        "word/styles.xml",
    ]


def test_a_file_that_packs_well_is_no_bomb():
    body = par(run("各成员国" * 200_000)) + TAIL
    data = make_docx(body)
    assert len(body.encode()) < MAX_RATIO * len(data) or len(body.encode()) < 32 * 2**20
    assert len(read_word(data).source) > 800_000
