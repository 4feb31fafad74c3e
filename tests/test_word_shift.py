"""Word shifts: by hand from the paper's formulas; sums against SciPy."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from resolutions import SG, Resolution, link, resolutions, swap
from scipy.spatial.distance import jensenshannon
from scipy.stats import entropy

from resanalysis.model import InputError
from resanalysis.shift.word_shift import word_shift
from resanalysis.tables import TABLES

METHODS = ("divergence", "proportion", "entropy")


def shift(old: str, new: str, **options: Any) -> pd.DataFrame:
    """Return the word shift of two clauses that are each other's version, by word."""
    resolution = Resolution([(SG, old)], [(SG, new)])
    return shift_tables(resolution, link(("c0", "c0")), **options)


def shift_tables(resolution: Resolution, pairs: pd.DataFrame, **options: Any) -> pd.DataFrame:
    options = {"min_clauses": 0} | options
    table = word_shift(resolution.clauses, resolution.tokens, pairs, **options)
    return table.set_index("word", drop=False)


# --- contributions --------------------------------------------------------------------------------


def test_proportion_is_the_difference_of_proportions() -> None:
    table = shift("水水碳灾", "水碳碳碳碳", method="proportion")
    assert table["contribution"].round(9).to_dict() == {"碳": 0.55, "水": -0.3, "灾": -0.25}


def test_entropy_parts_are_those_of_the_formula() -> None:
    # 水 1/2 of old, 1/4 of new: both have 1/2 bit. 碳 1/4, then 1/8: 1/2, then 3/8 bit.
    table = shift("水水碳灾", "水水碳灾灾灾灾灾", method="entropy")
    assert table.loc["水", "contribution"] == pytest.approx(0)
    assert table.loc["碳", "contribution"] == pytest.approx(3 / 8 - 1 / 2)
    assert table.loc["灾", "contribution"] == pytest.approx(-5 / 8 * np.log2(5 / 8) - 1 / 2)


def test_divergence_parts_are_those_of_the_formula() -> None:
    # Nothing in common: each part is half of the word's proportion. 水 3/4 of old, 1/4 of new:
    # middle 1/2, (3/4 log2 3/2 + 1/4 log2 1/2) / 2.
    apart = shift("水碳碳碳", "灾灾")
    assert apart["contribution"].to_dict() == pytest.approx({"灾": 0.5, "碳": -0.375, "水": -0.125})
    half = (3 / 4 * np.log2(3 / 2) - 1 / 4) / 2
    assert shift("水水水碳", "水碳碳碳").loc["水", "contribution"] == pytest.approx(-half)


def test_the_greatest_contributions_come_first_and_ties_by_word() -> None:
    assert list(shift("水供碳碳碳", "碳灾灾灾环").index) == ["灾", "供", "水", "环", "碳"]


def test_a_word_whose_proportion_stays_contributes_nothing() -> None:
    for method in METHODS:
        assert shift("水碳碳", "水水碳碳碳碳", method=method)["contribution"].tolist() == [0, 0]


def counts(table: pd.DataFrame) -> tuple[Any, Any]:
    return table["n_old"].to_numpy(), table["n_new"].to_numpy()


def both_have_words(resolution: Resolution) -> bool:
    words = resolution.tokens[~resolution.tokens["is_punct"]]
    return bool(words["version"].nunique() == 2)


@settings(max_examples=40, deadline=None)
@given(resolutions(), st.integers(0, 3))
def test_sizes_sum_to_the_divergence_whatever_is_shown(resolution: Resolution, least: int) -> None:
    # Oracle: scipy.spatial.distance.jensenshannon, the square root of the divergence.
    pairs = resolution.pairs()
    table = shift_tables(resolution, pairs, min_clauses=least)
    words = shift_tables(resolution, pairs)
    whole = jensenshannon(*counts(words), base=2) ** 2 if both_have_words(resolution) else 0
    assert table["contribution"].abs().sum() == pytest.approx(whole, abs=1e-9)


@settings(max_examples=40, deadline=None)
@given(resolutions(), st.integers(0, 3))
def test_parts_sum_to_the_difference_of_entropies(resolution: Resolution, least: int) -> None:
    # Oracle: scipy.stats.entropy.
    pairs = resolution.pairs()
    table = shift_tables(resolution, pairs, min_clauses=least, method="entropy")
    whole = 0.0
    if both_have_words(resolution):
        old, new = counts(shift_tables(resolution, pairs))
        whole = entropy(new, base=2) - entropy(old, base=2)
    assert table["contribution"].sum() == pytest.approx(whole, abs=1e-9)


@settings(max_examples=40, deadline=None)
@given(resolutions(), st.integers(0, 3))
def test_proportions_sum_to_zero(resolution: Resolution, least: int) -> None:
    table = shift_tables(resolution, resolution.pairs(), min_clauses=least, method="proportion")
    assert table["contribution"].sum() == pytest.approx(0, abs=1e-12)


