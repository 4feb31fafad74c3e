"""Robustness: readings against a full recount, choices against a full rerun, verdicts by hand."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from resanalysis.__main__ import main
from resanalysis.corpus import create_corpus
from resanalysis.figures.specification_rows import name_choice
from resanalysis.model import COUNTED_KINDS, TERM, UNITS, InputError, Language, Study
from resanalysis.pipeline import tag_topics
from resanalysis.results import write_study
from resanalysis.review.readings import Readings
from resanalysis.robustness import Robustness, assess_robustness, describe_verdict
from resanalysis.robustness.choices import try_choices
from resanalysis.robustness.counting import TextCounter, split_sections
from resanalysis.robustness.measures import (
    find_differences,
    leave_each_out,
    leave_out,
    read_headline,
)
from resanalysis.robustness.readings import count_readings
from resanalysis.robustness.verdicts import judge
from resanalysis.shift import topic_shift
from resanalysis.shift.accounting import count_shift
from resanalysis.shift.laying import lay_out
from resanalysis.structure import parse_resolution
from resanalysis.study import run_study
from resanalysis.tables import TABLES

ROOT = Path(__file__).parents[1]
RESOLUTION = ROOT / "corpora" / "itu-pp-res-182"
TOPIC_COLUMNS = ["n_old", "n_new", "add", "sup", "mod_gain", "mod_loss"]


@pytest.fixture(scope="module", params=["small", "itu-pp-res-182"])
def study(request: pytest.FixtureRequest, small_corpus: Path) -> Study:
    return run_study(small_corpus if request.param == "small" else RESOLUTION, draws=0)


@pytest.fixture(scope="module")
def resolution() -> Study:
    return run_study(RESOLUTION, draws=0)


@pytest.fixture(scope="module")
def choices(resolution: Study) -> pd.DataFrame:
    return try_choices(resolution, "clause")


def total(shift: pd.DataFrame, unit: str) -> pd.DataFrame:
    rows = shift[(shift["unit"] == unit) & (shift["breakdown"] == "total")]
    return rows.set_index("topic")


def option(choices: pd.DataFrame, choice: str, name: str) -> pd.DataFrame:
    rows = choices[(choices["choice"] == choice) & (choices["option"] == name)]
    assert len(rows)
    return rows.set_index("topic")


def recount(study: Study, text: str) -> list[int]:
    """Return clauses by topic of a text, parsed and tagged as a whole."""
    clauses = parse_resolution(text, corpus="x", edition="y")
    clauses = clauses[clauses["kind"].isin(COUNTED_KINDS)]
    tags = tag_topics(clauses, study.codebook).drop_duplicates(["clause_id", "topic"])
    found = tags["topic"].value_counts()
    return [int(found.get(topic.id, 0)) for topic in study.codebook.topics] + [len(clauses)]


# --- readings -----------------------------------------------------------------------------------


def test_the_readings_in_force_give_the_text_in_force(study: Study) -> None:
    readings = Readings(study)
    assert readings.combine({}) == readings.ops
    assert readings.combine(dict.fromkeys(readings.spans, 1)) == readings.ops


def test_a_line_of_one_version_prevails_over_the_places_inside_it(resolution: Study) -> None:
    places = [("line", 1, 0, 9, "equal"), ("line", 2, 0, 9, "insert")]
    places += [("word", 1, 3, 4, "delete"), ("word", 2, 3, 4, "equal")]
    names = ("group", "reading", "start", "end", "op")
    alternatives = pd.DataFrame(places, columns=names).assign(weight=0.5)
    text = "九" * 9
    cuts = [("line", 0, 3, "equal"), ("word", 3, 4, "delete"), ("line", 4, 9, "equal")]
    segments = pd.DataFrame(cuts, columns=["group", "start", "end", "op"])
    segments["text"] = [text[a:b] for a, b in zip(segments["start"], segments["end"], strict=True)]
    readings = Readings(replace(resolution, segments=segments, alternatives=alternatives))
    assert readings.combine({}) == [*["equal"] * 3, "delete", *["equal"] * 5]
    assert readings.combine({"word": 2}) == ["equal"] * 9
    assert readings.combine({"line": 2}) == ["insert"] * 9


@pytest.mark.parametrize("unit", UNITS)
def test_the_versions_count_what_the_study_counts(study: Study, unit: str) -> None:
    counter, rows = TextCounter(study, unit), total(study.shift, unit)
    for version, text in (("old", study.old_text), ("new", study.new_text)):
        counted = counter.count(text).tolist()
        assert counted[:-1] == rows[f"n_{version}"].tolist()
        assert counted[-1] == rows[f"base_{version}"].iloc[0]


def test_counting_by_sections_agrees_with_counting_the_whole_text(study: Study) -> None:
    # Oracle: each drawn version parsed and tagged as a whole.
    recounted: list[list[int]] = []

    class Oracle(TextCounter):
        def count(self, text: str) -> Any:
            recounted.append(recount(study, text))
            return super().count(text)

    drawn = count_readings(study, Oracle(study, "clause"), draws=15, seed=3, unmarked=True)
    sides = [drawn.places_old, drawn.places_new, drawn.old, drawn.new]
    counted = np.stack(sides, axis=1).reshape(60, -1)
    assert counted.tolist() == recounted
    assert len({tuple(row) for row in recounted}) > 5


def test_sections_give_the_text_back(study: Study) -> None:
    lines = study.new_text.split("\n")
    sections = [section.split("\n") for section in split_sections(study.new_text)]
    assert [line for part in sections[:-1] for line in part[:-1]] + sections[-1] == lines
    assert len(sections) > 1


def test_a_heading_inside_open_brackets_begins_no_section() -> None:
    text = "忆及\na)\t甲；[1:\n责成秘书长\n乙]\n请成员国\n1\t丙。"
    assert list(split_sections(text)) == [text[: text.index("\n1\t丙")], text[text.index("请成") :]]


def test_readings_come_as_often_as_their_weights_say(study: Study) -> None:
    readings, source = Readings(study), "".join(study.segments["text"])
    place = next(name for name, weights in readings.weights.items() if len(weights) > 1)
    texts = {
        number: "".join(
            char
            for char, op in zip(source, readings.combine({place: number}), strict=True)
            if op != "insert"
        )
        for number in readings.weights[place]
    }
    only = study.alternatives[study.alternatives["group"] == place]
    kept = replace(study, alternatives=only)
    seen: list[str] = []

    class Watcher(TextCounter):
        def count(self, text: str) -> Any:
            seen.append(text)
            return np.zeros(len(study.codebook.topics) + 1, dtype=np.int64)

    count_readings(kept, Watcher(study, "clause"), draws=3000, seed=1, unmarked=False)
    for text in set(texts.values()):
        expected = sum(readings.weights[place][n] for n, other in texts.items() if other == text)
        spread = (expected * (1 - expected) / 3000) ** 0.5
        assert seen[::2].count(text) / 3000 == pytest.approx(expected, abs=4 * spread + 1e-12)


def test_the_same_seed_draws_the_same_readings(study: Study) -> None:
    counter = TextCounter(study, "clause")
    one, two, other = (
        count_readings(study, counter, draws=40, seed=seed, unmarked=True) for seed in (1, 1, 2)
    )
    assert np.array_equal(one.old, two.old) and np.array_equal(one.new, two.new)
    assert not (np.array_equal(one.old, other.old) and np.array_equal(one.new, other.new))


def test_places_alone_are_the_readings_without_unmarked_runs(study: Study) -> None:
    counter = TextCounter(study, "clause")
    both, marked = (
        count_readings(study, counter, draws=40, seed=1, unmarked=unmarked)
        for unmarked in (True, False)
    )
    assert np.array_equal(both.places_old, marked.old)
    assert np.array_equal(both.places_new, marked.new)


def test_nothing_uncertain_gives_the_versions_in_force(study: Study) -> None:
    certain = replace(study, alternatives=study.alternatives.head(0))
    drawn = count_readings(certain, TextCounter(study, "clause"), draws=5, seed=0, unmarked=False)
    rows = total(study.shift, "clause")
    assert (drawn.old[:, :-1] == rows["n_old"].to_numpy()).all()
    assert (drawn.new[:, :-1] == rows["n_new"].to_numpy()).all()


def test_unmarked_runs_are_struck_as_often_as_their_confidence_says(resolution: Study) -> None:
    settled = replace(resolution, alternatives=resolution.alternatives.head(0))
    segments = resolution.segments
    runs = segments[segments["certainty"].isin(["likely", "undecidable"])]
    assert set(runs["op"]) == {"equal"}
    expected = ((1 - runs["confidence"]) * runs["text"].str.replace("\n", "").str.len()).sum()
    lengths: list[int] = []

    class Watcher(TextCounter):
        def count(self, text: str) -> Any:
            lengths.append(len(text))
            return np.zeros(len(resolution.codebook.topics) + 1, dtype=np.int64)

    count_readings(settled, Watcher(resolution, "clause"), draws=2000, seed=0, unmarked=True)
    both = len(resolution.old_text) + len(resolution.new_text)
    struck = both - np.array(lengths).reshape(-1, 4)[:, 2:].sum(axis=1)
    deviation = struck.std() / len(struck) ** 0.5
    assert struck.mean() == pytest.approx(expected, abs=4 * deviation)


# --- choices ------------------------------------------------------------------------------------


def test_the_headline_is_the_studys_shift(resolution: Study, choices: pd.DataFrame) -> None:
    head, rows = option(choices, "headline", ""), total(resolution.shift, "clause")
    assert head[TOPIC_COLUMNS].equals(rows[TOPIC_COLUMNS])
    np.testing.assert_allclose(head["rate"], rows["difference"], atol=1e-12)
    np.testing.assert_allclose(head["share"], rows["share_difference"], atol=1e-12)


@pytest.mark.parametrize(
    ("choice", "name", "options", "unit"),
    [
        ("codebook", "strict", {"reading": "strict"}, "clause"),
        ("scope", "topic", {"scope": "topic"}, "clause"),
        ("segmentation", "HMM on", {"hmm": True}, "token"),
        ("alignment", "0.7", {"threshold": 0.7}, "clause"),
        ("unit", "matched", {}, "matched"),
    ],
)
def test_a_choice_gives_what_a_study_with_that_option_does(
    choices: pd.DataFrame, choice: str, name: str, options: dict[str, Any], unit: str
) -> None:
    # Oracle: the whole chain run with the option.
    other = total(run_study(RESOLUTION, draws=0, **options).shift, unit)
    tried = option(choices, choice, name)
    assert tried[TOPIC_COLUMNS].equals(other[TOPIC_COLUMNS])
    np.testing.assert_allclose(tried["share"], other["share_difference"], atol=1e-12)


def test_terms_in_cited_titles_are_left_out(resolution: Study, choices: pd.DataFrame) -> None:
    own = resolution.tags[~resolution.tags["in_citation"]]
    tables = (resolution.clauses, resolution.tokens, own, resolution.pairs)
    other = total(topic_shift(*tables, resolution.codebook, draws=0), "clause")
    tried = option(choices, "citations", "left out")
    assert tried[TOPIC_COLUMNS].equals(other[TOPIC_COLUMNS])
    assert not tried[["n_old", "n_new"]].equals(
        total(resolution.shift, "clause")[["n_old", "n_new"]]
    )


def test_the_reference_coding_takes_the_codebooks_place(
    resolution: Study, choices: pd.DataFrame
) -> None:
    given = resolution.codings[resolution.codings["code"] == 1]
    counted = given.groupby(["topic", "version"]).size().unstack(fill_value=0)  # noqa: PD010
    tried = option(choices, "reference", str(given["coder"].iloc[0]))
    assert tried.loc[counted.index, "n_old"].tolist() == counted["old"].tolist()
    assert tried.loc[counted.index, "n_new"].tolist() == counted["new"].tolist()


def test_a_coding_that_lacks_a_clause_is_not_tried(small_corpus: Path) -> None:
    study = run_study(small_corpus, draws=0)
    counted = study.clauses[study.clauses["kind"].isin(COUNTED_KINDS)]
    codes = counted[["version", "clause_id"]].assign(coder="ann", topic="water", code=1)
    for codings, expected in ((codes, {"reference"}), (codes.iloc[1:], set[str]())):
        tried = try_choices(replace(study, codings=codings), "clause")
        assert set(tried["choice"]) & {"reference"} == expected


def test_the_preamble_is_left_out(resolution: Study, choices: pd.DataFrame) -> None:
    parts = resolution.shift[
        (resolution.shift["unit"] == "clause") & (resolution.shift["breakdown"] == "part")
    ]
    operative = parts[parts["category"] == "operative"].set_index("topic")
    tried = option(choices, "preamble", "left out")
    assert tried[["n_old", "n_new"]].equals(operative[["n_old", "n_new"]])


def test_every_term_and_rule_that_tags_a_clause_is_left_out_once(
    resolution: Study, choices: pd.DataFrame
) -> None:
    tags = resolution.tags
    terms = tags.loc[tags["rule"] == TERM, ["topic", "term"]].drop_duplicates()
    rules = tags.loc[tags["rule"] != TERM, ["topic", "rule"]].drop_duplicates()
    expected = {f"{t}: {term}" for t, term in terms.itertuples(index=False)}
    expected |= {f"{t}: rule {rule}" for t, rule in rules.itertuples(index=False)}
    assert set(choices.loc[choices["choice"] == "term", "option"]) == expected


def test_a_term_left_out_counts_as_the_codebook_without_it(
    resolution: Study, choices: pd.DataFrame
) -> None:
    # Oracle: all clauses tagged anew by the whole codebook without the term.
    options = choices.loc[choices["choice"] == "term", "option"].drop_duplicates()
    for name in options.iloc[::23]:
        topic_id, what = name.split(": ")
        topic = resolution.codebook.topic(topic_id)
        rule = what.removeprefix("rule ")
        shorter = replace(
            topic,
            core=tuple(term for term in topic.core if term != what),
            peripheral=tuple(term for term in topic.peripheral if term != what),
            rules=tuple(r for r in topic.rules if what == rule or r.id != rule),
        )
        topics = tuple(shorter if t.id == topic_id else t for t in resolution.codebook.topics)
        book = replace(resolution.codebook, topics=topics)
        tags = tag_topics(resolution.clauses, book, resolution.tokens)
        tables = (resolution.clauses, resolution.tokens, tags, resolution.pairs)
        other = total(topic_shift(*tables, book, draws=0), "clause")
        assert option(choices, "term", name)[TOPIC_COLUMNS].equals(other[TOPIC_COLUMNS])


def test_every_pair_of_clauses_is_left_out_once(resolution: Study, choices: pd.DataFrame) -> None:
    pairs = resolution.pairs[resolution.pairs["relation"] == "1:1"]
    clause = choices[choices["choice"] == "clause"]
    assert clause["option"].nunique() == len(pairs)
    kept = clause.groupby("topic")["n_new"].sum()
    n_new = total(resolution.shift, "clause")["n_new"]
    # Left out once each, every clause is in all options but one.
    assert kept[n_new.index].tolist() == ((len(pairs) - 1) * n_new).tolist()


def test_a_layout_without_a_clause_accounts_alike_in_total_and_by_part(resolution: Study) -> None:
    tables = (resolution.clauses, resolution.tokens, resolution.tags, resolution.pairs)
    laid = lay_out(*tables, resolution.codebook)
    out = np.arange(len(laid.changes)) == 5
    shift = count_shift(leave_out(laid, out, ~out & False), draws=0)
    sums = shift[shift["unit"] == "clause"].groupby(["breakdown", "topic"])[TOPIC_COLUMNS].sum()
    assert sums.loc["part"].equals(sums.loc["total"])


@pytest.mark.parametrize("unit", UNITS)
def test_each_clause_left_out_is_what_the_layout_without_it_counts(
    resolution: Study, unit: str
) -> None:
    tables = (resolution.clauses, resolution.tokens, resolution.tags, resolution.pairs)
    laid = lay_out(*tables, resolution.codebook)
    for k, found in enumerate(leave_each_out(laid, unit)):
        out = np.arange(len(laid.changes)) == k
        expected = read_headline(leave_out(laid, out, out), unit)
        for name in ("old", "new", "add", "sup", "mod_gain", "mod_loss"):
            assert np.array_equal(getattr(found, name), getattr(expected, name))


# --- differences --------------------------------------------------------------------------------

counts = st.lists(st.integers(0, 400), min_size=3, max_size=3)


@given(counts, counts, st.integers(0, 900), st.integers(0, 900))
def test_differences_turn_their_sign_with_the_editions(
    old: list[int], new: list[int], base_old: int, base_new: int
) -> None:
    before, after = np.array([*old, base_old]), np.array([*new, base_new])
    there, back = find_differences(before, after), find_differences(after, before)
    for measure, values in there.items():
        assert (values == -back[measure]).all()


@given(counts, st.integers(1, 900), st.integers(1, 50))
def test_equal_fractions_differ_by_nothing(old: list[int], base: int, times: int) -> None:
    before = np.array([*old, base])
    there = find_differences(before, before * times)
    assert not there["rate"].any()
    assert not there["share"].any()


# --- verdicts -----------------------------------------------------------------------------------


def make_choices(values: dict[str, float]) -> pd.DataFrame:
    rows = []
    for name, value in values.items():
        choice, option_name = [*name.split(": "), ""][:2]
        row = {"corpus": "x", "choice": choice, "option": option_name, "topic": "water"}
        rows.append(row | dict.fromkeys(("count", "rate", "share"), value))
    return pd.DataFrame(rows)


def make_readings(values: list[float]) -> pd.DataFrame:
    rows = []
    for number, value in enumerate(values, start=1):
        row = {"corpus": "x", "reading": number, "topic": "water"}
        rows.append(row | dict.fromkeys(("count", "rate", "share"), value))
    return pd.DataFrame(rows)


def judge_by_hand(
    tried: dict[str, float], drawn: list[float], places: list[float] | None = None
) -> pd.DataFrame:
    column = np.array(drawn if places is None else places)[:, None]
    of_places = dict.fromkeys(("count", "rate", "share"), column)
    return judge(make_choices(tried), make_readings(drawn), of_places, "drawn by hand")


KEEP = [2.0] * 19 + [-1.0]


@pytest.mark.parametrize(
    ("tried", "drawn", "verdict"),
    [
        ({"headline": 1, "term: a": 2, "clause: b": 0.5}, KEEP, "robust"),
        ({"headline": -1, "term: a": -2}, [-value for value in KEEP], "robust"),
        ({"headline": 1, "term: a": 2}, KEEP[1:], "undecided"),
        ({"headline": 1, "term: a": 0}, KEEP, "undecided"),
        ({"headline": 1, "term: a": -0.1}, KEEP, "fragile"),
        ({"headline": 0, "term: a": -0.1}, [0.0] * 20, "undecided"),
        ({"headline": 1, "unit: token": -3}, KEEP, "fragile"),
    ],
)
def test_verdict_by_hand(tried: dict[str, float], drawn: list[float], verdict: str) -> None:
    table = judge_by_hand(tried, drawn)
    assert table["verdict"].tolist() == [verdict] * 3


def test_row_of_a_verdict_by_hand() -> None:
    tried = {"headline": 2.0, "unit: token": -9.0, "term: a": 5.0, "clause: b": 0.0}
    table = judge_by_hand(tried, [1.0, 2.0, -1.0, 0.0], [2.0, 2.0, 1.0, 0.0])
    rows = table.set_index("measure")
    assert rows.loc["share", ["choice_low", "choice_high"]].tolist() == [-9, 5]
    assert rows.loc["share", "matters_most"] == "unit: token"
    # Tokens and clauses are not counted in the same unit, but have a sign each.
    for measure in ("count", "rate"):
        assert rows.loc[measure, ["choice_low", "choice_high"]].tolist() == [0, 5]
        assert rows.loc[measure, "matters_most"] == "term: a"
    assert set(rows["reversed_by"]) == {"unit: token"}
    assert set(rows["choices_kept"]) == {1}
    assert set(rows["choices_tried"]) == {3}
    assert set(rows["choices_moving"]) == {3}
    assert set(rows["same_sign"]) == {0.5}
    assert set(rows["same_sign_places"]) == {0.75}


def test_quantiles_of_the_readings_are_numpys() -> None:
    values = np.random.default_rng(4).normal(1, 2, 101).tolist()
    row = judge_by_hand({"headline": 1, "term: a": 1}, values).iloc[0]
    expected = np.quantile(values, [0.025, 0.975])
    np.testing.assert_allclose([row["reading_low"], row["reading_high"]], expected)


ROW = {"topic": "water", "value": 2.0, "same_sign": 0.994, "choices_kept": 9, "choices_tried": 9}
ROW |= {"choices_moving": 5, "reversed_by": "", "verdict": "robust"}


def say(row: dict[str, Any], language: Language) -> str:
    rows = pd.DataFrame([ROW | {"measure": "share"} | row])
    return describe_verdict(rows, language=language, measures=("share",)).strip()


def test_a_verdict_in_words() -> None:
    kept = "99 % of the readings and 5 of 5 choices that change the value, 9 tried"
    assert say({}, "en") == f"Does it survive? Share: robust (the sign is kept by {kept})."
    assert (
        say({}, "zh")
        == "是否经得起检验？份额：稳健（99 %的读法、改变数值的5种选择中5种方向不变，共试9种）。"
    )


def test_part_of_the_readings_is_never_rounded_up() -> None:
    assert "94 % of" in say({"same_sign": 0.9499, "verdict": "undecided"}, "en")


def test_words_name_three_of_the_choices_that_turn_the_sign_round() -> None:
    turned = "unit: token; preamble: left out; term: water: 供水; clause: a → b; codebook: strict"
    said = say({"reversed_by": turned, "verdict": "fragile", "choices_kept": 4}, "en")
    assert "turned round by counting tokens, leaving out the preamble, leaving out" in said
    assert said.endswith("the term or rule water: 供水 and 2 more).")
    said = say({"reversed_by": turned, "verdict": "fragile"}, "zh")
    assert "以下选择使其反转：按词计、去掉序言、去掉词条或规则water: 供水等另外2种" in said


def test_words_keep_a_name_with_a_semicolon_whole() -> None:
    said = say({"reversed_by": "reference: Li; Wang; unit: token", "verdict": "fragile"}, "en")
    assert "turned round by the coding Li; Wang in place of the codebook, counting tokens" in said


def test_words_on_nothing_say_that_zero_is_no_sign() -> None:
    row = {"value": 0.0, "same_sign": np.nan, "verdict": "undecided", "choices_kept": 0}
    assert "zero is no sign" in say(row, "en")
    assert "零没有方向" in say(row, "zh")


def test_words_without_readings_speak_of_choices_only() -> None:
    assert "kept by 5 of 5 choices" in say({"same_sign": np.nan}, "en")


def test_every_kind_of_choice_has_words(choices: pd.DataFrame) -> None:
    kinds = choices.loc[choices["choice"] != "headline", ["choice", "option"]].drop_duplicates()
    for kind, name in kinds.groupby("choice").first()["option"].items():
        for language in ("zh", "en"):
            said = say({"reversed_by": f"{kind}: {name}", "verdict": "fragile"}, language)
            assert f"{kind}:" not in said


def test_figures_have_words_for_every_choice(choices: pd.DataFrame) -> None:
    kinds = choices.loc[choices["choice"] != "headline", ["choice", "option"]].drop_duplicates()
    for kind, name in kinds.itertuples(index=False):
        assert name_choice(kind, name, "zh") != f"{kind}: {name}"


def test_words_are_of_one_topic() -> None:
    rows = pd.DataFrame([ROW | {"measure": "share"}, ROW | {"measure": "share", "topic": "x"}])
    with pytest.raises(ValueError, match="one topic"):
        describe_verdict(rows, measures=("share",))
    with pytest.raises(ValueError, match="no verdict on count"):
        describe_verdict(rows.head(1), measures=("count",))


# --- in one call --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def found(resolution: Study) -> Robustness:
    return assess_robustness(resolution, draws=60)


def test_tables_have_the_columns_of_the_data_dictionary(found: Robustness) -> None:
    for name, table in found.tables.items():
        assert list(table) == [column.name for column in TABLES[name]]
        kinds = {"str": "str", "int": "int64", "float": "float64", "bool": "bool"}
        for column in TABLES[name]:
            if column.name != "count":
                assert str(table[column.name].dtype) == kinds[column.dtype]


def test_every_measure_and_topic_has_a_verdict(resolution: Study, found: Robustness) -> None:
    topics = [topic.id for topic in resolution.codebook.topics]
    expected = [(measure, topic) for measure in ("count", "rate", "share") for topic in topics]
    assert list(found.verdicts[["measure", "topic"]].itertuples(index=False, name=None)) == expected


def test_readings_are_numbered_and_complete(resolution: Study, found: Robustness) -> None:
    assert found.readings.groupby("topic").size().tolist() == [60] * len(resolution.codebook.topics)
    assert sorted(found.readings["reading"].unique()) == list(range(1, 61))


def test_progress_is_told(small_corpus: Path) -> None:
    told: list[tuple[str, int, int]] = []
    study = run_study(small_corpus, draws=0)
    assess_robustness(study, draws=3, progress=lambda *step: told.append(step))
    assert told[0] == ("choices", 1, 0)
    assert told[-3:] == [("readings", 1, 3), ("readings", 2, 3), ("readings", 3, 3)]


def test_no_draws_leave_the_readings_empty(small_corpus: Path) -> None:
    found = assess_robustness(run_study(small_corpus, draws=0), draws=0)
    assert found.readings.empty
    assert found.verdicts["same_sign"].isna().all()
    assert "robust" not in set(found.verdicts["verdict"])


def test_equal_versions_are_undecided_and_warn_of_nothing(tmp_path: Path) -> None:
    text = (ROOT / "tests/data/small-versions/new.txt").read_text("utf-8")
    (tmp_path / "a.txt").write_text(text, "utf-8")
    (tmp_path / "b.txt").write_text(text, "utf-8")
    folder = create_corpus(
        tmp_path / "same", (tmp_path / "a.txt", tmp_path / "b.txt"), old="2001-a", new="2002-b"
    )
    descriptor = folder / "datapackage.json"
    descriptor.write_text(descriptor.read_text("utf-8").replace("FILL IN", "x"), "utf-8")
    found = assess_robustness(run_study(folder, draws=0), draws=10)
    assert not found.verdicts[["value", "reading_low", "reading_high"]].any(axis=None)
    assert set(found.verdicts["verdict"]) == {"undecided"}


def test_a_codebook_changed_since_the_tags_is_refused(small_corpus: Path) -> None:
    study = run_study(small_corpus, draws=0)
    changed = replace(study, codebook=replace(study.codebook, sha256="0" * 64))
    with pytest.raises(InputError, match="not by"):
        assess_robustness(changed, draws=1)


def test_a_shift_that_is_not_the_studys_is_refused(small_corpus: Path) -> None:
    study = run_study(small_corpus, draws=0)
    other = study.shift.assign(n_old=study.shift["n_old"] + 1)
    with pytest.raises(InputError, match="Run the study again"):
        assess_robustness(replace(study, shift=other), draws=1)


@pytest.mark.parametrize("options", [{"unit": "word"}, {"draws": -1}])
def test_options_out_of_range_are_refused(small_corpus: Path, options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="give"):
        assess_robustness(run_study(small_corpus, draws=0), **options)


# --- from the shell -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory, small_corpus: Path) -> Path:
    out = tmp_path_factory.mktemp("robust") / "out"
    command = ["run", str(small_corpus), "--robustness", "--readings", "30", "--out", str(out)]
    assert main(command) == 0
    return out


def test_a_run_writes_tables_and_figure_of_robustness(written: Path) -> None:
    for name in ("robustness", "choices", "readings"):
        table = pd.read_csv(written / "tables" / f"{name}.csv", encoding="utf-8-sig")
        assert list(table) == [column.name for column in TABLES[name]]
    assert table["reading"].max() == 30
    for language in ("zh", "en"):
        for ending in ("pdf", "svg", "png", "csv", "caption.zh.txt", "caption.en.txt"):
            assert (written / "figures" / f"robustness-{language}.{ending}").stat().st_size


def test_the_report_says_of_every_finding_whether_it_survives(written: Path) -> None:
    chinese = (written / "report.html").read_text("utf-8")
    english = (written / "report-en.html").read_text("utf-8")
    shift = pd.read_csv(written / "tables" / "shift.csv", encoding="utf-8-sig")
    rows = shift[(shift["unit"] == "clause") & (shift["breakdown"] == "total")]
    topics = (rows["n_old"] + rows["n_new"] > 0).sum()
    assert english.count("Does it survive?") == topics
    assert chinese.count("是否经得起检验？") == topics


def test_provenance_says_how_robustness_was_asked(written: Path) -> None:
    asked = json.loads((written / "provenance.json").read_text("utf-8"))["robustness"]
    assert asked["unit"] == "clause"
    assert asked["readings"].startswith("30 readings, ")
    assert asked["choices"] > 20


def test_no_readings_are_refused(
    small_corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["run", str(small_corpus), "--robustness", "--readings", "0", "--out", str(tmp_path)]
    with pytest.raises(SystemExit, match="2"):
        main(command)
    assert "--readings" in capsys.readouterr().err


def test_readings_without_robustness_are_refused(
    small_corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["run", str(small_corpus), "--readings", "5", "--out", str(tmp_path)])
    assert "goes with --robustness" in capsys.readouterr().err


@pytest.mark.parametrize("unit", ["clause", "token"])
def test_verdicts_of_another_study_or_unit_are_not_written(
    resolution: Study, small_corpus: Path, tmp_path: Path, unit: str
) -> None:
    small = run_study(small_corpus, draws=0)
    found = assess_robustness(small, draws=2, unit=unit)
    with pytest.raises(InputError, match=f"counted by {unit}; figures and report are of"):
        write_study(resolution if unit == "clause" else small, tmp_path / "out", robustness=found)
    assert not (tmp_path / "out").exists()
