"""How a recovered version differs from a published text of the same edition."""

from __future__ import annotations

from difflib import SequenceMatcher

import pandas as pd
from rapidfuzz.distance import Indel


def compare_versions(recovered: str, official: str) -> pd.DataFrame:
    r"""Return the lines in which a recovered version and a published text differ.

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
    left = [line.strip() for line in recovered.splitlines()]
    right = [line.strip() for line in official.splitlines()]
    rows = []
    matcher = SequenceMatcher(None, left, right, autojunk=False)
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            continue
        for k in range(max(b - a, d - c)):
            one = left[a + k] if a + k < b else ""
            two = right[c + k] if c + k < d else ""
            if one or two:
                rows.append(
                    {
                        "line_recovered": a + k + 1 if a + k < b else 0,
                        "line_official": c + k + 1 if c + k < d else 0,
                        "recovered": one,
                        "official": two,
                        "similarity": Indel.normalized_similarity(one, two),
                    }
                )
    columns = ["line_recovered", "line_official", "recovered", "official", "similarity"]
    return pd.DataFrame(rows, columns=columns)
