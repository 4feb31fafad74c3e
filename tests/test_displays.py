"""What a notebook shows of a record: its contents, escaped, in the page's own colours."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Protocol

import pytest

from resanalysis.codebook import read_codebook
from resanalysis.explore import show_clauses, try_readings, try_terms
from resanalysis.model import COUNTED_KINDS, Codebook, Corpus, Rule, Study
from resanalysis.robustness import Robustness, assess_robustness
from resanalysis.study import recover_corpus, run_study

HOSTILE = '<script>alert("&")</script>'
VOID = {"br", "meta", "link"}


class Shown(Protocol):
    def _repr_html_(self) -> str: ...


class Checker(HTMLParser):
    """Reads HTML and keeps its cells; fails where elements are not closed in turn."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()
        self.rows: list[list[str]] = []
        self.feed(html)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        self.seen.add(tag)
        if tag not in VOID:
            self.open.append(tag)
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "td" in self.open or "th" in self.open:
            self.rows[-1][-1] += data


def rows_of(shown: Shown) -> list[list[str]]:
    return Checker(shown._repr_html_()).rows


@pytest.fixture(scope="module")
def study(small_corpus: Path) -> Study:
    return run_study(small_corpus, draws=0)


@pytest.fixture(scope="module")
def robustness(study: Study) -> Robustness:
    return assess_robustness(study, draws=4)


def test_a_corpus_shows_its_editions_and_the_hash_of_every_file(study: Study) -> None:
    corpus = study.corpus
    rows = rows_of(corpus)
    for name, digest in corpus.hashes.items():
        assert [name, digest] in rows
    assert ["编号 number", corpus.number] in rows
    assert any(corpus.old.label("en") in row[-1] and corpus.old.id in row[-1] for row in rows)
    assert any(corpus.describe_origin("zh") in row[-1] for row in rows)


def test_a_codebook_shows_every_topic_once_with_its_numbers_of_words() -> None:
    book = read_codebook()
    rows = rows_of(book)
    for topic in book.topics:
        own = [row for row in rows if row[0] == topic.id]
        assert [row[2:] for row in own] == [
            [str(len(words)) for words in (topic.core, topic.peripheral, topic.exclusions)]
            + [str(len(topic.rules))]
        ]
        assert topic.label["zh"] in own[0][1]
        assert topic.label["en"] in own[0][1]
    assert ["SHA-256", book.sha256] in rows


def test_a_topic_shows_all_of_its_words_and_rules() -> None:
    rule = Rule("both", (("智慧", "智能"), ("灌溉",)), near=5, without=("电网",))
    topic = replace(read_codebook().topic("water"), rules=(rule,))
    text = unescape(topic._repr_html_())
    assert all(term in text for term in (*topic.core, *topic.peripheral, *topic.exclusions))
    assert "智慧/智能 + 灌溉 · ≤ 5 · 无 without 电网" in text


def test_a_study_counts_what_its_tables_hold(study: Study) -> None:
    rows = rows_of(study)
    counted = study.clauses[study.clauses["kind"].isin(COUNTED_KINDS)]
    for version, name in (("old", "旧版 old"), ("new", "新版 new")):
        numbers = [int((table["version"] == version).sum()) for table in (counted, study.tags)]
        assert [row[2:] for row in rows if row[0] == name] == [list(map(str, numbers))]
    for name, table in study.tables.items():
        assert [name, str(len(table)), str(len(table.columns))] in rows
    pairs = [int(row[1]) for row in rows if row[0][-3:] in ("NOC", "MOD", "ADD", "SUP")]
    assert sum(pairs) == (study.pairs["relation"] == "1:1").sum()


def test_a_redline_counts_its_segments_by_operation_and_certainty(study: Study) -> None:
    redline = recover_corpus(study.corpus)
    rows = rows_of(redline)
    inserted = redline.segments[redline.segments["op"] == "insert"]
    row = next(row for row in rows if row[0].endswith("insert"))
    assert row[1:3] == [str(len(inserted)), str(inserted["text"].str.len().sum())]
    assert sum(map(int, row[3:])) == len(inserted)
    assert ["新版字符 characters new", str(len(redline.text("new")))] in rows


