"""How a recovered version differs from a published text of the same edition."""

from __future__ import annotations

from difflib import SequenceMatcher
from itertools import zip_longest

import pandas as pd
from rapidfuzz.distance import Indel


def compare_versions(recovered: str, official: str) -> pd.DataFrame:
    r"""Return the lines in which a recovered version and a published text differ.

    White space around a line and blank lines are not compared.

    Parameters
    ----------
    recovered : str
        Text of the version as recovered.
    official : str
        Published text of the same edition.

    Returns
    -------
    DataFrame
        One row per differing line: `line_recovered`, `line_official` (from 1; 0 where the other
        text has no such line), `recovered`, `official` (the lines), `similarity` (normalised
        indel similarity, 0 to 1).

    Examples
    --------
    >>> compare_versions("甲\n乙\n", "甲\n丙\n")[["line_recovered", "official"]].values.tolist()
    [[2, '丙']]
    """
    left, right = _read_lines(recovered), _read_lines(official)
    rows = []
    matcher = SequenceMatcher(
        None, [line for _, line in left], [line for _, line in right], autojunk=False
    )
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            continue
        for one, two in zip_longest(left[a:b], right[c:d], fillvalue=(0, "")):
            rows.append(
                {
                    "line_recovered": one[0],
                    "line_official": two[0],
                    "recovered": one[1],
                    "official": two[1],
                    "similarity": Indel.normalized_similarity(one[1], two[1]),
                }
            )
    columns = ["line_recovered", "line_official", "recovered", "official", "similarity"]
    return pd.DataFrame(rows, columns=columns)


def _read_lines(text: str) -> list[tuple[int, str]]:
    """Return the lines that are not blank, stripped, with their numbers."""
    lines = enumerate(text.split("\n"), start=1)
    return [(number, line.strip()) for number, line in lines if line.strip()]
