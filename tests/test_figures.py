"""Figures by the values of their artists, and what saving them for print promises."""

import hashlib
import json
import os
import subprocess
import sys
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PatchCollection, PathCollection
from matplotlib.container import BarContainer
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from pypdf import PdfReader

from resanalysis.figures import (
    PrintFigure,
    figure_caption,
    figure_size,
    plot_addressee_shift,
    plot_change_origin,
    plot_clause_topic_map,
    plot_part_shift,
    plot_topic_shares,
    plot_word_shift,
    print_style,
    save_figure,
)
from resanalysis.model import Codebook, Corpus, Edition, InputError, Source, Topic
from resanalysis.tables import make_table

LABELS = {"old_label": "2014年釜山", "new_label": "2022年布加勒斯特"}
ENGLISH = {"old_label": "Busan 2014", "new_label": "Bucharest 2022", "language": "en"}
TOPICS = {
    "energy": ("mitigation", "节能与能效", "Energy efficiency"),
    "net_zero": ("mitigation", "净零目标", "Net zero"),
    "water": ("ecosystems", "水资源", "Water"),
    "biodiversity": ("ecosystems", "生物多样性", "Biodiversity"),
}
# Topic: old and new count, added, suppressed, gained and lost by edits; as in `shift`.
COUNTS = {
    "energy": (4, 3, 1, 1, 0, 1),
    "net_zero": (1, 5, 3, 0, 1, 0),
    "water": (0, 0, 0, 0, 0, 0),
    "biodiversity": (3, 4, 2, 2, 1, 0),
}


def make_topic(topic_id: str) -> Topic:
    theme, zh, en = TOPICS[topic_id]
    label = {"zh": zh, "en": en}
    return Topic(topic_id, theme, label, label, label, label, (zh,), (), (), "test")


def make_codebook() -> Codebook:
    themes = {
        "mitigation": {"zh": "减缓", "en": "Mitigation"},
        "ecosystems": {"zh": "生态系统", "en": "Ecosystems"},
    }
    topics = tuple(make_topic(topic_id) for topic_id in TOPICS)
    return Codebook("general", "1.2", {"zh": "通用", "en": "General"}, themes, topics, "c0de" * 16)


@pytest.fixture
def codebook() -> Codebook:
    return make_codebook()


@pytest.fixture
def corpus() -> Corpus:
    old = Edition("2014-busan", 2014, {"zh": "釜山", "en": "Busan"})
    new = Edition("2022-bucharest", 2022, {"zh": "布加勒斯特", "en": "Bucharest"})
    return Corpus(
        id="x",
        path=Path("x"),
        title={"zh": "气候变化", "en": "Climate change"},
        body={"zh": "国际电联", "en": "ITU PP"},
        number="182",
        old=old,
        new=new,
        source=Source("source.txt", "文", "5eed" * 16),
        decisions=None,
        lexicon=(),
        rights={"zh": "© 国际电联", "en": "© ITU"},
    )


def make_shift(model: str = "paired clause bootstrap, 95 %, 2000 draws, seed 0") -> pd.DataFrame:
    rows = []
    for breakdown, category in (
        ("total", "all"),
        ("part", "preambular"),
        ("part", "operative"),
        ("addressee", "SG"),
        ("addressee", "none"),
    ):
        sums = np.array(list(COUNTS.values())).sum(axis=0)
        for topic, (n_old, n_new, add, sup, gain, loss) in COUNTS.items():
            before, after = n_old / sums[0], n_new / sums[1]
            change = after - before
            moved = 1 if category == "operative" and topic == "energy" else 0
            rows.append(
                {
                    "corpus": "x",
                    "unit": "clause",
                    "breakdown": breakdown,
                    "category": category,
                    "topic": topic,
                    "n_old": n_old,
                    "n_new": n_new + moved,
                    "base_old": 20,
                    "base_new": 25,
                    "assigned_old": sums[0],
                    "assigned_new": sums[1],
                    "rate_old": 5.0 * n_old,
                    "rate_new": 4.0 * (n_new + moved),
                    "share_old": before,
                    "share_new": after,
                    "difference": 4.0 * n_new - 5.0 * n_old,
                    "log_ratio": 0.0,
                    "add": add,
                    "sup": sup,
                    "mod_gain": gain,
                    "mod_loss": loss,
                    "moved_in": moved,
                    "moved_out": 0,
                    "change_share": 0.0,
                    "log_ratio_low": 0.0,
                    "log_ratio_high": 0.0,
                    "difference_low": 0.0,
                    "difference_high": 0.0,
                    "share_difference": change,
                    "share_difference_low": change - 0.03,
                    "share_difference_high": change + 0.05,
                    "interval_model": model,
                }
            )
    return make_table("shift", rows)


@pytest.fixture
def shift() -> pd.DataFrame:
    return make_shift()


