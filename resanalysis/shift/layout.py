"""The counted clauses of two editions laid along the rows of `pairs`, with what they hold."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from resanalysis.model import COUNTED_KINDS, Codebook, InputError, Problem, input_error

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

_NO_TOKENS = pd.DataFrame(columns=["version", "clause_id", "is_punct"])

NONE = "none"
"""Category of clauses that are addressed to nobody, or stand in no part."""


@dataclass(frozen=True)
class Side:
    """One edition along the rows of `pairs`; a row without its clause holds "" and zeros.

    Attributes
    ----------
    ids : list of str
        Clause of each row.
    texts : list of str
        Its text.
    parts, addressees : list of str
        Its part and who it tells to act, `none` where that is empty.
    strengths : ndarray of int
        Strength of its verb; -1 where there is no clause.
    places : ndarray of int
        Its place among the counted clauses of its edition, from 0; -1 where there is no clause.
    counts : dict of ndarray
        By unit, rows x topics: 1 for the unit *clause*, the clause's length for *character* and
        *token*, the topic's characters for *matched*; 0 where the clause has not the topic.
    bases : dict of ndarray
        By unit: what the row's clause counts.
    """

    ids: list[str]
    texts: list[str]
    parts: list[str]
    addressees: list[str]
    strengths: Ints
    places: Ints
    counts: Mapping[str, Ints]
    bases: Mapping[str, Ints]

    @property
    def there(self) -> NDArray[np.bool_]:
        """Whether the edition has a clause in the row."""
        return np.array([name != "" for name in self.ids], dtype=bool)

    def categories(self, breakdown: str) -> list[str]:
        """Return the category of each row in a breakdown; "" where there is no clause."""
        if breakdown == "total":
            return ["all" if name else "" for name in self.ids]
        if breakdown == "part":
            return self.parts
        if breakdown == "addressee":
            return self.addressees
        told = zip(self.addressees, self.strengths.tolist(), strict=True)
        return [f"{addressee} {strength}" if addressee else "" for addressee, strength in told]


@dataclass(frozen=True)
class Layout:
    """Both editions along the same rows.

    Attributes
    ----------
    corpus : str
        The corpus.
    topics : list of str
        Topics in the order of the columns.
    changes : list of str
        NOC, MOD, ADD or SUP of each row.
    old, new : Side
        The editions.
    """

    corpus: str
    topics: list[str]
    changes: list[str]
    old: Side
    new: Side


def lay_out(
    clauses: pd.DataFrame,
    tokens: pd.DataFrame,
    tags: pd.DataFrame,
    pairs: pd.DataFrame,
    topics: Sequence[str] | Codebook,
) -> Layout:
    """Lay the tables of both versions of one corpus along the rows of `pairs`.

    Parameters
    ----------
    clauses, tokens, tags, pairs, topics
        As `topic_shift` takes them.

    Raises
    ------
    InputError
        When an edition has no counted clause, the pairs are not those of the clauses, a tag's
        topic is unknown, or the tags were made by another codebook.
    """
    names = name_topics(tags, topics)
    counted = clauses[clauses["kind"].isin(COUNTED_KINDS)].sort_values("start", kind="stable")
    rows = pairs[pairs["relation"] == "1:1"]
    _check_input(clauses, counted, rows, tags, names)
    old, new = (
        _lay_along(rows[f"{version}_id"].tolist(), names, *_choose(version, counted, tokens, tags))
        for version in ("old", "new")
    )
    return Layout(str(counted["corpus"].iloc[0]), names, rows["change"].tolist(), old, new)


def lay_tags(
    clauses: pd.DataFrame,
    tags: pd.DataFrame,
    pairs: pd.DataFrame,
    topics: Sequence[str] | Codebook,
) -> Layout:
    """Return what `lay_out` does for measures that read no tokens; the unit *token* counts 0."""
    return lay_out(clauses, _NO_TOKENS, tags, pairs, topics)


def name_topics(tags: pd.DataFrame, topics: Sequence[str] | Codebook) -> list[str]:
    """Return the ids of the topics; refuse a codebook that is not the one the tags name."""
    if not isinstance(topics, Codebook):
        return list(topics)
    made = str(tags.attrs.get("codebook_sha256", ""))
    if not made:
        raise input_error(
            "tags",
            "",
            "they do not say which codebook made them, as tables read from a file do not",
            "Tag the clauses again, or pass the ids of the topics instead of the codebook",
        )
    if made != topics.sha256:
        raise input_error(
            "tags",
            "",
            f"they were made by codebook {tags.attrs.get('codebook')} "
            f"{tags.attrs.get('codebook_version')} (SHA-256 {made[:8]}), not by {topics.id} "
            f"{topics.version} ({topics.sha256[:8]})",
            "Tag the clauses again, or pass the codebook they were tagged with",
        )
    return [topic.id for topic in topics.topics]


def divide(amount: Any, whole: Any) -> Floats:
    """Return amount / whole, 0 where the whole is 0."""
    top, below = np.broadcast_arrays(np.asarray(amount, float), np.asarray(whole, float))
    result = np.zeros(top.shape)
    np.divide(top, below, out=result, where=below > 0)
    return result


def subtract_parts(n_old: Any, n_new: Any, whole_old: Any, whole_new: Any) -> Floats:
    """Return n_new / whole_new - n_old / whole_old of integers; a part of nothing is 0.

    The difference is taken over the common denominator, so that equal fractions differ by exactly
    0 and the sign is never that of a rounding error.
    """
    old, new = np.maximum(whole_old, 1), np.maximum(whole_new, 1)
    difference: Floats = (n_new * old - n_old * new) / (old * new)
    return difference


def _check_input(
    clauses: pd.DataFrame,
    counted: pd.DataFrame,
    rows: pd.DataFrame,
    tags: pd.DataFrame,
    topics: Sequence[str],
) -> None:
    if len(corpora := sorted(set(clauses["corpus"]))) > 1:
        what = f"clauses of several corpora: {', '.join(map(str, corpora[:5]))}"
        raise input_error("clauses", "", what, "Measure one corpus at a time")
    file = str(clauses["corpus"].iloc[0]) if len(clauses) else "clauses"
    problems = []
    for version in ("old", "new"):
        known = Counter(counted.loc[counted["version"] == version, "clause_id"])
        paired = Counter(name for name in rows[f"{version}_id"] if name)
        if not known:
            what = f"no {', '.join(COUNTED_KINDS)} to count"
            remedy = "Check how its text was parsed"
        elif odd := sorted((known - paired) + (paired - known)):
            what = f"not in exactly one 1:1 row of pairs: {', '.join(odd[:5])}"
            remedy = "Align these clauses again"
        else:
            continue
        problems.append(Problem("error", file, f"{version} version", what, remedy))
    if strange := sorted({str(name) for name in set(tags["version"]) - {"old", "new"}}):
        what = f"versions are old and new, not {', '.join(strange[:5])}"
        problems.append(Problem("error", file, "tags", what, "Pass the tags of these clauses"))
    if unknown := sorted(set(tags["topic"]) - set(topics)):
        what = f"tags of topics that are not counted: {', '.join(unknown[:5])}"
        remedy = "Pass all topics of the codebook, or drop these tags"
        problems.append(Problem("error", file, "tags", what, remedy))
    if problems:
        raise InputError(problems)


def _choose(version: str, *tables: pd.DataFrame) -> list[pd.DataFrame]:
    return [table[table["version"] == version] for table in tables]


def _lay_along(
    order: list[str],
    topics: Sequence[str],
    clauses: pd.DataFrame,
    tokens: pd.DataFrame,
    tags: pd.DataFrame,
) -> Side:
    by_id = clauses.set_index("clause_id")

    def lay(values: pd.Series[Any], empty: int = 0) -> Ints:
        return values.reindex(order, fill_value=empty).to_numpy(np.int64)

    def name(column: str) -> list[str]:
        return by_id[column].replace("", NONE).reindex(order, fill_value="").tolist()

    characters = lay(by_id["text"].str.len())
    words = lay(tokens[~tokens["is_punct"].astype(bool)].groupby("clause_id").size())
    matched = np.zeros((len(order), len(topics)), dtype=np.int64)
    row_of = {name: row for row, name in enumerate(order) if name}
    column_of = {topic: column for column, topic in enumerate(topics)}
    has = np.zeros_like(matched)
    for clause, topic, spans in _gather_spans(tags):
        if clause in row_of:
            cell = row_of[clause], column_of[topic]
            matched[cell], has[cell] = cover(spans), 1
    bases = {
        "clause": np.array([name != "" for name in order], np.int64),
        "character": characters,
        "token": words,
        "matched": characters,
    }
    return Side(
        ids=order,
        texts=by_id["text"].reindex(order, fill_value="").tolist(),
        parts=name("part"),
        addressees=name("addressee"),
        strengths=lay(by_id["strength"], -1),
        places=lay(by_id["start"].rank(method="first").astype(np.int64) - 1, -1),
        counts=spread_counts(has, matched, bases),
        bases=bases,
    )


def spread_counts(has: Ints, matched: Ints, bases: Mapping[str, Ints]) -> dict[str, Ints]:
    """Return the counts of every unit from those of *clause* and *matched*, rows x topics."""
    return {
        "clause": has,
        "character": has * bases["character"][:, None],
        "token": has * bases["token"][:, None],
        "matched": matched,
    }


def _gather_spans(tags: pd.DataFrame) -> list[tuple[str, str, list[tuple[int, int]]]]:
    spans: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
    columns = (tags[name].tolist() for name in ("clause_id", "topic", "start", "end"))
    for name, topic, start, end in zip(*columns, strict=True):
        spans[name, topic].append((start, end))
    return [(*key, found) for key, found in spans.items()]


def cover(spans: Iterable[tuple[int, int]]) -> int:
    """Return the number of characters under the spans, overlaps once."""
    covered = reached = 0
    for start, end in sorted(spans):
        covered += max(end - max(start, reached), 0)
        reached = max(reached, end)
    return covered
