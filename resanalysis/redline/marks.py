"""CriticMarkup as this project uses it: decisions read, recovered segments written."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import groupby
from operator import itemgetter
from typing import Literal

import pandas as pd

from resanalysis.model import InputError, Op, Problem, input_error

_OPEN = {"{--": "--}", "{++": "++}", "{==": "==}", "{>>": "<<}"}
_OPS: dict[str, Op] = {"{--": "delete", "{++": "insert", "{==": "equal"}
_SIGN = re.compile(r"\{--|\{\+\+|\{==|\{>>|\{~~|--\}|\+\+\}|==\}|<<\}|~~\}")
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
    reader = _Reader(markup, name)
    reader.read()
    if reader.problems:
        raise InputError(reader.problems)
    return "".join(reader.parts), reader.marks


class _Reader:
    """Goes from sign to sign, collecting text, marks and problems."""

    def __init__(self, markup: str, name: str) -> None:
        self.markup = markup
        self.name = name
        self.parts: list[str] = []
        self.marks: list[Mark] = []
        self.problems: list[Problem] = []
        self.length = 0  # of the text so far
        self.mark_end = -1  # where in the markup the last mark ended

    def read(self) -> None:
        position = 0
        while match := _SIGN.search(self.markup, position):
            sign, start = match.group(), match.start()
            self._keep(self.markup[position:start])
            position = match.end()
            if sign in _OPEN:
                position = self._read_mark(sign, start, position)
            elif sign == "{~~":
                self._complain(start, "substitution marks are not used here")
            else:
                self._complain(start, f"{sign} closes nothing")
        self._keep(self.markup[position:])

    def _read_mark(self, sign: str, start: int, position: int) -> int:
        """Read what the sign opens; return where to go on."""
        close = self.markup.find(_OPEN[sign], position)
        if close < 0:
            self._complain(start, f"{sign} is not closed")
            return position
        inner, end = self.markup[position:close], close + len(_OPEN[sign])
        if sign == "{>>":
            self._read_comment(inner, start)
        elif not inner:
            self._complain(start, "empty mark")
        elif _SIGN.search(inner):
            self._complain(start, f"marks nested in {sign}")
        else:
            a, b, place = self.length, self.length + len(inner), f"mark-{len(self.marks) + 1}"
            self.marks.append(Mark(a, b, _OPS[sign], place, "", "certain", ""))
            self._keep(inner)
            self.mark_end = end
        return end

    def _read_comment(self, inner: str, start: int) -> None:
        """Give the last mark what its comment says."""
        if start != self.mark_end:
            self._complain(start, "comment that follows no mark")
            return
        fields = [part.strip() for part in inner.split(";", 3)]
        if len(fields) < 4 or not all(fields) or fields[2] not in ("certain", "uncertain"):
            self._complain(start, f"comment not understood: {inner[:60]}")
            return
        place, coder, sure, reason = fields
        self.marks[-1] = replace(
            self.marks[-1],
            id=place,
            coder=coder,
            sure="certain" if sure == "certain" else "uncertain",
            reason=reason,
        )

    def _keep(self, text: str) -> None:
        self.parts.append(text)
        self.length += len(text)

    def _complain(self, offset: int, what: str) -> None:
        line = self.markup.count("\n", 0, offset) + 1
        column = offset - self.markup.rfind("\n", 0, offset)
        place = f"line {line}, column {column}"
        self.problems.append(Problem("error", self.name, place, what, _GRAMMAR))


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
    found = _SIGN.search(text)
    if found:
        line = text.count("\n", 0, found.start()) + 1
        raise input_error(
            name,
            f"line {line}",
            f"the source contains {found.group()}, which is CriticMarkup",
            "Write it as --to json instead, or change these characters in the source",
        )
    parts = []
    for op, run in groupby(zip(segments["op"], segments["text"], strict=True), key=itemgetter(0)):
        body = "".join(part for _, part in run)
        opening, closing = {"delete": ("{--", "--}"), "insert": ("{++", "++}")}.get(op, ("", ""))
        parts.append(f"{opening}{body}{closing}")
    return "".join(parts)