def make_clause(version: str, clause_id: str, heading: str, part: str) -> dict[str, Any]:
    return {
        "corpus": "x",
        "edition": "2014-busan" if version == "old" else "2022-bucharest",
        "version": version,
        "clause_id": clause_id,
        "kind": "clause",
        "part": part,
        "heading": heading,
        "addressee": "",
        "strength": 0,
        "marker": "",
        "depth": 1,
        "parent_id": "",
        "text": "文",
        "start": 0,
        "end": 1,
        "masked": "[]",
    }


def make_pair(old_id: str, new_id: str, change: str, relation: str = "1:1") -> dict[str, Any]:
    return {
        "corpus": "x",
        "old_id": old_id,
        "new_id": new_id,
        "change": change,
        "editorial": False,
        "renumbered": False,
        "moved": False,
        "relation": relation,
        "similarity": 1.0,
    }


def make_tag(version: str, clause_id: str, topic: str) -> dict[str, Any]:
    return {
        "corpus": "x",
        "edition": version,
        "version": version,
        "clause_id": clause_id,
        "topic": topic,
        "term": "文",
        "rule": "term",
        "tier": "core",
        "start": 0,
        "end": 1,
        "on_boundary": True,
        "in_citation": False,
    }


@pytest.fixture
def clauses() -> pd.DataFrame:
    noting, resolves = ("注意到", "preambular"), ("做出决议", "operative")
    return make_table(
        "clauses",
        [
            make_clause("old", "noting__a", *noting),
            make_clause("old", "noting__b", *noting),
            make_clause("old", "resolves__1", *resolves),
            make_clause("old", "resolves__2", *resolves),
            make_clause("new", "noting__a", *noting),
            make_clause("new", "resolves__1", *resolves),
            make_clause("new", "resolves__2", *resolves),
        ],
    )


@pytest.fixture
def pairs() -> pd.DataFrame:
    # Not in the document's order: the figure has to find it.
    return make_table(
        "pairs",
        [
            make_pair("", "resolves__2", "ADD"),
            make_pair("resolves__2", "resolves__1", "MOD"),
            make_pair("noting__b", "", "SUP"),
            make_pair("resolves__1", "", "SUP"),
            make_pair("noting__a", "noting__a", "NOC"),
            make_pair("noting__a", "resolves__1", "MOD", "split"),
        ],
    )


@pytest.fixture
def tags() -> pd.DataFrame:
    return make_table(
        "tags",
        [
            make_tag("old", "noting__a", "energy"),
            make_tag("new", "noting__a", "energy"),
            make_tag("new", "noting__a", "energy"),
            make_tag("old", "noting__b", "water"),
            make_tag("old", "resolves__2", "net_zero"),
            make_tag("new", "resolves__1", "biodiversity"),
            make_tag("new", "resolves__2", "water"),
        ],
    )


def make_word_shift() -> pd.DataFrame:
    rows = [("生物多样性", 0, 3, 0.02), ("目标", 4, 1, -0.01), ("", 9, 9, 0.01)]
    return make_table(
        "word_shift",
        [
            {
                "corpus": "x",
                "word": word,
                "n_old": n_old,
                "n_new": n_new,
                "clauses_old": n_old,
                "clauses_new": n_new,
                "clauses_changed": 2,
                "contribution": contribution,
                "method": "divergence",
            }
            for word, n_old, n_new, contribution in rows
        ],
    )


def find(ax: Axes, label: str, kind: type) -> Any:
    (found,) = [artist for artist in ax.findobj(kind) if artist.get_label() == label]
    return found


def y_of(ax: Axes) -> dict[str, float]:
    """Return the y of every row by its printed label."""
    return {
        label.get_text(): float(y)
        for label, y in zip(ax.get_yticklabels(), ax.get_yticks(), strict=True)
    }


def texts(ax: Axes) -> list[str]:
    return [artist.get_text() for artist in ax.findobj(mpl.text.Text) if artist.get_text()]


def legend_texts(ax: Axes) -> list[str]:
    (legend,) = ax.figure.legends
    return [text.get_text() for text in legend.get_texts()]


def by_row(ax: Axes, points: Any) -> dict[str, float]:
    """Return the x of every point by the label of its row."""
    rows = {y: label for label, y in y_of(ax).items()}
    return {rows[float(y)]: float(x) for x, y in points}


# --- shares -------------------------------------------------------------------------------------


def test_open_circles_stand_at_the_old_shares(shift, codebook):
    ax = plot_topic_shares(shift, codebook, **LABELS)
    circles = by_row(ax, find(ax, "old", Line2D).get_xydata())
    assert circles == pytest.approx(
        {"节能与能效": 4 / 8, "净零目标": 1 / 8, "水资源": 0, "生物多样性": 3 / 8}
    )


def test_filled_circles_stand_at_the_new_shares(shift, codebook):
    ax = plot_topic_shares(shift, codebook, **LABELS)
    circles = by_row(ax, find(ax, "new", PathCollection).get_offsets())
    assert circles == pytest.approx(
        {"节能与能效": 3 / 12, "净零目标": 5 / 12, "水资源": 0, "生物多样性": 4 / 12}
    )


