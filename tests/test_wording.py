"""Rules of wording: what each proposes, which reading comes first, and what it leaves alone."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resanalysis.redline.inference import wording
from resanalysis.redline.inference.wording import Candidate

LINE_RULES = [
    wording.find_dated_places,
    wording.find_glued_years,
    wording.find_glued_sessions,
    wording.find_merged_numerals,
    wording.find_glued_quantities,
    wording.find_doubled_punctuation,
]


def first_readings(line: str, candidates: Iterable[Candidate]) -> list[tuple[str, str]]:
    """Return what the first reading of each place deletes and inserts."""
    found = []
    for candidate in candidates:
        text = {op: line[a:b] for a, b, op in candidate[0]}
        found.append((text.get("delete", ""), text.get("insert", "")))
    return found


@pytest.mark.parametrize(
    ("line", "old", "new"),
    [
        ("（2014年，釜山2022年，布加勒斯特）", "2014年，釜山", "2022年，布加勒斯特"),
        ("（2012年，迪拜2022年，日内瓦，修订版）", "2012年，迪拜", "2022年，日内瓦"),
        ("（2022年，日内瓦2012年，迪拜）", "2012年，迪拜", "2022年，日内瓦"),
    ],
)
def test_dates_with_places_the_earlier_one_deleted(line: str, old: str, new: str) -> None:
    assert first_readings(line, wording.find_dated_places(line)) == [(old, new)]


@pytest.mark.parametrize(
    ("line", "old", "new"),
    [
        ("在20142022年提交", "2014", "2022"),
        ("在2014年2022年提交", "2014年", "2022年"),
        ("在20222014年提交", "2014", "2022"),
    ],
)
def test_glued_years(line: str, old: str, new: str) -> None:
    assert first_readings(line, wording.find_glued_years(line)) == [(old, new)]


@pytest.mark.parametrize(
    "line", ["2014年", "20142014年", "120142022号", "2020-2030年", "2014至2022年"]
)
def test_years_that_are_not_glued(line: str) -> None:
    assert not list(wording.find_glued_years(line))


@pytest.mark.parametrize(
    ("line", "old", "new"),
    [
        ("（WRC-1219，修订版）", "12", "19"),
        ("（WRC-1912）", "12", "19"),
        ("（WRC-9703）", "97", "03"),
    ],
)
def test_glued_sessions_in_the_order_of_their_years(line: str, old: str, new: str) -> None:
    assert first_readings(line, wording.find_glued_sessions(line)) == [(old, new)]


@pytest.mark.parametrize("line", ["WRC-12", "COP-2020", "ISO-12345", "1219"])
def test_sessions_that_are_not_glued(line: str) -> None:
    assert not list(wording.find_glued_sessions(line))


@pytest.mark.parametrize(
    ("line", "old", "new"),
    [("依照第十九条第十七条办理", "第十九条", "第十七条"), ("30日20日内", "30日", "20日")],
)
def test_glued_quantities_of_one_unit(line: str, old: str, new: str) -> None:
    assert first_readings(line, wording.find_glued_quantities(line)) == [(old, new)]


@pytest.mark.parametrize("line", ["第十九条和第十七条", "30日20小时", "30日30日", "第三条5条"])
def test_quantities_that_are_not_glued(line: str) -> None:
    assert not list(wording.find_glued_quantities(line))


@pytest.mark.parametrize(
    ("line", "old", "new"),
    [
        ("依照第十四十二条", "十四", "十二"),
        ("依照第（四三）项", "四", "三"),
        ("依照第十九七条", "九", "七"),
    ],
)
def test_merged_numerals_with_the_smallest_step_first(line: str, old: str, new: str) -> None:
    assert first_readings(line, wording.find_merged_numerals(line)) == [(old, new)]


@pytest.mark.parametrize("line", ["第十四条", "（四）", "第一百零三条", "一二三"])
def test_numerals_that_are_whole(line: str) -> None:
    assert not list(wording.find_merged_numerals(line))


def test_doubled_punctuation() -> None:
    line = "甲，；乙。；"
    assert first_readings(line, wording.find_doubled_punctuation(line)) == [
        ("，", "；"),
        ("。", "；"),
    ]


@pytest.mark.parametrize("line", ["甲，乙；", "甲。。", "甲，；。"])
def test_punctuation_that_is_not_doubled(line: str) -> None:
    assert not list(wording.find_doubled_punctuation(line))


def test_doubled_conjunctions() -> None:
    words = ["收集", "与", "、", "拆解", "、", "和", "利用"]
    found = first_readings("".join(words), wording.find_doubled_conjunctions(words))
    assert found == [("与", "、"), ("、", "和")]


def test_conjunctions_that_are_not_doubled() -> None:
    assert not list(wording.find_doubled_conjunctions(["收集", "、", "拆解", "和", "利用"]))


def test_parallel_phrases_that_end_alike() -> None:
    words = ["各类", "市场", "主体", "经营", "主体", "应当"]
    found = first_readings("".join(words), wording.find_parallel_phrases(words))
    assert found == [("市场主体", "经营主体")]


@pytest.mark.parametrize(
    "words",
    [
        ["市场", "主体", "市场", "主体"],  # the same twice
        ["应当", "依法", "应当", "公开"],  # function words
        ["市场", "主体", "ICT", "主体"],  # not Chinese
        ["市场", "监督", "经营", "主体"],  # nothing in common
    ],
)
def test_phrases_that_are_not_parallel(words: list[str]) -> None:
    assert not list(wording.find_parallel_phrases(words))


def test_rewritten_lines() -> None:
    lines = ["甲乙丙丁戊己庚辛壬癸，", "无关的一行在中间，", "甲乙丙丁戊己庚辛壬癸子，"]
    assert list(wording.find_rewritten_lines(lines)) == [(0, 2)]


def test_lines_far_apart_are_not_rewritten() -> None:
    lines = ["甲乙丙丁戊己庚辛壬癸，", *["无关的一行在中间，"] * 3, "甲乙丙丁戊己庚辛壬癸子，"]
    assert (0, 4) not in list(wording.find_rewritten_lines(lines))


@given(st.text(alphabet="一二十百第条款（）20149-WRC年月日，；。、釜山", max_size=40))
def test_every_reading_covers_the_same_characters_in_order(line: str) -> None:
    for rule in LINE_RULES:
        for candidate in rule(line):
            for reading in candidate:
                assert all(0 <= a < b <= len(line) for a, b, _ in reading)
                assert all(one[1] <= two[0] for one, two in pairwise(reading))
                assert {op for _, _, op in reading} == {"delete", "insert"}


def test_the_same_neighbours_in_three_places_are_one_change() -> None:
    clause = ["由", "水", "行政", "主管部门", "水务", "部门", "负责"]
    found = list(wording.find_repeated_phrases([clause, ["无关"], clause, clause]))
    assert found == [(0, 1, 8, 12), (2, 1, 8, 12), (3, 1, 8, 12)]


@pytest.mark.parametrize(
    "clause",
    [
        ["处", "一万元", "以上", "五万元", "罚款"],  # a range of numbers
        ["检验", "检测"],  # too little in common
        ["经营主体", "主体"],  # one inside the other
        ["部门", "、", "各部门"],  # not side by side
    ],
)
def test_repeated_neighbours_that_are_no_change(clause: list[str]) -> None:
    assert list(wording.find_repeated_phrases([clause] * 5)) == []


def test_neighbours_in_two_places_are_not_repeated_enough() -> None:
    assert list(wording.find_repeated_phrases([["市场主体", "经营主体"]] * 2)) == []


def test_a_long_run_of_digits_is_no_quantity():
    assert list(wording.find_glued_quantities("一二三四五六七八九十" * 2_000)) == []
