"""Labels at the beginning of a line, with every way a merged label can be two labels."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

Family = Literal[
    "chapter", "section", "article", "paren_cn", "paren_num", "cn", "arabic", "latin", "roman",
    "bullet",
]  # fmt: skip

_CN = "零〇一二三四五六七八九十百千"
_DIGIT = {c: i for i, c in enumerate("零一二三四五六七八九")}
_UNIT = {"十": 10, "百": 100, "千": 1000}


def read_chinese_number(text: str) -> int | None:
    """Return the value of a Chinese numeral as counted in laws (1 to 9999), None if it is none.

    Only the customary writing is accepted (`二十`, not `二〇`): a merged `十四十二` is none.

    Examples
    --------
    >>> read_chinese_number("一百零三"), read_chinese_number("十四十二")
    (103, None)
    """
    total, digit, last_unit = 0, 0, 10000
    for char in text:
        if char in _UNIT:
            unit = _UNIT[char]
            if unit >= last_unit:
                return None
            total += (digit or 1) * unit
            digit, last_unit = 0, unit
        elif char in _DIGIT:
            if digit:
                return None
            digit = _DIGIT[char]
        else:
            return None
    total += digit
    written = write_chinese_number(total)
    return total if total > 0 and text in (written, f"一{written}") else None


def write_chinese_number(value: int) -> str:
    """Return the customary Chinese numeral of `value` (1 to 9999)."""
    digits = "零一二三四五六七八九"
    parts = ""
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        quotient, value = divmod(value, unit)
        if quotient:
            parts += digits[quotient] + name
        elif parts and value and not parts.endswith("零"):
            parts += "零"
    return parts[1:] if parts.startswith("一十") else parts


_ROMAN = "i ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi xvii xviii xix xx".split()


def _read_roman(text: str) -> int | None:
    return _ROMAN.index(text) + 1 if text in _ROMAN else None


def _read_latin(text: str) -> int | None:
    return ord(text) - 96 if len(text) == 1 and "a" <= text <= "z" else None


def _read_arabic(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and text[0] != "0" else None


@dataclass(frozen=True)
class _Form:
    """How a family of labels is written: what stands before, in and after its number."""

    family: Family
    before: str
    number: str
    after: str
    read: Callable[[str], int | None]


_FORMS = (
    _Form("chapter", "第", f"[{_CN}]{{1,14}}", "[章编]", read_chinese_number),
    _Form("section", "第", f"[{_CN}]{{1,14}}", "节", read_chinese_number),
    _Form("article", "第", f"[{_CN}]{{1,14}}", "条", read_chinese_number),
    _Form("article", "第", "[0-9]{1,8}", "条", _read_arabic),
    _Form("paren_cn", "[（(]", f"[{_CN}]{{1,14}}", "[）)]", read_chinese_number),
    _Form("paren_num", "[（(]", "[0-9]{1,8}", "[）)]", _read_arabic),
    _Form("cn", "", f"[{_CN}]{{1,14}}", "、", read_chinese_number),
    _Form("latin", "[（(]?", "[a-z]{1,2}", "[)）]", _read_latin),
    _Form("roman", "[（(]?", "[ivx]{1,10}", "[)）]", _read_roman),
    _Form("arabic", "", "[0-9]{1,8}", r"(?=\t)|[.．、)）](?![0-9])", _read_arabic),
)


def write_number(family: Family, value: int) -> str:
    """Return a number as labels of the family print it, for messages.

    Examples
    --------
    >>> write_number("latin", 10), write_number("article", 12)
    ('j', '十二')
    """
    if family == "latin" and value <= 26:
        return chr(96 + value)
    if family == "roman" and value <= len(_ROMAN):
        return _ROMAN[value - 1]
    if family in ("chapter", "section", "article", "paren_cn", "cn") and value < 10_000:
        return write_chinese_number(value)
    return str(value)


_INDENT = " \t\u3000"  # laws indent their articles
_BULLETS = "–—•·‧▪◦\uf0b7-"
_BULLET = re.compile(f"[{_INDENT}]*[{_BULLETS}](?=[{_INDENT}])")
_OPENERS = frozenset(f"{_BULLETS}第（({_CN}0123456789abcdefghijklmnopqrstuvwxyz")
_LONGEST = 40  # characters of a merged label, and more
_PATTERNS = tuple(
    (form, re.compile(f"{form.before}(?P<number>{form.number})(?:{form.after})")) for form in _FORMS
)
_NEAR = 3  # labels that a redline may skip between two neighbours of one version


@dataclass(frozen=True)
class Reading:
    """One way to read a label: its number in each version, and the marks this implies.

    Attributes
    ----------
    old, new : int or None
        Number in the old and in the new version; None where the line is not in that version.
    marks : tuple of (int, int, str)
        Spans of the line that are `delete` or `insert`; empty for a plain label.
    flipped : bool
        Whether the inserted label stands before the deleted one.
    """

    old: int | None
    new: int | None
    marks: tuple[tuple[int, int, Literal["delete", "insert"]], ...] = ()
    flipped: bool = False


@dataclass(frozen=True)
class Label:
    """A label as printed: its family, where it ends in the line, and all its readings."""

    family: Family
    end: int
    readings: tuple[Reading, ...]

    @property
    def numbers(self) -> tuple[int, ...]:
        """The larger number of each reading."""
        return tuple(max(r.old or 0, r.new or 0) for r in self.readings)


def _merged(first: tuple[int, int, int], second: tuple[int, int, int]) -> tuple[Reading, Reading]:
    (a, a_start, a_end), (b, b_start, b_end) = first, second
    return (
        Reading(a, b, ((a_start, a_end, "delete"), (b_start, b_end, "insert"))),
        Reading(b, a, ((a_start, a_end, "insert"), (b_start, b_end, "delete")), flipped=True),
    )


def read_labels(line: str) -> tuple[Label, ...]:
    """Return the labels that may stand at the beginning of `line`, one per family.

    A plain number has the readings *both versions*, *old only*, *new only*; a merged one
    (`ed)`, `1012`, `第十四十二条`, `（三）（四）`) every split into two numbers, in both orders.

    Parameters
    ----------
    line : str
        A line without its line break.
    """
    body = line.lstrip(_INDENT)
    if not body or body[0] not in _OPENERS:
        return ()
    # No label has a tab in it, so lines that are alike up to the tab share theirs.
    tab = body.find("\t", 0, _LONGEST)
    return _read_labels(line[: len(line) - len(body) + (tab + 1 if tab >= 0 else _LONGEST)])


@lru_cache(maxsize=8192)
def _read_labels(line: str) -> tuple[Label, ...]:
    """Return what `read_labels` does for the beginning of a line."""
    bullet = _BULLET.match(line)
    if bullet:
        plain = (Reading(0, 0), Reading(0, None), Reading(None, 0))
        return (Label("bullet", bullet.end(), plain),)
    begin = len(line) - len(line.lstrip(_INDENT))
    labels: dict[Family, Label] = {}
    for form, pattern in _PATTERNS:
        match = pattern.match(line, begin)
        if match is None or form.family in labels:
            continue
        readings, stop = _read_number(form, line, *match.span("number")), match.end()
        again = pattern.match(line, stop)
        if again and form.family != "arabic":
            value, other = form.read(match["number"]), form.read(again["number"])
            if value and other and value != other:
                readings = _merged((value, begin, stop), (other, stop, again.end()))
                stop = again.end()
        if readings:
            labels[form.family] = Label(form.family, stop, tuple(readings))
    return tuple(labels.values())


def _read_number(form: _Form, line: str, start: int, end: int) -> tuple[Reading, ...]:
    """Return every way to read the characters of a label's number."""
    readings: list[Reading] = []
    value = form.read(line[start:end])
    if value is not None:
        readings += [Reading(value, value), Reading(value, None), Reading(None, value)]
    for cut in range(start + 1, end):
        first, second = form.read(line[start:cut]), form.read(line[cut:end])
        if first is not None and second is not None and first != second:
            readings += _merged((first, start, cut), (second, cut, end))
    return tuple(readings)


def choose_label(labels: Sequence[Label], *, letter: int = 0, numeral: int = 0) -> Label:
    """Return the label that fits the lists above it: `i)` is a letter after h), else a numeral.

    Parameters
    ----------
    labels : sequence of Label
        All that `read_labels` found, at least one.
    letter, numeral : int
        Last number of the open list of letters and of the open list of Roman numerals; 0 where
        no such list is open.
    """
    by_family = {label.family: label for label in labels}
    if "latin" not in by_family or "roman" not in by_family:
        return labels[0]
    near = letter > 0 and min(by_family["latin"].numbers) <= letter + _NEAR
    number = min(by_family["roman"].numbers)
    goes_on = numeral > 0 and number <= numeral + _NEAR and (number > 1 or numeral == 1)
    return by_family["latin" if near and not goes_on else "roman"]
