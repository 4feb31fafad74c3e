"""Redlines written as Word files with tracked changes, and what LibreOffice makes of them."""

from __future__ import annotations

import io
import zipfile
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from libreoffice import resave_in_libreoffice, versions_in_libreoffice

from resanalysis.corpus import read_corpus
from resanalysis.model import InputError
from resanalysis.redline import Redline, Run, join_runs
from resanalysis.redline.word import read_word, read_word_text, write_word
from resanalysis.study import recover_corpus

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def redline_of(*parts: str) -> Redline:
    """Return a redline of parts that begin with `=`, `-` or `+`."""
    ops = {"=": "equal", "-": "delete", "+": "insert"}
    return join_runs([Run(part[1:], ops[part[0]]) for part in parts if part[1:]], rule="test")


def as_paragraphs(text: str) -> str:
    """Return a text as a Word file holds it: every line, the last one too, is a paragraph."""
    return text if text.endswith("\n") else text + "\n"


def assert_versions(redlines: list[Redline], **options: bool) -> None:
    files = [write_word(redline, **options) for redline in redlines]
    for redline, found in zip(redlines, versions_in_libreoffice(files), strict=True):
        expected = {version: as_paragraphs(redline.text(version)) for version in ("old", "new")}
        assert found == expected, redline.segments[["op", "text"]].to_dict("list")


def part(data: bytes, name: str) -> ElementTree.Element:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return ElementTree.fromstring(archive.read(name))  # noqa: S314 - our own file


def body(data: bytes) -> ElementTree.Element:
    found = part(data, "word/document.xml").find(f"{W}body")
    assert found is not None
    return found


CASES = {
    "first line deleted": ("-a\n", "=b\nc\n"),
    "first line inserted": ("+a\n", "=b\nc\n"),
    "middle line deleted": ("=a\n", "-b\n", "=c\n"),
    "middle line inserted": ("=a\n", "+b\n", "=c\n"),
    "last line deleted": ("=a\n", "-b\n"),
    "last line inserted": ("=a\n", "+b\n"),
    "two last lines deleted": ("=a\n", "-b\nc\n"),
    "last line replaced": ("=a\n", "-b\n", "+c\n"),
    "last lines of both versions mixed": ("=a\n", "-b\n", "+c\n", "-d\n", "+e\n"),
    "all deleted": ("-a\nb\n",),
    "all inserted": ("+a\nb\n",),
    "all replaced": ("-a\n", "+b\n"),
    "line joined to the next": ("=a", "-\n", "=b\n"),
    "line split": ("=a", "+\n", "=b\n"),
    "line joined at the end": ("=a", "-\n", "=b", "-\n", "+\n"),
    "deleted across a line break": ("=a", "-b\nc", "=d\n"),
    "inserted across a line break": ("=a", "+b\nc", "=d\n"),
    "insertion before an inserted line": ("=a", "+;", "=\n", "+b\n", "=c\n"),
    "insertions round a kept line break": ("=a", "+;", "=\n", "+b", "=c\n"),
    "the same beside a deletion": ("=a", "+;", "=\n", "+b", "-x\ny", "=c\n"),
    "the same after a deletion": ("=a", "-.", "+;", "=\n", "+b", "=c\n"),
    "the same after a deleted line": ("+a", "=\n", "-b\nc", "+d", "=\n", "+e", "=f\n"),
    "kept line break between inserted lines": ("+a\n", "=\n", "+b\n", "=c\n"),
    "kept line break after two inserted lines": ("=a\n", "+b\nc", "=\n", "+d", "=e\n"),
    "kept line break inside insertions": ("=a", "+;", "=\n", "+b\n", "+c", "=d\n"),
    "kept line breaks inside insertions": ("=a", "+b\nc", "=\n", "+d\ne", "=\n", "+f\ng", "=\n"),
    "no final line break": ("=a\n", "-b", "+c"),
    "final line break deleted": ("=a", "-\n"),
    "final line break inserted": ("=a", "+\n"),
    "only the old version lacks it": ("=a\n", "-b", "+c\n"),
    "empty lines": ("=\n\na\n", "-\n", "+\n\n", "=b\n\n"),
    "empty lines at the end": ("=a\n", "-\n\n", "+\n"),
    "empty text": (),
    "empty old version": ("+a",),
    "tabs": ("=a)\t", "-\tb\t", "+c\t\t", "=\n\t\n"),
    "spaces": ("=  a ", "- b  ", "+  ", "= \n \n"),
    "markup": ("=<w:p>&amp;\"'", "-</w:p>&", "+]]>", "=\n"),
    "private use and beyond the first plane": (
        "=\ue000a\uf8ff",
        "-\U00020000",
        "+\U0001f600",
        "=\n",
    ),
}


def test_rejecting_and_accepting_in_libreoffice_gives_the_two_versions():
    assert_versions([redline_of(*parts) for parts in CASES.values()])


