"""Review by a person: places, how much they matter, decisions, and the two faces of it."""

import hashlib
import io
import os
import random
import re
import shutil
import signal
import subprocess
import sys
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from resanalysis import pipeline, structure
from resanalysis.corpus import create_corpus
from resanalysis.model import COUNTED_KINDS, InputError
from resanalysis.pipeline import tag_text
from resanalysis.redline import Mark, Redline, fit_marks, read_marks, recover_versions
from resanalysis.redline.marks import write_decisions
from resanalysis.redline.marks.signs import escape
from resanalysis.review import (
    ReviewSession,
    apply_reading,
    carry_decisions,
    find_places,
    list_places,
    rank_places,
)
from resanalysis.review.edits import edit_markup, unify_newlines, write_stamp
from resanalysis.review.readings import Readings, read_ops
from resanalysis.review.saving import replace_file
from resanalysis.review.sections import Sections, find_closing
from resanalysis.review.shell import compare_decisions, review_corpus
from resanalysis.review.widgets import review_widget
from resanalysis.structure import parse_resolution
from resanalysis.study import run_study

RESOLUTION = Path(__file__).parents[1] / "corpora/itu-pp-res-182"
TWO_PLACES = "大会第3号决议（20142022年，修订版），；\n关于水资源的意见（20152023年）\n"


def recover(text: str, decisions: str | None = None) -> Redline:
    return recover_versions(text, cut=list, decisions=decisions)


@pytest.fixture
def folder(tmp_path: Path, small_corpus: Path) -> Path:
    return Path(shutil.copytree(small_corpus, tmp_path / "small"))


@pytest.fixture
def session(folder: Path) -> ReviewSession:
    return ReviewSession(folder, coder="ann")


def decisions_of(folder: Path) -> str:
    return (folder / "decisions.critic.txt").read_text("utf-8")


# --- places -------------------------------------------------------------------------------------


def test_a_place_is_listed_with_the_sentences_of_each_reading():
    table = list_places(recover(TWO_PLACES))
    year = table[table["group"] == "glued_years:2:10"]
    assert year["line"].unique().tolist() == [2]
    assert year["excerpt"].iloc[0] == "关于水资源的意见（【2015】【2023】年）"
    assert year["old"].tolist()[:2] == [f"关于水资源的意见（{y}年）" for y in (2015, 2023)]
    assert year["new"].tolist()[:2] == [f"关于水资源的意见（{y}年）" for y in (2023, 2015)]
    assert year["weight"].sum() == pytest.approx(1)
    assert (year["confidence"] == year["weight"].iloc[0]).all()


def test_only_the_sentences_in_which_readings_differ_are_shown():
    excerpt = list_places(recover(TWO_PLACES))["excerpt"]
    assert not [text for text in excerpt if "第3号" in text and "意见" in text]


def test_a_line_that_a_reading_leaves_out_of_a_version_is_empty_there():
    markup = "甲。\n{++乙。\n++}{>>b; ann; uncertain; may be new<<}丙。\n"
    rows = list_places(recover("甲。\n乙。\n丙。\n", markup))
    assert rows[["reading", "old", "new"]].values.tolist() == [[1, "", "乙。"], [2, "乙。", "乙。"]]
    assert set(rows["certainty"]) == {"decided"}


def test_the_reading_in_force_gives_the_versions_of_the_redline(small_corpus):
    study = run_study(small_corpus, draws=0)
    for place in find_places(study):
        assert apply_reading(study, place.group, 1) == read_ops(study.segments)


def test_readings_differ_in_the_places_characters_and_nowhere_else(small_corpus):
    study = run_study(small_corpus, draws=0)
    for place in find_places(study):
        ways = [apply_reading(study, place.group, c.reading) for c in place.choices]
        differing = [i for i, ops in enumerate(zip(*ways, strict=True)) if len(set(ops)) > 1]
        assert (differing[0], differing[-1] + 1) == (place.start, place.end)
        assert len(differing) == place.characters


def test_a_reading_without_rows_is_the_one_that_changes_nothing():
    redline = recover("第3号决议（20142022年，修订版）")
    first = redline.alternatives["reading"] == 1
    segments = redline.segments.assign(op="equal")
    rare = Redline(segments, redline.alternatives[~first], ())
    place = find_places(rare)[0]
    assert [choice.reading for choice in place.choices][:2] == [1, 2]
    assert place.choices[0].text("old") == place.choices[0].text("new") == redline.source


