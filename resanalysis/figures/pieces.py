"""Words, colours, rows and pieces that the figures share."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import matplotlib as mpl
import matplotlib.style
import numpy as np
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.transforms import ScaledTranslation
from numpy.typing import NDArray

from resanalysis.figures.captions import select_rows
from resanalysis.figures.style import MM_PER_INCH, PrintFigure, figure_size, size_in_force
from resanalysis.model import Codebook, Language, input_error

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

Floats: TypeAlias = NDArray[np.float64]
Key: TypeAlias = list[tuple[Line2D | Patch, str]]
Unit: TypeAlias = Literal["clause", "character", "token", "matched"]

DOUBLE_COLUMN_MM = 180.0
FULL_PAGE_MM = (170.0, 230.0)

STEPS = [1, 2, 5, 10]

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
    "year": ("通过年份", "Year of adoption"),
    "rate": ("每100条中含该主题的条款数", "clauses with the topic per 100 clauses"),
    "preambular": ("序言部分", "Preamble"),
    "operative": ("执行部分", "Operative part"),
    "told n": (
        "行动对象；格内为含该主题的条款数，{old}→{new}",
        "Who is told to act; in the cells, clauses with the topic, {old}→{new}",
    ),
    "told rate": (
        "行动对象；格内为每100条中含该主题的条款数，{old}→{new}",
        "Who is told to act; in the cells, clauses with the topic per 100 clauses, {old}→{new}",
    ),
    "nobody": ("无行动\n对象", "nobody\nis told"),
    "both": ("满格：两版均有", "full: both"),
    "old": ("左半：仅{old}", "left half: {old} only"),
    "new": ("右半：仅{new}", "right half: {new} only"),
    "ADD": ("新增 ADD", "ADD added"),
    "SUP": ("删除 SUP", "SUP suppressed"),
    "MOD": ("修改 MOD", "MOD modified"),
    "NOC": ("未变 NOC", "NOC no change"),
    "difference count": ("{unit}之差", "Difference in {unit}"),
    "difference rate": ("比率之差（每100，按{unit}计）", "Difference of rates per 100 (by {unit})"),
    "difference share": (
        "份额之差（百分点，按{unit}计）",
        "Difference of shares in percentage points (by {unit})",
    ),
    "robust": ("稳健", "robust"),
    "undecided": ("未定", "undecided"),
    "fragile": ("脆弱", "fragile"),
    "sign kept, readings": ("同号：\n读法", "sign kept\nby readings"),
    "sign kept, choices": ("\n改值的选择", "choices that\nchange value"),
    "verdict": ("\n结论", "\nverdict"),
    "same": ("不变", "no change"),
    "readings grew": ("各读法（主结果为增）", "readings (headline grew)"),
    "readings fell": ("各读法（主结果为减）", "readings (headline fell)"),
    "readings same": ("各读法（主结果不变）", "readings (no change)"),
    "choices": ("各选择的范围", "range over choices"),
    "headline": ("主结果", "headline"),
    "drawn": ("{n}种读法", "{n} readings"),
    "interval and median": ("{level} %的读法与中位数", "{level} % of readings, median"),
    "tried": ("{topic}：{n}种其他选择", "{topic}: {n} other choices"),
    "unit: clause": ("单位：条款", "unit: clauses"),
    "unit: character": ("单位：字符", "unit: characters"),
    "unit: token": ("单位：词", "unit: tokens"),
    "unit: matched": ("单位：匹配字符", "unit: matched characters"),
    "segmentation: HMM on": ("单位：词（猜测新词）", "unit: tokens (guessed)"),
    "segmentation: HMM off": ("单位：词（不猜新词）", "unit: tokens (not guessed)"),
    "codebook: strict": ("词条：仅核心", "terms: core only"),
    "codebook: broad": ("词条：含外围", "terms: peripheral too"),
    "scope: topic": ("嵌套词条：各主题皆计", "nested terms: every topic's"),
    "scope: codebook": ("嵌套词条：只计最长", "nested terms: longest only"),
    "citations: left out": ("所引文件标题：不计", "cited titles: left out"),
    "reference: reference": ("参照编码", "reference coding"),
    "preamble: left out": ("序言：不计", "preamble: left out"),
    "of topic": ("{term}（{topic}）", "{term} ({topic})"),
    "rule": ("规则{rule}", "rule {rule}"),
    "one reference": ("编码者：{option}", "coder: {option}"),
    "one term": ("去掉词条：{option}", "term left out: {option}"),
    "one clause": ("去掉条款：{option}", "clause left out: {option}"),
    "one alignment": ("对齐阈值：{option}", "alignment threshold: {option}"),
    "each term": ("逐一去掉词条（{n}）", "each term left out ({n})"),
    "each clause": ("逐一去掉条款（{n}）", "each clause left out ({n})"),
    "each alignment": ("对齐阈值（{n}）", "alignment threshold ({n})"),
}
"""The words that the figures print beside the codebook's labels, in Chinese and in English."""


