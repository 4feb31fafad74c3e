"""Topics matched on characters, the longest entry of the whole codebook first."""

import functools
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from resanalysis.model import Codebook, make_table
from resanalysis.pipeline.rows import CLAUSE_KEY, read_rows
from resanalysis.pipeline.segmentation import tokenize

Reading = Literal["broad", "strict"]
Tier = Literal["core", "peripheral"]

_FOLD = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_FOLD |= {code: ord(chr(_FOLD.get(code, code)).lower()) for code in (*range(65, 91), *_FOLD)}


def fold(text: str) -> str:
    """Return a match key of the same length: full-width ASCII made narrow, ASCII lower-cased."""
    return text.translate(_FOLD)


@dataclass(frozen=True, slots=True)
class Match:
    """One term of a topic found in a text.

    Attributes
    ----------
    topic : str
        Topic of the codebook.
    term : str
        The codebook's entry as written there.
    tier : {"core", "peripheral"}
        Tier of the entry.
    start, end : int
        Characters in the text (code points, half-open).
    """

    topic: str
    term: str
    tier: Tier
    start: int
    end: int


@dataclass(frozen=True)
class Matcher:
    """A codebook in one reading, compiled: what to scan for, and what each hit is tagged with."""

    pattern: re.Pattern[str]
    labels: Mapping[str, tuple[tuple[str, str, Tier], ...]]

    def find(self, folded: str) -> Iterator[Match]:
        """Yield the matches in a folded text, by place."""
        for hit in self.pattern.finditer(folded):
            for topic, term, tier in self.labels[hit[0]]:
                yield Match(topic, term, tier, *hit.span())


_Terms = tuple[str, tuple[str, ...], tuple[str, ...], tuple[str, ...]]


def make_matcher(codebook: Codebook, reading: Reading) -> Matcher:
    """Return the compiled codebook; `ValueError` for an empty term or an unknown reading."""
    if reading not in ("broad", "strict"):
        raise ValueError(f"reading is 'broad' or 'strict', not {reading!r}")
    # By content, not by the codebook's hash: an altered copy (a term left out) keeps that hash.
    return _compile_matcher(
        tuple(
            (topic.id, tuple(topic.core), tuple(topic.peripheral), tuple(topic.exclusions))
            for topic in codebook.topics
        ),
        reading,
    )


@functools.lru_cache(maxsize=32)
def _compile_matcher(topics: tuple[_Terms, ...], reading: Reading) -> Matcher:
    labels: dict[str, list[tuple[str, str, Tier]]] = {}
    for topic, core, peripheral, exclusions in topics:
        if not all(map(str.strip, (*core, *peripheral, *exclusions))):
            raise ValueError(f"topic {topic!r} has an empty term or exclusion: take it out")
        excluded = {fold(exclusion) for exclusion in exclusions}
        seen = set(excluded)
        for exclusion in excluded:
            labels.setdefault(exclusion, [])
        tiers: list[tuple[Tier, tuple[str, ...]]] = [("core", core)]
        if reading == "broad":
            tiers.append(("peripheral", peripheral))
        for tier, terms in tiers:
            for term in terms:
                key = fold(term)
                if key not in seen:
                    seen.add(key)
                    labels.setdefault(key, []).append((topic, term, tier))
    longest_first = sorted(labels, key=lambda key: (-len(key), key))
    pattern = "|".join(map(_bounded, longest_first)) or "(?!)"
    return Matcher(re.compile(pattern), {key: tuple(found) for key, found in labels.items()})


def _bounded(key: str) -> str:
    """Return the pattern of one entry; an ASCII edge must not touch another ASCII letter."""
    # `\b` never holds inside Chinese. The look-behind stands after the entry, not before it, so
    # that every alternative opens with a character, which `re` needs to skip ahead quickly.
    entry = re.escape(key)
    before = f"(?<![0-9a-z]{entry})" if re.match("[0-9a-z]", key) else ""
    after = "(?![0-9a-z])" if re.search("[0-9a-z]$", key) else ""
    return entry + before + after


