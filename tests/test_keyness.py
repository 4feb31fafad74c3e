"""Keyness: log odds worked by hand from the paper's formula, the null against all swaps."""

from __future__ import annotations

from collections import Counter
from importlib import import_module
from itertools import product
from math import log
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from resolutions import SG, Resolution, link, resolutions, swap

from resanalysis.model import InputError
from resanalysis.shift.keyness import keyness
from resanalysis.shift.swapping import SWAPS
from resanalysis.tables import TABLES

KEPT = "环境"


def edit(*texts: tuple[str, str]) -> tuple[Resolution, pd.DataFrame]:
    """Return a resolution and its pairs from old and new texts; "" for a clause not there."""
    old, new = ([text for text in edition if text] for edition in zip(*texts, strict=True))
    ids = {"old": iter(range(len(old))), "new": iter(range(len(new)))}
    rows = [
        tuple(f"c{next(ids[v])}" if text else "" for v, text in zip(ids, pair, strict=True))
        for pair in texts
    ]
    resolution = Resolution([(SG, text) for text in old], [(SG, text) for text in new])
    return resolution, link(*((old_id, new_id) for old_id, new_id in rows))


def key(*texts: tuple[str, str], **options: Any) -> pd.DataFrame:
    resolution, pairs = edit(*texts)
    return key_tables(resolution, pairs, **options)


def key_tables(resolution: Resolution, pairs: pd.DataFrame, **options: Any) -> pd.DataFrame:
    options = {"draws": 50, "min_clauses": 0} | options
    table = keyness(resolution.clauses, resolution.tokens, pairs, **options)
    return table.set_index("word", drop=False)


def row(table: pd.DataFrame, word: str, columns: str) -> list[float]:
    return [table[column].to_dict()[word] for column in columns.split()]


def odds(table: pd.DataFrame, word: str) -> float:
    return row(table, word, "log_odds")[0]


# --- counts ---------------------------------------------------------------------------------------


def test_words_are_counted_with_the_clauses_that_have_and_changed_them() -> None:
    table = key(("水", "水水"), ("水碳", "水"), ("", "水"), ("碳", ""))
    columns = "n_old n_new clauses_old clauses_new clauses_changed"
    assert row(table, "水", columns) == [2, 4, 2, 3, 2]
    assert row(table, "碳", columns) == [2, 0, 2, 0, 2]


def test_a_clause_that_repeats_its_word_makes_no_keyword() -> None:
    texts = [(KEPT, KEPT)] * 5 + [("", "水水水水水水水水"), ("", "碳"), ("", "碳")]
    resolution, pairs = edit(*texts)
    table = keyness(resolution.clauses, resolution.tokens, pairs)
    assert table["word"].tolist() == ["碳"]
    assert row(key(*texts), "水", "n_new") == [8]


def test_what_ten_clauses_keep_and_one_adds_eight_times_changed_in_one_clause() -> None:
    table = key(*[("水碳", "水碳")] * 10, ("", "水水水水水水水水"))
    assert row(table, "水", "clauses_old clauses_new clauses_changed") == [
        10,
        11,
        1,
    ]


def test_words_that_are_not_returned_count_in_the_odds_of_the_others() -> None:
    texts = [(KEPT, KEPT), ("", "水"), ("", "水"), ("", "碳")]
    every, some = (key(*texts, min_clauses=least) for least in (0, 2))
    assert odds(every, "水") == odds(some, "水")


def test_punctuation_never_counts_and_function_words_only_when_asked() -> None:
    resolution, pairs = edit(("水，", "的水。"))
    resolution.tokens["is_stop"] = resolution.tokens["text"].isin(["的", "，", "。"])
    assert list(key_tables(resolution, pairs).index) == ["水"]
    assert sorted(key_tables(resolution, pairs, stop_words=True).index) == ["水", "的"]


