"""Small resolutions in two editions, invented or drawn at random, with all tables of a study."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd
from hypothesis import strategies as st

from resanalysis.alignment import align_clauses
from resanalysis.shift import topic_shift
from resanalysis.tables import make_table

if TYPE_CHECKING:
    from collections.abc import Sequence

TERMS = {"water": ("水", "供水"), "carbon": ("碳",), "disaster": ("灾",)}

Section = tuple[str, ...]
"""Part, addressee and, where it is not 0, strength of the verb."""

Clause = tuple[Section, str]

PREAMBLE: Section = ("preambular", "")
SG: Section = ("operative", "SG", "4")
SG_ASKED: Section = ("operative", "SG", "2")
STATES: Section = ("operative", "MS", "2")


@dataclass
class Resolution:
    """Two editions, each a sequence of clauses; tagged by substring, one token a character."""

    old: Sequence[Clause]
    new: Sequence[Clause]
    terms: dict[str, tuple[str, ...]] = field(default_factory=lambda: dict(TERMS))

    def __post_init__(self) -> None:
        rows: dict[str, list[dict[str, Any]]] = {"clauses": [], "tokens": [], "tags": []}
        for version, edition in (("old", self.old), ("new", self.new)):
            start = 0
            for k, (section, text) in enumerate(edition):
                key = {"corpus": "small", "edition": version, "version": version}
                key["clause_id"] = f"c{k}"
                rows["clauses"].append(key | _clause(section, text, start))
                rows["tokens"] += [key | _token(i, mark) for i, mark in enumerate(text)]
                rows["tags"] += [
                    key | _tag(topic, term, at)
                    for topic, terms in self.terms.items()
                    for term in terms
                    for at in range(len(text))
                    if text.startswith(term, at)
                ]
                start += len(text) + 1
        self.clauses, self.tokens, self.tags = (make_table(n, rows[n]) for n in rows)
        sizes = [sum(len(text) + 1 for _, text in e) for e in (self.old, self.new)]
        self.segments = pd.DataFrame(
            {"start": [0, sizes[0]], "end": [sizes[0], sum(sizes)], "op": ["delete", "insert"]}
        )

    def pairs(self) -> pd.DataFrame:
        return align_clauses(self.clauses, self.segments)

    def shift(self, pairs: pd.DataFrame | None = None, **options: Any) -> pd.DataFrame:
        pairs = self.pairs() if pairs is None else pairs
        options = {"draws": 20} | options
        return topic_shift(self.clauses, self.tokens, self.tags, pairs, list(self.terms), **options)


def _clause(section: Section, text: str, start: int) -> dict[str, Any]:
    return {
        "kind": "clause",
        "part": section[0],
        "heading": "-".join(section),
        "addressee": section[1],
        "strength": int(section[2]) if len(section) > 2 else 0,
        "marker": "",
        "depth": 1,
        "parent_id": "",
        "text": text,
        "start": start,
        "end": start + len(text),
        "masked": "[]",
    }


def _token(i: int, mark: str) -> dict[str, Any]:
    return {
        "i": i,
        "text": mark,
        "start": i,
        "end": i + 1,
        "is_punct": mark in "，；。",
        "is_stop": False,
    }


def _tag(topic: str, term: str, start: int) -> dict[str, Any]:
    return {
        "topic": topic,
        "term": term,
        "rule": "term",
        "tier": "core",
        "start": start,
        "end": start + len(term),
        "on_boundary": True,
        "in_citation": False,
    }


def link(*rows: tuple[str, str]) -> pd.DataFrame:
    """Return `pairs` from (old_id, new_id)."""
    return make_table(
        "pairs",
        [
            {
                "corpus": "small",
                "old_id": old,
                "new_id": new,
                "change": "MOD" if old and new else "SUP" if old else "ADD",
                "editorial": False,
                "renumbered": False,
                "moved": False,
                "relation": "1:1",
                "similarity": 0.0,
            }
            for old, new in rows
        ],
    )


def swap(shift_of: Resolution, pairs: pd.DataFrame) -> tuple[Resolution, pd.DataFrame]:
    turned = pairs.rename(columns={"old_id": "new_id", "new_id": "old_id"})
    return Resolution(shift_of.new, shift_of.old, shift_of.terms), turned[list(pairs)]


sections = st.sampled_from([PREAMBLE, ("", ""), SG, SG_ASKED, STATES, ("operative", "BDT+TSB")])
texts = st.text(alphabet="水供碳灾环境，；", min_size=1, max_size=12)
editions = st.lists(st.tuples(sections, texts), min_size=1, max_size=8)


@st.composite
def resolutions(draw: st.DrawFn) -> Resolution:
    """Draw an old edition and edit its clauses: keep, drop, reword, move, add."""
    old = draw(editions)
    new: list[Clause] = []
    for section, text in old:
        edit = draw(st.sampled_from(["keep", "drop", "reword", "move", "add"]))
        if edit == "add":
            new.append((draw(sections), draw(texts)))
        if edit == "move":
            section = draw(sections)
        if edit in ("reword", "move"):
            cut = draw(st.integers(0, len(text)))
            text = text[:cut] + draw(texts) + text[cut:]
        if edit != "drop":
            new.append((section, text))
    return Resolution(
        old, draw(st.permutations(new)) if new else [draw(st.tuples(sections, texts))]
    )
