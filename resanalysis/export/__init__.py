"""Tables, the two-column comparison and the report to disk: CSV for Excel, Word, HTML."""

from resanalysis.export.comparison import compare_clauses, write_comparison
from resanalysis.export.report import write_report
from resanalysis.export.tables import write_dictionary, write_tables

__all__ = [
    "compare_clauses",
    "write_comparison",
    "write_dictionary",
    "write_report",
    "write_tables",
]
