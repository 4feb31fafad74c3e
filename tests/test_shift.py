"""The statistics: by hand, by identity on random resolutions, against SciPy's bootstrap."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from resolutions import (
    PREAMBLE,
    SG,
    STATES,
    TERMS,
    Clause,
    Resolution,
    editions,
    link,
    resolutions,
    swap,
)
from scipy.stats import bootstrap

from resanalysis import shift as shift_room
from resanalysis.model import BREAKDOWNS, UNITS, Codebook, InputError, Language, Topic
from resanalysis.sentences import summarize_topics
from resanalysis.shift import topic_shift
from resanalysis.tables import TABLES

ACCOUNTS = ["add", "sup", "mod_gain", "mod_loss", "moved_in", "moved_out"]
KEY = ["unit", "breakdown", "category", "topic"]


def at(shift: pd.DataFrame, unit: str, category: str, topic: str) -> dict[str, Any]:
    rows = shift[
        (shift["unit"] == unit) & (shift["category"] == category) & (shift["topic"] == topic)
    ]
    assert len(rows) == 1
    return rows.iloc[0].to_dict()


def pick(row: dict[str, Any], names: str) -> list[Any]:
    return [row[name] for name in names.split()]


# --- by hand ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def small() -> pd.DataFrame:
    """Four old clauses and five new ones; the pairs are written by hand.

    c0 kept; c1 (water) gains carbon; c2 (disaster) is suppressed; c3 (water, disaster) goes from
    the Secretary-General to the states and loses disaster; c3 and c4 of the new edition are added.
    """
    resolution = Resolution(
        old=[(PREAMBLE, "环境；"), (PREAMBLE, "水，"), (SG, "防灾；"), (SG, "供水灾")],
        new=[
            (PREAMBLE, "环境；"),
            (PREAMBLE, "水，碳"),
            (STATES, "供水；"),
            (STATES, "低碳"),
            (SG, "供水和水"),
        ],
    )
    pairs = link(("c0", "c0"), ("c1", "c1"), ("c2", ""), ("c3", "c2"), ("", "c3"), ("", "c4"))
    return resolution.shift(pairs)


def test_counts_of_clauses_by_hand(small: pd.DataFrame) -> None:
    row = at(small, "clause", "all", "water")
    assert pick(row, "n_old n_new base_old base_new") == [2, 3, 4, 5]
    assert pick(row, "rate_old rate_new difference") == [50, 60, 10]
    assert row["log_ratio"] == pytest.approx(np.log2((3.5 / 5) / (2.5 / 4)))


def test_shares_by_hand(small: pd.DataFrame) -> None:
    # Old: water 2, disaster 2. New: water 3, carbon 2.
    row = at(small, "clause", "all", "water")
    assert pick(row, "share_old share_new share_difference") == pytest.approx([0.5, 0.6, 0.1])


def test_characters_are_those_of_the_clauses_with_the_topic(small: pd.DataFrame) -> None:
    row = at(small, "character", "all", "water")
    assert pick(row, "n_old n_new base_old base_new") == [2 + 3, 3 + 3 + 4, 11, 15]


def test_tokens_leave_punctuation_out(small: pd.DataFrame) -> None:
    row = at(small, "token", "all", "water")
    assert pick(row, "n_old n_new base_old base_new") == [1 + 3, 2 + 2 + 4, 8, 12]


def test_matched_characters_count_overlaps_once(small: pd.DataFrame) -> None:
    # 供水 and the 水 in it are one run of two; the last clause has a second 水.
    row = at(small, "matched", "all", "water")
    assert pick(row, "n_old n_new base_old base_new") == [1 + 2, 1 + 2 + 3, 11, 15]


def test_account_of_the_total_by_hand(small: pd.DataFrame) -> None:
    accounts = {
        topic: pick(at(small, "clause", "all", topic), " ".join(ACCOUNTS)) for topic in TERMS
    }
    assert accounts == {
        "water": [1, 0, 0, 0, 0, 0],
        "carbon": [1, 0, 1, 0, 0, 0],
        "disaster": [0, 1, 0, 1, 0, 0],
    }


def test_account_of_a_move_by_hand(small: pd.DataFrame) -> None:
    # What both texts have moves; what the old one lost on its way is lost where it came from.
    accounts = {
        (name, topic): pick(at(small, "clause", name, topic), " ".join(ACCOUNTS))
        for name in ("SG", "MS")
        for topic in ("water", "disaster")
    }
    assert accounts == {
        ("SG", "water"): [1, 0, 0, 0, 0, 1],
        ("MS", "water"): [0, 0, 0, 0, 1, 0],
        ("SG", "disaster"): [0, 1, 0, 1, 0, 0],
        ("MS", "disaster"): [0, 0, 0, 0, 0, 0],
    }


def test_table_has_every_row_in_order(small: pd.DataFrame) -> None:
    assert list(small) == [column.name for column in TABLES["shift"]]
    categories = [("total", "all"), ("part", "preambular"), ("part", "operative")]
    categories += [("addressee", name) for name in ("SG", "MS", "none")]
    categories += [("strength", name) for name in ("SG 4", "MS 2", "none 0")]
    expected = [(unit, *c, topic) for unit in UNITS for c in categories for topic in TERMS]
    assert list(small[KEY].itertuples(index=False, name=None)) == expected


def test_interval_model_names_level_draws_and_seed(small: pd.DataFrame) -> None:
    assert set(small["interval_model"]) == {"paired clause bootstrap, 95 %, 20 draws, seed 0"}


# --- what always holds --------------------------------------------------------------------------


@given(resolutions())
@settings(max_examples=40, deadline=None)
def test_account_adds_up_in_every_row(resolution: Resolution) -> None:
    shift = resolution.shift()
    signs = np.array([1, -1, 1, -1, 1, -1])
    assert (shift["n_new"] - shift["n_old"] == shift[ACCOUNTS].to_numpy() @ signs).all()
    assert (shift[ACCOUNTS].to_numpy() >= 0).all()
    assert not shift.loc[shift["breakdown"] == "total", ["moved_in", "moved_out"]].any(axis=None)


@given(resolutions())
@settings(max_examples=40, deadline=None)
def test_categories_add_up_to_the_total(resolution: Resolution) -> None:
    shift = resolution.shift(draws=0)
    columns = ["n_old", "n_new", "add", "sup", "mod_gain", "mod_loss", "rate_old", "rate_new"]
    sums = shift.groupby(["breakdown", "unit", "topic"])[columns].sum()
    for breakdown in BREAKDOWNS:
        np.testing.assert_allclose(sums.loc[breakdown], sums.loc["total"], atol=1e-9)
    moves = shift.groupby(["unit", "topic", "breakdown"])[["moved_in", "moved_out"]].sum()
    assert (moves["moved_in"] == moves["moved_out"]).all()


@given(resolutions())
@settings(max_examples=40, deadline=None)
def test_shares_sum_to_one_or_nothing_is_tagged(resolution: Resolution) -> None:
    sums = (
        resolution.shift(draws=0)
        .groupby(["unit", "breakdown"])[["n_old", "n_new", "share_old", "share_new"]]
        .sum()
    )
    for version in ("old", "new"):
        expected = (sums[f"n_{version}"] > 0).astype(float)
        np.testing.assert_allclose(sums[f"share_{version}"], expected)


@given(resolutions())
@settings(max_examples=40, deadline=None)
def test_swapping_the_editions_turns_every_sign(resolution: Resolution) -> None:
    pairs = resolution.pairs()
    turned, turned_pairs = swap(resolution, pairs)
    there = resolution.shift(pairs).sort_values(KEY, ignore_index=True)
    back = turned.shift(turned_pairs).sort_values(KEY, ignore_index=True)
    assert there[KEY].equals(back[KEY])
    for column in ("difference", "log_ratio", "share_difference"):
        np.testing.assert_allclose(back[column], -there[column], atol=1e-9)
    for column in ("difference", "log_ratio", "share_difference"):
        np.testing.assert_allclose(back[f"{column}_low"], -there[f"{column}_high"], atol=1e-9)
    counterparts = ["sup", "add", "mod_loss", "mod_gain", "moved_out", "moved_in"]
    assert (back[ACCOUNTS].to_numpy() == there[counterparts].to_numpy()).all()


@given(editions)
@settings(max_examples=40, deadline=None)
def test_equal_editions_do_not_shift(edition: list[Clause]) -> None:
    resolution = Resolution(edition, edition)
    pairs = resolution.pairs()
    assert pairs["change"].eq("NOC").all()
    assert not pairs[["editorial", "renumbered", "moved"]].any(axis=None)
    shift = resolution.shift(pairs)
    changes = [*ACCOUNTS, "difference", "log_ratio", "share_difference"]
    changes += [
        f"{name}_{end}"
        for name in ("difference", "log_ratio", "share_difference")
        for end in ("low", "high")
    ]
    assert not shift[changes].any(axis=None)


@given(resolutions())
@settings(max_examples=40, deadline=None)
def test_alignment_has_every_unit_in_one_counted_row(resolution: Resolution) -> None:
    counted = resolution.pairs().query("relation == '1:1'")
    for version in ("old", "new"):
        ids = resolution.clauses.query("version == @version")["clause_id"]
        assert sorted(filter(None, counted[f"{version}_id"])) == sorted(ids)


# --- intervals ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def forty() -> tuple[Resolution, pd.DataFrame]:
    """Forty pairs and orphans with water in some of either side."""
    rng = np.random.default_rng(11)
    old: list[Clause] = []
    new: list[Clause] = []
    rows = []
    for kind in rng.choice(["kept", "add", "sup"], size=40, p=[0.6, 0.25, 0.15]):
        row = ["", ""]
        if kind != "add":
            row[0] = f"c{len(old)}"
            old.append((SG, rng.choice(["水", "碳", "环境"])))
        if kind != "sup":
            row[1] = f"c{len(new)}"
            new.append((SG, rng.choice(["水", "水碳", "环境"])))
        rows.append((row[0], row[1]))
    return Resolution(old, new), link(*rows)


@pytest.mark.parametrize("name", ["difference", "share_difference"])
def test_interval_agrees_with_scipy(forty: tuple[Resolution, pd.DataFrame], name: str) -> None:
    # Oracle: scipy.stats.bootstrap resampling the indices of the same rows.
    resolution, pairs = forty
    columns = []
    for version, edition in (("old", resolution.old), ("new", resolution.new)):
        texts = [text for _, text in edition] + [None]
        found = [texts[int(clause[1:]) if clause else -1] for clause in pairs[f"{version}_id"]]
        columns.append(["水" in (text or "") for text in found])
        if name == "difference":
            columns.append([text is not None for text in found])
        else:
            columns.append([("水" in (text or "")) + ("碳" in (text or "")) for text in found])
    n_old, whole_old, n_new, whole_new = np.array(columns, dtype=float)

    def difference(rows: np.ndarray[Any, Any], axis: int) -> np.ndarray[Any, Any]:
        new = n_new[rows].sum(axis) / whole_new[rows].sum(axis)
        return new - n_old[rows].sum(axis) / whole_old[rows].sum(axis)

    oracle = bootstrap(
        (np.arange(len(pairs)),),
        difference,
        vectorized=True,
        method="percentile",
        n_resamples=20_000,
        confidence_level=0.9,
        rng=np.random.default_rng(5),
    ).confidence_interval
    row = at(resolution.shift(pairs, draws=20_000, level=0.9)[:3], "clause", "all", "water")
    scale = 100 if name == "difference" else 1
    ends = np.array([row[f"{name}_low"], row[f"{name}_high"]]) / scale
    np.testing.assert_allclose(ends, oracle, atol=0.03 * (oracle.high - oracle.low))


def test_intervals_hold_their_estimates(forty: tuple[Resolution, pd.DataFrame]) -> None:
    resolution, pairs = forty
    shift = resolution.shift(pairs, draws=500)
    for name in ("difference", "log_ratio", "share_difference"):
        assert (shift[f"{name}_low"] <= shift[name]).all()
        assert (shift[name] <= shift[f"{name}_high"]).all()


def test_same_seed_gives_the_same_table(forty: tuple[Resolution, pd.DataFrame]) -> None:
    resolution, pairs = forty
    pd.testing.assert_frame_equal(
        resolution.shift(pairs, seed=3), resolution.shift(pairs, seed=3), check_exact=True
    )


def test_another_seed_changes_intervals_only(forty: tuple[Resolution, pd.DataFrame]) -> None:
    resolution, pairs = forty
    one, two = resolution.shift(pairs, seed=1), resolution.shift(pairs, seed=2)
    differing = {column for column in one if not one[column].equals(two[column])}
    measures = ("difference", "log_ratio", "share_difference")
    ends = {f"{n}_{e}" for n in measures for e in ("low", "high")}
    assert differing == ends | {"interval_model"}


def test_no_draws_leave_the_intervals_out(forty: tuple[Resolution, pd.DataFrame]) -> None:
    resolution, pairs = forty
    shift = resolution.shift(pairs, draws=0)
    assert shift["difference_low"].isna().all()
    assert set(shift["interval_model"]) == {"none"}


def test_kept_pair_stands_or_falls_together() -> None:
    # Unpaired resampling of the same two editions would give this difference a width.
    resolution = Resolution([(SG, "水"), (SG, "环境")] * 5, [(SG, "水"), (SG, "环境")] * 5)
    row = at(resolution.shift(draws=200), "clause", "all", "water")
    assert pick(row, "difference_low difference_high") == [0, 0]


# --- edges --------------------------------------------------------------------------------------


def test_topic_without_hit_is_a_row_of_zeros() -> None:
    terms = {"space": ("星",), **TERMS}
    row = at(Resolution([(SG, "水")], [(SG, "水")] * 2, terms).shift(), "clause", "all", "space")
    names = "n_old n_new rate_old rate_new share_old share_new difference log_ratio"
    assert pick(row, names) == [0] * 8


def test_editions_without_any_tag_have_no_shares() -> None:
    shift = Resolution([(SG, "环境")], [(SG, "环境境")]).shift()
    assert not shift[["share_old", "share_new", "difference", "share_difference"]].any(axis=None)


def test_edition_without_tokens_has_no_token_rates() -> None:
    resolution = Resolution([(SG, "水")], [(SG, "水")])
    resolution.tokens = resolution.tokens[:0]
    row = at(resolution.shift(), "token", "all", "water")
    assert pick(row, "base_old rate_old log_ratio difference_low") == [0, 0, 0, 0]


def test_tags_of_uncounted_rows_do_not_count() -> None:
    resolution = Resolution([(SG, "水"), (SG, "水")], [(SG, "水"), (SG, "水")])
    resolution.clauses.loc[resolution.clauses["clause_id"] == "c1", "kind"] = "footnote"
    row = at(resolution.shift(), "clause", "all", "water")
    assert pick(row, "n_old n_new base_old base_new") == [1, 1, 1, 1]


def test_split_and_merge_rows_do_not_count() -> None:
    resolution = Resolution([(SG, "水")], [(SG, "水")])
    pairs = pd.concat([link(("c0", "c0")), link(("c0", "c0")).assign(relation="split")])
    pd.testing.assert_frame_equal(resolution.shift(pairs), resolution.shift())


@pytest.mark.parametrize("version", ["old", "new"])
def test_version_without_counted_clauses_is_an_input_error(version: str) -> None:
    editions = {"old": [(SG, "水")], "new": [(SG, "水")]} | {version: []}
    with pytest.raises(InputError, match=f"small: {version} version: no lead_in") as caught:
        Resolution(**editions).shift(link())
    assert caught.value.problems[0].file == "small"


@pytest.mark.parametrize("rows", [[("c0", "")], [("c0", "c0"), ("", "c0")]])
def test_pairs_of_other_clauses_are_an_input_error(rows: list[tuple[str, str]]) -> None:
    with pytest.raises(InputError, match="new version: not in exactly one 1:1 row of pairs: c0"):
        Resolution([(SG, "水")], [(SG, "水")]).shift(link(*rows))


def test_tag_of_an_uncounted_topic_is_an_input_error() -> None:
    resolution = Resolution([(SG, "水")], [(SG, "水")])
    del resolution.terms["water"]
    with pytest.raises(InputError, match="topics that are not counted: water"):
        resolution.shift()


@pytest.mark.parametrize("options", [{"draws": -1}, {"level": 1.0}, {"level": 0.0}])
def test_options_out_of_range_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="draws="):
        Resolution([(SG, "水")], [(SG, "水")]).shift(**options)


def test_inputs_are_left_as_they_were() -> None:
    resolution = Resolution([(SG, "水")], [(PREAMBLE, "水碳")])
    pairs = resolution.pairs()
    tables = [resolution.clauses, resolution.tokens, resolution.tags, pairs]
    before = [table.copy() for table in tables]
    resolution.shift(pairs)
    for table, copy in zip(tables, before, strict=True):
        pd.testing.assert_frame_equal(table, copy)


# --- sentences ----------------------------------------------------------------------------------


def make_codebook() -> Codebook:
    labels = {"water": "水资源", "carbon": "碳", "disaster": "灾害"}
    empty = {"zh": "", "en": ""}
    topics = tuple(
        Topic(
            id=name,
            theme="environment",
            label={"zh": labels[name], "en": name.capitalize()},
            definition=empty,
            include=empty,
            exclude=empty,
            core=terms,
            peripheral=(),
            exclusions=(),
            source="",
        )
        for name, terms in TERMS.items()
    )
    return Codebook("small", "1", empty, {"environment": empty}, topics, "")


NAMES = make_codebook()


@pytest.fixture(scope="module")
def codebook() -> Codebook:
    return NAMES


def tell(
    shift: pd.DataFrame, codebook: Codebook, language: Language = "en", **labels: str
) -> dict[str, str]:
    """Return the sentences by topic's name, without name."""
    named = {"old_label": "2014", "new_label": "2022"} | labels
    sentences = summarize_topics(shift, codebook, language=language, **named)
    colon = "：" if language == "zh" else ": "
    return {name: rest for name, _, rest in (text.partition(colon) for text in sentences)}


