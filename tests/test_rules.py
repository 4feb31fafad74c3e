"""Rules of a codebook, and the scope within which the longest term wins."""

from __future__ import annotations

from itertools import pairwise, permutations, product

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resanalysis.model import Codebook, Rule, Topic
from resanalysis.pipeline import tag_text, tag_topics

LABEL = {"zh": "题", "en": "topic"}


def make_topic(name, core=(), exclusions=(), rules=()):
    texts = (LABEL, LABEL, LABEL, LABEL)
    return Topic(name, "theme", *texts, tuple(core), (), tuple(exclusions), "", tuple(rules))


def make_codebook(*topics):
    return Codebook("test", "1.0", {}, {}, topics, "")


def found(text, *topics, **options):
    matches = tag_text(text, make_codebook(*topics), **options)
    return [(m.rule, m.term, m.start, m.end) for m in matches]


COLLECT = Rule("collect", (("电器", "电子产品"), ("回收", "拆解")), near=6)


def test_a_rule_holds_where_a_word_of_each_group_stands():
    topic = make_topic("waste", rules=[Rule("collect", COLLECT.groups)])
    text = "生产者应当负责其电子产品在使用寿命结束以后的回收。"
    assert found(text, topic) == [("collect", "电子产品", 8, 12), ("collect", "回收", 22, 24)]
    assert found("生产者应当负责其电子产品。", topic) == []


def test_a_near_rule_counts_the_characters_between():
    topic = make_topic("waste", rules=[COLLECT])
    assert found("电器一二三四五六回收", topic) == [
        ("collect", "电器", 0, 2),
        ("collect", "回收", 8, 10),
    ]
    assert found("电器一二三四五六七回收", topic) == []
    assert found("拆解废旧电器", topic) == [("collect", "拆解", 0, 2), ("collect", "电器", 4, 6)]


def test_only_the_words_that_are_near_are_matches():
    topic = make_topic("waste", rules=[COLLECT])
    text = "电器一二三四五六七八九十电器回收"
    assert [start for _, _, start, _ in found(text, topic)] == [12, 14]


def test_words_of_a_near_rule_do_not_overlap():
    topic = make_topic("t", rules=[Rule("r", (("回收",), ("回收利用",)), near=5)])
    assert found("回收利用", topic) == []
    assert [word for _, word, *_ in found("回收，回收利用", topic)] == ["回收", "回收利用"]


def test_a_word_that_must_not_be_there_keeps_a_rule_from_holding():
    rule = Rule("r", (("回收",), ("电器",)), without=("主管部门",))
    topic = make_topic("waste", rules=[rule])
    assert found("回收电器", topic)
    assert not found("回收电器的主管部门", topic)


def test_words_of_a_rule_are_found_inside_terms_but_not_inside_exclusions():
    rule = Rule("r", (("水",), ("污染",)))
    topic = make_topic("water", core=["水污染防治"], exclusions=["水平"], rules=[rule])
    assert [(r, t) for r, t, *_ in found("水污染防治", topic)] == [
        ("r", "水"),
        ("term", "水污染防治"),
        ("r", "污染"),
    ]
    assert found("污染水平", topic) == []


def test_a_peripheral_rule_is_left_out_of_the_strict_reading():
    topic = make_topic("waste", rules=[Rule("r", (("电器",), ("回收",)), tier="peripheral")])
    assert {m.tier for m in tag_text("回收电器", make_codebook(topic))} == {"peripheral"}
    assert found("回收电器", topic, reading="strict") == []


def test_words_of_a_rule_are_compared_as_terms_are():
    topic = make_topic("ict", rules=[Rule("r", (("ICT",), ("节能",)))])
    assert [(start, end) for *_, start, end in found("用ＩＣＴ节\n能", topic)] == [(1, 4), (4, 7)]
    assert found("用ICTS节能", topic) == []


