"""The elements of a Word document's body, notes and text boxes read into paragraphs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from xml.etree.ElementTree import Element

from resanalysis.redline.word.changes import DELETIONS, INSERTIONS, Fate, read_change
from resanalysis.redline.word.numbering import Label, Numbered, Numbering, read_recorded_label
from resanalysis.redline.word.paragraphs import (
    VERSIONS,
    Container,
    NoteMark,
    Paragraph,
    Piece,
    Reference,
    Tally,
)
from resanalysis.redline.word.symbols import read_symbol

_SIGNS = {
    "tab": "\t", "ptab": "\t", "cr": "\n", "noBreakHyphen": "\u2011", "softHyphen": "\u00ad",
}  # fmt: skip
_SPACES = str.maketrans({"\n": " ", "\r": " "})
_BLANK = " \t\r\n"
_SIGN_CODE = re.compile("(?![dD][89a-fA-F])[0-9a-fA-F]{2,4}")  # no halves of characters


class StoryReader:
    """Reads one story (the body, or one note) after another into paragraphs.

    Parameters
    ----------
    numbering : Numbering
        Lists of the document.
    tally : Tally
        Where to count what is no text; it is added to.
    keeps_spaces : bool
        Whether the document as a whole keeps spaces at the ends of texts (`xml:space`).
    """

    def __init__(self, numbering: Numbering, tally: Tally, *, keeps_spaces: bool) -> None:
        self._numbering = numbering
        self._tally = tally
        self._keeps_spaces = keeps_spaces
        self._fields: list[bool] = []  # for each open field: whether its result has begun
        self._paired: set[int] = set()
        self._boxes: list[tuple[Element, Fate]] = []
        self._note: NoteMark | None = None
        self.paragraphs: list[Paragraph] = []

    def read(
        self, story: Element, container: Container, *, note: NoteMark | None = None
    ) -> list[Paragraph]:
        """Return the paragraphs of a story, those of its tables and text boxes in their places.

        Each paragraph of a cell is a paragraph of its own; the text of a box follows the paragraph
        it is anchored to. `note` is the note that the story is the text of.
        """
        self.paragraphs, self._fields, self._note = [], [], note
        self._paired = self._pair_fields(story)
        self._read_blocks(story, container.fate, container)
        self._empty_boxes()
        return self.paragraphs

    def _pair_fields(self, story: Element) -> set[int]:
        """Return the ids of the marks of fields that have both beginning and end."""
        opened: list[list[int]] = []
        paired: set[int] = set()
        for mark in story.iter("fldChar"):
            kind = mark.get("fldCharType")
            if kind == "begin":
                opened.append([id(mark)])
            elif not opened:
                self._tally.counts["field"] += 1
            else:
                opened[-1].append(id(mark))
                if kind == "end":
                    paired.update(opened.pop())
        self._tally.counts["field"] += len(opened)
        return paired

    # --- blocks ---------------------------------------------------------------------------------

    def _read_blocks(self, parent: Iterable[Element], fate: Fate, container: Container) -> None:
        for child in parent:
            if child.tag == "p":
                self._read_paragraph(child, fate, container)
            elif child.tag == "tbl":
                self._read_table(child, fate)
            elif child.tag == "altChunk":
                self._tally.counts["embedded"] += 1
            elif child.tag != "sectPr":
                inner, under = self._step_into(child, fate)
                self._read_blocks(inner, under, container)

    def _step_into(self, element: Element, fate: Fate) -> tuple[Iterable[Element], Fate]:
        """Return what an element that is only a wrapper holds, and the fate inside it."""
        tag = element.tag
        if tag == "sdt":
            return element.findall("sdtContent"), fate
        if tag == "mc.AlternateContent":
            choice = element.find("mc.Choice")
            chosen = element.find("mc.Fallback") if choice is None else choice
            return (() if chosen is None else chosen), fate
        if tag in INSERTIONS or tag in DELETIONS:
            return element, fate.under(element)
        if tag == "ruby":
            return element.findall("rubyBase"), fate
        return element, fate

    def _read_table(self, table: Element, fate: Fate) -> None:
        for row, around in self._find(table, "tr", fate):
            begin = len(self.paragraphs)
            row_fate = around.marked_by(row.find("trPr"))
            cells = [
                self._read_cell(cell, within.marked_by(cell.find("tcPr")))
                for cell, within in self._find(row, "tc", row_fate)
            ]
            # A row that was dragged elsewhere says so only by the marks in all its cells.
            own = self.paragraphs[begin:]
            lives = frozenset(v for v in VERSIONS if any(p.lives_in(v) for p in own))
            for container in cells:
                container.keeps_line = lives

    def _read_cell(self, cell: Element, fate: Fate) -> Container:
        container, begin = Container(fate), len(self.paragraphs)
        self._read_blocks(cell, fate, container)
        self._empty_boxes()
        merged = cell.find("tcPr/vMerge")
        covered = merged is not None and merged.get("val", "continue") == "continue"
        if covered and not any(p.pieces for p in self.paragraphs[begin:]):
            del self.paragraphs[begin:]
        return container

    def _find(
        self, parent: Iterable[Element], tag: str, fate: Fate
    ) -> Iterator[tuple[Element, Fate]]:
        """Yield the rows or cells of a table, through what may be wrapped around them."""
        for child in parent:
            if child.tag == tag:
                yield child, fate
            elif (
                child.tag in ("sdt", "sdtContent", "customXml")
                or child.tag in INSERTIONS | DELETIONS
            ):
                inner, under = self._step_into(child, fate)
                yield from self._find(inner, tag, under)

    def _read_paragraph(self, element: Element, fate: Fate, container: Container) -> None:
        properties = element.find("pPr")
        change = None if properties is None else properties.find("pPrChange")
        paragraph = Paragraph(
            container,
            fate.marked_by(None if properties is None else properties.find("rPr")),
            {
                "old": self._find_old_list(properties, change),
                "new": self._numbering.find_list(properties),
            },
            None if change is None else read_change(change),
        )
        self.paragraphs.append(paragraph)
        self._read_inline(element, fate, paragraph)
        if paragraph.mark.op == "equal":
            self._empty_boxes()

    def _find_old_list(
        self, properties: Element | None, change: Element | None
    ) -> Numbered | Label | None:
        """Return list and level of a paragraph before its properties were changed."""
        if properties is None:
            return self._numbering.find_list(None)
        recorded = properties.find("numPr/numberingChange")
        if recorded is not None:
            return read_recorded_label(recorded.get("original", ""))
        if change is not None:
            return self._numbering.find_list(change.find("pPr"))
        if properties.find("numPr/ins") is not None:
            return self._numbering.find_list(properties, own=False)
        return self._numbering.find_list(properties)

    def _empty_boxes(self) -> None:
        """Read the text boxes anchored so far; here no paragraph is open in either version."""
        while self._boxes:
            boxes, self._boxes = self._boxes, []
            for box, fate in boxes:
                self._read_blocks(box, fate, Container(fate))

    # --- inside a paragraph ---------------------------------------------------------------------

    def _read_inline(self, parent: Iterable[Element], fate: Fate, paragraph: Paragraph) -> None:
        for child in parent:
            tag = child.tag
            if tag == "r":
                self._read_run(child, fate, paragraph)
            elif tag == "m.t":
                self._add(child.text or "", fate, paragraph)
            elif tag == "txbxContent":
                self._boxes.append((child, fate))
            elif tag not in ("pPr", "rPr", "m.ctrlPr"):
                inner, under = self._step_into(child, fate)
                self._read_inline(inner, under, paragraph)

    def _read_run(self, run: Element, fate: Fate, paragraph: Paragraph) -> None:
        properties = run.find("rPr")
        if properties is not None:
            hidden = properties.find("vanish")
            if hidden is not None and hidden.get("val", "1") not in ("0", "false", "off"):
                self._tally.counts["hidden"] += any(True for _ in run.iter("t"))
        for child in run:
            self._read_run_content(child, fate, paragraph)

    def _read_run_content(self, child: Element, fate: Fate, paragraph: Paragraph) -> None:
        tag = child.tag
        if tag == "fldChar":
            self._step_field(child)
        elif not all(self._fields):
            return  # the instruction of a field
        elif tag in ("t", "delText"):
            keeps = self._keeps_spaces or child.get("xml.space") == "preserve"
            text = (child.text or "").translate(_SPACES)
            self._add(text if keeps else text.strip(_BLANK), fate, paragraph)
        elif tag in _SIGNS:
            self._add(_SIGNS[tag], fate, paragraph)
        elif tag == "br":
            if child.get("type", "textWrapping") == "textWrapping":
                self._add("\n", fate, paragraph)
        elif tag == "sym":
            self._add(_read_sign(child), fate, paragraph)
        elif tag in ("footnoteReference", "endnoteReference"):
            mark = NoteMark("footnote" if tag[0] == "f" else "endnote", child.get("id", ""))
            counted = child.get("customMarkFollows", "0") in ("0", "false", "off")
            self._tally.references.append(Reference(mark, fate, counted))
            if counted:
                paragraph.pieces.append(Piece(mark, fate))
        elif tag in ("footnoteRef", "endnoteRef") and self._note is not None:
            paragraph.pieces.append(Piece(self._note, fate))
        elif tag not in ("instrText", "delInstrText", "rPr"):
            self._read_inline(*self._step_into(child, fate), paragraph)

    def _step_field(self, mark: Element) -> None:
        kind = mark.get("fldCharType")
        if id(mark) not in self._paired:
            return
        if kind == "begin":
            self._fields.append(False)
        elif kind == "separate":
            self._fields[-1] = True
        elif self._fields:
            self._fields.pop()

    def _add(self, text: str, fate: Fate, paragraph: Paragraph) -> None:
        if not text:
            return
        if fate.op is None:
            self._tally.counts["neither"] += 1
        paragraph.pieces.append(Piece(text, fate))


def _read_sign(element: Element) -> str:
    """Return the character of a `w:sym`, which names it by font and number."""
    code = element.get("char", "")
    if not _SIGN_CODE.fullmatch(code):
        return "\ufffd"
    return read_symbol(chr(int(code, 16)), element.get("font", ""))
