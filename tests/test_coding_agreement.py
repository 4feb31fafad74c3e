"""Agreement among coders: alpha against a worked example and another package, and its guards."""

import itertools
import math

import numpy as np
import pandas as pd
import pytest
from coding_tables import make_clauses, make_codings
from hypothesis import given
from hypothesis import strategies as st

from resanalysis.coding import agreement, krippendorff_alpha, list_disagreements

NAN = math.nan
# Krippendorff (2011), "Computing Krippendorff's Alpha-Reliability", section C: four observers,
# twelve units, one of them with a single value.
WORKED = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, NAN, NAN, NAN],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NAN, 3],
    [NAN, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NAN],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NAN],
]
ANN = {"water": [1, 0, 0, 1, 0, 0, 0, 0], "e_waste": [0, 0, 1, 1, 0, 1, 0, 0]}
BOB = {"water": [1, 0, 0, 0, 0, 0, 0, 1], "e_waste": [0, 0, 1, 1, 0, 1, 1, 0]}
CODINGS = make_codings({"ann": ANN, "bob": BOB})
CODES = st.sampled_from([0, 1, None])


def texts(*names):
    return make_clauses({"clause_id": str(i), "text": text} for i, text in enumerate(names, 1))


def by_topic(*args, **options):
    return agreement(*args, **options).set_index("topic")


def tables(coders):
    """Return codes of two topics for up to nine clauses by so many coders."""
    return st.integers(1, 9).flatmap(
        lambda n: st.fixed_dictionaries(
            {
                coder: st.fixed_dictionaries(
                    {topic: st.lists(CODES, min_size=n, max_size=n) for topic in ("a", "b")}
                )
                for coder in "xyz"[:coders]
            }
        )
    )


# --- alpha --------------------------------------------------------------------------------------


def test_alpha_of_the_worked_example():
    assert round(krippendorff_alpha(np.transpose(WORKED)), 3) == 0.743


@pytest.mark.parametrize(
    ("coders", "alpha"),
    [  # krippendorff 0.9.0, level_of_measurement="nominal"
        (WORKED, 0.743421052631579),
        (
            [
                [1, 1, 0, 0, 1, 0, 0, NAN, 0, 1],
                [1, 0, 0, 0, 1, 0, 1, 0, NAN, 1],
                [NAN, 1, 0, 0, 1, 0, 0, 0, 0, 1],
            ],
            0.7045454545454546,
        ),
        ([[1, *[0] * 39], [0] * 40], 0.0),
        ([[1, 0, 1, 0, 1, 0], [0, 1, 0, 1, 0, 1]], -0.8333333333333333),
    ],
    ids=["worked", "three coders", "one of forty", "opposite"],
)
def test_alpha_is_the_one_of_another_package(coders, alpha):
    assert krippendorff_alpha(np.transpose(coders)) == pytest.approx(alpha, abs=1e-12)


@pytest.mark.parametrize("codes", [[[0, 0], [0, 0]], [[1, NAN], [NAN, 0]], [[1, 1]]])
def test_alpha_is_no_number_where_there_is_nothing_to_agree_on(codes):
    assert math.isnan(krippendorff_alpha(codes))


@given(st.lists(st.lists(st.sampled_from([0, 1, 2, NAN]), min_size=3, max_size=3), min_size=1))
def test_alpha_does_not_depend_on_order_or_names(codes):
    alpha = krippendorff_alpha(codes)
    renamed = [[10 - code for code in reversed(unit)] for unit in reversed(codes)]
    assert krippendorff_alpha(renamed) == pytest.approx(alpha, nan_ok=True)
    assert math.isnan(alpha) or alpha <= 1


@given(st.lists(st.sampled_from([0, 1]), min_size=1))
def test_alpha_of_equal_codes_is_one_or_undefined(codes):
    alpha = krippendorff_alpha([[code, code, code] for code in codes])
    assert alpha == 1 if len(set(codes)) > 1 else math.isnan(alpha)


# --- the table ----------------------------------------------------------------------------------


def test_each_topic_has_its_alpha_and_the_pooled_one_stands_last():
    table = agreement(CODINGS)
    assert table["topic"].tolist() == ["water", "e_waste", "all"]
    assert table["alpha"].tolist() == pytest.approx(  # krippendorff 0.9.0
        [0.375, 0.7619047619047619, 0.5974025974025974], abs=1e-12
    )


