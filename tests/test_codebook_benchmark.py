"""The clauses on which the codebook is measured, and the measuring."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest

from benchmarks.codebook import ALL, FOLDERS, keep_agreed, main, measure, read_clauses, read_codings
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


def test_the_benchmark_prints_every_set(capsys):
    main([])
    printed = capsys.readouterr().out
    parts = re.split("\n== (.+)\n", printed)
    assert parts[1::2] == [folder.name for folder in SETS]
    assert all("macro" in part for part in parts[2::2])


def test_the_page_on_the_codebook_says_what_is_measured_of_the_present_one():
    book = read_codebook()
    cells = []
    for folder in SETS:
        _, scores = measure(folder, book, "broad")
        own = scores[scores["coder"] == scores["coder"].iloc[0]].set_index("topic")
        precision, recall = own.loc["all", ["precision", "recall"]]
        mean, low, high = own.loc["macro", ["f1", "f1_low", "f1_high"]]
        cells.append(
            f"{_short(precision)} / {_short(recall)}; {_short(mean)}"
            f" ({_short(low)} to {_short(high)})"
        )
    row = next(line for line in _page_lines() if line.startswith(f"| {book.version} |"))
    assert [cell.rpartition(",")[0].strip() for cell in row.split("|")[2:-1]] == cells


def _page_lines():
    return Path("docs", "codebook.md").read_text("utf-8").splitlines()


def _short(value):
    return f"{value:.2f}".removeprefix("0")
