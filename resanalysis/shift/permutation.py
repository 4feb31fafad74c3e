"""Whether a topic's rate would differ as much if a coin told the versions of changed clauses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.stats import binom, false_discovery_control

from resanalysis.shift.layout import Floats, Ints, Layout, lay_out
from resanalysis.tables import make_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from resanalysis.model import Codebook

NULL_MODEL = "versions of changed clause pairs swapped, exact, rate per 100 clauses, two-sided"
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
        - `changed`: rows of `pairs` that are MOD, ADD or SUP, the same for every topic: what there
          is to swap. Of *m* of them no p-value can be below :math:`2^{1 - m}`.
        - `p_value`: part of all :math:`2^m` ways to swap in which the difference is at least as
          far from 0 as observed; 1 for a topic without a hit.
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
    *What is swapped.* The two versions of each row of `pairs` change places with probability 1/2,
    each row by its own coin: an added clause is then a suppressed one, a topic gained is one lost.
    A row with the same topics in both versions stays as it is, so clauses that were kept as they
    were weigh nothing.

    *What a p-value can mean here.* Both texts are complete; nothing was sampled, and the
    difference is what it is. The p-value answers one question: if every change had been as likely
    to go the other way, how often would the rates lie so far apart? A small one says that the
    changes run in one direction, not that the change is large, wanted or important. It is offered
    for reviewers who ask, and stands in no report of this library.

    *It is the rate that is tested, and a rate has two sides.* An edition with many more clauses
    added than suppressed is itself an unlikely fall of the coin. A topic that no changed clause
    has is then thinned by the others' growth, and its p-value is that of the growth alone. So read
    `add`, `sup`, `mod_gain` and `mod_loss` of `topic_shift` first: where all four are 0, nothing
    was done to the topic, whatever its p-value.

    *Many topics.* Of twenty topics that did not change one has p < 0.05 by luck; read `q_value`.
    It allows for topics that rise together, less so for topics that displace each other.

    *Clauses, not tokens.* A clause counts once however often it names the topic. Its tokens come
    together, so a test that takes them for independent finds significance in one long clause [2]_,
    [3]_.

    *How it is exact.* Only numbers matter: *a* orphans with the topic, *b* without it, *c* pairs
    that gained or lost it. Their swaps are three binomials, and swapping all rows turns the sign
    of the difference, so both tails weigh the same. For the clauses that an edition then has, the
    smallest count of the topic that reaches the observed difference is found in whole numbers, so
    ties are exact. The work is :math:`(a + 1)(b + 1)` cells: milliseconds for 1,000 changed rows.

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

    Examples
    --------
    Water came with three added clauses; of the eight ways to swap them two reach that.

    >>> import pandas as pd
    >>> row = {"corpus": "x", "kind": "clause", "part": "operative", "addressee": "SG"}
    >>> row |= {"strength": 4, "start": 0, "text": "供水"}
    >>> names = [("old", "1"), ("new", "1"), ("new", "2"), ("new", "3"), ("new", "4")]
    >>> clauses = pd.DataFrame([row | {"version": v, "clause_id": name} for v, name in names])
    >>> tags = pd.DataFrame({"version": "new", "clause_id": ["2", "3", "4"],
    ...     "topic": "water", "start": 1, "end": 2})
    >>> pairs = pd.DataFrame({"old_id": ["1", "", "", ""], "new_id": ["1", "2", "3", "4"],
    ...     "change": ["NOC", "ADD", "ADD", "ADD"], "relation": "1:1"})
    >>> table = permutation_test(clauses, tags, pairs, ["water"])
    >>> table[["difference", "changed", "p_value"]].values.tolist()
    [[75.0, 3.0, 0.25]]
    """
    no_tokens = pd.DataFrame({"version": [], "clause_id": [], "is_punct": []})
    laid = lay_out(clauses, no_tokens, tags, pairs, topics)
    kinds = [_sort_rows(laid, column) for column in range(len(laid.topics))]
    p_values = np.array([_weigh_swaps(kind) for kind in kinds])
    hit = np.array([kind.n_old + kind.n_new > 0 for kind in kinds], dtype=bool)
    q_values = np.ones(len(kinds))
    q_values[hit] = false_discovery_control(p_values[hit])
    return make_table(
        "permutation",
        [
            {
                "corpus": laid.corpus,
                "topic": topic,
                "difference": kind.difference,
                "changed": sum(change != "NOC" for change in laid.changes),
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
    if rows.n_new * rows.base_old == rows.n_old * rows.base_new:
        return 1.0
    with_topic, without = (
        binom.pmf(np.arange(size + 1), size, 0.5) for size in (rows.orphans, rows.others)
    )
    # From k on: probability that the new edition has at least k of the turned topics.
    reach: Floats = binom.sf(np.arange(-1, rows.turned + 1), rows.turned, 0.5)
    needed = _find_needed(rows)
    upper = 0.0
    for i, weight in enumerate(with_topic):  # the new edition gets i of the orphans
        missing = needed[i : i + rows.others + 1] - rows.fixed - i
        upper += weight * (without @ reach[np.clip(missing, 0, rows.turned + 1)])
    return min(1.0, float(2 * upper))


def _find_needed(rows: _Rows) -> Ints:
    """Return, by the number of orphans in the new edition, the least count that reaches it.

    With N hits and S clauses in both editions together, n hits among B clauses of the new one give
    the difference n/B - (N - n)/(S - B) = (nS - NB) / (B(S - B)). Python's integers do not
    overflow, and a tie is a tie.
    """
    hits, size = rows.n_old + rows.n_new, rows.base_old + rows.base_new
    top = abs(rows.n_new * rows.base_old - rows.n_old * rows.base_new)
    below = rows.base_new * rows.base_old
    needed = []
    for base in range(rows.kept, size - rows.kept + 1):
        if base == 0 or base == size:
            # One edition is empty and its rate 0: all hits are in the other one.
            reached = base == size and hits * below >= top * size
            needed.append(hits if reached else hits + 1)
        else:
            least = -(-top * base * (size - base) // below)
            needed.append(-(-(hits * base + least) // size))
    return np.array(needed, dtype=np.int64)
