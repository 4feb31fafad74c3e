"""A flattened text and one known version: what is proven, what fits twice, what does not fit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resanalysis.model import InputError, Version
from resanalysis.redline import Redline, Run, join_runs, recover_versions
from resanalysis.redline.known.version import embed_version, recover_known

letters = st.text(alphabet="甲乙，。\n 1", max_size=12)
parts = st.lists(st.tuples(st.sampled_from(["equal", "delete", "insert"]), letters), max_size=8)


def keep(text: str) -> Redline:
    """Propose that everything is in both versions."""
    return join_runs([Run(text, "equal")], rule="none")


def machine(text: str) -> Redline:
    return recover_versions(text, cut=list)


def recover(text: str, known: str, version: Version, propose=machine) -> Redline:
    return recover_known(text, known, version=version, propose=propose, cut=list)


def outside(text: str, known: str, **options) -> list[str]:
    """Return the runs of the text that the known version leaves outside."""
    embedding = embed_version(text, known, version="old", cut=list, **options)
    ends = [0, *(end for span in embedding.inside for end in span), len(text)]
    return [text[a:b] for a, b in zip(ends[::2], ends[1::2], strict=True) if a < b]


def is_subsequence(part: str, whole: str) -> bool:
    rest = iter(whole)
    return all(char in rest for char in part)


def fewest_runs(text: str, known: str) -> int:
    """Return the least number of runs outside, by trying every embedding."""
    best = {(0, True): 0}  # characters of known used, whether the last one was inside
    for char in text:
        following: dict[tuple[int, bool], int] = {}
        for (j, inside), runs in best.items():
            options = [((j, False), runs + inside)]
            if j < len(known) and known[j] == char:
                options.append(((j + 1, True), runs))
            for key, value in options:
                following[key] = min(value, following.get(key, value))
        best = following
    return min(runs for (j, _), runs in best.items() if j == len(known))


def versions(pieces: list[tuple[str, str]]) -> tuple[str, str, str]:
    text = "".join(piece for _, piece in pieces)
    old = "".join(piece for op, piece in pieces if op != "insert")
    return text, old, "".join(piece for op, piece in pieces if op != "delete")


@given(parts, st.sampled_from(["old", "new"]))
def test_the_known_version_comes_back(pieces: list[tuple[str, str]], version: Version) -> None:
    text, old, new = versions(pieces)
    known = old if version == "old" else new
    redline = recover(text, known, version)
    assert redline.source == text
    assert redline.text(version) == known
    assert is_subsequence(redline.text("new" if version == "old" else "old"), text)


@given(parts)
def test_no_embedding_has_fewer_runs(pieces: list[tuple[str, str]]) -> None:
    text, old, _ = (version.replace("\n", "") for version in versions(pieces))
    runs = len(outside(text, old))
    # Of one line: an edge of a word may be worth a little, never as much as a run at each of them.
    assert fewest_runs(text, old) <= runs <= fewest_runs(text, old) * 1.6


@given(parts)
def test_the_readings_of_a_place_are_whole(pieces: list[tuple[str, str]]) -> None:
    text, old, _ = versions(pieces)
    redline = recover(text, old, "old")
    for group, rows in redline.alternatives.groupby("group"):
        weights = rows.drop_duplicates("reading")["weight"]
        assert weights.sum() == pytest.approx(1)
        assert group in set(redline.segments["group"])
        for row in rows[rows["reading"] == 1].itertuples():
            inner = redline.segments.query("start >= @row.start and end <= @row.end")
            assert set(inner["op"]) == {row.op}


def test_text_outside_the_known_version_is_proven() -> None:
    redline = recover("甲乙\n丙丁\n", "甲乙\n", "old")
    (row,) = redline.segments.query("op == 'insert'").to_dict("records")
    assert (row["text"], row["certainty"], row["confidence"]) == ("丙丁\n", "proven", 1.0)
    assert row["rule"] == "known-version"


def test_text_outside_a_known_new_version_is_deleted() -> None:
    redline = recover("甲乙\n丙丁\n", "甲乙\n", "new")
    assert redline.segments.query("op == 'delete'")["text"].tolist() == ["丙丁\n"]


def test_whole_lines_stand_outside_rather_than_parts_of_two() -> None:
    assert outside("甲乙。\n甲丙。\n", "甲乙。\n") == ["甲丙。\n"]


def test_a_unit_of_the_known_version_is_not_cut() -> None:
    assert outside("在2014年2012年通过", "在2012年通过") == ["2014年"]


def test_what_was_proposed_settles_a_tie() -> None:
    text, known = "子甲丁甲戊", "子甲戊"
    e, i = "equal", "insert"
    assert outside(text, known, proposed=[e, e, i, i, e]) == ["丁甲"]
    assert outside(text, known, proposed=[e, i, i, e, e]) == ["甲丁"]


def test_a_run_that_slides_is_listed_with_its_weights() -> None:
    embedding = embed_version("甲丁甲戊", "甲戊", version="old", cut=list)
    (place,) = embedding.ambiguous
    assert {reading.outside for reading in place.readings} == {((0, 2),), ((1, 3),)}
    assert sum(reading.weight for reading in place.readings) == pytest.approx(1)
    assert not place.harmless


def test_a_run_of_equal_characters_slides_without_harm() -> None:
    embedding = embed_version("甲甲甲", "甲甲", version="old", cut=list)
    (place,) = embedding.ambiguous
    assert place.harmless


def test_a_slide_of_text_in_both_versions_leaves_it_proven() -> None:
    redline = recover("、丁、戊", "、戊", "old", propose=keep)
    assert redline.text("new") == "、丁、戊"
    assert redline.alternatives.empty
    assert redline.segments.query("op == 'insert'")["certainty"].tolist() == ["proven"]


def test_a_slide_that_changes_the_other_text_gives_alternatives() -> None:
    def propose(text: str) -> Redline:
        assert text == "子、丁、戊"
        runs = [Run("子", "equal"), Run("、", "delete"), Run("丁、", "insert"), Run("戊", "equal")]
        return join_runs(runs, rule="guess")

    redline = recover("子、丁、戊", "子、戊", "old", propose=propose)
    assert redline.text("new") == "子丁、戊"
    assert "proven" not in set(redline.segments.query("op == 'insert'")["certainty"])
    other = redline.alternatives.query("reading == 2")
    ops = {i: row.op for row in other.itertuples() for i in range(row.start, row.end)}
    assert [ops.get(i, "equal") for i in range(1, 4)] == ["insert", "insert", "delete"]


def test_a_new_line_is_not_made_of_the_ends_of_two() -> None:
    text = "c)\t洪水日益频繁；\ncd)\t安全饮用水，\n"
    assert outside(text, "c)\t安全饮用水，\n") == ["c)\t洪水日益频繁；\n", "d"]


def test_a_number_beside_a_number_outside_is_replaced() -> None:
    redline = recover("在20142022年通过", "在2014年通过", "old", propose=keep)
    assert redline.text("new") == "在2022年通过"
    redline = recover("在20142022年通过", "在2022年通过", "new", propose=keep)
    assert redline.text("old") == "在2014年通过"


def test_a_label_beside_a_label_outside_is_replaced() -> None:
    text = "c)\t甲乙；\ned)\t丙丁；\n"
    redline = recover(text, "c)\t甲乙；\ne)\t丙丁；\n", "old", propose=keep)
    assert redline.text("new") == "c)\t甲乙；\nd)\t丙丁；\n"


def test_a_line_beside_its_rewording_is_replaced() -> None:
    old, new = "为了保护生物多样性，\n", "为了保护水生物的多样性，\n"
    redline = recover(old + new + "甲\n", old + "甲\n", "old", propose=keep)
    assert redline.text("new") == new + "甲\n"


def test_a_place_read_the_wrong_way_round_is_turned() -> None:
    def propose(text: str) -> Redline:
        runs = [Run("子丑", "delete"), Run("寅卯", "insert"), Run(text[4:], "equal")]
        redline = join_runs(runs, rule="guess")
        redline.segments.loc[:1, "group"] = "guess:1:1"
        return redline

    redline = recover("子丑寅卯。", "寅卯。", "old", propose=propose)
    assert redline.text("new") == "子丑。"


def test_a_place_that_the_known_version_contradicts_is_dropped() -> None:
    def propose(text: str) -> Redline:
        runs = [Run("子", "delete"), Run("丑寅卯", "insert"), Run(text[4:], "equal")]
        redline = join_runs(runs, rule="guess")
        redline.segments.loc[:1, "group"] = "guess:1:1"
        return redline

    redline = recover("子丑寅卯。", "子丑寅卯。", "old", propose=propose)
    assert set(redline.segments["op"]) == {"equal"}
    assert redline.segments["confidence"].iloc[0] <= 0.5
    assert "1 proposed places contradict" in " ".join(redline.notes)


def test_other_white_space_is_kept_and_reported() -> None:
    redline = recover("a)\t甲乙 丙\n丁戊\n", "a) 甲乙丙\n", "old", propose=keep)
    assert redline.text("old") == "a)\t甲乙 丙\n"
    notes = " ".join(redline.notes)
    assert "line 1 of the known old version: it has ' ', the text '\\t'" in notes
    assert "it has '', the text ' '" in notes


def test_line_breaks_of_another_system_fit() -> None:
    redline = recover("甲\n乙丙\n丁\n", "甲\r\n丁\r\n", "new", propose=keep)
    assert redline.text("new") == "甲\n丁\n"


def test_every_place_that_does_not_fit_is_listed() -> None:
    text = "第一行甲乙丙丁戊己庚辛壬癸的文字。\n第二行子丑寅卯辰巳午未申酉的文字。\n"
    known = text.replace("己", "己外文").replace("的文字。\n第", "的文字.\n第")
    with pytest.raises(InputError) as caught:
        embed_version(text, known, version="new", cut=list, name="new.txt")
    first, second = caught.value.problems
    assert (first.file, first.place) == ("new.txt", "line 1")
    assert "the new version has '外文' (2 characters)" in first.what
    assert "the new version has '.' (1 characters)" in second.what
    assert "write '。'" not in first.remedy


def test_a_difference_of_width_says_what_to_write() -> None:
    text = "第一行甲乙丙丁，戊己庚辛壬癸的文字，第二行子丑寅卯。"
    with pytest.raises(InputError) as caught:
        embed_version(text, text.replace("丁，", "丁,"), version="old", cut=list)
    (problem,) = caught.value.problems
    assert problem.remedy.startswith("Only the width of characters differs: write '，'")


def test_another_text_is_called_so() -> None:
    with pytest.raises(InputError, match="of 18 characters of the old version are not in the text"):
        embed_version(
            "甲乙丙丁戊己。\n", "完全是另外一份文件里的另外一段话。甲", version="old", cut=list
        )


def test_an_empty_version_leaves_everything_outside() -> None:
    redline = recover("甲\n乙\n", "", "old")
    assert redline.segments["op"].tolist() == ["insert"]
    assert recover("", "", "new").segments.empty


def test_the_small_resolution_gains_by_either_version(
    small_corpus, small_versions: dict[str, str]
) -> None:
    text = (small_corpus / "source.txt").read_text("utf-8")
    for version, other in (("old", "new"), ("new", "old")):
        redline = recover(text, small_versions[version], version)
        assert redline.text(version) == small_versions[version]
        alone = machine(text).text(other)
        truth = small_versions[other].splitlines()
        gained = len(set(truth) & set(redline.text(other).splitlines()))
        assert gained >= len(set(truth) & set(alone.splitlines()))
        assert gained >= 0.85 * len(set(truth))


def test_a_numbered_clause_is_not_replaced_by_a_deleted_clause_much_like_it():
    text = "忆及\na)\t大会第3号决议关于水的意见；\nb)\t大会第5号决议关于纸的意见；\ncb)\t其他。\n"
    known = "忆及\na)\t大会第3号决议关于水的意见；\nb)\t其他。\n"

    redline = recover(text, known, "new")

    assert redline.text("old") == (
        "忆及\na)\t大会第3号决议关于水的意见；\nb)\t大会第5号决议关于纸的意见；\nc)\t其他。\n"
    )
