from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from resanalysis.codebook import check_codebook, read_codebook
from resanalysis.model import Codebook, InputError, Rule

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Write = Callable[..., Path]

TOPIC_IDS = [
    "ghg_mitigation",
    "net_zero",
    "energy_efficiency",
    "renewable_energy",
    "smart_grid",
    "ict_enabling",
    "climate_adaptation",
    "disaster",
    "monitoring",
    "climate_impacts",
    "e_waste",
    "circular_economy",
    "raw_materials",
    "water",
    "biodiversity",
    "climate_agriculture",
    "smart_cities",
    "standards_methods",
    "capacity_building",
    "international",
    "reporting_transparency",
    "research_awareness",
]

HEAD = """[codebook]
id = "small"
version = "1.0.0"
title = { zh = "小编码本", en = "Small codebook" }
"""
THEME = """[[theme]]
id = "ecosystems"
label = { zh = "生态", en = "Ecosystems" }
"""
WATER = """[[topic]]
id = "water"
theme = "ecosystems"
label = { zh = "水资源", en = "Water" }
definition = { zh = "水的利用和保护。", en = "Use and protection of water." }
core = ["水资源", "用水"]
peripheral = ["水利"]
exclusions = ["用水平"]
"""
FOREST = """[[topic]]
id = "forest"
theme = "ecosystems"
label = { zh = "森林", en = "Forests" }
definition = { zh = "森林保护。", en = "Protection of forests." }
core = ["森林", "ICT"]
"""
SMALL = HEAD + THEME + WATER + FOREST
RULE = """[[topic.rule]]
id = "use"
all = [["节约", "保护"], ["水"]]
near = 5
without = ["水平"]
tier = "peripheral"
"""
RULED = SMALL + RULE
EXTENSION = """[codebook]
id = "itu-x"
version = "1.1.0"
title = { zh = "补充", en = "Supplement" }
"""


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write_file(text: str, name: str = "codebook.toml", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        return path

    return write_file


def replaced(text: str, old: str, new: str) -> str:
    """Replace and make sure that there was something to replace."""
    assert old in text
    return text.replace(old, new, 1)


def only_problem(path: Path | str, **options: Path) -> tuple[str, str, str]:
    (problem,) = check_codebook(path, **options)
    assert problem.remedy
    assert problem.file
    return problem.severity, problem.place, problem.what


# --- the codebook that the package carries ------------------------------------------------------


def test_packaged_codebook_has_the_topics_that_results_refer_to() -> None:
    assert [topic.id for topic in read_codebook().topics] == TOPIC_IDS


def test_packaged_codebook_has_no_problems_not_even_warnings() -> None:
    assert check_codebook() == []


def test_packaged_codebook_explains_every_topic_in_both_languages() -> None:
    for topic in read_codebook().topics:
        for texts in (topic.label, topic.definition, topic.include, topic.exclude):
            assert texts["zh"], topic.id
            assert texts["en"], topic.id
        assert topic.source, topic.id


def test_packaged_codebook_counts_recycling_of_e_waste_for_both_topics() -> None:
    codebook = read_codebook()
    for topic_id in ("e_waste", "circular_economy"):
        assert "电子废弃物回收" in codebook.topic(topic_id).core


# --- reading ------------------------------------------------------------------------------------


def test_content_of_a_file_is_read_as_it_stands(write: Write) -> None:
    codebook = read_codebook(write(SMALL))
    assert isinstance(codebook, Codebook)
    assert (codebook.id, codebook.version) == ("small", "1.0.0")
    assert codebook.title == {"zh": "小编码本", "en": "Small codebook"}
    assert codebook.themes == {"ecosystems": {"zh": "生态", "en": "Ecosystems"}}
    water = codebook.topic("water")
    assert water.definition["en"] == "Use and protection of water."
    assert (water.core, water.peripheral) == (("水资源", "用水"), ("水利",))
    assert water.exclusions == ("用水平",)
    assert water.source == ""


def test_a_path_may_be_a_string(write: Write) -> None:
    path = write(SMALL)
    assert read_codebook(str(path)) == read_codebook(path)


def test_a_byte_order_mark_is_no_part_of_the_content(write: Write) -> None:
    path = write(SMALL)
    marked = write(SMALL, "marked.toml", encoding="utf-8-sig")
    assert read_codebook(marked) == read_codebook(path)


def test_hash_does_not_change_with_comments_and_layout(write: Write) -> None:
    other = "# a comment\n" + SMALL.replace(
        '["水资源", "用水"]', '[\n  "水资源",\n  "用水", # so\n]'
    )
    other = replaced(other, 'id = "small"\nversion = "1.0.0"', 'version = "1.0.0"\nid = "small"')
    path = write(SMALL)
    assert read_codebook(write(other, "other.toml")).sha256 == read_codebook(path).sha256


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"用水"', '"节水"'),
        ('"用水"', '"用水", "节水"'),
        ('core = ["水资源", "用水"]', 'core = ["用水", "水资源"]'),
        ('"用水平"', '"用水平均"'),
        ("水的利用和保护。", "水的利用。"),
        ('version = "1.0.0"', 'version = "1.0.1"'),
    ],
)
def test_hash_changes_with_the_content(write: Write, old: str, new: str) -> None:
    path, other = write(SMALL), write(replaced(SMALL, old, new), "other.toml")
    assert read_codebook(path).sha256 != read_codebook(other).sha256


