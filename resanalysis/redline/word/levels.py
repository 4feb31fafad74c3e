"""The levels of a document's lists: how each counts and looks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from resanalysis.redline.word.formats import write_number
from resanalysis.redline.word.symbols import read_symbol

DEPTH = 9
"""How many levels a list has."""

_PRIVATE = re.compile("[\ue000-\uf8ff]")  # signs of fonts we do not know
_SUFFIXES = {"tab": "\t", "space": " ", "nothing": ""}


@dataclass(frozen=True)
class Level:
    """How one level of a list counts and looks.

    Attributes
    ----------
    start : int
        First number.
    form : str
        Format of the number as in the file; `custom:` and an example such as `001, 002`.
    pattern : str
        The label, `%1` standing for the number of the first level.
    suffix : str
        What separates label and text.
    digits_only : bool
        Whether every number in the label is written in digits.
    restart : int or None
        0 if it never begins anew, k if it does after level k (from 1) or a higher one; None for
        every higher one.
    style : str
        Style of paragraphs that is tied to the level.
    """

    start: int = 1
    form: str = "decimal"
    pattern: str = ""
    suffix: str = "\t"
    digits_only: bool = False
    restart: int | None = None
    style: str = ""

    def write(self, value: int) -> str:
        """Return the number in this level's format; digits where the format is unknown."""
        if self.form.startswith("custom:"):
            width = len(self.form.removeprefix("custom:").split(",")[0].strip())
            return f"{value:0{width}}"
        written = write_number(value, self.form)
        return str(value) if written is None else written


@dataclass(frozen=True)
class ListDefinition:
    """One list (`w:num`).

    Attributes
    ----------
    counter : str
        The abstract definition; lists that share it count on together.
    levels : dict
        By depth from 0.
    starts : dict
        Numbers that this list begins anew with, by depth.
    """

    counter: str
    levels: dict[int, Level]
    starts: dict[int, int]


def read_value(element: Element | None, default: str = "") -> str:
    """Return the value (`w:val`) of an element, the default where there is none."""
    return default if element is None else element.get("val", default)


def read_number(element: Element | None, default: int) -> int:
    """Return the value of an element as a number, the default where it is none."""
    text = read_value(element)
    return int(text) if re.fullmatch(r"-?[0-9]{1,9}", text) else default


def _is_on(element: Element | None) -> bool:
    return element is not None and read_value(element, "1") not in ("0", "false", "off")


def _read_level(element: Element) -> Level:
    form, written = "decimal", element.find("mc.AlternateContent/mc.Choice/numFmt")
    if written is None:
        written = element.find("numFmt")
    if written is not None:
        form = read_value(written, "decimal")
        example = written.get("format", "")
        if form == "custom":
            form = f"custom:{example}" if re.match(r"0*1,", example) else "decimal"
    pattern = read_value(element.find("lvlText"))
    fonts = element.find("rPr/rFonts")
    if form == "bullet":
        font = "" if fonts is None else fonts.get("ascii", fonts.get("hAnsi", ""))
        pattern = _PRIVATE.sub("•", "".join(read_symbol(char, font) for char in pattern))
    restart = element.find("lvlRestart")
    return Level(
        start=read_number(element.find("start"), 0),
        form=form,
        pattern=pattern,
        suffix=_SUFFIXES.get(read_value(element.find("suff")), "\t"),
        digits_only=_is_on(element.find("isLgl")),
        restart=None if restart is None else read_number(restart, 0),
        style=read_value(element.find("pStyle")),
    )


def read_levels(parent: Element) -> Iterator[tuple[int, Level]]:
    """Yield the levels that a definition or an override holds, with their depth from 0."""
    for element in parent.findall("lvl"):
        depth = element.get("ilvl", "")
        if depth.isdecimal() and int(depth) < DEPTH:
            yield int(depth), _read_level(element)
