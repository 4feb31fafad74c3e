"""Tokens by a private jieba, topics matched on characters, a concordance, and spaCy around them.

The plain functions (`tokenize`, `tag_topics`, `tag_text`, `kwic`) do the work; `make_nlp` wraps the
same functions for who works with spaCy. jieba and spaCy are imported where they are used.
"""

import functools
import importlib
import json
import re
import runpy
import sys
import unicodedata
import warnings
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from importlib import resources
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Self

import catalogue  # type: ignore[import-untyped]
import pandas as pd

from resanalysis.model import TABLES, Codebook, Topic, make_table

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc
    from spacy.vocab import Vocab

Reading = Literal["broad", "strict"]
Tier = Literal["core", "peripheral"]

SPACY_TOKENIZER = "resanalysis.Jieba.v1"
SPACY_TAGGER = "resanalysis_topics"
SPANS_KEY = "topics"

_CLAUSE_KEY = ("corpus", "edition", "clause_id")
_KWIC_COLUMNS = ("left", "match", "right", "start", "end")


# --- segmentation -------------------------------------------------------------------------------


@functools.cache
def _import_jieba() -> ModuleType:
    # jieba 0.42.1 has invalid escapes (a SyntaxWarning since 3.12) and may import pkg_resources.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return importlib.import_module("jieba")


@functools.cache
def _base_dictionary() -> tuple[dict[str, int], int]:
    """Return jieba's packaged prefix dictionary and its total; read once, never changed."""
    # Not through `Tokenizer.initialize`: that trusts and writes `jieba.cache` in the shared
    # temporary folder and logs to stderr, and its cache gains no time.
    jieba = _import_jieba()
    with resources.files(jieba).joinpath("dict.txt").open("rb") as file:
        frequencies, total = jieba.Tokenizer.gen_pfdict(file)
    return frequencies, total


def _private_tokenizer(frequencies: dict[str, int], total: int) -> Any:
    tokenizer = _import_jieba().Tokenizer()
    tokenizer.FREQ, tokenizer.total, tokenizer.initialized = frequencies, total, True
    return tokenizer


def unusable_words(words: Iterable[str]) -> list[str]:
    """Return the words that jieba cannot hold, in their order.

    jieba splits a text at every character outside its own word pattern (Chinese characters,
    ASCII letters and digits, `+#&._%-`) before it looks into its dictionary, so a word with a `/`,
    a space or a full-width sign would never be found.

    Parameters
    ----------
    words : iterable of str
        Candidates for a lexicon.

    Returns
    -------
    list of str
        Those that can never become a token; empty when all can be used.

    Examples
    --------
    >>> unusable_words(["电子废弃物", "电信/ICT", "6G 网络"])
    ['电信/ICT', '6G 网络']
    """
    pattern = _import_jieba().re_han_default
    return [word for word in words if pattern.fullmatch(word) is None]


def word_frequencies(words: Iterable[str]) -> dict[str, int]:
    """Return the frequency that makes jieba keep each word whole.

    Each word is judged against jieba's own dictionary alone, so the order of the words and the
    other words do not matter, and an engine given these frequencies cuts as jieba does.

    Parameters
    ----------
    words : iterable of str
        Words of a lexicon; repeated words count once.

    Returns
    -------
    dict of int
        Frequency by word, in the order of the words; the unit is occurrences in the corpus behind
        jieba's dictionary.

    Raises
    ------
    ValueError
        When jieba cannot hold some of the words; all are named.

    Examples
    --------
    >>> word_frequencies(["电子废弃物"])
    {'电子废弃物': 1}
    """
    words = list(dict.fromkeys(words))
    _refuse_unusable(words)
    tokenizer = _private_tokenizer(*_base_dictionary())  # `suggest_freq` without tune only reads
    return {word: tokenizer.suggest_freq(word, tune=False) for word in words}


def _refuse_unusable(words: Iterable[str]) -> None:
    if unusable := unusable_words(words):
        raise ValueError(
            f"jieba cannot hold {', '.join(map(repr, unusable))}: a word has only Chinese "
            "characters, ASCII letters and digits, and + # & . _ % -. Take them out of the lexicon"
        )


