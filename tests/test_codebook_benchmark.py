"""The clauses on which the codebook is measured, and the measuring."""

from __future__ import annotations

import pandas as pd
import pytest

from benchmarks.codebook import ALL, FOLDERS, keep_agreed, main, read_clauses, read_codings
from resanalysis.codebook import read_codebook

SETS = sorted(path for path in FOLDERS.iterdir() if path.is_dir())


@pytest.mark.parametrize("folder", SETS, ids=lambda path: path.name)
def test_every_reader_coded_every_clause_by_the_codebook_s_topics(folder):
    clauses, codings = read_clauses(folder), read_codings(folder, read_codebook())
    assert clauses["clause_id"].is_unique
    assert clauses["text"].is_unique
    for _, given in codings.groupby("coder"):
        assert sorted(set(given["clause_id"])) == sorted(clauses["clause_id"])


def test_the_sets_have_no_clause_in_common():
    texts = pd.concat([read_clauses(folder)["text"] for folder in SETS])
    assert texts.is_unique


def test_only_pairs_on_which_all_readers_agree_are_kept():
    codings = pd.DataFrame(
        {
            "clause_id": ["1", "1", "2", "2"],
            "topic": ["water"] * 4,
            "coder": ["a", "b"] * 2,
            "code": [1, 1, 0, 1],
        }
    )
    kept = keep_agreed(codings)
    assert kept[["clause_id", "coder", "code"]].to_numpy().tolist() == [["1", ALL, 1]]


def test_the_benchmark_prints_a_mean_for_every_set(capsys):
    main([])
    printed = capsys.readouterr().out
    for folder in SETS:
        assert f"== {folder.name}" in printed
    assert sum("macro" in line for line in printed.splitlines()) >= len(SETS)