def test_hash_changes_with_the_order_of_topics(write: Write) -> None:
    path, other = write(SMALL), write(HEAD + THEME + FOREST + WATER, "other.toml")
    assert read_codebook(path).sha256 != read_codebook(other).sha256


def test_a_missing_label_is_taken_from_the_other_language(write: Write) -> None:
    path = write(replaced(SMALL, ', en = "Water"', ""))
    assert read_codebook(path).topic("water").label == {"zh": "水资源", "en": "水资源"}


def test_rules_are_read_with_all_they_say(write: Write) -> None:
    (rule,) = read_codebook(write(RULED)).topic("forest").rules
    assert rule == Rule("use", (("节约", "保护"), ("水",)), 5, ("水平",), "peripheral")


def test_what_a_rule_leaves_unsaid_is_the_default(write: Write) -> None:
    short = RULED.split("near = 5")[0]
    (rule,) = read_codebook(write(short)).topic("forest").rules
    assert (rule.near, rule.without, rule.tier) == (None, (), "core")
    assert read_codebook(write(SMALL)).topic("forest").rules == ()


def test_a_topic_may_have_rules_only(write: Write) -> None:
    path = write(replaced(RULED, 'core = ["森林", "ICT"]\n', ""))
    assert check_codebook(path) == []
    assert read_codebook(path).topic("forest").core == ()


def test_an_exclusion_may_contain_a_word_of_a_rule(write: Write) -> None:
    path = write(
        RULED
        + """[[topic]]
id = "tundra"
theme = "ecosystems"
label = { zh = "苔原", en = "Tundra" }
definition = { zh = "苔原。", en = "Tundra." }
core = ["苔原"]
exclusions = ["自我保护"]
"""
    )
    assert check_codebook(path) == []


def test_examples_concepts_and_instructions_are_read(write: Write) -> None:
    text = SMALL + 'examples = ["保护森林"]\ncounterexamples = ["森林火灾"]\n'
    text += 'concepts = { sdg = ["15.1", "15.2"], unbis = ["FORESTS"] }\n'
    text = replaced(text, HEAD, HEAD + 'instructions = { zh = "逐句读。", en = "Read each." }\n')
    path = write(text)
    assert check_codebook(path) == []
    codebook = read_codebook(path)
    forest = codebook.topic("forest")
    assert (forest.examples, forest.counterexamples) == (("保护森林",), ("森林火灾",))
    assert forest.concepts == {"sdg": ("15.1", "15.2"), "unbis": ("FORESTS",)}
    assert codebook.instructions == {"zh": "逐句读。", "en": "Read each."}
    assert read_codebook(write(SMALL)).instructions == {"zh": "", "en": ""}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"节约", "保护"', '"保护", "节约"'),
        ("near = 5\n", ""),
        ("near = 5", "near = 0"),
        ('without = ["水平"]\n', ""),
        ('tier = "peripheral"', 'tier = "core"'),
        (RULE, RULE + '[[topic.rule]]\nid = "b"\nall = [["a"], ["b"]]\n'),
    ],
)
def test_hash_changes_with_a_rule(write: Write, old: str, new: str) -> None:
    path, other = write(RULED), write(replaced(RULED, old, new), "other.toml")
    assert read_codebook(path).sha256 != read_codebook(other).sha256


