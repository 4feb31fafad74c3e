"""Concordances: what is found, where, and how it is laid out."""

import re

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from resanalysis.model import Codebook, InputError, Topic
from resanalysis.pipeline.concordance import kwic, show_kwic
from resanalysis.pipeline.topics import tag_text, tag_topics

MESSY = st.text("水资源平ICTictＩＣＴ1２. ，\n\u200b\u3000", max_size=30)


def make_codebook(**terms):
    texts = {"zh": "文"}
    topics = (
        Topic(name, "theme", texts, texts, texts, texts, tuple(words), (), (), "test")
        for name, words in terms.items()
    )
    return Codebook("test", "1.0", texts, {"theme": texts}, tuple(topics), "abc")


def make_clauses(*texts, **columns):
    return pd.DataFrame(
        {
            "corpus": "c",
            "edition": "2022-x",
            "version": "new",
            "clause_id": [f"clause__{i}" for i in range(len(texts))],
            "text": texts,
        }
        | columns
    )


THREE = make_clauses(
    "回收电子废弃物",
    "处理废弃物和水",
    "节水",
    version=["old", "new", "new"],
    part=["preambular", "operative", "operative"],
    heading=["认识到", "责成秘书长", "请成员国"],
)
TAGS = tag_topics(THREE, make_codebook(e_waste=["电子废弃物"], water=["水"], waste=["废弃物"]))


# --- what is found ------------------------------------------------------------------------------


def test_a_row_shows_clause_and_characters_around():
    table = kwic(make_clauses("通过ICT监测水资源和ＩＣＴ", "无"), "ict", window=2)
    assert table.to_dict("split")["data"] == [
        ["c", "2022-x", "new", "clause__0", "", "", "ict", "通过", "ICT", "监测", 2, 5],
        ["c", "2022-x", "new", "clause__0", "", "", "ict", "源和", "ＩＣＴ", "", 11, 14],
    ]


@pytest.mark.parametrize(
    ("text", "term", "match"),
    [
        ("电子废\n弃物", "电子废弃物", "电子废\n弃物"),
        ("电子\u200b废弃物", "电子废弃物", "电子\u200b废弃物"),
        ("电子废弃物", "电子\u200b废弃物", "电子废弃物"),
        ("第６．２号和第612号", "6.2", "６．２"),
        ("ICTS与ICT", "ICT", "ICT"),
        ("提高水平", "水", "水"),
    ],
)
def test_a_term_is_compared_as_the_codebooks_terms(text, term, match):
    assert list(kwic(make_clauses(text), term)["match"]) == [match]


@given(MESSY, st.text("水资源ICTict1.", min_size=1, max_size=3))
def test_a_term_is_found_where_a_codebook_of_it_alone_tags(text, term):
    table = kwic(make_clauses(text), term)
    tagged = tag_text(text, make_codebook(x=[term]))
    assert list(zip(table["start"], table["end"], strict=True)) == [
        (match.start, match.end) for match in tagged
    ]


@given(MESSY, st.integers(0, 5))
def test_context_and_match_are_the_text(text, window):
    for row in kwic(make_clauses(text), ["ICT", "水"], window=window).itertuples():
        around = text[max(row.start - window, 0) : row.end + window]
        assert row.left + row.match + row.right == around
        assert row.match == text[row.start : row.end]


def test_each_of_several_terms_is_sought_as_if_alone():
    table = kwic(THREE, ["废弃物", "电子废弃物", "废弃物"])
    found = list(zip(table["clause_id"], table["pattern"], table["start"], strict=True))
    assert found == [
        ("clause__0", "电子废弃物", 2),
        ("clause__0", "废弃物", 4),
        ("clause__1", "废弃物", 2),
    ]


def test_a_regular_expression_reads_the_text_as_it_is_and_passes_over_empty_hits():
    table = kwic(make_clauses("第73号决议和第1307号决议ＩＣＴ"), r"第\d+号|ICT|x*", regex=True)
    assert list(table["match"]) == ["第73号", "第1307号"]


def test_contexts_can_be_put_in_order_from_the_match_outwards():
    clauses = make_clauses("甲乙水丁", "乙甲水丙", "丙甲水乙")
    by_left = kwic(clauses, "水", order="left")
    assert list(by_left["left"]) == sorted(by_left["left"], key=lambda side: side[::-1])
    by_right = kwic(clauses, "水", order="right")
    assert list(by_right["right"]) == sorted(["丁", "丙", "乙"])
    assert list(by_right.index) == [0, 1, 2]


def test_an_empty_concordance_has_its_columns_and_types():
    assert kwic(THREE, "火", tags=TAGS).dtypes.equals(kwic(THREE, "水", tags=TAGS).dtypes)


def test_the_clauses_are_not_changed():
    before = THREE.copy()
    kwic(THREE, "水", heading="请", tags=TAGS)
    pd.testing.assert_frame_equal(THREE, before)