def test_only_the_counted_clauses_count() -> None:
    resolution, pairs = edit(("水", "水碳"))
    before = key_tables(resolution, pairs)
    title = resolution.clauses.head(1).assign(clause_id="title", kind="title")
    token = resolution.tokens.head(1).assign(clause_id="title", text="灾")
    resolution.clauses = pd.concat([resolution.clauses, title])
    resolution.tokens = pd.concat([resolution.tokens, token])
    pd.testing.assert_frame_equal(key_tables(resolution, pairs), before)


def test_tokens_of_some_clauses_are_compared_alone() -> None:
    resolution, pairs = edit(("水", "水碳"), ("灾", "灾环"))
    resolution.tokens = resolution.tokens[resolution.tokens["clause_id"] == "c0"]
    table, alone = key_tables(resolution, pairs), key(("水", "水碳"))
    assert table["log_odds"].to_dict() == pytest.approx(alone["log_odds"].to_dict())


# --- log odds -------------------------------------------------------------------------------------


def test_log_odds_are_those_of_the_formula() -> None:
    # 3 水, 4 碳 and 1 灾 in both editions: a prior of 4 words is 1.5, 2 and 0.5 of them.
    table = key(("水水碳", "水碳碳碳灾"), prior_weight=4)
    assert odds(table, "水") == pytest.approx(log(2.5 / 6.5) - log(3.5 / 3.5))
    assert odds(table, "碳") == pytest.approx(log(5 / 4) - log(3 / 4))
    assert odds(table, "灾") == pytest.approx(log(1.5 / 7.5) - log(0.5 / 6.5))
    assert set(table["prior"]) == {"words of both editions, weight 4"}


def test_a_background_is_the_prior_in_any_unit_of_frequency() -> None:
    # 碳 is not in it and gets half of the least frequency: 3, 1, 0.5 of 4.5, weight 9: 6, 2, 1.
    for unit in (1, 1000):
        background = {"水": 3 * unit, "灾": 1 * unit, "碳": 0}
        table = key(("水水碳", "水碳碳碳灾"), prior_weight=9, background=background)
        assert odds(table, "水") == pytest.approx(log(7 / 7) - log(8 / 4))
        assert odds(table, "碳") == pytest.approx(log(4 / 10) - log(2 / 10))
        assert set(table["prior"]) == {"background of 3 words, weight 9"}


def test_an_empty_background_treats_all_words_alike() -> None:
    table = key(("水水碳", "水碳碳碳灾"), prior_weight=3, background={})
    assert odds(table, "灾") == pytest.approx(log(2 / 6) - log(1 / 5))
    assert set(table["prior"]) == {"all words alike, weight 3"}


def test_the_prior_of_both_editions_does_not_tell_rare_words_from_frequent_ones() -> None:
    texts = [(KEPT * 50, KEPT * 50)] + [("", "水水碳")] * 3
    pooled, alike = key(*texts), key(*texts, background={})
    assert odds(pooled, "水") == pytest.approx(odds(pooled, "碳"), abs=0.02)
    assert odds(alike, "水") > odds(alike, "碳")


def test_a_heavier_prior_draws_towards_zero() -> None:
    values = [odds(key((KEPT, KEPT), ("", "水"), prior_weight=w), "水") for w in (1, 9)]
    assert values[0] > values[1] > 0


def test_words_come_from_the_most_new_to_the_most_old_and_ties_by_word() -> None:
    table = key((KEPT + "灾供", KEPT), ("", "水碳"))
    assert list(table.index) == ["水", "碳", "境", "环", "供", "灾"]


# --- null -----------------------------------------------------------------------------------------

KEPT_CHANGED = [("水", "碳碳水"), ("水水水", "灾")]
ORPHANS = [("", "碳灾"), ("", "供"), ("碳", "")]


