"""Paragraphs laid out as lines of both versions, with the labels each version shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from resanalysis.model import Op, Version
from resanalysis.redline.segments import Run
from resanalysis.redline.word.changes import Change, Fate
from resanalysis.redline.word.numbering import Counters, Label
from resanalysis.redline.word.paragraphs import VERSIONS, Container, NoteMark, Paragraph, Piece

_NOBODY = Change()


@dataclass
class Layout:
    """What one version shows, by position of the paragraph.

    Attributes
    ----------
    labels : dict
        Label before the paragraph's text.
    ends : set of int
        Paragraphs after which the version has a line break.
    """

    labels: dict[int, Label] = field(default_factory=dict)
    ends: set[int] = field(default_factory=set)


def lay_out(paragraphs: Sequence[Paragraph], version: Version, counters: Counters) -> Layout:
    """Return the lines of one version: which paragraphs merge, and the label of each line.

    A paragraph whose mark is not in the version runs on into the next one of its container, and
    the line has the list of the last, as a paragraph's properties belong to its mark. Where
    nothing follows (at a table, at the end of a cell) text keeps its line break, and a paragraph
    without any text vanishes.
    """
    layout = Layout()
    present = [i for i, p in enumerate(paragraphs) if p.container.fate.lives_in(version)]
    with_lines: set[Container] = set()
    begin: int | None = None
    for place, index in enumerate(present):
        paragraph = paragraphs[index]
        if begin is None and any(piece.fate.lives_in(version) for piece in paragraph.pieces):
            begin = index
        if not paragraph.mark.lives_in(version):
            after = present[place + 1] if place + 1 < len(present) else None
            if after is not None and paragraphs[after].container is paragraph.container:
                continue
            container = paragraph.container
            needed = version in container.keeps_line and container not in with_lines
            if begin is None and not needed:
                continue
        layout.ends.add(index)
        with_lines.add(paragraph.container)
        label = _count(paragraph, version, counters)
        if label is not None:
            layout.labels[index if begin is None else begin] = label
        begin = None
    return layout


def _count(paragraph: Paragraph, version: Version, counters: Counters) -> Label | None:
    numbered = paragraph.numbered[version]
    if numbered is None or isinstance(numbered, Label):
        return numbered
    return counters.next_label(numbered)


def write_runs(
    paragraphs: Sequence[Paragraph],
    layouts: Mapping[Version, Layout],
    numbers: Mapping[Version, Mapping[NoteMark, str]],
) -> Iterator[Run]:
    """Yield the text of both versions in document order.

    Parameters
    ----------
    paragraphs : sequence of Paragraph
        As read.
    layouts : mapping
        Lines of each version.
    numbers : mapping
        Number of each note in each version.
    """
    old, new = layouts["old"], layouts["new"]
    for index, paragraph in enumerate(paragraphs):
        yield from write_label(old.labels.get(index), new.labels.get(index), paragraph)
        for piece in paragraph.pieces:
            if isinstance(piece.content, NoteMark):
                yield from _write_note_mark(piece, piece.content, numbers)
            elif piece.fate.op is not None:
                yield _write(piece.content, piece.fate.op, piece.fate)
        op = _choose_op(index in old.ends, index in new.ends)
        if op is not None:
            yield _write("\n", op, paragraph.mark)


def write_label(old: Label | None, new: Label | None, paragraph: Paragraph) -> Iterator[Run]:
    """Yield a label, or where the versions differ the old one deleted and the new one inserted.

    What both labels have before and after their numbers stands once: `e)` that becomes `d)` is
    `e` deleted, `d` inserted, `)` kept.
    """
    if old == new:
        if old is not None:
            yield Run(str(old), "equal")
        return
    fate = paragraph.mark
    changed = fate.inserted or fate.deleted or paragraph.renumbered or _NOBODY
    if old and new and (old.before, old.after) == (new.before, new.after):
        yield Run(old.before, "equal")
        yield Run(old.number, "delete", changed.by, changed.at)
        yield Run(new.number, "insert", changed.by, changed.at)
        yield Run(old.after, "equal")
        return
    if old is not None:
        yield Run(str(old), "delete", changed.by, changed.at)
    if new is not None:
        yield Run(str(new), "insert", changed.by, changed.at)


def _write_note_mark(
    piece: Piece, mark: NoteMark, numbers: Mapping[Version, Mapping[NoteMark, str]]
) -> Iterator[Run]:
    fate = piece.fate
    if fate.op is None:
        return
    if fate.op != "equal":
        version: Version = "old" if fate.op == "delete" else "new"
        yield _write(f"[{numbers[version].get(mark, '')}]", fate.op, fate)
        return
    old, new = (numbers[version].get(mark, "") for version in VERSIONS)
    yield Run("[", "equal")
    if old == new:
        yield Run(old, "equal")
    else:
        yield Run(old, "delete")
        yield Run(new, "insert")
    yield Run("]", "equal")


def _choose_op(in_old: bool, in_new: bool) -> Op | None:
    if in_old and in_new:
        return "equal"
    return "delete" if in_old else "insert" if in_new else None


def _write(text: str, op: Op, fate: Fate) -> Run:
    change = {"delete": fate.deleted, "insert": fate.inserted, "equal": None}[op] or _NOBODY
    return Run(text, op, change.by, change.at)
