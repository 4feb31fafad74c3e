"""The tables of a benchmark, and how they are written."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from benchmarks.recovery.calibration import measure_auroc, measure_ece, tabulate_calibration
from benchmarks.recovery.measures import (
    score_documents,
    summarise,
    tabulate_claims,
    tabulate_kept,
    tabulate_kinds,
)
from benchmarks.recovery.outcomes import Outcome, join_characters

TITLES = {
    "summary": "All documents and parts of them",
    "exact": "Lines exact to the last character, calibration, time",
    "documents": "Documents",
    "kinds": "Kinds of change",
    "rules": "Claimed characters by rule",
    "certainty": "Claimed characters by certainty",
    "kept": "Characters kept as equal, by certainty",
    "kept_rules": "Characters kept as equal, by rule",
    "calibration": "Calibration of claimed characters",
    "growth": "Time on longer and longer texts",
}
"""Name of each table → its title."""

_SUMMARY = [
    "documents", "changed", "claimed", "precision", "recall", "f1", "f1_low", "f1_high",
    "median_f1", "median_f1_low", "median_f1_high", "median_f1_families_low",
    "median_f1_families_high", "f1_naive", "f1_either",
]  # fmt: skip
_EXACT = [
    "old_lines", "new_lines", "both_lines", "changed_lines", "proven", "proven_right", "ece",
    "auroc", "kept_right", "kept_confidence", "seconds_per_10000",
]  # fmt: skip
_DOCUMENT = [
    "document", "characters", "changed", "claimed", "precision", "recall", "f1", "f1_naive",
    "clean", "seconds_per_10000",
]  # fmt: skip


def describe_outcomes(outcomes: Sequence[Outcome], *, seed: int = 0) -> dict[str, float]:
    """Return the figures of one row: those of `summarise`, calibration, proven and kept text."""
    characters = join_characters(outcomes)
    claims = characters[characters["op"] != "="]
    proven = claims[claims["certainty"] == "proven"]
    kept = characters[characters["op"] == "="]
    return summarise(score_documents(outcomes), seed=seed) | {
        "ece": measure_ece(tabulate_calibration(characters)),
        "auroc": measure_auroc(characters),
        "proven": len(proven),
        "proven_right": float(proven["right"].mean()),
        "kept": len(kept),
        "kept_right": float(kept["right"].mean()),
        "kept_confidence": float(kept["confidence"].mean()),
    }


def make_tables(
    rows: Mapping[str, Sequence[Outcome]], *, clean: Sequence[str], seed: int = 0
) -> dict[str, pd.DataFrame]:
    """Return the tables by name (see `TITLES`).

    Parameters
    ----------
    rows : mapping of str to sequence of Outcome
        Name of each row of the summary → its outcomes, at least one; the other tables are made
        from the first row.
    clean : sequence of str
        Ids of the documents whose numbering is clean.
    seed : int
        Of the bootstrap.
    """
    figures = pd.DataFrame(
        [
            {"row": name, **describe_outcomes(outcomes, seed=seed)}
            for name, outcomes in rows.items()
            if outcomes
        ]
    )
    first = next(iter(rows.values()))
    characters = join_characters(first)
    documents = score_documents(first)
    documents["clean"] = ["yes" if name in clean else "" for name in documents["document"]]
    return {
        "summary": figures[["row", *_SUMMARY]],
        "exact": figures[["row", *_EXACT]],
        "documents": documents[_DOCUMENT],
        "kinds": tabulate_kinds(characters),
        "rules": tabulate_claims(characters, "rule"),
        "certainty": tabulate_claims(characters, "certainty"),
        "kept": tabulate_kept(characters),
        "kept_rules": tabulate_kept(characters, "rule"),
        "calibration": tabulate_calibration(characters),
    }


def write_tables(tables: Mapping[str, pd.DataFrame], *, markdown: bool) -> str:
    """Return the tables as text: aligned columns, or Markdown."""
    parts = []
    for name, table in tables.items():
        cells = [[_write_cell(value) for value in row] for row in table.itertuples(index=False)]
        heads = [str(column).replace("_", " ") for column in table.columns]
        rows = [heads, *cells]
        widths = [max(len(row[i]) for row in rows) for i in range(len(heads))]
        right = [not isinstance(value, str) for value in (table.iloc[0] if len(table) else heads)]
        lines = [
            [c.rjust(w) if r else c.ljust(w) for c, w, r in zip(row, widths, right, strict=True)]
            for row in rows
        ]
        if markdown:
            rule = ["-" * (w - 1) + (":" if r else "-") for w, r in zip(widths, right, strict=True)]
            lines.insert(1, rule)
            body = "\n".join(f"| {' | '.join(line)} |" for line in lines)
            parts.append(f"### {TITLES[name]}\n\n{body}\n")
        else:
            body = "\n".join("  ".join(line).rstrip() for line in lines)
            parts.append(f"{TITLES[name]}\n{'-' * len(TITLES[name])}\n{body}\n")
    return "\n".join(parts)


def _write_cell(value: Any) -> str:
    if isinstance(value, float):
        return "" if math.isnan(value) else f"{value:.3f}"
    return str(value)


def write_json(tables: Mapping[str, pd.DataFrame]) -> str:
    """Return all tables as JSON with every digit; what has no value is null."""
    content = {
        name: [
            {key: _clean_number(value) for key, value in row.items()}
            for row in table.astype(object).to_dict("records")
        ]
        for name, table in tables.items()
    }
    return json.dumps(content, ensure_ascii=False, indent=2)


def _clean_number(value: Any) -> Any:
    return None if isinstance(value, float) and math.isnan(value) else value