class Segmenter:
    """jieba's dictionary plus some words, owned by this object alone.

    Attributes
    ----------
    words : dict of int
        Frequency of each added word.
    hmm : bool
        Whether jieba may guess words that are not in its dictionary.
    """

    def __init__(self, words: Mapping[str, int], *, hmm: bool = False) -> None:
        _refuse_unusable(words)
        if low := [word for word, frequency in words.items() if frequency < 1]:
            # jieba would note a word of frequency 0 in a list that all its tokenizers share.
            raise ValueError(f"frequency below 1 for {', '.join(map(repr, low))}: give 1 or more")
        self.words, self.hmm = dict(words), hmm
        frequencies, total = _base_dictionary()
        self._tokenizer = _private_tokenizer(frequencies.copy(), total)
        for word, frequency in self.words.items():
            self._tokenizer.add_word(word, frequency)

    def cut(self, text: str) -> list[str]:
        """Return the tokens of a text; joined they are the text."""
        tokens: list[str] = self._tokenizer.lcut(text, HMM=self.hmm)
        return tokens

    def __reduce__(self) -> tuple[Callable[..., "Segmenter"], tuple[dict[str, int], bool]]:
        return _rebuild_segmenter, (self.words, self.hmm)  # jieba's lock does not pickle


def _rebuild_segmenter(words: dict[str, int], hmm: bool) -> Segmenter:
    return Segmenter(words, hmm=hmm)


def make_segmenter(
    lexicon: Iterable[str] | Mapping[str, int] = (), *, hmm: bool = False
) -> Segmenter:
    """Return a segmenter with its own jieba; the process-wide jieba is neither used nor changed.

    Parameters
    ----------
    lexicon : iterable of str, or mapping of str to int
        Words beside jieba's own dictionary; a mapping brings frequencies (1 or more) stored
        earlier, otherwise `word_frequencies` gives them.
    hmm : bool
        Whether jieba may guess words that are not in its dictionary.

    Returns
    -------
    Segmenter
        With a method `cut(text)`; joined, its tokens are the text.

    Raises
    ------
    ValueError
        When jieba cannot hold a word, or a frequency is below 1.

    Examples
    --------
    >>> make_segmenter().cut("回收电子废弃物")
    ['回收', '电子', '废弃物']
    >>> make_segmenter(["电子废弃物"]).cut("回收电子废弃物")
    ['回收', '电子废弃物']
    """
    words = lexicon if isinstance(lexicon, Mapping) else word_frequencies(lexicon)
    return Segmenter(words, hmm=hmm)


# --- tokens -------------------------------------------------------------------------------------


class _Clause(NamedTuple):
    corpus: str
    edition: str
    version: str
    clause_id: str
    text: str

    @property
    def key(self) -> tuple[str, str, str]:
        return (self.corpus, self.edition, self.clause_id)


def _read_clauses(clauses: pd.DataFrame) -> list[_Clause]:
    if missing := [name for name in _Clause._fields if name not in clauses.columns]:
        raise ValueError(f"the clauses table lacks the columns {', '.join(missing)}")
    rows = [_Clause(*row) for row in zip(*(clauses[n] for n in _Clause._fields), strict=True)]
    if broken := [row.clause_id for row in rows if not isinstance(row.text, str)]:
        raise ValueError(
            f"clauses without text: {', '.join(map(str, broken))}. An empty text is '', not a "
            "missing value: read the table with keep_default_na=False"
        )
    if len({row.key for row in rows}) < len(rows):
        repeated = clauses.loc[clauses.duplicated(list(_CLAUSE_KEY)), "clause_id"]
        raise ValueError(
            f"clauses that stand twice in the table: {', '.join(map(str, repeated))}. "
            f"Each {', '.join(_CLAUSE_KEY)} must be there once"
        )
    return rows


