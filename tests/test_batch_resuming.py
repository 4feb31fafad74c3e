"""A batch that is ended, or whose texts change, and its workers: always the very same dataset."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from typing import TYPE_CHECKING

import pytest
from batch_texts import DEADLY, read_files, work_or_die, write_every_form, write_pair
from distributed import LocalCluster
from process_tree import is_running, list_children

from resanalysis.batch import read_dataset, run_batch
from resanalysis.batch import running as room
from resanalysis.batch.dataset import list_parts, part_files
from resanalysis.batch.plan import MOST_TEXTS
from resanalysis.model import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from concurrent.futures import Executor
    from pathlib import Path

BODIES = 8
"""Every body makes a part of its own."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of texts of many bodies."""
    texts = tmp_path_factory.mktemp("texts")
    lines = ["file,id,body,edition,date"]
    for number in range(BODIES):
        write_pair(texts, f"r{number}", number=number)
        lines += [
            f"r{number}.{version}.txt,r{number},body {number},{year},{year}"
            for version, year in (("old", 2015), ("new", 2019))
        ]
    (texts / "manifest.csv").write_text("\n".join(lines), "utf-8")
    return texts


@pytest.fixture(scope="module")
def whole(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Return the files of the dataset as a run that is not ended makes it."""
    out = tmp_path_factory.mktemp("out") / "dataset"
    assert run_batch(folder, out).done == BODIES
    return read_files(out)


def start(folder: Path, out: Path, *options: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "resanalysis", "batch", str(folder), "--out", str(out)]
    return subprocess.Popen(  # noqa: S603 - our own interpreter
        [*command, *options], stderr=subprocess.DEVNULL, start_new_session=True
    )


def test_a_run_killed_in_the_middle_goes_on_to_the_very_same_dataset(
    folder: Path, tmp_path: Path, whole: dict[str, bytes]
) -> None:
    out = tmp_path / "dataset"
    running = start(folder, out)
    while running.poll() is None and len(list_parts(out)) < 2:
        time.sleep(0.002)
    os.killpg(running.pid, signal.SIGKILL)
    running.wait()
    done = {number: part_files(out, number, f"body {number}") for number in list_parts(out)}
    assert 2 <= len(done) < BODIES
    stamps = {path: path.stat().st_mtime_ns for files in done.values() for path in files.values()}
    assert not (out / "dataset.json").exists()
    assert set(read_dataset(out, "documents")["corpus"]) == {f"r{n}:2015:2019" for n in done}
    run_batch(folder, out)
    assert read_files(out) == whole
    assert {path: path.stat().st_mtime_ns for path in stamps} == stamps, "done files stay"


@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux for the children of a process")
def test_workers_end_with_a_killed_run_and_the_next_one_goes_on(
    folder: Path, tmp_path: Path, whole: dict[str, bytes]
) -> None:
    out = tmp_path / "dataset"
    running = start(folder, out, "--workers", "2")
    while running.poll() is None and len(list_parts(out)) < 2:
        time.sleep(0.002)
    children = list_children(running.pid)
    assert len(children) >= 2
    os.kill(running.pid, signal.SIGKILL)  # it alone, not its group
    running.wait()
    run_batch(folder, out)
    assert read_files(out) == whole
    assert not [child for child in children if is_running(child)]


@pytest.mark.skipif(sys.platform == "win32", reason="nothing is held there")
def test_a_second_run_into_a_dataset_is_refused_and_harms_nothing(
    folder: Path, tmp_path: Path, whole: dict[str, bytes]
) -> None:
    out = tmp_path / "dataset"
    refused: list[str] = []

    def run_too(_done: int, _all: int) -> None:
        with pytest.raises(InputError) as caught:
            run_batch(folder, out)
        refused.append(str(caught.value))

    run_batch(folder, out, progress=run_too)
    assert len(refused) == BODIES + 1
    assert all("is being written by another run" in said for said in refused)
    assert read_files(out) == whole
    run_batch(folder, out)


@pytest.mark.parametrize("table", ["pairs", "failures", "documents"])
def test_a_part_of_which_a_file_is_gone_is_done_again(
    folder: Path, tmp_path: Path, whole: dict[str, bytes], table: str
) -> None:
    out = tmp_path / "dataset"
    run_batch(folder, out)
    part_files(out, 3, "body 3")[table].unlink()
    assert 3 not in list_parts(out)
    assert "r3:2015:2019" not in set(read_dataset(out, "clauses")["corpus"])
    run_batch(folder, out)
    assert read_files(out) == whole


@pytest.mark.parametrize("at", range(10))
def test_a_run_that_fails_at_any_write_goes_on_to_the_very_same_dataset(
    folder: Path,
    tmp_path: Path,
    whole: dict[str, bytes],
    at: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from pathlib import Path as AnyPath

    replace = AnyPath.replace
    left = iter(range(at * 7))

    def stop(self: Path, target: Path) -> Path:
        if next(left, None) is None:
            raise KeyboardInterrupt
        return replace(self, target)

    out = tmp_path / "dataset"
    monkeypatch.setattr(AnyPath, "replace", stop)
    with pytest.raises(KeyboardInterrupt):
        run_batch(folder, out)
    monkeypatch.undo()
    run_batch(folder, out)
    assert read_files(out) == whole


@pytest.mark.parametrize("options", [["--workers", "2"], ["--engine", "rjieba"]])
def test_workers_and_engine_do_not_change_a_byte(
    folder: Path, tmp_path: Path, whole: dict[str, bytes], options: list[str]
) -> None:
    assert start(folder, tmp_path / "dataset", *options).wait() == 0
    assert read_files(tmp_path / "dataset") == whole


def test_a_dask_cluster_gives_the_very_same_dataset(
    folder: Path, tmp_path: Path, whole: dict[str, bytes]
) -> None:
    with LocalCluster(  # type: ignore[no-untyped-call]
        n_workers=2, threads_per_worker=1, dashboard_address=None
    ) as cluster:
        batch = run_batch(folder, tmp_path / "dataset", scheduler=cluster.scheduler_address)
    assert batch.failures.empty
    assert read_files(tmp_path / "dataset") == whole


def test_without_dask_the_remedy_is_told(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ModuleNotFoundError, match=r"resanalysis\[cluster\]"):
        run_batch(folder, tmp_path / "dataset", scheduler="tcp://127.0.0.1:1")


def test_a_script_without_guard_is_told_how_to_mend_it(folder: Path, tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        f"import resanalysis as ra\nra.run_batch({str(folder)!r}, {str(tmp_path / 'out')!r},"
        " workers=2)\n",
        "utf-8",
    )
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, str(script)], capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    assert "__name__ == '__main__'" in done.stderr
    assert not (tmp_path / "out" / "failures.csv").exists()


def test_only_what_changed_is_done_again(tmp_path: Path) -> None:
    texts, out = tmp_path / "texts", tmp_path / "dataset"
    write_every_form(texts)
    run_batch(texts, out)
    before = {path: path.stat().st_mtime_ns for path in (out / "documents").iterdir()}
    write_pair(texts, "zzz")
    assert run_batch(texts, out).done == 6
    assert all(path.stat().st_mtime_ns == stamp for path, stamp in before.items())
    write_pair(texts, "zzz", number=77)
    (texts / "flat.txt").unlink()
    run_batch(texts, out)
    assert "flat" not in set(read_dataset(out, "clauses")["corpus"])
    fresh = run_batch(texts, tmp_path / "fresh")
    for table in ("documents", "clauses", "tags", "pairs", "shift"):
        now, anew = (
            read_dataset(path, table).sort_values("corpus", kind="stable", ignore_index=True)
            for path in (out, fresh.path)
        )
        assert now.equals(anew), table


def test_a_failure_is_tried_again_when_the_text_is_mended(tmp_path: Path) -> None:
    texts, out = tmp_path / "texts", tmp_path / "dataset"
    write_pair(texts, "good")
    write_pair(texts, "bad")
    whole = (texts / "bad.new.txt").read_bytes()
    (texts / "bad.new.txt").write_bytes(b"")
    assert len(run_batch(texts, out).failures) == 1
    assert len(run_batch(texts, out).failures) == 1
    (texts / "bad.new.txt").write_bytes(whole)
    batch = run_batch(texts, out)
    assert batch.failures.empty
    assert batch.done == 2


@contextmanager
def open_pool() -> Iterator[tuple[Executor, int]]:
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as executor:
        yield executor, 2


def test_a_text_over_which_the_worker_dies_is_named_and_the_rest_is_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts, out = tmp_path / "texts", tmp_path / "dataset"
    for name in ("a", DEADLY, "z"):
        write_pair(texts, name)
    monkeypatch.setattr(room, "work_part", work_or_die)
    monkeypatch.setattr(room, "choose_executor", lambda *_: open_pool)
    batch = run_batch(texts, out, workers=2)
    assert batch.done == 2
    assert batch.failures[["text", "cause"]].to_numpy().tolist() == [[DEADLY, "worker"]]
    monkeypatch.undo()
    batch = run_batch(texts, out)  # tried again, since the text may be sound
    assert batch.failures.empty
    assert batch.done == 3


def test_a_worker_killed_from_outside_costs_nothing(
    folder: Path, tmp_path: Path, whole: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    pools: list[ProcessPoolExecutor] = []

    @contextmanager
    def open_watched() -> Iterator[tuple[Executor, int]]:
        with open_pool() as (executor, workers):
            assert isinstance(executor, ProcessPoolExecutor)
            pools.append(executor)
            yield executor, workers

    def kill_one(done: int, _: int) -> None:
        if done == 2 and len(pools) == 1:
            os.kill(next(iter(pools[0]._processes)), signal.SIGKILL)

    monkeypatch.setattr(room, "choose_executor", lambda *_: open_watched)
    out = tmp_path / "dataset"
    batch = run_batch(folder, out, workers=2, progress=kill_one)
    assert len(pools) > 1
    assert batch.failures.empty
    assert read_files(out) == whole


def test_texts_of_one_body_share_a_part(tmp_path: Path) -> None:
    for number in range(3):
        write_pair(tmp_path / "texts", f"r{number}")
    batch = run_batch(tmp_path / "texts", tmp_path / "dataset")
    assert list_parts(batch.path) == [0]
    assert MOST_TEXTS >= 3
