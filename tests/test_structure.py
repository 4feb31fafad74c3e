"""Clauses of one version: headings, parts, addressees, markers, parents, footnotes, and no loss."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from resanalysis.model import COUNTED_KINDS, InputError
from resanalysis.structure import find_addressees, parse_resolution, read_performative
from resanalysis.tables import TABLES

ITU = """第9号决议（2023年，澜溪，修订版）
国际河湖联盟大会（2023年，澜溪），
忆及
a)\t第3号决议；
b)\t第5号决议[footnoteRef:1]1， [1: 1\t其中包括湿地。] \n
进一步认识到
水是生命之源，
做出决议
联盟通过以下工作保护河湖：
1\t监测水位：
i)\t在上游；
ii)\t在下游；
2\t发布预警，
责成秘书长与三个局的主任协作
1\t制定导则，以：
–\t节水
\uf0b7\t减排；
2\t提出报告，
请成员国、部门成员和部门准成员
做出贡献。

______________
 www.example.org
"""

ASSEMBLY = """关于水的决议
大会，
回顾其2015年12月21日第70/1号决议，
重申各国的承诺，
表示深切关注干旱，
1. 重申水是一项权利；
2. 请秘书长与会员国协作，提出报告，包括：
(a) 现状；
(b) 前景；
3. 又决定将此项目列入议程。
第70次全体会议
2015年12月22日
"""

LAW = """水法
第一章　总则
　　第一条　为了保护水资源，制定本法。
　　第二条　鼓励节水。有下列情形之一的，予以奖励：
（一）节约用水；
（二）保护水源。
前款规定适用于各级政府。
第二章　管理
第一节　许可
第三条　取水应当取得许可。
第二节　收费
第四条　用水应当缴费。
"""


def by_id(text: str) -> pd.DataFrame:
    return parse_resolution(text).set_index("clause_id")


def assert_whole(text: str, table: pd.DataFrame) -> None:
    """Check what holds for every text: nothing is lost, ids are unique, parents exist."""
    assert list(table.columns) == [column.name for column in TABLES["clauses"]]
    assert table["clause_id"].is_unique
    assert set(table["parent_id"]) <= {"", *table["clause_id"]}
    covered = bytearray(len(text))
    for row in table.itertuples():
        masked = json.loads(row.masked)
        kept, position = "", row.start
        for start, end in masked:
            assert row.start <= position <= start <= end <= row.end
            kept, position = kept + text[position:start], end
        assert row.text == kept + text[position : row.end]
        covered[row.start : row.end] = b"\1" * (row.end - row.start)
    rest = "".join(char for char, hit in zip(text, covered, strict=True) if not hit)
    own = table[table["kind"] != "footnote"]
    assert "".join(rest.split()) == "".join("".join(own["marker"]).split())


lines = st.builds(
    str.__add__,
    st.sampled_from(
        "a)\t|b)\t|(c) |i)\t|ii)\t|1\t|2. |一、|（一）|第一条　|第一章　|第二节　"
        "|–\t|\uf0b7\t||| ".split("|")
    ),
    st.one_of(
        st.sampled_from(
            "认识到|责成秘书长|请成员国：|回顾其决议，|________|又决定如下：".split("|")
        ),
        st.text(alphabet="甲乙，；。： \t\u3000[]:1\uf0b7", max_size=10),
        st.sampled_from(
            ["甲[footnoteRef:1]1，", "乙 [1: 1\t注。] ", "[2: 2021年注]", "[footnoteRef:2]2"]
        ),
    ),
)


@given(st.lists(lines, min_size=1, max_size=12).map("\n".join))
def test_no_character_of_any_text_is_lost(text: str) -> None:
    try:
        table = parse_resolution(text)
    except InputError:
        return  # neither heading nor list
    assert_whole(text, table)


@pytest.mark.parametrize("text", [ITU, ASSEMBLY, LAW])
def test_no_character_of_a_resolution_is_lost(text: str) -> None:
    assert_whole(text, parse_resolution(text))


def test_key_columns_are_as_given() -> None:
    table = parse_resolution(ITU, corpus="c", edition="2023-lanxi", version="old")
    assert table[["corpus", "edition", "version"]].drop_duplicates().to_numpy().tolist() == [
        ["c", "2023-lanxi", "old"]
    ]


# --- ITU: headings of their own -----------------------------------------------------------------


def test_ids_of_a_resolution_with_headings() -> None:
    assert parse_resolution(ITU)["clause_id"].tolist() == [
        "title",
        "opening",
        "recalling",
        "recalling__a",
        "recalling__b",
        "recalling__b__fn-1",
        "recognizing-further",
        "recognizing-further__p1",
        "resolves",
        "resolves__lead",
        "resolves__1",
        "resolves__1__i",
        "resolves__1__ii",
        "resolves__2",
        "instructs-sg",
        "instructs-sg__1",
        "instructs-sg__1__bullet",
        "instructs-sg__1__bullet_2",
        "instructs-sg__2",
        "invites-as-ms-sm",
        "invites-as-ms-sm__p1",
        "other",
        "other_2",
    ]


@pytest.mark.parametrize(
    ("clause_id", "kind", "depth", "parent", "marker"),
    [
        ("title", "title", 0, "", ""),
        ("opening", "opening", 0, "", ""),
        ("recalling", "heading", 0, "", ""),
        ("recalling__a", "clause", 1, "recalling", "a)"),
        ("recognizing-further__p1", "clause", 1, "recognizing-further", ""),
        ("resolves__lead", "lead_in", 1, "resolves", ""),
        ("resolves__1", "clause", 1, "resolves", "1"),
        ("resolves__1__ii", "item", 2, "resolves__1", "ii)"),
        ("instructs-sg__1__bullet_2", "item", 2, "instructs-sg__1", "\uf0b7"),
        ("other_2", "other", 0, "", ""),
    ],
)
def test_a_row_knows_its_kind_and_place(
    clause_id: str, kind: str, depth: int, parent: str, marker: str
) -> None:
    row = by_id(ITU).loc[clause_id]
    assert row[["kind", "depth", "parent_id", "marker"]].tolist() == [kind, depth, parent, marker]


@pytest.mark.parametrize(
    ("clause_id", "heading", "part", "addressee", "strength"),
    [
        ("title", "", "", "", 0),
        ("recalling__a", "忆及", "preambular", "", 0),
        ("recognizing-further__p1", "进一步认识到", "preambular", "", 0),
        ("resolves__1__i", "做出决议", "operative", "", 5),
        ("instructs-sg__2", "责成秘书长与三个局的主任协作", "operative", "SG", 4),
        ("invites-as-ms-sm__p1", "请成员国、部门成员和部门准成员", "operative", "AS+MS+SM", 2),
        ("other", "", "", "", 0),
    ],
)
def test_a_row_knows_what_its_heading_says(
    clause_id: str, heading: str, part: str, addressee: str, strength: int
) -> None:
    row = by_id(ITU).loc[clause_id]
    assert row[["heading", "part", "addressee", "strength"]].tolist() == [
        heading,
        part,
        addressee,
        strength,
    ]


def test_rows_hold_their_own_text_only() -> None:
    assert by_id(ITU).loc["resolves__1", "text"] == "监测水位："


def test_a_repeated_marker_gets_a_number() -> None:
    ids = parse_resolution("认识到\na)\t甲；\na)\t乙；\na)\t丙。\n")["clause_id"].tolist()
    assert ids[1:] == ["recognizing__a", "recognizing__a_2", "recognizing__a_3"]


def test_a_repeated_heading_gets_a_number_and_keeps_its_clauses() -> None:
    table = parse_resolution("认识到\na)\t甲；\n考虑到\na)\t乙；\n认识到\na)\t丙。\n")
    last = table.iloc[-1]
    assert (last["clause_id"], last["parent_id"]) == ("recognizing_2__a", "recognizing_2")


def test_letters_run_on_over_i() -> None:
    letters = "".join(f"{letter})\t甲；\n" for letter in "abcdefghij")
    assert by_id("认识到\n" + letters)["depth"].tolist() == [0] + [1] * 10


def test_numerals_nest_under_letters() -> None:
    table = by_id("认识到\na)\t甲：\ni)\t乙；\nii)\t丙；\nb)\t丁。\n")
    assert table.index.tolist()[2:] == ["recognizing__a__i", "recognizing__a__ii", "recognizing__b"]


def test_numerals_nest_under_h() -> None:
    letters = "".join(f"{letter})\t甲；\n" for letter in "abcdefg") + "h)\t甲：\n"
    table = by_id("认识到\n" + letters + "i)\t乙；\nii)\t丙；\ni)\t丁。\n")
    assert table.index.tolist()[-3:] == [
        "recognizing__h__i",
        "recognizing__h__ii",
        "recognizing__i",
    ]


def test_a_rule_line_in_the_middle_is_no_footer() -> None:
    table = by_id("认识到\na)\t甲。\n________\n考虑到\na)\t乙。\n")
    assert table["kind"].tolist() == ["heading", "clause", "other", "heading", "clause"]


def test_headings_may_end_in_a_colon_or_comma() -> None:
    table = by_id("考虑到，\na)\t甲。\n请成员国：\n1\t乙。\n")
    assert table.index.tolist() == ["considering", "considering__a", "invites-ms", "invites-ms__1"]


# --- performatives ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("phrase", "codes"),
    [
        ("秘书长与三个局的主任协作", "SG"),
        ("三个局的主任在其职责范围内", "BDT+BR+TSB"),
        ("成员国、部门成员和部门准成员", "AS+MS+SM"),
        ("秘书长与电信发展局主任", "BDT+SG"),
        ("副秘书长", "DSG"),
        ("不同区域的会员国协作", "MS"),
        ("经济及社会理事会", "ECOSOC"),
        ("理事会", "C"),
        ("某个机构", ""),
    ],
)
def test_who_is_told_to_act(phrase: str, codes: str) -> None:
    assert find_addressees(phrase) == codes


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("认识到", "recognizing"),
        ("进一步认识到", "recognizing-further"),
        ("做出决议", "resolves"),
        ("做出决议，责成秘书长", "resolves-sg"),
        ("责成三个局的主任在其职责范围内", "instructs-bdt-br-tsb"),
        ("请各成员国：", "invites-ms"),
        ("还请成员国", "invites-further-ms"),
    ],
)
def test_headings(line: str, name: str) -> None:
    said = read_performative(line)
    assert said is not None
    assert said.id == name


def test_an_addressee_outside_the_lexicon_is_kept_by_name() -> None:
    said = read_performative("责成水务司司长与秘书长协作")
    assert said is not None
    assert (said.id, said.addressee) == ("instructs", "水务司司长")


@pytest.mark.parametrize(
    "line",
    [
        "认识到会议的成果",
        "请秘书长提交报告，",
        "责成秘书长提交报告；",
        "通过使用电信监测水资源",
        "请" + "成员国" * 30,
        "水资源",
        "",
    ],
)
def test_lines_that_are_no_headings(line: str) -> None:
    assert read_performative(line) is None


# --- UN General Assembly: verbs open the paragraphs ---------------------------------------------


def test_paragraphs_of_the_general_assembly() -> None:
    table = parse_resolution(ASSEMBLY)
    counted = table[table["kind"].isin(COUNTED_KINDS)]
    assert counted[["clause_id", "part", "strength"]].to_numpy().tolist() == [
        ["recalling__p1", "preambular", 0],
        ["reaffirming__p1", "preambular", 0],
        ["expresses__p1", "preambular", 0],
        ["reaffirming__1", "operative", 1],
        ["invites-sg__2", "operative", 2],
        ["invites-sg__2__a", "operative", 2],
        ["invites-sg__2__b", "operative", 2],
        ["decides-further__3", "operative", 5],
    ]


def test_who_is_told_inside_a_paragraph() -> None:
    table = by_id(ASSEMBLY)
    assert table.loc["invites-sg__2", ["heading", "addressee"]].tolist() == ["请", "SG"]
    assert table.loc["decides-further__3", ["heading", "addressee"]].tolist() == ["又决定", ""]


def test_title_opening_and_the_lines_at_the_end() -> None:
    table = parse_resolution(ASSEMBLY)
    assert table["kind"].tolist()[:2] == ["title", "opening"]
    assert table["kind"].tolist()[-2:] == ["other", "other"]


def test_without_numbers_the_verbs_tell_the_parts() -> None:
    table = by_id("大会，\n回顾其决议，\n决定继续审议。\n")
    assert table.loc[["recalling__p1", "decides__p1"], "part"].tolist() == [
        "preambular",
        "operative",
    ]


# --- laws ---------------------------------------------------------------------------------------


def test_articles_stand_in_chapters_and_sections() -> None:
    table = parse_resolution(LAW)
    assert table["clause_id"].tolist() == [
        "title",
        "chp-1",
        "chp-1__art-1",
        "chp-1__art-2",
        "chp-1__art-2__1",
        "chp-1__art-2__2",
        "chp-1__art-2__p1",
        "chp-2",
        "chp-2__sec-1",
        "chp-2__sec-1__art-3",
        "chp-2__sec-2",
        "chp-2__sec-2__art-4",
    ]


def test_articles_have_no_part_and_no_verb() -> None:
    table = by_id(LAW)
    assert set(table["part"]) == {""}
    assert set(table["strength"]) == {0}
    assert table.loc["chp-1__art-2", ["heading", "marker"]].tolist() == ["总则", "第二条"]


def test_a_paragraph_after_the_items_belongs_to_its_article() -> None:
    row = by_id(LAW).loc["chp-1__art-2__p1"]
    assert row[["kind", "depth", "parent_id"]].tolist() == ["item", 2, "chp-1__art-2"]


# --- footnotes ----------------------------------------------------------------------------------


def test_a_footnote_is_a_row_under_its_clause() -> None:
    table = by_id(ITU)
    row = table.loc["recalling__b__fn-1"]
    assert row[["kind", "parent_id", "marker", "text"]].tolist() == [
        "footnote",
        "recalling__b",
        "1",
        "其中包括湿地。",
    ]
    assert ITU[row["start"] : row["end"]] == "其中包括湿地。"
    assert row["heading"] == "忆及"


def test_the_clause_of_a_footnote_is_read_without_it() -> None:
    row = by_id(ITU).loc["recalling__b"]
    assert row["text"] == "第5号决议，"
    spans = [ITU[a:b] for a, b in json.loads(row["masked"])]
    assert spans == ["[footnoteRef:1]1", " [1: 1\t其中包括湿地。]"]


def test_an_emptied_footnote_is_an_empty_row() -> None:
    table = by_id("认识到\na)\t甲[footnoteRef:3]2； [3: \t] \n")
    assert table.loc["recognizing__a", "text"] == "甲；"
    assert table.loc["recognizing__a__fn-3", "text"] == ""


def test_two_footnotes_of_one_clause() -> None:
    table = by_id("认识到\na)\t甲[footnoteRef:1]1[footnoteRef:2]2； [1: 1 注一]  [2: 2\t注二] \n")
    assert table.loc["recognizing__a", "text"] == "甲；"
    assert table.loc[["recognizing__a__fn-1", "recognizing__a__fn-2"], "text"].tolist() == [
        "注一",
        "注二",
    ]


def test_a_footnote_on_a_line_of_its_own_belongs_to_the_clause_that_refers_to_it() -> None:
    text = "认识到\na)\t甲[footnoteRef:1]1；\nb)\t乙。\n[1: 1\t注[附件]。]\n"
    table = by_id(text)
    assert table.loc["recognizing__a__fn-1", ["kind", "text"]].tolist() == [
        "footnote",
        "注[附件]。",
    ]
    assert table.loc["other", ["kind", "text"]].tolist() == ["other", ""]
    assert_whole(text, parse_resolution(text))


def test_a_footnote_that_begins_with_a_year_keeps_it() -> None:
    table = by_id("认识到\na)\t甲[footnoteRef:1]1； [1: 2021年之前。]\n")
    assert table.loc["recognizing__a__fn-1", "text"] == "2021年之前。"


# --- bad input ----------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["", "\n \n", "水是生命之源。\n节约用水。\n"])
def test_a_text_without_heading_or_list_is_refused(text: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_resolution(text, corpus="water", version="old")
    (problem,) = caught.value.problems
    assert (problem.file, problem.place) == ("water", "old version")
    assert problem.remedy
