"""Whether a topic's rate would differ as much if a coin told the versions of changed clauses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from resanalysis.shift.laying import lay_tags
from resanalysis.shift.layout import Layout
from resanalysis.shift.swapping import SWAPS
from resanalysis.tables import make_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from resanalysis.model import Codebook

NULL_MODEL = f"{SWAPS}; exact, rate per 100 clauses, two-sided"
"""What is permuted, and the statistic."""


def permutation_test(
    clauses: pd.DataFrame,
    tags: pd.DataFrame,
    pairs: pd.DataFrame,
    topics: Sequence[str] | Codebook,
) -> pd.DataFrame:
    r"""Test each topic's rate against versions of changed clauses told apart by a coin.

    Parameters
    ----------
    clauses, tags, pairs, topics
        As `topic_shift` takes them.

    Returns
    -------
    DataFrame
        Table `permutation`: one row per topic, in the order of `topics`.

        - `difference`: :math:`100 (n_{new} / base_{new} - n_{old} / base_{old})`, the difference
          of `topic_shift` for clauses; positive = grew; a base of 0 gives a rate of 0.
        - `changed`: rows of `pairs` by which the topic came or went: added and suppressed clauses
          with it, kept ones that gained or lost it.
        - `p_value`: probability of swaps, see Notes, that leave the difference at least as far from
          0 as observed; 1 for a topic without a hit.
        - `q_value`: `p_value` after Benjamini and Hochberg [1]_. The family is the topics with a
          hit in either edition; any other has 1.
        - `null_model`: what is permuted, and the statistic.

    Raises
    ------
    InputError
        When an edition has no counted clause, the pairs are not those of the clauses, a tag's
        topic is unknown, or the tags were made by another codebook.

    Notes
    -----
    *What is swapped.* Of a clause that both editions have, the two versions change places with
    probability 1/2, each by its own coin [4]_: a topic gained is then one lost. Of the clauses that
    one edition lacks, as many as were added are drawn to be the added ones, each as likely as any
    other. So each edition keeps its number of clauses, and the rates their denominators.

    *What a p-value can mean here.* Both texts are complete; nothing was sampled, and the
    difference is what it is. The p-value answers one question: if every change had been as likely
    to go the other way, how often would the rates lie so far apart? A small one says that the
    changes run in one direction, not that the change is large, wanted or important. It is offered
    for reviewers who ask, and stands in no report of this library.

    *Growth is no finding.* With a coin for every added and suppressed clause, a text with far more
    of the one than of the other would be a rare fall of the coins, and a finding would be made of
    every topic that no change touched and that the others' growth thinned. Here such a topic has
    p = 1. The price: where nothing was suppressed, or nothing added, these clauses cannot change
    places, and only kept ones that gained or lost the topic count.

    *Many topics.* Of twenty topics that a coin did change one has p < 0.05 on average; hence
    `q_value`. Topics share clauses and hang together, so it too is a guide only.

    *Clauses, not tokens.* A clause counts once however often it names the topic. Its tokens come
    together, so a test that takes them for independent finds significance in one long clause [2]_,
    [3]_.

    *How it is exact.* Of the orphans with the topic the new edition gets a hypergeometric number,
    of the pairs that gained or lost it a binomial one; their sum is weighed over all its values, in
    whole numbers, so that ties are exact.

    References
    ----------
    .. [1] Y. Benjamini and Y. Hochberg (1995), Controlling the False Discovery Rate: A Practical
       and Powerful Approach to Multiple Testing, Journal of the Royal Statistical Society B 57(1):
       289-300.
    .. [2] A. Kilgarriff (2005), Language is never, ever, ever, random, Corpus Linguistics and
       Linguistic Theory 1(2): 263-276.
    .. [3] J. Lijffijt, T. Nevalainen, T. Säily, P. Papapetrou, K. Puolamäki and H. Mannila (2016),
       Significance testing of word frequencies in corpora, Digital Scholarship in the Humanities
       31(2): 374-397.
    .. [4] R. A. Fisher (1935), The Design of Experiments, Edinburgh, section 21.

    Examples
    --------
    Water came with a clause, and a clause without it went; had the other one come, water would
    have gone. Both ways are equally far from 0.

    >>> row = {"corpus": "x", "kind": "clause", "part": "operative", "addressee": "SG"}
    >>> row |= {"strength": 4, "clause_id": "1", "start": 0}
    >>> clauses = pd.DataFrame([
    ...     row | {"version": "old", "text": "减碳"}, row | {"version": "new", "text": "供水"}])
    >>> tags = pd.DataFrame({"version": ["new"], "clause_id": "1", "topic": "water", "start": 1,
    ...     "end": 2})
    >>> pairs = pd.DataFrame({"old_id": ["1", ""], "new_id": ["", "1"], "change": ["SUP", "ADD"],
    ...     "relation": "1:1"})
    >>> table = permutation_test(clauses, tags, pairs, ["water"])
    >>> table[["topic", "difference", "changed", "p_value"]].values.tolist()
    [['water', 100.0, 1, 1.0]]
    """
    laid = lay_tags(clauses, tags, pairs, topics)
    kinds = [_sort_rows(laid, column) for column in range(len(laid.topics))]
    p_values = np.array([_weigh_swaps(kind) for kind in kinds])
    hit = np.array([kind.n_old + kind.n_new > 0 for kind in kinds], dtype=bool)
    q_values = np.ones(len(kinds))
    from scipy.stats import false_discovery_control  # slow to import

    q_values[hit] = false_discovery_control(p_values[hit])
    return make_table(
        "permutation",
        [
            {
                "corpus": laid.corpus,
                "topic": topic,
                "difference": kind.difference,
                "changed": kind.orphans + kind.turned,
                "p_value": p_value,
                "q_value": q_value,
                "null_model": NULL_MODEL,
            }
            for topic, kind, p_value, q_value in zip(
                laid.topics, kinds, p_values, q_values, strict=True
            )
        ],
    )


@dataclass(frozen=True)
class _Rows:
    """How many rows of each kind there are for one topic, and what was observed."""

    kept: int  # rows with a clause in both editions
    fixed: int  # of these, with the topic in both
    turned: int  # of these, with the topic in one
    orphans: int  # rows with one clause, with the topic
    others: int  # rows with one clause, without it
    n_old: int
    n_new: int
    base_old: int
    base_new: int

    @property
    def difference(self) -> float:
        """Difference of the rates per 100 clauses; both editions have clauses, see `lay_out`."""
        return 100 * self.n_new / self.base_new - 100 * self.n_old / self.base_old


def _sort_rows(laid: Layout, column: int) -> _Rows:
    old, new = (side.counts["clause"][:, column] > 0 for side in (laid.old, laid.new))
    kept = laid.old.there & laid.new.there
    return _Rows(
        kept=int(kept.sum()),
        fixed=int((old & new).sum()),
        turned=int(((old != new) & kept).sum()),
        orphans=int(((old | new) & ~kept).sum()),
        others=int((~(old | new) & ~kept).sum()),
        n_old=int(old.sum()),
        n_new=int(new.sum()),
        base_old=int(laid.old.there.sum()),
        base_new=int(laid.new.there.sum()),
    )


def _weigh_swaps(rows: _Rows) -> float:
    """Return the probability of a difference of rates at least as far from 0 as observed."""
    added = rows.base_new - rows.kept
    # SciPy has no urn without balls.
    urn = (max(1, rows.orphans + rows.others), rows.orphans, added)
    from scipy.stats import binom, hypergeom  # slow to import

    gets = hypergeom.pmf(np.arange(rows.orphans + 1), *urn)
    turns = binom.pmf(np.arange(rows.turned + 1), rows.turned, 0.5)
    weights = np.convolve(gets, turns)
    # With N hits and S clauses in both editions together, n hits among B clauses of the new one
    # give the difference (nS - NB) / (B(S - B)); B is fixed, and whole numbers tie exactly.
    hits, size = rows.n_old + rows.n_new, rows.base_old + rows.base_new
    apart = np.abs((rows.fixed + np.arange(len(weights))) * size - hits * rows.base_new)
    observed = abs(rows.n_new * size - hits * rows.base_new)
    return min(1.0, float(weights[apart >= observed].sum()))