def test_old_circles_are_open_and_new_ones_filled(shift, codebook):
    ax = plot_topic_shares(shift, codebook, **LABELS)
    assert find(ax, "old", Line2D).get_markerfacecolor() == "white"
    white = mpl.colors.to_rgba("white")
    assert all(tuple(c) != white for c in find(ax, "new", PathCollection).get_facecolors())


def test_interval_is_drawn_from_the_old_share(shift, codebook):
    ax = plot_topic_shares(shift, codebook, **LABELS)
    row = y_of(ax)["净零目标"]
    whiskers = [
        segment
        for collection in ax.collections
        if isinstance(collection, LineCollection) and collection.get_label() != "change"
        for segment in collection.get_segments()
    ]
    (whisker,) = [segment for segment in whiskers if segment[0][1] == row]
    assert whisker[:, 0] == pytest.approx([5 / 12 - 0.03, 5 / 12 + 0.05])


def test_no_interval_is_drawn_or_explained_where_none_was_computed(shift, codebook):
    shift = shift.assign(share_difference_low=np.nan, share_difference_high=np.nan)
    ax = plot_topic_shares(shift, codebook, **LABELS)
    assert "份额之差的区间" not in legend_texts(ax)


def test_topics_stand_under_their_themes_from_gain_to_loss(shift, codebook):
    ax = plot_topic_shares(shift, codebook, **LABELS)
    themes = {text.get_text(): text.get_position()[1] for text in ax.texts if text.get_text()}
    rows = y_of(ax) | {theme: themes[theme] for theme in ("减缓", "生态系统")}
    assert sorted(rows, key=rows.__getitem__) == [
        "减缓", "净零目标", "节能与能效", "生态系统", "水资源", "生物多样性",
    ]  # fmt: skip


def test_first_row_is_at_the_top(shift, codebook):
    bottom, top = plot_topic_shares(shift, codebook, **LABELS).get_ylim()
    assert bottom > top


def test_counts_are_printed_in_their_rows(shift, codebook):
    ax = plot_topic_shares(shift, codebook, **LABELS)
    printed = {text.get_text(): text.xy[1] for text in ax.texts if "→" in text.get_text()}
    assert printed["1→5"] == y_of(ax)["净零目标"]


def test_topic_without_any_hit_keeps_its_row(shift, codebook):
    ax = plot_topic_shares(shift, codebook, **LABELS)
    assert "水资源" in y_of(ax)
    assert "0→0" in texts(ax)


def test_dropped_rows_leave_topics_and_empty_themes_out(shift, codebook):
    ax = plot_topic_shares(shift[shift["topic"] == "water"], codebook, **LABELS)
    assert list(y_of(ax)) == ["水资源"]
    assert "减缓" not in texts(ax)


def test_labels_are_english_where_asked(shift, codebook):
    ax = plot_topic_shares(shift, codebook, **ENGLISH)
    assert {
        "Net zero",
        "Mitigation",
        "Share of all topic assignments of the edition (by clauses)",
    } <= set(texts(ax))
    assert not [t for t in [*texts(ax), *legend_texts(ax)] if any(c > "\u2e80" for c in t)]


def test_legend_names_the_editions(shift, codebook):
    ax = plot_topic_shares(shift, codebook, **LABELS)
    assert legend_texts(ax)[:2] == ["2014年釜山", "2022年布加勒斯特"]


def test_missing_rows_are_an_input_error(shift, codebook):
    with pytest.raises(InputError, match="token, breakdown total"):
        plot_topic_shares(shift, codebook, unit="token", **LABELS)


def test_topic_that_the_codebook_lacks_is_an_input_error(shift, codebook):
    shift = shift.assign(topic=shift["topic"].replace("water", "oceans"))
    with pytest.raises(InputError, match="oceans"):
        plot_topic_shares(shift, codebook, **LABELS)


def test_topic_twice_is_an_input_error(shift, codebook):
    with pytest.raises(InputError, match="several rows for biodiversity"):
        plot_topic_shares(pd.concat([shift, shift]), codebook, **LABELS)


# --- origin -------------------------------------------------------------------------------------


def bars(ax: Axes) -> dict[str, BarContainer]:
    return {container.get_label(): container for container in ax.containers}


def test_bars_of_every_row_sum_to_its_net_change(shift, codebook):
    ax = plot_change_origin(shift, codebook)
    sums: dict[float, float] = {}
    for container in bars(ax).values():
        for bar in container:
            y = bar.get_y() + bar.get_height() / 2
            sums[y] = sums.get(y, 0) + bar.get_width()
    rows = {y: label for label, y in y_of(ax).items()}
    assert {rows[round(y, 9)]: total for y, total in sums.items()} == {
        "节能与能效": -1, "净零目标": 4, "水资源": 0, "生物多样性": 1,
    }  # fmt: skip


def test_diamonds_stand_at_the_net_change(shift, codebook):
    ax = plot_change_origin(shift, codebook)
    assert by_row(ax, find(ax, "net", Line2D).get_xydata()) == {
        "节能与能效": -1, "净零目标": 4, "水资源": 0, "生物多样性": 1,
    }  # fmt: skip


