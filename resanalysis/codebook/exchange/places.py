"""Where the parts of a codebook stand in a file that is not TOML."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from resanalysis.folding import fold
from resanalysis.model import Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from resanalysis.codebook.shape import Finding


class Places:
    """Places of a codebook's parts, found by the names that the checks give them.

    Checks name a place as in `topic water, core`, and a term or word first in what they say of it.
    """

    def __init__(self) -> None:
        self._entries: dict[str, list[tuple[str, str]]] = {}

    def add(self, part: str, where: str, entry: str = "") -> None:
        """Note where a part stands, or one entry (a term, a word) of a part."""
        self._entries.setdefault(part, []).append((entry, where))

    def find(self, part: str, what: str) -> str:
        """Return where that stands of which a check says `what`, and the check's own name for it.

        The nearest part around it is named where the part itself was not noted.

        Examples
        --------
        >>> places = Places()
        >>> places.add("topic water", "row 2")
        >>> places.add("topic water, core", "row 5", "用水")
        >>> places.find("topic water, core", "用水 is listed 2 times")
        'row 5 (topic water, core)'
        >>> places.find("topic water, near", "is empty")
        'row 2 (topic water, near)'
        """
        names = part.split(", ")
        for length in range(len(names), 0, -1):
            if entries := self._entries.get(", ".join(names[:length])):
                found = _matching(entries, what)
                return f"{' and '.join(dict.fromkeys(found))} ({part})"
        return part


def _matching(entries: Sequence[tuple[str, str]], what: str) -> list[str]:
    named = [where for entry, where in entries if entry and _names(what, fold(entry).text)]
    whole = [where for entry, where in entries if not entry]
    return named or whole or [entries[0][1]]


def _names(what: str, entry: str) -> bool:
    return what.startswith((f"{entry} ", f"{entry!r} "))


@dataclass(frozen=True)
class Parsed:
    """A codebook's file as parsed.

    Attributes
    ----------
    name : str
        The file, for messages.
    data : dict
        Its content as TOML would give it.
    problems : tuple of Problem
        What was wrong with the file itself, or changed on reading it.
    places : Places or None
        Where its parts stand; None where the names that checks use are those of the file (TOML).
    remedies : tuple of pairs of str
        What remedies say in the words of TOML, as regular expressions, and what they are to say.
    """

    name: str
    data: dict[str, Any]
    problems: tuple[Problem, ...] = ()
    places: Places | None = field(default=None, repr=False)
    remedies: tuple[tuple[str, str], ...] = ()

    def problem(self, finding: Finding) -> Problem:
        """Return what a check found, with its place in the file."""
        severity, place, what, remedy = finding
        if self.places is None:
            return Problem(severity, self.name, place, what, remedy)
        for pattern, words in self.remedies:
            remedy = re.sub(pattern, words, remedy)
        return Problem(severity, self.name, self.places.find(place, what), what, remedy)
