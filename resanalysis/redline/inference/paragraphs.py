"""Paragraphs without a label: deleted, inserted or in both, from the lines they stand among.

A paragraph has no number to prove anything. What tells is its surroundings: whether the labelled
lines around it live in both versions, and whether a neighbour reads almost like it. A small forest
of decision trees, learnt on real revision pairs, weighs that; it is asked paragraph after
paragraph, given what the one before may be.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Indel

from resanalysis.model import Op
from resanalysis.redline.inference.lists import PUNCTUATION, NumberedList
from resanalysis.redline.inference.numbering import Numbering
from resanalysis.redline.inference.places import LIKELY, Place, PlaceReading, Span
from resanalysis.redline.inference.trained import CLASSES, Forest

_NEAR = 14  # lines within which a rewriting of a paragraph is looked for
_SIMILAR = 0.45  # similarity below which two paragraphs have nothing to do with each other
_MENTIONED = 0.1  # probability of a change from which a kept paragraph is listed as doubtful
_ITEMS = 3  # labelled lines looked at on either side

_BEFORE = tuple(f"after_{op}" for op in CLASSES)
FEATURES: tuple[str, ...] = (
    "first",
    *_BEFORE,
    *(f"item_{side}_{k}_{live}" for side in ("above", "below") for k in range(1, _ITEMS + 1)
      for live in ("old", "both", "new")),
    "old_above", "new_above", "old_below", "new_below",
    "lines_from_item", "lines_to_item", "item_confidence",
    "characters", "leads_to_list", "no_stop", "traces",
    "similar_above", "similar_below",
)  # fmt: skip
"""What the forest is asked: is it the first paragraph of its item; the operation of the one before;
the versions that labelled lines around live in, the nearest first; how many of one version stand
between it and the nearest line of both; distances in lines; how sure the item is; its length, its
ending; traces of edits inside it; the best similarity among the lines above and below."""


@dataclass(frozen=True)
class Paragraph:
    """One paragraph under an item.

    Attributes
    ----------
    line : int
        Its line, from 0.
    block : tuple of int
        Its line and those of the lists it leads to.
    fixed : bool
        Whether it must stand in both versions, since items of its lists do.
    first : bool
        Whether it is the first paragraph of its item.
    values : tuple of float
        Its `FEATURES` from the fifth on.
    """

    line: int
    block: tuple[int, ...]
    fixed: bool
    first: bool
    values: tuple[float, ...]


def describe_paragraphs(
    lines: Sequence[str], numbering: Numbering, traces: Sequence[int]
) -> list[Paragraph]:
    """Return every paragraph under an item with what the forest is asked about it.

    Parameters
    ----------
    lines : sequence of str
        All lines of the text.
    numbering : Numbering
        What the numbering says of them.
    traces : sequence of int
        Traces of edits inside each line.
    """
    blocks = _led_blocks(numbering)
    led = {line for block, _ in blocks.values() for line in block}
    labelled = sorted(set(numbering.items) - led)
    similar = _find_similar(lines, numbering.outline.paragraphs)
    described: list[Paragraph] = []
    above = -1
    for line in numbering.outline.paragraphs:
        position = bisect_left(labelled, line)
        if position == 0:
            continue  # nothing numbered stands above it
        item = labelled[position - 1]
        block, fixed = blocks.get(line, ((), False))
        text = lines[line].strip()
        values = [
            *_live_around(numbering, labelled, position),
            float(line - item),
            float(labelled[position] - line) if position < len(labelled) else 9.0,
            numbering.items[item].confidence,
            float(len(text)),
            float(text.endswith("：")),
            float(text[-1] not in PUNCTUATION),
            float(traces[line]),
            *similar.get(line, (0.0, 0.0)),
        ]
        described.append(Paragraph(line, (line, *block), fixed, item != above, tuple(values)))
        above = item
    return described


def _led_blocks(numbering: Numbering) -> dict[int, tuple[tuple[int, ...], bool]]:
    """Return, by paragraph, the lines of its lists, and whether an item stands in both versions.

    A plain label is no such item: it may be anyone's.
    """
    blocks: dict[int, tuple[tuple[int, ...], bool]] = {}
    for items in numbering.outline.led:
        if items.paragraph is not None:
            before, fixed = blocks.get(items.paragraph, ((), False))
            own = tuple(_lines_of(items))
            changed = any(numbering.items[line].live != "both" for line in own) or any(
                len(node.label.readings) > 3 for node in items.nodes
            )
            blocks[items.paragraph] = ((*before, *own), fixed or changed)
    return blocks


def _lines_of(items: NumberedList) -> Iterator[int]:
    for node in items.nodes:
        yield node.line
        for inner in node.lists:
            yield from _lines_of(inner)


def _live_around(numbering: Numbering, labelled: Sequence[int], position: int) -> list[float]:
    above = [numbering.items[i].live for i in labelled[max(0, position - 12) : position]][::-1]
    below = [numbering.items[i].live for i in labelled[position : position + 12]]
    values: list[float] = []
    for side in (above, below):
        for k in range(_ITEMS):
            live = side[k] if k < len(side) else None
            values += [float(live == name) for name in ("old", "both", "new")]
    for side in (above, below):
        gap = side[: side.index("both")] if "both" in side else side
        values += [float(gap.count("old")), float(gap.count("new"))]
    return values


def _find_similar(
    lines: Sequence[str], paragraphs: Sequence[int]
) -> dict[int, tuple[float, float]]:
    """Return, by paragraph, the best similarity to a line near above and to one near below."""
    bodies = [line.split("\t", 1)[-1].strip() for line in lines]
    found = {}
    for line in paragraphs:
        sides = (
            range(max(0, line - _NEAR), line),
            range(line + 1, min(len(lines), line + _NEAR + 1)),
        )
        found[line] = (
            max((_similarity(bodies[line], bodies[other]) for other in sides[0]), default=0.0),
            max((_similarity(bodies[line], bodies[other]) for other in sides[1]), default=0.0),
        )
    return found


def _similarity(one: str, other: str) -> float:
    if min(len(one), len(other)) < 6 or max(len(one), len(other)) > 3 * min(len(one), len(other)):
        return 0.0
    return Indel.normalized_similarity(one, other, score_cutoff=_SIMILAR)


def weigh_paragraphs(paragraphs: Sequence[Paragraph], forest: Forest) -> list[NDArray[np.float64]]:
    """Return the probabilities of `CLASSES` for each paragraph, given those of the one before."""
    if not paragraphs:
        return []
    asked = []
    for paragraph in paragraphs:
        for number in range(len(CLASSES)):
            before = [0.0] * len(CLASSES)
            if not paragraph.first:
                before[number] = 1.0
            asked.append([float(paragraph.first), *before, *paragraph.values])
    answers = forest.predict(np.array(asked)).reshape(len(paragraphs), len(CLASSES), len(CLASSES))
    weighed: list[NDArray[np.float64]] = []
    for paragraph, answer in zip(paragraphs, answers, strict=True):
        now = answer[0] if paragraph.first or not weighed else weighed[-1] @ answer
        weighed.append(np.array([0.0, 1.0, 0.0]) if paragraph.fixed else now)
    return weighed


def read_paragraphs(
    lines: Sequence[tuple[int, str]],
    text: str,
    numbering: Numbering,
    *,
    forest: Forest,
    traces: Sequence[int],
    kept: float,
) -> list[Place]:
    """Return a place for each paragraph that is not clearly in both versions.

    A paragraph that is likely to stand in one version only is taken whole, with the lists it leads
    to; one that may be is kept, as undecidable, with its other readings.

    Parameters
    ----------
    lines : sequence of (int, str)
        First offset and text of each line.
    text : str
        The flattened text.
    numbering : Numbering
        What its numbering says.
    forest : Forest
        Learnt on real revision pairs.
    traces : sequence of int
        Traces of edits inside each line.
    kept : float
        Rate of kept text that is truly in both versions; no kept paragraph is surer.
    """
    paragraphs = describe_paragraphs([line for _, line in lines], numbering, traces)
    places = []
    for paragraph, weights in zip(paragraphs, weigh_paragraphs(paragraphs, forest), strict=True):
        chances: dict[Op, float] = {op: float(w) for op, w in zip(CLASSES, weights, strict=True)}
        if 1 - chances["equal"] < _MENTIONED:
            continue
        order = sorted(CLASSES, key=lambda op: -chances[op])
        if order[0] != "equal" and chances[order[0]] < LIKELY:
            order = ["equal", *(op for op in order if op != "equal")]
        readings = [
            PlaceReading(chances[op], _mark_block(paragraph, lines, text, op, chances[op], kept))
            for op in order
            if chances[op] >= 0.01 or op == order[0]
        ]
        total = sum(reading.weight for reading in readings)
        places.append(
            Place("paragraphs", tuple(replace(r, weight=r.weight / total) for r in readings))
        )
    return places


def _mark_block(
    paragraph: Paragraph,
    lines: Sequence[tuple[int, str]],
    text: str,
    op: Op,
    chance: float,
    kept: float,
) -> tuple[Span, ...]:
    """Return the spans of a paragraph, and of the lists it leads to, under one operation."""
    spans = []
    for line in paragraph.block if op != "equal" else (paragraph.line,):
        start, body = lines[line]
        end = min(start + len(body) + 1, len(text))
        if op == "equal":
            end = start + len(body)
            spans.append(Span(start, end, op, "undecidable", min(chance, kept)))
        else:
            spans.append(Span(start, end, op, "likely", chance))
    return tuple(spans)
