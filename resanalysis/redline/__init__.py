"""Marks read, marks inferred, marks written: from a redline to the two versions inside it."""

from resanalysis.redline.difference.versions import diff_versions
from resanalysis.redline.forms import read_clean_text, read_redline
from resanalysis.redline.marks import (
    Mark,
    fit_marks,
    move_marks,
    read_marks,
    write_decisions,
    write_marks,
)
from resanalysis.redline.marks.criticmarkup import read_criticmarkup
from resanalysis.redline.recover import recover_versions
from resanalysis.redline.segments import Redline, Run, join_runs
from resanalysis.redline.word import read_word, read_word_text
from resanalysis.redline.word.write import write_word

__all__ = [
    "Mark",
    "Redline",
    "Run",
    "diff_versions",
    "fit_marks",
    "join_runs",
    "move_marks",
    "read_clean_text",
    "read_criticmarkup",
    "read_marks",
    "read_redline",
    "read_word",
    "read_word_text",
    "recover_versions",
    "write_decisions",
    "write_marks",
    "write_word",
]
