"""Tables -> figures for print, with their fonts, captions and files.

The plot functions draw a table on an `Axes` and return it; they compute no statistics, save
nothing and show nothing. Figures are made without pyplot: `ax.figure` is what a notebook displays
and `save_figure` saves.
"""

from resanalysis.figures.captions import FigureName, figure_caption
from resanalysis.figures.clause_map import plot_clause_topic_map
from resanalysis.figures.origin import plot_change_origin
from resanalysis.figures.robustness import plot_robustness
from resanalysis.figures.robustness_captions import robustness_caption
from resanalysis.figures.saving import save_figure
from resanalysis.figures.shares import has_part, plot_part_shift, plot_topic_shares
from resanalysis.figures.specification import plot_specifications
from resanalysis.figures.style import PrintFigure, figure_size, print_style

__all__ = [
    "FigureName",
    "PrintFigure",
    "figure_caption",
    "figure_size",
    "has_part",
    "plot_change_origin",
    "plot_clause_topic_map",
    "plot_part_shift",
    "plot_robustness",
    "plot_specifications",
    "plot_topic_shares",
    "print_style",
    "robustness_caption",
    "save_figure",
]