@functools.cache
def _stop_words() -> frozenset[str]:
    # Read from its file: importing it by name would import all of spaCy (1.5 s).
    spec = find_spec("spacy")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("spaCy is not installed: install resanalysis with its packages")
    path = Path(spec.origin).parent / "lang" / "zh" / "stop_words.py"
    return frozenset(runpy.run_path(str(path))["STOP_WORDS"])


def _is_punct(token: str) -> bool:
    return all(unicodedata.category(char)[0] in "PSZ" or char.isspace() for char in token)


def tokenize(
    clauses: pd.DataFrame,
    lexicon: Iterable[str] | Mapping[str, int] = (),
    *,
    hmm: bool = False,
) -> pd.DataFrame:
    """Cut the text of every clause into jieba's tokens.

    Parameters
    ----------
    clauses : DataFrame
        The `clauses` table; all of its rows are cut.
    lexicon : iterable of str, or mapping of str to int
        Words beside jieba's own dictionary, as for `make_segmenter`. Not the codebook's terms, or
        the tags' `on_boundary` would mean nothing.
    hmm : bool
        Whether jieba may guess words that are not in its dictionary.

    Returns
    -------
    DataFrame
        The `tokens` table, in the order of the clauses; joined, a clause's tokens are its text.

        - `corpus`, `edition`, `version`, `clause_id`: the clause
        - `i`: position among the clause's tokens, from 0
        - `text`: the token
        - `start`, `end`: its characters in the clause's text (code points, half-open)
        - `is_punct`: only punctuation, symbols or white space, by Unicode's general categories
        - `is_stop`: in spaCy's list of Chinese stop words, as its `Token.is_stop`

    Raises
    ------
    ValueError
        When `clauses` lacks a column, has a row twice or a missing text, or jieba cannot hold a
        word of the lexicon.

    Examples
    --------
    >>> clause = {"corpus": "c", "edition": "e", "version": "new", "clause_id": "a"}
    >>> tokenize(pd.DataFrame([clause | {"text": "水资源。"}]))[["text", "start", "is_punct"]]
      text  start  is_punct
    0  水资源      0     False
    1    。      3      True
    """
    rows = _read_clauses(clauses)
    segmenter = make_segmenter(lexicon, hmm=hmm)
    stop_words = _stop_words()
    flags: dict[str, tuple[bool, bool]] = {}
    # Column by column: a mapping per token, as `make_table` takes, nearly doubles jieba's time.
    columns: dict[str, list[Any]] = {column.name: [] for column in TABLES["tokens"]}
    for row in rows:
        tokens = segmenter.cut(row.text)
        for name in ("corpus", "edition", "version", "clause_id"):
            columns[name] += [getattr(row, name)] * len(tokens)
        columns["i"] += range(len(tokens))
        columns["text"] += tokens
        end = 0
        for token in tokens:
            columns["start"].append(end)
            end += len(token)
            columns["end"].append(end)
            if token not in flags:
                flags[token] = (_is_punct(token), token.lower() in stop_words)
    columns["is_punct"] = [flags[token][0] for token in columns["text"]]
    columns["is_stop"] = [flags[token][1] for token in columns["text"]]
    return pd.DataFrame(columns).astype(make_table("tokens", []).dtypes.to_dict())


# --- topics -------------------------------------------------------------------------------------

_FOLD = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_FOLD |= {code: ord(chr(_FOLD.get(code, code)).lower()) for code in (*range(65, 91), *_FOLD)}


def _fold(text: str) -> str:
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
class _Matcher:
    """A codebook in one reading, compiled: what to scan for, and what each hit is tagged with."""

    pattern: re.Pattern[str]
    labels: Mapping[str, tuple[tuple[str, str, Tier], ...]]

    def find(self, folded: str) -> Iterator[Match]:
        for hit in self.pattern.finditer(folded):
            for topic, term, tier in self.labels[hit[0]]:
                yield Match(topic, term, tier, *hit.span())


_Terms = tuple[str, tuple[str, ...], tuple[str, ...], tuple[str, ...]]