# --- how much a place matters -------------------------------------------------------------------


def totals(folder: Path) -> dict[str, int]:
    table = run_study(folder, draws=0).shift
    rows = table[(table["unit"] == "clause") & (table["breakdown"] == "total")]
    return dict(zip(rows["topic"], rows["n_new"] - rows["n_old"], strict=True))


def sign(number: int) -> int:
    return (number > 0) - (number < 0)


def test_ranks_are_what_the_whole_study_gives_when_each_reading_is_decided(folder, session):
    now = totals(folder)
    for rank in session.ranks.to_dict("records"):
        place = session.places[rank["group"]]
        changes, turns = [0], set()
        for choice in place.choices[1:]:
            session.decide(place.group, reading=choice.reading, reason="to see what it does")
            then = totals(folder)
            session.undo()
            changes += [abs(then[topic] - now[topic]) for topic in now]
            turns |= {
                t for t in now if (then[t] > 0) - (then[t] < 0) != (now[t] > 0) - (now[t] < 0)
            }
            moved = {topic for topic in now if then[topic] != now[topic]}
            assert moved <= set(rank["topics"].split("+"))
        assert rank["largest"] == max(changes)
        assert set(filter(None, rank["turns"].split("+"))) == turns


def test_effect_is_the_expected_number_of_changed_assignments(session):
    bullet = session.ranks.set_index("group").loc["bullet"]
    # Its other reading, one in three, puts one clause with one topic into the old version.
    assert bullet["effect"] == pytest.approx(1 / 3)
    assert (bullet["topics"], bullet["largest"]) == ("biodiversity", 1)


def test_places_come_in_the_order_of_their_effect_and_settled_lists_last(session):
    ranks = session.ranks
    settled = (ranks["rule"] == "numbering") & (ranks["confidence"] >= 0.95)
    assert settled.any()
    assert settled.is_monotonic_increasing
    open_effects = ranks.loc[~settled, "effect"]
    assert open_effects.is_monotonic_decreasing
    idle = ranks[~settled & (ranks["effect"] == 0)]
    doubt = idle["characters"] * (1 - idle["confidence"])
    assert len(idle) > 2
    assert doubt.is_monotonic_decreasing


PIECES = (
    "责成秘书长\n",
    "请成员国\n",
    "认识到\n",
    "a)\t节约用水；\n",
    "i)\t回收设备；\n",
    "1\t应对气候变化；\n",
    "–\t生物多样性：\n",
    "节约用水，\n",
    "见[2: 2\t水]\n",
    "_____________\n",
    "[3: 3\t水",
    "水]\n",
    "节水",
)


@settings(max_examples=60)
@given(st.integers(0, 10**6))
def test_a_change_within_a_section_counts_as_in_the_whole_version(seed):
    # Lists that Hypothesis draws itself are too plain to break anything.
    choose = random.Random(seed).choice  # noqa: S311 - no secret
    pieces = [(choose(PIECES), choose(["", "", "++", "--"])) for _ in range(14)]
    text = "".join(piece for piece, _ in pieces)
    marks, at = [], 0
    for number, (piece, sign) in enumerate(pieces):
        op = {"++": "insert", "--": "delete"}.get(sign)
        if op:
            marks.append(Mark(at, at + len(piece), op, f"m{number}", "ann", "uncertain", "x"))
        at += len(piece)
    redline = recover(text, write_decisions(text, marks))
    readings, places = Readings(redline), find_places(redline)
    for version in ("old", "new"):
        now = clauses_of(redline.text(version))
        if now is None:
            continue
        sections = Sections(redline.text(version), now, readings.ops, version)
        for place in places:
            extent = readings.find_extent(place.group)
            section = sections.find(*extent)
            for choice in place.choices[1:]:
                ops = readings.apply(place.group, choice.reading)
                then = keep(text, ops, version)
                if section is None:
                    continue
                part = keep(text[section.start : section.end], ops[section.start :], version)
                found = clauses_of(part)
                if found is None or not section.stays_within(part, find_closing(found)):
                    continue
                before, after = units(now), units(clauses_of(then))
                lost, won = units(clauses_of(section.now)), units(found)
                assert (before - after, after - before) == (lost - won, won - lost)


def clauses_of(text):
    try:
        return parse_resolution(text)
    except InputError:
        return None


def units(clauses):
    counted = clauses[clauses["kind"].isin(COUNTED_KINDS)]
    return Counter(zip(counted["text"], counted["part"], counted["addressee"], strict=True))