@pytest.mark.parametrize(
    "line",
    ['examples = ["a"]', 'counterexamples = ["a"]', 'concepts = { sdg = ["15.1"] }'],
)
def test_hash_changes_with_examples_and_concepts(write: Write, line: str) -> None:
    path, other = write(SMALL), write(f"{SMALL}{line}\n", "other.toml")
    assert read_codebook(path).sha256 != read_codebook(other).sha256


# --- files that cannot be read ------------------------------------------------------------------


def test_absent_file_is_reported(tmp_path: Path) -> None:
    severity, _, what = only_problem(tmp_path / "none.toml")
    assert severity == "error"
    assert "cannot be read" in what


def test_folder_in_place_of_a_file_is_reported(tmp_path: Path) -> None:
    severity, _, what = only_problem(tmp_path)
    assert severity == "error"
    assert "cannot be read" in what


def test_empty_file_is_reported(write: Write) -> None:
    assert only_problem(write(" \n"))[::2] == ("error", "is empty")


def test_gb18030_is_named_with_the_line(write: Write) -> None:
    severity, place, what = only_problem(write("# comment\n" + SMALL, encoding="gb18030"))
    assert (severity, place) == ("error", "line 5")
    assert "not UTF-8" in what
    assert "GB18030" in what


def test_other_encodings_are_not_called_gb18030(tmp_path: Path) -> None:
    path = tmp_path / "codebook.toml"
    path.write_bytes(b"id = \xff\xff")
    severity, _, what = only_problem(path)
    assert severity == "error"
    assert what == "is not UTF-8"


def test_syntax_error_is_reported_with_its_line(write: Write) -> None:
    severity, place, what = only_problem(write('[codebook]\nid = "x"\nversion = 1.0.0\n'))
    assert severity == "error"
    assert place.startswith("line 3, column")
    assert "not valid TOML" in what


# --- errors in the content ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "place", "what"),
    [
        ('version = "1.0.0"\n', "", "[codebook]", "the key version is missing"),
        (
            '[[topic]]\nid = "forest"\ntheme = "ecosystems"\n',
            '[[topic]]\nid = "forest"\n',
            "topic forest",
            "the key theme is missing",
        ),
        ("peripheral =", "periferal =", "topic water, periferal", "is an unknown key"),
        ("[[theme]]", "[extra]\n[[theme]]", "file, extra", "is an unknown key"),
        ('["水利"]', '"水利"', "topic water, peripheral", "is empty or of the wrong type"),
        ('["水利"]', '["水利", 1]', "topic water, peripheral", "is empty or of the wrong type"),
        (
            '{ zh = "水资源", en = "Water" }',
            '"Water"',
            "topic water, label",
            "is empty or of the wrong type",
        ),
        (
            '{ zh = "水资源", en = "Water" }',
            '{ zh = "水资源", en = "Water", fr = "Eau" }',
            "topic water, label",
            "is empty or of the wrong type",
        ),
        (
            'version = "1.0.0"',
            "version = 1.0",
            "[codebook], version",
            "is empty or of the wrong type",
        ),
        ('id = "small"', 'id = ""', "[codebook], id", "is empty or of the wrong type"),
        (
            '"water"\ntheme = "ecosystems"',
            '"water"\ntheme = "eco"',
            "topic water, theme",
            "the theme eco is unknown",
        ),
        ('id = "forest"', 'id = "water"', "topic water", "is there 2 times"),
        (THEME, THEME + THEME, "theme ecosystems", "is there 2 times"),
        ('["水利"]', '["水利", ""]', "topic water, peripheral", "'' is empty"),
        ('["水利"]', '[" 水利"]', "topic water, peripheral", "outer white space"),
        ('core = ["森林", "ICT"]', "core = []", "topic forest", "has no terms"),
        ('core = ["森林", "ICT"]\n', "", "topic forest", "has no terms"),
        ('["水利"]', '["水利", "用水"]', "topic water", "用水 is both core and peripheral"),
        ('["水资源", ', '["水资源", "水资源", ', "topic water, core", "listed 2 times"),
        ('"ICT"]', '"ICT", "ict"]', "topic forest, core", "ict is listed 2 times"),
        ('["用水平"]', '["森林"]', "topic water, exclusions", "森林 is also a term of forest"),
        (
            '["用水平"]',
            '["\uff29\uff23\uff34"]',  # full-width ICT
            "topic water, exclusions",
            "ict is also a term of forest",
        ),
    ],
)
def test_error_is_reported_at_its_place(
    write: Write, old: str, new: str, place: str, what: str
) -> None:
    found = only_problem(write(replaced(SMALL, old, new)))
    assert found[:2] == ("error", place)
    assert what in found[2]


