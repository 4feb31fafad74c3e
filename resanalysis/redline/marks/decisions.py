r"""Readers' decisions on a flattened text, read and written.

A decisions file is the source in CriticMarkup. Deletions and insertions mark, a highlight says that
text is in both versions, and the comment right after any of them says who decided and how surely.
What carries neither mark nor comment is *undecided*: nobody said that it is in both versions, and
what the machine proposes for it stands. A sign with a backslash inside (`{\++`) is text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from resanalysis.model import InputError, Op, Problem
from resanalysis.redline.marks.signs import (
    OP_SIGNS,
    Fault,
    escape,
    escape_comment,
    read_pieces,
    report_faults,
    write_mark,
)

_GRAMMAR = "Write {--old--}, {++new++} or {==both==}, then {>>id; coder; certain; reason<<}"
_OPS: Mapping[str, Op] = {sign: op for op, sign in OP_SIGNS.items()}


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


# --- reading ------------------------------------------------------------------------------------


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
        In the order of the text. A mark without comment has an id of its own, `mark-1` for the
        first of all marks. Text that no mark covers is undecided.

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
    text, marks, _ = read_placed_marks(markup, name)
    return text, marks


def read_placed_marks(markup: str, name: str) -> tuple[str, list[Mark], list[int]]:
    """Return text, marks, and where in the markup each mark begins."""
    pieces, faults = read_pieces(markup)
    parts: list[str] = []
    marks: list[Mark] = []
    offsets: list[int] = []
    length, mark_end = 0, -1
    for piece in pieces:
        if piece.sign == "{>>":
            if piece.start != mark_end:
                faults.append(Fault(piece.start, "comment that follows no mark", _GRAMMAR))
            elif fields := _read_comment(piece.text):
                marks[-1] = replace(marks[-1], **fields)
            else:
                what = f"comment not understood: {piece.text[:60]}"
                faults.append(Fault(piece.start, what, _GRAMMAR))
            continue
        if piece.sign == "{~~":
            what = "substitution marks are not used here"
            faults.append(Fault(piece.start, what, "Write {--old--}{++new++} instead"))
        elif piece.sign:
            end = length + len(piece.text)
            marks.append(Mark(length, end, _OPS[piece.sign], "", "", "certain", ""))
            offsets.append(piece.start)
            mark_end = piece.end
        parts.append(piece.text)
        length += len(piece.text)
    if faults:
        raise report_faults(faults, markup, name)
    return "".join(parts), _name_marks(marks), offsets


def _read_comment(comment: str) -> dict[str, Any]:
    """Return the fields of a mark that its comment gives; nothing if it is not understood."""
    fields = [part.strip() for part in comment.split(";", 3)]
    if len(fields) < 4 or not all(fields) or fields[2] not in ("certain", "uncertain"):
        return {}
    return dict(zip(("id", "coder", "sure", "reason"), fields, strict=True))


def _name_marks(marks: Sequence[Mark]) -> list[Mark]:
    """Give every mark without comment an id that no other mark has."""
    taken = {mark.id for mark in marks}
    named = []
    for number, mark in enumerate(marks, start=1):
        own = f"mark-{number}"
        while not mark.id and own in taken:
            own += "-bare"
        named.append(mark if mark.id else replace(mark, id=own))
    return named


# --- writing ------------------------------------------------------------------------------------


def write_decisions(text: str, marks: Iterable[Mark], *, name: str = "decisions.critic.txt") -> str:
    r"""Return a decisions file: the text with its marks, each with its comment.

    `read_marks` reads the same text and the same marks from it. A mark without coder and reason is
    written without comment; it is then named by its number among the marks when it is read.

    Parameters
    ----------
    text : str
        The source.
    marks : iterable of Mark
        In any order, none overlapping another. Ids and coders are one line without `;`; a reason
        may hold anything, line breaks, semicolons and signs included.
    name : str
        File name for messages.

    Raises
    ------
    InputError
        With every mark that lies outside the text, is empty, overlaps another, or has an id, coder
        or reason that would not be read back.

    Examples
    --------
    >>> marks = [Mark(0, 4, "delete", "year", "ann", "certain", "two dates; {++2022++} is new")]
    >>> print(write_decisions("2014年", marks))
    {--2014--}{>>year; ann; certain; two dates; {++2022++} is new<<}年
    """
    ordered = sorted(marks, key=lambda mark: mark.start)
    problems = _check_marks(text, ordered, name)
    if problems:
        raise InputError(problems)
    parts = []
    at = 0
    for mark in ordered:
        parts += [
            escape(text[at : mark.start]),
            write_mark(mark.op, text[mark.start : mark.end]),
            _write_comment(mark),
        ]
        at = mark.end
    return "".join([*parts, escape(text[at:])])


def _write_comment(mark: Mark) -> str:
    if not mark.coder and not mark.reason:
        return ""
    fields = escape_comment(f"{mark.id}; {mark.coder}; {mark.sure}; {mark.reason}")
    return f"{{>>{fields}<<}}"


def _check_marks(text: str, marks: Sequence[Mark], name: str) -> list[Problem]:
    """Return what would not be read back as it is."""
    shared = Counter(mark.id for mark in marks)
    problems = []
    at = 0
    for mark in marks:
        bare = not mark.coder and not mark.reason
        faults = []
        if not 0 <= mark.start < mark.end <= len(text):
            faults.append(("lies outside the text or is empty", "Give it characters of the text"))
        elif mark.start < at:
            faults.append(("overlaps the mark before it", "Decide every character once"))
        if bare and (shared[mark.id] > 1 or mark.sure == "uncertain"):
            faults.append(
                (
                    "has neither coder nor reason",
                    "Marks of a shared id, and uncertain ones, need both",
                )
            )
        for field in () if bare else ("id", "coder", "reason"):
            faults += _check_field(field, getattr(mark, field))
        place = f"mark {mark.id} at {mark.start} to {mark.end}"
        problems += [Problem("error", name, place, what, remedy) for what, remedy in faults]
        at = max(at, mark.end)
    return problems


def _check_field(field: str, value: str) -> list[tuple[str, str]]:
    """Return what a comment cannot hold in one of its fields."""
    if not value or value != value.strip():
        return [(f"{field} {value!r} is empty or has white space at an end", "Give it words only")]
    if field != "reason" and (";" in value or "\n" in value):
        return [(f"{field} {value!r} holds a semicolon or a line break", "Use other characters")]
    return []
