"""Clauses of both editions side by side, with what changed and the terms behind each topic."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle
from matplotlib.transforms import Affine2D, BboxTransformTo, ScaledTranslation

from resanalysis.figures.captions import describe_sources
from resanalysis.figures.line_breaks import break_lines, measure_text
from resanalysis.figures.pieces import (
    DOUBLE_COLUMN_MM,
    FELL,
    FULL_PAGE_MM,
    GREW,
    INK,
    SOFT,
    Key,
    check_topics,
    figure_of,
    new_axes,
    place_legend,
    print_word,
    type_scale,
)
from resanalysis.figures.style import MM_PER_INCH, figure_size, size_in_force, style_in_force
from resanalysis.model import Codebook, Corpus, Language, input_error

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.transforms import Transform

_TINT = "#e8e8e8"
_LEADING, _GAP, _NUMBER = 1.85, 2.6, 0.62  # of the size of the type
_KEY_ROOM = 3.0
_MARGIN = 2.0  # on the screen, hinted Latin letters are a little wider than in print
_VERSIONS = ("old", "new")

_WORDS: dict[str, tuple[str, str]] = {
    "deleted": ("删去的文字", "deleted"),
    "inserted": ("加入的文字", "inserted"),
    "uncertain": ("是否改动不确定", "not certain whether changed"),
    "term": ("主题的词条（上方数字为主题）", "term of a topic (the number above it)"),
    "topics": ("主题：", "Topics: "),
    "none": ("（无）", "(none)"),
    "caption": (
        "{old}（左）与{new}（右）的{n}个条款：{changes}。删除线：仅旧版有，共{deleted}字；下划线："
        "仅新版有，共{inserted}字；点线：是否改动不确定，两栏共{uncertain}字。灰底：编码本的词条或规则"
        "匹配之处，上方数字对应下方所列主题（{topics}个）。条款为举例，不是计量。",
        "{n} clauses of {old} (left) and {new} (right): {changes}. Struck: in the old edition "
        "only, {deleted} characters; underlined: in the new only, {inserted}; dotted: not certain "
        "whether changed, {uncertain} in both columns together. Grey: what terms or rules of the "
        "codebook matched; the number above names one of the {topics} topics listed below. The "
        "clauses are examples, not a measurement. ",
    ),
}


def plot_redline(
    runs: pd.DataFrame,
    codebook: Codebook,
    *,
    old_label: str,
    new_label: str,
    language: Language = "zh",
    ax: Axes | None = None,
) -> Axes:
    """Draw clauses of both editions side by side, changes marked and topics highlighted.

    At the left the old edition, deleted characters struck through; at the right the new one,
    inserted characters underlined; a dotted line is under characters of which it is not certain
    whether they changed. Terms of topics stand on grey, under the topic's number.

    Parameters
    ----------
    runs : DataFrame
        What `redline_runs` gives.
    codebook : Codebook
        Gives the topics' labels.
    old_label, new_label : str
        Names of the editions.
    language : {"zh", "en"}
        Language of all labels; the clauses are as they are.
    ax : Axes, optional
        Where to draw, from its upper left corner down; a new figure of 180 mm width and as high as
        the text when left out.

    Returns
    -------
    Axes
        With a text for every run in every line, whose `gid` is `old` or `new`, and a rectangle
        with the topics as label behind every highlighted one.

    Raises
    ------
    InputError
        When there are no runs, their topics are not the codebook's, or the text is longer than a
        page, a slide or the axes.

    Examples
    --------
    >>> ax = plot_redline(redline_runs(study), study.codebook, old_label="2014",
    ...                   new_label="2022")  # doctest: +SKIP
    """
    if runs.empty:
        raise input_error("runs", "", "it has no rows to draw", "Pass what redline_runs gives")
    check_topics("runs", {t for topics in runs["topics"] for t in topics.split()}, codebook)
    numbers = _number_topics(runs, codebook)
    with style_in_force():
        size = mpl.rcParams["font.size"]
        if ax is None:
            width = (size_in_force() or (DOUBLE_COLUMN_MM / MM_PER_INCH, 0))[0]
        else:
            width = ax.bbox.width / figure_of(ax).dpi
        page = _lay_out(runs, numbers, codebook, width * 72 - _MARGIN * size, size, language)
        needed = (page.height + (_KEY_ROOM + 1) * size) / 72
        if ax is None:
            _check_height(needed, (FULL_PAGE_MM[1] if not _is_slide() else 190.5) / MM_PER_INCH)
            ax = new_axes(needed * MM_PER_INCH / type_scale())
        else:
            _check_height(page.height / 72, ax.bbox.height / figure_of(ax).dpi)
        ax.axis("off")
        _draw_page(ax, page, (old_label, new_label))
        place_legend(ax, _make_key(runs, language))
    return ax


@dataclass(frozen=True)
class _Piece:
    """A run in a line: where its base line begins, how wide it is, and its row of `runs`."""

    x: float
    y: float
    width: float
    text: str
    version: str
    is_changed: bool
    is_uncertain: bool
    topics: str
    numbers: str  # printed above; only where a term begins


@dataclass(frozen=True)
class _Page:
    """Everything with its place, in points from the upper left corner."""

    pieces: list[_Piece]
    heads: list[tuple[float, str]]
    topics: list[tuple[float, str]]
    columns: tuple[float, float]
    column_width: float
    height: float


def _number_topics(runs: pd.DataFrame, codebook: Codebook) -> dict[str, int]:
    """Return a number for every topic in the runs, in the codebook's order."""
    there = {topic for topics in runs["topics"] for topic in topics.split()}
    return {t.id: i for i, t in enumerate((t for t in codebook.topics if t.id in there), start=1)}


