"""Which words mark the new edition against the old, weighed by clauses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from resanalysis.shift.layout import Floats, Ints, divide
from resanalysis.shift.swapping import SWAPS
from resanalysis.shift.words import WordCounts, count_words, order_words, swap_versions
from resanalysis.tables import make_table

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

_CELLS = 1_000_000  # how many draws of words are turned to log odds at once


def keyness(
    clauses: pd.DataFrame,
    tokens: pd.DataFrame,
    pairs: pd.DataFrame,
    *,
    prior_weight: float = 500,
    background: Mapping[str, float] | None = None,
    stop_words: bool = False,
    min_clauses: int = 2,
    draws: int = 2000,
    level: float = 0.95,
    seed: int = 0,
) -> pd.DataFrame:
    r"""Compare how the two editions use each word: log odds with a prior, and their null interval.

    Parameters
    ----------
    clauses, pairs : DataFrame
        As `topic_shift` takes them.
    tokens : DataFrame
        Tokens of both versions; punctuation and tokens of clauses that are not counted are passed
        over. To see the words of one topic, or of one part, keep the tokens of its clauses only:
        of a changed clause those of *both* versions, or the clause counts as wholly new or gone.
    prior_weight : float
        Weight of the prior in words, above 0.
    background : mapping of str to float, optional
        Frequencies of words in another body of text, in any unit; they become the prior. A word it
        lacks, or has at 0, gets half of its least frequency; so an empty mapping treats all words
        alike. Without it the words of both editions are the prior.
    stop_words : bool
        Whether function words (`is_stop`) count; they are left out of everything otherwise.
    min_clauses : int
        Least `clauses_changed` of a word that is returned; 0 returns all words.
    draws : int
        Draws of the null model; 0 leaves the interval out (NaN, `null_model` is `none`).
    level : float
        Level of the null interval, between 0 and 1.
    seed : int
        Seed of the draws; the same seed gives the same table.

    Returns
    -------
    DataFrame
        Table `keyness`: one row per word, from the most new to the most old, ties by word.

        - `n_old`, `n_new`: how often the word stands in the edition's counted clauses.
        - `clauses_old`, `clauses_new`: how many clauses have it.
        - `clauses_changed`: rows of `pairs` in which its number differs; one added or suppressed
          clause is one row, however often it has the word.
        - `log_odds`: natural logarithm of the ratio of its odds, new to old; positive = new.
        - `null_low`, `null_high`: interval of `log_odds` with versions swapped, see Notes.
        - `prior`: where the prior's frequencies are from, and its weight.
        - `null_model`: what is swapped, with level, draws and seed.

    Raises
    ------
    InputError
        When an edition has no counted clause, the pairs are not those of the clauses, or `tokens`
        lacks a column.
    ValueError
        When an option is out of range, or a frequency of `background` is negative or not finite.

    Notes
    -----
    With *y* of the word among the *n* words of an edition, :math:`\alpha_w` of the prior's weight
    :math:`\alpha_0` on the word,

    .. math:: \log\frac{y_{new} + \alpha_w}{n_{new} + \alpha_0 - y_{new} - \alpha_w}
        - \log\frac{y_{old} + \alpha_w}{n_{old} + \alpha_0 - y_{old} - \alpha_w}

    [1]_. If a text has no other word than this, it is 0.

    *What the prior does.* It adds the same words to both editions, `prior_weight` of them (500 are
    about a page), so that a word that one edition lacks has finite odds, and draws all values
    towards 0. From the words of both editions, the prior draws rare and frequent words by the same
    factor: every word that stands in one edition only has nearly the same value, at most about
    :math:`\log(1 + (n_{old} + n_{new}) / \alpha_0)`, whether it stands there twice or twenty times.
    **So do not read the rank as strength of evidence**: read `clauses_changed` and the null
    interval beside it. Frequencies of many such texts as `background` draw the words that are
    common among them; ``background={}`` draws rare words most.

    *One clause makes no keyword.* A clause may repeat its word eight times. Words whose number
    differs in fewer than `min_clauses` clauses are not returned, though they count in *n*.

    *Null interval.* Of a clause that both editions have, the two versions change places with
    probability 1/2; of the clauses that one edition lacks, as many as were added are drawn to be
    the added ones. All words of a clause go together. The prior and the numbers of all words stay
    as they are, so that a text that grew in words does not make a finding of every word that did
    not. A value outside the interval says that the word's own changes run in one direction more
    than those of a coin would. **Of fewer than six changed clauses no word is beyond a coin's reach
    at 95 %** where none came or went: five all go one way in 3 % of throws. A word that only added
    clauses have never leaves where none was suppressed, and of many words some leave by chance.

    *Odds have two sides.* A long addition thins all words that it has not: a word that stands as
    often as before then has odds below 0, and so has its interval. Read `n_old` and `n_new` first.

    *No z-scores.* [1]_ divides by a standard deviation that takes every word for an independent
    draw. Words come by clauses, and most clauses are the same in both editions, so that it would
    call much significant that hangs on one clause. Both texts are complete, too; nothing was
    sampled.

    *Function words* are those of spaCy's list, which is long: it has 使用, 实现 and 适应. With
    ``stop_words=True`` nothing is hidden.

    References
    ----------
    .. [1] B. L. Monroe, M. P. Colaresi and K. M. Quinn (2008), Fightin' Words: Lexical Feature
       Selection and Evaluation for Identifying the Content of Political Conflict, Political
       Analysis 16(4): 372-403.

    Examples
    --------
    Water came with two added clauses; a third repeats 碳, and makes no keyword of it.

    >>> import pandas as pd
    >>> row = {"corpus": "x", "kind": "clause", "part": "operative", "addressee": "SG"}
    >>> row |= {"strength": 4, "start": 0}
    >>> texts = {("old", "1"): "环境", ("new", "1"): "环境", ("new", "2"): "水", ("new", "3"): "水",
    ...     ("new", "4"): "碳碳碳"}
    >>> clauses = pd.DataFrame([row | {"version": v, "clause_id": name, "text": text}
    ...     for (v, name), text in texts.items()])
    >>> tokens = pd.DataFrame([{"version": v, "clause_id": name, "text": mark, "is_punct": False,
    ...     "is_stop": False} for (v, name), text in texts.items() for mark in text])
    >>> pairs = pd.DataFrame({"old_id": ["1", "", "", ""], "new_id": ["1", "2", "3", "4"],
    ...     "change": ["NOC", "ADD", "ADD", "ADD"], "relation": "1:1"})
    >>> table = keyness(clauses, tokens, pairs, prior_weight=9)
    >>> table[["word", "n_old", "n_new", "clauses_changed"]].values.tolist()
    [['水', 0, 2, 2]]
    >>> float(table["log_odds"].round(3)[0])  # log(4 / 12) - log(2 / 9)
    0.405
    """
    if draws < 0 or not 0 < level < 1 or min_clauses < 0 or not 0 < prior_weight < np.inf:
        raise ValueError(
            f"prior_weight={prior_weight}, min_clauses={min_clauses}, draws={draws}, "
            f"level={level}; give prior_weight > 0, min_clauses >= 0, draws >= 0 and 0 < level < 1"
        )
    counts = count_words(clauses, tokens, pairs, stop_words=stop_words)
    described = counts.describe()
    prior, name = _weigh_prior(counts.words, described, background, prior_weight)
    chosen = np.flatnonzero(described["clauses_changed"] >= min_clauses)
    n_old, n_new = described["n_old"], described["n_new"]
    columns: dict[str, Any] = {key: values[chosen] for key, values in described.items()}
    columns["log_odds"] = _log_odds(
        n_old[chosen], n_new[chosen], n_old.sum(), n_new.sum(), prior[chosen], prior.sum()
    )
    ends = _draw_null(counts, chosen, prior, draws, level, seed)
    columns["null_low"], columns["null_high"] = ends
    swaps = f"{SWAPS}, {100 * level:g} %, {draws} draws"
    keys = {
        "corpus": counts.corpus,
        "prior": f"{name}, weight {prior_weight:g}",
        "null_model": f"{swaps}, seed {seed}" if draws else "none",
    }
    return make_table(
        "keyness",
        [
            keys
            | {"word": counts.words[chosen[k]]}
            | {column: values[k] for column, values in columns.items()}
            for k in order_words(columns["log_odds"])
        ],
    )


def _weigh_prior(
    words: list[str],
    described: Mapping[str, Ints],
    background: Mapping[str, float] | None,
    weight: float,
) -> tuple[Floats, str]:
    """Return the prior's weight on each word, and where it is from."""
    if background is None:
        frequencies = (described["n_old"] + described["n_new"]).astype(np.float64)
        name = "words of both editions"
    else:
        given = np.array(list(background.values()), dtype=np.float64)
        if not np.all(np.isfinite(given) & (given >= 0)):
            raise ValueError("background has a frequency that is negative or not finite")
        least = given[given > 0].min(initial=np.inf) / 2
        least = least if np.isfinite(least) else 1.0
        frequencies = np.array([background.get(word, 0) or least for word in words], np.float64)
        name = f"background of {len(background)} words" if background else "all words alike"
    return weight * divide(frequencies, frequencies.sum()), name


