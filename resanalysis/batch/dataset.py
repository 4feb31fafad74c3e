"""A dataset on disk: Parquet tables in parts, of which each counts wholly or not at all.

`TABLE/body=BODY/part-00007.parquet` holds a part's rows of a table, `documents/part-00007.parquet`
what was read for it. The latter is put in its place last: a part counts when all of it is there.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from resanalysis.model import input_error
from resanalysis.tables import TABLES, make_table

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa
    import pyarrow.dataset as pads

Where = Mapping[str, object] | None

PLAN = "plan.parquet"
SUMMARY = "dataset.json"
FAILURES = "failures.csv"
DOCUMENTS = "documents"
FAILED = "failures"
BODY_TABLES = ("segments", "alternatives", "clauses", "tags", "pairs", "shift")
"""Tables that are partitioned by body."""

NO_BODY = "unknown"
_STAGING = ".staging"


def is_dataset(folder: Path) -> bool:
    """Return whether a folder is a batch's dataset, finished or not."""
    return (folder / PLAN).is_file()


def make_schema(columns: Sequence[Any]) -> pa.Schema:
    """Return the Parquet schema of a table's columns, the same whatever its rows hold."""
    import pyarrow as pa

    types = {
        "str": pa.string(),
        "int": pa.int64(),
        "float": pa.float64(),
        "bool": pa.bool_(),
    }
    return pa.schema([(column.name, types[column.dtype]) for column in columns])


def write_parquet(table: pd.DataFrame, columns: Sequence[Any], path: Path) -> None:
    """Write a table as one Parquet file, and see it on the disk."""
    import pyarrow as pa

    schema = make_schema(columns)
    write_arrow(pa.Table.from_pandas(table, schema=schema, preserve_index=False), path)


def write_arrow(table: pa.Table, path: Path) -> None:
    """Write an Arrow table as one Parquet file, and see it on the disk."""
    import pyarrow.parquet as pq

    pq.write_table(table, path, compression="zstd")
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def part_files(out: Path, number: int, body: str) -> dict[str, Path]:
    """Return the file of every table of a part; `documents` last, which makes the part count."""
    name = f"part-{number:05}.parquet"
    folder = f"body={quote(body or NO_BODY, safe='')}"
    files = {table: out / table / folder / name for table in BODY_TABLES}
    return files | {table: out / table / name for table in (FAILED, DOCUMENTS)}


def write_part(out: Path, number: int, body: str, tables: Mapping[str, pd.DataFrame]) -> None:
    """Put the tables of a part into the dataset; until the last is in its place none counts.

    Raises
    ------
    OSError
        When the disk is full or must not be written; what was written is taken away again.
    """
    staging = out / _STAGING / f"{number:05}-{os.getpid()}"
    files = part_files(out, number, body)
    try:
        staging.mkdir(parents=True, exist_ok=True)
        for table, path in files.items():
            write_parquet(tables[table], TABLES[table], staging / f"{table}.parquet")
            path.parent.mkdir(parents=True, exist_ok=True)
        for table, path in files.items():
            (staging / f"{table}.parquet").replace(path)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def drop_part(out: Path, number: int) -> None:
    """Take a part out of the dataset, first what makes it count."""
    name = f"part-{number:05}.parquet"
    (out / DOCUMENTS / name).unlink(missing_ok=True)
    for table in (FAILED, *BODY_TABLES):
        for path in list((out / table).rglob(name)):
            path.unlink()
            with suppress(OSError):  # others of the body may be there
                path.parent.rmdir()


def list_parts(out: Path) -> list[int]:
    """Return the numbers of the parts that count: those of which every file is there."""
    return sorted(_number_parts(out)[0])


def clean_up(out: Path) -> None:
    """Take away what a killed run left: parts that do not count, and files not yet in place."""
    shutil.rmtree(out / _STAGING, ignore_errors=True)
    whole, begun = _number_parts(out)
    for number in sorted(begun - whole):
        drop_part(out, number)


def _number_parts(out: Path) -> tuple[set[int], set[int]]:
    """Return the numbers of the parts of which every file is there, and of those of which any."""
    first, *others = (
        {int(path.stem.partition("-")[2]) for path in (out / table).rglob("part-*.parquet")}
        for table in (DOCUMENTS, FAILED, *BODY_TABLES)
    )
    return first.intersection(*others), first.union(*others)


