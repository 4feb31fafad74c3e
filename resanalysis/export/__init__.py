"""Tables, the two-column comparison and a paper's tables to disk; the report as a page."""

from resanalysis.export.comparison import compare_clauses, write_comparison
from resanalysis.export.paper import write_paper_tables
from resanalysis.export.report import Finding, PlacedFigure, make_page
from resanalysis.export.tables import write_dictionary, write_tables

__all__ = [
    "Finding",
    "PlacedFigure",
    "compare_clauses",
    "make_page",
    "write_comparison",
    "write_dictionary",
    "write_paper_tables",
    "write_tables",
]
