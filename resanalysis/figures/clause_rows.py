"""Rows and columns of the figures of clauses by topic: sections, headings, topics, themes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import matplotlib as mpl
import matplotlib.style
import numpy as np
from matplotlib.transforms import BboxTransformTo, ScaledTranslation, blended_transform_factory

from resanalysis.figures.pieces import (
    FELL,
    GREW,
    INK,
    check_topics,
    figure_of,
    fill_style,
    measure_ems,
    wrap_label,
)
from resanalysis.figures.style import MM_PER_INCH, PRINT_TYPE
from resanalysis.model import Codebook, Language, input_error

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.transforms import Transform

_LETTERS = 28  # in a line of a topic's label
CHANGES: dict[str, dict[str, Any]] = {
    "ADD": fill_style(GREW, "", 0.25),
    "SUP": fill_style(FELL, "xxxxxx", 0.25),
    "MOD": fill_style("#d0d0d0", "//////", 0.25),
    "NOC": fill_style("white", "", 0.25),
}


@dataclass(frozen=True)
class Section:
    """A run of rows under one heading, from `top` to `bottom` on the y axis."""

    id: str
    heading: Mapping[Language, str]
    top: float
    bottom: float


def section_of(clause_id: str) -> str:
    """Return the part of a clause's id that it shares with its section."""
    return clause_id.split("__")[0]


def _english_heading(section: str, addressee: str) -> str:
    """Return the section's id as words, with the codes of its addressees in capitals."""
    codes = addressee.split("+")
    return " ".join(w.upper() if w.upper() in codes else w for w in section.split("-"))


def place_sections(
    rows: Sequence[tuple[str, Mapping[Language, str]]],
) -> tuple[list[float], list[Section]]:
    """Return the y of every row, with a gap between sections, and the sections.

    `rows` gives each row's section and its heading.
    """
    y: list[float] = []
    sections: list[Section] = []
    for section, heading in rows:
        at = 0.0 if not y else y[-1] + 1
        if sections and sections[-1].id == section:
            sections[-1] = replace(sections[-1], bottom=at + 0.5)
        else:
            at += 0.7 if y else 0.0
            sections.append(Section(section, heading, at - 0.5, at + 0.5))
        y.append(at)
    return y, sections


def index_clauses(clauses: pd.DataFrame, pairs: pd.DataFrame) -> dict[str, dict[str, Any]]:
    """Return the clauses of each version by id, in order; each with `place` and its row.

    Pairs that name a clause which is not there are refused, and so is a table without any.
    """
    if pairs.empty:
        raise input_error("pairs", "", "it has no 1:1 rows to draw", "Pass the table `pairs`")
    found: dict[str, dict[str, Any]] = {
        version: {
            str(row.clause_id): (at, row)
            for at, row in enumerate(clauses[clauses["version"].eq(version)].itertuples())
        }
        for version in ("old", "new")
    }
    lacking = {
        name
        for version, ids in found.items()
        for name in pairs[f"{version}_id"]
        if name and name not in ids
    }
    if lacking:
        raise input_error(
            "pairs",
            ", ".join(sorted(lacking)[:5]),
            "`clauses` lacks these clauses",
            "Pass the tables of one study",
        )
    return found


def name_heading(clause: Any, section: str) -> dict[Language, str]:
    """Return the heading of a clause's section as printed, and the section's id in English."""
    return {
        "zh": str(clause.heading),
        "en": _english_heading(section, str(clause.addressee)),
    }


def topic_set(tags: pd.DataFrame, codebook: Codebook) -> set[tuple[str, str, str]]:
    """Return version, clause and topic of every tag."""
    check_topics("tags", tags["topic"], codebook)
    return set(zip(tags["version"], tags["clause_id"], tags["topic"], strict=True))


def place_columns(codebook: Codebook) -> dict[str, float]:
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


def least_height_mm(codebook: Codebook, language: Language) -> float:
    """Return the height that topics above, themes below and the key leave some of to a clause."""
    labels = [wrap_label(topic.label[language], _LETTERS) for topic in codebook.topics]
    longest = max((measure_ems(line) for label in labels for line in label.split("\n")), default=0)
    themes = (_wrap_theme(codebook, theme, language) for theme in codebook.themes)
    lines = max((theme.count("\n") + 1 for theme in themes), default=1)
    return 28 + PRINT_TYPE / 72 * MM_PER_INCH * (longest + lines)