def fill_style(colour: str, hatch: str, line: float = 0.4) -> dict[str, Any]:
    """Return the look of a filled patch: colour, hatch, line."""
    return {"facecolor": colour, "hatch": hatch, "edgecolor": INK, "linewidth": line}


@dataclass(frozen=True)
class Places:
    """The y of every topic and of every theme's heading, downwards from 0."""

    topics: Mapping[str, float]
    themes: Mapping[str, float]

    def of(self, topics: Iterable[str]) -> Floats:
        """Return the y of these topics, in their order."""
        return np.array([self.topics[topic] for topic in topics])

    @property
    def bottom(self) -> float:
        """The y below the last row."""
        return len(self.topics) + len(self.themes) - 0.5

    def height_mm(self, around: float, row: float = 4.4) -> float:
        """Return the height of a figure with these rows and `around` millimetres besides."""
        return around + row * (self.bottom + 0.5)


def choose_rows(
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
    check_topics("shift", rows["topic"], codebook)
    return rows.set_index("topic")


def check_topics(table: str, topics: Iterable[str], codebook: Codebook) -> None:
    """Refuse topics that the codebook lacks."""
    unknown = sorted(set(topics) - {topic.id for topic in codebook.topics})
    if unknown:
        raise input_error(
            table,
            ", ".join(unknown),
            f"codebook {codebook.id} {codebook.version} has no such topics",
            "Pass the codebook that the table was made with",
        )


def place_rows(change: pd.Series[float], codebook: Codebook) -> Places:
    """Give every topic of the series a row: by theme, then from the greatest gain to the loss."""
    topics: dict[str, float] = {}
    themes: dict[str, float] = {}
    for theme in codebook.themes:
        members = [t.id for t in codebook.topics if t.theme == theme and t.id in change.index]
        if members:
            themes[theme] = float(len(topics) + len(themes))
        for topic in sorted(members, key=lambda member: -change[member]):
            topics[topic] = float(len(topics) + len(themes))
    return Places(topics, themes)


def new_axes(height_mm: float, width_mm: float = DOUBLE_COLUMN_MM) -> Axes:
    """Return the axes of a new figure, made without pyplot.

    It has this size unless the style in force asks for a width: then it has that one and a height
    in proportion to the type, and on a slide the slide's height.
    """
    size = width_mm / MM_PER_INCH, height_mm / MM_PER_INCH
    told = size_in_force()
    if told is not None:
        size = told if told == figure_size("slide") else (told[0], size[1] * type_scale())
    return PrintFigure(figsize=size, layout="constrained").subplots()


def new_rows(places: Places, codebook: Codebook, language: Language, around: float) -> Axes:
    """Return new axes with room for every topic's label, which breaks in a narrow figure."""
    width, _ = size_in_force() or (DOUBLE_COLUMN_MM / MM_PER_INCH, 0)
    labels = _wrap_topics(places, codebook, language, width)
    lines = max((label.count("\n") + 1 for label in labels), default=1)
    return new_axes(places.height_mm(around, max(4.4, 3.2 * lines)))


def _wrap_topics(places: Places, codebook: Codebook, language: Language, width: float) -> list[str]:
    """Return the topics' labels in lines that leave more than half of the width to the data."""
    letters = int(0.4 * count_letters(width))
    return [wrap_label(codebook.topic(topic).label[language], letters) for topic in places.topics]


def count_letters(width: float) -> float:
    """Return how many Latin letters of the type in force stand side by side in `width` inches."""
    return float(width * 72 / (0.52 * mpl.rcParams["font.size"]))


def width_of(ax: Axes) -> float:
    """Return the width in inches of the figure that the axes stand in."""
    figure = figure_of(ax)
    return float(figure.bbox.width / figure.dpi)


def label_values(ax: Axes, text: str) -> None:
    """Print the name of the values below the axes, in lines that a narrow figure has room for."""
    ax.set_xlabel(wrap_label(text, int(0.55 * count_letters(width_of(ax)))))


def draw_places(ax: Axes, places: Places, codebook: Codebook, language: Language) -> None:
    """Print the topics at the left, and the themes on bands above their topics."""
    labels = _wrap_topics(places, codebook, language, width_of(ax))
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


def draw_dumbbells(ax: Axes, y: Floats, old: pd.Series[float], new: pd.Series[float]) -> None:
    """Draw an open circle at the old value, a filled one at the new, and a bar between them."""
    colours = np.select([new > old, new < old], [GREW, FELL], INK).tolist()
    ax.hlines(y, old, new, colors=colours, linewidth=2.2 * type_scale(), label="change", zorder=2)
    ax.plot(old, y, label="old", zorder=4, **marker_style("old"))
    ax.scatter(
        new,
        y,
        c=colours,
        s=14 * type_scale() ** 2,
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


def marker_style(name: str) -> dict[str, Any]:
    """Return the look of a marker, in proportion to the type."""
    look = {**_MARKERS[name], "markeredgecolor": INK, "linestyle": "none"}
    return look | {"markersize": look["markersize"] * type_scale()}


def type_scale() -> float:
    """Return the size of the type in force, relative to the one for print."""
    return float(mpl.rcParams["font.size"] / 7.5)


def dumbbell_key(old_label: str, new_label: str, words: tuple[str, str], language: Language) -> Key:
    """Return the entries of a legend that explain dumbbells."""
    return [
        (Line2D([], [], **marker_style("old")), old_label),
        (Line2D([], [], **marker_style("new")), new_label),
        *(
            (Line2D([], [], color=colour, linewidth=2.2 * type_scale()), print_word(word, language))
            for word, colour in zip(words, (GREW, FELL), strict=True)
        ),
    ]


def print_counts(ax: Axes, y: Floats, rows: pd.DataFrame, unit: str, language: Language) -> None:
    """Print the counts of both editions at the right of every row."""
    counts = [f"{a}→{b}" for a, b in zip(rows["n_old"], rows["n_new"], strict=True)]
    print_at_right(
        ax, y, counts, f"{print_word(unit, language)}\n{print_word('old to new', language)}"
    )


def print_at_right(ax: Axes, y: Floats, texts: Sequence[str], heading: str) -> None:
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


def place_legend(ax: Axes, key: Key, *, columns: int | None = None) -> None:
    """Put the key below the figure where the axes have it to themselves, or else above the axes."""
    figure = figure_of(ax)
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


def measure_ems(text: str) -> float:
    """Return about how wide a text is, in sizes of the type; a Chinese character is one."""
    return sum(1.0 if ord(c) > 0x2E80 else 0.52 for c in text)


def _fit_columns(labels: Sequence[str], room: float) -> int:
    """Return how many columns fit in `room` points."""
    ems = [4.0 + measure_ems(label) for label in labels]
    room /= mpl.rcParams["font.size"]
    for rows in range(1, len(ems)):
        columns = -(-len(ems) // rows)
        # matplotlib fills columns as array_split does: the first ones take what is left over.
        if sum(max(column) for column in np.array_split(ems, columns)) <= room:
            return columns
    return 1


def figure_of(ax: Axes) -> Figure:
    """Return the figure the axes stand in."""
    figure = ax.get_figure(root=True)
    assert isinstance(figure, Figure)  # noqa: S101 - for the type checker; axes stand in one
    return figure


def print_word(key: str, language: Language) -> str:
    """Return the word or phrase that the figures print for `key`."""
    return WORDS[key][language == "en"]


def wrap_label(text: str, letters: int) -> str:
    """Break a label into lines of about so many letters."""
    return textwrap.fill(text, max(letters, 4), break_on_hyphens=False)


def print_signed(n: float) -> str:
    """Return a number with its sign, a true minus for negative ones."""
    return f"{n:+.0f}".replace("-", "\N{MINUS SIGN}") if n else "0"
