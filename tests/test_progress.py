"""Progress of long steps: one line under a cell, the same on every run; one in a terminal."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import nbclient
import nbconvert
import nbformat
import pytest

from resanalysis import progress
from resanalysis.progress import name_step, show_progress
from resanalysis.robustness import assess_robustness
from resanalysis.study import CHAIN, run_study

ROOT = Path(__file__).parents[1]


class FakeCell:
    """The shell of a notebook, with what was displayed in it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.called: list[Any] = []
        self.states: list[tuple[str, str, bool]] = []
        self.kernel = object()
        self.events = SimpleNamespace(
            register=lambda _, call: self.called.append(call),
            unregister=lambda _, call: self.called.remove(call),
        )
        monkeypatch.setattr(progress, "_find_notebook", lambda: self)
        monkeypatch.setattr("IPython.display.display", self._display)

    def _display(self, html: Any, *, display_id: str, update: bool) -> None:
        self.states.append((html.data, display_id, update))

    def end(self, *, success: bool = True) -> None:
        for call in [*self.called]:
            call(SimpleNamespace(success=success))


@pytest.fixture
def cell(monkeypatch: pytest.MonkeyPatch) -> FakeCell:
    return FakeCell(monkeypatch)


def test_a_cell_shows_each_step_of_a_run_in_one_place(cell: FakeCell, small_corpus: Path) -> None:
    run_study(small_corpus, draws=0, progress=show_progress())
    assert [update for *_, update in cell.states] == [False] + [True] * (len(CHAIN) - 1)
    assert len({name for _, name, _ in cell.states}) == 1
    for step, (html, *_) in zip(CHAIN, cell.states, strict=True):
        assert name_step(step) in html


def test_the_end_of_the_cell_leaves_one_quiet_line(cell: FakeCell) -> None:
    say = show_progress()
    say("recover")
    say("parse")
    cell.end()
    html = cell.states[-1][0]
    assert html == "<small>✓ 复原两版 recover · 切分条款 parse</small>"
    assert cell.called == []


def test_a_step_that_fails_is_named_when_the_cell_ends(cell: FakeCell) -> None:
    say = show_progress()
    say("recover")
    say("parse")
    cell.end(success=False)
    assert cell.states[-1][0] == "<small>✗ 停在 stopped at 切分条款 parse</small>"


def test_the_next_cell_gets_a_line_of_its_own(cell: FakeCell) -> None:
    say = show_progress()
    say("recover")
    cell.end()
    say("parse")
    first, _, second = cell.states
    assert first[1] != second[1]
    assert not second[2]
    assert "recover" not in second[0]


def test_readings_fill_a_bar_in_at_most_a_hundred_states(cell: FakeCell) -> None:
    say = show_progress()
    for done in range(2000):
        say("readings", done + 1, 2000)
    assert len(cell.states) <= 101
    assert 'value="100"' in cell.states[-1][0]


def test_robustness_tells_choices_and_readings(cell: FakeCell, small_corpus: Path) -> None:
    study = run_study(small_corpus, draws=0)
    assess_robustness(study, draws=3, progress=show_progress())
    cell.end()
    assert cell.states[-1][0] == "<small>✓ 试其他选择 choices · 试其他读法 readings</small>"


def test_a_step_with_a_hostile_name_is_escaped(cell: FakeCell) -> None:
    show_progress()("<script>: parse", 1, 2)
    cell.end()
    assert all("<script>" not in html for html, *_ in cell.states)


def test_outside_a_notebook_nothing_is_written_but_to_a_terminal(
    capfd: pytest.CaptureFixture[str], small_corpus: Path
) -> None:
    run_study(small_corpus, draws=0, progress=show_progress())
    assert capfd.readouterr() == ("", "")


def test_a_terminal_gets_a_line_that_vanishes(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    say = show_progress()
    say("recover")
    say("readings", 3, 9)
    say.close()
    written = screen.getvalue()
    assert "recover" in written
    assert "readings 3/9" in written
    assert written.endswith("\r")
    assert written.split("\r")[-2].strip() == ""


def test_asking_for_progress_does_not_load_a_notebook() -> None:
    code = (
        "import sys, resanalysis as ra; ra.show_progress(); "
        "print(*({'IPython', 'ipywidgets'} & set(sys.modules)))"
    )
    done = subprocess.run(  # noqa: S603 - our own interpreter, our own line
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=ROOT
    )
    assert done.stdout.split() == []


def test_a_notebook_with_progress_is_the_same_page_on_every_run() -> None:
    first, second = (execute() for _ in range(2))
    assert first == second
    assert "✓ 复原两版 recover" in first
    assert "✓ 试其他选择 choices · 试其他读法 readings" in first
    assert "<progress" not in first
    assert "output_stderr" not in first


def execute() -> str:
    """Return a notebook with two long cells as a page, run anew."""
    cells = [
        "import resanalysis as ra\n"
        "study = ra.run_study('tests/data/small', draws=0, progress=ra.show_progress())",
        "ra.assess_robustness(study, draws=5, progress=ra.show_progress())",
    ]
    book = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(text, id=f"cell-{k}") for k, text in enumerate(cells)]
    )
    nbclient.NotebookClient(book, resources={"metadata": {"path": str(ROOT)}}).execute()
    page: str = nbconvert.HTMLExporter().from_notebook_node(book)[0]
    return page[page.index("<main") :]
