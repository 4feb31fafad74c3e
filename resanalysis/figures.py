"""Draw the tables: topic shares, where the change came from, topics by clause and by part.

Every function takes tables, draws them on an `Axes` and returns it. It selects and orders rows; it
computes no statistics, saves nothing and shows nothing. Figures are made without pyplot:
`ax.figure` is what a notebook displays and `save_figure` saves.
"""

from __future__ import annotations

import textwrap
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import matplotlib as mpl
import numpy as np
from matplotlib.collections import PatchCollection
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle
from matplotlib.ticker import MaxNLocator
from matplotlib.transforms import BboxTransformTo, ScaledTranslation, blended_transform_factory
from numpy.typing import NDArray

from resanalysis.model import Codebook, Language, input_error
from resanalysis.printing import MM_PER_INCH, PrintFigure, select_rows, style_in_force, unit_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.transforms import Transform

Floats: TypeAlias = NDArray[np.float64]
Key: TypeAlias = list[tuple[Line2D | Patch, str]]
Unit: TypeAlias = Literal["clause", "character", "token", "matched"]

DOUBLE_COLUMN_MM = 180.0
FULL_PAGE_MM = (170.0, 230.0)

_STEPS = [1, 2, 5, 10]

# Told apart by their lightness, not by their hue alone, so that they hold in grey.
GREW, FELL, INK, SOFT, BAND = "#08519c", "#e6862b", "#222222", "#8a8a8a", "#f0f0f0"
BOTH = "#4d4d4d"
PALE_GREW, PALE_FELL = "#bdd7e7", "#fdd9b5"

WORDS: dict[str, tuple[str, str]] = {
    "share": (
        "占该版全部主题标注的份额（按{unit}计）",
        "Share of all topic assignments of the edition (by {unit})",
    ),
    "share grew": ("份额上升", "share grew"),
    "share fell": ("份额下降", "share fell"),
    "interval": ("份额之差的区间", "interval of the difference"),
    "grew": ("增加", "grew"),
    "fell": ("减少", "fell"),
    "net": ("净变化", "net change"),
    "add": ("新增（ADD）", "added (ADD)"),
    "mod_gain": ("修改所增（MOD）", "gained by edits (MOD)"),
    "moved_in": ("移入", "moved in"),
    "sup": ("删除（SUP）", "suppressed (SUP)"),
    "mod_loss": ("修改所减（MOD）", "lost by edits (MOD)"),
    "moved_out": ("移出", "moved out"),
    "origin": ("{unit}：失去（左）与获得（右）", "{unit}: lost (left), gained (right)"),
    "clause": ("条款数", "clauses"),
    "character": ("字符数", "characters"),
    "token": ("词数", "tokens"),
    "matched": ("匹配字符数", "matched characters"),
    "old to new": ("旧→新", "old→new"),
    "cells": ("方格：", "Cells:"),
    "strip": ("左侧条：", "Strip at left:"),
    "rate": ("每100条中含该主题的条款数", "clauses with the topic per 100 clauses"),
    "preambular": ("序言部分", "Preamble"),
    "operative": ("执行部分", "Operative part"),
    "both": ("满格：两版均有", "full: both"),
    "old": ("左半：仅{old}", "left half: {old} only"),
    "new": ("右半：仅{new}", "right half: {new} only"),
    "ADD": ("新增 ADD", "ADD added"),
    "SUP": ("删除 SUP", "SUP suppressed"),
    "MOD": ("修改 MOD", "MOD modified"),
    "NOC": ("未变 NOC", "NOC no change"),
}
"""The words that the figures print beside the codebook's labels, in Chinese and in English."""


def _fill(colour: str, hatch: str, line: float = 0.4) -> dict[str, Any]:
    return {"facecolor": colour, "hatch": hatch, "edgecolor": INK, "linewidth": line}


# --- shares -------------------------------------------------------------------------------------


