"""Paragraphs of a Word document as pieces of text, each with its fate."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from resanalysis.model import Version
from resanalysis.redline.word.changes import UNCHANGED, Change, Fate
from resanalysis.redline.word.numbering import Label, Numbered

NoteKind = Literal["footnote", "endnote"]
VERSIONS: tuple[Version, Version] = ("old", "new")


@dataclass(frozen=True)
class NoteMark:
    """The mark of a note, in the text or in the note itself; its number is counted later."""

    kind: NoteKind
    id: str


@dataclass(frozen=True)
class Reference:
    """A place in the text that refers to a note.

    Attributes
    ----------
    mark : NoteMark
        The note.
    fate : Fate
        Of the reference, and so of the note.
    counted : bool
        Whether it has a number; a sign of the author's choice follows where it has none.
    """

    mark: NoteMark
    fate: Fate
    counted: bool


@dataclass(frozen=True)
class Piece:
    """Characters, or the mark of a note, with their fate."""

    content: str | NoteMark
    fate: Fate


@dataclass(eq=False)
class Container:
    """What paragraphs stand in: the body, a cell, a note, a text box.

    Attributes
    ----------
    fate : Fate
        Of the container as a whole; it holds for everything inside.
    keeps_line : frozenset of Version
        Versions in which it has a paragraph even when every one in it is deleted, as a cell has.
    """

    fate: Fate = UNCHANGED
    keeps_line: frozenset[Version] = frozenset()


@dataclass
class Paragraph:
    """One paragraph of the file.

    Attributes
    ----------
    container : Container
        What it stands in; only paragraphs of one container merge.
    mark : Fate
        Of the paragraph mark, that is, of the line break.
    pieces : list of Piece
        Text in the order of the file.
    numbered : mapping of Version
        Its list and level in each version; a `Label` where the file records the label itself.
    renumbered : Change or None
        Who changed the paragraph's properties.
    """

    container: Container
    mark: Fate
    numbered: Mapping[Version, Numbered | Label | None]
    renumbered: Change | None = None
    pieces: list[Piece] = field(default_factory=list)

    def lives_in(self, version: Version) -> bool:
        """Return whether its mark or any of its text is in the version."""
        return self.mark.lives_in(version) or any(p.fate.lives_in(version) for p in self.pieces)


@dataclass
class Tally:
    """What was met on the way and is no text of either version.

    Attributes
    ----------
    counts : Counter of str
        How often; the keys are those of `DESCRIPTIONS`.
    references : list of Reference
        Notes referred to, in the order of the text.
    """

    counts: Counter[str] = field(default_factory=Counter)
    references: list[Reference] = field(default_factory=list)


DESCRIPTIONS: Mapping[str, tuple[str, str]] = {
    "comment": ("comment left out", "comments left out"),
    "format": ("change of formatting only", "changes of formatting only"),
    "move": ("move, read as deleted here and inserted there",
             "moves, read as deleted here and inserted there"),
    "neither": ("piece inserted and deleted again, in neither version",
                "pieces inserted and deleted again, in neither version"),
    "hidden": ("run of hidden text, read as text", "runs of hidden text, read as text"),
    "embedded": ("embedded file left out", "embedded files left out"),
    "margin": ("header or footer left out", "headers and footers left out"),
    "format unknown": ("format of numbers unknown, written as digits",
                       "formats of numbers unknown, written as digits"),
    "note": ("note whose text is missing", "notes whose text is missing"),
    "field": ("field without beginning or end, its text kept",
              "fields without beginning or end, their text kept"),
}  # fmt: skip
"""One and several, for each thing that is counted."""
