"""A term's occurrences in context (keyword in context)."""

import re

import pandas as pd

from resanalysis.folding import narrow_text
from resanalysis.pipeline.rows import ClauseRow, read_rows

_KWIC_COLUMNS = ("left", "match", "right", "start", "end")


def kwic(
    clauses: pd.DataFrame, pattern: str, *, window: int = 20, regex: bool = False
) -> pd.DataFrame:
    """List every occurrence of a pattern with the characters around it (keyword in context).

    Parameters
    ----------
    clauses : DataFrame
        The `clauses` table; all of its rows are searched.
    pattern : str
        A string, compared as `tag_text` compares (ASCII case and full-width ASCII do not matter)
        but also inside longer words; or, with `regex`, a regular expression for the text as it is.
    window : int
        Characters of context on each side, at most; never beyond the clause.
    regex : bool
        Whether `pattern` is a regular expression of the `re` module; empty hits are passed over.

    Returns
    -------
    DataFrame
        One row per occurrence, in the order of the text; occurrences do not overlap.

        - `corpus`, `edition`, `version`, `clause_id`: the clause
        - `left`, `match`, `right`: the text before, of and after the occurrence
        - `start`, `end`: its characters in the clause's text (code points, half-open)

    Raises
    ------
    ValueError
        When the pattern is empty or not a regular expression, the window is negative, or `clauses`
        lacks a column, has a row twice or a missing text.

    Examples
    --------
    >>> clause = {"corpus": "c", "edition": "e", "version": "new", "clause_id": "a"}
    >>> table = kwic(pd.DataFrame([clause | {"text": "利用ＩＣＴ监测水资源"}]), "ICT", window=2)
    >>> table[["left", "match", "right"]]
      left match right
    0   利用   ＩＣＴ    监测
    """
    if not pattern or window < 0:
        raise ValueError("give a pattern that is not empty and a window of 0 or more characters")
    try:
        search = re.compile(pattern if regex else re.escape(narrow_text(pattern)))
    except re.error as error:
        raise ValueError(f"{pattern!r} is not a regular expression: {error}") from error
    records = [
        (
            *row[:4],
            row.text[max(start - window, 0) : start],
            row.text[start:end],
            row.text[end : end + window],
            start,
            end,
        )
        for row in read_rows(clauses)
        for start, end in (
            hit.span()
            for hit in search.finditer(row.text if regex else narrow_text(row.text))
            if hit[0]
        )
    ]
    names = [*ClauseRow._fields[:4], *_KWIC_COLUMNS]
    types = {name: "int64" if name in ("start", "end") else "str" for name in names}
    return pd.DataFrame(records, columns=names).astype(types)