def test_gains_are_right_of_zero_and_losses_left(shift, codebook):
    ax = plot_change_origin(shift, codebook)
    edges = {
        name: [edge for bar in container for edge in (bar.get_x(), bar.get_x() + bar.get_width())]
        for name, container in bars(ax).items()
    }
    assert min(edges["add"] + edges["mod_gain"]) == 0
    assert max(edges["sup"] + edges["mod_loss"]) == 0


def test_bars_on_a_side_do_not_overlap(shift, codebook):
    ax = plot_change_origin(shift, codebook)
    added, gained = bars(ax)["add"], bars(ax)["mod_gain"]
    assert [b.get_x() for b in gained] == [b.get_x() + b.get_width() for b in added]


def test_origins_differ_by_hatch_or_lightness_on_each_side(shift, codebook):
    looks = {
        name: c[0].get_hatch() for name, c in bars(plot_change_origin(shift, codebook)).items()
    }
    assert looks["add"] != looks["mod_gain"]
    assert looks["sup"] != looks["mod_loss"]


def test_net_change_is_printed_with_its_sign(shift, codebook):
    printed = texts(plot_change_origin(shift, codebook))
    assert {"+4", "\N{MINUS SIGN}1", "0"} <= set(printed)


def test_moves_are_drawn_only_where_there_are_any(shift, codebook):
    assert "moved_in" not in bars(plot_change_origin(shift, codebook))
    part = plot_change_origin(shift, codebook, breakdown="part", category="operative")
    assert "moved_in" in bars(part)
    assert "moved_out" not in bars(part)


# --- clauses by topics --------------------------------------------------------------------------


def boxes(ax: Axes, label: str) -> list[tuple[float, float]]:
    """Return the centre of every cell, in columns and rows."""
    paths = find(ax, label, PatchCollection).get_paths()
    return sorted(
        (round(float(x), 3), round(float(y), 3))
        for x, y in (path.get_extents().get_points().mean(axis=0) for path in paths)
    )


def test_map_has_a_cell_for_every_clause_and_topic(clauses, tags, pairs, codebook):
    ax = plot_clause_topic_map(clauses, tags, pairs, codebook, **LABELS)
    # Columns: energy, net zero, a gap of 0.4, water, biodiversity.
    # Rows: noting a, noting b, a gap of 0.7, resolves 1 (old), 2 (old) with 1 (new), 2 (new).
    assert boxes(ax, "both") == [(0, 0)]
    assert boxes(ax, "old") == [(0.8, 3.7), (2.2, 1)]
    assert boxes(ax, "new") == [(2.6, 4.7), (3.6, 3.7)]


def test_map_columns_are_topics_in_the_codebooks_order(clauses, tags, pairs, codebook):
    ax = plot_clause_topic_map(clauses, tags, pairs, codebook, **LABELS)
    assert list(ax.get_xticks()) == [0, 1, 2.4, 3.4]
    labels = [label.get_text() for label in ax.get_xticklabels()]
    assert labels == ["节能与能效", "净零目标", "水资源", "生物多样性"]


def test_map_strip_shows_every_change_in_document_order(clauses, tags, pairs, codebook):
    ax = plot_clause_topic_map(clauses, tags, pairs, codebook, **LABELS)
    rows = {change: [y for _, y in boxes(ax, change)] for change in ("NOC", "SUP", "MOD", "ADD")}
    assert rows == {"NOC": [0], "SUP": [1, 2.7], "MOD": [3.7], "ADD": [4.7]}


def test_map_labels_sections_as_printed_in_chinese(clauses, tags, pairs, codebook):
    ax = plot_clause_topic_map(clauses, tags, pairs, codebook, **LABELS)
    assert {"注意到", "做出决议", "序言部分", "执行部分", "减缓"} <= set(texts(ax))


def test_map_labels_sections_by_their_ids_in_english(clauses, tags, pairs, codebook):
    ax = plot_clause_topic_map(clauses, tags, pairs, codebook, **ENGLISH)
    assert {"noting", "resolves", "Preamble", "Operative part", "Mitigation"} <= set(texts(ax))


def test_map_prints_addressees_in_capitals_in_english(codebook):
    clause = make_clause("new", "instructs-sg__a", "责成秘书长", "operative") | {"addressee": "SG"}
    pairs = make_table("pairs", [make_pair("", "instructs-sg__a", "ADD")])
    clauses, tags = make_table("clauses", [clause]), make_table("tags", [])
    ax = plot_clause_topic_map(clauses, tags, pairs, codebook, **ENGLISH)
    assert "instructs SG" in texts(ax)


def test_map_prints_the_headings_it_is_given(clauses, tags, pairs, codebook):
    ax = plot_clause_topic_map(
        clauses, tags, pairs, codebook, headings={"noting": "noting, with care"}, **ENGLISH
    )
    assert {"noting, with care", "resolves"} <= set(texts(ax))
    assert "noting" not in texts(ax)


