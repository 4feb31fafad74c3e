"""A redline as a Word file whose insertions and deletions are tracked changes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from html import escape
from typing import Literal

from resanalysis.model import Op
from resanalysis.redline.segments import Redline
from resanalysis.wordfile import (
    check_characters,
    hint_font,
    pack_word,
    replace_illegal,
    write_text,
)

_CERTAINTY = {
    "likely": "可能 likely",
    "undecidable": "无从判定 undecidable",
    "decided": "经判定 decided",
}
_OPS = {"equal": "两版均有 both", "delete": "仅旧版 old only", "insert": "仅新版 new only"}
_ELEMENT = {"delete": "del", "insert": "ins"}
_PAGE = (
    '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/>'
    '<w:pgMar w:top="1440" w:right="1440" w:bottom="1440" w:left="1440"'
    ' w:header="720" w:footer="720" w:gutter="0"/></w:sectPr>'
)


def write_word(
    redline: Redline, *, title: str = "", author: str = "resanalysis", comments: bool = False
) -> bytes:
    r"""Return a Word file with a redline's insertions and deletions as tracked changes.

    Rejecting all changes gives the old text, accepting all gives the new one, one paragraph per
    line. A Word file always ends with a paragraph, so that a version without a final line break
    gets one. Where Word or LibreOffice would lose a line break, another of the same line breaks is
    marked, or a deletion stands before the insertion beside it: the versions are the same, their
    order in the file may differ there from the source. The same redline gives the same bytes.

    Parameters
    ----------
    redline : Redline
        The redline.
    title : str
        Title among the file's properties; it is not part of the text.
    author : str
        Who is named for changes of which the source does not say who made them. Their time is
        left out, and so is a recorded time that is not a date and time in ISO 8601.
    comments : bool
        Whether each uncertain place gets a comment with its certainty, rule and confidence: the
        changed segments, and the kept ones that belong to a place, whose confidence is below 1.

    Raises
    ------
    InputError
        When text, title or an author has a character that no Word file can hold: which, and where.

    Examples
    --------
    >>> from resanalysis.redline import Run, join_runs
    >>> redline = join_runs([Run("2014", "delete"), Run("2022", "insert"), Run("年\n", "equal")],
    ...                     rule="criticmarkup")
    >>> write_word(redline)[:2]
    b'PK'
    """
    check_characters(redline.source, name="redline")
    for who in (title, author, *redline.segments["changed_by"].unique()):
        check_characters(who, name=repr(who))
    pieces = _part_insertions(_settle_end(_cut_pieces(redline, author), author))
    notes = _find_notes(redline) if comments else {}
    ranges = _find_ranges(pieces, notes)
    writer = _Writer(hint_font(redline.source), ranges)
    body = "".join(writer.write_paragraph(line) for line in _group_lines(pieces))
    said = {k: notes[k] for k in ranges}
    return pack_word(body + _PAGE, title=title, comments=_write_notes(said, author))


# --- pieces: what stands inside one paragraph, or ends one ---------------------------------------


@dataclass(frozen=True)
class _Piece:
    """Characters of one segment inside one line, or the line break alone."""

    text: str
    op: Op
    author: str
    date: str
    segment: int


def _cut_pieces(redline: Redline, author: str) -> Iterator[_Piece]:
    rows = redline.segments
    for k, (text, op, who, when) in enumerate(
        zip(rows["text"], rows["op"], rows["changed_by"], rows["changed_at"], strict=True)
    ):
        for part in re.findall(r"\n|[^\n]+", text):
            yield _Piece(part, op, who or author, _read_date(when), k)


def _read_date(recorded: str) -> str:
    """Return a recorded time if Word can read it, else nothing."""
    with suppress(ValueError):
        datetime.fromisoformat(recorded)
        if re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?", recorded):
            return recorded
    return ""


def _settle_end(pieces: Iterable[_Piece], author: str) -> list[_Piece]:
    """Return the pieces with one line break at the end that both versions have.

    Word does not track the last paragraph mark of a file. Where the versions end with different
    line breaks, the one that ends the shorter version changes places with the last one: the text
    between them is in one version only, so both versions stay what they are.
    """
    pieces = list(pieces)
    versions: tuple[Op, Op] = ("delete", "insert")
    for op in versions:
        own = [piece for piece in pieces if piece.op in ("equal", op)]
        if not own or own[-1].text != "\n":
            pieces.append(_Piece("\n", op, author, "", -1))
    first, final = sorted(
        max(k for k, piece in enumerate(pieces) if piece.op in ("equal", op)) for op in versions
    )
    if first < final:
        if pieces[first].op == "equal":
            pieces[first] = replace(pieces[final], segment=pieces[first].segment)
        else:  # deleted where another is inserted: one line break of both versions
            pieces[first] = replace(pieces[first], text="")
    pieces[final] = replace(pieces[final], op="equal")
    return [piece for piece in pieces if piece.text]


def _group_lines(pieces: Sequence[_Piece]) -> Iterator[list[_Piece]]:
    """Yield the pieces of each line, the line break last."""
    line: list[_Piece] = []
    for piece in pieces:
        line.append(piece)
        if piece.text == "\n":
            yield line
            line = []


def _part_insertions(pieces: list[_Piece]) -> list[_Piece]:
    """Return the pieces without a kept line break that has insertions on both sides.

    LibreOffice takes such a line break for a part of one insertion and loses it when changes are
    rejected. The text round it is in the new version only, so that another line break in it can
    be the kept one: the first or the last, if no insertion stands on its other side. Failing that
    a deletion beside the insertions is put next to the line break. Where there is none either, the
    line break is written as deleted before the insertions and inserted between them.
    """
    pieces = list(pieces)
    k = -1
    while (k := k + 1) < len(pieces):
        mark = pieces[k]
        if not _is_kept_break(mark):
            continue
        first, last = _extend(pieces, k, -1, "insert"), _extend(pieces, k, 1, "insert")
        if first == k or last == k:
            continue
        begin, end = _extend(pieces, first, -1, "delete"), _extend(pieces, last, 1, "delete")
        if pieces[first].text == "\n":
            pieces[first], pieces[k] = _swap(pieces[first], mark)
        elif pieces[last].text == "\n":
            pieces[k], pieces[last] = _swap(mark, pieces[last])
        elif end > last:
            pieces[k + 1 : end + 1] = pieces[last + 1 : end + 1] + pieces[k + 1 : last + 1]
        elif begin < first and not (begin and _is_kept_break(pieces[begin - 1])):
            pieces[begin:k] = pieces[first:k] + pieces[begin:first]
        else:
            pieces[k] = replace(mark, op="insert")
            pieces.insert(first, replace(mark, op="delete", segment=-1))
            k += 1
    return pieces


def _extend(pieces: Sequence[_Piece], k: int, step: Literal[-1, 1], op: Op) -> int:
    """Return the last piece of a run of this operation that begins beside `k`, else `k`."""
    while 0 <= k + step < len(pieces) and pieces[k + step].op == op:
        k += step
    return k


def _is_kept_break(piece: _Piece) -> bool:
    return piece.text == "\n" and piece.op == "equal"


def _swap(one: _Piece, other: _Piece) -> tuple[_Piece, _Piece]:
    """Return two line breaks with each other's operation; each stays in its segment."""
    return replace(other, segment=one.segment), replace(one, segment=other.segment)


