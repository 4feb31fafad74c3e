"""What Linux tells of processes."""

from __future__ import annotations

import time
from pathlib import Path


def list_children(process: int) -> list[int]:
    """Return the processes that a process and its children started."""
    found: list[int] = []
    for path in Path(f"/proc/{process}/task").glob("*/children"):
        for child in map(int, path.read_text().split()):
            found += [child, *list_children(child)]
    return found


def is_running(process: int, patience: float = 10.0) -> bool:
    """Return whether a process is still there after some patience; one that is dead is not."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        try:
            state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            return False
        if state in "ZX":
            return False
        time.sleep(0.05)
    return True
