"""Two versions of a codebook compared, and the tags that they give."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from resanalysis.checks import compare_tagging
from resanalysis.codebook import compare_codebooks, compare_tags, read_codebook
from resanalysis.model import Codebook, Rule, Topic
from resanalysis.pipeline import tag_topics, tokenize

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def make_topic(name: str, core: Sequence[str] = (), **parts: Any) -> Topic:
    words = {"zh": name, "en": name.upper()}
    return replace(Topic(name, "t", words, {}, {}, {}, tuple(core), (), (), ""), **parts)


def make_codebook(*topics: Topic, **parts: Any) -> Codebook:
    return replace(Codebook("c", "1", {"zh": "本"}, {}, topics, ""), **parts)


def differences(old: Codebook, new: Codebook) -> list[tuple[str, ...]]:
    return list(compare_codebooks(old, new).itertuples(index=False, name=None))


def topic_differences(**parts: Any) -> list[tuple[str, ...]]:
    """Return what is said of a topic when these parts of it change."""
    rule = Rule("r", (("监测",), ("水",)))
    old = make_topic("water", ["用水", "水源"], peripheral=("水利",), exclusions=("用水平",))
    old = replace(old, rules=(rule,), examples=("节水",), concepts={"sdg": ("6.1",)})
    new = replace(old, **parts)
    found = differences(make_codebook(old), make_codebook(new))
    assert all(row[0] == "water" for row in found)
    return [row[1:] for row in found]


# --- codebooks ------------------------------------------------------------------------------


def test_equal_codebooks_have_no_differences() -> None:
    book = read_codebook()
    found = compare_codebooks(book, book)
    assert found.empty
    assert list(found.columns) == ["topic", "part", "entry", "change", "before", "after"]


def test_what_concerns_the_whole_codebook_has_no_topic() -> None:
    old = make_codebook(themes={"t": {"zh": "题", "en": "Theme"}, "u": {"zh": "乙", "en": "B"}})
    new = replace(
        old,
        version="2",
        title={"zh": "书", "en": "Book"},
        instructions={"zh": "读", "en": ""},
        themes={"t": {"zh": "题", "en": "Subject"}, "v": {"zh": "丙", "en": "C"}},
    )
    assert differences(old, new) == [
        ("", "version", "", "changed", "1", "2"),
        ("", "title", "zh", "changed", "本", "书"),
        ("", "title", "en", "added", "", "Book"),
        ("", "instructions", "zh", "added", "", "读"),
        ("", "theme", "t", "changed", "题 / Theme", "题 / Subject"),
        ("", "theme", "v", "added", "", "丙 / C"),
        ("", "theme", "u", "removed", "乙 / B", ""),
    ]


def test_topics_added_removed_and_reordered() -> None:
    a, b, c, d = map(make_topic, "abcd")
    assert differences(make_codebook(a, b, c), make_codebook(d, c, a)) == [
        ("", "order", "topics", "changed", "a, c", "c, a"),
        ("d", "topic", "d", "added", "", "d / D"),
        ("b", "topic", "b", "removed", "b / B", ""),
    ]


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ({"core": ("用水", "水源", "节水")}, ("term", "节水", "added", "", "core")),
        ({"core": ("水源",)}, ("term", "用水", "removed", "core", "")),
        ({"core": ("水源", "用水")}, ("order", "core", "changed", "用水, 水源", "水源, 用水")),
        ({"exclusions": ()}, ("term", "用水平", "removed", "exclusions", "")),
        ({"theme": "u"}, ("theme", "", "changed", "t", "u")),
        ({"label": {"zh": "水", "en": "WATER"}}, ("label", "zh", "changed", "water", "水")),
        ({"definition": {"zh": "水"}}, ("definition", "zh", "added", "", "水")),
        ({"include": {"en": "x"}}, ("include", "en", "added", "", "x")),
        ({"exclude": {"en": "x"}}, ("exclude", "en", "added", "", "x")),
        ({"source": "法"}, ("source", "", "added", "", "法")),
        ({"rules": ()}, ("rule", "r", "removed", "core: (监测) and (水)", "")),
        ({"examples": ()}, ("examples", "节水", "removed", "节水", "")),
        ({"counterexamples": ("水平",)}, ("counterexamples", "水平", "added", "", "水平")),
        ({"concepts": {"sdg": ("6.1", "6.4")}}, ("concepts", "sdg", "changed", "6.1", "6.1, 6.4")),
    ],
)
def test_a_change_in_a_topic_is_one_row(parts: dict[str, Any], expected: tuple[str, ...]) -> None:
    assert topic_differences(**parts) == [expected]


def test_a_term_that_changes_its_list_has_moved() -> None:
    found = topic_differences(core=("用水", "水源", "水利"), peripheral=())
    assert found == [("term", "水利", "moved", "peripheral", "core")]


@pytest.mark.parametrize(
    ("parts", "after"),
    [
        ({"near": 3}, "core: (监测) and (水) within 3 characters"),
        ({"near": 0}, "core: (监测) and (水) within 0 characters"),
        ({"without": ("水平", "水准")}, "core: (监测) and (水), without 水平 or 水准"),
        ({"tier": "peripheral"}, "peripheral: (监测) and (水)"),
        ({"groups": (("监测", "观测"), ("水",))}, "core: (监测 or 观测) and (水)"),
    ],
)
def test_every_part_of_a_rule_is_compared(parts: dict[str, Any], after: str) -> None:
    rule = replace(Rule("r", (("监测",), ("水",))), **parts)
    assert topic_differences(rules=(rule,)) == [
        ("rule", "r", "changed", "core: (监测) and (水)", after)
    ]


NAMES = st.lists(st.sampled_from("甲乙丙丁"), max_size=3, unique=True)
TEXTS = st.fixed_dictionaries({"zh": st.sampled_from("甲乙"), "en": st.sampled_from("ab")})
RULES = st.builds(
    Rule,
    id=st.sampled_from("rs"),
    groups=st.tuples(NAMES.map(tuple), NAMES.map(tuple)),
    near=st.none() | st.integers(0, 1),
    without=NAMES.map(tuple),
    tier=st.sampled_from(["core", "peripheral"]),
)
TOPICS = st.builds(
    Topic,
    id=st.sampled_from("abc"),
    theme=st.sampled_from("tu"),
    **dict.fromkeys(("label", "definition", "include", "exclude"), TEXTS),
    **dict.fromkeys(
        ("core", "peripheral", "exclusions", "examples", "counterexamples"), NAMES.map(tuple)
    ),
    source=st.sampled_from(["", "法"]),
    rules=st.lists(RULES, max_size=2, unique_by=lambda rule: rule.id).map(tuple),
    concepts=st.dictionaries(st.sampled_from(["sdg"]), st.just(("6.1",))),
)
CODEBOOKS = st.builds(
    Codebook,
    id=st.sampled_from("xy"),
    version=st.sampled_from("12"),
    title=TEXTS,
    themes=st.dictionaries(st.sampled_from("tu"), TEXTS),
    topics=st.lists(TOPICS, max_size=3, unique_by=lambda topic: topic.id).map(tuple),
    sha256=st.just(""),
    instructions=TEXTS,
)
TURNED = {"added": "removed", "removed": "added"}


@given(CODEBOOKS, CODEBOOKS)
def test_nothing_differs_exactly_when_the_codebooks_are_equal(old, new) -> None:
    same = old == new and [*old.themes] == [*new.themes]
    assert compare_codebooks(old, new).empty == same


@given(CODEBOOKS, CODEBOOKS)
def test_turning_the_comparison_round_turns_every_row(old, new) -> None:
    forth, back = set(differences(old, new)), set(differences(new, old))
    turned = {(*r[:3], TURNED.get(r[3], r[3]), r[5], r[4]) for r in back}
    assert forth == turned


# --- tags ------------------------------------------------------------------------------------


def make_clauses(*texts: str, corpus: str = "c") -> pd.DataFrame:
    rows = [
        {"corpus": corpus, "edition": "e", "version": "old", "clause_id": str(n), "text": text}
        for n, text in enumerate(texts)
    ]
    return pd.DataFrame(rows)


def tag(clauses: pd.DataFrame, *topics: Topic) -> pd.DataFrame:
    return tag_topics(clauses, make_codebook(*topics), tokenize(clauses))


def changes(clauses: pd.DataFrame, old: Sequence[Topic], new: Sequence[Topic]) -> list[list[str]]:
    table = compare_tags(tag(clauses, *old), tag(clauses, *new), clauses=clauses)
    assert table["text"].tolist() == [clauses["text"][int(n)] for n in table["clause_id"]]
    names = ["clause_id", "topic", "change", "terms", "instead"]
    rows: list[list[str]] = table[names].values.tolist()
    return rows


def test_gains_and_losses_name_the_terms_that_make_them() -> None:
    clauses = make_clauses("节约用水，用水", "保护森林", "今天")
    old = [make_topic("water", ["用水"]), make_topic("forest", ["林业"])]
    new = [make_topic("water", ["水源"]), make_topic("forest", ["森林"])]
    assert changes(clauses, old, new) == [
        ["0", "water", "lost", "用水", ""],
        ["1", "forest", "gained", "森林", ""],
    ]


def test_a_loss_to_a_longer_term_of_another_topic_shows_that_term() -> None:
    clauses = make_clauses("建设水电站")
    old = [make_topic("water", ["水电"])]
    new = [*old, make_topic("energy", ["水电站"])]
    assert changes(clauses, old, new) == [
        ["0", "water", "lost", "水电", "energy: 水电站"],
        ["0", "energy", "gained", "水电站", "water: 水电"],
    ]


def test_a_topic_given_by_another_term_is_no_change() -> None:
    clauses = make_clauses("用水和水源")
    assert changes(clauses, [make_topic("w", ["用水"])], [make_topic("w", ["水源"])]) == []


def test_words_of_a_rule_are_named_with_it() -> None:
    rule = Rule("use", (("节约",), ("水",)))
    old, new = [make_topic("w", rules=(rule,))], [make_topic("x", ["节约用水"])]
    assert changes(make_clauses("节约用水"), old, new) == [
        ["0", "w", "lost", "节约 (use) | 水 (use)", "x: 节约用水"],
        ["0", "x", "gained", "节约用水", "w: 节约 (use) | w: 水 (use)"],
    ]


def test_what_only_touches_a_term_does_not_stand_instead_of_it() -> None:
    old, new = [make_topic("a", ["用水"])], [make_topic("b", ["节约"]), make_topic("c", ["源头"])]
    rows = changes(make_clauses("节约用水源头"), old, new)
    assert [row[-1] for row in rows] == ["", "", ""]


def test_within_a_clause_rows_stand_by_place() -> None:
    old, new = [make_topic("a", ["用水"])], [make_topic("b", ["节约"]), make_topic("c", ["森林"])]
    rows = changes(make_clauses("节约用水，保护森林"), old, new)
    assert [row[1] for row in rows] == ["b", "a", "c"]


def test_rows_stand_in_the_order_of_the_clauses() -> None:
    clauses = make_clauses("用水", "森林", "用水")
    old, new = [make_topic("a", ["用水"])], [make_topic("b", ["森林"])]
    assert [row[0] for row in changes(clauses, old, new)] == ["0", "1", "2"]


def test_without_clauses_the_rows_are_the_same_in_another_order() -> None:
    clauses = make_clauses("用水", "森林")
    tables = tag(clauses, make_topic("a", ["用水"])), tag(clauses, make_topic("b", ["森林"]))
    found = compare_tags(*tables)
    assert found["clause_id"].tolist() == ["1", "0"]
    full = compare_tags(*tables, clauses=clauses).drop(columns="text")
    pd.testing.assert_frame_equal(found, full.iloc[::-1].reset_index(drop=True))


def test_an_empty_table_is_one_without_tags() -> None:
    clauses = make_clauses("用水")
    none, some = tag(clauses, make_topic("a", ["森林"])), tag(clauses, make_topic("a", ["用水"]))
    assert compare_tags(none, none).empty
    assert compare_tags(none, none, clauses=clauses).columns[-1] == "text"
    assert compare_tags(none, some)["change"].tolist() == ["gained"]
    assert compare_tags(some, none)["change"].tolist() == ["lost"]


def test_a_term_across_a_line_break_fits_its_clause() -> None:
    clauses = make_clauses("电子废\n弃物和森林")
    old, new = [make_topic("a", ["电子废弃物"])], [make_topic("b", ["弃物和"])]
    assert len(changes(clauses, old, new)) == 2
    assert len(compare_tags(tag(clauses, *old), tag(clauses, *new))) == 2


def test_tables_without_a_corpus_in_common_are_refused() -> None:
    topic = make_topic("a", ["用水"])
    old, new = tag(make_clauses("用水"), topic), tag(make_clauses("用水", corpus="d"), topic)
    with pytest.raises(ValueError, match="no corpus in common: old \\['c'\\], new \\['d'\\]"):
        compare_tags(old, new)


def test_tables_of_other_texts_are_refused() -> None:
    old = tag(make_clauses("用水平"), make_topic("a", ["用水"]))
    new = tag(make_clauses("节水平"), make_topic("a", ["节水平"]))
    with pytest.raises(
        ValueError, match="0 has 用 at character 0 in the old tags and 节 in the new"
    ):
        compare_tags(old, new)


def test_tags_that_do_not_fit_the_clauses_are_refused() -> None:
    clauses, topic = make_clauses("用水"), make_topic("a", ["用水"])
    fitting = tag(clauses, topic)
    with pytest.raises(ValueError, match="new tags do not fit `clauses`: c e old 0 has no 用水"):
        compare_tags(fitting, tag(make_clauses("要用水"), topic), clauses=clauses)
    with pytest.raises(ValueError, match="old tags have a clause that `clauses` lacks: c e old 1"):
        compare_tags(tag(make_clauses("用水", "用水"), topic), fitting, clauses=clauses)


def test_readings_can_be_compared_too() -> None:
    clauses = make_clauses("用水和水利", "水利")
    book = make_codebook(make_topic("water", ["用水"], peripheral=("水利",)))
    tables = [tag_topics(clauses, book, reading=reading) for reading in ("broad", "strict")]
    assert compare_tags(*tables)["clause_id"].tolist() == ["1"]


# --- one corpus, two codebooks ---------------------------------------------------------------


def test_a_corpus_tagged_with_both_shows_what_a_term_does(small_corpus: Path) -> None:
    book = read_codebook()
    table = compare_tagging(small_corpus, book, book)
    assert table.empty
    other = make_codebook(make_topic("other", ["没有的词"]))
    found = compare_tagging(small_corpus, other, book)
    assert set(found["change"]) == {"gained"}
    assert set(found["version"]) == {"old", "new"}
    term = found["terms"].iloc[0].split(" | ")[0]
    topic = found["topic"].iloc[0]
    assert term in found["text"].iloc[0]
    assert topic in {t.id for t in book.topics}


def test_a_strict_reading_sees_no_change_of_peripheral_terms(small_corpus: Path) -> None:
    book = read_codebook()
    core_only = replace(
        book,
        topics=tuple(
            replace(t, peripheral=(), rules=tuple(r for r in t.rules if r.tier == "core"))
            for t in book.topics
        ),
    )
    assert compare_tagging(small_corpus, book, core_only, reading="strict").empty
    assert not compare_tagging(small_corpus, book, core_only).empty


# --- the command -----------------------------------------------------------------------------

FILE = """[codebook]
id = "mine"
version = "1"
title = { zh = "我的", en = "Mine" }
[[theme]]
id = "t"
label = { zh = "题", en = "Theme" }
[[topic]]
id = "water"
theme = "t"
label = { zh = "水", en = "Water" }
definition = { zh = "水。", en = "Water." }
core = ["水资源"]
"""


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    old, new = tmp_path / "old.toml", tmp_path / "new.toml"
    old.write_text(FILE, "utf-8")
    changed = FILE.replace('version = "1"', 'version = "2"').replace('"水资源"', '"水资源", "湿地"')
    new.write_text(changed, "utf-8")
    return old, new


def call(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    """Run the action as the shell does, whatever else `codebook` can do."""
    import argparse

    from resanalysis.shell.codebook_changes import add_compare

    parser = argparse.ArgumentParser()
    add_compare(parser.add_subparsers())
    options = parser.parse_args(["compare", *map(str, arguments)])
    capsys.readouterr()
    return options.command(options), *capsys.readouterr()


def test_compare_prints_the_differences_and_names_both(capsys, files) -> None:
    status, out, err = call(capsys, *files)
    assert status == 0
    rows = list(csv.DictReader(io.StringIO(out)))
    assert [(row["part"], row["entry"], row["after"]) for row in rows] == [
        ("version", "", "2"),
        ("term", "湿地", "core"),
    ]
    old, new = (read_codebook(path).sha256[:12] for path in files)
    assert err == f"2 differences between mine 1 ({old}) and mine 2 ({new})\n"


def test_compare_on_a_corpus_prints_clauses_and_counts(capsys, files, small_corpus: Path) -> None:
    status, out, err = call(capsys, *files[::-1], "--corpus", small_corpus)
    assert status == 0
    rows = list(csv.DictReader(io.StringIO(out)))
    assert {(row["change"], row["terms"]) for row in rows} == {("lost", "湿地")}
    assert all("湿地" in row["text"] for row in rows)
    assert err.endswith(f"{small_corpus}: clauses gained and lost: water +0 -{len(rows)}\n")
    assert call(capsys, files[0], files[0], "--corpus", small_corpus)[2].endswith("lost: none\n")


def test_faults_of_both_codebooks_are_reported_together(capsys, files) -> None:
    from resanalysis.model import InputError

    for path in files:
        path.write_text("", "utf-8")
    with pytest.raises(InputError) as raised:
        call(capsys, *files)
    assert [problem.file for problem in raised.value.problems] == [*map(str, files)]


def test_extensions_are_compared_with_what_they_extend(capsys, files) -> None:
    status, out, err = call(capsys, *files, "--extension")
    assert status == 0
    assert "general-climate-ict+mine" in err
    assert [row["topic"] for row in csv.DictReader(io.StringIO(out))] == ["", "water"]


def test_reading_needs_a_corpus(capsys, files) -> None:
    with pytest.raises(SystemExit) as raised:
        call(capsys, *files, "--reading", "strict")
    assert raised.value.code == 2
