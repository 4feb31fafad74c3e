"""A folder held by one writer at a time."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from resanalysis.model import input_error


@contextmanager
def hold_folder(folder: Path, *, wait: bool = True) -> Iterator[None]:
    """Keep other writers out of a folder; the system lets go when a process dies.

    On Windows, and on disks that cannot do it, nothing is held.

    Parameters
    ----------
    folder : Path
        The folder; nothing is written into it.
    wait : bool
        Wait for another writer to let go.

    Raises
    ------
    InputError
        When another writer holds the folder and `wait` is false.
    """
    if sys.platform == "win32":
        yield
        return
    import fcntl

    handle = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            what, remedy = "is being written by another run", "Wait for it, or name another folder"
            raise input_error(folder, "", what, remedy) from None
        except OSError:  # some network disks
            pass
        yield
    finally:
        os.close(handle)
