"""Other processes that draw figures while a command runs."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager

from resanalysis.batch.executors import end_with_parent

_MOST = 4  # a study has some ten figures to draw


@contextmanager
def open_processes() -> Iterator[Executor | None]:
    """Give an executor with a process for each core, up to four, or None where there is one core.

    On Linux what the processes need is imported once, from now on and beside the caller's own
    imports; elsewhere, where a copy of a running process is not to be trusted, each imports it
    for itself when it has something to do.
    """
    workers = min(os.cpu_count() or 1, _MOST)
    if workers == 1:
        yield None
        return
    context = multiprocessing.get_context("forkserver" if sys.platform == "linux" else "spawn")
    if sys.platform == "linux":
        from multiprocessing.forkserver import ensure_running

        context.set_forkserver_preload(["resanalysis.results.drawing"])
        # Ctrl-C is for the process that was called, which ends the others.
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)
        ensure_running()
        signal.signal(signal.SIGINT, before)
    executor = ProcessPoolExecutor(workers, context, initializer=_begin)
    try:
        yield executor
    finally:
        executor.shutdown(wait=False, cancel_futures=True)


def _begin() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with_parent()
