"""Codings as arrays: clauses by topics by coders; and texts drawn anew."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

KEY = ["corpus", "edition", "clause_id"]

FEW_TEXTS = 10
"""Below so many distinct texts an interval is said not to be trusted."""

_BLOCK = 100  # draws held in memory at once


@dataclass(frozen=True)
class Codes:
    """Codes as an array.

    Attributes
    ----------
    clauses : MultiIndex
        The clauses: corpus, edition, clause_id.
    topics, coders : list of str
        In the order of their first code.
    values : array, clauses by topics by coders
        1, 0, or NaN where there is no code.
    texts : array of int, one per clause
        Number of the clause's text: the same for clauses with the same text.
    """

    clauses: pd.MultiIndex
    topics: list[str]
    coders: list[str]
    values: Floats
    texts: Ints


def read_codes(
    codings: pd.DataFrame,
    clauses: pd.DataFrame | None,
    *,
    coders: Sequence[str] | None = None,
    topics: Sequence[str] | None = None,
) -> Codes:
    """Return the table `codings` as an array.

    Raises
    ------
    ValueError
        When a coder codes a clause twice for a topic, a coder or topic asked for has no codes, a
        code is neither 0 nor 1, or a coded clause is missing from `clauses`.
    """
    for column, wanted in (("coder", coders), ("topic", topics)):
        if wanted is not None:
            unknown = sorted(set(wanted) - set(codings[column]))
            if unknown:
                raise ValueError(f"no codes of the {column} {', '.join(unknown)}")
            codings = codings[codings[column].isin(wanted)]
    repeated = codings[codings.duplicated([*KEY, "coder", "topic"])]
    if len(repeated):
        first = repeated.iloc[0]
        place = f"{first['edition']}/{first['clause_id']}, {first['topic']}"
        raise ValueError(f"{first['coder']} codes {place} twice")
    if not codings["code"].isin([0, 1]).all():
        raise ValueError("a code is neither 0 nor 1")
    keys = pd.MultiIndex.from_frame(codings[KEY])
    index = keys.unique()
    named = [codings[column].unique().tolist() for column in ("topic", "coder")]
    topic_names, coder_names = (
        list(wanted) if wanted is not None else found
        for wanted, found in zip((topics, coders), named, strict=True)
    )
    values = np.full((len(index), len(topic_names), len(coder_names)), np.nan)
    values[
        index.get_indexer(keys),
        pd.Index(topic_names).get_indexer(pd.Index(codings["topic"])),
        pd.Index(coder_names).get_indexer(pd.Index(codings["coder"])),
    ] = codings["code"]
    return Codes(index, topic_names, coder_names, values, _number_texts(index, clauses))


def _number_texts(index: pd.MultiIndex, clauses: pd.DataFrame | None) -> Ints:
    if clauses is None:
        return np.arange(len(index))
    texts = clauses.set_index(KEY)["text"]
    missing = index.difference(pd.MultiIndex.from_tuples(texts.index, names=KEY))
    if len(missing):
        _, edition, clause_id = missing[0]
        raise ValueError(f"the coded clause {edition}/{clause_id} is not among the clauses")
    return np.asarray(pd.factorize(texts.reindex(index))[0], dtype=np.int64)


def sum_by_text(values: Floats, texts: Ints) -> Floats:
    """Return sums of the rows of `values` that have the same text."""
    names, numbers = np.unique(texts, return_inverse=True)
    sums = np.zeros((len(names), *values.shape[1:]))
    np.add.at(sums, numbers, values)
    return sums


def draw_sums(sums: Floats, *, draws: int, seed: int) -> Iterator[Floats]:
    """Draw as many texts as there are, with replacement, and give the total of each draw.

    Parameters
    ----------
    sums : array
        One row per text.
    draws, seed : int
        How often, and the seed.

    Yields
    ------
    array
        Totals of up to 100 draws, one row each.
    """
    size = len(sums)
    rng = np.random.default_rng(seed)
    for done in range(0, draws if size else 0, _BLOCK):
        weights = rng.multinomial(size, np.full(size, 1 / size), size=min(_BLOCK, draws - done))
        yield np.tensordot(weights.astype(np.float64), sums, axes=1)


def find_interval(drawn: Floats, level: float) -> tuple[Floats, Floats, Floats]:
    """Return lower and upper end of the percentile interval, and the share of undefined draws.

    Parameters
    ----------
    drawn : array, draws by ...
        Statistics; NaN where a draw leaves one undefined.
    level : float
        Share of the draws that the interval holds.

    Returns
    -------
    tuple of three arrays, one value per statistic
        Both ends NaN where every draw is undefined, or there is none.
    """
    undefined = np.isnan(drawn)
    share = undefined.mean(axis=0) if len(drawn) else np.ones(drawn.shape[1:])
    low, high = np.full(share.shape, np.nan), np.full(share.shape, np.nan)
    for at in np.ndindex(share.shape):
        if share[at] < 1:
            defined = drawn[(slice(None), *at)][~undefined[(slice(None), *at)]]
            low[at], high[at] = np.quantile(defined, [(1 - level) / 2, (1 + level) / 2])
    return low, high, share


def divide(part: Floats, whole: Floats) -> Floats:
    """Return the quotient, NaN where the divisor is 0."""
    out = np.full(np.broadcast_shapes(np.shape(part), np.shape(whole)), np.nan)
    np.divide(part, whole, out=out, where=np.asarray(whole) != 0)
    return out
