"""Codebooks to and from the files of other programs."""

from __future__ import annotations

import codecs
import csv
import dataclasses
import io
import json
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml
from defusedxml import ElementTree as DefusedET
from hypothesis import given
from hypothesis import strategies as st

from resanalysis import __main__ as shell
from resanalysis.codebook import check_codebook, read_codebook
from resanalysis.codebook.exchange import TARGETS, export_codebook
from resanalysis.codebook.exchange.cells import guard, is_at_risk, unguard
from resanalysis.codebook.exchange.decoding import decode
from resanalysis.codebook.exchange.quanteda import OWN_VALUES
from resanalysis.codebook.exchange.table import COLUMNS
from resanalysis.model import InputError

if TYPE_CHECKING:
    from collections.abc import Callable

    from resanalysis.model import Codebook, Problem

    Write = Callable[..., Path]

SMALL = """[codebook]
id = "small"
version = "1.0"
title = { zh = "小编码本", en = "Small codebook" }
instructions = { zh = "逐条阅读。\\n不确定时注明。", en = "Read every clause." }
[[theme]]
id = "ecosystems"
label = { zh = "生态", en = "Ecosystems" }
[[theme]]
id = "governance"
label = { zh = "治理", en = "Governance" }
[[topic]]
id = "water"
theme = "ecosystems"
label = { zh = "水 资源", en = "Water" }
definition = { zh = "水的利用和保护。", en = "Use and protection of water." }
include = { zh = "节水。", en = "Saving water." }
core = ["水资源", "用水", "ICT"]
peripheral = ["水利"]
exclusions = ["用水平", "水利用水"]
examples = ["节约用水。"]
counterexamples = ["使用水平仪。"]
concepts = { sdg = ["6.10", "6.4"], unbis = ["WATER"] }
source = "《水法》"
[[topic.rule]]
id = "river"
all = [["河流", "湖泊"], ["治理"]]
near = 5
[[topic.rule]]
id = "soil"
all = [["水土"], ["流失", "保持"]]
without = ["经济"]
tier = "peripheral"
[[topic]]
id = "forest"
theme = "ecosystems"
label = { zh = "森林", en = "Forests" }
definition = { zh = "森林保护。", en = "Protection of forests." }
core = ["森林", "森林用水"]
"""


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write_file(content: str | bytes, name: str) -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write_file


@pytest.fixture
def small(write: Write) -> Codebook:
    return read_codebook(write(SMALL, "small.toml"))


@pytest.fixture
def table(small: Codebook) -> str:
    return export_codebook(small, "csv").data.decode("utf-8-sig")


def replaced(text: str, old: str, new: str) -> str:
    """Replace and make sure that there was something to replace."""
    assert old in text
    return text.replace(old, new, 1)


def row_of(text: str, part: str) -> int:
    """Return the number of the first row that has a part, as a spreadsheet counts rows."""
    for number, record in enumerate(csv.reader(io.StringIO(text, newline="")), start=1):
        if part in record:
            return number
    raise AssertionError(part)


def problems_of(path: Path, severity: str = "error") -> list[Problem]:
    found = [problem for problem in check_codebook(path) if problem.severity == severity]
    assert all(problem.remedy and problem.file == str(path) for problem in found)
    return found


def only_error(path: Path) -> tuple[str, str]:
    (problem,) = problems_of(path)
    with pytest.raises(InputError, match=re.escape(problem.what)):
        read_codebook(path)
    return problem.place, problem.what


# --- codebooks at random ------------------------------------------------------------------------

# What a codebook's texts may hold: characters that files, programs and spreadsheets mistake.
TEXT = st.text(st.sampled_from("水森碳a0'\"\\=+-@%_*?#|&;,:\t\r\n\x00\x1f\x7f\x85 　\u2028😀"))
SPOKEN = st.fixed_dictionaries({}, optional={"zh": TEXT, "en": TEXT})
NAME = st.text(st.sampled_from("水ab0 .'=\"-"), min_size=1, max_size=4)
WORD = st.text(st.sampled_from("水森碳流域甲乙丙0'=-*"), min_size=2, max_size=5)


def write_plain(document: dict) -> str:
    """Write TOML as the simplest writer would: keys in quotes, everything inline."""

    def show(value: object) -> str:
        if isinstance(value, dict):
            return f"{{ {', '.join(f'{show(key)} = {show(v)}' for key, v in value.items())} }}"
        if isinstance(value, list):
            return f"[{', '.join(map(show, value))}]"
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")

    return "\n".join(f"{show(key)} = {show(value)}" for key, value in document.items())


@st.composite
def documents(draw: st.DrawFn, names: st.SearchStrategy[str] = NAME) -> dict:
    """Draw a codebook without faults, as TOML would give it."""
    themes = draw(st.lists(names, unique=True, min_size=1, max_size=3))
    topics = draw(st.lists(names, unique=True, min_size=1, max_size=4))
    words = draw(st.lists(WORD, unique=True, min_size=len(topics), max_size=20))
    return {
        "codebook": {
            "id": draw(names),
            "version": draw(st.sampled_from(["1.0", "1-5", "0.10.0", "2024"])),
            "title": draw(SPOKEN),
            "instructions": draw(SPOKEN),
        },
        "theme": [{"id": theme, "label": draw(SPOKEN)} for theme in themes],
        "topic": [
            draw(topic_entries(topic, themes, words[place :: len(topics)]))
            for place, topic in enumerate(topics)
        ],
    }


