"""CriticMarkup as a source format: read exactly, written without loss, every fault in its place."""

from __future__ import annotations

import re
import time

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from resanalysis.model import InputError, Op
from resanalysis.redline.marks.criticmarkup import read_criticmarkup, write_marks
from resanalysis.redline.marks.signs import escape, read_pieces, unescape
from resanalysis.redline.segments import Redline, Run, join_runs

OPS: tuple[Op, ...] = ("equal", "delete", "insert")

# Signs, halves of signs, escaped signs and backslashes come up often, so that they run together.
SIGNS = "{-- --} {++ ++} {~~ ~> ~~} {== ==} {>> <<} {\\-- --\\} \\{++ {\\\\>>".split()
texts = st.lists(st.sampled_from([*"甲乙\n\t{}-+=<>~;\\\uf0b7\U00020000", *SIGNS]), max_size=8).map(
    "".join
)
any_text = st.one_of(texts, st.text(max_size=12))
pieces = st.lists(st.tuples(st.sampled_from(OPS), any_text), max_size=6)


def make_segments(parts: list[tuple[Op, str]]) -> pd.DataFrame:
    return pd.DataFrame(parts, columns=["op", "text"])


def spread_ops(segments: pd.DataFrame) -> list[str]:
    rows = zip(segments["op"], segments["text"], strict=True)
    return [op for op, text in rows for _ in text]


def has_sign(text: str) -> bool:
    """Whether a sign stands in the text, with or without backslashes inside."""
    return bool(re.search(r"\{\\*(--|\+\+|~~|==|>>)|(--|\+\+|~~|==|<<)\\*\}", text))


# --- writing and reading back -------------------------------------------------------------------


@given(any_text)
def test_escaped_text_is_what_it_was(text: str) -> None:
    assert unescape(escape(text)) == text


@given(any_text)
def test_escaped_text_holds_no_sign(text: str) -> None:
    assert not re.search(r"\{(--|\+\+|~~|==|>>)|(--|\+\+|~~|==|<<)\}", escape(text))


@given(any_text)
def test_text_without_signs_is_escaped_as_it_is(text: str) -> None:
    assert (escape(text) == text) is not has_sign(text)


@given(pieces)
def test_any_segments_are_read_back_with_their_operations(parts: list[tuple[Op, str]]) -> None:
    written = make_segments(parts)
    redline = read_criticmarkup(write_marks(written))
    assert redline.source == "".join(written["text"])
    assert spread_ops(redline.segments) == spread_ops(written)
    for version, other in (("old", "insert"), ("new", "delete")):
        kept = written.loc[written["op"] != other, "text"]
        assert redline.text(version) == "".join(kept)


@given(pieces)
def test_stripped_marks_give_a_source_without_signs_to_the_last_character(
    parts: list[tuple[Op, str]],
) -> None:
    source = "".join(text for _, text in parts)
    if not has_sign(source):
        markup = write_marks(make_segments(parts))
        stripped = re.sub(r"\{--(.*?)--\}|\{\+\+(.*?)\+\+\}", r"\1\2", markup, flags=re.DOTALL)
        assert stripped == source


@given(pieces)
def test_only_deletions_and_insertions_are_marked(parts: list[tuple[Op, str]]) -> None:
    markup = write_marks(make_segments(parts))
    assert not re.search(r"\{(~~|==|>>)", markup)


def test_neighbours_of_one_operation_share_a_mark() -> None:
    parts: list[tuple[Op, str]] = [
        ("delete", "甲"), ("delete", "乙"), ("insert", "丙"), ("equal", "丁"),
    ]  # fmt: skip
    assert write_marks(make_segments(parts)) == "{--甲乙--}{++丙++}丁"


def test_an_unknown_operation_is_refused() -> None:
    segments = pd.DataFrame([("moved", "甲")], columns=["op", "text"])
    with pytest.raises(InputError, match=r"s\.json: operation moved: not known"):
        write_marks(segments, name="s.json")


# --- reading ------------------------------------------------------------------------------------


def read_ops(markup: str) -> list[tuple[str, str]]:
    segments = read_criticmarkup(markup).segments
    return list(zip(segments["op"], segments["text"], strict=True))


@pytest.mark.parametrize(
    ("markup", "segments"),
    [
        ("", []),
        ("甲", [("equal", "甲")]),
        ("{++甲++}乙", [("insert", "甲"), ("equal", "乙")]),
        ("{~~甲~>乙~~}", [("delete", "甲"), ("insert", "乙")]),
        ("甲{==乙==}", [("equal", "甲乙")]),
        ("{--甲\n\n乙\n--}丙", [("delete", "甲\n\n乙\n"), ("equal", "丙")]),
        ("{~~甲\n~>\n乙~~}", [("delete", "甲\n"), ("insert", "\n乙")]),
        ("甲{>>why\nnot<<}乙", [("equal", "甲乙")]),
        ("甲{>>not {--乙--}<<}", [("equal", "甲")]),
        ("{--甲--}{>>x<<}{--乙--}", [("delete", "甲乙")]),
        # The mark ends at the first closing sign, whatever its last characters look like.
        ("{--甲{--}", [("delete", "甲{")]),
        ("{--甲---}", [("delete", "甲-")]),
        ("{++}++}", [("insert", "}")]),
        ("{~~~甲~>~乙~~~}", [("delete", "~甲"), ("insert", "~乙~")]),
        ("{{++甲++}}", [("equal", "{"), ("insert", "甲"), ("equal", "}")]),
    ],
)
def test_marks_become_segments(markup: str, segments: list[tuple[str, str]]) -> None:
    assert read_ops(markup) == segments


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        (r"{\++甲++\}", "{++甲++}"),
        (r"{\\++", r"{\++"),
        (r"{\--\}", "{--}"),
        (r"{\>>甲<<\}{\==乙==\}{\~~", "{>>甲<<}{==乙==}{~~"),
        (r"甲\n{\甲}\\", r"甲\n{\甲}\\"),  # other backslashes are text
        ("甲 ~> 乙 {丙} -- ++", "甲 ~> 乙 {丙} -- ++"),
        (r"~\>", r"~\>"),  # outside a substitution the arrow is no sign
    ],
)
def test_a_backslash_inside_a_sign_makes_it_text(markup: str, text: str) -> None:
    assert read_criticmarkup(markup).source == text