def _make_matcher(codebook: Codebook, reading: Reading) -> _Matcher:
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
def _compile_matcher(topics: tuple[_Terms, ...], reading: Reading) -> _Matcher:
    labels: dict[str, list[tuple[str, str, Tier]]] = {}
    for topic, core, peripheral, exclusions in topics:
        if not all(map(str.strip, (*core, *peripheral, *exclusions))):
            raise ValueError(f"topic {topic!r} has an empty term or exclusion: take it out")
        excluded = {_fold(exclusion) for exclusion in exclusions}
        seen = set(excluded)
        for exclusion in excluded:
            labels.setdefault(exclusion, [])
        tiers: list[tuple[Tier, tuple[str, ...]]] = [("core", core)]
        if reading == "broad":
            tiers.append(("peripheral", peripheral))
        for tier, terms in tiers:
            for term in terms:
                key = _fold(term)
                if key not in seen:
                    seen.add(key)
                    labels.setdefault(key, []).append((topic, term, tier))
    longest_first = sorted(labels, key=lambda key: (-len(key), key))
    pattern = "|".join(map(_bounded, longest_first)) or "(?!)"
    return _Matcher(re.compile(pattern), {key: tuple(found) for key, found in labels.items()})


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
    >>> words = {"zh": "水"}
    >>> water = Topic("water", "", words, words, words, words, ("水",), (), ("水平",), "")
    >>> tag_text("提高水平和节水", Codebook("c", "1", {}, {}, (water,), ""))
    [Match(topic='water', term='水', tier='core', start=6, end=7)]
    """
    return list(_make_matcher(codebook, reading).find(_fold(text)))


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
    columns = [tokens[name].tolist() for name in (*_CLAUSE_KEY, "start", "end")]
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
    rows = _read_clauses(clauses)
    matcher = _make_matcher(codebook, reading)
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
        folded = _fold(row.text)
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


# --- concordance --------------------------------------------------------------------------------


def kwic(
    clauses: pd.DataFrame, pattern: str, *, window: int = 20, regex: bool = False
) -> pd.DataFrame:
    """List every occurrence of a pattern with the characters around it (keyword in context).

    Parameters
    ----------
    clauses : DataFrame
        The `clauses` table; all of its rows are searched.
    pattern : str
        A string, compared as `tag_text` compares (ASCII case and full-width ASCII do not matter)
        but also inside longer words; or, with `regex`, a regular expression for the text as it is.
    window : int
        Characters of context on each side, at most; never beyond the clause.
    regex : bool
        Whether `pattern` is a regular expression of the `re` module; empty hits are passed over.

    Returns
    -------
    DataFrame
        One row per occurrence, in the order of the text; occurrences do not overlap.

        - `corpus`, `edition`, `version`, `clause_id`: the clause
        - `left`, `match`, `right`: the text before, of and after the occurrence
        - `start`, `end`: its characters in the clause's text (code points, half-open)

    Raises
    ------
    ValueError
        When the pattern is empty or not a regular expression, the window is negative, or `clauses`
        lacks a column, has a row twice or a missing text.

    Examples
    --------
    >>> clause = {"corpus": "c", "edition": "e", "version": "new", "clause_id": "a"}
    >>> table = kwic(pd.DataFrame([clause | {"text": "利用ＩＣＴ监测水资源"}]), "ICT", window=2)
    >>> table[["left", "match", "right"]]
      left match right
    0   利用   ＩＣＴ    监测
    """
    if not pattern or window < 0:
        raise ValueError("give a pattern that is not empty and a window of 0 or more characters")
    try:
        search = re.compile(pattern if regex else re.escape(_fold(pattern)))
    except re.error as error:
        raise ValueError(f"{pattern!r} is not a regular expression: {error}") from error
    records = [
        (
            *row[:4],
            row.text[max(start - window, 0) : start],
            row.text[start:end],
            row.text[end : end + window],
            start,
            end,
        )
        for row in _read_clauses(clauses)
        for start, end in (
            hit.span() for hit in search.finditer(row.text if regex else _fold(row.text)) if hit[0]
        )
    ]
    names = [*_Clause._fields[:4], *_KWIC_COLUMNS]
    types = {name: "int64" if name in ("start", "end") else "str" for name in names}
    return pd.DataFrame(records, columns=names).astype(types)


# --- the same inside spaCy ----------------------------------------------------------------------


class JiebaTokenizer:
    """A spaCy tokenizer that owns its jieba; `doc.text` is always the text it was given."""

    def __init__(self, vocab: "Vocab", segmenter: Segmenter) -> None:
        self.vocab, self.segmenter = vocab, segmenter

    def __call__(self, text: str) -> "Doc":
        """Return the doc of a text."""
        from spacy.tokens import Doc

        words = self.segmenter.cut(text)
        return Doc(self.vocab, words=words, spaces=[False] * len(words))

    def pipe(self, texts: Iterable[str], **_options: object) -> Iterator["Doc"]:
        """Tokenize texts one after the other."""
        return map(self, texts)

    # The pipeline's configuration holds all there is to save.
    def to_disk(self, path: Path, **_options: object) -> None:
        """Save nothing; spaCy asks for this method."""

    def from_disk(self, path: Path, **_options: object) -> Self:  # noqa: ARG002
        """Load nothing; spaCy asks for this method."""
        return self

    def to_bytes(self, **_options: object) -> bytes:
        """Return nothing; spaCy asks for this method."""
        return b""

    def from_bytes(self, data: bytes, **_options: object) -> Self:  # noqa: ARG002
        """Load nothing; spaCy asks for this method."""
        return self


class TopicTagger:
    """A spaCy component that tags a doc with the topics of a codebook.

    It fills `doc.spans["topics"]` with one span per match, widened to whole tokens, its label the
    topic and its id the term; `doc._.topic_matches` has the exact characters.

    Attributes
    ----------
    codebook : Codebook or None
        What to look for; None only until it is given or loaded.
    reading : {"broad", "strict"}
        Whether peripheral terms take part; see `tag_text`.
    """

    def __init__(self, reading: Reading = "broad", codebook: Codebook | None = None) -> None:
        self.reading, self.codebook = reading, codebook

    def __call__(self, doc: "Doc") -> "Doc":
        """Fill the doc's spans and matches and return it."""
        if self.codebook is None:
            raise ValueError(
                f"the component {SPACY_TAGGER!r} has no codebook: make the pipeline with "
                "make_nlp(codebook), load a saved one, or set the component's `codebook`"
            )
        matches = tag_text(doc.text, self.codebook, reading=self.reading)
        # Plain tuples, so that a doc with its user data can be saved.
        doc.user_data[SPACY_TAGGER] = [astuple(match) for match in matches]
        spans = (
            doc.char_span(m.start, m.end, m.topic, span_id=m.term, alignment_mode="expand")
            for m in matches
        )
        doc.spans[SPANS_KEY] = [span for span in spans if span is not None]
        return doc

    def to_bytes(self, **_options: object) -> bytes:
        """Return the codebook as JSON."""
        text = json.dumps(self.codebook, default=_plain, ensure_ascii=False, indent=1)
        return text.encode()

    def from_bytes(self, data: bytes, **_options: object) -> Self:
        """Load what `to_bytes` returned."""
        record = json.loads(data)
        self.codebook = None if record is None else _codebook_from(record)
        return self

    def to_disk(self, path: Path | str, **_options: object) -> None:
        """Write the codebook to `codebook.json` in the folder `path`."""
        Path(path).mkdir(parents=True, exist_ok=True)
        Path(path, "codebook.json").write_bytes(self.to_bytes())

    def from_disk(self, path: Path | str, **_options: object) -> Self:
        """Load what `to_disk` wrote."""
        return self.from_bytes(Path(path, "codebook.json").read_bytes())


