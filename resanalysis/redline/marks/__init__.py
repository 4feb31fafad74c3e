"""Marks of a redline under one roof: decisions read, written and fitted, segments written."""

from resanalysis.redline.marks.criticmarkup import write_marks
from resanalysis.redline.marks.decisions import Mark, read_marks, write_decisions
from resanalysis.redline.marks.fitting import fit_marks, move_marks

__all__ = ["Mark", "fit_marks", "move_marks", "read_marks", "write_decisions", "write_marks"]