@st.composite
def topic_entries(draw: st.DrawFn, topic: str, themes: list[str], words: list[str]) -> dict:
    """Draw a topic with those words, each at one place."""
    core = draw(st.integers(1, len(words)))
    entry: dict = {"id": topic, "theme": draw(st.sampled_from(themes)), "core": words[:core]}
    entry |= {key: draw(SPOKEN) for key in ("label", "definition", "include", "exclude")}
    entry["peripheral"] = words[core:]
    clauses = st.lists(TEXT.filter(str.strip), unique=True, max_size=2)
    entry |= {"concepts": draw(st.dictionaries(NAME, st.lists(NAME, max_size=2), max_size=2))}
    if source := draw(TEXT):
        entry["source"] = source
    rule_words = st.lists(WORD, unique=True, min_size=1, max_size=3)
    rule = st.fixed_dictionaries(
        {"id": NAME, "all": st.lists(rule_words, min_size=2, max_size=3)},
        optional={
            "near": st.integers(0, 99),
            "without": st.lists(WORD, unique=True, max_size=2),
            "tier": st.sampled_from(["core", "peripheral"]),
        },
    )
    if rules := draw(st.lists(rule, unique_by=lambda entry: entry["id"], max_size=2)):
        entry["rule"] = rules
    # What a topic's examples may say depends on its terms, which is another test's business.
    return entry if draw(st.booleans()) else entry | {"counterexamples": draw(clauses)}


def read_bytes(data: bytes, suffix: str) -> Codebook:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"codebook{suffix}")
        path.write_bytes(data)
        return read_codebook(path)


def read_document(document: dict) -> Codebook:
    return read_bytes(write_plain(document).encode(), ".toml")


@pytest.mark.parametrize(("to", "suffix"), [("toml", ".toml"), ("csv", ".csv")])
@given(document=documents())
def test_what_carries_all_gives_the_same_codebook_back(to, suffix, document: dict) -> None:
    codebook = read_document(document)
    export = export_codebook(codebook, to)
    assert export.lost == ()
    assert read_bytes(export.data, suffix) == codebook


@given(
    document=documents(
        st.text(st.sampled_from("水ab_#: no"), min_size=1, max_size=4) | st.just(OWN_VALUES)
    )
)
def test_a_dictionary_of_quanteda_gives_themes_topics_and_terms_back(document: dict) -> None:
    codebook = read_document(document)
    themes = [*codebook.themes]
    expected = [
        (topic.theme, topic.id, terms)
        for topic in sorted(codebook.topics, key=lambda topic: themes.index(topic.theme))
        if (terms := tuple(t for t in topic.core + topic.peripheral if "*" not in t))
    ]
    names = [name for theme, topic, _ in expected for name in (theme, topic)]
    export = export_codebook(codebook, "quanteda")
    assert any(line.startswith("key __:") for line in export.lost) == (OWN_VALUES in names)
    if not expected or not all(map(str.strip, names)) or OWN_VALUES in names:
        return
    again = read_bytes(export.data, ".yml")
    assert [(topic.theme, topic.id, topic.core) for topic in again.topics] == expected


@given(document=documents())
def test_no_term_is_left_out_in_silence(document: dict) -> None:
    codebook = read_document(document)
    quanteda = export_codebook(codebook, "quanteda")
    written = yaml.safe_load(quanteda.data) or {}
    for topic in codebook.topics:
        lost = "\n".join(line for line in quanteda.lost if line.startswith(f"topic {topic.id}"))
        for term in topic.core + topic.peripheral:
            assert term in written.get(topic.theme, {}).get(topic.id, ()) or term in lost
        assert all(rule.id in lost for rule in topic.rules)


@given(TEXT | NAME)
def test_a_guarded_cell_is_safe_and_gives_its_text_back(text: str) -> None:
    cell = guard(text)
    assert not is_at_risk(cell)
    assert unguard(cell) == text


@pytest.mark.parametrize(
    "text",
    "1-5 12.10 007 1E5 3/4 2024-01 12:30 5% 1月5日 Mar-5 SEPT2 TRUE".split()
    + "=水 +水 -1 @水 １２ １．５ ＝水".split(),
)
def test_what_excel_would_change_is_guarded(text: str) -> None:
    assert guard(text) == f"'{text}"


@pytest.mark.parametrize("text", ["水资源", "5G", "1.5°C", "2度", "May", "Water", "ITU-T L.1470"])
def test_what_excel_leaves_is_left(text: str) -> None:
    assert guard(text) == text


# --- exports ------------------------------------------------------------------------------------


@pytest.mark.parametrize("to", TARGETS)
def test_the_general_codebook_can_be_exported_to_every_format(to) -> None:
    codebook = read_codebook()
    export = export_codebook(codebook, to)
    assert export.data.decode("utf-8-sig").strip()
    assert export.name.startswith("general-climate-ict.")
    assert (export.lost == ()) == (to in ("toml", "csv"))
    assert export_codebook(codebook, to) == export


