"""Marks read, marks inferred, marks written: from one text to the two versions inside it."""

from resanalysis.redline.marks import Mark, fit_marks, read_marks, write_marks
from resanalysis.redline.recover import Redline, recover_versions

__all__ = ["Mark", "Redline", "fit_marks", "read_marks", "recover_versions", "write_marks"]
