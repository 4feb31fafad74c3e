"""Data to standard output or a file, messages and progress to standard error."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


def give(data: str | bytes) -> None:
    """Write data to standard output as UTF-8, its line ends unchanged."""
    sys.stdout.buffer.write(data.encode() if isinstance(data, str) else data)
    sys.stdout.buffer.flush()


def tell(message: object) -> None:
    """Write a message to standard error, a line of its own."""
    sys.stderr.write(f"{message}\n")


@contextmanager
def show_steps(total: int) -> Iterator[Callable[[str], None]]:
    """Give a function that names each step on standard error if that is a terminal."""
    from tqdm import tqdm

    form = "{n_fmt}/{total_fmt} {desc}"
    with tqdm(total=total, bar_format=form, leave=False, disable=None) as bar:

        def say(step: str) -> None:
            bar.update()
            bar.set_description_str(step)

        yield say


@contextmanager
def show_count(step: str) -> Iterator[Callable[[int, int], None]]:
    """Give a function that counts on standard error if that is a terminal."""
    from tqdm import tqdm

    with tqdm(desc=step, leave=False, disable=None) as bar:

        def say(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)
            if done == total:
                bar.close()  # before anything else is said

        yield say


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that it holds all of the data or is as it was before."""
    from resanalysis.model import input_error

    remedy = "Name another file with --out"
    if path.is_dir():
        raise input_error(path, "", "cannot be written (it is a folder)", remedy)
    partial = path.with_name(f".{path.name}.partial")
    try:
        partial.write_bytes(data)
        partial.replace(path)
    except OSError as error:
        raise input_error(path, "", f"cannot be written ({error.strerror})", remedy) from error
    finally:
        with suppress(OSError):
            partial.unlink()


def count_of(number: int, name: str) -> str:
    """Return a number with what it is of: 1 file, 2 files."""
    return f"{number} {name}{'' if number == 1 else 's'}"
