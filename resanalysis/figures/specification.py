"""One topic's specification curve: the same difference under every choice, and its readings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import numpy as np
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from resanalysis.figures.pieces import (
    BAND,
    INK,
    SOFT,
    STEPS,
    Floats,
    Key,
    Unit,
    check_topics,
    figure_of,
    marker_style,
    new_axes,
    place_legend,
    print_word,
    type_scale,
    wrap_label,
)
from resanalysis.figures.robustness import SIGNS, Measure, label_measure, name_sign
from resanalysis.figures.specification_rows import (
    Curve,
    choose_readings,
    name_choice,
    name_rows,
    sort_choices,
)
from resanalysis.figures.style import style_in_force
from resanalysis.model import Codebook, Language

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

_BINS = 60

_ROW_MM, _CURVE_MM, _GAP_MM = 3.7, 58.0, 3.0
_WIDTH, _READINGS_LEFT = 0.83, 0.86


def plot_specifications(
    choices: pd.DataFrame,
    readings: pd.DataFrame,
    codebook: Codebook,
    topic: str,
    *,
    measure: Measure = "share",
    unit: Unit = "clause",
    level: float = 0.95,
    language: Language = "zh",
    ax: Axes | None = None,
) -> Axes:
    """Draw one topic's change under every choice of the analyst, sorted, beside its readings.

    Above, a point for every choice, from the least value to the greatest, coloured by its sign;
    the line and the diamond are the headline. Below, a mark under each point in the row of what
    was chosen otherwise. Apart at the right, the readings of the redline as a histogram, with
    their interval and median: readings are drawn at random, choices are not.

    Parameters
    ----------
    choices : DataFrame
        Table `choices`.
    readings : DataFrame
        Table `readings`; without any row the panel at the right is left out.
    codebook : Codebook
        Gives the topic's label.
    topic : str
        Which topic is drawn.
    measure : {"count", "rate", "share"}
        Which difference is drawn; shares in percentage points. Counts of other units do not
        compare, so that `count` leaves these choices out.
    unit : {"clause", "character", "token", "matched"}
        Unit that the tables were made with; printed beside the measure.
    level : float
        Part of the readings inside the interval, between 0 and 1.
    language : {"zh", "en"}
        Language of all labels.
    ax : Axes, optional
        Where to draw; a new figure of 180 mm width when left out.

    Returns
    -------
    Axes
        Its `child_axes` are the curve, the rows of choices, and the readings.

    Raises
    ------
    InputError
        When the tables lack the topic or the headline, have several corpora, or the codebook
        lacks the topic.
    ValueError
        When `level` is not between 0 and 1.

    References
    ----------
    Simonsohn, U., Simmons, J. P. & Nelson, L. D. (2020). Specification curve analysis. Nature
    Human Behaviour 4, 1208-1214. https://doi.org/10.1038/s41562-020-0912-z

    Examples
    --------
    >>> ax = plot_specifications(choices, readings, study.codebook, "e_waste",
    ...                          language="en")  # doctest: +SKIP
    """
    if not 0 < level < 1:
        raise ValueError(f"level {level}: pass a number between 0 and 1")
    check_topics("choices", [topic], codebook)
    curve = sort_choices(choices, topic, measure)
    drawn = choose_readings(readings, topic, measure)
    rows = name_rows(curve, language)
    height = _CURVE_MM + _GAP_MM + _ROW_MM * len(rows)
    with style_in_force():
        ax = ax or new_axes(height + 16)
        ax.axis("off")
        share = _ROW_MM * len(rows) / height
        bottom, width = share + _GAP_MM / height, _WIDTH if len(drawn) else 1.0
        upper = ax.inset_axes((0, bottom, width, 1 - bottom))
        key = _draw_curve(upper, curve, codebook, topic, language)
        label_measure(upper.yaxis, measure, unit, language)
        upper.set_ylabel(wrap_label(upper.get_ylabel(), 40))
        label = codebook.topic(topic).label[language]
        tried = print_word("tried", language).format(topic=label, n=len(curve.values) - 1)
        upper.set_title(wrap_label(tried, _count_letters(upper)), loc="left")
        _draw_rows(ax.inset_axes((0, 0, width, share)), curve, rows)
        if len(drawn):
            beside = ax.inset_axes((_READINGS_LEFT, bottom, 1 - _READINGS_LEFT, 1 - bottom))
            key += _draw_readings(beside, upper, drawn, level, language)
        place_legend(ax, key)
    return ax


def _draw_curve(
    upper: Axes, curve: Curve, codebook: Codebook, topic: str, language: Language
) -> Key:
    """Draw the points, ascending, the headline, and the names of the two ends."""
    at, values = curve.x, curve.values
    signs = [name_sign(value) for value in values]
    upper.axhline(0, color=INK, linewidth=0.6, zorder=1)
    headline: dict[str, Any] = {"color": SOFT, "linewidth": 0.9, "linestyle": (0, (4, 2))}
    upper.axhline(values[curve.headline], label="headline line", zorder=1.5, **headline)
    key: Key = []
    for word, colour in SIGNS.values():
        drawn = np.array([sign[0] == word for sign in signs])
        if not drawn.any():
            continue
        look: dict[str, Any] = {
            "color": colour, "marker": "o", "markersize": 2.6 * type_scale(), "linestyle": "none",
        }  # fmt: skip
        upper.plot(at[drawn], values[drawn], label=word, zorder=3, markeredgewidth=0, **look)
        key.append((Line2D([], [], **look), print_word(word, language)))
    diamond = marker_style("net")
    upper.plot(
        [at[curve.headline]], [values[curve.headline]], label="headline", zorder=4, **diamond
    )
    key.append(
        (
            Line2D([], [], **headline | diamond | {"linestyle": (0, (4, 2))}),
            print_word("headline", language),
        )
    )
    _name_ends(upper, curve, codebook, topic, language)
    upper.set_xlim(curve.limits)
    upper.margins(y=0.14)
    upper.xaxis.set_visible(False)
    upper.spines["bottom"].set_visible(False)
    upper.grid(axis="y")
    upper.yaxis.set_major_locator(MaxNLocator(7, steps=STEPS))
    return key


def _name_ends(
    upper: Axes, curve: Curve, codebook: Codebook, topic: str, language: Language
) -> None:
    """Name the choice with the least value below its point, and that with the greatest above."""
    for at, side, below in ((0, "left", True), (len(curve.values) - 1, "right", False)):
        if curve.values[at] == curve.values[curve.headline]:
            continue
        name = name_choice(curve.choices[at], curve.options[at], language, codebook, topic)
        upper.annotate(
            wrap_label(name, _count_letters(upper)), (curve.x[at], curve.values[at]),
            xytext=(0, -4 if below else 4), textcoords="offset points", ha=side,
            va="top" if below else "bottom", color="0.3", zorder=5,
        )  # fmt: skip


def _count_letters(ax: Axes) -> int:
    """Return how many letters fit in a little less than half of the figure's width."""
    width = figure_of(ax).bbox.width / figure_of(ax).dpi * 72
    return int(0.45 * width / (0.52 * mpl.rcParams["font.size"]))


