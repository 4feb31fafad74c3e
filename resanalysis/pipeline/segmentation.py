"""Tokens by a private jieba, which is imported where it is used."""

import functools
import importlib
import runpy
import unicodedata
import warnings
from array import array
from collections.abc import Callable, Iterable, Mapping
from importlib import resources
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any, Literal

import numpy as np
import pandas as pd

from resanalysis.pipeline.rows import CLAUSE_COLUMNS, read_columns

Engine = Literal["jieba", "rjieba"]
"""What cuts: jieba, the reference; or rjieba, which gives the same tokens many times faster and
comes with the extra `fast` of this package."""


@functools.cache
def _import_jieba() -> ModuleType:
    # jieba 0.42.1 has invalid escapes (a SyntaxWarning since 3.12) and may import pkg_resources.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return importlib.import_module("jieba")


@functools.cache
def _import_rjieba() -> ModuleType:
    try:
        return importlib.import_module("rjieba")
    except ModuleNotFoundError:
        raise ModuleNotFoundError(
            "rjieba is not installed: install resanalysis with its extra `fast`"
            " (pip install 'resanalysis[fast]'), or use engine='jieba', which gives the same"
        ) from None


@functools.cache
def base_dictionary() -> tuple[dict[str, int], int]:
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
    if not words:
        return {}  # without jieba's dictionary, which takes a second and 100 MB
    _refuse_unusable(words)
    tokenizer = _private_tokenizer(*base_dictionary())  # `suggest_freq` without tune only reads
    return {word: tokenizer.suggest_freq(word, tune=False) for word in words}


def _refuse_unusable(words: Iterable[str]) -> None:
    if words and (unusable := unusable_words(words)):
        raise ValueError(
            f"jieba cannot hold {', '.join(map(repr, unusable))}: a word has only Chinese "
            "characters, ASCII letters and digits, and + # & . _ % -. Take them out of the lexicon"
        )


class Segmenter:
    """jieba's dictionary plus some words, apart from the process-wide jieba.

    Attributes
    ----------
    words : dict of int
        Frequency of each added word.
    hmm : bool
        Whether jieba may guess words that are not in its dictionary.
    engine : {"jieba", "rjieba"}
        What cuts.
    """

    def __init__(
        self, words: Mapping[str, int], *, hmm: bool = False, engine: Engine = "jieba"
    ) -> None:
        _refuse_unusable(words)
        if low := [word for word, frequency in words.items() if frequency < 1]:
            # jieba would note a word of frequency 0 in a list that all its tokenizers share.
            raise ValueError(f"frequency below 1 for {', '.join(map(repr, low))}: give 1 or more")
        self.words, self.hmm, self.engine = dict(words), hmm, engine
        self._cut = _make_cut(self.words, hmm, engine)

    def cut(self, text: str) -> list[str]:
        """Return the tokens of a text; joined they are the text."""
        return self._cut(text)

    def __reduce__(self) -> tuple[Callable[..., "Segmenter"], tuple[dict[str, int], bool, Engine]]:
        # jieba's lock does not pickle
        return _rebuild_segmenter, (self.words, self.hmm, self.engine)


def _rebuild_segmenter(words: dict[str, int], hmm: bool, engine: Engine) -> Segmenter:
    return Segmenter(words, hmm=hmm, engine=engine)


def _make_cut(words: Mapping[str, int], hmm: bool, engine: Engine) -> Callable[[str], list[str]]:
    if engine not in ("jieba", "rjieba"):
        raise ValueError(f"engine is 'jieba' or 'rjieba', not {engine!r}")
    added = tuple(words.items())
    if engine == "jieba":
        return functools.partial(_load_jieba(added).lcut, HMM=hmm)
    if hmm:
        raise ValueError("rjieba guesses other words than jieba: with hmm, use engine='jieba'")
    fast = _load_rjieba(added)
    return lambda text: fast.cut(text, False)


# Cutting changes neither: so segmenters with the same words share one, and a collection read file
# by file loads it once.
@functools.lru_cache(maxsize=2)
def _load_jieba(words: tuple[tuple[str, int], ...]) -> Any:
    frequencies, total = base_dictionary()
    tokenizer = _private_tokenizer(frequencies.copy() if words else frequencies, total)
    for word, frequency in words:
        tokenizer.add_word(word, frequency)
    return tokenizer


@functools.lru_cache(maxsize=2)
def _load_rjieba(words: tuple[tuple[str, int], ...]) -> Any:
    tokenizer = _import_rjieba().Jieba()
    for word, frequency in words:
        tokenizer.add_word(word, frequency, None)
    return tokenizer