@pytest.mark.parametrize(
    ("old", "new", "place", "what"),
    [
        ('id = "use"\n', "", "topic forest, rule 1", "the key id is missing"),
        (
            'all = [["节约", "保护"], ["水"]]\n',
            "",
            "topic forest, rule use",
            "the key all is missing",
        ),
        ('[["节约", "保护"], ["水"]]', '[["水"]]', "topic forest, rule use, all", "wrong type"),
        ('[["节约", "保护"], ["水"]]', '[["水"], []]', "topic forest, rule use, all", "wrong type"),
        ('[["节约", "保护"], ["水"]]', '["水", "木"]', "topic forest, rule use, all", "wrong type"),
        ("near = 5", "near = -1", "topic forest, rule use, near", "wrong type"),
        ("near = 5", "near = true", "topic forest, rule use, near", "wrong type"),
        ('["水平"]', '"水平"', "topic forest, rule use, without", "wrong type"),
        ('["水平"]', "5", "topic forest, rule use, without", "wrong type"),
        ('["水平"]', '["水平", ""]', "topic forest, rule use, without", "'' is empty"),
        ('["水平"]', '["水平", "水平"]', "topic forest, rule use, without", "listed 2 times"),
        ('["水"]', '["水", " 水"]', "topic forest, rule use, all", "outer white space"),
        ('["水"]', '["ICT", "ＩＣＴ"]', "topic forest, rule use, all", "ict is listed 2 times"),
        ('"peripheral"', '"strong"', "topic forest, rule use, tier", "wrong type"),
        ("near = 5", "far = 5", "topic forest, rule use, far", "unknown key"),
        ('id = "use"', 'id = "term"', "topic forest, rule term", "no id for a rule"),
        (RULE, RULE + RULE, "topic forest, rule use", "is there 2 times"),
    ],
)
def test_error_in_a_rule_is_reported_at_its_place(
    write: Write, old: str, new: str, place: str, what: str
) -> None:
    found = [
        problem
        for problem in check_codebook(write(replaced(RULED, old, new)))
        if problem.severity == "error"
    ]
    assert found[0].place == place
    assert what in found[0].what
    assert all(problem.remedy for problem in found)


def test_an_exclusion_that_is_a_word_of_the_topic_s_rule_is_an_error(write: Write) -> None:
    found = only_problem(
        write(replaced(RULED, "[[topic.rule]]", 'exclusions = ["保护"]\n[[topic.rule]]'))
    )
    assert found == ("error", "topic forest, exclusions", "保护 is also a term of forest")


@pytest.mark.parametrize(
    ("line", "place", "what"),
    [
        ('examples = "a"', "topic forest, examples", "wrong type"),
        ('examples = ["a", " "]', "topic forest, examples", "one is empty"),
        ('counterexamples = [""]', "topic forest, counterexamples", "one is empty"),
        (
            'examples = ["森林"]\ncounterexamples = ["森林"]',
            "topic forest",
            "森林 is both an example and a counterexample",
        ),
        ('concepts = ["15.1"]', "topic forest, concepts", "wrong type"),
        ('concepts = { sdg = "15.1" }', "topic forest, concepts", "wrong type"),
        ("concepts = { sdg = [15.1] }", "topic forest, concepts", "wrong type"),
        ('peripheral = ["a\\u0000"]', "topic forest, peripheral", "null character"),
    ],
)
def test_error_in_examples_and_concepts_is_reported(
    write: Write, line: str, place: str, what: str
) -> None:
    found = only_problem(write(f"{SMALL}{line}\n"))
    assert found[:2] == ("error", place)
    assert what in found[2]


