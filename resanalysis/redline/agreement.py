"""How two readers' decisions on one redline agree, and where they do not.

What carries neither mark nor highlight is undecided. A comparison counts it as in both versions,
like what a highlight decides: that is what stands if nobody and nothing decides more. The list of
differences still tells the two apart, since it shows each reader's marks.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import pandas as pd

from resanalysis.model import Op, input_error
from resanalysis.redline.inference.places import split_lines
from resanalysis.redline.marks.decisions import Mark, read_marks
from resanalysis.redline.marks.signs import Lines, escape, write_mark

CONTEXT = 12
"""Characters shown on either side of a place where two readings differ."""


def compare_readings(first: str, second: str) -> pd.DataFrame:
    """Return, line by line, where two readings of one redline agree.

    Parameters
    ----------
    first, second : str
        The same text in CriticMarkup, marked by two readers.

    Returns
    -------
    DataFrame
        One row per line of the text: `line` (from 1), `characters`, `marked` (characters that
        either reader marks as deleted or inserted), `agreeing` (characters with the same
        operation), `agreeing_marked` (of the marked ones), `same_versions` (whether the line gives
        the same two texts).

    Raises
    ------
    InputError
        When a reading is malformed, or the two are not readings of one text.

    Examples
    --------
    >>> compare_readings("{--甲--}{++乙++}丙", "{--甲--}乙丙")["agreeing"].tolist()
    [2]
    """
    one, two = _read_both(first, second)
    text = one.text
    rows = []
    for number, (start, line) in enumerate(split_lines(text), start=1):
        a, b = one.ops[start : start + len(line)], two.ops[start : start + len(line)]
        pairs = list(zip(a, b, strict=True))
        marked = [pair for pair in pairs if set(pair) != {"equal"}]
        rows.append(
            {
                "line": number,
                "characters": len(line),
                "marked": len(marked),
                "agreeing": sum(x == y for x, y in pairs),
                "agreeing_marked": sum(x == y for x, y in marked),
                "same_versions": _versions(line, a) == _versions(line, b),
            }
        )
    return pd.DataFrame(rows)


def measure_agreement(first: str, second: str) -> dict[str, float]:
    """Return the agreement of two readings as a few numbers.

    Parameters
    ----------
    first, second : str
        The same text in CriticMarkup, marked by two readers.

    Returns
    -------
    dict
        `lines`, `same_lines` (lines that give the same two texts), `characters`, `marked`
        (characters that either reader marks as deleted or inserted), `agreement` (share of
        characters with the same operation; not a number in an empty text), `agreement_marked` (of
        the marked ones; not a number if there are none), `kappa` (Cohen's kappa over delete,
        insert, equal per character; not a number where both readers use one and the same operation
        throughout, since chance then explains all agreement). Undecided counts as equal.

    Raises
    ------
    InputError
        When a reading is malformed, or the two are not readings of one text.

    References
    ----------
    Cohen, J. (1960). A coefficient of agreement for nominal scales. Educational and Psychological
    Measurement 20(1), 37-46.

    Examples
    --------
    >>> measure_agreement("{--甲--}{++乙++}丙丁", "{--甲--}乙丙丁")["agreement"]
    0.75
    """
    table = compare_readings(first, second)
    one, two = _read_both(first, second)
    size = len(one.text)
    same = sum(a == b for a, b in zip(one.ops, two.ops, strict=True))
    counts, others = Counter(one.ops), Counter(two.ops)
    by_chance = sum(counts[op] * others[op] for op in counts)  # times size
    marked = int(table["marked"].sum())
    return {
        "lines": len(table),
        "same_lines": int(table["same_versions"].sum()),
        "characters": size,
        "marked": marked,
        "agreement": _share(same, size),
        "agreement_marked": _share(int(table["agreeing_marked"].sum()), marked),
        "kappa": _share(same * size - by_chance, size * size - by_chance),
    }


def _share(part: int, whole: int) -> float:
    return part / whole if whole else float("nan")


def list_differences(first: str, second: str) -> pd.DataFrame:
    """Return every place where two readings of one redline differ, for talking it over.

    A place is a run of characters with different operations, widened to the whole marks in it.
    Places of which neither reader deletes or inserts anything are not listed: undecided and decided
    to be in both versions give the same texts.

    Parameters
    ----------
    first, second : str
        The same text in CriticMarkup, marked by two readers.

    Returns
    -------
    DataFrame
        One row per place, in the order of the text:

        - `line` : line of the text in which the place begins, from 1
        - `start`, `end` : half-open range of the text without marks
        - `context` : the place with up to 12 characters on either side
        - `same_versions` : whether both readings of the place give the same two texts all the
          same, as marks do that lie differently over a repeated word

        and of each reader, under `first_` and `second_`:

        - `old`, `new` : the place's text in the two versions
        - `markup` : the place with the reader's marks and highlights, in CriticMarkup
        - `ids`, `coders`, `sure`, `reasons` : what the comments say, each different entry once,
          joined by ` | `; empty where there is no comment

    Raises
    ------
    InputError
        When a reading is malformed, or the two are not readings of one text.

    Examples
    --------
    >>> table = list_differences("{--在--}{++2022++}年", "{--在--}2022年")
    >>> table[["start", "end", "first_old", "second_old"]].values.tolist()
    [[1, 5, '', '2022']]
    """
    one, two = _read_both(first, second)
    lines = Lines(one.text)
    rows = [
        {
            "line": lines.line(start),
            "start": start,
            "end": end,
            "context": one.text[max(start - CONTEXT, 0) : end + CONTEXT],
            "same_versions": one.versions(start, end) == two.versions(start, end),
            **one.describe("first", start, end),
            **two.describe("second", start, end),
        }
        for start, end in _find_differences(one, two)
    ]
    readers = [f"{reader}_{name}" for reader in ("first", "second") for name in _DESCRIBED]
    columns = ["line", "start", "end", "context", "same_versions", *readers]
    return pd.DataFrame(rows, columns=columns)


_DESCRIBED = ("old", "new", "markup", "ids", "coders", "sure", "reasons")


@dataclass(frozen=True)
class _Reading:
    """One reader's marks, and the operation of every character that follows from them."""

    text: str
    marks: list[Mark]
    ops: list[Op]

    def versions(self, start: int, end: int) -> tuple[str, str]:
        return _versions(self.text[start:end], self.ops[start:end])

    def marks_in(self, start: int, end: int) -> list[Mark]:
        # Marks are in order and do not overlap, so both their ends rise.
        begin = bisect_right(self.marks, start, key=lambda mark: mark.end)
        stop = bisect_left(self.marks, end, key=lambda mark: mark.start)
        return self.marks[begin:stop]

    def describe(self, reader: str, start: int, end: int) -> dict[str, str]:
        """Return what the reader decided of characters `start` to `end`."""
        old, new = self.versions(start, end)
        marks = self.marks_in(start, end)
        parts = []
        at = start
        for mark in marks:
            begin, stop = max(mark.start, start), min(mark.end, end)
            parts += [escape(self.text[at:begin]), write_mark(mark.op, self.text[begin:stop])]
            at = stop
        parts.append(escape(self.text[at:end]))
        said = [mark for mark in marks if mark.coder]
        values = (
            old,
            new,
            "".join(parts),
            _join_once([mark.id for mark in said]),
            _join_once([mark.coder for mark in said]),
            _join_once([mark.sure for mark in said]),
            _join_once([mark.reason for mark in said]),
        )
        return {f"{reader}_{name}": value for name, value in zip(_DESCRIBED, values, strict=True)}


