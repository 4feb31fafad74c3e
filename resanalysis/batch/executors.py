"""Where the parts of a batch are worked on: in this process, in others, or on a cluster."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    Executor,
    Future,
    ProcessPoolExecutor,
    ThreadPoolExecutor,
    wait,
)
from contextlib import AbstractContextManager, contextmanager
from threading import Thread
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from multiprocessing.process import BaseProcess

Given = TypeVar("Given")
Found = TypeVar("Found")

Open = Callable[[], AbstractContextManager[tuple[Executor, int]]]
"""What opens an executor and says how many workers it has."""


def choose_executor(workers: int, scheduler: str | None) -> Open:
    """Return what opens the executor: a thread here, a pool of processes, or Dask's.

    Parameters
    ----------
    workers : int
        Processes; 1 works in this one.
    scheduler : str or None
        Address of a Dask scheduler, such as tcp://host:8786, whose workers are used instead.

    Raises
    ------
    ModuleNotFoundError
        When Dask is wanted and not installed; when the executor is opened.
    RuntimeError
        When worker processes cannot start; when the executor is opened.
    """
    if scheduler:
        return lambda: _open_dask(scheduler)
    return lambda: _open_pool(workers)


@contextmanager
def _open_pool(workers: int) -> Iterator[tuple[Executor, int]]:
    # spawn: a worker begins as a new process, whatever threads and locks this one has.
    executor: Executor = (
        ThreadPoolExecutor(1)
        if workers == 1
        else ProcessPoolExecutor(
            workers, multiprocessing.get_context("spawn"), initializer=end_with_parent
        )
    )
    try:
        _see_that_workers_start(executor)
        yield executor, workers
    finally:
        executor.shutdown(cancel_futures=True)


def end_with_parent() -> None:
    """Let this process end when the one that started it does, even by a kill.

    A pool's processes wait for work for ever otherwise, or put it where another run is at work.
    """
    parent = multiprocessing.parent_process()
    if parent is not None:
        Thread(target=_end_after, args=(parent,), daemon=True).start()


def _end_after(parent: BaseProcess) -> None:
    parent.join()
    os._exit(1)


def _see_that_workers_start(executor: Executor) -> None:
    try:
        executor.submit(os.getpid).result()
    except BrokenExecutor as error:
        raise RuntimeError(
            "worker processes cannot start. In a script, call run_batch under"
            " `if __name__ == '__main__':`, since each worker reads the script anew; a script from"
            " standard input has workers=1 only"
        ) from error


@contextmanager
def _open_dask(scheduler: str) -> Iterator[tuple[Executor, int]]:
    try:
        from distributed import Client
    except ModuleNotFoundError:
        raise ModuleNotFoundError(
            "Dask is not installed: install resanalysis with its extra `cluster`"
            " (pip install 'resanalysis[cluster]'), or leave the scheduler out"
        ) from None
    with Client(scheduler) as client:  # type: ignore[no-untyped-call]
        executor = client.get_executor(pure=False)
        try:
            yield executor, max(len(client.ncores()), 1)
        finally:
            executor.shutdown(wait=False)


def run_all(
    open_executor: Open,
    work: Callable[[Given], Found],
    tasks: list[Given],
    tell: Callable[[Found], None],
) -> list[Given]:
    """Work on tasks, a few ahead of the workers, and tell each result as it comes.

    Returns
    -------
    list
        The tasks that were under way when a worker died.

    Raises
    ------
    Exception
        What a task raises; those under way are ended first.
    """
    waiting = tasks[::-1]
    lost: list[Given] = []
    while waiting:
        with open_executor() as (executor, workers):
            running: dict[Future[Found], Given] = {}
            broken = False
            while running or (waiting and not broken):
                while waiting and len(running) < 2 * workers and not broken:
                    task = waiting.pop()
                    try:
                        running[executor.submit(work, task)] = task
                    except BrokenExecutor:
                        waiting.append(task)
                        broken = True
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    task = running.pop(future)
                    try:
                        tell(future.result())
                    except Exception as error:
                        if not is_death(error):
                            raise
                        broken = isinstance(error, BrokenExecutor)
                        lost.append(task)
    return lost


def is_death(error: BaseException) -> bool:
    """Return whether an error says that a worker died, and not that its work failed."""
    names = {kind.__name__ for kind in type(error).__mro__}
    return isinstance(error, BrokenExecutor) or "KilledWorker" in names


def find_deadly(
    open_executor: Open, work: Callable[[Given], Any], tasks: list[Given]
) -> list[Given]:
    """Return the tasks over which a worker dies, each tried while no other one is under way."""
    deadly: list[Given] = []
    waiting = tasks[::-1]
    while waiting:
        with open_executor() as (executor, _):
            while waiting:
                task = waiting.pop()
                try:
                    executor.submit(work, task).result()
                except Exception as error:
                    if not is_death(error):
                        raise
                    deadly.append(task)
                    if isinstance(error, BrokenExecutor):
                        break
    return deadly
