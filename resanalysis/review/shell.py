"""The review in a terminal: place after place, a choice, a reason, saved at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TextIO

import pandas as pd

from resanalysis.corpus import DECISIONS, read_corpus, read_source
from resanalysis.model import InputError, input_error
from resanalysis.redline.agreement import list_differences, measure_agreement
from resanalysis.review.places import UncertainPlace
from resanalysis.review.session import ReviewSession, Sure

_KEYS = "1-9 choose, u uncertain, c custom, s skip, b back, z undo, q quit"


class _Stop(Exception):  # noqa: N818 - no error: the person has had enough
    """The review ends."""


def review_corpus(
    folder: str | Path,
    *,
    coder: str = "",
    codebook_path: str | Path | None = None,
    ask: TextIO,
    tell: TextIO,
    progress: Callable[[int, int], None] | None = None,
) -> list[str]:
    """Lead a person through the uncertain places of a corpus, line by line.

    Each decision is on disk before the next question. The end of the input and an interrupt end the
    review; what was decided stays.

    Parameters
    ----------
    folder : str or Path
        The corpus folder.
    coder : str
        Who decides; asked for where empty.
    codebook_path : str or Path, optional
        Codebook for the ranking instead of the packaged general one.
    ask : text stream
        Where answers are read from, one per line.
    tell : text stream
        Where everything is shown.
    progress : callable, optional
        Called with the number of places ranked and of all places.

    Returns
    -------
    list of str
        The groups decided.

    Raises
    ------
    InputError
        When the corpus is at fault, or holds nothing to review.
    """
    dialogue = _Dialogue(ask, tell)
    try:
        coder = coder or dialogue.ask("Your name, as it will stand in the decisions: ")
    except (_Stop, KeyboardInterrupt):
        return []
    session = ReviewSession(folder, coder=coder, codebook_path=codebook_path, progress=progress)
    walk = _Walk(session, dialogue)
    try:
        walk.go()
    except (_Stop, KeyboardInterrupt):
        dialogue.say("")
    done, places = len(session.decided), len(session.places)
    dialogue.say(f"{done} of {places} places decided; saved in {session.path}")
    return session.decided


def compare_decisions(folder: str | Path, other: str | Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Compare the decisions of a corpus with those of another person.

    Parameters
    ----------
    folder : str or Path
        The corpus folder.
    other : str or Path
        The other person's decisions file on the same source.

    Returns
    -------
    agreement : DataFrame
        One row per measure of `measure_agreement`: `measure`, `value`.
    differences : DataFrame
        What `list_differences` gives.

    Raises
    ------
    InputError
        When a file is missing or malformed, or the two are not decisions on one text.

    Examples
    --------
    >>> folder = "corpora/itu-pp-res-182"
    >>> agreement, differences = compare_decisions(folder, f"{folder}/readings/reader-1.critic.txt")
    >>> agreement["measure"].tolist()[:2], differences.columns[0]
    (['lines', 'same_lines'], 'line')
    """
    corpus = read_corpus(folder)
    if corpus.decisions is None:
        raise input_error(
            corpus.path / DECISIONS, "", "is not there", "Decide first: resanalysis review"
        )
    text = read_source(other).text
    try:
        measures = measure_agreement(corpus.decisions, text)
        differences = list_differences(corpus.decisions, text)
    except InputError as error:
        files = {"first reading": str(corpus.path / DECISIONS), "second reading": str(other)}
        raise InputError(
            replace(problem, file=files.get(problem.file, problem.file))
            for problem in error.problems
        ) from error
    return pd.DataFrame(measures.items(), columns=["measure", "value"]), differences


class _Dialogue:
    """Questions and answers over two streams."""

    def __init__(self, ask: TextIO, tell: TextIO) -> None:
        self._ask, self._tell = ask, tell

    def say(self, text: str) -> None:
        self._tell.write(f"{text}\n")
        self._tell.flush()

    def ask(self, question: str) -> str:
        """Return the answer, stripped; the end of the input ends the review."""
        self._tell.write(question)
        self._tell.flush()
        line = self._ask.readline()
        if not line:
            raise _Stop
        return line.strip()

    def ask_lines(self, question: str, count: int) -> str:
        """Return an answer of several lines as they were typed."""
        self.say(question)
        lines = []
        for _ in range(count):
            line = self._ask.readline()
            if not line:
                raise _Stop
            lines.append(line.rstrip("\r\n"))
        return "\n".join(lines)


