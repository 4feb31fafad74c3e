"""Exploring: what is shown is what the chain gives, with other terms and other readings too."""

from __future__ import annotations

import itertools
import random
import shutil
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import resanalysis as ra
from resanalysis import pipeline, shift
from resanalysis.codebook import compare_tags
from resanalysis.explore import show_clauses, try_readings, try_terms
from resanalysis.explore.marking import mark_text
from resanalysis.explore.readings import ReadingTrial
from resanalysis.explore.terms import describe_terms
from resanalysis.explore.widgets import ReadingPanel, explore_clauses, explore_readings
from resanalysis.explore.widgets import explore_terms as explore
from resanalysis.export.pairs import MarkedRun
from resanalysis.model import COUNTED_KINDS, LANGUAGES, TERM, Codebook, Language, Study
from resanalysis.review import ReviewSession, list_places
from resanalysis.study import run_study

ROOT = Path(__file__).parents[1]
RESOLUTION = ROOT / "corpora/itu-pp-res-182"
HOSTILE = '<script>alert("&")</script>'
VERSIONS = ("old", "new")


@pytest.fixture(scope="module")
def study(small_corpus: Path) -> Study:
    return run_study(small_corpus, draws=0)


@pytest.fixture(scope="module")
def resolution() -> Study:
    return run_study(RESOLUTION, draws=0)


