"""A text of a folder, and what is wrong with one: records that travel to workers."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from resanalysis.model import Form, Problem

Kind = Form | Literal["folder"]
"""Forms of a redline, or a corpus folder with all that stands in it."""

Cause = Literal["input", "unexpected", "worker"]
"""Why a text failed: its own fault, a fault of this package, or its worker died."""


@dataclass(frozen=True)
class Text:
    """Two versions of a resolution in a folder: names of files, never what is in them.

    Attributes
    ----------
    id : str
        Unique in the folder; the column `corpus` of all tables.
    kind : {"flattened", "criticmarkup", "word", "editions", "folder"}
        How the files hold the two versions.
    files : tuple of str
        Paths in the folder with `/`: one, or for `editions` the old and the new.
    encodings : tuple of tuple of str
        For each file the encodings to try, in order.
    resolution : str
        Which resolution it is a comparison of.
    body : str
        Who adopted it; empty where nobody said.
    old, new : str
        Ids of the editions.
    old_date, new_date : str
        When they were adopted, as 2022, 2022-10 or 2022-10-14; empty where nobody said.
    sha256 : str
        Hash of the files' names and bytes.
    size : int
        Their bytes.
    """

    id: str
    kind: Kind
    files: tuple[str, ...]
    encodings: tuple[tuple[str, ...], ...]
    resolution: str
    body: str = ""
    old: str = "old"
    new: str = "new"
    old_date: str = ""
    new_date: str = ""
    sha256: str = ""
    size: int = 0


@dataclass(frozen=True)
class Failure:
    """Why a text, or a file that could be one, is not in the dataset."""

    text: str
    cause: Cause
    problem: Problem


def hash_text(root: Path, text: Text) -> tuple[str, int]:
    """Return the hash and the size of a text's files as they are now.

    Raises
    ------
    OSError
        When one of them cannot be read.
    """
    digest, size = hashlib.sha256(), 0
    for path in _list_files(root, text):
        data = path.read_bytes()
        size += len(data)
        for part in (path.relative_to(root).as_posix().encode("utf-8", "surrogateescape"), data):
            digest.update(len(part).to_bytes(8, "big"))
            digest.update(part)
    return digest.hexdigest(), size


def _list_files(root: Path, text: Text) -> Iterable[Path]:
    if text.kind == "folder":
        return sorted(path for path in (root / text.files[0]).rglob("*") if path.is_file())
    return [root / name for name in text.files]
