"""Which words make up the distance between two editions, or the change of their wording."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np
from scipy.special import entr, rel_entr

from resanalysis.shift.layout import Floats, Ints, divide, subtract_parts
from resanalysis.shift.words import WordCounts, count_words, order_words
from resanalysis.tables import make_table

if TYPE_CHECKING:
    import pandas as pd

ShiftMethod = Literal["divergence", "proportion", "entropy"]
"""What a word shift takes apart."""


def word_shift(
    clauses: pd.DataFrame,
    tokens: pd.DataFrame,
    pairs: pd.DataFrame,
    *,
    method: ShiftMethod = "divergence",
    stop_words: bool = False,
    min_clauses: int = 2,
) -> pd.DataFrame:
    r"""Take the difference of two editions' wording apart, word by word.

    Parameters
    ----------
    clauses, pairs : DataFrame
        As `topic_shift` takes them.
    tokens : DataFrame
        Tokens of both versions; punctuation and tokens of clauses that are not counted are passed
        over. To see the words of one topic, or of one part, keep the tokens of its clauses only:
        of a changed clause those of *both* versions, or the clause counts as wholly new or gone.
    method : str
        `divergence`: Jensen-Shannon divergence of the editions' word frequencies; `proportion`:
        difference of the word's proportions; `entropy`: difference of the editions' entropies.
    stop_words : bool
        Whether function words (`is_stop`) count; they are left out of everything otherwise.
    min_clauses : int
        Least `clauses_changed` of a word that gets a row of its own; 0 gives each word one.

    Returns
    -------
    DataFrame
        Table `word_shift`: one row per word, from the greatest contribution in size to the least,
        ties by word; then, for the words with fewer than `min_clauses` clauses changed, rows whose
        `word` is empty: those with a positive contribution together, those with a negative one,
        and those with none. So the sums below hold over all rows with every `min_clauses`.

        - `n_old`, `n_new`: how often the word stands in the edition's counted clauses.
        - `clauses_old`, `clauses_new`: how many clauses have it.
        - `clauses_changed`: rows of `pairs` in which its number differs; one added or suppressed
          clause is one row, however often it has the word.
        - `contribution`: the word's part; positive = new. `divergence`: its part of the divergence
          in bits, negative where the word's proportion fell; the *sizes* sum to the divergence, 0
          (same proportions) to 1 (no word in common). `proportion`: new less old proportion; they
          sum to 0. `entropy`: its part of new less old entropy in bits; they sum to that.
        - `method`: the method.

    Raises
    ------
    InputError
        When an edition has no counted clause, the pairs are not those of the clauses, or `tokens`
        lacks a column.
    ValueError
        When `method` or `min_clauses` is out of range.

    Notes
    -----
    With a word's proportions *p* (old) and *q* (new) of the edition's words and :math:`m = (p + q)
    / 2`, its part is [1]_

    - `divergence`: :math:`\frac{1}{2} p \log_2 \frac{p}{m} + \frac{1}{2} q \log_2 \frac{q}{m}`,
      never below 0, here with the sign of :math:`q - p`;
    - `proportion`: :math:`q - p`;
    - `entropy`: :math:`-q \log_2 q + p \log_2 p`. Positive means that the word makes the new
      edition's wording more varied, which a rare word does by becoming less rare, and a word above
      a proportion of 1/e by becoming less frequent.

    Where an edition has no words there is nothing to compare, and all contributions are 0.

    *It takes apart, it does not weigh.* Proportions depend on the length of the text: a word that
    no clause gained or lost falls when the new edition is longer. That, and the words of a single
    clause, is why words with fewer than two changed clauses share the last rows.

    References
    ----------
    .. [1] R. J. Gallagher, M. R. Frank, L. Mitchell, A. J. Schwartz, A. J. Reagan, C. M. Danforth
       and P. S. Dodds (2021), Generalized word shift graphs: a method for visualizing and
       explaining pairwise comparisons between texts, EPJ Data Science 10: 4.

    Examples
    --------
    >>> import pandas as pd
    >>> row = {"corpus": "x", "kind": "clause", "part": "operative", "addressee": "SG"}
    >>> row |= {"strength": 4, "start": 0}
    >>> texts = {("old", "1"): "碳水", ("new", "1"): "水水", ("old", "2"): "碳", ("new", "2"): "灾"}
    >>> clauses = pd.DataFrame([row | {"version": v, "clause_id": name, "text": text}
    ...     for (v, name), text in texts.items()])
    >>> tokens = pd.DataFrame([{"version": v, "clause_id": name, "text": mark, "is_punct": False,
    ...     "is_stop": False} for (v, name), text in texts.items() for mark in text])
    >>> pairs = pd.DataFrame({"old_id": ["1", "2"], "new_id": ["1", "2"], "change": "MOD",
    ...     "relation": "1:1"})
    >>> table = word_shift(clauses, tokens, pairs, method="proportion")
    >>> table[["word", "n_old", "n_new", "contribution"]].round(3).values.tolist()
    [['碳', 2, 0, -0.667], ['', 1, 3, 0.667]]
    """
    if method not in get_args(ShiftMethod) or min_clauses < 0:
        raise ValueError(
            f"method={method!r}, min_clauses={min_clauses}; give one of "
            f"{', '.join(get_args(ShiftMethod))}, and min_clauses >= 0"
        )
    counts = count_words(clauses, tokens, pairs, stop_words=stop_words)
    described = counts.describe()
    contribution = _take_apart(described["n_old"], described["n_new"], method)
    keys = {"corpus": counts.corpus, "method": method}
    shown = described["clauses_changed"] >= min_clauses
    order = order_words(np.abs(contribution))
    records: list[dict[str, Any]] = [
        keys
        | {"word": counts.words[column], "contribution": contribution[column]}
        | {name: values[column] for name, values in described.items()}
        for column in order[shown[order]]
    ]
    records += [keys | rest for rest in _gather_rest(counts, contribution, ~shown)]
    return make_table("word_shift", records)


def _take_apart(n_old: Ints, n_new: Ints, method: ShiftMethod) -> Floats:
    if not n_old.sum() or not n_new.sum():
        return np.zeros(len(n_old))
    proportion = subtract_parts(n_old, n_new, n_old.sum(), n_new.sum())
    if method == "proportion":
        return proportion
    p, q = divide(n_old, n_old.sum()), divide(n_new, n_new.sum())
    if method == "entropy":
        return np.asarray((entr(q) - entr(p)) / np.log(2), dtype=np.float64)
    middle = (p + q) / 2
    bits = (rel_entr(p, middle) + rel_entr(q, middle)) / (2 * np.log(2))
    # A part is never below 0 but by rounding.
    return np.asarray(np.sign(proportion) * np.maximum(bits, 0), dtype=np.float64)


def _gather_rest(counts: WordCounts, contribution: Floats, rest: Any) -> list[dict[str, Any]]:
    """Return a record for the words of `rest` of each sign, if there are any."""
    records: list[dict[str, Any]] = []
    for sign in (1, -1, 0):
        columns = np.flatnonzero(rest & (np.sign(contribution) == sign))
        if len(columns):
            described = counts.gather(columns).describe()
            numbers = {name: values[0] for name, values in described.items()}
            summed = contribution[columns].sum()
            records.append({"word": "", "contribution": summed} | numbers)
    return records