@settings(max_examples=40, deadline=None)
@given(resolutions(), st.sampled_from(METHODS))
def test_swapping_the_editions_negates(resolution: Resolution, method: str) -> None:
    pairs = resolution.pairs()
    forth = shift_tables(resolution, pairs, method=method)
    back = shift_tables(*swap(resolution, pairs), method=method)
    assert list(back.index) == list(forth.index)
    np.testing.assert_array_equal(back["contribution"], -forth["contribution"])
    assert back["clauses_old"].tolist() == forth["clauses_new"].tolist()


@settings(max_examples=40, deadline=None)
@given(resolutions(), st.sampled_from(METHODS))
def test_equal_editions_have_zeros(resolution: Resolution, method: str) -> None:
    same = Resolution(resolution.old, resolution.old)
    pairs = link(*((f"c{k}", f"c{k}") for k in range(len(resolution.old))))
    assert not shift_tables(same, pairs, method=method)["contribution"].any()


# --- what is shown --------------------------------------------------------------------------------


def many() -> tuple[Resolution, pd.DataFrame]:
    """Return two clauses that bring 碳, and one that brings 水 eight times and drops 灾."""
    old = [(SG, "环境"), (SG, "灾环境")]
    new = [(SG, "环境"), (SG, "环境水水水水水水水水"), (SG, "碳"), (SG, "碳")]
    return Resolution(old, new), link(("c0", "c0"), ("c1", "c1"), ("", "c2"), ("", "c3"))


def test_words_of_a_single_clause_share_the_last_rows() -> None:
    resolution, pairs = many()
    table = word_shift(resolution.clauses, resolution.tokens, pairs)
    assert table["word"].tolist() == ["碳", "", ""]
    every = shift_tables(resolution, pairs)["contribution"]
    assert table["contribution"][1] == pytest.approx(every["水"])
    assert table["contribution"][2] == pytest.approx(every[["灾", "环", "境"]].sum())


def test_words_together_are_counted_as_one() -> None:
    resolution, pairs = many()
    fell = word_shift(resolution.clauses, resolution.tokens, pairs).iloc[2]
    columns = ["n_old", "n_new", "clauses_old", "clauses_new", "clauses_changed"]
    assert fell[columns].tolist() == [5, 4, 2, 2, 1]


def test_words_without_a_contribution_share_a_row() -> None:
    table = shift("水碳灾", "水碳灾", min_clauses=1)
    assert table[["word", "n_old", "contribution"]].values.tolist() == [["", 3, 0]]


@settings(max_examples=40, deadline=None)
@given(resolutions(), st.integers(0, 3))
def test_all_words_of_both_editions_are_in_the_rows(resolution: Resolution, least: int) -> None:
    table = shift_tables(resolution, resolution.pairs(), min_clauses=least)
    words = resolution.tokens[~resolution.tokens["is_punct"]]["version"].value_counts()
    assert table["n_old"].sum() == words.get("old", 0)
    assert table["n_new"].sum() == words.get("new", 0)
    assert (table.loc[table["word"] != "", "clauses_changed"] >= least).all()


def test_function_words_count_only_when_asked() -> None:
    resolution, pairs = Resolution([(SG, "的水")], [(SG, "碳的")]), link(("c0", "c0"))
    resolution.tokens["is_stop"] = resolution.tokens["text"] == "的"
    assert sorted(shift_tables(resolution, pairs).index) == ["水", "碳"]
    assert sorted(shift_tables(resolution, pairs, stop_words=True).index) == ["水", "的", "碳"]


# --- input ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", METHODS)
def test_an_edition_without_words_gives_zeros(method: str) -> None:
    for old, new in (("，", "水碳"), ("水碳", "，")):
        assert shift(old, new, method=method)["contribution"].tolist() == [0, 0]


@pytest.mark.parametrize("method", METHODS)
def test_editions_without_words_give_an_empty_table(method: str) -> None:
    table = shift("，", "；", method=method)
    assert table.empty
    assert list(table) == [column.name for column in TABLES["word_shift"]]


def test_tokens_without_columns_are_refused() -> None:
    resolution = Resolution([(SG, "水")], [(SG, "水")])
    tokens = resolution.tokens[["version", "clause_id", "text"]]
    with pytest.raises(InputError, match="no column is_punct, is_stop"):
        word_shift(resolution.clauses, tokens, link(("c0", "c0")))


@pytest.mark.parametrize("option", [{"method": "sentiment"}, {"min_clauses": -1}])
def test_options_out_of_range_are_refused(option: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="give one of divergence, proportion, entropy"):
        shift("水", "碳", **option)