def test_sentences_in_english(small: pd.DataFrame, codebook: Codebook) -> None:
    plain = small.assign(share_difference_low=-0.0001, share_difference_high=0.25)
    interval = ", 95 % interval (paired clause bootstrap) of its change +0.0 to +25.0 points."
    assert tell(plain, codebook, old_label="Busan 2014", new_label="Bucharest 2022") == {
        "Water": "2 of 4 clauses in Busan 2014, 3 of 5 in Bucharest 2022 (+1: 1 added); "
        "2 of 3 instruct or invite someone to act, before 1 of 2; "
        "share of all topic assignments 50.0 % → 60.0 %" + interval,
        "Carbon": "0 of 4 clauses in Busan 2014, 2 of 5 in Bucharest 2022 "
        "(+2: 1 added, 1 gained in kept clauses); "
        "1 of 2 instructs or invites someone to act; "
        "share of all topic assignments 0.0 % → 40.0 %" + interval,
        "Disaster": "2 of 4 clauses in Busan 2014, 0 of 5 in Bucharest 2022 "
        "(-2: 1 suppressed, 1 lost in kept clauses); "
        "2 of 2 instructed or invited someone to act; "
        "share of all topic assignments 50.0 % → 0.0 %" + interval,
    }


def test_sentences_in_chinese(small: pd.DataFrame, codebook: Codebook) -> None:
    plain = small.assign(share_difference_low=-0.1, share_difference_high=0.25)
    interval = "，其变化的95 %区间（配对条款自助法）为 -10.0 至 +25.0 个百分点。"
    labels = {"old_label": "2014年釜山", "new_label": "2022年布加勒斯特"}
    assert tell(plain, codebook, "zh", **labels) == {
        "水资源": "2014年釜山4条中2条，2022年布加勒斯特5条中3条（+1：新增1条）；"
        "3条中2条责成或请有关方采取行动，此前2条中1条；"
        "占全部主题标注的份额 50.0 % → 60.0 %" + interval,
        "碳": "2014年釜山4条中0条，2022年布加勒斯特5条中2条（+2：新增1条，保留条款中增加1条）；"
        "2条中1条责成或请有关方采取行动；"
        "占全部主题标注的份额 0.0 % → 40.0 %" + interval,
        "灾害": "2014年釜山4条中2条，2022年布加勒斯特5条中0条（-2：删除1条，保留条款中减少1条）；"
        "2条中2条曾责成或请有关方采取行动；"
        "占全部主题标注的份额 50.0 % → 0.0 %" + interval,
    }


