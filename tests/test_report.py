"""The report: numbers as in the tables, links that lead somewhere, nothing loaded, all escaped."""

from __future__ import annotations

import io
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal
from urllib.parse import parse_qs
from xml.etree.ElementTree import Element, TreeBuilder

import pandas as pd
import pytest
import yaml
from PIL import Image

from resanalysis import __main__ as shell
from resanalysis import results
from resanalysis import study as study_module
from resanalysis.export import Finding, PlacedFigure, make_page
from resanalysis.export.report import provenance
from resanalysis.figures import lighten_png
from resanalysis.model import LANGUAGES, InputError, Language, Study
from resanalysis.results import FIGURES, DrawnFigure, make_report
from resanalysis.results.findings import list_findings
from resanalysis.robustness import Robustness, assess_robustness, describe_verdict
from resanalysis.study import run_study
from resanalysis.tables import make_table

ROOT = Path(__file__).parents[1]
VOID = {"meta", "br", "img", "link"}
CAPTIONS: dict[Language, str] = {
    "zh": "各主题的份额。很长的说明。",
    "en": "Share of each topic. A long explanation.",
}
VersionName = Literal["old", "new"]


def make_png() -> bytes:
    data = io.BytesIO()
    Image.new("RGB", (30, 20), "white").save(data, "PNG")
    return data.getvalue()


class _Builder(HTMLParser):
    """Builds a tree of a page and refuses elements that are not closed in order."""

    def __init__(self) -> None:
        super().__init__()
        self.tree = TreeBuilder()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(dict(attrs)) == len(attrs)
        self.tree.start(tag, {name: value or "" for name, value in attrs})
        if tag in VOID:
            self.tree.end(tag)
        else:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag
        self.tree.end(tag)

    def handle_data(self, data: str) -> None:
        if self.open:
            self.tree.data(data)


def read_page(html: str) -> Element:
    builder = _Builder()
    builder.feed(html)
    builder.close()
    assert builder.open == []
    return builder.tree.close()


def text(element: Element) -> str:
    return "".join(element.itertext())


def by_class(page: Element, name: str) -> list[Element]:
    return [element for element in page.iter() if name in element.get("class", "").split()]


def by_id(page: Element, name: str) -> Element:
    (found,) = (element for element in page.iter() if element.get("id") == name)
    return found


def links_in(element: Element) -> list[str]:
    return [str(link.get("href")) for link in element.iter("a")]


def topic_rows(page: Element) -> Iterator[list[Element]]:
    """Give the cells of each row of the table of topics."""
    table = next(table for table in by_class(page, "numbers"))
    for row in table.findall("tbody/tr"):
        yield list(row)


def compared_rows(page: Element) -> list[Element]:
    return by_class(page, "row")


def fit(row: Element, chosen: dict[str, str]) -> bool:
    """Tell whether a row fits a filter, as the words of the address put it."""
    asked = dict(chosen)
    topic, version = asked.pop("topic", ""), asked.pop("in", "")
    sides = [version] if version else ["old", "new"]
    if topic and not any(topic in row.get(f"data-{side}", "").split() for side in sides):
        return False
    return all(value in row.get(f"data-{name}", "").split() for name, value in asked.items())


def total(study: Study) -> pd.DataFrame:
    shift = study.shift
    return shift[shift["unit"].eq("clause") & shift["breakdown"].eq("total")].set_index("topic")


def paired_tags(study: Study) -> pd.DataFrame:
    counted = {(v, name) for v in ("old", "new") for name in study.pairs[f"{v}_id"]}
    keys = zip(study.tags["version"], study.tags["clause_id"], strict=True)
    return study.tags[[key in counted for key in keys]]


@pytest.fixture(scope="module")
def study(small_corpus: Path) -> Study:
    return run_study(small_corpus, draws=50)


@pytest.fixture(scope="module")
def robustness(study: Study) -> Robustness:
    return assess_robustness(study, draws=5)


def write(study: Study, language: Language, found: Robustness | None = None) -> str:
    return make_page(
        study,
        language=language,
        findings=list_findings(study, found, language=language),
        figures=[PlacedFigure("topic-shares", make_png(), CAPTIONS[language])],
    )


