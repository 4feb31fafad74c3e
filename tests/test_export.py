"""Tables, comparison and report on disk."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, TreeBuilder

import pandas as pd
import pytest

from resanalysis.export import compare_clauses, write_dictionary, write_report, write_tables
from resanalysis.export.wording import describe_certainty, describe_places, describe_scope
from resanalysis.study import run_study
from resanalysis.tables import STUDY_TABLES, TABLES, describe_tables, make_table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from resanalysis.model import Study

VOID = {"meta", "br", "img"}
PNG = b"\x89PNG\r\n\x1a\nnot really"
CAPTION = {"zh": "各主题的份额。很长的说明。", "en": "Share of each topic. A long explanation."}


class _Builder(HTMLParser):
    """Builds a tree of a page and refuses elements that are not closed in order."""

    def __init__(self) -> None:
        super().__init__()
        self.tree = TreeBuilder()
        self.open: list[str] = []

    def handle_starttag(self, tag, attrs):
        assert len(dict(attrs)) == len(attrs)
        self.tree.start(tag, dict(attrs))
        if tag in VOID:
            self.tree.end(tag)
        else:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag
        self.tree.end(tag)

    def handle_data(self, data):
        if self.open:
            self.tree.data(data)


def read_page(path: Path) -> Element:
    builder = _Builder()
    builder.feed(path.read_text("utf-8"))
    builder.close()
    assert builder.open == []
    return builder.tree.close()


def text(element: Element) -> str:
    return "".join(element.itertext())


def cells(table: Element) -> Iterator[list[Element]]:
    """Give the cells of each row of a table's bodies."""
    for row in table.findall("tbody/tr"):
        yield list(row)


@pytest.fixture(scope="module")
def study(small_corpus) -> Study:
    return run_study(small_corpus, draws=50)