def _log_odds(
    y_old: Ints, y_new: Ints, n_old: Any, n_new: Any, prior: Floats, prior_sum: float
) -> Floats:
    others = prior_sum - prior
    # With versions swapped a word of a tiny text may stand more often than the text has words.
    top = (y_new + prior) * (np.maximum(n_old - y_old, 0) + others)
    below = (y_old + prior) * (np.maximum(n_new - y_new, 0) + others)
    # A word besides which there is no other has no odds, only certainty.
    top, below = (np.where(others > 0, product, 1.0) for product in (top, below))
    difference: Floats = np.log(top) - np.log(below)
    return difference


def _draw_null(
    counts: WordCounts, chosen: Ints, prior: Floats, draws: int, level: float, seed: int
) -> Floats:
    """Return the lower and upper ends of the chosen words' log odds with versions swapped."""
    ends = np.full((2, len(chosen)), np.nan)
    if not draws:
        return ends
    moved = swap_versions(counts, chosen, draws, seed)
    old, new = (np.asarray(side.sum(axis=0), np.int64) for side in (counts.old, counts.new))
    quantiles = [(1 - level) / 2, (1 + level) / 2]
    at_once = max(1, _CELLS // draws)
    for first in range(0, len(chosen), at_once):
        part = slice(first, first + at_once)
        word, taken = chosen[part, None], moved[part]
        y_old, y_new = old[word] + taken, new[word] - taken
        values = _log_odds(y_old, y_new, old.sum(), new.sum(), prior[word], prior.sum())
        ends[:, part] = np.quantile(values, quantiles, axis=1)
    return ends
