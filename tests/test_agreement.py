"""Two readings of one redline: where they agree."""

import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resanalysis.model import InputError
from resanalysis.redline.agreement import compare_readings, list_differences, measure_agreement
from resanalysis.redline.marks import read_marks

CORPUS = Path(__file__).parents[1] / "corpora/itu-pp-res-182"


def test_counts_characters_with_the_same_operation_by_line():
    table = compare_readings("{--甲--}{++乙++}丙\n丁\n", "{--甲--}乙丙\n丁\n")
    assert table["agreeing"].tolist() == [2, 1]
    assert table["marked"].tolist() == [2, 0]
    assert table["agreeing_marked"].tolist() == [1, 0]
    assert table["same_versions"].tolist() == [False, True]


def test_marks_that_slide_along_equal_characters_give_the_same_versions():
    table = compare_readings("{--甲--}甲", "甲{--甲--}")
    assert table["same_versions"].tolist() == [True]
    assert table["agreeing"].tolist() == [0]


def test_kappa_is_the_one_worked_by_hand():
    # 4 characters; first: delete, insert, equal, equal; second: delete, equal, equal, equal.
    # observed 3/4; chance (1*1 + 1*0 + 2*3) / 16 = 7/16; kappa (12 - 7) / (16 - 7) = 5/9.
    found = measure_agreement("{--甲--}{++乙++}丙丁", "{--甲--}乙丙丁")
    assert found["kappa"] == pytest.approx(5 / 9, abs=1e-12)


def test_other_texts_are_refused():
    with pytest.raises(InputError, match="not the same text"):
        compare_readings("甲", "乙")


@given(st.text(alphabet="甲乙丙\n", min_size=1).filter(str.strip))
def test_a_reading_agrees_with_itself(text):
    marked = "{--" + text + "--}丁"
    found = measure_agreement(marked, marked)
    assert found["agreement"] == found["agreement_marked"] == found["kappa"] == 1.0
    assert list_differences(marked, marked).empty


def test_kappa_is_no_number_where_chance_explains_all_agreement():
    for markup in ("甲乙", "{--甲乙--}", "{==甲==}乙"):
        assert math.isnan(measure_agreement(markup, markup)["kappa"])


def test_kappa_of_full_disagreement_is_a_number():
    assert measure_agreement("{--甲--}", "甲")["kappa"] == 0.0


def test_agreement_on_marks_is_no_number_where_nobody_marks():
    found = measure_agreement("甲{==乙==}", "甲乙")
    assert found["marked"] == 0
    assert found["agreement"] == 1.0
    assert math.isnan(found["agreement_marked"])


def test_empty_texts_have_no_agreement_to_measure():
    found = measure_agreement("", "")
    assert found["characters"] == 0
    assert math.isnan(found["agreement"])
    assert list_differences("", "").empty


# --- the list of differences --------------------------------------------------------------------


def test_a_place_is_listed_with_what_each_reader_makes_of_it():
    first = (
        "甲\n乙{--2014--}{>>y; ann; certain; two; years<<}{++2022++}{>>y; ann; certain; new<<}年"
    )
    second = "甲\n乙20142022年"
    (row,) = list_differences(first, second).to_dict("records")
    assert row == {
        "line": 2, "start": 3, "end": 11, "context": "甲\n乙20142022年", "same_versions": False,
        "first_old": "2014", "first_new": "2022", "first_markup": "{--2014--}{++2022++}",
        "first_ids": "y", "first_coders": "ann", "first_sure": "certain",
        "first_reasons": "two; years | new",
        "second_old": "20142022", "second_new": "20142022", "second_markup": "20142022",
        "second_ids": "", "second_coders": "", "second_sure": "", "second_reasons": "",
    }  # fmt: skip


def test_a_place_is_widened_to_the_marks_it_touches():
    table = list_differences("甲{--乙丙丁--}戊", "甲{--乙--}丙丁戊")
    assert table[["start", "end"]].values.tolist() == [[1, 4]]
    assert table["second_markup"].tolist() == ["{--乙--}丙丁"]