class _Walk:
    """The way through the places: where we stand, and how sure the next choice is."""

    def __init__(self, session: ReviewSession, dialogue: _Dialogue) -> None:
        self.session, self.dialogue = session, dialogue
        self.groups = list(session.places)
        self.at = 0
        self.sure: Sure = "certain"

    def go(self) -> None:
        """Show place after place until the last one."""
        if not self.groups:
            self.dialogue.say("Nothing is uncertain here.")
        while self.at < len(self.groups):
            self._show()
            at = self.at
            while self.at == at and not self._answer():
                pass

    def _show(self) -> None:
        place = self.session.places[self.groups[self.at]]
        rank = self.session.ranks.loc[self.at]
        done = ", decided" if place.group in self.session.decided else ""
        topics = f" ({rank['topics'].replace('+', ', ')})" if rank["topics"] else ""
        turns = f"; may turn {rank['turns'].replace('+', ', ')}" if rank["turns"] else ""
        self.dialogue.say(
            f"\n[{self.at + 1}/{len(self.groups)}] {place.group}, line {place.line},"
            f" {place.certainty}{done}; effect on topics {rank['effect']:.2f}{topics}{turns}\n"
        )
        self.dialogue.say(_indent(place.marked_excerpt, "  "))
        for choice in place.choices:
            force = ", in force" if choice.reading == 1 else ""
            self.dialogue.say(f"\n  {choice.reading}  (weight {choice.weight:.2f}{force})")
            self.dialogue.say(_indent(choice.text("old") or "(nothing)", "     old: "))
            self.dialogue.say(_indent(choice.text("new") or "(nothing)", "     new: "))

    def _answer(self) -> bool:
        """Take one answer; return whether the place must be shown again."""
        answer = self.dialogue.ask(f"[{_KEYS}] ").lower()
        group = self.groups[self.at]
        if answer == "q":
            raise _Stop
        if answer == "s":
            self._move(1)
        elif answer == "b":
            if self.at == 0:
                self.dialogue.say("This is the first place.")
            self._move(-1)
        elif answer == "z":
            return self._undo()
        elif answer == "u":
            self.sure = "uncertain" if self.sure == "certain" else "certain"
            self.dialogue.say(f"Your next choice is {self.sure}.")
        elif answer == "c":
            self._take_markup(self.session.places[group])
        elif answer in {str(c.reading) for c in self.session.places[group].choices}:
            self._decide(group, reading=int(answer))
        else:
            self.dialogue.say(f"Not understood: {answer!r}.")
        return False

    def _move(self, step: int) -> None:
        self.at = max(self.at + step, 0)
        self.sure = "certain"

    def _undo(self) -> bool:
        try:
            group = self.session.undo()
        except InputError as error:
            self.dialogue.say(str(error))
            return False
        self.dialogue.say(f"Taken back: {group}." if group else "Nothing to take back.")
        if group in self.groups:
            self.at = self.groups.index(group)
            self.sure = "certain"
        return group is not None

    def _take_markup(self, place: UncertainPlace) -> None:
        count = place.context.count("\n") + 1
        self.dialogue.say(_indent(place.context, "  "))
        markup = self.dialogue.ask_lines(
            "Type this text, or the part of it around the place, with {--only old--} and"
            f" {{++only new++}} ({count} {'line' if count == 1 else 'lines'}):",
            count,
        )
        if markup.strip():
            self._decide(place.group, markup=markup)

    def _decide(self, group: str, *, reading: int | None = None, markup: str | None = None) -> None:
        """Ask for the reason and decide; an empty reason leads back to the choice."""
        reason = self.dialogue.ask(f"Reason ({self.sure}): ")
        if not reason:
            self.dialogue.say("A decision needs a reason; nothing was decided.")
            return
        try:
            self.session.decide(
                group, reading=reading, markup=markup, sure=self.sure, reason=reason
            )
        except InputError as error:
            self.dialogue.say(str(error))
            return
        self.dialogue.say("Saved.")
        self._move(1)


def _indent(text: str, margin: str) -> str:
    """Return the text with a margin before its first line, and as much space before the others."""
    lines = text.replace("\t", " ").split("\n")
    return margin + f"\n{' ' * len(margin)}".join(lines)
