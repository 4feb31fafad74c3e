"""What a study gives: derived tables, findings in sentences, figures, and all of it on disk."""

from resanalysis.results.deriving import derive_tables
from resanalysis.results.drawing import (
    FIGURES,
    DrawnFigure,
    draw_figure,
    draw_figures,
    draw_robustness,
)
from resanalysis.results.reporting import make_report
from resanalysis.results.writing import ROBUSTNESS_STEPS, STEPS, check_out, write_study

__all__ = [
    "FIGURES",
    "ROBUSTNESS_STEPS",
    "STEPS",
    "DrawnFigure",
    "check_out",
    "derive_tables",
    "draw_figure",
    "draw_figures",
    "draw_robustness",
    "make_report",
    "write_study",
]