def _is_slide() -> bool:
    return size_in_force() == figure_size("slide")


def _check_height(needed: float, room: float) -> None:
    if needed > room:
        raise input_error(
            "runs",
            "",
            f"they need {needed * MM_PER_INCH:.0f} mm of height, and there are "
            f"{room * MM_PER_INCH:.0f}",
            "Choose fewer or shorter clauses",
        )


def _lay_out(
    runs: pd.DataFrame,
    numbers: dict[str, int],
    codebook: Codebook,
    width: float,
    size: float,
    language: Language,
) -> _Page:
    """Place every line of both editions, row by row, and the topics below them."""
    gutter = 3 * size
    column_width = (width - gutter) / 2
    columns = (0.0, column_width + gutter)
    measure = partial(measure_text, size=size)
    pieces: list[_Piece] = []
    heads: list[tuple[float, str]] = []
    y = 1.4 * size
    for _, row in runs.groupby("row", sort=True):
        y += _GAP * size
        heads.append((y, _name_row(row, language)))
        ends = []
        for version, x in zip(_VERSIONS, columns, strict=True):
            side = row[row["version"].eq(version)]
            placed = list(_place_side(side, x, y, column_width, numbers, size))
            pieces += placed
            ends.append(max((piece.y for piece in placed), default=y + _LEADING * size))
        y = max(ends)
    y += 2.6 * size
    listed = _list_topics(numbers, codebook, language)
    lines: list[tuple[float, str]] = []
    for start, end in break_lines(listed, width, measure):
        lines.append((y, listed[start:end]))
        y += 1.4 * size
    return _Page(pieces, heads, lines, columns, column_width, y)


def _name_row(row: pd.DataFrame, language: Language) -> str:
    """Return what stands above a pair: its change, its heading, its markers."""
    first = row.iloc[-1]
    markers = list(dict.fromkeys(marker for marker in row["marker"] if marker))
    headings = list(dict.fromkeys(heading for heading in row["heading"] if heading))
    where = [print_word(first["change"], language), " → ".join(headings), " → ".join(markers)]
    return "　".join(word for word in where if word)


def _place_side(
    side: pd.DataFrame, x: float, y: float, width: float, numbers: dict[str, int], size: float
) -> Iterator[_Piece]:
    """Yield the runs of one clause, line by line below `y`."""
    text = "".join(side["text"])
    measure = partial(measure_text, size=size)
    before: set[str] = set()
    begins: list[str] = []
    for topics in side["topics"]:
        now = set(topics.split())
        begins.append(",".join(str(numbers[t]) for t in topics.split() if t not in before))
        before = now
    rows: list[dict[Any, Any]] = side.to_dict("records")
    first = rows[0]["start"] if rows else 0
    for line, (start, end) in enumerate(break_lines(text, width, measure), start=1):
        at = x
        for run, label in zip(rows, begins, strict=True):
            a, b = max(run["start"] - first, start), min(run["end"] - first, end)
            if a >= b:
                continue
            piece = text[a:b].rstrip("\n")
            wide = measure(piece)
            yield _Piece(
                x=at,
                y=y + line * _LEADING * size,
                width=wide,
                text=piece,
                version=run["version"],
                is_changed=run["is_changed"],
                is_uncertain=run["is_uncertain"],
                topics=run["topics"],
                numbers=label if a == run["start"] - first else "",
            )
            at += wide


def _list_topics(numbers: dict[str, int], codebook: Codebook, language: Language) -> str:
    """Return the topics with their numbers, as printed below."""
    joint = "；" if language == "zh" else "; "
    named = (
        f"{n}\N{NO-BREAK SPACE}{codebook.topic(topic).label[language]}"
        for topic, n in numbers.items()
    )
    return _words("topics", language) + (joint.join(named) or _words("none", language))


