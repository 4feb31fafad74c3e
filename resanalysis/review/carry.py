"""Decisions carried over to a source that was edited since they were taken."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from resanalysis.corpus import DECISIONS, read_corpus, read_source
from resanalysis.holding import hold_folder
from resanalysis.model import Problem, input_error
from resanalysis.redline.marks import move_marks, write_decisions
from resanalysis.review.saving import check_writable, replace_file


@dataclass(frozen=True)
class Carried:
    """What was carried over.

    Attributes
    ----------
    path : Path
        The decisions file that was written.
    marks : int
        Marks in it.
    problems : tuple of Problem
        One warning for every decision that no longer fits.
    """

    path: Path
    marks: int
    problems: tuple[Problem, ...]


def carry_decisions(folder: str | Path, decisions: str | Path) -> Carried:
    """Write into a corpus the decisions of a file that still fit its source.

    The file itself is left as it is. A decision fits when its characters and those on either side
    were not edited; see `redline.marks.move_marks`.

    Parameters
    ----------
    folder : str or Path
        The corpus folder, of a flattened text and without decisions of its own.
    decisions : str or Path
        A decisions file on an earlier state of the source, outside the folder or under another
        name.

    Raises
    ------
    InputError
        When the corpus or the file is at fault, the corpus has decisions already, or none of the
        file's fits; nothing is written.
    """
    corpus = read_corpus(folder)
    path = corpus.path / DECISIONS
    if corpus.form != "flattened" or corpus.source is None:
        what = "has no use for decisions: its changes are recorded, not inferred"
        raise input_error(corpus.path, f"form {corpus.form}", what, "Correct the redline itself")
    marks, problems = move_marks(read_source(decisions).text, corpus.source.text)
    problems = [Problem(p.severity, str(decisions), p.place, p.what, p.remedy) for p in problems]
    if not marks:
        what = "none of its decisions fits the source"
        raise input_error(
            decisions, "", what, "Give the decisions of an earlier state of this text"
        )
    text = write_decisions(corpus.source.text, marks, name=str(path))
    check_writable(path)
    with hold_folder(corpus.path):
        if path.exists():
            what = "is there already and would be replaced"
            raise input_error(
                path, "", what, "Move it out of the folder first, and carry it from there"
            )
        replace_file(path, text)
    return Carried(path, len(marks), tuple(problems))
