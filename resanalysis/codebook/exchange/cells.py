"""Texts in the cells of a spreadsheet, which changes what looks like a number or a formula."""

from __future__ import annotations

import re
import unicodedata

_GUARD = "'"
_FORMULA = ("=", "+", "-", "@")
_MONTHS = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    "|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
_NUMBER = re.compile(
    rf"(?=.*\d)(?:{_MONTHS}|am?|pm?|e|[年月日时時分秒上下午]|[\s\d.,:/\-+%()$¥€£])+", re.IGNORECASE
)
_BROKEN = re.compile(r"#(?:NAME\?|REF!|VALUE!|DIV/0!|N/A|NULL!|NUM!|SPILL!|CALC!)|#{3,}")


def guard(text: str) -> str:
    """Return the text as a cell that a spreadsheet program leaves as it is.

    What it would take for a number, date, truth value or formula, and what has white space at
    either end, gets an apostrophe before it. In a CSV file the apostrophe is a character like
    others, so it is still there after any number of times the file is opened and saved.

    Examples
    --------
    >>> guard("12.10"), guard("1-5"), guard("=水"), guard("水资源"), guard("5G")
    ("'12.10", "'1-5", "'=水", '水资源', '5G')
    """
    is_safe = text == text.strip() and not text.startswith(_GUARD) and not is_at_risk(text)
    return text if is_safe else _GUARD + text


def unguard(cell: str) -> str:
    """Return the text of a cell, without the apostrophe that `guard` put before it."""
    return cell.removeprefix(_GUARD)


def is_guarded(cell: str) -> bool:
    """Say whether a cell begins with the apostrophe of `guard`."""
    return cell.startswith(_GUARD)


def is_at_risk(text: str) -> bool:
    """Say whether a spreadsheet program may change a text on opening the file."""
    plain = unicodedata.normalize("NFKC", text).strip()  # full-width digits are numbers too
    return (
        plain.startswith(_FORMULA)
        or plain.lower() in ("true", "false")
        or _NUMBER.fullmatch(plain) is not None
    )


def is_broken(cell: str) -> bool:
    """Say whether a cell holds what a spreadsheet program writes for what it cannot show."""
    return _BROKEN.fullmatch(cell.strip()) is not None
