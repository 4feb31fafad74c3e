"""Clauses of both editions, each in its own order, with their topics and links between them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import matplotlib as mpl
from matplotlib.collections import LineCollection, PatchCollection
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle

from resanalysis.figures.captions import describe_sources
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
from resanalysis.figures.line_breaks import break_lines
from resanalysis.figures.pieces import (
    BAND,
    DOUBLE_COLUMN_MM,
    FULL_PAGE_MM,
    GREW,
    INK,
    SOFT,
    Key,
    figure_of,
    new_axes,
    place_legend,
    print_word,
    type_scale,
)
from resanalysis.figures.style import style_in_force
from resanalysis.model import Codebook, Corpus, Language, Version

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

_GAP = 9.0  # columns between the blocks
_LETTERS: Mapping[Language, int] = {"zh": 8, "en": 15}  # in a line of a heading
_SMALL = 0.8  # of the type in force: twice as many columns as in a map
_CELLS: dict[str, dict[str, Any]] = {
    "both": {"facecolor": "#9a9a9a"},  # told from the blue one in grey print
    "left": {"facecolor": "white", "edgecolor": INK, "linewidth": 0.6},
    "entered": {"facecolor": GREW},
}
_LINKS: dict[str, dict[str, Any]] = {
    "NOC": {"color": "0.72", "linewidth": 0.5},
    "MOD": {"color": INK, "linewidth": 0.8},
    "moved": {"color": GREW, "linewidth": 1.3, "linestyle": (0, (3.5, 1.2))},
    "split": {"color": INK, "linewidth": 0.8, "linestyle": (0, (1, 1.2))},
}
_WORDS: dict[str, tuple[str, str]] = {
    "cells": ("方格：", "Cells:"),
    "both": ("配对条款两版均有", "in both of the pair"),
    "left": ("仅旧版有", "in the old only"),
    "entered": ("仅新版有", "in the new only"),
    "strip": ("侧条：", "Strips:"),
    "links": ("连线：", "Links:"),
    "NOC": ("未变 NOC", "NOC no change"),
    "MOD": ("修改 MOD", "MOD modified"),
    "moved": ("移位", "moved"),
    "split": ("拆分或合并", "split or merged"),
    "caption": (
        "{old}（左，{n_old}条）与{new}（右，{n_new}条）各条款的主题，各按原有顺序；连线为两版配对的"
        "条款，共{linked}对：{kinds}。{moved}无连线者：左为删除（SUP，{sup}条），右为新增"
        "（ADD，{add}条）。灰格：配对条款两版均有该主题；空心格：仅旧版有；蓝格：仅新版有。配对先看"
        "共有的原文字符，再看文字相似度；均低于阈值者视为删除与新增。",
        "Topics of the clauses of {old} (left, {n_old}) and {new} (right, {n_new}), each edition "
        "in its own order; links join {linked} pairs of clauses: {kinds}. {moved}Without a link: "
        "suppressed at the left (SUP, {sup}), added at the right (ADD, {add}). Grey cell: both "
        "clauses of a pair have the topic; open: the old one only; blue: the new one only. Clauses "
        "are paired by the characters of the source that they share, then by the likeness of their "
        "wording; below a threshold of both they count as suppressed and added. ",
    ),
    "caption moved": (
        "其中改变了先后次序或改换了节的有{moved}对（虚线）。",
        "Dashed: changed their place among the others or their section ({moved} of these). ",
    ),
    "caption split": (
        "点线：拆分或合并（{split}）。",
        "Dotted: split or merged ({split}). ",
    ),
}


def plot_clause_links(
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
    """Draw the clauses by topic of both editions side by side, linked where they are paired.

    One row is one clause, one column one topic; the old edition stands at the left and the new one
    at the right, each in its own order. A link joins the clauses of a pair: thin where nothing
    changed, dark where the wording did, dashed where the clause moved. Clauses without a link were
    suppressed or added, as the strips beside the links say.

    Parameters
    ----------
    clauses, tags, pairs : DataFrame
        Tables of those names. Split and merge rows of `pairs` are dotted links.
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
        Where to draw; a new figure of 180 mm width and up to 230 mm height when left out.

    Returns
    -------
    Axes
        With one collection of links for each of `NOC`, `MOD`, `moved` and `split`; for each version
        one of cells, as `old both`, `old left`, `new both` and `new entered`, and one of each
        change, as `old SUP`.

    Raises
    ------
    InputError
        When there are no pairs, a pair names a clause that `clauses` lacks, or a tag has a topic
        that the codebook lacks.

    Examples
    --------
    >>> ax = plot_clause_links(study.clauses, study.tags, study.pairs, study.codebook,
    ...                        old_label="2014", new_label="2022")  # doctest: +SKIP
    """
    drawn = pairs[pairs["relation"].eq("1:1")]
    found = index_clauses(clauses, drawn)
    topics = topic_set(tags, codebook)
    columns = place_columns(codebook)
    across = max(columns.values()) + _GAP
    blocks = {
        "old": _place_block(found["old"], drawn, "old", columns, 0.0),
        "new": _place_block(found["new"], drawn, "new", columns, across),
    }
    bottom = max(max(block.y.values(), default=0.0) for block in blocks.values()) + 0.5
    with style_in_force():
        least = least_height_mm(codebook, language) + 10
        height = min(FULL_PAGE_MM[1], max(62 + 2.2 * (bottom + 0.5), least))
        ax = ax or _leave_margin(new_axes(height, DOUBLE_COLUMN_MM))
        ax.set_xlim(-0.7, across + max(columns.values()) + 0.7)
        ax.set_ylim(bottom + 0.4, -0.9)
        for version, block in blocks.items():
            _draw_cells(ax, block, drawn, topics, version)
            _draw_strips(ax, block, drawn, version)
            _draw_sections(ax, block, headings or {}, language, version)
        _draw_links(ax, pairs, blocks)
        both = [block.x for block in blocks.values()]
        draw_columns(ax, codebook, both, bottom, language, letters=48, size=_SMALL, stagger=True)
        _name_editions(ax, blocks, (old_label, new_label))
        _place_key(ax, pairs, language)
    return ax


def _leave_margin(ax: Axes) -> Axes:
    """Leave a little more than usual above the longest topic: hinted type grows on the screen."""
    engine = figure_of(ax).get_layout_engine()
    if isinstance(engine, ConstrainedLayoutEngine):
        engine.set(h_pad=0.08)
    return ax


@dataclass(frozen=True)
class _Block:
    """One edition: the x of its topics, the y of its clauses, its sections, where links begin."""

    x: Mapping[str, float]
    y: Mapping[str, float]
    sections: Sequence[Section]
    link: float
    strip: float


def _place_block(
    found: Mapping[str, tuple[int, Any]],
    drawn: pd.DataFrame,
    version: Version,
    columns: Mapping[str, float],
    across: float,
) -> _Block:
    """Place the clauses of one edition that are in pairs, in its own order."""
    there = {name for name in drawn[f"{version}_id"] if name}
    names = [name for name in found if name in there]
    rows = [(section_of(name), name_heading(found[name][1], section_of(name))) for name in names]
    y, sections = place_sections(rows)
    x = {topic: at + across for topic, at in columns.items()}
    if version == "old":
        edge = max(x.values()) + 0.7
        return _Block(x, dict(zip(names, y, strict=True)), sections, edge + 0.9, edge)
    edge = across - 0.7
    return _Block(x, dict(zip(names, y, strict=True)), sections, edge - 0.9, edge - 0.7)


def _draw_cells(
    ax: Axes,
    block: _Block,
    drawn: pd.DataFrame,
    topics: set[tuple[str, str, str]],
    version: str,
) -> None:
    """Draw a cell for every topic of every clause, by whether the paired clause has it, too."""
    other = "new" if version == "old" else "old"
    alone = "left" if version == "old" else "entered"
    cells: dict[str, list[Rectangle]] = {"both": [], alone: []}
    ids = zip(drawn[f"{version}_id"], drawn[f"{other}_id"], strict=True)
    for name, partner in ids:
        for topic, at in block.x.items():
            if name and (version, name, topic) in topics:
                kind = "both" if (other, partner, topic) in topics else alone
                cells[kind].append(Rectangle((at - 0.4, block.y[name] - 0.38), 0.8, 0.76))
    for kind, patches in cells.items():
        label = f"{version} {kind}"
        ax.add_collection(PatchCollection(patches, label=label, zorder=3, **_CELLS[kind]))


def _draw_strips(ax: Axes, block: _Block, drawn: pd.DataFrame, version: str) -> None:
    """Draw beside every clause what became of it, or where it came from."""
    for change, look in CHANGES.items():
        names = [name for name in drawn.loc[drawn["change"].eq(change), f"{version}_id"] if name]
        strip = [Rectangle((block.strip, block.y[name] - 0.5), 0.7, 1.0) for name in names]
        label = f"{version} {change}"
        ax.add_collection(PatchCollection(strip, label=label, zorder=3, **look))


def _draw_links(ax: Axes, pairs: pd.DataFrame, blocks: Mapping[str, _Block]) -> None:
    """Draw a line from every old clause to the new one that it is paired with."""
    old, new = blocks["old"], blocks["new"]
    drawn = pairs[pairs["relation"].eq("1:1")]
    paired = drawn[drawn["old_id"].ne("") & drawn["new_id"].ne("")]
    kinds = paired["change"].mask(paired["moved"].astype(bool), "moved")
    chosen = {kind: paired[kinds.eq(kind)] for kind in _LINKS} | {"split": _find_splits(pairs)}
    for order, (kind, look) in enumerate(_LINKS.items()):
        lines = [
            [(old.link, old.y[a]), (new.link, new.y[b])]
            for a, b in zip(chosen[kind]["old_id"], chosen[kind]["new_id"], strict=True)
            if a in old.y and b in new.y
        ]
        width = look["linewidth"] * _thin(ax)
        look = {**look, "linewidth": width}
        ax.add_collection(LineCollection(lines, label=kind, zorder=2 + order / 10, **look))


def _find_splits(pairs: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that tell of clauses split or merged."""
    return pairs[pairs["relation"].ne("1:1") & pairs["old_id"].ne("") & pairs["new_id"].ne("")]


