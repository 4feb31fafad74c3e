"""Tables and comparison on disk."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from resanalysis.export import compare_clauses, write_dictionary, write_tables
from resanalysis.export.wording import describe_places, describe_scope
from resanalysis.study import run_study
from resanalysis.tables import STUDY_TABLES, TABLES, describe_tables, make_table

if TYPE_CHECKING:
    from resanalysis.model import Study


@pytest.fixture(scope="module")
def study(small_corpus) -> Study:
    return run_study(small_corpus, draws=50)


# --- tables -------------------------------------------------------------------------------------


def test_tables_are_utf8_with_mark_for_excel_and_lf(study, tmp_path):
    for path in write_tables(study.tables, tmp_path):
        data = path.read_bytes()
        assert data.startswith(b"\xef\xbb\xbf")
        assert b"\r" not in data


def test_data_dictionary_is_written_beside_the_tables(study, tmp_path):
    write_tables(study.tables, tmp_path / "new")
    names = {path.stem for path in (tmp_path / "new").iterdir()}
    assert names == {*STUDY_TABLES, "data-dictionary"}
    back = pd.read_csv(tmp_path / "new" / "data-dictionary.csv", keep_default_na=False)
    pd.testing.assert_frame_equal(back, describe_tables(), check_dtype=False)


@pytest.mark.parametrize("name", STUDY_TABLES)
def test_table_read_back_has_the_same_values(study, tmp_path, name):
    write_tables({name: study.tables[name]}, tmp_path)
    kinds = {c.name: {"str": "str"}.get(c.dtype) for c in TABLES[name]}
    back = pd.read_csv(
        tmp_path / f"{name}.csv",
        keep_default_na=False,
        dtype={column: kind for column, kind in kinds.items() if kind},
    )
    wanted = study.tables[name].reset_index(drop=True)
    pd.testing.assert_frame_equal(back, wanted, check_exact=True, check_dtype=len(wanted) > 0)


def test_dictionary_in_markdown_has_a_line_for_every_column(tmp_path):
    lines = write_dictionary(tmp_path / "d.md").read_text("utf-8").splitlines()
    for table, columns in TABLES.items():
        start = lines.index(f"## {table}") + 4
        written = [line.split("`")[1] for line in lines[start : start + len(columns)]]
        assert written == [column.name for column in columns]


# --- 对照表 -------------------------------------------------------------------------------------


def test_comparison_has_a_row_for_every_pair_in_their_order(study):
    compared = compare_clauses(study)
    pairs = study.pairs[study.pairs["relation"].eq("1:1")]
    assert compared["old_id"].tolist() == pairs["old_id"].tolist()
    assert compared["change"].tolist() == pairs["change"].tolist()


def test_comparison_gives_each_side_its_own_text_and_marker(study):
    clauses = study.clauses.set_index(["version", "clause_id"])
    for row in compare_clauses(study).to_dict("records"):
        for version in ("old", "new"):
            if row[f"{version}_id"]:
                clause = clauses.loc[(version, row[f"{version}_id"])]
                assert row[f"{version}_text"] == clause["text"]
                assert row[f"{version}_marker"] == clause["marker"]


def test_comparison_leaves_the_missing_side_of_an_orphan_empty(study):
    compared = compare_clauses(study)
    added = compared[compared["change"].eq("ADD")]
    assert len(added) > 0
    assert added[["old_id", "old_marker", "old_text", "old_topics"]].eq("").all(axis=None)


def test_comparison_names_topics_once_in_the_order_of_the_codebook(study):
    labels = [topic.label["en"] for topic in study.codebook.topics]
    tags = study.tags.drop_duplicates(["version", "clause_id", "topic"])
    counts = tags.groupby(["version", "clause_id"]).size()
    for row in compare_clauses(study, language="en").to_dict("records"):
        named = [name for name in row["new_topics"].split("; ") if name]
        assert named == sorted(named, key=labels.index)
        assert len(named) == counts.get(("new", row["new_id"]), 0)


def test_comparison_without_tags_or_pairs_has_its_columns(study):
    empty = replace(study, tags=make_table("tags", []), pairs=make_table("pairs", []))
    assert list(compare_clauses(empty)) == list(compare_clauses(study))


# --- what stands beside a comparison -------------------------------------------------------------


def test_of_versions_read_exactly_no_doubt_is_told(study):
    exact = replace(
        study,
        corpus=replace(study.corpus, form="word"),
        segments=study.segments.assign(certainty="proven"),
        alternatives=study.alternatives.iloc[:0],
    )
    assert describe_places(exact, "zh") == describe_places(exact, "en") == ""
    assert "trace" not in describe_scope(exact, "en")


def test_text_unmarked_is_not_doubted_where_one_version_is_known(study):
    known = replace(study, corpus=replace(study.corpus, known="old"))
    assert "trace" in describe_scope(study, "en")
    assert "trace" not in describe_scope(known, "en")