def test_map_section_labels_do_not_overlap(codebook):
    names = [f"section{i}" for i in range(40)]
    clauses = make_table("clauses", [make_clause("new", f"{n}__a", n, "operative") for n in names])
    pairs = make_table("pairs", [make_pair("", f"{n}__a", "ADD") for n in names])
    ax = plot_clause_topic_map(clauses, make_table("tags", []), pairs, codebook, **LABELS)
    ax.figure.draw_without_rendering()
    edges = sorted(
        (text.get_window_extent().y0, text.get_window_extent().y1)
        for text in ax.texts
        if text.get_text() in names
    )
    assert len(edges) == 40
    assert all(below[1] <= above[0] + 2 for below, above in pairwise(edges))


@pytest.mark.parametrize("labels", [LABELS, ENGLISH], ids=["zh", "en"])
def test_map_of_one_clause_and_long_labels_is_not_cut(labels):
    label = {
        "zh": "气候影响与脆弱性以及其他各项",
        "en": "Climate impacts, vulnerability and all else",
    }
    book = make_codebook()
    book = replace(book, topics=tuple(replace(topic, label=label) for topic in book.topics))
    clauses = make_table("clauses", [make_clause("new", "resolves__a", "做出决议", "operative")])
    pairs = make_table("pairs", [make_pair("", "resolves__a", "ADD")])
    ax = plot_clause_topic_map(clauses, make_table("tags", []), pairs, book, **labels)
    figure = ax.figure
    figure.draw_without_rendering()  # warns where the layout leaves the axes no height
    tight = figure.get_tightbbox().get_points()
    assert (tight >= 0).all()
    assert (tight <= figure.get_size_inches()).all()


def test_map_keeps_a_section_together_whose_first_clause_was_suppressed(codebook):
    clauses = make_table(
        "clauses",
        [make_clause("old", i, i[0], "operative") for i in ("a__1", "b__1", "b__2")]
        + [make_clause("new", i, i[0], "operative") for i in ("a__1", "a__2", "b__1")],
    )
    pairs = make_table(
        "pairs",
        [
            make_pair("a__1", "a__1", "NOC"),
            make_pair("b__1", "", "SUP"),
            make_pair("", "a__2", "ADD"),
            make_pair("b__2", "b__1", "NOC"),
        ],
    )
    ax = plot_clause_topic_map(clauses, make_table("tags", []), pairs, codebook, **LABELS)
    rows = {change: [y for _, y in boxes(ax, change)] for change in ("NOC", "ADD", "SUP")}
    assert rows == {"NOC": [0, 3.7], "ADD": [1], "SUP": [2.7]}


def test_map_without_pairs_is_an_input_error(clauses, tags, pairs, codebook):
    with pytest.raises(InputError, match="no 1:1 rows"):
        plot_clause_topic_map(clauses, tags, pairs.iloc[:0], codebook, **LABELS)


def test_map_names_clauses_that_are_lacking(clauses, tags, pairs, codebook):
    with pytest.raises(InputError, match="resolves__2"):
        plot_clause_topic_map(
            clauses[clauses["clause_id"] != "resolves__2"], tags, pairs, codebook, **LABELS
        )


def test_map_names_topics_that_the_codebook_lacks(clauses, tags, pairs, codebook):
    with pytest.raises(InputError, match="oceans"):
        plot_clause_topic_map(clauses, tags.assign(topic="oceans"), pairs, codebook, **LABELS)


# --- parts --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("measure", "old", "new"), [("n", 4, 4), ("rate", 20, 16)])
def test_part_columns_show_the_parts_values(shift, codebook, measure, old, new):
    ax = plot_part_shift(shift, codebook, measure=measure, **LABELS)
    _, operative = ax.child_axes
    row = y_of(ax)["节能与能效"]
    before = {y: x for x, y in find(operative, "old", Line2D).get_xydata()}
    after = {y: x for x, y in find(operative, "new", PathCollection).get_offsets()}
    assert (before[row], after[row]) == (old, new)


@pytest.mark.parametrize("absent", ["preambular", "operative"])
def test_a_part_that_no_edition_has_stands_at_zero(shift, codebook, absent):
    without = shift[shift["category"] != absent]
    columns = plot_part_shift(without, codebook, **LABELS).child_axes
    whole = plot_part_shift(shift, codebook, **LABELS).child_axes
    gone = 0 if absent == "preambular" else 1
    for k, axes in enumerate(columns):
        values = find(axes, "new", PathCollection).get_offsets()[:, 0]
        before = find(whole[k], "new", PathCollection).get_offsets()[:, 0]
        assert sorted(values) == ([0] * len(before) if k == gone else sorted(before))


def test_part_columns_stand_under_their_parts_with_one_scale(shift, codebook):
    preamble, operative = plot_part_shift(shift, codebook, **LABELS).child_axes
    assert [preamble.get_title(), operative.get_title()] == ["序言部分", "执行部分"]
    assert preamble.get_xlim() == operative.get_xlim()
    assert preamble.get_ylim() == operative.get_ylim()


# --- manners of all -----------------------------------------------------------------------------


