"""Chinese text in lines of a given width: measured in its own font, broken where print may."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache

import matplotlib as mpl
from matplotlib.font_manager import FontProperties, fontManager, get_font
from matplotlib.ft2font import LoadFlags

# What may not begin or end a line (避头尾), after GB/T 15834-2011, 5.1.
NOT_FIRST = frozenset("。，、；：！？）》〉」』】〕〗”’％％…—～·/)]},.;:!?%°℃")
NOT_LAST = frozenset("（《〈「『【〔〖“‘([{$#")

_NO_BREAK = "\N{NO-BREAK SPACE}"
_NOMINAL = 100.0  # points at which widths are taken; they grow in proportion


def measure_text(text: str, size: float) -> float:
    """Return the width in points of a text at a size, in the fonts of the style in force."""
    families = tuple(mpl.rcParams["font.family"])
    return sum(_measure_character(c, families) for c in text) * size / _NOMINAL


@lru_cache(maxsize=20_000)
def _measure_character(character: str, families: tuple[str, ...]) -> float:
    """Return how far a character moves the pen, in points at the nominal size."""
    files = fontManager._find_fonts_by_props(FontProperties(family=list(families)))
    font = get_font(files)
    font.set_size(_NOMINAL, 72)
    glyph = font.load_char(ord(character), flags=LoadFlags.NO_HINTING)
    return float(glyph.linearHoriAdvance) / 65536


def break_lines(text: str, width: float, measure: Callable[[str], float]) -> list[tuple[int, int]]:
    """Return where the lines of a text start and end.

    Lines break between any two characters, but not inside Latin words and numbers, not before
    closing marks and not after opening ones. What has no place to break in all its width breaks
    anywhere.

    Parameters
    ----------
    text : str
        One paragraph; breaks of its own become ends of lines.
    width : float
        Width of a line, in the unit of `measure`.
    measure : callable
        Gives the width of a text.

    Returns
    -------
    list of (int, int)
        Half-open, one after the other, together the whole text; none when it is empty.

    Examples
    --------
    >>> break_lines("回收，处理ICT设备", 3, len)
    [(0, 3), (3, 5), (5, 8), (8, 10)]
    """
    lines: list[tuple[int, int]] = []
    start, used = 0, 0.0
    for first, last in _cut_atoms(text, width, measure):
        atom = text[first:last]
        wide = measure(atom.rstrip(" \n"))
        if first > start and (used + wide > width or text[first - 1] == "\n"):
            lines.append((start, first))
            start, used = first, 0.0
        used += measure(atom)
    return [*lines, (start, len(text))] if text else []


def _cut_atoms(text: str, width: float, measure: Callable[[str], float]) -> list[tuple[int, int]]:
    """Return what stays together; what is wider than a line is cut into characters."""
    atoms: list[tuple[int, int]] = []
    start = 0
    for at in range(1, len(text) + 1):
        if at == len(text) or _may_break(text[at - 1], text[at]):
            if measure(text[start:at]) > width:
                atoms += _fill(text, start, at, width, measure)
            else:
                atoms.append((start, at))
            start = at
    return atoms


def _fill(
    text: str, start: int, end: int, width: float, measure: Callable[[str], float]
) -> Sequence[tuple[int, int]]:
    """Return pieces of an atom that each fit in a line, one character at least."""
    pieces: list[tuple[int, int]] = []
    for at in range(start + 1, end + 1):
        if at == end or measure(text[start : at + 1]) > width:
            pieces.append((start, at))
            start = at
    return pieces


def _may_break(before: str, after: str) -> bool:
    if before == "\n":
        return True
    if after in NOT_FIRST or before in NOT_LAST or after in " \n" or _NO_BREAK in (before, after):
        return False
    return before == " " or not (_is_latin(before) and _is_latin(after))


def _is_latin(character: str) -> bool:
    """Whether a character is part of words and numbers that do not break."""
    return character < "\u2e80" and not character.isspace()