@pytest.mark.parametrize(("to", "suffix"), [("toml", ".toml"), ("csv", ".csv")])
def test_the_general_codebook_survives_a_round_trip(to, suffix) -> None:
    codebook = read_codebook()
    assert read_bytes(export_codebook(codebook, to).data, suffix).sha256 == codebook.sha256


def test_an_extended_codebook_is_exported_as_one(write: Write, small: Codebook) -> None:
    extension = """[codebook]
id = "more"
version = "2"
title = { zh = "补充", en = "More" }
[[topic]]
id = "forest"
theme = "ecosystems"
label = { zh = "林", en = "Woods" }
core = ["林木"]
"""
    both = read_codebook(write(SMALL, "a.toml"), extend=write(extension, "b.toml"))
    assert both.sha256 != small.sha256
    assert read_bytes(export_codebook(both, "toml").data, ".toml") == both


def test_an_unknown_format_is_refused(small: Codebook) -> None:
    with pytest.raises(ValueError, match="excel"):
        export_codebook(small, "excel")  # type: ignore[arg-type]


def test_toml_fills_lines_and_breaks_them_before_column_100(write: Write) -> None:
    terms = json.dumps([f"水{number:04}" for number in range(60)])
    path = write(replaced(SMALL, '["水资源", "用水", "ICT"]', terms), "long.toml")
    text = export_codebook(read_codebook(path), "toml").data.decode()
    lines = [line for line in text.splitlines() if '"水00' in line]
    assert max(map(len, lines)) <= 100
    assert 3 < len(lines) < 10


def test_a_table_opens_in_excel(small: Codebook) -> None:
    data = export_codebook(small, "csv").data
    assert data.startswith(codecs.BOM_UTF8)
    assert data.count(b"\r\n") == len(list(csv.reader(io.StringIO(data.decode(), newline=""))))


def test_a_table_warns_of_texts_that_excel_cuts(write: Write) -> None:
    path = write(replaced(SMALL, "节水。", "节水" * 20_000), "long.toml")
    (sentence,) = export_codebook(read_codebook(path), "csv").lost
    assert "water, include" in sentence
    assert "32,767" in sentence


def test_quanteda_gets_themes_topics_and_terms(small: Codebook) -> None:
    export = export_codebook(small, "quanteda")
    assert export.name == "small.yml"
    assert yaml.safe_load(export.data) == {
        "ecosystems": {
            "water": ["水资源", "用水", "ICT", "水利"],
            "forest": ["森林", "森林用水"],
        }
    }


def test_a_strict_reading_writes_core_terms_only(small: Codebook) -> None:
    export = export_codebook(small, "quanteda", reading="strict")
    assert yaml.safe_load(export.data)["ecosystems"]["water"] == ["水资源", "用水", "ICT"]
    assert "topic water, peripheral 水利: are left out by the strict reading" in export.lost
    text = export_codebook(small, "khcoder", reading="strict").data.decode()
    assert "'水利'" not in text
    assert "'水土'" not in text


def test_quanteda_gets_no_value_that_r_would_take_for_another(write: Write) -> None:
    text = replaced(SMALL, '["森林", "森林用水"]', '["no", "y", "1.0", "森*", "1e3"]')
    export = export_codebook(read_codebook(write(text, "odd.toml")), "quanteda")
    for term in ("no", "y", "1.0", "1e3"):
        assert f'- "{term}"' in export.data.decode()
    assert any(line.startswith("topic forest, terms 森*:") for line in export.lost)


@pytest.mark.parametrize("to", ["quanteda", "khcoder"])
def test_what_is_lost_is_named_with_topic_and_entry(to, small: Codebook) -> None:
    lost = export_codebook(small, to).lost
    for beginning in (
        "codebook, title and instructions:",
        "topic water, tier of 水利:",
        "topic water, exclusions 用水平, 水利用水:",
        "topic water, rule river:",
    ):
        assert [line for line in lost if line.startswith(beginning)], beginning
    (texts,) = [line for line in lost if "definition" in line and line.startswith("topic water")]
    for key in ("include", "examples", "counterexamples", "concepts", "source"):
        assert key in texts


def test_a_topic_that_cannot_be_written_is_named(write: Write) -> None:
    text = replaced(SMALL, '["森林", "森林用水"]', '["100%", "森*"]')
    codebook = read_codebook(write(text, "odd.toml"))
    wild = read_codebook(write(replaced(text, '"100%", ', ""), "wild.toml"))
    assert "森林" in export_codebook(codebook, "khcoder").data.decode()
    assert "forest" not in str(yaml.safe_load(export_codebook(wild, "quanteda").data))
    assert any(
        line.startswith("topic forest, terms 100%:")
        for line in export_codebook(codebook, "khcoder").lost
    )
    assert any(
        line.startswith("topic forest: is left out")
        for line in export_codebook(wild, "quanteda").lost
    )