@pytest.fixture(scope="module", params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> Language:
    chosen: Language = request.param
    return chosen


@pytest.fixture(scope="module")
def html(study: Study, robustness: Robustness, language: Language) -> str:
    return write(study, language, robustness)


@pytest.fixture(scope="module")
def page(html: str) -> Element:
    return read_page(html)


@pytest.fixture(scope="module")
def law(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """Return a study of two editions of a law: articles, no preamble, nobody addressed."""
    from resanalysis.corpus import create_corpus

    folder = tmp_path_factory.mktemp("law")
    articles = ["为了保护水资源，制定本法。", "国家鼓励节约用水。", "本法自公布之日起施行。"]
    added = [*articles[:2], "国家保护生物多样性。", articles[2]]
    paths = [folder / "old.txt", folder / "new.txt"]
    for path, said in zip(paths, (articles, added), strict=True):
        lines = [f"第{n}条 {words}" for n, words in zip("一二三四", said, strict=False)]
        path.write_text("\n".join(["水法", *lines, ""]), "utf-8")
    corpus = create_corpus(folder / "law", (paths[0], paths[1]), old="2010-a", new="2020-b")
    return run_study(corpus, draws=0)


# --- the page as a whole ------------------------------------------------------------------------


def test_page_gives_no_id_twice(page: Element) -> None:
    ids = Counter(element.get("id") for element in page.iter() if element.get("id"))
    assert [name for name, count in ids.items() if count > 1] == []


def test_every_link_leads_to_a_place_in_the_page(page: Element) -> None:
    ids = {element.get("id") for element in page.iter()}
    targets = links_in(page)
    assert len(targets) > 100
    assert [target for target in targets if target[:1] != "#" or target[1:] not in ids] == []


def test_every_name_that_another_element_uses_is_there(page: Element) -> None:
    ids = {element.get("id") for element in page.iter()}
    named = {
        element.get(key)
        for element in page.iter()
        for key in ("aria-labelledby", "for")
        if element.get(key)
    }
    assert named
    assert named <= ids


def test_page_loads_nothing_and_forbids_loading(html: str) -> None:
    assert re.findall(r"<(?:iframe|object|embed)|@import|url\(|https?://(?!\S*</)", html) == []
    assert re.findall(r'src="(?!data:image/png;base64,)', html) == []
    assert re.findall(r"<link[^>]*>", html) == ['<link rel="icon" href="data:,">']
    assert "default-src 'none'" in html


def test_policy_of_the_page_allows_its_own_script_and_style_by_their_hashes(html: str) -> None:
    import base64
    import hashlib

    for element in ("style", "script"):
        (inside,) = re.findall(rf"<{element}>(.*?)</{element}>", html, flags=re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()
        assert f"{element}-src 'sha256-{digest}'" in html


def test_same_study_gives_the_same_page(
    study: Study, robustness: Robustness, language: Language, html: str
) -> None:
    assert write(study, language, robustness) == html


def test_page_says_its_language_and_where_it_is_chinese(page: Element, language: Language) -> None:
    assert page.get("lang") == {"zh": "zh-Hans", "en": "en"}[language]
    cells = [cell for cell in page.iter("td") if "--" in cell.get("id", "")]
    wanted = {"zh": None, "en": "zh-Hans"}[language]
    assert len(cells) > 10
    assert {cell.get("lang") for cell in cells} == {wanted}
    assert {row.find("th").get("lang") for row in by_class(page, "heading")} == {wanted}  # type: ignore[union-attr]


def test_english_page_has_chinese_only_where_it_says_so(study: Study) -> None:
    page = read_page(write(study, "en"))

    def unmarked(element: Element) -> Iterator[str]:
        if element.get("lang", "en") == "en" and element.tag not in ("script", "style", "pre"):
            yield element.text or ""
            for child in element:
                yield from unmarked(child)
                yield child.tail or ""

    assert [words for words in unmarked(page) if re.search(r"[\u4e00-\u9fff]", words)] == []


def test_headings_step_down_one_level_at_a_time(page: Element) -> None:
    levels = [int(e.tag[1]) for e in page.iter() if re.fullmatch(r"h[1-6]", e.tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))


def test_tables_have_headers_with_scope(page: Element) -> None:
    headers = list(page.iter("th"))
    assert len(headers) > 30
    assert {header.get("scope") for header in headers} == {"col", "row", "rowgroup"}


# --- numbers ------------------------------------------------------------------------------------


def test_counts_are_those_of_the_shift_table(page: Element, study: Study) -> None:
    rows = list(topic_rows(page))
    assert len(rows) == len(study.codebook.topics)
    for row, (_, expected) in zip(rows, total(study).iterrows(), strict=True):
        assert [text(cell) for cell in row[1:3]] == [str(expected["n_old"]), str(expected["n_new"])]
        assert int(text(row[3])) == expected["n_new"] - expected["n_old"]
        rates = [f"{expected[name]:.1f}" for name in ("rate_old", "rate_new")]
        assert text(row[4]).split(" → ") == rates


def test_every_number_of_the_topic_table_leads_to_its_topic(page: Element, study: Study) -> None:
    for row, topic in zip(topic_rows(page), study.codebook.topics, strict=True):
        links = [links_in(cell) for cell in row[1:7]]
        own = f"#topic={topic.id}"
        assert links == [[f"{own}&in=old"], [f"{own}&in=new"], [own], [own], [own], [own]]


def test_each_count_is_the_number_of_rows_that_fit_its_filter(page: Element) -> None:
    rows = compared_rows(page)
    for cells in topic_rows(page):
        for cell in cells[1:3]:
            asked = {name: value[0] for name, value in parse_qs(links_in(cell)[0][1:]).items()}
            assert sum(fit(row, asked) for row in rows) == int(text(cell))


def test_each_count_is_the_number_of_clauses_listed_for_it(page: Element) -> None:
    for cells in topic_rows(page):
        for cell in cells[1:3]:
            assert len(links_in(by_id(page, links_in(cell)[0][1:]))) == int(text(cell))


def test_key_numbers_are_those_of_the_tables(page: Element, study: Study) -> None:
    (key,) = by_class(page, "key")
    counts = total(study)
    changes = study.pairs.loc[study.pairs["relation"].eq("1:1"), "change"].value_counts()
    assert [text(number) for number in key.iter("dd")] == [
        f"{counts['base_old'].iloc[0]} → {counts['base_new'].iloc[0]}",
        f"{counts['n_old'].sum()} → {counts['n_new'].sum()}",
        *(str(changes.get(change, 0)) for change in ("ADD", "SUP", "MOD", "NOC")),
    ]


def test_numbers_of_changes_are_the_rows_of_that_change(page: Element) -> None:
    (key,) = by_class(page, "key")
    for number in [e for e in key.iter("dd") if e.find("a") is not None]:
        change = links_in(number)[0].removeprefix("#change=")
        fitting = [row for row in compared_rows(page) if fit(row, {"change": change})]
        assert len(fitting) == int(text(number))
        assert by_id(fitting[0], f"change={change}") is not None


def test_difference_that_rounds_to_zero_has_no_minus(study: Study) -> None:
    near = replace(study, shift=study.shift.assign(difference=-0.04))
    page = read_page(write(near, "en"))
    assert {text(row[6]).split()[0] for row in topic_rows(page)} == {"+0.0"}


# --- findings and verdicts ----------------------------------------------------------------------


def test_findings_stand_with_the_topics_that_changed_most_first(
    page: Element, study: Study
) -> None:
    counts = total(study)
    change = (counts["n_new"] - counts["n_old"]).to_dict()
    (findings,) = by_class(page, "findings")
    order = [target.removeprefix("#topic=") for target in links_in(findings)]
    found = [change[topic] for topic in order]
    grew = sum(number > 0 for number in found)
    fell = sum(number < 0 for number in found)
    assert sorted(order) == sorted(counts.index[counts["n_old"].add(counts["n_new"]).gt(0)])
    assert found[:grew] == sorted(found[:grew], reverse=True)
    assert found[grew : grew + fell] == sorted(found[grew : grew + fell])
    assert not any(found[grew + fell :])


def test_each_finding_is_its_sentence_with_its_verdict(
    page: Element, study: Study, robustness: Robustness, language: Language
) -> None:
    expected = list_findings(study, robustness, language=language)
    (section,) = by_class(page, "findings")
    items = list(section.iter("li"))
    assert len(items) == len(expected) > 0
    for item in items:
        finding = expected[links_in(item)[0].removeprefix("#topic=")]
        assert text(item).startswith(finding.sentence)
        assert text(item).endswith(finding.verdict)
        assert finding.verdict


def test_verdict_of_a_finding_is_that_of_the_table(study: Study, robustness: Robustness) -> None:
    for topic, finding in list_findings(study, robustness, language="en").items():
        rows = robustness.verdicts[robustness.verdicts["topic"].eq(topic)]
        assert finding.verdict == describe_verdict(rows, language="en").strip()
        by_measure = rows.set_index("measure")["verdict"].to_dict()
        assert finding.standing == {name: by_measure[name] for name in ("count", "share")}


def test_verdicts_are_counted_in_short(page: Element, robustness: Robustness, study: Study) -> None:
    shown = list(list_findings(study, None, language="en"))
    (section,) = (e for e in page.iter("section") if e.get("aria-labelledby") == "in-short")
    verdicts = robustness.verdicts
    for measure in ("count", "share"):
        chosen = verdicts["measure"].eq(measure) & verdicts["topic"].isin(shown)
        for number in verdicts.loc[chosen, "verdict"].value_counts():
            assert re.search(rf"\D{number}\D", text(section))


def test_page_without_robustness_has_no_verdict_and_says_so(study: Study) -> None:
    for language, said in (("zh", "未检验结论"), ("en", "was not asked for this page")):
        page = read_page(write(study, language))
        assert by_class(page, "badge") == []
        assert said in text(page)
        assert all(len(row) == 7 for row in topic_rows(page))


# --- 修订对照表 -----------------------------------------------------------------------------------


def test_comparison_has_a_row_for_every_pair_in_their_order(page: Element, study: Study) -> None:
    pairs = study.pairs[study.pairs["relation"].eq("1:1")]
    found = [
        [cell.get("id", "").partition("--")[2] for cell in row.findall("td")[1:3]]
        for row in compared_rows(page)
    ]
    assert found == pairs[["old_id", "new_id"]].to_numpy().tolist()
    assert [row.get("data-change") for row in compared_rows(page)] == pairs["change"].tolist()


@pytest.mark.parametrize(("version", "element"), [("old", "del"), ("new", "ins")])
def test_comparison_shows_every_clause_with_its_own_changes(
    html: str, study: Study, version: VersionName, element: str
) -> None:
    page = read_page(html)  # its own, because notes are taken out
    places = {e.get("id"): e for e in page.iter("td") if e.get("id")}
    own = study.segments["op"].eq("delete" if version == "old" else "insert")
    changed = set()
    position = 0
    for segment, is_own in zip(study.segments.to_dict("records"), own, strict=True):
        if segment["op"] == "equal" or is_own:
            changed |= {position + k for k in range(len(segment["text"])) if is_own}
            position += len(segment["text"])
    clauses = study.clauses[study.clauses["version"].eq(version)]
    for clause in clauses[clauses["kind"].isin(["lead_in", "clause", "item"])].to_dict("records"):
        cell = places[f"{version}--{clause['clause_id']}"]
        for note in cell.findall("div"):
            cell.remove(note)
        assert text(cell) == f"{clause['marker']} {clause['text']}".strip()
        if clause["masked"] == "[]":
            span = range(clause["start"], clause["end"])
            expected = "".join(clause["text"][i - clause["start"]] for i in span if i in changed)
            assert "".join(text(e) for e in cell.iter(element)) == expected


def test_marks_of_a_topic_are_exactly_its_matched_characters(page: Element, study: Study) -> None:
    clauses = study.clauses.set_index(["version", "clause_id"])["text"]
    (table,) = by_class(page, "pairs")
    tags = paired_tags(study)
    assert len(tags) > 10
    for topic in study.codebook.topics:
        places = {
            (tag["version"], tag["clause_id"], place)
            for tag in tags[tags["topic"].eq(topic.id)].to_dict("records")
            for place in range(tag["start"], tag["end"])
        }
        shown = Counter(
            "".join(
                text(mark)
                for mark in table.iter("mark")
                if topic.id in mark.get("data-topics", "").split()
            )
        )
        assert shown == Counter(clauses[version, name][at] for version, name, at in places)


def test_footnote_stands_under_its_clause_without_marks(html: str, study: Study) -> None:
    page = read_page(html)
    (note,) = study.clauses[study.clauses["kind"].eq("footnote")].to_dict("records")
    (cell,) = (td for td in page.iter("td") if td.find("div[@class='note']") is not None)
    assert cell.get("id") == f"{note['version']}--{note['parent_id']}"
    shown = cell.find("div")
    assert shown is not None
    assert note["text"] in text(shown)
    assert list(shown.iter("mark")) == []


@pytest.mark.parametrize(("version", "element"), [("old", "ins"), ("new", "del")])
def test_topics_lost_and_gained_by_a_kept_clause_are_marked(
    study: Study, version: VersionName, element: str
) -> None:
    kept = study.pairs[study.pairs["change"].eq("NOC")]
    tags = study.tags[study.tags["version"].eq(version)]
    name = next(name for name in kept[f"{version}_id"] if name in set(tags["clause_id"]))
    gone = study.tags["version"].eq(version) & study.tags["clause_id"].eq(name)
    page = read_page(write(replace(study, tags=study.tags[~gone]), "zh"))
    own = f"{version}--{name}"
    (row,) = (r for r in compared_rows(page) if any(td.get("id") == own for td in r.iter("td")))
    (cell,) = by_class(row, "topics")
    labels = {study.codebook.topic(topic).label["zh"] for topic in study.tags.loc[gone, "topic"]}
    assert {text(e) for e in cell.iter(element)} == labels


def test_filters_offer_each_value_that_occurs_once(page: Element, study: Study) -> None:
    clauses = study.clauses[study.clauses["kind"].isin(["lead_in", "clause", "item"])]
    offered = {
        str(select.get("name")): [str(o.get("value")) for o in select.iter("option")][1:]
        for select in page.iter("select")
    }
    assert offered["topic"] == [topic.id for topic in study.codebook.topics]
    assert set(offered["to"]) == set(clauses["addressee"]) - {""}
    assert set(offered["part"]) == {"preambular", "operative"}
    assert offered["change"] == ["NOC", "MOD", "ADD", "SUP"]
    assert all(len(values) == len(set(values)) for values in offered.values())


def test_filters_wait_for_the_script_and_nothing_else_does(page: Element) -> None:
    hidden = [element for element in page.iter() if element.get("hidden") is not None]
    assert [element.get("id") for element in hidden] == ["filters"]


def test_rows_with_uncertain_characters_are_known_as_such(page: Element) -> None:
    rows = compared_rows(page)
    for row in rows:
        unsure = bool(by_class(row, "uncertain"))
        assert row.get("data-sure") == ("no" if unsure else "yes")
    assert {row.get("data-sure") for row in rows} == {"yes", "no"}


# --- evidence, certainty, provenance ------------------------------------------------------------


def test_topic_names_the_hits_of_its_terms_in_counted_clauses(page: Element, study: Study) -> None:
    tags = paired_tags(study)
    for topic in study.codebook.topics:
        hits = by_id(page, f"topic={topic.id}").findall("p")[1]
        own = tags[tags["topic"].eq(topic.id)]
        distinct = own.drop_duplicates(["version", "clause_id", "start", "end", "term"])
        numbers = [int(part.split()[-1]) for part in text(hits).split("、") if part[-1].isdigit()]
        assert sum(numbers) == len(distinct)


def test_clauses_without_topic_are_counted_and_linked(page: Element, study: Study) -> None:
    tagged = set(zip(study.tags["version"], study.tags["clause_id"], strict=True))
    (section,) = (e for e in page.iter("section") if e.get("aria-labelledby") == "untagged")
    for version, item in zip(("old", "new"), section.iter("li"), strict=True):
        names = [name for name in study.pairs[f"{version}_id"] if name]
        bare = [name for name in names if (version, name) not in tagged]
        assert links_in(item) == [f"#{version}--{name}" for name in bare]
        assert {str(len(bare)), str(len(names))} <= set(re.findall(r"\d+", text(item)))


def test_certainty_adds_up_to_the_characters_of_the_source(page: Element, study: Study) -> None:
    (table,) = by_class(page, "certainty")
    rows = [list(row)[1:] for row in table.findall("tbody/tr")]
    assert len(rows) == study.segments["certainty"].nunique()
    assert study.corpus.source is not None
    assert sum(int(text(cell)) for row in rows for cell in row) == len(study.corpus.source.text)


def test_page_says_that_the_versions_are_recovered_and_what_that_means(study: Study) -> None:
    places = study.alternatives["group"].nunique()
    assert places > 1
    zh, en = (text(read_page(write(study, language))) for language in LANGUAGES)
    assert "未参照官方文本" in zh
    assert f"有{places}处另有可能的读法。" in zh
    assert "不留痕迹" in zh
    assert "official texts were not consulted" in en
    assert f"{places} places have another plausible reading." in en
    assert "leaves no trace" in en


def test_of_versions_read_exactly_the_page_tells_no_doubt(study: Study) -> None:
    exact = replace(
        study,
        corpus=replace(study.corpus, form="word"),
        segments=study.segments.assign(certainty="proven", confidence=1.0, group=""),
        alternatives=study.alternatives.iloc[:0],
    )
    page = read_page(write(exact, "en"))
    assert "trace" not in text(page)
    assert "plausible reading" not in text(page)
    assert [s.get("name") for s in page.iter("select") if s.get("name") == "sure"] == []
    (table,) = by_class(page, "pairs")
    assert by_class(table, "uncertain") == []


def test_citation_is_that_of_the_project() -> None:
    known = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    assert known["title"] == provenance.TITLE
    assert known["authors"][0]["name"] == provenance.AUTHORS
    assert str(known["date-released"])[:4] == provenance.YEAR


def test_citation_names_version_codebook_and_text(study: Study, language: Language) -> None:
    plain = provenance.cite_plain(study, language)
    book = study.codebook
    for part in (study.provenance["resanalysis"], book.id, book.version, book.sha256[:12]):
        assert part in plain
    assert study.corpus.title[language] in plain


def test_bibtex_stays_whole_with_any_title(study: Study) -> None:
    odd = {"zh": "甲", "en": "R&D {50 %} _x_ #1 \\input{a}"}
    entry = provenance.cite_bibtex(replace(study, corpus=replace(study.corpus, title=odd)))
    bare = re.sub(r"\\[&%$#_{}]", "", entry)
    assert bare.count("{") == bare.count("}")
    assert not re.search(r"[&%$#_\\]", bare)


def test_record_of_the_run_is_in_the_page(page: Element, study: Study) -> None:
    (record,) = by_class(page, "record")
    (shown,) = record.iter("pre")
    assert json.loads(text(shown)) == study.provenance


# --- figures ------------------------------------------------------------------------------------


def test_figure_is_embedded_with_alternative_text_and_whole_caption(
    page: Element, language: Language
) -> None:
    (figure,) = page.iter("figure")
    (image,) = figure.iter("img")
    assert str(image.get("src")).startswith("data:image/png;base64,")
    assert CAPTIONS[language][:6] in str(image.get("alt"))
    assert (image.get("width"), image.get("height")) == ("30", "20")
    shown = text(figure)
    for sentence in re.findall(r"[^。.]+[。.]", CAPTIONS[language]):
        assert sentence.strip() in shown


def test_page_without_figures_has_no_place_for_them(study: Study) -> None:
    html = make_page(study, findings={})
    assert "#figures" not in html
    assert "<figure" not in html


def test_figures_are_made_light_and_look_the_same(tmp_path: Path) -> None:
    image = Image.linear_gradient("L").convert("RGBA").resize((900, 900))
    image.save(tmp_path / "a.png")
    heavy = (tmp_path / "a.png").read_bytes()
    light = lighten_png(heavy)
    with Image.open(io.BytesIO(light)) as found:
        assert found.size == (900, 900)
        pairs = zip(found.convert("L").tobytes(), image.convert("L").tobytes(), strict=True)
        assert max(abs(a - b) for a, b in pairs) <= 3
    assert light == lighten_png(heavy)
    assert len(light) < len(heavy)


# --- odd studies --------------------------------------------------------------------------------


ODD = "<script>alert('甲')</script>&amp;\"$x"


def test_markup_in_title_and_rights_stays_text(study: Study, language: Language) -> None:
    odd: dict[Language, str] = {"zh": ODD, "en": ODD}
    corpus = replace(study.corpus, title=odd, rights=odd, body=odd)
    page = read_page(write(replace(study, corpus=corpus), language))
    assert len(list(page.iter("script"))) == 1
    assert text(page).count(ODD) >= 6


def test_markup_in_the_clauses_stays_text(study: Study, language: Language) -> None:
    def spoil(words: str) -> str:
        return words.replace("河湖", "<b")

    spoilt = replace(
        study,
        clauses=study.clauses.assign(
            text=study.clauses["text"].map(spoil), heading='<i>"', marker='"><'
        ),
        old_text=spoil(study.old_text),
        new_text=spoil(study.new_text),
    )
    page = read_page(write(spoilt, language))
    assert len([td for td in page.iter("td") if "<b" in text(td)]) > 4
    assert {text(row) for row in by_class(page, "heading")} == {'<i>"'}


def test_markup_in_findings_captions_and_codebook_stays_text(study: Study) -> None:
    counts = total(study)["n_new"]
    name = str(counts[counts.gt(0)].index[0])
    said: dict[Language, str] = {"zh": ODD, "en": ODD}
    topics = tuple(
        replace(topic, label=said, definition=said) if topic.id == name else topic
        for topic in study.codebook.topics
    )
    book = replace(study.codebook, topics=topics)
    findings = {name: Finding(f"{ODD}: more.", ODD, {"share": "robust"})}
    page = read_page(
        make_page(
            replace(study, codebook=book),
            findings=findings,
            figures=[PlacedFigure(ODD, make_png(), ODD)],
        )
    )
    assert len(list(page.iter("script"))) == 1
    assert text(page).count(ODD) > 8


def test_page_without_any_tag_is_written(study: Study, language: Language) -> None:
    nan = float("nan")
    zero = study.shift.assign(n_old=0, n_new=0, difference_low=nan, difference_high=nan)
    bare = replace(study, tags=make_table("tags", []), shift=zero)
    page = read_page(write(bare, language))
    (table,) = by_class(page, "pairs")
    assert list(table.iter("mark")) == []
    assert {text(row[6]).split()[-2:][0] for row in topic_rows(page)} == {"[—,"}


def test_law_without_preamble_has_no_filter_of_parts_or_addressees(
    law: Study, language: Language
) -> None:
    page = read_page(write(law, language))
    offered = {str(select.get("name")) for select in page.iter("select")}
    assert offered == {"topic", "in", "change"}
    pairs = law.pairs[law.pairs["relation"].eq("1:1")]
    assert len(compared_rows(page)) == len(pairs) > 2


# --- with figures and verdicts ------------------------------------------------------------------


def drawn(folder: Path) -> DrawnFigure:
    for language in LANGUAGES:
        (folder / f"a-{language}.png").write_bytes(make_png())
    return DrawnFigure(
        "a", {language: folder / f"a-{language}" for language in LANGUAGES}, CAPTIONS
    )


def test_report_is_drawn_in_its_language(study: Study, tmp_path: Path, language: Language) -> None:
    page = read_page(make_report(study, language=language, figures=[drawn(tmp_path)]))
    (figure,) = page.iter("figure")
    assert CAPTIONS[language][:6] in text(figure)


def test_report_draws_its_figures_when_none_are_given(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    folders, asked = [], []

    def draw(_: Study, folder: Path, **options: Any) -> list[DrawnFigure]:
        asked.append((options["languages"], options["names"]))
        folders.append(folder)
        folder.mkdir()
        return [drawn(folder)]

    monkeypatch.setattr(results.reporting, "draw_figures", draw)
    assert make_report(study).count("<figure ") == 1
    assert [folder.exists() for folder in folders] == [False]
    assert asked == [(["zh"], [name for name in FIGURES if name != "redline"])]


def test_report_with_verdicts_of_other_units_is_refused(
    study: Study, robustness: Robustness
) -> None:
    with pytest.raises(InputError, match="counted by token"):
        make_report(study, robustness=replace(robustness, unit="token"), figures=[])


def test_report_in_another_language_is_refused(study: Study) -> None:
    with pytest.raises(ValueError, match="zh, en"):
        make_report(study, language="fr", figures=[])  # type: ignore[arg-type]


# --- from the shell -----------------------------------------------------------------------------


@pytest.fixture
def no_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out what takes ten seconds; the figures have tests of their own."""
    monkeypatch.setattr(results.reporting, "draw_figures", lambda *_, **__: [])


Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Return a function that runs a command: its status, standard output, standard error."""

    def call(*arguments: object) -> tuple[int, str, str]:
        capsys.readouterr()
        status = shell.main([str(argument) for argument in arguments])
        return status, *capsys.readouterr()

    return call


@pytest.mark.usefixtures("no_figures")
def test_report_is_one_file_and_silent(
    run: Run, small_corpus: Path, tmp_path: Path, language: Language
) -> None:
    out = tmp_path / "r.html"
    asked = ("--language", language, "--quick")
    assert run("report", small_corpus, "--out", out, *asked) == (0, "", "")
    page = read_page(out.read_text("utf-8"))
    assert page.get("lang", "").startswith(language)
    assert by_class(page, "badge") == []
    assert list(tmp_path.iterdir()) == [out]


@pytest.mark.usefixtures("no_figures")
def test_report_has_verdicts_unless_told_to_be_quick(
    run: Run, small_corpus: Path, tmp_path: Path
) -> None:
    out = tmp_path / "r.html"
    assert run("report", small_corpus, "--out", out, "--readings", 5) == (0, "", "")
    assert len(by_class(read_page(out.read_text("utf-8")), "badge")) > 10


@pytest.mark.usefixtures("no_figures")
def test_report_counts_by_the_codebook_and_the_reading_that_are_asked(
    run: Run, small_corpus: Path, tmp_path: Path
) -> None:
    out, book = tmp_path / "r.html", ROOT / "resanalysis" / "data" / "codebook.toml"
    mine = tmp_path / "mine.toml"
    mine.write_text(
        re.sub(r'(?m)^id = "general[^"]*"', 'id = "mine"', book.read_text("utf-8"), count=1),
        "utf-8",
    )
    asked = ("--codebook", mine, "--reading", "strict", "--quick")
    assert run("report", small_corpus, "--out", out, *asked)[0] == 0
    (facts,) = by_class(read_page(out.read_text("utf-8")), "facts")
    assert "mine" in text(facts)
    assert "仅核心词条" in text(facts)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("", "is a folder, not a file"),
        ("none/r.html", "there is no such folder"),
        ("file/r.html", "there is no such folder"),
    ],
)
def test_report_that_cannot_be_written_is_refused_before_the_work(
    run: Run,
    small_corpus: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    said: str,
) -> None:
    monkeypatch.setattr(study_module, "run_study", lambda *_, **__: pytest.fail("it worked"))
    (tmp_path / "file").write_text("mine", "utf-8")
    status, out, err = run("report", small_corpus, "--out", tmp_path / name)
    assert (status, out) == (1, "")
    assert said in err
    assert "Traceback" not in err
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_report_into_a_folder_without_rights_is_refused(
    run: Run, small_corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.access", lambda *_: False)
    status, _, err = run("report", small_corpus, "--out", tmp_path / "r.html")
    assert status == 1
    assert f"{tmp_path}: cannot be written to" in err


@pytest.mark.parametrize(
    "wrong",
    [("--quick", "--readings", "5"), ("--readings", "0"), ("--language", "fr"), ()],
)
def test_wrong_use_of_report_leaves_with_two(
    run: Run, small_corpus: Path, tmp_path: Path, wrong: tuple[str, ...]
) -> None:
    named = ("--out", tmp_path / "r.html") if wrong else ()
    with pytest.raises(SystemExit) as left:
        run("report", small_corpus, *named, *wrong)
    assert left.value.code == 2


@pytest.mark.usefixtures("no_figures")
def test_failed_report_leaves_the_one_before_untouched(
    run: Run, small_corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "r.html"
    out.write_text("before", "utf-8")

    def fail(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", fail)
    status, _, err = run("report", small_corpus, "--out", out, "--quick")
    assert status == 1
    assert "No space left on device" in err
    assert out.read_text("utf-8") == "before"
    assert list(tmp_path.iterdir()) == [out]