def _draw_page(ax: Axes, page: _Page, labels: tuple[str, str]) -> None:
    """Draw what was placed, in points from the upper left corner of the axes."""
    size = mpl.rcParams["font.size"]
    place = _from_corner(ax)
    look: dict[str, Any] = {"transform": place, "clip_on": False, "in_layout": False}
    right = page.columns[1] + page.column_width
    for x, label in zip(page.columns, labels, strict=True):
        ax.text(x, -1.2 * size, label, fontsize=1.15 * size, color=INK, **look)
    below = [y for y, _ in page.heads[1:]] + [page.height]
    for (y, head), end in zip(page.heads, below, strict=True):
        ax.plot([0, right], [-y + 1.25 * size] * 2, color=SOFT, linewidth=0.5, **look)
        ax.text(0, -y, head, color="0.35", **look)
        for piece in page.pieces:  # drawn, and so read from a PDF, in the order of the page
            if y < piece.y < end:
                _draw_piece(ax, piece, size, look)
    for y, line in page.topics:
        ax.text(0, -y, line, color=INK, **look)


def _draw_piece(ax: Axes, piece: _Piece, size: float, look: dict[str, Any]) -> None:
    """Draw a run's text, the ground of its topics with their numbers, and its lines."""
    x, y, end = piece.x, -piece.y, piece.x + piece.width
    if piece.topics:
        ground = Rectangle(
            (x, y - 0.24 * size), piece.width, 1.2 * size, facecolor=_TINT, linewidth=0, zorder=1,
            label=piece.topics, **look,
        )  # fmt: skip
        ax.add_artist(ground)
    if piece.numbers:
        at = y + 1.02 * size
        ax.text(x, at, piece.numbers, fontsize=_NUMBER * size, color=INK, zorder=4, **look)
    ax.text(x, y, piece.text, color=INK, zorder=3, gid=piece.version, **look)
    if piece.is_changed:
        up, colour = (0.36, FELL) if piece.version == "old" else (-0.17, GREW)
        word = "deleted" if piece.version == "old" else "inserted"
        thick: dict[str, Any] = {"color": colour, "linewidth": 1.1 * type_scale(), "label": word}
        ax.plot([x, end], [y + up * size] * 2, solid_capstyle="butt", zorder=5, **thick, **look)
    if piece.is_uncertain:
        dotted: dict[str, Any] = {
            "color": INK,
            "linewidth": 0.9 * type_scale(),
            "linestyle": (0, (1, 1.4)),
        }
        low = [y - 0.36 * size] * 2
        ax.plot([x, end], low, zorder=5, label="uncertain", **dotted, **look)


def _from_corner(ax: Axes) -> Transform:
    """Return points from the upper left corner of the axes, upwards positive."""
    figure = figure_of(ax)
    corner = ScaledTranslation(0, 1, BboxTransformTo(ax.bbox))
    return Affine2D().scale(1 / 72) + figure.dpi_scale_trans + corner


def _make_key(runs: pd.DataFrame, language: Language) -> Key:
    """Return the entries of the legend, of what there is."""
    thick = 1.1 * type_scale()
    key: Key = []
    changed = set(runs.loc[runs["is_changed"], "version"])
    if "old" in changed:
        key.append((Line2D([], [], color=FELL, linewidth=thick), _words("deleted", language)))
    if "new" in changed:
        key.append((Line2D([], [], color=GREW, linewidth=thick), _words("inserted", language)))
    if runs["is_uncertain"].any():
        dots = Line2D([], [], color=INK, linewidth=0.9 * type_scale(), linestyle=(0, (1, 1.4)))
        key.append((dots, _words("uncertain", language)))
    if runs["topics"].ne("").any():
        key.append((Patch(facecolor=_TINT, linewidth=0), _words("term", language)))
    return key


def redline_caption(
    runs: pd.DataFrame, corpus: Corpus, codebook: Codebook, *, language: Language = "zh"
) -> str:
    """Return the caption of `plot_redline`: which clauses, what the marks mean, how many of each.

    Parameters
    ----------
    runs : DataFrame
        What was drawn; all numbers come from it.
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

    Examples
    --------
    >>> redline_caption(runs, study.corpus, study.codebook, language="en")  # doctest: +SKIP
    """
    lengths = runs["text"].str.len()
    changed = runs["is_changed"].astype(bool)
    changes = runs.drop_duplicates("row")["change"].value_counts(sort=False)
    joint = "，" if language == "zh" else ", "
    said = _words("caption", language).format(
        old=corpus.old.label(language),
        new=corpus.new.label(language),
        n=runs["row"].nunique(),
        changes=joint.join(f"{change} {n}" for change, n in changes.items()),
        deleted=lengths[changed & runs["version"].eq("old")].sum(),
        inserted=lengths[changed & runs["version"].eq("new")].sum(),
        uncertain=lengths[runs["is_uncertain"].astype(bool)].sum(),
        topics=len(_number_topics(runs, codebook)),
    )
    return said + describe_sources(corpus, codebook, language)


def _words(key: str, language: Language) -> str:
    return _WORDS[key][language == "en"]
