"""Tables of one corpus or several -> `Layout`: the clauses of both editions along their pairs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

import numpy as np
import pandas as pd

from resanalysis.model import COUNTED_KINDS, Codebook, InputError, Problem, Version, input_error
from resanalysis.shift.layout import NONE, Ints, Layout, Side, spread_counts

_NO_TOKENS = pd.DataFrame(columns=["version", "clause_id", "is_punct"])
_VERSIONS: tuple[Version, Version] = ("old", "new")

_Key = tuple[str, str]  # corpus, clause_id


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
        As `topic_shift` takes them, of one corpus.

    Raises
    ------
    InputError
        When an edition has no counted clause, the pairs are not those of the clauses, a tag's
        topic is unknown, the tags were made by another codebook, or there are several corpora.
    """
    if len(corpora := sorted(set(clauses["corpus"]))) > 1:
        what = f"clauses of several corpora: {', '.join(map(str, corpora[:5]))}"
        raise input_error("clauses", "", what, "Measure one corpus at a time")
    return lay_corpora(clauses, tokens, tags, pairs, topics)


def lay_tags(
    clauses: pd.DataFrame,
    tags: pd.DataFrame,
    pairs: pd.DataFrame,
    topics: Sequence[str] | Codebook,
) -> Layout:
    """Return what `lay_out` does for measures that read no tokens; the unit *token* counts 0."""
    return lay_out(clauses, _NO_TOKENS, tags, pairs, topics)


def lay_corpora(
    clauses: pd.DataFrame,
    tokens: pd.DataFrame,
    tags: pd.DataFrame,
    pairs: pd.DataFrame,
    topics: Sequence[str] | Codebook,
) -> Layout:
    """Return what `lay_out` does for tables of one corpus or several.

    Of several corpora every table has a column `corpus`.
    """
    names = name_topics(tags, topics)
    corpora = list(dict.fromkeys(clauses["corpus"].tolist()))
    rows = pairs[(pairs["relation"] == "1:1").to_numpy(bool)]
    owners = _list_owners(rows, corpora)
    number = {corpus: k for k, corpus in enumerate(corpora)}
    corpus_of = np.array([number.get(owner, -1) for owner in owners], dtype=np.int64)
    order = np.argsort(corpus_of, kind="stable")
    if np.any(order[1:] < order[:-1]):
        rows, corpus_of = rows.iloc[order], corpus_of[order]
        owners = [owners[k] for k in order.tolist()]
    counted = _Counted(clauses)
    laid = [[*zip(owners, rows[f"{version}_id"].tolist(), strict=True)] for version in _VERSIONS]
    _check_tags(clauses, tags, names)
    if not all(map(counted.fits, _VERSIONS, laid)) or not len(rows):
        _explain_misfit(clauses, owners, rows, corpora)
    old, new = (
        _lay_along(along, counted, version, names, tokens, tags, corpora)
        for version, along in zip(_VERSIONS, laid, strict=True)
    )
    return Layout(corpora, corpus_of, names, rows["change"].tolist(), old, new)


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


def _list_owners(table: pd.DataFrame, corpora: Sequence[str]) -> list[str]:
    """Return the corpus of each row; where there is but one, a table need not name it."""
    return [corpora[0]] * len(table) if len(corpora) == 1 else table["corpus"].tolist()