@pytest.fixture(
    params=[
        "topic-shares", "change-origin", "clause-topic-map", "part-shift", "addressee-shift",
        "word-shift",
    ]
)  # fmt: skip
def plot(request, shift, clauses, tags, pairs, codebook):
    def draw(**options: Any) -> Axes:
        if request.param == "word-shift":
            return plot_word_shift(make_word_shift(), **LABELS, **options)
        if request.param == "clause-topic-map":
            return plot_clause_topic_map(clauses, tags, pairs, codebook, **LABELS, **options)
        if request.param == "change-origin":
            return plot_change_origin(shift, codebook, **options)
        function = {
            "topic-shares": plot_topic_shares,
            "part-shift": plot_part_shift,
            "addressee-shift": plot_addressee_shift,
        }
        return function[request.param](shift, codebook, **LABELS, **options)

    return draw


def test_given_axes_are_drawn_on_and_returned(plot):
    ax = Figure().subplots()
    assert plot(ax=ax) is ax
    assert texts(ax)


def test_drawing_leaves_the_settings_alone(plot):
    before = dict(mpl.rcParams)
    plot()
    assert dict(mpl.rcParams) == before


def test_drawing_leaves_the_tables_alone(plot, shift, pairs, tags):
    before = [table.copy() for table in (shift, pairs, tags)]
    plot()
    for table, copy in zip((shift, pairs, tags), before, strict=True):
        pd.testing.assert_frame_equal(table, copy)


def test_nothing_is_cut_at_the_figures_edge(plot):
    figure = plot().figure
    figure.draw_without_rendering()
    tight = figure.get_tightbbox().get_points()
    assert (tight >= 0).all()
    assert (tight <= figure.get_size_inches()).all()


def test_type_is_set_in_the_shipped_font(plot):
    families = {tuple(text.get_fontfamily()) for text in plot().figure.findobj(mpl.text.Text)}
    assert families == {("Resanalysis Sans SC", "DejaVu Sans")}


def test_figure_displays_itself_as_a_picture_of_its_size(plot):
    figure = plot().figure
    picture, size = figure._repr_png_()
    assert picture.startswith(b"\x89PNG")
    assert size["width"] == round(96 * figure.get_size_inches()[0])


def test_drawing_needs_no_pyplot():
    code = "import sys, resanalysis.figures; print('matplotlib.pyplot' in sys.modules)"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603
    assert out.stdout == "False\n"


# --- style and fonts ----------------------------------------------------------------------------


def test_sizes_are_in_inches():
    assert figure_size("single", 100) == (3.346, 3.937)
    assert figure_size("double", 100)[0] == 7.087


def test_slide_is_sixteen_to_nine():
    assert figure_size("slide") == (13.333, 7.5)


def test_print_style_sets_and_puts_back():
    before = dict(mpl.rcParams)
    with print_style(font_size=14):
        assert mpl.rcParams["font.size"] == 14
        assert mpl.rcParams["pdf.fonttype"] == 42
    assert dict(mpl.rcParams) == before


def test_style_that_the_caller_entered_is_kept(plot):
    with print_style(fonts="DejaVu Sans", font_size=9):
        ax = plot()
    families = {tuple(text.get_fontfamily()) for text in ax.figure.findobj(mpl.text.Text)}
    assert families == {("DejaVu Sans",)}


def test_font_file_is_used_by_its_path():
    path = Path(mpl.get_data_path()) / "fonts" / "ttf" / "DejaVuSerif.ttf"
    with print_style(fonts=path):
        assert mpl.rcParams["font.family"] == ["DejaVu Serif"]


def test_all_fonts_that_are_not_found_are_named_together(tmp_path):
    fonts = ["No Such Family", tmp_path / "absent.ttf", "DejaVu Sans"]
    with pytest.raises(InputError) as error, print_style(fonts=fonts):
        pass
    places = [problem.place for problem in error.value.problems]
    assert places == ["No Such Family", str(tmp_path / "absent.ttf")]


def test_file_that_is_no_font_is_an_input_error(tmp_path):
    path = tmp_path / "broken.ttf"
    path.write_bytes(b"not a font")
    with pytest.raises(InputError, match="cannot be read as a font"), print_style(fonts=path):
        pass


def test_file_that_another_of_its_family_hides_is_an_input_error():
    path = Path(mpl.get_data_path()) / "fonts" / "ttf" / "DejaVuSans-Bold.ttf"
    with pytest.raises(InputError, match="goes before it"), print_style(fonts=path):
        pass


# --- saving -------------------------------------------------------------------------------------

CAPTIONS = {"zh": "图一：主题份额", "en": "Figure 1: topic shares"}


def save(figure: Figure, stem: Path, **options: Any) -> list[Path]:
    data = pd.DataFrame({"topic": ["water"], "主题": ["水资源"], "n": [3]})
    return save_figure(
        figure,
        stem,
        data=data,
        captions=CAPTIONS,
        provenance={"语料": "x", "a": 1},
        **{"dpi": 60} | options,
    )


def hashes(paths: list[Path]) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