@pytest.fixture(scope="module")
def arrived() -> tuple[Resolution, pd.DataFrame]:
    """Carbon comes in three added clauses, two of them with an addressee; water stays."""
    resolution = Resolution(
        old=[(PREAMBLE, "水")], new=[(PREAMBLE, "水"), (PREAMBLE, "碳"), (SG, "碳"), (STATES, "碳")]
    )
    return resolution, link(("c0", "c0"), ("", "c1"), ("", "c2"), ("", "c3"))


@pytest.mark.parametrize(
    ("language", "topic", "said"),
    [
        ("en", "Carbon", "(+3: all new); 2 of 3 instruct or invite someone to act; "),
        ("zh", "碳", "（+3：全部为新增）；3条中2条责成或请有关方采取行动；"),
    ],
)
def test_topic_in_added_clauses_only_is_all_new(
    arrived: tuple[Resolution, pd.DataFrame],
    codebook: Codebook,
    language: Language,
    topic: str,
    said: str,
) -> None:
    resolution, pairs = arrived
    assert said in tell(resolution.shift(pairs), codebook, language)[topic]


@pytest.mark.parametrize(
    ("language", "topic", "said"),
    [
        ("en", "Carbon", "(-3: all suppressed); 2 of 3 instructed or invited someone to act; "),
        ("zh", "碳", "（-3：全部删除）；3条中2条曾责成或请有关方采取行动；"),
    ],
)
def test_topic_in_suppressed_clauses_only_is_all_suppressed(
    arrived: tuple[Resolution, pd.DataFrame],
    codebook: Codebook,
    language: Language,
    topic: str,
    said: str,
) -> None:
    resolution, pairs = swap(*arrived)
    assert said in tell(resolution.shift(pairs), codebook, language)[topic]