def _join_once(entries: Sequence[str]) -> str:
    return " | ".join(dict.fromkeys(entries))


def _find_differences(one: _Reading, two: _Reading) -> list[tuple[int, int]]:
    """Return the places that differ, widened to the marks they touch; those that meet are one."""
    differs = [a != b for a, b in zip(one.ops, two.ops, strict=True)]
    found: list[tuple[int, int]] = []
    start = 0
    for different, run in groupby(differs):
        end = start + len(list(run))
        if different:
            marks = [*one.marks_in(start, end), *two.marks_in(start, end)]
            begin = min(mark.start for mark in marks)
            stop = max(mark.end for mark in marks)
            while found and begin < found[-1][1]:
                before = found.pop()
                begin, stop = min(begin, before[0]), max(stop, before[1])
            found.append((begin, stop))
        start = end
    return found


def _read_both(first: str, second: str) -> tuple[_Reading, _Reading]:
    one, two = _read(first, "first reading"), _read(second, "second reading")
    if one.text != two.text:
        raise input_error(
            "second reading", "", "not the same text as the first", "Compare readings of one source"
        )
    return one, two


def _read(markup: str, name: str) -> _Reading:
    text, marks = read_marks(markup, name=name)
    ops: list[Op] = ["equal"] * len(text)
    for mark in marks:
        ops[mark.start : mark.end] = [mark.op] * (mark.end - mark.start)
    return _Reading(text, marks, ops)


def _versions(text: str, ops: Sequence[Op]) -> tuple[str, str]:
    pairs = list(zip(text, ops, strict=True))
    old = "".join(char for char, op in pairs if op != "insert")
    return old, "".join(char for char, op in pairs if op != "delete")
