"""CriticMarkup read and written: what is kept, and every fault with its line and column."""

from __future__ import annotations

import re

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from resanalysis.model import InputError
from resanalysis.redline import fit_marks, read_marks, write_marks

OPS = ("equal", "delete", "insert")

# Near-signs included: braces and dashes that must not run together with ours.
pieces = st.lists(
    st.tuples(st.sampled_from(OPS), st.text(alphabet="甲乙\n\t{}-+=<>~;\uf0b7", min_size=1)),
    max_size=6,
)


def make_segments(parts: list[tuple[str, str]]) -> pd.DataFrame:
    return pd.DataFrame(parts, columns=["op", "text"])


def has_sign(text: str) -> bool:
    return bool(re.search(r"\{--|\{\+\+|\{==|\{>>|\{~~|--\}|\+\+\}|==\}|<<\}|~~\}", text))


@given(pieces)
def test_what_is_written_is_read_back(parts: list[tuple[str, str]]) -> None:
    source = "".join(text for _, text in parts)
    if has_sign(source):
        with pytest.raises(InputError, match="which is CriticMarkup"):
            write_marks(make_segments(parts))
        return
    text, marks = read_marks(write_marks(make_segments(parts)))
    assert text == source
    written = [op for op, piece in parts for _ in piece]
    read = ["equal"] * len(source)
    for mark in marks:
        read[mark.start : mark.end] = [mark.op] * (mark.end - mark.start)
    assert read == written


@given(pieces)
def test_written_marks_stripped_give_the_source(parts: list[tuple[str, str]]) -> None:
    source = "".join(text for _, text in parts)
    if not has_sign(source):
        markup = write_marks(make_segments(parts))
        stripped = re.sub(r"\{--(.*?)--\}|\{\+\+(.*?)\+\+\}", r"\1\2", markup, flags=re.DOTALL)
        assert stripped == source


def test_neighbours_of_one_operation_share_a_mark() -> None:
    parts = [("delete", "甲"), ("delete", "乙"), ("insert", "丙"), ("equal", "丁")]
    assert write_marks(make_segments(parts)) == "{--甲乙--}{++丙++}丁"


def test_a_comment_says_who_decided_and_how_surely() -> None:
    text, (mark,) = read_marks("在{--2014--}{>>year; ann; uncertain; 甲；乙; 丙<<}年")
    assert text == "在2014年"
    assert (mark.start, mark.end, mark.op) == (1, 5, "delete")
    assert (mark.id, mark.coder, mark.sure) == ("year", "ann", "uncertain")
    assert mark.reason == "甲；乙; 丙"


def test_a_mark_without_comment_is_certain_and_stands_alone() -> None:
    _, marks = read_marks("{--甲--}{++乙++}")
    assert [mark.sure for mark in marks] == ["certain", "certain"]
    assert marks[0].id != marks[1].id


def test_a_highlight_decides_that_text_is_in_both() -> None:
    text, (mark,) = read_marks("{==甲乙==}{>>x; ann; certain; why<<}丙")
    assert (text, mark.op, mark.start, mark.end) == ("甲乙丙", "equal", 0, 2)


def test_a_comment_may_show_marks() -> None:
    _, (mark,) = read_marks("{==甲==}{>>x; ann; certain; not {--甲--}<<}")
    assert mark.reason == "not {--甲--}"


def test_arrows_and_braces_in_running_text_are_text() -> None:
    assert read_marks("甲 ~> 乙 {丙} -- ++") == ("甲 ~> 乙 {丙} -- ++", [])


@pytest.mark.parametrize(
    ("markup", "place", "what"),
    [
        ("甲\n乙{--丙", "line 2, column 2", "{-- is not closed"),
        ("甲{++乙", "line 1, column 2", "{++ is not closed"),
        ("{==甲", "line 1, column 1", "{== is not closed"),
        ("{--甲--}{>>x; ann", "line 1, column 8", "{>> is not closed"),
        ("{--甲{++乙++}丙--}", "line 1, column 1", "marks nested in {--"),
        ("{=={--甲--}==}", "line 1, column 1", "marks nested in {=="),
        ("甲--}乙", "line 1, column 2", "--} closes nothing"),
        ("甲<<}乙", "line 1, column 2", "<<} closes nothing"),
        ("{----}甲", "line 1, column 1", "empty mark"),
        ("甲{>>x; ann; certain; why<<}", "line 1, column 2", "comment that follows no mark"),
        (
            "{--甲--} {>>x; ann; certain; why<<}",
            "line 1, column 9",
            "comment that follows no mark",
        ),
        (
            "{--甲--}{>>x; a; certain; b<<}{>>y; a; certain; b<<}",
            "line 1, column 30",
            "comment that follows no mark",
        ),
        ("{--甲--}{>>why<<}", "line 1, column 8", "comment not understood"),
        ("{--甲--}{>>x; ann; sure; why<<}", "line 1, column 8", "comment not understood"),
        ("{--甲--}{>>; ann; certain; why<<}", "line 1, column 8", "comment not understood"),
        ("{--甲--}{>>x; ann; certain; <<}", "line 1, column 8", "comment not understood"),
        ("甲{~~乙", "line 1, column 2", "substitution marks are not used here"),
    ],
)
def test_a_fault_is_reported_with_its_place(markup: str, place: str, what: str) -> None:
    with pytest.raises(InputError) as caught:
        read_marks(markup, name="d.txt")
    (problem,) = caught.value.problems
    assert (problem.file, problem.place) == ("d.txt", place)
    assert problem.what.startswith(what)
    assert problem.remedy


def test_all_faults_are_reported_together() -> None:
    with pytest.raises(InputError) as caught:
        read_marks("甲--}乙\n{++丙\n{--丁--}{>>?<<}\n{~~a~>b~~}")
    assert [problem.place for problem in caught.value.problems] == [
        "line 1, column 2",
        "line 2, column 1",
        "line 3, column 8",
        "line 4, column 1",
        "line 4, column 8",
    ]


def test_decisions_that_fit_are_returned() -> None:
    assert [mark.op for mark in fit_marks("甲{--乙--}", "甲乙")] == ["delete"]


@pytest.mark.parametrize(
    ("markup", "text", "place"),
    [
        ("甲\n{--乙--}丙", "甲\n乙丁", "source line 2, offset 3"),
        ("甲乙", "甲乙丙", "source line 1, offset 2"),
        ("甲乙\n", "甲乙", "source line 1, offset 2"),
        ("甲 乙", "甲\u3000乙", "source line 1, offset 1"),
    ],
)
def test_decisions_that_do_not_fit_say_where(markup: str, text: str, place: str) -> None:
    with pytest.raises(InputError) as caught:
        fit_marks(markup, text)
    (problem,) = caught.value.problems
    assert problem.place == place
    assert "do not fit the source" in problem.what


def test_malformed_decisions_are_reported_before_they_are_fitted() -> None:
    with pytest.raises(InputError, match="is not closed"):
        fit_marks("甲{--乙", "丙")
