"""The codebook against coders: counts, scores, intervals, and the list of its errors."""

import math

import numpy as np
import pytest
from coding_tables import make_clauses, make_codings, make_tags
from hypothesis import given
from hypothesis import strategies as st

from resanalysis.coding import list_disagreements, score_codebook
from resanalysis.coding.measures import find_wilson

CODES = {"water": [1, 1, 1, 0, 0, 0, 0, 0], "e_waste": [0, 0, 0, 0, 0, 0, 1, 1]}
TAGS = make_tags(
    [(1, "water", "水资源"), (1, "water", "用水"), (2, "water", "水"), (4, "water", "水")]
)
CODINGS = make_codings({"ann": CODES})
CLAUSES = make_clauses(
    {"clause_id": str(i), "text": t} for i, t in enumerate("甲乙丙丁戊己庚辛", 1)
)


def by_topic(*args, **options):
    return score_codebook(*args, **options).set_index("topic")


@pytest.mark.parametrize(
    ("successes", "trials", "ends"),
    [  # statsmodels 0.15.0, proportion_confint(method="wilson")
        (9, 10, (0.5958499732047614, 0.982123786904927)),
        (0, 4, (0.0, 0.4898908364545974)),
        (5, 5, (0.5655175352168252, 1.0)),
        (3, 17, (0.061911266376209945, 0.4102945856883413)),
    ],
)
def test_wilson_is_the_one_of_another_package(successes, trials, ends):
    assert find_wilson(successes / trials, trials) == pytest.approx(ends, abs=1e-12)


@given(st.integers(1, 200).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_is_the_one_of_scipy_and_holds_the_share(given_counts):
    from scipy.stats import binomtest

    successes, trials = given_counts
    low, high = find_wilson(successes / trials, trials, level=0.9)
    expected = binomtest(successes, trials).proportion_ci(0.9, method="wilson")
    assert [low, high] == pytest.approx([expected.low, expected.high], abs=1e-9)
    assert low <= successes / trials + 1e-12
    assert high >= successes / trials - 1e-12


def test_wilson_of_no_trials_is_no_number():
    assert all(math.isnan(end) for end in find_wilson(math.nan, 0))


def test_counts_and_scores_are_the_ones_by_hand():
    row = by_topic(CODINGS, TAGS).loc["water"]
    assert row[["tp", "fp", "fn", "tn"]].tolist() == [2, 1, 1, 4]
    assert row[["precision", "recall", "f1"]].tolist() == pytest.approx([2 / 3, 2 / 3, 2 / 3])
    assert row[["precision_low", "precision_high"]].tolist() == pytest.approx(find_wilson(2 / 3, 3))


def test_what_is_undefined_is_no_number_and_says_why():
    row = by_topic(CODINGS, TAGS).loc["e_waste"]
    assert math.isnan(row["precision"])
    assert math.isnan(row["precision_low"])
    assert row["recall"] == row["f1"] == 0
    assert "the codebook never gave the topic" in row["note"]
    assert "no width" in row["note"]
    nobody = by_topic(make_codings({"ann": {"water": [0, 0]}}), make_tags([(1, "water", "水")]))
    assert math.isnan(nobody.loc["water", "recall"])
    assert "the coder never gave the topic" in nobody.loc["water", "note"]
    neither = by_topic(make_codings({"ann": {"water": [0, 0]}}), make_tags([])).loc["water"]
    assert neither[["precision", "recall", "f1", "f1_low"]].isna().all()


def test_the_pooled_row_sums_the_topics():
    table = by_topic(CODINGS, TAGS)
    topics = table.loc[["water", "e_waste"], ["tp", "fp", "fn", "tn"]].sum()
    assert table.loc["all", ["tp", "fp", "fn", "tn"]].tolist() == topics.tolist()
    assert table.loc["all", "f1"] == pytest.approx(4 / (4 + 1 + 3))


def test_macro_is_the_mean_over_topics_with_enough_positives():
    both = by_topic(CODINGS, TAGS, min_positives=2).loc["macro"]
    assert both["f1"] == pytest.approx((2 / 3 + 0) / 2)
    assert both["note"] == "mean of 2 topics with 2 positives or more"
    assert by_topic(CODINGS, TAGS, min_positives=3).loc["macro", "f1"] == pytest.approx(2 / 3)
    assert math.isnan(by_topic(CODINGS, TAGS, min_positives=4).loc["macro", "f1"])


def test_a_missed_topic_counts_as_zero_in_macro_and_not_as_absent():
    assert by_topic(CODINGS, make_tags([]), min_positives=1).loc["macro", "f1"] == 0


def test_each_coder_is_a_reference_of_their_own():
    bob = {"water": [1, 1, 0, 1, None, None, None, None]}
    table = score_codebook(make_codings({"ann": {"water": CODES["water"]}, "bob": bob}), TAGS)
    water = table[table["topic"] == "water"].set_index("coder")
    assert water["clauses"].to_dict() == {"ann": 8, "bob": 4}
    assert water.loc["bob", "f1"] == 1
    assert "no error to resample" in water.loc["bob", "note"]
    only = score_codebook(make_codings({"ann": CODES, "bob": bob}), TAGS, coders=["bob"])
    assert set(only["coder"]) == {"bob"}


def test_intervals_rest_on_distinct_texts():
    twice = {topic: codes + codes for topic, codes in CODES.items()}
    tags = make_tags([(n + m, "water", "水") for n in (1, 2, 4) for m in (0, 8)])
    clauses = make_clauses(
        {"clause_id": str(i), "text": text} for i, text in enumerate("甲乙丙丁戊己庚辛" * 2, 1)
    )
    codings = make_codings({"ann": twice})
    columns = ["precision_low", "precision_high", "recall_low", "recall_high"]
    by_text, by_clause = by_topic(codings, tags, clauses=clauses), by_topic(codings, tags)
    single = by_topic(CODINGS, TAGS)
    assert by_text.loc["water", columns].tolist() == single.loc["water", columns].tolist()
    assert by_text.loc["water", "f1_low"] == single.loc["water", "f1_low"]
    assert by_clause.loc["water", "precision_low"] > single.loc["water", "precision_low"]


def test_the_bootstrap_is_that_of_clauses_drawn_one_by_one():
    weights = np.random.default_rng(0).multinomial(8, [1 / 8] * 8, size=100)
    code, tagged = np.array(CODES["water"]), np.array([1, 1, 0, 1, 0, 0, 0, 0])
    drawn = []
    for weight in weights:
        c, t = np.repeat(code, weight), np.repeat(tagged, weight)
        if c.any() or t.any():
            drawn.append(2 * (c & t).sum() / (c.sum() + t.sum()))
    row = by_topic(CODINGS, TAGS, draws=100).loc["water"]
    assert row[["f1_low", "f1_high"]].tolist() == pytest.approx(
        np.quantile(drawn, [0.025, 0.975]).tolist()
    )


def test_tags_of_a_topic_that_nobody_coded_are_refused_unless_topics_are_named():
    tags = make_tags([(1, "water", "水"), (1, "forest", "林")])
    with pytest.raises(ValueError, match="nobody coded: forest"):
        score_codebook(CODINGS, tags)
    table = score_codebook(CODINGS, tags, topics=["water"])
    assert table["topic"].tolist() == ["water", "all", "macro"]


BITS = st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=12)


