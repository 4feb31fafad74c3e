"""The distance of topic profiles: by hand, against SciPy, and on random resolutions."""

from __future__ import annotations

from math import log2
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from resolutions import SG, Clause, Resolution, editions, link, resolutions, swap
from scipy.spatial.distance import jensenshannon

from resanalysis.model import UNITS
from resanalysis.shift import distance, swapping
from resanalysis.shift.distance import profile_distance
from resanalysis.shift.swapping import draw_swaps
from resanalysis.tables import TABLES

SAME = ["divergence", "part", "null_median", "null_high", "p_value"]


def run(resolution: Resolution, pairs: pd.DataFrame | None = None, **options: Any) -> pd.DataFrame:
    return profile_distance(
        resolution.clauses,
        resolution.tokens,
        resolution.tags,
        resolution.pairs() if pairs is None else pairs,
        list(resolution.terms),
        **({"draws": 50} | options),
    )


def edit(*rows: tuple[str, str]) -> tuple[Resolution, pd.DataFrame]:
    """Return editions and pairs from the two texts of each row; an empty text is no clause."""
    old: list[Clause] = []
    new: list[Clause] = []
    ids = []
    for before, after in rows:
        ids.append((f"c{len(old)}" if before else "", f"c{len(new)}" if after else ""))
        old += [(SG, before)] if before else []
        new += [(SG, after)] if after else []
    return Resolution(old, new), link(*ids)


# --- by hand ------------------------------------------------------------------------------------


def test_a_profile_that_halves_is_taken_apart_by_hand() -> None:
    table = run(*edit(("水", "水碳")))
    assert list(table) == [column.name for column in TABLES["distance"]]
    assert table["topic"].tolist() == ["all", "water", "carbon", "disaster"]
    assert table["share_old"].tolist() == [1, 1, 0, 0]
    assert table["share_new"].tolist() == [1, 0.5, 0.5, 0]
    water = (log2(1 / 0.75) + 0.5 * log2(0.5 / 0.75)) / 2
    carbon = 0.5 * log2(0.5 / 0.25) / 2
    parts = [water + carbon, water, carbon, 0]
    assert table["divergence"].tolist() == pytest.approx(parts, rel=1e-12)
    assert table["part"].tolist() == pytest.approx([x / parts[0] for x in parts], rel=1e-12)


def test_profiles_without_a_common_topic_are_one_bit_apart() -> None:
    table = run(*edit(("水", "碳灾")))
    assert table["divergence"].tolist() == pytest.approx([1, 0.5, 0.25, 0.25])


def test_units_are_counted_as_in_the_shift() -> None:
    # Matched characters: water 3 of 4 and 1 of 2, carbon the rest.
    table = run(*edit(("供水，水碳", "水碳")), unit="matched")
    assert table["share_old"].tolist() == [1, 0.75, 0.25, 0]
    assert table["share_new"].tolist() == [1, 0.5, 0.5, 0]
    assert set(table["unit"]) == {"matched"}


def test_growth_of_all_topics_alike_is_no_distance() -> None:
    table = run(*edit(("水", "水"), ("碳", "碳"), ("", "水"), ("", "碳")))
    assert table["divergence"].tolist() == [0, 0, 0, 0]
    assert table["part"].tolist() == [0, 0, 0, 0]


def test_one_profile_alone_has_no_distance() -> None:
    table = run(*edit(("环境", "水")), p_values=True)
    assert table["divergence"].isna().all()
    assert table["null_median"].isna().all()
    assert table["null_high"].isna().all()
    assert table["p_value"].isna().all()
    assert table["part"].tolist() == [0, 0, 0, 0]
    assert table["share_old"].tolist() == [0, 0, 0, 0]
    assert set(table["null_model"]) == {"none"}


def test_two_editions_without_topics_are_equal() -> None:
    table = run(*edit(("环境", "环")))
    assert table["divergence"].tolist() == [0, 0, 0, 0]
    assert table["null_high"].iloc[0] == 0


# --- against another library --------------------------------------------------------------------