@pytest.mark.parametrize("to", TARGETS)
def test_a_topic_of_a_theme_that_the_codebook_lacks_is_not_dropped(write: Write, to: str) -> None:
    codebook = read_codebook(write(SMALL, "small.toml"))
    with pytest.raises(ValueError, match=r"themes that the codebook lacks: .*forest"):
        export_codebook(dataclasses.replace(codebook, themes={}), to)


def test_topics_that_do_not_stand_by_their_themes_change_order_and_that_is_said(
    write: Write,
) -> None:
    text = (
        SMALL
        + """[[topic]]
id = "law"
theme = "governance"
label = { zh = "法", en = "Law" }
core = ["法律"]
"""
    )
    for target in ("quanteda", "refi-qda"):
        lost = export_codebook(read_codebook(write(text, "a.toml")), target).lost
        assert not any("order" in line for line in lost)
        mixed = replaced(
            text, 'id = "forest"\ntheme = "ecosystems"', 'id = "forest"\ntheme = "law"'
        )
        mixed += '[[theme]]\nid = "law"\nlabel = { zh = "法", en = "Law" }\n'
        lost = export_codebook(read_codebook(write(mixed, "b.toml")), target).lost
        assert any("order" in line for line in lost)


# --- KH Coder -----------------------------------------------------------------------------------


def read_codes(text: str) -> dict[str, str]:
    """Read coding rules as KH Coder does: heads begin with *, comments with #."""
    codes: dict[str, str] = {}
    head = ""
    for line in text.splitlines():
        if line.startswith("#") or not line:
            continue
        if line.startswith("*"):
            head = line[1:]
            assert head not in codes
        else:
            codes[head] = f"{codes.get(head, '')} {line}".strip()
    return codes


def read_atoms(condition: str) -> list[str]:
    """Split a condition at spaces, quoted strings kept whole, as KH Coder does."""
    return re.findall(r"('(?:[^']|'')*'|[^ ]+)(?= |$)", condition)


def test_khcoder_gets_strings_and_rules(small: Codebook) -> None:
    codes = read_codes(export_codebook(small, "khcoder").data.decode())
    assert codes == {
        "水_资源": "'水资源' | '用水' | 'ICT' | '水利'"
        " | ( ( '水土' ) & ( '流失' | '保持' ) &! ( '经济' ) )",
        "森林": "'森林' | '森林用水'",
    }


def test_khcoder_names_codes_in_the_language_asked_for(small: Codebook) -> None:
    text = export_codebook(small, "khcoder", language="en").data.decode()
    assert [*read_codes(text)] == ["Water", "Forests"]


def test_khcoder_is_told_to_count_more_than_the_codebook_does(small: Codebook) -> None:
    lost = export_codebook(small, "khcoder").lost
    assert any(line.startswith("topic water, terms 用水: ") and "inside" in line for line in lost)
    assert any(line.startswith("topic water, terms ICT: ") for line in lost)


def test_codes_with_one_label_keep_apart(write: Write) -> None:
    text = replaced(SMALL, '"森林", en = "Forests"', '"水 资源", en = "Water"')
    codebook = read_codebook(write(text, "same.toml"))
    codes = read_codes(export_codebook(codebook, "khcoder").data.decode())
    assert [*codes] == ["水_资源", "水_资源_(forest)"]
    names = [code.get("name") for code in codes_of(codebook, 'Code[@isCodable="true"]')]
    assert names == ["水 资源", "水 资源 (forest)"]


@given(document=documents())
def test_conditions_for_khcoder_are_well_formed(document: dict) -> None:
    codebook = read_document(document)
    export = export_codebook(codebook, "khcoder")
    kept = [t for topic in codebook.topics for t in topic.core + topic.peripheral]
    written: set[str] = set()
    for condition in read_codes(export.data.decode()).values():
        atoms = read_atoms(condition)
        assert " ".join(atoms) == condition
        assert atoms.count("(") == atoms.count(")")
        strings = [atom for atom in atoms if atom.startswith("'")]
        assert set(atoms) - set(strings) <= {"(", ")", "|", "&", "&!"}
        written |= {atom[1:-1].replace("''", "'") for atom in strings}
    assert all(term in written or any(term in line for line in export.lost) for term in kept)


# --- REFI-QDA -----------------------------------------------------------------------------------

QDA = "{urn:QDA-XML:codebook:1.0}"
GUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def codes_of(codebook: Codebook, path: str, **options: str) -> list:
    root = DefusedET.fromstring(export_codebook(codebook, "refi-qda", **options).data)
    return root.findall(f".//{QDA}{path}")


def check_code(code) -> None:
    """Hold a code to the schema: its attributes, and a description before the codes below it."""
    assert code.tag == f"{QDA}Code"
    assert set(code.attrib) == {"guid", "name", "isCodable"}
    assert GUID.fullmatch(code.get("guid"))
    assert code.get("isCodable") in ("true", "false")
    tags = [child.tag for child in code]
    assert tags.count(f"{QDA}Description") <= 1
    assert f"{QDA}Description" not in tags[1:]
    for below in code.findall(f"{QDA}Code"):
        check_code(below)
    assert set(tags) <= {f"{QDA}Description", f"{QDA}Code"}