@pytest.mark.parametrize("groups", [(), ((),), (("水",), ())])
def test_a_rule_without_words_is_refused(groups):
    topic = make_topic("t", rules=[Rule("r", groups, without=("电",))])
    with pytest.raises(ValueError, match="topic 't' has a rule without words"):
        tag_text("水", make_codebook(topic))


def test_a_rule_with_an_empty_word_is_refused():
    topic = make_topic("t", rules=[Rule("r", (("水",), ("",)))])
    with pytest.raises(ValueError, match="topic 't' has an empty term, exclusion or word"):
        tag_text("水", make_codebook(topic))


# --- against every choice, tried one by one -----------------------------------------------------

WORDS = ["a甲", "乙", "甲乙", "丙", "乙丙", "丁"]
groups = st.lists(
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=3, unique=True).map(tuple),
    min_size=2,
    max_size=3,
).map(tuple)
rules = st.builds(
    Rule,
    st.just("r"),
    groups,
    st.none() | st.integers(0, 4),
    st.lists(st.sampled_from(["戊", "丁戊"]), max_size=1).map(tuple),
)
texts = st.text("a甲乙丙丁戊，，", max_size=14)


def places_of(word, text):
    return [(at, at + len(word)) for at in range(len(text)) if text.startswith(word, at)]


def choose_slowly(rule, text):
    if any(word in text for word in rule.without):
        return set()
    choices = [[(s, e, w) for w in group for s, e in places_of(w, text)] for group in rule.groups]
    parts = set()
    for choice in product(*choices):
        for order in permutations(choice):
            gaps = [right[0] - left[1] for left, right in pairwise(order)]
            if rule.near is None or all(0 <= gap <= rule.near for gap in gaps):
                parts.update(choice)
    return parts


@settings(deadline=None, max_examples=400)
@given(rules, texts)
def test_the_words_of_a_rule_are_those_of_any_choice_that_it_allows(rule, text):
    wanted = sorted(choose_slowly(rule, text))
    got = [(start, end, term) for _, term, start, end in found(text, make_topic("t", rules=[rule]))]
    assert sorted(got) == wanted


@settings(deadline=None)
@given(rules, st.lists(texts, min_size=1, max_size=5))
def test_a_rule_is_judged_in_each_clause_by_itself(rule, several):
    book = make_codebook(make_topic("t", rules=[rule]))
    clauses = pd.DataFrame({"text": several, "clause_id": [str(i) for i in range(len(several))]})
    clauses = clauses.assign(corpus="c", edition="e", version="new")
    tags = tag_topics(clauses, book)
    got = [*zip(tags["clause_id"], tags["start"], tags["end"], tags["term"], strict=True)]
    assert got == [
        (str(i), match.start, match.end, match.term)
        for i, text in enumerate(several)
        for match in tag_text(text, book)
    ]


# --- scope --------------------------------------------------------------------------------------

WATER = make_topic("water", core=["水"], exclusions=["水平"])
ENERGY = make_topic("energy", core=["水电站"])


def test_in_the_scope_of_the_codebook_the_longest_term_uses_up_its_characters():
    assert [term for _, term, *_ in found("水电站", WATER, ENERGY)] == ["水电站"]


def test_in_the_scope_of_a_topic_terms_of_others_do_not_matter():
    terms = [term for _, term, *_ in found("水电站", WATER, ENERGY, scope="topic")]
    assert terms == ["水", "水电站"]
    assert found("水平", WATER, ENERGY, scope="topic") == []


def test_an_exclusion_hides_its_characters_from_its_own_topic_only_in_the_scope_of_a_topic():
    level = make_topic("level", core=["平"])
    assert found("水平", WATER, level) == []
    assert [term for _, term, *_ in found("水平", WATER, level, scope="topic")] == ["平"]


def test_an_unknown_scope_is_refused():
    with pytest.raises(ValueError, match="'codebook' or 'topic', not 'all'"):
        tag_text("水", make_codebook(WATER), scope="all")