def keep(text, ops, version):
    other = "insert" if version == "old" else "delete"
    return "".join(char for char, op in zip(text, ops, strict=False) if op != other)


def test_a_place_between_headings_is_looked_at_there_alone(small_corpus, monkeypatch):
    study = run_study(small_corpus, draws=0)
    ranks = rank_places(study)
    parsed = []

    def parse(text, **options):
        parsed.append(text)
        return parse_resolution(text, **options)

    monkeypatch.setattr(structure, "parse_resolution", parse)
    assert rank_places(study).equals(ranks)
    assert min(map(len, parsed)) < len(study.new_text) / 2
    monkeypatch.setattr(Sections, "find", lambda *_: None)
    assert rank_places(study).equals(ranks)


def test_topics_are_found_with_the_options_of_the_study(small_corpus, monkeypatch):
    study = run_study(small_corpus, draws=0, reading="strict", scope="topic")
    seen = set()

    def tag(text, codebook, *, reading, scope):
        seen.add((reading, scope))
        return tag_text(text, codebook, reading=reading, scope=scope)

    monkeypatch.setattr(pipeline, "tag_text", tag)
    rank_places(study)
    assert seen == {("strict", "topic")}


def test_progress_is_told_place_by_place(small_corpus):
    told = []
    study = run_study(small_corpus, draws=0)
    table = rank_places(study, progress=lambda done, of: told.append((done, of)))
    assert told == [(n, len(table)) for n in range(1, len(table) + 1)]


def test_a_reading_that_leaves_a_version_without_clauses_takes_all_of_its_topics(tmp_path):
    mark = "{++决定\n1\t节约用水；\n++}{>>all; ann; uncertain; x<<}责成秘书长\n1\t回收设备；\n"
    text = "决定\n1\t节约用水；\n责成秘书长\n1\t回收设备；\n"
    folder = create_corpus_of(tmp_path, text)
    (folder / "decisions.critic.txt").write_text(mark, "utf-8")
    ranks = rank_places(run_study(folder, draws=0)).set_index("group")
    assert "water" in ranks.loc["all", "topics"]


def create_corpus_of(where: Path, text: str, name: str = "text.txt", **options) -> Path:
    where.mkdir(parents=True, exist_ok=True)
    file = where / name
    file.write_text(text, "utf-8")
    folder = create_corpus(where / "c", file, old="2014-a", new="2022-b", **options)
    return Path(folder)


# --- deciding -----------------------------------------------------------------------------------


def test_after_a_decision_the_redline_is_what_the_reading_showed(folder, session):
    before = (folder / "decisions.critic.txt").read_bytes()
    source = session.study.corpus.source.text
    for group, place in session.places.items():
        for choice in place.choices:
            session.decide(group, reading=choice.reading, reason="as seen")
            redline = recover(source, decisions_of(folder))
            wanted = apply_reading(session.study, group, choice.reading)
            assert read_ops(redline.segments) == wanted, (group, choice.reading)
            assert group not in set(redline.alternatives["group"])
            session.undo()
            assert (folder / "decisions.critic.txt").read_bytes() == before


def test_some_places_of_the_resolution_read_after_deciding_as_shown(tmp_path):
    folder = Path(shutil.copytree(RESOLUTION, tmp_path / "c"))
    session = ReviewSession(folder, coder="ann")
    for group in [*session.ranks["group"][:4], *session.ranks["group"][-2:]]:
        session.decide(group, reading=2, reason="as seen")
        redline = recover(session.study.corpus.source.text, decisions_of(folder))
        assert read_ops(redline.segments) == apply_reading(session.study, group, 2)
        session.undo()


def test_a_decision_names_place_coder_and_reason_on_every_mark(folder, session):
    session.decide("dated_places:3:10", reading=1, reason="two  meetings;\nside by side")
    marks = [m for m in read_marks(decisions_of(folder))[1] if m.id == "dated_places:3:10"]
    assert [(m.op, m.coder, m.sure) for m in marks] == [
        ("delete", "ann", "certain"),
        ("insert", "ann", "certain"),
    ]
    assert {m.reason for m in marks} == {"two meetings; side by side"}


def test_both_versions_is_a_highlight(folder, session):
    session.decide("dated_places:3:10", reading=3, reason="one long name")
    assert "{==2015年，青屿2023年，澜溪==}{>>dated_places:3:10; ann; certain;" in decisions_of(
        folder
    )


