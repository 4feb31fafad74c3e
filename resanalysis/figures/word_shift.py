"""Which words make up the difference of two editions' wording, with its caption."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from resanalysis.figures.captions import describe_sources
from resanalysis.figures.pieces import (
    BAND,
    FELL,
    GREW,
    INK,
    STEPS,
    Floats,
    count_letters,
    fill_style,
    new_axes,
    place_legend,
    print_at_right,
    print_word,
    width_of,
    wrap_label,
)
from resanalysis.figures.style import style_in_force
from resanalysis.figures.word_shift_words import print_shift_word
from resanalysis.model import Codebook, Corpus, Language, input_error

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

_TOP = 25
_ROW_MM = 4.2
_GAP = 2.4  # rows between the words and their sums, for the numbers at the axis

_DIGITS = {"divergence": 1, "proportion": 2, "entropy": 3}
_SIDES = {1: fill_style(GREW, ""), -1: fill_style(FELL, "xxxx")}


def plot_word_shift(
    word_shift: pd.DataFrame,
    *,
    old_label: str,
    new_label: str,
    language: Language = "zh",
    top: int = _TOP,
    ax: Axes | None = None,
) -> Axes:
    """Draw the words that contribute most to the difference of the editions' wording.

    A bar is a word's part: to the right where the word took a larger part of the new edition's
    words, hatched to the left where it took a smaller one (by `entropy`: where it made the wording
    more varied, or less). The greatest parts stand first, whatever their side; at the right stands
    how often each edition has the word. Below, on a scale of their own, the sums of the words
    above and of all others, so that it shows how little or much a few words say.

    The table takes a distance apart into words. It tests nothing, and has no p-values to print.

    Parameters
    ----------
    word_shift : DataFrame
        Table `word_shift`, whole: what is not drawn is summed.
    old_label, new_label : str
        Names of the editions.
    language : {"zh", "en"}
        Language of all labels; the words are those of the text.
    top : int
        How many words are drawn at most.
    ax : Axes, optional
        Where to draw; a new figure of 180 mm width when left out.

    Returns
    -------
    Axes
        Its `child_axes` are the words and the sums.

    Raises
    ------
    InputError
        When the table has no words, or several corpora or methods.
    ValueError
        When `top` is less than 1.

    References
    ----------
    R. J. Gallagher et al. (2021), Generalized word shift graphs, EPJ Data Science 10: 4.

    Examples
    --------
    >>> ax = plot_word_shift(tables["word_shift"], old_label="2014",
    ...                      new_label="2022")  # doctest: +SKIP
    """
    parts = _choose_words(word_shift, top)
    with style_in_force():
        rows = len(parts.shown) + _GAP + 2
        ax = ax or new_axes(22 + _ROW_MM * rows)
        ax.axis("off")
        upper = ax.inset_axes((0, (_GAP + 2) / rows, 1, len(parts.shown) / rows))
        lower = ax.inset_axes((0, 0, 1, 2 / rows))
        _draw_words(upper, parts, language)
        _draw_sums(lower, parts, language)
        label = print_shift_word(f"axis {parts.method}", language)
        label = label.format(total=_print_total(parts))
        lower.set_xlabel(wrap_label(label, int(0.6 * count_letters(width_of(ax)))))
        kind = "entropy" if parts.method == "entropy" else "proportion"
        names = {1: print_shift_word(f"{kind} new", language)}
        names[-1] = print_shift_word(f"{kind} old", language)
        place_legend(
            ax,
            [
                (Patch(**look), names[side].format(old=old_label, new=new_label))
                for side, look in _SIDES.items()
            ],
        )
    return ax


def word_shift_caption(
    word_shift: pd.DataFrame,
    corpus: Corpus,
    codebook: Codebook,
    *,
    language: Language = "zh",
    top: int = _TOP,
) -> str:
    """Return the caption of `plot_word_shift`: what is taken apart, how much of it is drawn, N.

    Parameters
    ----------
    word_shift : DataFrame
        Table `word_shift`; all numbers come from it.
    corpus : Corpus
        Gives the editions, the source, how its versions are known, and its rights.
    codebook : Codebook
        Not asked for the words; its name, version and hash stand in every caption.
    language : {"zh", "en"}
        Language of the caption.
    top : int
        The same as was drawn.

    Returns
    -------
    str
        One paragraph without a line break.

    Raises
    ------
    InputError
        When the table has no words, or several corpora or methods.
    ValueError
        When `top` is less than 1.

    Examples
    --------
    >>> word_shift_caption(tables["word_shift"], study.corpus, study.codebook,
    ...                    language="en")  # doctest: +SKIP
    """
    parts = _choose_words(word_shift, top)
    last, behind = np.split(parts.sizes, [len(parts.shown)])
    tied = np.isclose(behind, last[-1], rtol=1e-9, atol=0)
    values = {
        "old": corpus.old.label(language),
        "new": corpus.new.label(language),
        "total": _print_total(parts),
        "shown": len(parts.shown),
        "part": f"{100 * parts.share_shown:.0f} %",
        "tied": int(tied.sum()),
        "n_old": int(word_shift["n_old"].sum()),
        "n_new": int(word_shift["n_new"].sum()),
    }
    keys = ["what", parts.method, "drawn", *(["tied"] if tied.any() else []), "n", "limits"]
    shown = "".join(print_shift_word(key, language).format(**values) for key in keys)
    return shown + describe_sources(corpus, codebook, language)


@dataclass(frozen=True)
class _Parts:
    """The words that are drawn and their parts; the parts of all others, summed by sign."""

    method: str
    shown: pd.DataFrame
    values: Floats
    others: tuple[float, float]
    sizes: Floats
    total: float

    @property
    def sums(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """What the drawn words and all others add and take, in the unit of the axis."""
        drawn = float(self.values.clip(min=0).sum()), float(self.values.clip(max=0).sum())
        return drawn, self.others

    @property
    def share_shown(self) -> float:
        """The part that the drawn words have of all sizes."""
        drawn, others = (plus - minus for plus, minus in self.sums)
        return drawn / (drawn + others) if drawn + others else 0.0


def _choose_words(word_shift: pd.DataFrame, top: int) -> _Parts:
    if top < 1:
        raise ValueError(f"top {top}: pass 1 or more")
    named = word_shift[word_shift["word"].ne("")]
    if named.empty:
        raise input_error(
            "word_shift", "", "it has no words", "Make it with a smaller min_clauses, such as 0"
        )
    for column in ("corpus", "method"):
        if len(set(word_shift[column])) > 1:
            raise input_error("word_shift", column, "it has several", "Select one")
    method = str(named["method"].iloc[0])
    contributions = word_shift["contribution"].to_numpy(float)
    # The sizes of the parts sum to the divergence, the parts themselves to the other two.
    whole = np.abs(contributions).sum() if method == "divergence" else contributions.sum()
    scale = {"divergence": 100 / whole if whole else 0.0, "proportion": 100.0}.get(method, 1.0)
    named = named.sort_values("contribution", key=lambda c: -c.abs(), kind="stable")
    shown = named.head(top)
    rest = scale * np.delete(contributions, word_shift.index.get_indexer(shown.index))
    return _Parts(
        method=method,
        shown=shown,
        values=scale * shown["contribution"].to_numpy(float),
        others=(float(rest.clip(min=0).sum()), float(rest.clip(max=0).sum())),
        sizes=named["contribution"].abs().to_numpy(float),
        total=float(whole),
    )


def _print_total(parts: _Parts) -> str:
    signed = "" if parts.method == "divergence" else "+"
    return f"{parts.total:{signed}.3f}".replace("-", "\N{MINUS SIGN}")


def _draw_words(upper: Axes, parts: _Parts, language: Language) -> None:
    y = np.arange(len(parts.values), dtype=float)
    for side, look in _SIDES.items():
        drawn = np.sign(parts.values) == side
        name = "new" if side > 0 else "old"
        upper.barh(y[drawn], parts.values[drawn], height=0.66, label=name, zorder=2, **look)
    upper.set_yticks(y, parts.shown["word"].tolist())
    upper.set_ylim(len(y) - 0.5, -0.5)
    counts = zip(parts.shown["n_old"], parts.shown["n_new"], strict=True)
    heading = f"{print_word('token', language)}\n{print_word('old to new', language)}"
    print_at_right(upper, y, [f"{a}→{b}" for a, b in counts], heading)
    _finish(upper)


def _draw_sums(lower: Axes, parts: _Parts, language: Language) -> None:
    for row, sums in enumerate(parts.sums):
        for value, (side, look) in zip(sums, _SIDES.items(), strict=True):
            name = "sum new" if side > 0 else "sum old"
            lower.barh([row], [value], height=0.66, label=name, zorder=2, **look)
    names = ("these", "others")
    n = len(parts.shown)
    lower.set_yticks(range(2), [print_shift_word(key, language).format(n=n) for key in names])
    lower.set_ylim(1.5, -0.5)
    digits = _DIGITS[parts.method]
    texts = [
        f"+{plus:.{digits}f} \N{MINUS SIGN}{abs(minus):.{digits}f}" for plus, minus in parts.sums
    ]
    print_at_right(lower, np.arange(2.0), texts, "")
    lower.set_facecolor(BAND)
    _finish(lower)


def _finish(ax: Axes) -> None:
    ax.axvline(0, color=INK, linewidth=0.6, zorder=3)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    ax.grid(axis="x")
    ax.xaxis.set_major_locator(MaxNLocator(8, steps=STEPS))
    ax.xaxis.set_major_formatter(
        lambda value, _: f"{round(value, 9):g}".replace("-", "\N{MINUS SIGN}")
    )
