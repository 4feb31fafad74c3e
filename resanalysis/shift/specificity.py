"""Whether what is said of a topic became more specific: numbers, years, targets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from resanalysis.shift.laying import lay_tags
from resanalysis.shift.mentions import KINDS, find_mentions
from resanalysis.tables import make_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from resanalysis.model import Codebook
    from resanalysis.shift.layout import Ints, Side


def topic_specificity(
    clauses: pd.DataFrame,
    tags: pd.DataFrame,
    pairs: pd.DataFrame,
    topics: Sequence[str] | Codebook,
) -> pd.DataFrame:
    """Count the numbers, years and targets in every topic's clauses in both editions.

    Parameters
    ----------
    clauses, tags, pairs, topics
        As `topic_shift` takes them.

    Returns
    -------
    DataFrame
        Table `specificity`: a row per part (`all`, `preambular`, `operative`), topic (`all`: every
        counted clause, once; then the topics in their order) and kind (`number`, `year`, `target`;
        see `find_mentions` for what they are).

        - `n_old`, `n_new`: mentions of the kind in the topic's clauses.
        - `clauses_old`, `clauses_new`: clauses of the topic with such a mention.
        - `per_clause_old`, `per_clause_new`: `n` per clause of the topic; 0 where it has none.
        - `difference`: `per_clause_new - per_clause_old`; positive = more specific.

    Raises
    ------
    InputError
        As `topic_shift` does.

    Notes
    -----
    A clause with two topics counts its mentions for both, whichever of them they speak of. A clause
    is specific by figures here; naming a body, a place or a technique is not seen. `year` says how
    much a text refers to dated events, past ones most of all. A target in the preamble is as a rule
    one that others have set and the text recalls; only one in the operative part is set here. As
    clauses have several topics, the topics do not sum to `all`. Few clauses have any figure, so
    look at `clauses_old` and `clauses_new` before the means: a single clause with four numbers
    moves them.

    Examples
    --------
    >>> import pandas as pd
    >>> row = {"corpus": "x", "kind": "clause", "part": "operative", "addressee": "SG"}
    >>> row |= {"clause_id": "1", "strength": 4, "start": 0}
    >>> clauses = pd.DataFrame([
    ...     row | {"version": "old", "text": "节约用水"},
    ...     row | {"version": "new", "text": "到2030年将用水减少20%"}])
    >>> tags = pd.DataFrame({"version": ["old", "new"], "clause_id": "1", "topic": "water",
    ...     "start": [3, 8], "end": [4, 9]})
    >>> pairs = pd.DataFrame({"old_id": ["1"], "new_id": ["1"], "change": "MOD",
    ...     "relation": "1:1"})
    >>> table = topic_specificity(clauses, tags, pairs, ["water"])
    >>> water = table[(table["part"] == "all") & (table["topic"] == "water")]
    >>> water[["kind", "n_old", "n_new", "difference"]].values.tolist()
    [['number', 0, 0, 0.0], ['year', 0, 0, 0.0], ['target', 0, 2, 2.0]]
    """
    laid = lay_tags(clauses, tags, pairs, topics)
    sides = {"old": laid.old, "new": laid.new}
    mentions = {version: _count_mentions(side) for version, side in sides.items()}
    records: list[dict[str, Any]] = []
    for part in ("all", "preambular", "operative"):
        for column, topic in enumerate(["all", *laid.topics], start=-1):
            for k, kind in enumerate(KINDS):
                record: dict[str, Any] = {
                    "corpus": laid.corpus,
                    "part": part,
                    "topic": topic,
                    "kind": kind,
                }
                for version, side in sides.items():
                    found = mentions[version][_choose_rows(side, part, column), k]
                    record |= _describe(found, version)
                record["difference"] = record["per_clause_new"] - record["per_clause_old"]
                records.append(record)
    return make_table("specificity", records)


def _choose_rows(side: Side, part: str, column: int) -> NDArray[np.bool_]:
    """Return which rows have a clause of the part with the topic; -1 stands for any clause."""
    chosen = side.there if column < 0 else side.counts["clause"][:, column] > 0
    return chosen if part == "all" else chosen & np.array([own == part for own in side.parts])


def _describe(found: Ints, version: str) -> dict[str, Any]:
    return {
        f"n_{version}": int(found.sum()),
        f"clauses_{version}": int((found > 0).sum()),
        f"per_clause_{version}": float(found.mean()) if len(found) else 0.0,
    }


def _count_mentions(side: Side) -> Ints:
    """Return how many mentions of each kind each row's clause has."""
    counts = np.zeros((len(side.texts), len(KINDS)), np.int64)
    for row, text in enumerate(side.texts):
        for mention in find_mentions(text):
            counts[row, KINDS.index(mention.kind)] += 1
    return counts