def test_an_uncertain_decision_stays_a_place_with_its_other_readings(folder, session):
    session.decide("dated_places:3:10", reading=2, sure="uncertain", reason="perhaps")
    places = {p.group: p for p in find_places(run_study(folder, draws=0))}
    place = places["dated_places:3:10"]
    assert place.certainty == "decided"
    assert place.confidence == pytest.approx(2 / 3)


def test_deciding_again_replaces_the_decision(folder, session):
    session.decide("flood", reading=2, reason="first thought")
    session.decide("flood", reading=1, reason="second thought")
    assert "first thought" not in decisions_of(folder)
    assert session.decided == ["flood"]
    session.undo()
    assert "first thought" in decisions_of(folder)
    session.undo()
    assert session.decided == []
    assert session.undo() is None


def test_other_marks_line_ends_and_byte_order_mark_stay_byte_for_byte(folder):
    path = folder / "decisions.critic.txt"
    loose = path.read_text("utf-8").replace("{>>basin; editor;", "{>>basin ;editor;")
    path.write_bytes(b"\xef\xbb\xbf" + loose.replace("\n", "\r\n").encode())
    before = path.read_bytes()
    session = ReviewSession(folder, coder="ann")
    session.decide("bullet", reading=2, reason="it was there")
    after = path.read_bytes()
    assert after != before
    session.remove("bullet")
    assert b"it was there" not in path.read_bytes()
    session.undo()
    assert path.read_bytes() == after
    session.undo()
    assert path.read_bytes() == before


def test_the_first_decision_makes_the_file_and_undoing_it_removes_it(folder):
    path = folder / "decisions.critic.txt"
    path.unlink()
    session = ReviewSession(folder, coder="ann")
    session.decide("glued_sessions:7:27", reading=1, reason="two sessions")
    fit_marks(path.read_text("utf-8"), session.study.corpus.source.text)
    session.undo()
    assert not path.exists()


def test_any_decision_can_be_removed_by_its_id_and_brought_back(folder, session):
    before = decisions_of(folder)
    session.remove("growth")
    assert "growth" not in decisions_of(folder)
    assert session.undo() == "growth"
    assert decisions_of(folder) == before


def test_a_mark_without_an_id_of_its_own_is_not_removed_by_number(folder):
    path = folder / "decisions.critic.txt"
    text = path.read_text("utf-8")
    path.write_text(text.replace("关于无纸会议", "{==关于无纸会议==}"), "utf-8")
    session = ReviewSession(folder, coder="ann")
    with pytest.raises(InputError, match="by hand"):
        session.remove("mark-1")


def test_all_marks_on_disk_are_listed(session):
    session.decide("flood", reading=2, reason="seen")
    table = session.list_decisions().set_index("id")
    assert table.loc["flood", ["line", "text", "coder"]].tolist() == [20, "洪水", "ann"]
    assert table.loc["flood", "op"] == session.places["flood"].choices[1].parts[0][1].op
    assert table.loc["basin", "coder"] == "editor"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"group": "flood", "reading": 1, "reason": " "}, "reason: is empty"),
        ({"group": "flood", "reading": 1, "reason": "\udcb4"}, "encoding"),
        ({"group": "nowhere", "reading": 1, "reason": "x"}, "no uncertain place"),
        ({"group": "flood", "reading": 9, "reason": "x"}, "no reading 9"),
        ({"group": "flood", "reason": "x"}, "a reading or markup"),
        ({"group": "flood", "reading": 1, "sure": "maybe", "reason": "x"}, "'maybe'"),
        ({"group": "flood", "markup": "{--湖水--}", "reason": "x"}, "no text of the source"),
        (
            {"group": "flood", "markup": "{--洪水--}{>>a; b; certain; c<<}", "reason": "x"},
            "comment",
        ),
        ({"group": "flood", "markup": "{--洪水", "reason": "x"}, "not closed"),
    ],
)
def test_a_faulty_decision_is_refused_and_nothing_written(folder, session, arguments, message):
    before = decisions_of(folder)
    with pytest.raises(InputError, match=message):
        session.decide(**arguments)
    assert decisions_of(folder) == before
    assert session.decided == []


def test_all_faults_of_a_decision_are_reported_together(session):
    with pytest.raises(InputError) as caught:
        session.decide("nowhere", reading=1, reason="")
    assert len(caught.value.problems) == 2


