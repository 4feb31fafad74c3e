"""Tables made with exactly their columns, and the data dictionary."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from resanalysis.tables.columns import Column
from resanalysis.tables.derived import DERIVED_TABLES
from resanalysis.tables.study import STUDY_TABLES

TABLES: dict[str, tuple[Column, ...]] = {**STUDY_TABLES, **DERIVED_TABLES}
"""Columns of every table by the table's name."""

_DTYPES = {"str": "str", "int": "int64", "float": "float64", "bool": "bool"}


def make_table(name: str, rows: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """Return the table `name` with its columns in order and of their types.

    Parameters
    ----------
    name : str
        Key of `TABLES`.
    rows : iterable of mappings
        One per row; each must have exactly the table's columns.

    Raises
    ------
    KeyError
        When a row lacks a column or has one that the table does not know.
    """
    names = [column.name for column in TABLES[name]]
    records = list(rows)
    for record in records:
        if set(record) != set(names):
            raise KeyError(f"{name}: columns differ: {sorted(set(record) ^ set(names))}")
    table = pd.DataFrame({n: [record[n] for record in records] for n in names}, columns=names)
    return table.astype({column.name: _DTYPES[column.dtype] for column in TABLES[name]})


def describe_tables() -> pd.DataFrame:
    """Return the data dictionary: one row per column of every table.

    Returns
    -------
    DataFrame
        `table`, `column`, `type` (str, int, float, bool), `values` (unit or allowed values),
        `meaning`.
    """
    return pd.DataFrame(
        [
            {
                "table": table,
                "column": column.name,
                "type": column.dtype,
                "values": column.values,
                "meaning": column.meaning,
            }
            for table, columns in TABLES.items()
            for column in columns
        ]
    )
