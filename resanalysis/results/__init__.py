"""What a study gives: derived tables, findings in sentences, figures, and all of it on disk."""

from resanalysis.results.deriving import derive_tables
from resanalysis.results.drawing import DrawnFigure, draw_figure, draw_figures
from resanalysis.results.figure_set import FIGURES, REPORT_FIGURES, ROBUSTNESS_FIGURES
from resanalysis.results.redlining import redline_runs
from resanalysis.results.reporting import make_report
from resanalysis.results.writing import ROBUSTNESS_STEPS, STEPS, check_out, write_study

__all__ = [
    "FIGURES",
    "REPORT_FIGURES",
    "ROBUSTNESS_FIGURES",
    "ROBUSTNESS_STEPS",
    "STEPS",
    "DrawnFigure",
    "check_out",
    "derive_tables",
    "draw_figure",
    "draw_figures",
    "make_report",
    "redline_runs",
    "write_study",
]