def test_one_added_clause_is_counted_and_not_called_all(codebook: Codebook) -> None:
    resolution = Resolution([(SG, "水")], [(SG, "水"), (SG, "碳")])
    said = tell(resolution.shift(link(("c0", "c0"), ("", "c1"))), codebook)["Carbon"]
    assert "(+1: 1 added); 1 of 1 instructs or invites someone to act; " in said


@pytest.mark.parametrize(
    ("language", "topic", "fell", "rose"),
    [
        (
            "en",
            "Water",
            "100.0 % → 25.0 % (it fell because other topics grew more), 95 %",
            "25.0 % → 100.0 % (it rose because other topics shrank more), 95 %",
        ),
        (
            "zh",
            "水资源",
            "100.0 % → 25.0 %（份额下降是因为其他主题增加更多），其",
            "25.0 % → 100.0 %（份额上升是因为其他主题减少更多），其",
        ),
    ],
)
def test_share_that_moved_by_the_others_alone_says_so(
    arrived: tuple[Resolution, pd.DataFrame],
    codebook: Codebook,
    language: Language,
    topic: str,
    fell: str,
    rose: str,
) -> None:
    resolution, pairs = arrived
    back, turned = swap(resolution, pairs)
    assert fell in tell(resolution.shift(pairs), codebook, language)[topic]
    assert rose in tell(back.shift(turned), codebook, language)[topic]


