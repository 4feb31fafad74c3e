r"""The signs of CriticMarkup: text cut into marks, comments and what stands between them.

The toolkit (http://criticmarkup.com) has no way to write its signs as text. Here a sign with a
backslash *inside* it is text: `{\++` stands for the characters `{++`, and `++\}` for `++}`. Reading
takes one backslash out of such a sign, writing puts one in, so that `{\\++` stands for `{\++` and
any text can be written. A backslash anywhere else is a backslash, in front of a sign too. A text
without signs is therefore written as it is, other readers of CriticMarkup see no mark in `{\++`,
and Markdown shows it as `{++`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from resanalysis.model import InputError, Op, Problem

Sign = Literal["", "{--", "{++", "{~~", "{==", "{>>"]

CLOSING: dict[Sign, str] = {
    "{--": "--}",
    "{++": "++}",
    "{~~": "~~}",
    "{==": "==}",
    "{>>": "<<}",
}
OP_SIGNS: dict[Op, Sign] = {"delete": "{--", "insert": "{++", "equal": "{=="}
"""The sign that marks an operation; for `equal` a highlight."""

_OPENING: dict[str, Sign] = {sign: sign for sign in CLOSING}
_SIGN = re.compile(r"\{(?:--|\+\+|~~|==|>>)|(?:--|\+\+|~~|==|<<)\}")
_COMMENT_SIGN = re.compile(r"\{>>|<<\}")
_ARROW = re.compile(r"~>")


@dataclass(frozen=True)
class Piece:
    """What stands between two signs, or outside all of them.

    Attributes
    ----------
    sign : str
        The opening sign; empty for text outside marks.
    text : str
        The characters, escapes resolved; of a substitution the old ones.
    new : str
        The new characters of a substitution; otherwise empty.
    start, end : int
        Half-open range of the markup, signs included.
    """

    sign: Sign
    text: str
    new: str
    start: int
    end: int


# --- escapes ------------------------------------------------------------------------------------


def escape(text: str) -> str:
    r"""Return `text` with a backslash in every sign, so that it is read back as text.

    Examples
    --------
    >>> print(escape("{--}, 甲--\\} and -- }"))
    {\--\}, 甲--\\} and -- }
    """
    text = re.sub(r"\{(?=\\*(?:--|\+\+|~~|==|>>))", r"{\\", text)
    return re.sub(r"((?:--|\+\+|~~|==|<<)\\*)\}", r"\1\\}", text)


def unescape(text: str) -> str:
    """Return what `escape` was given."""
    text = re.sub(r"\{\\(?=\\*(?:--|\+\+|~~|==|>>))", "{", text)
    return re.sub(r"((?:--|\+\+|~~|==|<<)\\*)\\\}", r"\1}", text)


def escape_comment(text: str) -> str:
    """Return `text` for the inside of a comment, where only the comment's own signs are signs."""
    text = re.sub(r"\{(?=\\*>>)", r"{\\", text)
    return re.sub(r"(<<\\*)\}", r"\1\\}", text)


def _unescape_comment(text: str) -> str:
    text = re.sub(r"\{\\(?=\\*>>)", "{", text)
    return re.sub(r"(<<\\*)\\\}", r"\1}", text)


def _unescape_arrow(text: str) -> str:
    r"""Take one backslash out of `~\>`, which is text inside a substitution."""
    return re.sub(r"~\\(\\*>)", r"~\1", text)


def write_mark(op: Op, text: str) -> str:
    """Return `text`, which is not empty, inside the mark of `op`; `equal` is a highlight."""
    sign = OP_SIGNS[op]
    return f"{sign}{escape(text)}{CLOSING[sign]}"


# --- from sign to sign --------------------------------------------------------------------------


class Lines:
    """Turns offsets of a text into lines and columns, both counted from 1."""

    def __init__(self, text: str) -> None:
        self._begins = [0, *(match.end() for match in re.finditer("\n", text))]

    def line(self, offset: int) -> int:
        """Return the line that the character at `offset` stands in."""
        return bisect_right(self._begins, offset)

    def place(self, offset: int) -> str:
        """Return line and column of `offset`, for messages."""
        line = self.line(offset)
        return f"line {line}, column {offset - self._begins[line - 1] + 1}"


@dataclass(frozen=True, order=True)
class Fault:
    """Something malformed at `offset` of the markup: what it is and how to mend it."""

    offset: int
    what: str
    remedy: str


