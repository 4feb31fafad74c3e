"""Texts as they are compared: a folded copy of each, with the place of every character kept."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff"  # soft hyphen, zero-width
_BREAKS = "\n\r\v\f\x85\u2028\u2029"
# A run is tried from its first character only: long runs without a break would take for ever.
_LOOSE = re.compile(
    rf"(?<![\s{_INVISIBLE}])[\s{_INVISIBLE}]*(?P<break>[{_BREAKS}])[\s{_INVISIBLE}]*|[{_INVISIBLE}]+"
)
LOOSE_CHARACTER = re.compile(f"[{_BREAKS}{_INVISIBLE}]")
"""A character that `fold` may leave out of a text of `narrow_text`."""
IDEOGRAPHS = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
"""Chinese characters, as a regular expression's class has them between its brackets."""
_IDEOGRAPH = re.compile(f"[{IDEOGRAPHS}]")


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded copy of a text.

    Attributes
    ----------
    text : str
        The copy.
    places : sequence of int or None
        Place in the original of each character of the copy; None where all are the same.
    """

    text: str
    places: Sequence[int] | None = None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where the characters `start` to `end` of the copy stand in the original."""
        if self.places is None:
            return start, end
        return self.places[start], self.places[end - 1] + 1


def fold(text: str) -> Folded:
    r"""Return the copy of a text that terms are matched on.

    Full-width ASCII and the ideographic space are made half-width and ASCII letters lower case.
    Soft hyphens and zero-width marks are left out. A run of white space with a break of line or
    page in it is left out beside a Chinese character, since it only wraps the line there, and else
    is one space.

    Examples
    --------
    >>> fold("利用ＩＣＴ").text
    '利用ict'
    >>> folded = fold("电子废\n弃物")
    >>> folded.text, folded.span(0, 5)
    ('电子废弃物', (0, 6))
    """
    narrow = narrow_text(text)
    if not has_loose(narrow):
        return Folded(narrow)
    copy: list[str] = []
    places: list[int] = []
    last = 0
    for gap in _LOOSE.finditer(narrow):
        copy.append(narrow[last : gap.start()])
        places += range(last, gap.start())
        if gap["break"] and not _touches_ideograph(narrow, *gap.span()):
            copy.append(" ")
            places.append(gap.start("break"))
        last = gap.end()
    copy.append(narrow[last:])
    places += range(last, len(narrow))
    return Folded("".join(copy), places)


def has_loose(narrow: str) -> bool:
    """Say whether a text of `narrow_text` has characters that `fold` leaves out."""
    return any(char in narrow for char in _BREAKS + _INVISIBLE)


def narrow_text(text: str) -> str:
    """Return a text of the same length: full-width ASCII half-width, ASCII letters lower case."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    narrow: bytes = _narrow_codes()[codes].tobytes()
    return narrow.decode("utf-32-le", "surrogatepass")


@cache
def _narrow_codes() -> NDArray[np.uint32]:
    codes = np.arange(0x110000, dtype="<u4")
    codes[0xFF01:0xFF5F] = np.arange(0x21, 0x7F)
    codes[0x3000] = 0x20
    for first in (ord("A"), 0xFF21):
        codes[first : first + 26] = np.arange(ord("a"), ord("z") + 1)
    return codes


def _touches_ideograph(text: str, start: int, end: int) -> bool:
    around = text[max(start - 1, 0) : start], text[end : end + 1]
    return any(_IDEOGRAPH.match(char) for char in around)
