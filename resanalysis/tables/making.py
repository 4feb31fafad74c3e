"""Tables made with exactly their columns, and the data dictionary."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from resanalysis.tables.columns import Column
from resanalysis.tables.dataset import DATASET_TABLES
from resanalysis.tables.derived import DERIVED_TABLES
from resanalysis.tables.study import STUDY_TABLES

TABLES: dict[str, tuple[Column, ...]] = {**STUDY_TABLES, **DERIVED_TABLES, **DATASET_TABLES}
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
    known = set(names)
    for record in records:
        if record.keys() != known:
            raise KeyError(f"{name}: columns differ: {sorted(set(record) ^ known)}")
    return make_from_columns(name, {n: [record[n] for record in records] for n in names})


def make_from_columns(
    name: str, columns: Mapping[str, Sequence[Any] | NDArray[Any]]
) -> pd.DataFrame:
    """Return what `make_table` does for values that come column by column, for many rows.

    Parameters
    ----------
    name : str
        Key of `TABLES`.
    columns : mapping of str to sequence
        The values of exactly the table's columns, all of one length.

    Raises
    ------
    KeyError
        When a column is missing, or one is there that the table does not know.
    """
    if strange := set(columns) ^ {column.name for column in TABLES[name]}:
        raise KeyError(f"{name}: columns differ: {sorted(strange)}")
    made = {
        column.name: _make_texts(columns[column.name])
        if column.dtype == "str"
        else np.asarray(columns[column.name], dtype=_DTYPES[column.dtype])
        for column in TABLES[name]
    }
    return pd.DataFrame(made, copy=False)


def _make_texts(values: Sequence[str] | NDArray[Any]) -> Any:
    try:
        return pd.array(values, dtype="str")
    except UnicodeEncodeError:  # half a character, which Arrow cannot hold and Python can
        return pd.array(values, dtype=pd.StringDtype("python", na_value=np.nan))


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