def test_a_line_that_libreoffice_shows_is_the_line_of_the_redline():
    (found,) = versions_in_libreoffice([write_word(redline_of("=a\n", "-b\n", "+c", "=d\n"))])
    assert found == {"old": "a\nb\nd\n", "new": "a\ncd\n"}


TEXT = st.text(
    st.one_of(
        st.sampled_from("ab甲乙丙；，。\n\n\n\t （）“”"),
        # What LibreOffice uses inside its own text (U+FFF9 to U+FFFD) or takes for a line break
        # cannot be compared there.
        st.characters(
            exclude_categories=("Cs", "Cc", "Cn", "Zl", "Zp"),
            exclude_characters=[chr(code) for code in range(0xFFF9, 0xFFFE)],
        ),
    ),
    max_size=6,
)
RUNS = st.builds(
    Run, TEXT, st.sampled_from(["equal", "delete", "insert"]), st.sampled_from(["", "甲"])
)
REDLINES = st.lists(RUNS, max_size=9).map(lambda runs: join_runs(runs, rule="test"))


def test_any_redline_comes_back_from_libreoffice():
    redlines: list[Redline] = []

    @given(REDLINES)
    @settings(max_examples=200)
    def collect(redline: Redline) -> None:
        redlines.append(redline)

    collect()
    assert len(redlines) >= 200
    assert_versions(redlines)


@pytest.fixture(scope="module")
def corpora(small_corpus) -> dict[str, Redline]:
    """Return the invented resolution and Resolution 182 with their two versions."""
    resolution = small_corpus.parents[2] / "corpora" / "itu-pp-res-182"
    return {path.name: recover_corpus(read_corpus(path)) for path in (small_corpus, resolution)}


def test_recovered_corpora_come_back_from_libreoffice(corpora):
    assert_versions(list(corpora.values()))


def test_comments_do_not_touch_the_versions(corpora):
    assert_versions(list(corpora.values()), comments=True)


def assert_read_back(redline: Redline) -> None:
    expected = {version: as_paragraphs(redline.text(version)) for version in ("old", "new")}
    data = write_word(redline)
    if changes(data):
        back = read_word(data)
        assert {version: back.text(version) for version in ("old", "new")} == expected
    else:  # the two versions differ by a final line break at most
        assert set(expected.values()) == {read_word_text(data, name="source.docx")}


@given(REDLINES)
def test_any_redline_comes_back_from_the_reader(redline):
    assert_read_back(redline)


@pytest.mark.parametrize("parts", CASES.values(), ids=CASES)
def test_every_case_comes_back_from_the_reader(parts):
    assert_read_back(redline_of(*parts))


def test_reader_gives_the_source_with_its_authors_back():
    runs = [
        Run("第9号决议\n\na)\t", "equal"),
        Run("2014年", "delete", "王", "2022-09-26T10:00:00Z"),
        Run("2022年", "insert", "李", ""),
        Run("；\n", "equal"),
        Run("b)\t整条；\n", "insert", "王", "2022-09-26T10:00:00Z"),
        Run("c)\t整条。\n", "delete", "李", ""),
        Run("末行\n", "equal"),
    ]
    redline = join_runs(runs, rule="test")
    columns = ["text", "op", "changed_by", "changed_at"]
    back = read_word(write_word(redline)).segments[columns]
    assert back.to_dict("list") == redline.segments[columns].to_dict("list")


def test_libreoffice_keeps_the_comments(corpora):
    files = [write_word(redline, comments=True) for redline in corpora.values()]
    for data, saved in zip(files, resave_in_libreoffice(files), strict=True):
        said = [
            len(list(part(file, "word/comments.xml").iter(f"{W}comment"))) for file in (data, saved)
        ]
        assert said[0] == said[1] > 0


@given(REDLINES)
def test_the_same_redline_gives_the_same_bytes(redline):
    assert write_word(redline) == write_word(redline)


@given(REDLINES)
def test_every_change_has_its_own_number(redline):
    tracked = [e for e in body(write_word(redline)).iter() if e.tag in (f"{W}ins", f"{W}del")]
    numbers = [element.get(f"{W}id") for element in tracked]
    assert len(set(numbers)) == len(numbers)


@given(REDLINES)
def test_the_last_paragraph_mark_is_never_tracked(redline):
    *_, last = body(write_word(redline)).iter(f"{W}p")
    mark = last.find(f"{W}pPr/{W}rPr")
    assert mark is None or not {e.tag for e in mark} & {f"{W}ins", f"{W}del"}


def test_archive_holds_no_time_and_no_system():
    with zipfile.ZipFile(io.BytesIO(write_word(redline_of("=a\n")))) as archive:
        assert archive.testzip() is None
        for entry in archive.infolist():
            assert (entry.date_time, entry.create_system) == ((1980, 1, 1, 0, 0, 0), 0)


