"""The commands on codings: a sheet made, sheets compared."""

import argparse
import io

import pandas as pd
import pytest

from resanalysis.model import InputError
from resanalysis.shell.coding import add_coding_commands


def run(*words):
    """Run a command as the shell would; an error of the input is raised."""
    parser = argparse.ArgumentParser()
    add_coding_commands(parser.add_subparsers(required=True))
    options = parser.parse_args([str(word) for word in words])
    return options.command(options)


@pytest.fixture(scope="module")
def sheets(small_corpus, tmp_path_factory):
    """Return two sheets of the small corpus, filled in by two who differ on one text."""
    folder = tmp_path_factory.mktemp("sheets")
    paths = []
    for coder in ("ann", "bob"):
        run("code", small_corpus, "--out", folder / f"{coder}.csv", "--coder", coder)
        sheet = pd.read_csv(folder / f"{coder}.csv", keep_default_na=False, dtype="object")
        sheet["none"] = "1"
        sheet.loc[:2, "none"], sheet.loc[:2, "water"] = "", "1"
        if coder == "bob":
            sheet.loc[2, "none"], sheet.loc[2, "water"] = "1", ""
        path = folder / f"{coder} done.csv"
        sheet.to_csv(path, index=False, encoding="utf-8-sig")
        paths.append(path)
    return paths


def printed(capsysbinary):
    return pd.read_csv(io.BytesIO(capsysbinary.readouterr().out))


def test_code_makes_a_workbook_and_says_so_on_standard_error(small_corpus, tmp_path, capsys):
    out = tmp_path / "ann.xlsx"
    assert run("code", small_corpus, "--out", out, "--coder", "ann", "--sample", 5) == 0
    said = capsys.readouterr()
    assert said.out == ""
    assert "5 texts to code" in said.err
    assert len(pd.read_excel(out, sheet_name="coding")) == 5


def test_code_makes_the_same_sheet_again_and_another_with_another_seed(small_corpus, tmp_path):
    files = [tmp_path / f"{name}.csv" for name in "abc"]
    for file, seed in zip(files, (0, 0, 1), strict=True):
        run("code", small_corpus, "--out", file, "--seed", seed)
    first, again, other = (file.read_bytes() for file in files)
    assert first == again != other


def test_code_refuses_a_sample_that_is_too_large(small_corpus, tmp_path):
    with pytest.raises(InputError, match="texts to code"):
        run("code", small_corpus, "--out", tmp_path / "a.csv", "--sample", 10_000)
    assert not list(tmp_path.iterdir())


def test_agreement_prints_the_table(small_corpus, sheets, capsysbinary):
    assert run("agreement", small_corpus, *sheets) == 0
    table = printed(capsysbinary).set_index("topic")
    assert table.index[-1] == "all"
    assert 0 < table.loc["water", "alpha"] < 1
    assert table.loc["water", "positives"] == table.loc["all", "positives"]
    assert table.loc["e_waste", "alpha_note"].startswith("undefined")


def test_agreement_prints_the_scores_of_the_codebook(small_corpus, sheets, capsysbinary):
    assert run("agreement", small_corpus, *sheets, "--scores") == 0
    table = printed(capsysbinary)
    assert set(table["coder"]) == {"ann", "bob"}
    assert {"water", "all", "macro"} <= set(table["topic"])


def test_agreement_prints_disagreements(small_corpus, sheets, capsysbinary):
    assert run("agreement", small_corpus, *sheets, "--disagreements") == 0
    table = printed(capsysbinary)
    among = table[table["between"] != "codebook"]
    assert set(among["given_by"]) == {"ann"}
    assert set(among["not_given_by"]) == {"bob"}


def test_agreement_warns_of_rows_that_are_not_coded(small_corpus, sheets, tmp_path, capsys):
    first = pd.read_csv(sheets[0], keep_default_na=False, dtype="object")
    first.loc[5, "none"] = ""
    first.to_csv(tmp_path / "a.csv", index=False)
    run("agreement", small_corpus, tmp_path / "a.csv", sheets[1])
    assert "1 of" in capsys.readouterr().err


def test_agreement_refuses_what_is_wrong(small_corpus, sheets):
    with pytest.raises(InputError, match="ann is also the coder"):
        run("agreement", small_corpus, sheets[0], sheets[0])
