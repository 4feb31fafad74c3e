"""Clauses that words are sought for, and what of their texts the codebook has already."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from resanalysis.model import COUNTED_KINDS, input_error
from resanalysis.pipeline.rows import CLAUSE_KEY, ClauseRow, number_tokens, read_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd
    from numpy.typing import NDArray

_BLANK = "\x01"  # no word has it


@dataclass(frozen=True)
class Target:
    """Clauses that words are sought for, among all that are counted.

    Attributes
    ----------
    rows : sequence of ClauseRow
        All counted clauses.
    inside : array of bool
        Which of them words are sought for: those with the topic, or without any.
    texts : sequence of str
        Their texts, as long as they are, with a blank in place of each character tagged already.
    """

    rows: Sequence[ClauseRow]
    inside: NDArray[np.bool_]
    texts: Sequence[str]


def read_target(clauses: pd.DataFrame, tags: pd.DataFrame, topic: str | None) -> Target:
    """Return the clauses with a topic as target, or those without any tag."""
    if "kind" in clauses.columns:
        clauses = clauses[clauses["kind"].isin(COUNTED_KINDS)]
    rows = read_rows(clauses)
    own = tags if topic is None else tags[tags["topic"] == topic]
    spans: dict[tuple[str, ...], list[tuple[int, int]]] = {}
    names = (*CLAUSE_KEY, "start", "end")
    for *key, start, end in zip(*(own[name].tolist() for name in names), strict=True):
        spans.setdefault(tuple(key), []).append((start, end))
    own_spans = [spans.get(row.key, []) for row in rows]
    for row, placed in zip(rows, own_spans, strict=True):
        if any(end > len(row.text) for _, end in placed):
            raise input_error(
                "suggestions",
                "tags",
                f"a tag of {row.clause_id} ends behind its text",
                "Make the tags with tag_topics() from these very clauses",
            )
    return Target(
        rows,
        np.array([bool(placed) == (topic is not None) for placed in own_spans], dtype=bool),
        [_blank(row.text, placed) for row, placed in zip(rows, own_spans, strict=True)],
    )


def _blank(text: str, spans: Iterable[tuple[int, int]]) -> str:
    for start, end in spans:
        text = text[:start] + _BLANK * (end - start) + text[end:]
    return text


def place_tokens(tokens: pd.DataFrame, target: Target) -> NDArray[np.int64]:
    """Return the number of every token's clause among the rows; -1 where it is not inside."""
    keys = [row.key for row in target.rows]
    clause = number_tokens(tokens, keys, target.texts)
    is_read = np.append(target.inside, False)  # the last stands for -1
    return np.where(is_read[clause], clause, -1)
