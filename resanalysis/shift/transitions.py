"""Every clause that gained, kept or lost a topic."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from resanalysis.shift.laying import lay_tags
from resanalysis.shift.layout import NONE
from resanalysis.tables import make_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from resanalysis.model import Codebook
    from resanalysis.shift.layout import Layout, Side


def list_transitions(
    clauses: pd.DataFrame,
    tags: pd.DataFrame,
    pairs: pd.DataFrame,
    topics: Sequence[str] | Codebook,
) -> pd.DataFrame:
    """List which clauses gained, kept and lost each topic: the clauses behind the counts.

    Parameters
    ----------
    clauses, tags, pairs, topics
        As `topic_shift` takes them.

    Returns
    -------
    DataFrame
        Table `transitions`: a row per 1:1 or orphan row of `pairs` and topic that either of its
        clauses has, in the order of `pairs`, then of topics.

        - `old_id`, `new_id`: the clauses; empty where an edition has none.
        - `change`: NOC, MOD, ADD or SUP.
        - `topic`: id of the topic.
        - `transition`: *gained*: only the new clause has it (all of ADD); *kept*: both; *lost*:
          only the old one (all of SUP). Gained minus lost is the topic's `n_new - n_old`.
        - `old_part`, `new_part`, `old_addressee`, `new_addressee`: as in `clauses`; empty where
          there is no clause, or nothing to say of it.
        - `old_strength`, `new_strength`: strength of the verb, 0 to 5; -1 where there is no
          clause. Compare it within one addressee only.

    Raises
    ------
    InputError
        As `topic_shift` does.

    Notes
    -----
    *Kept* says that both clauses have the topic, not that they say the same of it, nor with the
    same terms. Two clauses that the alignment did not pair are one *lost* and one *gained*, though
    a reader might call the second a new wording of the first.

    Examples
    --------
    >>> import pandas as pd
    >>> row = {"corpus": "x", "kind": "clause", "part": "operative", "addressee": "SG"}
    >>> row |= {"strength": 4, "start": 0}
    >>> clauses = pd.DataFrame([
    ...     row | {"version": "old", "clause_id": "1", "text": "提高能效"},
    ...     row | {"version": "new", "clause_id": "1", "text": "提高能效，节约用水"}])
    >>> tags = pd.DataFrame({"version": ["new"], "clause_id": ["1"], "topic": ["water"],
    ...     "start": [8], "end": [9]})
    >>> pairs = pd.DataFrame({"old_id": ["1"], "new_id": ["1"], "change": ["MOD"],
    ...     "relation": ["1:1"]})
    >>> table = list_transitions(clauses, tags, pairs, ["water"])
    >>> table[["change", "topic", "transition", "new_addressee"]].values.tolist()
    [['MOD', 'water', 'gained', 'SG']]
    """
    laid = lay_tags(clauses, tags, pairs, topics)
    return make_table(
        "transitions",
        [_record(laid, row, column) for row, column in zip(*_find(laid), strict=True)],
    )


def _find(laid: Layout) -> tuple[list[int], list[int]]:
    """Return rows and topics where either clause has the topic."""
    either = laid.old.counts["clause"] + laid.new.counts["clause"]
    rows, columns = either.nonzero()
    return rows.tolist(), columns.tolist()


def _record(laid: Layout, row: int, column: int) -> dict[str, Any]:
    before, after = (bool(side.counts["clause"][row, column]) for side in (laid.old, laid.new))
    return {
        "corpus": laid.corpus,
        "change": laid.changes[row],
        "topic": laid.topics[column],
        "transition": "lost" if not after else "kept" if before else "gained",
        **_place("old", laid.old, row),
        **_place("new", laid.new, row),
    }


def _place(version: str, side: Side, row: int) -> dict[str, Any]:
    part, addressee = side.parts[row], side.addressees[row]
    return {
        f"{version}_id": side.ids[row],
        f"{version}_part": "" if part == NONE else part,
        f"{version}_addressee": "" if addressee == NONE else addressee,
        f"{version}_strength": int(side.strengths[row]),
    }