def all_swaps(word: str, weight: float) -> list[float]:
    """Return the word's log odds in each way to swap, from the formula, sorted.

    A coin for either kept clause, and two of the three orphans in the new edition: twelve ways. The
    editions' numbers of words stay as they are.
    """
    rows = KEPT_CHANGED + ORPHANS
    pooled = Counter(KEPT * 2 + "".join(map("".join, rows)))
    prior = {w: weight * n / pooled.total() for w, n in pooled.items()}
    found = []
    sizes = [len(KEPT + "".join(side)) for side in zip(*rows, strict=True)]
    for coins in product([False, True], repeat=2):
        for one in range(3):  # the orphan of the old edition
            texts = [(b, a) if coin else (a, b) for (a, b), coin in zip(rows, coins, strict=False)]
            orphans = ["".join(row) for row in ORPHANS]
            texts += [(text, "") if k == one else ("", text) for k, text in enumerate(orphans)]
            old, new = (Counter(KEPT + "".join(side)) for side in zip(*texts, strict=True))
            logs = [
                log((n[word] + prior[word]) / (size + weight - n[word] - prior[word]))
                for n, size in ((new, sizes[1]), (old, sizes[0]))
            ]
            found.append(logs[0] - logs[1])
    return sorted(found)


@pytest.mark.parametrize(("level", "k"), [(0.9, 0), (0.75, 1), (0.6, 2)])
def test_the_null_interval_is_that_of_all_ways_to_swap_whole_clauses(level: float, k: int) -> None:
    # Each way has a twelfth: the middle 90 % end in the first and last, 75 % in the second ones.
    rows = [(KEPT, KEPT), *KEPT_CHANGED, *ORPHANS]
    table = key(*rows, prior_weight=5, draws=5000, level=level)
    for word in "水碳灾供环":
        swaps = all_swaps(word, 5)
        ends = row(table, word, "null_low null_high")
        assert ends == pytest.approx([swaps[k], swaps[-1 - k]])


def test_a_clause_of_eight_hits_is_inside_its_null_interval() -> None:
    table = key(*[(KEPT, KEPT)] * 5, ("", "水水水水水水水水"), ("灾", ""), ("碳", ""))
    low, value, high = row(table, "水", "null_low log_odds null_high")
    assert low <= value <= high + 1e-9


def test_a_word_that_eight_added_clauses_bring_is_outside() -> None:
    texts = [(KEPT, KEPT)] * 9 + [("", "水")] * 8 + [("灾", "")] * 8
    value, high = row(key(*texts, draws=2000), "水", "log_odds null_high")
    assert value > high


def test_a_word_that_no_change_touched_is_inside_however_the_edition_grew() -> None:
    table = key(*[(KEPT, KEPT)] * 9, *[("", "水碳")] * 30, ("灾", ""), draws=500)
    low, value, high = row(table, "环", "null_low log_odds null_high")
    assert low - 1e-9 <= value <= high + 1e-9
    assert value < 0


