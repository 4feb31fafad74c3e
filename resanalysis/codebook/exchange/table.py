"""Codebooks as a long table in CSV, one row per entry, to be edited in a spreadsheet."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from resanalysis.codebook.exchange.cells import guard
from resanalysis.codebook.shape import TIERS
from resanalysis.model import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from resanalysis.model import Codebook, Language, Rule, Topic

COLUMNS = ("kind", "topic", "id", "theme", "tier", "group", "near", "text", "zh", "en")
"""Columns of the table, in order."""

NUMBERS = ("group", "near")
"""Columns that may hold numbers, which nothing protects in a spreadsheet."""

WITHOUT = "without"
"""What the column `group` says of a word that keeps a rule from holding."""

_MOST = 32_767  # characters that a cell of Excel holds


@dataclass(frozen=True)
class Kind:
    """A kind of row: the columns that it must fill, and those that it may."""

    needs: tuple[str, ...] = ()
    may: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns that a row of this kind uses."""
        return (*self.needs, *self.may)


_TEXTS = Kind(("topic",), LANGUAGES)
_ENTRY = Kind(("topic", "text"))
KINDS: dict[str, Kind] = {
    "codebook": Kind(("id",), LANGUAGES),
    "version": Kind(("text",)),
    "instructions": Kind((), LANGUAGES),
    "theme": Kind(("id",), LANGUAGES),
    "topic": Kind(("topic", "theme"), LANGUAGES),
    "definition": _TEXTS,
    "include": _TEXTS,
    "exclude": _TEXTS,
    "term": Kind(("topic", "tier", "text")),
    "exclusion": _ENTRY,
    "rule": Kind(("topic", "id", "group", "text"), ("tier", "near")),
    "example": _ENTRY,
    "counterexample": _ENTRY,
    "concept": Kind(("topic", "id", "text")),
    "source": _ENTRY,
}
"""Kinds of rows, as the column `kind` names them, in the order they are written."""

_Row = dict[str, str]


def write_table(codebook: Codebook) -> tuple[str, list[str]]:
    """Return a codebook as CSV (without the byte order mark), and what that cannot carry.

    Nothing is left out; texts longer than a cell of Excel holds are named, since Excel cuts them.
    """
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, COLUMNS, restval="", lineterminator="\r\n")
    writer.writeheader()
    lost = []
    for number, row in enumerate(_rows(codebook), start=2):
        needed = KINDS[row["kind"]].needs
        # A lone apostrophe is an empty text where an empty cell would be a missing one.
        cells = {
            key: text if key in NUMBERS else guard(text) or ("'" if key in needed else "")
            for key, text in row.items()
        }
        writer.writerow(cells)
        lost += [
            f"{row['topic'] or 'codebook'}, {row['kind']} (row {number}, column {column}): is"
            f" longer than {_MOST:,} characters, where Excel cuts a cell"
            for column, cell in cells.items()
            if len(cell) > _MOST
        ]
    return out.getvalue(), lost


def _rows(codebook: Codebook) -> Iterator[_Row]:
    yield _row("codebook", id=codebook.id, texts=codebook.title)
    yield _row("version", text=codebook.version)
    if any(codebook.instructions.values()):
        yield _row("instructions", texts=codebook.instructions)
    for theme, label in codebook.themes.items():
        yield _row("theme", id=theme, texts=label)
    for topic in codebook.topics:
        yield from _topic_rows(topic)


def _topic_rows(topic: Topic) -> Iterator[_Row]:
    yield _row("topic", topic.id, theme=topic.theme, texts=topic.label)
    for kind in ("definition", "include", "exclude"):
        if any(getattr(topic, kind).values()):
            yield _row(kind, topic.id, texts=getattr(topic, kind))
    for tier in TIERS:
        yield from (_row("term", topic.id, tier=tier, text=text) for text in getattr(topic, tier))
    for kind in ("exclusion", "example", "counterexample"):
        yield from (_row(kind, topic.id, text=text) for text in getattr(topic, f"{kind}s"))
    for rule in topic.rules:
        yield from _rule_rows(topic.id, rule)
    for vocabulary, ids in topic.concepts.items():
        yield from (_row("concept", topic.id, id=vocabulary, text=text) for text in ids)
    if topic.source:
        yield _row("source", topic.id, text=topic.source)


def _rule_rows(topic: str, rule: Rule) -> Iterator[_Row]:
    near = "" if rule.near is None else str(rule.near)
    groups = [(str(number), words) for number, words in enumerate(rule.groups, start=1)]
    for group, words in [*groups, (WITHOUT, rule.without)]:
        for word in words:
            row = _row("rule", topic, id=rule.id, tier=rule.tier, group=group, text=word)
            yield row | {"near": near}


def _row(
    kind: str, topic: str = "", *, texts: Mapping[Language, str] | None = None, **cells: str
) -> _Row:
    by_language = {str(language): text for language, text in (texts or {}).items()}
    return {"kind": kind, "topic": topic, **cells, **by_language}
