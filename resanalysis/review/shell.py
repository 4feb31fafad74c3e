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
from resanalysis.review.dialogue import HELP, KNOWN, WELCOME, Dialogue, Stop, indent
from resanalysis.review.places import UncertainPlace
from resanalysis.review.session import ReviewSession, Sure


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
    dialogue = Dialogue(ask, tell)
    try:
        coder = coder or dialogue.ask("Your name, as it will stand in the decisions: ")
    except (Stop, KeyboardInterrupt):
        return []
    session = ReviewSession(folder, coder=coder, codebook_path=codebook_path, progress=progress)
    walk = _Walk(session, dialogue)
    try:
        walk.go()
    except (Stop, KeyboardInterrupt):
        dialogue.say("")
    done, places = len(session.decided), len(session.places)
    saved = f"; saved in {session.path}" if done else ""
    dialogue.say(f"{done} of {places} places decided{saved}")
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


class _Walk:
    """The way through the places: where we stand, and how sure the next choice is."""

    def __init__(self, session: ReviewSession, dialogue: Dialogue) -> None:
        self.session, self.dialogue = session, dialogue
        self.groups = list(session.places)
        self.at = 0
        self.sure: Sure = "certain"

    def go(self) -> None:
        """Show place after place until the last one."""
        if not self.groups:
            self.dialogue.say("Nothing is uncertain here.")
            return
        self.dialogue.say("\n" + WELCOME.format(count=len(self.groups)))
        while self.at < len(self.groups):
            self._show()
            at = self.at
            while self.at == at and not self._answer():
                pass

    def _show(self) -> None:
        place = self.session.places[self.groups[self.at]]
        done = " You decided it." if place.group in self.session.decided else ""
        self.dialogue.say(
            f"\n[{self.at + 1}/{len(self.groups)}] line {place.line}, {place.group}:"
            f" {KNOWN[place.certainty]}.{done}"
        )
        self.dialogue.say(f"{self._describe_effect()}\n")
        self.dialogue.say(indent(place.marked_excerpt, "  "))
        for choice in place.choices:
            holds = ", holds now" if choice.reading == 1 else ""
            self.dialogue.say(f"\n  {choice.reading}  ({choice.weight:.0%}{holds})")
            old, new = (choice.text(version) or "(nothing)" for version in ("old", "new"))
            if old == new:
                self.dialogue.say(indent(old, "     both: "))
                continue
            self.dialogue.say(indent(old, "     old: "))
            self.dialogue.say(indent(new, "     new: "))

    def _describe_effect(self) -> str:
        """Return what hangs on the place in view, in words."""
        rank = self.session.ranks.loc[self.at]
        names = {topic.id: topic.label for topic in self.session.study.codebook.topics}
        topics, turns = (
            "; ".join(names[topic]["en"] for topic in rank[column].split("+") if topic)
            for column in ("topics", "turns")
        )
        if not topics:
            return "No topic count depends on it."
        text = f"Topics that depend on it: {topics}."
        return f"{text} May change whether these grow or fall: {turns}." if turns else text

    def _answer(self) -> bool:
        """Take one answer; return whether the place must be shown again."""
        group = self.groups[self.at]
        numbers = [str(choice.reading) for choice in self.session.places[group].choices]
        guess = " as a guess" if self.sure == "uncertain" else ""
        answer = self.dialogue.ask(
            f"\n[{'/'.join(numbers)} choose{guess}, u guess, c own marks, s skip, b back, z undo,"
            " q quit, h help] "
        ).lower()
        if answer == "q":
            raise Stop
        if answer in ("h", "?"):
            self.dialogue.say(HELP)
        elif answer == "s":
            self._move(1)
        elif answer == "b":
            if self.at == 0:
                self.dialogue.say("This is the first place.")
            self._move(-1)
        elif answer == "z":
            return self._undo()
        elif answer == "u":
            self.sure = "uncertain" if self.sure == "certain" else "certain"
            guess = "a guess" if self.sure == "uncertain" else "no guess"
            self.dialogue.say(f"Your next choice is {guess}.")
        elif answer == "c":
            self._take_markup(self.session.places[group])
        elif answer in numbers:
            self._decide(group, reading=int(answer))
        else:
            self.dialogue.say(f"Not understood: {answer!r}. h explains the keys.")
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
        self.dialogue.say(indent(place.context, "  "))
        markup = self.dialogue.ask_lines(
            "Type or paste this text, or the part of it around the place, with {--only old--} and"
            f" {{++only new++}} ({count} {'line' if count == 1 else 'lines'}); an empty"
            " line leads back:",
            count,
        )
        if markup.strip():
            self._decide(place.group, markup=markup)

    def _decide(self, group: str, *, reading: int | None = None, markup: str | None = None) -> None:
        """Ask for the reason and decide; an empty reason leads back to the choice."""
        reason = self.dialogue.ask(f"Why? (decided as {self.sure}; nothing: not decided) ")
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
        except OSError as error:  # a full disk, say: the person may make room and go on
            self.dialogue.say(
                f"Not saved ({error.strerror}); nothing was decided. Mend that, and decide again."
            )
            return
        self.dialogue.say("Saved.")
        self._move(1)