def write_text(path: Path, text: str, *, encoding: str = "utf-8") -> None:
    """Write a file so that it holds all of the text or is as it was before."""
    partial = path.with_name(f".{path.name}.partial")
    try:
        partial.write_text(text, encoding, newline="\n")
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def read_dataset(
    folder: str | Path, table: str, *, columns: Iterable[str] | None = None, where: Where = None
) -> pd.DataFrame:
    """Read a table of a batch's dataset; only parts that are whole count.

    Parameters
    ----------
    folder : str or Path
        The dataset.
    table : {"documents", "failures", "segments", "alternatives", "clauses", "tags", "pairs", \
"shift"}
        Which table; the data dictionary explains its columns.
    columns : iterable of str, optional
        Columns to read; all when left out. Parquet reads only these.
    where : mapping of str to a value or a list of values, optional
        Which rows: those whose columns have these values, such as ``{"topic": "water"}`` or
        ``{"topic": ["water", "e_waste"], "version": "new"}``; the others are not read.

    Returns
    -------
    DataFrame
        In the order of the parts; with the column `body` in front where the table has none of its
        own.

    Raises
    ------
    InputError
        When the folder is no dataset, or has no such table or column.

    Notes
    -----
    Each table is a folder of Parquet files, partitioned by body, which other programs read as it
    is: ``pandas.read_parquet("dataset/shift")``; ``polars.scan_parquet("dataset/shift",
    hive_partitioning=True)``; in DuckDB ``SELECT * FROM
    read_parquet('dataset/shift/**/*.parquet', hive_partitioning = true)``.
    """
    found, wanted = _open_table(Path(folder), table, columns, where)
    return _to_frame(found.to_table(columns=wanted, filter=_make_filter(where)))


def scan_dataset(
    folder: str | Path, table: str, *, columns: Iterable[str] | None = None, where: Where = None
) -> Iterator[pd.DataFrame]:
    """Give what `read_dataset` returns a batch of rows at a time, for tables beyond memory."""
    found, wanted = _open_table(Path(folder), table, columns, where)
    for batch in found.to_batches(columns=wanted, filter=_make_filter(where), batch_readahead=1):
        if batch.num_rows:
            yield _to_frame(batch)


def _make_filter(where: Where) -> Any:
    import pyarrow.dataset as pads

    chosen = None
    for name, value in (where or {}).items():
        values = list(value) if isinstance(value, list | tuple | set | frozenset) else [value]
        part = pads.field(name).isin(values)
        chosen = part if chosen is None else chosen & part
    return chosen


def _to_frame(found: Any) -> pd.DataFrame:
    """Return a table or a batch of Arrow with texts of pandas' own type."""
    import pyarrow as pa

    frame: pd.DataFrame = found.to_pandas()
    texts = [name for name in frame.columns if found.schema.field(name).type == pa.string()]
    return frame.astype(dict.fromkeys(texts, "str"))


def _open_table(
    out: Path, table: str, columns: Iterable[str] | None, where: Where
) -> tuple[pads.Dataset, list[str]]:
    """Return the parts of a table that count as one, and the names of the columns to read."""
    import pyarrow as pa
    import pyarrow.dataset as pads

    if not is_dataset(out):
        raise input_error(
            out, "", "is no dataset", "Give the folder that `resanalysis batch --out` wrote"
        )
    known = (DOCUMENTS, FAILED, *BODY_TABLES)
    if table not in known:
        raise input_error(out, table, "there is no such table", f"Name one of {', '.join(known)}")
    schema = make_schema(TABLES[table])
    if table in BODY_TABLES:
        schema = schema.insert(0, pa.field("body", pa.string()))
    wanted = schema.names if columns is None else list(columns)
    if strange := [name for name in [*wanted, *(where or ())] if name not in schema.names]:
        raise input_error(
            out, table, f"no column {', '.join(strange)}", f"It has {', '.join(schema.names)}"
        )
    by_number = {path.name: str(path) for path in (out / table).rglob("part-*.parquet")}
    files = [by_number[f"part-{number:05}.parquet"] for number in list_parts(out)]
    bodies = pads.partitioning(pa.schema([("body", pa.string())]), flavor="hive")
    found = pads.dataset(
        files,
        schema=schema,
        format="parquet",
        partitioning=bodies if table in BODY_TABLES else None,
        partition_base_dir=str(out / table),
    )
    return found, wanted


def empty_tables() -> dict[str, pd.DataFrame]:
    """Return every table of a part without a row."""
    return {name: make_table(name, []) for name in (*BODY_TABLES, FAILED, DOCUMENTS)}


def read_summary(out: Path) -> dict[str, Any]:
    """Return what a finished dataset says of itself; empty where it is not finished."""
    path = out / SUMMARY
    return dict(json.loads(path.read_text("utf-8"))) if path.is_file() else {}