def test_prevalence_and_raw_agreement_are_the_ones_counted_by_hand():
    table = by_topic(CODINGS)
    assert table.loc["water", ["coders", "clauses", "texts", "positives"]].tolist() == [2, 8, 8, 3]
    assert table.loc["water", "raw_agreement"] == 6 / 8
    assert table.loc["water", "prevalence"] == 4 / 16
    assert table.loc["e_waste", ["prevalence_low", "prevalence_high"]].tolist() == [3 / 8, 4 / 8]
    assert table.loc["all", "raw_agreement"] == 13 / 16
    assert table.loc["all", "positives"] == 3 + 4


def test_raw_agreement_of_three_is_that_of_their_pairs():
    # Pairs that agree: clause 1 one of three, clause 2 three of three.
    codings = make_codings({"a": {"t": [1, 0]}, "b": {"t": [1, 0]}, "c": {"t": [0, 0]}})
    assert by_topic(codings).loc["t", "raw_agreement"] == pytest.approx((1 / 3 + 1) / 2)


def test_clauses_that_one_coder_coded_do_not_count():
    codings = make_codings({"a": {"t": [1, 0, 1, 1]}, "b": {"t": [1, 0, None, None]}})
    row = by_topic(codings).loc["t"]
    assert row["clauses"] == 2
    assert row["prevalence"] == 0.5


@given(tables(3), st.randoms(use_true_random=False))
def test_order_of_rows_and_names_of_coders_do_not_matter(codes, rng):
    codings = make_codings(codes)
    order = list(range(len(codings)))
    rng.shuffle(order)
    other = codings.iloc[order].assign(
        coder=codings["coder"].map(dict(zip("xyz", "zxy", strict=True)))
    )
    columns = ["clauses", "positives", "prevalence", "raw_agreement", "alpha"]
    one, two = (by_topic(table, draws=0)[columns].sort_index() for table in (codings, other))
    pd.testing.assert_frame_equal(one, two, check_dtype=False)


@given(tables(2))
def test_alpha_in_the_table_is_the_plain_one(codes):
    table = by_topic(make_codings(codes), draws=0)
    for topic in ("a", "b"):
        if topic in table.index:
            plain = [[NAN if c is None else c for c in codes[coder][topic]] for coder in "xy"]
            expected = krippendorff_alpha(np.transpose(plain))
            assert table.loc[topic, "alpha"] == pytest.approx(expected, nan_ok=True)


def test_only_the_coders_asked_for_are_compared():
    codings = make_codings({"ann": ANN, "bob": BOB, "eve": {"water": [1] * 8, "e_waste": [1] * 8}})
    assert agreement(codings, coders=["ann", "bob"]).equals(agreement(CODINGS))
    with pytest.raises(ValueError, match="coder zoe"):
        agreement(codings, coders=["ann", "zoe"])


# --- the interval -------------------------------------------------------------------------------


def test_the_interval_is_that_of_clauses_drawn_one_by_one():
    rng = np.random.default_rng(0)
    weights = np.concatenate([rng.multinomial(8, [1 / 8] * 8, size=100) for _ in range(3)])
    pairs = np.transpose([ANN["e_waste"], BOB["e_waste"]]).astype(float)
    drawn = [krippendorff_alpha(np.repeat(pairs, weight, axis=0)) for weight in weights]
    expected = np.quantile([a for a in drawn if not math.isnan(a)], [0.05, 0.95])
    row = by_topic(CODINGS, draws=300, level=0.9).loc["e_waste"]
    assert [row["alpha_low"], row["alpha_high"]] == pytest.approx(expected.tolist())


def test_the_interval_repeats_with_its_seed():
    first, again, other = (agreement(CODINGS, draws=50, seed=seed) for seed in (1, 1, 2))
    assert first.equals(again)
    assert not first.equals(other)


