"""What of a known version the other version replaced, told by what stands beside it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from rapidfuzz.distance import Indel

from resanalysis.labels import read_labels
from resanalysis.model import Version
from resanalysis.redline.difference.units import split_label, split_units
from resanalysis.redline.inference.places import split_lines

Span = tuple[int, int]

REWORDED = 0.5
"""Normalised indel similarity from which a phrase is a rewording of its neighbour."""

REWORDED_LINE = 0.6
"""The same of lines: clauses of one list are often alike."""

_CN = "零〇一二三四五六七八九十百千"
_NUMBERED = (
    re.compile("[0-9]+(?:[.,][0-9]+)*[%％‰]?"),
    re.compile(f"第(?:[0-9]+|[{_CN}]+)[条款项章节号届编次]"),
    re.compile("[0-9]{4}年"),
    re.compile("（[^（）\n]{1,20}）"),
    re.compile("《[^《》\n]{1,40}》"),
    re.compile(f"[{_CN}]+(?:日|月|年|倍|人|元|万元|个月|次|届)"),
)
_PHRASE = 8  # words of the known version that one run replaces at most
_STOPS = frozenset("，、。；：！？\n\t（）《》“”")


def find_replaced_labels(text: str, outside: Sequence[bool], version: Version) -> Iterator[Span]:
    """Yield the label numbers of the known version beside which the other version's stands."""
    own = "delete" if version == "old" else "insert"
    for start, line in split_lines(text):
        for label in read_labels(line):
            for reading in label.readings:
                marks = [(start + a, start + b, op) for a, b, op in reading.marks]
                if marks and all(
                    all(outside[i] != (op == own) for i in range(a, b)) for a, b, op in marks
                ):
                    yield from ((a, b) for a, b, op in marks if op == own)


def find_replaced_units(
    text: str, runs: Sequence[Span], outside: Sequence[bool], version: Version
) -> Iterator[Span]:
    """Yield the numbers, brackets and titles of the known version beside which another one stands.

    Parameters
    ----------
    text : str
        The flattened text.
    runs : sequence of (int, int)
        Spans outside the known version.
    outside : sequence of bool
        Whether each character of the text is in one of them.
    version : {"old", "new"}
        Which version is known.
    """
    for start, end in runs:
        run = text[start:end]
        for pattern in _NUMBERED:
            if not pattern.fullmatch(run):
                continue
            before = [
                m for m in pattern.finditer(text, max(start - 50, 0), start) if m.end() == start
            ]
            behind = pattern.match(text, end)
            # A deletion mostly stands before the insertion that replaces it.
            order = (before[-1:], [behind] if behind else [])
            spans = [
                m.span() for found in (order if version == "old" else order[::-1]) for m in found
            ]
            spans = [(a, b) for a, b in spans if not any(outside[a:b])]
            if spans:
                yield spans[0]
                break


def find_replaced_lines(text: str, outside: Sequence[bool]) -> Iterator[Span]:
    """Yield the lines of the known version that a neighbouring line outside it rewords.

    Lines with a number are left to the numbering: neighbouring clauses are often alike.
    """
    lines = []
    for start, line in split_lines(text):
        end = min(start + len(line) + 1, len(text))
        many = sum(outside[start:end])
        state = "mixed" if 0 < many < end - start else "outside" if many else "inside"
        if state == "inside" and any(label.family != "bullet" for label in read_labels(line)):
            state = "numbered"
        lines.append((start, end, state, split_label(line)[1]))
    used: set[int] = set()
    for k, (_, _, state, body) in enumerate(lines):
        if state != "outside" or len(body) < 6:
            continue
        scored = []
        for step in (-1, 1):
            other = k + step
            while 0 <= other < len(lines) and lines[other][2] == "outside":
                other += step
            if 0 <= other < len(lines) and lines[other][2] == "inside" and other not in used:
                score = Indel.normalized_similarity(body, lines[other][3])
                scored.append((score, other))
        if scored and max(scored)[0] >= REWORDED_LINE:
            other = max(scored)[1]
            used.add(other)
            yield lines[other][0], lines[other][1]


def find_replaced_phrases(
    text: str,
    runs: Sequence[Span],
    outside: Sequence[bool],
    version: Version,
    cut: Callable[[str], list[str]],
) -> Iterator[Span]:
    """Yield the words of the known version that a run beside them rewords."""
    for start, end in runs:
        run = text[start:end]
        if len(run) < 2 or "\n" in run or run[0] in _STOPS or run[-1] in _STOPS:
            continue
        found = []
        for side, span in enumerate(_neighbours(text, start, end, outside)):
            units = split_units(text[span[0] : span[1]], cut)
            for k in range(1, min(_PHRASE, len(units)) + 1):
                words = "".join(units[-k:] if side == 0 else units[:k])
                score = Indel.normalized_similarity(run, words)
                if len(words) > 1 and score >= REWORDED:
                    place = (start - len(words), start) if side == 0 else (end, end + len(words))
                    # A deletion mostly stands before the insertion that replaces it.
                    found.append((score, side == (version == "new"), place))
        if found:
            yield max(found)[2]


def _neighbours(text: str, start: int, end: int, outside: Sequence[bool]) -> tuple[Span, Span]:
    """Return the stretches of the known version before and behind a run, up to a stop."""
    left = start
    while left and not outside[left - 1] and text[left - 1] not in _STOPS:
        left -= 1
    right = end
    while right < len(text) and not outside[right] and text[right] not in _STOPS:
        right += 1
    return (left, start), (end, right)
