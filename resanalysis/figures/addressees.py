"""Who is told to act on each topic: a matrix of topics and addressees, old against new."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

import matplotlib as mpl
from matplotlib.collections import PatchCollection
from matplotlib.colors import to_rgb
from matplotlib.patches import Patch, Rectangle

from resanalysis.figures.addressee_names import NONE, has_addressees, list_addressees
from resanalysis.figures.pieces import (
    FELL,
    GREW,
    INK,
    PALE_FELL,
    PALE_GREW,
    Key,
    Places,
    choose_rows,
    count_letters,
    draw_places,
    label_values,
    new_rows,
    place_legend,
    place_rows,
    print_word,
    width_of,
)
from resanalysis.figures.style import style_in_force
from resanalysis.model import Codebook, Language, input_error

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

_CELL = (0.92, 0.84)
_GAP = 0.3  # before the column of clauses that tell nobody
_AXES = 0.62  # of the figure's width, about


def plot_addressee_shift(
    shift: pd.DataFrame,
    codebook: Codebook,
    *,
    old_label: str,
    new_label: str,
    language: Language = "zh",
    measure: Literal["n", "rate"] = "n",
    ax: Axes | None = None,
) -> Axes:
    """Draw how many clauses with each topic tell whom to act, old edition against new.

    One row is a topic, one column an addressee or a set of them, as the clauses name it; a clause
    stands in one column. A cell prints old→new and is the darker the more changed: blue where the
    number grew, orange in a black frame where it fell, white where it stayed; where neither
    edition has such a clause it is empty. Clauses that tell nobody, such as the preamble, have the
    last column. Topics stand under their themes, those that gained most over all columns first.

    Parameters
    ----------
    shift : DataFrame
        Table `shift`; rows of unit `clause` and breakdown `addressee` are drawn. Drop rows to leave
        topics or addressees out.
    codebook : Codebook
        Gives the labels, the themes and their order.
    old_label, new_label : str
        Names of the editions.
    language : {"zh", "en"}
        Language of all labels. Addressees are printed by their codes, which `name_addressees`
        gives the names of.
    measure : {"n", "rate"}
        Clauses, or their number per 100 counted clauses of the edition.
    ax : Axes, optional
        Where to draw; a new figure of 180 mm width when left out.

    Returns
    -------
    Axes
        With one collection of cells for each of `grew`, `fell`, `same`.

    Raises
    ------
    InputError
        When no clause tells anybody to act, or the table has one topic twice for an addressee or
        a topic that the codebook lacks.

    Examples
    --------
    >>> ax = plot_addressee_shift(study.shift, study.codebook, old_label="2014",
    ...                           new_label="2022")  # doctest: +SKIP
    """
    columns = list_addressees(shift)
    if not has_addressees(shift):
        raise input_error(
            "shift", "breakdown addressee", "no clause tells anybody to act", "Draw another figure"
        )
    tables = {name: choose_rows(shift, codebook, "clause", "addressee", name) for name in columns}
    places = place_rows(_sum_gains(tables), codebook)
    x = {name: at + (_GAP if name == NONE else 0.0) for at, name in enumerate(columns)}
    with style_in_force():
        ax = ax or new_rows(places, codebook, language, 26)
        draw_places(ax, places, codebook, language)
        ax.grid(visible=False)
        ax.set_xlim(-0.55, max(x.values()) + 0.55)
        key = _draw_cells(ax, tables, x, places, measure, language)
        _draw_heads(ax, x, language)
        words = print_word(f"told {measure}", language)
        label_values(ax, words.format(old=old_label, new=new_label))
        if key:
            place_legend(ax, key)
    return ax


def _sum_gains(tables: Mapping[str, pd.DataFrame]) -> pd.Series[float]:
    gains = [rows["n_new"] - rows["n_old"] for rows in tables.values()]
    summed = gains[0]
    for gain in gains[1:]:
        summed = summed.add(gain, fill_value=0)
    return summed.astype(float)


def _draw_cells(
    ax: Axes,
    tables: Mapping[str, pd.DataFrame],
    x: Mapping[str, float],
    places: Places,
    measure: str,
    language: Language,
) -> Key:
    """Draw the cells with their numbers and return the key to their colours."""
    numbers = {
        (name, str(topic)): (float(old), float(new))
        for name, rows in tables.items()
        for topic, old, new in zip(
            rows.index, rows[f"{measure}_old"], rows[f"{measure}_new"], strict=True
        )
        if old or new
    }
    changes = [new - old for old, new in numbers.values()]
    most = max((abs(change) for change in changes), default=0.0) or 1.0
    digits = 0 if measure == "n" else 1
    drawn: dict[str, list[tuple[Rectangle, str]]] = {"grew": [], "fell": [], "same": []}
    size = _fit_type(ax, [f"{b:.{digits}f}→{a:.{digits}f}" for a, b in numbers.values()], len(x))
    wide, high = _CELL
    for (name, topic), (old, new) in numbers.items():
        at, row = x[name], places.topics[topic]
        word, colour = _colour_change(new - old, most)
        cell = Rectangle((at - wide / 2, row - high / 2), wide, high)
        drawn[word].append((cell, colour))
        ax.text(
            at, row, f"{old:.{digits}f}→{new:.{digits}f}", ha="center", va="center_baseline",
            color=_contrast(colour), fontsize=size, zorder=4,
        )  # fmt: skip
    for word, cells in drawn.items():
        patches = [cell for cell, _ in cells]
        look = {"facecolor": [colour for _, colour in cells], **_FRAMES[word]}
        ax.add_collection(PatchCollection(patches, label=word, zorder=3, **look))
    return _explain(changes, most, digits, language)


# A frame tells what fell from what grew in grey, where depth of colour alone does not.
_FRAMES: dict[str, dict[str, Any]] = {
    "grew": {"edgecolor": "none", "linewidth": 0.0},
    "fell": {"edgecolor": INK, "linewidth": 0.9},
    "same": {"edgecolor": "0.8", "linewidth": 0.4},
}


def _colour_change(change: float, most: float) -> tuple[str, str]:
    """Return the word and the colour of a change, the deeper the nearer to the most."""
    if not change:
        return "same", "white"
    word, pale, full = ("grew", PALE_GREW, GREW) if change > 0 else ("fell", PALE_FELL, FELL)
    depth = abs(change) / most
    red, green, blue = (
        (1 - depth) * a + depth * b for a, b in zip(to_rgb(pale), to_rgb(full), strict=True)
    )
    return word, mpl.colors.to_hex((red, green, blue))


def _contrast(colour: str) -> str:
    """Return the colour of type that can be read on a colour, by its relative luminance."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
    luminance = sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
    return "white" if luminance < 0.2 else INK