@pytest.mark.parametrize("topics", ["", "topic = []\n", "topic = 3\n"])
def test_codebook_without_topics_is_an_error(write: Write, topics: str) -> None:
    severity, place, _ = only_problem(write(topics + HEAD + THEME))
    assert severity == "error"
    assert place in ("file", "file, topic")


def test_codebook_without_head_is_an_error(write: Write) -> None:
    assert only_problem(write(THEME + WATER)) == ("error", "file", "the key codebook is missing")


def test_an_id_of_the_wrong_type_is_reported_by_the_topic_s_number(write: Write) -> None:
    found = only_problem(write(replaced(SMALL, 'id = "forest"', 'id = ["forest"]')))
    assert found == ("error", "topic 2, id", "is empty or of the wrong type")


def test_all_problems_are_reported_together(write: Write) -> None:
    text = replaced(SMALL, 'version = "1.0.0"\n', "")
    text = replaced(text, 'id = "water"\ntheme = "ecosystems"', 'id = "water"\ntheme = "eco"')
    text = replaced(text, '"用水平"', '"水平"')
    text = replaced(text, '["森林", "ICT"]', '["森林", "森林"]')
    problems = check_codebook(write(text))
    assert [(problem.severity, problem.place) for problem in problems] == [
        ("error", "[codebook]"),
        ("warning", "topic water, exclusions"),
        ("error", "topic water, theme"),
        ("error", "topic forest, core"),
    ]


def test_reading_raises_all_errors_and_no_warnings(write: Write) -> None:
    text = replaced(SMALL, 'version = "1.0.0"\n', "")
    text = replaced(text, '"用水平"', '"水平"')
    text = replaced(text, '["森林", "ICT"]', "[]")
    with pytest.raises(InputError) as raised:
        read_codebook(write(text))
    assert [problem.place for problem in raised.value.problems] == ["[codebook]", "topic forest"]
    assert "codebook.toml" in str(raised.value)


# --- warnings -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "place", "what"),
    [
        (', en = "Water"', "", "topic water, label", "is missing in en"),
        ('zh = "森林保护。", ', "", "topic forest, definition", "is missing in zh"),
        ('zh = "森林保护。"', 'zh = " "', "topic forest, definition", "is missing in zh"),
        ('zh = "生态", ', "", "theme ecosystems, label", "is missing in zh"),
        (', en = "Small codebook"', "", "[codebook], title", "is missing in en"),
        ('"水利"', '"水利", "江"', "topic water, peripheral", "江 is one character"),
        ('"用水平"', '"水平"', "topic water, exclusions", "水平 contains no term"),
    ],
)
def test_warning_is_reported_and_the_codebook_can_be_read(
    write: Write, old: str, new: str, place: str, what: str
) -> None:
    path = write(replaced(SMALL, old, new))
    found = only_problem(path)
    assert found[:2] == ("warning", place)
    assert what in found[2]
    assert len(read_codebook(path).topics) == 2


def test_an_example_listed_twice_is_a_warning(write: Write) -> None:
    found = only_problem(write(SMALL + 'examples = ["保护森林", "保护森林"]\n'))
    assert found == ("warning", "topic forest, examples", "保护森林 is listed 2 times")


def test_instructions_missing_in_a_language_are_a_warning(write: Write) -> None:
    path = write(replaced(SMALL, HEAD, HEAD + 'instructions = { zh = "逐句读。" }\n'))
    assert only_problem(path) == ("warning", "[codebook], instructions", "is missing in en")


def test_an_exclusion_that_only_meets_the_edge_of_a_term_is_a_warning(write: Write) -> None:
    found = only_problem(write(replaced(SMALL, '"用水平"', '"木森"')))
    assert found[:2] == ("warning", "topic water, exclusions")
    assert found[2] == "木森 contains no term; it can only take 森 from a 森林 behind it"


def test_an_exclusion_may_be_another_topic_s_term_if_it_contains_one_of_its_own(
    write: Write,
) -> None:
    path = write(replaced(SMALL, '"ICT"', '"用水平"'))
    assert check_codebook(path) == []


