"""Two readings of one redline: where they agree."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resanalysis.model import InputError
from resanalysis.redline.agreement import compare_readings, measure_agreement

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
    marked = "{--" + text + "--}"
    found = measure_agreement(marked, marked)
    assert found["agreement"] == found["agreement_marked"] == found["kappa"] == 1.0


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
