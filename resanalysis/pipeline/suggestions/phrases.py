"""Words and runs of neighbouring words in clauses, and the clauses that have them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from resanalysis.folding import fold
from resanalysis.pipeline.finder import Finder
from resanalysis.pipeline.texts import join_texts

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

_MEANINGFUL = frozenset(
    "安全 保险 个人 处理 当地 极端 任务 上升 社会主义 适应 替代 限制 现代 行动 行为 移动 转变"
    " 防止".split()
)
"""Stop words of the general list that make terms in policy texts (极端天气, 适应能力)."""

_PREFIXES = frozenset("不 多 反 非 可 无 再".split())
"""Stop words that may begin a run: parts of words that jieba cuts (可/持续, 再/利用)."""

_AND = frozenset("和 及 与".split())
"""Stop words that may stand within a run (损失和损害, 监测与评估)."""

_CHUNK = 5_000  # clauses scanned at once: bounds the memory that hits need


@dataclass(frozen=True)
class Occurrences:
    """Which clauses have which phrases: one row per phrase and clause, by phrase, then by clause.

    Attributes
    ----------
    phrase, clause : array of int
        Numbers of phrase and clause, from 0.
    """

    phrase: NDArray[np.int64]
    clause: NDArray[np.int64]

    def clauses_of(self, phrase: int) -> NDArray[np.int64]:
        """Return the numbers of the clauses that have a phrase, in order."""
        first, last = np.searchsorted(self.phrase, [phrase, phrase + 1])
        return self.clause[first:last]


def list_phrases(
    tokens: pd.DataFrame, clause: NDArray[np.int64], *, least: int, longest: int
) -> list[str]:
    """Return the folded words and runs of words that enough clauses have, in order.

    A run has no punctuation and no number in it; a token of one character right behind a number is
    its measure word and counts as part of it. It has no stop word either, save 和, 及, 与 within
    and prefixes such as 可 that jieba cuts off. Single words have two characters or more.

    Parameters
    ----------
    tokens : DataFrame
        The `tokens` table, in order.
    clause : array of int
        Number of every token's clause; negative for a token that is not to be read.
    least : int
        Clauses that must have a phrase.
    longest : int
        Most tokens in a run.
    """
    codes, words = _number_words(tokens["text"])
    kept = ~_ask(words, _is_loose)[codes]
    codes, clause = codes[kept], clause[kept]
    stop = np.zeros(len(words), dtype=bool)
    stop[codes] = tokens["is_stop"].to_numpy(dtype=bool)[kept]
    stop &= ~_ask(words, _MEANINGFUL.__contains__)
    ends = ~stop[codes]
    begins = ends | _ask(words, _PREFIXES.__contains__)[codes]
    joins = begins | _ask(words, _AND.__contains__)[codes]
    follows = np.append(False, clause[1:] == clause[:-1])[: len(clause)]
    measure = follows & _ask(words, str.isnumeric)[np.roll(codes, 1)]
    measure &= _ask(words, _is_short)[codes]
    solid = joins & _ask(words, _has_letter)[codes] & ~measure & (clause >= 0)
    runs = np.where(solid, codes, -1)
    found = set()
    for length in range(1, longest + 1):
        if length > 1:
            runs = _lengthen(runs, clause)
        runs = _keep_frequent(runs, clause, least)
        at = np.flatnonzero((runs >= 0) & begins)
        at = at[ends[at + length - 1]]
        _, first = np.unique(runs[at], return_index=True)
        for place in at[first].tolist():
            found.add(fold("".join(words[code] for code in codes[place : place + length])).text)
    return sorted(phrase for phrase in found if len(phrase) > 1)


def _number_words(texts: pd.Series) -> tuple[NDArray[np.int64], list[str]]:
    codes, words = pd.factorize(texts)
    return codes.astype(np.int64), words.tolist()


def _ask(words: Sequence[str], question: Callable[[str], bool]) -> NDArray[np.bool_]:
    return np.fromiter(map(question, words), dtype=bool, count=len(words))


def _has_letter(word: str) -> bool:
    return any(map(str.isalpha, word)) and not word.isnumeric()


def _is_short(word: str) -> bool:
    return len(word) == 1


def _is_loose(word: str) -> bool:
    """Say whether a token is a line break or invisible, so that a term may go on behind it."""
    return bool(word.strip(" ")) and not fold(f"中{word}中").text.strip("中 ")


def _lengthen(runs: NDArray[np.int64], clause: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return numbers of runs longer by one token: two runs that overlap in all but one."""
    longer = np.full(len(runs), -1, dtype=np.int64)
    at = np.flatnonzero((runs[:-1] >= 0) & (runs[1:] >= 0) & (clause[:-1] == clause[1:]))
    keys = runs[at] * (runs.max(initial=0) + 1) + runs[at + 1]
    longer[at] = np.unique(keys, return_inverse=True)[1]
    return longer


def _keep_frequent(
    runs: NDArray[np.int64], clause: NDArray[np.int64], least: int
) -> NDArray[np.int64]:
    """Return the runs without those in too few clauses: no longer run of theirs has more."""
    at = np.flatnonzero(runs >= 0)
    size = clause.max(initial=0) + 1
    pairs = np.unique(runs[at] * size + clause[at])
    counts = np.bincount(pairs // size, minlength=runs.max(initial=0) + 1)
    return np.where((runs >= 0) & (counts[runs] >= least), runs, -1)


def find_phrases(phrases: Sequence[str], texts: Sequence[str]) -> Occurrences:
    """Find phrases on characters, as the codebook's terms are found, wherever they stand.

    Parameters
    ----------
    phrases : sequence of str
        Folded, all different, in order.
    texts : sequence of str
        The clauses' texts.
    """
    finder = Finder(phrases)
    size = max(len(texts), 1)
    found = [np.zeros(0, dtype=np.int64)]
    for first in range(0, len(texts), _CHUNK):
        joined = join_texts(texts[first : first + _CHUNK])
        hits = finder.every(joined.text)
        clause = joined.clause_at(hits[:, 0]) + first
        found.append(np.unique(hits[:, 2] * size + clause))
    pairs = np.sort(np.concatenate(found))
    return Occurrences(pairs // size, pairs % size)
