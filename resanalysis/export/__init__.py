"""Tables and the report to disk: CSV for Excel, the two-column comparison, one HTML page."""

from resanalysis.export.report import write_report
from resanalysis.export.tables import compare_clauses, write_dictionary, write_tables

__all__ = ["compare_clauses", "write_dictionary", "write_report", "write_tables"]
