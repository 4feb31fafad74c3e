"""Two clean texts compared: exact replay, protected units, renumbering, readable changes."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resanalysis.redline.difference.hunks import Hunk, tidy_hunks
from resanalysis.redline.difference.pairing import Edge, choose_chain, pair_lines
from resanalysis.redline.difference.units import split_label, split_units
from resanalysis.redline.difference.versions import diff_versions
from resanalysis.tables import TABLES

anything = st.one_of(
    st.text(alphabet="甲乙丙的，。（）《》第一二条a)1\t\n ", max_size=60),
    st.text(max_size=30),
)


def compare(old: str, new: str, cut=list) -> list[tuple[str, str]]:
    segments = diff_versions(old, new, cut=cut).segments
    return list(zip(segments["op"], segments["text"], strict=True))


def changes(old: str, new: str, cut=list) -> list[tuple[str, str]]:
    return [run for run in compare(old, new, cut) if run[0] != "equal"]


def words(*known: str):
    """Return a segmenter that finds these words, longest first, and single characters."""

    def cut(text: str) -> list[str]:
        found = []
        while text:
            word = max((w for w in known if text.startswith(w)), key=len, default=text[0])
            found.append(word)
            text = text[len(word) :]
        return found

    return cut


@given(anything, anything)
def test_both_texts_come_back(old: str, new: str) -> None:
    redline = diff_versions(old, new, cut=list)
    assert (redline.text("old"), redline.text("new")) == (old, new)


@given(st.lists(st.sampled_from(["甲乙丙丁。\n", "a)\t甲乙；\n", "\n", "戊己庚辛"]), max_size=8))
def test_a_text_compared_with_itself_has_no_change(lines: list[str]) -> None:
    text = "".join(lines)
    assert changes(text, text) == []


@given(anything, anything)
def test_deletions_stand_before_insertions(old: str, new: str) -> None:
    ops = [op for op, _ in compare(old, new)]
    assert ("insert", "delete") not in set(pairwise(ops))


@given(anything)
def test_units_join_to_their_text(text: str) -> None:
    assert "".join(split_units(text, list)) == text
    assert "".join(split_label(text)) == text


def test_the_redline_is_a_table_of_proven_segments() -> None:
    redline = diff_versions("甲乙丙丁\n", "甲乙丙戊\n", cut=list, corpus="x")
    assert list(redline.segments.columns) == [column.name for column in TABLES["segments"]]
    assert set(redline.segments["certainty"]) == {"proven"}
    assert set(redline.segments["corpus"]) == {"x"}
    assert redline.alternatives.empty


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("2014年通过", "2015年通过", ["2014年", "2015年"]),
        ("战略规划2016-2019年", "战略规划2016-2023年", ["2016-2019年", "2016-2023年"]),
        ("减少排放20%", "减少排放25%", ["20%", "25%"]),
        ("依照第646号决议", "依照第644号决议", ["第646号", "第644号"]),
        ("依照第十二条办理", "依照第十三条办理", ["第十二条", "第十三条"]),
        ("依照WRC-12办理", "依照WRC-19办理", ["WRC-12", "WRC-19"]),
        ("由ITU-T办理事务", "由ITU-R办理事务", ["ITU-T", "ITU-R"]),
        ("在三十日内办理", "在二十日内办理", ["三十日", "二十日"]),
        (
            "第66号决议（2014年，釜山）",
            "第66号决议（2022年，布加勒斯特）",
            ["（2014年，釜山）", "（2022年，布加勒斯特）"],
        ),
        ("根据《环境公约》办理", "根据《气候协定》办理", ["《环境公约》", "《气候协定》"]),
    ],
)
def test_a_protected_unit_is_replaced_whole(old: str, new: str, expected: list[str]) -> None:
    assert changes(old, new) == list(zip(["delete", "insert"], expected, strict=True))


def test_a_bracket_that_is_mostly_equal_is_opened() -> None:
    old, new = "甲乙丙（以下简称管理部门和单位）", "甲乙丙（以下简称管理部门或单位）"
    assert changes(old, new) == [("delete", "和"), ("insert", "或")]


def test_words_are_replaced_whole() -> None:
    cut = words("市场主体", "市场经济", "激发", "活力")
    assert changes("激发市场主体活力", "激发市场经济活力", cut) == [
        ("delete", "市场主体"),
        ("insert", "市场经济"),
    ]


def test_renumbering_marks_the_number_only() -> None:
    old = "第一条\t甲乙丙丁。\n第二条\t戊己庚辛。\n"
    new = "第一条\t甲乙丙丁。\n第二条\t子丑寅卯辰巳。\n第三条\t戊己庚辛。\n"
    assert changes(old, new) == [
        ("insert", "第二条\t子丑寅卯辰巳。\n"),
        ("delete", "二"),
        ("insert", "三"),
    ]


def test_a_label_written_otherwise_keeps_its_number() -> None:
    assert changes("1．甲乙丙丁\n", "1.甲乙丙丁\n") == [("delete", "．"), ("insert", ".")]


def test_a_label_of_another_kind_is_replaced_whole() -> None:
    assert changes("a)\t甲乙丙丁\n", "（一）甲乙丙丁\n") == [
        ("delete", "a)\t"),
        ("insert", "（一）"),
    ]


def test_whole_clauses_stand_on_lines_of_their_own() -> None:
    old = "认识到\n甲乙丙丁戊己。\n庚辛壬癸。\n"
    new = "认识到\n子丑寅卯辰巳午。\n庚辛壬癸。\n"
    assert compare(old, new) == [
        ("equal", "认识到\n"),
        ("delete", "甲乙丙丁戊己。\n"),
        ("insert", "子丑寅卯辰巳午。\n"),
        ("equal", "庚辛壬癸。\n"),
    ]


def test_a_moved_clause_is_deleted_and_inserted() -> None:
    a, b, c = "甲乙丙丁戊己庚。\n", "子丑寅卯。\n", "辰巳午未申。\n"
    assert changes(a + b + c, b + c + a) == [("delete", a), ("insert", a)]


def test_a_final_line_may_gain_its_line_break() -> None:
    assert changes("甲乙丙丁", "甲乙丙丁\n") == [("insert", "\n")]


def test_a_stray_function_word_is_folded_into_the_change() -> None:
    cut = words("工业", "农业", "发展", "进步", "促进", "社会")
    assert changes("促进社会工业的发展。", "促进社会农业的进步。", cut) == [
        ("delete", "工业的发展"),
        ("insert", "农业的进步"),
    ]


def test_an_item_is_inserted_with_the_mark_before_it() -> None:
    assert changes("商务、税务等部门。", "商务、税务、数据等部门。") == [("insert", "、数据")]


def test_a_sentence_is_inserted_whole() -> None:
    hunks = tidy_hunks([Hunk(["甲"], [], ["。", "乙", "丙"]), Hunk(["。", "丁"], [], [])])
    assert [hunk.inserted for hunk in hunks if hunk.changes] == [["乙", "丙", "。"]]


def test_paragraphs_with_little_in_common_are_not_woven_together() -> None:
    cut = words("一体", "平台", "服务", "流程")
    old = "一体流程甲乙丙丁戊己庚辛。\n"
    new = "平台服务子丑寅卯辰巳午未。\n"
    assert changes(old, new, cut) == [("delete", old), ("insert", new)]


def test_lines_are_paired_in_order_for_the_most_text() -> None:
    old = ["保护生物多样性和森林", "短句甲乙", "减少电子废弃物的排放"]
    new = ["减少电子废弃物的排放量", "保护生物多样性和森林资源"]
    assert pair_lines(old, new) in ([(0, 1)], [(2, 0)])
    assert pair_lines(old, new[::-1]) == [(0, 0), (2, 1)]


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5), st.integers(1, 9)), max_size=8))
def test_no_chain_is_heavier_than_the_chosen_one(edges: list[tuple[int, int, int]]) -> None:
    weight: dict[tuple[int, int], int] = {}
    for i, j, w in edges:
        weight[i, j] = max(w, weight.get((i, j), 0))

    def best(i: int, j: int) -> int:
        options = [w + best(a + 1, b + 1) for (a, b), w in weight.items() if a >= i and b >= j]
        return max(options, default=0)

    chain = choose_chain(Edge(i, j, w) for i, j, w in edges)
    assert all(a < c and b < d for (a, b), (c, d) in pairwise(chain))
    assert sum(weight[pair] for pair in chain) == best(0, 0)


def test_a_long_law_with_every_label_changed_comes_apart_exactly() -> None:
    def make(count: int, shift: int) -> str:
        return "".join(
            f"第{k + shift}条\t" + "".join(chr(0x4E00 + (k * 37 + n * n) % 5000) for n in range(40))
            + ("改" if shift and k % 3 == 0 else "") + "。\n"
            for k in range(1, count)
        )  # fmt: skip

    redline = diff_versions(make(3000, 0), make(3000, 1), cut=list)
    inserted = redline.segments.query("op == 'insert' and text == '改'")
    assert len(inserted) == 2999 // 3
