"""Where the change of each topic came from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from resanalysis.figures.captions import unit_name
from resanalysis.figures.pieces import (
    FELL,
    GREW,
    INK,
    PALE_FELL,
    PALE_GREW,
    STEPS,
    Key,
    Unit,
    choose_rows,
    draw_places,
    fill_style,
    label_values,
    marker_style,
    new_rows,
    place_legend,
    place_rows,
    print_at_right,
    print_signed,
    print_word,
)
from resanalysis.figures.style import style_in_force
from resanalysis.model import Codebook, Language

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

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
    rows = choose_rows(shift, codebook, unit, breakdown, category)
    net = rows["n_new"] - rows["n_old"]
    places = place_rows(net, codebook)
    y = places.of(rows.index)
    key: Key = []
    with style_in_force():
        ax = ax or new_rows(places, codebook, language, 20)
        draw_places(ax, places, codebook, language)
        ends = {1: np.zeros(len(rows)), -1: np.zeros(len(rows))}
        for column, side, colour, hatch in _SOURCES:
            if column.startswith("moved") and not rows[column].any():
                continue
            look = fill_style(colour, hatch)
            lengths = side * rows[column].to_numpy()
            ax.barh(y, lengths, left=ends[side], height=0.62, label=column, zorder=2, **look)
            ends[side] = ends[side] + lengths
            key.append((Patch(**look), print_word(column, language)))
        left, right = np.min(ends[-1], initial=-1.0), np.max(ends[1], initial=1.0)
        ax.set_xlim(1.04 * float(left), 1.04 * float(right))
        ax.axvline(0, color=INK, linewidth=0.6, zorder=0.9)
        ax.plot(net, y, label="net", zorder=4, **marker_style("net"))
        key.append((Line2D([], [], **marker_style("net")), print_word("net", language)))
        print_at_right(ax, y, [print_signed(n) for n in net], print_word("net", language))
        ax.xaxis.set_major_locator(MaxNLocator(8, steps=STEPS, integer=True))
        label_values(ax, print_word("origin", language).format(unit=unit_name(unit, language)))
        place_legend(ax, key)
    return ax