def test_share_that_fell_with_its_clauses_is_not_blamed_on_others(codebook: Codebook) -> None:
    resolution = Resolution([(SG, "水"), (SG, "水"), (SG, "碳")], [(SG, "水"), (SG, "碳")])
    said = tell(resolution.shift(link(("c0", "c0"), ("c1", ""), ("c2", "c1"))), codebook)
    assert "66.7 % → 50.0 %, 95 %" in said["Water"]


@given(resolution=resolutions())
@settings(max_examples=40, deadline=None)
def test_reason_of_a_share_agrees_with_its_parts(resolution: Resolution) -> None:
    # The midpoint formula: what the topic's own clauses did to its share, all else held.
    shift = resolution.shift(draws=0)
    for row in shift[(shift["unit"] == "clause") & (shift["breakdown"] == "total")].to_dict(
        "records"
    ):
        if not row["assigned_old"] or not row["assigned_new"]:
            continue
        own = (row["n_new"] - row["n_old"]) * (1 / row["assigned_old"] + 1 / row["assigned_new"])
        (said,) = summarize_topics(
            pd.DataFrame([row]), NAMES, old_label="a", new_label="b", language="en"
        ) or [""]
        change = row["share_difference"]
        assert ("it fell" in said) == (change < -1e-9 and own >= 0)
        assert ("it rose" in said) == (change > 1e-9 and own <= 0)


