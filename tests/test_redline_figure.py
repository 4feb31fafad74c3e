"""Clauses as a redline: which are chosen, how lines break, what stands where."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from resanalysis.export.pairs import compare_pairs
from resanalysis.figures import plot_redline, print_style, redline_caption
from resanalysis.figures.line_breaks import NOT_FIRST, NOT_LAST, break_lines, measure_text
from resanalysis.model import LANGUAGES, InputError, Language, Study
from resanalysis.results import redline_runs
from resanalysis.study import run_study

LABELS = {"old_label": "2014", "new_label": "2022"}
CHARACTERS = st.text("水回收处理，。（）“”《》、ICT 5G/-3.7%\n", max_size=60)


@pytest.fixture(scope="module")
def study() -> Study:
    return run_study("corpora/itu-pp-res-182", draws=0)


@pytest.fixture(scope="module")
def runs(study: Study) -> pd.DataFrame:
    return redline_runs(study)


def texts_of(ax: Axes, version: str) -> list[str]:
    return [text.get_text() for text in ax.texts if text.get_gid() == version]


def topics_by_pair(study: Study) -> dict[str, tuple[set[str], set[str]]]:
    return {
        pair.new.clause_id: (set(pair.old.topics), set(pair.new.topics))
        for pair in compare_pairs(study)
        if pair.old and pair.new
    }


# --- the runs -----------------------------------------------------------------------------------


def test_runs_of_a_clause_joined_are_its_text(study: Study) -> None:
    ids = list(study.pairs.loc[study.pairs["relation"].eq("1:1"), "new_id"])
    runs = redline_runs(study, [name for name in ids if name])
    texts = study.clauses.set_index(["version", "clause_id"])["text"]
    joined = runs.groupby(["version", "clause_id"], sort=False)["text"].sum()
    assert len(joined) > 150
    assert joined.equals(texts.loc[joined.index].rename("text"))


def test_every_tag_is_on_the_characters_of_its_term(study: Study, runs: pd.DataFrame) -> None:
    tags = study.tags.merge(runs[["version", "clause_id"]].drop_duplicates())
    assert len(tags) > 20
    for tag in tags.itertuples():
        of_clause = runs[runs["version"].eq(tag.version) & runs["clause_id"].eq(tag.clause_id)]
        meets = of_clause[of_clause["start"].lt(tag.end) & of_clause["end"].gt(tag.start)]
        assert len(meets)
        assert all(tag.topic in topics.split() for topics in meets["topics"])


def test_characters_without_a_tag_have_no_topic(study: Study, runs: pd.DataFrame) -> None:
    tags = study.tags.merge(runs[["version", "clause_id"]].drop_duplicates())
    for run in runs[runs["topics"].ne("")].itertuples():
        of_clause = tags[tags["version"].eq(run.version) & tags["clause_id"].eq(run.clause_id)]
        over = of_clause[of_clause["start"].lt(run.end) & of_clause["end"].gt(run.start)]
        assert set(run.topics.split()) == set(over["topic"])


def test_old_and_new_are_alike_where_nothing_is_changed(runs: pd.DataFrame) -> None:
    for _, pair in runs[~runs["is_changed"]].groupby("row"):
        old, new = (pair.loc[pair["version"].eq(v), "text"].sum() for v in ("old", "new"))
        assert old == new


def test_without_names_the_pairs_with_most_topics_gained_or_lost_are_chosen(
    study: Study, runs: pd.DataFrame
) -> None:
    pairs = topics_by_pair(study)
    modified = study.pairs[study.pairs["change"].eq("MOD") & study.pairs["relation"].eq("1:1")]
    texts = study.clauses.set_index(["version", "clause_id"])["text"].str.len()
    short = [
        new
        for old, new in zip(modified["old_id"], modified["new_id"], strict=True)
        if max(texts["old", old], texts["new", new]) <= 400
    ]
    moved = {name: len(pairs[name][0] ^ pairs[name][1]) for name in short}
    chosen = set(runs.loc[runs["version"].eq("new"), "clause_id"])
    assert len(chosen) == 3
    others = [count for name, count in moved.items() if name not in chosen]
    assert min(moved[name] for name in chosen) >= max(others)


def test_pairs_stand_in_the_order_of_the_document(study: Study) -> None:
    runs = redline_runs(study, n=10)
    order = {name: at for at, name in enumerate(study.pairs["new_id"])}
    new = runs[runs["version"].eq("new")].drop_duplicates("row")
    assert new["clause_id"].map(order).is_monotonic_increasing
    assert list(new["row"]) == list(range(1, 11))


def test_a_named_clause_comes_with_its_partner(study: Study) -> None:
    pair = study.pairs[study.pairs["change"].eq("MOD")].iloc[0]
    runs = redline_runs(study, [pair["new_id"]])
    assert set(zip(runs["version"], runs["clause_id"], strict=True)) == {
        ("old", pair["old_id"]),
        ("new", pair["new_id"]),
    }


def test_an_added_clause_stands_alone(study: Study) -> None:
    added = study.pairs.loc[study.pairs["change"].eq("ADD"), "new_id"].iloc[0]
    assert set(redline_runs(study, [added])["version"]) == {"new"}


def test_without_modified_pairs_added_and_suppressed_ones_are_chosen(study: Study) -> None:
    pairs = study.pairs[study.pairs["change"].isin(["ADD", "SUP"])]
    runs = redline_runs(replace(study, pairs=pairs))
    assert runs["row"].nunique() == 3
    assert set(runs["change"]) <= {"ADD", "SUP"}


def test_where_nothing_changed_there_are_no_runs(study: Study) -> None:
    pairs = study.pairs[study.pairs["change"].eq("NOC")]
    assert redline_runs(replace(study, pairs=pairs)).empty


def test_a_clause_that_is_not_there_is_refused_with_those_like_it(study: Study) -> None:
    name = study.pairs["new_id"].iloc[0]
    with pytest.raises(InputError, match=name):
        redline_runs(study, [name + "x"])


def test_less_than_one_clause_is_refused(study: Study) -> None:
    with pytest.raises(ValueError, match="1 or more"):
        redline_runs(study, n=0)


# --- lines --------------------------------------------------------------------------------------


@given(CHARACTERS, st.integers(1, 12))
def test_lines_joined_are_the_text(text: str, width: int) -> None:
    lines = break_lines(text, width, len)
    assert "".join(text[start:end] for start, end in lines) == text
    assert all(start < end for start, end in lines)


@given(CHARACTERS, st.integers(1, 12))
def test_no_line_is_wider_than_the_column(text: str, width: int) -> None:
    for start, end in break_lines(text, width, len):
        assert len(text[start:end].rstrip(" \n")) <= width


@given(CHARACTERS)
def test_lines_end_and_begin_as_print_may(text: str) -> None:
    lines = break_lines(text, 30, len)
    for (_, end), (start, _) in pairwise(lines):
        if text[end - 1] == "\n":
            continue
        stuck = text[max(0, end - 30) : end]  # a whole line without a place to break
        if all(c in NOT_FIRST | NOT_LAST or c.isascii() for c in stuck):
            continue
        assert text[start] not in NOT_FIRST
        assert text[end - 1] not in NOT_LAST


def test_words_and_numbers_stay_whole() -> None:
    text = "电信ICT设备3.7吨"
    lines = [text[a:b] for a, b in break_lines(text, 4, len)]
    assert lines == ["电信", "ICT设", "备3.7", "吨"]


def test_a_chinese_character_is_as_wide_as_its_type_is_high() -> None:
    with print_style():
        assert measure_text("水", 10) == pytest.approx(10)
        assert measure_text("水回", 7.5) == pytest.approx(15)


# --- the figure ---------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_columns_hold_the_clauses(study: Study, runs: pd.DataFrame, language: Language) -> None:
    ax = plot_redline(runs, study.codebook, language=language, **LABELS)
    for version in ("old", "new"):
        text = "".join(runs.loc[runs["version"].eq(version), "text"])
        assert "".join(texts_of(ax, version)) == text


def test_lines_are_under_and_through_what_changed(study: Study, runs: pd.DataFrame) -> None:
    ax = plot_redline(runs, study.codebook, **LABELS)
    changed = runs[runs["is_changed"]]
    for version, label in (("old", "deleted"), ("new", "inserted")):
        text = "".join(changed.loc[changed["version"].eq(version), "text"])
        drawn = [np.ptp(line.get_xdata()) for line in ax.lines if line.get_label() == label]
        with print_style():
            size = mpl.rcParams["font.size"]
            assert sum(drawn) == pytest.approx(measure_text(text, size))


def test_an_uncertain_run_is_dotted(study: Study, runs: pd.DataFrame) -> None:
    ax = plot_redline(runs, study.codebook, **LABELS)
    text = "".join(runs.loc[runs["is_uncertain"], "text"])
    drawn = [np.ptp(line.get_xdata()) for line in ax.lines if line.get_label() == "uncertain"]
    with print_style():
        assert sum(drawn) == pytest.approx(measure_text(text, mpl.rcParams["font.size"]))


def test_terms_stand_on_grey_with_their_topics(study: Study, runs: pd.DataFrame) -> None:
    ax = plot_redline(runs, study.codebook, **LABELS)
    grounds = [p for p in ax.patches if isinstance(p, Rectangle)]
    tagged = runs[runs["topics"].ne("")]
    assert {p.get_label() for p in grounds} == set(tagged["topics"])
    with print_style():
        width = measure_text("".join(tagged["text"]), mpl.rcParams["font.size"])
    assert sum(p.get_width() for p in grounds) == pytest.approx(width)


def test_every_topic_is_listed_with_its_number(study: Study, runs: pd.DataFrame) -> None:
    ax = plot_redline(runs, study.codebook, language="en", **LABELS)
    listed = "".join(text.get_text() for text in ax.texts if text.get_gid() is None)
    for topic in {topic for topics in runs["topics"] for topic in topics.split()}:
        assert study.codebook.topic(topic).label["en"] in listed


def test_text_stays_inside_the_figure(study: Study, runs: pd.DataFrame) -> None:
    figure = plot_redline(runs, study.codebook, language="en", **LABELS).get_figure(root=True)
    assert figure is not None
    figure.draw_without_rendering()
    boxes = [text.get_window_extent() for text in figure.axes[0].texts]
    width, height = figure.bbox.width, figure.bbox.height
    assert min(box.x0 for box in boxes) >= 0
    assert max(box.x1 for box in boxes) <= width
    assert min(box.y0 for box in boxes) >= 0
    assert max(box.y1 for box in boxes) <= height
    (legend,) = figure.legends
    assert legend.get_window_extent().y1 < min(box.y0 for box in boxes)


def test_too_much_text_is_refused(study: Study) -> None:
    runs = redline_runs(study, n=25)
    with pytest.raises(InputError, match="fewer or shorter"):
        plot_redline(runs, study.codebook, **LABELS)
    small = Figure(figsize=(6, 1)).subplots()
    with pytest.raises(InputError, match="fewer or shorter"):
        plot_redline(runs[runs["row"].eq(1)], study.codebook, ax=small, **LABELS)


def test_no_runs_and_foreign_topics_are_refused(study: Study, runs: pd.DataFrame) -> None:
    with pytest.raises(InputError, match="redline_runs"):
        plot_redline(runs.iloc[:0], study.codebook, **LABELS)
    with pytest.raises(InputError, match="has no such topics"):
        plot_redline(runs.assign(topics="cooking"), study.codebook, **LABELS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_caption_counts_what_is_drawn(study: Study, runs: pd.DataFrame, language: Language) -> None:
    caption = redline_caption(runs, study.corpus, study.codebook, language=language)
    inserted = runs[runs["is_changed"] & runs["version"].eq("new")]["text"].str.len().sum()
    assert str(inserted) in caption
    assert study.corpus.new.label(language) in caption
    assert "\n" not in caption
