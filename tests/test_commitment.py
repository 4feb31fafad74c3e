"""Commitment: by hand, and by what swapping must do on random resolutions."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from resolutions import (
    PREAMBLE,
    SG,
    SG_ASKED,
    STATES,
    TERMS,
    Clause,
    Resolution,
    Section,
    editions,
    link,
    resolutions,
    swap,
)

from resanalysis.shift.commitment import topic_commitment
from resanalysis.tables import TABLES

STEPS = ["to_operative", "to_preamble", "strengthened", "weakened", "readdressed"]
RESOLVES: Section = ("operative", "", "5")
NOTES: Section = ("operative", "", "1")


def commitment_of(resolution: Resolution, pairs: pd.DataFrame) -> pd.DataFrame:
    table = topic_commitment(resolution.clauses, resolution.tags, pairs, list(TERMS))
    return table.set_index("topic")


def pick(table: pd.DataFrame, topic: str, columns: str) -> list[Any]:
    row = dict(table.loc[topic].items())
    return [row[column] for column in columns.split()]


def move(before: Section, after: Section, old: str = "水") -> pd.DataFrame:
    resolution = Resolution(old=[(before, old)], new=[(after, "水")])
    return commitment_of(resolution, link(("c0", "c0")))


@pytest.mark.parametrize(
    ("before", "after", "step"),
    [
        (PREAMBLE, SG, "to_operative"),
        (SG, PREAMBLE, "to_preamble"),
        (SG_ASKED, SG, "strengthened"),
        (SG, SG_ASKED, "weakened"),
        (STATES, SG, "readdressed"),  # stronger too, but of another scale
        (RESOLVES, SG, "readdressed"),
        (SG, SG, ""),
        (NOTES, RESOLVES, ""),  # nobody is told: no scale to compare on
        (("", ""), SG, ""),
    ],
)
def test_a_kept_clause_takes_one_step(before: Section, after: Section, step: str) -> None:
    taken = pick(move(before, after), "water", " ".join(STEPS))
    assert taken == [int(name == step) for name in STEPS]


def test_a_clause_that_gains_the_topic_on_its_way_is_not_kept() -> None:
    table = move(PREAMBLE, SG, old="环境")
    assert pick(table, "water", " ".join(STEPS)) == [0, 0, 0, 0, 0]
    assert pick(table, "water", "operative_old operative_new") == [0, 1]


@pytest.fixture(scope="module")
def small() -> pd.DataFrame:
    resolution = Resolution(
        old=[(PREAMBLE, "水"), (RESOLVES, "水，"), (SG, "水；")],
        new=[
            (RESOLVES, "水"),
            (("operative", "BDT+TSB", "4"), "水，"),
            (STATES, "水；"),
            (SG, "碳"),
        ],
    )
    pairs = link(("c0", "c0"), ("c2", ""), ("", "c2"), ("c1", "c1"), ("", "c3"))
    return commitment_of(resolution, pairs)


def test_addressed_clauses_are_operative_ones_that_tell_somebody(small: pd.DataFrame) -> None:
    columns = "operative_old operative_new addressed_old addressed_new"
    assert pick(small, "water", columns) == [2, 3, 1, 2]


def test_addressees_come_in_document_order(small: pd.DataFrame) -> None:
    # In the pairs the states come before the Directors.
    assert pick(small, "water", "addressees_gained addressees_lost") == ["BDT+TSB MS", "SG"]


def test_a_topic_without_clauses_has_a_row_of_zeros(small: pd.DataFrame) -> None:
    assert pick(small, "disaster", " ".join(map(str, list(small)[1:]))) == [0] * 9 + ["", ""]


def test_table_has_its_columns(small: pd.DataFrame) -> None:
    names = ["corpus", "topic", *list(small)[1:]]
    assert names == [column.name for column in TABLES["commitment"]]


def test_an_addressee_in_the_preamble_is_not_told() -> None:
    table = move(("preambular", "SG", "0"), ("preambular", "SG", "0"))
    assert pick(table, "water", "operative_new addressed_new") == [0, 0]


@given(resolutions())
@settings(max_examples=40, deadline=None)
def test_swapping_the_editions_swaps_counterparts(resolution: Resolution) -> None:
    pairs = resolution.pairs()
    forth, back = commitment_of(resolution, pairs), commitment_of(*swap(resolution, pairs))
    couples = ["operative_old operative_new", "addressed_old addressed_new"]
    couples += ["to_operative to_preamble", "strengthened weakened"]
    couples += ["addressees_gained addressees_lost"]
    turned = {"readdressed": "readdressed"}
    for one, other in (couple.split() for couple in couples):
        turned |= {one: other, other: one}
    pd.testing.assert_frame_equal(forth, back.rename(columns=turned)[list(forth)])


@given(resolutions())
@settings(max_examples=40, deadline=None)
def test_operative_counts_are_those_of_the_shift(resolution: Resolution) -> None:
    pairs = resolution.pairs()
    shift = resolution.shift(pairs, draws=0).query("unit == 'clause' and category == 'operative'")
    table = commitment_of(resolution, pairs)
    for row in shift.to_dict("records"):
        own = table.loc[row["topic"]]
        assert [own["operative_old"], own["operative_new"]] == [row["n_old"], row["n_new"]]


@given(editions)
@settings(max_examples=20, deadline=None)
def test_equal_editions_take_no_step(edition: list[Clause]) -> None:
    same = link(*((f"c{k}", f"c{k}") for k in range(len(edition))))
    table = commitment_of(Resolution(edition, edition), same)
    assert table[STEPS].eq(0).all(axis=None)
    assert set(table["addressees_gained"]) == set(table["addressees_lost"]) == {""}
