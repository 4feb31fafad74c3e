"""Clauses that words are sought for, and what of their texts the codebook has already."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from resanalysis.model import COUNTED_KINDS, input_error
from resanalysis.pipeline.rows import CLAUSE_KEY, ClauseRow, read_rows

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
    own_spans = [spans.get((row.corpus, row.edition, row.clause_id), []) for row in rows]
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


def number_tokens(tokens: pd.DataFrame, target: Target) -> NDArray[np.int64]:
    """Return the number of every token's clause among the rows; -1 where it is not inside."""
    keys = [(row.corpus, row.edition, row.clause_id) for row in target.rows]
    number = {key: n for n, key in enumerate(keys)}
    i, end = (tokens[name].to_numpy() for name in ("i", "end"))
    # A clause's tokens stand together and are numbered from 0, so its key is read once.
    first = np.flatnonzero(i == 0)
    counts = np.diff(np.append(first, len(i)))
    heads = tokens.iloc[first]
    head_keys = zip(*(heads[name].tolist() for name in CLAUSE_KEY), strict=True)
    of_head = np.fromiter((number.get(key, -1) for key in head_keys), np.int64, len(first))
    lengths = np.array([len(text) for text in target.texts], dtype=np.int64)
    covered = np.zeros(len(lengths), dtype=np.int64)
    covered[of_head[of_head >= 0]] = end[first + counts - 1][of_head >= 0]
    if len(i) != counts.sum() or not np.array_equal(covered, lengths):
        strange = [keys[n][-1] for n in np.flatnonzero(covered != lengths)[:5].tolist()]
        raise input_error(
            "suggestions",
            "tokens",
            f"they are not those of the clauses: {', '.join(map(str, strange))}",
            "Make them with tokenize() from these very clauses, and keep their order",
        )
    is_read = np.append(target.inside, False)  # the last stands for -1
    return np.repeat(np.where(is_read[of_head], of_head, -1), counts)
