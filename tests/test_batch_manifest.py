"""A manifest of a batch: ids, editions, dates and bodies, and rows at fault."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from batch_texts import DATA, VERSIONS, write_pair

from resanalysis.batch import read_dataset, run_batch
from resanalysis.model import InputError

if TYPE_CHECKING:
    from pathlib import Path

    from resanalysis.batch import Batch


def run_listed(folder: Path, manifest: str) -> Batch:
    """Run a batch on a folder with this manifest."""
    (folder / "manifest.csv").write_text(manifest, "utf-8-sig")
    return run_batch(folder, folder.parent / "out")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with three editions, a redline and a corpus folder."""
    texts = tmp_path / "texts"
    write_pair(texts, "a")
    (texts / "third.txt").write_text(VERSIONS["new"].replace("每年", "每两年"), "utf-8")
    shutil.copy(DATA / "small" / "source.txt", texts / "redline.txt")
    shutil.copytree(DATA / "small", texts / "corpus")
    return texts


def test_editions_of_one_id_are_compared_each_with_the_next_by_date(folder: Path) -> None:
    batch = run_listed(
        folder,
        "file,id,edition,date,body\n"
        "third.txt,r9,2023,2023,联盟\na.old.txt,r9,2015,2015-05,联盟\na.new.txt,r9,2019,2019,联盟\n",
    )
    documents = read_dataset(batch.path, "documents")
    assert documents["corpus"].tolist() == ["r9:2015:2019", "r9:2019:2023"]
    assert documents["resolution"].tolist() == ["r9", "r9"]
    assert documents["old_date"].tolist() == ["2015-05", "2019"]
    assert documents["new_date"].tolist() == ["2019", "2023"]
    clauses = read_dataset(batch.path, "clauses")
    assert set(clauses["body"]) == {"联盟"}
    assert set(clauses["edition"]) == {"2015", "2019", "2023"}
    middle = clauses[clauses["edition"] == "2019"].groupby("version")["text"].agg(list)
    assert middle["old"] == middle["new"]


def test_redlines_and_corpus_folders_have_what_the_manifest_says(folder: Path) -> None:
    batch = run_listed(
        folder,
        "file;id;body;old;new;old_date;date;form\n"
        "redline.txt;r9;River Union;2015;2019;2015;2019;flattened\ncorpus;r10;Other;;;;;\n",
    )
    documents = read_dataset(batch.path, "documents").set_index("corpus")
    assert documents.index.tolist() == ["r10", "r9"]
    assert documents["body"].tolist() == ["Other", "River Union"]
    assert documents.loc["r9", ["old_edition", "new_date"]].tolist() == ["2015", "2019"]
    assert documents.loc["r10", "new_date"] == "2023"
    assert "a.new.txt" in batch.skipped


def test_bodies_are_partitions_whatever_their_names(folder: Path) -> None:
    batch = run_listed(folder, "file,id,body\nredline.txt,r1,联盟/大会 100%\ncorpus,r2,2019\n")
    found = read_dataset(batch.path, "tags")
    assert set(found["body"]) == {"联盟/大会 100%", "2019"}
    assert len(list((batch.path / "tags").iterdir())) == 2


ROWS = {
    "absent.txt,x,,,": "there is no absent.txt",
    "../a.old.txt,x,,,": "leaves the folder",
    ",x,,,": "it names no file",
    "redline.txt,x,,19-10,": "is no date",
    "redline.txt,x,,,pdf": "form 'pdf' is unknown",
    "a.old.txt,,2015,2015,": "an edition without id",
    "a.old.txt,x,2015,,": "an edition without date",
    "a.old.txt,x,2015,2015,": "there is no other edition of x",
}


@pytest.mark.parametrize("row", ROWS)
def test_a_row_at_fault_stops_no_other(folder: Path, row: str) -> None:
    batch = run_listed(folder, f"file,id,edition,date,form\ncorpus,good,,,\n{row}\n")
    assert batch.done == 1
    assert ROWS[row] in batch.failures["what"].item()
    assert batch.failures["place"].item() == "line 3"


def test_a_redline_and_editions_of_one_id_are_all_left_out(folder: Path) -> None:
    batch = run_listed(
        folder,
        "file,id,edition,date\ncorpus,good,,\nredline.txt,r9,,\na.old.txt,r9,2015,2015\n"
        "a.new.txt,r9,2019,2019\n",
    )
    assert batch.done == 1
    assert len(batch.failures) == 3
    assert set(batch.failures["text"]) == {"r9"}


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ("a.old.txt,r,x,2015\na.new.txt,r,x,2019", "have one name"),
        ("a.old.txt,r,x,2015\na.new.txt,r,y,2015", "have one date"),
        ("a.old.txt,r,x,2015-12\na.new.txt,r,y,2015", "have one date: 2015, 2015-12"),
    ],
)
def test_editions_that_cannot_be_told_apart_are_left_out(
    folder: Path, rows: str, reason: str
) -> None:
    batch = run_listed(folder, f"file,id,edition,date\ncorpus,good,,\n{rows}\n")
    assert batch.done == 1
    assert batch.failures["what"].str.contains(reason).all()
    assert batch.failures["place"].tolist() == ["line 3", "line 4"]


def test_a_manifest_of_nothing_but_faults_is_told_and_mended(folder: Path) -> None:
    batch = run_listed(folder, "file,id,edition,date\na.old.txt,r,x,2015\nabsent.txt,,,\n")
    assert batch.done == 0
    assert len(batch.failures) == 2
    assert read_dataset(batch.path, "documents").empty
    batch = run_listed(folder, "file,id,edition,date\na.old.txt,r,x,2015\na.new.txt,r,y,2019\n")
    assert batch.failures.empty
    assert batch.done == 1


def test_a_row_may_name_an_encoding(folder: Path) -> None:
    write_pair(folder, "b", encoding="gb18030")
    batch = run_listed(
        folder,
        "file,id,edition,date,encoding\na.old.txt,r,2015,2015,\nb.new.txt,r,2019,2019,gb18030\n",
    )
    assert batch.failures.empty
    assert batch.done == 1


@pytest.mark.parametrize(
    ("manifest", "reason"),
    [("datei,id\na.txt,x\n", "no column is named file"), ("file,id\n", "it lists no file")],
)
def test_a_manifest_that_says_nothing_is_refused(folder: Path, manifest: str, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        run_listed(folder, manifest)