def make_segmenter(
    lexicon: Iterable[str] | Mapping[str, int] = (),
    *,
    hmm: bool = False,
    engine: Engine = "jieba",
) -> Segmenter:
    """Return a segmenter with its own jieba; the process-wide jieba is neither used nor changed.

    Parameters
    ----------
    lexicon : iterable of str, or mapping of str to int
        Words beside jieba's own dictionary; a mapping brings frequencies (1 or more) stored
        earlier, otherwise `word_frequencies` gives them.
    hmm : bool
        Whether jieba may guess words that are not in its dictionary.
    engine : {"jieba", "rjieba"}
        jieba, the reference; or rjieba, which cuts the same tokens many times faster, needs the
        extra `fast` of this package, has no `hmm`, and takes only texts that UTF-8 can encode.

    Returns
    -------
    Segmenter
        With a method `cut(text)`; joined, its tokens are the text.

    Raises
    ------
    ValueError
        When jieba cannot hold a word, a frequency is below 1, or rjieba is to guess words.
    ModuleNotFoundError
        When rjieba is wanted and not installed.

    Examples
    --------
    >>> make_segmenter().cut("回收电子废弃物")
    ['回收', '电子', '废弃物']
    >>> make_segmenter(["电子废弃物"]).cut("回收电子废弃物")
    ['回收', '电子废弃物']
    """
    words = lexicon if isinstance(lexicon, Mapping) else word_frequencies(lexicon)
    return Segmenter(words, hmm=hmm, engine=engine)


@functools.cache
def _stop_words() -> frozenset[str]:
    # Read from its file: importing it by name would import all of spaCy (1.5 s).
    spec = find_spec("spacy")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("spaCy is not installed: install resanalysis with its packages")
    path = Path(spec.origin).parent / "lang" / "zh" / "stop_words.py"
    return frozenset(runpy.run_path(str(path))["STOP_WORDS"])


def is_punct(token: str) -> bool:
    """Return whether a token is only punctuation, symbols or white space."""
    return all(unicodedata.category(char)[0] in "PSZ" or char.isspace() for char in token)


def tokenize(
    clauses: pd.DataFrame,
    lexicon: Iterable[str] | Mapping[str, int] = (),
    *,
    hmm: bool = False,
    engine: Engine = "jieba",
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
    engine : {"jieba", "rjieba"}
        jieba, or rjieba with the same tokens; see `make_segmenter`.

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
        When `clauses` lacks a column, has a row twice or a missing text, jieba cannot hold a word
        of the lexicon, or rjieba is to guess words.
    ModuleNotFoundError
        When rjieba is wanted and not installed.

    Examples
    --------
    >>> clause = {"corpus": "c", "edition": "e", "version": "new", "clause_id": "a"}
    >>> tokenize(pd.DataFrame([clause | {"text": "水资源。"}]))[["text", "start", "is_punct"]]
      text  start  is_punct
    0  水资源      0     False
    1    。      3      True
    """
    read = read_columns(clauses)
    segmenter = make_segmenter(lexicon, hmm=hmm, engine=engine)
    # Words as numbers, so that what belongs to a word is looked up once and columns are taken from
    # arrays: handling each token by itself would cost half as much again as cutting.
    numbers = _Numbers()
    found, sizes = array("q"), array("q")
    for text in read["text"]:
        tokens = segmenter.cut(text)
        found.extend(map(numbers.__getitem__, tokens))
        sizes.append(len(tokens))
    codes, counts = (np.frombuffer(each, dtype=np.int64) for each in (found, sizes))
    words = list(numbers)
    stop_words = _stop_words()
    clause = np.repeat(np.arange(len(counts)), counts)
    first = np.cumsum(counts) - counts  # of each clause, among all tokens
    lengths = np.array([len(word) for word in words], dtype=np.int64)[codes]
    ends = np.cumsum(lengths)
    before = np.concatenate([[0], ends])[first]  # characters of all clauses before
    ends -= before[clause]
    columns = {name: pd.array(read[name], dtype="str").take(clause) for name in CLAUSE_COLUMNS} | {
        "i": np.arange(len(codes)) - first[clause],
        "text": pd.array(words, dtype="str").take(codes),
        "start": ends - lengths,
        "end": ends,
        "is_punct": np.array([is_punct(word) for word in words], dtype=bool)[codes],
        "is_stop": np.array([word.lower() in stop_words for word in words], dtype=bool)[codes],
    }
    return pd.DataFrame(columns, copy=False)


class _Numbers(dict[str, int]):
    """Words numbered as they come."""

    def __missing__(self, word: str) -> int:
        self[word] = len(self)
        return self[word]
