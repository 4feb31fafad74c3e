"""One person's review of a corpus: decisions taken, undone, and on disk at once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pandas as pd

from resanalysis.corpus import DECISIONS, read_source
from resanalysis.holding import hold_folder
from resanalysis.model import InputError, Problem, Study, input_error
from resanalysis.redline import Mark, fit_marks, read_marks
from resanalysis.redline.marks.signs import escape
from resanalysis.review.edits import Stamp, edit_markup, place_marks, unify_newlines, write_stamp
from resanalysis.review.effect import rank_places
from resanalysis.review.marking import mark_by_hand, mark_reading
from resanalysis.review.places import UncertainPlace, find_places
from resanalysis.review.readings import Readings
from resanalysis.review.saving import check_writable, replace_file
from resanalysis.study import run_study

Sure = Literal["certain", "uncertain"]


@dataclass(frozen=True)
class _Step:
    """What one decision or removal did to the marks of one id."""

    group: str
    before: tuple[Stamp, ...]
    after: tuple[Stamp, ...]


class ReviewSession:
    """One person's review of a corpus.

    Every decision is written to `decisions.critic.txt` before the method returns. The file is read
    anew before each writing, so that what other people write meanwhile stays.

    Parameters
    ----------
    folder : str or Path
        The corpus folder; its form must be `flattened`.
    coder : str
        Who decides, as written into the file.
    codebook_path : str or Path, optional
        Codebook for the ranking instead of the packaged general one.
    progress : callable, optional
        Called with the number of places ranked and of all places.

    Attributes
    ----------
    study : Study
        The study as it was when the review began.
    ranks : DataFrame
        The uncertain places in order, as `rank_places` gives them.
    places : dict of UncertainPlace
        The same places by group, in the same order.
    path : Path
        The decisions file.

    Raises
    ------
    InputError
        When the corpus or the codebook is at fault, holds no flattened text, or no coder is named.
    """

    def __init__(
        self,
        folder: str | Path,
        *,
        coder: str,
        codebook_path: str | Path | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> None:
        self.coder = " ".join(coder.split())
        problems = _check_field("coder", self.coder, semicolon=False)
        if problems:
            raise InputError(problems)
        check_writable(Path(folder) / DECISIONS)  # before the person has thought about anything
        self.study = read_reviewed(folder, codebook_path=codebook_path)
        self.path = self.study.corpus.path / DECISIONS
        found = {place.group: place for place in find_places(self.study)}
        self.ranks = rank_places(self.study, places=list(found.values()), progress=progress)
        self.places: dict[str, UncertainPlace] = {g: found[g] for g in self.ranks["group"]}
        self._source = "".join(self.study.segments["text"])
        self._readings = Readings(self.study)
        self._was_there = self.path.exists()
        self._seen = _stamps_by_id(self._read())
        self._steps: list[_Step] = []

    # --- what is decided ---

    @property
    def decided(self) -> list[str]:
        """Groups that this session has decided and not taken back."""
        last = {step.group: step for step in self._steps}
        return [group for group, step in last.items() if step.after]

    def list_decisions(self) -> pd.DataFrame:
        """Return every mark of the decisions file as it is on disk now.

        Returns
        -------
        DataFrame
            One row per mark: `id`, `line` (from 1), `start`, `end` (code points of the source),
            `text`, `op`, `coder`, `sure` (certain, uncertain), `reason`.
        """
        marks = read_marks(_unify(self._read()), name=str(self.path))[1]
        rows = [
            {
                "id": mark.id,
                "line": self._line(mark.start),
                "start": mark.start,
                "end": mark.end,
                "text": self._source[mark.start : mark.end],
                "op": mark.op,
                "coder": mark.coder,
                "sure": mark.sure,
                "reason": mark.reason,
            }
            for mark in marks
        ]
        names = ["id", "line", "start", "end", "text", "op", "coder", "sure", "reason"]
        return pd.DataFrame(rows, columns=names)

    # --- deciding ---

    def decide(
        self,
        group: str,
        *,
        reading: int | None = None,
        markup: str | None = None,
        sure: Sure = "certain",
        reason: str,
    ) -> None:
        """Decide a place and save the decision at once; an earlier one of the place is replaced.

        Parameters
        ----------
        group : str
            Id of the place; it becomes the id of the decision's marks.
        reading : int, optional
            Number of the reading that holds.
        markup : str, optional
            Instead of a reading: the place and any text around it in CriticMarkup, with `{--`,
            `{++` and `{==` and without comments. What of the place is not marked stands in both
            versions.
        sure : {"certain", "uncertain"}
            How sure the coder is.
        reason : str
            Why; white space is written as single spaces.

        Raises
        ------
        InputError
            When an argument is at fault, the place stands in part under another decision, or the
            place was decided on disk since this session last looked; nothing is written.
        """
        reason = " ".join(reason.split())
        problems = [*_check_field("reason", reason), *_check_sure(sure)]
        place = self.places.get(group)
        if place is None:
            problems.append(_problem(group, "is no uncertain place of this corpus", "List them"))
        elif (reading is None) == (markup is None):
            problems.append(_problem(group, "needs a reading or markup", "Give one of the two"))
        elif reading is not None and reading not in {c.reading for c in place.choices}:
            known = ", ".join(str(choice.reading) for choice in place.choices)
            problems.append(_problem(group, f"has no reading {reading}", f"Choose from {known}"))
        if problems or place is None:
            raise InputError(problems)
        if markup is not None:
            spans = mark_by_hand(self.study, self._readings, place, markup)
        else:
            spans = mark_reading(self.study, self._readings, place, reading or 1)
        comment = (group, self.coder, sure, reason)
        stamps = [write_stamp(a, b, op, comment=comment) for a, b, op in spans]
        self._steps.append(self._write(group, stamps))

    def remove(self, decision: str) -> None:
        """Take every mark of one id out of the decisions file; `undo` brings them back.

        Parameters
        ----------
        decision : str
            Id of the decision, of this session or of any other.

        Raises
        ------
        InputError
            When the file holds no mark of that id.
        """
        own = _stamps_by_id(self._read()).get(decision)
        if not own:
            raise self._error(f"no decision {decision}", "Look up its id in the comments")
        if not own[0].closing.endswith("<<}"):
            # Such a mark is known by its number only, which changes with those before it.
            raise self._error(f"{decision} has no id of its own", "Take it out by hand")
        self._seen[decision] = own
        self._steps.append(self._write(decision, []))

    def undo(self) -> str | None:
        """Take back the last decision or removal of this session.

        Returns
        -------
        str or None
            Id of what was taken back; None when nothing is left to undo.

        Raises
        ------
        InputError
            When the decision was changed on disk meanwhile; it stays as it is there.
        """
        if not self._steps:
            return None
        step = self._steps[-1]
        self._write(step.group, step.before)
        self._steps.pop()
        return step.group

    # --- the file ---

    def _read(self) -> str:
        """Return the decisions file as it is on disk, or the source where there is none."""
        if not self.path.exists():
            return escape(self._source)
        fit_marks(read_source(self.path).text, self._source, name=str(self.path))
        return self.path.read_bytes().decode("utf-8")

    def _write(self, group: str, stamps: Sequence[Stamp]) -> _Step:
        """Put these marks in the place of the id's own, if those are still what we know."""
        check_writable(self.path)
        with hold_folder(self.path.parent):
            markup = self._read()
            own = _stamps_by_id(markup).get(group, ())
            if own != self._seen.get(group, ()):
                self._seen[group] = own
                raise self._error(
                    f"{group} was decided or changed on disk meanwhile",
                    "Look at it there; deciding once more replaces it",
                )
            self._refuse_overlap(markup, group, stamps)
            edited = edit_markup(markup, drop={group}, add=stamps, name=str(self.path))
            fit_marks(_unify(edited), self._source, name=str(self.path))
            if edited == escape(self._source) and not self._was_there:
                self.path.unlink(missing_ok=True)
            else:
                replace_file(self.path, edited)
        self._seen[group] = _stamps_by_id(edited).get(group, ())
        return _Step(group, own, self._seen[group])

    def _refuse_overlap(self, markup: str, group: str, stamps: Sequence[Stamp]) -> None:
        others = [
            mark
            for mark in read_marks(_unify(markup), name=str(self.path))[1]
            if mark.id != group and any(p.start < mark.end and mark.start < p.end for p in stamps)
        ]
        if others:
            raise InputError(
                Problem(
                    "error",
                    str(self.path),
                    f"source line {self._line(mark.start)}",
                    f"{self._source[mark.start : mark.end][:20]!r} stands under the decision"
                    f" {mark.id} of {mark.coder or 'unnamed'}",
                    "Undo or remove that decision first, or mark less with markup of your own",
                )
                for mark in _one_per_id(others)
            )

    def _line(self, offset: int) -> int:
        return self._source.count("\n", 0, offset) + 1

    def _error(self, what: str, remedy: str) -> InputError:
        return input_error(self.path, "", what, remedy)


