"""The columns of every table, explained once, and tables made with exactly these."""

from resanalysis.tables.columns import Column
from resanalysis.tables.dataset import DATASET_TABLES
from resanalysis.tables.derived import DERIVED_TABLES
from resanalysis.tables.making import TABLES, describe_tables, make_from_columns, make_table
from resanalysis.tables.study import STUDY_TABLES

__all__ = [
    "DATASET_TABLES",
    "DERIVED_TABLES",
    "STUDY_TABLES",
    "TABLES",
    "Column",
    "describe_tables",
    "make_from_columns",
    "make_table",
]
