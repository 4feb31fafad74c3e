"""The whole chain: every table keeps its contract, and a second run gives the same bytes."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pytest

import resanalysis as ra
from resanalysis.checks import check_corpus
from resanalysis.codebook import read_codebook
from resanalysis.corpus import CODING
from resanalysis.export import write_tables
from resanalysis.model import COUNTED_KINDS, InputError
from resanalysis.results import FIGURES, STEPS, draw_figures, write_study, writing
from resanalysis.results.findings import list_findings
from resanalysis.study import run_study
from resanalysis.tables import DATASET_TABLES, STUDY_TABLES, TABLES

if TYPE_CHECKING:
    from resanalysis.model import Study

ROOT = Path(__file__).parents[1]
CORPORA = [ROOT / "tests" / "data" / "small", ROOT / "corpora" / "itu-pp-res-182"]
KEYS = {
    "segments": ["corpus", "start"],
    "alternatives": ["corpus", "group", "reading", "start"],
    "clauses": ["corpus", "edition", "clause_id"],
    "tokens": ["corpus", "edition", "clause_id", "i"],
    "tags": ["corpus", "edition", "clause_id", "topic", "rule", "start", "end"],
    "codings": ["corpus", "edition", "clause_id", "coder", "topic"],
    "pairs": ["corpus", "old_id", "new_id", "relation"],
    "shift": ["corpus", "unit", "breakdown", "category", "topic"],
}
AGAIN = """
import sys
from resanalysis.export import write_tables
from resanalysis.results import write_study
from resanalysis.shell.processes import open_processes
from resanalysis.study import run_study
small, large, out = sys.argv[1:]
with open_processes() as executor:
    write_study(run_study(small), out + "/small", executor=executor)
