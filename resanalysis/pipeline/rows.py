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
    if missing := [name for name in ClauseRow._fields if name not in clauses.columns]:
        raise ValueError(f"the clauses table lacks the columns {', '.join(missing)}")
    rows = [
        ClauseRow(*row)
        for row in zip(*(clauses[n].tolist() for n in ClauseRow._fields), strict=True)
    ]
    if broken := [row.clause_id for row in rows if not isinstance(row.text, str)]:
        raise ValueError(
            f"clauses without text: {', '.join(map(str, broken))}. An empty text is '', not a "
            "missing value: read the table with keep_default_na=False"
        )
    if len({row.key for row in rows}) < len(rows):
        repeated = clauses.loc[clauses.duplicated(list(CLAUSE_KEY)), "clause_id"]
        raise ValueError(
            f"clauses that stand twice in the table: {', '.join(map(str, repeated))}. "
            f"Each {', '.join(CLAUSE_KEY)} must be there once"
        )
    return rows
