"""A recovered version against a published text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from resanalysis.redline.compare import compare_versions


@given(st.text(alphabet="甲乙丙，\n\t ", max_size=60))
def test_a_text_does_not_differ_from_itself(text: str) -> None:
    assert compare_versions(text, text).empty


def test_a_changed_line_stands_beside_its_counterpart() -> None:
    row = compare_versions("甲\n乙丙\n丁\n", "甲\n乙戊\n丁\n").iloc[0]
    assert (row["line_recovered"], row["line_official"]) == (2, 2)
    assert (row["recovered"], row["official"], row["similarity"]) == ("乙丙", "乙戊", 0.5)


def test_lines_that_only_one_text_has() -> None:
    table = compare_versions("甲\n乙\n", "乙\n丙\n")
    assert table[["line_recovered", "line_official"]].to_numpy().tolist() == [[1, 0], [0, 2]]
    assert table[["recovered", "official"]].to_numpy().tolist() == [["甲", ""], ["", "丙"]]
    assert table["similarity"].tolist() == [0.0, 0.0]


def test_space_around_lines_and_blank_lines_are_not_compared() -> None:
    assert compare_versions("甲 \n\n乙\n", "甲\n 乙").empty


def test_line_numbers_count_blank_lines() -> None:
    assert compare_versions("甲\n\n乙\n", "甲\n丙\n")["line_recovered"].tolist() == [3]


def test_only_line_feeds_end_lines() -> None:
    table = compare_versions("甲\u2028乙\n丙\n", "甲\u2028乙\n丁\n")
    assert table["line_recovered"].tolist() == [2]
