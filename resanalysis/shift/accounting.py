"""How often each topic is there in two editions, and where the change came from, exactly."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from resanalysis.model import BREAKDOWNS, UNITS, Codebook
from resanalysis.shift.layout import (
    NONE,
    Floats,
    Ints,
    Layout,
    Side,
    divide,
    lay_out,
    subtract_parts,
)
from resanalysis.tables import make_table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

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
) -> pd.DataFrame:
    r"""Count every topic in both editions and account for each difference exactly.

    Parameters
    ----------
    clauses, tokens, tags : DataFrame
        Tables of both versions of one corpus; only clauses of `COUNTED_KINDS` count, and only tags
        and tokens inside them.
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

    Returns
    -------
    DataFrame
        Table `shift`: one row per unit, breakdown, category and topic, in this order. Categories
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
    laid = lay_out(clauses, tokens, tags, pairs, topics)
    return count_shift(laid, draws=draws, level=level, seed=seed)


def count_shift(
    laid: Layout, *, draws: int = 2000, level: float = 0.95, seed: int = 0
) -> pd.DataFrame:
    """Return what `topic_shift` does for tables that are laid out."""
    rows = len(laid.changes)
    rng = np.random.Generator(np.random.PCG64(seed))
    weights = rng.multinomial(rows, [1 / rows] * rows, size=draws).astype(np.float64)
    model = f"paired clause bootstrap, {100 * level:g} %, {draws} draws, seed {seed}"
    records: list[dict[str, Any]] = []
    for unit in UNITS:
        for breakdown in BREAKDOWNS:
            sides = (laid.old, laid.new)
            names = _order_categories(*(side.categories(breakdown) for side in sides))
            before, after = (_count(side, unit, breakdown, names) for side in sides)
            columns = _compare(before, after) | _account(before, after)
            gross = sum(columns[origin] for origin in ORIGINS)
            columns["change_share"] = divide(gross, gross.sum())
            columns |= _intervals(before, after, weights, level)
            keys = [(name, topic) for name in names for topic in laid.topics]
            _check_identity(columns, [f"{unit}, {breakdown}, {c}, {t}" for c, t in keys])
            records += [
                {
                    "corpus": laid.corpus,
                    "unit": unit,
                    "breakdown": breakdown,
                    "category": category,
                    "topic": topic,
                    "interval_model": model if draws else "none",
                }
                | {column: values[k] for column, values in columns.items()}
                for k, (category, topic) in enumerate(keys)
            ]
    return make_table("shift", records)


@dataclass(frozen=True)
class _Counts:
    """One edition, one unit, one breakdown."""

    n: Ints  # rows x topics
    base: Ints  # rows
    member: Ints  # rows x categories: 1 where the row's clause is of the category

    def sum(self, amounts: Ints) -> Ints:
        """Return amounts of rows x topics summed by category and topic, flat."""
        return (self.member.T @ amounts).ravel()


def _order_categories(old: list[str], new: list[str]) -> list[str]:
    names = dict.fromkeys(name for pair in zip(old, new, strict=True) for name in pair if name)
    return sorted(names, key=lambda name: name.split(" ")[0] == NONE)


def _count(side: Side, unit: str, breakdown: str, names: list[str]) -> _Counts:
    category = np.array(side.categories(breakdown), dtype=object)
    member = (category[:, None] == np.array(names, dtype=object)).astype(np.int64)
    return _Counts(n=side.counts[unit], base=side.bases[unit], member=member)


def _compare(old: _Counts, new: _Counts) -> dict[str, Any]:
    n_old, n_new = old.sum(old.n), new.sum(new.n)
    base_old, base_new = int(old.base.sum()), int(new.base.sum())
    rate_old, rate_new = divide(100 * n_old, base_old), divide(100 * n_new, base_new)
    share_old, share_new = divide(n_old, old.n.sum()), divide(n_new, new.n.sum())
    return {
        "n_old": n_old,
        "n_new": n_new,
        "base_old": np.full_like(n_old, base_old),
        "base_new": np.full_like(n_new, base_new),
        "assigned_old": np.full_like(n_old, old.n.sum()),
        "assigned_new": np.full_like(n_new, new.n.sum()),
        "rate_old": rate_old,
        "rate_new": rate_new,
        "share_old": share_old,
        "share_new": share_new,
        "difference": 100 * subtract_parts(n_old, n_new, base_old, base_new),
        "log_ratio": _log_ratio(n_old, n_new, base_old, base_new),
        "share_difference": subtract_parts(n_old, n_new, old.n.sum(), new.n.sum()),
    }


def _account(old: _Counts, new: _Counts) -> dict[str, Ints]:
    in_old, in_new = (np.any(side.member, axis=1, keepdims=True) for side in (old, new))
    moves = in_old & in_new & np.any(old.member != new.member, axis=1, keepdims=True)
    least = np.minimum(old.n, new.n)
    return {
        "add": new.sum(new.n * ~in_old),
        "sup": old.sum(old.n * ~in_new),
        "mod_gain": new.sum((new.n - least) * in_old),
        "mod_loss": old.sum((old.n - least) * in_new),
        "moved_in": new.sum(least * moves),
        "moved_out": old.sum(least * moves),
    }


def _check_identity(columns: Mapping[str, Ints], names: list[str]) -> None:
    gained = columns["add"] + columns["mod_gain"] + columns["moved_in"]
    lost = columns["sup"] + columns["mod_loss"] + columns["moved_out"]
    wrong = np.flatnonzero(columns["n_new"] - columns["n_old"] != gained - lost)
    if len(wrong):
        raise RuntimeError(f"accounting does not add up in row {names[wrong[0]]}; please report it")


def _intervals(old: _Counts, new: _Counts, weights: Floats, level: float) -> dict[str, Floats]:
    before, after = (_resample(side, weights) for side in (old, new))
    drawn = {
        "difference": divide(100 * after.n, after.base) - divide(100 * before.n, before.base),
        "log_ratio": _log_ratio(before.n, after.n, before.base, after.base),
        "share_difference": divide(after.n, after.assigned) - divide(before.n, before.assigned),
    }
    found: dict[str, Floats] = {}
    for name, values in drawn.items():
        if len(values):
            low, high = np.quantile(values, [(1 - level) / 2, (1 + level) / 2], axis=0)
        else:
            low = high = np.full(values.shape[1], np.nan)
        found |= {f"{name}_low": low, f"{name}_high": high}
    return found


@dataclass(frozen=True)
class _Drawn:
    """One edition in every draw."""

    n: Floats  # draws x (categories x topics)
    base: Floats  # draws x 1
    assigned: Floats  # draws x 1


def _resample(side: _Counts, weights: Floats) -> _Drawn:
    cells = (side.member[:, :, None] * side.n[:, None, :]).reshape(len(side.n), -1)
    return _Drawn(
        n=weights @ cells,
        base=(weights @ side.base)[:, None],
        assigned=(weights @ side.n.sum(axis=1))[:, None],
    )


def _log_ratio(n_old: Any, n_new: Any, base_old: Any, base_new: Any) -> Floats:
    """Return log2 of the ratio of rates, 0.5 added to the counts; 0 where it is not defined."""
    defined = (n_old + n_new > 0) & (base_old > 0) & (base_new > 0)
    bases = np.log2(np.maximum(base_new, 1) / np.maximum(base_old, 1))
    return np.where(defined, np.log2((n_new + 0.5) / (n_old + 0.5)) - bases, 0.0)
