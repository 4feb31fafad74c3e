"""Sharing the work of writing one study with other processes."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future, wait
from functools import lru_cache
from typing import Any, TypeVar

from resanalysis.results.figure_set import Results

Made = TypeVar("Made")


class Sharing:
    """Work on the results of a study: begun elsewhere, or done here when it is asked for.

    Parameters
    ----------
    results : Results
        What the work is on; other processes get a copy.
    executor : concurrent.futures.Executor, optional
        The other processes. Their death costs time, not results: what they leave is done here.

    Notes
    -----
    Leaving the context ends what was begun, so that nobody writes any more.
    """

    def __init__(self, results: Results, executor: Executor | None = None) -> None:
        self._results = results
        self._executor = executor
        self._given = pickle.dumps(results) if executor else b""
        self._begun: list[Future[Any]] = []

    def __enter__(self) -> Sharing:
        """Give what shares the work out."""
        return self

    def __exit__(self, *_: object) -> None:
        """Take back what is not begun yet and wait for the rest."""
        for future in self._begun:
            future.cancel()
        wait(self._begun)

    def begin(self, work: Callable[[Results], Made]) -> Callable[[], Made]:
        """Return what gives the result of the work, or raises its error, when it is called.

        Parameters
        ----------
        work : callable
            Given the results; a function of a module, or a `functools.partial` of one.
        """
        if self._executor is None:
            return lambda: work(self._results)
        try:
            future = self._executor.submit(_work_elsewhere, work, self._given)
        except BrokenExecutor:
            return lambda: work(self._results)
        self._begun.append(future)

        def wait_for_it() -> Made:
            try:
                return future.result()
            except BrokenExecutor:
                return work(self._results)

        return wait_for_it


def _work_elsewhere(work: Callable[[Results], Made], given: bytes) -> Made:
    return work(_load(given))


@lru_cache(maxsize=1)
def _load(given: bytes) -> Results:
    results: Results = pickle.loads(given)  # noqa: S301 - our own, from the process that asked
    return results