def _plain(record: object) -> dict[str, Any]:
    return dict(record) if isinstance(record, Mapping) else vars(record)


def _codebook_from(record: dict[str, Any]) -> Codebook:
    tuples = ("core", "peripheral", "exclusions")
    topics = (t | {name: tuple(t[name]) for name in tuples} for t in record["topics"])
    return Codebook(**record | {"topics": tuple(Topic(**topic) for topic in topics)})


def _topic_matches(doc: "Doc") -> list[Match]:
    return [Match(*match) for match in doc.user_data.get(SPACY_TAGGER, ())]


def create_jieba_tokenizer(
    words: Sequence[Any] = (), hmm: bool = False
) -> Callable[["Language"], JiebaTokenizer]:
    """Return what makes the tokenizer of a pipeline; spaCy calls this with the saved settings.

    Parameters
    ----------
    words : sequence of [str, int]
        Added words, each with its frequency.
    hmm : bool
        Whether jieba may guess words that are not in its dictionary.
    """
    register_tagger()  # spaCy reads the tokenizer's settings before those of any component
    segmenter = Segmenter(dict(words), hmm=hmm)
    return lambda nlp: JiebaTokenizer(nlp.vocab, segmenter)


def create_topic_tagger(nlp: "Language", name: str, reading: str = "broad") -> TopicTagger:  # noqa: ARG001
    """Return a tagger still without codebook; spaCy calls this with the saved settings."""
    return TopicTagger(reading)  # type: ignore[arg-type]