def test_words_in_small_steps_have_the_same_intervals(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = key(*KEPT_CHANGED, *ORPHANS)
    monkeypatch.setattr(import_module("resanalysis.shift.keyness"), "_CELLS", 7)
    pd.testing.assert_frame_equal(key(*KEPT_CHANGED, *ORPHANS), whole)


def test_the_null_model_names_what_is_swapped_the_level_the_draws_and_the_seed() -> None:
    table = key((KEPT, "水"), draws=7, level=0.9, seed=3)
    assert set(table["null_model"]) == {f"{SWAPS}, 90 %, 7 draws, seed 3"}


def test_without_draws_there_is_no_interval() -> None:
    table = key((KEPT, "水"), draws=0)
    assert table[["null_low", "null_high"]].isna().all(axis=None)
    assert set(table["null_model"]) == {"none"}


def test_the_seed_decides_the_draws() -> None:
    texts = [(KEPT, "水碳")] * 3 + [("碳", "灾灾")] * 4
    pd.testing.assert_frame_equal(key(*texts, seed=1), key(*texts, seed=1))
    ends = [key(*texts, seed=seed, draws=9)["null_high"].tolist() for seed in (1, 2)]
    assert ends[0] != ends[1]


# --- invariants -----------------------------------------------------------------------------------


@settings(max_examples=40, deadline=None)
@given(resolutions())
def test_swapping_the_editions_negates(resolution: Resolution) -> None:
    pairs = resolution.pairs()
    forth = key_tables(resolution, pairs)
    back = key_tables(*swap(resolution, pairs)).reindex(forth.index)
    np.testing.assert_array_equal(back["log_odds"], -forth["log_odds"])
    np.testing.assert_allclose(back["null_low"], -forth["null_high"], atol=1e-12)
    np.testing.assert_allclose(back["null_high"], -forth["null_low"], atol=1e-12)
    assert back["clauses_changed"].equals(forth["clauses_changed"])
    assert back["n_old"].tolist() == forth["n_new"].tolist()


@settings(max_examples=40, deadline=None)
@given(resolutions())
def test_equal_editions_have_zeros_and_no_keyword(resolution: Resolution) -> None:
    same = Resolution(resolution.old, resolution.old)
    pairs = link(*((f"c{k}", f"c{k}") for k in range(len(resolution.old))))
    table = key_tables(same, pairs)
    assert not table[["log_odds", "null_low", "null_high", "clauses_changed"]].any(axis=None)
    assert keyness(same.clauses, same.tokens, pairs).empty


@settings(max_examples=40, deadline=None)
@given(resolutions())
def test_counts_agree_with_a_plain_count(resolution: Resolution) -> None:
    table = key_tables(resolution, resolution.pairs())
    for version, edition in (("old", resolution.old), ("new", resolution.new)):
        texts = [text for _, text in edition]
        plain = Counter("".join(texts))
        for word in table["word"]:
            clauses = sum(word in text for text in texts)
            assert row(table, word, f"n_{version} clauses_{version}") == [plain[word], clauses]


# --- input ----------------------------------------------------------------------------------------


def test_editions_without_words_give_an_empty_table() -> None:
    table = key(("，", "；"))
    assert table.empty
    assert list(table) == [column.name for column in TABLES["keyness"]]


def test_an_edition_without_words_has_the_prior_only() -> None:
    # No word against 水碳水: with a prior of 3 like these words, 2 of 3 against 4 of 6.
    assert odds(key(("，", "水碳水"), prior_weight=3), "水") == pytest.approx(0)


def test_the_only_word_of_both_editions_has_no_odds() -> None:
    table = key(("水", "水水水"))
    assert row(table, "水", "log_odds null_low null_high") == [0, 0, 0]


def test_tokens_without_a_column_are_refused() -> None:
    resolution, pairs = edit(("水", "碳"))
    with pytest.raises(InputError, match="no column is_stop"):
        keyness(resolution.clauses, resolution.tokens.drop(columns="is_stop"), pairs)


def test_an_edition_without_clauses_is_refused() -> None:
    resolution, pairs = edit(("水", "碳"))
    with pytest.raises(InputError, match="new version"):
        keyness(resolution.clauses.query("version == 'old'"), resolution.tokens, pairs)


@pytest.mark.parametrize(
    "option",
    [
        {"prior_weight": 0},
        {"prior_weight": float("nan")},
        {"prior_weight": float("inf")},
        {"min_clauses": -1},
        {"draws": -1},
        {"level": 1.0},
        {"background": {"水": -1.0}},
        {"background": {"水": float("nan")}},
    ],
)
def test_options_out_of_range_are_refused(option: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"give prior_weight|negative or not finite"):
        key(("水", "碳"), **option)


def test_no_input_is_changed() -> None:
    resolution, pairs = edit(("水", "碳"))
    tables = resolution.clauses, resolution.tokens, pairs
    before = [table.copy() for table in tables]
    keyness(*tables)
    for table, copy in zip(tables, before, strict=True):
        pd.testing.assert_frame_equal(table, copy)
