"""Topics of every clause in both editions, in the order of the document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from matplotlib.collections import PatchCollection
from matplotlib.patches import Patch, Rectangle

from resanalysis.figures.clause_rows import (
    CHANGES,
    Section,
    beside_axes,
    draw_columns,
    index_clauses,
    least_height_mm,
    line_height,
    name_heading,
    place_columns,
    place_sections,
    section_of,
    spread_apart,
    topic_set,
)
from resanalysis.figures.pieces import (
    BAND,
    BOTH,
    FULL_PAGE_MM,
    GREW,
    INK,
    SOFT,
    Key,
    new_axes,
    place_legend,
    print_word,
)
from resanalysis.figures.style import style_in_force
from resanalysis.model import Codebook, Language

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes


_CELLS: dict[str, dict[str, Any]] = {
    "both": {"facecolor": BOTH},
    "old": {"facecolor": "white", "edgecolor": INK, "linewidth": 0.6},
    "new": {"facecolor": GREW},
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
    topics = topic_set(tags, codebook)
    y, sections = place_sections([(row.section, row.heading) for row in rows])
    x = place_columns(codebook)
    marks = _find_marks(rows, topics, x, y)
    with style_in_force():
        width, tallest = FULL_PAGE_MM
        height = max(55 + 2.2 * (y[-1] + 1), least_height_mm(codebook, language))
        ax = ax or new_axes(min(tallest, height), width)
        right, bottom = max(x.values()) + 0.5, y[-1] + 0.5
        # A few topics do not spread over the page.
        ax.set_xlim(-1.6, max(right, 12.0))
        ax.set_ylim(bottom + 0.4, -0.9)
        _draw_sections(ax, sections, headings or {}, language, right)
        _draw_parts(ax, rows, y, language)
        for name, patches in marks.items():
            ax.add_collection(PatchCollection(patches, label=name, zorder=3, **_CELLS[name]))
        for change, look in CHANGES.items():
            tops = [at - 0.5 for row, at in zip(rows, y, strict=True) if row.change == change]
            strip = [Rectangle((-1.5, top), 0.7, 1.0) for top in tops]
            ax.add_collection(PatchCollection(strip, label=change, zorder=3, **look))
        draw_columns(ax, codebook, [x], bottom, language)
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


def _map_rows(clauses: pd.DataFrame, pairs: pd.DataFrame) -> list[_MapRow]:
    """Return the pairs in the new edition's order, suppressed clauses behind their predecessors."""
    drawn = pairs[pairs["relation"].eq("1:1")]
    found = index_clauses(clauses, drawn)
    old, new = found["old"], found["new"]
    ids = list(zip(drawn["old_id"], drawn["new_id"], drawn["change"], strict=True))
    kept = {section_of(b) for _, b, _ in ids if b}
    renamed = {section_of(a): section_of(b) for a, b, _ in reversed(ids) if a and b}
    steady = [
        (old[a][0], new[b][0])
        for a, b, _ in ids
        if a and b and renamed[section_of(a)] == section_of(b)
    ]
    rows: list[tuple[tuple[int, int, int], _MapRow]] = []
    for a, b, change in ids:
        at, clause = new[b] if b else old[a]
        section = section_of(b or a)
        if not b and section not in kept:
            section = renamed.get(section, section)
        before = -1 if b else max((to for place, to in steady if place < at), default=-1)
        place = (at, 0, 0) if b else (before, 1, at)
        heading = name_heading(clause, section)
        rows.append((place, _MapRow(a, b, change, section, heading, str(clause.part))))
    rows.sort(key=lambda row: row[0])
    first: dict[str, int] = {}
    for i, (_, row) in enumerate(rows):
        if row.new_id or row.section not in kept:
            first.setdefault(row.section, i)
    return sorted((row for _, row in rows), key=lambda row: first[row.section])


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
    sections: Sequence[Section],
    headings: Mapping[str, str],
    language: Language,
    right: float,
) -> None:
    """Band every other section and print the headings at the left, led to their sections."""
    beside: dict[str, Any] = {"transform": beside_axes(ax, 0), "clip_on": False}
    middles = [(section.top + section.bottom) / 2 for section in sections]
    spread = spread_apart(middles, [line_height(ax)] * len(middles))
    for i, (section, middle, at) in enumerate(zip(sections, middles, spread, strict=True)):
        if i % 2 == 0:
            ax.axhspan(section.top, section.bottom, color=BAND, linewidth=0, zorder=0)
        label = headings.get(section.id, section.heading[language])
        ax.text(-0.18, at, label, ha="right", va="center", transform=beside["transform"])
        ax.plot([-0.16, -0.05], [at, middle], color=SOFT, linewidth=0.5, **beside)
        ax.plot([-0.05, -0.05], [section.top, section.bottom], color=INK, linewidth=0.9, **beside)
    for edge in [*(section.top for section in sections), sections[-1].bottom]:
        ax.plot([-0.5, right], [edge, edge], color="0.8", linewidth=0.3, zorder=1)


def _draw_parts(ax: Axes, rows: Sequence[_MapRow], y: Sequence[float], language: Language) -> None:
    """Mark at the right where the preamble ends and the operative part begins."""
    for part in ("preambular", "operative"):
        within = [at for row, at in zip(rows, y, strict=True) if row.part == part]
        if within:
            top, bottom = min(within) - 0.5, max(within) + 0.5
            beside = beside_axes(ax, 1)
            ax.plot(
                [0.06] * 2, [top, bottom], color=INK, linewidth=0.9, clip_on=False, transform=beside
            )
            words = print_word(part, language)
            ax.text(0.1, (top + bottom) / 2, words, rotation=270, va="center", transform=beside)


def _place_map_key(ax: Axes, old_label: str, new_label: str, language: Language) -> None:
    """Explain the cells in one row and the strip in another."""
    cells = [
        (Patch(**look), print_word(name, language).format(old=old_label, new=new_label))
        for name, look in _CELLS.items()
    ]
    strip = [(Patch(**look), print_word(change, language)) for change, look in CHANGES.items()]
    nothing = Patch(alpha=0)
    above = [(nothing, print_word("cells", language)), *cells, (nothing, "")]
    below = [(nothing, print_word("strip", language)), *strip]
    key: Key = [entry for column in zip(above, below, strict=True) for entry in column]
    place_legend(ax, key, columns=len(above))