@pytest.mark.parametrize("coder", ["", "  ", "ann; bob"])
def test_a_review_needs_a_coder(folder, coder):
    with pytest.raises(InputError, match="coder"):
        ReviewSession(folder, coder=coder)


def test_a_reason_may_hold_the_sign_that_closes_a_comment(folder, session):
    session.decide("flood", reading=1, reason="a <<} in it; and more")
    marks = {m.id: m for m in read_marks(decisions_of(folder))[1]}
    assert marks["flood"].reason == "a <<} in it; and more"


# --- markup of one's own ------------------------------------------------------------------------


def test_markup_decides_the_place_as_marked(folder, session):
    session.decide("species", markup="，其{--生物多样性--}正在下降", reason="only the noun")
    redline = recover(session.study.corpus.source.text, decisions_of(folder))
    assert "，其生物多样性正在下降" in redline.text("old")
    assert "，其正在下降" in redline.text("new")
    assert "species" not in set(redline.alternatives["group"])


def test_markup_may_have_spaces_for_tabs_and_leave_the_last_line_break_out(folder, session):
    line = "– 评估设备对生物多样性的影响"
    session.decide("bullet", markup="{--" + line + "--}", reason="struck out")
    redline = recover(session.study.corpus.source.text, decisions_of(folder))
    assert "–\t评估设备" in redline.text("old")
    assert "影响\n–\t提高" not in redline.text("new")
    assert "的污染\n–\t提高" in redline.text("new")


def test_characters_under_another_decision_are_not_decided_twice(session):
    markup = (
        "每年{++增长++}4%6%；\nb)\t河湖沿岸的湿地是许多物种的栖息地，其生物{++多样性++}正在下降"
    )
    session.decide("species", markup=markup, reason="far from the other marks")
    session.undo()
    with pytest.raises(InputError, match="growth of editor"):
        session.decide("species", markup=markup.replace("4%", "{--4%--}"), reason="x")


# --- safe on disk -------------------------------------------------------------------------------


def test_two_sessions_keep_each_others_decisions(folder):
    one, two = (ReviewSession(folder, coder=coder) for coder in ("ann", "bob"))
    one.decide("flood", reading=2, reason="by ann")
    two.decide("bullet", reading=2, reason="by bob")
    assert {"by ann", "by bob"} <= {m.reason for m in read_marks(decisions_of(folder))[1]}
    one.undo()
    assert "by bob" in decisions_of(folder)
    assert "by ann" not in decisions_of(folder)


def test_a_place_decided_by_another_session_is_not_overwritten_unseen(folder):
    one, two = (ReviewSession(folder, coder=coder) for coder in ("ann", "bob"))
    one.decide("flood", reading=2, reason="by ann")
    with pytest.raises(InputError, match="meanwhile"):
        two.decide("flood", reading=1, reason="by bob")
    assert "by ann" in decisions_of(folder)
    two.decide("flood", reading=1, reason="by bob")
    with pytest.raises(InputError, match="meanwhile"):
        one.undo()
    assert "by bob" in decisions_of(folder)


def test_a_file_that_no_longer_fits_the_source_is_not_written_to(folder, session):
    path = folder / "decisions.critic.txt"
    path.write_text(path.read_text("utf-8").replace("洪水频发", "").replace("干旱", ""), "utf-8")
    broken = path.read_bytes()
    with pytest.raises(InputError, match="fit"):
        session.decide("flood", reading=1, reason="x")
    assert path.read_bytes() == broken


def test_a_failed_write_leaves_the_old_file_and_no_other(tmp_path, monkeypatch):
    path = tmp_path / "decisions.critic.txt"
    path.write_text("old", "utf-8")

    def fail(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="space"):
        replace_file(path, "new")
    assert path.read_text("utf-8") == "old"
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


@pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX signals, links and rights")
def test_rights_and_links_survive_a_write(tmp_path):
    real, link = tmp_path / "real.txt", tmp_path / "link.txt"
    real.write_text("old", "utf-8")
    real.chmod(0o640)
    link.symlink_to(real)
    replace_file(link, "new")
    assert link.is_symlink()
    assert real.read_text("utf-8") == "new"
    assert real.stat().st_mode & 0o777 == 0o640


@pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX signals, links and rights")
def test_a_killed_session_leaves_a_whole_file(folder):
    code = (
        "import sys; from resanalysis.review import ReviewSession\n"
        "session = ReviewSession(sys.argv[1], coder='ann')\n"
        "print('ready', flush=True)\n"
        "while True:\n"
        "    session.decide('flood', reading=2, reason='over and over')\n"
        "    session.undo()\n"
    )
    command = [sys.executable, "-c", code, str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(0.3)
        process.send_signal(signal.SIGKILL)
    source = (folder / "source.txt").read_text("utf-8")
    fit_marks(decisions_of(folder), source)
    ReviewSession(folder, coder="bob").decide("bullet", reading=1, reason="no lock was left")


@given(st.text(alphabet="甲乙{-+=}>\\\n", max_size=30), st.data())
def test_marks_put_in_are_those_of_a_file_written_whole_and_go_without_trace(text, data):
    cuts = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=6)))
    parts = [text[a:b] for a, b in pairwise([0, *cuts, len(text)])]
    assume(escape(text) == "".join(map(escape, parts)))  # no mark splits an escaped sign
    ops = st.sampled_from(["delete", "insert", "equal"])
    marks = [
        Mark(a, b, data.draw(ops), "x", "ann", "certain", "why <<} not") for a, b in pairwise(cuts)
    ]
    stamps = [
        write_stamp(m.start, m.end, m.op, comment=(m.id, m.coder, m.sure, m.reason)) for m in marks
    ]
    edited = edit_markup(escape(text), drop=(), add=stamps)
    assert edited == write_decisions(text, marks)
    assert edit_markup(edited, drop={"x"}, add=()) == escape(text)


@given(st.text(alphabet="甲\r\n\ufeff", max_size=12))
def test_unified_text_points_back_to_the_file(text):
    unified, offsets = unify_newlines(text)
    assert unified == text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    assert all(text[at] == char for char, at in zip(unified, offsets, strict=False) if char != "\n")
    assert offsets[-1] == len(text)


def test_only_a_flattened_text_is_reviewed(tmp_path):
    markup = "决定\n1\t节约{--用水--}{++水资源++}；\n"
    folder = create_corpus_of(tmp_path, markup, "text.critic.txt")
    with pytest.raises(InputError, match="nothing to review"):
        ReviewSession(folder, coder="ann")


# --- in a terminal ------------------------------------------------------------------------------


def talk(folder: Path, answers: str, coder: str = "ann") -> tuple[list[str], str]:
    tell = io.StringIO()
    done = review_corpus(folder, coder=coder, ask=io.StringIO(answers), tell=tell)
    return done, tell.getvalue()


def test_a_choice_and_a_reason_decide_the_place_shown(folder):
    done, said = talk(folder, "ann\n1\nthe list; counts so\ns\nu\n2\nperhaps\nq\n", coder="")
    assert len(done) == 2
    assert all(group in said for group in done)
    marks = {m.id: m for m in read_marks(decisions_of(folder))[1]}
    assert [(marks[g].reason, marks[g].sure) for g in done] == [
        ("the list; counts so", "certain"),
        ("perhaps", "uncertain"),
    ]
    assert re.search(r"^2 of \d+ places decided; saved in ", said, re.MULTILINE)


def test_each_reading_is_shown_as_two_sentences(folder):
    _, said = talk(folder, "q\n")
    assert re.search(r"^\[1/\d+\] line 33, numbering:33:1: .* likely", said, re.MULTILINE)
    assert "     old: 1 为上述工作做出贡献；" in said
    assert "     new: 1 为上述工作做出贡献；" in said
    assert "【。】【；】" in said


def test_back_and_undo_return_to_the_place(folder):
    before = decisions_of(folder)
    done, said = talk(folder, "1\nwhy\nb\ns\nz\nz\nq\n")
    assert done == []
    assert decisions_of(folder) == before
    assert len(re.findall(r"^\[1/\d+\] line", said, re.MULTILINE)) == 3
    assert "You decided it." in said
    assert "Nothing to take back" in said


def test_what_is_not_understood_or_lacks_a_reason_is_asked_again(folder):
    done, said = talk(folder, "b\n9\nx\n\n1\n\nq\n")
    assert done == []
    assert said.count("Not understood") == 3
    assert "first place" in said
    assert "needs a reason" in said


def test_markup_can_be_typed(folder):
    typed = "c\n– 评估{++设备++}对生物多样性的影响\nonly the word\n"
    done, _ = talk(folder, f"s\n{typed}q\n")
    assert done == ["bullet"]
    assert "{++设备++}{>>bullet; ann" in decisions_of(folder)