@given(st.lists(st.tuples(*[st.integers(0, 1000)] * 2), min_size=1, max_size=12))
@settings(max_examples=40, deadline=None)
def test_scipy_finds_the_same_divergence(counts: list[tuple[int, int]]) -> None:
    old, new = np.array([*counts, (1, 1)]).T
    # jensenshannon makes shares of counts, as profile_distance does, and returns the root.
    oracle = jensenshannon(old, new, base=2) ** 2
    assert distance.diverge(old, new)[0] == pytest.approx(oracle, abs=1e-9)


@pytest.mark.parametrize("unit", UNITS)
def test_scipy_finds_the_same_from_the_shares(unit: str) -> None:
    table = run(*edit(("供水", "水，碳"), ("灾", ""), ("", "碳"), ("水", "水灾")), unit=unit)
    shares = table[table["topic"] != "all"]
    oracle = jensenshannon(shares["share_old"], shares["share_new"], base=2) ** 2
    assert table["divergence"].iloc[0] == pytest.approx(oracle, abs=1e-9)


def test_draws_come_near_all_swaps_written_out() -> None:
    # Every way to swap that leaves both editions as many clauses, by SciPy, against many draws.
    rows = [("水", "水碳"), ("灾", "水"), ("", "碳"), ("", "碳灾"), ("", "碳"), ("水灾", "")]
    rows += [("碳", "碳"), ("水", "灾"), ("", "水"), ("灾", "灾碳"), ("水灾", "水灾")]
    topics = "水碳灾"
    ways = []
    for way in range(2 ** len(rows)):
        turned = [row[:: -1 if way >> k & 1 else 1] for k, row in enumerate(rows)]
        old, new = ([sum(t in row[k] for row in turned) for t in topics] for k in (0, 1))
        if sum(bool(row[0]) for row in turned) == sum(bool(row[0]) for row in rows):
            ways.append(jensenshannon(old, new, base=2) ** 2)
    table = run(*edit(*rows), draws=20_000, level=0.9, p_values=True).iloc[0]
    p_value = np.mean(np.array(ways) >= ways[0] - 1e-12)
    assert table["divergence"] == pytest.approx(ways[0], abs=1e-9)
    # Ways have few different values, so that a quantile of draws may be the next one of them.
    values = np.unique(np.round(ways, 12))
    for name, level in (("null_median", 0.5), ("null_high", 0.9)):
        place = np.abs(values - np.quantile(ways, level)).argmin()
        assert (
            values[max(place - 1, 0)] - 1e-9
            <= table[name]
            <= values[min(place + 1, len(values) - 1)] + 1e-9
        )
    assert table["p_value"] == pytest.approx(p_value, abs=4 * np.sqrt(0.25 / 20_000))


# --- the null model -----------------------------------------------------------------------------


def test_equal_swaps_tie_whatever_the_seed() -> None:
    # One row: swapped or not, the profiles are as far apart.
    for seed in range(3):
        table = run(*edit(("水", "水碳")), seed=seed, p_values=True)
        assert table["p_value"].iloc[0] == 1
        assert table["null_high"].iloc[0] == table["divergence"].iloc[0]


def test_a_p_value_is_given_when_asked_and_of_the_whole_only() -> None:
    resolution, pairs = edit(("水", "水碳"), ("", "碳"))
    assert run(resolution, pairs)["p_value"].isna().all()
    assert run(resolution, pairs, p_values=True)["p_value"].notna().tolist() == [True] + [False] * 3


def test_a_draw_that_empties_an_edition_counts_as_the_largest_distance() -> None:
    # Half of the swaps take the only topics of the old edition away.
    table = run(*edit(("水", ""), ("", "水碳"), ("环", ""), ("", "环")), draws=400, level=0.9)
    assert table["null_high"].iloc[0] == 1


def test_draws_and_seed_stand_in_the_name_of_the_model() -> None:
    resolution, pairs = edit(("水", "水碳"))
    table = run(resolution, pairs, draws=7, level=0.9, seed=3)
    name = "versions of changed clauses swapped, each edition keeping its number of clauses"
    assert set(table["null_model"]) == {f"{name}, 90 %, 7 draws, seed 3"}
    without = run(resolution, pairs, draws=0, p_values=True)
    assert set(without["null_model"]) == {"none"}
    assert without[["null_median", "null_high", "p_value"]].isna().all(axis=None)


