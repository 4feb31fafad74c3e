"""Measure how the chain grows, and print or write the tables: `python -m benchmarks.scale`.

The material is Resolution 182 with phrases changed for others of its own, by a fixed seed; a
document is two clean versions of it. Ratios are of one run on one machine, turns alternating, the
best round of each: they are what compares, seconds do not.
"""

from __future__ import annotations

import argparse
import os
import platform
import warnings
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path

import pandas as pd

from benchmarks.scale.growth import measure_alignment, measure_documents, measure_workers
from benchmarks.scale.start import measure_start
from benchmarks.scale.steps import measure_steps

PACKAGES = ("jieba", "rjieba", "spacy", "pandas", "pyarrow", "numpy", "rapidfuzz", "scipy")


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and tell."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale", description=__doc__)
    parser.add_argument("--documents", type=int, nargs="+", default=[10, 100, 1000, 10_000])
    parser.add_argument("--steps", type=int, default=100, help="documents to time the steps on")
    parser.add_argument("--flattened", type=int, default=10, help="flattened texts to recover")
    parser.add_argument("--parallel", type=int, default=2000, help="documents for workers")
    parser.add_argument("--parallel-fast", type=int, default=4000, help="the same with rjieba")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--write", type=Path, metavar="FILE", help="write Markdown there")
    options = parser.parse_args(arguments)
    warnings.simplefilter("ignore", SyntaxWarning)
    steps = measure_steps(options.steps, options.flattened, options.rounds)
    tables = {
        f"Steps, on {options.steps} documents": steps,
        "One worker and two": measure_workers(
            {"jieba": options.parallel, "rjieba": options.parallel_fast}, [1, 2]
        ),
        "From a few documents to many, one worker, rjieba": measure_documents(
            options.documents, "rjieba"
        ),
        "Alignment, as one document grows": measure_alignment([1, 4, 16, 64]),
        "Cold start": measure_start(),
    }
    page = describe(tables)
    if options.write:
        options.write.write_text(page, "utf-8", newline="\n")
    print(page)


def describe(tables: dict[str, pd.DataFrame]) -> str:
    """Return a page in Markdown."""
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in PACKAGES)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, {memory:.0f} GB"
    lines = ["# How fast, and how much memory", ""]
    lines += [
        "Made by `make bench`: Resolution 182 with phrases changed for others of its own, two clean"
        " versions to a document. `times_raw_jieba` is speed against jieba's cutting alone of the"
        " same clauses in the same run (above 1 is faster). `peak_mb` is how far the memory of a"
        " new process rises while the step runs, or the peak of the whole command. Ratios compare;"
        " seconds are this machine's.",
        "",
        f"{machine}; Python {platform.python_version()}; {versions}.",
    ]
    for title, table in tables.items():
        lines += ["", f"## {title}", "", *_grid(table)]
    return "\n".join(lines) + "\n"


def _grid(table: pd.DataFrame) -> list[str]:
    rows = [list(map(str, table.columns)), ["---"] * len(table.columns)]
    rows += [
        ["" if pd.isna(v) else f"{v:,}" if isinstance(v, int) else str(v) for v in row]
        for row in table.astype(object).to_numpy().tolist()
    ]
    return ["| " + " | ".join(row) + " |" for row in rows]


if __name__ == "__main__":
    main()