def test_marks_that_slide_are_one_place_with_the_same_versions():
    table = list_differences("甲{--乙丙--}乙丙丁", "甲乙{--丙乙--}丙丁")
    assert table[["start", "end", "same_versions"]].values.tolist() == [[1, 4, True]]


def test_kept_by_decision_and_undecided_are_told_apart_by_their_marks():
    assert list_differences("{==甲乙==}", "甲乙").empty
    (row,) = list_differences("{==甲==}乙", "{--甲--}乙").to_dict("records")
    assert (row["first_markup"], row["second_markup"]) == ("{==甲==}", "{--甲--}")


def test_places_apart_are_listed_apart():
    table = list_differences("{--甲--}乙\n{++丙++}丁", "甲乙\n丙丁")
    assert table[["line", "start", "end"]].values.tolist() == [[1, 0, 1], [2, 3, 4]]


def test_signs_in_the_text_are_escaped_in_the_marks_shown():
    (row,) = list_differences(r"{--甲{\++--}", r"甲{\++").to_dict("records")
    assert row["first_old"] == "甲{++"
    assert row["first_markup"] == r"{--甲{\++--}"


def test_differences_of_other_texts_are_refused():
    with pytest.raises(InputError, match="not the same text"):
        list_differences("甲", "乙")


marked = st.lists(st.tuples(st.sampled_from("-+= "), st.integers(1, 3)), min_size=1, max_size=5)


def mark(text, parts):
    """Return the text with marks over its first characters, one for each part."""
    out, at = [], 0
    for sign, length in parts:
        body = text[at : at + length]
        at += length
        out.append(f"{{{sign * 2}{body}{sign * 2}}}" if body and sign != " " else body)
    return "".join([*out, text[at:]])


@given(st.text(alphabet="甲乙丙\n", min_size=1, max_size=12), marked, marked)
def test_the_list_covers_every_difference_and_replays_both_readings(text, one, two):
    first, second = mark(text, one), mark(text, two)
    table = list_differences(first, second)
    differing = [a != b for a, b in zip(spread_ops(first), spread_ops(second), strict=True)]
    covered = [False] * len(text)
    for row in table.itertuples():
        assert any(differing[row.start : row.end])
        assert not any(covered[row.start : row.end])
        covered[row.start : row.end] = [True] * (row.end - row.start)
        for shown, reading in ((row.first_markup, first), (row.second_markup, second)):
            assert read_marks(shown)[0] == text[row.start : row.end]
            assert spread_ops(shown) == spread_ops(reading)[row.start : row.end]
    assert all(there or not different for there, different in zip(covered, differing, strict=True))


def spread_ops(markup):
    text, marks = read_marks(markup)
    ops = ["equal"] * len(text)
    for found in marks:
        ops[found.start : found.end] = [found.op] * (found.end - found.start)
    return ops


def test_the_readers_of_resolution_182_differ_where_their_lines_do():
    first, second = (
        (CORPUS / f"readings/reader-{number}.critic.txt").read_text("utf-8") for number in (1, 2)
    )
    table = list_differences(first, second)
    lines = compare_readings(first, second)
    differing = set(lines.loc[~lines["same_versions"], "line"])
    assert set(table.loc[~table["same_versions"], "line"]) == differing


def test_readme_of_resolution_182_states_the_agreement_that_is_computed():
    first, second = (
        (CORPUS / f"readings/reader-{number}.critic.txt").read_text("utf-8") for number in (1, 2)
    )
    readme = (CORPUS / "README.md").read_text("utf-8")
    found = measure_agreement(first, second)
    table = compare_readings(first, second)
    differing = table.loc[~table["same_versions"], "line"]
    assert f"{found['same_lines']} of {found['lines']} |" in readme
    assert f"{100 * found['agreement']:.1f} % of {found['characters']} |" in readme
    assert f"{100 * found['agreement_marked']:.1f} % |" in readme
    assert f"{found['kappa']:.3f} |" in readme
    assert f"({', '.join(map(str, differing))})" in readme
