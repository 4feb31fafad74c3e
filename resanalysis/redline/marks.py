"""CriticMarkup as this project uses it: decisions read, recovered segments written."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from resanalysis.model import InputError, Op, Problem, input_error

_OPEN = {"{--": "--}", "{++": "++}", "{==": "==}", "{>>": "<<}"}
_OPS: dict[str, Op] = {"{--": "delete", "{++": "insert", "{==": "equal"}
_SIGN = re.compile(r"\{--|\{\+\+|\{==|\{>>|\{~~|--\}|\+\+\}|==\}|<<\}|~~\}|~>")
_GRAMMAR = "Write {--old--}, {++new++} or {==both==}, then {>>id; coder; certain; reason<<}"


@dataclass(frozen=True)
class Mark:
    """One decision: characters `start` to `end` of the source, and what was decided of them.

    Attributes
    ----------
    start, end : int
        Half-open range of the source.
    op : {"delete", "insert", "equal"}
        The decision.
    id : str
        Place the mark belongs to; marks of one id stand or fall together.
    coder, reason : str
        Who decided, and why; empty where the mark has no comment.
    sure : {"certain", "uncertain"}
        How sure the coder is; a mark without comment is certain.
    """

    start: int
    end: int
    op: Op
    id: str
    coder: str
    sure: Literal["certain", "uncertain"]
    reason: str


def read_marks(markup: str, *, name: str = "decisions.critic.txt") -> tuple[str, list[Mark]]:
    """Return the text without marks, and the marks with their place in that text.

    Parameters
    ----------
    markup : str
        A text in CriticMarkup: `{--deleted--}`, `{++inserted++}`, `{==in both==}`, each of them
        optionally followed at once by `{>>id; coder; certain|uncertain; reason<<}`.
    name : str
        File name for messages.

    Returns
    -------
    text : str
        The text stripped of marks, highlights and comments.
    marks : list of Mark
        In the order of the text.

    Raises
    ------
    InputError
        With every malformed mark and comment, by line and column.

    Examples
    --------
    >>> text, marks = read_marks("{--2014--}{>>y; ann; certain; dates<<}{++2022++}年")
    >>> text, [(mark.op, mark.start, mark.end) for mark in marks]
    ('20142022年', [('delete', 0, 4), ('insert', 4, 8)])
    """
    problems: list[Problem] = []
    parts: list[str] = []
    marks: list[Mark] = []
    length = position = 0
    last_end = -1  # where in the markup the last mark ended

    def complain(offset: int, what: str, remedy: str = _GRAMMAR) -> None:
        line = markup.count("\n", 0, offset) + 1
        column = offset - markup.rfind("\n", 0, offset)
        problems.append(Problem("error", name, f"line {line}, column {column}", what, remedy))

    def keep(text: str) -> None:
        nonlocal length
        parts.append(text)
        length += len(text)

    while match := _SIGN.search(markup, position):
        sign, start = match.group(), match.start()
        keep(markup[position:start])
        position = match.end()
        if sign == "~>":  # an arrow in running text is no mark
            keep(sign)
            continue
        if sign not in _OPEN:
            what = (
                "substitution marks are not used here"
                if sign == "{~~"
                else f"{sign} closes nothing"
            )
            complain(start, what)
            continue
        close = markup.find(_OPEN[sign], position)
        inner = markup[position : close if close >= 0 else len(markup)]
        nested = _SIGN.search(inner)
        if close < 0 or (nested and sign != "{>>"):
            what = f"{sign} is not closed" if close < 0 else f"marks nested in {sign}"
            complain(start, what)
            keep("" if sign == "{>>" else inner)
            position = len(markup) if close < 0 else close + 3
            continue
        position = close + 3
        if sign == "{>>":
            if start != last_end:
                complain(start, "comment that follows no mark")
            else:
                _read_comment(inner, marks, start, complain)
            last_end = -1
            continue
        if not inner:
            complain(start, "empty mark")
        op = _OPS[sign]
        marks.append(
            Mark(length, length + len(inner), op, f"mark-{len(marks) + 1}", "", "certain", "")
        )
        keep(inner)
        last_end = position
    keep(markup[position:])
    if problems:
        raise InputError(problems)
    return "".join(parts), marks


def _read_comment(
    inner: str, marks: list[Mark], offset: int, complain: Callable[[int, str], None]
) -> None:
    """Give the last mark what its comment says."""
    fields = [part.strip() for part in inner.split(";", 3)]
    mark = marks[-1]
    if len(fields) < 4 or not all(fields) or fields[2] not in ("certain", "uncertain"):
        complain(offset, f"comment not understood: {inner[:60]}")
        return
    sure: Literal["certain", "uncertain"] = "certain" if fields[2] == "certain" else "uncertain"
    marks[-1] = Mark(mark.start, mark.end, mark.op, fields[0], fields[1], sure, fields[3])


def fit_marks(markup: str, text: str, *, name: str = "decisions.critic.txt") -> list[Mark]:
    """Return the marks of `markup` after making sure that, stripped, it is `text`.

    Raises
    ------
    InputError
        When the markup is malformed, or its text differs from `text`: where, and both excerpts.
    """
    stripped, marks = read_marks(markup, name=name)
    if stripped != text:
        pairs = zip(stripped, text, strict=False)
        at = next((i for i, (a, b) in enumerate(pairs) if a != b), min(len(stripped), len(text)))
        line = text.count("\n", 0, at) + 1
        raise input_error(
            name,
            f"source line {line}, offset {at}",
            f"the decisions do not fit the source: they have {stripped[at : at + 20]!r}, the"
            f" source has {text[at : at + 20]!r}",
            "Only marks and comments may differ from the source; restore the text there",
        )
    return marks


def write_marks(segments: pd.DataFrame, *, name: str = "source") -> str:
    """Return the segments as CriticMarkup with `{--` and `{++` only.

    Stripped of its marks the result is the source, to the last character.

    Raises
    ------
    InputError
        When the source itself contains a CriticMarkup sign, which could not be told from ours.
    """
    text = "".join(segments["text"])
    found = re.search(r"\{--|\{\+\+|--\}|\+\+\}", text)
    if found:
        line = text.count("\n", 0, found.start()) + 1
        raise input_error(
            name,
            f"line {line}",
            f"the source contains {found.group()}, which is CriticMarkup",
            "Write it as --to json instead, or change these characters in the source",
        )
    parts: list[str] = []
    runs = (segments["op"] != segments["op"].shift()).cumsum()
    for _, run in segments.groupby(runs, sort=True):
        body, op = "".join(run["text"]), run["op"].iloc[0]
        opening, closing = {"delete": ("{--", "--}"), "insert": ("{++", "++}")}.get(op, ("", ""))
        parts.append(f"{opening}{body}{closing}")
    return "".join(parts)