def test_saving_writes_figure_data_captions_and_provenance(shift, codebook, tmp_path):
    ax = plot_topic_shares(shift, codebook, **LABELS)
    paths = save(ax.figure, tmp_path / "new" / "fig.1")
    assert [path.name for path in paths] == [
        "fig.1.pdf", "fig.1.svg", "fig.1.png", "fig.1.csv", "fig.1.caption.zh.txt",
        "fig.1.caption.en.txt", "fig.1.provenance.json",
    ]  # fmt: skip
    assert sorted(paths) == sorted((tmp_path / "new").iterdir())


def test_data_is_for_excel_and_captions_are_text(shift, codebook, tmp_path):
    _, _, _, data, zh, _, record = save(
        plot_topic_shares(shift, codebook, **LABELS).figure, tmp_path / "fig"
    )
    assert data.read_bytes() == "\ufefftopic,主题,n\nwater,水资源,3\n".encode()
    assert zh.read_bytes() == "图一：主题份额\n".encode()
    assert json.loads(record.read_text(encoding="utf-8")) == {"语料": "x", "a": 1}


def test_saving_twice_gives_the_same_bytes(plot, tmp_path):
    figure = plot().figure
    assert hashes(save(figure, tmp_path / "a" / "fig")) == hashes(
        save(figure, tmp_path / "b" / "fig")
    )


def test_another_process_gives_the_same_bytes(shift, codebook, tmp_path):
    here = hashes(save(plot_topic_shares(shift, codebook, **LABELS).figure, tmp_path / "fig"))
    code = (
        "import sys; from pathlib import Path; import tests.test_figures as t\n"
        "ax = t.plot_topic_shares(t.make_shift(), t.make_codebook(), **t.LABELS)\n"
        "t.save(ax.figure, Path(sys.argv[1]))"
    )
    root = Path(__file__).parents[1]
    settings = {"PYTHONHASHSEED": "7", "SOURCE_DATE_EPOCH": "1000000000", "PYTHONPATH": str(root)}
    there = tmp_path / "there" / "fig"
    subprocess.run(  # noqa: S603
        [sys.executable, "-c", code, str(there)], env=os.environ | settings, cwd=root, check=True
    )
    assert hashes(sorted(there.parent.iterdir())) == dict(sorted(here.items()))


def test_pdf_embeds_truetype_and_no_type_3(plot, tmp_path):
    pdf = save(plot().figure, tmp_path / "fig")[0]
    fonts = [
        font.get_object()
        for page in PdfReader(pdf).pages
        for font in page["/Resources"]["/Font"].get_object().values()
    ]
    assert {font["/Subtype"] for font in fonts} == {"/Type0"}
    inner = [font["/DescendantFonts"][0].get_object() for font in fonts]
    assert {font["/Subtype"] for font in inner} == {"/CIDFontType2"}
    assert all("/FontFile2" in font["/FontDescriptor"].get_object() for font in inner)


def test_chinese_text_can_be_taken_from_the_pdf(plot, tmp_path):
    (page,) = PdfReader(save(plot().figure, tmp_path / "fig")[0]).pages
    assert "生物多样性" in page.extract_text().replace("\n", "")


def test_svg_keeps_text_as_text(plot, tmp_path):
    svg = save(plot().figure, tmp_path / "fig")[1].read_text(encoding="utf-8")
    assert ">生物多样性</text>" in svg


def test_no_image_carries_a_date(shift, codebook, tmp_path):
    pdf, svg, *_ = save(plot_topic_shares(shift, codebook, **LABELS).figure, tmp_path / "fig")
    assert b"CreationDate" not in pdf.read_bytes()
    assert b"dc:date" not in svg.read_bytes()


def test_png_has_the_dots_that_were_asked(shift, codebook, tmp_path):
    figure = plot_topic_shares(shift, codebook, **LABELS).figure
    png = save(figure, tmp_path / "fig", dpi=100)[2].read_bytes()
    assert int.from_bytes(png[16:20]) == int(figure.get_size_inches()[0] * 100)


def test_saving_leaves_settings_and_layout_alone(shift, codebook, tmp_path):
    figure, before = plot_topic_shares(shift, codebook, **LABELS).figure, dict(mpl.rcParams)
    layout = figure.get_layout_engine()
    save(figure, tmp_path / "fig")
    assert dict(mpl.rcParams) == before
    assert figure.get_layout_engine() is layout
    assert all(ax.get_in_layout() for ax in figure.axes)


def test_missing_glyph_is_named_with_its_text_and_nothing_is_written(shift, codebook, tmp_path):
    ax = plot_topic_shares(shift, codebook, old_label="旧\U0010ffff版", new_label="新版")
    with pytest.raises(InputError) as error:
        save(ax.figure, tmp_path / "new" / "fig")
    (problem,) = error.value.problems
    assert "U+10FFFF" in problem.what
    assert "旧" in problem.place
    assert "fonts" in problem.remedy
    assert list(tmp_path.iterdir()) == []


