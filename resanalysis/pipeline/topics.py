"""Topics matched on characters, the longest entry of the whole codebook first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from resanalysis.model import TERM, Codebook, Tier
from resanalysis.pipeline.citations import find_titles
from resanalysis.pipeline.matcher import Reading, Scope, make_matcher
from resanalysis.pipeline.rows import CLAUSE_COLUMNS, read_columns
from resanalysis.pipeline.segmentation import tokenize
from resanalysis.pipeline.texts import find_edges, join_texts
from resanalysis.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Match:
    """A term of a topic found in a text, or a word of a rule that holds there.

    Attributes
    ----------
    topic : str
        Topic of the codebook.
    term : str
        The codebook's word as written there.
    tier : {"core", "peripheral"}
        Tier of the term or rule.
    start, end : int
        Characters in the text (code points, half-open).
    rule : str
        `term` for a term by itself, else the id of the rule.
    """

    topic: str
    term: str
    tier: Tier
    start: int
    end: int
    rule: str = TERM


def tag_text(
    text: str, codebook: Codebook, *, reading: Reading = "broad", scope: Scope = "codebook"
) -> list[Match]:
    """Find the codebook's terms in a text, and the words of its rules that hold there.

    One scan from left to right over all terms and exclusions of the whole codebook takes the
    longest entry at each place and goes on behind it, so terms never overlap. Compared are copies
    made by `resanalysis.folding.fold`: full-width ASCII and the ideographic space are narrow, ASCII
    is lower case, line breaks inside Chinese and invisible characters are left out. An exclusion
    uses up its characters and tags nothing, unless it is another topic's term; a term of several
    topics tags each. An entry that begins or ends with an ASCII letter or digit does not match
    inside a longer run of them (`ICT` not in `ICTS`).

    A rule holds in a text that has a word of each of its groups and none of `without`; with `near`,
    the words do not overlap and at most so many characters lie between one and the next. Its words
    are found wherever they stand, inside terms too, but not in characters that an exclusion uses
    up. Each of the words by which it holds is a match.

    Parameters
    ----------
    text : str
        Any text; it is not changed, and offsets count its own characters.
    codebook : Codebook
        Topics with their terms.
    reading : {"broad", "strict"}
        Broad scans for core and peripheral terms and rules. Strict scans as if the codebook had no
        peripheral ones; so where a peripheral term holds a core term, strict finds the latter.
    scope : {"codebook", "topic"}
        Among what the longest entry wins. `codebook`: among all entries, so that 水电站 of one
        topic uses up 水 of another. `topic`: each topic is scanned for by itself, with its own
        terms and exclusions only, and terms of different topics may overlap (`nested_scope` of
        quanteda's `tokens_lookup`, there `dictionary` and `key`).

    Returns
    -------
    list of Match
        By place, then in the codebook's order of topics.

    Raises
    ------
    ValueError
        When a term is empty, or `reading` or `scope` is something else.

    Examples
    --------
    >>> from resanalysis.model import Topic
    >>> words = {"zh": "水"}
    >>> water = Topic("water", "", words, words, words, words, ("水",), (), ("水平",), "")
    >>> tag_text("提高水平和节水", Codebook("c", "1", {}, {}, (water,), ""))
    [Match(topic='water', term='水', tier='core', start=6, end=7, rule='term')]
    """
    return tag_texts([text], codebook, reading=reading, scope=scope)[0]


def tag_texts(
    texts: Sequence[str],
    codebook: Codebook,
    *,
    reading: Reading = "broad",
    scope: Scope = "codebook",
) -> list[list[Match]]:
    """Return what `tag_text` does for each of several texts, which is faster than one by one.

    Parameters
    ----------
    texts : sequence of str
        Any texts.
    codebook, reading, scope
        As for `tag_text`.

    Returns
    -------
    list of list of Match
        One list a text.

    Examples
    --------
    >>> from resanalysis.codebook import read_codebook
    >>> [[match.term for match in found] for found in tag_texts(["节水", "。"], read_codebook())]
    [['节水'], []]
    """
    found: list[list[Match]] = [[] for _ in texts]
    matcher = make_matcher(codebook, reading, scope)
    joined = join_texts(texts)
    first, last, entry = matcher.find(joined.text, joined.starts).T
    number = joined.clause_at(first)
    start, end = joined.spans(number, first, last)
    columns = (column.tolist() for column in (number, start, end, entry))
    for n, s, e, of in zip(*columns, strict=True):
        topic, term, tier, rule = matcher.entries[of]
        found[n].append(Match(topic, term, tier, s, e, rule))
    return found


def tag_topics(
    clauses: pd.DataFrame,
    codebook: Codebook,
    tokens: pd.DataFrame | None = None,
    *,
    reading: Reading = "broad",
    scope: Scope = "codebook",
) -> pd.DataFrame:
    """Tag every clause with the topics whose terms stand in it.

    Matching is that of `tag_text`: on characters, because jieba cuts through many terms.

    Parameters
    ----------
    clauses : DataFrame
        The `clauses` table; all of its rows are tagged.
    codebook : Codebook
        Topics with their terms.
    tokens : DataFrame, optional
        The `tokens` table of the same clauses, for `on_boundary`; without it `tokenize(clauses)`
        is used, which knows no lexicon.
    reading : {"broad", "strict"}
        Whether peripheral terms take part; see `tag_text`.
    scope : {"codebook", "topic"}
        Whether a term may lie inside another topic's longer one; see `tag_text`.

    Returns
    -------
    DataFrame
        The `tags` table, in the order of the clauses, then by place; `attrs` carry the codebook's
        id, version and hash, the reading and the scope.

        - `corpus`, `edition`, `version`, `clause_id`: the clause
        - `topic`, `term`, `tier`: topic, the codebook's word as written there, core or peripheral
        - `rule`: `term` for a term by itself, else the id of the rule that the word is part of
        - `start`, `end`: the matched characters in the clause's text (code points, half-open)
        - `on_boundary`: both edges are edges of tokens
        - `in_citation`: inside the title of a cited instrument: within 《…》 or 题为“…”, or between
          有关/关于 and the 的 before its number, as in 有关ICT与气候变化的第1307号决议

    Raises
    ------
    ValueError
        When `clauses` lacks a column, has a row twice or a missing text, when `tokens` are not
        those of the clauses, a term is empty, or `reading` or `scope` is something else.

    Examples
    --------
    >>> from resanalysis.model import Topic
    >>> words = {"zh": "水"}
    >>> water = Topic("water", "", words, words, words, words, ("水",), (), ("水平",), "")
    >>> clause = {"corpus": "c", "edition": "e", "version": "new", "clause_id": "a"}
    >>> tags = tag_topics(
    ...     pd.DataFrame([clause | {"text": "水资源"}]), Codebook("c", "1", {}, {}, (water,), "")
    ... )
    >>> tags[["topic", "term", "start", "end", "on_boundary"]]
       topic term  start  end  on_boundary
    0  water    水      0    1        False
    """
    read = read_columns(clauses)
    matcher = make_matcher(codebook, reading, scope)
    tokens = tokenize(clauses) if tokens is None else tokens
    texts = join_texts(read["text"])
    edges = find_edges(tokens, read, texts)
    first, last, entry = matcher.find(texts.text, texts.starts).T
    clause = texts.clause_at(first)
    start, end = texts.spans(clause, first, last)
    offset = texts.sources[clause]
    columns: dict[str, Any] = {
        name: pd.array(read[name], dtype="str").take(clause) for name in CLAUSE_COLUMNS
    }
    names = ("topic", "term", "tier", "rule")
    entries = [*zip(*matcher.entries, strict=True)] or [()] * len(names)
    for name, values in zip(names, entries, strict=True):
        columns[name] = pd.array(list(values), dtype="str").take(entry)
    columns |= {"start": start, "end": end}
    columns["on_boundary"] = edges[offset + start] & edges[offset + end]
    columns["in_citation"] = _lie_in_titles(texts.text, first, last)
    tags = pd.DataFrame({column.name: columns[column.name] for column in TABLES["tags"]})
    tags.attrs = {
        "codebook": codebook.id,
        "codebook_version": codebook.version,
        "codebook_sha256": codebook.sha256,
        "reading": reading,
        "scope": scope,
    }
    return tags


def _lie_in_titles(
    text: str, first: NDArray[np.int64], last: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Return for places in a folded text whether each lies inside a title."""
    titles = np.array([(-1, -1), *sorted(find_titles(text))], dtype=np.int64)
    reach = np.maximum.accumulate(titles[:, 1])  # of all titles that begin up to here
    within: NDArray[np.bool_] = (
        reach[np.searchsorted(titles[:, 0], first, side="right") - 1] >= last
    )
    return within
