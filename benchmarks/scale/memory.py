"""The highest memory that a process has had so far, as Linux tells it."""

from __future__ import annotations

from pathlib import Path


def read_peak(process: int | str = "self") -> float | None:
    """Return the peak of a process in MB; None where nothing tells.

    Not from `getrusage`: a new process begins there with the peak of the one that started it.
    """
    try:
        status = Path(f"/proc/{process}/status").read_text()
    except OSError:
        return None
    peaks = [line.split()[1] for line in status.split("\n") if line.startswith("VmHWM")]
    return int(peaks[0]) / 1e3 if peaks else None


def forget_peak() -> None:
    """Let the peak of this process begin anew, where that can be done."""
    try:
        Path("/proc/self/clear_refs").write_text("5")
    except OSError:
        return
