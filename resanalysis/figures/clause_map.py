"""Topics of every clause in both editions, in the order of the document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import matplotlib as mpl
import matplotlib.style
import numpy as np
from matplotlib.collections import PatchCollection
from matplotlib.patches import Patch, Rectangle
from matplotlib.transforms import BboxTransformTo, ScaledTranslation, blended_transform_factory

from resanalysis.figures.pieces import (
    BAND,
    BOTH,
    FELL,
    FULL_PAGE_MM,
    GREW,
    INK,
    SOFT,
    Key,
    check_topics,
    figure_of,
    fill_style,
    measure_ems,
    new_axes,
    place_legend,
    print_word,
    wrap_label,
)
from resanalysis.figures.style import MM_PER_INCH, PRINT_TYPE, style_in_force
from resanalysis.model import Codebook, Language, input_error

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.transforms import Transform

_LETTERS = 28  # in a line of a topic's label

_CELLS: dict[str, dict[str, Any]] = {
    "both": {"facecolor": BOTH},
    "old": {"facecolor": "white", "edgecolor": INK, "linewidth": 0.6},
    "new": {"facecolor": GREW},
}
_CHANGES: dict[str, dict[str, Any]] = {
    "ADD": fill_style(GREW, "", 0.25),
    "SUP": fill_style(FELL, "xxxxxx", 0.25),
    "MOD": fill_style("#d0d0d0", "//////", 0.25),
    "NOC": fill_style("white", "", 0.25),
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
        clause ids stands for them (`instructs-sg` as `instructs SG`).
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
        height = max(55 + 2.2 * (y[-1] + 1), _least_height_mm(codebook, language))
        ax = ax or new_axes(min(tallest, height), width)
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
    heading: Mapping[Language, str]
    part: str


@dataclass(frozen=True)
class _Section:
    """A run of rows under one heading, from `top` to `bottom` on the y axis."""

    id: str
    heading: Mapping[Language, str]
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
        heading: dict[Language, str] = {
            "zh": str(clause.heading),
            "en": _english_heading(section, str(clause.addressee)),
        }
        rows.append((place, _MapRow(a, b, change, section, heading, str(clause.part))))
    rows.sort(key=lambda row: row[0])
    first: dict[str, int] = {}
    for i, (_, row) in enumerate(rows):
        if row.new_id or row.section not in kept:
            first.setdefault(row.section, i)
    return sorted((row for _, row in rows), key=lambda row: first[row.section])


def _section(clause_id: str) -> str:
    return clause_id.split("__")[0]


def _english_heading(section: str, addressee: str) -> str:
    """Return the section's id as words, with the codes of its addressees in capitals."""
    codes = addressee.split("+")
    return " ".join(w.upper() if w.upper() in codes else w for w in section.split("-"))


def _topic_set(tags: pd.DataFrame, codebook: Codebook) -> set[tuple[str, str, str]]:
    """Return version, clause and topic of every tag."""
    check_topics("tags", tags["topic"], codebook)
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


def _least_height_mm(codebook: Codebook, language: Language) -> float:
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
        label = headings.get(section.id, section.heading[language])
        ax.text(-0.18, at, label, ha="right", va="center", transform=beside["transform"])
        ax.plot([-0.16, -0.05], [at, middle], color=SOFT, linewidth=0.5, **beside)
        ax.plot([-0.05, -0.05], [section.top, section.bottom], color=INK, linewidth=0.9, **beside)
    for edge in [*(section.top for section in sections), sections[-1].bottom]:
        ax.plot([-0.5, right], [edge, edge], color="0.8", linewidth=0.3, zorder=1)


def _line_height(ax: Axes) -> float:
    """Return about how many rows a line of type is high."""
    rows = abs(ax.get_ylim()[0] - ax.get_ylim()[1])
    points = ax.bbox.height / figure_of(ax).dpi * 72
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
            words = print_word(part, language)
            ax.text(0.1, (top + bottom) / 2, words, rotation=270, va="center", transform=beside)


def _beside(ax: Axes, edge: Literal[0, 1]) -> Transform:
    """Return x in inches from the left or right edge of the axes, y in their rows."""
    inches = figure_of(ax).dpi_scale_trans + ScaledTranslation(edge, 0, BboxTransformTo(ax.bbox))
    return blended_transform_factory(inches, ax.transData)


def _draw_columns(
    ax: Axes, codebook: Codebook, x: Mapping[str, float], bottom: float, language: Language
) -> None:
    """Print the topics above their columns and the themes below them."""
    ax.spines[:].set_visible(False)
    ax.yaxis.set_visible(False)
    ax.xaxis.tick_top()
    labels = [wrap_label(codebook.topic(topic).label[language], _LETTERS) for topic in x]
    ax.set_xticks(list(x.values()), labels)
    size = mpl.rcParams["font.size"] * (0.88 if any("\n" in label for label in labels) else 1)
    ax.tick_params(axis="x", length=0, pad=1, labelrotation=90, labelsize=size)
    for at in x.values():
        ax.plot([at, at], [-0.5, bottom], color="0.85", linewidth=0.3, zorder=1)
    for theme in codebook.themes:
        columns = [x[topic.id] for topic in codebook.topics if topic.theme == theme]
        if columns:
            left, right = min(columns) - 0.45, max(columns) + 0.45
            ax.plot([left, right], [bottom + 0.4] * 2, color=INK, linewidth=0.9, clip_on=False)
            words = _wrap_theme(codebook, theme, language)
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
        (Patch(**look), print_word(name, language).format(old=old_label, new=new_label))
        for name, look in _CELLS.items()
    ]
    strip = [(Patch(**look), print_word(change, language)) for change, look in _CHANGES.items()]
    nothing = Patch(alpha=0)
    above = [(nothing, print_word("cells", language)), *cells, (nothing, "")]
    below = [(nothing, print_word("strip", language)), *strip]
    key: Key = [entry for column in zip(above, below, strict=True) for entry in column]
    place_legend(ax, key, columns=len(above))
