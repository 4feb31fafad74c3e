"""The exact permutation test: against SciPy, statsmodels and every swap written out."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from numpy.typing import NDArray
from resolutions import SG, Clause, Resolution, editions, link, resolutions, swap
from scipy import stats
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests

from resanalysis.model import InputError
from resanalysis.shift.permutation import permutation_test
from resanalysis.tables import TABLES

TEXTS = {"+": "供水", "-": "环境"}


def run(resolution: Resolution, pairs: pd.DataFrame | None = None) -> pd.DataFrame:
    pairs = resolution.pairs() if pairs is None else pairs
    return permutation_test(resolution.clauses, resolution.tags, pairs, list(resolution.terms))


def build(rows: str) -> tuple[Resolution, pd.DataFrame]:
    """Return editions and pairs from `old new` marks: + has water, - has not, . is no clause."""
    old: list[Clause] = []
    new: list[Clause] = []
    ids = []
    for marks in rows.split():
        name = []
        for mark, edition in zip(marks, (old, new), strict=True):
            name.append("" if mark == "." else f"c{len(edition)}")
            if mark != ".":
                edition.append((SG, TEXTS[mark]))
        ids.append((name[0], name[1]))
    return Resolution(old, new), link(*ids)


def water(rows: str) -> dict[str, Any]:
    table = run(*build(rows))
    return {str(name): value for name, value in table[table["topic"] == "water"].iloc[0].items()}


def lay_rows(
    resolution: Resolution, pairs: pd.DataFrame, topic: str
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return rows x (there, has the topic) of both editions, from the tags themselves."""
    tags = resolution.tags[resolution.tags["topic"] == topic]
    sides = []
    for version in ("old", "new"):
        tagged = set(tags.loc[tags["version"] == version, "clause_id"])
        names = pairs.loc[pairs["relation"] == "1:1", f"{version}_id"]
        sides.append(np.array([[name != "", name in tagged] for name in names], dtype=np.int64))
    return sides[0], sides[1]


def swap_all_ways(old: NDArray[np.int64], new: NDArray[np.int64]) -> float:
    """Return the p-value from all ways to swap rows that leave each edition as many clauses."""
    moves = np.flatnonzero((old != new).any(axis=1))
    swapped = (np.arange(2 ** len(moves))[:, None] >> np.arange(len(moves))) & 1
    step = (old - new)[moves]
    swapped = swapped[swapped @ step[:, 0] == 0]
    sums_new = new.sum(axis=0) + swapped @ step
    sums_old = old.sum(axis=0) - swapped @ step
    base_new, base_old = np.maximum(sums_new[:, 0], 1), np.maximum(sums_old[:, 0], 1)
    top = np.abs(sums_new[:, 1] * base_old - sums_old[:, 1] * base_new)
    below = base_new * base_old
    return float(np.mean(top * below[0] >= top[0] * below))  # the first way swaps nothing


# --- by hand ------------------------------------------------------------------------------------


def test_the_table_has_its_columns() -> None:
    table = run(*build("++ .+"))
    assert list(table) == [column.name for column in TABLES["permutation"]]
    assert table["topic"].tolist() == ["water", "carbon", "disaster"]
    assert set(table["null_model"]) == {
        "versions of changed clauses swapped, each edition keeping its number of clauses; exact, "
        "rate per 100 clauses, two-sided"
    }


def test_three_gained_topics_are_reached_by_two_of_eight_swaps() -> None:
    found = water("-+ -+ -+ --")
    assert found["p_value"] == 2 / 8
    assert found["difference"] == 75
    assert found["changed"] == 3  # the fourth is edited, too, but not for water


def test_three_of_six_that_came_or_went_are_drawn_in_twenty_ways() -> None:
    # All three added ones have water and none of the suppressed ones: 1 of 20, and its mirror.
    assert water(".+ .+ .+ -. -. -.")["p_value"] == pytest.approx(2 / 20)
    assert water(".+ .+ .- -. -. +.")["p_value"] == pytest.approx(1)


def test_what_came_cannot_be_swapped_where_nothing_went() -> None:
    assert water("-- -- .+ .+ .+")["p_value"] == 1


def test_ties_are_counted() -> None:
    # Two added clauses with water against one of three: 1/3 - 1/3 = 0 is equalled by everything.
    assert water("++ -- -- .+ .- .-")["p_value"] == 1


def test_growth_in_proportion_is_no_finding() -> None:
    found = water("++ -- " + ".+ .- " * 10)
    assert found["difference"] == 0
    assert found["p_value"] == pytest.approx(1)


def test_a_topic_no_change_touches_is_no_finding() -> None:
    # Its rate is thinned by ten added clauses about other things.
    found = water("++ ++ -- -." + " .-" * 10)
    assert found["difference"] < 0
    assert found["p_value"] == 1


def test_identical_editions_are_no_finding() -> None:
    resolution = Resolution([(SG, "供水"), (SG, "碳")], [(SG, "供水"), (SG, "碳")])
    table = run(resolution)
    assert table["p_value"].tolist() == [1, 1, 1]
    assert table["q_value"].tolist() == [1, 1, 1]
    assert table["difference"].tolist() == [0, 0, 0]
    assert table["changed"].tolist() == [0, 0, 0]


def test_eight_hits_in_one_clause_are_no_more_than_one() -> None:
    def added(text: str) -> pd.DataFrame:
        kept: list[Clause] = [(SG, "环境"), (SG, "供水")]
        resolution = Resolution(kept, [*kept, (SG, text)])
        return run(resolution, link(("c0", "c0"), ("c1", "c1"), ("", "c2")))

    pd.testing.assert_frame_equal(added("水" * 8), added("水"))


