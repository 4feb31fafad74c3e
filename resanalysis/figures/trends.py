"""Lines: how much of a body's resolutions topics take, year by year."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from resanalysis.figures.pieces import (
    FELL,
    GREW,
    INK,
    SOFT,
    STEPS,
    Key,
    check_topics,
    label_values,
    new_axes,
    place_legend,
    print_word,
)
from resanalysis.figures.style import style_in_force
from resanalysis.model import Codebook, Language, input_error

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from matplotlib.axes import Axes

_LINES = (
    (INK, "o", "-"),
    (FELL, "s", "--"),
    (GREW, "^", "-."),
    (SOFT, "D", ":"),
    ("#6baed6", "v", "-"),
    ("#a63603", "P", "--"),
)
"""Colour, marker and dashes, any one of which tells the lines apart."""


def plot_topic_trends(
    profiles: pd.DataFrame,
    codebook: Codebook,
    *,
    topics: Sequence[str],
    language: Language = "zh",
    ax: Axes | None = None,
) -> Axes:
    """Draw how many of every 100 clauses have a topic, over the years, one line a topic.

    A point is all editions of a year in the table together: their clauses with the topic, of all
    their clauses. Which resolutions were adopted in a year is part of what it shows.

    Parameters
    ----------
    profiles : DataFrame
        Table `edition_profiles` by clauses; choose rows to show one body. Years of 0 are left out.
    codebook : Codebook
        Gives the labels.
    topics : sequence of str
        One to six topic ids, in the order of the legend.
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
        When the table has no dated row of these topics, another unit than clauses, or a topic
        that the codebook lacks.
    ValueError
        When there is no topic, or more than six.

    Examples
    --------
    >>> ax = plot_topic_trends(profiles, codebook, topics=["water"])  # doctest: +SKIP
    """
    if not 1 <= len(topics) <= len(_LINES):
        raise ValueError(f"{len(topics)} topics: give 1 to {len(_LINES)}")
    check_topics("edition_profiles", topics, codebook)
    rows = profiles[profiles["topic"].isin(list(topics)) & (profiles["year"] > 0)]
    if rows.empty or set(rows["unit"]) != {"clause"}:
        what = "no dated row of these topics" if rows.empty else "rows of another unit than clause"
        remedy = "Pass edition_profiles(dataset) of texts whose manifest has dates"
        raise input_error("edition_profiles", ", ".join(topics), what, remedy)
    sums = rows.groupby(["topic", "year"])[["n", "base"]].sum()
    with style_in_force():
        ax = ax or new_axes(80)
        key: Key = []
        for topic, (colour, marker, dashes) in zip(topics, _LINES, strict=False):
            look: dict[str, Any] = {
                "color": colour,
                "marker": marker,
                "linestyle": dashes,
                "linewidth": 1.2,
            }
            look["markersize"] = 4.5
            own = sums.loc[topic]
            ax.plot(own.index, 100 * own["n"] / own["base"], clip_on=False, zorder=4, **look)
            handle = Line2D([], [], **look)
            key.append((handle, codebook.topic(topic).label[language]))
        ax.set_ylim(bottom=0)
        ax.set_xticks(sorted(set(rows["year"])))
        ax.yaxis.set_major_locator(MaxNLocator(6, steps=STEPS))
        ax.grid(axis="y")
        label_values(ax, print_word("year", language))
        ax.set_ylabel(print_word("rate", language))
        place_legend(ax, key)
    return ax