class Interrupted(io.StringIO):
    """Answers that end with Ctrl-C."""

    def readline(self, *size: int) -> str:
        line = super().readline(*size)
        if not line:
            raise KeyboardInterrupt
        return line


@pytest.mark.parametrize("stream", [io.StringIO, Interrupted])
def test_the_end_of_input_and_an_interrupt_keep_what_was_decided(folder, stream):
    tell = io.StringIO()
    done = review_corpus(folder, coder="ann", ask=stream("1\nwhy\n2\n"), tell=tell)
    assert len(done) == 1
    assert "; ann; certain; why<<}" in decisions_of(folder)
    assert "saved in" in tell.getvalue()


def test_keys_are_explained_when_asked_for(folder):
    _, said = talk(folder, "h\nq\n")
    for key in ("1 2 …", "u", "c", "s", "b", "z", "q"):
        assert re.search(rf"  {key} +\w", said)


def test_a_blank_first_line_leads_back_from_typing(folder):
    before = decisions_of(folder)
    done, said = talk(folder, "1\nwhy\nc\n\nz\nq\n")
    assert done == []
    assert "Taken back" in said
    assert decisions_of(folder) == before


def test_topics_are_named_by_their_labels(folder, session):
    number = session.ranks.index[session.ranks["group"] == "bullet"].item()
    _, said = talk(folder, "s\n" * number + "q\n")
    labels = {topic.id: topic.label["en"] for topic in session.study.codebook.topics}
    assert f"Topics that depend on it: {labels['biodiversity']}." in said


def test_a_disk_that_fills_up_is_said_and_the_review_goes_on(folder, monkeypatch):
    before = decisions_of(folder)

    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    done, said = talk(folder, "1\nwhy\ns\nq\n")
    assert done == []
    assert "Not saved (No space left on device)" in said
    assert re.search(r"^\[2/\d+\]", said, re.MULTILINE)
    assert decisions_of(folder) == before


@pytest.mark.parametrize("name", ["", "decisions.critic.txt"], ids=["folder", "file"])
def test_what_may_not_be_written_is_said_before_anything_is_asked(folder, monkeypatch, name):
    closed = folder / name
    monkeypatch.setattr(os, "access", lambda path, _: Path(path) != closed)
    with pytest.raises(InputError, match="cannot be written to"):
        talk(folder, "1\nwhy\nq\n")


# --- carried over -------------------------------------------------------------------------------


def edit_source(folder: Path, old: str, new: str) -> Path:
    """Edit the source and move the decisions out of the folder; return where they are."""
    decisions = folder.parent / "earlier.critic.txt"
    (folder / "decisions.critic.txt").rename(decisions)
    text = (folder / "source.txt").read_text("utf-8")
    assert text.count(old) == 1
    data = text.replace(old, new).encode()
    was = hashlib.sha256((folder / "source.txt").read_bytes()).hexdigest()
    (folder / "source.txt").write_bytes(data)
    descriptor = (folder / "datapackage.json").read_text("utf-8")
    (folder / "datapackage.json").write_text(
        descriptor.replace(was, hashlib.sha256(data).hexdigest()), "utf-8"
    )
    return decisions


def test_decisions_that_fit_an_edited_source_are_carried_over(folder):
    earlier = {mark.id: mark for mark in read_marks(decisions_of(folder))[1]}
    decisions = edit_source(folder, "水资源与防灾合作", "水资源和防灾合作")
    carried = carry_decisions(folder, decisions)
    assert carried.problems == ()
    now = {mark.id: mark for mark in read_marks(decisions_of(folder))[1]}
    assert set(now) == set(earlier)
    assert carried.marks == len(read_marks(decisions_of(folder))[1])
    run_study(folder, draws=0)


def test_a_decision_on_edited_text_is_named_and_left_out(folder):
    first = read_marks(decisions_of(folder))[1][0]
    text = (folder / "source.txt").read_text("utf-8")
    around = text[max(first.start - 8, 0) : first.end + 8]
    decisions = edit_source(folder, around, around[:8] + "改" + around[9:])
    carried = carry_decisions(folder, decisions)
    assert f"decision {first.id} " in carried.problems[0].what
    assert carried.problems[0].file == str(decisions)
    assert first.id not in {mark.id for mark in read_marks(decisions_of(folder))[1]}


def test_carrying_over_replaces_no_decisions(folder):
    before = decisions_of(folder)
    with pytest.raises(InputError, match="is there already"):
        carry_decisions(folder, folder / "decisions.critic.txt")
    assert decisions_of(folder) == before


