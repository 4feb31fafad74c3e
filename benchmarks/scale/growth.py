"""How time and memory grow: with documents, with workers, with the clauses of one document."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter, sleep

import pandas as pd
from tqdm import tqdm

from benchmarks.scale.material import Maker, write_clean
from benchmarks.scale.memory import read_peak
from resanalysis import alignment
from resanalysis.batch import read_dataset
from resanalysis.redline import diff_versions
from resanalysis.study import parse_version_rows
from resanalysis.tables import make_table


@contextmanager
def make_folder() -> Iterator[Path]:
    """Give a folder that is taken away again."""
    folder = Path(tempfile.mkdtemp(prefix="resanalysis-bench-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def run_command(*arguments: str) -> tuple[float, float]:
    """Run a command of ours; return its seconds, and its own peak of memory in MB."""
    begin = perf_counter()
    child = subprocess.Popen(  # noqa: S603 - our own interpreter
        [sys.executable, "-m", "resanalysis", *arguments], stderr=subprocess.DEVNULL
    )
    peak = float("nan")
    while child.poll() is None:
        peak = read_peak(child.pid) or peak
        sleep(0.05)
    if child.returncode:
        raise RuntimeError(f"resanalysis {' '.join(arguments)} ended with {child.returncode}")
    return perf_counter() - begin, peak


def measure_documents(counts: Sequence[int], engine: str) -> pd.DataFrame:
    """Return one row per number of documents: seconds of the whole command, speed, memory."""
    rows = []
    for count in tqdm(counts, desc="documents", disable=None, leave=False):
        with make_folder() as folder:
            characters = write_clean(folder / "texts", count)
            out = folder / "dataset"
            seconds, peak = run_command(
                "batch", str(folder / "texts"), "--out", str(out), "--engine", engine
            )
            documents = read_dataset(out, "documents", columns=["clauses_old", "clauses_new"])
            size = sum(path.stat().st_size for path in out.rglob("*") if path.is_file())
            rows.append(
                {
                    "documents": count,
                    "clauses": int(documents.to_numpy().sum()),
                    "seconds": round(seconds, 1),
                    "characters_per_second": round(characters / seconds, -3),
                    "seconds_per_1000_clauses": round(
                        1000 * seconds / documents.to_numpy().sum(), 3
                    ),
                    "peak_mb": round(peak),
                    "dataset_mb": round(size / 1e6, 1),
                }
            )
    return pd.DataFrame(rows).astype({"characters_per_second": int})


def measure_workers(documents: Mapping[str, int], workers: Sequence[int]) -> pd.DataFrame:
    """Return one row per engine and number of workers, the start of all processes included."""
    rows = []
    for engine, count in tqdm(documents.items(), desc="workers", disable=None, leave=False):
        with make_folder() as folder:
            characters = write_clean(folder / "texts", count)
            first = 0.0
            for number in workers:
                out = folder / "dataset"
                seconds, _ = run_command(
                    *("batch", str(folder / "texts"), "--out", str(out)),
                    *("--engine", engine, "--workers", str(number)),
                )
                shutil.rmtree(out)
                first = first or seconds
                rows.append(
                    {
                        "engine": engine,
                        "documents": count,
                        "workers": number,
                        "seconds": round(seconds, 1),
                        "characters_per_second": int(round(characters / seconds, -3)),
                        "times_one_worker": round(first / seconds, 2),
                    }
                )
    return pd.DataFrame(rows)


def measure_alignment(counts: Sequence[int]) -> pd.DataFrame:
    """Return one row per size of a single document: seconds and microseconds a clause."""
    maker = Maker()
    rows = []
    for count in counts:
        old, new = (
            "\n".join(texts)
            for texts in zip(*(maker.make_versions(k) for k in range(count)), strict=True)
        )
        redline = diff_versions(old, new, cut=list)
        clauses = make_table(
            "clauses",
            [
                row
                for version in ("old", "new")
                for row in parse_version_rows(redline, version, "", corpus="", edition=version)
            ],
        )
        seconds = float("inf")
        for _ in range(3):
            begin = perf_counter()
            alignment.align_clauses(clauses, redline.segments)
            seconds = min(seconds, perf_counter() - begin)
        rows.append(
            {
                "clauses": len(clauses),
                "seconds": round(seconds, 3),
                "microseconds_per_clause": round(1e6 * seconds / len(clauses)),
            }
        )
    return pd.DataFrame(rows)
