"""Labels at the beginning of a line: what they are, and every way to read a merged one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resanalysis.labels import (
    choose_label,
    read_chinese_number,
    read_labels,
    write_chinese_number,
    write_number,
)


@given(st.integers(1, 9999))
def test_chinese_numbers_are_read_as_they_are_written(value: int) -> None:
    assert read_chinese_number(write_chinese_number(value)) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("十", 10),
        ("十二", 12),
        ("一百零三", 103),
        ("一百一十", 110),
        ("一千零一", 1001),
        ("九千零九十", 9090),
    ],
)
def test_chinese_numbers_of_laws(text: str, value: int) -> None:
    assert read_chinese_number(text) == value
    assert write_chinese_number(value) == text


@pytest.mark.parametrize("text", ["", "零", "百", "十四十二", "一二", "二〇", "十百", "三人"])
def test_what_is_no_customary_number(text: str) -> None:
    assert read_chinese_number(text) is None


@pytest.mark.parametrize(
    ("line", "family", "number", "marker"),
    [
        ("a)\t认识", "latin", 1, "a)"),
        ("(b) 认识", "latin", 2, "(b)"),
        ("iii)\t认识", "roman", 3, "iii)"),
        ("12\t认识", "arabic", 12, "12"),
        ("3. 认识", "arabic", 3, "3."),
        ("4、认识", "arabic", 4, "4、"),
        ("二、认识", "cn", 2, "二、"),
        ("（三）认识", "paren_cn", 3, "（三）"),
        ("（3）认识", "paren_num", 3, "（3）"),
        ("第十二条　认识", "article", 12, "第十二条"),
        ("第12条　认识", "article", 12, "第12条"),
        ("第一章　总则", "chapter", 1, "第一章"),
        ("第二编　总则", "chapter", 2, "第二编"),
        ("第二节　总则", "section", 2, "第二节"),
        ("　　第五条　认识", "article", 5, "　　第五条"),
        ("–\t认识", "bullet", 0, "–"),
        ("\uf0b7\t认识", "bullet", 0, "\uf0b7"),
    ],
)
def test_a_label_has_family_number_and_end(
    line: str, family: str, number: int, marker: str
) -> None:
    (label,) = read_labels(line)
    assert (label.family, label.numbers[0], line[: label.end]) == (family, number, marker)


@pytest.mark.parametrize(
    "line",
    [
        "认识到",
        "2014年会议",
        "1.5摄氏度",
        "2021.5",
        "第十二次会议",
        "-5度",
        "abc)\t认识",
        "99999999999\t",
    ],
)
def test_a_line_without_label(line: str) -> None:
    assert read_labels(line) == ()


def test_a_plain_label_stands_in_both_versions_or_in_one() -> None:
    (label,) = read_labels("c)\t认识")
    assert [(r.old, r.new) for r in label.readings] == [(3, 3), (3, None), (None, 3)]
    assert all(reading.marks == () for reading in label.readings)


@pytest.mark.parametrize(
    ("line", "old", "new", "deleted", "inserted"),
    [
        ("ed)\t甲", 5, 4, "e", "d"),
        ("ea)\t甲", 5, 1, "e", "a"),
        ("iiiii)\t甲", 3, 2, "iii", "ii"),
        ("1012\t甲", 10, 12, "10", "12"),
        ("34\t甲", 3, 4, "3", "4"),
        ("第十四十二条　甲", 14, 12, "十四", "十二"),
        ("（四三）甲", 4, 3, "四", "三"),
        ("（三）（四）甲", 3, 4, "（三）", "（四）"),
        ("第四条第五条　甲", 4, 5, "第四条", "第五条"),
        ("(e)(d) 甲", 5, 4, "(e)", "(d)"),
    ],
)
def test_a_merged_label_holds_both_numbers(
    line: str, old: int, new: int, deleted: str, inserted: str
) -> None:
    readings = [
        reading
        for label in read_labels(line)
        for reading in label.readings
        if (reading.old, reading.new) == (old, new) and not reading.flipped
    ]
    assert [[(op, line[a:b]) for a, b, op in reading.marks] for reading in readings] == [
        [("delete", deleted), ("insert", inserted)]
    ]


def test_a_merged_label_may_be_printed_the_other_way_round() -> None:
    (label,) = read_labels("ed)\t甲")
    flipped = [reading for reading in label.readings if reading.flipped]
    assert [(r.old, r.new) for r in flipped] == [(4, 5)]
    assert flipped[0].marks == ((0, 1, "insert"), (1, 2, "delete"))


def test_an_indented_merged_label_is_marked_without_its_indent() -> None:
    line = "　　（三）（四）甲"
    merged = read_labels(line)[0].readings[0]
    assert [line[a:b] for a, b, _ in merged.marks] == ["（三）", "（四）"]


@given(st.text(alphabet="abixv0123456789一二十百第条章（）().、\t –", max_size=8))
def test_readings_stay_within_their_label(line: str) -> None:
    for label in read_labels(line):
        assert 0 < label.end <= len(line)
        for reading in label.readings:
            assert all(0 <= a < b <= label.end for a, b, _ in reading.marks)
            assert reading.old != reading.new or not reading.marks


@pytest.mark.parametrize(
    ("line", "letter", "numeral", "family"),
    [
        ("i)\t甲", 8, 0, "latin"),  # h) is the last letter
        ("i)\t甲", 6, 0, "latin"),  # g) and h) were deleted or inserted
        ("i)\t甲", 2, 0, "roman"),  # under b)
        ("i)\t甲", 0, 0, "roman"),  # no list is open
        ("v)\t甲", 21, 4, "roman"),  # iv) stands above
        ("i)\t甲", 8, 3, "latin"),  # iii) under h) stands above
        ("ii)\t甲", 8, 1, "roman"),
    ],
)
def test_a_letter_or_a_numeral(line: str, letter: int, numeral: int, family: str) -> None:
    label = choose_label(read_labels(line), letter=letter, numeral=numeral)
    assert label.family == family


@pytest.mark.parametrize(
    ("family", "value", "printed"),
    [("latin", 10, "j"), ("roman", 4, "iv"), ("arabic", 12, "12"), ("article", 21, "二十一")],
)
def test_numbers_are_written_as_their_family_prints_them(family, value, printed):
    assert write_number(family, value) == printed


@pytest.mark.parametrize("indent", ["", "\t", "\t\t", " \t ", "\u3000\u3000"])
@pytest.mark.parametrize("label", ["a)", "1", "12", "第三条", "（四）", "–"])
def test_an_indent_moves_a_label_and_nothing_else(indent: str, label: str) -> None:
    (plain,), (moved,) = (read_labels(f"{before}{label}\t文") for before in ("", indent))
    assert moved.family == plain.family
    assert moved.end == plain.end + len(indent)
    assert moved.numbers == plain.numbers