def _thin(ax: Axes) -> float:
    """Return by how much lines are thinner where hundreds of rows leave a point or less to each."""
    rows = abs(ax.get_ylim()[0] - ax.get_ylim()[1])
    row = ax.bbox.height / figure_of(ax).dpi * 72 / rows
    return float(min(type_scale(), 0.3 * row))


def _draw_sections(
    ax: Axes, block: _Block, headings: Mapping[str, str], language: Language, version: str
) -> None:
    """Band every other section and print the headings at the outer side, led to their sections."""
    edge: Literal[0, 1] = 0 if version == "old" else 1
    outwards = -1 if version == "old" else 1
    left, right = min(block.x.values()) - 0.5, max(block.x.values()) + 0.5
    beside: dict[str, Any] = {"transform": beside_axes(ax, edge), "clip_on": False}
    middles = [(section.top + section.bottom) / 2 for section in block.sections]
    labels = [
        _wrap_heading(headings.get(section.id, section.heading[language]), language)
        for section in block.sections
    ]
    line = 0.92 * line_height(ax)
    limits = (-0.5, max(section.bottom for section in block.sections))
    if sum(label.count("\n") + 1 for label in labels) * line > limits[1] - limits[0]:
        labels = [_shorten(label) for label in labels]
    heights = [line * (label.count("\n") + 1) for label in labels]
    spread = spread_apart(middles, heights, limits)
    places = zip(block.sections, labels, middles, spread, strict=True)
    for i, (section, label, middle, at) in enumerate(places):
        top, bottom = section.top, section.bottom
        if i % 2 == 0:
            band = Rectangle((left, top), right - left, bottom - top, facecolor=BAND, linewidth=0)
            band.set_zorder(0)
            ax.add_artist(band)
        side = "right" if version == "old" else "left"
        size = 0.88 * mpl.rcParams["font.size"]
        ax.text(
            0.16 * outwards, at, label, ha=side, va="center", fontsize=size,
            linespacing=1.05, transform=beside["transform"],
        )  # fmt: skip
        lead = [0.14 * outwards, 0.04 * outwards]
        ax.plot(lead, [at, middle], color=SOFT, linewidth=0.5, **beside)
        ax.plot([lead[1]] * 2, [top, bottom], color=INK, linewidth=0.9, **beside)
        for y in (top, bottom):
            ax.plot([left, right], [y, y], color="0.8", linewidth=0.3, zorder=1)