def plot_topic_shares(
    shift: pd.DataFrame,
    codebook: Codebook,
    *,
    old_label: str,
    new_label: str,
    language: Language = "zh",
    unit: Unit = "clause",
    ax: Axes | None = None,
) -> Axes:
    """Draw every topic's share in the old edition against its share in the new one.

    An open circle is the old share and a filled one the new share, so that the direction shows
    without colour. The thin line is the interval of the difference, drawn from the old share
    (`share_old + share_difference_low` to `share_old + share_difference_high`). Topics stand under
    their themes, those that gained most first; the counts stand at the right.

    Parameters
    ----------
    shift : DataFrame
        Table `shift`; rows of breakdown `total` are drawn. Drop rows to leave topics out.
    codebook : Codebook
        Gives the labels, the themes and their order.
    old_label, new_label : str
        Names of the editions, such as `Edition.label("zh")`.
    language : {"zh", "en"}
        Language of all labels.
    unit : {"clause", "character", "token", "matched"}
        Unit of counting.
    ax : Axes, optional
        Where to draw; a new figure of 180 mm width when left out.

    Returns
    -------
    Axes

    Raises
    ------
    InputError
        When the table has no such rows, one topic twice, or a topic that the codebook lacks.

    Examples
    --------
    >>> ax = plot_topic_shares(study.shift, study.codebook, old_label="2014",
    ...                        new_label="2022", language="en")  # doctest: +SKIP
    """
    rows = _select(shift, codebook, unit, "total", "all")
    places = _place_rows(rows["share_difference"], codebook)
    y = places.of(rows.index)
    with style_in_force():
        ax = ax or _new_axes(places.height_mm(20))
        _draw_places(ax, places, codebook, language)
        _draw_dumbbells(ax, y, rows["share_old"], rows["share_new"])
        low, high = (rows["share_old"] + rows[f"share_difference_{end}"] for end in ("low", "high"))
        known = (low.notna() & high.notna()).to_numpy()
        half = (high - low) / 2
        whiskers = ax.errorbar(
            (low + half)[known], y[known], xerr=half[known], fmt="none", ecolor=INK, elinewidth=0.6,
            capsize=1.8, capthick=0.6, zorder=3,
        )  # fmt: skip
        whiskers.set_label("interval")
        _print_counts(ax, y, rows, unit, language)
        ax.xaxis.set_major_locator(MaxNLocator(8, steps=_STEPS))
        ax.xaxis.set_major_formatter(lambda share, _: f"{round(100 * share, 6):g}%")
        ax.set_xlabel(_word("share", language).format(unit=_word(unit, language)))
        interval = Line2D([], [], color=INK, linewidth=0.6)
        _place_legend(
            ax,
            [
                *_dumbbell_key(old_label, new_label, ("share grew", "share fell"), language),
                *([(interval, _word("interval", language))] if known.any() else []),
            ],
        )
    return ax


# --- origin of the change -----------------------------------------------------------------------

# Column of `shift`, side of zero, colour, hatch; outwards from zero.
_SOURCES: tuple[tuple[str, int, str, str], ...] = (
    ("add", 1, GREW, ""),
    ("mod_gain", 1, PALE_GREW, "/////"),
    ("moved_in", 1, "white", "....."),
    ("sup", -1, FELL, "xxxx"),
    ("mod_loss", -1, PALE_FELL, "\\\\\\\\\\"),
    ("moved_out", -1, "white", "....."),
)


def plot_change_origin(
    shift: pd.DataFrame,
    codebook: Codebook,
    *,
    language: Language = "zh",
    unit: Unit = "clause",
    breakdown: Literal["total", "part", "addressee"] = "total",
    category: str = "all",
    ax: Axes | None = None,
) -> Axes:
    """Draw where every topic's change came from: added, suppressed and edited clauses.

    What the topic gained stands right of zero and what it lost left of it; the bars of a row sum
    to its net change, marked by a diamond and printed at the right. Clauses that moved between
    parts or addressees are drawn where there are any.

    Parameters
    ----------
    shift : DataFrame
        Table `shift`. Drop rows to leave topics out.
    codebook : Codebook
        Gives the labels, the themes and their order.
    language : {"zh", "en"}
        Language of all labels.
    unit : {"clause", "character", "token", "matched"}
        Unit of counting.
    breakdown : {"total", "part", "addressee"}
        Breakdown the rows belong to.
    category : str
        Category within the breakdown, such as `operative`.
    ax : Axes, optional
        Where to draw; a new figure of 180 mm width when left out.

    Returns
    -------
    Axes
        With one bar container per origin, labelled by the column's name.

    Raises
    ------
    InputError
        When the table has no such rows, one topic twice, or a topic that the codebook lacks.

    Examples
    --------
    >>> ax = plot_change_origin(study.shift, study.codebook)  # doctest: +SKIP
    """
    rows = _select(shift, codebook, unit, breakdown, category)
    net = rows["n_new"] - rows["n_old"]
    places = _place_rows(net, codebook)
    y = places.of(rows.index)
    key: Key = []
    with style_in_force():
        ax = ax or _new_axes(places.height_mm(20))
        _draw_places(ax, places, codebook, language)
        ends = {1: np.zeros(len(rows)), -1: np.zeros(len(rows))}
        for column, side, colour, hatch in _SOURCES:
            if column.startswith("moved") and not rows[column].any():
                continue
            look = _fill(colour, hatch)
            lengths = side * rows[column].to_numpy()
            ax.barh(y, lengths, left=ends[side], height=0.62, label=column, zorder=2, **look)
            ends[side] = ends[side] + lengths
            key.append((Patch(**look), _word(column, language)))
        left, right = np.min(ends[-1], initial=-1.0), np.max(ends[1], initial=1.0)
        ax.set_xlim(1.04 * float(left), 1.04 * float(right))
        ax.axvline(0, color=INK, linewidth=0.6, zorder=0.9)
        ax.plot(net, y, label="net", zorder=4, **_marker("net"))
        key.append((Line2D([], [], **_marker("net")), _word("net", language)))
        _print_at_right(ax, y, [_signed(n) for n in net], _word("net", language))
        ax.xaxis.set_major_locator(MaxNLocator(8, steps=_STEPS, integer=True))
        ax.set_xlabel(_word("origin", language).format(unit=unit_name(unit, language)))
        _place_legend(ax, key)
    return ax


