"""The 对照表: its rows, and the Word, HTML and CSV files made of them."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pandas as pd
import pytest
from libreoffice import versions_in_libreoffice

from resanalysis.export import compare_clauses, write_comparison
from resanalysis.export.pairs import CHANGES, FLAGS, compare_pairs, mark_topics
from resanalysis.study import run_study

if TYPE_CHECKING:
    from pathlib import Path

    from resanalysis.model import Study

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
OWN = {"old": "delete", "new": "insert"}
LANGUAGES = ("zh", "en")


@pytest.fixture(scope="module")
def study(small_corpus) -> Study:
    return run_study(small_corpus, draws=50)


@pytest.fixture(scope="module")
def folder(study, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("comparison")
    write_comparison(study, folder)
    return folder


# --- rows ---------------------------------------------------------------------------------------


def sides(study: Study):
    """Give version and clause of every side of every pair, footnotes too."""
    for pair in compare_pairs(study):
        for version, side in (("old", pair.old), ("new", pair.new)):
            if side:
                yield version, side
                yield from ((version, note) for note in side.notes)


def characters(study: Study, version: str) -> list:
    """Return the segment of every character of a version."""
    return [
        segment
        for segment in study.segments.itertuples()
        if segment.op in ("equal", OWN[version])
        for _ in segment.text
    ]


def test_runs_join_to_the_text_of_their_clause(study):
    clauses = study.clauses.set_index(["version", "clause_id"])["text"]
    shown = [(version, side.clause_id, side.text) for version, side in sides(study)]
    assert len(shown) > 40
    assert [clauses[version, name] for version, name, _ in shown] == [text for *_, text in shown]


@pytest.mark.parametrize("version", ["old", "new"])
def test_changed_and_uncertain_characters_are_those_of_the_segments(study, version):
    source = characters(study, version)
    clauses = study.clauses.set_index(["version", "clause_id"])
    seen = set()
    for which, side in sides(study):
        row = clauses.loc[(which, side.clause_id)]
        if which != version or row["masked"] != "[]":
            continue
        segments = source[row["start"] : row["end"]]
        states = [(run.is_changed, run.is_uncertain) for run in side.runs for _ in run.text]
        assert [changed for changed, _ in states] == [s.op != "equal" for s in segments]
        for (_, uncertain), segment in zip(states, segments, strict=True):
            if uncertain:
                assert segment.confidence < 1
                assert segment.certainty != "proven"
            elif segment.op != "equal" or segment.group:
                assert segment.certainty == "proven" or segment.confidence == 1
        seen |= set(states)
    assert len(seen) >= 3


def test_exact_redline_has_no_uncertain_character(study):
    exact = study.segments.assign(certainty="proven", confidence=1.0)
    found = list(sides(replace(study, segments=exact)))
    assert not [run for _, side in found for run in side.runs if run.is_uncertain]


def test_footnote_is_a_note_of_its_clause(study):
    (expected,) = study.clauses[study.clauses["kind"].eq("footnote")].itertuples()
    (parent,) = [
        side
        for pair in compare_pairs(study)
        for side in (pair.old, pair.new)
        if side and side.notes
    ]
    assert parent.clause_id == expected.parent_id
    assert [note.text for note in parent.notes] == [expected.text]


def test_flags_are_those_of_the_pairs(study):
    pairs = study.pairs[study.pairs["relation"].eq("1:1")]
    for compared, row in zip(compare_pairs(study), pairs.to_dict("records"), strict=True):
        assert compared.flags == tuple(flag for flag in FLAGS if row[flag])


def test_topics_of_a_pair_come_once_in_the_order_of_the_codebook(study):
    order = [topic.id for topic in study.codebook.topics]
    for pair in compare_pairs(study):
        named = [topic.id for topic, _ in mark_topics(pair, study.codebook)]
        expected = {topic for side in (pair.old, pair.new) if side for topic in side.topics}
        assert named == sorted(expected, key=order.index)


# --- Word ---------------------------------------------------------------------------------------


def document(data: bytes) -> ElementTree.Element:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return ElementTree.fromstring(archive.read("word/document.xml"))  # noqa: S314 - our own


def word_rows(root: ElementTree.Element) -> list[list[ElementTree.Element]]:
    """Return the cells of each row that stands for a pair."""
    rows = [list(row.iter(f"{W}tc")) for row in root.iter(f"{W}tr")]
    return [row for row in rows[1:] if len(row) == 4]


def word_text(element: ElementTree.Element, style: str = "") -> str:
    """Return the text of an element, or of its runs whose style begins so."""
    parts = []
    for run in element.iter(f"{W}r"):
        named = run.find(f"{W}rPr/{W}rStyle")
        if (named is not None and named.get(f"{W}val", "").startswith(style)) or not style:
            parts += [part.text or "" for part in run.iter(f"{W}t")]
    return "".join(parts)


def clause_line(side) -> str:
    text = f"{side.marker} {side.text}".strip() if side else "—"
    return text + "".join(clause_line(note) for note in side.notes) if side else text


def changed_text(side) -> str:
    if side is None:
        return ""
    own = "".join(run.text for run in side.runs if run.is_changed)
    return own + "".join(changed_text(note) for note in side.notes)


@pytest.mark.parametrize("language", LANGUAGES)
def test_word_table_has_a_row_for_every_pair_with_both_texts(study, folder, language):
    rows = word_rows(document((folder / f"comparison-{language}.docx").read_bytes()))
    for cells, pair in zip(rows, compare_pairs(study), strict=True):
        assert word_text(cells[0]).startswith(f"{pair.change} {CHANGES[pair.change][language]}")
        assert [word_text(cell) for cell in cells[1:3]] == [
            clause_line(pair.old),
            clause_line(pair.new),
        ]


def test_word_table_marks_the_changed_characters_and_no_others(study, folder):
    rows = word_rows(document((folder / "comparison-zh.docx").read_bytes()))
    for (_, old, new, _), pair in zip(rows, compare_pairs(study), strict=True):
        assert word_text(old, "Deleted") == changed_text(pair.old)
        assert word_text(new, "Inserted") == changed_text(pair.new)
        assert word_text(old, "Inserted") == word_text(new, "Deleted") == ""


def test_word_styles_differ_by_more_than_colour(folder):
    with zipfile.ZipFile(folder / "comparison-zh.docx") as archive:
        root = ElementTree.fromstring(archive.read("word/styles.xml"))  # noqa: S314 - our own
    styles = {style.get(f"{W}styleId"): style for style in root.iter(f"{W}style")}

    def look(name: str) -> tuple[bool, str | None]:
        line = styles[name].find(f"{W}rPr/{W}u")
        struck = styles[name].find(f"{W}rPr/{W}strike") is not None
        return struck, None if line is None else line.get(f"{W}val")

    names = ("Deleted", "DeletedUncertain", "Inserted", "InsertedUncertain", "Uncertain")
    assert [look(name) for name in names] == [
        (True, None),
        (True, "dottedHeavy"),
        (False, "single"),
        (False, "dottedHeavy"),
        (False, "dottedHeavy"),
    ]


def test_every_style_that_the_word_file_uses_is_in_it(folder):
    with zipfile.ZipFile(folder / "comparison-en.docx") as archive:
        root = ElementTree.fromstring(archive.read("word/styles.xml"))  # noqa: S314 - our own
        footer = archive.read("word/footer.xml").decode()
    defined = {style.get(f"{W}styleId") for style in root.iter(f"{W}style")}
    page = document((folder / "comparison-en.docx").read_bytes())
    used = {e.get(f"{W}val") for tag in ("pStyle", "rStyle") for e in page.iter(f"{W}{tag}")}
    used |= set(re.findall(r'Style w:val="(\w+)"', footer))
    assert len(used) > 8
    assert used <= defined


def test_word_table_repeats_its_header_on_landscape_pages(study, folder):
    root = document((folder / "comparison-zh.docx").read_bytes())
    first, *others = root.iter(f"{W}tr")
    assert first.find(f"{W}trPr/{W}tblHeader") is not None
    assert [row for row in others if row.find(f"{W}trPr/{W}tblHeader") is not None] == []
    assert study.corpus.old.label("zh") in word_text(first)
    (size,) = root.iter(f"{W}pgSz")
    assert size.get(f"{W}orient") == "landscape"
    assert int(size.get(f"{W}w")) > int(size.get(f"{W}h"))


def test_libreoffice_shows_the_text_of_every_cell(study, folder):
    files = [(folder / f"comparison-{language}.docx").read_bytes() for language in LANGUAGES]
    for shown in versions_in_libreoffice(files):
        assert shown["old"] == shown["new"]
        lines = set(shown["new"].splitlines())
        for version, side in sides(study):
            assert f"{side.marker} {side.text}".strip() in lines, version


# --- HTML and CSV ---------------------------------------------------------------------------------


class _Cells(HTMLParser):
    """Collects text, deleted, inserted and uncertain text of each cell that has a label."""

    def __init__(self) -> None:
        super().__init__()
        self.cells: list[dict[str, str]] = []
        self.open: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag in ("meta", "col", "br"):
            return
        given = dict(attributes)
        if "data-label" in given:
            self.cells.append({"text": "", "del": "", "ins": "", "uncertain": ""})
        self.open.append((tag, given.get("class") or ""))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        tags = [tag for tag, _ in self.open]
        if "td" in tags and ("td", "change") not in self.open and ("td", "topics") not in self.open:
            cell = self.cells[-1]
            cell["text"] += data
            for key in ("del", "ins"):
                cell[key] += data if key in tags else ""
            cell["uncertain"] += data if "uncertain" in [name for _, name in self.open] else ""


@pytest.mark.parametrize("language", LANGUAGES)
def test_page_shows_both_texts_of_every_pair_with_their_marks(study, folder, language):
    parser = _Cells()
    parser.feed((folder / f"comparison-{language}.html").read_text("utf-8"))
    assert parser.open == []
    pairs = compare_pairs(study)
    for k, pair in enumerate(pairs):
        old, new = parser.cells[2 * k : 2 * k + 2]
        assert [old["text"], new["text"]] == [clause_line(pair.old), clause_line(pair.new)]
        assert (old["del"], old["ins"]) == (changed_text(pair.old), "")
        assert (new["ins"], new["del"]) == (changed_text(pair.new), "")
        for cell, side in ((old, pair.old), (new, pair.new)):
            runs = [run for part in (side, *side.notes) for run in part.runs] if side else []
            assert cell["uncertain"] == "".join(run.text for run in runs if run.is_uncertain)
    assert len(parser.cells) == 2 * len(pairs)


@pytest.mark.parametrize("language", LANGUAGES)
def test_page_loads_nothing_and_names_its_language(folder, language):
    page = (folder / f"comparison-{language}.html").read_text("utf-8")
    assert re.findall(r"<(?:script|link|iframe|img|object)|@import|url\(|src=", page) == []
    assert f'<html lang="{"zh-Hans" if language == "zh" else "en"}">' in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_both_kinds_of_file_say_how_the_versions_are_known_and_whence(study, folder, language):
    page = (folder / f"comparison-{language}.html").read_text("utf-8")
    data = (folder / f"comparison-{language}.docx").read_bytes()
    root = document(data)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        footer = archive.read("word/footer.xml").decode()
    origin = study.corpus.describe_origin(language)[1:]
    assert origin in page
    assert origin in word_text(root)
    assert origin in footer
    for words in (study.corpus.source.name, study.corpus.source.sha256[:8]):
        assert words in page
        assert words in word_text(root)


@pytest.mark.parametrize(("form", "warned"), [("flattened", True), ("word", False)])
def test_only_a_flattened_source_warns_of_changes_without_trace(study, tmp_path, form, warned):
    write_comparison(replace(study, corpus=replace(study.corpus, form=form)), tmp_path)
    assert ("fluent insertion" in (tmp_path / "comparison-en.html").read_text("utf-8")) == warned
    assert ("不留痕迹" in (tmp_path / "comparison-zh.html").read_text("utf-8")) == warned


def test_csv_gives_the_table_with_its_changes_in_criticmarkup(study, folder):
    data = (folder / "comparison.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in data
    table = pd.read_csv(io.BytesIO(data), dtype=str, keep_default_na=False)
    plain = compare_clauses(study)
    pd.testing.assert_frame_equal(table[list(plain)], plain, check_dtype=False)
    for row, pair in zip(table.to_dict("records"), compare_pairs(study), strict=True):
        for version, marks, side in (
            ("old", r"\{--|--\}", pair.old),
            ("new", r"\{\+\+|\+\+\}", pair.new),
        ):
            marked = row[f"{version}_marked"]
            assert re.sub(marks, "", marked) == row[f"{version}_text"]
            inside = re.split(marks, marked)[1::2]
            runs = side.runs if side else ()
            assert "".join(inside) == "".join(run.text for run in runs if run.is_changed)
            assert (row[f"{version}_uncertain"] == "True") == any(r.is_uncertain for r in runs)
    assert set(table["old_uncertain"]) == {"True", "False"}


# --- all files ------------------------------------------------------------------------------------


def test_files_are_named_and_returned(study, tmp_path):
    paths = write_comparison(study, tmp_path / "a" / "b")
    assert sorted(paths) == sorted((tmp_path / "a" / "b").iterdir())
    assert {path.name for path in paths} == {
        "comparison.csv",
        *(
            f"comparison-{language}.{ending}"
            for language in ("zh", "en")
            for ending in ("docx", "html", "tex", "xlsx")
        ),
    }


def test_the_same_study_gives_the_same_bytes(study, folder, tmp_path):
    for path in write_comparison(study, tmp_path):
        assert path.read_bytes() == (folder / path.name).read_bytes()


def test_markup_and_control_characters_in_the_text_do_no_harm(study, tmp_path):
    def spoil(text: str) -> str:
        return text.replace("河湖", "<\f")

    clauses = study.clauses.assign(text=study.clauses["text"].map(spoil))
    odd = replace(
        study, clauses=clauses, old_text=spoil(study.old_text), new_text=spoil(study.new_text)
    )
    write_comparison(odd, tmp_path)
    assert "<\ufffd" in word_text(document((tmp_path / "comparison-zh.docx").read_bytes()))
    parser = _Cells()
    parser.feed((tmp_path / "comparison-zh.html").read_text("utf-8"))
    assert any("<\f" in cell["text"] for cell in parser.cells)
