"""All topics: the headline beside its readings and its choices, with the verdict."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import matplotlib as mpl
import numpy as np
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from resanalysis.figures.pieces import (
    FELL,
    GREW,
    INK,
    SOFT,
    STEPS,
    Floats,
    Key,
    Unit,
    check_topics,
    draw_places,
    figure_of,
    marker_style,
    new_axes,
    place_legend,
    place_rows,
    print_word,
    type_scale,
)
from resanalysis.figures.style import style_in_force
from resanalysis.model import Codebook, Language, input_error

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis

Measure: TypeAlias = Literal["count", "rate", "share"]

# A verdict shows in how far its marker is filled.
_FILLS = {"robust": "full", "undecided": "bottom", "fragile": "none"}
SIGNS = {1: ("grew", GREW), -1: ("fell", FELL), 0: ("same", SOFT)}

_NO_SIGN = "\N{EN DASH}"

_ENOUGH = 0.95  # of the readings, for a verdict of robust

# Within a topic's row the readings stand above the headline and the choices below it.
_READINGS_AT, _CHOICES_AT = -0.2, 0.24


def plot_robustness(
    robustness: pd.DataFrame,
    codebook: Codebook,
    *,
    measure: Measure = "share",
    unit: Unit = "clause",
    language: Language = "zh",
    ax: Axes | None = None,
) -> Axes:
    """Draw every topic's change with the spread of its readings, of its choices, and the verdict.

    The circle is the headline: full where the verdict is robust, half full where it is undecided,
    open where it is fragile. The thick bar above it is the interval of the readings of the
    redline, the thin line below it the range over the analyst's choices. Topics stand under their
    themes, those that gained most first. At the right stand the readings that keep the headline's
    sign, of the choices that change the value those that keep its sign, and the verdict, starred
    if robust with unmarked runs left as they are; in a narrow figure the verdict alone.

    Parameters
    ----------
    robustness : DataFrame
        Table `robustness`. Drop rows to leave topics out.
    codebook : Codebook
        Gives the labels, the themes and their order.
    measure : {"count", "rate", "share"}
        Which difference is drawn; shares in percentage points.
    unit : {"clause", "character", "token", "matched"}
        Unit that the table was made with; printed beside the measure.
    language : {"zh", "en"}
        Language of all labels.
    ax : Axes, optional
        Where to draw; a new figure of 180 mm width when left out.

    Returns
    -------
    Axes

    Raises
    ------
    InputError
        When the table lacks the measure, has one topic twice, or a topic that the codebook lacks.

    Examples
    --------
    >>> ax = plot_robustness(robustness, study.codebook, language="en")  # doctest: +SKIP
    """
    rows = choose_measure(robustness, measure)
    check_topics("robustness", rows["topic"], codebook)
    rows = rows.set_index("topic")
    places = place_rows(rows["value"], codebook)
    y = places.of(rows.index)
    with style_in_force():
        ax = ax or new_axes(places.height_mm(22) + 0.8 * places.bottom)
        draw_places(ax, places, codebook, language)
        ax.axvline(0, color=INK, linewidth=0.6, zorder=1.5)
        key = [
            *_draw_headlines(ax, y, rows, language),
            *_draw_readings(ax, y, rows, language),
            *_draw_choices(ax, y, rows, language),
        ]
        _print_verdicts(ax, y, rows, language)
        ax.xaxis.set_major_locator(MaxNLocator(8, steps=STEPS))
        label_measure(ax.xaxis, measure, unit, language)
        place_legend(ax, key)
    return ax


def choose_measure(robustness: pd.DataFrame, measure: str) -> pd.DataFrame:
    """Return the rows of one measure, one for each topic."""
    rows = robustness[robustness["measure"].eq(measure)]
    if rows.empty:
        raise input_error(
            "robustness", f"measure {measure}", "there are no such rows", "Pass the whole table"
        )
    twice = sorted(set(rows["topic"][rows["topic"].duplicated()]))
    if twice:
        raise input_error(
            "robustness",
            f"measure {measure}",
            f"several rows for {', '.join(twice)}",
            "Select one corpus",
        )
    return rows


def label_measure(axis: Axis, measure: Measure, unit: Unit, language: Language) -> None:
    """Print the name of the measure at an axis, and signed numbers at its ticks."""
    factor = 100 if measure == "share" else 1

    def print_tick(value: float, _: float) -> str:
        number = round(factor * value, 6)
        return f"{number:+g}".replace("-", "\N{MINUS SIGN}") if number else "0"

    axis.set_major_formatter(print_tick)
    counted = print_word(unit, language)
    axis.set_label_text(print_word(f"difference {measure}", language).format(unit=counted))


def name_sign(value: float) -> tuple[str, str]:
    """Return the word (`grew`, `fell`, `same`) and the colour of a signed value."""
    return SIGNS[int(np.sign(value))]


def _draw_headlines(ax: Axes, y: Floats, rows: pd.DataFrame, language: Language) -> Key:
    key: Key = []
    for verdict, fill in _FILLS.items():
        look: dict[str, Any] = {
            **marker_style("new"), "fillstyle": fill, "markerfacecoloralt": "white",
            "markersize": 4.6 * type_scale(), "markeredgewidth": 0.8,
        }  # fmt: skip
        drawn = rows["verdict"].eq(verdict).to_numpy()
        if fill == "none":  # matplotlib lets what is behind shine through
            look |= {"fillstyle": "full", "markerfacecolor": "white"}
        ax.plot(rows["value"][drawn], y[drawn], label=verdict, zorder=5, **look)
        key.append((Line2D([], [], **look), print_word(verdict, language)))
    return key


def _draw_readings(ax: Axes, y: Floats, rows: pd.DataFrame, language: Language) -> Key:
    low, high = rows["reading_low"].to_numpy(), rows["reading_high"].to_numpy()
    known = np.isfinite(low) & np.isfinite(high)
    key: Key = []
    for sign, (word, colour) in SIGNS.items():
        drawn = known & (np.sign(rows["value"].to_numpy()) == sign)
        if not drawn.any():
            continue
        look: dict[str, Any] = {"color": colour, "linewidth": 2.6 * type_scale()}
        at = y[drawn] + _READINGS_AT
        ax.hlines(at, low[drawn], high[drawn], label=f"readings {word}", zorder=3, **look)
        # A bar has no length where all readings agree; a tick still shows the place.
        flat = low[drawn] == high[drawn]
        ax.plot(
            low[drawn][flat], at[flat], marker="|", markersize=2.6 * type_scale(),
            markeredgewidth=0.8, color=colour, linestyle="none", zorder=3,
        )  # fmt: skip
        key.append((Line2D([], [], **look), print_word(f"readings {word}", language)))
    return key


def _draw_choices(ax: Axes, y: Floats, rows: pd.DataFrame, language: Language) -> Key:
    low, high = rows["choice_low"].to_numpy(), rows["choice_high"].to_numpy()
    drawn = np.isfinite(low) & np.isfinite(high)
    if not drawn.any():
        return []
    look: dict[str, Any] = {"color": INK, "linewidth": 0.8 * type_scale()}
    at = y[drawn] + _CHOICES_AT
    ax.hlines(at, low[drawn], high[drawn], label="choices", zorder=3, **look)
    for ends in (low[drawn], high[drawn]):
        ax.plot(
            ends, at, marker="|", markersize=3.4 * type_scale(), markeredgewidth=0.8,
            color=INK, linestyle="none", zorder=3,
        )  # fmt: skip
    return [(Line2D([], [], **look), print_word("choices", language))]


def _print_verdicts(ax: Axes, y: Floats, rows: pd.DataFrame, language: Language) -> None:
    """Print in columns at the right what keeps the sign, and the verdict."""
    columns = {
        "sign kept, readings": [print_percent(share) for share in rows["same_sign"]],
        "sign kept, choices": print_kept(rows),
        "verdict": print_verdicts(rows, language),
    }
    em = mpl.rcParams["font.size"]
    places = _COLUMNS_EM[language]
    if figure_of(ax).bbox.width / figure_of(ax).dpi * 72 < _WIDE_EM * em:
        columns, places = {"verdict": columns["verdict"]}, places[:1]
    for (heading, texts), at in zip(columns.items(), places, strict=True):
        beside: dict[str, Any] = {"xytext": (at * em, 0), "textcoords": "offset points"}
        for row, text in zip(y, texts, strict=True):
            ax.annotate(
                text, (1, row), xycoords=ax.get_yaxis_transform(), va="center_baseline",
                annotation_clip=False, **beside,
            )  # fmt: skip
        beside["xytext"] = (at * em, 0.4 * em)
        ax.annotate(
            print_word(heading, language), (1, 1), xycoords="axes fraction", va="baseline", **beside
        )


# A narrower figure has room for the verdict only.
_WIDE_EM = 45.0

# Where the columns at the right begin, in ems from the axes.
_COLUMNS_EM: dict[Language, tuple[float, ...]] = {
    "zh": (0.8, 4.4, 10.4),
    "en": (0.8, 6.8, 14.0),
}


def print_kept(rows: pd.DataFrame) -> list[str]:
    """Return how many of the choices that change the value keep its sign, as `kept/moving`."""
    kept = rows["choices_kept"] - (rows["choices_tried"] - rows["choices_moving"])
    cells = zip(rows["value"], kept, rows["choices_moving"], strict=True)
    return [f"{a}/{b}" if value else _NO_SIGN for value, a, b in cells]


def print_verdicts(rows: pd.DataFrame, language: Language) -> list[str]:
    """Return the verdicts' words, starred if robust with unmarked runs left as they are."""
    kept = rows["value"].ne(0) & rows["choices_kept"].eq(rows["choices_tried"])
    hangs = rows["same_sign"].lt(_ENOUGH) & rows["same_sign_places"].ge(_ENOUGH)
    starred = kept & hangs & rows["verdict"].ne("fragile")
    words = zip(rows["verdict"], starred, strict=True)
    return [print_word(verdict, language) + "*" * bool(star) for verdict, star in words]


def print_percent(share: float) -> str:
    """Return whole per cent, rounded down so that 95 % is never printed for less."""
    return f"{math.floor(100 * share + 1e-9)} %" if np.isfinite(share) else _NO_SIGN
