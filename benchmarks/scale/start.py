"""How long it takes until something happens: import, help, one resolution."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from time import perf_counter

import pandas as pd

from benchmarks.scale.material import CORPUS


def measure_start(rounds: int = 5) -> pd.DataFrame:
    """Return one row per command: the seconds of the best round, beside those of bare Python."""
    bare = _time(["-c", "pass"], rounds)
    with tempfile.TemporaryDirectory() as out:
        whole = ["-m", "resanalysis", "run", str(CORPUS), "--out", f"{out}/results"]
        found = {
            "python -c pass": bare,
            "import resanalysis": _time(["-c", "import resanalysis"], rounds),
            "resanalysis --help": _time(["-m", "resanalysis", "--help"], rounds),
            f"resanalysis run corpora/{CORPUS.name}": _time(whole, 2),
        }
    return pd.DataFrame({"command": list(found), "seconds": [round(s, 2) for s in found.values()]})


def _time(arguments: list[str], rounds: int) -> float:
    best = float("inf")
    for _ in range(rounds):
        begin = perf_counter()
        subprocess.run(  # noqa: S603 - our own interpreter
            [sys.executable, *arguments], check=True, capture_output=True
        )
        best = min(best, perf_counter() - begin)
    return best
