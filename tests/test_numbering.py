"""What the numbering proves: constructed lists come apart exactly, and so does the real text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resanalysis.labels import write_chinese_number
from resanalysis.redline.inference.lists import build_outline
from resanalysis.redline.inference.numbering import read_numbering
from resanalysis.redline.inference.places import Place

RESOLUTION_182 = Path(__file__).parents[1] / "corpora" / "itu-pp-res-182" / "source.txt"

ROMAN = "i ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi".split()

FAMILIES: dict[str, tuple[str, Callable[[int], str], str]] = {
    "latin": ("", lambda n: chr(96 + n), ")\t"),
    "arabic": ("", str, "\t"),
    "dotted": ("", str, ". "),
    "roman": ("", lambda n: ROMAN[n - 1], ")\t"),
    "article": ("第", write_chinese_number, "条　"),
    "paren_cn": ("（", write_chinese_number, "）"),
    "cn": ("", write_chinese_number, "、"),
}


def flatten(parts: Sequence[tuple[str, str]]) -> tuple[str, str, str]:
    """Return source, old and new text of (op, text) parts; op is both, old or new."""
    return (
        "".join(text for _, text in parts),
        "".join(text for op, text in parts if op != "new"),
        "".join(text for op, text in parts if op != "old"),
    )


def label_items(family: str, ops: Sequence[str]) -> list[tuple[str, str]]:
    """Return the parts of a list whose items live in these versions, labels merged as in Word."""
    before, write, after = FAMILIES[family]
    old = new = 0
    parts = []
    for number, op in enumerate(ops):
        old += op != "new"
        new += op != "old"
        body = f"内容{chr(0x4E00 + number)}" + ("；\n" if number + 1 < len(ops) else "。\n")
        if op == "both" and old != new:
            digits = [("old", write(old)), ("new", write(new))]
            parts += [("both", before), *digits, ("both", after + body)]
        else:
            parts.append((op, before + write(new if op == "new" else old) + after + body))
    return parts


def recover(source: str) -> tuple[str, str, list[Place]]:
    """Return the two versions that numbering alone recovers, and its places."""
    places = read_numbering(source).places
    ops = ["equal"] * len(source)
    for span in (span for place in places for span in place.readings[0].spans):
        ops[span.start : span.end] = [span.op] * (span.end - span.start)
    kept = list(zip(source, ops, strict=True))
    return (
        "".join(char for char, op in kept if op != "insert"),
        "".join(char for char, op in kept if op != "delete"),
        places,
    )


def assert_recovered(parts: Sequence[tuple[str, str]]) -> list[Place]:
    source, old, new = flatten(parts)
    recovered_old, recovered_new, places = recover(source)
    assert (recovered_old, recovered_new) == (old, new)
    return places


runs = st.tuples(
    st.integers(1, 3),  # kept items
    st.sampled_from([("old",), ("new",), ("old", "new"), ("new", "new"), ("old", "old", "new")]),
)


@pytest.mark.parametrize("family", sorted(set(FAMILIES) - {"roman"}))
@given(changes=st.lists(runs, max_size=3), first=st.booleans())
def test_lists_with_kept_items_between_their_changes_come_apart_exactly(
    family: str, changes: list[tuple[int, tuple[str, ...]]], first: bool
) -> None:
    ops = ["old"] if first else []
    for kept, changed in changes:
        ops += ["both"] * kept + list(changed)
    assert_recovered(label_items(family, [*ops, "both", "both"]))


def test_merged_numerals_that_split_two_ways_give_two_readings() -> None:
    # iii is ii and i, or i and ii: whether the first item was deleted or inserted, nothing tells.
    source, old, new = flatten(label_items("roman", ["old", "both", "both"]))
    assert source == "i)\t内容一；\niii)\t内容丁；\niiiii)\t内容丂。\n"
    (place,) = read_numbering(source).places
    first, second = place.readings[:2]
    assert {reading.spans[0].op for reading in (first, second)} == {"delete", "insert"}
    assert first.weight + second.weight > 0.9
    assert place.readings[0].spans[0].certainty != "proven"
    assert set(recover(source)[:2]) == {old, new}


def test_an_unchanged_list_comes_back_whole() -> None:
    source = "a)\t甲；\nb)\t乙；\nc)\t丙；\nd)\t丁，\n"
    assert recover(source)[:2] == (source, source)


def test_a_replaced_item_is_deleted_before_it_is_inserted() -> None:
    assert_recovered(label_items("latin", ["both", "old", "new", "both"]))


def test_numbers_begin_anew_under_a_heading() -> None:
    parts = [("both", "认识到\n"), *label_items("latin", ["both", "old", "both"])]
    parts += [("both", "考虑到\n"), *label_items("latin", ["both", "both", "new", "both"])]
    assert_recovered(parts)


def test_a_heading_may_end_in_a_colon() -> None:
    parts = [*label_items("arabic", ["both", "both", "both"]), ("both", "请成员国：\n")]
    assert_recovered([*parts, *label_items("arabic", ["both", "old", "both"])])


def test_articles_run_on_through_chapters() -> None:
    articles = label_items("article", ["both", "new", "both", "both"])
    parts = [("both", "第一章　总则\n"), *articles[:2], ("both", "第二章　附则\n"), *articles[2:]]
    assert_recovered([*parts, ("both", "第三章　附则\n")])


def test_sections_begin_anew_in_each_chapter() -> None:
    source = "第一章 甲\n第一节 甲\n第一条 甲。\n第二章 乙\n第一节 乙\n第二条 乙。\n"
    old, new, places = recover(source)
    assert (old, new) == (source, source)
    assert not any(place.note for place in places)


def test_a_deleted_item_takes_its_inner_list_with_it() -> None:
    inner = [("old", "i)\t内一；\n"), ("old", "ii)\t内二；\n")]
    parts = [("both", "1\t甲；\n"), ("old", "2\t乙：\n"), *inner]
    parts += [("old", "3"), ("new", "2"), ("both", "\t丙。\n")]
    places = assert_recovered(parts)
    assert len(places) == 1


def test_a_list_that_a_paragraph_leads_to_is_kept_apart() -> None:
    lines = ["1\t甲；", "应当提供下列材料：", "a)\t乙；", "b)\t丙。", "2\t丁。"]
    outline = build_outline(lines)
    assert [node.line for node in outline.roots[0].nodes] == [0, 4]
    assert [(items.paragraph, len(items.nodes)) for items in outline.led] == [(1, 2)]


@pytest.mark.parametrize(("ending", "dead"), [("：。", "new"), ("。：", "old")])
def test_a_colon_beside_a_full_stop_leads_to_a_list_in_one_version(ending: str, dead: str) -> None:
    inner = "a)\t乙；\nb)\t丙。\n"
    versions = dict(
        zip(("old", "new"), recover(f"1\t甲{ending}\n{inner}2\t丁。\n")[:2], strict=True)
    )
    assert inner not in versions.pop(dead)
    assert inner in next(iter(versions.values()))


def test_a_line_right_after_one_of_the_other_version_is_not_proven() -> None:
    numbering = read_numbering("1\t甲；\n2\t乙；\n2\t丙；\n3\t丁；\n4\t戊。\n")
    spans = [span for place in numbering.places for span in place.readings[0].spans]
    second = next(span for span in spans if span.op == "insert")
    assert second.certainty == "likely"


def test_an_inner_list_of_a_kept_item_has_a_place_of_its_own() -> None:
    inner = label_items("roman", ["both", "old", "both", "both"])
    parts = [("both", "1\t甲：\n"), *inner, ("both", "2\t乙；\n"), ("both", "3\t丙。\n")]
    places = assert_recovered(parts)
    inside = [place for place in places if any(s.op != "equal" for s in place.readings[0].spans)]
    assert [place.readings[0].spans[0].start for place in inside] == [5]


def test_inner_lists_of_laws() -> None:
    parts = [("both", "第一条　甲：\n"), *label_items("paren_cn", ["both", "old", "both"])]
    parts += [("both", "第二条　乙：\n"), *label_items("paren_cn", ["both", "new", "both"])]
    assert_recovered([*parts, ("both", "第三条　丙。\n")])


def test_bullets_carry_no_number() -> None:
    source = "1\t甲：\n–\t内一\n–\t内二\n2\t乙；\n3\t丙。\n"
    old, new, places = recover(source)
    assert (old, new) == (source, source)
    bullets = range(source.index("–"), source.index("2"))
    assert not any(s.start in bullets for place in places for s in place.readings[0].spans)


def test_bullets_go_with_their_item() -> None:
    parts = [("both", "1\t甲；\n"), ("old", "2\t乙：\n"), ("old", "–\t内一\n–\t内二\n")]
    assert_recovered([*parts, ("old", "3"), ("new", "2"), ("both", "\t丙。\n")])


def test_roman_numerals_without_an_outer_list() -> None:
    assert_recovered(label_items("roman", ["both", "old", "both", "both"]))


def test_i_after_h_is_a_letter() -> None:
    assert_recovered(label_items("latin", ["both"] * 6 + ["old"] + ["both"] * 4))


def test_i_under_h_is_a_numeral() -> None:
    letters = [("both", f"{letter})\t{letter}的内容；\n") for letter in "abcdefg"]
    inner = label_items("roman", ["both", "old", "both", "both"])
    assert_recovered([*letters, ("both", "h)\t甲：\n"), *inner, ("both", "i)\t乙。\n")])


@pytest.mark.parametrize(
    ("labels", "slips"),
    [
        ("123956", "line 4: {} label 9, not 4"),
        ("123556", "line 4: {} label 5, not 4"),
        ("123356", "line 4: {} label 3, not 4"),
        ("124567", "line 3: {} label 4, not 3"),
    ],
)
def test_a_slip_is_tolerated_and_reported_once(labels: str, slips: str) -> None:
    source = "".join(f"{label}\t第{i}个内容；\n" for i, label in enumerate(labels))
    old, new, places = recover(source)
    assert (old, new) == (source, source)
    notes = [place.note for place in places if place.note]
    assert notes == ["; ".join(slips.format(version) for version in ("old", "new"))]


def test_a_list_that_goes_on_after_a_heading_has_no_slip() -> None:
    source = "一、甲。\n二、乙。\n小标题\n三、丙。\n四、丁。\n"
    old, new, places = recover(source)
    assert (old, new) == (source, source)
    assert not any(place.note for place in places)


def test_a_slip_is_reported_where_nothing_else_is_in_doubt() -> None:
    numbers = ["一", "二", "九", "四", "五", "六", "七", "八", "九", "十"]
    lines = [f"{number}、内容；\n" for number in numbers]
    places = read_numbering("".join([*lines[:4], "小标题\n", *lines[4:]])).places
    assert {span.op for span in places[0].readings[0].spans} == {"equal"}
    assert places[0].note == "line 3: old label 九, not 三; line 3: new label 九, not 三"


def test_changes_are_found_in_a_list_that_goes_on_after_a_heading() -> None:
    items = label_items("cn", ["both", "both", "old", "both", "both"])
    assert_recovered([*items[:2], ("both", "小标题\n"), *items[2:]])


def test_a_closing_comma_before_a_semicolon_ends_the_old_list() -> None:
    source = "a)\t甲；\nb)\t乙，；\nc)\t丙；\nd)\t丁，\n"
    assert recover(source)[:2] == ("a)\t甲；\nb)\t乙，；\n", source)


def test_a_closing_semicolon_before_a_comma_goes_on_in_the_old_list() -> None:
    source = "a)\t甲；\nb)\t乙；，\nc)\t丙，\n"
    assert recover(source)[:2] == (source, "a)\t甲；\nb)\t乙；，\n")


def test_weights_of_the_readings_of_a_place_sum_to_one() -> None:
    places = read_numbering("1\t甲；\n2\t乙；\n3\t丙；\n4\t丁。\n5\t戊。\n").places
    assert places
    for place in places:
        assert sum(reading.weight for reading in place.readings) == pytest.approx(1)
        assert all(place.readings[0].weight >= reading.weight for reading in place.readings[1:])


def test_what_two_readings_explain_equally_is_not_proven() -> None:
    # Nothing tells whether the last item was deleted or inserted, or stands in both versions.
    (place,) = read_numbering("1\t甲；\n2\t乙。；\n3\t丙。\n").places
    assert len(place.readings) > 1
    assert {span.certainty for span in place.readings[0].spans if span.op == "insert"} <= {
        "likely",
        "undecidable",
    }


def test_decisive_numbering_is_proven() -> None:
    (place,) = read_numbering("a)\t甲；\nb)\t乙；\ncb)\t丙；\ndc)\t丁。\n").places
    changed = [span for span in place.readings[0].spans if span.op != "equal"]
    assert {span.certainty for span in changed} == {"proven"}


def test_the_largest_list_takes_seconds_at_most() -> None:
    ops = (["both"] * 40 + ["old", "new", "new"]) * 20
    assert_recovered(label_items("arabic", [*ops, "both", "both"]))


def test_lists_nest_and_close() -> None:
    (outer,) = build_outline(
        ["1\t甲：", "i)\t内：", "–\t点", "ii)\t内", "2\t乙", "一段话，很长。"]
    ).roots
    assert [node.line for node in outer.nodes] == [0, 4]
    (inner,) = outer.nodes[0].lists
    assert [node.line for node in inner.nodes] == [1, 3]
    assert [node.line for node in inner.nodes[0].lists[0].nodes] == [2]


# --- the real text, without decisions -----------------------------------------------------------


@pytest.fixture(scope="module")
def resolution_lines() -> dict[str, list[str]]:
    """Return the lines that numbering alone puts into one version only."""
    text = RESOLUTION_182.read_text("utf-8")
    found: dict[str, list[str]] = {"delete": [], "insert": []}
    for place in read_numbering(text).places:
        for span in place.readings[0].spans:
            if span.op != "equal" and span.end - span.start > 8:
                found[span.op].append(text[span.start : span.end])
    return found


def test_the_clauses_that_resolution_182_lost(resolution_lines: dict[str, list[str]]) -> None:
    beginnings = [
        "d)\t有关用于早期预警、减灾和赈灾",  # recognizing
        "k)\t有关ICT应用的WTDC第54号决议",
        "c)\t联合国年度气候变化大会的成果",  # recognizing further
        "e)\t几个国家已承诺到2020年",  # considering further
        "b)\tWTDC-14通过的",  # noting
        "3\t在与其他行业开展的专家和专门讨论中",  # TSB, with its items
        "i)\t显示国际电联",
        "ii)\t共享部署",
        "iii)\t确保国际电联",
    ]
    assert_beginnings(resolution_lines["delete"], beginnings)


def test_the_clauses_that_resolution_182_gained(resolution_lines: dict[str, list[str]]) -> None:
    beginnings = [
        "m)\t国际电联电信发展部门（ITU-D）第2研究组",  # recognizing
        "f)\t2015年联合国气候大会",  # recognizing further
        "g)\t2021年联合国气候大会",
        "d)\t联合国政府间气候变化专门委员会",  # considering
        "d)\t与ICT基础设施相关的",  # considering further
        "f)\t欧盟2030年目标计划",
        "g)\t由ITU-T、GSM协会",
        "i)\t目前正在开发",
        "n)\t“我们的2050年世界”",
        "b)\t电信/ICT通过使用原材料",  # aware
        "c)\t为了减少能源消耗",
        "3\t鼓励电信/ICT行业遵循",  # resolves
        "5\t以身作则",  # the Secretary-General
        "9\t继续与联合国内其它实体",
        "1\t帮助使用数字技术",  # the Directors
        "5\t推动任何能将ICT对生物多样性",  # Member States
        "6\t提高能源供应效率",
        "7\t通过公布关于设备",
        "8\t为电信/ICT企业",
        "15\t开展合作",
    ]
    assert_beginnings(resolution_lines["insert"], beginnings)


def assert_beginnings(lines: list[str], beginnings: list[str]) -> None:
    assert [line[: len(start)] for line, start in zip(lines, beginnings, strict=True)] == beginnings


def test_the_slip_of_resolution_182_is_reported() -> None:
    text = RESOLUTION_182.read_text("utf-8")
    notes = [place.note for place in read_numbering(text).places if place.note]
    assert notes == ["line 49: new label i, not j"]
    assert text.split("\n")[48].startswith("gi)")


@pytest.mark.parametrize(
    "labels",
    [["1"] * 30, [str(3 * i + 1) for i in range(30)], [str(i * 37 % 89) for i in range(1, 30)]],
    ids=["all alike", "with gaps", "at random"],
)
def test_labels_that_do_not_count_prove_nothing_and_one_note_says_so(labels):
    text = "".join(f"{label}\t甲；\n" for label in labels)

    places = read_numbering(text).places

    assert [place.note for place in places] == [
        f"lines 1 to {len(labels)}: most of the {len(labels)} labels of this list follow on from"
        " none above; nothing is concluded from its numbering"
    ]
    assert {span.op for span in places[0].readings[0].spans} == {"equal"}


def test_of_many_slips_in_one_list_the_first_are_named_and_the_rest_counted():
    text = "".join(f"{'abcdefghij'[i % 10]})\t甲；\n" for i in range(100))

    notes = [place.note for place in read_numbering(text).places]

    assert len(notes) == 1
    assert notes[0].count("label") == 5
    assert notes[0].endswith("more slips")


def test_the_last_number_of_a_list_begins_anew_at_a_heading():
    outline = build_outline(["a)\t甲；", "b)\t乙；", "c)\t丙。", "忆及", "a)\t丁；"])

    assert outline.roots[0].last_number == 1