@pytest.fixture(scope="module")
def report(study, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("report")
    (folder / "one.png").write_bytes(PNG)
    sentences = {
        topic.id: {"zh": f"{topic.label['zh']}：甲。", "en": f"{topic.label['en']}: A."}
        for topic in study.codebook.topics
    }
    return write_report(
        study, folder / "report.html", findings=sentences, figures=[(folder / "one.png", CAPTION)]
    )


@pytest.fixture(scope="module")
def page(report) -> Element:
    return read_page(report)


def topic_tables(page: Element) -> dict[str, Element]:
    """Return the table of clauses under each topic's heading."""
    found = {}
    topic = ""
    for element in page.iter():
        if element.get("id", "").startswith("topic-"):
            topic = element.get("id").removeprefix("topic-")
        elif element.tag == "table" and topic:
            found[topic] = element
    return found


def tables_of_numbers(page: Element, *, linked: bool) -> list[Element]:
    """Return the tables of numbers that have links, or those that have none."""
    tables = [table for table in page.iter("table") if table.get("class") == "numbers"]
    return [table for table in tables if (table.find(".//a") is not None) == linked]


def total(study: Study) -> pd.DataFrame:
    shift = study.shift
    return shift[shift["unit"].eq("clause") & shift["breakdown"].eq("total")].set_index("topic")


# --- tables -------------------------------------------------------------------------------------


def test_tables_are_utf8_with_mark_for_excel_and_lf(study, tmp_path):
    for path in write_tables(study.tables, tmp_path):
        data = path.read_bytes()
        assert data.startswith(b"\xef\xbb\xbf")
        assert b"\r" not in data


def test_data_dictionary_is_written_beside_the_tables(study, tmp_path):
    write_tables(study.tables, tmp_path / "new")
    names = {path.stem for path in (tmp_path / "new").iterdir()}
    assert names == {*STUDY_TABLES, "data-dictionary"}
    back = pd.read_csv(tmp_path / "new" / "data-dictionary.csv", keep_default_na=False)
    pd.testing.assert_frame_equal(back, describe_tables(), check_dtype=False)


@pytest.mark.parametrize("name", STUDY_TABLES)
def test_table_read_back_has_the_same_values(study, tmp_path, name):
    write_tables({name: study.tables[name]}, tmp_path)
    kinds = {c.name: {"str": "str"}.get(c.dtype) for c in TABLES[name]}
    back = pd.read_csv(
        tmp_path / f"{name}.csv",
        keep_default_na=False,
        dtype={column: kind for column, kind in kinds.items() if kind},
    )
    wanted = study.tables[name].reset_index(drop=True)
    pd.testing.assert_frame_equal(back, wanted, check_exact=True, check_dtype=len(wanted) > 0)


def test_dictionary_in_markdown_has_a_line_for_every_column(tmp_path):
    lines = write_dictionary(tmp_path / "d.md").read_text("utf-8").splitlines()
    for table, columns in TABLES.items():
        start = lines.index(f"## {table}") + 4
        written = [line.split("`")[1] for line in lines[start : start + len(columns)]]
        assert written == [column.name for column in columns]


# --- 对照表 -------------------------------------------------------------------------------------


def test_comparison_has_a_row_for_every_pair_in_their_order(study):
    compared = compare_clauses(study)
    pairs = study.pairs[study.pairs["relation"].eq("1:1")]
    assert compared["old_id"].tolist() == pairs["old_id"].tolist()
    assert compared["change"].tolist() == pairs["change"].tolist()


def test_comparison_gives_each_side_its_own_text_and_marker(study):
    clauses = study.clauses.set_index(["version", "clause_id"])
    for row in compare_clauses(study).to_dict("records"):
        for version in ("old", "new"):
            if row[f"{version}_id"]:
                clause = clauses.loc[(version, row[f"{version}_id"])]
                assert row[f"{version}_text"] == clause["text"]
                assert row[f"{version}_marker"] == clause["marker"]


def test_comparison_leaves_the_missing_side_of_an_orphan_empty(study):
    compared = compare_clauses(study)
    added = compared[compared["change"].eq("ADD")]
    assert len(added) > 0
    assert added[["old_id", "old_marker", "old_text", "old_topics"]].eq("").all(axis=None)


def test_comparison_names_topics_once_in_the_order_of_the_codebook(study):
    labels = [topic.label["en"] for topic in study.codebook.topics]
    tags = study.tags.drop_duplicates(["version", "clause_id", "topic"])
    counts = tags.groupby(["version", "clause_id"]).size()
    for row in compare_clauses(study, language="en").to_dict("records"):
        named = [name for name in row["new_topics"].split("; ") if name]
        assert named == sorted(named, key=labels.index)
        assert len(named) == counts.get(("new", row["new_id"]), 0)


def test_comparison_without_tags_or_pairs_has_its_columns(study):
    empty = replace(study, tags=make_table("tags", []), pairs=make_table("pairs", []))
    assert list(compare_clauses(empty)) == list(compare_clauses(study))


# --- report -------------------------------------------------------------------------------------


def test_report_gives_no_id_twice(page):
    ids = Counter(element.get("id") for element in page.iter() if element.get("id"))
    assert [name for name, count in ids.items() if count > 1] == []


def test_every_link_of_the_report_leads_to_a_place_in_it(page):
    ids = {element.get("id") for element in page.iter()}
    targets = [link.get("href") for link in page.iter("a")]
    assert len(targets) > 50
    assert [target for target in targets if target[:1] != "#" or target[1:] not in ids] == []


def test_report_loads_nothing(report):
    html = report.read_text("utf-8")
    assert re.findall(r"<(?:script|link|iframe|object|embed)|@import|url\(", html) == []
    assert re.findall(r'src="(?!data:image/png;base64,)', html) == []


def test_report_counts_are_those_of_the_shift_table(page, study):
    (table,) = tables_of_numbers(page, linked=True)
    rows = list(cells(table))
    assert len(rows) == len(study.codebook.topics)
    for row, (_, expected) in zip(rows, total(study).iterrows(), strict=True):
        assert [text(cell) for cell in row[1:3]] == [str(expected["n_old"]), str(expected["n_new"])]


def test_every_number_of_the_topic_table_leads_to_its_topic(page, study):
    (table,) = tables_of_numbers(page, linked=True)
    for row, topic in zip(cells(table), study.codebook.topics, strict=True):
        assert [cell.find("a").get("href") for cell in row[1:]] == [f"#topic-{topic.id}"] * 5


def test_each_topic_shows_as_many_clauses_as_were_counted(page, study):
    tables = topic_tables(page)
    for topic, expected in total(study).iterrows():
        rows = list(cells(tables[topic])) if topic in tables else []
        shown = [sum(row[side].find("a") is not None for row in rows) for side in (1, 2)]
        assert shown == [expected["n_old"], expected["n_new"]]


def test_topic_marks_exactly_its_matched_characters(page, study):
    paired = {
        (version, name) for version in ("old", "new") for name in study.pairs[f"{version}_id"]
    }
    tags = study.tags[
        [key in paired for key in zip(study.tags["version"], study.tags["clause_id"], strict=True)]
    ]
    clauses = study.clauses.set_index(["version", "clause_id"])["text"]
    for topic, table in topic_tables(page).items():
        marked = Counter("".join(text(mark) for mark in table.iter("mark")))
        places = {
            (tag.version, tag.clause_id, place)
            for tag in tags[tags["topic"].eq(topic)].itertuples()
            for place in range(tag.start, tag.end)
        }
        assert marked == Counter(clauses[version, name][place] for version, name, place in places)


def test_topic_shows_each_clause_whole_and_once(page, study):
    clauses = study.clauses.set_index(["version", "clause_id"])
    for table in topic_tables(page).values():
        for row in cells(table):
            for version, cell in zip(("old", "new"), row[1:], strict=True):
                if cell.find("a") is not None:
                    name = cell.find("a").get("href").removeprefix(f"#{version}--")
                    clause = clauses.loc[(version, name)]
                    expected = f"{clause['marker']} {clause['text']} {name}"
                    assert text(cell) == expected.strip()


def test_topic_names_the_hits_of_its_terms_in_counted_clauses(page, study):
    counted = {(v, name) for v in ("old", "new") for name in study.pairs[f"{v}_id"]}
    keys = zip(study.tags["version"], study.tags["clause_id"], strict=True)
    tags = study.tags[[key in counted for key in keys]]
    tables = topic_tables(page)
    elements = list(page.iter())
    for k, element in enumerate(elements):
        topic = element.get("id", "").removeprefix("topic-")
        if topic in tables:
            hits = next(e for e in elements[k:] if e.tag == "p" and "terms and hits" in text(e))
            numbers = [int(part.split()[-1]) for part in text(hits).split("、")]
            own = tags[tags["topic"].eq(topic)]
            place = ["version", "clause_id", "start", "end", "term"]
            assert sum(numbers) == len(own.drop_duplicates(place)) > 0


@pytest.mark.parametrize(("version", "element"), [("old", "del"), ("new", "ins")])
def test_comparison_of_the_report_shows_every_clause_with_its_own_changes(
    page, study, version, element
):
    places = {e.get("id"): e for e in page.iter("td") if e.get("id")}
    own = study.segments["op"].eq("delete" if version == "old" else "insert")
    changed = set()
    position = 0
    for segment, is_own in zip(study.segments.itertuples(), own, strict=True):
        if segment.op == "equal" or is_own:
            changed |= {position + k for k in range(len(segment.text)) if is_own}
            position += len(segment.text)
    for clause in study.clauses[study.clauses["version"].eq(version)].itertuples():
        if clause.kind not in ("lead_in", "clause", "item"):
            continue
        cell = places[f"{version}--{clause.clause_id}"]
        for note in cell.findall("div"):
            cell.remove(note)
        assert text(cell) == f"{clause.marker} {clause.text}".strip()
        if clause.masked == "[]":
            span = range(clause.start, clause.end)
            expected = "".join(clause.text[i - clause.start] for i in span if i in changed)
            assert "".join(text(e) for e in cell.iter(element)) == expected


def test_footnote_stands_under_its_clause_and_in_its_version_only(report, study):
    page = read_page(report)
    (note,) = study.clauses[study.clauses["kind"].eq("footnote")].itertuples()
    (cell,) = (td for td in page.iter("td") if td.find("div[@class='note']") is not None)
    assert cell.get("id") == f"{note.version}--{note.parent_id}"
    assert note.text in text(cell)


@pytest.mark.parametrize(("version", "element"), [("old", "ins"), ("new", "del")])
def test_topics_lost_and_gained_by_a_kept_clause_are_marked(study, tmp_path, version, element):
    kept = study.pairs[study.pairs["change"].eq("NOC")]
    tags = study.tags[study.tags["version"].eq(version)]
    name = next(name for name in kept[f"{version}_id"] if name in set(tags["clause_id"]))
    gone = study.tags["version"].eq(version) & study.tags["clause_id"].eq(name)
    lacking = replace(study, tags=study.tags[~gone])
    page = read_page(write_report(lacking, tmp_path / "r.html", findings={}, figures=[]))
    own = f"{version}--{name}"
    (row,) = (tr for tr in page.iter("tr") if any(td.get("id") == own for td in tr.iter("td")))
    (cell,) = (td for td in row.iter("td") if td.get("class") == "topics")
    marked = list(cell.iter(element))
    labels = {study.codebook.topic(topic).label["zh"] for topic in study.tags.loc[gone, "topic"]}
    assert {text(e) for e in marked} == labels


def test_topics_of_added_and_suppressed_clauses_are_not_marked(page):
    linked = 0
    for row in page.iter("tr"):
        if row.get("class") in ("ADD", "SUP"):
            (cell,) = (td for td in row if td.get("class") == "topics")
            linked += len(list(cell.iter("a")))
            assert [e for e in cell.iter() if e.tag in ("del", "ins")] == []
    assert linked > 0


def test_findings_stand_with_the_topics_that_changed_most_first(page, study):
    counts = total(study)
    change = (counts["n_new"] - counts["n_old"]).to_dict()
    (findings,) = (e for e in page.iter("div") if e.get("class") == "findings")
    order = [a.get("href").removeprefix("#topic-") for a in findings.iter("a")]
    found = [change[topic] for topic in order]
    grew = sum(number > 0 for number in found)
    fell = sum(number < 0 for number in found)
    assert sorted(order) == sorted(counts.index)
    assert found[:grew] == sorted(found[:grew], reverse=True)
    assert found[grew : grew + fell] == sorted(found[grew : grew + fell])
    assert not any(found[grew + fell :])


def test_each_finding_stands_in_both_languages(page):
    (findings,) = (e for e in page.iter("div") if e.get("class") == "findings")
    for item in findings.iter("li"):
        assert text(item).endswith(": A.")
        assert "：甲。" in text(item)
        assert item.find("span").get("lang") == "en"


def test_clauses_without_topic_are_counted_and_linked(page, study):
    items = [li for li in page.iter("li") if "/" in text(li) and li.find("a") is not None]
    tagged = set(zip(study.tags["version"], study.tags["clause_id"], strict=True))
    for version in ("old", "new"):
        names = [name for name in study.pairs[f"{version}_id"] if name]
        bare = [name for name in names if (version, name) not in tagged]
        (item,) = (li for li in items if li.find("a").get("href").startswith(f"#{version}--"))
        assert f": {len(bare)} / {len(names)}:" in text(item)
        assert [a.get("href") for a in item.iter("a")] == [f"#{version}--{n}" for n in bare]


def test_certainty_adds_up_to_the_characters_of_the_source(page, study):
    (table,) = tables_of_numbers(page, linked=False)
    numbers = [int(text(cell)) for row in cells(table) for cell in row[1:]]
    assert sum(numbers) == len(study.corpus.source.text)


def test_certainty_has_a_row_for_each_class_that_occurs(page, study):
    (table,) = tables_of_numbers(page, linked=False)
    assert len(list(cells(table))) == study.segments["certainty"].nunique()


def test_report_says_what_holds_for_a_flattened_text(page, study):
    places = study.alternatives["group"].nunique()
    assert places > 1
    assert f"有{places}处另有可能的读法。" in text(page)
    assert f"{places} places have another plausible reading." in text(page)
    told = describe_certainty(study, "en")
    assert "leaves no trace" in told
    assert "alternatives.csv" in told
    assert told in text(page)


def test_of_versions_read_exactly_no_doubt_is_told(study):
    exact = replace(
        study,
        corpus=replace(study.corpus, form="word"),
        segments=study.segments.assign(certainty="proven"),
        alternatives=study.alternatives.iloc[:0],
    )
    assert describe_places(exact, "zh") == describe_places(exact, "en") == ""
    told = describe_certainty(exact, "en") + describe_scope(exact, "en")
    assert [word for word in ("trace", "reader", "README", "ndecidable") if word in told] == []


def test_text_unmarked_is_not_doubted_where_one_version_is_known(study):
    known = replace(study, corpus=replace(study.corpus, known="old"))
    assert "trace" in describe_scope(study, "en")
    assert "trace" not in describe_scope(known, "en") + describe_certainty(known, "en")


def test_tables_of_the_report_have_headers_with_scope(page):
    headers = list(page.iter("th"))
    assert len(headers) > 30
    assert {header.get("scope") for header in headers} == {"col", "row", "rowgroup"}


def test_page_is_chinese_and_says_where_it_is_english(page):
    assert page.get("lang") == "zh-Hans"
    for element in page.iter("figcaption"):
        assert element.get("lang") == (None if "份额" in text(element) else "en")


def test_figure_is_embedded_with_a_short_alternative_text(page):
    (image,) = page.iter("img")
    assert image.get("src").startswith("data:image/png;base64,")
    assert image.get("alt") == "各主题的份额"


def test_report_says_that_the_versions_are_recovered(page):
    assert "未参照官方文本" in text(page)
    assert "official texts were not consulted" in text(page)


def test_markup_in_the_sources_stays_text(study, tmp_path):
    odd = "<script>alert('甲')</script>&amp;\""
    corpus = replace(study.corpus, title={"zh": odd, "en": odd}, rights={"zh": odd, "en": odd})
    page = read_page(
        write_report(replace(study, corpus=corpus), tmp_path / "r.html", findings={}, figures=[])
    )
    assert list(page.iter("script")) == []
    assert text(page).count(odd) == 5


def test_markup_in_the_clauses_stays_text(study, tmp_path):
    def spoil(text: str) -> str:
        return text.replace("河湖", "<b")

    clauses = study.clauses.assign(text=study.clauses["text"].map(spoil))
    odd = replace(
        study, clauses=clauses, old_text=spoil(study.old_text), new_text=spoil(study.new_text)
    )
    page = read_page(write_report(odd, tmp_path / "r.html", findings={}, figures=[]))
    shown = [td for td in page.iter("td") if "<b" in text(td)]
    assert len(shown) > 4


def test_difference_that_rounds_to_zero_has_no_minus(study, tmp_path):
    near = replace(study, shift=study.shift.assign(difference=-0.04))
    page = read_page(write_report(near, tmp_path / "r.html", findings={}, figures=[]))
    (table,) = tables_of_numbers(page, linked=True)
    assert {text(row[-1]).split()[0] for row in cells(table)} == {"+0.0"}


def test_report_without_any_tag_is_written(study, tmp_path):
    nan = float("nan")
    zero = study.shift.assign(n_old=0, n_new=0, difference_low=nan, difference_high=nan)
    bare = replace(study, tags=make_table("tags", []), shift=zero)
    page = read_page(write_report(bare, tmp_path / "r.html", findings={}, figures=[]))
    assert topic_tables(page) == {}
    (table,) = tables_of_numbers(page, linked=True)
    assert {text(row[-1]).split()[-2:] == ["[—,", "—]"] for row in cells(table)} == {True}
