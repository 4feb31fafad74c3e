"""Small clauses, codebooks, codings and tags for the tests of coding by readers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from resanalysis.model import Codebook, Topic
from resanalysis.tables import make_table

CLAUSE = {
    "corpus": "small",
    "edition": "2014-x",
    "version": "old",
    "kind": "clause",
    "part": "operative",
    "heading": "决议",
    "addressee": "",
    "strength": 5,
    "marker": "",
    "depth": 1,
    "parent_id": "",
    "text": "",
    "start": 0,
    "end": 0,
    "masked": "[]",
}
NEW = {"edition": "2022-y", "version": "new"}


def make_clauses(rows: Iterable[Mapping[str, object]]) -> pd.DataFrame:
    """Return the table `clauses` of rows that name only what matters."""
    return make_table("clauses", ({**CLAUSE, **row} for row in rows))


def make_codebook(topics: Sequence[str] = ("water", "e_waste"), version: str = "1.0.0") -> Codebook:
    """Return a codebook whose texts all differ and whose terms are unmistakable."""
    return Codebook(
        id="book",
        version=version,
        title={"zh": "书", "en": "Book"},
        themes={"theme": {"zh": "类", "en": "Theme"}},
        topics=tuple(
            Topic(
                id=topic,
                theme="theme",
                label={"zh": f"主题{topic}", "en": f"Label {topic}"},
                definition={"zh": f"定义{topic}", "en": f"Definition {topic}"},
                include={"zh": f"包括{topic}", "en": f"Include {topic}"},
                exclude={"zh": f"不包括{topic}", "en": f"Exclude {topic}"},
                core=(f"SECRET{topic}",),
                peripheral=(),
                exclusions=(),
                source="",
                examples=(f"例句{topic}",),
                counterexamples=(f"反例{topic}",),
            )
            for topic in topics
        ),
        sha256=f"hash of {version}",
        instructions={"zh": "逐句编码", "en": "Code clause by clause"},
    )


def make_codings(
    codes: Mapping[str, Mapping[str, Sequence[int | None]]],
    unsure: Iterable[tuple[str, str]] = (),
    notes: Mapping[tuple[str, str], str] | None = None,
) -> pd.DataFrame:
    """Return codings from codes by coder and topic, one for each of the clauses 1, 2, ...

    `unsure` and `notes` go by coder and clause.
    """
    return make_table(
        "codings",
        (
            {
                **{name: CLAUSE[name] for name in ("corpus", "edition", "version")},
                "clause_id": str(number),
                "coder": coder,
                "topic": topic,
                "code": code,
                "sure": (coder, str(number)) not in set(unsure),
                "note": (notes or {}).get((coder, str(number)), ""),
            }
            for coder, topics in codes.items()
            for topic, given in topics.items()
            for number, code in enumerate(given, start=1)
            if code is not None
        ),
    )


def make_tags(tags: Iterable[tuple[int, str, str]]) -> pd.DataFrame:
    """Return tags from number of the clause, topic and term."""
    return make_table(
        "tags",
        (
            {
                **{name: CLAUSE[name] for name in ("corpus", "edition", "version")},
                "clause_id": str(number),
                "topic": topic,
                "term": term,
                "rule": "term",
                "tier": "core",
                "start": 0,
                "end": len(term),
                "on_boundary": True,
                "in_citation": False,
            }
            for number, topic, term in tags
        ),
    )