def changes(data: bytes) -> list[tuple[str | None, ...]]:
    """Return element, author and date of every tracked change."""
    return [
        (element.tag.removeprefix(W), element.get(f"{W}author"), element.get(f"{W}date"))
        for element in body(data).iter()
        if element.tag in (f"{W}ins", f"{W}del")
    ]


def test_author_and_time_of_the_source_are_kept_and_missing_ones_filled():
    runs = [
        Run("a", "delete", "王 & 李", "2022-09-26T10:00:00Z"),
        Run("b", "insert", "", ""),
        Run("c", "delete", "陈", "last week"),
        Run("d", "insert", "陈", "2022-13-01T10:00:00Z"),
        Run("\n", "equal"),
    ]
    assert changes(write_word(join_runs(runs, rule="test"), author="编者")) == [
        ("del", "王 & 李", "2022-09-26T10:00:00Z"),
        ("ins", "编者", None),
        ("del", "陈", None),
        ("ins", "陈", None),
    ]


def test_a_changed_paragraph_mark_names_its_author():
    runs = [Run("a\n", "equal"), Run("b\n", "insert", "王", "2022-09-26T10:00:00Z")]
    assert changes(write_word(join_runs(runs, rule="test"))) == [
        ("ins", "王", "2022-09-26T10:00:00Z"),
        ("ins", "王", "2022-09-26T10:00:00Z"),
    ]


@given(REDLINES)
def test_no_change_is_without_author(redline):
    assert all(author for _, author, _ in changes(write_word(redline)))


def test_a_line_break_added_at_the_end_names_the_author():
    tracked = changes(write_word(redline_of("=a\n", "+b"), author="编者"))
    assert tracked == [("ins", "编者", None), ("ins", "编者", None)]


def test_a_substitution_keeps_its_order():
    element = body(write_word(redline_of("=a", "-b", "+c", "=d\n", "+e\n", "-f", "+g", "=\n")))
    shown = [e.text for e in element.iter() if e.tag in (f"{W}t", f"{W}delText")]
    assert shown == ["a", "b", "c", "d", "e", "f", "g"]


def test_characters_that_word_cannot_hold_are_named_with_their_lines():
    redline = redline_of("=a\x00b\nc\n", "-d\x0ce\x0cf\r\n", "=\ufffe\ud800\n")
    with pytest.raises(InputError) as caught:
        write_word(redline)
    assert [(p.place, p.what.split()[2]) for p in caught.value.problems] == [
        ("line 1, column 2", "U+0000"),
        ("line 3, column 2", "U+000C"),
        ("line 3, column 6", "U+000D"),
        ("line 4, column 1", "U+FFFE"),
        ("line 4, column 2", "U+D800"),
    ]


@pytest.mark.parametrize("option", ["title", "author"])
def test_title_and_author_are_checked_too(option):
    with pytest.raises(InputError, match=r"U\+0007"):
        write_word(redline_of("=a\n"), **{option: "a\x07"})


def test_title_is_a_property_and_no_text():
    data = write_word(redline_of("=a\n"), title="第9号决议 <1>")
    assert "".join(part(data, "docProps/core.xml").itertext()) == "第9号决议 <1>"
    assert "".join(body(data).itertext()) == "a"


def test_font_hint_stands_where_there_is_chinese_text_only():
    assert list(body(write_word(redline_of("=“甲”\n"))).iter(f"{W}rFonts"))
    assert not list(body(write_word(redline_of("=“a”\n"))).iter(f"{W}rFonts"))


def test_comments_stand_at_the_uncertain_places_only(corpora):
    redline = corpora["small"]
    data = write_word(redline, comments=True)
    rows = redline.segments
    uncertain = rows[
        rows["confidence"].lt(1)
        & rows["certainty"].ne("proven")
        & (rows["op"].ne("equal") | rows["group"].ne(""))
    ]
    shown = {}
    inside: list[str] = []
    for element in body(data).iter():
        number = element.get(f"{W}id", "")
        if element.tag == f"{W}commentRangeStart":
            inside.append(number)
            shown[number] = ""
        elif element.tag == f"{W}commentRangeEnd":
            inside.remove(number)
        elif element.tag in (f"{W}t", f"{W}delText", f"{W}tab"):
            for number in inside:
                shown[number] += "\t" if element.tag == f"{W}tab" else element.text or ""
    assert inside == []
    assert list(shown.values()) == [text.replace("\n", "") for text in uncertain["text"]]
    said = ["".join(e.itertext()) for e in part(data, "word/comments.xml").iter(f"{W}comment")]
    assert len(said) == len(uncertain) > 3
    for text, row in zip(said, uncertain.itertuples(), strict=True):
        said_so = [f"rule {row.rule}", f"confidence {row.confidence:.2f}", str(row.certainty)]
        assert all(words in text for words in said_so)


def test_without_comments_the_file_has_no_such_part(corpora):
    with zipfile.ZipFile(io.BytesIO(write_word(corpora["small"]))) as archive:
        assert not [name for name in archive.namelist() if "comments" in name]
