"""How two readers' decisions on one redline agree."""

from __future__ import annotations

from collections import Counter

import pandas as pd

from resanalysis.model import input_error
from resanalysis.redline.marks import read_marks
from resanalysis.redline.places import split_lines


def compare_readings(first: str, second: str) -> pd.DataFrame:
    """Return, line by line, where two readings of one redline agree.

    Parameters
    ----------
    first, second : str
        The same text in CriticMarkup, marked by two readers.

    Returns
    -------
    DataFrame
        One row per line of the text: `line` (from 1), `characters`, `marked` (characters that
        either reader marks as deleted or inserted), `agreeing` (characters with the same
        operation), `agreeing_marked` (of the marked ones), `same_versions` (whether the line gives
        the same two texts).

    Raises
    ------
    InputError
        When a reading is malformed, or the two are not readings of one text.

    Examples
    --------
    >>> compare_readings("{--甲--}{++乙++}丙", "{--甲--}乙丙")["agreeing"].tolist()
    [2]
    """
    text, one = _read_ops(first, "first reading")
    other_text, two = _read_ops(second, "second reading")
    if text != other_text:
        raise input_error(
            "second reading", "", "not the same text as the first", "Compare readings of one source"
        )
    rows = []
    for number, (start, line) in enumerate(split_lines(text), start=1):
        a, b = one[start : start + len(line)], two[start : start + len(line)]
        pairs = list(zip(a, b, strict=True))
        marked = [pair for pair in pairs if set(pair) != {"equal"}]
        rows.append(
            {
                "line": number,
                "characters": len(line),
                "marked": len(marked),
                "agreeing": sum(x == y for x, y in pairs),
                "agreeing_marked": sum(x == y for x, y in marked),
                "same_versions": _versions(line, a) == _versions(line, b),
            }
        )
    return pd.DataFrame(rows)


def measure_agreement(first: str, second: str) -> dict[str, float]:
    """Return the agreement of two readings as a few numbers.

    Returns
    -------
    dict
        `lines`, `same_lines` (lines that give the same two texts), `characters`, `agreement`
        (share of characters with the same operation), `agreement_marked` (of those that either
        reader marks), `kappa` (Cohen's kappa over delete, insert, equal per character).

    References
    ----------
    Cohen, J. (1960). A coefficient of agreement for nominal scales. Educational and Psychological
    Measurement 20(1), 37-46.
    """
    table = compare_readings(first, second)
    _, one = _read_ops(first, "first reading")
    _, two = _read_ops(second, "second reading")
    observed = sum(a == b for a, b in zip(one, two, strict=True)) / len(one)
    counts, others = Counter(one), Counter(two)
    chance = sum(counts[op] * others[op] for op in counts) / len(one) ** 2
    marked = int(table["marked"].sum())
    return {
        "lines": len(table),
        "same_lines": int(table["same_versions"].sum()),
        "characters": len(one),
        "agreement": observed,
        "agreement_marked": int(table["agreeing_marked"].sum()) / marked if marked else 1.0,
        "kappa": (observed - chance) / (1 - chance) if chance < 1 else 1.0,
    }


def _read_ops(markup: str, name: str) -> tuple[str, list[str]]:
    text, marks = read_marks(markup, name=name)
    ops = ["equal"] * len(text)
    for mark in marks:
        ops[mark.start : mark.end] = [mark.op] * (mark.end - mark.start)
    return text, ops


def _versions(line: str, ops: list[str]) -> tuple[str, str]:
    pairs = list(zip(line, ops, strict=True))
    old = "".join(char for char, op in pairs if op != "insert")
    return old, "".join(char for char, op in pairs if op != "delete")
