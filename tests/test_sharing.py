"""Tests of processes that help to make what is written of a study."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import pytest
from process_tree import is_running, list_children

from resanalysis.results import FIGURES, write_study
from resanalysis.results.figure_set import Results
from resanalysis.results.sharing import Sharing
from resanalysis.study import run_study

SMALL = Path(__file__).parent / "data" / "small"
HERE = os.getpid()


def say_corpus(results: Results, answer: str) -> tuple[str, str, int]:
    """Return the corpus of the results, an answer, and who says so."""
    return results.study.corpus.id, answer, os.getpid()


def fail(_: Results) -> None:
    raise ValueError("in the middle")


def die_elsewhere(_: Results, here: int) -> int:
    """Die, unless this is the process that asked."""
    if os.getpid() != here:
        os._exit(3)
    return os.getpid()


def write_late(_: Results, path: Path) -> None:
    time.sleep(0.3)
    path.write_text("late", "utf-8")


@pytest.fixture(scope="module")
def results() -> Results:
    return Results(run_study(SMALL, draws=0))


@pytest.fixture
def executor():
    with ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as executor:
        yield executor


def test_without_processes_work_is_done_here_when_it_is_asked_for(results):
    done: list[str] = []
    with Sharing(results) as sharing:
        first, second = (
            sharing.begin(lambda _, name=name: done.append(name)) for name in ("first", "second")
        )
        assert done == []
        second()
        first()
    assert done == ["second", "first"]


def test_processes_get_the_results_and_give_what_they_made(results, executor):
    with Sharing(results, executor) as sharing:
        asked = [sharing.begin(partial(say_corpus, answer=str(i))) for i in range(3)]
        told = [ask() for ask in asked]
    assert [(corpus, answer) for corpus, answer, _ in told] == [("small", str(i)) for i in range(3)]
    assert HERE not in {process for *_, process in told}


def test_an_error_elsewhere_is_raised_here(results, executor):
    with Sharing(results, executor) as sharing:
        ask = sharing.begin(fail)
        with pytest.raises(ValueError, match="in the middle"):
            ask()


def test_work_of_a_process_that_dies_is_done_here(results, executor):
    with Sharing(results, executor) as sharing:
        asked = [sharing.begin(partial(die_elsewhere, here=HERE)) for _ in range(3)]
        assert [ask() for ask in asked] == [HERE] * 3
        # Later work finds no process any more.
        assert sharing.begin(partial(die_elsewhere, here=HERE))() == HERE


def test_nobody_writes_any_more_when_the_sharing_ends(results, executor, tmp_path):
    paths = [tmp_path / f"{i}.txt" for i in range(20)]
    with Sharing(results, executor) as sharing:
        asked = [sharing.begin(partial(write_late, path=path)) for path in paths]
        asked[0]()
    left = {path.name for path in tmp_path.iterdir()}
    time.sleep(1)
    assert {path.name for path in tmp_path.iterdir()} == left
    assert len(left) < len(paths)


@pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX signals")
def test_results_are_whole_though_the_processes_are_killed(results, executor, tmp_path):
    def kill(step: str) -> None:
        if step == f"figure {FIGURES[1]}":
            for process in executor._processes or ():
                os.kill(process, signal.SIGKILL)

    write_study(results.study, tmp_path, executor=executor, progress=kill)
    drawn = {path.name for path in (tmp_path / "figures").iterdir()}
    assert {f"{FIGURES[0]}-zh.png", f"{FIGURES[0]}-en.pdf"} <= drawn
    assert not [name for name in drawn if name.startswith(".")]
    assert (tmp_path / "report-en.html").stat().st_size > 0


def start(out: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-m", "resanalysis", "run", str(SMALL), "--out", str(out)],
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        start_new_session=True,
    )


@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux for the children of a process")
def test_the_others_end_with_a_run_that_is_killed(tmp_path):
    process = start(tmp_path / "out")
    while not (tmp_path / "out/.partial/figures").exists() and process.poll() is None:
        time.sleep(0.01)
    children = list_children(process.pid)
    assert children or os.cpu_count() == 1
    process.kill()
    process.communicate()
    assert not [child for child in children if is_running(child)]


@pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX signals")
@pytest.mark.parametrize("made", [".partial/tables", ".partial/figures"])
def test_an_interrupted_run_leaves_nothing_and_says_one_line(made, tmp_path):
    out = tmp_path / "out"
    process = start(out)
    while not (out / made).exists() and process.poll() is None:
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGINT)  # as Ctrl-C does: every process gets it
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert said.splitlines() == ["interrupted"]
    assert not out.exists()
