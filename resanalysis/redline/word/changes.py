"""What tracked changes around a piece of text say of it: in which versions it lives."""

from __future__ import annotations

from dataclasses import dataclass, replace
from xml.etree.ElementTree import Element

from resanalysis.model import Op, Version

INSERTIONS = frozenset({"ins", "moveTo", "cellIns"})
DELETIONS = frozenset({"del", "moveFrom", "cellDel"})


@dataclass(frozen=True)
class Change:
    """Who made a tracked change, and when (ISO 8601), as the file records it."""

    by: str = ""
    at: str = ""


def read_change(element: Element) -> Change:
    """Return author and time of the element of a tracked change."""
    return Change(element.get("author", ""), element.get("date", ""))


@dataclass(frozen=True)
class Fate:
    """The changes that a piece of a document has undergone.

    Attributes
    ----------
    inserted, deleted : Change or None
        The change, None where there is none. What one author inserted and another deleted has
        both, and is in neither version.

    Examples
    --------
    >>> Fate(inserted=Change("Ann")).op, Fate(Change("Ann"), Change("Bob")).op
    ('insert', None)
    """

    inserted: Change | None = None
    deleted: Change | None = None

    def lives_in(self, version: Version) -> bool:
        """Return whether the piece is in the version."""
        return self.inserted is None if version == "old" else self.deleted is None

    @property
    def op(self) -> Op | None:
        """The operation; None for what is in neither version."""
        if self.inserted and self.deleted:
            return None
        return "insert" if self.inserted else "delete" if self.deleted else "equal"

    def under(self, element: Element | None) -> Fate:
        """Return the fate of what stands inside, or is marked by, an element."""
        if element is None:
            return self
        if element.tag in INSERTIONS:
            return replace(self, inserted=read_change(element))
        if element.tag in DELETIONS:
            return replace(self, deleted=read_change(element))
        return self

    def marked_by(self, properties: Element | None) -> Fate:
        """Return the fate of what has these properties (of a mark, a row or a cell)."""
        fate = self
        for child in properties if properties is not None else ():
            fate = fate.under(child)
        return fate


UNCHANGED = Fate()
