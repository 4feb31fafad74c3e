"""Readers' decisions: read and written without loss, fitted to a text that was edited since."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resanalysis.model import InputError, Op
from resanalysis.redline.marks import Mark, fit_marks, move_marks, read_marks, write_decisions
from resanalysis.redline.marks.drift import find_drift

CORPUS = Path(__file__).parents[1] / "corpora/itu-pp-res-182"
OPS: tuple[Op, ...] = ("equal", "delete", "insert")


# --- reading ------------------------------------------------------------------------------------


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
        ("甲{~~乙", "line 1, column 2", "{~~ is not closed"),
        ("甲{~~乙~>丙~~}", "line 1, column 2", "substitution marks are not used here"),
    ],
)
def test_a_fault_is_reported_with_its_place(markup: str, place: str, what: str) -> None:
    with pytest.raises(InputError) as caught:
        read_marks(markup, name="d.txt")
    (problem,) = caught.value.problems
    assert (problem.file, problem.place) == ("d.txt", place)
    assert problem.what.startswith(what)
    assert problem.remedy


def test_a_comment_left_open_does_not_swallow_the_next() -> None:
    with pytest.raises(InputError) as caught:
        read_marks("{--甲--}{>>x; a; certain; 乙{--丙--}{>>y; a; certain; b<<}")
    (problem,) = caught.value.problems
    assert problem.place == "line 1, column 8"
    assert problem.what == "{>> is not closed before the next {>> (line 1, column 34)"


def test_all_faults_are_reported_together() -> None:
    with pytest.raises(InputError) as caught:
        read_marks("甲--}乙\n{++丙\n{--丁--}{>>?<<}\n{~~a~>b~~}")
    assert [problem.place for problem in caught.value.problems] == [
        "line 1, column 2",
        "line 2, column 1",
        "line 3, column 8",
        "line 4, column 1",
    ]


def test_a_refused_substitution_says_how_to_write_it() -> None:
    with pytest.raises(InputError, match=r"Write \{--old--\}\{\+\+new\+\+\} instead"):
        read_marks("{~~甲~>乙~~}")


def test_signs_with_a_backslash_inside_are_text() -> None:
    text, (mark,) = read_marks(r"{\++甲++\}{--{\>>--}{>>x; a; certain; {>\> and <<\}<<}")
    assert text == "{++甲++}{>>"
    assert (mark.start, mark.end, mark.reason) == (7, 10, r"{>\> and <<}")


def test_a_mark_without_comment_never_joins_a_decision_of_that_name() -> None:
    _, marks = read_marks("{--甲--}{>>mark-2; ann; certain; why<<}{--乙--}")
    assert marks[0].id == "mark-2" != marks[1].id


# --- writing ------------------------------------------------------------------------------------

any_text = st.one_of(
    st.text(max_size=12),
    st.lists(
        st.sampled_from(["{--", "--}", "{++", "{>>", "<<}", "{==", "{\\--", *"甲乙\n\\{}-;<>"]),
        max_size=8,
    ).map("".join),
)
words = any_text.map(lambda text: text.replace(";", "").replace("\n", "").strip() or "x")
reasons = any_text.map(lambda text: text.strip() or "why")


@st.composite
def decided_texts(draw: st.DrawFn) -> tuple[str, list[Mark]]:
    """Return a text and marks on it, with comments and without."""
    text, marks = "", list[Mark]()
    for piece in draw(st.lists(any_text.filter(bool), max_size=6)):
        op = draw(st.sampled_from([None, *OPS]))
        start, text = len(text), text + piece
        if op and draw(st.booleans()):
            sure = draw(st.sampled_from(["certain", "uncertain"]))
            fields = (f"id-{draw(words)}", draw(words), sure, draw(reasons))
            marks.append(Mark(start, len(text), op, *fields))
        elif op:
            marks.append(Mark(start, len(text), op, f"mark-{len(marks) + 1}", "", "certain", ""))
    return text, marks


@given(decided_texts())
def test_written_decisions_are_read_back(decided: tuple[str, list[Mark]]) -> None:
    text, marks = decided
    assert read_marks(write_decisions(text, marks)) == (text, marks)


def test_the_decisions_on_resolution_182_are_written_as_they_are() -> None:
    for path in (CORPUS / "decisions.critic.txt", *CORPUS.glob("readings/*.critic.txt")):
        markup = path.read_text("utf-8")
        assert write_decisions(*read_marks(markup)) == markup


def test_marks_are_written_in_the_order_of_the_text() -> None:
    marks = [
        Mark(1, 2, "insert", "x", "ann", "uncertain", "甲; 乙\n丙"),
        Mark(0, 1, "delete", "x", "ann", "certain", "not {--so--}"),
    ]
    assert write_decisions("甲乙", marks) == (
        "{--甲--}{>>x; ann; certain; not {--so--}<<}{++乙++}{>>x; ann; uncertain; 甲; 乙\n丙<<}"
    )


@pytest.mark.parametrize(
    ("mark", "what"),
    [
        (Mark(0, 0, "delete", "x", "a", "certain", "b"), "lies outside the text or is empty"),
        (Mark(1, 9, "delete", "x", "a", "certain", "b"), "lies outside the text or is empty"),
        (Mark(0, 1, "delete", "x;y", "a", "certain", "b"), "id 'x;y' holds a semicolon"),
        (Mark(0, 1, "delete", "x", "a\nb", "certain", "b"), "coder 'a\\nb' holds a semicolon or"),
        (Mark(0, 1, "delete", "x", "", "certain", "b"), "coder '' is empty"),
        (Mark(0, 1, "delete", "x", "a", "certain", " b"), "reason ' b' is empty or has white"),
        (Mark(0, 1, "delete", "x", "", "uncertain", ""), "has neither coder nor reason"),
    ],
)
def test_what_would_not_be_read_back_is_not_written(mark: Mark, what: str) -> None:
    with pytest.raises(InputError) as caught:
        write_decisions("甲乙", [mark])
    (problem,) = caught.value.problems
    assert problem.what.startswith(what)


def test_overlapping_marks_are_not_written() -> None:
    marks = [Mark(0, 2, "delete", "x", "a", "certain", "b")]
    marks += [Mark(1, 3, "insert", "y", "a", "certain", "b")]
    with pytest.raises(InputError, match="mark y at 1 to 3: overlaps the mark before it"):
        write_decisions("甲乙丙", marks)


def test_marks_of_one_id_are_not_written_without_comment() -> None:
    marks = [Mark(i, i + 1, "delete", "x", "", "certain", "") for i in range(2)]
    with pytest.raises(InputError) as caught:
        write_decisions("甲乙", marks)
    assert len(caught.value.problems) == 2


# --- fitting ------------------------------------------------------------------------------------


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


OLD = "甲一二三四五六七八九\n乙一二三四五六七八九\n{--丙--}{++丁++}一二三四五六七八\n"
NEW = "甲一二三四五六七八九\n乙一二三四五六七八九\n丙丁一二三四五六七八\n"


def test_every_place_of_drift_is_listed_with_what_still_fits() -> None:
    text = NEW.replace("甲一", "甲　一").replace("七八\n", "七\n")
    with pytest.raises(InputError) as caught:
        fit_marks(OLD, text)
    first, second = caught.value.problems
    assert first.place == "source line 1, offset 1"
    assert "(2 of 2 marks still do): they have '一二三四五" in first.what
    assert "the source has '\\u3000一二三四" in first.what
    assert second.place == "source line 3, offset 32"


def test_many_places_of_drift_are_counted() -> None:
    markup = "".join(f"{chr(0x4E00 + i) * 12}，\n" for i in range(30))
    with pytest.raises(InputError) as caught:
        fit_marks(markup, markup.replace("，", "。"))
    *listed, last = caught.value.problems
    assert len(listed) == 20
    assert last.what == "the decisions differ in 10 more places"


# --- carrying over ------------------------------------------------------------------------------


def slices(marks: list[Mark], text: str) -> list[tuple[str, str]]:
    return [(mark.op, text[mark.start : mark.end]) for mark in marks]


@pytest.mark.parametrize(
    "text",
    [
        NEW,
        "新的一行在最前面\n" + NEW,
        NEW.replace("乙", "一行新的\n乙"),
        NEW.replace("乙一二三四五六七八九\n", ""),
        NEW.replace("\n丙", "\n丙丁新的一行\n丙"),  # begins as the decided line does
        NEW.replace("五", " 五"),
        NEW + "后面",
    ],
)
def test_decisions_away_from_the_edit_are_carried_over(text: str) -> None:
    marks, problems = move_marks(OLD, text)
    assert slices(marks, text) == [("delete", "丙"), ("insert", "丁")]
    assert problems == []


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (NEW.replace("丙", "戊"), []),  # the character itself
        (NEW.replace("丙丁", "丙，丁"), []),  # between the two
        (NEW.replace("\n丙", "\n\t丙"), [("insert", "丁")]),  # on one side of one of them
        (NEW.replace("丁一", "丁1"), [("delete", "丙")]),
        ("", []),
    ],
)
def test_decisions_beside_the_edit_are_not_carried_over(
    text: str, kept: list[tuple[str, str]]
) -> None:
    marks, problems = move_marks(OLD, text)
    assert slices(marks, text) == kept
    assert len(problems) == 2 - len(kept)


def test_a_decision_between_two_edits_close_by_is_not_carried_over() -> None:
    frame = "一二三四五六七八九"
    marks, problems = move_marks(f"{frame}丙在{{--甲--}}在丁{frame}", f"{frame}戊在甲在己{frame}")
    assert marks == []
    assert len(problems) == 1


def test_a_mark_that_was_edited_inside_is_not_carried_over() -> None:
    half = "一二三四五六七八九"
    marks, (problem,) = move_marks(f"{{--甲{half}，{half}--}}乙", f"甲{half}{half}乙")
    assert marks == []
    assert "they have '，一二三" in problem.what


def test_marks_of_one_id_are_carried_over_together_or_not_at_all() -> None:
    comment = "{>>x; ann; certain; why<<}"
    markup = f"{{--甲--}}{comment}一二三四五六七八九\n{{++乙++}}{comment}丙"
    marks, (problem,) = move_marks(markup, "甲一二三四五六七八九\n丁丙", name="d.txt")
    assert marks == []
    assert (problem.severity, problem.file, problem.place) == (
        "warning", "d.txt", "line 2, column 1",
    )  # fmt: skip
    assert problem.what.startswith("decision x on '乙' no longer fits: they have '乙丙'")
    assert "line 2" in problem.remedy


def test_marks_carried_over_keep_who_how_sure_and_why() -> None:
    markup = "{--甲--}{>>x; ann; uncertain; why<<}乙一二三四五六七八九"
    ((mark,), _) = move_marks(markup, "甲乙一二三四五六七八九！")
    assert mark == Mark(0, 1, "delete", "x", "ann", "uncertain", "why")


def test_what_is_carried_over_fits_when_written() -> None:
    text = (CORPUS / "source.txt").read_text("utf-8")
    markup = (CORPUS / "decisions.critic.txt").read_text("utf-8")
    edited = text.replace("认识到\n", "认识到\n\n", 1).replace("ed)", "ed）", 1)
    marks, problems = move_marks(markup, edited)
    lost = {problem.what.split()[1] for problem in problems}
    assert lost == {"recog-labels"}
    assert marks == fit_marks(write_decisions(edited, marks), edited)
    kept = [mark for mark in fit_marks(markup, text) if mark.id not in lost]
    assert slices(marks, edited) == slices(kept, text)


lines = st.lists(st.text(alphabet="甲乙丙丁戊，", max_size=12), max_size=8).map("\n".join)


@given(decided_texts(), st.data())
def test_a_carried_decision_stands_on_its_characters_and_neighbours(
    decided: tuple[str, list[Mark]], data: st.DataObject
) -> None:
    text, marks = decided
    edits = data.draw(st.lists(st.tuples(st.integers(0, len(text)), any_text), max_size=3))
    edited = text
    for offset, piece in edits:
        edited = edited[:offset] + piece + edited[offset + len(piece) // 2 :]
    moved, problems = move_marks(write_decisions(text, marks), edited)
    by_id = {mark.id: mark for mark in marks}
    assert len(by_id) == len(marks) or len(moved) <= len(marks)
    for mark in moved:
        before = [m for m in marks if (m.id, m.op, m.reason) == (mark.id, mark.op, mark.reason)]
        assert text_around(edited, mark) in [text_around(text, m) for m in before]
    lost = {mark.id for mark in marks} - {mark.id for mark in moved}
    assert len(problems) == len(lost)


def text_around(text: str, mark: Mark) -> str:
    """Return the mark's characters with one on either side, an end of the text being none."""
    return f"\0{text}\0"[mark.start : mark.end + 2]


