"""What the linter notes: one thing in one place, or one kind of thing in many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_SHOWN = 5


@dataclass(frozen=True)
class Note:
    """One finding.

    Attributes
    ----------
    topics : tuple of str
        Topics that it is about.
    place, what, remedy : str
        As in `Problem`.
    """

    topics: tuple[str, ...]
    place: str
    what: str
    remedy: str


@dataclass(frozen=True)
class Tally:
    """Findings of a kind that is usual and that one reads in full only when working on it.

    Attributes
    ----------
    entries : mapping of str to sequence of str
        By topic what was found there.
    what : str
        What holds for each of them, in the plural, to stand behind their number.
    remedy : str
        As in `Problem`.
    """

    entries: Mapping[str, Sequence[str]]
    what: str
    remedy: str

    def notes(self, topics: Sequence[str], *, full: bool) -> list[Note]:
        """Return one note with the number in each topic, or in full a note per topic."""
        found = {topic: self.entries[topic] for topic in topics if self.entries.get(topic)}
        if not found:
            return []
        if full:
            return [
                Note(
                    (topic,),
                    f"topic {topic}",
                    f"{len(words)} {self.what}: {'、'.join(words)}",
                    self.remedy,
                )
                for topic, words in found.items()
            ]
        total = sum(map(len, found.values()))
        numbers = ", ".join(f"{topic} {len(words)}" for topic, words in found.items())
        what = f"{total} {self.what}, by topic: {numbers}"
        return [Note(tuple(found), "", what, self.remedy)]


def join_words(words: Sequence[str], *, full: bool) -> str:
    """Return words in one string; of many the first few and the number of the rest."""
    shown = words if full or len(words) <= _SHOWN else words[: _SHOWN - 1]
    rest = len(words) - len(shown)
    return "、".join(shown) + (f" and {rest} more" if rest else "")
