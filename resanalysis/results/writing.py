"""What a study writes: tables, comparison, figures, report, provenance; all of it or nothing."""

from __future__ import annotations

import json
import os
import shutil
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from resanalysis import export
from resanalysis.model import Study, input_error
from resanalysis.results.deriving import derive_tables
from resanalysis.results.drawing import FIGURES, draw_figures, draw_robustness
from resanalysis.results.findings import list_findings
from resanalysis.study import CHAIN, Progress

if TYPE_CHECKING:
    from resanalysis.robustness import Robustness

ROBUSTNESS_STEPS = ("choices", "readings", "figure robustness")
"""What a run with robustness is told besides."""

STEPS = (
    *CHAIN,
    *("tables", "comparison", *(f"figure {name}" for name in FIGURES), "report"),
)
"""Names of the steps of a run, as `progress` is told them."""


def write_study(
    study: Study,
    out: str | Path,
    *,
    robustness: Robustness | None = None,
    progress: Progress | None = None,
) -> Path:
    """Write tables, comparison, figures, report and provenance of a study.

    Everything is made in a folder beside and moved into place at the end, so that `out` never
    holds half a result.

    Parameters
    ----------
    study : Study
        The study.
    out : str or Path
        Folder for `tables/`, `comparison/`, `figures/`, `report.html` and `provenance.json`; what
        it held of these is replaced, other files stay.
    robustness : Robustness, optional
        What `assess_robustness` found in this study, by clauses: its tables and a figure are
        written too, and the report says of every finding whether it survives.
    progress : callable, optional
        Called with the name of each step before it begins.
    """
    say = progress or (lambda _: None)
    out = Path(out)
    check_out(out)
    if robustness:
        _check_robustness(study, robustness)
    was_there = out.exists()
    staging = out / ".partial"
    try:
        shutil.rmtree(staging, ignore_errors=True)
        staging.mkdir(parents=True)
        say("tables")
        tables = {**study.tables, **derive_tables(study)}
        tables |= robustness.tables if robustness else {}
        export.write_tables(tables, staging / "tables")
        say("comparison")
        export.write_comparison(study, staging / "comparison")
        figures = draw_figures(study, staging / "figures", progress=say)
        if robustness:
            say("figure robustness")
            figures.append(draw_robustness(study, robustness, staging / "figures"))
        say("report")
        export.write_report(
            study,
            staging / "report.html",
            findings=list_findings(study, robustness),
            figures=figures,
        )
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


def _check_robustness(study: Study, robustness: Robustness) -> None:
    """Refuse verdicts that are not on the findings of the study, which count clauses."""
    made = set(robustness.verdicts["corpus"])
    if made != {study.corpus.id} or robustness.unit != "clause":
        raise input_error(
            "robustness",
            "",
            f"it is of {', '.join(sorted(made))}, counted by {robustness.unit}; the report is of "
            f"{study.corpus.id}, counted by clause",
            "Pass what assess_robustness gives for this study with unit='clause'",
        )


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