def test_rows_without_addressees_leave_them_out_of_the_sentence(
    small: pd.DataFrame, codebook: Codebook
) -> None:
    total = tell(small[small["breakdown"] == "total"], codebook)
    assert "1 added); share of all" in total["Water"]


def test_text_that_addresses_nobody_is_not_said_to_ask_nothing(codebook: Codebook) -> None:
    shift = Resolution([(PREAMBLE, "水")], [(PREAMBLE, "水")]).shift()
    assert "(+0); share of all" in tell(shift, codebook)["Water"]


def test_interval_of_another_model_is_not_called_a_bootstrap_of_pairs(
    small: pd.DataFrame, codebook: Codebook
) -> None:
    other = small.assign(interval_model="jackknife, 90 %")
    assert ", 90 % interval of its change " in tell(other, codebook)["Water"]


def test_topics_without_hit_get_no_sentence(codebook: Codebook) -> None:
    shift = Resolution([(SG, "水")], [(SG, "水")]).shift()
    assert list(tell(shift, codebook, "zh")) == ["水资源"]


def test_sentences_without_draws_have_no_interval(codebook: Codebook) -> None:
    shift = Resolution([(SG, "水")], [(SG, "水")]).shift(draws=0)
    assert tell(shift, codebook) == {
        "Water": "1 of 1 clauses in 2014, 1 of 1 in 2022 (+0); "
        "1 of 1 instructs or invites someone to act, before 1 of 1; "
        "share of all topic assignments 100.0 % → 100.0 %."
    }


