"""The statistics: how often each topic is there in two editions, where the change came from."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from resanalysis.model import (
    BREAKDOWNS,
    COUNTED_KINDS,
    UNITS,
    InputError,
    Problem,
    make_table,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import pandas as pd

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


def topic_shift(
    clauses: pd.DataFrame,
    tokens: pd.DataFrame,
    tags: pd.DataFrame,
    pairs: pd.DataFrame,
    topics: Sequence[str],
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
    topics : sequence of str
        Topic ids in the codebook's order; every tag's topic must be among them.
    draws : int
        Bootstrap draws; 0 leaves the intervals out (NaN, `interval_model` is `none`).
    level : float
        Level of the percentile intervals, between 0 and 1.
    seed : int
        Seed of the draws; the same seed gives the same table.

    Returns
    -------
    DataFrame
        Table `shift`: one row per unit, breakdown, category (`all`; parts and addressee sets
        in the order of `pairs`, `none` for an empty one last) and topic, in this order.

        - `n_old`, `n_new`: *clause*: clauses with the topic; *character*, *token*: length of these
          clauses in characters, in tokens that are not punctuation; *matched*: characters under
          the topic's tags, overlaps once.
        - `base_old`, `base_new`: the same of the whole edition (for *matched*: characters), in
          every breakdown, so that the rates of the categories add up to those of `total`.
        - `rate_old`, `rate_new`: :math:`100 n / base`; `difference`: their difference, per 100
          units. A base of 0 gives a rate of 0.
        - `share_old`, `share_new`: *n* over the sum of *n* of all topics in the edition; 0 where
          nothing is tagged. Shares are compositional: one topic's growth lowers all others'.
        - `log_ratio`: :math:`\log_2 \frac{(n_{new} + 0.5) / base_{new}}{(n_{old} + 0.5) /
          base_{old}}`; 0 where a base is 0 or neither edition has the topic.
        - `add`, `sup`: *n* of clauses that one edition lacks. Of a clause in both, with *x* of the
          topic: `mod_gain` :math:`\max(x_{new} - x_{old}, 0)` in its new category, `mod_loss`
          :math:`\max(x_{old} - x_{new}, 0)` in its old one, and, where the categories differ,
          :math:`\min(x_{old}, x_{new})` is `moved_out` of the old and `moved_in` to the new.
          Swapping the editions swaps each of these with its counterpart, in every row.
        - `difference_low` to `share_difference_high`: ends of the intervals, see Notes.

    Raises
    ------
    InputError
        When an edition has no counted clause, the pairs are not those of the clauses, or a tag's
        topic is unknown.
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
    >>> row = {"corpus": "x", "kind": "clause", "part": "operative", "addressee": "SG", "start": 0}
    >>> clauses = pd.DataFrame([
    ...     row | {"version": "old", "clause_id": "1", "text": "供水"},
    ...     row | {"version": "new", "clause_id": "1", "text": "供水"},
    ...     row | {"version": "new", "clause_id": "2", "text": "节约用水"}])
    >>> tags = pd.DataFrame({"version": ["old", "new", "new"], "clause_id": ["1", "1", "2"],
    ...     "topic": "water", "start": [1, 1, 3], "end": [2, 2, 4]})
    >>> pairs = pd.DataFrame({"old_id": ["1", ""], "new_id": ["1", "2"], "relation": "1:1"})
    >>> tokens = pd.DataFrame({"version": [], "clause_id": [], "is_punct": []})
    >>> shift = topic_shift(clauses, tokens, tags, pairs, ["water"])
    >>> shift.head(1)[["unit", "breakdown", "n_old", "n_new", "add"]].values.tolist()
    [['clause', 'total', 1, 2, 1]]
    """
    if draws < 0 or not 0 < level < 1:
        raise ValueError(f"draws={draws}, level={level}; give draws >= 0 and 0 < level < 1")
    counted = clauses[clauses["kind"].isin(COUNTED_KINDS)].sort_values("start", kind="stable")
    rows = pairs[pairs["relation"] == "1:1"]
    _check_input(clauses, counted, rows, tags, topics)
    old, new = (
        _lay_along(rows[f"{version}_id"].tolist(), topics, *_choose(version, counted, tokens, tags))
        for version in ("old", "new")
    )
    rng = np.random.Generator(np.random.PCG64(seed))
    weights = rng.multinomial(len(rows), [1 / len(rows)] * len(rows), size=draws).astype(np.float64)
    model = f"paired clause bootstrap, {100 * level:g} %, {draws} draws, seed {seed}"
    records: list[dict[str, Any]] = []
    for unit in UNITS:
        for breakdown in BREAKDOWNS:
            names = _order_categories(old.categories[breakdown], new.categories[breakdown])
            before, after = (_count(side, unit, breakdown, names) for side in (old, new))
            columns = _compare(before, after) | _account(before, after)
            columns |= _intervals(before, after, weights, level)
            keys = [(name, topic) for name in names for topic in topics]
            _check_identity(columns, [f"{unit}, {breakdown}, {c}, {t}" for c, t in keys])
            records += [
                {
                    "corpus": counted["corpus"].iloc[0],
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
class _Side:
    """One edition laid along the rows of `pairs`; a row without its clause holds zeros and ""."""

    counts: Mapping[str, Ints]  # by unit: rows x topics
    bases: Mapping[str, Ints]  # by unit: rows
    categories: Mapping[str, list[str]]  # by breakdown: rows


@dataclass(frozen=True)
class _Counts:
    """One edition, one unit, one breakdown."""

    n: Ints  # rows x topics
    base: Ints  # rows
    member: Ints  # rows x categories: 1 where the row's clause is of the category

    def sum(self, amounts: Ints) -> Ints:
        """Return amounts of rows x topics summed by category and topic, flat."""
        return (self.member.T @ amounts).ravel()


def _check_input(
    clauses: pd.DataFrame,
    counted: pd.DataFrame,
    rows: pd.DataFrame,
    tags: pd.DataFrame,
    topics: Sequence[str],
) -> None:
    file = str(clauses["corpus"].iloc[0]) if len(clauses) else "clauses"
    problems = []
    for version in ("old", "new"):
        known = Counter(counted.loc[counted["version"] == version, "clause_id"])
        paired = Counter(name for name in rows[f"{version}_id"] if name)
        if not known:
            what = f"no {', '.join(COUNTED_KINDS)} to count"
            remedy = "Check how its text was parsed"
        elif odd := sorted((known - paired) + (paired - known)):
            what = f"not in exactly one 1:1 row of pairs: {', '.join(odd[:5])}"
            remedy = "Align these clauses again"
        else:
            continue
        problems.append(Problem("error", file, f"{version} version", what, remedy))
    if unknown := sorted(set(tags["topic"]) - set(topics)):
        what = f"tags of topics that are not counted: {', '.join(unknown[:5])}"
        remedy = "Pass all topics of the codebook, or drop these tags"
        problems.append(Problem("error", file, "tags", what, remedy))
    if problems:
        raise InputError(problems)


def _choose(version: str, *tables: pd.DataFrame) -> list[pd.DataFrame]:
    return [table[table["version"] == version] for table in tables]


def _lay_along(
    order: list[str],
    topics: Sequence[str],
    clauses: pd.DataFrame,
    tokens: pd.DataFrame,
    tags: pd.DataFrame,
) -> _Side:
    by_id = clauses.set_index("clause_id")

    def lay(values: pd.Series[Any]) -> Ints:
        return values.reindex(order, fill_value=0).to_numpy(np.int64)

    characters = lay(by_id["text"].str.len())
    words = lay(tokens[~tokens["is_punct"].astype(bool)].groupby("clause_id").size())
    matched = np.zeros((len(order), len(topics)), dtype=np.int64)
    row_of = {name: row for row, name in enumerate(order) if name}
    column_of = {topic: column for column, topic in enumerate(topics)}
    for name, topic, spans in _gather_spans(tags):
        if name in row_of:
            matched[row_of[name], column_of[topic]] = _cover(spans)
    has = (matched > 0).astype(np.int64)
    return _Side(
        counts={
            "clause": has,
            "character": has * characters[:, None],
            "token": has * words[:, None],
            "matched": matched,
        },
        bases={
            "clause": np.array([name != "" for name in order], np.int64),
            "character": characters,
            "token": words,
            "matched": characters,
        },
        categories={"total": ["all" if name else "" for name in order]}
        | {
            breakdown: by_id[breakdown].replace("", "none").reindex(order, fill_value="").tolist()
            for breakdown in BREAKDOWNS
            if breakdown != "total"
        },
    )


def _gather_spans(tags: pd.DataFrame) -> list[tuple[str, str, list[tuple[int, int]]]]:
    spans: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
    columns = (tags[name].tolist() for name in ("clause_id", "topic", "start", "end"))
    for name, topic, start, end in zip(*columns, strict=True):
        spans[name, topic].append((start, end))
    return [(*key, found) for key, found in spans.items()]


def _cover(spans: Iterable[tuple[int, int]]) -> int:
    """Return the number of characters under the spans, overlaps once."""
    covered = reached = 0
    for start, end in sorted(spans):
        covered += max(end - max(start, reached), 0)
        reached = max(reached, end)
    return covered


def _order_categories(old: list[str], new: list[str]) -> list[str]:
    names = dict.fromkeys(name for pair in zip(old, new, strict=True) for name in pair if name)
    return sorted(names, key="none".__eq__)


def _count(side: _Side, unit: str, breakdown: str, names: list[str]) -> _Counts:
    category = np.array(side.categories[breakdown], dtype=object)
    member = (category[:, None] == np.array(names, dtype=object)).astype(np.int64)
    return _Counts(n=side.counts[unit], base=side.bases[unit], member=member)


def _compare(old: _Counts, new: _Counts) -> dict[str, Any]:
    n_old, n_new = old.sum(old.n), new.sum(new.n)
    base_old, base_new = int(old.base.sum()), int(new.base.sum())
    rate_old, rate_new = _divide(100 * n_old, base_old), _divide(100 * n_new, base_new)
    share_old, share_new = _divide(n_old, old.n.sum()), _divide(n_new, new.n.sum())
    defined = (n_old + n_new > 0) & (base_old > 0) & (base_new > 0)
    ratio = np.log2((n_new + 0.5) / (n_old + 0.5)) - np.log2(max(base_new, 1) / max(base_old, 1))
    return {
        "n_old": n_old,
        "n_new": n_new,
        "base_old": np.full_like(n_old, base_old),
        "base_new": np.full_like(n_new, base_new),
        "rate_old": rate_old,
        "rate_new": rate_new,
        "share_old": share_old,
        "share_new": share_new,
        "difference": rate_new - rate_old,
        "log_ratio": np.where(defined, ratio, 0.0),
        "share_difference": share_new - share_old,
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
    rates, shares = zip(*(_resample(side, weights) for side in (old, new)), strict=True)
    ends = [(1 - level) / 2, (1 + level) / 2]
    found: dict[str, Floats] = {}
    for name, (before, after) in (("difference", rates), ("share_difference", shares)):
        drawn = after - before
        if len(drawn):
            low, high = np.quantile(drawn, ends, axis=0)
        else:
            low = high = np.full(drawn.shape[1], np.nan)
        found |= {f"{name}_low": low, f"{name}_high": high}
    return found


def _resample(side: _Counts, weights: Floats) -> tuple[Floats, Floats]:
    """Return rates and shares of each draw: draws x (categories x topics)."""
    cells = (side.member[:, :, None] * side.n[:, None, :]).reshape(len(side.n), -1)
    drawn = weights @ cells
    rates = _divide(100 * drawn, (weights @ side.base)[:, None])
    return rates, _divide(drawn, (weights @ side.n.sum(axis=1))[:, None])


def _divide(amount: Any, whole: Any) -> Floats:
    """Return amount / whole, 0 where the whole is 0."""
    top, below = np.broadcast_arrays(np.asarray(amount, float), np.asarray(whole, float))
    result = np.zeros(top.shape)
    np.divide(top, below, out=result, where=below > 0)
    return result
