"""A file replaced as a whole, by one writer at a time."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

from resanalysis.model import input_error


def check_writable(path: Path) -> None:
    """Raise an `InputError` when a file cannot be written, or is kept from being changed.

    A file without the right to write could still be replaced; somebody took the right away so that
    it stays as it is.
    """
    for place in (path.parent, path):
        if place.exists() and not os.access(place, os.W_OK):
            what = "cannot be written to"
            raise input_error(place, "", what, "Check its rights, or review a copy of the corpus")


def replace_file(path: Path, text: str) -> None:
    """Replace a file's content so that a crash leaves the old content or the new, never half.

    The text goes to a file beside, is forced to disk, and takes the file's name. Rights are kept; a
    link stays a link.
    """
    path = path.resolve()
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    beside = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            shutil.copymode(path, beside)
        else:
            beside.chmod(0o666 & ~_read_umask())
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """Force the new name to disk, where the system can do that for folders."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _read_umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
