"""The linter of codebooks: each kind of finding, and what is no finding."""

from __future__ import annotations

import shutil
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from resanalysis import __main__ as shell
from resanalysis.checks import check_codebook_file, check_corpus
from resanalysis.codebook import lint_codebook, read_codebook
from resanalysis.codebook.lint.words import inner_words, stands_in
from resanalysis.folding import fold
from resanalysis.model import Codebook, Rule, Topic
from resanalysis.pipeline import tag_text, tag_topics, tokenize

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path


def make_topic(name: str, core: Sequence[str] = (), **parts: Any) -> Topic:
    """Return a topic that says all it should, so that only what a test adds is found."""
    words = {"zh": name, "en": name}
    blank = Topic(name, "", words, words, words, words, tuple(core), (), (), "a source")
    return replace(blank, examples=("一个例子",), **parts)


def make_codebook(*topics: Topic) -> Codebook:
    return Codebook("c", "1", {}, {}, topics, "")


def lint(*topics: Topic, **options: Any) -> list[tuple[str, str]]:
    problems = lint_codebook(make_codebook(*topics), **options)
    assert all(problem.severity == "warning" and problem.remedy for problem in problems)
    return [(problem.place, problem.what) for problem in problems]


def tag_with(*topics: Topic) -> Callable[[str], set[str]]:
    book = make_codebook(*topics)
    return lambda text: {match.topic for match in tag_text(text, book)}


def make_clauses(*texts: str) -> pd.DataFrame:
    rows = [
        {"corpus": "c", "edition": "e", "version": "old", "clause_id": str(n), "text": text}
        for n, text in enumerate(texts)
    ]
    return pd.DataFrame(rows)


# --- words of one topic inside words of another ---------------------------------------------


def test_a_term_inside_another_topic_s_longer_term_is_found() -> None:
    found = lint(make_topic("water", ["水电", "用水"]), make_topic("energy", ["水电站"]))
    (finding,) = found
    assert finding[0] == "topic water"
    assert finding[1].endswith("longer words of other topics: 水电站 of energy (水电)")


def test_the_clause_is_really_lost_and_listing_the_longer_term_mends_it() -> None:
    water, energy = make_topic("water", ["水电"]), make_topic("energy", ["水电站"])
    assert tag_with(water, energy)("建设水电站") == {"energy"}
    water = replace(water, core=("水电", "水电站"))
    assert tag_with(water, energy)("建设水电站") == {"water", "energy"}
    assert lint(water, energy) == []


def test_an_exclusion_declares_that_the_longer_term_is_not_meant() -> None:
    water = make_topic("water", ["水电"], exclusions=("水电站",))
    energy = make_topic("energy", ["水电站"])
    assert lint(water, energy) == []
    assert tag_with(water, energy)("建设水电站") == {"energy"}


def test_a_term_listed_in_two_topics_is_no_finding() -> None:
    assert lint(make_topic("water", ["水电站"]), make_topic("energy", ["水电站"])) == []


def test_a_longer_term_of_the_same_topic_is_no_finding() -> None:
    assert lint(make_topic("water", ["水电", "水电站"])) == []


def test_ascii_edges_are_those_of_matching() -> None:
    assert lint(make_topic("a", ["ICT"]), make_topic("b", ["ICTs"])) == []
    assert len(lint(make_topic("a", ["ICT"]), make_topic("b", ["绿色ＩＣＴ"]))) == 1


def test_only_the_longest_of_the_lost_terms_are_named_but_all_topics() -> None:
    a, b = make_topic("a", ["灾害", "灾害风险"]), make_topic("b", ["风险"])
    found = lint(a, b, make_topic("c", ["灾害风险管理"]))
    assert [what.split(": ")[1] for _, what in found] == [
        "灾害风险管理 of c (灾害风险)",
        "灾害风险 of a (风险); 灾害风险管理 of c (风险)",
    ]


def test_in_full_each_longer_term_is_a_problem_of_its_own() -> None:
    topics = make_topic("water", ["水电"]), make_topic("energy", ["水电站", "小水电"])
    assert len(lint(*topics)) == 1
    assert len(lint(*topics, full=True)) == 2


