"""What coders put into the cells of a sheet."""

from __future__ import annotations

import unicodedata

YES = frozenset({"1", "1.0", "x", "√", "✓", "✔", "是", "yes", "true"})
NO = frozenset({"0", "0.0", "否", "no", "false"})
SURE = frozenset({"", "certain", "确定"})
UNSURE = frozenset({"?", "uncertain", "不确定"})


def read_mark(cell: str) -> int | None:
    """Return what a cell says: 1, 0, or None where it is empty.

    Letter case, full-width forms and white space around the mark do not matter.

    Raises
    ------
    ValueError
        When the cell holds anything else.

    Examples
    --------
    >>> [read_mark(cell) for cell in ("√", "Ｘ", " 1 ", "否", "")]
    [1, 1, 1, 0, None]
    """
    mark = _plain(cell)
    if not mark:
        return None
    if mark not in YES | NO:
        raise ValueError(cell)
    return int(mark in YES)


def read_sure(cell: str) -> bool:
    """Return whether the coder was certain.

    Raises
    ------
    ValueError
        When the cell says neither certain nor uncertain.

    Examples
    --------
    >>> [read_sure(cell) for cell in ("", "？", "不确定")]
    [True, False, False]
    """
    word = _plain(cell)
    if word not in SURE | UNSURE:
        raise ValueError(cell)
    return word in SURE


def _plain(cell: str) -> str:
    return unicodedata.normalize("NFKC", cell).strip().casefold()