def register_tagger() -> None:
    """Make the component `resanalysis_topics` known to spaCy; doing it twice does no harm."""
    from spacy.language import Language
    from spacy.tokens import Doc

    Doc.set_extension("topic_matches", getter=_topic_matches, force=True)
    Language.factory(
        SPACY_TAGGER,
        default_config={"reading": "broad"},
        assigns=["doc.spans", "doc._.topic_matches"],
        func=create_topic_tagger,
    )


def make_nlp(
    codebook: Codebook | None = None,
    lexicon: Iterable[str] | Mapping[str, int] = (),
    *,
    hmm: bool = False,
    reading: Reading = "broad",
) -> "Language":
    """Return a spaCy pipeline with the tokens of `tokenize` and the matches of `tag_text`.

    Words, frequencies and codebook are saved with the pipeline (`nlp.to_disk`) and come back with
    `spacy.load`, in another process too.

    Parameters
    ----------
    codebook : Codebook, optional
        Topics to tag; without it the pipeline only tokenizes.
    lexicon : iterable of str, or mapping of str to int
        Words beside jieba's own dictionary, as for `make_segmenter`.
    hmm : bool
        Whether jieba may guess words that are not in its dictionary.
    reading : {"broad", "strict"}
        Whether peripheral terms take part; see `tag_text`.

    Returns
    -------
    spacy.language.Language
        White space stays as tokens, so that `doc.text` is the text. With a codebook, each doc has
        `doc.spans["topics"]` (widened to whole tokens; label: topic; id: term) and
        `doc._.topic_matches` (list of `Match`, the exact characters).

    Raises
    ------
    ValueError
        When jieba cannot hold a word, a term is empty, or `reading` is something else.

    Examples
    --------
    >>> [token.text for token in make_nlp(lexicon=["电子废弃物"])("回收电子废弃物")]
    ['回收', '电子废弃物']
    """
    from spacy.lang.zh import Chinese

    words = lexicon if isinstance(lexicon, Mapping) else word_frequencies(lexicon)
    tokenizer = {"@tokenizers": SPACY_TOKENIZER, "words": [*map(list, words.items())], "hmm": hmm}
    nlp = Chinese.from_config({"nlp": {"tokenizer": tokenizer}})
    if codebook is not None:
        _make_matcher(codebook, reading)  # refuse a faulty codebook here, not at the first text
        tagger = nlp.add_pipe(SPACY_TAGGER, config={"reading": reading})
        tagger.codebook = codebook  # type: ignore[attr-defined]
    return nlp


# spaCy looks for a pipeline's tokenizer in this registry and need not be there yet. Its components
# it finds through its own class only: so they are registered as soon as spaCy is there, which it is
# when it loads this module through the package's entry points.
catalogue.Registry(("spacy", "tokenizers")).register(SPACY_TOKENIZER, func=create_jieba_tokenizer)
if "spacy" in sys.modules:
    register_tagger()