def test_findings_can_be_limited_to_some_topics() -> None:
    a, b, c = make_topic("a", ["水电"]), make_topic("b", ["水电站"]), make_topic("c", ["小水电"])
    assert [what.split(": ")[1] for _, what in lint(a, b, c, topics=["c"])] == [
        "小水电 of c (水电)"
    ]
    assert lint(a, b, c, make_topic("d", ["森林"]), topics=["d"]) == []


def test_an_exclusion_that_hides_another_topic_s_term_is_found() -> None:
    air = make_topic("air", ["减排"], exclusions=("减排污水",))
    water = make_topic("water", ["污水"])
    ((place, what),) = lint(air, water)
    assert place == "topic air, exclusions, 减排污水"
    assert what == "also hides 污水 of water"
    assert tag_with(air, water)("减排污水") == set()


@pytest.mark.parametrize("part", ["core", "exclusions"])
def test_listing_the_exclusion_in_the_other_topic_declares_it(part: str) -> None:
    air = make_topic("air", ["减排"], exclusions=("减排污水",))
    water = make_topic("water", ["污水"])
    water = replace(water, **{part: (*getattr(water, part), "减排污水")})
    assert lint(air, water) == []
    assert tag_with(air, water)("减排污水") == ({"water"} if part == "core" else set())


def test_an_exclusion_that_hides_only_other_topics_terms_is_told_to_move() -> None:
    ((_, what),) = lint(
        make_topic("air", ["减排"], exclusions=("排污水",)), make_topic("w", ["污水"])
    )
    assert what == "contains no term of air, but hides 污水 of w"


def test_a_word_of_a_rule_counts_as_what_an_exclusion_is_for() -> None:
    rule = Rule("r", (("排污",), ("减少", "降低")))
    air = make_topic("air", rules=(rule,), exclusions=("排污水",))
    assert [what for _, what in lint(air, make_topic("w", ["污水"]))] == ["also hides 污水 of w"]


def test_peripheral_terms_with_a_core_term_inside_are_named_in_full_only() -> None:
    topic = make_topic("water", ["用水"], peripheral=("生活用水", "水利"))
    assert lint(topic) == []
    ((place, what),) = lint(topic, full=True)
    assert (place, what) == (
        "topic water",
        "1 peripheral terms hold a core term of their topic: 生活用水",
    )


# --- rules ----------------------------------------------------------------------------------


def rule_findings(rule: Rule, **parts: Any) -> list[str]:
    return [
        what for _, what in lint(make_topic("water", parts.pop("core", ()), rules=(rule,), **parts))
    ]


def test_a_sound_rule_is_no_finding() -> None:
    assert rule_findings(Rule("r", (("监测", "观测"), ("水",)), without=("水平",))) == []


@pytest.mark.parametrize("bar", ["水质", "水"])
def test_a_rule_can_never_hold_when_without_stands_in_all_words_of_a_group(bar: str) -> None:
    rule = Rule("r", (("监测",), ("水质",)), without=(bar,))
    assert rule_findings(rule) == [f"can never hold: 水质 holds {bar}"]
    assert tag_with(make_topic("water", rules=(rule,)))("监测水质") == set()


def test_a_rule_never_holds_by_some_words() -> None:
    rule = Rule("r", (("监测",), ("水质", "河流")), without=("水",))
    assert rule_findings(rule) == ["never holds by some of its words: 水质 holds 水"]


def test_a_word_with_an_exclusion_inside_is_never_found() -> None:
    rule = Rule("r", (("监测",), ("水平面",)))
    water = make_topic("water", ["水"], rules=(rule,), exclusions=("水平",))
    found = [what for _, what in lint(water)]
    assert "can never hold: 水平面 holds 水平 (exclusion of water)" in found
    assert tag_with(water)("监测水平面") == set()


