"""How far a long step has come, shown where it was started: under its cell, or in a terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from html import escape
from itertools import count
from typing import Any

_NAMES = {
    "recover": "复原两版",
    "parse": "切分条款",
    "tokenize": "分词",
    "tag": "标注主题",
    "align": "对齐条款",
    "count": "计数",
    "choices": "试其他选择",
    "readings": "试其他读法",
    "tables": "写表",
    "comparison": "写对照表",
    "paper tables": "写论文用表",
    "figure": "画图",
    "report": "写报告",
}
"""Names of steps in Chinese; a step without one is shown as it comes."""

_NUMBERS: Iterator[int] = count(1)


class Progress:
    """Shows the steps of a run as they begin, and how much of a step is done.

    In a notebook it is one line under the cell, which ends as a list of the steps when the cell
    does; nothing in it depends on time or chance, so that a notebook run twice is the same twice.
    Elsewhere it is a line on standard error, if that is a terminal, and vanishes.
    """

    def __init__(self) -> None:
        shell = _find_notebook()
        self._line: _CellLine | _TerminalLine = (
            _TerminalLine() if shell is None else _CellLine(shell)
        )

    def __call__(self, what: str, done: int = 0, total: int = 0) -> None:
        """Tell a step, or how much of it is done.

        Parameters
        ----------
        what : str
            Name of the step.
        done : int
            How much of it is done; 0: it begins.
        total : int
            Of how much; 0: not known.
        """
        self._line.tell(what, done, total)

    def close(self) -> None:
        """End the line; in a notebook the end of the cell does it."""
        self._line.close()


def show_progress() -> Progress:
    """Return what shows the progress of a long step, to be passed on as its `progress`.

    Goes with everything that tells names of steps (`run_study`, `write_study`, `run_collection`)
    or of a step how much is done (`assess_robustness`).

    Examples
    --------
    >>> from resanalysis.study import run_study
    >>> study = run_study("tests/data/small", draws=0, progress=show_progress())
    """
    return Progress()


def name_step(what: str) -> str:
    """Return a step's name in Chinese and as it came.

    Examples
    --------
    >>> name_step("parse"), name_step("a-law: parse"), name_step("rest")
    ('切分条款 parse', 'a-law: 切分条款 parse', 'rest')
    >>> name_step("figure topic-shares")
    '画图 figure topic-shares'
    """
    place, colon, step = what.rpartition(": ")
    known = step if step in _NAMES else step.partition(" ")[0]
    return f"{place}{colon}{_NAMES[known]} {step}" if known in _NAMES else what


def _find_notebook() -> Any | None:
    """Return the shell of the notebook we run in, None elsewhere."""
    python = sys.modules.get("IPython")
    shell = None if python is None else python.get_ipython()
    return shell if getattr(shell, "kernel", None) is not None else None


class _CellLine:
    """A line under the cell that runs; each state takes the place of the one before."""

    def __init__(self, shell: Any) -> None:
        self._events = shell.events
        self._steps: list[str] = []
        self._id = ""
        self._shown = ""

    def tell(self, what: str, done: int, total: int) -> None:
        if not self._id:
            self._id = f"resanalysis-progress-{next(_NUMBERS)}"  # no chance in a saved notebook
            self._events.register("post_run_cell", self._end)
        if what not in self._steps:
            self._steps.append(what)
        self._show(_write_state(len(self._steps), what, done, total))

    def close(self) -> None:
        self._finish("✓")

    def _end(self, result: Any = None) -> None:
        self._finish("✓" if getattr(result, "success", True) else "✗ 停在 stopped at")

    def _finish(self, sign: str) -> None:
        if not self._id:
            return
        self._events.unregister("post_run_cell", self._end)
        names = self._steps if sign == "✓" else self._steps[-1:]
        self._show(f"<small>{sign} {escape(' · '.join(map(name_step, names)))}</small>")
        self._id, self._shown = "", ""
        self._steps.clear()

    def _show(self, html: str) -> None:
        from IPython.display import HTML, display

        if html != self._shown:
            # An update of what was never shown would be lost.
            display(HTML(html), display_id=self._id, update=bool(self._shown))  # type: ignore[no-untyped-call]
            self._shown = html


def _write_state(step: int, what: str, done: int, total: int) -> str:
    """Return a bar, where there is a total, and words; at most a hundred states a step."""
    name = escape(name_step(what))
    if not total:
        so_far = f" {done - done % 10}" if done >= 10 else ""
        return f'<small role="status">{step}. {name}{so_far} …</small>'
    percent = 100 * done // total
    return (
        f'<small role="status"><progress max="100" value="{percent}" aria-label="{name}">'
        f"</progress> {step}. {name} {percent} %</small>"
    )


class _TerminalLine:
    """A line on standard error, if that is a terminal."""

    def __init__(self) -> None:
        from tqdm import tqdm

        self._bar = tqdm(bar_format="{desc}", leave=False, disable=None)

    def tell(self, what: str, done: int, total: int) -> None:
        of = f"/{total}" if total else ""
        self._bar.set_description_str(f"{what} {done}{of}" if done else what)

    def close(self) -> None:
        self._bar.close()
