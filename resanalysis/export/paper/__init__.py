"""Tables as a paper prints them: one form of each, written as LaTeX, Excel, Word, CSV and HTML."""

from resanalysis.export.paper.comparison_table import make_comparison_table
from resanalysis.export.paper.excel import write_excel
from resanalysis.export.paper.latex import write_latex
from resanalysis.export.paper.plain import write_csv, write_page
from resanalysis.export.paper.shift_table import make_shift_table
from resanalysis.export.paper.table import Cell, Column, PaperTable, Row, Run
from resanalysis.export.paper.word import write_word
from resanalysis.export.paper.writing import write_paper_tables

__all__ = [
    "Cell",
    "Column",
    "PaperTable",
    "Row",
    "Run",
    "make_comparison_table",
    "make_shift_table",
    "write_csv",
    "write_excel",
    "write_latex",
    "write_page",
    "write_paper_tables",
    "write_word",
]
