"""The characters of chosen clauses in runs: changed or not, certain or not, of which topics."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from difflib import get_close_matches
from itertools import groupby
from typing import TYPE_CHECKING, Any

import pandas as pd

from resanalysis.export.pairs import ClauseText, ComparedPair, compare_pairs
from resanalysis.model import Study, input_error

if TYPE_CHECKING:
    from resanalysis.model import Version

COLUMNS = (
    "row", "change", "version", "clause_id", "heading", "marker", "start", "end", "text",
    "is_changed", "is_uncertain", "topics",
)  # fmt: skip

_LONGEST = 400
"""Characters of a clause that is chosen by rule; three of them fit on a page."""


def redline_runs(
    study: Study, clause_ids: Sequence[str] | None = None, *, n: int = 3
) -> pd.DataFrame:
    """Return clauses in runs of characters that `plot_redline` draws alike.

    Parameters
    ----------
    study : Study
        The study.
    clause_ids : sequence of str, optional
        Clauses of either edition; an id that both have means the new one. Each comes with the
        clause it is paired with. When left out, a rule chooses: of the modified pairs, those in
        which most topics were gained or lost, and of equals those with most changed characters;
        without modified pairs, the added and suppressed clauses with most topics. Clauses of more
        than 400 characters are passed over, and so is a pair in which nothing changed.
    n : int
        How many pairs the rule chooses.

    Returns
    -------
    DataFrame
        One row per run, in the order of the document, the old edition's before the new one's:

        - `row`: which pair, from 1; `change`: its ITU symbol (NOC, MOD, ADD, SUP)
        - `version` (old, new), `clause_id`, `heading`, `marker`: whose text it is
        - `start`, `end`: where in the clause's text, in characters
        - `text`: the characters; all runs of a clause joined are its text
        - `is_changed`: whether the other edition lacks them
        - `is_uncertain`: whether that is not certain
        - `topics`: ids of the topics whose terms or rules matched them, by a space

    Raises
    ------
    InputError
        When no counted clause has an id.
    ValueError
        When `n` is less than 1.

    Examples
    --------
    >>> from resanalysis.study import run_study
    >>> runs = redline_runs(run_study("tests/data/small", draws=0), n=1)
    >>> sorted(runs["change"].unique())
    ['MOD']
    """
    if n < 1:
        raise ValueError(f"n {n}: pass 1 or more")
    pairs = compare_pairs(study)
    chosen = _choose(pairs, n) if clause_ids is None else _find(pairs, clause_ids)
    spans = _find_spans(study)
    rows: list[dict[str, Any]] = []
    for row, at in enumerate(chosen, start=1):
        sides: list[tuple[Version, ClauseText | None]] = [
            ("old", pairs[at].old),
            ("new", pairs[at].new),
        ]
        for version, side in sides:
            if side is not None:
                tagged = spans[version, side.clause_id]
                origin = {"row": row, "change": pairs[at].change, "version": version}
                rows += [origin | run for run in _cut(side, tagged, study)]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _choose(pairs: Sequence[ComparedPair], n: int) -> list[int]:
    """Return the places of the `n` pairs that the rule takes, in the order of the document."""
    modified = [at for at, pair in enumerate(pairs) if pair.change == "MOD" and _is_short(pair)]
    others = [
        at for at, pair in enumerate(pairs) if pair.change in ("ADD", "SUP") and _is_short(pair)
    ]

    def rank(at: int) -> tuple[int, int, int]:
        old, new = (set(side.topics) if side else set() for side in _sides(pairs[at]))
        return -len(old ^ new), -_count_changed(pairs[at]), at

    return sorted(sorted(modified or others, key=rank)[:n])


def _sides(pair: ComparedPair) -> tuple[ClauseText | None, ClauseText | None]:
    return pair.old, pair.new


def _is_short(pair: ComparedPair) -> bool:
    return all(side is None or 0 < len(side.text) <= _LONGEST for side in _sides(pair))


def _count_changed(pair: ComparedPair) -> int:
    return sum(
        len(run.text) for side in _sides(pair) if side for run in side.runs if run.is_changed
    )


def _find(pairs: Sequence[ComparedPair], clause_ids: Sequence[str]) -> list[int]:
    """Return the places of the pairs with these clauses, in the order of the document."""
    places: dict[str, int] = {}
    for side in (0, 1):  # the new edition's ids last, so that they win
        places |= {
            clause.clause_id: at for at, pair in enumerate(pairs) if (clause := _sides(pair)[side])
        }
    unknown = [name for name in clause_ids if name not in places]
    if unknown:
        near = {name: get_close_matches(name, places, n=3) for name in unknown}
        raise input_error(
            "clause_ids",
            ", ".join(unknown),
            "no counted clause of either edition has this id",
            "; ".join(
                f"Did you mean {', '.join(names)}?" if names else "Take ids of the table `pairs`"
                for names in near.values()
            ),
        )
    return sorted({places[name] for name in clause_ids})


def _find_spans(study: Study) -> dict[tuple[str, str], list[tuple[int, int, str]]]:
    """Return start, end and topic of every tag, by version and clause."""
    spans: dict[tuple[str, str], list[tuple[int, int, str]]] = defaultdict(list)
    tags = study.tags
    columns = (tags[name] for name in ("version", "clause_id", "start", "end", "topic"))
    for version, clause_id, start, end, topic in zip(*columns, strict=True):
        spans[version, clause_id].append((start, end, topic))
    return spans


def _cut(
    side: ClauseText, spans: Sequence[tuple[int, int, str]], study: Study
) -> list[dict[str, Any]]:
    """Return a clause's runs of characters that are alike."""
    order = [topic.id for topic in study.codebook.topics]
    states = [(run.is_changed, run.is_uncertain) for run in side.runs for _ in run.text]
    covered: list[set[str]] = [set() for _ in states]
    for start, end, topic in spans:
        for at in range(start, end):
            covered[at].add(topic)
    alike = [
        (*state, " ".join(topic for topic in order if topic in topics))
        for state, topics in zip(states, covered, strict=True)
    ]
    whose = {"clause_id": side.clause_id, "heading": side.heading, "marker": side.marker}
    rows = []
    for (is_changed, is_uncertain, topics), group in groupby(
        range(len(alike)), key=lambda at: alike[at]
    ):
        places = list(group)
        start, end = places[0], places[-1] + 1
        rows.append(
            whose
            | {"start": start, "end": end, "text": side.text[start:end]}
            | {"is_changed": is_changed, "is_uncertain": is_uncertain, "topics": topics}
        )
    return rows