class _Counted:
    """The counted clauses of both versions, column by column."""

    def __init__(self, clauses: pd.DataFrame) -> None:
        names = ("corpus", "version", "clause_id", "kind", "text", "part", "addressee")
        self.columns: dict[str, list[Any]] = {name: clauses[name].tolist() for name in names}
        self.columns["strength"] = clauses["strength"].tolist()
        start = clauses["start"].tolist()
        self.row_of: dict[str, dict[_Key, int]] = {version: {} for version in _VERSIONS}
        self.size = dict.fromkeys(_VERSIONS, 0)
        kinds, versions = self.columns["kind"], self.columns["version"]
        keys = zip(self.columns["corpus"], self.columns["clause_id"], strict=True)
        for row, key in enumerate(keys):
            if kinds[row] in COUNTED_KINDS and versions[row] in self.row_of:
                self.row_of[versions[row]][key] = row
                self.size[versions[row]] += 1
        self.place_of: dict[int, int] = {}
        for version in _VERSIONS:
            own = self.row_of[version].items()
            for _, group in groupby(sorted(own, key=_first_of_key), key=_first_of_key):
                ordered = sorted((start[row], row) for _, row in group)
                self.place_of.update((row, place) for place, (_, row) in enumerate(ordered))

    def fits(self, version: Version, along: Sequence[_Key]) -> bool:
        """Return whether each counted clause of a version stands in exactly one of these rows."""
        given = [key for key in along if key[1]]
        own = self.row_of[version]
        known = len(own) == self.size[version] > 0 and {key[0] for key in own} >= {
            *self.columns["corpus"]
        }
        return known and len(given) == len(own) and set(given) == own.keys()


def _first_of_key(entry: tuple[_Key, int]) -> str:
    return entry[0][0]


def _check_tags(clauses: pd.DataFrame, tags: pd.DataFrame, topics: Sequence[str]) -> None:
    """Refuse tags of strange versions or topics."""
    file = str(clauses["corpus"].iloc[0]) if len(clauses) else "clauses"
    problems = []
    if strange := sorted({str(name) for name in set(tags["version"]) - {*_VERSIONS}}):
        what = f"versions are old and new, not {', '.join(strange[:5])}"
        problems.append(Problem("error", file, "tags", what, "Pass the tags of these clauses"))
    if unknown := sorted(set(tags["topic"]) - set(topics)):
        what = f"tags of topics that are not counted: {', '.join(unknown[:5])}"
        remedy = "Pass all topics of the codebook, or drop these tags"
        problems.append(Problem("error", file, "tags", what, remedy))
    if problems:
        raise InputError(problems)


def _explain_misfit(
    clauses: pd.DataFrame, owners: Sequence[str], rows: pd.DataFrame, corpora: Sequence[str]
) -> None:
    """Raise an `InputError` that says which clauses are not in exactly one row of the pairs."""
    counted = clauses[clauses["kind"].isin(COUNTED_KINDS)]
    problems = []
    for corpus in corpora or ["clauses"]:
        own = counted[counted["corpus"] == corpus]
        mine = [owner == corpus for owner in owners]
        for version in _VERSIONS:
            known = Counter(own.loc[own["version"] == version, "clause_id"])
            paired = Counter(name for name in rows.loc[mine, f"{version}_id"] if name)
            if not known:
                what = f"no {', '.join(COUNTED_KINDS)} to count"
                remedy = "Check how its text was parsed"
            elif odd := sorted((known - paired) + (paired - known)):
                what = f"not in exactly one 1:1 row of pairs: {', '.join(odd[:5])}"
                remedy = "Align these clauses again"
            else:
                continue
            problems.append(Problem("error", corpus, f"{version} version", what, remedy))
    if strange := sorted({str(owner) for owner in set(owners) - set(corpora)}):
        what = f"pairs of other corpora: {', '.join(strange[:5])}"
        problems.append(Problem("error", "pairs", "", what, "Align these clauses again"))
    raise InputError(problems)


