"""Suggested terms: what is a candidate, how it is counted, scored and chosen."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest

from resanalysis.model import Codebook, InputError, Rule, Topic
from resanalysis.pipeline.rows import read_rows
from resanalysis.pipeline.segmentation import tokenize
from resanalysis.pipeline.suggestions import suggest_terms
from resanalysis.pipeline.suggestions.keyness import conservative_log_ratio, log_ratio
from resanalysis.pipeline.suggestions.phrases import find_phrases, list_phrases
from resanalysis.pipeline.suggestions.witnesses import WitnessCounter
from resanalysis.pipeline.topics import tag_topics


def make_topic(topic_id, core=(), exclusions=(), rules=()):
    texts = {"zh": topic_id}
    return Topic(topic_id, "theme", texts, texts, texts, texts, core, (), exclusions, "test", rules)


def make_codebook(*topics):
    return Codebook("test", "1.0", {"zh": "测试"}, {"theme": {"zh": "主题"}}, topics, "abc")


WATER = make_topic("water", ("水",), ("水平",))
CODEBOOK = make_codebook(WATER, make_topic("energy", ("能源",)))


def make_clauses(*texts, **columns):
    return pd.DataFrame(
        {
            "corpus": "c",
            "edition": "2022-x",
            "version": "new",
            "clause_id": [f"clause__{i}" for i in range(len(texts))],
            "text": texts,
        }
        | columns
    )


def suggest(clauses, codebook=CODEBOOK, **options):
    return suggest_terms(clauses, tag_topics(clauses, codebook), codebook, **options)


def phrases_of(*texts, least=1, longest=4):
    clauses = make_clauses(*texts)
    tokens = tokenize(clauses)
    number = {key: n for n, key in enumerate(clauses["clause_id"])}
    clause = np.array([number[key] for key in tokens["clause_id"]], dtype=np.int64)
    return list_phrases(tokens, clause, least=least, longest=longest)


# --- candidates ---------------------------------------------------------------------------------


def test_runs_join_what_jieba_cuts():
    assert phrases_of("回收电子废弃物") == [
        *["回收", "回收电子", "回收电子废弃物", "废弃物", "电子", "电子废弃物"]
    ]


def test_runs_end_at_punctuation_and_numbers_with_their_measure_words():
    assert phrases_of("灌溉，防洪第73号救灾") == ["救灾", "灌溉", "防洪"]


def test_runs_have_no_stop_words_but_and():
    found = phrases_of("灌溉的防洪", "监测与评估", "在湿地")
    assert {"监测与评估", "湿地"} <= set(found)
    assert not [phrase for phrase in found if {*"的在"} & {*phrase} or "与" in phrase[:1]]


def test_a_cut_prefix_begins_a_run():
    assert "可持续城市" in phrases_of("可持续城市")


def test_runs_are_no_longer_than_asked():
    assert "回收电子废弃物" not in phrases_of("回收电子废弃物", longest=2)


def test_a_line_break_inside_a_run_is_passed_over():
    assert "电子废弃物" in phrases_of("电子\n废弃物")


def test_runs_do_not_go_over_from_one_clause_to_the_next():
    assert "灌溉防洪" not in phrases_of("灌溉", "防洪")


def test_only_runs_in_enough_clauses_are_candidates():
    assert phrases_of("节水灌溉，节水灌溉", "灌溉防洪", least=2) == ["灌溉"]


WORDS = st.lists(
    st.sampled_from(
        ["灌溉", "防洪", "电子", "废弃物", "的", "和", "，", "湿地", "第73号", "ICT，"]
    ),
    max_size=8,
).map("".join)


@settings(max_examples=50)
@given(st.lists(WORDS, min_size=1, max_size=5), st.integers(1, 3))
def test_candidates_stand_in_as_many_clauses_as_asked(texts, least):
    phrases = phrases_of(*texts, least=least)
    found = find_phrases(phrases, texts)
    for number, phrase in enumerate(phrases):
        clauses = found.clauses_of(number).tolist()
        assert len(clauses) >= least
        assert clauses == [n for n, text in enumerate(texts) if phrase in text.lower()]


# --- counts and scores --------------------------------------------------------------------------


def test_a_clause_in_two_editions_is_one_witness():
    clauses = make_clauses(
        *["节水灌溉", "节水灌溉", "节水", "推广灌溉", *["电信"] * 4],
        edition=["2014-x", *["2022-x"] * 7],
        version=["old", *["new"] * 7],
    )
    table = suggest(clauses, topic="water", min_clauses=1).set_index("term")
    assert table.loc["灌溉", ["inside", "outside", "n_old", "n_new"]].tolist() == [1, 1, 1, 2]
    assert table.attrs["clauses_inside"] == 2
    assert table.attrs["clauses_outside"] == 5
    assert "灌溉" not in suggest(clauses, topic="water")["term"].tolist()


def test_witnesses_of_several_corpora_add_up():
    clauses = make_clauses(
        *["灌溉"] * 5, corpus=[*"aaabb"], edition=[*"11223"], version=["old"] * 5
    )
    counter = WitnessCounter(read_rows(clauses))
    everywhere = np.ones(5, dtype=bool)
    found = find_phrases(["灌溉"], clauses["text"].tolist())
    assert counter.count(found, everywhere, 1).tolist() == [3]
    assert counter.count_all(everywhere) == 3


@given(st.integers(1, 30), st.integers(0, 30), st.integers(30, 99), st.integers(30, 99))
def test_the_score_is_the_lower_end_of_an_exact_interval(inside, outside, n_inside, n_outside):
    low = binomtest(inside, inside + outside).proportion_ci(0.95, "exact").low  # SciPy's own
    expected = np.log2(low / (1 - low) * n_outside / n_inside)
    score = conservative_log_ratio([inside], [outside], of_inside=n_inside, of_outside=n_outside)
    assert score[0] == pytest.approx(expected)
    assert score[0] < log_ratio([inside], [outside], of_inside=n_inside, of_outside=n_outside)[0]


def test_what_is_tagged_already_does_not_count():
    codebook = make_codebook(make_topic("e_waste", ("电子废弃物",)))
    clauses = make_clauses("电子废弃物", "电子废弃物", "电子废弃物与废弃物", *["防洪"] * 5)
    assert suggest(clauses, codebook, topic="e_waste").empty
    table = suggest(clauses, codebook, topic="e_waste", min_clauses=1)
    row = table.set_index("term").loc["废弃物"]
    assert row[["inside", "outside", "related"]].tolist() == [1, 0, "电子废弃物"]


def test_headings_do_not_count():
    clauses = make_clauses("节水灌溉", "节水灌溉", kind=["clause", "heading"])
    assert suggest(clauses, topic="water").empty


# --- what is suggested --------------------------------------------------------------------------


def test_a_word_typical_of_a_topic_is_suggested_with_examples():
    clauses = make_clauses("节水灌溉", "雨水和灌溉", "推广灌溉", "推广电信", "推广电信", "电信")
    row = suggest(clauses, topic="water", window=2).iloc[0]
    assert row[["term", "inside", "outside"]].tolist() == ["灌溉", 2, 1]
    assert row[["example", "example_in"]].tolist() == ["节水【灌溉】", "2022-x/clause__0"]
    assert row["counterexample"] == "推广【灌溉】"
    assert row["counterexample_in"] == "2022-x/clause__2"


def test_without_a_topic_untagged_clauses_are_the_target():
    clauses = make_clauses("保护湿地", "湿地公园", "节水", "能源", "节水")
    table = suggest(clauses)
    assert table["term"].tolist() == ["湿地"]
    assert table.attrs["clauses_inside"] == 2


def test_entries_of_the_topic_are_not_suggested():
    codebook = make_codebook(make_topic("water", ("节水",), ("湿地",)))
    clauses = make_clauses("节水，湿地，灌溉", "节水，湿地，灌溉", "电信")
    assert suggest(clauses, codebook, topic="water")["term"].tolist() == ["灌溉"]


def test_words_more_frequent_elsewhere_are_not_suggested():
    clauses = make_clauses("节水，湿地", "节水，湿地", "节水", "湿地", "湿地")
    assert suggest(clauses, topic="water").empty


def test_entries_of_other_topics_are_named():
    clauses = make_clauses("节水，绿色能源", "节水，绿色能源", "电信")
    table = suggest(clauses, topic="water").set_index("term")
    assert table.loc["绿色能源", "topics"] == "energy"


def test_letters_inside_a_longer_word_are_no_term_of_it():
    codebook = make_codebook(WATER, make_topic("ict", ("ict",)))
    clauses = make_clauses("节水 picture 展示", "节水 picture 展示", "电信")
    table = suggest(clauses, codebook, topic="water").set_index("term")
    assert table.loc["picture", "topics"] == ""


def test_words_of_rules_are_named_as_related():
    rule = Rule("reuse", (("雨水",), ("收集",)))
    codebook = make_codebook(make_topic("water", ("节水",), rules=(rule,)))
    clauses = make_clauses("节水，收集", "节水，收集", "电信")
    assert suggest(clauses, codebook, topic="water")["related"].tolist() == ["收集"]


def test_what_always_stands_in_the_same_longer_phrase_is_left_out():
    clauses = make_clauses("节水，湿地公园", "节水，湿地公园", "电信")
    assert suggest(clauses, topic="water")["term"].tolist() == ["湿地公园"]


def test_a_word_known_from_one_version_more_is_not_left_out():
    clauses = make_clauses(
        *["节水，湿地", "节水，湿地公园", "电信", "电信"],
        edition=["2014-x", "2022-x", "2022-x", "2022-x"],
        version=["old", "new", "new", "new"],
    )
    table = suggest(clauses, topic="water", min_clauses=1).set_index("term")
    assert table.loc["湿地", ["inside", "n_old", "n_new"]].tolist() == [1, 1, 1]


def test_what_holds_a_better_one_is_named_beside_it():
    clauses = make_clauses("节水，湿地公园", "节水，湿地公园", "节水，湿地", "电信")
    table = suggest(clauses, topic="water")
    assert table[["term", "longer"]].to_dict("split")["data"] == [["湿地", "湿地公园"]]


def test_frequent_words_of_general_chinese_are_left_out_unless_wanted():
    clauses = make_clauses("节水，影响湿地", "节水，湿地影响", "电信")
    assert suggest(clauses, topic="water")["term"].tolist() == ["湿地"]
    table = suggest(clauses, topic="water", common=None).set_index("term")
    assert table.loc["影响", "general"] > 100 > table.loc["湿地", "general"]


def test_a_term_is_written_as_in_the_text_without_line_breaks():
    clauses = make_clauses("节水，ＩＣＴ\n湿地", "节水，ICT湿地", "电信")
    table = suggest(clauses, topic="water")
    assert table[["term", "inside"]].to_dict("split")["data"] == [["ＩＣＴ湿地", 2]]


def test_equal_scores_stand_in_the_order_of_the_terms_and_limit_cuts():
    clauses = make_clauses("节水，湿地，灌溉，防洪", "节水，湿地，灌溉，防洪", "电信")
    terms = suggest(clauses, topic="water")["term"].tolist()
    assert terms == sorted(["湿地", "灌溉", "防洪"])
    assert suggest(clauses, topic="water", limit=2)["term"].tolist() == terms[:2]


@pytest.mark.parametrize("texts", [("截至2030", "碳排放核算"), ("碳排放核算", "截至2030")])
def test_a_number_in_another_clause_makes_no_measure_word(texts):
    assert {"碳排放", "碳排放核算"} <= set(phrases_of(*texts))


def test_the_order_of_the_clauses_does_not_matter():
    texts = ["节水，湿地", "节水，湿地灌溉", "灌溉", "湿地", "电信", "能源和湿地"]
    clauses = make_clauses(*texts)
    forth, back = (suggest(c, topic="water", min_clauses=1) for c in (clauses, clauses[::-1]))
    columns = ["term", "score", "inside", "outside"]
    pd.testing.assert_frame_equal(forth[columns], back[columns])


def test_no_clause_with_the_topic_gives_an_empty_table_of_the_same_types():
    clauses = make_clauses("湿地", "湿地灌溉", "节水湿地")
    empty = suggest(clauses, topic="energy")
    assert empty.empty
    assert empty.dtypes.equals(suggest(clauses, topic="water", min_clauses=1).dtypes)
    assert suggest(clauses[:0], topic="energy").empty


def test_the_tables_given_are_not_changed():
    clauses = make_clauses("节水，湿地", "节水，湿地", "电信")
    tokens, tags = tokenize(clauses), tag_topics(clauses, CODEBOOK)
    before = clauses.copy(), tokens.copy(), tags.copy()
    suggest_terms(clauses, tags, CODEBOOK, topic="water", tokens=tokens)
    for table, copy in zip((clauses, tokens, tags), before, strict=True):
        pd.testing.assert_frame_equal(table, copy)


# --- what is refused ----------------------------------------------------------------------------


def test_all_faults_of_a_request_are_named_together():
    clauses = make_clauses("节水")
    tags = tag_topics(clauses, CODEBOOK)
    tags.attrs["codebook_sha256"] = "other"
    with pytest.raises(InputError) as caught:
        suggest_terms(clauses, tags, CODEBOOK, topic="fire", limit=0, min_clauses=0, window=-1)
    message = str(caught.value)
    assert len(caught.value.problems) == 5
    assert "the codebook has no 'fire'. Its topics are water, energy" in message
    assert "made with another codebook than test 1.0" in message


def test_tokens_of_other_clauses_are_refused():
    clauses = make_clauses("节水", "湿地")
    tags = tag_topics(clauses, CODEBOOK)
    for tokens in (tokenize(clauses[:1]), tokenize(make_clauses("节水", "湿地公园"))):
        with pytest.raises(ValueError, match="do not cover the text of clause__1"):
            suggest_terms(clauses, tags, CODEBOOK, tokens=tokens)


def test_tags_of_other_texts_are_refused():
    tags = tag_topics(make_clauses("推广节水"), CODEBOOK)
    with pytest.raises(InputError, match="a tag of clause__0 ends behind its text"):
        suggest_terms(make_clauses("节水"), tags, CODEBOOK)
