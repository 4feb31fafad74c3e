"""Kinds of change: what a recoverer has to go by differs from one to the other."""

from __future__ import annotations

from typing import Literal, get_args

from benchmarks.recovery.documents import find_lines, split_runs
from resanalysis.labels import read_labels

Kind = Literal[
    "merged label",
    "lone label",
    "labelled clause",
    "unlabelled clause",
    "substitution",
    "insertion",
    "deletion",
    "line break",
]
"""What a changed character is part of.

- `merged label`: a label of which one version has one number and the other another, side by side.
- `lone label`: a label that only one version has, in a line that both have.
- `labelled clause`, `unlabelled clause`: a whole line, line break included, of one version.
- `substitution`: inside a line, a deletion and an insertion side by side.
- `insertion`, `deletion`: inside a line, with equal text on both sides.
- `line break`: a line break changed by itself, where paragraphs were joined or parted.
"""

KINDS: tuple[Kind, ...] = get_args(Kind)


def find_kinds(text: str, ops: str) -> list[Kind | None]:
    r"""Return the kind of change each character is part of; None where it is in both versions.

    Parameters
    ----------
    text : str
        The flattened text.
    ops : str
        One of `=`, `-`, `+` per character. Runs that slide to whole lines count as whole lines.

    Examples
    --------
    >>> find_kinds("ed)\t甲\n", "-+====")[:3]
    ['merged label', 'merged label', None]
    >>> find_kinds("甲乙。\n", "=-==")[1]
    'deletion'
    """
    settled, sources = _settle_lines(text, ops)
    kinds: list[Kind | None] = [None] * len(text)
    for start, end in find_lines(text):
        if settled[start:end].strip("="):
            kinds[start:end] = _find_in_line(text[start:end], settled[start:end])
    return [kinds[source] for source in sources]


def _settle_lines(text: str, ops: str) -> tuple[str, list[int]]:
    """Slide runs that hold a line break to whole lines where their versions allow it.

    Also return, for each character of `ops`, the one that has its operation in the result.
    """
    signs = list(ops)
    sources = list(range(len(ops)))
    for start, end, sign in split_runs(ops):
        if sign == "=" or "\n" not in text[start:end]:
            continue
        shift = _find_shift(text, ops, start, end)
        if not shift:
            continue
        low, high = min(start, start + shift), max(end, end + shift)
        signs[low:high] = ["="] * (high - low)
        signs[start + shift : end + shift] = sign * (end - start)
        for i in range(start, end):
            sources[i] = i + shift
        vacant = range(end, end + shift) if shift > 0 else range(start + shift, start)
        for i in vacant:
            sources[i] = i - (end - start) if shift > 0 else i + (end - start)
    return "".join(signs), sources


def _find_shift(text: str, ops: str, start: int, end: int) -> int:
    """Return how far to slide a run so that it begins a line; 0 where it cannot."""
    left = 0
    while start - left > 0 and text[start - left - 1] != "\n":
        before, last = start - left - 1, end - left - 1
        if ops[before] != "=" or text[before] != text[last]:
            break
        left += 1
    if start - left == 0 or text[start - left - 1] == "\n":
        return -left
    right = 0
    while end + right < len(text) and text[start + right - 1] != "\n":
        if ops[end + right] != "=" or text[end + right] != text[start + right]:
            return 0
        right += 1
    return right if text[start + right - 1] == "\n" else 0


def _find_in_line(line: str, ops: str) -> list[Kind | None]:
    label = max((found.end for found in read_labels(line.rstrip("\n"))), default=0)
    if label:
        label = len(line) - len(line[label:].lstrip("\t \u3000"))
    if ops in ("-" * len(line), "+" * len(line)) and line.strip():
        kind: Kind = "labelled clause" if label else "unlabelled clause"
        return [kind] * len(line)
    kinds: list[Kind | None] = [None] * len(line)
    merged = {"-", "+"} <= set(ops[:label])
    runs = list(split_runs(ops))
    for number, (start, end, sign) in enumerate(runs):
        if sign == "=":
            continue
        sides = {runs[i][2] for i in (number - 1, number + 1) if 0 <= i < len(runs)}
        inside: Kind = "deletion" if sign == "-" else "insertion"
        kinds[start:end] = ["substitution" if sides - {"="} else inside] * (end - start)
        for i in range(start, min(end, label)):
            kinds[i] = "merged label" if merged else "lone label"
        if line[end - 1] == "\n" and (end - start == 1 or not line.strip()):
            kinds[end - 1] = "line break"
    return kinds