# --- drift --------------------------------------------------------------------------------------


def replay(earlier: str, present: str) -> str:
    """Return what the drifts make of the earlier text."""
    parts = []
    at = 0
    for drift in find_drift(earlier, present):
        parts += [earlier[at : drift.start], present[drift.now_start : drift.now_end]]
        at = drift.end
    return "".join([*parts, earlier[at:]])


@given(lines, lines)
def test_drifts_turn_one_text_into_the_other(earlier: str, present: str) -> None:
    assert replay(earlier, present) == present


@given(lines)
def test_equal_texts_do_not_drift(text: str) -> None:
    assert find_drift(text, text) == []


def test_short_stretches_in_common_do_not_stand_between_edits() -> None:
    (drift,) = find_drift("丙丙在甲在丁丁", "戊戊在甲在己己")
    assert (drift.start, drift.end) == (0, 7)


def edit(text: str, times: int) -> str:
    draw = random.Random(5)  # noqa: S311 (examples, not secrets)
    for _ in range(times):
        at = draw.randrange(len(text))
        text = text[:at] + "新" + text[at + draw.randrange(3) :]
    return text


@pytest.mark.parametrize("kind", ["various", "repeated", "one character", "unrelated"])
def test_long_texts_are_compared_in_seconds(kind: str) -> None:
    draw = random.Random(4)  # noqa: S311
    various = "".join(chr(0x4E00 + draw.randrange(2000)) for _ in range(300_000))
    earlier = {"repeated": various[:9000] * 33, "one character": "甲" * 300_000}.get(kind, various)
    present = various[::-1] if kind == "unrelated" else edit(earlier, 40)
    start = time.process_time()
    drifts = find_drift(earlier, present)
    assert time.process_time() - start < 30  # about one on this kind of text
    assert replay(earlier, present) == present
    if kind in ("various", "repeated"):
        assert sum(drift.end - drift.start for drift in drifts) < 2000