def _wrap_heading(heading: str, language: Language) -> str:
    """Return a heading in lines, a Chinese one in lines of about one length."""
    letters = _LETTERS[language]
    if " " not in heading:
        letters = -(-len(heading) // -(-len(heading) // letters)) if heading else letters
    lines = break_lines(heading, letters, len)
    return "\n".join(heading[start:end].strip() for start, end in lines)


def _shorten(label: str) -> str:
    """Return a heading's first line, with a mark where there are more."""
    first, _, rest = label.partition("\n")
    return f"{first}…" if rest else first


def _name_editions(ax: Axes, blocks: Mapping[str, _Block], labels: tuple[str, str]) -> None:
    """Print the names of the editions between the blocks, above and beside the links."""
    places = {"old": ("left", 0.3), "new": ("right", -0.3)}
    for (version, block), label in zip(blocks.items(), labels, strict=True):
        side, inwards = places[version]
        ax.annotate(
            label, (block.link + inwards, -0.5), xytext=(0, 4), textcoords="offset points",
            ha=side, va="bottom", rotation=90, annotation_clip=False,
        )  # fmt: skip


def _place_key(ax: Axes, pairs: pd.DataFrame, language: Language) -> None:
    """Explain cells, strips and links, a row of the key each."""
    nothing = Patch(alpha=0)
    drawn = pairs[pairs["relation"].eq("1:1")]
    there = {"moved": drawn["moved"].astype(bool).any(), "split": len(_find_splits(pairs)) > 0}
    links = [kind for kind in _LINKS if there.get(kind, True)]
    rows: list[Key] = [
        [
            (nothing, _words("cells", language)),
            *((Patch(**look), _words(name, language)) for name, look in _CELLS.items()),
        ],
        [
            (nothing, _words("strip", language)),
            *((Patch(**look), print_word(name, language)) for name, look in CHANGES.items()),
        ],
        [
            (nothing, _words("links", language)),
            *((Line2D([], [], **_LINKS[kind]), _words(kind, language)) for kind in links),
        ],
    ]
    longest = max(map(len, rows))
    full = [[*row, *[(nothing, "")] * (longest - len(row))] for row in rows]
    key: Key = [entry for column in zip(*full, strict=True) for entry in column]
    place_legend(ax, key, columns=longest)


def clause_links_caption(
    clauses: pd.DataFrame,
    pairs: pd.DataFrame,
    corpus: Corpus,
    codebook: Codebook,
    *,
    language: Language = "zh",
) -> str:
    """Return the caption of `plot_clause_links`: what it shows, with all numbers of clauses.

    Parameters
    ----------
    clauses, pairs : DataFrame
        The tables that were drawn; all numbers come from them.
    corpus : Corpus
        Gives the editions, the source, how its versions are known, and its rights.
    codebook : Codebook
        Gives the codebook's name, version and hash.
    language : {"zh", "en"}
        Language of the caption.

    Returns
    -------
    str
        One paragraph without a line break.

    Raises
    ------
    InputError
        When there are no pairs, or one names a clause that `clauses` lacks.

    Examples
    --------
    >>> clause_links_caption(study.clauses, study.pairs, study.corpus, study.codebook,
    ...                      language="en")  # doctest: +SKIP
    """
    drawn = pairs[pairs["relation"].eq("1:1")]
    index_clauses(clauses, drawn)
    paired = drawn[drawn["old_id"].ne("") & drawn["new_id"].ne("")]
    counts = drawn["change"].value_counts()
    kinds = [f"{change} {counts[change]}" for change in ("NOC", "MOD") if change in counts]
    counted = {"moved": paired["moved"].astype(bool).sum(), "split": len(_find_splits(pairs))}
    special = [f"caption {kind}" for kind, n in counted.items() if n]
    said = _words("caption", language).format(
        old=corpus.old.label(language),
        new=corpus.new.label(language),
        n_old=drawn["old_id"].ne("").sum(),
        n_new=drawn["new_id"].ne("").sum(),
        linked=len(paired),
        kinds=("，" if language == "zh" else ", ").join(kinds),
        moved="".join(_words(key, language).format(**counted) for key in special),
        sup=counts.get("SUP", 0),
        add=counts.get("ADD", 0),
    )
    return said + describe_sources(corpus, codebook, language)


def _words(key: str, language: Language) -> str:
    return _WORDS[key][language == "en"]
