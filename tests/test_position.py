"""Positions: by hand, and against SciPy's ranks on random resolutions."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from resolutions import PREAMBLE, SG, TERMS, Clause, Resolution, editions, link, resolutions, swap
from scipy.stats import rankdata

from resanalysis.shift.position import topic_positions
from resanalysis.tables import TABLES

COUNTS = "n_old n_new first_old first_new"


def positions_of(resolution: Resolution, pairs: pd.DataFrame) -> pd.DataFrame:
    return topic_positions(resolution.clauses, resolution.tags, pairs, list(TERMS))


def pick(table: pd.DataFrame, part: str, topic: str, columns: str) -> list[Any]:
    rows = table[(table["part"] == part) & (table["topic"] == topic)]
    return [rows.iloc[0][column] for column in columns.split()]


@pytest.fixture(scope="module")
def small() -> pd.DataFrame:
    """Water goes from the end of the operative part to its beginning; carbon leaves."""
    resolution = Resolution(
        old=[
            (PREAMBLE, "碳"),
            (PREAMBLE, "环境"),
            (SG, "环境"),
            (SG, "境"),
            (SG, "水"),
            (SG, "水。"),
        ],
        new=[(PREAMBLE, "水；"), (SG, "水"), (SG, "水。"), (SG, "环境"), (SG, "境")],
    )
    pairs = link(("c2", "c3"), ("c3", "c4"), ("c4", "c1"), ("c5", "c2"), ("c0", ""), ("c1", ""))
    return positions_of(resolution, pd.concat([pairs, link(("", "c0"))]))


def test_a_topic_that_moves_up_rises(small: pd.DataFrame) -> None:
    counts = pick(small, "operative", "water", COUNTS)
    # Places 2/3 and 3/3 of four clauses, then 0/3 and 1/3.
    assert counts == [2, 2, 3, 1]
    places = pick(small, "operative", "water", "place_old place_new rise")
    assert places == pytest.approx([5 / 6, 1 / 6, 4 / 6])


def test_all_counts_along_the_whole_resolution(small: pd.DataFrame) -> None:
    assert pick(small, "all", "water", COUNTS) == [2, 3, 5, 1]
    places = pick(small, "all", "water", "place_old place_new")
    assert places == pytest.approx([4.5 / 5, 1 / 4])


def test_the_only_clause_of_a_part_stands_first(small: pd.DataFrame) -> None:
    assert pick(small, "preambular", "water", "place_new") == [0]


def test_a_topic_that_one_edition_lacks_has_not_risen(small: pd.DataFrame) -> None:
    assert pick(small, "all", "carbon", COUNTS) == [1, 0, 1, 0]
    assert np.isnan(pick(small, "all", "carbon", "place_new rise")).all()


def test_every_part_and_topic_has_a_row(small: pd.DataFrame) -> None:
    rows = list(zip(small["part"], small["topic"], strict=True))
    parts = ("all", "preambular", "operative")
    assert rows == [(part, topic) for part in parts for topic in TERMS]
    assert list(small) == [column.name for column in TABLES["positions"]]


def test_clauses_above_push_an_untouched_one_down() -> None:
    resolution = Resolution(
        old=[(SG, "水"), (SG, "环境")], new=[(SG, "碳"), (SG, "水"), (SG, "环境")]
    )
    pairs = link(("", "c0"), ("c0", "c1"), ("c1", "c2"))
    assert pick(positions_of(resolution, pairs), "all", "water", "rise") == [-0.5]


@given(resolutions())
@settings(max_examples=40, deadline=None)
def test_places_are_scipys_ranks(resolution: Resolution) -> None:
    table = positions_of(resolution, resolution.pairs())
    for version in ("old", "new"):
        edition = resolution.clauses[resolution.clauses["version"] == version]
        tags = resolution.tags[resolution.tags["version"] == version]
        for row in table.to_dict("records"):
            part, topic = row["part"], row["topic"]
            member = edition if part == "all" else edition[edition["part"] == part]
            ranks = pd.Series(rankdata(member["start"]), index=member["clause_id"])
            own = ranks[ranks.index.isin(tags.loc[tags["topic"] == topic, "clause_id"])]
            assert row[f"n_{version}"] == len(own)
            assert row[f"first_{version}"] == (own.min() if len(own) else 0)
            expected = (own.mean() - 1) / max(len(ranks) - 1, 1)
            np.testing.assert_allclose(row[f"place_{version}"], expected)


@given(resolutions())
@settings(max_examples=40, deadline=None)
def test_swapping_the_editions_negates_the_rise(resolution: Resolution) -> None:
    pairs = resolution.pairs()
    forth, back = positions_of(resolution, pairs), positions_of(*swap(resolution, pairs))
    np.testing.assert_array_equal(forth["rise"], -back["rise"])


@given(editions)
@settings(max_examples=20, deadline=None)
def test_equal_editions_rise_by_nothing(edition: list[Clause]) -> None:
    resolution = Resolution(edition, edition)
    same = link(*((f"c{k}", f"c{k}") for k in range(len(edition))))
    assert positions_of(resolution, same)["rise"].dropna().eq(0).all()