def test_decisions_of_another_text_are_refused_and_nothing_written(folder, tmp_path):
    (folder / "decisions.critic.txt").unlink()
    other = tmp_path / "other.critic.txt"
    other.write_text("全然不同的一段{--文字--}。", "utf-8")
    with pytest.raises(InputError, match="none of its decisions fits"):
        carry_decisions(folder, other)
    assert not (folder / "decisions.critic.txt").exists()


def test_after_the_last_place_the_review_ends(folder):
    _, said = talk(folder, "s\n" * 50)
    shown = re.findall(r"^\[(\d+)/(\d+)\]", said, re.MULTILINE)
    assert [int(at) for at, _ in shown] == list(range(1, int(shown[0][1]) + 1))
    assert f"0 of {len(shown)} places decided" in said


def test_two_peoples_decisions_are_compared():
    readings = RESOLUTION / "readings"
    agreement, differences = compare_decisions(RESOLUTION, readings / "reader-2.critic.txt")
    values = agreement.set_index("measure")["value"]
    assert 0.9 < values["kappa"] < 1
    assert len(differences) > 0
    assert values["same_lines"] < values["lines"]


def test_a_comparison_names_the_file_at_fault(folder, tmp_path):
    other = tmp_path / "other.critic.txt"
    other.write_text("{--open", "utf-8")
    with pytest.raises(InputError, match=r"other\.critic\.txt"):
        compare_decisions(folder, other)
    (folder / "decisions.critic.txt").unlink()
    with pytest.raises(InputError, match="Decide first"):
        compare_decisions(folder, other)


# --- by clicking --------------------------------------------------------------------------------


def test_a_click_on_decide_saves_and_goes_on(folder):
    panel = review_widget(folder, coder="ann").panel
    panel.choice.value, panel.sure.value, panel.reason.value = 2, "uncertain", "名单如此"
    panel.decide.click()
    assert "; ann; uncertain; 名单如此<<}" in decisions_of(folder)
    assert (panel.at, panel.progress.value) == (1, 1)
    assert (panel.choice.value, panel.sure.value, panel.reason.value) == (1, "certain", "")
    assert "Saved" in panel.message.value


def test_a_click_on_undo_takes_the_decision_back(folder):
    before = decisions_of(folder)
    panel = review_widget(folder, coder="ann").panel
    panel.reason.value = "x"
    panel.decide.click()
    panel.undo.click()
    assert decisions_of(folder) == before
    assert (panel.at, panel.progress.value) == (0, 0)
    panel.undo.click()
    assert "Nothing to take back" in panel.message.value


def test_deciding_without_a_reason_says_so_and_stays(folder):
    before = decisions_of(folder)
    panel = review_widget(folder, coder="ann").panel
    panel.decide.click()
    assert "reason: is empty" in panel.message.value
    assert panel.at == 0
    assert decisions_of(folder) == before


def test_markup_of_ones_own_is_shown_when_chosen_and_written(folder):
    panel = review_widget(folder, coder="ann").panel
    panel.skip.click()
    assert panel.markup.layout.display == "none"
    panel.choice.value = 0
    assert panel.markup.layout.display == "flex"
    assert panel.heading.layout.display is None
    panel.markup.value = panel.markup.value.replace("设备", "{++设备++}")
    panel.reason.value = "only the word"
    panel.decide.click()
    assert "{++设备++}{>>bullet; ann" in decisions_of(folder)


def test_the_panel_shows_both_sentences_of_every_reading_with_the_changes(folder):
    panel = review_widget(folder, coder="ann").panel
    assert "法律法规<del>。</del></td>" in panel.sentences.value
    assert "法律法规<ins>；</ins>" in panel.sentences.value
    assert len(panel.choice.options) == len(panel.place.choices) + 1
    assert "e_waste" in panel.heading.value


def test_after_the_last_place_nothing_can_be_decided(folder):
    panel = review_widget(folder, coder="ann").panel
    for _ in range(len(panel.session.places) + 1):
        panel.skip.click()
    assert panel.decide.disabled
    assert "No further place" in panel.heading.value
    panel.back.click()
    assert not panel.decide.disabled


def test_text_of_the_source_is_no_html(folder):
    panel = review_widget(folder, coder="<b>ann</b>").panel
    panel.reason.value = "x"
    panel.choice.value = 0
    panel.markup.value = "<script>"
    panel.decide.click()
    assert "<script>" not in panel.message.value
