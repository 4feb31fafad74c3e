"""How much of each version each topic takes, and how far versions are apart in this."""

from __future__ import annotations

from itertools import permutations
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from resanalysis.collection.studies import check_studies
from resanalysis.model import UNITS, input_error
from resanalysis.shift.distance import diverge
from resanalysis.study import VERSIONS
from resanalysis.tables import make_table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from resanalysis.model import Study

_MEASURES = ("n", "base", "rate", "assigned", "share")


def topic_profiles(studies: Sequence[Study]) -> pd.DataFrame:
    """Count every topic in every version of several studies made by one codebook.

    A later revision or a sibling resolution is a study more, and a column more in the pivot below.

    Parameters
    ----------
    studies : sequence of Study
        Studies of different corpora, made by the same codebook with the same options (those of
        the bootstrap may differ), as `run_collection` returns them.

    Returns
    -------
    DataFrame
        Table `profiles`: one row per study, version, unit and topic, in this order.

        - `corpus`, `edition`, `version` (old, new), `year`: which text.
        - `unit`: clause, character, token or matched; `topic`: id in the codebook.
        - `n`: clauses with the topic, or the length of these clauses; `base`: counted units of the
          edition; `rate`: 100 n / base.
        - `assigned`: sum of *n* over all topics of the edition; `share`: n / assigned.

        An edition that is the new one of one redline and the old one of the next has rows for
        each, under its two corpora: they are two recovered texts, and need not agree.

    Raises
    ------
    InputError
        When there is no study, a corpus comes twice, or codebooks or options differ; it names
        every study that differs from the first.

    Notes
    -----
    Counts of texts of unlike length do not compare. Take `rate` (how much of a text speaks of a
    topic) or `share` (how its attention is divided; one topic's growth lowers all others').

    Examples
    --------
    >>> from resanalysis.collection import run_collection
    >>> studies = run_collection(["corpora/itu-pp-res-182", "tests/data/small"], draws=0)
    >>> clauses = topic_profiles(studies).query("unit == 'clause'")
    >>> table = clauses.pivot(index="topic", columns=["corpus", "edition"], values="share")
    >>> [edition for _, edition in table]
    ['2014-busan', '2022-bucharest', '2015-qingyu', '2023-lanxi']
    """
    check_studies(studies)
    return make_table("profiles", [row for study in studies for row in _list_profile(study)])


def compare_profiles(profiles: pd.DataFrame, *, unit: str = "clause") -> pd.DataFrame:
    r"""Measure how far the topics of every version are from those of every other.

    It answers such questions as: is the 2022 text nearer to its sibling than to its forerunner?

    Parameters
    ----------
    profiles : DataFrame
        Table `profiles`.
    unit : {"clause", "character", "token", "matched"}
        Unit whose shares are compared.

    Returns
    -------
    DataFrame
        Table `profile_distances`: one row per ordered pair of different versions, in the order of
        `profiles`:

        - `corpus`, `edition`; `other_corpus`, `other_edition`: which two.
        - `divergence`: Jensen-Shannon divergence of their shares, in bits: 0 for equal profiles, 1
          for versions without a common topic; NaN where one of them has no topic at all.

    Raises
    ------
    ValueError
        When the unit is none of those.
    InputError
        When versions have not the same topics: the rows are of different codebooks, or some are
        left out.

    Notes
    -----
    :math:`\mathrm{JSD}(p, q) = \frac12 \sum_t p_t \log_2 \frac{2 p_t}{p_t + q_t} + \frac12
    \sum_t q_t \log_2 \frac{2 q_t}{p_t + q_t}` [1]_. There is no null model: two short texts are
    apart by chance alone, and versions of one resolution are near because they share clauses. Read
    the order of the divergences, and differences between them only if they are large.

    References
    ----------
    .. [1] J. Lin (1991), Divergence Measures Based on the Shannon Entropy, IEEE Transactions on
       Information Theory 37(1): 145-151.

    Examples
    --------
    >>> from resanalysis.collection import run_collection
    >>> studies = run_collection(["corpora/itu-pp-res-182", "tests/data/small"], draws=0)
    >>> distances = compare_profiles(topic_profiles(studies))
    >>> nearest = distances.query("edition == '2022-bucharest'").nsmallest(1, "divergence")
    >>> nearest["other_edition"].item()
    '2014-busan'
    """
    if unit not in UNITS:
        raise ValueError(f"unit={unit!r}; give one of {', '.join(UNITS)}")
    rows = profiles[profiles["unit"] == unit]
    versions = rows.groupby(["corpus", "edition"], sort=False)
    counts: dict[Any, pd.Series[int]] = {
        name: part.set_index("topic")["n"].sort_index() for name, part in versions
    }
    _check_topics(counts)
    names = ("corpus", "edition", "other_corpus", "other_edition", "divergence")
    found = [
        dict(zip(names, (*one, *other, _diverge(counts[one], counts[other])), strict=True))
        for one, other in permutations(counts, 2)
    ]
    return make_table("profile_distances", found)


def _check_topics(counts: Mapping[Any, pd.Series[int]]) -> None:
    """Refuse versions whose topics are not those of the first one."""
    for name, n in counts.items():
        first = next(iter(counts))
        if not n.index.equals(counts[first].index):
            what = f"its topics are not those of {' '.join(first)}"
            remedy = "Take profiles that one call of topic_profiles made, with all their rows"
            raise input_error("profiles", " ".join(name), what, remedy)


def _diverge(one: pd.Series[int], other: pd.Series[int]) -> float:
    if not one.any() or not other.any():
        return float("nan")
    return float(diverge(*(np.asarray(n, np.float64) for n in (one, other)))[0])


def _list_profile(study: Study) -> list[dict[Any, Any]]:
    """Return one study's rows of `profiles`."""
    rows = study.shift[study.shift["breakdown"] == "total"]
    tables = [
        rows[["corpus", "unit", "topic"]].assign(
            edition=study.corpus.edition(version).id,
            version=version,
            year=study.corpus.edition(version).year,
            **{name: rows[f"{name}_{version}"] for name in _MEASURES},
        )
        for version in VERSIONS
    ]
    return [record for table in tables for record in table.to_dict("records")]