def test_an_exclusion_that_is_another_topic_s_term_hides_no_word_of_a_rule() -> None:
    rule = Rule("r", (("监测",), ("水电站",)))
    water = make_topic("water", ["水电"], rules=(rule,), exclusions=("水电站",))
    energy = make_topic("energy", ["水电站"])
    assert not [what for _, what in lint(water, energy) if "never" in what]
    assert tag_with(water, energy)("监测水电站") == {"water", "energy"}


def test_a_rule_s_word_that_is_a_term_by_itself_adds_nothing() -> None:
    rule = Rule("r", (("监测",), ("水质", "河流")))
    assert rule_findings(rule, core=["河流"]) == [
        "adds nothing by some of its words: 河流 is a term of water by itself"
    ]


def test_a_core_rule_adds_to_a_peripheral_term() -> None:
    rule = Rule("r", (("监测",), ("河流",)))
    assert rule_findings(rule, peripheral=("河流",)) == []
    assert len(rule_findings(replace(rule, tier="peripheral"), peripheral=("河流",))) == 1


def test_one_word_that_fulfils_two_groups_is_found_unless_words_must_not_overlap() -> None:
    rule = Rule("r", (("水质监测",), ("水质",)))
    assert rule_findings(rule) == ["水质监测 of group 1 fulfils group 2 too (水质)"]
    assert tag_with(make_topic("water", rules=(rule,)))("开展水质监测") == {"water"}
    assert rule_findings(replace(rule, near=9)) == []


def test_a_word_in_two_groups_is_reported_once() -> None:
    assert len(rule_findings(Rule("r", (("水质",), ("水质",))))) == 1


# --- what topics say, examples, odd characters ---------------------------------------------


def test_topics_that_lack_something_are_one_problem_or_in_full_one_each() -> None:
    a = replace(make_topic("a", ["森林"]), examples=())
    b = replace(make_topic("b", ["湿地"]), examples=(), source="")
    assert lint(a, b) == [
        ("", "1 of 2 topics have no source: b"),
        ("", "2 of 2 topics have no examples: a, b"),
    ]
    assert lint(a, b, full=True) == [
        ("topic b", "has no source"),
        ("topic a", "has no examples"),
        ("topic b", "has no examples"),
    ]


def test_include_and_exclude_are_missed_when_empty_in_both_languages() -> None:
    topic = replace(make_topic("a", ["森林"]), include={"zh": "", "en": ""}, exclude={"en": "x"})
    assert lint(topic) == [("", "1 of 1 topics have no include: a")]


def test_examples_are_tried() -> None:
    water = replace(
        make_topic("water", ["用水"]),
        examples=("节约用水", "保护湿地", "今天"),
        counterexamples=("用水量", "今天"),
    )
    wetlands = replace(make_topic("wetlands", ["湿地"]), examples=("湿地",))
    found = lint(water, wetlands, tag=tag_with(water, wetlands))
    assert found == [
        ("topic water, examples, 保护湿地", "does not get the topic, but wetlands"),
        ("topic water, examples, 今天", "does not get the topic, but none"),
        ("topic water, counterexamples, 用水量", "gets the topic"),
    ]


@pytest.mark.parametrize("term", ["水\n资源", "水\u200b资源"])
def test_characters_that_matching_leaves_out_are_found(term: str) -> None:
    ((place, what),) = lint(make_topic("water", [term]))
    assert place == f"topic water, core, {term!r}"
    assert "which matching leaves out" in what


def test_a_space_beside_a_chinese_character_is_found_unless_both_ways_are_listed() -> None:
    assert "has a space" in lint(make_topic("a", ["ICT 行业"]))[0][1]
    assert lint(make_topic("a", ["ICT 行业", "ICT行业"])) == []
    assert lint(make_topic("a", ["smart city"])) == []


# --- jieba, tags and texts of a corpus -------------------------------------------------------


def test_terms_that_jieba_cuts_are_counted_or_in_full_listed() -> None:
    def cut(text: str) -> list[str]:
        return [text[:2], text[2:]] if len(text) > 2 else [text]

    topic = make_topic("e_waste", ["电子废弃物", "废物"])
    assert lint(topic, cut=cut) == [
        ("", "1 terms are several words for jieba, by topic: e_waste 1")
    ]
    ((_, what),) = lint(topic, cut=cut, full=True)
    assert what == "1 terms are several words for jieba: 电子/废弃物"