def report_faults(faults: Iterable[Fault], markup: str, name: str) -> InputError:
    """Return the error that lists the faults with line and column, in the order of the markup."""
    lines = Lines(markup)
    return InputError(
        Problem("error", name, lines.place(fault.offset), fault.what, fault.remedy)
        for fault in sorted(faults)
    )


def read_pieces(markup: str) -> tuple[list[Piece], list[Fault]]:
    """Return text, marks and comments of `markup` in order, and everything malformed.

    Time grows linearly with the markup, whatever signs stand in it.
    """
    lexer = _Lexer(markup)
    return list(lexer.read()), lexer.faults


class _Lexer:
    """Goes from sign to sign, giving pieces and collecting faults."""

    def __init__(self, markup: str) -> None:
        self.markup = markup
        self.lines = Lines(markup)
        self.faults: list[Fault] = []
        self.closings: dict[Sign, int] = {}  # where the next closing sign of each kind stands

    def read(self) -> Iterator[Piece]:
        position = 0
        while match := _SIGN.search(self.markup, position):
            sign, start = match.group(), match.start()
            yield from self._text(position, start)
            position = match.end()
            opening = _OPENING.get(sign)
            if opening:
                pieces, position = self._mark(opening, start)
                yield from pieces
            else:
                self._complain(start, f"{sign} closes nothing", _as_text(sign))
        yield from self._text(position, len(self.markup))

    def _text(self, start: int, end: int) -> Iterator[Piece]:
        if start < end:
            yield Piece("", unescape(self.markup[start:end]), "", start, end)

    def _mark(self, sign: Sign, start: int) -> tuple[list[Piece], int]:
        """Return the mark that `sign` opens, if it is sound, and where to go on."""
        begin = start + len(sign)
        close = self._find_close(sign, begin)
        if close < 0:
            self._complain(start, f"{sign} is not closed", _close_it(sign))
            return [], begin
        end = close + len(CLOSING[sign])
        pattern = _COMMENT_SIGN if sign == "{>>" else _SIGN
        inner = pattern.search(self.markup, begin, close)
        if inner and inner.group() == sign:
            where = self.lines.place(inner.start())
            self._complain(
                start, f"{sign} is not closed before the next {sign} ({where})", _close_it(sign)
            )
            return [], begin
        if inner:
            where = self.lines.place(inner.start())
            self._complain(
                start,
                f"marks nested in {sign}: {inner.group()} ({where})",
                f"Close {sign} before it and open it again after it, or {_as_text(inner.group())}",
            )
            return [], end
        return self._piece(sign, start, begin, close, end), end

    def _piece(self, sign: Sign, start: int, begin: int, close: int, end: int) -> list[Piece]:
        body = self.markup[begin:close]
        if sign == "{>>":
            return [Piece(sign, _unescape_comment(body), "", start, end)]
        if sign == "{~~":
            return self._substitution(body, start, end)
        if not body:
            self._complain(start, f"empty mark {sign}{CLOSING[sign]}", "Take it out")
            return []
        return [Piece(sign, unescape(body), "", start, end)]

    def _substitution(self, body: str, start: int, end: int) -> list[Piece]:
        halves = _ARROW.split(body)
        if len(halves) != 2:
            what = "without ~>" if len(halves) < 2 else "with more than one ~>"
            self._complain(
                start,
                f"substitution {what}",
                r"Write {~~old~>new~~}; ~\> stands for ~> as text in it",
            )
        elif not all(halves):
            self._complain(
                start,
                f"substitution with nothing {'after' if halves[0] else 'before'} ~>",
                "Write {--old--} or {++new++}",
            )
        else:
            old, new = (unescape(_unescape_arrow(half)) for half in halves)
            return [Piece("{~~", old, new, start, end)]
        return []

    def _find_close(self, sign: Sign, begin: int) -> int:
        """Return where the mark's closing sign stands, or -1; each is looked for only once."""
        known = self.closings.get(sign, 0)
        if 0 <= known < begin:
            known = self.closings[sign] = self.markup.find(CLOSING[sign], begin)
        return known

    def _complain(self, offset: int, what: str, remedy: str) -> None:
        self.faults.append(Fault(offset, what, remedy))


def _close_it(sign: Sign) -> str:
    return f"Close it with {CLOSING[sign]}, or {_as_text(sign)}"


def _as_text(sign: str) -> str:
    return f"write {escape(sign)} if these characters are text"