def test_signs_may_be_text_inside_marks() -> None:
    assert read_ops(r"{--{\++甲--\}--}") == [("delete", "{++甲--}")]
    assert read_ops(r"{~~甲~\>乙~>丙~\\>{\~~~~}") == [
        ("delete", "甲~>乙"),
        ("insert", r"丙~\>{~~"),
    ]


def test_comments_are_left_out_and_counted() -> None:
    redline = read_criticmarkup("甲{>>one<<}{--乙--}{>>two<<}{>><<}")
    assert redline.source == "甲乙"
    assert redline.notes == ("comments left out: 3",)


def test_a_backslash_before_a_mark_is_text_and_noted() -> None:
    redline = read_criticmarkup("甲\n\\{++乙++}")
    assert redline.text("new") == "甲\n\\乙"
    (note,) = redline.notes
    assert note.startswith("line 2, column 2: ")
    assert r"{\++" in note


def test_every_segment_is_proven() -> None:
    redline = read_criticmarkup("{~~甲~>乙~~}丙", corpus="c")
    assert set(redline.segments["certainty"]) == {"proven"}
    assert set(redline.segments["rule"]) == {"criticmarkup"}
    assert set(redline.segments["corpus"]) == {"c"}
    assert len(redline.alternatives) == 0


@pytest.mark.parametrize(
    ("markup", "place", "what"),
    [
        ("甲\n乙{--丙", "line 2, column 2", "{-- is not closed"),
        ("甲{>>乙", "line 1, column 2", "{>> is not closed"),
        ("{~~甲~>乙", "line 1, column 1", "{~~ is not closed"),
        ("{++甲\n{++乙++}", "line 1, column 1", "{++ is not closed before the next {++ (line 2,"),
        ("{>>甲\n{>>乙<<}", "line 1, column 1", "{>> is not closed before the next {>> (line 2,"),
        (
            "{--甲{++乙++}丙--}",
            "line 1, column 1",
            "marks nested in {--: {++ (line 1, column 5)",
        ),
        ("{==甲{>>乙<<}==}", "line 1, column 1", "marks nested in {==: {>> (line 1, column 5)"),
        ("甲--}乙", "line 1, column 2", "--} closes nothing"),
        ("甲~~}乙", "line 1, column 2", "~~} closes nothing"),
        ("{----}甲", "line 1, column 1", "empty mark {----}"),
        ("{====}甲", "line 1, column 1", "empty mark {====}"),
        ("{~~甲乙~~}", "line 1, column 1", "substitution without ~>"),
        ("{~~~~}", "line 1, column 1", "substitution without ~>"),
        ("{~~甲~>乙~>丙~~}", "line 1, column 1", "substitution with more than one ~>"),
        ("{~~甲~>~~}", "line 1, column 1", "substitution with nothing after ~>"),
        ("{~~~>乙~~}", "line 1, column 1", "substitution with nothing before ~>"),
    ],
)
def test_a_fault_is_reported_with_its_place(markup: str, place: str, what: str) -> None:
    with pytest.raises(InputError) as caught:
        read_criticmarkup(markup, name="d.txt")
    (problem,) = caught.value.problems
    assert (problem.file, problem.place) == ("d.txt", place)
    assert problem.what.startswith(what)
    assert problem.remedy


def test_all_faults_are_reported_together() -> None:
    with pytest.raises(InputError) as caught:
        read_criticmarkup("甲--}乙\n{++++}丙\n{~~丁~~}\n{--戊{++己--}++}\n{==庚")
    assert [problem.place for problem in caught.value.problems] == [
        "line 1, column 2",
        "line 2, column 1",
        "line 3, column 1",
        "line 4, column 1",
        "line 4, column 12",
        "line 5, column 1",
    ]


@given(st.lists(st.sampled_from(["{--", "--}", "{++", "++}", "{~~", "~>", "~~}", "甲", "\n"])))
def test_anything_is_read_or_refused(parts: list[str]) -> None:
    markup = "".join(parts)
    try:
        redline = read_criticmarkup(markup)
    except InputError as error:
        assert all(problem.place.startswith("line ") for problem in error.problems)
    else:
        assert len(redline.source) <= len(markup)


@pytest.mark.parametrize("unit", ["{--甲-- ", "{++{--", "--}", "{~~甲~>", "{\\\\\\", "甲\n{>>"])
def test_malformed_text_takes_no_longer_than_its_length(unit: str) -> None:
    # Looking for the end of each mark anew would take several times as long.
    markup = unit * (300_000 // len(unit))
    start = time.process_time()
    pieces, faults = read_pieces(markup)
    assert time.process_time() - start < 6
    assert pieces or faults


def test_a_redline_of_another_reader_survives_the_way_through_criticmarkup() -> None:
    runs = [Run("甲{--", "equal"), Run("乙", "delete", "ann"), Run("丙\\", "insert", "bob")]
    redline: Redline = join_runs(runs, rule="word")
    again = read_criticmarkup(write_marks(redline.segments))
    columns = ["start", "end", "text", "op"]
    pd.testing.assert_frame_equal(again.segments[columns], redline.segments[columns])
