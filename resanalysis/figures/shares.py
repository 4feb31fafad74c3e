"""Dumbbells: each topic's share in both editions, and its clauses by part."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from resanalysis.figures.captions import unit_name
from resanalysis.figures.pieces import (
    INK,
    STEPS,
    Unit,
    choose_rows,
    draw_dumbbells,
    draw_places,
    dumbbell_key,
    label_values,
    new_rows,
    place_legend,
    place_rows,
    print_counts,
    print_word,
)
from resanalysis.figures.style import style_in_force
from resanalysis.model import Codebook, Language

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes


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
    rows = choose_rows(shift, codebook, unit, "total", "all")
    places = place_rows(rows["share_difference"], codebook)
    y = places.of(rows.index)
    with style_in_force():
        ax = ax or new_rows(places, codebook, language, 20)
        draw_places(ax, places, codebook, language)
        draw_dumbbells(ax, y, rows["share_old"], rows["share_new"])
        low, high = (rows["share_old"] + rows[f"share_difference_{end}"] for end in ("low", "high"))
        known = (low.notna() & high.notna()).to_numpy()
        half = (high - low) / 2
        whiskers = ax.errorbar(
            (low + half)[known], y[known], xerr=half[known], fmt="none", ecolor=INK, elinewidth=0.6,
            capsize=1.8, capthick=0.6, zorder=3,
        )  # fmt: skip
        whiskers.set_label("interval")
        print_counts(ax, y, rows, unit, language)
        ax.xaxis.set_major_locator(MaxNLocator(8, steps=STEPS))
        ax.xaxis.set_major_formatter(lambda share, _: f"{round(100 * share, 6):g}%")
        label_values(ax, print_word("share", language).format(unit=print_word(unit, language)))
        interval = Line2D([], [], color=INK, linewidth=0.6)
        place_legend(
            ax,
            [
                *dumbbell_key(old_label, new_label, ("share grew", "share fell"), language),
                *([(interval, print_word("interval", language))] if known.any() else []),
            ],
        )
    return ax


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
    new. A part that neither edition has stands at 0. Topics stand under their themes, those that
    gained most over both parts first; the counts stand beside each column.

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
        When the table has no rows of either part, one topic twice, or a topic that the codebook
        lacks.

    Examples
    --------
    >>> ax = plot_part_shift(study.shift, study.codebook, old_label="2014",
    ...                      new_label="2022")  # doctest: +SKIP
    """
    parts = _choose_parts(shift, codebook)
    gains = [rows["n_new"] - rows["n_old"] for rows in parts.values()]
    places = place_rows(gains[0].add(gains[1], fill_value=0), codebook)
    top = max(
        rows[f"{measure}_{version}"].max() for rows in parts.values() for version in ("old", "new")
    )
    with style_in_force():
        ax = ax or new_rows(places, codebook, language, 24)
        draw_places(ax, places, codebook, language)
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
            draw_dumbbells(column, y, rows[f"{measure}_old"], rows[f"{measure}_new"])
            print_counts(column, y, rows, "clause", language)
            column.set_title(print_word(part, language))
            column.xaxis.set_major_locator(MaxNLocator(5, steps=STEPS, integer=True))
            column.set_xlabel(
                unit_name("clause", language) if measure == "n" else print_word("rate", language)
            )
        place_legend(ax, dumbbell_key(old_label, new_label, ("grew", "fell"), language))
    return ax


def _choose_parts(shift: pd.DataFrame, codebook: Codebook) -> dict[str, pd.DataFrame]:
    """Return the rows of both parts by topic; of a part that is not there the other's at 0."""
    names = ("preambular", "operative")
    there = [name for name in names if has_part(shift, name)] or [names[0]]
    parts = {name: choose_rows(shift, codebook, "clause", "part", name) for name in there}
    counted = ["n_old", "n_new", "rate_old", "rate_new"]
    nothing = parts[there[0]].assign(**dict.fromkeys(counted, 0))
    return {name: parts.get(name, nothing) for name in names}


def has_part(shift: pd.DataFrame, part: str) -> bool:
    """Return whether a clause of either edition stands in a part of the resolution."""
    rows = shift[shift["unit"].eq("clause") & shift["breakdown"].eq("part")]
    return bool(rows["category"].eq(part).any())