# --- tags and their codebook --------------------------------------------------------------------


def give(tags: pd.DataFrame, codebook: Codebook, **attrs: str) -> pd.DataFrame:
    made = tags.copy()
    made.attrs = {"codebook": codebook.id, "codebook_version": codebook.version, **attrs}
    return made


def test_a_codebook_stands_for_its_topics(codebook: Codebook) -> None:
    resolution = Resolution([(SG, "供水")], [(SG, "供水"), (SG, "碳")])
    tables = (resolution.clauses, resolution.tokens)
    tags = give(resolution.tags, codebook, codebook_sha256=codebook.sha256 or "0")
    book = replace(codebook, sha256=codebook.sha256 or "0")
    named = [topic.id for topic in codebook.topics]
    by_book, by_name = (
        topic_shift(*tables, tags, resolution.pairs(), topics, draws=0) for topics in (book, named)
    )
    pd.testing.assert_frame_equal(by_book, by_name)


@pytest.mark.parametrize(
    ("attrs", "said"), [({"codebook_sha256": "1" * 64}, "11111111"), ({}, "do not say which")]
)
def test_tags_of_another_or_an_unknown_codebook_are_refused(
    codebook: Codebook, attrs: dict[str, str], said: str
) -> None:
    resolution = Resolution([(SG, "供水")], [(SG, "供水")])
    tags = give(resolution.tags, codebook, **attrs)
    with pytest.raises(InputError, match=said):
        topic_shift(
            *(resolution.clauses, resolution.tokens, tags, resolution.pairs()),
            replace(codebook, sha256="2" * 64),
        )


# --- nothing to count ---------------------------------------------------------------------------

EMPTY = [
    ([(SG, ""), (SG, "水")], [(SG, ""), (SG, "水")]),
    ([(SG, "")], [(SG, "")]),
    ([(SG, "")], [(SG, "水")]),
    ([(SG, "环")], [(SG, "环")]),
]
MEASURES = [
    shift_room.list_transitions,
    shift_room.permutation_test,
    shift_room.topic_positions,
    shift_room.topic_commitment,
    shift_room.topic_specificity,
]


@pytest.mark.parametrize(("old", "new"), EMPTY)
@pytest.mark.parametrize("measure", MEASURES)
def test_clauses_of_no_length_and_topics_without_hits_are_measured(
    measure: Callable[..., pd.DataFrame], old: list[Clause], new: list[Clause]
) -> None:
    # Warnings are errors here, so that a division by nothing would show.
    resolution = Resolution(old, new)
    pairs = link(*((f"c{k}", f"c{k}") for k in range(len(old))))
    table = measure(resolution.clauses, resolution.tags, pairs, list(resolution.terms))
    gained = sum("水" in text for _, text in new) - sum("水" in text for _, text in old)
    if old == new and "difference" in table:
        assert not table["difference"].any()
    if "transition" in table:
        turns = table["transition"].value_counts()
        assert turns.get("gained", 0) - turns.get("lost", 0) == gained


