"""CriticMarkup as a source format, read and written without loss."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter

import pandas as pd

from resanalysis.model import InputError, Op, Problem
from resanalysis.redline.marks.signs import (
    OP_SIGNS,
    Lines,
    Piece,
    Sign,
    escape,
    read_pieces,
    report_faults,
    write_mark,
)
from resanalysis.redline.segments import Redline, Run, join_runs


def read_criticmarkup(markup: str, *, name: str = "source.critic.txt", corpus: str = "") -> Redline:
    r"""Return the two versions of a text in CriticMarkup, exactly.

    `{++new++}`, `{--old--}` and `{~~old~>new~~}` are changes; the text of `{==a highlight==}`
    stands in both versions; `{>>a comment<<}` is left out and counted in the notes. Marks may span
    lines, not each other. A backslash inside a sign makes it text: `{\++`, `++\}`, and in a
    substitution `~\>`. CriticMarkup does not say who made a change, so `changed_by` is empty.

    Parameters
    ----------
    markup : str
        The text.
    name : str
        File name for messages.
    corpus : str
        Id written into the tables.

    Returns
    -------
    Redline
        Segments that are all proven, no alternatives. Its source is the markup without signs and
        comments; of a substitution, the old text and then the new.

    Raises
    ------
    InputError
        With every mark that is unclosed, empty, nested or without `~>`, and every closing sign
        that closes nothing, by line and column.

    Examples
    --------
    >>> redline = read_criticmarkup("{~~2014~>2022~~}年{>>which?<<}{++，修订版++}")
    >>> redline.text("old"), redline.text("new"), redline.source, redline.notes
    ('2014年', '2022年，修订版', '20142022年，修订版', ('comments left out: 1',))
    """
    pieces, faults = read_pieces(markup)
    if faults:
        raise report_faults(faults, markup, name)
    return join_runs(
        _runs(pieces), rule="criticmarkup", notes=_notes(pieces, markup), corpus=corpus
    )


def _runs(pieces: Sequence[Piece]) -> Iterator[Run]:
    ops: dict[Sign, Op] = {"{--": "delete", "{++": "insert"}
    for piece in pieces:
        if piece.sign == "{~~":
            yield Run(piece.text, "delete")
            yield Run(piece.new, "insert")
        elif piece.sign != "{>>":
            yield Run(piece.text, ops.get(piece.sign, "equal"))


def _notes(pieces: Sequence[Piece], markup: str) -> list[str]:
    signs = Counter(piece.sign for piece in pieces)
    notes = [f"comments left out: {signs['{>>']}"] if signs["{>>"] else []
    lines = Lines(markup)
    notes += [
        f"{lines.place(piece.start)}: the backslash before {piece.sign} is text;"
        f" write {escape(piece.sign)} if {piece.sign} is"
        for piece in pieces
        if piece.sign and markup[piece.start - 1 : piece.start] == "\\"
    ]
    return notes


def write_marks(segments: pd.DataFrame, *, name: str = "source") -> str:
    r"""Return the segments as CriticMarkup with `{--` and `{++` only.

    `read_criticmarkup` reads the same characters with the same operations from it. Stripped of its
    marks it is the source, to the last character, unless the source itself contains a sign: that
    is written with a backslash inside (`{\++`).

    Parameters
    ----------
    segments : DataFrame
        With the columns `text` and `op`; neighbours of one operation share a mark.
    name : str
        File name for messages.

    Raises
    ------
    InputError
        When an operation is none of equal, delete, insert.

    Examples
    --------
    >>> redline = read_criticmarkup("{~~2014~>2022~~}年")
    >>> print(write_marks(redline.segments))
    {--2014--}{++2022++}年
    """
    rows = [row for row in zip(segments["op"], segments["text"], strict=True) if row[1]]
    unknown = sorted({str(op) for op, _ in rows} - set(OP_SIGNS))
    if unknown:
        raise InputError(
            Problem("error", name, f"operation {op}", "not known", "Use equal, delete or insert")
            for op in unknown
        )
    parts = []
    for op, run in groupby(rows, key=itemgetter(0)):
        body = "".join(text for _, text in run)
        parts.append(escape(body) if op == "equal" else write_mark(op, body))
    return "".join(parts)