@given(document=documents())
def test_a_refi_codebook_keeps_to_the_schema(document: dict) -> None:
    codebook = read_document(document)
    root = DefusedET.fromstring(export_codebook(codebook, "refi-qda").data)
    assert root.tag == f"{QDA}CodeBook"
    assert set(root.attrib) == {"origin"}
    (codes,) = root
    assert codes.tag == f"{QDA}Codes"
    assert len(codes) == len(codebook.themes) >= 1
    for code in codes:
        check_code(code)
    guids = [code.get("guid") for code in root.iter(f"{QDA}Code")]
    assert len(set(guids)) == len(guids) == len(codebook.themes) + len(codebook.topics)


def test_a_refi_codebook_has_themes_above_topics(small: Codebook) -> None:
    themes = codes_of(small, "Code[@isCodable='false']")
    assert [(theme.get("name"), len(theme.findall(f"{QDA}Code"))) for theme in themes] == [
        ("生态", 2),
        ("治理", 0),
    ]
    english = codes_of(small, "Code[@isCodable='true']", language="en")
    assert [code.get("name") for code in english] == ["Water", "Forests"]


def test_a_refi_description_holds_all_that_a_coder_needs(small: Codebook) -> None:
    water = codes_of(small, "Description")[1].text
    for part in (
        "水的利用和保护。",
        "Use and protection of water.",
        "Saving water.",
        "水资源 | 用水 | ICT",
        "水利",
        "用水平 | 水利用水",
        "river: (河流 | 湖泊) & (治理), near 5 [core]",
        "soil: (水土) & (流失 | 保持), without 经济 [peripheral]",
        "节约用水。",
        "使用水平仪。",
        "sdg): 6.10, 6.4",
        "《水法》",
        f"small 1.0 (sha256 {small.sha256}); water",
    ):
        assert part in water


def test_codes_keep_their_guids_when_the_codebook_grows(write: Write, small: Codebook) -> None:
    grown = replaced(replaced(SMALL, '"1.0"', '"1.1"'), '"森林用水"', '"森林用水", "林木"')
    later = read_codebook(write(grown, "later.toml"))
    other = read_codebook(write(replaced(SMALL, '"small"', '"other"'), "other.toml"))
    guids = [
        [code.get("guid") for code in codes_of(codebook, "Code")]
        for codebook in (small, later, other)
    ]
    assert guids[0] == guids[1]
    assert not {*guids[0]} & {*guids[2]}


def test_what_is_prose_in_a_refi_codebook_is_said(write: Write) -> None:
    codebook = read_codebook(write(replaced(SMALL, "《水法》", "a\\u0007"), "bell.toml"))
    export = export_codebook(codebook, "refi-qda")
    for beginning in (
        "codebook, instructions:",
        "topic water, core 水资源, 用水, ICT:",
        "topic water, exclusions 用水平, 水利用水:",
        "topic water, rule river:",
        "topic water, control characters:",
    ):
        assert [line for line in export.lost if line.startswith(beginning)], beginning
    assert "\x07" not in export.data.decode()


# --- tables read --------------------------------------------------------------------------------


def test_a_table_saved_by_excel_with_another_separator_is_read(
    write: Write, small: Codebook, table: str
) -> None:
    records = list(csv.reader(io.StringIO(table, newline="")))
    for delimiter in (";", "\t"):
        out = io.StringIO(newline="")
        csv.writer(out, delimiter=delimiter).writerows([*records[:5], [""] * 10, *records[5:], []])
        assert read_codebook(write(out.getvalue(), "a.csv")) == small


def test_the_rows_of_a_table_may_be_sorted(write: Write, small: Codebook, table: str) -> None:
    head, *rows = list(csv.reader(io.StringIO(table, newline="")))
    out = io.StringIO(newline="")
    csv.writer(out).writerows([head, *sorted(rows, key=lambda row: row[:1] != ["term"])])
    assert read_codebook(write(out.getvalue(), "sorted.csv")) == small


def test_columns_may_stand_in_another_order_and_others_beside_them(
    write: Write, small: Codebook, table: str
) -> None:
    rows = list(csv.DictReader(io.StringIO(table, newline="")))
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, [*reversed(COLUMNS), "Comment"], restval="检查")
    writer.writeheader()
    writer.writerows(rows)
    path = write(out.getvalue(), "a.csv")
    assert read_codebook(path) == small
    (warning,) = problems_of(path, "warning")
    assert (warning.place, "comment" in warning.what) == ("row 1", True)


def test_case_and_outer_white_space_of_names_say_nothing(
    write: Write, small: Codebook, table: str
) -> None:
    text = replaced(table, "term,water,,,core", "Term, water ,,, Core")
    assert read_codebook(write(text, "a.csv")) == small