# --- which clauses ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "clauses"),
    [
        ({"version": "old"}, ["clause__0"]),
        ({"part": "operative"}, ["clause__1"]),
        ({"heading": "秘书长"}, ["clause__1"]),
        ({"topic": "e_waste", "tags": TAGS}, ["clause__0"]),
        ({"topic": "water", "tags": TAGS, "version": "new"}, ["clause__1"]),
    ],
)
def test_a_search_can_be_kept_to_some_clauses(options, clauses):
    assert list(kwic(THREE, "废弃物", **options)["clause_id"]) == clauses


def test_topics_of_the_clause_and_of_the_very_place_are_told():
    table = kwic(THREE, ["电子", "水", "处理"], tags=TAGS)
    assert list(zip(table["match"], table["topics"], table["tagged"], strict=True)) == [
        ("电子", "e_waste", "e_waste"),
        ("处理", "waste+water", ""),
        ("水", "waste+water", "water"),
        ("水", "water", "water"),
    ]


# --- what is refused ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pattern", "options", "message"),
    [
        ("", {}, "pattern 1: it is empty"),
        ("\u200b", {}, "pattern 1: it is empty"),
        ([], {}, "nothing to search for"),
        (["水", 3], {}, "pattern 2: 3 is not a string"),
        ("(", {"regex": True}, "not a regular expression"),
        ("水", {"window": -1}, "window: -1 is negative"),
        ("水", {"order": "up"}, "'text', 'left', 'right'"),
        ("水", {"version": "2014"}, "'2014' is no version"),
        ("水", {"part": "preamble"}, "Give 'preambular', 'operative'"),
        ("水", {"heading": "忆及"}, "The headings are '认识到', '责成秘书长', '请成员国'"),
        ("水", {"topic": "water"}, "without tags"),
        ("水", {"topic": "fire", "tags": TAGS}, "The tags have 'e_waste', 'waste', 'water'"),
    ],
)
def test_a_faulty_search_is_refused(pattern, options, message):
    with pytest.raises(InputError, match=re.escape(message)):
        kwic(THREE, pattern, **options)


def test_a_choice_needs_its_column():
    with pytest.raises(InputError, match="part: the clauses table has no such column"):
        kwic(make_clauses("水"), "水", part="operative")


def test_all_faults_are_named_together():
    with pytest.raises(InputError) as caught:
        kwic(THREE, ["(", "["], regex=True, window=-1, version="x", topic="y")
    assert len(caught.value.problems) == 5


# --- how it is shown ----------------------------------------------------------------------------


def read_rows_of(html):
    body = html[html.index("<tbody>") :]
    rows = re.findall(r"<tr>(.*?)</tr>", body, flags=re.DOTALL)
    return [re.findall(r"<td[^>]*>(.*?)</td>", row, flags=re.DOTALL) for row in rows]


def test_a_shown_concordance_has_the_rows_without_index():
    html = show_kwic(kwic(THREE, "废弃物", tags=TAGS)).to_html()
    assert "row_heading" not in html
    assert read_rows_of(html) == [
        ["old", "clause__0", "回收电子", "废弃物", "", "e_waste"],
        ["new", "clause__1", "处理", "废弃物", "和水", "waste"],
    ]


def test_a_shown_concordance_escapes_the_text():
    html = show_kwic(kwic(make_clauses("<b>水</b>&"), "水")).to_html()
    assert read_rows_of(html)[0][2:] == ["&lt;b&gt;", "水", "&lt;/b&gt;&amp;"]


def test_left_context_ends_at_the_match_and_the_match_stands_out():
    html = show_kwic(kwic(THREE, "废弃物"), columns=["left", "match", "right"]).to_html()
    assert re.search(r"\.col0 \{\s*text-align: right", html)
    assert re.search(r"td\.col1 \{[^}]*font-weight: 700", html)
    assert 'lang="zh"' in html


def test_long_contexts_may_wrap():
    clauses = make_clauses("长" * 60 + "水")
    short, long = (show_kwic(kwic(clauses, "水", window=n)).to_html() for n in (20, 60))
    assert "white-space: normal" in long
    assert "white-space: normal" not in short


def test_the_same_concordance_gives_the_same_html():
    table = kwic(THREE, "水")
    assert show_kwic(table).to_html() == show_kwic(table.copy()).to_html()


def test_rows_of_a_concordance_can_be_shown_and_none_too():
    table = kwic(THREE, "水")
    assert len(read_rows_of(show_kwic(table[table["version"] == "new"]).to_html())) == 2
    assert read_rows_of(show_kwic(table[:0]).to_html()) == []


def test_a_column_that_is_not_there_is_refused():
    with pytest.raises(InputError, match="column tagged"):
        show_kwic(kwic(THREE, "水"), columns=["left", "tagged"])
