"""Marks put into and taken out of a decisions file without touching anything else in it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from resanalysis.model import Op
from resanalysis.redline import Mark, read_marks
from resanalysis.redline.marks.signs import CLOSING, OP_SIGNS, escape_comment, read_pieces

_MARKING = frozenset(OP_SIGNS.values())


@dataclass(frozen=True)
class Stamp:
    """What is written around the text of one mark.

    Attributes
    ----------
    start, end : int
        Half-open range of the source that is marked.
    opening, closing : str
        The characters before and behind it, the comment among them.
    """

    start: int
    end: int
    opening: str
    closing: str


@dataclass(frozen=True)
class PlacedMark:
    """A mark with the way in which it is written, and where its text stands in the markup."""

    mark: Mark
    stamp: Stamp
    inner: int
    outer: int

    @property
    def begin(self) -> int:
        """Where its opening sign begins."""
        return self.inner - len(self.stamp.opening)

    @property
    def end(self) -> int:
        """One past its comment."""
        return self.outer + len(self.stamp.closing)


def write_stamp(start: int, end: int, op: Op, *, comment: Sequence[str]) -> Stamp:
    """Return a new mark; `comment` is id, coder, certain or uncertain, and reason."""
    sign = OP_SIGNS[op]
    return Stamp(start, end, sign, f"{CLOSING[sign]}{{>>{escape_comment('; '.join(comment))}<<}}")


def place_marks(markup: str, *, name: str) -> list[PlacedMark]:
    """Return the marks of a decisions file with the way in which each is written.

    Raises
    ------
    InputError
        When the markup is malformed.

    Examples
    --------
    >>> found = place_marks("{--4%--}{>>a;ann; certain;x<<}6%", name="decisions.critic.txt")
    >>> found[0].mark.id, found[0].stamp.closing
    ('a', '--}{>>a;ann; certain;x<<}')
    """
    _, marks = read_marks(markup, name=name)
    pieces, _ = read_pieces(markup)
    comments = {piece.start: piece.end for piece in pieces if piece.sign == "{>>"}
    marking = [piece for piece in pieces if piece.sign in _MARKING]
    placed = []
    for mark, piece in zip(marks, marking, strict=True):
        inner = piece.start + len(piece.sign)
        outer = piece.end - len(CLOSING[piece.sign])
        closing = markup[outer : comments.get(piece.end, piece.end)]
        placed.append(
            PlacedMark(mark, Stamp(mark.start, mark.end, piece.sign, closing), inner, outer)
        )
    return placed


def edit_markup(
    markup: str, *, drop: Collection[str], add: Iterable[Stamp], name: str = "decisions.critic.txt"
) -> str:
    r"""Return the markup less the marks of some ids, with other marks put in.

    Only signs and comments come and go; every other character stays as it is, line ends and a byte
    order mark included.

    Parameters
    ----------
    markup : str
        A decisions file as it is on disk.
    drop : collection of str
        Ids of the marks to take out.
    add : iterable of Stamp
        Marks to put in; they must not overlap each other or the marks that stay.
    name : str
        File name for messages.

    Examples
    --------
    >>> new = write_stamp(0, 2, "delete", comment=("a", "ann", "certain", "one rate only"))
    >>> edit_markup("4%6%\r\n", drop=(), add=[new])
    '{--4%--}{>>a; ann; certain; one rate only<<}6%\r\n'
    """
    unified, offsets = unify_newlines(markup)
    placed = place_marks(unified, name=name)
    edits: list[tuple[int, int, int, str]] = []  # start, order there, end, replacement
    for found in placed:
        if found.mark.id in drop:
            edits.append((found.begin, 1, found.inner, ""))
            edits.append((found.outer, 1, found.end, ""))
    places = list(_locate_characters(unified))
    for stamp in add:
        before, behind = places[stamp.start], places[stamp.end - 1] + 1
        edits.append((before, 2, before, stamp.opening))
        edits.append((behind, 0, behind, stamp.closing))
    parts = []
    position = 0
    for start, _, end, replacement in sorted(edits, key=lambda edit: edit[:2]):
        parts += [markup[position : offsets[start]], replacement]
        position = offsets[end]
    return "".join([*parts, markup[position:]])


def unify_newlines(markup: str) -> tuple[str, list[int]]:
    r"""Return a file's text as it is read, and where each of its characters stands in the file.

    Examples
    --------
    >>> unify_newlines("甲\r\n乙")
    ('甲\n乙', [0, 1, 3, 4])
    """
    characters: list[str] = []
    offsets: list[int] = []
    position = 1 if markup.startswith("\ufeff") else 0
    while position < len(markup):
        two = markup.startswith("\r\n", position)
        characters.append("\n" if two or markup[position] == "\r" else markup[position])
        offsets.append(position)
        position += 2 if two else 1
    return "".join(characters), [*offsets, len(markup)]


def _locate_characters(markup: str) -> Iterator[int]:
    """Yield where each character of the source stands in the markup, escapes passed over."""
    for piece in read_pieces(markup)[0]:
        if piece.sign == "{>>":
            continue
        position = piece.start + len(piece.sign)
        for char in piece.text:
            if markup[position] != char:
                position += 1  # the backslash of an escaped sign
            yield position
            position += 1
