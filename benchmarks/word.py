"""How well Word files are read: `python -m benchmarks.word FOLDER [--lines N]`.

For every .docx and .docm in FOLDER the two texts of `read_word` are compared with what LibreOffice
gives when all tracked changes are rejected and accepted. LibreOffice shows the number of a note
without brackets and not before the note's own text, no label for a bullet, and an invisible
character where something is anchored; so much is evened out before comparing, and nothing else.
Floating tables and text boxes stand apart in LibreOffice and are not asked for: a file that has
them differs.
"""

from __future__ import annotations

import argparse
import difflib
import re
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from resanalysis.model import InputError
from resanalysis.redline.word import read_word
from tests.libreoffice import versions_in_libreoffice

_NUMBER = r"\[([0-9]+|[ivxlcdm]+)\]"
_BULLET = re.compile(r"^(?:[^\w\s(（]|o)[\t ]", re.MULTILINE)
_ANCHOR = re.compile("[\u200b\u200d\u2060\ufeff\ufffc]")


def even_out(text: str) -> str:
    """Return a text without what only one of the two programs shows."""
    text = re.sub(rf"^{_NUMBER}", "", text, flags=re.MULTILINE)
    text = _BULLET.sub("", _ANCHOR.sub("", re.sub(_NUMBER, r"\1", text)))
    return text.rstrip("\n")


def ask_libreoffice(paths: Sequence[Path]) -> dict[Path, dict[str, str]]:
    """Return LibreOffice's versions of the files it can open; halve a batch that it crashes on."""
    if not paths:
        return {}
    try:
        answers = versions_in_libreoffice(
            [path.read_bytes() for path in paths], labels=True, notes=True, timeout=180
        )
    except RuntimeError:
        middle = len(paths) // 2
        return (
            {**ask_libreoffice(paths[:middle]), **ask_libreoffice(paths[middle:])} if middle else {}
        )
    return dict(zip(paths, answers, strict=True))


def compare(ours: str, theirs: str) -> str:
    """Return how two texts agree: `exact`, `blanks` (only they differ) or `differs`."""
    if ours == theirs:
        return "exact"
    same = re.sub(r"\s", "", ours) == re.sub(r"\s", "", theirs)
    return "blanks" if same else "differs"


def measure(folder: Path, *, lines: int = 0) -> pd.DataFrame:
    """Return one row per file: `file`, `old`, `new`, and `note` on a file that was not compared.

    With `lines` that many differing lines are printed for each version that differs.
    """
    paths = sorted(path for path in folder.iterdir() if path.suffix in (".docx", ".docm"))
    redlines, rows = {}, []
    for path in paths:
        try:
            redlines[path] = read_word(path.read_bytes(), name=path.name)
        except InputError as error:
            rows.append({"file": path.name, "old": "", "new": "", "note": error.problems[0].what})
    readable = list(redlines)
    answers: dict[Path, dict[str, str]] = {}
    for begin in range(0, len(readable), 10):
        answers |= ask_libreoffice(readable[begin : begin + 10])
    for path, redline in redlines.items():
        if path not in answers:
            rows.append({"file": path.name, "old": "", "new": "", "note": "LibreOffice crashes"})
            continue
        row = {"file": path.name, "note": ""}
        for version in ("old", "new"):
            ours = even_out(redline.text(version))
            theirs = even_out(answers[path][version] + answers[path][f"{version}_notes"])
            row[version] = compare(ours, theirs)
            if row[version] != "exact" and lines:
                print(f"--- {path.name}, {version}: - LibreOffice, + read_word")
                found = difflib.unified_diff(theirs.split("\n"), ours.split("\n"), lineterm="", n=0)
                for line in list(found)[2 : 2 + lines]:
                    print(line[:120])
        rows.append(row)
    return pd.DataFrame(rows, columns=["file", "old", "new", "note"]).sort_values("file")


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table and a summary."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--lines", type=int, default=0, help="differing lines to print")
    given = parser.parse_args(arguments)
    table = measure(given.folder, lines=given.lines)
    print(table.to_csv(index=False, sep="\t"), end="")
    compared = table[table["note"] == ""]
    counts = Counter([*compared["old"], *compared["new"]])
    total = sum(counts.values())
    print(f"{len(table)} files, {len(compared)} compared, {total} texts:", end=" ")
    print(", ".join(f"{count} {kind}" for kind, count in counts.most_common()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