def test_the_seed_decides_the_draws() -> None:
    rows = edit(("水", "水碳"), ("", "碳"), ("灾", ""), ("", "灾碳"), ("水灾", "水"))
    pd.testing.assert_frame_equal(run(*rows, seed=1), run(*rows, seed=1))
    found = {run(*rows, seed=seed, p_values=True)["p_value"].iloc[0] for seed in range(5)}
    assert len(found) > 1


def test_draws_in_small_portions_are_as_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(swapping, "_CELLS", 10)
    drawn = list(draw_swaps(2, np.array([True, False]), draws=11, seed=0))
    assert [len(part) for part in drawn] == [2, 2, 2, 2, 2, 1]


@given(st.lists(st.booleans(), max_size=9), st.integers(0, 9))
@settings(max_examples=40, deadline=None)
def test_every_draw_leaves_both_editions_their_number_of_clauses(
    added: list[bool], kept: int
) -> None:
    is_added = np.array(added, dtype=bool)
    for drawn in draw_swaps(kept, is_added, draws=20, seed=1):
        now_added = (drawn[:, kept:] > 0) != is_added
        assert (now_added.sum(axis=1) == is_added.sum()).all()


def test_each_of_the_clauses_that_came_or_went_is_as_likely_to_be_added() -> None:
    is_added = np.array([True, False, False, False])
    (drawn,) = draw_swaps(1, is_added, draws=8000, seed=2)
    came = ((drawn[:, 1:] > 0) != is_added).mean(axis=0)
    assert came == pytest.approx([0.25] * 4, abs=4 * np.sqrt(0.25 * 0.75 / 8000))
    assert drawn[:, 0].mean() == pytest.approx(0.5, abs=4 * np.sqrt(0.25 / 8000))


def test_topics_have_no_null_of_their_own() -> None:
    table = run(*edit(("水", "水碳"), ("", "碳"), ("灾", "")))
    assert table["null_median"].notna().tolist() == [True, False, False, False]
    assert table["null_high"].notna().tolist() == [True, False, False, False]


@pytest.mark.parametrize("options", [{"draws": -1}, {"level": 1.0}, {"level": 0}, {"unit": "word"}])
def test_options_out_of_range_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="give"):
        run(*edit(("水", "水碳")), **options)


# --- on random resolutions ----------------------------------------------------------------------


@given(resolutions(), st.sampled_from(UNITS))
@settings(max_examples=40, deadline=None)
def test_parts_are_never_negative_and_sum_to_the_whole(resolution: Resolution, unit: str) -> None:
    found = run(resolution, unit=unit)["divergence"].to_numpy()
    if not np.isnan(found[0]):
        assert (found >= 0).all()
        assert found[0] <= 1 + 1e-12
        assert found[1:].sum() == pytest.approx(found[0], abs=1e-12)


@given(resolutions())
@settings(max_examples=40, deadline=None)
def test_swapping_the_editions_changes_the_shares_only(resolution: Resolution) -> None:
    pairs = resolution.pairs()
    table = run(resolution, pairs, p_values=True)
    turned = run(*swap(resolution, pairs), p_values=True)
    assert turned["share_old"].tolist() == table["share_new"].tolist()
    pd.testing.assert_frame_equal(turned[SAME], table[SAME], check_exact=False, atol=1e-12)


@given(editions)
@settings(max_examples=40, deadline=None)
def test_equal_editions_are_not_apart(edition: list[Clause]) -> None:
    table = run(Resolution(edition, edition), p_values=True)
    assert table["divergence"].tolist() == [0, 0, 0, 0]
    assert table["null_high"].iloc[0] == 0
    assert table["p_value"].iloc[0] == 1


@given(resolutions())
@settings(max_examples=40, deadline=None)
def test_the_shares_are_those_of_the_shift(resolution: Resolution) -> None:
    table = run(resolution).iloc[1:]
    shift = resolution.shift(draws=0).query("unit == 'clause' and breakdown == 'total'")
    for name in ("share_old", "share_new"):
        assert table[name].tolist() == shift[name].tolist()
