"""Footnotes and endnotes: their numbers in each version, and their text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from xml.etree.ElementTree import Element

from resanalysis.model import Version
from resanalysis.redline.word.body import StoryReader
from resanalysis.redline.word.formats import write_number
from resanalysis.redline.word.paragraphs import (
    VERSIONS,
    Container,
    NoteKind,
    NoteMark,
    Paragraph,
    Piece,
    Reference,
    Tally,
)

KINDS: tuple[NoteKind, NoteKind] = ("footnote", "endnote")
_FORMATS: Mapping[NoteKind, str] = {"footnote": "decimal", "endnote": "lowerRoman"}


def read_notes(
    reader: StoryReader, parts: Mapping[str, Element | None], tally: Tally
) -> list[Paragraph]:
    """Return the paragraphs of the notes that the text refers to, footnotes before endnotes.

    A note shares the fate of its mark in the text. One that does not show its own mark is given
    it, followed by a tab.
    """
    paragraphs: list[Paragraph] = []
    references = {reference.mark: reference for reference in reversed(tally.references)}
    for kind in KINDS:
        part = parts.get(f"{kind}s")
        stories = {note.get("id", ""): note for note in (part if part is not None else ())}
        for mark, reference in reversed(references.items()):
            if mark.kind != kind:
                continue
            story = stories.get(mark.id)
            if story is None:
                tally.counts["note"] += 1
                continue
            container = Container(reference.fate, frozenset(VERSIONS))
            read = reader.read(story, container, note=mark)
            shown = any(isinstance(piece.content, NoteMark) for p in read for piece in p.pieces)
            if read and reference.counted and not shown:
                read[0].pieces[:0] = [Piece(mark, container.fate), Piece("\t", container.fate)]
            paragraphs += read
    return paragraphs


def number_notes(
    references: Sequence[Reference], parts: Mapping[str, Element | None], version: Version
) -> dict[NoteMark, str]:
    """Return the number that each note has in a version, counted through the document."""
    styles = {kind: _find_style(kind, parts) for kind in KINDS}
    counts = Counter({kind: start for kind, (_, start) in styles.items()})
    numbers: dict[NoteMark, str] = {}
    for reference in references:
        mark = reference.mark
        if not reference.counted or mark in numbers or not reference.fate.lives_in(version):
            continue
        count = counts[mark.kind]
        numbers[mark] = write_number(count, styles[mark.kind][0]) or str(count)
        counts[mark.kind] += 1
    return numbers


def _find_style(kind: NoteKind, parts: Mapping[str, Element | None]) -> tuple[str, int]:
    """Return format and first number of a kind of notes: the document's, else the usual ones."""
    form, start = _FORMATS[kind], 1
    for properties in _find_properties(kind, parts):
        written, first = properties.find("numFmt"), properties.find("numStart")
        form = form if written is None else written.get("val", form)
        value = "" if first is None else first.get("val", "")
        start = int(value) if value.isdecimal() else start
    return form, start


def _find_properties(kind: NoteKind, parts: Mapping[str, Element | None]) -> Iterator[Element]:
    for part, path in (("settings", f"{kind}Pr"), ("document", f"body/sectPr/{kind}Pr")):
        root = parts.get(part)
        found = None if root is None else root.find(path)
        if found is not None:
            yield found