# --- clauses by topics --------------------------------------------------------------------------

_CELLS: dict[str, dict[str, Any]] = {
    "both": {"facecolor": BOTH},
    "old": {"facecolor": "white", "edgecolor": INK, "linewidth": 0.6},
    "new": {"facecolor": GREW},
}
_CHANGES: dict[str, dict[str, Any]] = {
    "ADD": _fill(GREW, "", 0.25),
    "SUP": _fill(FELL, "xxxxxx", 0.25),
    "MOD": _fill("#d0d0d0", "//////", 0.25),
    "NOC": _fill("white", "", 0.25),
}


def plot_clause_topic_map(
    clauses: pd.DataFrame,
    tags: pd.DataFrame,
    pairs: pd.DataFrame,
    codebook: Codebook,
    *,
    old_label: str,
    new_label: str,
    language: Language = "zh",
    headings: Mapping[str, str] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw which clause has which topic in which edition, in the order of the document.

    One row is one clause of either edition, or of both where they are paired; one column is one
    topic. A full cell is a topic that the clause has in both editions, an open left half one that
    it has in the old edition only, a filled right half one that it has in the new edition only.
    The strip at the left says whether the clause was added, suppressed, modified or left alone.

    Parameters
    ----------
    clauses, tags, pairs : DataFrame
        Tables of those names. Split and merge rows of `pairs` come on top and are not drawn.
    codebook : Codebook
        Gives the topics, the themes, their order and labels.
    old_label, new_label : str
        Names of the editions.
    language : {"zh", "en"}
        Language of all labels. Headings are Chinese as printed; in English the first half of the
        clause ids stands for them (`instructs-sg`).
    headings : mapping of str to str, optional
        Section labels to print instead, by the first half of the clause ids.
    ax : Axes, optional
        Where to draw; a new figure of 170 mm width and up to 230 mm height when left out.

    Returns
    -------
    Axes
        With one collection for each of `both`, `old`, `new`, and one for each change.

    Raises
    ------
    InputError
        When there are no pairs, a pair names a clause that `clauses` lacks, or a tag has a topic
        that the codebook lacks.

    Examples
    --------
    >>> ax = plot_clause_topic_map(study.clauses, study.tags, study.pairs, study.codebook,
    ...                            old_label="2014", new_label="2022")  # doctest: +SKIP
    """
    rows = _map_rows(clauses, pairs)
    topics = _topic_set(tags, codebook)
    y, sections = _place_sections(rows)
    x = _place_columns(codebook)
    marks = _find_marks(rows, topics, x, y)
    with style_in_force():
        width, tallest = FULL_PAGE_MM
        ax = ax or _new_axes(min(tallest, 55 + 2.2 * (y[-1] + 1)), width)
        right, bottom = max(x.values()) + 0.5, y[-1] + 0.5
        # A few topics do not spread over the page.
        ax.set_xlim(-1.6, max(right, 12.0))
        ax.set_ylim(bottom + 0.4, -0.9)
        _draw_sections(ax, sections, headings or {}, language, right)
        _draw_parts(ax, rows, y, language)
        for name, patches in marks.items():
            ax.add_collection(PatchCollection(patches, label=name, zorder=3, **_CELLS[name]))
        for change, look in _CHANGES.items():
            tops = [at - 0.5 for row, at in zip(rows, y, strict=True) if row.change == change]
            strip = [Rectangle((-1.5, top), 0.7, 1.0) for top in tops]
            ax.add_collection(PatchCollection(strip, label=change, zorder=3, **look))
        _draw_columns(ax, codebook, x, bottom, language)
        _place_map_key(ax, old_label, new_label, language)
    return ax


@dataclass(frozen=True)
class _MapRow:
    """A clause of either edition, or of both: its ids, its change, its section and part."""

    old_id: str
    new_id: str
    change: str
    section: str
    heading: str
    part: str


@dataclass(frozen=True)
class _Section:
    """A run of rows under one heading, from `top` to `bottom` on the y axis."""

    id: str
    heading: str
    top: float
    bottom: float


def _map_rows(clauses: pd.DataFrame, pairs: pd.DataFrame) -> list[_MapRow]:
    """Return the pairs in the new edition's order, suppressed clauses behind their predecessors."""
    drawn = pairs[pairs["relation"].eq("1:1")]
    if drawn.empty:
        raise input_error("pairs", "", "it has no 1:1 rows to draw", "Pass the table `pairs`")
    old, new = (
        {
            row.clause_id: (at, row)
            for at, row in enumerate(clauses[clauses["version"].eq(v)].itertuples())
        }
        for v in ("old", "new")
    )
    ids = list(zip(drawn["old_id"], drawn["new_id"], drawn["change"], strict=True))
    lacking = {a for a, _, _ in ids if a and a not in old} | {
        b for _, b, _ in ids if b and b not in new
    }
    if lacking:
        raise input_error(
            "pairs",
            ", ".join(sorted(lacking)[:5]),
            "`clauses` lacks these clauses",
            "Pass the tables of one study",
        )
    kept = {_section(b) for _, b, _ in ids if b}
    renamed = {_section(a): _section(b) for a, b, _ in reversed(ids) if a and b}
    steady = [
        (old[a][0], new[b][0]) for a, b, _ in ids if a and b and renamed[_section(a)] == _section(b)
    ]
    rows: list[tuple[tuple[int, int, int], _MapRow]] = []
    for a, b, change in ids:
        at, clause = new[b] if b else old[a]
        section = _section(b or a)
        if not b and section not in kept:
            section = renamed.get(section, section)
        before = -1 if b else max((to for place, to in steady if place < at), default=-1)
        place = (at, 0, 0) if b else (before, 1, at)
        rows.append((place, _MapRow(a, b, change, section, str(clause.heading), str(clause.part))))
    rows.sort(key=lambda row: row[0])
    first: dict[str, int] = {}
    for i, (_, row) in enumerate(rows):
        if row.new_id or row.section not in kept:
            first.setdefault(row.section, i)
    return sorted((row for _, row in rows), key=lambda row: first[row.section])


def _section(clause_id: str) -> str:
    return clause_id.split("__")[0]


def _topic_set(tags: pd.DataFrame, codebook: Codebook) -> set[tuple[str, str, str]]:
    """Return version, clause and topic of every tag."""
    _check_topics("tags", tags["topic"], codebook)
    return set(zip(tags["version"], tags["clause_id"], tags["topic"], strict=True))


def _place_sections(rows: Sequence[_MapRow]) -> tuple[list[float], list[_Section]]:
    """Return the y of every row, with a gap between sections, and the sections."""
    y: list[float] = []
    sections: list[_Section] = []
    for row in rows:
        at = 0.0 if not y else y[-1] + 1
        if sections and sections[-1].id == row.section:
            sections[-1] = replace(sections[-1], bottom=at + 0.5)
        else:
            at += 0.7 if y else 0.0
            sections.append(_Section(row.section, row.heading, at - 0.5, at + 0.5))
        y.append(at)
    return y, sections


def _place_columns(codebook: Codebook) -> dict[str, float]:
    """Return the x of every topic, with a gap between themes."""
    x: dict[str, float] = {}
    at = 0.0
    for theme in codebook.themes:
        for topic in codebook.topics:
            if topic.theme == theme:
                x[topic.id] = at
                at += 1
        at += 0.4
    return x


def _find_marks(
    rows: Sequence[_MapRow],
    topics: set[tuple[str, str, str]],
    x: Mapping[str, float],
    y: Sequence[float],
) -> dict[str, list[Rectangle]]:
    marks: dict[str, list[Rectangle]] = {"both": [], "old": [], "new": []}
    for row, at in zip(rows, y, strict=True):
        for topic, across in x.items():
            old, new = ("old", row.old_id, topic) in topics, ("new", row.new_id, topic) in topics
            if old and new:
                marks["both"].append(Rectangle((across - 0.4, at - 0.38), 0.8, 0.76))
            elif old:
                marks["old"].append(Rectangle((across - 0.4, at - 0.38), 0.4, 0.76))
            elif new:
                marks["new"].append(Rectangle((across, at - 0.38), 0.4, 0.76))
    return marks


def _draw_sections(
    ax: Axes,
    sections: Sequence[_Section],
    headings: Mapping[str, str],
    language: Language,
    right: float,
) -> None:
    """Band every other section and print the headings at the left, led to their sections."""
    beside: dict[str, Any] = {"transform": _beside(ax, 0), "clip_on": False}
    middles = [(section.top + section.bottom) / 2 for section in sections]
    spread = _spread(middles, _line_height(ax))
    for i, (section, middle, at) in enumerate(zip(sections, middles, spread, strict=True)):
        if i % 2 == 0:
            ax.axhspan(section.top, section.bottom, color=BAND, linewidth=0, zorder=0)
        default = section.heading if language == "zh" else section.id.replace("-", " ")
        label = headings.get(section.id, default)
        ax.text(-0.18, at, label, ha="right", va="center", transform=beside["transform"])
        ax.plot([-0.16, -0.05], [at, middle], color=SOFT, linewidth=0.5, **beside)
        ax.plot([-0.05, -0.05], [section.top, section.bottom], color=INK, linewidth=0.9, **beside)
    for edge in [*(section.top for section in sections), sections[-1].bottom]:
        ax.plot([-0.5, right], [edge, edge], color="0.8", linewidth=0.3, zorder=1)


def _line_height(ax: Axes) -> float:
    """Return about how many rows a line of type is high."""
    rows = abs(ax.get_ylim()[0] - ax.get_ylim()[1])
    points = ax.bbox.height / _figure(ax).dpi * 72
    return float(1.15 * mpl.rcParams["font.size"] * rows / points)


def _spread(places: Sequence[float], apart: float) -> list[float]:
    """Return the places, moved as little as needed to stand `apart` from each other."""
    groups: list[list[float]] = []
    for place in places:
        groups.append([place])
        while (
            len(groups) > 1
            and _middle(groups[-1], apart)[0] < _middle(groups[-2], apart)[-1] + apart
        ):
            groups[-2:] = [groups[-2] + groups[-1]]
    return [place for group in groups for place in _middle(group, apart)]


def _middle(group: Sequence[float], apart: float) -> list[float]:
    """Return a row of places `apart` from each other, about the middle of the group."""
    start = float(np.mean(group)) - apart * (len(group) - 1) / 2
    return [start + apart * i for i in range(len(group))]


def _draw_parts(ax: Axes, rows: Sequence[_MapRow], y: Sequence[float], language: Language) -> None:
    """Mark at the right where the preamble ends and the operative part begins."""
    for part in ("preambular", "operative"):
        within = [at for row, at in zip(rows, y, strict=True) if row.part == part]
        if within:
            top, bottom = min(within) - 0.5, max(within) + 0.5
            beside = _beside(ax, 1)
            ax.plot(
                [0.06] * 2, [top, bottom], color=INK, linewidth=0.9, clip_on=False, transform=beside
            )
            words = _word(part, language)
            ax.text(0.1, (top + bottom) / 2, words, rotation=270, va="center", transform=beside)


def _beside(ax: Axes, edge: Literal[0, 1]) -> Transform:
    """Return x in inches from the left or right edge of the axes, y in their rows."""
    inches = _figure(ax).dpi_scale_trans + ScaledTranslation(edge, 0, BboxTransformTo(ax.bbox))
    return blended_transform_factory(inches, ax.transData)


def _draw_columns(
    ax: Axes, codebook: Codebook, x: Mapping[str, float], bottom: float, language: Language
) -> None:
    """Print the topics above their columns and the themes below them."""
    ax.spines[:].set_visible(False)
    ax.yaxis.set_visible(False)
    ax.xaxis.tick_top()
    labels = [_wrap(codebook.topic(topic).label[language], 28) for topic in x]
    ax.set_xticks(list(x.values()), labels)
    size = mpl.rcParams["font.size"] * (0.88 if any("\n" in label for label in labels) else 1)
    ax.tick_params(axis="x", length=0, pad=1, labelrotation=90, labelsize=size)
    for at in x.values():
        ax.plot([at, at], [-0.5, bottom], color="0.85", linewidth=0.3, zorder=1)
    for theme, label in codebook.themes.items():
        columns = [x[topic.id] for topic in codebook.topics if topic.theme == theme]
        if columns:
            left, right = min(columns) - 0.45, max(columns) + 0.45
            ax.plot([left, right], [bottom + 0.4] * 2, color=INK, linewidth=0.9, clip_on=False)
            words = _wrap(label[language], max(5 * len(columns), 6))
            middle = (left + right) / 2
            ax.text(
                middle,
                bottom + 0.8,
                words,
                ha="center",
                va="top",
                fontsize=0.88 * mpl.rcParams["font.size"],
            )


def _place_map_key(ax: Axes, old_label: str, new_label: str, language: Language) -> None:
    """Explain the cells in one row and the strip in another."""
    cells = [
        (Patch(**look), _word(name, language).format(old=old_label, new=new_label))
        for name, look in _CELLS.items()
    ]
    strip = [(Patch(**look), _word(change, language)) for change, look in _CHANGES.items()]
    nothing = Patch(alpha=0)
    above = [(nothing, _word("cells", language)), *cells, (nothing, "")]
    below = [(nothing, _word("strip", language)), *strip]
    key: Key = [entry for column in zip(above, below, strict=True) for entry in column]
    _place_legend(ax, key, columns=len(above))


# --- parts --------------------------------------------------------------------------------------


def plot_part_shift(
    shift: pd.DataFrame,
    codebook: Codebook,
    *,
    old_label: str,
    new_label: str,
    language: Language = "zh",
    measure: Literal["n", "rate"] = "n",
    ax: Axes | None = None,
) -> Axes:
    """Draw every topic's clauses in the preamble and in the operative part, old against new.

    Two columns of dumbbells with one scale: an open circle is the old edition, a filled one the
    new. Topics stand under their themes, those that gained most over both parts first; the counts
    stand beside each column.

    Parameters
    ----------
    shift : DataFrame
        Table `shift`; rows of unit `clause` and breakdown `part` are drawn.
    codebook : Codebook
        Gives the labels, the themes and their order.
    old_label, new_label : str
        Names of the editions.
    language : {"zh", "en"}
        Language of all labels.
    measure : {"n", "rate"}
        Clauses with the topic, or their number per 100 counted clauses.
    ax : Axes, optional
        Where to draw; a new figure of 180 mm width when left out.

    Returns
    -------
    Axes
        Holds the labels; its `child_axes` are the preamble and the operative part.

    Raises
    ------
    InputError
        When the table has no such rows, one topic twice, or a topic that the codebook lacks.

    Examples
    --------
    >>> ax = plot_part_shift(study.shift, study.codebook, old_label="2014",
    ...                      new_label="2022")  # doctest: +SKIP
    """
    parts = {
        part: _select(shift, codebook, "clause", "part", part)
        for part in ("preambular", "operative")
    }
    gains = [rows["n_new"] - rows["n_old"] for rows in parts.values()]
    places = _place_rows(gains[0].add(gains[1], fill_value=0), codebook)
    top = max(
        rows[f"{measure}_{version}"].max() for rows in parts.values() for version in ("old", "new")
    )
    with style_in_force():
        ax = ax or _new_axes(places.height_mm(24))
        _draw_places(ax, places, codebook, language)
        ax.xaxis.set_visible(False)
        ax.spines["bottom"].set_visible(False)
        for (part, rows), left in zip(parts.items(), (0.0, 0.55), strict=True):
            column = ax.inset_axes((left, 0.0, 0.37, 1.0))
            column.set_ylim(ax.get_ylim())
            column.set_xlim(-0.06 * max(top, 1), 1.06 * max(top, 1))
            column.patch.set_visible(False)
            column.yaxis.set_visible(False)
            column.spines["left"].set_visible(False)
            column.grid(axis="x")
            y = places.of(rows.index)
            _draw_dumbbells(column, y, rows[f"{measure}_old"], rows[f"{measure}_new"])
            _print_counts(column, y, rows, "clause", language)
            column.set_title(_word(part, language))
            column.xaxis.set_major_locator(MaxNLocator(5, steps=_STEPS, integer=True))
            column.set_xlabel(
                unit_name("clause", language) if measure == "n" else _word("rate", language)
            )
        _place_legend(ax, _dumbbell_key(old_label, new_label, ("grew", "fell"), language))
    return ax


# --- rows, places and pieces --------------------------------------------------------------------


@dataclass(frozen=True)
class _Places:
    """The y of every topic and of every theme's heading, downwards from 0."""

    topics: Mapping[str, float]
    themes: Mapping[str, float]

    def of(self, topics: Iterable[str]) -> Floats:
        return np.array([self.topics[topic] for topic in topics])

    @property
    def bottom(self) -> float:
        return len(self.topics) + len(self.themes) - 0.5

    def height_mm(self, around: float) -> float:
        return around + 4.4 * (self.bottom + 0.5)


def _select(
    shift: pd.DataFrame, codebook: Codebook, unit: str, breakdown: str, category: str
) -> pd.DataFrame:
    """Return the rows of one unit, breakdown and category, by topic."""
    rows = select_rows(shift, unit, breakdown, category)
    twice = sorted(set(rows["topic"][rows["topic"].duplicated()]))
    if twice:
        raise input_error(
            "shift",
            f"{unit}, {breakdown}, {category}",
            f"several rows for {', '.join(twice)}",
            "Select one corpus",
        )
    _check_topics("shift", rows["topic"], codebook)
    return rows.set_index("topic")


def _check_topics(table: str, topics: Iterable[str], codebook: Codebook) -> None:
    unknown = sorted(set(topics) - {topic.id for topic in codebook.topics})
    if unknown:
        raise input_error(
            table,
            ", ".join(unknown),
            f"codebook {codebook.id} {codebook.version} has no such topics",
            "Pass the codebook that the table was made with",
        )


def _place_rows(change: pd.Series[float], codebook: Codebook) -> _Places:
    """Give every topic of the series a row: by theme, then from the greatest gain to the loss."""
    topics: dict[str, float] = {}
    themes: dict[str, float] = {}
    for theme in codebook.themes:
        members = [t.id for t in codebook.topics if t.theme == theme and t.id in change.index]
        if members:
            themes[theme] = float(len(topics) + len(themes))
        for topic in sorted(members, key=lambda member: -change[member]):
            topics[topic] = float(len(topics) + len(themes))
    return _Places(topics, themes)


def _new_axes(height_mm: float, width_mm: float = DOUBLE_COLUMN_MM) -> Axes:
    size = width_mm / MM_PER_INCH, height_mm / MM_PER_INCH
    return PrintFigure(figsize=size, layout="constrained").subplots()


def _draw_places(ax: Axes, places: _Places, codebook: Codebook, language: Language) -> None:
    """Print the topics at the left, and the themes on bands above their topics."""
    # Labels leave more than half of a narrow figure's width to the data.
    letters = int(
        0.4 * _figure(ax).bbox.width / _figure(ax).dpi * 72 / (0.52 * mpl.rcParams["font.size"])
    )
    labels = [_wrap(codebook.topic(topic).label[language], letters) for topic in places.topics]
    ax.set_yticks(list(places.topics.values()), labels)
    ax.set_ylim(places.bottom, -0.5)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    ax.grid(axis="x")
    for theme, at in places.themes.items():
        ax.axhspan(at - 0.42, at + 0.42, color=BAND, linewidth=0, zorder=1)
        ax.text(
            0.005, at, codebook.themes[theme][language], transform=ax.get_yaxis_transform(),
            ha="left", va="center_baseline", color="0.3", zorder=6,
        )  # fmt: skip


def _draw_dumbbells(ax: Axes, y: Floats, old: pd.Series[float], new: pd.Series[float]) -> None:
    """Draw an open circle at the old value, a filled one at the new, and a bar between them."""
    colours = np.select([new > old, new < old], [GREW, FELL], INK).tolist()
    ax.hlines(y, old, new, colors=colours, linewidth=2.2 * _scale(), label="change", zorder=2)
    ax.plot(old, y, label="old", zorder=4, **_marker("old"))
    ax.scatter(
        new,
        y,
        c=colours,
        s=14 * _scale() ** 2,
        edgecolors=INK,
        linewidths=0.5,
        label="new",
        zorder=5,
    )


# The old circle is large enough for the filled one of an unchanged value to show inside it.
_MARKERS: dict[str, dict[str, Any]] = {
    "old": {"marker": "o", "markerfacecolor": "white", "markersize": 6.2},
    "new": {"marker": "o", "markerfacecolor": INK, "markersize": 3.8},
    "net": {"marker": "D", "markerfacecolor": "white", "markersize": 4.2},
}


def _marker(name: str) -> dict[str, Any]:
    """Return the look of a marker, in proportion to the type."""
    look = {**_MARKERS[name], "markeredgecolor": INK, "linestyle": "none"}
    return look | {"markersize": look["markersize"] * _scale()}


def _scale() -> float:
    return float(mpl.rcParams["font.size"] / 7.5)


def _dumbbell_key(
    old_label: str, new_label: str, words: tuple[str, str], language: Language
) -> Key:
    return [
        (Line2D([], [], **_marker("old")), old_label),
        (Line2D([], [], **_marker("new")), new_label),
        *(
            (Line2D([], [], color=colour, linewidth=2.2 * _scale()), _word(word, language))
            for word, colour in zip(words, (GREW, FELL), strict=True)
        ),
    ]


def _print_counts(ax: Axes, y: Floats, rows: pd.DataFrame, unit: str, language: Language) -> None:
    counts = [f"{a}→{b}" for a, b in zip(rows["n_old"], rows["n_new"], strict=True)]
    _print_at_right(ax, y, counts, f"{_word(unit, language)}\n{_word('old to new', language)}")


def _print_at_right(ax: Axes, y: Floats, texts: Sequence[str], heading: str) -> None:
    """Print one text per row in a column right of the axes, under a heading."""
    beside: dict[str, Any] = {
        "xycoords": ax.get_yaxis_transform(),
        "xytext": (6, 0),
        "textcoords": "offset points",
    }
    for at, text in zip(y, texts, strict=True):
        ax.annotate(text, (1, at), va="center_baseline", annotation_clip=False, **beside)
    ax.annotate(
        heading,
        (1, 1),
        xycoords="axes fraction",
        xytext=(6, 2),
        textcoords="offset points",
        va="bottom",
    )


def _place_legend(ax: Axes, key: Key, *, columns: int | None = None) -> None:
    """Put the key below the figure where the axes have it to themselves, or else above the axes."""
    figure = _figure(ax)
    handles, labels = zip(*key, strict=True)
    alone = len(figure.axes) == 1 and isinstance(
        figure.get_layout_engine(), ConstrainedLayoutEngine
    )
    room = (figure if alone else ax).bbox.width / figure.dpi * 72
    look: dict[str, Any] = {
        "ncols": columns or _fit_columns(labels, room), "frameon": False, "handlelength": 1.8,
        "columnspacing": 1.4,
    }  # fmt: skip
    if alone:
        figure.legend(handles, labels, loc="outside lower center", **look)
    else:
        above = ScaledTranslation(0, 2.8 * mpl.rcParams["font.size"] / 72, figure.dpi_scale_trans)
        ax.legend(
            handles, labels, loc="lower left", bbox_to_anchor=(0, 1), borderaxespad=0,
            bbox_transform=ax.transAxes + above, **look,
        )  # fmt: skip


def _fit_columns(labels: Sequence[str], room: float) -> int:
    """Return how many columns fit in `room` points; a Chinese character is one em wide."""
    ems = [4.0 + sum(1.0 if ord(c) > 0x2E80 else 0.52 for c in label) for label in labels]
    room /= mpl.rcParams["font.size"]
    for columns in range(len(ems), 1, -1):
        rows = -(-len(ems) // columns)
        if sum(max(ems[i : i + rows]) for i in range(0, len(ems), rows)) <= room:
            return columns
    return 1


def _figure(ax: Axes) -> Figure:
    figure = ax.get_figure(root=True)
    assert isinstance(figure, Figure)  # noqa: S101 - for the type checker; axes stand in one
    return figure


def _word(key: str, language: Language) -> str:
    return WORDS[key][language == "en"]


def _wrap(text: str, letters: int) -> str:
    return textwrap.fill(text, max(letters, 4), break_on_hyphens=False)


def _signed(n: float) -> str:
    return f"{n:+.0f}".replace("-", "\N{MINUS SIGN}") if n else "0"
