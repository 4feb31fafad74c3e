"""Lines of a version and the rows of the table of clauses made from them."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from resanalysis.labels import Label, choose_label, read_labels
from resanalysis.structure.footnotes import find_artefacts
from resanalysis.structure.performatives import NO_PERFORMATIVE, Performative

_ID_FORM = {"article": "art-{}", "chapter": "chp-{}", "section": "sec-{}", "bullet": "bullet"}


@dataclass(frozen=True)
class Line:
    """One line that is not blank.

    Attributes
    ----------
    start, end : int
        Range of the version's text without the marker and the white space around it.
    text : str
        The characters in that range.
    label : Label or None
        The label the line begins with.
    marker : str
        The label as printed; empty if none.
    """

    start: int
    end: int
    text: str
    label: Label | None
    marker: str

    @property
    def slug(self) -> str:
        """What the line adds to an id."""
        if self.label is None:
            return "p1"
        if self.label.family in ("latin", "roman"):
            return re.sub(r"[^a-z]", "", self.marker)
        return _ID_FORM.get(self.label.family, "{}").format(self.label.numbers[0])


def read_lines(text: str) -> list[Line]:
    """Return the lines of a version that are not blank, each with its label."""
    lines: list[Line] = []
    offset = letter = numeral = 0
    for raw in text.split("\n"):
        labels = read_labels(raw)
        label = None
        if labels:
            opens_list = bool(lines) and lines[-1].text.endswith("：")
            label = choose_label(labels, letter=0 if opens_list else letter, numeral=numeral)
        if label is None:
            letter = numeral = 0
        elif label.family == "latin":
            letter, numeral = label.numbers[0], 0
        elif label.family == "roman":
            numeral = label.numbers[0]
        marker = raw[: label.end] if label else ""
        body = raw[len(marker) :]
        start = offset + len(marker) + len(body) - len(body.lstrip())
        end = max(start, offset + len(raw.rstrip()))
        if raw.strip():
            lines.append(Line(start, end, text[start:end], label, marker.strip()))
        offset += len(raw) + 1
    return lines


class Rows:
    """Collects the rows of one version; ids stay unique, footnotes follow their clause.

    Parameters
    ----------
    text : str
        The version's text.
    key : dict of str
        The key columns that every row begins with.
    """

    def __init__(self, text: str, key: Mapping[str, str]) -> None:
        self.rows: list[dict[str, Any]] = []
        self._text = text
        self._key = key
        self._artefacts = find_artefacts(text)
        self._used: set[str] = set()
        self._counts: Counter[str] = Counter()  # how often each id was wanted
        self._by_id: dict[str, dict[str, Any]] = {}
        self._referring: dict[str, str] = {}  # clause by number of the footnote it refers to
        self._last = ""

    def is_footnote(self, line: Line) -> bool:
        """Whether nothing of the line is left to read once its footnotes are masked."""
        masked = self._artefacts.find_masked(line.start, line.end)
        return bool(masked) and not _without(self._text, line, masked).strip()

    def add_footnotes(self, line: Line) -> None:
        """Add a line of footnotes; each belongs to the clause that refers to it."""
        other = self._add_row(line, "other", "other", self._last, NO_PERFORMATIVE, 0)
        self._last = self._last or other
        self._add_notes_of(line)

    def add(
        self, line: Line, kind: str, name: str, parent: str, said: Performative, depth: int
    ) -> str:
        """Add the row of a line and those of its footnotes; return the row's id."""
        clause_id = self._last = self._add_row(line, kind, name, parent, said, depth)
        for number in self._artefacts.find_references(line.start, line.end):
            self._referring[number] = clause_id
        self._add_notes_of(line)
        return clause_id

    def _add_notes_of(self, line: Line) -> None:
        for note in self._artefacts.find_footnotes(line.start, line.end):
            parent = self._referring.get(note.number, self._last)
            row = {
                **self._by_id[parent],
                "clause_id": self._unique(f"{parent}__fn-{note.marker}"),
                "kind": "footnote",
                "marker": note.marker,
                "parent_id": parent,
                "text": self._text[note.start : note.end],
                "start": note.start,
                "end": note.end,
                "masked": "[]",
            }
            self.rows.append(row)

    def _add_row(
        self, line: Line, kind: str, name: str, parent: str, said: Performative, depth: int
    ) -> str:
        masked = self._artefacts.find_masked(line.start, line.end)
        clause_id = self._unique(name)
        row = {
            **self._key,
            "clause_id": clause_id,
            "kind": kind,
            "part": said.part,
            "heading": said.text,
            "addressee": said.addressee,
            "strength": said.strength,
            "marker": line.marker,
            "depth": depth,
            "parent_id": parent,
            "text": _without(self._text, line, masked),
            "start": line.start,
            "end": line.end,
            "masked": json.dumps(masked) if masked else "[]",
        }
        self.rows.append(row)
        self._by_id[clause_id] = row
        return clause_id

    def _unique(self, wanted: str) -> str:
        name, count = wanted, self._counts[wanted]
        while name in self._used:
            count += 1
            name = f"{wanted}_{count}"
        self._used.add(name)
        self._counts[wanted] = max(count, 1)
        return name


def _without(text: str, line: Line, spans: Sequence[tuple[int, int]]) -> str:
    """Return the line's own text less the masked spans."""
    parts, position = [], line.start
    for a, b in spans:
        parts.append(text[position:a])
        position = b
    return "".join([*parts, text[position : line.end]])