def _explain(changes: Sequence[float], most: float, digits: int, language: Language) -> Key:
    """Return the least and the greatest change of each sign with their colours."""
    key: Key = []
    for sign in (1, -1):
        sizes = sorted(abs(change) for change in changes if sign * change > 0)
        for size in dict.fromkeys((sizes[0], sizes[-1]) if sizes else ()):
            word, colour = _colour_change(sign * size, most)
            number = f"{sign * size:+.{digits}f}".replace("-", "\N{MINUS SIGN}")
            patch = Patch(facecolor=colour, **_FRAMES[word])
            key.append((patch, f"{print_word(word, language)} {number}"))
    if not all(changes):
        key.append((Patch(facecolor="white", **_FRAMES["same"]), print_word("same", language)))
    return key


def _fit_type(ax: Axes, texts: Sequence[str], columns: int) -> float:
    """Return the size at which the longest text fits a cell, that of the style at most."""
    letters = _AXES * count_letters(width_of(ax)) / (columns + _GAP)
    longest = max((len(text) + 1 for text in texts), default=1)
    return float(mpl.rcParams["font.size"] * min(1.0, letters * _CELL[0] / longest))


def _draw_heads(ax: Axes, x: Mapping[str, float], language: Language) -> None:
    """Print the addressees above their columns, in lines where they are long."""
    letters = int(_AXES * count_letters(width_of(ax)) / (len(x) + _GAP))
    heads = [
        print_word("nobody", language) if name == NONE else _break_codes(name, max(letters - 1, 3))
        for name in x
    ]
    ax.xaxis.tick_top()
    ax.set_xticks(list(x.values()), heads)
    ax.tick_params(axis="x", length=0, pad=2)
    ax.spines["bottom"].set_visible(False)


def _break_codes(addressee: str, letters: int) -> str:
    """Break a set of addressees after its plus signs, and a long name anywhere."""
    room = letters if addressee.isascii() else letters // 2
    lines = [""]
    for code in addressee.replace("+", "+\n").split("\n"):
        if lines[-1] and len(lines[-1] + code) > room:
            lines.append("")
        lines[-1] += code
    return "\n".join(part for line in lines for part in textwrap.wrap(line, max(room, 2)))