def test_an_exclusion_may_contain_a_term_in_another_width_and_case(write: Write) -> None:
    path = write(replaced(SMALL, '"用水平"', '"\uff29ct设备"'))  # full-width I
    assert check_codebook(path) == []


# --- extending ----------------------------------------------------------------------------------


def test_extension_adds_topics_with_the_themes_of_either_file(write: Write) -> None:
    theme = replaced(THEME, '"ecosystems"', '"mine"')
    own = replaced(replaced(FOREST, '"forest"', '"desert"'), '"ecosystems"', '"mine"')
    shared = replaced(FOREST, '"forest"', '"tundra"')
    extension = write(EXTENSION + theme + own + shared, "extension.toml")
    codebook = read_codebook(write(SMALL), extend=extension)
    assert [topic.id for topic in codebook.topics] == ["water", "forest", "desert", "tundra"]
    assert list(codebook.themes) == ["ecosystems", "mine"]


def test_extension_replaces_a_topic_whole_and_in_its_place(write: Write) -> None:
    water = 'core = ["饮用水"]\n'.join(WATER.split('core = ["水资源", "用水"]\n'))
    water = replaced(
        replaced(water, 'peripheral = ["水利"]\n', ""), 'exclusions = ["用水平"]\n', ""
    )
    extension = write(EXTENSION + water, "extension.toml")
    codebook = read_codebook(write(SMALL), extend=extension)
    assert [topic.id for topic in codebook.topics] == ["water", "forest"]
    topic = codebook.topic("water")
    assert (topic.core, topic.peripheral, topic.exclusions) == (("饮用水",), (), ())


def test_extended_codebook_names_both_and_has_its_own_hash(write: Write) -> None:
    path, extension = write(SMALL), write(EXTENSION + FOREST, "extension.toml")
    codebook = read_codebook(path, extend=extension)
    assert (codebook.id, codebook.version) == ("small+itu-x", "1.0.0+1.1.0")
    assert codebook.title["en"] == "Small codebook"
    assert codebook.sha256 != read_codebook(path).sha256


def test_packaged_codebook_can_be_extended(write: Write) -> None:
    codebook = read_codebook(extend=write(EXTENSION + FOREST, "extension.toml"))
    assert codebook.id == "general-climate-ict+itu-x"
    assert [topic.id for topic in codebook.topics] == [*TOPIC_IDS, "forest"]


def test_conflict_between_the_two_files_is_reported_in_the_file_of_the_exclusion(
    write: Write,
) -> None:
    topic = replaced(FOREST, '"forest"', '"desert"') + 'exclusions = ["水资源"]\n'
    extension = write(EXTENSION + topic, "extension.toml")
    (problem,) = check_codebook(write(SMALL), extend=extension)
    assert problem.severity == "error"
    assert problem.file == str(extension)
    assert problem.what == "水资源 is also a term of water"


def test_exclusion_of_a_replaced_topic_no_longer_counts(write: Write) -> None:
    water = replaced(replaced(WATER, '"用水"', '"用水平"'), 'exclusions = ["用水平"]\n', "")
    extension = write(EXTENSION + water, "extension.toml")
    assert check_codebook(write(SMALL), extend=extension) == []


def test_problems_of_both_files_are_reported_together(write: Write) -> None:
    path = write(replaced(SMALL, 'version = "1.0.0"\n', ""))
    extension = write(EXTENSION + FOREST + "x = 1\n", "extension.toml")
    problems = check_codebook(path, extend=extension)
    assert [problem.file for problem in problems] == [str(path), str(extension)]


def test_absent_extension_is_reported(write: Write, tmp_path: Path) -> None:
    (problem,) = check_codebook(write(SMALL), extend=tmp_path / "none.toml")
    assert problem.severity == "error"
    assert problem.file.endswith("none.toml")


def test_a_near_rule_of_many_groups_is_an_error(write: Write) -> None:
    groups = ", ".join(f'["词{number}"]' for number in range(5))
    rule = f'[[topic.rule]]\nid = "many"\nall = [{groups}]\n'
    assert not [p for p in check_codebook(write(SMALL + rule)) if p.severity == "error"]
    (problem,) = [
        p for p in check_codebook(write(SMALL + rule + "near = 3\n")) if p.severity == "error"
    ]
    assert "rule many" in problem.place
    assert "more than 4 groups" in problem.what