def _draw_rows(lower: Axes, curve: Curve, rows: Mapping[str, list[int]]) -> None:
    """Draw a mark under each point, in the row of what was chosen otherwise."""
    lower.set_xlim(curve.limits)
    lower.set_ylim(len(rows) - 0.5, -0.5)
    for row, places in enumerate(rows.values()):
        if row % 2 == 0:
            lower.axhspan(row - 0.5, row + 0.5, color=BAND, linewidth=0, zorder=0.5)
        colours = [name_sign(curve.values[at])[1] for at in places]
        lower.vlines(
            curve.x[places], row - 0.36, row + 0.36, colors=colours, label=f"row {row}",
            linewidth=(0.9 if len(places) > 20 else 1.5) * type_scale(), snap=False,
        )  # fmt: skip
    lower.set_yticks(range(len(rows)), list(rows))
    lower.tick_params(axis="y", length=0)
    lower.xaxis.set_visible(False)
    for spine in lower.spines.values():
        spine.set_visible(False)


def _draw_readings(
    beside: Axes, upper: Axes, drawn: Floats, level: float, language: Language
) -> Key:
    """Draw the readings as a histogram on the curve's scale, with their interval and median."""
    low, median, high = np.quantile(drawn, [(1 - level) / 2, 0.5, (1 + level) / 2])
    bottom, top = upper.get_ylim()
    bottom, top = min(bottom, float(drawn.min())), max(top, float(drawn.max()))
    upper.set_ylim(bottom, top)
    heights, edges = np.histogram(drawn, _choose_edges(drawn, bottom, top))
    beside.stairs(heights, edges, orientation="horizontal", fill=True, color="0.8", label="drawn")
    beside.axhline(0, color=INK, linewidth=0.6)
    at = -0.09 * heights.max()
    look: dict[str, Any] = {"color": INK, "linewidth": 1.6 * type_scale()}
    dot: dict[str, Any] = {"marker": "o", "markerfacecolor": "white", "markeredgecolor": INK}
    beside.vlines([at], low, high, label="interval", **look)
    beside.plot([at], [median], label="median", markersize=4 * type_scale(), zorder=4, **dot)
    beside.set_xlim(2.2 * at, 1.03 * heights.max())
    beside.xaxis.set_visible(False)
    beside.spines["bottom"].set_visible(False)
    beside.spines["left"].set_visible(False)
    beside.grid(axis="y")
    beside.tick_params(axis="y", length=0, labelleft=False)
    beside.set_yticks(upper.get_yticks())
    beside.set_ylim(bottom, top)
    beside.set_title(print_word("drawn", language).format(n=len(drawn)), loc="left")
    handle = Line2D([], [], markersize=4 * type_scale(), **look, **dot)
    words = print_word("interval and median", language).format(level=f"{100 * level:g}")
    return [(handle, words)]


def _choose_edges(drawn: Floats, bottom: float, top: float) -> Floats:
    """Return the edges of the bins: a bin for each whole number where there are only a few."""
    if (drawn == drawn.round()).all() and top - bottom <= _BINS:
        return np.arange(np.floor(bottom), np.ceil(top) + 1) - 0.5
    return np.linspace(bottom, top, _BINS + 1)
