"""Occurrences of terms and regular expressions in context (keyword in context)."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

import pandas as pd

from resanalysis.folding import Folded, fold
from resanalysis.model import InputError, Version
from resanalysis.pipeline.concordance.searches import (
    Order,
    Part,
    check_choice,
    check_options,
    check_patterns,
    check_topic,
    choose_clauses,
    read_column,
)
from resanalysis.pipeline.rows import CLAUSE_KEY, read_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_COLUMNS = (
    *("corpus", "edition", "version", "clause_id", "part", "heading", "pattern"),
    *("left", "match", "right", "start", "end"),
)
_BY_TAGS = ("topics", "tagged")
_ALPHANUMERIC = "[0-9a-z]"  # of folded text
_Places = dict[tuple[str, ...], list[tuple[int, int, str]]]  # start, end, topic by clause


def kwic(
    clauses: pd.DataFrame,
    pattern: str | Sequence[str],
    *,
    window: int = 20,
    regex: bool = False,
    version: Version | None = None,
    part: Part | None = None,
    heading: str | None = None,
    topic: str | None = None,
    tags: pd.DataFrame | None = None,
    order: Order = "text",
) -> pd.DataFrame:
    """List every occurrence of terms with the characters around it (keyword in context).

    Plain terms are compared as the codebook's terms are: case and width of ASCII do not matter, a
    line break inside Chinese and invisible characters are passed over, and a term that begins or
    ends with an ASCII letter or digit does not match inside a longer run of them (`ICT` not in
    `ICTS`). Unlike tags they are found wherever they stand, inside longer terms and exclusions too.

    Parameters
    ----------
    clauses : DataFrame
        The `clauses` table; all of its rows are searched, headings and footnotes too.
    pattern : str or sequence of str
        A term or several. Each is sought as if it were the only one, so that 废弃物 is also found
        in an occurrence of 电子废弃物.
    window : int
        Characters of context on each side, at most; never beyond the clause.
    regex : bool
        Whether the patterns are regular expressions of the `re` module, sought in the text as it
        is; empty hits are passed over.
    version : {"old", "new"}, optional
        Search this version only.
    part : {"preambular", "operative"}, optional
        Search this part only.
    heading : str, optional
        Search what stands under headings that have these words.
    topic : str, optional
        Search clauses with this topic only; needs `tags`.
    tags : DataFrame, optional
        The `tags` table of these clauses.
    order : {"text", "left", "right"}
        As in the text; or by the context on one side, read from the match outwards, so that equal
        contexts stand together.

    Returns
    -------
    DataFrame
        One row per occurrence; those of one pattern do not overlap.

        - `corpus`, `edition`, `version`, `clause_id`: the clause
        - `part`, `heading`: of the clause; empty where the table has no such column
        - `pattern`: what was sought
        - `left`, `match`, `right`: the text before, of and after the occurrence
        - `start`, `end`: its characters in the clause's text (code points, half-open)
        - `topics`: only with `tags`: topics of the clause, joined by `+`; empty for none
        - `tagged`: only with `tags`: topics of the tags that share a character with the
          occurrence; empty where the codebook passed it over

    Raises
    ------
    InputError
        When there is no pattern, one is empty or not a regular expression, the window is negative,
        an option has a value that does not exist, no heading has the words, no clause the topic,
        or a topic is wanted without `tags`. All problems are named.
    ValueError
        When `clauses` lacks a column, has a row twice or a missing text.

    See Also
    --------
    show_kwic : the table laid out for reading.

    Examples
    --------
    >>> clause = {"corpus": "c", "edition": "e", "version": "new", "clause_id": "a"}
    >>> table = kwic(pd.DataFrame([clause | {"text": "利用ＩＣＴ监测水资源"}]), "ICT", window=2)
    >>> table[["left", "match", "right"]]
      left match right
    0   利用   ＩＣＴ    监测
    """
    patterns = [pattern] if isinstance(pattern, str) else list(pattern)
    problems = [
        *check_patterns(patterns, regex),
        *check_options(window, order),
        *check_choice(clauses, version, part, heading),
        *check_topic(topic, tags),
    ]
    if problems:
        raise InputError(problems)
    rows = read_rows(clauses)
    places = _read_places(tags)
    chosen = choose_clauses(clauses, version, part, heading)
    searches = [(given, compile_pattern(given, regex=regex)) for given in dict.fromkeys(patterns)]
    records = []
    for row, of_part, of_heading, is_chosen in zip(
        rows, read_column(clauses, "part"), read_column(clauses, "heading"), chosen, strict=True
    ):
        tagged = places.get(row.key, [])
        if not is_chosen or not (topic is None or any(topic == name for *_, name in tagged)):
            continue
        text = row.text
        copy = Folded(text) if regex else fold(text)
        records += [
            (
                *(row.corpus, row.edition, row.version, row.clause_id, of_part, of_heading, given),
                *(text[max(start - window, 0) : start], text[start:end], text[end : end + window]),
                *(start, end, _join(name for *_, name in tagged)),
                _join(name for first, last, name in tagged if first < end and start < last),
            )
            for start, end, given in _find(copy, searches)
        ]
    names = [*_COLUMNS, *_BY_TAGS]
    types = {name: "int64" if name in ("start", "end") else "str" for name in names}
    table = pd.DataFrame(records, columns=names).astype(types)
    if tags is None:
        table = table.drop(columns=list(_BY_TAGS))
    return _sort(table, order)


def compile_pattern(pattern: str, *, regex: bool = False) -> re.Pattern[str]:
    """Return what to search for: a term in folded texts, or a regular expression."""
    if regex:
        return re.compile(pattern)
    term = fold(pattern).text
    before = f"(?<!{_ALPHANUMERIC})" if re.match(_ALPHANUMERIC, term) else ""
    behind = f"(?!{_ALPHANUMERIC})" if re.match(_ALPHANUMERIC, term[-1:]) else ""
    return re.compile(before + re.escape(term) + behind)


def _find(
    copy: Folded, searches: Sequence[tuple[str, re.Pattern[str]]]
) -> list[tuple[int, int, str]]:
    return sorted(
        (*copy.span(*hit.span()), given)
        for given, search in searches
        for hit in search.finditer(copy.text)
        if hit[0]
    )


def _read_places(tags: pd.DataFrame | None) -> _Places:
    places: _Places = defaultdict(list)
    if tags is not None:
        names = (*CLAUSE_KEY, "start", "end", "topic")
        for *key, start, end, topic in zip(*(tags[name].tolist() for name in names), strict=True):
            places[tuple(key)].append((start, end, topic))
    return places


def _join(topics: Iterable[str]) -> str:
    return "+".join(sorted(set(topics)))


def _sort(table: pd.DataFrame, order: Order) -> pd.DataFrame:
    if order == "text":
        return table
    sides = [
        left[::-1] if order == "left" else right
        for left, right in zip(table["left"], table["right"], strict=True)
    ]
    places = sorted(range(len(table)), key=lambda n: fold(sides[n]).text)
    return table.iloc[places].reset_index(drop=True)
