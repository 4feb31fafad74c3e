"""Pairs of clauses, on small redlines written in CriticMarkup."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from resanalysis.alignment import align, align_clauses, source_offsets
from resanalysis.tables import TABLES, make_table

if TYPE_CHECKING:
    from collections.abc import Sequence

MARK = re.compile(r"\{--(.*?)--\}|\{\+\+(.*?)\+\+\}|\[\[(.*?)\]\]|([^{\[]+)", re.DOTALL)
LONG = "认识到信息通信技术可以帮助各国监测气候变化并减缓其影响"


class Redline:
    """A redline of lines (kind, marker, text) -> `segments` and the `clauses` of both versions.

    `[[...]]` masks a run; `kind:addressee` names who a heading speaks to.
    """

    def __init__(self, lines: Sequence[tuple[str, str, str]]) -> None:
        self.spans: list[tuple[int, int, str]] = []
        self.size = 0
        self.text = {"old": "", "new": ""}
        self.rows: list[dict[str, object]] = []
        above = {"old": ("", ""), "new": ("", "")}
        for kind, marker, text in lines:
            kind, _, addressee = kind.partition(":")
            markers, texts = self._read(marker), self._read(text + "\n")
            for version in ("old", "new"):
                start, own, masked = texts[version]
                own = own.rstrip("\n")
                if not own:
                    continue
                if kind == "heading":
                    above[version] = (own, addressee)
                name = markers[version][1]
                identity = f"{above[version][0]}__{name}"
                same = [r for r in self.rows if r["version"] == version]
                repeats = sum(str(r["clause_id"]).split("_x")[0] == identity for r in same)
                self.rows.append(
                    {
                        "corpus": "small",
                        "edition": version,
                        "version": version,
                        "clause_id": identity + (f"_x{repeats}" if repeats else ""),
                        "kind": kind,
                        "part": "operative" if above[version][1] else "preambular",
                        "heading": above[version][0],
                        "addressee": above[version][1],
                        "strength": 0,
                        "marker": name,
                        "depth": 1,
                        "parent_id": "",
                        "text": own,
                        "start": start,
                        "end": len(self.text[version]) - 1,
                        "masked": json.dumps(masked),
                    }
                )

    def _read(self, marked: str) -> dict[str, tuple[int, str, list[list[int]]]]:
        start = {version: len(text) for version, text in self.text.items()}
        own = {"old": "", "new": ""}
        masked: dict[str, list[list[int]]] = {"old": [], "new": []}
        for match in MARK.finditer(marked):
            deleted, inserted, hidden, _ = match.groups()
            run = next(group for group in match.groups() if group is not None)
            op = "delete" if deleted is not None else "insert" if inserted is not None else "equal"
            self.spans.append((self.size, self.size + len(run), op))
            self.size += len(run)
            for version, other in (("old", "insert"), ("new", "delete")):
                if op == other:
                    continue
                if hidden is not None:
                    here = len(self.text[version])
                    masked[version].append([here, here + len(run)])
                else:
                    own[version] += run
                self.text[version] += run
        return {v: (start[v], own[v], masked[v]) for v in ("old", "new")}

    @property
    def segments(self) -> pd.DataFrame:
        return pd.DataFrame(self.spans, columns=["start", "end", "op"])

    @property
    def clauses(self) -> pd.DataFrame:
        return make_table("clauses", self.rows)

    def align(self, **options: float) -> pd.DataFrame:
        return align_clauses(self.clauses, self.segments, **options)


def clean(lines: Sequence[tuple[str, str, str]]) -> Redline:
    """Return the same two versions as one delete and one insert segment."""
    redline = Redline(lines)
    old, new = len(redline.text["old"]), len(redline.text["new"])
    redline.spans = [(0, old, "delete"), (old, old + new, "insert")]
    return redline


def only(pairs: pd.DataFrame) -> dict[str, object]:
    assert len(pairs) == 1
    return pairs.iloc[0].to_dict()


# --- source offsets -----------------------------------------------------------------------------


def test_source_offsets_give_back_each_version() -> None:
    source = "（2014年，釜山2022年，布加勒斯特）"
    segments = pd.DataFrame(
        {
            "start": [0, 1, 9, 20],
            "end": [1, 9, 20, 21],
            "op": ["equal", "delete", "insert", "equal"],
        }
    )
    read = {v: "".join(source[k] for k in source_offsets(segments, v)) for v in ("old", "new")}
    assert read == {"old": "（2014年，釜山）", "new": "（2022年，布加勒斯特）"}


def test_source_offsets_of_no_segments_are_empty() -> None:
    segments = make_table("segments", [])
    assert source_offsets(segments, "old").tolist() == []


def test_source_offsets_refuse_an_unknown_version() -> None:
    with pytest.raises(ValueError, match="'old' or 'new'"):
        source_offsets(make_table("segments", []), "newer")  # type: ignore[arg-type]


# --- what changed -------------------------------------------------------------------------------


def test_table_has_the_columns_of_the_model() -> None:
    pairs = Redline([("clause", "a)", "水")]).align()
    assert list(pairs) == [column.name for column in TABLES["pairs"]]


def test_equal_clause_is_noc_without_flags() -> None:
    assert only(Redline([("clause", "a)", f"{LONG}；")]).align()) == {
        "corpus": "small",
        "old_id": "__a)",
        "new_id": "__a)",
        "change": "NOC",
        "editorial": False,
        "renumbered": False,
        "moved": False,
        "relation": "1:1",
        "similarity": 1.0,
    }


def test_closing_punctuation_alone_is_an_editorial_noc() -> None:
    row = only(Redline([("clause", "a)", f"{LONG}{{--，--}}；")]).align())
    assert (row["change"], row["editorial"], row["renumbered"]) == ("NOC", True, False)


def test_other_label_alone_is_a_renumbered_editorial_noc() -> None:
    row = only(Redline([("clause", "{--e--}{++d++})", LONG)]).align())
    assert (row["change"], row["editorial"], row["renumbered"]) == ("NOC", True, True)


def test_edited_clause_is_mod_with_indel_similarity() -> None:
    row = only(Redline([("clause", "a)", "监测{--水--}{++碳++}排放")]).align())
    assert row["change"] == "MOD"
    assert row["similarity"] == 1 - 2 / 10


def test_clauses_that_share_little_are_sup_and_add() -> None:
    pairs = Redline([("clause", "a)", "{--供水和卫生服务--}{++减少碳的排放++}；")]).align()
    assert sorted(zip(pairs["change"], pairs["old_id"], pairs["new_id"], strict=True)) == [
        ("ADD", "", "__a)"),
        ("SUP", "__a)", ""),
    ]


def test_share_at_the_threshold_pairs() -> None:
    redline = Redline([("clause", "a)", "监测{--供水--}{++碳汇++}")])
    assert redline.align(threshold=0.5)["change"].tolist() == ["MOD"]
    assert redline.align(threshold=0.51)["change"].tolist() == ["SUP", "ADD"]


def test_masked_characters_are_no_evidence() -> None:
    lines = [("clause", "a)", "{--供水和卫生--}{++减少碳排放++}[[：见本决议脚注所列发展中国家]]")]
    assert Redline(lines).align()["change"].tolist() == ["SUP", "ADD"]


def test_evidence_of_the_redline_goes_before_likeness() -> None:
    # The new clause reads like the suppressed one, but the redline kept another one's characters.
    pairs = Redline(
        [
            ("clause", "1", "{--减少温室气体的排放，保护水资源--}"),
            ("clause", "2", "减少温室气体的排放，保护{--森林与海洋的生物多样--}{++水资源++}"),
        ]
    ).align()
    one_to_one = pairs[pairs["relation"] == "1:1"]
    assert one_to_one[["old_id", "new_id", "change"]].to_numpy().tolist() == [
        ["__1", "", "SUP"],
        ["__2", "__2", "MOD"],
    ]


def test_assignment_is_optimal_not_greedy() -> None:
    # Old 1 resembles new 1 best, but then old 2 would stay alone.
    pairs = clean(
        [
            ("clause", "1", "{--甲乙丙丁戊己--}"),
            ("clause", "2", "{--甲乙丙丁--}"),
            ("clause", "1", "{++甲乙丙丁戊++}"),
            ("clause", "2", "{++甲乙丙戊己庚辛壬++}"),
        ]
    ).align()
    assert dict(zip(pairs["old_id"], pairs["new_id"], strict=True)) == {"__1": "__2", "__2": "__1"}


def test_clean_texts_pair_by_wording() -> None:
    pairs = clean(
        [
            ("clause", "a)", "{++新增的供水条款++}"),
            ("clause", "{--a--}{++b++})", f"{LONG}{{++和灾害++}}；"),
        ]
    ).align()
    assert pairs[["old_id", "new_id", "change"]].to_numpy().tolist() == [
        ["", "__a)", "ADD"],
        ["__a)", "__b)", "MOD"],
    ]


def test_equal_clauses_pair_under_their_own_headings() -> None:
    pairs = clean(
        [
            ("heading", "", "{++考虑到++}"),
            ("clause", "1", "{++保护环境++}"),
            ("heading", "", "铭记"),
            ("clause", "1", "保护环境"),
        ]
    ).align()
    assert dict(zip(pairs["new_id"], pairs["old_id"], strict=True)) == {
        "考虑到__1": "",
        "铭记__1": "铭记__1",
    }


def test_equal_clauses_of_one_heading_pair_in_order() -> None:
    pairs = clean([("clause", str(k), "保护环境") for k in range(5)]).align()
    assert pairs["old_id"].tolist() == pairs["new_id"].tolist()
    assert not pairs["moved"].any()


def test_equal_clauses_behind_insertions_do_not_cross() -> None:
    # All distances between old and new add up alike; only squared ones tell the order.
    added = [("clause", f"0{k}", f"{{++新增的供水条款{k * '和水'}++}}") for k in range(6)]
    pairs = clean([*added, *(("clause", str(k), "保护环境") for k in range(4))]).align()
    kept = pairs[pairs["old_id"] != ""]
    assert kept["old_id"].tolist() == kept["new_id"].tolist()


def test_one_of_two_equal_clauses_pairs_with_the_nearest() -> None:
    texts = ["{--保护环境--}", "子丑寅卯辰", "春夏秋冬季", "保护环境"]
    pairs = clean([("clause", str(k), text) for k, text in enumerate(texts)]).align()
    assert pairs.loc[pairs["change"] == "SUP", "old_id"].tolist() == ["__0"]


def test_titles_headings_and_footnotes_are_not_paired() -> None:
    kinds = ("title", "opening", "heading", "footnote", "other")
    assert Redline([(kind, "", LONG) for kind in kinds]).align().empty


# --- moved --------------------------------------------------------------------------------------


def test_clause_out_of_the_common_order_is_moved() -> None:
    texts = ["甲乙丙丁戊", "子丑寅卯辰", "春夏秋冬季", "东南西北中"]
    old = [("clause", str(k), f"{{--{text}--}}") for k, text in enumerate(texts)]
    new = [("clause", str(k), f"{{++{texts[m]}++}}") for k, m in enumerate([3, 0, 1, 2])]
    pairs = clean(old + new).align()
    assert pairs.set_index("old_id")["moved"].to_dict() == {
        "__3": True,
        "__0": False,
        "__1": False,
        "__2": False,
    }


def test_insertions_and_deletions_move_nothing() -> None:
    texts = ["甲乙丙丁戊", "子丑寅卯辰", "春夏秋冬季", "东南西北中", "金木水火土"]
    marks = ["{{--{}--}}", "{}", "{{++{}++}}", "{}", "{}"]
    lines = [("clause", str(k), marks[k].format(text)) for k, text in enumerate(texts)]
    assert not Redline(lines).align()["moved"].any()


def test_clause_under_another_heading_is_moved() -> None:
    pairs = clean(
        [
            ("heading", "", "认识到"),
            ("clause", "a)", "{--供水和卫生服务--}"),
            ("heading:SG", "", "责成秘书长"),
            ("clause", "1", "{++供水和卫生服务++}"),
        ]
    ).align()
    assert (only(pairs)["change"], only(pairs)["moved"]) == ("NOC", True)


@pytest.mark.parametrize("make", [Redline, clean])
def test_reworded_heading_is_the_same_section(make: type[Redline]) -> None:
    pairs = make(
        [
            ("heading:SG", "", "责成秘书长{++与各局主任协作++}"),
            ("clause", "1", LONG),
        ]
    ).align(threshold=0.4)
    assert not only(pairs)["moved"]


def test_like_headings_of_two_addressees_are_two_sections_without_evidence() -> None:
    pairs = Redline(
        [
            ("heading:BDT", "", "{--责成电信发展局主任--}"),
            ("clause", "1", f"{{--{LONG}--}}"),
            ("heading:TSB", "", "{++责成电信标准化局主任++}"),
            ("clause", "1", f"{{++{LONG}++}}"),
        ]
    ).align()
    assert only(pairs)["moved"]


def test_another_verb_that_opens_the_clause_itself_is_no_move() -> None:
    redline = Redline([("clause", "1", "{--欢迎--}{++注意到++}" + LONG)])
    for row, verb in zip(redline.rows, ("欢迎", "注意到"), strict=True):
        row["heading"] = verb
    assert (only(redline.align())["change"], only(redline.align())["moved"]) == ("MOD", False)


# --- split and merge ----------------------------------------------------------------------------


def test_split_clause_gets_a_row_on_top() -> None:
    pairs = Redline(
        [
            ("clause", "1", "监测温室气体排放的总量，"),
            ("clause", "2", "支持生态设计"),
        ]
    )
    # In the old version both lines were one clause.
    old = [row for row in pairs.rows if row["version"] == "old"]
    old[0] |= {"text": "监测温室气体排放的总量，\n支持生态设计", "end": old[1]["end"]}
    pairs.rows.remove(old[1])
    assert pairs.align()[["old_id", "new_id", "change", "relation"]].to_numpy().tolist() == [
        ["__1", "__1", "MOD", "1:1"],
        ["", "__2", "ADD", "1:1"],
        ["__1", "__2", "MOD", "split"],
    ]


def test_merged_clause_gets_a_row_on_top() -> None:
    pairs = Redline(
        [
            ("clause", "1", "监测温室气体排放的总量，"),
            ("clause", "2", "支持生态设计"),
        ]
    )
    new = [row for row in pairs.rows if row["version"] == "new"]
    new[0] |= {"text": "监测温室气体排放的总量，\n支持生态设计", "end": new[1]["end"]}
    pairs.rows.remove(new[1])
    assert pairs.align()[["old_id", "new_id", "change", "relation"]].to_numpy().tolist() == [
        ["__1", "__1", "MOD", "1:1"],
        ["__2", "", "SUP", "1:1"],
        ["__2", "__1", "MOD", "merge"],
    ]


@pytest.mark.parametrize(("fresh", "relations"), [("新的", ["1:1", "split"]), ("新的内", ["1:1"])])
def test_split_needs_half_of_the_orphans_characters(fresh: str, relations: list[str]) -> None:
    redline = Redline(
        [("clause", "1", "监测温室气体排放，"), ("clause", "2", f"支持{{++{fresh}++}}")]
    )
    old = [row for row in redline.rows if row["version"] == "old"]
    old[0] |= {"text": "监测温室气体排放，\n支持", "end": old[1]["end"]}
    redline.rows.remove(old[1])
    pairs = redline.align()
    assert pairs.loc[pairs["new_id"] == "__2", "relation"].tolist() == relations


# --- layout, completeness, bad input ------------------------------------------------------------


def test_suppressed_clause_follows_its_forerunner() -> None:
    pairs = Redline(
        [
            ("clause", "0", "{--首先删去的条款--}"),
            ("clause", "1", LONG),
            ("clause", "2", "{++新增关于供水++}"),
            ("clause", "3", "{--随后删去的内容--}"),
            ("clause", "4", "{--以及电子废弃物--}"),
            ("clause", "5", "支持生态设计"),
        ]
    ).align()
    assert (pairs["old_id"] + "/" + pairs["new_id"]).tolist() == [
        "__0/",
        "__1/__1",
        "__3/",
        "__4/",
        "/__2",
        "__5/__5",
    ]


@pytest.mark.parametrize("missing", ["old", "new"])
def test_version_without_clauses_leaves_orphans(missing: str) -> None:
    redline = Redline([("clause", str(k), LONG) for k in range(3)])
    clauses = redline.clauses
    pairs = align_clauses(clauses[clauses["version"] != missing], redline.segments)
    assert pairs["change"].tolist() == [{"old": "ADD", "new": "SUP"}[missing]] * 3


def test_no_clauses_give_no_pairs() -> None:
    assert align_clauses(make_table("clauses", []), make_table("segments", [])).empty


def test_every_unit_is_in_exactly_one_counted_row_at_random() -> None:
    rng = np.random.default_rng(7)
    for _ in range(30):
        lines = []
        for k in range(12):
            word = "".join(rng.choice(list("水碳灾气海废"), size=6))
            frame = ["{{--{}--}}", "{{++{}++}}", "{}", "监测{}{{++和保护++}}"][rng.integers(4)]
            lines.append(("clause", str(k), frame.format(word)))
        redline = Redline(lines)
        pairs = redline.align(threshold=float(rng.choice([0.3, 0.5, 0.8])))
        counted = pairs[pairs["relation"] == "1:1"]
        for version in ("old", "new"):
            ids = [row["clause_id"] for row in redline.rows if row["version"] == version]
            assert sorted(filter(None, counted[f"{version}_id"])) == sorted(ids)


def test_rows_in_another_order_give_the_same_pairs() -> None:
    redline = Redline([("clause", str(k), f"{LONG}{{++{k}++}}") for k in range(6)])
    shuffled = redline.clauses.sample(frac=1, random_state=3)
    pd.testing.assert_frame_equal(
        align_clauses(shuffled, redline.segments.iloc[::-1]), redline.align()
    )


@pytest.mark.parametrize("cells", [1, 13, 50])
def test_wording_is_compared_in_blocks_with_the_same_pairs(monkeypatch, cells: int) -> None:
    rng = np.random.default_rng(5)
    lines = []
    for k in range(20):
        word = "".join(rng.choice(list("水碳灾气海废"), size=6))
        lines.append(("clause", str(k), ["{{--{}--}}", "{{++{}++}}"][k % 2].format(word)))
    redline = clean(lines)
    whole = redline.align(threshold=0.4)
    assert {"MOD", "ADD", "SUP"} <= set(whole["change"])
    monkeypatch.setattr(align, "CELLS", cells)
    pd.testing.assert_frame_equal(redline.align(threshold=0.4), whole)


@pytest.mark.parametrize("threshold", [0.0, -1.0, 1.1, float("nan")])
def test_threshold_out_of_range_is_refused(threshold: float) -> None:
    with pytest.raises(ValueError, match="threshold"):
        Redline([("clause", "1", LONG)]).align(threshold=threshold)


def test_segments_of_another_text_are_refused() -> None:
    redline = Redline([("clause", "1", LONG)])
    with pytest.raises(ValueError, match="segments give only"):
        align_clauses(redline.clauses, redline.segments.assign(end=3))


def test_clauses_of_two_corpora_need_segments_that_say_whose_they_are() -> None:
    redline = Redline([("clause", "1", LONG)])
    clauses = redline.clauses.assign(corpus=["one", "two"])
    with pytest.raises(ValueError, match="2 corpora"):
        align_clauses(clauses, redline.segments.drop(columns="corpus", errors="ignore"))


def test_several_corpora_are_each_aligned_by_itself() -> None:
    redlines = {
        "one": Redline([("clause", "1", LONG), ("clause", "2", f"{LONG}{{++和环境++}}")]),
        "two": Redline([("clause", "1", f"{{--{LONG}--}}"), ("clause", "2", "支持{++各国++}")]),
        "three": Redline([("clause", "{--1--}{++2++}", LONG)]),
    }
    clauses, segments, apart = (
        pd.concat(parts, ignore_index=True)
        for parts in zip(
            *(
                (
                    redline.clauses.assign(corpus=name),
                    redline.segments.assign(corpus=name),
                    redline.align().assign(corpus=name),
                )
                for name, redline in redlines.items()
            ),
            strict=True,
        )
    )
    mixed = segments.sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(align_clauses(clauses, mixed), apart)