def test_robustness_counts_verdicts_by_measure(robustness: Robustness) -> None:
    rows = rows_of(robustness)
    for measure, own in robustness.verdicts.groupby("measure"):
        row = next(row for row in rows if row[0].endswith(f" {measure}"))
        verdicts = [int((own["verdict"] == v).sum()) for v in ("robust", "undecided", "fragile")]
        assert row[1:] == list(map(str, verdicts))
    assert ["读法 readings", "4"] in rows
    assert ["选择 choices", str(len(robustness.choices.groupby(["choice", "option"])) - 1)] in rows


def test_a_verdict_that_no_topic_has_counts_zero(robustness: Robustness) -> None:
    verdicts = robustness.verdicts[robustness.verdicts["verdict"] != "fragile"]
    rows = rows_of(replace(robustness, verdicts=verdicts))
    assert [row[-1] for row in rows if row[0].endswith(" share")] == ["0"]


def spoil_book(book: Codebook) -> Codebook:
    topic = replace(
        book.topics[0],
        label={"zh": HOSTILE, "en": HOSTILE},
        definition={"zh": HOSTILE, "en": HOSTILE},
        core=(*book.topics[0].core, HOSTILE),
        source=HOSTILE,
        rules=(Rule(HOSTILE, ((HOSTILE,), ("b",))),),
    )
    themes = {name: {"zh": HOSTILE, "en": HOSTILE} for name in book.themes}
    title = {"zh": HOSTILE, "en": HOSTILE}
    topics = (topic, *book.topics[1:])
    return replace(book, topics=topics, title=title, themes=themes, version=HOSTILE)


def spoil_corpus(corpus: Corpus) -> Corpus:
    words = {"zh": HOSTILE, "en": HOSTILE}
    edition = replace(corpus.new, place=words)
    return replace(
        corpus, title=words, body=words, number=HOSTILE, rights=words, new=edition,
        hashes={HOSTILE: HOSTILE},
    )  # fmt: skip


def list_shown(study: Study, robustness: Robustness) -> Iterator[Shown]:
    """Yield one of everything that a notebook shows, made of hostile words."""
    clauses = study.clauses.assign(heading=HOSTILE)
    book, corpus = spoil_book(study.codebook), spoil_corpus(study.corpus)
    spoilt = replace(study, codebook=book, corpus=corpus, clauses=clauses)
    redline = recover_corpus(study.corpus)
    yield from (book, book.topics[0], corpus, spoilt, robustness)
    yield replace(redline, notes=(HOSTILE,))
    yield show_clauses(spoilt, version="both")
    yield try_terms(spoilt, book.topics[0].id, also="河湖")
    yield try_readings(spoilt, {"bullet": 2}, everything=True)


def test_everything_shown_is_escaped_and_its_elements_are_closed(
    study: Study, robustness: Robustness
) -> None:
    for shown in list_shown(study, robustness):
        html = shown._repr_html_()
        assert "script" not in Checker(html).seen
        assert not isinstance(shown, Corpus | Codebook | Study) or "&lt;script&gt;" in html


def test_nothing_shown_sets_the_colour_of_text_or_page(
    study: Study, robustness: Robustness
) -> None:
    """Else a dark theme would have dark words on a dark ground."""
    for shown in list_shown(study, robustness):
        html = shown._repr_html_()
        colours = set(re.findall(r"(?<![-\w])color: *([^;}]+)", html))
        assert colours <= {"inherit"}
        grounds = set(re.findall(r"background: *([^;}]+)", html))
        assert grounds <= {"none", "#fb03"}  # clear enough for either ground


def test_what_is_shown_is_the_same_each_time(study: Study, robustness: Robustness) -> None:
    first, second = (
        [shown._repr_html_() for shown in list_shown(study, robustness)] for _ in range(2)
    )
    assert first == second