@given(BITS)
def test_scores_are_those_of_a_naive_count(pairs):
    codings = make_codings({"ann": {"t": [int(code) for code, _ in pairs]}})
    tags = make_tags([(i, "t", "词") for i, (_, tagged) in enumerate(pairs, 1) if tagged])
    row = by_topic(codings, tags, draws=0).loc["t"]
    hits = sum(code and tagged for code, tagged in pairs)
    given_, found = sum(code for code, _ in pairs), sum(tagged for _, tagged in pairs)
    assert row["precision"] == pytest.approx(hits / found if found else math.nan, nan_ok=True)
    assert row["recall"] == pytest.approx(hits / given_ if given_ else math.nan, nan_ok=True)
    total = given_ + found
    assert row["f1"] == pytest.approx(2 * hits / total if total else math.nan, nan_ok=True)
    assert row[["tp", "fp", "fn", "tn"]].sum() == len(pairs)


def test_tags_outside_the_coded_clauses_do_not_count():
    far = make_tags([(99, "water", "水"), *((n, "water", "水") for n in (1, 2, 4))])
    assert by_topic(CODINGS, far).equals(by_topic(CODINGS, TAGS))


# --- its errors ---------------------------------------------------------------------------------


def test_every_error_of_the_codebook_is_listed_with_the_terms_that_made_it():
    found = list_disagreements(CODINGS, CLAUSES, TAGS)
    assert found[
        ["clause_id", "topic", "between", "given_by", "codebook", "terms"]
    ].values.tolist() == [
        ["3", "water", "codebook", "ann", "no", ""],
        ["4", "water", "codebook", "", "yes", "水"],
        ["7", "e_waste", "codebook", "ann", "no", ""],
        ["8", "e_waste", "codebook", "ann", "no", ""],
    ]


def test_where_coders_differ_the_codebook_differs_with_one_of_them():
    codings = make_codings({"ann": {"water": [1]}, "bob": {"water": [0]}})
    found = list_disagreements(codings, CLAUSES, TAGS)
    assert found[["between", "given_by", "not_given_by", "terms"]].values.tolist() == [
        ["both", "ann", "bob", "水资源 | 用水"]
    ]


def test_as_many_errors_are_listed_as_are_counted():
    table = by_topic(CODINGS, TAGS)
    assert len(list_disagreements(CODINGS, CLAUSES, TAGS)) == table.loc["all", ["fp", "fn"]].sum()