@pytest.mark.parametrize(
    ("old", "new", "column", "what"),
    [
        ("term,water,,,core,,,水资源", "trem,water,,,core,,,水资源", "kind", "the kind trem"),
        ("term,water,,,core,,,水资源", ",water,,,core,,,水资源", "kind", "is empty"),
        ("core,,,水资源", "kern,,,水资源", "tier", "kern is no tier"),
        ("core,,,水资源", ",,,水资源", "tier", "is empty in a row of kind term"),
        ("core,,,水资源", "core,2,,水资源", "group", "a row of kind term has no group"),
        ("core,,,水资源", "core,,,#NAME?", "text", "is #NAME?"),
        ("river,,core,1,5,河流", "river,,core,one,5,河流", "group", "one is no group"),
        ("river,,core,1,5,河流", "river,,core,1,five,河流", "near", "five is no near"),
        ("river,,core,1,5,湖泊", "river,,core,1,6,湖泊", "near", "is 6, but 5 in row"),
        ("river,,core,1,5,湖泊", "river,,peripheral,1,5,湖泊", "tier", "is peripheral, but core"),
    ],
)
def test_a_fault_in_a_cell_names_row_and_column(
    write: Write, table: str, old: str, new: str, column: str, what: str
) -> None:
    text = replaced(table, old, new)
    number = next(n for n, line in enumerate(table.split("\r\n"), start=1) if old in line)
    place, found = only_error(write(text, "bad.csv"))
    assert place == f"row {number}, column {column}"
    assert what in found


def test_a_topic_that_is_not_defined_is_named_once_with_all_its_rows(
    write: Write, table: str
) -> None:
    text = table.replace(",forest,,,core", ",forrest,,,core")
    problem = problems_of(write(text, "bad.csv"))[0]
    number = row_of(text, "forrest")
    assert problem.place == f"row {number}, column topic"
    assert problem.what == f"the topic forrest is not defined (nor for rows {number + 1})"


def test_a_theme_that_is_not_defined_is_named_with_its_row(write: Write, table: str) -> None:
    text = replaced(table, "topic,forest,,ecosystems", "topic,forest,,economy")
    path = write(text, "bad.csv")
    place, what = only_error(path)
    assert place.startswith(f"row {row_of(text, 'economy')}, column theme")
    assert "economy" in what
    assert "row of kind theme" in problems_of(path)[0].remedy


def test_faults_of_terms_name_the_rows_of_the_terms(write: Write, table: str) -> None:
    text = replaced(table, ",peripheral,,,水利,", ",core,,,用水,")
    first, second = (n for n, line in enumerate(rows_of(text), start=1) if "用水" in line)
    place, what = only_error(write(text, "bad.csv"))
    assert what == "用水 is listed 2 times"
    assert place == f"row {first}, column text and row {second}, column text (topic water, core)"


def rows_of(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


def test_what_is_said_twice_is_named(write: Write, table: str) -> None:
    text = f"{table}topic,water,,governance,,,,,水,Water\r\n"
    place, what = only_error(write(text, "bad.csv"))
    assert place == f"row {len(rows_of(text))}, column kind"
    assert what == f"topic water is there again, after row {row_of(text, 'water')}"


def test_a_value_that_excel_may_have_changed_is_warned_of(write: Write, table: str) -> None:
    text = replaced(table, "'6.10", "6.1")
    (warning,) = problems_of(write(text, "changed.csv"), "warning")
    assert warning.place == f"row {row_of(text, '6.1')}, column text"
    assert "6.1 may have been changed" in warning.what


def test_all_faults_of_a_table_are_told_together(write: Write, table: str) -> None:
    text = replaced(table, "core,,,水资源", "kern,,,水资源")
    text = replaced(text, "topic,forest,,ecosystems", "topic,forest,,economy")
    with pytest.raises(InputError) as caught:
        read_codebook(write(text, "bad.csv"))
    assert len(caught.value.problems) == 2


def test_missing_columns_are_named(write: Write, table: str) -> None:
    text = replaced(table, "kind,topic,id,theme,tier", "kind,topic,id,theme,level")
    (problem,) = problems_of(write(text, "bad.csv"))
    assert (problem.place, problem.what) == ("row 1", "lacks the columns tier")
    assert "kind, topic, id, theme, tier" in problem.remedy


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ("没有表头\n水,water\n".encode(), "lacks the columns kind"),
        (b'kind,topic,id,theme,tier,group,near,text,zh,en\nterm,"a"b\n', "is not CSV"),
        (b"PK\x03\x04workbook", "is a workbook"),
        (b"\xd0\xcf\x11\xe0workbook", "is a workbook"),
        ("kind\ttopic\r\n".encode("utf-16"), "looks like UTF-16"),
        ("kind,topic\r\nterm,水资源\r\n".encode("gb18030"), "looks like GB18030"),
        (b"", "is empty"),
        (b"\r\n\r\n", "is empty"),
    ],
)
def test_a_file_that_is_no_table_is_told_from_one(write: Write, content: bytes, what: str) -> None:
    _, found = only_error(write(content, "bad.csv"))
    assert what in found
    assert "CSV UTF-8" in problems_of(write(content, "bad.csv"))[0].remedy or "UTF" not in found


