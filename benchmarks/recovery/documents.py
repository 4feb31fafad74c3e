"""The documents of a benchmark: flattened texts whose true marks are known."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from resanalysis.model import InputError, Problem
from resanalysis.redline import Redline, read_marks

SIGNS = {"equal": "=", "delete": "-", "insert": "+"}
"""Operation of a segment → its sign in `Document.ops`."""


@dataclass(frozen=True)
class Document:
    """One flattened text with its true marks.

    Attributes
    ----------
    id : str
        Name of the file without its ending.
    family : str
        What it shares with related documents (such as versions of one law in several places);
        cross-validation never trains on a document of the family it tests.
    numbering : str
        How its labels are written, as the manifest says; may be empty.
    text : str
        The flattened text.
    ops : str
        The truth: one of `=` (in both versions), `-` (old only), `+` (new only) per character.
    """

    id: str
    family: str
    numbering: str
    text: str
    ops: str


Recover = Callable[[str], Redline]
"""A flattened text → its redline."""

Fit = Callable[[Sequence[Document]], Recover]
"""Documents to train on → a recoverer; a fixed recoverer ignores them."""


def read_documents(folder: Path) -> list[Document]:
    """Return the documents of a folder of CriticMarkup files, in the order of their names.

    Parameters
    ----------
    folder : Path
        Holds `*.critic.txt` and, optionally, `manifest.csv` with the columns `id`, `family` and
        `numbering`; without it each document is a family of its own.

    Raises
    ------
    InputError
        When there is no such file, when files are malformed (all of them are named), or when the
        manifest lacks one of them.
    """
    paths = sorted(folder.glob("*.critic.txt"))
    problems = []
    if not paths:
        problems.append(_problem(str(folder), "no *.critic.txt files", "Name a folder with some"))
    manifest = _read_manifest(folder / "manifest.csv")
    documents = []
    for path in paths:
        name = path.name.removesuffix(".critic.txt")
        if manifest is not None and name not in manifest:
            problems.append(_problem("manifest.csv", f"no row for {name}", "Add one"))
            continue
        row = manifest[name] if manifest is not None else {}
        try:
            text, marks = read_marks(path.read_bytes().decode("utf-8"), name=path.name)
        except InputError as error:
            problems += error.problems
            continue
        ops = ["="] * len(text)
        for mark in marks:
            ops[mark.start : mark.end] = SIGNS[mark.op] * (mark.end - mark.start)
        family, numbering = row.get("family") or name, row.get("numbering") or ""
        documents.append(Document(name, family, numbering, text, "".join(ops)))
    if problems:
        raise InputError(problems)
    return documents


def _problem(file: str, what: str, mend: str) -> Problem:
    return Problem("error", file, "", what, mend)


def _read_manifest(path: Path) -> dict[str, dict[str, str]] | None:
    if not path.exists():
        return None
    with path.open(encoding="utf-8-sig", newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


def take_version(text: str, ops: str, version: str) -> str:
    """Return the old or the new text of a labelling.

    Examples
    --------
    >>> take_version("20142022年", "----++++=", "old")
    '2014年'
    """
    other = "+" if version == "old" else "-"
    return "".join(char for char, op in zip(text, ops, strict=True) if op != other)


def split_runs(ops: str) -> Iterator[tuple[int, int, str]]:
    """Yield start, end and sign of each maximal run of one operation.

    Examples
    --------
    >>> list(split_runs("==-+"))
    [(0, 2, '='), (2, 3, '-'), (3, 4, '+')]
    """
    start = 0
    for sign, run in groupby(ops):
        end = start + sum(1 for _ in run)
        yield start, end, sign
        start = end


def find_lines(text: str) -> list[tuple[int, int]]:
    """Return the lines of a text as half-open ranges that include their line break."""
    lines = []
    start = 0
    while start < len(text):
        found = text.find("\n", start)
        end = found + 1 if found >= 0 else len(text)
        lines.append((start, end))
        start = end
    return lines
