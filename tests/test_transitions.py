"""Transitions: by hand, and against the counts of the shift on random resolutions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest
from hypothesis import given, settings
from resolutions import PREAMBLE, SG, STATES, TERMS, Resolution, link, resolutions, swap

from resanalysis.model import InputError
from resanalysis.shift.transitions import list_transitions
from resanalysis.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Sequence


def transitions_of(resolution: Resolution, pairs: pd.DataFrame) -> pd.DataFrame:
    return list_transitions(resolution.clauses, resolution.tags, pairs, list(TERMS))


@pytest.fixture(scope="module")
def small() -> pd.DataFrame:
    """One clause gains carbon, loses disaster, keeps water and moves; one is new, one is gone."""
    resolution = Resolution(
        old=[(PREAMBLE, "环境"), (SG, "供水灾"), (STATES, "灾")],
        new=[(PREAMBLE, "环境"), (STATES, "供水碳"), (("", ""), "碳")],
    )
    return transitions_of(resolution, link(("c0", "c0"), ("c1", "c1"), ("c2", ""), ("", "c2")))


def rows_of(table: pd.DataFrame, columns: str) -> Sequence[tuple[object, ...]]:
    return list(table[columns.split()].itertuples(index=False, name=None))


def test_transitions_by_hand_in_order_of_pairs_and_topics(small: pd.DataFrame) -> None:
    assert rows_of(small, "old_id new_id change topic transition") == [
        ("c1", "c1", "MOD", "water", "kept"),
        ("c1", "c1", "MOD", "carbon", "gained"),
        ("c1", "c1", "MOD", "disaster", "lost"),
        ("c2", "", "SUP", "disaster", "lost"),
        ("", "c2", "ADD", "carbon", "gained"),
    ]


def test_a_row_says_where_both_clauses_stand(small: pd.DataFrame) -> None:
    columns = "old_part new_part old_addressee new_addressee old_strength new_strength"
    assert rows_of(small, columns)[2:] == [
        ("operative", "operative", "SG", "MS", 4, 2),
        ("operative", "", "MS", "", 2, -1),
        ("", "", "", "", -1, 0),
    ]


def test_table_has_its_columns(small: pd.DataFrame) -> None:
    assert list(small) == [column.name for column in TABLES["transitions"]]


def test_resolutions_without_topics_give_no_rows() -> None:
    resolution = Resolution(old=[(SG, "环境")], new=[(SG, "环境")])
    assert transitions_of(resolution, link(("c0", "c0"))).empty


def test_pairs_of_other_clauses_are_refused() -> None:
    resolution = Resolution(old=[(SG, "水")], new=[(SG, "水")])
    with pytest.raises(InputError):
        transitions_of(resolution, link(("c7", "c0")))


@given(resolutions())
@settings(max_examples=40, deadline=None)
def test_transitions_are_the_counts_behind_the_shift(resolution: Resolution) -> None:
    pairs = resolution.pairs()
    table = transitions_of(resolution, pairs)
    shift = resolution.shift(pairs, draws=0).query("unit == 'clause' and breakdown == 'total'")
    for row in shift.to_dict("records"):
        own = table[table["topic"] == row["topic"]]
        n = own.groupby(["transition", "change"]).size()
        gained, lost = (int((own["transition"] == t).sum()) for t in ("gained", "lost"))
        assert gained - lost == row["n_new"] - row["n_old"]
        assert n.get(("gained", "ADD"), 0) == row["add"]
        assert n.get(("lost", "SUP"), 0) == row["sup"]
        assert gained - n.get(("gained", "ADD"), 0) == row["mod_gain"]
        assert lost - n.get(("lost", "SUP"), 0) == row["mod_loss"]
        assert (own["transition"] == "kept").sum() == row["n_new"] - gained


@given(resolutions())
@settings(max_examples=40, deadline=None)
def test_swapping_the_editions_swaps_gained_and_lost(resolution: Resolution) -> None:
    pairs = resolution.pairs()
    forth = transitions_of(resolution, pairs)
    back = transitions_of(*swap(resolution, pairs))
    names = {"gained": "lost", "lost": "gained", "kept": "kept"}
    key = "old_id new_id topic transition old_part new_part old_addressee new_addressee"
    key += " old_strength new_strength"
    sides = {a: a.replace("old_", "new_") for a in key.split() if a.startswith("old_")}
    turned = back.rename(columns=sides | {new: old for old, new in sides.items()})
    turned["transition"] = turned["transition"].map(names)
    assert rows_of(forth, key) == rows_of(turned, key)
