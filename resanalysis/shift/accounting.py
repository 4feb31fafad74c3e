"""How often each topic is there in two editions, and where the change came from, exactly."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from resanalysis.model import BREAKDOWNS, UNITS, Codebook
from resanalysis.shift.laying import lay_corpora
from resanalysis.shift.layout import NONE, Floats, Ints, Layout, divide, subtract_parts
from resanalysis.tables import TABLES, make_from_columns

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ORIGINS = ("add", "sup", "mod_gain", "mod_loss", "moved_in", "moved_out")
"""Where a change may come from; with the signs + - + - + - they sum to `n_new - n_old`."""


def topic_shift(
    clauses: pd.DataFrame,
    tokens: pd.DataFrame,
    tags: pd.DataFrame,
    pairs: pd.DataFrame,
    topics: Sequence[str] | Codebook,
    *,
    draws: int = 2000,
    level: float = 0.95,
    seed: int = 0,
    absent: bool = True,
) -> pd.DataFrame:
    r"""Count every topic in both editions and account for each difference exactly.

    Parameters
    ----------
    clauses, tokens, tags : DataFrame
        Tables of both versions of a corpus, or of several, each of which is counted by itself;
        only clauses of `COUNTED_KINDS` count, and only tags and tokens inside them.
    pairs : DataFrame
        Table `pairs` of the same clauses; only its 1:1 and orphan rows count.
    topics : sequence of str or Codebook
        Topic ids in the order wanted, every tag's topic among them; or the codebook, which is
        compared with the one that the tags say they were made by.
    draws : int
        Bootstrap draws; 0 leaves the intervals out (NaN, `interval_model` is `none`).
    level : float
        Level of the percentile intervals, between 0 and 1.
    seed : int
        Seed of the draws; the same seed gives the same table.
    absent : bool
        Whether topics that neither edition has in a category have a row there, of zeros; in the
        breakdown `total` they always have.

    Returns
    -------
    DataFrame
        Table `shift`: one row per corpus, unit, breakdown, category and topic, in this order.
        Categories
        are `all`; parts; addressee sets; addressee sets with the strength of the verb (`SG 4`), to
        be compared within one addressee only. They come in the order of `pairs`, `none` for an
        empty one last.

        - `n_old`, `n_new`: *clause*: clauses with the topic; *character*, *token*: length of these
          clauses in characters, in tokens that are not punctuation; *matched*: characters under
          the topic's tags, overlaps once.
        - `base_old`, `base_new`: the same of the whole edition (for *matched*: characters), in
          every breakdown, so that the rates of the categories add up to those of `total`.
        - `assigned_old`, `assigned_new`: sum of *n* over all topics of the edition.
        - `rate_old`, `rate_new`: :math:`100 n / base`; `difference`: their difference, per 100
          units. A base of 0 gives a rate of 0.
        - `share_old`, `share_new`: *n* over `assigned`; 0 where nothing is tagged. Shares are
          compositional: one topic's growth lowers all others' (see `account_shift`).
        - `log_ratio`: :math:`\log_2 \frac{(n_{new} + 0.5) / base_{new}}{(n_{old} + 0.5) /
          base_{old}}`; 0 where a base is 0 or neither edition has the topic.
        - `add`, `sup`: *n* of clauses that one edition lacks. Of a clause in both, with *x* of the
          topic: `mod_gain` :math:`\max(x_{new} - x_{old}, 0)` in its new category, `mod_loss`
          :math:`\max(x_{old} - x_{new}, 0)` in its old one, and, where the categories differ,
          :math:`\min(x_{old}, x_{new})` is `moved_out` of the old and `moved_in` to the new.
          Swapping the editions swaps each of these with its counterpart, in every row.
        - `change_share`: the sum of these six over their sum in all rows of the breakdown: the
          topic's part of all that changed; 0 where nothing did.
        - columns in `_low` and `_high`: ends of the intervals, see Notes.

    Raises
    ------
    InputError
        When an edition has no counted clause, the pairs are not those of the clauses, a tag's
        topic is unknown, or the tags were made by another codebook.
    ValueError
        When `draws` or `level` is out of range.
    RuntimeError
        When ``n_new - n_old == add - sup + mod_gain - mod_loss + moved_in - moved_out`` fails in a
        row: a fault of this module, never of the input.

    Notes
    -----
    *Paired clause bootstrap*, adapted from [1]_. They take a text for one of many its authors might
    have written to the same end, and resample its coded sentences. Here the rows of `pairs` are
    resampled: a clause's two versions stand or fall together, because a clause kept is no
    independent evidence twice. Numerators and bases are both reweighted. Both texts are complete,
    so this is no sampling error; it says how far a figure hangs on single clauses. A topic without
    any hit stays at 0 in every draw, which is no certainty. There are no p-values.

    References
    ----------
    .. [1] K. Benoit, M. Laver and S. Mikhaylov (2009), Treating Words as Data with Error:
       Uncertainty in Text Statements of Policy Positions, American Journal of Political Science
       53(2): 495-513.

    Examples
    --------
    >>> import pandas as pd
    >>> row = {"corpus": "x", "kind": "clause", "part": "operative", "addressee": "SG"}
    >>> row |= {"strength": 4, "start": 0}
    >>> clauses = pd.DataFrame([
    ...     row | {"version": "old", "clause_id": "1", "text": "供水"},
    ...     row | {"version": "new", "clause_id": "1", "text": "供水"},
    ...     row | {"version": "new", "clause_id": "2", "text": "节约用水"}])
    >>> tags = pd.DataFrame({"version": ["old", "new", "new"], "clause_id": ["1", "1", "2"],
    ...     "topic": "water", "start": [1, 1, 3], "end": [2, 2, 4]})
    >>> pairs = pd.DataFrame({"old_id": ["1", ""], "new_id": ["1", "2"],
    ...     "change": ["NOC", "ADD"], "relation": "1:1"})
    >>> tokens = pd.DataFrame({"version": [], "clause_id": [], "is_punct": []})
    >>> shift = topic_shift(clauses, tokens, tags, pairs, ["water"])
    >>> shift.head(1)[["unit", "breakdown", "n_old", "n_new", "add"]].values.tolist()
    [['clause', 'total', 1, 2, 1]]
    """
    if draws < 0 or not 0 < level < 1:
        raise ValueError(f"draws={draws}, level={level}; give draws >= 0 and 0 < level < 1")
    laid = lay_corpora(clauses, tokens, tags, pairs, topics)
    return count_shift(laid, draws=draws, level=level, seed=seed, absent=absent)


def count_shift(
    laid: Layout, *, draws: int = 2000, level: float = 0.95, seed: int = 0, absent: bool = True
) -> pd.DataFrame:
    """Return what `topic_shift` does for tables that are laid out."""
    model = f"paired clause bootstrap, {100 * level:g} %, {draws} draws, seed {seed}"
    groups = {breakdown: _Groups.of(laid, breakdown) for breakdown in BREAKDOWNS}
    weights = _draw_weights(laid, draws, seed)
    cells: list[_Cells] = []
    for unit in UNITS:
        hits = _Hits.of(laid, unit)
        for breakdown, group in groups.items():
            found = _count(laid, unit, hits, group)
            if draws:
                found |= _intervals(laid, unit, group, weights, level)
            every = absent or breakdown == "total"
            kept = np.flatnonzero(every | (found["n_old"] > 0) | (found["n_new"] > 0))
            values = {name: column[kept] for name, column in found.items()}
            cells.append(_Cells(unit, breakdown, group, kept, values))
            _check_identity(laid, cells[-1])
    return _make_shift(laid, cells, model if draws else "none")


@dataclass(frozen=True)
class _Groups:
    """The categories of one breakdown, of all corpora, corpus after corpus.

    Attributes
    ----------
    corpus_of : ndarray of int
        Number of each category's corpus.
    names : list of str
        Its name.
    old, new : ndarray of int
        Number of the category of each row in each edition; -1 where there is no clause.
    """

    corpus_of: Ints
    names: list[str]
    old: Ints
    new: Ints

    @classmethod
    def of(cls, laid: Layout, breakdown: str) -> _Groups:
        """Return the categories in the order in which they come in the rows, `none` last."""
        sides = [side.categories(breakdown) for side in (laid.old, laid.new)]
        owners = laid.corpus_of.tolist()
        seen: dict[tuple[int, str], None] = {}
        for owner, *pair in zip(owners, *sides, strict=True):
            for name in pair:
                if name:
                    seen[owner, name] = None
        ordered = sorted(seen, key=lambda key: (key[0], key[1].split(" ")[0] == NONE))
        number = {key: k for k, key in enumerate(ordered)}
        old, new = (
            np.array([number.get(key, -1) for key in zip(owners, side, strict=True)], np.int64)
            for side in sides
        )
        corpus_of = np.array([key[0] for key in ordered], np.int64)
        return cls(corpus_of, [key[1] for key in ordered], old, new)


@dataclass(frozen=True)
class _Hits:
    """Rows and topics that either edition has, and how much of them in one unit."""

    row: Ints
    topic: Ints
    old: Ints
    new: Ints

    @classmethod
    def of(cls, laid: Layout, unit: str) -> _Hits:
        """Return the hits of a unit."""
        row, topic = np.nonzero((laid.old.counts["clause"] + laid.new.counts["clause"]) > 0)
        return cls(row, topic, *(side.counts[unit][row, topic] for side in (laid.old, laid.new)))


@dataclass(frozen=True)
class _Cells:
    """Values by category and topic of one unit and breakdown.

    Attributes
    ----------
    unit, breakdown : str
        Which.
    groups : _Groups
        The categories.
    number : ndarray of int
        Number of the category times the topics, plus the number of the topic.
    values : dict of ndarray
        Columns of the table.
    """

    unit: str
    breakdown: str
    groups: _Groups
    number: Ints
    values: Mapping[str, Any]


def _count(laid: Layout, unit: str, hits: _Hits, groups: _Groups) -> dict[str, Any]:
    """Return the columns but those of the intervals, by category and topic, flat."""
    topics, corpora = len(laid.topics), len(laid.corpora)
    size = len(groups.names) * topics
    old, new = groups.old[hits.row], groups.new[hits.row]
    least = np.minimum(hits.old, hits.new)
    both = (old >= 0) & (new >= 0)

    def add_up(category: Ints, amounts: Ints) -> Ints:
        there = category >= 0
        cell = category[there] * topics + hits.topic[there]
        # Sums of integers below 2**53, which floats hold exactly.
        return np.bincount(cell, amounts[there], minlength=size).astype(np.int64)

    def per_corpus(amounts: Ints, owners: Ints) -> Ints:
        whole = np.bincount(owners, amounts, minlength=corpora).astype(np.int64)
        return np.repeat(whole[groups.corpus_of], topics)

    owners = laid.corpus_of[hits.row]
    n_old, n_new = add_up(old, hits.old), add_up(new, hits.new)
    base_old, base_new = (
        per_corpus(side.bases[unit], laid.corpus_of) for side in (laid.old, laid.new)
    )
    assigned_old, assigned_new = per_corpus(hits.old, owners), per_corpus(hits.new, owners)
    origins = {
        "add": add_up(new, hits.new * (old < 0)),
        "sup": add_up(old, hits.old * (new < 0)),
        "mod_gain": add_up(new, (hits.new - least) * both),
        "mod_loss": add_up(old, (hits.old - least) * both),
        "moved_in": add_up(new, least * (both & (old != new))),
        "moved_out": add_up(old, least * (both & (old != new))),
    }
    gross = np.sum([*origins.values()], axis=0)
    rate_old, rate_new = divide(100 * n_old, base_old), divide(100 * n_new, base_new)
    return {
        "n_old": n_old,
        "n_new": n_new,
        "base_old": base_old,
        "base_new": base_new,
        "assigned_old": assigned_old,
        "assigned_new": assigned_new,
        "rate_old": rate_old,
        "rate_new": rate_new,
        "share_old": divide(n_old, assigned_old),
        "share_new": divide(n_new, assigned_new),
        "difference": 100 * subtract_parts(n_old, n_new, base_old, base_new),
        "log_ratio": _log_ratio(n_old, n_new, base_old, base_new),
        "share_difference": subtract_parts(n_old, n_new, assigned_old, assigned_new),
        **origins,
        "change_share": divide(gross, per_corpus(gross, np.repeat(groups.corpus_of, topics))),
    }


def _check_identity(laid: Layout, cells: _Cells) -> None:
    columns = cells.values
    gained = columns["add"] + columns["mod_gain"] + columns["moved_in"]
    lost = columns["sup"] + columns["mod_loss"] + columns["moved_out"]
    wrong = np.flatnonzero(columns["n_new"] - columns["n_old"] != gained - lost)
    if len(wrong):
        category, topic = divmod(int(cells.number[wrong[0]]), len(laid.topics))
        place = (cells.unit, cells.breakdown, cells.groups.names[category], laid.topics[topic])
        raise RuntimeError(
            f"accounting does not add up in row {', '.join(place)}; please report it"
        )


def _make_shift(laid: Layout, cells: Sequence[_Cells], model: str) -> pd.DataFrame:
    """Return the table, corpus after corpus."""
    topics = len(laid.topics)
    category = [part.number // topics for part in cells]
    owner = [part.groups.corpus_of[which] for part, which in zip(cells, category, strict=True)]
    order = np.argsort(np.concatenate(owner), kind="stable")
    sizes = [len(part.number) for part in cells]

    def spell(names: Sequence[str], numbers: Ints) -> Any:
        return pd.array(names, dtype="str").take(numbers[order])

    def repeat(names: Sequence[str]) -> Any:
        return spell(names, np.repeat(np.arange(len(names)), sizes))

    before = np.cumsum([0, *(len(part.groups.names) for part in cells)])
    columns: dict[str, Any] = {
        "corpus": spell(laid.corpora, np.concatenate(owner)),
        "unit": repeat([part.unit for part in cells]),
        "breakdown": repeat([part.breakdown for part in cells]),
        "category": spell(
            [name for part in cells for name in part.groups.names],
            np.concatenate([b + which for b, which in zip(before, category, strict=False)]),
        ),
        "topic": spell(laid.topics, np.concatenate([part.number % topics for part in cells])),
        "interval_model": np.full(len(order), model, dtype=object),
    }
    nothing = np.full(len(order), np.nan)
    for column in TABLES["shift"]:
        if column.name in cells[0].values:
            values = [part.values[column.name] for part in cells]
            columns[column.name] = np.concatenate(values)[order]
        elif column.name not in columns:
            columns[column.name] = nothing
    return make_from_columns("shift", columns)


def _draw_weights(laid: Layout, draws: int, seed: int) -> list[Floats]:
    """Return for each corpus, draws x rows, how often each of its rows is drawn."""
    weights = []
    for rows in np.bincount(laid.corpus_of, minlength=len(laid.corpora)).tolist() if draws else ():
        rng = np.random.Generator(np.random.PCG64(seed))
        weights.append(rng.multinomial(rows, [1 / rows] * rows, size=draws).astype(np.float64))
    return weights


def _intervals(
    laid: Layout, unit: str, groups: _Groups, weights: Sequence[Floats], level: float
) -> dict[str, Floats]:
    """Return the columns of the intervals, by category and topic, flat."""
    found: dict[str, list[Floats]] = {}
    for corpus, drawn in enumerate(weights):
        rows = laid.corpus_of == corpus
        names = np.flatnonzero(groups.corpus_of == corpus)
        before, after = (
            _resample(side.counts[unit][rows], side.bases[unit][rows], category[rows], names, drawn)
            for side, category in ((laid.old, groups.old), (laid.new, groups.new))
        )
        values = {
            "difference": divide(100 * after.n, after.base) - divide(100 * before.n, before.base),
            "log_ratio": _log_ratio(before.n, after.n, before.base, after.base),
            "share_difference": divide(after.n, after.assigned) - divide(before.n, before.assigned),
        }
        for name, each in values.items():
            low, high = np.quantile(each, [(1 - level) / 2, (1 + level) / 2], axis=0)
            found.setdefault(f"{name}_low", []).append(low)
            found.setdefault(f"{name}_high", []).append(high)
    return {name: np.concatenate(parts) for name, parts in found.items()}


@dataclass(frozen=True)
class _Drawn:
    """One edition in every draw."""

    n: Floats  # draws x (categories x topics)
    base: Floats  # draws x 1
    assigned: Floats  # draws x 1


def _resample(n: Ints, base: Ints, category: Ints, names: Ints, weights: Floats) -> _Drawn:
    member = (category[:, None] == names).astype(np.int64)
    cells = (member[:, :, None] * n[:, None, :]).reshape(len(n), -1)
    return _Drawn(
        n=weights @ cells,
        base=(weights @ base)[:, None],
        assigned=(weights @ n.sum(axis=1))[:, None],
    )


def _log_ratio(n_old: Any, n_new: Any, base_old: Any, base_new: Any) -> Floats:
    """Return log2 of the ratio of rates, 0.5 added to the counts; 0 where it is not defined."""
    defined = (n_old + n_new > 0) & (base_old > 0) & (base_new > 0)
    bases = np.log2(np.maximum(base_new, 1) / np.maximum(base_old, 1))
    return np.where(defined, np.log2((n_new + 0.5) / (n_old + 0.5)) - bases, 0.0)
