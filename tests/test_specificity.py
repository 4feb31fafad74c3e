"""Specificity: sentences invented in the manner of UN, ITU and national texts; then by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from resolutions import PREAMBLE, SG, TERMS, Clause, Resolution, editions, link, resolutions, swap

from resanalysis.shift.mentions import find_mentions
from resanalysis.shift.specificity import topic_specificity
from resanalysis.tables import TABLES


def found(text: str) -> list[str]:
    return [f"{m.kind}: {text[m.start : m.end]}" for m in find_mentions(text)]


# --- mentions -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("覆盖率为８０％，比上年多3.5个百分点", ["８０％", "3.5个百分点"]),
        (
            "约百分之三十的居民、三分之一的学校和二十亿人尚未联网",
            ["百分之三十", "三分之一", "二十亿人"],
        ),
        ("用电量占总量的2-4%，即10%至20%的增量", ["2-4%", "10%至20%"]),
        ("向四十七个最不发达国家提供4 000万瑞士法郎", ["四十七个", "4 000万瑞士法郎"]),
        ("在27.5-28.35 GHz频段部署100余个台站", ["27.5-28.35 GHz", "100余个"]),
        ("为期三年，费用不足预算的一半，约US$ 250万", ["三年", "一半", "US$ 250万"]),
        ("气温升高1.5°C或者1.5摄氏度", ["1.5°C", "1.5摄氏度"]),
        ("罚款一万元以上五万元以下", ["一万元", "五万元"]),
    ],
)
def test_numbers_are_numerals_with_what_they_count(text: str, expected: list[str]) -> None:
    assert found(text) == [f"number: {number}" for number in expected]


@pytest.mark.parametrize(
    "text",
    [
        "根据第182号决议、ITU-T L.1300建议书和第70/1号决议第3和4段",
        "有关信息无障碍获取的第175号决议（2014年，釜山，修订版）",
        "联合国大会2015年12月16日第70/125号决议和《公约》（1992年）",
        "《2030年可持续发展议程》、2030年议程和题为“2020年以后”的文件",
        "5月22日是国际日，四月十五日也是",
        "从5G到6G，减少CO2和CO₂，见附件2和表3，参见COP 26",
        "一般来说，一些成员国和一个组织第一次一起发出统一声音",
        "2 项目管理；3 国家战略；16\t年度报告；1) 个人信息",
        "三个部门和两项活动，十分重要，十四五规划，千年宣言，数百个城市",
        "第三次会议、第21次缔约方会议、第五届会议、第1、2和3项",
    ],
)
def test_names_labels_and_empty_words_are_no_mentions(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2021年在日内瓦召开，2019年10月开幕", ["2021年", "2019年10月"]),
        (
            "2016-2019年战略规划和２０２４—２０２７年运作规划",
            ["2016-2019年", "２０２４—２０２７年"],
        ),
        ("从2000年到2010年，以及2015至2020年期间", ["2000年到2010年", "2015至2020年期间"]),
        ("自二〇二一年四月十五日起，自2021年4月15日起", ["二〇二一年四月十五日", "2021年4月15日"]),
        ("恢复到1990年水平，注意到2018年通过的战略", ["1990年", "2018年"]),
        ("预计到2050年需求将会翻倍", ["2050年"]),
        ("截至2022年的数据，2022年前后的情况", ["2022年", "2022年"]),
    ],
)
def test_years_are_no_numbers_and_a_range_is_one(text: str, expected: list[str]) -> None:
    assert found(text) == [f"year: {year}" for year in expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("到2030年普及宽带", ["2030年"]),
        ("２０３０年前碳达峰，不迟于2027年底提交", ["２０３０年", "2027年底"]),
        ("在2025年之前和2026年以前完成", ["2025年", "2026年"]),
        ("应于每年3月31日前报告", ["3月31日"]),
        ("落实2030年减排目标", ["2030年"]),
        ("力争2060年实现碳中和", ["2060年"]),
        (
            "推进具体目标13.1和可持续发展目标13(SDG 13)",
            ["具体目标13.1", "可持续发展目标13(SDG 13)"],
        ),
        ("推动实现可持续发展目标6、7和13", ["可持续发展目标6、7和13"]),
        ("将升温控制在远低于2摄氏度", ["2摄氏度"]),
        ("到2030年，至少30%的退化土地得到恢复", ["2030年", "30%"]),
        ("努力将电子废弃物减少百分之二十", ["百分之二十"]),
        ("使粮食浪费减少50%的目标", ["50%"]),
    ],
)
def test_targets_are_deadlines_goals_and_amounts_to_be_reached(
    text: str, expected: list[str]
) -> None:
    assert found(text) == [f"target: {target}" for target in expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("各国力争减排，但排放已增加10%", ["number: 10%"]),
        ("目标明确，排放减少了10%", ["number: 10%"]),
        ("2010-2019年间每年增长1.3%", ["year: 2010-2019年", "number: 1.3%"]),
        ("到2030年减少45%。目前减少20%", ["target: 2030年", "target: 45%", "number: 20%"]),
        ("到2014年，已有30%的家庭上网", ["year: 2014年", "number: 30%"]),
    ],
)
def test_reports_of_what_was_are_no_targets(text: str, expected: list[str]) -> None:
    assert found(text) == expected


def test_a_mention_over_a_wrapped_line_keeps_its_characters() -> None:
    text = "到２０３０\n年减少百分\n之四十"
    assert found(text) == ["target: ２０３０\n年", "target: 百分\n之四十"]


@given(
    st.text(
        alphabet="0123456789年到前至目标第号一二十百万亿个%％.-、，。（）《》 \n已了减少a",
        max_size=40,
    )
)
@settings(max_examples=200, deadline=None)
def test_mentions_come_in_order_and_never_overlap(text: str) -> None:
    mentions = find_mentions(text)
    edges = [edge for mention in mentions for edge in (mention.start, mention.end)]
    assert edges == sorted(edges)
    assert all(0 <= m.start < m.end <= len(text) for m in mentions)


# --- by topic -----------------------------------------------------------------------------------


def specificity_of(resolution: Resolution, pairs: pd.DataFrame) -> pd.DataFrame:
    return topic_specificity(resolution.clauses, resolution.tags, pairs, list(TERMS))


def pick(table: pd.DataFrame, topic: str, kind: str, columns: str) -> list[Any]:
    rows = table[(table["topic"] == topic) & (table["kind"] == kind)]
    return [rows.iloc[0][column] for column in columns.split()]


@pytest.fixture(scope="module")
def small() -> pd.DataFrame:
    resolution = Resolution(
        old=[(SG, "节水，195个国家"), (SG, "供水"), (SG, "50个国家")],
        new=[(SG, "到2030年节水20%，另有3倍、4倍"), (SG, "供水"), (SG, "50个国家")],
    )
    return specificity_of(resolution, link(("c0", "c0"), ("c1", "c1"), ("c2", "c2")))


def test_mentions_are_counted_in_the_topics_clauses_only(small: pd.DataFrame) -> None:
    columns = "n_old n_new clauses_old clauses_new"
    assert pick(small, "water", "number", columns) == [1, 2, 1, 1]
    assert pick(small, "water", "target", columns) == [0, 2, 0, 1]


def test_means_are_over_all_clauses_of_the_topic(small: pd.DataFrame) -> None:
    columns = "per_clause_old per_clause_new difference"
    assert pick(small, "water", "number", columns) == [0.5, 1, 0.5]


def test_every_topic_and_kind_has_a_row(small: pd.DataFrame) -> None:
    kinds = ("number", "year", "target")
    parts, topics = ("all", "preambular", "operative"), ("all", *TERMS)
    rows = list(small[["part", "topic", "kind"]].itertuples(index=False, name=None))
    assert rows == [(part, topic, kind) for part in parts for topic in topics for kind in kinds]
    assert list(small) == [column.name for column in TABLES["specificity"]]
    assert not small.loc[small["topic"] == "carbon", "n_old":].to_numpy(float).any()


def test_all_counts_every_clause_once_and_parts_sum_to_it() -> None:
    old = [(PREAMBLE, "节水减碳195个国家"), (SG, "到2030年节水20%"), (SG, "50个国家")]
    resolution = Resolution(old, old[:2])
    table = specificity_of(resolution, link(("c0", "c0"), ("c1", "c1"), ("c2", "")))
    rows = table[table["topic"] == "all"].set_index(["part", "kind"])[["n_old", "n_new"]]
    assert rows.loc[("all", "number")].tolist() == [2, 1]
    assert rows.loc[("preambular", "number")].tolist() == [1, 1]
    assert rows.loc[("operative", "number")].tolist() == [1, 0]
    assert rows.loc[("operative", "target")].tolist() == [2, 2]


def add_figures(resolution: Resolution) -> Resolution:
    """Put a figure into every clause that speaks of water, and a year into every longer one."""

    def edit(text: str) -> str:
        return text + "，195个" * text.count("水") + "，2018年" * (len(text) > 5)

    old, new = (
        [(where, edit(text)) for where, text in s] for s in (resolution.old, resolution.new)
    )
    return Resolution(old, new)


@given(resolutions())
@settings(max_examples=40, deadline=None)
def test_counts_are_what_was_put_in_and_swapping_negates(resolution: Resolution) -> None:
    written = add_figures(resolution)
    pairs = written.pairs()
    forth, back = specificity_of(written, pairs), specificity_of(*swap(written, pairs))
    np.testing.assert_array_equal(forth["difference"], -back["difference"])
    for version, edition in (("old", resolution.old), ("new", resolution.new)):
        waters = [text for _, text in edition if "水" in text]
        numbers, years = sum(text.count("水") for text in waters), [len(t) > 5 for t in waters]
        assert pick(forth, "water", "number", f"n_{version}") == [numbers]
        assert pick(forth, "water", "year", f"clauses_{version}") == [sum(years)]


@given(editions)
@settings(max_examples=20, deadline=None)
def test_equal_editions_differ_by_nothing(edition: list[Clause]) -> None:
    same = link(*((f"c{k}", f"c{k}") for k in range(len(edition))))
    table = specificity_of(add_figures(Resolution(edition, edition)), same)
    assert table["difference"].eq(0).all()
