"""A known version that does not fit a flattened text: white space adapted, the rest listed."""

from __future__ import annotations

import unicodedata
from array import array
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from rapidfuzz.distance import LCSseq

from resanalysis.model import InputError, Problem, Version
from resanalysis.redline.difference.pairing import BIT_CELLS, Edge, choose_chain

FOREIGN = 0.3
"""Share of the known version that the text lacks from which it is called another text."""

_GRAM = 12  # characters that stand once in either text: the same passage
_EXCERPT = 30


@dataclass(frozen=True)
class SpaceDifference:
    """White space of the known version that the text writes differently.

    Attributes
    ----------
    line : int
        Line of the known version, from 1.
    known, text : str
        White space there in the known version and in the text.
    """

    line: int
    known: str
    text: str


def adapt_spaces(
    text: str, known: str, path: array[int], kept: array[int]
) -> tuple[str, list[SpaceDifference]]:
    """Return `known` with the white space of `text`, and every place where that differs.

    Parameters
    ----------
    text, known : str
        The flattened text and the known version.
    path : array of int
        For each character of `known` that is no white space its place in `text`, rising.
    kept : array of int
        Offsets in `known` of these characters.
    """
    parts, differences = [], []
    ends = zip([-1, *path], [*path, len(text)], [-1, *kept], [*kept, len(known)], strict=True)
    for before, after, known_before, known_after in ends:
        wanted = known[known_before + 1 : known_after]
        between = text[before + 1 : after]
        offered = "".join(char for char in between if char.isspace())
        if wanted == offered == between:
            used = wanted
        else:
            # White space alone belongs to both versions; among other text, as much as is wanted.
            used = offered if offered == between else _take(wanted, offered)
            if used != wanted:
                line = known.count("\n", 0, max(known_before, 0)) + 1
                differences.append(SpaceDifference(line, wanted, used))
        parts.append(used)
        parts.append(text[after : after + 1])
    return "".join(parts), differences


def _take(wanted: str, offered: str) -> str:
    """Return the offered white space that stands for the wanted one: the same, else any."""
    taken, at = "", 0
    for char in wanted.replace("\r\n", "\n").replace("\r", "\n"):
        found = offered.find(char, at)
        if found < 0:
            found = at
        if found < len(offered):
            taken += offered[found]
            at = found + 1
    return taken


def describe_misfit(text: str, known: str, *, version: Version, name: str) -> InputError:
    """Return the error that lists what the known version has and the text lacks.

    White space is left out of the comparison.
    """
    text_at = [i for i, char in enumerate(text) if not char.isspace()]
    known_at = [i for i, char in enumerate(known) if not char.isspace()]
    squeezed = "".join(text[i] for i in text_at)
    wanted = "".join(known[i] for i in known_at)
    missing = list(_find_missing(squeezed, wanted))
    total = sum(end - start for start, end, _ in missing)
    problems = []
    if total > FOREIGN * len(wanted):
        problems.append(
            Problem(
                "error",
                name,
                "",
                f"{total} of {len(wanted)} characters of the {version} version are not in the text",
                "Give the version that this text was made from",
            )
        )
    for start, end, at in missing[: 1 if problems else None]:
        line = text.count("\n", 0, text_at[min(at, len(text_at) - 1)]) + 1 if text_at else 1
        own_line = known.count("\n", 0, known_at[start]) + 1
        lacking = wanted[start:end]
        problems.append(
            Problem(
                "error",
                name,
                f"line {own_line}",
                f"the {version} version has {_excerpt(lacking)} ({len(lacking)} characters) behind"
                f" {wanted[max(start - 10, 0) : start]!r}; line {line} of the text lacks it and has"
                f" {squeezed[at : at + 10]!r}",
                _mend(lacking, squeezed[max(at - len(lacking), 0) : at + len(lacking)]),
            )
        )
    return InputError(problems)


def _excerpt(passage: str) -> str:
    return repr(passage if len(passage) <= _EXCERPT else passage[:_EXCERPT] + "…")


def _mend(lacking: str, around: str) -> str:
    for k in range(len(around) - len(lacking) + 1):
        there = around[k : k + len(lacking)]
        if unicodedata.normalize("NFKC", lacking) == unicodedata.normalize("NFKC", there):
            return f"Only the width of characters differs: write {there!r}, as the text does"
    return "Make the two agree there: one of them was edited, or is another edition"


def _find_missing(text: str, known: str) -> Iterator[tuple[int, int, int]]:
    """Yield spans of `known` that `text` lacks, and where in `text` each would stand."""
    i = j = 0
    for start, at, length in [*_common_passages(text, known), (len(known), len(text), 0)]:
        yield from _missing_between(text[j:at], known[i:start], j, i)
        i, j = start + length, at + length


def _missing_between(text: str, known: str, at: int, start: int) -> Iterator[tuple[int, int, int]]:
    if len(text) * len(known) > BIT_CELLS:
        yield start, start + len(known), at
        return
    span: tuple[int, int, int] | None = None
    for code in LCSseq.opcodes(known, text):
        if code.tag not in ("delete", "replace"):
            continue
        here = (start + code.src_start, start + code.src_end, at + code.dest_start)
        if span and span[1] == here[0]:
            span = (span[0], here[1], span[2])
            continue
        if span:
            yield span
        span = here
    if span:
        yield span


def _common_passages(text: str, known: str) -> list[tuple[int, int, int]]:
    """Return passages (place in known, place in text, length) that stand once in both, in order."""
    grams = Counter(text[i : i + _GRAM] for i in range(len(text) - _GRAM + 1))
    own = Counter(known[i : i + _GRAM] for i in range(len(known) - _GRAM + 1))
    place = {text[i : i + _GRAM]: i for i in range(len(text) - _GRAM + 1)}
    runs: list[tuple[int, int, int]] = []
    for i in range(len(known) - _GRAM + 1):
        gram = known[i : i + _GRAM]
        if own[gram] != 1 or grams[gram] != 1:
            continue
        last = runs[-1] if runs else (0, 0, -1)
        if last[2] >= 0 and i - last[0] == place[gram] - last[1] and i <= last[0] + last[2]:
            runs[-1] = (last[0], last[1], i - last[0] + _GRAM)
        else:
            runs.append((i, place[gram], _GRAM))
    chosen = set(choose_chain(Edge(i, j, length) for i, j, length in runs))
    passages: list[tuple[int, int, int]] = []
    i_end = j_end = 0
    for i, j, length in runs:
        over = max(i_end - i, j_end - j, 0)  # passages may overlap where a repeat begins
        if (i, j) in chosen and over < length:
            passages.append((i + over, j + over, length - over))
            i_end, j_end = i + length, j + length
    return passages