def _lay_along(
    along: Sequence[_Key],
    counted: _Counted,
    version: Version,
    topics: Sequence[str],
    tokens: pd.DataFrame,
    tags: pd.DataFrame,
    corpora: Sequence[str],
) -> Side:
    own = counted.row_of[version]
    at = [own[key] if key[1] else -1 for key in along]

    def take(column: str, empty: Any) -> list[Any]:
        values = counted.columns[column]
        return [empty if row < 0 else values[row] for row in at]

    def name(column: str) -> list[str]:
        values = counted.columns[column]
        return ["" if row < 0 else values[row] or NONE for row in at]

    texts = take("text", "")
    row_of = {key: row for row, key in enumerate(along) if key[1]}
    has, matched = _lay_tags(tags, version, row_of, topics, corpora, len(along))
    characters = np.fromiter(map(len, texts), np.int64, len(texts))
    bases = {
        "clause": np.array([row >= 0 for row in at], np.int64),
        "character": characters,
        "token": _count_words(tokens, version, row_of, corpora, len(along)),
        "matched": characters,
    }
    return Side(
        ids=[key[1] for key in along],
        texts=texts,
        parts=name("part"),
        addressees=name("addressee"),
        strengths=np.array(take("strength", -1), np.int64),
        places=np.array([counted.place_of.get(row, -1) for row in at], np.int64),
        counts=spread_counts(has, matched, bases),
        bases=bases,
    )


def _count_words(
    tokens: pd.DataFrame,
    version: Version,
    row_of: Mapping[_Key, int],
    corpora: Sequence[str],
    size: int,
) -> Ints:
    """Return for each row how many tokens of its clause are not punctuation."""
    words = np.zeros(size, np.int64)
    if not len(tokens):
        return words
    # A clause's tokens stand together, so its key is read once.
    names = ["version", "clause_id", *(["corpus"] if len(corpora) > 1 else [])]
    begins = np.zeros(len(tokens), dtype=bool)
    begins[0] = True
    for name in names:
        values = tokens[name].array
        begins[1:] |= np.asarray(values[1:] != values[:-1], dtype=bool)
    first = np.flatnonzero(begins)
    counts = np.add.reduceat(~tokens["is_punct"].to_numpy(bool), first, dtype=np.int64)
    heads = tokens.iloc[first]
    columns = (heads["version"].tolist(), _list_owners(heads, corpora), heads["clause_id"].tolist())
    for of, corpus, clause, count in zip(*columns, counts.tolist(), strict=True):
        if of == version and (corpus, clause) in row_of:
            words[row_of[corpus, clause]] += count
    return words


def _lay_tags(
    tags: pd.DataFrame,
    version: Version,
    row_of: Mapping[_Key, int],
    topics: Sequence[str],
    corpora: Sequence[str],
    size: int,
) -> tuple[Ints, Ints]:
    """Return, rows x topics, whether the clause has the topic, and the topic's characters."""
    column_of = {topic: column for column, topic in enumerate(topics)}
    keys = zip(_list_owners(tags, corpora), tags["clause_id"].tolist(), strict=True)
    row = np.array(
        [
            row_of.get(key, -1) if of == version else -1
            for key, of in zip(keys, tags["version"].tolist(), strict=True)
        ],
        dtype=np.int64,
    )
    column = np.array([column_of[topic] for topic in tags["topic"].tolist()], dtype=np.int64)
    start, end = (tags[name].to_numpy(np.int64) for name in ("start", "end"))
    within = row >= 0
    cell = row[within] * len(topics) + column[within]
    covered = cover_groups(cell, start[within], end[within])
    shape = (size, len(topics))
    cells = size * len(topics)
    has = np.bincount(cell, minlength=cells)[:cells].reshape(shape) > 0
    matched = np.bincount(cell, weights=covered, minlength=cells).reshape(shape)
    return has.astype(np.int64), matched.astype(np.int64)


def cover_groups(group: Ints, start: Ints, end: Ints) -> Ints:
    """Return for each span the characters that it adds to those before it in its group.

    Parameters
    ----------
    group : ndarray of int
        Which group each span belongs to, from 0.
    start, end : ndarray of int
        The spans, half-open, from 0.
    """
    if not len(group):
        return np.zeros(0, np.int64)
    order = np.lexsort((start, group))
    # Each group is moved behind all places of the one before, so that one running maximum serves.
    offset = group[order] * (int(end.max()) + 1)
    begin, stop = start[order] + offset, end[order] + offset
    reached = np.append(0, np.maximum.accumulate(stop)[:-1])
    covered = np.zeros(len(group), np.int64)
    covered[order] = np.maximum(stop - np.maximum(begin, reached), 0)
    return covered