def use_findings(topic: Topic, *texts: str, with_texts: bool = True) -> list[str]:
    clauses = make_clauses(*texts)
    tags = tag_topics(clauses, make_codebook(topic), tokenize(clauses))
    given = {"texts": list(texts)} if with_texts else {}
    return [what for _, what in lint(topic, tags=tags, full=True, **given)]


def test_terms_and_rules_without_a_tag_are_named() -> None:
    topic = make_topic("a", ["森林", "湿地"], rules=(Rule("r", (("保护",), ("林木",))),))
    assert use_findings(topic, "保护森林", with_texts=False) == [
        "1 terms never matched in these texts: 湿地",
        "1 rules never held in these texts: r",
    ]
    assert use_findings(topic, "保护林木、森林和湿地") == []


def test_terms_that_are_always_part_of_a_longer_entry_are_told_from_absent_ones() -> None:
    topic = make_topic("a", ["森林", "森林火灾", "湿地"])
    assert use_findings(topic, "预防森林火灾") == [
        "1 terms stand in the texts but are always part of a longer entry: 森林",
        "1 terms never matched in these texts: 湿地",
    ]


def test_exclusions_that_stand_nowhere_are_named() -> None:
    topic = make_topic("water", ["用水"], exclusions=("用水平", "使用水"))
    assert use_findings(topic, "使用水和用水") == [
        "1 exclusions stand nowhere in these texts: 用水平"
    ]


def test_terms_that_jieba_s_tokens_cross_are_named_with_their_numbers() -> None:
    topic = make_topic("water", ["污水"])
    assert use_findings(topic, "处理污水", "电子废弃物污水") == []
    topic = make_topic("waste", ["废弃"])
    assert use_findings(topic, "废弃物", "废弃") == [
        "1 terms begin or end inside jieba's tokens in these texts: 废弃 (1 of 2)"
    ]


def test_tags_of_another_codebook_are_refused() -> None:
    clauses = make_clauses("保护森林")
    tags = tag_topics(clauses, make_codebook(make_topic("a", ["森林"])), tokenize(clauses))
    with pytest.raises(ValueError, match="not made with this codebook"):
        lint(make_topic("a", ["湿地"]), tags=tags)


# --- the whole --------------------------------------------------------------------------------


def test_problems_name_the_file() -> None:
    (problem,) = lint_codebook(make_codebook(make_topic("a", ["ICT 行业"])), file="mine.toml")
    assert problem.file == "mine.toml"


def test_an_empty_codebook_has_no_findings() -> None:
    assert lint(tag=tag_with(), texts=[]) == []


WORDS = st.text("水电aＡ1 ", min_size=1, max_size=4).filter(lambda word: word == word.strip())


@given(WORDS, st.lists(WORDS, max_size=4))
def test_inner_words_are_those_that_matching_finds_alone_in_the_text(text, words) -> None:
    key = fold(text).text
    known = {fold(word).text for word in words}
    alone = {word for word in known if tag_with(make_topic("a", [word]))(text) and word != key}
    assert set(inner_words(key, known)) == alone
    assert alone == {word for word in known if word != key and stands_in(word, key)}


@given(st.lists(st.lists(WORDS, min_size=1, max_size=3, unique=True), min_size=2, max_size=3))
def test_a_longer_term_loses_a_topic_exactly_when_that_is_found(lists) -> None:
    topics = [make_topic(f"t{n}", words) for n, words in enumerate(lists)]
    losing = {place.removeprefix("topic ") for place, what in lint(*topics) if "used up" in what}
    expected = {
        topic.id
        for topic in topics
        for word in {word for words in lists for word in words}
        if topic.id not in tag_with(*topics)(word)
        and topic.id in tag_with(topic)(word)
        and any(fold(word).text != fold(own).text for own in topic.core)
    }
    assert losing == expected


# --- the command ------------------------------------------------------------------------------

