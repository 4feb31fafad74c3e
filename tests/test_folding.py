"""Texts as they are compared: every character of a folded copy knows its place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resanalysis.folding import fold, narrow_text

dirty = st.text(
    st.sampled_from(
        "水电子废弃物ＩＣＴictAZ 　\t\n\r\v\u2028\u200b\ufeff\u00ad，。（）％1２\U00020000"
    )
)

BREAKS = "\n\r\v\f\x85\u2028\u2029"


def wraps(char: str) -> bool:
    return char.isspace() or char in "\u200b\ufeff\u00ad"


@given(dirty)
def test_every_folded_character_is_the_narrow_one_at_its_place(text):
    folded = fold(text)
    for at, char in enumerate(folded.text):
        start, end = folded.span(at, at + 1)
        assert end == start + 1
        assert char == (" " if text[start] in BREAKS else narrow_text(text[start]))


@given(dirty)
def test_only_white_space_and_invisible_marks_are_left_out(text):
    folded = fold(text)
    kept = {folded.span(at, at + 1)[0] for at in range(len(folded.text))}
    assert all(wraps(char) for at, char in enumerate(text) if at not in kept)


@given(st.text())
def test_a_narrow_text_has_the_length_of_the_text(text):
    assert len(narrow_text(text)) == len(text)


@given(dirty)
def test_folding_a_folded_text_changes_no_more(text):
    once = fold(text).text
    assert fold(once).text == once


@pytest.mark.parametrize(
    ("text", "copy"),
    [
        ("电子废\n弃物", "电子废弃物"),
        ("电子废 \n\t　弃物", "电子废弃物"),
        ("电子废\r\n弃物", "电子废弃物"),
        ("smart\ngrid", "smart grid"),
        ("利用\nICT", "利用ict"),
        ("电子\u200b废弃物", "电子废弃物"),
        ("电子 废弃物", "电子 废弃物"),
        ("电子\u200b\n\u200b废弃物", "电子废弃物"),
        ("电子 \u200b\n废弃物", "电子废弃物"),
        ("smart\u200b\n\u200bgrid", "smart grid"),
        ("电子\v废\f弃\u2028物\r。", "电子废弃物。"),
        ("ＩＣＴ％　Ａ", "ict% a"),
        ("", ""),
    ],
)
def test_what_only_lays_out_the_text_does_not_part_a_term(text, copy):
    assert fold(text).text == copy


def test_a_span_covers_the_line_break_inside_it():
    text = "回收电子废\n弃物。"
    folded = fold(text)
    start = folded.text.index("电子废弃物")
    assert text[slice(*folded.span(start, start + 5))] == "电子废\n弃物"


def test_a_lone_surrogate_does_no_harm():
    assert fold("水\ud800Ａ").text == "水\ud800a"


def test_white_space_without_end_is_folded_in_pace_with_its_length():
    text = "\n水" + " \u200b" * 100_000 + "电"
    assert fold(text).text == "水" + " " * 100_000 + "电"


NOISE = st.sampled_from(["", "\n", " \r\n\t", "\u200b", "\u00ad\n", "\u200b\u2028\u200b"])


@given(st.sampled_from(["电子废弃物", "水"]), st.data())
def test_a_chinese_word_is_the_same_however_its_characters_are_wrapped(word, data):
    dirty = "".join(char + data.draw(NOISE) for char in word) + "。"
    assert fold(dirty).text == f"{word}。"
