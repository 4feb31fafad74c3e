"""Tables to disk: CSV for Excel, the data dictionary."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from resanalysis.model import Study
from resanalysis.tables import describe_tables


def write_tables(tables: Mapping[str, pd.DataFrame], folder: str | Path) -> list[Path]:
    """Write each table as `<name>.csv`, and the data dictionary beside them.

    CSV in UTF-8 with a byte order mark (so that Excel reads Chinese), LF line ends, columns in the
    order of `tables.TABLES`.

    Parameters
    ----------
    tables : dict of DataFrame
        Tables by name.
    folder : str or Path
        Where to write; made if missing.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, table in {**tables, "data-dictionary": describe_tables()}.items():
        path = folder / f"{name}.csv"
        table.to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\n")
        paths.append(path)
    return paths


def write_dictionary(path: str | Path) -> Path:
    """Write the data dictionary as Markdown, one table per table of a study."""
    lines = ["# Data dictionary", "", "Made from the column descriptions the code uses.", ""]
    lines += ["Offsets count Unicode code points from 0 and are half-open.", ""]
    for table, columns in describe_tables().groupby("table", sort=False):
        lines += [
            f"## {table}",
            "",
            "| column | type | values, unit | meaning |",
            "|---|---|---|---|",
        ]
        lines += [
            f"| `{c.column}` | {c.type} | {c.values} | {c.meaning} |" for c in columns.itertuples()
        ]
        lines.append("")
    path = Path(path)
    path.write_text("\n".join(lines).rstrip() + "\n", "utf-8")
    return path


def group_topics(study: Study) -> dict[tuple[str, str], set[str]]:
    """Return the topics of every tagged clause by version and clause."""
    tagged: dict[tuple[str, str], set[str]] = defaultdict(set)
    for tag in list_records(study.tags):
        tagged[tag["version"], tag["clause_id"]].add(tag["topic"])
    return dict(tagged)


def list_records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table as dictionaries."""
    return [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]