FILE = """[codebook]
id = "mine"
version = "1"
title = { zh = "我的", en = "Mine" }
[[theme]]
id = "t"
label = { zh = "题", en = "Theme" }
[[topic]]
id = "dawn"
theme = "t"
label = { zh = "晨", en = "Dawn" }
definition = { zh = "早晨。", en = "The morning." }
core = ["晨曦"]
"""


@pytest.fixture
def codebook(tmp_path: Path) -> Path:
    path = tmp_path / "mine.toml"
    path.write_text(FILE, "utf-8")
    return path


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    capsys.readouterr()
    status = shell.main([str(argument) for argument in arguments])
    return status, *capsys.readouterr()


def test_check_of_a_codebook_warns_and_succeeds(capsys, codebook: Path) -> None:
    status, out, err = run(capsys, "check", codebook)
    assert status == 0
    assert f"warning: {codebook}: 1 of 1 topics have no examples: dawn." in out
    assert err == f"{codebook}: 0 errors, {len(out.splitlines())} warnings\n"


def test_check_of_a_faulty_codebook_fails_with_its_errors_only(capsys, codebook: Path) -> None:
    codebook.write_text(FILE.replace('"晨曦"', '""'), "utf-8")
    status, out, _ = run(capsys, "check", codebook)
    assert status == 1
    assert out.startswith(f"error: {codebook}: topic dawn, core: '' is empty")
    assert "examples" not in out


def test_check_of_an_absent_codebook_fails(capsys, tmp_path: Path) -> None:
    status, out, _ = run(capsys, "check", tmp_path / "none.csv")
    assert status == 1
    assert "none.csv: cannot be read" in out


def test_check_with_all_lists_what_is_counted_otherwise(capsys, codebook: Path) -> None:
    codebook.write_text(FILE.replace('"晨曦"', '"晨曦", "电子废弃物"'), "utf-8")
    assert (
        "1 terms are several words for jieba, by topic: dawn 1" in run(capsys, "check", codebook)[1]
    )
    assert "电子/废弃物" in run(capsys, "check", codebook, "--all")[1]


def test_check_tries_a_codebook_on_a_corpus(codebook: Path, small_corpus: Path) -> None:
    found = [problem.what for problem in check_codebook_file(codebook, corpus=small_corpus)]
    assert any("never matched in these texts" in what for what in found)


def test_check_of_an_extension_looks_at_its_own_topics(codebook: Path, capsys) -> None:
    codebook.write_text(FILE.replace('"晨曦"', '"晨曦", "水电站晨曦"'), "utf-8")
    status, out, _ = run(capsys, "check", codebook, "--extension")
    assert status == 0
    assert "topic renewable_energy: terms of it are used up" in out
    assert all("dawn" in line for line in out.splitlines())


def test_options_for_codebooks_are_refused_with_a_folder(small_corpus: Path) -> None:
    with pytest.raises(SystemExit) as raised:
        shell.main(["check", str(small_corpus), "--extension"])
    assert raised.value.code == 2


def test_check_of_a_corpus_lints_its_own_codebook_with_its_tags(
    small_corpus: Path, tmp_path: Path, codebook: Path
) -> None:
    folder = shutil.copytree(small_corpus, tmp_path / "small")
    before = check_corpus(folder)
    shutil.copy(codebook, folder / "codebook.toml")
    added = [problem for problem in check_corpus(folder) if problem not in before]
    assert {problem.file for problem in added} == {str(folder / "codebook.toml")}
    whats = [problem.what for problem in added]
    assert any("no examples: dawn" in what for what in whats)
    assert any("1 terms never matched in these texts, by topic: dawn 1" in what for what in whats)


def test_check_of_a_corpus_without_codebook_says_nothing_of_the_general_one(
    small_corpus: Path,
) -> None:
    assert check_corpus(small_corpus) == []


def test_packaged_codebook_keeps_its_own_examples() -> None:
    book = read_codebook()
    problems = lint_codebook(book, tag=lambda t: {match.topic for match in tag_text(t, book)})
    assert [str(p) for p in problems if "xamples, " in p.place] == []
