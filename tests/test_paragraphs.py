"""Paragraphs without a label: taken with the lines around them, or kept and listed as doubtful."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import resources

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from resanalysis.redline import recover_versions
from resanalysis.redline.inference.numbering import read_numbering
from resanalysis.redline.inference.paragraphs import (
    FEATURES,
    describe_paragraphs,
    weigh_paragraphs,
)
from resanalysis.redline.inference.trained import CLASSES, build_forest, read_trained

PARAGRAPH = "前款规定的部门应当建立信息共享机制，定期公布有关情况。"


def leaf(*shares: float) -> dict[str, list[object]]:
    """Return a tree of one leaf."""
    return {"feature": [-1], "threshold": [0.0], "left": [-1], "right": [-1], "shares": [[*shares]]}


def law(ops: Sequence[str], below: int) -> str:
    """Return a flattened law whose articles live in these versions, a paragraph below one."""
    old = new = 0
    lines = []
    for number, op in enumerate(ops):
        old += op != "new"
        new += op != "old"
        label = f"{old}{new}" if op == "both" and old != new else str(new if op == "new" else old)
        lines.append(f"{label}\t第{number}项规定的内容应当公开。\n")
        if number == below:
            lines.append(PARAGRAPH + "\n")
    return "".join(lines)


def test_a_paragraph_among_deleted_items_goes_with_them() -> None:
    text = law(["both", "old", "old", "old", "both", "both"], below=2)
    redline = recover_versions(text, cut=list)
    assert PARAGRAPH in redline.text("old")
    assert PARAGRAPH not in redline.text("new")
    row = redline.segments[redline.segments["text"].str.contains(PARAGRAPH)].iloc[0]
    assert (row["rule"], row["certainty"]) == ("paragraphs", "likely")


def test_a_paragraph_among_kept_items_is_kept() -> None:
    text = law(["both"] * 6, below=2)
    redline = recover_versions(text, cut=list)
    assert redline.text("old") == redline.text("new") == text


def test_a_doubtful_paragraph_is_kept_with_its_other_readings() -> None:
    text = law(["both", "both", "new", "both", "both"], below=2)
    lines = text.split("\n")[:-1]
    described = describe_paragraphs(lines, read_numbering(text), [0] * len(lines))
    (weights,) = weigh_paragraphs(described, read_trained().forest)
    redline = recover_versions(text, cut=list)
    readings = redline.alternatives.query("group.str.startswith('paragraphs')")
    found = readings.groupby("op")["weight"].first()
    assert found["insert"] == pytest.approx(weights[CLASSES.index("insert")], abs=0.02)
    assert readings.groupby("reading")["weight"].first().sum() == pytest.approx(1)


def test_a_list_goes_with_the_paragraph_that_leads_to_it() -> None:
    items = "a)\t甲；\nb)\t乙。\n"
    lead = "申请人应当提交下列材料，由主管部门依法进行审查：\n"
    text = law(["both", "old", "old", "old", "both"], below=9)
    cut = text.index("45\t") if "45\t" in text else text.rindex("52\t")
    text = text[:cut] + lead + items + text[cut:]
    always_deleted = build_forest(FEATURES, [leaf(1.0, 0.0, 0.0)])
    trained = read_trained()
    trained = type(trained)(trained.rules, trained.kept, trained.exchanged, always_deleted)
    redline = recover_versions(text, cut=list, trained=trained)
    assert lead + items in redline.text("old")
    assert lead not in redline.text("new")
    assert items not in redline.text("new")


def test_a_paragraph_whose_list_is_renumbered_stands_in_both_versions() -> None:
    text = (
        "1\t甲。\n应当提交下列材料，由主管部门进行审查：\na)\t乙；\nb)\t丙；\ncb)\t丁。\n2\t戊。\n"
    )
    lines = text.split("\n")[:-1]
    (paragraph,) = describe_paragraphs(lines, read_numbering(text), [0] * len(lines))
    assert paragraph.fixed
    (weights,) = weigh_paragraphs([paragraph], build_forest(FEATURES, [leaf(1.0, 0.0, 0.0)]))
    assert weights.tolist() == [0.0, 1.0, 0.0]


def test_text_above_the_first_item_is_left_alone() -> None:
    text = f"{PARAGRAPH}\n1\t甲。\n2\t乙。\n"
    assert describe_paragraphs(text.split("\n")[:-1], read_numbering(text), [0] * 3) == []


@given(
    st.lists(st.sampled_from(["both", "old", "new"]), min_size=1, max_size=12), st.integers(0, 11)
)
def test_weights_are_probabilities_and_the_text_comes_back(ops: list[str], below: int) -> None:
    text = law(ops, below)
    lines = text.split("\n")[:-1]
    described = describe_paragraphs(lines, read_numbering(text), [0] * len(lines))
    for weights in weigh_paragraphs(described, read_trained().forest):
        assert weights.sum() == pytest.approx(1, abs=0.01)
        assert weights.min() >= 0
    assert recover_versions(text, cut=list).source == text


def test_a_forest_is_the_mean_of_its_trees() -> None:
    split = {
        "feature": [1, -1, -1],
        "threshold": [0.5, 0.0, 0.0],
        "left": [1, -1, -1],
        "right": [2, -1, -1],
        "shares": [[0.4, 0.3, 0.3], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]],
    }
    forest = build_forest(("a", "b"), [split, leaf(0.0, 1.0, 0.0)])
    found = forest.predict(np.array([[9.0, 0.5], [9.0, 0.6]]))
    assert found.tolist() == [[0.5, 0.5, 0.0], [0.0, 0.5, 0.5]]


def test_the_shipped_forest_asks_what_the_code_answers_and_is_small() -> None:
    assert read_trained().forest.features == FEATURES
    file = resources.files("resanalysis").joinpath("data", "paragraphs.json")
    assert len(file.read_bytes()) < 5_000_000
