"""Rows of a clauses table, read and checked once for every function here."""

from typing import NamedTuple

import pandas as pd

CLAUSE_KEY = ("corpus", "edition", "clause_id")


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