def test_texts_that_stand_twice_do_not_narrow_the_interval():
    twice = {c: {t: v + v for t, v in codes.items()} for c, codes in (("ann", ANN), ("bob", BOB))}
    clauses = texts(*"甲乙丙丁戊己庚辛", *"甲乙丙丁戊己庚辛")
    single = by_topic(CODINGS).loc["all"]
    by_text = by_topic(make_codings(twice), clauses=clauses).loc["all"]
    by_clause = by_topic(make_codings(twice)).loc["all"]
    widths = [row["alpha_high"] - row["alpha_low"] for row in (single, by_text, by_clause)]
    assert by_text["texts"] == 8
    assert by_clause["texts"] == 16
    assert widths[1] > 0.9 * widths[0]
    assert widths[2] < 0.8 * widths[0]


# --- the notes ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("codes", "note"),
    [
        ({"a": [0] * 4, "b": [0] * 4}, "no coder gave the topic"),
        ({"a": [1] * 4, "b": [1] * 4}, "every coder gave the topic"),
        ({"a": [1, 0, None], "b": [None, None, 1]}, "no clause was coded by two"),
        ({"a": [1, 0, 1]}, "no clause was coded by two"),
    ],
)
def test_an_undefined_alpha_is_no_number_and_says_why(codes, note):
    codings = make_codings({coder: {"t": given} for coder, given in codes.items()})
    row = by_topic(codings).loc["t"]
    assert math.isnan(row["alpha"])
    assert math.isnan(row["alpha_low"])
    assert row["alpha_note"].startswith("undefined: ")
    assert note in row["alpha_note"]


def test_what_alpha_rests_on_is_noted():
    rare = [1, *[0] * 19]
    notes = by_topic(make_codings({"a": {"t": rare}, "b": {"t": rare}})).loc["t", "alpha_note"]
    assert "few clauses with the topic: 1" in notes
    assert "no width" in notes
    assert "of the draws" in notes
    few = by_topic(CODINGS).loc["water", "alpha_note"]
    assert "few texts: 8" in few


def test_a_sound_alpha_has_no_note():
    codes = list(itertools.chain(*[[1, 0, 1, 0, 0]] * 6))
    other = [*codes[:-1], 1]
    assert by_topic(make_codings({"a": {"t": codes}, "b": {"t": other}}))[
        "alpha_note"
    ].tolist() == [
        "",
        "",
    ]


def test_no_codings_give_the_pooled_row_alone():
    table = agreement(make_codings({}))
    assert table["topic"].tolist() == ["all"]
    assert table["alpha_note"].tolist() == ["undefined: no clause was coded by two coders"]


def test_a_clause_coded_twice_by_one_coder_is_refused():
    with pytest.raises(ValueError, match="ann codes 2014-x/1, water twice"):
        agreement(pd.concat([CODINGS, CODINGS[:1]]))


def test_a_coded_clause_that_is_not_among_the_clauses_is_refused():
    with pytest.raises(ValueError, match="2014-x/8 is not among the clauses"):
        agreement(CODINGS, clauses=texts(*"甲乙丙丁戊己庚"))


# --- disagreements ------------------------------------------------------------------------------


def test_every_disagreement_of_coders_is_listed_with_its_clause():
    codings = make_codings(
        {"ann": ANN, "bob": BOB},
        unsure=[("ann", "4"), ("bob", "7")],
        notes={("ann", "4"): "灌溉", ("bob", "4"): "农业"},
    )
    found = list_disagreements(codings, texts(*"甲乙丙丁戊己庚辛"))
    columns = ["clause_id", "topic", "between", "given_by", "not_given_by", "unsure", "notes"]
    assert found[[*columns, "text"]].values.tolist() == [
        ["4", "water", "coders", "ann", "bob", "ann", "ann: 灌溉 | bob: 农业", "丁"],
        ["7", "e_waste", "coders", "bob", "ann", "bob", "", "庚"],
        ["8", "water", "coders", "bob", "ann", "", "", "辛"],
    ]


def test_no_disagreement_gives_an_empty_table_with_its_columns():
    found = list_disagreements(make_codings({"ann": ANN}), texts(*"甲乙丙丁戊己庚辛"))
    assert found.empty
    assert "between" in found


@given(tables(3))
def test_as_many_places_are_listed_as_coders_differ_on(codes):
    found = list_disagreements(make_codings(codes), texts(*"甲乙丙丁戊己庚辛壬"))
    count = len(codes["x"]["a"])
    differing = sum(
        len({codes[coder][topic][i] for coder in "xyz"} - {None}) > 1
        for topic in "ab"
        for i in range(count)
    )
    assert len(found) == differing
