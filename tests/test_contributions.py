"""Contributions: by hand, and against exact fractions on random resolutions."""

from __future__ import annotations

import time
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from resolutions import SG, Resolution, link, resolutions, swap

from resanalysis.shift.contributions import account_shift
from resanalysis.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator

SIGNS = {"add": 1, "sup": -1, "mod_gain": 1, "mod_loss": -1, "moved_in": 1, "moved_out": -1}
WHOLES = {"rate": "base", "share": "assigned"}
KEYS = ["unit", "breakdown", "category", "topic", "measure", "origin"]
DIFFERENCES = {"rate": "difference", "share": "share_difference"}


def a_row(**values: Any) -> pd.DataFrame:
    row: dict[str, Any] = dict.fromkeys(SIGNS, 0)
    row |= {"corpus": "x", "unit": "clause", "breakdown": "total", "category": "all"}
    row |= {"topic": "water", "base_old": 10, "base_new": 10, "assigned_old": 10}
    row |= {"assigned_new": 10, "n_old": 0, "n_new": 0}
    return pd.DataFrame([row | values])


def parts_of(contributions: pd.DataFrame, measure: str) -> dict[str, float]:
    rows = contributions[contributions["measure"] == measure]
    return dict(zip(rows["origin"], rows["contribution"], strict=True))


def fractions_of(row: dict[Any, Any], whole: str) -> Iterator[tuple[str, Fraction]]:
    """Yield the parts of n / whole, each as the exact fraction that the formula says."""
    old, new = int(row[f"{whole}_old"]), int(row[f"{whole}_new"])
    inverses = [Fraction(1, total) for total in (old, new) if total]
    weight = sum(inverses, Fraction()) / max(len(inverses), 1)
    for origin, sign in SIGNS.items():
        yield origin, sign * int(row[origin]) * weight
    mean = Fraction(int(row["n_old"]) + int(row["n_new"]), 2)
    yield "composition", mean * (inverses[1] - inverses[0]) if len(inverses) == 2 else Fraction()


# --- by hand ------------------------------------------------------------------------------------


def test_an_unchanged_topic_falls_by_composition_alone() -> None:
    # Four topics of 10 assignments each, of which another grows to 40: 10/40 = .25, 10/70 = .143.
    shift = a_row(n_old=10, n_new=10, assigned_old=40, assigned_new=70)
    parts = parts_of(account_shift(shift), "share")
    assert parts.pop("composition") == pytest.approx(10 / 70 - 0.25)
    assert set(parts.values()) == {0.0}


def test_rates_by_hand() -> None:
    # 2 of 4 clauses, then 3 of 5: three added, two suppressed. A clause is worth (25 + 20) / 2.
    shift = a_row(n_old=2, n_new=3, base_old=4, base_new=5, add=3, sup=2)
    parts = parts_of(account_shift(shift), "rate")
    assert parts["add"] == pytest.approx(67.5)
    assert parts["sup"] == pytest.approx(-45)
    assert parts["composition"] == pytest.approx(2.5 * (20 - 25))


def test_a_count_has_no_composition() -> None:
    shift = a_row(n_old=2, n_new=3, base_old=4, base_new=5, add=3, sup=2)
    parts = parts_of(account_shift(shift), "count")
    assert parts == dict.fromkeys(SIGNS, 0) | {"add": 3, "sup": -2, "composition": 0}


@pytest.mark.parametrize("turned", [False, True])
def test_a_whole_of_zero_leaves_all_to_what_clauses_did(turned: bool) -> None:
    values = {"n_new": 3, "assigned_old": 0, "assigned_new": 6, "add": 3}
    if turned:
        values = {"n_old": 3, "assigned_old": 6, "assigned_new": 0, "sup": 3}
    parts = parts_of(account_shift(a_row(**values)), "share")
    assert parts["sup" if turned else "add"] == (-0.5 if turned else 0.5)
    assert parts["composition"] == 0


def test_two_wholes_of_zero_give_zeros() -> None:
    shift = account_shift(a_row(assigned_old=0, assigned_new=0))
    assert not shift["contribution"].any()


def test_table_has_seven_rows_of_three_measures_per_row() -> None:
    resolution = Resolution(old=[(SG, "水")], new=[(SG, "水"), (SG, "碳")])
    shift = resolution.shift(link(("c0", "c0"), ("", "c1")))
    table = account_shift(shift)
    assert list(table) == [column.name for column in TABLES["contributions"]]
    keys = list(shift[KEYS[:4]].itertuples(index=False, name=None))
    origins = [*SIGNS, "composition"]
    expected = [(*key, m, o) for key in keys for m in ("count", "rate", "share") for o in origins]
    assert list(table[KEYS].itertuples(index=False, name=None)) == expected