# --- XML ------------------------------------------------------------------------------------------


class _Writer:
    """Writes paragraphs, numbers the changes, puts each comment round the pieces of its segment."""

    def __init__(self, properties: str, ranges: Mapping[int, tuple[_Piece, _Piece]]) -> None:
        self.properties = properties
        self.ranges = ranges
        self.changes = 0

    def write_paragraph(self, line: Sequence[_Piece]) -> str:
        mark = line[-1]
        inner = "".join(
            self._begin_note(piece) + self._write_piece(piece) + self._end_note(piece)
            for piece in line
        )
        properties = (self._open(mark, "/>") if mark.op != "equal" else "") + self.properties
        before = f"<w:pPr><w:rPr>{properties}</w:rPr></w:pPr>" if properties else ""
        return f"<w:p>{before}{inner}</w:p>"

    def _write_piece(self, piece: _Piece) -> str:
        if piece.text == "\n":
            return ""
        kind: Literal["t", "delText"] = "delText" if piece.op == "delete" else "t"
        run = write_text(piece.text, properties=self.properties, kind=kind)
        if piece.op == "equal":
            return run
        return f"{self._open(piece, '>')}{run}</w:{_ELEMENT[piece.op]}>"

    def _open(self, piece: _Piece, closing: str) -> str:
        """Return the opening of a tracked change."""
        self.changes += 1
        date = f' w:date="{piece.date}"' if piece.date else ""
        author = escape(piece.author)
        return f'<w:{_ELEMENT[piece.op]} w:id="{self.changes}" w:author="{author}"{date}{closing}'

    def _begin_note(self, piece: _Piece) -> str:
        first, _ = self.ranges.get(piece.segment, (None, None))
        return f'<w:commentRangeStart w:id="{piece.segment}"/>' if piece is first else ""

    def _end_note(self, piece: _Piece) -> str:
        _, last = self.ranges.get(piece.segment, (None, None))
        if piece is not last:
            return ""
        return (
            f'<w:commentRangeEnd w:id="{piece.segment}"/>'
            f'<w:r><w:commentReference w:id="{piece.segment}"/></w:r>'
        )


def _find_notes(redline: Redline) -> dict[int, str]:
    """Return what a comment says of each uncertain segment, by the segment's position."""
    notes = {}
    for k, row in enumerate(redline.segments.to_dict("records")):
        is_place = row["op"] != "equal" or row["group"]
        if is_place and row["certainty"] != "proven" and row["confidence"] < 1:
            said = (
                _OPS[row["op"]],
                _CERTAINTY[row["certainty"]],
                f"规则 rule {row['rule']}",
                f"置信度 confidence {row['confidence']:.2f}",
                *(row[name] for name in ("decided_by", "reason") if row[name]),
            )
            notes[k] = replace_illegal("；".join(said)).replace("\n", " ")
    return notes


def _find_ranges(
    pieces: Sequence[_Piece], notes: Mapping[int, str]
) -> dict[int, tuple[_Piece, _Piece]]:
    """Return the first and the last piece of each segment that has a comment."""
    ranges: dict[int, tuple[_Piece, _Piece]] = {}
    for piece in pieces:
        if piece.segment in notes:
            first, _ = ranges.get(piece.segment, (piece, piece))
            ranges[piece.segment] = (first, piece)
    return ranges


def _write_notes(notes: Mapping[int, str], author: str) -> str:
    who = escape(author)
    return "".join(
        f'<w:comment w:id="{k}" w:author="{who}" w:initials="{who[:1]}">'
        f"<w:p>{write_text(note, properties=hint_font(note))}</w:p></w:comment>"
        for k, note in notes.items()
    )
