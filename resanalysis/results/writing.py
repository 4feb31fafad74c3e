"""What a study writes: tables, comparison, figures, reports, provenance; all of it or nothing."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Sequence
from concurrent.futures import Executor
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from resanalysis import export
from resanalysis.model import Language, Study, input_error
from resanalysis.results.deriving import derive_tables
from resanalysis.results.drawing import DrawnFigure, list_figures, save_drawing
from resanalysis.results.figure_set import FIGURES, REPORT_FIGURES, ROBUSTNESS_FIGURES, Results
from resanalysis.results.reporting import make_report
from resanalysis.results.sharing import Sharing
from resanalysis.study import CHAIN, Progress

if TYPE_CHECKING:
    from resanalysis.robustness import Robustness

ROBUSTNESS_STEPS = ("choices", "readings", *(f"figure {name}" for name in ROBUSTNESS_FIGURES))
"""What a run with robustness is told besides."""

STEPS = (
    *CHAIN,
    *("tables", "comparison", "paper tables", *(f"figure {name}" for name in FIGURES), "report"),
)
"""Names of the steps of a run, as `progress` is told them."""

REPORTS: dict[Language, str] = {"zh": "report.html", "en": "report-en.html"}
"""File of the report in each language."""


def write_study(
    study: Study,
    out: str | Path,
    *,
    robustness: Robustness | None = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Path:
    """Write tables, comparison, figures, reports and provenance of a study.

    Everything is made in a folder beside and moved into place at the end, so that `out` never
    holds half a result.

    Parameters
    ----------
    study : Study
        The study.
    out : str or Path
        Folder for `tables/`, `comparison/`, `paper-tables/`, `figures/`, `report.html` (Chinese),
        `report-en.html` and `provenance.json`; what it held of these is replaced, other files stay.
    robustness : Robustness, optional
        What `assess_robustness` found in this study, by clauses: its tables and figures
        are written too, and the reports say of every finding whether it survives.
    executor : concurrent.futures.Executor, optional
        Processes that draw the figures and make the reports; this one does it when left out. The
        files are the same, but no `print_style` in force here is known there.
    progress : callable, optional
        Called with the name of each step before it begins, or before its end is waited for.
    """
    say = progress or (lambda _: None)
    out = Path(out)
    check_out(out)
    results = Results(study, robustness)  # refuses what does not belong together
    was_there = out.exists()
    staging = out / ".partial"
    try:
        shutil.rmtree(staging, ignore_errors=True)
        staging.mkdir(parents=True)
        with Sharing(results, executor) as sharing:
            place = staging.absolute() / "figures"
            drawings = {
                name: sharing.begin(partial(save_drawing, name=name, folder=place))
                for name in list_figures(robustness)
            }
            say("tables")
            tables = {**study.tables, **derive_tables(study)}
            tables |= robustness.tables if robustness else {}
            export.write_tables(tables, staging / "tables")
            say("comparison")
            export.write_comparison(study, staging / "comparison")
            say("paper tables")
            verdicts = robustness.verdicts if robustness else None
            export.write_paper_tables(study, staging / "paper-tables", verdicts=verdicts)
            figures: list[DrawnFigure] = []
            for name, draw in drawings.items():
                say(f"figure {name}")
                drawn = draw()
                figures += [drawn] if drawn and name in REPORT_FIGURES else []
            say("report")
            pages = {
                name: sharing.begin(partial(_make_page, language=language, figures=figures))
                for language, name in REPORTS.items()
            }
            for name, page in pages.items():
                (staging / name).write_text(page(), "utf-8", newline="\n")
        for left in place.glob(".*"):  # by a process that died
            shutil.rmtree(left)
        (staging / "provenance.json").write_text(
            json.dumps(_describe_run(study, robustness), ensure_ascii=False, indent=2) + "\n",
            "utf-8",
            newline="\n",
        )
        _put_in_place(staging, out)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
        if not was_there:
            with suppress(OSError):
                out.rmdir()  # empty when something failed
    return out


def _make_page(results: Results, language: Language, figures: Sequence[DrawnFigure]) -> str:
    robustness = results.robustness
    return make_report(results.study, language=language, robustness=robustness, figures=figures)


def _describe_run(study: Study, robustness: Robustness | None) -> dict[str, Any]:
    """Return the provenance of the study, with how its robustness was asked."""
    if robustness is None:
        return dict(study.provenance)
    first = robustness.verdicts.iloc[0]
    asked = {"unit": robustness.unit, "readings": first["reading_model"]}
    asked["choices"] = int(first["choices_tried"])
    return {**study.provenance, "robustness": asked}


def check_out(out: str | Path) -> None:
    """Raise an `InputError` when results cannot be written to the folder `out`."""
    out = Path(out)
    nearest = next(path for path in (out, *out.absolute().parents) if path.exists())
    if not nearest.is_dir():
        raise input_error(nearest, "", "is a file, not a folder", "Name another folder with --out")
    if not os.access(nearest, os.W_OK | os.X_OK):
        raise input_error(nearest, "", "cannot be written to", "Name another folder with --out")


def _put_in_place(made: Path, out: Path) -> None:
    """Move what is in `made` into `out`; when a move fails, what was there comes back."""
    entries = sorted(made.iterdir())
    replaced = made / ".replaced"
    replaced.mkdir()
    moved: list[Path] = []
    try:
        for entry in entries:
            target = out / entry.name
            if target.exists():
                target.rename(replaced / entry.name)
            moved.append(entry)
            entry.rename(target)
    except BaseException:
        for entry in moved:
            target = out / entry.name
            if target.exists():
                target.rename(entry)
            if (replaced / entry.name).exists():
                (replaced / entry.name).rename(target)
        raise