def tag_text(text: str, codebook: Codebook, *, reading: Reading = "broad") -> list[Match]:
    """Find the codebook's terms in a text.

    One scan from left to right over all terms and exclusions of the whole codebook takes the
    longest entry at each place and goes on behind it, so hits never overlap. Compared are copies
    in which full-width ASCII and the ideographic space are narrow and ASCII is lower case. An
    exclusion uses up its characters and tags nothing, unless it is another topic's term; a term
    of several topics tags each. An entry that begins or ends with an ASCII letter or digit does
    not match inside a longer run of them (`ICT` not in `ICTS`).

    Parameters
    ----------
    text : str
        Any text; it is not changed, and offsets count its own characters.
    codebook : Codebook
        Topics with their terms.
    reading : {"broad", "strict"}
        Broad scans for core and peripheral terms. Strict scans as if the codebook had no
        peripheral terms; so where a peripheral term holds a core term, strict finds the latter.

    Returns
    -------
    list of Match
        By place, then in the codebook's order of topics.

    Raises
    ------
    ValueError
        When a term is empty or `reading` is something else.

    Examples
    --------
    >>> from resanalysis.model import Topic
    >>> words = {"zh": "水"}
    >>> water = Topic("water", "", words, words, words, words, ("水",), (), ("水平",), "")
    >>> tag_text("提高水平和节水", Codebook("c", "1", {}, {}, (water,), ""))
    [Match(topic='water', term='水', tier='core', start=6, end=7)]
    """
    return list(make_matcher(codebook, reading).find(fold(text)))


# How instruments are cited, on folded text: by a title in book marks; by 题为“…”; and, as the ITU
# and the UN write, by a title before a number (有关…的…第73号决议, 有关…的意见3).
_OPENING = "(?:有关|关于)(?!的)"  # 与…有关的 opens no title
_KIND = "(?:决议|决定|建议书?|意见|课题|公约)"
_NUMBER = r"第\s*[0-9a-z/.()\-一二三四五六七八九十百零〇]+\s*号"
_CITATIONS = (
    re.compile("《(?P<title>[^》]*)》"),
    re.compile("题为“(?P<title>[^”]*)”"),
    re.compile(
        rf"{_OPENING}(?P<title>(?:(?!{_OPENING}|{_NUMBER})[^,;:。\n])+)"
        rf"的[^,;:。、\n]{{0,25}}?(?:{_NUMBER}\s*{_KIND}|{_KIND}\d+(?![\d年]))"
    ),
)


def _citation_spans(folded: str) -> list[tuple[int, int]]:
    return [hit.span("title") for pattern in _CITATIONS for hit in pattern.finditer(folded)]


def _token_edges(tokens: pd.DataFrame) -> dict[tuple[str, ...], set[int]]:
    edges: defaultdict[tuple[str, ...], set[int]] = defaultdict(set)
    columns = [tokens[name].tolist() for name in (*CLAUSE_KEY, "start", "end")]
    for *key, start, end in zip(*columns, strict=True):
        edges[tuple(key)].update((start, end))
    return edges


def tag_topics(
    clauses: pd.DataFrame,
    codebook: Codebook,
    tokens: pd.DataFrame | None = None,
    *,
    reading: Reading = "broad",
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

    Returns
    -------
    DataFrame
        The `tags` table, in the order of the clauses, then by place; `attrs` carry the codebook's
        id, version and hash and the reading.

        - `corpus`, `edition`, `version`, `clause_id`: the clause
        - `topic`, `term`, `tier`: topic, the codebook's entry as written there, core or peripheral
        - `rule`: kind of codebook entry, always `term`
        - `start`, `end`: the matched characters in the clause's text (code points, half-open)
        - `on_boundary`: both edges are edges of tokens
        - `in_citation`: inside the title of a cited instrument: within 《…》 or 题为“…”, or between
          有关/关于 and the 的 before its number, as in 有关ICT与气候变化的第1307号决议

    Raises
    ------
    ValueError
        When `clauses` lacks a column, has a row twice or a missing text, when `tokens` are not
        those of the clauses, or a term is empty.

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
    rows = read_rows(clauses)
    matcher = make_matcher(codebook, reading)
    edges = _token_edges(tokenize(clauses) if tokens is None else tokens)
    if strange := [
        row.clause_id for row in rows if max(edges[row.key], default=0) != len(row.text)
    ]:
        raise ValueError(
            f"tokens do not cover the text of {', '.join(map(str, strange))}: "
            "make them with tokenize() from these very clauses"
        )
    records = []
    for row in rows:
        folded = fold(row.text)
        matches = list(matcher.find(folded))
        titles = _citation_spans(folded) if matches else []
        records += [
            {
                "corpus": row.corpus,
                "edition": row.edition,
                "version": row.version,
                "clause_id": row.clause_id,
                "topic": match.topic,
                "term": match.term,
                "rule": "term",
                "tier": match.tier,
                "start": match.start,
                "end": match.end,
                "on_boundary": edges[row.key] >= {match.start, match.end},
                "in_citation": any(s <= match.start and match.end <= e for s, e in titles),
            }
            for match in matches
        ]
    tags = make_table("tags", records)
    tags.attrs = {
        "codebook": codebook.id,
        "codebook_version": codebook.version,
        "codebook_sha256": codebook.sha256,
        "reading": reading,
    }
    return tags
