"""Whether a topic moved up or down the resolution."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from resanalysis.shift.laying import lay_tags
from resanalysis.tables import make_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from resanalysis.model import Codebook
    from resanalysis.shift.layout import Ints, Side

_PARTS = ("all", "preambular", "operative")


def topic_positions(
    clauses: pd.DataFrame,
    tags: pd.DataFrame,
    pairs: pd.DataFrame,
    topics: Sequence[str] | Codebook,
) -> pd.DataFrame:
    r"""Say how far up the resolution, and each part of it, every topic stands in both editions.

    Parameters
    ----------
    clauses, tags, pairs, topics
        As `topic_shift` takes them.

    Returns
    -------
    DataFrame
        Table `positions`: a row per part (`all`, `preambular`, `operative`) and topic, also where
        nothing has the topic. Clauses in neither part count in `all` only.

        - `n_old`, `n_new`: clauses of the part that have the topic.
        - `first_old`, `first_new`: place of the first of them among the counted clauses of the part
          in its edition, from 1; 0 where there is none.
        - `place_old`, `place_new`: mean place of these clauses, from 0 (first clause of the part)
          to 1 (last); NaN where there is none.
        - `rise`: `place_old - place_new`; positive = moved up. NaN where an edition has no such
          clause: what was not there has not moved.

    Raises
    ------
    InputError
        As `topic_shift` does.

    Notes
    -----
    The place of a clause is its rank *r* among the *m* counted clauses of the part, counted from 0,
    as :math:`r / (m - 1)`; that of a part's only clause is 0. An order of mention is weak evidence
    of priority: sections of a resolution follow a fixed order, and inside one new items are often
    put last for no other reason than that they are new.

    In `all` a topic that enters the operative part falls, since that part stands last, though it
    gained in weight: read the parts, and `topic_commitment` for moves between them.

    A clause that nobody touched moves when others are put in or taken out around it: new clauses
    above push it down, new ones below push it up. The scale from 0 to 1 undoes this only for
    insertions that are spread evenly. Read `rise` with the clauses in `transitions`, and do not
    read it at all for topics of one or two clauses.

    Examples
    --------
    >>> import pandas as pd
    >>> row = {"corpus": "x", "kind": "clause", "part": "operative", "addressee": "", "strength": 0}
    >>> clauses = pd.DataFrame([
    ...     row | {"version": version, "clause_id": str(k), "text": text, "start": k}
    ...     for version, texts in {"old": ["能效", "用水"], "new": ["用水", "能效"]}.items()
    ...     for k, text in enumerate(texts)])
    >>> tags = pd.DataFrame({"version": ["old", "new"], "clause_id": ["1", "0"],
    ...     "topic": "water", "start": 1, "end": 2})
    >>> pairs = pd.DataFrame({"old_id": ["0", "1"], "new_id": ["1", "0"], "change": "NOC",
    ...     "relation": "1:1"})
    >>> topic_positions(clauses, tags, pairs, ["water"]).loc[0, "rise"]
    np.float64(1.0)
    """
    laid = lay_tags(clauses, tags, pairs, topics)
    records: list[dict[str, Any]] = []
    for part in _PARTS:
        ranks = {"old": _rank(laid.old, part), "new": _rank(laid.new, part)}
        for column, topic in enumerate(laid.topics):
            record: dict[str, Any] = {"corpus": laid.corpus, "part": part, "topic": topic}
            for version, side in (("old", laid.old), ("new", laid.new)):
                has = side.counts["clause"][:, column] > 0
                record |= _locate(version, ranks[version], has)
            record["rise"] = record["place_old"] - record["place_new"]
            records.append(record)
    return make_table("positions", records)


def _rank(side: Side, part: str) -> Ints:
    """Return the rank of each row's clause in the part, from 0; -1 where it is not of the part."""
    member = side.there if part == "all" else np.array([name == part for name in side.parts])
    ranks = np.full(len(member), -1, np.int64)
    inside = np.flatnonzero(member)
    ranks[inside[np.argsort(side.places[inside], kind="stable")]] = np.arange(len(inside))
    return ranks


def _locate(version: str, ranks: Ints, has: NDArray[np.bool_]) -> dict[str, Any]:
    found = ranks[has & (ranks >= 0)]
    last = max(int(ranks.max(initial=-1)), 1)
    return {
        f"n_{version}": len(found),
        f"first_{version}": int(found.min()) + 1 if len(found) else 0,
        f"place_{version}": float(found.mean() / last) if len(found) else np.nan,
    }