def count(study: Study, tags: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return the headline of the table `shift`, made anew, by topic."""
    table = shift.topic_shift(
        study.clauses,
        study.tokens,
        study.tags if tags is None else tags,
        study.pairs,
        [topic.id for topic in study.codebook.topics],
        draws=0,
    )
    return table[(table["unit"] == "clause") & (table["breakdown"] == "total")].set_index("topic")


def tag_all(study: Study, book: Codebook) -> pd.DataFrame:
    options = study.provenance["options"]
    return pipeline.tag_topics(
        study.clauses,
        book,
        study.tokens,
        reading=options["reading"],
        scope=options["scope"],
    )


# --- clauses ------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", VERSIONS)
def test_the_clauses_shown_of_a_topic_are_those_that_the_shift_counts(
    resolution: Study, version: Any
) -> None:
    counts = count(resolution)
    for topic in resolution.codebook.topics:
        found = show_clauses(resolution, topics=topic.id, version=version)
        assert len(found) == counts.loc[topic.id, f"n_{version}"]
        assert set(found.table[f"{version}_topics"]) <= {topic.id}


def test_without_topics_every_counted_clause_is_shown_in_the_order_of_the_text(
    resolution: Study,
) -> None:
    rows = resolution.clauses[resolution.clauses["kind"].isin(COUNTED_KINDS)]
    for version in VERSIONS:
        own = rows[rows["version"] == version]
        found = show_clauses(resolution, version=version)  # type: ignore[arg-type]
        assert found.table[f"{version}_id"].tolist() == own["clause_id"].tolist()
        assert found.table[version].tolist() == own["text"].tolist()
        assert len(found) == found.of == len(own)


def test_both_versions_stand_side_by_side_as_they_are_paired(study: Study) -> None:
    table = show_clauses(study, version="both").table
    pairs = study.pairs[study.pairs["relation"] == "1:1"]
    assert table[["change", "old_id", "new_id"]].values.tolist() == (
        pairs[["change", "old_id", "new_id"]].fillna("").values.tolist()
    )


def test_part_heading_and_change_choose_clauses(study: Study) -> None:
    whole = show_clauses(study, version="both").table
    for column, value in (("part", "operative"), ("change", "MOD"), ("heading", "忆及")):
        some = show_clauses(study, version="both", **{column: value}).table  # type: ignore[arg-type]
        expected = whole[whole[column].str.contains(value)].reset_index(drop=True)
        pd.testing.assert_frame_equal(some, expected)
        assert 0 < len(some) < len(whole)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_marked_term_is_followed_by_its_topic(study: Study, language: Language) -> None:
    label = study.codebook.topic("water").label[language]
    html = show_clauses(study, topics="water", language=language).html
    assert html.count("<mark>") > 0
    assert html.count("<mark>") == html.count(f">{label}</small></mark>")


def test_a_clause_that_nothing_matches_is_said_and_not_left_blank(study: Study) -> None:
    found = show_clauses(study, topics="smart_grid", language="en")
    assert len(found) == 0
    assert "There is no such clause." in found.html


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"topics": "wat"}, "no topic wat; the codebook has ghg_mitigation"),
        ({"topics": ["water", "fire"]}, "no topic fire"),
        ({"version": "newest"}, "version is 'newest'; give old, new, both"),
        ({"change": "NEW"}, "change is 'NEW'; give NOC"),
        ({"part": "middle"}, "part is 'middle'"),
        ({"language": "fr"}, "language is 'fr'"),
    ],
)
def test_an_option_out_of_range_is_refused_by_name(
    study: Study, options: dict[str, Any], named: str
) -> None:
    with pytest.raises(ValueError, match=named):
        show_clauses(study, **options)


@given(
    st.lists(st.tuples(st.text("水<&\n", min_size=1, max_size=4), st.booleans()), max_size=5),
    st.data(),
)
def test_marking_a_text_loses_and_doubles_no_character(
    pieces: list[tuple[str, bool]], data: st.DataObject
) -> None:
    runs = [MarkedRun(text, changed, is_uncertain=False) for text, changed in pieces]
    text = "".join(run.text for run in runs)
    spans = []
    for _ in range(data.draw(st.integers(0, 4)) if text else 0):
        start = data.draw(st.integers(0, len(text) - 1))
        spans.append((start, data.draw(st.integers(start + 1, len(text))), "t"))
    html = mark_text(runs, spans, {"t": "label"}, "del")
    for tag in ("<mark>", "</mark>", "<del>", "</del>", '<small lang="zh-Hans">label</small>'):
        html = html.replace(tag, "")
    assert html.replace("&lt;", "<").replace("&amp;", "&") == text


def test_terms_that_overlap_share_a_box_with_the_topics_of_both() -> None:
    html = mark_text(
        [MarkedRun("水电站建设", is_changed=False, is_uncertain=False)],
        [(0, 1, "water"), (0, 3, "energy")],
        {"water": "水", "energy": "能源"},
    )
    assert html == '<mark>水电站<small lang="zh-Hans">水 · 能源</small></mark>建设'


# --- terms --------------------------------------------------------------------------------------


def list_trials(study: Study) -> list[tuple[str, dict[str, list[str]]]]:
    """Return changes of topics: every standing word left out, some words added."""
    trials: list[tuple[str, dict[str, list[str]]]] = []
    for topic in study.codebook.topics:
        words = [name for name, _, old, new in describe_terms(study, topic) if old or new]
        trials += [(topic.id, {"without": [name]}) for name in words[:4]]
        trials.append((topic.id, {"without": words, "also": ["发展", "水资"]}))
        trials.append((topic.id, {"excluding": ["水资源", "电子废弃物", "气候"]}))
    return trials


def test_terms_tried_give_what_tagging_everything_anew_gives(resolution: Study) -> None:
    for topic, change in random.Random(7).sample(list_trials(resolution), 10):  # noqa: S311
        tried = try_terms(resolution, topic, **change)  # type: ignore[arg-type]
        anew = tag_all(resolution, tried.codebook)
        pd.testing.assert_frame_equal(tried.tags, anew, check_like=False)
        counts = count(resolution, anew)
        assert tried.counts["old_after"].tolist() == counts["n_old"].tolist()
        assert tried.counts["new_after"].tolist() == counts["n_new"].tolist()
        before = count(resolution)
        assert tried.counts["old_before"].tolist() == before["n_old"].tolist()
        assert tried.counts["new_before"].tolist() == before["n_new"].tolist()


def test_clauses_that_changed_are_those_that_comparing_tags_finds(resolution: Study) -> None:
    counted = resolution.clauses[resolution.clauses["kind"].isin(COUNTED_KINDS)]
    keys = set(zip(counted["version"], counted["clause_id"], strict=True))
    tried = try_terms(resolution, "water", without="水资源", also="规划")
    whole = compare_tags(resolution.tags, tried.tags, clauses=resolution.clauses)
    mine = [key in keys for key in zip(whole["version"], whole["clause_id"], strict=True)]
    pd.testing.assert_frame_equal(tried.changes, whole[mine].reset_index(drop=True))


def test_a_shorter_term_of_another_topic_takes_the_place_of_one_left_out(study: Study) -> None:
    wide = try_terms(study, "e_waste", also="国家规划")
    held = replace(study, codebook=wide.codebook, tags=wide.tags)
    other = try_terms(held, "biodiversity", also="规划")
    assert other.changes.empty  # the longer term of the other topic has used it up
    both = replace(study, codebook=other.codebook, tags=other.tags)
    freed = try_terms(both, "e_waste", without="国家规划")
    assert "规划" in set(freed.tags.loc[freed.tags["topic"] == "biodiversity", "term"])


def test_an_exclusion_added_uses_up_the_term_inside_it(study: Study) -> None:
    tried = try_terms(study, "water", excluding="水资源")
    assert "水资源" in set(study.tags.loc[study.tags["topic"] == "water", "term"])
    assert "水资源" not in set(tried.tags.loc[tried.tags["topic"] == "water", "term"])


def test_trying_nothing_changes_nothing(study: Study) -> None:
    tried = try_terms(study, "water")
    pd.testing.assert_frame_equal(tried.tags, study.tags)
    assert tried.changes.empty
    assert tried.codebook == study.codebook


@pytest.mark.parametrize(
    ("topic", "options", "named"),
    [
        ("fire", {}, "no topic fire; the codebook has"),
        ("water", {"without": "火"}, "topic water has no term, exclusion or rule 火"),
        ("water", {"also": ["规划", " "]}, "a word to be added is empty"),
        ("water", {"language": "fr"}, "language is 'fr'"),
    ],
)
def test_terms_that_cannot_be_tried_are_refused_by_name(
    study: Study, topic: str, options: dict[str, Any], named: str
) -> None:
    with pytest.raises(ValueError, match=named):
        try_terms(study, topic, **options)


def test_the_words_of_a_topic_are_told_with_the_counted_clauses_they_tag(
    resolution: Study,
) -> None:
    counted = resolution.clauses[resolution.clauses["kind"].isin(COUNTED_KINDS)]
    keys = set(zip(counted["version"], counted["clause_id"], strict=True))
    for topic in resolution.codebook.topics:
        tags = resolution.tags[resolution.tags["topic"] == topic.id]
        for name, tier, old, new in describe_terms(resolution, topic):
            if tier != "exclusion" and (old or new):
                tagged = tags[tags["rule" if tier == "rule" else "term"] == name]
                if tier != "rule":
                    tagged = tagged[tagged["rule"] == TERM]
                own = set(zip(tagged["version"], tagged["clause_id"], strict=True)) & keys
                assert old == sum(version == "old" for version, _ in own)
                assert new == sum(version == "new" for version, _ in own)


# --- readings -----------------------------------------------------------------------------------


def test_readings_in_force_give_the_study_itself(study: Study) -> None:
    tried = try_readings(study)
    assert (tried.old_text, tried.new_text) == (study.old_text, study.new_text)
    for when, version in itertools.product(("before", "after"), VERSIONS):
        assert tried.counts[f"{version}_{when}"].tolist() == count(study)[f"n_{version}"].tolist()
    assert set(tried.counts["sign"]) == {"kept"}


def test_a_reading_chosen_gives_what_deciding_it_and_running_again_gives(
    small_corpus: Path, tmp_path: Path, study: Study
) -> None:
    places = list_places(study)
    other = places[places["reading"] == 2].drop_duplicates("group")
    for number, group in enumerate(["bullet", *other["group"].head(2)]):
        folder = Path(shutil.copytree(small_corpus, tmp_path / f"copy-{number}" / "small"))
        ReviewSession(folder, coder="ann").decide(group, reading=2, reason="to see")
        decided = run_study(folder, draws=0)
        tried = try_readings(study, {group: 2})
        assert tried.old_text == decided.old_text
        assert tried.new_text == decided.new_text
        for version in VERSIONS:
            assert (
                tried.counts[f"{version}_after"].tolist() == count(decided)[f"n_{version}"].tolist()
            )


def test_several_readings_hold_at_once(resolution: Study) -> None:
    places = list_places(resolution)
    groups = places.loc[places["reading"] == 2, "group"].tolist()[:6]
    tried = try_readings(resolution, dict.fromkeys(groups, 2))
    whole = ra.parse_resolution(tried.new_text, version="new")
    counted = whole[whole["kind"].isin(COUNTED_KINDS)]
    assert tried.clauses.set_index("version").loc["new", "after"] == len(counted)
    found = pipeline.tag_texts(counted["text"].tolist(), resolution.codebook)
    for topic, n in zip(tried.counts["topic"], tried.counts["new_after"], strict=True):
        assert n == sum(any(match.topic == topic for match in own) for own in found)


def test_a_sign_that_turns_is_said(resolution: Study) -> None:
    trial = ReadingTrial(resolution)
    places = list_places(resolution)
    turned = 0
    for group in places.loc[places["reading"] == 2, "group"]:
        counts = trial.count({group: 2}).counts
        product = counts["share_before"] * counts["share_after"]
        assert ((product < 0) == (counts["sign"] == "turned")).all()
        assert ((product > 0) <= (counts["sign"] == "kept")).all()
        turned += (counts["sign"] == "turned").sum()
    assert turned


@pytest.mark.parametrize(
    ("choices", "named"),
    [
        ({"nowhere": 1}, "no uncertain place nowhere; list_places"),
        ({"bullet": 9}, "bullet has no reading 9; choose from 1, 2"),
    ],
)
def test_a_place_or_reading_that_is_not_there_is_refused(
    study: Study, choices: dict[str, int], named: str
) -> None:
    with pytest.raises(ValueError, match=named):
        try_readings(study, choices)


# --- widgets ------------------------------------------------------------------------------------


def make_all(study: Study, language: Language) -> list[Any]:
    makers: list[Callable[..., Any]] = [explore_clauses, explore, explore_readings]
    return [maker(study, language=language) for maker in makers]


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_widget_opens_with_what_it_is_for_and_labels_its_controls(
    study: Study, language: Language
) -> None:
    first = "的" if language == "zh" else " "
    for box in make_all(study, language):
        hint = box.children[0].value
        assert hint.startswith("<b>")
        assert len(hint) > 20 - 8 * (language == "zh")
        assert first in hint or "。" in hint
        for control in box.children[1:]:
            if type(control).__name__ not in ("HTML", "HBox", "Box"):
                assert control.description


def test_clauses_in_the_widget_are_those_of_the_function(study: Study) -> None:
    panel = explore_clauses(study, language="en").panel
    panel.topics.value = ("water", "e_waste")
    panel.version.value = "both"
    panel.part.value = "operative"
    panel.change.value = "MOD"
    expected = show_clauses(
        study,
        topics=["water", "e_waste"],
        version="both",
        part="operative",
        change="MOD",
        language="en",
    )
    assert len(expected)
    assert panel.result.value == expected.html
    panel.topics.value = ()
    assert len(panel.found) == len(
        show_clauses(study, version="both", part="operative", change="MOD")
    )


def test_terms_in_the_widget_give_what_the_function_gives(study: Study) -> None:
    panel = explore(study, language="en").panel
    panel.topic.value = "water"
    panel.ticks["水资源"].value = False
    panel.also.value = "规划，河湖、 "
    panel.excluding.value = "水体"
    expected = try_terms(
        study, "water", without="水资源", also=["规划", "河湖"], excluding="水体", language="en"
    )
    assert panel.result.value == expected.html
    pd.testing.assert_frame_equal(panel.tried.counts, expected.counts)


def test_ticking_on_again_and_resetting_bring_the_codebook_back(study: Study) -> None:
    panel = explore(study).panel
    panel.topic.value = "water"
    at_first = panel.result.value
    panel.ticks["水资源"].value = False
    assert panel.result.value != at_first
    panel.ticks["水资源"].value = True
    assert panel.result.value == at_first
    panel.also.value = "规划"
    panel.ticks["水资源"].value = False
    panel.reset.click()
    assert panel.result.value == at_first
    assert panel.also.value == ""
    assert all(tick.value for tick in panel.ticks.values())


def test_another_topic_brings_its_own_terms(study: Study) -> None:
    panel = explore(study).panel
    panel.topic.value = "water"
    panel.also.value = "规划"
    panel.topic.value = "e_waste"
    own = study.codebook.topic("e_waste")
    words = {*own.core, *own.peripheral, *own.exclusions, *(rule.id for rule in own.rules)}
    assert panel.ticks
    assert set(panel.ticks) <= words
    assert panel.also.value == ""
    assert panel.tried.topic == "e_waste"


def test_a_term_ticked_off_answers_within_half_a_second(resolution: Study) -> None:
    panel = explore(resolution).panel
    panel.topic.value = "water"
    times = []
    for tick in [*panel.ticks.values()][:3]:
        start = time.process_time()
        tick.value = False
        times.append(time.process_time() - start)
    assert min(times) < 0.5


def test_readings_in_the_widget_give_what_the_function_gives(study: Study) -> None:
    panel = explore_readings(study, language="en").panel
    panel.place.value = "bullet"
    panel.reading.value = 2
    assert panel.choices == {"bullet": 2}
    assert panel.result.value == try_readings(study, {"bullet": 2}, language="en").html
    other = next(name for _, name in panel.place.options if name != "bullet")
    panel.place.value = other
    assert panel.reading.value == 1
    panel.reading.value = 2
    assert panel.choices == {"bullet": 2, other: 2}
    panel.place.value = "bullet"
    assert panel.reading.value == 2
    panel.reading.value = 1
    assert panel.choices == {other: 2}
    panel.everything.value = True
    expected = try_readings(study, {other: 2}, everything=True, language="en")
    assert panel.result.value == expected.html
    panel.reset.click()
    assert panel.choices == {}
    assert panel.result.value == try_readings(study, everything=True, language="en").html


def test_places_in_the_widget_come_in_the_order_of_their_effect(study: Study) -> None:
    panel = explore_readings(study).panel
    assert [name for _, name in panel.place.options] == ra.rank_places(study)["group"].tolist()


def test_readings_are_explored_from_a_folder_or_a_corpus_and_nothing_is_written(
    small_corpus: Path,
) -> None:
    before = {path: path.read_bytes() for path in small_corpus.iterdir() if path.is_file()}
    for taken in (small_corpus, str(small_corpus), ra.read_corpus(small_corpus)):
        panel: ReadingPanel = explore_readings(taken).panel
        panel.reading.value = 2
        assert panel.choices
    after = {path: path.read_bytes() for path in small_corpus.iterdir() if path.is_file()}
    assert before == after


def test_a_text_without_uncertain_places_says_so(study: Study) -> None:
    sure = replace(study, alternatives=study.alternatives.head(0))
    box = explore_readings(sure, language="en")
    assert "no uncertain place" in box.children[1].value
    assert box.panel.choices == {}


def test_hostile_words_are_escaped_everywhere(study: Study) -> None:
    topics = tuple(
        replace(topic, label={"zh": HOSTILE, "en": HOSTILE}, core=(*topic.core, HOSTILE))
        for topic in study.codebook.topics
    )
    clauses = study.clauses.assign(heading=HOSTILE)
    spoilt = replace(study, codebook=replace(study.codebook, topics=topics), clauses=clauses)
    for box in make_all(spoilt, "en"):
        panel = box.panel
        for name in ("also", "excluding"):
            if hasattr(panel, name):
                getattr(panel, name).value = HOSTILE
        shown = [child.value for child in box.children if type(child).__name__ == "HTML"]
        assert all("<script" not in html for html in shown)
