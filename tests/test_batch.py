"""A folder of texts as a dataset: what is in it, what is refused, what fails and stops nobody."""

from __future__ import annotations

import json
import os
import shutil
from typing import TYPE_CHECKING

import duckdb
import pandas as pd
import polars as pl
import pytest
from batch_texts import DATA, VERSIONS, read_files, write_every_form, write_pair

from resanalysis import __main__ as shell
from resanalysis.batch import read_dataset, run_batch
from resanalysis.batch.dataset import BODY_TABLES
from resanalysis.model import InputError
from resanalysis.study import run_study
from resanalysis.tables import TABLES

if TYPE_CHECKING:
    from pathlib import Path

    from resanalysis.batch import Batch


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[str], Batch]:
    """Return the ids of a text in every form, and the batch made of them."""
    folder = tmp_path_factory.mktemp("texts")
    ids = write_every_form(folder)
    return ids, run_batch(folder, tmp_path_factory.mktemp("out") / "dataset")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with one good text, for a test to spoil."""
    write_pair(tmp_path / "texts", "good")
    return tmp_path / "texts"


def test_texts_of_every_form_are_found_in_nested_folders(made: tuple[list[str], Batch]) -> None:
    ids, batch = made
    documents = read_dataset(batch.path, "documents")
    assert batch.failures.empty
    assert documents["corpus"].tolist() == ids
    forms = ["editions", "word", "criticmarkup", "flattened", "flattened"]
    assert documents["form"].tolist() == forms


@pytest.mark.parametrize("table", ["documents", "failures", *BODY_TABLES])
def test_a_table_has_the_columns_of_the_dictionary(
    made: tuple[list[str], Batch], table: str
) -> None:
    names = [column.name for column in TABLES[table]]
    found = read_dataset(made[1].path, table)
    assert list(found)[-len(names) :] == names
    assert list(found)[: -len(names)] == (["body"] if table in BODY_TABLES else [])


def test_a_corpus_folder_gives_the_tables_of_its_study(made: tuple[list[str], Batch]) -> None:
    study = run_study(DATA / "small", draws=0)
    for name in ("segments", "alternatives", "clauses", "tags", "pairs"):
        rows = read_dataset(made[1].path, name).query("corpus == 'whole'")
        expected = getattr(study, name).assign(corpus="whole")
        found = rows.drop(columns="body").reset_index(drop=True)
        pd.testing.assert_frame_equal(found, expected.reset_index(drop=True), check_exact=True)


def test_the_shift_leaves_out_categories_in_which_neither_version_has_a_topic(
    made: tuple[list[str], Batch],
) -> None:
    study = run_study(DATA / "small", draws=0)
    rows = read_dataset(made[1].path, "shift").query("corpus == 'whole'").drop(columns="body")
    expected = study.shift.query("n_old > 0 or n_new > 0 or breakdown == 'total'").assign(
        corpus="whole"
    )
    pd.testing.assert_frame_equal(
        rows.reset_index(drop=True), expected.reset_index(drop=True), check_exact=True
    )


def test_clean_marked_and_word_texts_of_one_redline_are_counted_alike(
    made: tuple[list[str], Batch],
) -> None:
    shift = read_dataset(made[1].path, "shift").drop(columns="body").set_index("corpus")
    clean = shift.loc["clean"].reset_index(drop=True)
    assert len(clean)
    for other in ("deep/marked", "deep/er/word"):
        found = shift.loc[other].reset_index(drop=True)
        columns = ["unit", "breakdown", "category", "topic", "n_old", "n_new"]
        pd.testing.assert_frame_equal(found[columns], clean[columns])


def test_how_much_is_uncertain_stands_in_the_documents(made: tuple[list[str], Batch]) -> None:
    documents = read_dataset(made[1].path, "documents").set_index("corpus")
    segments = read_dataset(made[1].path, "segments").query("corpus == 'flat'")
    unsure = segments[segments["certainty"].isin(["likely", "undecidable"])]
    assert documents.loc["flat", "uncertain"] == unsure["text"].str.len().sum() > 0
    assert documents.loc["clean", "uncertain"] == 0
    assert documents.loc["flat", "characters"] == segments["text"].str.len().sum()


def test_pandas_polars_and_duckdb_read_the_same(made: tuple[list[str], Batch]) -> None:
    path = made[1].path / "shift"
    ours = read_dataset(made[1].path, "shift")
    by_pandas = pd.read_parquet(path)
    by_polars = pl.scan_parquet(path / "**" / "*.parquet", hive_partitioning=True).collect()
    by_duckdb = duckdb.sql(
        f"SELECT * FROM read_parquet('{path}/**/*.parquet', hive_partitioning = true)"  # noqa: S608
    ).fetchall()
    assert len(ours) == len(by_pandas) == len(by_polars) == len(by_duckdb) > 0
    assert set(by_pandas.columns) == set(by_polars.columns) == set(ours.columns)
    total = int(ours["n_new"].sum())
    assert by_pandas["n_new"].sum() == by_polars["n_new"].sum() == total
    assert set(by_polars["body"]) == set(ours["body"])


def test_rows_and_columns_may_be_chosen(made: tuple[list[str], Batch]) -> None:
    where = {"topic": ["water", "e_waste"], "version": "new"}
    found = read_dataset(made[1].path, "tags", columns=["corpus", "term"], where=where)
    rows = read_dataset(made[1].path, "tags")
    rows = rows[rows["topic"].isin(["water", "e_waste"]) & (rows["version"] == "new")]
    expected = rows[["corpus", "term"]]
    assert len(expected)
    pd.testing.assert_frame_equal(found, expected.reset_index(drop=True))


@pytest.mark.parametrize(("table", "columns"), [("tokens", None), ("tags", ["wrod"])])
def test_a_strange_table_or_column_is_refused(
    made: tuple[list[str], Batch], table: str, columns: list[str] | None
) -> None:
    with pytest.raises(InputError, match=r"no such table|no column wrod"):
        read_dataset(made[1].path, table, columns=columns)


def test_a_strange_column_to_choose_by_is_refused(made: tuple[list[str], Batch]) -> None:
    with pytest.raises(InputError, match="no column topics"):
        read_dataset(made[1].path, "tags", where={"topics": "water"})


def test_a_folder_that_is_no_dataset_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is no dataset"):
        read_dataset(tmp_path, "tags")


def test_what_made_it_and_what_its_columns_mean_lie_beside_it(
    made: tuple[list[str], Batch],
) -> None:
    summary = json.loads((made[1].path / "dataset.json").read_text("utf-8"))
    assert summary["texts"] == len(made[0])
    assert summary["failed"] == 0
    assert len(summary["codebook_sha256"]) == 64
    dictionary = pd.read_csv(made[1].path / "data-dictionary.csv", encoding="utf-8-sig")
    assert {"documents", "shift"} <= set(dictionary["table"])


SPOILED = {
    "empty.txt": (b"", "the file is empty"),
    "binary.txt": (bytes(range(256)) * 4, "is not utf-8"),
    "nul.txt": (b"a\0b", "NUL"),
    "gbk.txt": ("忆及\na)\t甲；\n".encode("gb18030"), "It may be GB18030"),
    "plain.docx": ("忆及".encode(), "is no Word document"),
    "broken.docx": (b"PK\x03\x04 and no more", "Word"),
    "old.doc": (b"\xd0\xcf\x11\xe0", ".doc files cannot be read"),
    "scan.pdf": (b"%PDF-1.7", ".pdf files cannot be read"),
    "half.old.txt": (VERSIONS["old"].encode(), "there is no new text beside it"),
    "prose.txt": ("今天天气很好。\n".encode(), "no heading, no list"),
    "wrong.critic.txt": ("忆及\na)\t甲{++乙；\n".encode(), "{++"),
}


@pytest.mark.parametrize("name", SPOILED)
def test_a_text_at_fault_is_listed_with_its_reason_and_stops_no_other(
    folder: Path, name: str, tmp_path: Path
) -> None:
    data, reason = SPOILED[name]
    (folder / "sub").mkdir()
    (folder / "sub" / name).write_bytes(data)
    batch = run_batch(folder, tmp_path / "out")
    assert batch.done == 1
    assert set(batch.failures["file"]) == {f"sub/{name}"}
    assert set(batch.failures["cause"]) == {"input"}
    told = batch.failures.iloc[0]
    assert reason in f"{told['what']}. {told['remedy']}"
    listed = pd.read_csv(tmp_path / "out" / "failures.csv", encoding="utf-8-sig")
    assert listed["file"].tolist() == batch.failures["file"].tolist()


def test_two_files_with_one_id_are_both_left_out(folder: Path, tmp_path: Path) -> None:
    (folder / "twin.txt").write_text(VERSIONS["old"], "utf-8")
    shutil.copy(DATA / "small" / "source.txt", folder / "twin.critic.txt")
    batch = run_batch(folder, tmp_path / "out")
    assert batch.done == 1
    assert sorted(batch.failures["file"]) == ["twin.critic.txt", "twin.txt"]
    assert batch.failures["what"].str.contains("2 texts have the id twin").all()


def test_two_old_texts_of_one_name_are_refused(folder: Path, tmp_path: Path) -> None:
    shutil.copy(folder / "good.old.txt", folder / "good.OLD.txt")
    write_pair(folder, "other")
    batch = run_batch(folder, tmp_path / "out")
    assert batch.done == 1
    assert batch.failures["what"].str.contains("two old texts").all()


def test_a_name_that_is_not_utf8_is_told_and_a_pipe_passed_over(
    folder: Path, tmp_path: Path
) -> None:
    name = os.fsdecode(b"\xb5\xda9.txt")
    (folder / name).write_text("x", "utf-8")
    os.mkfifo(folder / "pipe.txt")
    (folder / "gone.txt").symlink_to(folder / "nowhere.txt")
    batch = run_batch(folder, tmp_path / "out")
    assert batch.done == 1
    told = dict(zip(batch.failures["file"], batch.failures["what"], strict=True))
    assert told["\\xb5\\xda9.txt"] == "its name is not in UTF-8"
    assert "cannot be read" in told["gone.txt"]
    assert len(told) == 2


def test_encodings_are_tried_in_order_and_recorded(folder: Path, tmp_path: Path) -> None:
    write_pair(folder, "guobiao", encoding="gb18030")
    write_pair(folder, "marked", encoding="utf-8-sig")
    batch = run_batch(folder, tmp_path / "out", encodings=["utf-8", "gb18030"])
    assert batch.failures.empty
    documents = read_dataset(batch.path, "documents").set_index("corpus")["encodings"]
    assert json.loads(documents["guobiao"]) == ["gb18030", "gb18030"]
    assert json.loads(documents["marked"]) == json.loads(documents["good"]) == ["utf-8", "utf-8"]
    tags = read_dataset(batch.path, "tags").groupby("corpus").size()
    assert tags["guobiao"] == tags["good"] == tags["marked"]


def test_a_corpus_folder_with_its_own_codebook_fails(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(DATA / "small", folder / "own")
    (folder / "own" / "codebook.toml").write_text("", "utf-8")
    batch = run_batch(folder, tmp_path / "out")
    assert batch.done == 1
    assert batch.failures["file"].tolist() == ["own/codebook.toml"]


@pytest.mark.parametrize("names", [[], ["picture.png", "sub/notes.md"], [".hidden.txt"]])
def test_a_folder_without_any_text_is_refused_and_nothing_written(
    tmp_path: Path, names: list[str]
) -> None:
    texts = tmp_path / "texts"
    for name in names:
        (texts / name).parent.mkdir(parents=True, exist_ok=True)
        (texts / name).write_text("x", "utf-8")
    texts.mkdir(exist_ok=True)
    with pytest.raises(InputError, match=r"there is no text in it|it is empty"):
        run_batch(texts, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_other_files_are_named_and_are_no_failure(folder: Path, tmp_path: Path) -> None:
    (folder / "picture.png").write_bytes(b"x")
    (folder / "~$good.docx").write_bytes(b"x")
    batch = run_batch(folder, tmp_path / "out")
    assert batch.skipped == ("picture.png",)
    assert batch.failures.empty


def test_a_dataset_inside_the_folder_is_no_text(folder: Path) -> None:
    first = run_batch(folder, folder / "dataset")
    files = read_files(first.path)
    assert run_batch(folder, folder / "dataset").skipped == ()
    assert read_files(first.path) == files


def test_a_folder_with_other_things_in_it_is_not_written_to(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "thesis.docx").write_bytes(b"x")
    with pytest.raises(InputError, match="other things in it"):
        run_batch(folder, out)
    assert [path.name for path in out.iterdir()] == ["thesis.docx"]


@pytest.mark.parametrize("fault", ["empty", "torn", "overwritten", "of something else"])
def test_a_plan_that_cannot_be_read_is_refused_and_nothing_is_touched(
    folder: Path, tmp_path: Path, fault: str
) -> None:
    batch = run_batch(folder, tmp_path / "out")
    plan = batch.path / "plan.parquet"
    data = plan.read_bytes()
    if fault == "of something else":
        pd.DataFrame({"year": [2022]}).to_parquet(plan)
    else:
        torn, overwritten = data[:100], data[:-60] + b"\xff" * 52 + data[-8:]
        plan.write_bytes({"empty": b"", "torn": torn, "overwritten": overwritten}[fault])
    files = read_files(batch.path)
    with pytest.raises(InputError, match=r"plan\.parquet: .*damaged"):
        run_batch(folder, batch.path)
    assert read_files(batch.path) == files


def test_another_setting_is_refused(folder: Path, tmp_path: Path) -> None:
    run_batch(folder, tmp_path / "out")
    files = read_files(tmp_path / "out")
    with pytest.raises(InputError, match="reading was 'broad' and is now 'strict'"):
        run_batch(folder, tmp_path / "out", reading="strict")
    assert read_files(tmp_path / "out") == files


def test_a_fault_of_ours_is_reported_with_its_text(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from resanalysis.batch import working

    write_pair(folder, "evil")
    whole = working.analyse_clauses

    def spoil(clauses: pd.DataFrame, *rest: object, **options: object) -> object:
        if "evil" in set(clauses["corpus"]):
            raise KeyError("strange")
        return whole(clauses, *rest, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(working, "analyse_clauses", spoil)
    batch = run_batch(folder, tmp_path / "out")
    assert batch.done == 1
    assert batch.failures["text"].tolist() == ["evil"]
    assert batch.failures["cause"].tolist() == ["unexpected"]
    assert "KeyError" in batch.failures["what"].item()


def test_a_full_disk_ends_the_run_and_leaves_nothing_half_written(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    from resanalysis.batch import dataset

    whole = dataset.write_parquet
    left = iter(range(4))

    def fill(*given: object) -> None:
        if next(left, None) is None:
            raise OSError(28, "No space left on device", "pairs.parquet")
        whole(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(dataset, "write_parquet", fill)
    assert shell.main(["batch", str(folder), "--out", str(tmp_path / "out")]) == 1
    assert "No space left on device" in capfd.readouterr().err
    assert [path.name for path in (tmp_path / "out").rglob("*") if path.is_file()] == [
        "plan.parquet"
    ]
    monkeypatch.undo()
    assert run_batch(folder, tmp_path / "out").done == 1


def test_the_command_tells_failures_and_its_status(
    folder: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    command = ["batch", str(folder), "--out", str(tmp_path / "out"), "--engine", "rjieba"]
    assert shell.main(command) == 0
    (folder / "empty.txt").write_bytes(b"")
    assert shell.main(command) == 1
    out, err = capfd.readouterr()
    assert out == ""
    assert "1 text in" in err
    assert "empty.txt: the file is empty" in err
    assert "1 failed: failures.csv" in err


@pytest.mark.parametrize(
    "wrong", [["--workers", "0"], ["--draws", "-1"], ["--scheduler", "tcp://x:1", "--workers", "2"]]
)
def test_wrong_use_is_told_before_any_work(tmp_path: Path, wrong: list[str]) -> None:
    with pytest.raises(SystemExit) as left:
        shell.main(["batch", str(tmp_path), "--out", str(tmp_path / "out"), *wrong])
    assert left.value.code == 2


def test_a_codebook_and_a_lexicon_at_fault_are_told_together(folder: Path, tmp_path: Path) -> None:
    book, words = tmp_path / "book.toml", tmp_path / "words.txt"
    book.write_text("[codebook", "utf-8")
    words.write_text("电信/ICT\n", "utf-8")
    with pytest.raises(InputError) as error:
        run_batch(folder, tmp_path / "out", codebook_path=book, lexicon_path=words)
    assert {problem.file for problem in error.value.problems} == {str(book), str(words)}


def test_words_of_the_lexicon_are_whole(folder: Path, tmp_path: Path) -> None:
    words = tmp_path / "words.txt"
    words.write_text("电子废弃物\n", "utf-8")
    run_batch(folder, tmp_path / "without")
    run_batch(folder, tmp_path / "with", lexicon_path=words)
    without, with_words = (
        read_dataset(tmp_path / name, "tags").query("term == '电子废弃物'")["on_boundary"]
        for name in ("without", "with")
    )
    assert len(without) == len(with_words) > 0
    assert with_words.all()
    base = [
        read_dataset(tmp_path / name, "shift").query("unit == 'token'")["base_new"].iloc[0]
        for name in ("without", "with")
    ]
    assert base[1] < base[0]


def test_draws_give_the_intervals_of_a_study(tmp_path: Path) -> None:
    shutil.copytree(DATA / "small", tmp_path / "texts" / "small")
    batch = run_batch(tmp_path / "texts", tmp_path / "out", draws=50)
    found = read_dataset(batch.path, "shift").drop(columns="body")
    study = run_study(DATA / "small", draws=50)
    expected = study.shift.query("n_old > 0 or n_new > 0 or breakdown == 'total'").reset_index(
        drop=True
    )
    pd.testing.assert_frame_equal(found, expected, check_exact=True)
