"""Which clauses gain and lose which topics from one tagging to another, and by which terms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import pandas as pd

from resanalysis.folding import fold
from resanalysis.model import TERM

if TYPE_CHECKING:
    from collections.abc import Sequence

COLUMNS = (
    "corpus",
    "edition",
    "version",
    "clause_id",
    "topic",
    "change",
    "terms",
    "instead",
)

_KEY = ["corpus", "edition", "version", "clause_id"]
_Key = tuple[str, ...]
_Tag = tuple[str, str, str, int, int]  # topic, rule, term, start, end


def compare_tags(
    old: pd.DataFrame, new: pd.DataFrame, *, clauses: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Return which clauses gain or lose which topics, with the terms that make the difference.

    Parameters
    ----------
    old, new : DataFrame
        Two `tags` tables of the same clauses: made with two versions of a codebook, or with one
        in two readings or scopes.
    clauses : DataFrame, optional
        The `clauses` table that both were made from. With it rows stand in its order and have the
        clause's text, and each tag is held against that text.

    Returns
    -------
    DataFrame
        One row per clause and topic, in the order of `clauses`, else in that of `new` followed by
        clauses that only `old` has; within a clause by place.

        - `corpus`, `edition`, `version`, `clause_id`: the clause
        - `topic`, `change`: the topic, and whether it is `gained` or `lost`
        - `terms`: terms by which the topic is given, in `new` if gained and in `old` if lost, each
          once, joined by ` | `; the words of a rule as `word (rule)`
        - `instead`: what stands at these places in the other table, as `topic: term`, joined by
          ` | `; empty where nothing does. A topic lost to a longer term of another topic shows
          that term here.
        - `text`: of the clause, with `clauses` only

        `groupby(["topic", "change"]).size()` gives the numbers by topic.

    Raises
    ------
    ValueError
        When the tables cannot be of the same clauses: they have no corpus in common, different
        characters at the same place, or tags that do not fit `clauses`.

    Examples
    --------
    >>> from resanalysis.tables import make_table
    >>> tag = {"corpus": "c", "edition": "e", "version": "new", "clause_id": "a", "tier": "core",
    ...        "rule": "term", "start": 2, "on_boundary": True, "in_citation": False}
    >>> old = make_table("tags", [{**tag, "topic": "water", "term": "水", "end": 3}])
    >>> new = make_table("tags", [{**tag, "topic": "energy", "term": "水电站", "end": 5}])
    >>> compare_tags(old, new)[["topic", "change", "terms", "instead"]]
        topic  change terms      instead
    0   water    lost     水  energy: 水电站
    1  energy  gained   水电站     water: 水
    """
    before, after = _group_tags(old), _group_tags(new)
    if clauses is None:
        _check_common(before, after)
        order, texts = dict.fromkeys((*after, *before)), None
    else:
        texts = _read_texts(clauses)
        for name, found in (("old", before), ("new", after)):
            _check_places(name, found, texts)
        order = dict.fromkeys(texts)
    rows = [
        (*key, *row)
        for key in order
        for row in _compare_clause(before.get(key, []), after.get(key, []))
    ]
    table = pd.DataFrame(rows, columns=list(COLUMNS), dtype="str")
    if texts is not None:
        table["text"] = pd.array([texts[row[: len(_KEY)]] for row in rows], dtype="str")
    return table


def _group_tags(tags: pd.DataFrame) -> dict[_Key, list[_Tag]]:
    """Return the tags of each clause, in the order of the table."""
    found: dict[_Key, list[_Tag]] = {}
    values = [tags[name].tolist() for name in (*_KEY, "topic", "rule", "term", "start", "end")]
    for *key, topic, rule, term, start, end in zip(*values, strict=True):
        found.setdefault(tuple(key), []).append((topic, rule, term, start, end))
    return found


def _compare_clause(
    before: Sequence[_Tag], after: Sequence[_Tag]
) -> Iterator[tuple[str, str, str, str]]:
    """Yield topic, change, terms and what stands instead, by place."""
    topics = [{topic for topic, *_ in tags} for tags in (before, after)]
    found: list[tuple[int, int, tuple[str, str, str, str]]] = []
    for number, (change, here, there) in enumerate(
        (("lost", before, after), ("gained", after, before))
    ):
        for topic in dict.fromkeys(topic for topic, *_ in here):
            if topic in topics[1 - number]:
                continue
            own = [tag for tag in here if tag[0] == topic]
            instead = [
                f"{other}: {_name(rule, term)}"
                for other, rule, term, start, end in there
                if any(start < last and first < end for *_, first, last in own)
            ]
            terms = (_name(rule, term) for _, rule, term, *_ in own)
            row = topic, change, _join(terms), _join(instead)
            found.append((min(start for *_, start, _ in own), number, row))
    yield from (row for *_, row in sorted(found, key=lambda entry: entry[:2]))


def _name(rule: str, term: str) -> str:
    return term if rule == TERM else f"{term} ({rule})"


def _join(words: Iterator[str] | Sequence[str]) -> str:
    return " | ".join(dict.fromkeys(words))


def _check_common(
    before: Mapping[_Key, Sequence[_Tag]], after: Mapping[_Key, Sequence[_Tag]]
) -> None:
    """Raise when two tables cannot be of the same clauses, as far as tags alone can tell."""
    corpora = [{corpus for corpus, *_ in found} for found in (before, after)]
    if all(corpora) and corpora[0].isdisjoint(corpora[1]):
        raise ValueError(
            f"the tables have no corpus in common: old {sorted(corpora[0])}, new"
            f" {sorted(corpora[1])}; tag the same clauses with both codebooks"
        )
    for key in before.keys() & after.keys():
        there = _characters(after[key])
        for place, char in _characters(before[key]).items():
            if there.get(place, char) != char:
                raise ValueError(
                    f"the clauses differ: {' '.join(key)} has {char} at character {place} in the"
                    f" old tags and {there[place]} in the new ones; tag the same clauses with both"
                )


def _characters(tags: Sequence[_Tag]) -> dict[int, str]:
    """Return the characters of a clause that its tags tell; not of terms across a line break."""
    return {
        start + i: char
        for *_, term, start, end in tags
        for text in (fold(term).text,)
        if len(text) == end - start
        for i, char in enumerate(text)
    }


def _read_texts(clauses: pd.DataFrame) -> dict[_Key, str]:
    values = [clauses[name].tolist() for name in (*_KEY, "text")]
    return {tuple(key): text for *key, text in zip(*values, strict=True)}


def _check_places(
    name: str, found: Mapping[_Key, Sequence[_Tag]], texts: Mapping[_Key, str]
) -> None:
    """Raise when a tag does not fit its clause."""
    for key, tags in found.items():
        if key not in texts:
            raise ValueError(f"the {name} tags have a clause that `clauses` lacks: {' '.join(key)}")
        for *_, term, start, end in tags:
            if fold(texts[key][start:end]).text != fold(term).text:
                raise ValueError(
                    f"the {name} tags do not fit `clauses`: {' '.join(key)} has no {term} at"
                    f" characters {start} to {end}; tag these clauses with both codebooks"
                )