def _wrap_theme(codebook: Codebook, theme: str, language: Language) -> str:
    """Return a theme's label in lines that its columns have room for."""
    columns = sum(topic.theme == theme for topic in codebook.topics)
    return wrap_label(codebook.themes[theme][language], max(5 * columns, 6))


def line_height(ax: Axes) -> float:
    """Return about how many rows a line of type is high."""
    rows = abs(ax.get_ylim()[0] - ax.get_ylim()[1])
    points = ax.bbox.height / figure_of(ax).dpi * 72
    return float(1.15 * mpl.rcParams["font.size"] * rows / points)


def spread_apart(
    places: Sequence[float], heights: Sequence[float], limits: tuple[float, float] | None = None
) -> list[float]:
    """Return the places, moved as little as needed, so that things of these heights stand apart.

    With `limits`, none stands outside them as long as all have room inside.
    """
    groups: list[list[int]] = []

    def span(group: list[int]) -> tuple[float, float]:
        length = sum(heights[i] for i in group)
        start = float(np.mean([places[i] for i in group])) - length / 2
        if limits is not None:
            start = max(min(start, limits[1] - length), limits[0])
        return start, start + length

    for i in range(len(places)):
        groups.append([i])
        while len(groups) > 1 and span(groups[-1])[0] < span(groups[-2])[1]:
            groups[-2:] = [groups[-2] + groups[-1]]
    spread: list[float] = []
    for group in groups:
        at = span(group)[0]
        for i in group:
            spread.append(at + heights[i] / 2)
            at += heights[i]
    return spread


def beside_axes(ax: Axes, edge: Literal[0, 1]) -> Transform:
    """Return x in inches from the left or right edge of the axes, y in their rows."""
    inches = figure_of(ax).dpi_scale_trans + ScaledTranslation(edge, 0, BboxTransformTo(ax.bbox))
    return blended_transform_factory(inches, ax.transData)


def draw_columns(
    ax: Axes,
    codebook: Codebook,
    blocks: Sequence[Mapping[str, float]],
    bottom: float,
    language: Language,
    *,
    letters: int = _LETTERS,
    size: float | None = None,
    stagger: bool = False,
) -> None:
    """Print the topics above the columns of each block and the themes below them.

    Topics stand in lines of so many letters and in type of a size relative to that in force; a
    little smaller where they have several lines, when left out. With `stagger` every other theme
    is named a line lower, for narrow columns.
    """
    ax.spines[:].set_visible(False)
    ax.yaxis.set_visible(False)
    ax.xaxis.tick_top()
    columns = [column for x in blocks for column in x.items()]
    labels = [wrap_label(codebook.topic(topic).label[language], letters) for topic, _ in columns]
    ax.set_xticks([at for _, at in columns], labels)
    size = size or (0.88 if any("\n" in label for label in labels) else 1.0)
    type_size = size * mpl.rcParams["font.size"]
    ax.tick_params(axis="x", length=0, pad=1, labelrotation=90, labelsize=type_size)
    for _, at in columns:
        ax.plot([at, at], [-0.5, bottom], color="0.85", linewidth=0.3, zorder=1)
    for x in blocks:
        for order, theme in enumerate(codebook.themes):
            within = [x[topic.id] for topic in codebook.topics if topic.theme == theme]
            if within:
                words = _wrap_theme(codebook, theme, language)
                words = "\n" + words if stagger and order % 2 else words
                _draw_theme(ax, words, min(within) - 0.45, max(within) + 0.45, bottom)


def _draw_theme(ax: Axes, words: str, left: float, right: float, bottom: float) -> None:
    """Draw a line below the columns of a theme, and its name below the line."""
    ax.plot([left, right], [bottom + 0.4] * 2, color=INK, linewidth=0.9, clip_on=False)
    size = 0.88 * mpl.rcParams["font.size"]
    ax.text((left + right) / 2, bottom + 0.8, words, ha="center", va="top", fontsize=size)