def test_a_table_without_rows_gives_one_without_rows() -> None:
    assert account_shift(a_row().head(0)).empty


def test_the_input_is_not_changed() -> None:
    shift = a_row(n_new=1, add=1)
    kept = shift.copy()
    account_shift(shift)
    pd.testing.assert_frame_equal(shift, kept)


def test_an_account_that_does_not_add_up_is_refused() -> None:
    with pytest.raises(RuntimeError, match="clause, total, all, water"):
        account_shift(a_row(n_new=2, add=1))


def test_wholes_too_large_for_64_bits_are_checked_exactly() -> None:
    huge = 2**62
    shift = a_row(n_old=huge - 1, n_new=huge, base_old=huge, base_new=huge, add=1)
    shift = shift.assign(assigned_old=huge, assigned_new=huge)
    assert parts_of(account_shift(shift), "share")["add"] == pytest.approx(2.0**-62)
    with pytest.raises(RuntimeError):
        account_shift(shift.assign(add=2))


def test_thousands_of_rows_take_no_time() -> None:
    shift = pd.concat([a_row(n_old=1, n_new=2, add=1)] * 5000, ignore_index=True)
    started = time.perf_counter()
    account_shift(shift)
    assert time.perf_counter() - started < 2  # some 0.1 s; the rest is for a busy machine


# --- what always holds --------------------------------------------------------------------------


@given(resolutions())
@settings(max_examples=40, deadline=None)
def test_every_part_is_the_exact_fraction(resolution: Resolution) -> None:
    shift = resolution.shift(draws=0)
    table = account_shift(shift)
    values = {m: table.loc[table["measure"] == m, "contribution"].to_numpy() for m in WHOLES}
    for measure, whole in WHOLES.items():
        scale = 100 if measure == "rate" else 1
        exact = [dict(fractions_of(row, whole)) for row in shift.to_dict("records")]
        expected = [float(scale * part) for parts in exact for part in parts.values()]
        np.testing.assert_allclose(values[measure], expected, rtol=0, atol=1e-12)
        for row, parts in zip(shift.to_dict("records"), exact, strict=True):
            ends = [
                Fraction(int(row[f"n_{v}"]), int(row[f"{whole}_{v}"]) or 1) for v in ("old", "new")
            ]
            assert sum(parts.values()) == ends[1] - ends[0]


@given(resolutions())
@settings(max_examples=40, deadline=None)
def test_parts_sum_to_the_differences_of_the_shift(resolution: Resolution) -> None:
    shift = resolution.shift(draws=0)
    sums = account_shift(shift).groupby(["measure", *KEYS[:4]], sort=False)["contribution"].sum()
    for measure, column in DIFFERENCES.items():
        np.testing.assert_allclose(sums[measure], shift[column], rtol=0, atol=1e-12)
    np.testing.assert_array_equal(sums["count"], shift["n_new"] - shift["n_old"])


@given(resolutions())
@settings(max_examples=40, deadline=None)
def test_swapping_the_editions_negates_every_part(resolution: Resolution) -> None:
    pairs = resolution.pairs()
    turned, turned_pairs = swap(resolution, pairs)
    forth = account_shift(resolution.shift(pairs, draws=0)).set_index(KEYS)["contribution"]
    back = account_shift(turned.shift(turned_pairs, draws=0))
    counterpart = {"add": "sup", "mod_gain": "mod_loss", "moved_in": "moved_out"}
    counterpart |= {other: name for name, other in counterpart.items()}
    back["origin"] = back["origin"].replace(counterpart)
    negated = -back.set_index(KEYS)["contribution"]
    assert (forth == negated.reindex(forth.index)).all()


@given(resolutions())
@settings(max_examples=20, deadline=None)
def test_composition_of_all_shares_and_what_clauses_did_cancel(resolution: Resolution) -> None:
    shift = resolution.shift(draws=0).query("breakdown == 'total'")
    shares = account_shift(shift).query("measure == 'share'")
    row = shift.iloc[0]
    if row["assigned_old"] and row["assigned_new"]:
        total = shares[shares["unit"] == "clause"]["contribution"].sum()
        assert total == pytest.approx(0, abs=1e-12)
