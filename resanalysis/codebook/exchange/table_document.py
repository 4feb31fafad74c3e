"""The rows of a codebook's table put together to what TOML would give."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from resanalysis.codebook.exchange.places import Parsed, Places
from resanalysis.codebook.exchange.table import WITHOUT
from resanalysis.codebook.exchange.table_reader import is_whole, read_rows
from resanalysis.codebook.shape import TIERS
from resanalysis.model import LANGUAGES, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from resanalysis.codebook.exchange.table_reader import Row

_ONCE = {  # kinds that stand once, and what of
    "codebook": (),
    "version": (),
    "instructions": (),
    "theme": ("id",),
    **dict.fromkeys(("topic", "definition", "include", "exclude", "source"), ("topic",)),
}
_BILINGUAL = "columns zh and en"
_REMEDIES = (
    (r"\[\[?(\w+)\]\]?", r"row of kind \1"),
    (r"(\w+) = \{ zh, en \}", r"a row of kind \1 with zh and en"),
    (r"(zh|en) = \"…\"", r"it in the column \1"),
)


def read_table(text: str, name: str) -> Parsed:
    """Return the codebook of a table in CSV as TOML would give it.

    The rows may stand in any order; topics, themes and terms keep the order they have among
    themselves.

    Raises
    ------
    InputError
        When the text is no CSV, or its first row lacks columns.
    """
    rows, problems = read_rows(text, name)
    rows = _first_ones(rows, name, problems)
    _refuse_unknown_topics(rows, name, problems)
    builder = _Builder()
    for kind in ("codebook", "version", "instructions", "theme", "topic"):  # topics before terms
        for row in (row for row in rows if row.kind == kind):
            builder.add_head(row)
    for row in rows:
        if row.cells.get("topic") in builder.topics and row.kind != "topic":
            builder.add_entry(row)
    for rule in builder.rules.values():
        problems += rule.finish(name)
    return Parsed(name, builder.data, tuple(problems), builder.places, _REMEDIES)


def _first_ones(rows: Iterable[Row], name: str, problems: list[Problem]) -> list[Row]:
    """Return the rows without those that say again what is said once."""
    first: dict[tuple[str, ...], Row] = {}
    kept = []
    for row in rows:
        if row.kind in _ONCE:
            key = (row.kind, *(row.cells[column] for column in _ONCE[row.kind]))
            if (earlier := first.setdefault(key, row)) is not row:
                what = f"{' '.join(key)} is there again, after row {earlier.number}"
                problems.append(Problem("error", name, row.at("kind"), what, "Keep one."))
                continue
        kept.append(row)
    return kept


def _refuse_unknown_topics(rows: Iterable[Row], name: str, problems: list[Problem]) -> None:
    known = {row.cells["topic"] for row in rows if row.kind == "topic"}
    unknown: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if "topic" in row.cells and row.cells["topic"] not in known:
            unknown[row.cells["topic"]].append(row)
    for topic, found in unknown.items():
        others = ", ".join(str(row.number) for row in found[1:])
        what = f"the topic {topic} is not defined{f' (nor for rows {others})' if others else ''}"
        remedy = "Mend the id, or add a row of kind topic."
        problems.append(Problem("error", name, found[0].at("topic"), what, remedy))


class _Builder:
    """The codebook that grows row by row."""

    def __init__(self) -> None:
        self.data: dict[str, Any] = {}
        self.topics: dict[str, dict[str, Any]] = {}
        self.rules: dict[tuple[str, str], _Rule] = {}
        self.places = Places()
        self.places.add("file", "the table")
        self.places.add("[codebook]", "the table")

    def add_head(self, row: Row) -> None:
        """Add what the codebook is, a theme or a topic."""
        texts = _texts(row)
        codebook = self.data.setdefault("codebook", {})
        if row.kind == "codebook":
            codebook |= {"id": row.cells["id"], "title": texts}
            self._place("[codebook], title", row, _BILINGUAL)
        elif row.kind == "version":
            codebook["version"] = row.cells["text"]
        elif row.kind == "instructions":
            codebook["instructions"] = texts
            self._place("[codebook], instructions", row, _BILINGUAL)
        elif row.kind == "theme":
            self.data.setdefault("theme", []).append({"id": row.cells["id"], "label": texts})
            self._place(f"theme {row.cells['id']}", row, _BILINGUAL)
        else:
            topic_id = row.cells["topic"]
            self.topics[topic_id] = {"id": topic_id, "theme": row.cells["theme"], "label": texts}
            self.data.setdefault("topic", []).append(self.topics[topic_id])
            self._place(f"topic {topic_id}", row, "column topic")
            self._place(f"topic {topic_id}, label", row, _BILINGUAL)
            self._place(f"topic {topic_id}, theme", row, "column theme")

    def add_entry(self, row: Row) -> None:
        """Add what belongs to a topic."""
        place = f"topic {row.cells['topic']}"
        topic = self.topics[row.cells["topic"]]
        text = row.cells.get("text", "")
        if row.kind in ("definition", "include", "exclude"):
            topic[row.kind] = _texts(row)
            self._place(f"{place}, {row.kind}", row, _BILINGUAL)
        elif row.kind == "source":
            topic["source"] = text
            self._place(f"{place}, source", row, "column text")
        elif row.kind == "rule":
            self._add_rule_word(topic, row)
        elif row.kind == "concept":
            topic.setdefault("concepts", {}).setdefault(row.cells["id"], []).append(text)
            self._place(f"{place}, concepts", row, "column text")
        else:
            key = _tier(row) if row.kind == "term" else f"{row.kind}s"
            topic.setdefault(key, []).append(text)
            for part in (place, f"{place}, {key}"):
                self._place(part, row, "column text", text)

    def _add_rule_word(self, topic: dict[str, Any], row: Row) -> None:
        place = f"topic {topic['id']}, rule {row.cells['id']}"
        key = (topic["id"], row.cells["id"])
        if key not in self.rules:
            self.rules[key] = _Rule(row.cells["id"])
            topic.setdefault("rule", []).append(self.rules[key].entry)
            self._place(place, row, "columns group and text")
        self.rules[key].add(row)
        group = "without" if row.cells["group"] == WITHOUT else "all"
        self._place(f"{place}, {group}", row, "column text", row.cells["text"])

    def _place(self, part: str, row: Row, columns: str, entry: str = "") -> None:
        self.places.add(part, f"row {row.number}, {columns}", entry)


class _Rule:
    """A rule that grows word by word; its tier and distance may stand in any of its rows."""

    def __init__(self, rule_id: str) -> None:
        self.entry: dict[str, Any] = {"id": rule_id}
        self._groups: dict[str, list[str]] = {}
        self._rows: list[Row] = []

    def add(self, row: Row) -> None:
        """Add a word."""
        self._groups.setdefault(row.cells["group"], []).append(row.cells["text"])
        self._rows.append(row)

    def finish(self, name: str) -> list[Problem]:
        """Put the words into their groups; return the contradictions between the rows."""
        without = self._groups.pop(WITHOUT, [])
        numbers = sorted(self._groups, key=lambda group: (len(group), group))
        self.entry["all"] = [self._groups[number] for number in numbers]
        if without:
            self.entry["without"] = without
        problems: list[Problem] = []
        for column, is_value in (("tier", TIERS.__contains__), ("near", is_whole)):
            given = [row for row in self._rows if is_value(row.cells.get(column, ""))]
            if given:
                first = given[0].cells[column]
                self.entry[column] = first if column == "tier" else int(first)
                problems += self._contradictions(column, given, name)
        return problems

    def _contradictions(self, column: str, rows: list[Row], name: str) -> Iterator[Problem]:
        first = rows[0]
        for row in rows:
            if row.cells[column] != first.cells[column]:
                what = f"is {row.cells[column]}, but {first.cells[column]} in row {first.number}"
                remedy = "Write one of them in all rows of the rule."
                yield Problem("error", name, row.at(column), what, remedy)


def _texts(row: Row) -> dict[str, str]:
    return {language: row.cells[language] for language in LANGUAGES if language in row.cells}


def _tier(row: Row) -> str:
    """Return a term's tier; an unknown one, which is reported, stands for core."""
    tier = row.cells["tier"]
    return tier if tier in TIERS else TIERS[0]