def test_every_text_with_a_missing_glyph_is_reported(shift, codebook, tmp_path):
    with print_style(fonts="DejaVu Sans"):
        ax = plot_topic_shares(shift, codebook, **LABELS)
    with pytest.raises(InputError) as error:
        save(ax.figure, tmp_path / "fig")
    assert {"text '节能与能效'", "text '水资源'"} <= {p.place for p in error.value.problems}


def test_greek_comes_from_the_second_font(shift, codebook, tmp_path):
    ax = plot_topic_shares(shift, codebook, old_label="Δ旧", new_label="新")
    (page,) = PdfReader(save(ax.figure, tmp_path / "fig")[0]).pages
    assert "Δ" in page.extract_text()


def test_failed_saving_leaves_earlier_files_as_they_were(shift, codebook, tmp_path, monkeypatch):
    figure = plot_topic_shares(shift, codebook, **LABELS).figure
    before = hashes(save(figure, tmp_path / "fig"))

    def fail(*_: Any, **__: Any) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(pd.DataFrame, "to_csv", fail)
    with pytest.raises(OSError, match="disk full"):
        save(figure, tmp_path / "fig", dpi=50)
    assert hashes(sorted(tmp_path.iterdir())) == dict(sorted(before.items()))


def test_provenance_that_is_not_json_is_found_before_writing(shift, codebook, tmp_path):
    figure = plot_topic_shares(shift, codebook, **LABELS).figure
    with pytest.raises(TypeError, match="JSON"):
        save_figure(
            figure, tmp_path / "fig", data=shift, captions=CAPTIONS, provenance={"a": object()}
        )
    assert list(tmp_path.iterdir()) == []


def test_dollar_signs_are_printed_as_they_are(tmp_path):
    with print_style():
        figure = PrintFigure()
        figure.text(0.5, 0.5, "$100$ 万")
    svg = save(figure, tmp_path / "fig")[1].read_text(encoding="utf-8")
    assert ">$100$ 万</text>" in svg


# --- captions -----------------------------------------------------------------------------------


@pytest.mark.parametrize("figure", ["topic-shares", "change-origin", "clause-topic-map"])
def test_caption_says_what_it_rests_on_in_chinese(figure, shift, corpus, codebook):
    caption = figure_caption(figure, shift, corpus, codebook, language="zh")
    for words in (
        "2014年釜山", "2022年布加勒斯特", "旧版20条、新版25条", "8→12", "general 1.2", "c0dec0de",
        "复原文本；未参照官方文本", "source.txt", "第182号决议《气候变化》", "© 国际电联",
    ):  # fmt: skip
        assert words in caption


@pytest.mark.parametrize("figure", ["topic-shares", "change-origin", "clause-topic-map"])
def test_caption_says_what_it_rests_on_in_english(figure, shift, corpus, codebook):
    caption = figure_caption(figure, shift, corpus, codebook, language="en")
    for words in (
        "Busan 2014", "Bucharest 2022", "20 clauses in the old and 25 in the new", "8→12",
        "general 1.2", "c0dec0de", "recovered versions; official texts were not consulted",
        "source.txt", "Resolution 182, “Climate change”", "© ITU",
    ):  # fmt: skip
        assert words in caption


@pytest.mark.parametrize(
    ("language", "words"),
    [("zh", "水平95 %，抽样2000次，种子0"), ("en", "level 95 %, 2000 draws, seed 0")],
)
def test_caption_of_shares_names_the_interval_model(language, words, shift, corpus, codebook):
    assert words in figure_caption("topic-shares", shift, corpus, codebook, language=language)


def test_caption_quotes_an_interval_model_it_does_not_know(corpus, codebook):
    shift = make_shift("coin toss")
    caption = figure_caption("topic-shares", shift, corpus, codebook, language="zh")
    assert "区间模型：coin toss；" in caption


def test_caption_says_where_no_intervals_were_computed(corpus, codebook):
    caption = figure_caption("topic-shares", make_shift("none"), corpus, codebook, language="en")
    assert "No intervals were computed" in caption


def test_caption_of_the_map_counts_its_rows(shift, corpus, codebook, pairs):
    caption = figure_caption(
        "clause-topic-map", shift, corpus, codebook, language="en", pairs=pairs
    )
    assert "N = 5 rows: NOC 1, MOD 1, ADD 1, SUP 2." in caption


def test_caption_of_parts_names_both_parts(shift, corpus, codebook):
    caption = figure_caption("part-shift", shift, corpus, codebook, language="en")
    assert "in the preamble and in the operative part" in caption


def test_caption_explains_moves_only_where_they_are_drawn(shift, corpus, codebook):
    total = figure_caption("change-origin", shift, corpus, codebook, language="zh")
    part = figure_caption(
        "change-origin", shift, corpus, codebook, language="zh",
        breakdown="part", category="operative",
    )  # fmt: skip
    assert "移入" not in total
    assert "移入" in part


def test_caption_of_missing_rows_is_an_input_error(shift, corpus, codebook):
    with pytest.raises(InputError, match="unit token"):
        figure_caption("topic-shares", shift, corpus, codebook, language="zh", unit="token")