def test_an_edition_without_clauses_is_refused() -> None:
    resolution, pairs = build("++ .+")
    old_only = resolution.clauses[resolution.clauses["version"] == "old"]
    with pytest.raises(InputError, match="new version"):
        permutation_test(old_only, resolution.tags, pairs, list(resolution.terms))


# --- against other libraries --------------------------------------------------------------------


@pytest.mark.parametrize(
    "rows", [".+ .+ .- -. -. -.", "++ -- .+ .+ .+ .- -. +. -.", "++ ++ .- .- +. +. +. -."]
)
def test_scipy_finds_the_same_for_clauses_that_came_or_went(rows: str) -> None:
    # SciPy draws which of these clauses are the added ones; those kept in both add a constant.
    old, new = lay_rows(*build(rows), "water")
    added, suppressed = new[old[:, 0] == 0, 1], old[new[:, 0] == 0, 1]
    kept = int((old[:, 1] & new[:, 1]).sum())
    base_old, base_new = old[:, 0].sum(), new[:, 0].sum()

    def compare(came: NDArray[Any], went: NDArray[Any]) -> float:
        return float((kept + came.sum()) / base_new - (kept + went.sum()) / base_old)

    def reach(came: NDArray[Any], went: NDArray[Any]) -> float:
        return abs(compare(came, went))

    oracle = stats.permutation_test(
        [added, suppressed],
        reach,
        permutation_type="independent",
        vectorized=False,
        alternative="greater",
        n_resamples=10_000,  # more than there are, and so all of them
    )
    found = water(rows)
    assert found["p_value"] == pytest.approx(oracle.pvalue, abs=1e-9)
    assert found["difference"] == pytest.approx(100 * compare(added, suppressed), abs=1e-9)


@pytest.mark.parametrize(("gained", "lost"), [(1, 0), (5, 1), (9, 2), (4, 4), (0, 12)])
def test_without_orphans_it_is_mcnemars_exact_test(gained: int, lost: int) -> None:
    found = water("++ -- -- " + "-+ " * gained + "+- " * lost)
    oracle = mcnemar([[1, gained], [lost, 2]], exact=True).pvalue
    assert found["p_value"] == pytest.approx(oracle, rel=1e-12)


def test_q_values_are_benjamini_hochbergs_over_topics_with_a_hit() -> None:
    rows = [("", "水"), ("", "水"), ("", "水碳"), ("水", "水灾"), ("碳", ""), ("供水", "供水")]
    old: list[Clause] = [(SG, text or "环") for text, _ in rows]
    new: list[Clause] = [(SG, text or "环") for _, text in rows]
    resolution = Resolution(
        old, new, {"water": ("水",), "never": ("虫",), "carbon": ("碳",), "disaster": ("灾",)}
    )
    table = run(resolution, link(*((f"c{k}", f"c{k}") for k in range(len(rows)))))
    family, never = (table[(table["topic"] == "never") == found] for found in (False, True))
    assert never[["p_value", "q_value"]].to_numpy().tolist() == [[1, 1]]
    oracle = multipletests(family["p_value"], method="fdr_bh")[1]
    assert family["q_value"].tolist() == pytest.approx(oracle.tolist(), rel=1e-12)
    assert min(oracle) < max(oracle)


# --- on random resolutions ----------------------------------------------------------------------


@given(resolutions())
@settings(max_examples=40, deadline=None)
def test_it_is_every_swap_counted(resolution: Resolution) -> None:
    pairs = resolution.pairs()
    assume((pairs["change"] != "NOC").sum() <= 14)
    for row in run(resolution, pairs).itertuples():
        oracle = swap_all_ways(*lay_rows(resolution, pairs, str(row.topic)))
        assert row.p_value == pytest.approx(oracle, abs=1e-9)


@given(resolutions())
@settings(max_examples=40, deadline=None)
def test_swapping_the_editions_negates_the_difference_and_keeps_p(resolution: Resolution) -> None:
    pairs = resolution.pairs()
    table, turned = run(resolution, pairs), run(*swap(resolution, pairs))
    assert turned["difference"].tolist() == (-table["difference"]).tolist()
    for column in ("p_value", "q_value"):
        assert turned[column].tolist() == pytest.approx(table[column].tolist(), rel=1e-12)


@given(resolutions())
@settings(max_examples=40, deadline=None)
def test_the_difference_is_that_of_the_shift(resolution: Resolution) -> None:
    shift = resolution.shift(draws=0).query("unit == 'clause' and breakdown == 'total'")
    assert run(resolution)["difference"].tolist() == pytest.approx(shift["difference"].tolist())


@given(editions)
@settings(max_examples=40, deadline=None)
def test_equal_editions_are_never_a_finding(edition: list[Clause]) -> None:
    table = run(Resolution(edition, edition))
    assert table["difference"].tolist() == [0, 0, 0]
    assert table["p_value"].tolist() == [1, 1, 1]


def test_two_thousand_changed_pairs_are_exact_in_the_tails() -> None:
    # Without hits fixed, all bases equal: the sign test of 2,000 pairs, 1,100 of them gained.
    found = water("++ " + "-+ " * 1100 + "+- " * 900)
    assert found["p_value"] == pytest.approx(stats.binomtest(1100, 2000).pvalue, rel=1e-9)
