"""Whether a topic became more binding: from preamble to operative part, from asking to telling."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from resanalysis.shift.laying import lay_tags
from resanalysis.shift.layout import NONE
from resanalysis.tables import make_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from resanalysis.model import Codebook
    from resanalysis.shift.layout import Layout, Side

    Flags = NDArray[np.bool_]


def topic_commitment(
    clauses: pd.DataFrame,
    tags: pd.DataFrame,
    pairs: pd.DataFrame,
    topics: Sequence[str] | Codebook,
) -> pd.DataFrame:
    """Say for every topic how many clauses bind somebody, and how this changed in those kept.

    Parameters
    ----------
    clauses, tags, pairs, topics
        As `topic_shift` takes them.

    Returns
    -------
    DataFrame
        Table `commitment`: a row per topic, in their order.

        - `operative_old`, `operative_new`: operative clauses with the topic.
        - `addressed_old`, `addressed_new`: those of them that tell somebody to act, which have an
          addressee.
        - `to_operative`, `to_preamble`: kept clauses that went from the preamble into the operative
          part, or the other way.
        - `strengthened`, `weakened`: kept clauses, operative in both editions and of the very same
          addressees, that have a stronger or a weaker verb.
        - `readdressed`: kept clauses, operative in both editions, whose addressees differ, from or
          to nobody included.
        - `addressees_gained`, `addressees_lost`: addressee sets of the topic's operative clauses in
          one edition and not in the other, in document order, joined by a space. They differ by a
          single member too: `BDT+TSB` is not `BDT`.

    Raises
    ------
    InputError
        As `topic_shift` does.

    Notes
    -----
    A *kept* clause is here a 1:1 pair both of whose clauses have the topic: it is the topic's
    clause that moved. A clause that gained the topic on its way counts with the added ones, in
    `operative_new` alone; `list_transitions` lists it.

    Strengths are an ordinal scale within one addressee: bodies of the Union are instructed, states
    are invited, and neither is more than the other. So a clause that was readdressed is neither
    stronger nor weaker, nor is one that tells nobody. The verb is that of the section's heading:
    weakening inside the sentence (`may`, `where appropriate`) is not seen.

    Examples
    --------
    >>> import pandas as pd
    >>> row = {"corpus": "x", "kind": "clause", "part": "operative", "addressee": "SG"}
    >>> row |= {"clause_id": "1", "text": "用水", "start": 0}
    >>> clauses = pd.DataFrame([row | {"version": "old", "strength": 2},
    ...                         row | {"version": "new", "strength": 4}])
    >>> tags = pd.DataFrame({"version": ["old", "new"], "clause_id": "1", "topic": "water",
    ...     "start": 1, "end": 2})
    >>> pairs = pd.DataFrame({"old_id": ["1"], "new_id": ["1"], "change": "NOC",
    ...     "relation": "1:1"})
    >>> table = topic_commitment(clauses, tags, pairs, ["water"])
    >>> table[["strengthened", "weakened"]].values.tolist()
    [[1, 0]]
    """
    laid = lay_tags(clauses, tags, pairs, topics)
    return make_table(
        "commitment",
        [
            {"corpus": laid.corpus, "topic": topic}
            | _count_sides(laid, column)
            | _count_kept(laid, column)
            for column, topic in enumerate(laid.topics)
        ],
    )


def _count_sides(laid: Layout, column: int) -> dict[str, Any]:
    """Count the topic's clauses of each edition, and name whom one edition alone tells."""
    found: dict[str, Any] = {}
    told: dict[str, list[str]] = {}
    for version, side in (("old", laid.old), ("new", laid.new)):
        operative = _has(side, column) & _of_part(side, "operative")
        addressed = operative & _is_told(side)
        found[f"operative_{version}"] = int(operative.sum())
        found[f"addressed_{version}"] = int(addressed.sum())
        rows = sorted(np.flatnonzero(addressed), key=lambda row: int(side.places[row]))
        told[version] = list(dict.fromkeys(side.addressees[row] for row in rows))
    gained = [name for name in told["new"] if name not in told["old"]]
    lost = [name for name in told["old"] if name not in told["new"]]
    return found | {"addressees_gained": " ".join(gained), "addressees_lost": " ".join(lost)}


def _count_kept(laid: Layout, column: int) -> dict[str, int]:
    old, new = laid.old, laid.new
    kept = _has(old, column) & _has(new, column)
    before, after = (_of_part(side, "operative") for side in (old, new))
    same = np.array([a == b for a, b in zip(old.addressees, new.addressees, strict=True)])
    held = kept & before & after
    comparable = held & same & _is_told(old)
    return {
        "to_operative": int((kept & _of_part(old, "preambular") & after).sum()),
        "to_preamble": int((kept & before & _of_part(new, "preambular")).sum()),
        "strengthened": int((comparable & (new.strengths > old.strengths)).sum()),
        "weakened": int((comparable & (new.strengths < old.strengths)).sum()),
        "readdressed": int((held & ~same).sum()),
    }


def _has(side: Side, column: int) -> Flags:
    return side.counts["clause"][:, column] > 0


def _of_part(side: Side, part: str) -> Flags:
    return np.array([name == part for name in side.parts], dtype=bool)


def _is_told(side: Side) -> Flags:
    return np.array([name not in ("", NONE) for name in side.addressees], dtype=bool)
