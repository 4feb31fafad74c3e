"""Marks read, marks inferred, marks written: from one text to the two versions inside it."""

from resanalysis.redline.marks import Mark, fit_marks, read_marks, write_marks
from resanalysis.redline.recover import recover_versions
from resanalysis.redline.segments import Redline, Run, join_runs

__all__ = [
    "Mark",
    "Redline",
    "Run",
    "fit_marks",
    "join_runs",
    "read_marks",
    "recover_versions",
    "write_marks",
]
