"""From a flattened text to two versions: what always holds, and what decisions change."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resanalysis.corpus import read_corpus
from resanalysis.model import InputError
from resanalysis.pipeline import make_segmenter
from resanalysis.redline import Redline, read_marks, recover_versions, write_marks
from resanalysis.redline.inference.overlay import UNCERTAIN_WEIGHT
from resanalysis.tables import TABLES

OPS = ("equal", "delete", "insert")


def cut_pairs(text: str) -> list[str]:
    """Segment into words of two characters: no rule may depend on jieba for the invariants."""
    return [text[i : i + 2] for i in range(0, len(text), 2)]


labels = st.sampled_from(
    "a)\t|b)\t|cb)\t|dc)\t|i)\t|ii)\t|1\t|2\t|32\t|12\t|第一条　|第二三条　|（一）|（二）（三）"
    "|–\t|\uf0b7\t||　　".split("|")
)
bodies = st.one_of(
    st.text(alphabet="甲乙和、与水2014年，；。：（）{}- \t\u3000\uf0b7[]", max_size=12),
    st.sampled_from(
        "认识到|责成秘书长|（2014年，釜山2022年，布加勒斯特）|WRC-1219|甲，；|收集、和利用；|市场主体经营主体；"
        "|甲乙丙丁戊己庚辛，|甲乙丙丁戊己庚壬，|[footnoteRef:1]1 [1: 1\t注] ".split("|")
    ),
)
lines = st.builds(str.__add__, labels, bodies)
texts = st.builds(
    lambda rows, end: "\n".join(rows) + end,
    st.lists(lines, max_size=10),
    st.sampled_from(["", "\n"]),
)


@st.composite
def decided_texts(draw: Callable) -> tuple[str, str]:  # type: ignore[type-arg]
    """Return a text and well-formed decisions on it."""
    text = draw(texts)
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=8)))
    markup = text[: cuts[0]] if cuts else text
    for start, end in pairwise([*cuts, len(text)]) if cuts else ():
        sign = draw(st.sampled_from(["", "--", "++", "=="]))
        if not sign:
            markup += text[start:end]
            continue
        markup += f"{{{sign}{text[start:end]}{sign}}}" if end > start else ""
        if end > start and draw(st.booleans()):
            place, sure = (
                draw(st.sampled_from("xyz")),
                draw(st.sampled_from(["certain", "uncertain"])),
            )
            markup += f"{{>>{place}; ann; {sure}; why<<}}"
    return text, markup


def read_ops(redline: Redline) -> list[str]:
    """Return the operation in force for each character."""
    return [s.op for s in redline.segments.itertuples() for _ in s.text]


def assert_invariants(text: str, redline: Redline) -> None:
    segments, alternatives = redline.segments, redline.alternatives
    assert "".join(segments["text"]) == text
    assert list(segments.columns) == [column.name for column in TABLES["segments"]]
    assert list(alternatives.columns) == [column.name for column in TABLES["alternatives"]]
    assert [text[s.start : s.end] for s in segments.itertuples()] == segments["text"].tolist()
    assert redline.text("old") == "".join(segments.loc[segments["op"] != "insert", "text"])
    assert redline.text("new") == "".join(segments.loc[segments["op"] != "delete", "text"])
    assert segments["op"].isin(OPS).all()
    assert segments["certainty"].isin(["proven", "likely", "undecidable", "decided"]).all()
    for column in ("confidence", "proposed_confidence"):
        assert segments[column].between(0, 1).all()
    assert ((segments["decided_by"] != "") == (segments["certainty"] == "decided")).all()
    ops = read_ops(redline)
    for group, place in alternatives.groupby("group"):
        weights = place.drop_duplicates("reading").set_index("reading")["weight"]
        assert weights.sum() == pytest.approx(1), group
        assert list(weights.index) == list(range(1, len(weights) + 1))
        for row in place[place["reading"] == 1].itertuples():
            assert set(ops[row.start : row.end]) <= {row.op}, group


@given(texts)
def test_any_text_comes_back_whole(text: str) -> None:
    assert_invariants(text, recover_versions(text, cut=cut_pairs))


@given(decided_texts())
def test_any_decided_text_comes_back_whole(pair: tuple[str, str]) -> None:
    text, markup = pair
    try:
        stripped, marks = read_marks(markup)
    except InputError:
        return  # the text itself forms a sign
    assert stripped == text
    redline = recover_versions(text, cut=cut_pairs, decisions=markup)
    assert_invariants(text, redline)
    ops = read_ops(redline)
    for mark in marks:
        assert set(ops[mark.start : mark.end]) == {mark.op}


@given(texts)
def test_what_is_written_can_be_decided_again(text: str) -> None:
    redline = recover_versions(text, cut=cut_pairs)
    try:
        markup = write_marks(redline.segments)
        _, marks = read_marks(markup)
    except InputError:
        return  # the text itself forms a sign
    again = recover_versions(text, cut=cut_pairs, decisions=markup)
    ops = read_ops(again)
    for mark in marks:
        assert set(ops[mark.start : mark.end]) == {mark.op}
    assert again.segments["proposed_op"].map(str).isin(OPS).all()


# --- what the machine proposes ------------------------------------------------------------------


def test_every_rule_of_wording_reaches_the_segments() -> None:
    text = "国际电联大会（2014年，釜山2022年，布加勒斯特），\n甲，；收集与、利用。\n"
    words = ["甲", "，", "；", "收集", "与", "、", "利用", "。"]
    redline = recover_versions(text, cut=lambda line: words if line == "".join(words) else [line])
    assert redline.text("old") == "国际电联大会（2014年，釜山），\n甲，收集与利用。\n"
    assert redline.text("new") == "国际电联大会（2022年，布加勒斯特），\n甲；收集、利用。\n"
    changed = redline.segments[redline.segments["op"] != "equal"]
    assert set(changed["rule"]) == {"dated_places", "doubled_punctuation", "doubled_conjunctions"}
    assert set(changed["certainty"]) <= {"likely", "undecidable"}


def test_a_rewritten_bullet_may_be_deleted_and_inserted() -> None:
    text = (
        "1\t甲：\n–\t提高设备在生产中的能源效率水平\n–\t提高设备在使用中的能源效率水平\n2\t乙。\n"
    )
    redline = recover_versions(text, cut=cut_pairs)
    readings = redline.alternatives.query("group.str.startswith('rewritten')")
    assert redline.text("old") == redline.text("new") == text
    assert {tuple(ops) for _, ops in readings.groupby("reading")["op"]} == {
        ("equal",),
        ("delete", "insert"),
    }


def test_last_lines_without_line_break_leave_none_behind() -> None:
    source = "a)\t甲；\nb)\t乙，；\nc)\t丙；\nd)\t丁，"
    redline = recover_versions(source, cut=cut_pairs)
    assert redline.text("old") == "a)\t甲；\nb)\t乙，"
    assert redline.text("new") == "a)\t甲；\nb)\t乙；\nc)\t丙；\nd)\t丁，"


def test_lines_of_one_version_are_not_counterparts_of_others() -> None:
    text = "a)\t甲；\nb)\t提高设备在生产中的能源效率水平；\ncb)\t提高设备在使用中的能源效率水平。\n"
    redline = recover_versions(text, cut=cut_pairs)
    assert "rewritten_lines" not in set(redline.segments["rule"])


def test_text_without_evidence_is_kept_and_never_called_proven() -> None:
    redline = recover_versions("本决议自通过之日起施行。\n", cut=cut_pairs)
    (row,) = redline.segments.itertuples()
    assert (row.op, row.certainty, row.rule, row.group) == ("equal", "likely", "none", "")


def test_a_line_of_one_version_is_not_taken_apart_again() -> None:
    text = "a)\t甲；\nb)\t乙2014年2022年；\ncb)\t丙。\n"
    redline = recover_versions(text, cut=cut_pairs)
    assert redline.text("old") == "a)\t甲；\nb)\t乙2014年2022年；\nc)\t丙。\n"
    assert redline.text("new") == "a)\t甲；\nb)\t丙。\n"


def test_groups_name_rule_line_and_column() -> None:
    redline = recover_versions("认识到\n甲2014年2022年乙\n", cut=cut_pairs)
    assert set(redline.segments["group"]) == {"", "glued_years:2:2"}
    assert set(redline.alternatives["group"]) == {"glued_years:2:2"}


def test_a_doubtful_place_lists_both_directions_and_neither() -> None:
    redline = recover_versions("甲2014年2022年乙\n", cut=cut_pairs)
    readings = redline.alternatives.groupby("reading")["op"].agg(list)
    assert readings.tolist() == [["delete", "insert"], ["insert", "delete"], ["equal"]]


def test_slips_of_the_numbering_are_noted() -> None:
    text = "1\t甲；\n2\t乙；\n9\t丙；\n4\t丁；\n5\t戊，\n"
    notes = recover_versions(text, cut=cut_pairs).notes
    assert notes == ("line 3: old label 9, not 3; line 3: new label 9, not 3",)


# --- decisions ----------------------------------------------------------------------------------


def test_a_decision_overrides_the_machine_and_keeps_its_proposal() -> None:
    text = "甲2014年2022年乙\n"
    markup = "甲{++2014年++}{>>y; ann; certain; why<<}{--2022年--}{>>y; ann; certain; why<<}乙\n"
    redline = recover_versions(text, cut=cut_pairs, decisions=markup)
    assert (redline.text("old"), redline.text("new")) == ("甲2022年乙\n", "甲2014年乙\n")
    row = redline.segments.iloc[1]
    assert (row["op"], row["certainty"], row["confidence"]) == ("insert", "decided", 1.0)
    machine = recover_versions(text, cut=cut_pairs).segments.iloc[1]
    assert row["proposed_op"] == machine["op"] == "delete"
    assert row["proposed_certainty"] == machine["certainty"]
    assert (row["group"], row["decided_by"], row["reason"]) == ("y", "ann", "why")
    assert redline.alternatives.empty


def test_what_carries_no_mark_is_left_to_the_machine() -> None:
    redline = recover_versions(
        "甲2014年2022年乙丙\n", cut=cut_pairs, decisions="甲2014年2022年{--乙--}丙\n"
    )
    assert (redline.text("old"), redline.text("new")) == ("甲2014年乙丙\n", "甲2022年丙\n")


def test_of_a_place_decided_in_part_the_readings_that_agree_remain() -> None:
    markup = "甲{--2014年--}{>>y; ann; certain; why<<}2022年乙\n"
    redline = recover_versions("甲2014年2022年乙\n", cut=cut_pairs, decisions=markup)
    assert (redline.text("old"), redline.text("new")) == ("甲2014年乙\n", "甲2022年乙\n")
    rest = redline.segments.iloc[2]
    assert (rest["op"], rest["decided_by"]) == ("insert", "")
    assert rest["group"].startswith("glued_years")
    assert redline.alternatives.empty


def test_a_place_whose_every_reading_is_contradicted_is_the_readers() -> None:
    markup = "甲{--20--}{>>y; ann; certain; why<<}14年2022年乙\n"
    redline = recover_versions("甲2014年2022年乙\n", cut=cut_pairs, decisions=markup)
    assert (redline.text("old"), redline.text("new")) == ("甲2014年2022年乙\n", "甲14年2022年乙\n")
    rest = redline.segments.iloc[2]
    assert (rest["op"], rest["decided_by"], rest["group"]) == ("equal", "ann", "")
    assert rest["reason"] == "rest of this place: why"


def test_one_uncertain_mark_makes_its_whole_place_uncertain() -> None:
    markup = "甲{--2014年--}{>>y; ann; certain; why<<}{++2022年++}{>>y; ann; uncertain; why<<}乙\n"
    redline = recover_versions("甲2014年2022年乙\n", cut=cut_pairs, decisions=markup)
    decided = redline.segments.query("decided_by == 'ann'")
    assert set(decided["confidence"]) == {UNCERTAIN_WEIGHT}
    assert set(redline.alternatives["group"]) == {"y"}


def test_no_alternative_of_the_machine_speaks_of_decided_text() -> None:
    text = "1\t甲；\n2\t乙。；\n3\t丙。\n"
    markup = text.replace("3\t丙。\n", "{++3\t丙。\n++}{>>y; ann; uncertain; why<<}")
    redline = recover_versions(text, cut=cut_pairs, decisions=markup)
    decided = redline.segments.query("decided_by == 'ann'")
    others = redline.alternatives.query("group != 'y'")
    assert (others["end"] <= decided["start"].iloc[0]).all()
    assert set(redline.alternatives.query("group == 'y'")["reading"]) == {1, 2}


def test_a_line_that_a_decision_puts_into_one_version_takes_the_places_inside() -> None:
    text = "1\t甲；\n2\t乙；\n3\t丙2014年2022年丁。\n"
    markup = text.replace("1\t甲；\n", "{++1\t甲；\n++}{>>y; ann; certain; why<<}")
    redline = recover_versions(text, cut=cut_pairs, decisions=markup)
    assert (redline.text("old"), redline.text("new")) == ("", text)
    assert "glued_years" not in "".join(redline.alternatives["group"])


def test_words_marked_inside_an_item_leave_the_item_in_both_versions() -> None:
    text = "1\t甲；\n2\t乙丙丁；\n3\t戊。\n"
    markup = text.replace("丙", "{++丙++}{>>y; ann; certain; why<<}")
    redline = recover_versions(text, cut=cut_pairs, decisions=markup)
    assert redline.text("old") == text.replace("丙", "")
    assert redline.text("new") == text


def test_a_list_decided_in_part_keeps_its_other_labels() -> None:
    markup = "a)\t甲；\n{--b)\t乙；\n--}cb)\t丙；\ndc)\t丁。\n"
    text, _ = read_marks(markup)
    redline = recover_versions(text, cut=cut_pairs, decisions=markup)
    assert redline.text("new") == "a)\t甲；\nb)\t丙；\nc)\t丁。\n"


def test_an_unsigned_mark_is_by_unnamed() -> None:
    redline = recover_versions("甲乙", cut=cut_pairs, decisions="甲{--乙--}")
    assert redline.segments["decided_by"].tolist() == ["", "unnamed"]


@pytest.mark.parametrize(
    ("markup", "others"),
    [
        ("甲{++乙++}{>>x; a; uncertain; b<<}丙", [["equal"]]),
        ("甲{--乙--}{>>x; a; uncertain; b<<}丙", [["equal"]]),
        ("甲{==乙==}{>>x; a; uncertain; b<<}丙", [["insert"], ["delete"]]),
        (
            "{--甲--}{>>x; a; uncertain; b<<}{++乙++}{>>x; a; uncertain; b<<}丙",
            [["insert", "delete"]],
        ),
    ],
)
def test_an_uncertain_decision_keeps_its_alternatives(markup: str, others: list[list[str]]) -> None:
    redline = recover_versions("甲乙丙", cut=cut_pairs, decisions=markup)
    readings = redline.alternatives.groupby("reading")["op"].agg(list).tolist()
    assert readings[1:] == others
    assert redline.alternatives["weight"].iloc[0] == UNCERTAIN_WEIGHT
    decided = redline.segments[redline.segments["certainty"] == "decided"]
    assert set(decided["confidence"]) == {UNCERTAIN_WEIGHT}


def test_the_machines_proposal_is_an_alternative_to_an_uncertain_decision() -> None:
    markup = "甲{==2014年2022年==}{>>y; ann; uncertain; why<<}乙"
    redline = recover_versions("甲2014年2022年乙", cut=cut_pairs, decisions=markup)
    assert redline.alternatives.groupby("reading")["op"].agg(list).tolist() == [
        ["equal"],
        ["delete", "insert"],
        ["insert"],
        ["delete"],
    ]


def test_decisions_on_another_text_are_refused() -> None:
    with pytest.raises(InputError, match="do not fit the source"):
        recover_versions("甲乙", cut=cut_pairs, decisions="甲{--丙--}", decisions_name="d.txt")


# --- the invented resolution --------------------------------------------------------------------


@dataclass(frozen=True)
class Small:
    decided: Redline
    alone: Redline


@pytest.fixture(scope="module")
def small(small_corpus: Path) -> Small:
    corpus = read_corpus(small_corpus)
    cut = make_segmenter(corpus.lexicon).cut
    return Small(
        recover_versions(corpus.source.text, cut=cut, decisions=corpus.decisions),
        recover_versions(corpus.source.text, cut=cut),
    )


@pytest.mark.parametrize("version", ["old", "new"])
def test_with_decisions_the_small_resolution_comes_out_exactly(
    small: Small, small_versions: dict[str, str], version: str
) -> None:
    assert small.decided.text(version) == small_versions[version]  # type: ignore[arg-type]


def test_without_decisions_only_what_leaves_no_trace_is_missed(
    small: Small, small_versions: dict[str, str]
) -> None:
    def differing(version: str) -> list[str]:
        recovered = small.alone.text(version)  # type: ignore[arg-type]
        lines = set(small_versions[version].split("\n"))
        return [line[:9] for line in recovered.split("\n") if line not in lines]

    assert differing("new") == ["a)\t流域内废弃设", "在沿岸地区组织研讨"]
    assert differing("old") == [
        "a)\t流域内废弃设",
        "b)\t河湖沿岸的湿",
        "2\t支持电子废弃物",
        "–\t评估设备对生物",
        "在沿岸地区组织研讨",
    ]


def test_the_invariants_hold_on_the_small_resolution(small: Small, small_corpus: Path) -> None:
    source = (small_corpus / "source.txt").read_text("utf-8")
    for redline in (small.decided, small.alone):
        assert_invariants(source, redline)


def test_decided_places_of_the_small_resolution_keep_their_doubt(small: Small) -> None:
    groups = set(small.decided.alternatives["group"])
    assert {"species", "flood", "bullet"} <= groups
    assert not {"growth", "basin", "reuse", "course"} & groups


def test_the_descriptor_of_the_small_resolution_counts_its_bytes(small_corpus: Path) -> None:
    descriptor = json.loads((small_corpus / "datapackage.json").read_text("utf-8"))
    (source,) = (r for r in descriptor["resources"] if r["name"] == "source")
    assert source["bytes"] == (small_corpus / "source.txt").stat().st_size


def test_a_long_text_takes_seconds_at_most() -> None:
    item = "认识到\na)\t甲；\nb)\t乙2014年2022年，；\ncb)\t丙。\n"
    item += "责成秘书长\n1\t甲：\ni)\t乙；\nii)\t丙。\n"
    redline = recover_versions(item * 200, cut=cut_pairs)
    assert redline.text("old").count("2014年") == 200
    assert redline.segments["start"].is_monotonic_increasing
