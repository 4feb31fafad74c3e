"""Tables -> figures for print, with their fonts, captions and files.

The plot functions draw a table on an `Axes` and return it; they compute no statistics, save
nothing and show nothing. Figures are made without pyplot: `ax.figure` is what a notebook displays
and `save_figure` saves.
"""

from resanalysis.figures.addressee_names import has_addressees, name_addressees
from resanalysis.figures.addressees import plot_addressee_shift
from resanalysis.figures.captions import FigureName, figure_caption
from resanalysis.figures.clause_links import clause_links_caption, plot_clause_links
from resanalysis.figures.clause_map import plot_clause_topic_map
from resanalysis.figures.origin import plot_change_origin
from resanalysis.figures.redline import plot_redline, redline_caption
from resanalysis.figures.robustness import plot_robustness
from resanalysis.figures.robustness_captions import robustness_caption
from resanalysis.figures.saving import save_figure
from resanalysis.figures.shares import has_part, plot_part_shift, plot_topic_shares
from resanalysis.figures.specification import plot_specifications
from resanalysis.figures.style import (
    Journal,
    PrintFigure,
    Width,
    figure_size,
    lighten_png,
    print_style,
)
from resanalysis.figures.trends import plot_topic_trends
from resanalysis.figures.word_shift import plot_word_shift, word_shift_caption

__all__ = [
    "FigureName",
    "Journal",
    "PrintFigure",
    "Width",
    "clause_links_caption",
    "figure_caption",
    "figure_size",
    "has_addressees",
    "has_part",
    "lighten_png",
    "name_addressees",
    "plot_addressee_shift",
    "plot_change_origin",
    "plot_clause_links",
    "plot_clause_topic_map",
    "plot_part_shift",
    "plot_redline",
    "plot_robustness",
    "plot_specifications",
    "plot_topic_shares",
    "plot_topic_trends",
    "plot_word_shift",
    "print_style",
    "redline_caption",
    "robustness_caption",
    "save_figure",
    "word_shift_caption",
]