write_tables(run_study(large).tables, out + "/large")
"""


@pytest.fixture(scope="module")
def steps() -> list[str]:
    return []


@pytest.fixture(scope="module")
def studies(steps) -> dict[Path, Study]:
    """Return the study of each corpus, run once; `steps` are told of the first."""
    return {
        path: run_study(path, progress=steps.append if path == CORPORA[0] else None)
        for path in CORPORA
    }


@pytest.fixture(scope="module")
def second_run(tmp_path_factory):
    """Start the same run elsewhere, with others that draw; its process and its folder."""
    out = tmp_path_factory.mktemp("second")
    process = subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-c", AGAIN, *map(str, CORPORA), str(out)],
        env=os.environ | {"PYTHONHASHSEED": "12345"},
    )
    yield process, out
    process.kill()
    process.wait()


@pytest.fixture(scope="module")
def written(second_run, studies, steps, tmp_path_factory) -> Path:  # noqa: ARG001 - starts early
    """Return the folder with the results of the small corpus, written once."""
    out = tmp_path_factory.mktemp("written") / "deep" / "results"
    return write_study(studies[CORPORA[0]], out, progress=steps.append)


@pytest.fixture(params=CORPORA, ids=lambda path: path.name)
def study(request, studies) -> Study:
    return studies[request.param]


@pytest.fixture
def small(studies) -> Study:
    return studies[CORPORA[0]]


@pytest.fixture
def no_figures(monkeypatch):
    """Leave out what takes ten seconds."""

    def save(_results, name, folder):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.txt").write_text("figure", "utf-8")

    monkeypatch.setattr(writing, "save_drawing", save)


def read_all(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def version_texts(study: Study) -> dict[str, str]:
    return {"old": study.old_text, "new": study.new_text}


# --- tables -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", STUDY_TABLES)
def test_table_has_exactly_its_columns(study, name):
    assert list(study.tables[name]) == [column.name for column in STUDY_TABLES[name]]


@pytest.mark.parametrize("name", STUDY_TABLES)
def test_table_is_not_empty_and_has_no_missing_value(study, name):
    table = study.tables[name]
    assert len(table) > 0 or (name == "codings" and not (study.corpus.path / CODING).exists())
    assert not table.isna().any(axis=None)


@pytest.mark.parametrize("name", STUDY_TABLES)
def test_table_has_no_key_twice(study, name):
    assert not study.tables[name].duplicated(KEYS[name]).any()


@pytest.mark.parametrize("name", STUDY_TABLES)
def test_table_uses_the_allowed_values_only(study, name):
    allowed = {
        "op": {"equal", "delete", "insert"},
        "certainty": {"proven", "likely", "undecidable", "decided"},
        "version": {"old", "new"},
        "part": {"preambular", "operative", ""},
        "change": {"NOC", "MOD", "ADD", "SUP"},
        "relation": {"1:1", "split", "merge"},
        "tier": {"core", "peripheral"},
        "unit": {"clause", "character", "token", "matched"},
        "breakdown": {"total", "part", "addressee", "strength"},
    }
    for column, values in allowed.items():
        if column in study.tables[name]:
            assert set(study.tables[name][column]) <= values


def test_corpus_and_editions_are_those_of_the_folder(study):
    for table in filter(len, study.tables.values()):
        assert set(table["corpus"]) == {study.corpus.id}
    editions = study.clauses.groupby("version")["edition"].unique().map(list).to_dict()
    assert editions == {"old": [study.corpus.old.id], "new": [study.corpus.new.id]}


def test_segments_join_to_the_source(study):
    assert "".join(study.segments["text"]) == study.corpus.source.text


def test_segments_follow_each_other_without_gap(study):
    segments = study.segments
    assert segments["start"].tolist() == [0, *segments["end"].tolist()[:-1]]
    assert (segments["end"] - segments["start"]).eq(segments["text"].str.len()).all()


@pytest.mark.parametrize(("version", "other"), [("old", "insert"), ("new", "delete")])
def test_version_is_the_segments_without_those_of_the_other(study, version, other):
    kept = study.segments[study.segments["op"].ne(other)]
    assert "".join(kept["text"]) == version_texts(study)[version]


def test_weights_of_the_readings_of_a_place_sum_to_one(study):
    readings = study.alternatives.drop_duplicates(["group", "reading"])
    assert readings.groupby("group")["weight"].sum().to_list() == pytest.approx(
        [1.0] * readings["group"].nunique()
    )


def test_reading_in_force_is_the_one_in_the_segments(study):
    ops = [op for segment in study.segments.itertuples() for op in [segment.op] * len(segment.text)]
    for row in study.alternatives[study.alternatives["reading"].eq(1)].itertuples():
        assert set(ops[row.start : row.end]) == {row.op}


def test_clause_text_is_its_span_without_the_masked_spans(study):
    for clause in study.clauses.itertuples():
        text = version_texts(study)[clause.version]
        hidden = {i for a, b in json.loads(clause.masked) for i in range(a, b)}
        span = range(clause.start, clause.end)
        assert "".join(text[i] for i in span if i not in hidden) == clause.text


def test_parent_of_a_clause_is_a_clause_of_its_edition(study):
    known = set(zip(study.clauses["version"], study.clauses["clause_id"], strict=True))
    for clause in study.clauses[study.clauses["parent_id"].ne("")].itertuples():
        assert (clause.version, clause.parent_id) in known


@pytest.mark.parametrize("table", ["tokens", "tags"])
def test_span_of_a_token_or_tag_stands_in_its_clause(study, table):
    texts = study.clauses.set_index(["version", "clause_id"])["text"].to_dict()
    rows = study.tables[table]
    lengths = [len(texts[key]) for key in zip(rows["version"], rows["clause_id"], strict=True)]
    assert (rows["start"] >= 0).all()
    assert (rows["start"] < rows["end"]).all()
    assert (rows["end"] <= lengths).all()


def test_tokens_join_to_the_clause(study):
    joined = study.tokens.groupby(["version", "clause_id"])["text"].agg("".join).to_dict()
    for clause in study.clauses.itertuples():
        assert joined.get((clause.version, clause.clause_id), "") == clause.text


def test_topics_of_tags_and_shift_are_those_of_the_codebook(study):
    topics = {topic.id for topic in study.codebook.topics}
    assert set(study.tags["topic"]) <= topics
    assert set(study.shift["topic"]) == topics


@pytest.mark.parametrize("version", ["old", "new"])
def test_every_counted_clause_is_in_exactly_one_pair_or_orphan_row(study, version):
    clauses = study.clauses[study.clauses["version"].eq(version)]
    counted = clauses.loc[clauses["kind"].isin(COUNTED_KINDS), "clause_id"]
    paired = study.pairs.loc[study.pairs["relation"].eq("1:1"), f"{version}_id"]
    assert Counter(paired[paired.ne("")]) == Counter(counted)


def test_change_says_which_side_of_a_pair_is_there(study):
    for pair in study.pairs[study.pairs["relation"].eq("1:1")].itertuples():
        there = (bool(pair.old_id), bool(pair.new_id))
        assert there == {"ADD": (False, True), "SUP": (True, False)}.get(pair.change, (True, True))


def test_contributions_sum_to_the_change_in_every_row(study):
    s = study.shift
    gained = s["add"] + s["mod_gain"] + s["moved_in"]
    lost = s["sup"] + s["mod_loss"] + s["moved_out"]
    assert (s["n_new"] - s["n_old"]).eq(gained - lost).all()
    assert (s["n_new"] != s["n_old"]).any()


def test_nothing_moves_between_categories_of_the_total(study):
    total = study.shift[study.shift["breakdown"].eq("total")]
    assert total[["moved_in", "moved_out"]].eq(0).all(axis=None)


@pytest.mark.parametrize("column", ["share_old", "share_new"])
def test_shares_of_an_edition_sum_to_one(study, column):
    clause = study.shift[study.shift["unit"].eq("clause") & study.shift["breakdown"].eq("total")]
    assert clause[column].sum() == pytest.approx(1)


def test_counts_of_the_total_are_those_of_the_tags(study):
    counted = study.clauses[study.clauses["kind"].isin(COUNTED_KINDS)]
    keys = set(zip(counted["version"], counted["clause_id"], strict=True))
    tags = study.tags.drop_duplicates(["version", "clause_id", "topic"])
    found = Counter(
        (tag.version, tag.topic)
        for tag in tags.itertuples()
        if (tag.version, tag.clause_id) in keys
    )
    clause = study.shift[study.shift["unit"].eq("clause") & study.shift["breakdown"].eq("total")]
    for row in clause.itertuples():
        assert (row.n_old, row.n_new) == (found["old", row.topic], found["new", row.topic])


def test_small_corpus_comes_out_as_its_true_versions(small, small_versions):
    assert version_texts(small) == small_versions


# --- options ------------------------------------------------------------------------------------


def test_strict_reading_counts_no_peripheral_term():
    strict = run_study(CORPORA[0], reading="strict", draws=0)
    assert set(strict.tags["tier"]) == {"core"}
    assert strict.provenance["options"]["reading"] == "strict"


def test_higher_threshold_pairs_fewer_clauses(small):
    apart = run_study(CORPORA[0], threshold=1.0, draws=0).pairs["change"]
    assert apart.isin(["ADD", "SUP"]).sum() >= small.pairs["change"].isin(["ADD", "SUP"]).sum()


def test_without_draws_there_are_no_intervals():
    bare = run_study(CORPORA[0], draws=0).shift
    assert bare[["difference_low", "share_difference_high"]].isna().all(axis=None)
    assert set(bare["interval_model"]) == {"none"}


def test_faults_of_corpus_and_codebook_are_reported_together(tmp_path):
    with pytest.raises(InputError) as caught:
        run_study(tmp_path / "none", codebook_path=tmp_path / "none.toml")
    assert len(caught.value.problems) == 2


# --- provenance ---------------------------------------------------------------------------------


def test_provenance_has_the_hash_of_every_input_file(study):
    recorded = study.provenance["files_sha256"]
    for name in ("datapackage.json", "source.txt", "decisions.critic.txt", "lexicon.txt"):
        data = (study.corpus.path / name).read_bytes()
        assert recorded[name] == hashlib.sha256(data).hexdigest()


def test_provenance_has_codebook_lexicon_lock_and_packages(study):
    found = study.provenance
    lock = (ROOT / "requirements.lock").read_bytes()
    assert found["lock_sha256"] == hashlib.sha256(lock).hexdigest()
    assert found["codebook"]["sha256"] == read_codebook().sha256
    assert found["lexicon"]["words"] == len(study.corpus.lexicon)
    assert {"jieba", "spacy", "pandas", "matplotlib"} <= set(found["packages"])


def test_provenance_says_that_the_versions_are_recovered(study):
    said = study.provenance["versions"]
    assert "recovered versions; official texts were not consulted" in said
    assert study.provenance["form"] == "flattened"


def test_a_text_without_parts_gets_no_figure_of_its_parts(study, tmp_path):
    parts = study.shift["breakdown"].eq("part")
    law = study.shift[~parts | study.shift["category"].eq("none")]
    names = ["part-shift"]
    assert draw_figures(replace(study, shift=law), tmp_path, names=names) == []


# --- what is written ----------------------------------------------------------------------------


def test_every_table_is_written_with_its_columns(written):
    names = {path.stem for path in (written / "tables").iterdir()}
    # Tests, robustness and collections are asked for, or of several studies.
    asked = {"permutation", "robustness", "choices", "readings", "profiles"}
    asked |= {"profile_distances", *DATASET_TABLES}
    assert names == {*TABLES, "data-dictionary"} - asked
    for name in names - {"data-dictionary"}:
        header = (written / "tables" / f"{name}.csv").read_text("utf-8-sig").split("\n")[0]
        assert header == ",".join(column.name for column in TABLES[name])


def test_every_figure_is_written_in_both_languages_and_all_formats(written):
    made = {path.name for path in (written / "figures").iterdir()}
    for name in FIGURES:
        for language in ("zh", "en"):
            for ending in ("pdf", "svg", "png", "csv", "caption.zh.txt", "caption.en.txt"):
                assert f"{name}-{language}.{ending}" in made


def test_comparison_is_written_for_word_the_web_and_excel(written):
    assert sorted(path.name for path in (written / "comparison").iterdir()) == [
        *(f"comparison-en.{ending}" for ending in ("docx", "html", "tex", "xlsx")),
        *(f"comparison-zh.{ending}" for ending in ("docx", "html", "tex", "xlsx")),
        "comparison.csv",
    ]


@pytest.mark.parametrize(("name", "language"), [("report.html", "zh"), ("report-en.html", "en")])
def test_report_holds_every_figure_and_is_of_a_size_to_send(written, name, language):
    html = (written / name).read_text("utf-8")
    assert f'<html lang="{language}' in html
    shown = re.findall('<figure id="figure-([a-z-]+)"', html)
    assert shown == [name for name in FIGURES if name != "redline"]
    assert html.count('<img alt="') == len(shown)
    assert len(html.encode()) < 2_000_000


def test_written_provenance_is_that_of_the_study(written, small):
    assert json.loads((written / "provenance.json").read_text("utf-8")) == small.provenance


def test_nothing_else_is_left_in_the_results(written):
    assert sorted(path.name for path in written.iterdir()) == [
        "comparison",
        "figures",
        "paper-tables",
        "provenance.json",
        "report-en.html",
        "report.html",
        "tables",
    ]


def test_progress_is_told_every_step_once_in_order(written, steps):
    assert written.exists()
    assert steps == list(STEPS)


def test_second_run_in_another_process_gives_the_same_bytes(written, studies, second_run, tmp_path):
    process, again = second_run
    assert process.wait(timeout=600) == 0
    write_tables(studies[CORPORA[1]].tables, tmp_path / "first")
    for first, second in ((written, "small"), (tmp_path / "first", "large")):
        one, two = read_all(first), read_all(again / second)
        assert one.keys() == two.keys()
        assert [name for name in one if one[name] != two[name]] == []


@pytest.mark.parametrize("name", STUDY_TABLES)
def test_written_table_read_back_is_the_study_s(studies, tmp_path, name):
    table = studies[CORPORA[1]].tables[name]
    write_tables({name: table}, tmp_path)
    text = {column.name: "str" for column in STUDY_TABLES[name] if column.dtype == "str"}
    back = pd.read_csv(tmp_path / f"{name}.csv", keep_default_na=False, dtype=text)
    wanted = table.reset_index(drop=True)
    pd.testing.assert_frame_equal(back, wanted, check_exact=True, check_dtype=len(table) > 0)


@pytest.mark.usefixtures("no_figures")
def test_results_replace_what_was_there_and_keep_other_files(small, tmp_path):
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables" / "stale.csv").write_text("old", "utf-8")
    (tmp_path / "report.html").mkdir()
    (tmp_path / "mine.txt").write_text("mine", "utf-8")
    write_study(small, tmp_path)
    assert not (tmp_path / "tables" / "stale.csv").exists()
    assert (tmp_path / "report.html").is_file()
    assert (tmp_path / "mine.txt").read_text("utf-8") == "mine"


@pytest.mark.usefixtures("no_figures")
@pytest.mark.parametrize("part", ["write_tables", "write_comparison", "make_page"])
def test_failure_while_writing_leaves_the_old_results_untouched(small, tmp_path, monkeypatch, part):
    write_study(small, tmp_path)
    before = read_all(tmp_path)

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("in the middle")

    monkeypatch.setattr(writing.export, part, fail)
    with pytest.raises(RuntimeError, match="in the middle"):
        write_study(small, tmp_path)
    assert read_all(tmp_path) == before


@pytest.mark.usefixtures("no_figures")
@pytest.mark.parametrize("last", [1, 3, 5, 7, 9])
def test_failure_while_moving_into_place_brings_the_old_results_back(
    small, tmp_path, monkeypatch, last
):
    write_study(small, tmp_path)
    (tmp_path / "tables" / "shift.csv").write_text("old", "utf-8")
    before = read_all(tmp_path)
    rename, calls = Path.rename, []

    def rename_some(self: Path, target: Path) -> Path:
        calls.append(self)
        if len(calls) == last:
            raise OSError(5, "Input/output error", str(self))
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", rename_some)
    with pytest.raises(OSError, match="Input/output error"):
        write_study(small, tmp_path)
    assert read_all(tmp_path) == before


@pytest.mark.usefixtures("no_figures")
def test_failure_in_a_new_folder_leaves_no_folder(small, tmp_path, monkeypatch):
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("in the middle")

    monkeypatch.setattr(writing.export, "make_page", fail)
    with pytest.raises(RuntimeError, match="in the middle"):
        write_study(small, tmp_path / "new")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("no_figures")
def test_leftovers_of_a_killed_run_do_not_get_into_the_results(small, tmp_path):
    (tmp_path / ".partial" / "tables").mkdir(parents=True)
    (tmp_path / ".partial" / "tables" / "half.csv").write_text("half", "utf-8")
    write_study(small, tmp_path)
    assert not list(tmp_path.rglob("half.csv"))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_each_topic_that_an_edition_has_gets_its_own_finding(small, language):
    findings = list_findings(small, None, language=language)
    counted = small.shift[small.shift["n_old"].add(small.shift["n_new"]).gt(0)]
    assert set(findings) == set(counted["topic"])
    for topic, finding in findings.items():
        assert finding.sentence.startswith(small.codebook.topic(topic).label[language])


# --- checks -------------------------------------------------------------------------------------


def test_slip_in_the_numbering_is_a_warning_with_its_line():
    (slip,) = (p for p in check_corpus(CORPORA[1]) if p.what == "the numbering slips here")
    assert (slip.severity, Path(slip.file).name) == ("warning", "source.txt")
    assert slip.place.startswith("line 49")


# --- public names -------------------------------------------------------------------------------


def test_every_public_name_is_there_and_listed_once():
    assert len(ra.__all__) == len(set(ra.__all__))  # the linter holds their order
    assert set(ra.__all__) == set(ra._ROOM_OF)
    assert [name for name in ra.__all__ if not hasattr(ra, name)] == []


def test_name_that_is_not_public_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no_such_name"):
        ra.no_such_name  # noqa: B018


# --- the reference coding -----------------------------------------------------------------------


def test_the_reference_coding_of_a_folder_comes_with_the_study(studies):
    study = studies[CORPORA[1]]
    coded = study.codings.drop_duplicates(["edition", "clause_id"])
    counted = study.clauses[study.clauses["kind"].isin(COUNTED_KINDS)]
    assert len(coded) == len(counted) == study.provenance["coding"]["clauses"]
    assert set(study.codings["topic"]) == {topic.id for topic in study.codebook.topics}
    assert study.provenance["coding"]["unfit"] == ""


def test_a_folder_without_coding_has_an_empty_one(small):
    assert small.codings.empty
    assert small.provenance["coding"] == {"coders": [], "clauses": 0, "unfit": ""}


def test_a_study_goes_on_without_a_coding_that_does_not_fit(tmp_path):
    folder = tmp_path / "itu-pp-res-182"
    shutil.copytree(CORPORA[1], folder)
    (folder / "decisions.critic.txt").unlink()  # the clauses are others without them
    study = run_study(folder, draws=1)
    assert study.codings.empty
    assert "problems, the first" in study.provenance["coding"]["unfit"]


def test_the_scope_is_carried_in_the_provenance(small_corpus):
    study = run_study(small_corpus, draws=1, scope="topic")
    assert study.provenance["options"]["scope"] == study.tags.attrs["scope"] == "topic"


def test_check_warns_of_a_coding_that_does_not_fit(tmp_path):
    folder = tmp_path / "itu-pp-res-182"
    shutil.copytree(CORPORA[1], folder)
    coding = (folder / "coding.csv").read_text("utf-8-sig")
    (folder / "coding.csv").write_text(coding.replace("ghg_mitigation", "ghg"), "utf-8")
    told = [problem for problem in check_corpus(folder) if problem.file.endswith("coding.csv")]
    assert told
    assert {problem.severity for problem in told} == {"warning"}
    assert any("ghg" in f"{problem.place} {problem.what}" for problem in told)
