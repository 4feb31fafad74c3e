"""Tables of one corpus or several -> `Layout`: the clauses of both editions along their pairs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
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
    places = _Places(laid, corpora)
    words = _count_words(tokens, places)
    has, matched = _lay_tags(tags, places, names)
    old, new = (
        _lay_along(along, counted, version, words[k], has[k], matched[k])
        for k, (version, along) in enumerate(zip(_VERSIONS, laid, strict=True))
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
    if strange := sorted({str(name) for name in set(tags["version"].unique()) - {*_VERSIONS}}):
        what = f"versions are old and new, not {', '.join(strange[:5])}"
        problems.append(Problem("error", file, "tags", what, "Pass the tags of these clauses"))
    if unknown := sorted(set(tags["topic"].unique()) - set(topics)):
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
    words: Ints,
    has: Ints,
    matched: Ints,
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
    characters = np.fromiter(map(len, texts), np.int64, len(texts))
    bases = {
        "clause": np.array([row >= 0 for row in at], np.int64),
        "character": characters,
        "token": words,
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


class _Places:
    """Where clauses stand: rows of the old version, then, as many on, rows of the new one."""

    def __init__(self, laid: Sequence[Sequence[_Key]], corpora: Sequence[str]) -> None:
        self.rows = len(laid[0])
        self._corpora = corpora
        self._row_of = {
            (version, *key): row + k * self.rows
            for k, (version, along) in enumerate(zip(_VERSIONS, laid, strict=True))
            for row, key in enumerate(along)
            if key[1]
        }

    def find(self, table: pd.DataFrame) -> Ints:
        """Return the row of the clause that each row of a table names; -1 where it has none."""
        if not len(table):
            return np.zeros(0, np.int64)
        # Rows of one clause stand together, so its key is read once.
        names = ["version", "clause_id", *(["corpus"] if len(self._corpora) > 1 else [])]
        begins = np.zeros(len(table), dtype=bool)
        begins[0] = True
        for name in names:
            values = table[name].array
            begins[1:] |= np.asarray(values[1:] != values[:-1], dtype=bool)
        heads = table.loc[begins, names]
        owners = _list_owners(heads, self._corpora)
        keys = zip(heads["version"].tolist(), owners, heads["clause_id"].tolist(), strict=True)
        found = np.array([self._row_of.get(key, -1) for key in keys], dtype=np.int64)
        rows: Ints = found[np.cumsum(begins) - 1]
        return rows


def _count_words(tokens: pd.DataFrame, places: _Places) -> Ints:
    """Return, versions x rows, how many tokens of the row's clause are not punctuation."""
    row = places.find(tokens)
    spoken = (row >= 0) & ~tokens["is_punct"].to_numpy(bool)
    return np.bincount(row[spoken], minlength=2 * places.rows).reshape(2, -1)


def _lay_tags(tags: pd.DataFrame, places: _Places, topics: Sequence[str]) -> tuple[Ints, Ints]:
    """Return, versions x rows x topics, whether a clause has it, and the topic's characters."""
    row = places.find(tags)
    column = pd.Index(topics).get_indexer(pd.Index(tags["topic"].unique()))
    column = column[pd.factorize(tags["topic"])[0]] if len(tags) else np.zeros(0, np.int64)
    start, end = (tags[name].to_numpy(np.int64) for name in ("start", "end"))
    within = row >= 0
    cell = row[within] * len(topics) + column[within]
    covered = cover_groups(cell, start[within], end[within])
    shape = (2, places.rows, len(topics))
    size = 2 * places.rows * len(topics)
    has = np.bincount(cell, minlength=size).reshape(shape) > 0
    matched = np.bincount(cell, weights=covered, minlength=size).reshape(shape)
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
