"""Rows of a clauses table, read and checked once for every function here."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

CLAUSE_KEY = ("corpus", "edition", "clause_id")
CLAUSE_COLUMNS = ("corpus", "edition", "version", "clause_id")
"""Columns by which tokens and tags name their clause."""


class ClauseRow(NamedTuple):
    """What is read of one row of a clauses table."""

    corpus: str
    edition: str
    version: str
    clause_id: str
    text: str

    @property
    def key(self) -> tuple[str, str, str]:
        """Corpus, edition and clause id."""
        return (self.corpus, self.edition, self.clause_id)


def read_rows(clauses: pd.DataFrame) -> list[ClauseRow]:
    """Return the rows; `ValueError` for a missing column or text, or a clause that stands twice."""
    return [ClauseRow(*row) for row in zip(*read_columns(clauses).values(), strict=True)]


def read_columns(clauses: pd.DataFrame) -> dict[str, list[str]]:
    """Return what `read_rows` does as a list for every column, for tables of many rows."""
    if missing := [name for name in ClauseRow._fields if name not in clauses.columns]:
        raise ValueError(f"the clauses table lacks the columns {', '.join(missing)}")
    columns: dict[str, list[str]] = {name: clauses[name].tolist() for name in ClauseRow._fields}
    ids = zip(columns["clause_id"], columns["text"], strict=True)
    if broken := [clause_id for clause_id, text in ids if not isinstance(text, str)]:
        raise ValueError(
            f"clauses without text: {', '.join(map(str, broken))}. An empty text is '', not a "
            "missing value: read the table with keep_default_na=False"
        )
    if len(set(zip(*(columns[name] for name in CLAUSE_KEY), strict=True))) < len(clauses):
        repeated = clauses.loc[clauses.duplicated(list(CLAUSE_KEY)), "clause_id"]
        raise ValueError(
            f"clauses that stand twice in the table: {', '.join(map(str, repeated))}. "
            f"Each {', '.join(CLAUSE_KEY)} must be there once"
        )
    return columns


def number_tokens(
    tokens: pd.DataFrame, keys: Sequence[tuple[str, str, str]], texts: Sequence[str]
) -> NDArray[np.int64]:
    """Return the number, from 0, of the clause that each token stands in; -1 for other clauses.

    `ValueError` when the tokens are not those of the clauses, or not in order.
    """
    i, end = (tokens[name].to_numpy() for name in ("i", "end"))
    # A clause's tokens stand together and are numbered from 0, so its key is read once.
    first = np.flatnonzero(i == 0)
    counts = np.diff(np.append(first, len(i)))
    if len(i) != counts.sum() or not np.all((i[1:] == i[:-1] + 1) | (i[1:] == 0)):
        raise ValueError("tokens are out of order: sort them by clause and `i`")
    number = {key: n for n, key in enumerate(keys)}
    heads = tokens.iloc[first]
    own = zip(*(heads[name].tolist() for name in CLAUSE_KEY), strict=True)
    clause = np.fromiter((number.get(key, -1) for key in own), dtype=np.int64, count=len(first))
    covered = np.zeros(len(number), dtype=np.int64)
    covered[clause[clause >= 0]] = end[first + counts - 1][clause >= 0]
    if strange := [n for n, size in enumerate(covered.tolist()) if size != len(texts[n])]:
        names = ", ".join(keys[n][-1] for n in strange)
        raise ValueError(
            f"tokens do not cover the text of {names}: make them with tokenize() from these very"
            " clauses"
        )
    return np.repeat(clause, counts)