@pytest.mark.parametrize("encoding", ["utf-16", "gb18030"])
def test_only_the_remedy_of_a_table_speaks_of_excel(encoding: str) -> None:
    remedies = {}
    for name in ("a.csv", "a.toml"):
        with pytest.raises(InputError) as caught:
            decode("水资源".encode(encoding), name)
        (problem,) = caught.value.problems
        remedies[name] = problem.remedy
    assert "Excel" in remedies["a.csv"]
    assert "Excel" not in remedies["a.toml"]
    assert all("UTF-8" in remedy for remedy in remedies.values())


def test_a_workbook_by_another_name_is_told_too(write: Write) -> None:
    (problem,) = problems_of(write(b"PK\x03\x04workbook", "codebook.xlsx"))
    assert "CSV UTF-8" in problem.remedy


def test_remedies_speak_of_rows_and_not_of_toml(write: Write, table: str) -> None:
    lines = [line for line in table.split("\r\n") if not line.startswith("definition,forest")]
    text = replaced("\r\n".join(lines), "Small codebook", "")
    remedies = [problem.remedy for problem in problems_of(write(text, "a.csv"), "warning")]
    assert remedies == [
        "Add it in the column en.",
        "Say what the topic is: a row of kind definition with zh and en.",
    ]


def test_a_table_may_extend_a_codebook_in_toml(write: Write, table: str) -> None:
    head, *rows = table.split("\r\n")
    kept = [row for row in rows if "forest" in row or row.startswith(("codebook", "version"))]
    more = "\r\n".join([head, *kept, "term,forest,,,peripheral,,,林木,,"])
    both = read_codebook(write(SMALL, "a.toml"), extend=write(more, "b.csv"))
    assert [topic.id for topic in both.topics] == ["water", "forest"]
    assert both.topic("forest").peripheral == ("林木",)


# --- dictionaries read --------------------------------------------------------------------------


def read_yaml(write: Write, text: str) -> tuple[Codebook, list[Problem]]:
    """Read a dictionary; return it and warnings other than those of what dictionaries lack."""
    path = write(text, "words.yml")
    found = problems_of(path, "warning")
    assert "has no id, version and labels" in found[0].what
    return read_codebook(path), [p for p in found[1:] if "has no definition" not in p.what]


def test_keys_are_themes_and_topics(write: Write) -> None:
    codebook, warnings = read_yaml(
        write, "生态:\n  水: [水资源, 用水]\n  林: 森林\n治理:\n  法: [法律]\n"
    )
    assert not warnings
    assert (codebook.id, codebook.version) == ("words", "0")
    assert [*codebook.themes] == ["生态", "治理"]
    assert [(t.id, t.theme, t.core) for t in codebook.topics] == [
        ("水", "生态", ("水资源", "用水")),
        ("林", "生态", ("森林",)),
        ("法", "治理", ("法律",)),
    ]
    assert codebook.topic("水").label == {"zh": "水", "en": "水"}


def test_a_flat_dictionary_gets_one_theme(write: Write) -> None:
    codebook, _ = read_yaml(write, "水: [水资源]\n林: [森林]\n")
    assert [(topic.id, topic.theme) for topic in codebook.topics] == [
        ("水", "words"),
        ("林", "words"),
    ]


def test_deeper_keys_are_joined_and_own_values_stay_with_their_key(write: Write) -> None:
    text = "A:\n  __: [水源]\n  B:\n    C: [水库]\n    __: [河流]\n  D: [湖泊, {E: [沼泽]}]\n"
    codebook, warnings = read_yaml(write, text)
    assert not warnings
    assert [(t.id, t.theme, t.core) for t in codebook.topics] == [
        ("A", "A", ("水源",)),
        ("B.C", "A", ("水库",)),
        ("B", "A", ("河流",)),
        ("D", "A", ("湖泊",)),
        ("D.E", "A", ("沼泽",)),
    ]


def test_keys_of_one_name_below_two_others_keep_apart(write: Write) -> None:
    codebook, (warning,) = read_yaml(write, "A: {other: [水源]}\nB: {other: [森林]}\n")
    assert [topic.id for topic in codebook.topics] == ["other", "B.other"]
    assert "B > other" in warning.place


@pytest.mark.parametrize(
    ("written", "read", "what"),
    [
        ('"环境*"', ("环境", "水源"), "环境* is read as 环境"),
        ('"*环境*"', ("环境", "水源"), "is read as 环境"),
        ('"环*境"', ("水源",), "is a pattern and is left out"),
        ('"环境?"', ("水源",), "is a pattern and is left out"),
        ('"*"', ("水源",), "is a pattern and is left out"),
        ('"电子 废弃物"', ("电子废弃物", "水源"), "is read as 电子废弃物"),
        ('"ICT 行业"', ("ICT行业", "水源"), "is read as ICT行业"),
        ("no", ("no", "水源"), "no without quotes is no text in YAML (bool)"),
        ("1.50", ("1.50", "水源"), "1.50 without quotes is no text in YAML (float)"),
        ("2024-01-05", ("2024-01-05", "水源"), "(timestamp)"),
    ],
)
def test_what_is_changed_or_left_out_is_warned_of(
    write: Write, written: str, read: tuple[str, ...], what: str
) -> None:
    codebook, (warning,) = read_yaml(write, f"A:\n  水:\n  - {written}\n  - 水源\n")
    assert codebook.topic("水").core == read
    assert warning.place == "line 3, column 5, A > 水"
    assert what in warning.what