def read_reviewed(folder: str | Path, *, codebook_path: str | Path | None = None) -> Study:
    """Return the study of a corpus whose redline can be reviewed.

    Raises
    ------
    InputError
        When the corpus is at fault or is no flattened text: elsewhere nothing is inferred.
    """
    study = run_study(folder, codebook_path=codebook_path, draws=0)
    if study.corpus.form != "flattened":
        raise input_error(
            study.corpus.path,
            f"form {study.corpus.form}",
            "has nothing to review: its changes are recorded, not inferred",
            "Correct the redline itself; only flattened texts have decisions",
        )
    return study


def _unify(text: str) -> str:
    return unify_newlines(text)[0]


def _stamps_by_id(markup: str) -> dict[str, tuple[Stamp, ...]]:
    """Return the marks of each id as they are written, line ends unified."""
    stamps: dict[str, tuple[Stamp, ...]] = {}
    for found in place_marks(_unify(markup), name=DECISIONS):
        stamps[found.mark.id] = (*stamps.get(found.mark.id, ()), found.stamp)
    return stamps


def _one_per_id(marks: Sequence[Mark]) -> Collection[Mark]:
    return {mark.id: mark for mark in reversed(marks)}.values()


def _check_field(name: str, value: str, *, semicolon: bool = True) -> list[Problem]:
    if not value:
        return [_problem(name, "is empty", "A decision says who decided and why")]
    if any("\ud800" <= char <= "\udfff" for char in value):
        return [_problem(name, "was typed in another encoding than the terminal's", "Use UTF-8")]
    if ";" in value and not semicolon:
        return [_problem(name, "contains a semicolon", "Write the name without it")]
    return []


def _check_sure(sure: str) -> list[Problem]:
    if sure in ("certain", "uncertain"):
        return []
    return [_problem("sure", f"{sure!r} is neither", "Write certain or uncertain")]


def _problem(place: str, what: str, remedy: str) -> Problem:
    return Problem("error", "decision", place, what, remedy)