@pytest.mark.parametrize(("old", "new"), EMPTY)
def test_shares_of_nothing_are_nothing(old: list[Clause], new: list[Clause]) -> None:
    resolution = Resolution(old, new)
    pairs = link(*((f"c{k}", f"c{k}") for k in range(len(old))))
    shift = resolution.shift(pairs)
    parts = shift_room.account_shift(shift).groupby("measure")["contribution"].sum()
    assert parts["count"] == (shift["n_new"] - shift["n_old"]).sum()
    assert parts["share"] == pytest.approx(shift["share_difference"].sum())
    for unit in UNITS:
        tables = (resolution.clauses, resolution.tokens, resolution.tags, pairs)
        distance = shift_room.profile_distance(*tables, list(resolution.terms), unit=unit)
        if old == new:
            assert not distance["divergence"].any()


@pytest.mark.parametrize(("old", "new"), EMPTY)
def test_words_of_nothing_are_none(old: list[Clause], new: list[Clause]) -> None:
    resolution = Resolution(old, new)
    pairs = link(*((f"c{k}", f"c{k}") for k in range(len(old))))
    tables = (resolution.clauses, resolution.tokens, pairs)
    assert shift_room.keyness(*tables).empty
    assert not shift_room.word_shift(*tables, min_clauses=0)["contribution"].any()


def test_measures_of_one_corpus_refuse_several() -> None:
    resolution = Resolution([(SG, "水")], [(SG, "水")])
    other = resolution.clauses.assign(corpus="other", clause_id="d0")
    clauses = pd.concat([resolution.clauses, other], ignore_index=True)
    tables = (clauses, resolution.tokens, resolution.tags, resolution.pairs())
    with pytest.raises(InputError, match="several corpora: other, small"):
        shift_room.profile_distance(*tables, list(TERMS))


def test_pairs_of_one_corpus_among_several_are_named() -> None:
    resolution = Resolution([(SG, "水")], [(SG, "水")])
    other = resolution.clauses.assign(corpus="other", clause_id="d0")
    clauses = pd.concat([resolution.clauses, other], ignore_index=True)
    with pytest.raises(InputError, match="other: old version: not in exactly one 1:1 row"):
        topic_shift(clauses, resolution.tokens, resolution.tags, resolution.pairs(), list(TERMS))


@settings(max_examples=25)
@given(st.lists(resolutions(), min_size=2, max_size=4), st.randoms(use_true_random=False))
def test_several_corpora_are_each_counted_by_itself(given: list[Resolution], rng: Any) -> None:
    tables: dict[str, list[pd.DataFrame]] = {"clauses": [], "tokens": [], "tags": [], "pairs": []}
    apart = []
    for k, resolution in enumerate(given):
        name = {"corpus": f"c{k}"}
        pairs = resolution.pairs()
        tables["clauses"].append(resolution.clauses.assign(**name))
        tables["tokens"].append(resolution.tokens.assign(**name))
        tables["tags"].append(resolution.tags.assign(**name))
        tables["pairs"].append(pairs.assign(**name))
        apart.append(resolution.shift(pairs).assign(**name))
    for name in ("tokens", "tags", "pairs"):
        rng.shuffle(tables[name])
    together = (pd.concat(tables[name], ignore_index=True) for name in tables)
    clauses, tokens, tags, pairs = together
    found = topic_shift(clauses, tokens, tags, pairs, list(TERMS), draws=20)
    pd.testing.assert_frame_equal(found, pd.concat(apart, ignore_index=True), check_exact=True)


@settings(max_examples=25)
@given(resolutions())
def test_absent_topics_may_be_left_out(resolution: Resolution) -> None:
    whole = resolution.shift()
    there = (whole["n_old"] > 0) | (whole["n_new"] > 0)
    kept = whole[there | (whole["breakdown"] == "total")].reset_index(drop=True)
    pd.testing.assert_frame_equal(resolution.shift(absent=False), kept, check_exact=True)


def test_tags_of_strange_versions_are_refused() -> None:
    resolution = Resolution([(SG, "水")], [(SG, "水")])
    tags = resolution.tags.assign(version=resolution.tags["version"].str.upper())
    with pytest.raises(InputError, match="versions are old and new, not NEW, OLD"):
        topic_shift(resolution.clauses, resolution.tokens, tags, resolution.pairs(), list(TERMS))