def test_terms_that_are_the_same_for_us_are_kept_once(write: Write) -> None:
    codebook, (warning,) = read_yaml(write, "A: {水: [ict, ＩＣＴ]}\n")
    assert codebook.topic("水").core == ("ict",)
    assert "ＩＣＴ is the same term" in warning.what


def test_words_of_other_scripts_keep_their_spaces(write: Write) -> None:
    codebook, warnings = read_yaml(write, "A: {climate: [climate change]}\n")
    assert codebook.topic("climate").core == ("climate change",)
    assert not warnings


@pytest.mark.parametrize(
    ("text", "place", "what"),
    [
        ("水: [水资源\n林: [森林]\n", "line 2, column", "is not valid YAML"),
        ("水: [水资源]\n水: [用水]\n", "line 2, column 1, 水", "after line 1"),
        ("水: &a [水资源]\n林: *a\n", "line 2, column 4", "uses the alias *a"),
        ("水: !!python/name:os.system [水资源]\n", "line 1, column 4", "has the tag"),
        ("水: [水资源]\n---\n林: [森林]\n", "line 2, column 1", "is not valid YAML"),
        ("[水资源, 用水]\n", "line 1, column 1", "has no keys"),
        ("水资源\n", "line 1, column 1", "has no keys"),
        ("# nothing\n", "", "has no keys"),
        ("水: [水资源, ]\n? [a]\n: [森林]\n", "line 2, column 3, ", "the key is no text"),
        ("__: [水资源]\nA: {水: [水源]}\n", "line 1, column 1, __", "stands under no key"),
        ("水: [水资源, '']\n", "line 1, column 10, 水", "is empty"),
        ('水: ["水\\ud800"]\n', "line 1, column 5", "half a character"),
        ("水: [水\x07]\n", "line 1", "U+0007"),
        (f"水: {'[' * 60}水源{']' * 60}\n", "line 1, column 53", "more than 50 deep"),
        (f"水: {'[' * 20_000}\n", "line 1, column 53", "more than 50 deep"),
    ],
)
def test_a_fault_of_a_dictionary_names_line_and_column(
    write: Write, text: str, place: str, what: str
) -> None:
    found, said = only_error(write(text, "bad.yml"))
    assert found.startswith(place)
    assert what in said


def test_a_key_without_terms_is_named_by_its_path(write: Write) -> None:
    (problem,) = [
        p for p in problems_of(write("A: {水: []}\n", "bad.yaml")) if "no terms" in p.what
    ]
    assert problem.place == "line 1, column 5, A > 水 (topic 水)"


def test_an_empty_value_is_a_key_without_terms(write: Write) -> None:
    errors = problems_of(write("A:\n  水:\n  林: [森林]\n", "bad.yml"))
    assert "has no terms" in {problem.what for problem in errors}


# --- the command --------------------------------------------------------------------------------


def run(capsys, *arguments: object) -> tuple[int, str, str]:
    status = shell.main(["codebook", "export", *map(str, arguments)])
    captured = capsys.readouterr()
    return status, captured.out, captured.err


def test_the_command_writes_a_file_and_says_what_is_lost(capsys, write: Write) -> None:
    path = write(SMALL, "small.toml")
    out = path.with_name("small.qdc")
    status, printed, told = run(capsys, path, "--to", "refi-qda", "--out", out)
    export = export_codebook(read_codebook(path), "refi-qda")
    assert (status, printed) == (0, "")
    assert out.read_bytes() == export.data
    assert all(f"not carried: {sentence}\n" in told for sentence in export.lost)


def test_the_command_prints_the_general_codebook(capsysbinary) -> None:
    assert shell.main(["codebook", "export", "--to", "toml"]) == 0
    captured = capsysbinary.readouterr()
    assert captured.out == export_codebook(read_codebook(), "toml").data
    assert captured.err == b""


def test_the_command_knows_every_format() -> None:
    from resanalysis.shell import codebooks

    assert codebooks.TARGETS == TARGETS


def test_the_command_says_what_was_changed_on_reading(capsys, write: Write) -> None:
    status, printed, told = run(capsys, write("A: {水: ['环境*']}\n", "w.yml"), "--to", "toml")
    assert status == 0
    assert 'core = ["环境"]' in printed
    assert "环境* is read as 环境" in told


def test_the_command_leaves_nothing_behind_when_the_codebook_is_at_fault(
    capsys, write: Write
) -> None:
    path = write(replaced(SMALL, 'theme = "ecosystems"', 'theme = "x"'), "bad.toml")
    out = path.with_name("out.csv")
    status, printed, told = run(capsys, path, "--to", "csv", "--out", out)
    assert (status, printed) == (1, "")
    assert "the theme x is unknown" in told
    assert not out.exists()


def test_the_command_does_not_replace_its_source(capsys, write: Write) -> None:
    path = write(SMALL, "small.toml")
    with pytest.raises(SystemExit) as left:
        run(capsys, path, "--to", "csv", "--out", path)
    assert left.value.code == 2
    assert path.read_text("utf-8") == SMALL
