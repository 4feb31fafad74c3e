"""Both editions' clauses by topic, linked: what moved, entered, left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PatchCollection
from matplotlib.figure import Figure

from resanalysis.figures import clause_links_caption, plot_clause_links
from resanalysis.model import LANGUAGES, InputError, Language, Study
from resanalysis.study import run_study

LABELS = {"old_label": "2014", "new_label": "2022"}
LINKS = ("NOC", "MOD", "moved")
"""Of the pairs; those of `split` come on top."""
FOLDERS = ("corpora/itu-pp-res-182", "tests/data/small")


@pytest.fixture(scope="module", params=FOLDERS)
def study(request: pytest.FixtureRequest) -> Study:
    return run_study(request.param, draws=0)


@pytest.fixture(scope="module")
def ax(study: Study) -> Axes:
    return draw(study)


def draw(study: Study, **options: object) -> Axes:
    tables = study.clauses, study.tags, study.pairs
    return plot_clause_links(*tables, study.codebook, **LABELS | options)  # type: ignore[arg-type]


def find(ax: Axes, label: str) -> LineCollection | PatchCollection:
    (found,) = (c for c in ax.collections if c.get_label() == label)
    assert isinstance(found, LineCollection | PatchCollection)
    return found


def links(ax: Axes, kinds: Sequence[str] = LINKS) -> list[np.ndarray]:
    return [np.asarray(path.vertices) for kind in kinds for path in find(ax, kind).get_paths()]


def test_there_is_a_link_for_every_pair_of_clauses(study: Study, ax: Axes) -> None:
    pairs = study.pairs[study.pairs["relation"].eq("1:1")]
    paired = pairs[pairs["old_id"].ne("") & pairs["new_id"].ne("")]
    assert len(links(ax)) == len(paired)
    assert len(links(ax, ["moved"])) == paired["moved"].sum()
    still = paired[~paired["moved"].astype(bool)]
    assert len(links(ax, ["MOD"])) == still["change"].eq("MOD").sum()


def test_links_run_from_the_old_block_to_the_new_one(ax: Axes) -> None:
    ends = np.array(links(ax))
    assert len(np.unique(ends[:, 0, 0])) == len(np.unique(ends[:, 1, 0])) == 1
    assert (ends[:, 0, 0] < ends[:, 1, 0]).all()
    assert len(np.unique(ends[:, 0, 1])) == len(np.unique(ends[:, 1, 1])) == len(ends)


def test_only_links_of_moved_clauses_cross_a_link_that_did_not_move(study: Study) -> None:
    steady = [(line[0, 1], line[1, 1]) for line in links(draw(study), ["NOC", "MOD"])]
    assert [b for _, b in sorted(steady)] == sorted(b for _, b in steady)


@pytest.mark.parametrize("version", ["old", "new"])
def test_there_is_a_cell_for_every_topic_of_every_clause(
    study: Study, ax: Axes, version: str
) -> None:
    counted = study.tags["clause_id"].isin(study.pairs[f"{version}_id"])
    tags = study.tags[study.tags["version"].eq(version) & counted]
    alone = "left" if version == "old" else "entered"
    cells = [len(find(ax, f"{version} {kind}").get_paths()) for kind in ("both", alone)]
    assert sum(cells) == len(tags[["clause_id", "topic"]].drop_duplicates())


def test_what_both_have_is_the_same_number_in_both(ax: Axes) -> None:
    both = {v: len(find(ax, f"{v} both").get_paths()) for v in ("old", "new")}
    assert both["old"] == both["new"]


def test_split_clauses_have_dotted_links(study: Study) -> None:
    first = study.pairs[study.pairs["change"].eq("NOC")].iloc[[0, 1]]
    split = first.assign(relation="split", new_id=first["new_id"].iloc[0])
    tables = {"pairs": pd.concat([study.pairs, split])}
    assert len(links(draw(replace(study, **tables)), ["split"])) == 2
    tables = study.clauses, tables["pairs"], study.corpus, study.codebook
    assert "Dotted: split or merged (2)" in clause_links_caption(*tables, language="en")


def test_many_rows_have_thin_links(study: Study, ax: Axes) -> None:
    own = Figure(figsize=(8, 1.5)).subplots()
    low = find(draw(study, ax=own), "MOD").get_linewidths()[0]
    assert low < find(ax, "MOD").get_linewidths()[0]


@pytest.mark.parametrize(("version", "change"), [("old", "SUP"), ("new", "ADD")])
def test_strips_say_which_clauses_have_no_link(
    study: Study, ax: Axes, version: str, change: str
) -> None:
    pairs = study.pairs[study.pairs["relation"].eq("1:1")]
    alone = len(find(ax, f"{version} {change}").get_paths())
    assert alone == pairs["change"].eq(change).sum()
    other = "SUP" if change == "ADD" else "ADD"
    assert not find(ax, f"{version} {other}").get_paths()


def test_swapping_the_editions_mirrors_the_links(study: Study, ax: Axes) -> None:
    swap = {"old": "new", "new": "old"}
    ids = {"old_id": "new_id", "new_id": "old_id"}
    pairs = study.pairs.rename(columns=ids)
    pairs["change"] = pairs["change"].replace({"ADD": "SUP", "SUP": "ADD"})
    mirrored = draw(
        replace(
            study,
            pairs=pairs,
            clauses=study.clauses.assign(version=study.clauses["version"].map(swap)),
            tags=study.tags.assign(version=study.tags["version"].map(swap)),
        )
    )
    there = sorted((line[0, 1], line[1, 1]) for line in links(ax))
    back = sorted((line[1, 1], line[0, 1]) for line in links(mirrored))
    assert there == back


@pytest.mark.parametrize("language", LANGUAGES)
def test_topics_and_headings_are_named_on_both_sides(study: Study, language: Language) -> None:
    ax = draw(study, language=language)
    ticks = [label.get_text() for label in ax.get_xticklabels()]
    assert ticks == 2 * ticks[: len(ticks) // 2]
    assert {text.replace("\n", " ") for text in ticks} == {
        topic.label[language] for topic in study.codebook.topics
    }
    printed = "".join(text.get_text() for text in ax.texts).replace("\n", "")
    heading = study.clauses.loc[study.clauses["kind"].eq("clause"), "heading"].iloc[0]
    assert (heading in printed) == (language == "zh")


@pytest.mark.parametrize("language", LANGUAGES)
def test_topics_do_not_run_into_each_other(language: Language) -> None:
    ax = draw(run_study(FOLDERS[0], draws=0), language=language)
    figure = ax.get_figure(root=True)
    assert figure is not None
    figure.draw_without_rendering()
    boxes = [label.get_window_extent() for label in ax.get_xticklabels()]
    points = figure.dpi / 72
    gaps = np.diff([(box.x0 + box.x1) / 2 for box in boxes]) / points
    assert gaps.min() >= ax.get_xticklabels()[0].get_fontsize()
    assert max(box.y1 for box in boxes) <= figure.bbox.height


def test_own_headings_are_printed(study: Study) -> None:
    section = study.pairs["new_id"].iloc[0].split("__")[0]
    ax = draw(study, headings={section: "mine"})
    assert "mine" in [text.get_text() for text in ax.texts]


def test_axes_of_the_users_own_are_drawn_into(study: Study) -> None:
    own = Figure(figsize=(8, 10)).subplots()
    assert draw(study, ax=own) is own


def test_a_text_without_a_pair_of_a_kind_is_drawn(study: Study) -> None:
    kept = study.pairs[study.pairs["change"].isin(["NOC", "MOD"])]
    ax = draw(replace(study, pairs=kept.assign(moved=False)))
    assert not links(ax, ["moved"])
    gone = study.pairs[study.pairs["change"].isin(["SUP", "ADD"])]
    assert not links(draw(replace(study, pairs=gone)))


def test_pairs_of_another_study_are_refused(study: Study) -> None:
    pairs = study.pairs.replace({"old_id": {study.pairs["old_id"].max(): "elsewhere__1"}})
    with pytest.raises(InputError, match="elsewhere__1"):
        draw(replace(study, pairs=pairs))
    with pytest.raises(InputError, match="no 1:1 rows"):
        draw(replace(study, pairs=study.pairs.iloc[:0]))
    with pytest.raises(InputError, match="has no such topics"):
        draw(replace(study, tags=study.tags.assign(topic="cooking")))


@pytest.mark.parametrize("language", LANGUAGES)
def test_caption_counts_clauses_and_links(study: Study, language: Language) -> None:
    tables = study.clauses, study.pairs, study.corpus, study.codebook
    caption = clause_links_caption(*tables, language=language)
    changes = study.pairs.loc[study.pairs["relation"].eq("1:1"), "change"].value_counts()
    for change in ("NOC", "MOD"):
        if change in changes:
            assert f"{change} {changes[change]}" in caption
    assert "{" not in caption
    assert "\n" not in caption


def test_caption_of_no_pairs_is_refused(study: Study) -> None:
    none = pd.DataFrame(columns=study.pairs.columns)
    with pytest.raises(InputError, match="no 1:1 rows"):
        clause_links_caption(study.clauses, none, study.corpus, study.codebook)
