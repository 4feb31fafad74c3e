"""Which clauses a search in the concordance reads, and what is wrong with a search."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, get_args

from resanalysis.folding import fold
from resanalysis.model import Problem, Version

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import pandas as pd

Part = Literal["preambular", "operative"]
Order = Literal["text", "left", "right"]


def choose_clauses(
    clauses: pd.DataFrame, version: str | None, part: str | None, heading: str | None
) -> list[bool]:
    """Return for every clause whether a search reads it."""
    words = None if heading is None else fold(heading).text
    return [
        version in (None, of_version)
        and part in (None, of_part)
        and (words is None or words in fold(of_heading).text)
        for of_version, of_part, of_heading in zip(
            *(read_column(clauses, name) for name in ("version", "part", "heading")), strict=True
        )
    ]


def read_column(clauses: pd.DataFrame, name: str) -> list[str]:
    """Return a column of texts, empty where a text or the whole column is missing."""
    if name not in clauses.columns:
        return [""] * len(clauses)
    return [value if isinstance(value, str) else "" for value in clauses[name].tolist()]


def _problem(place: str, what: str, remedy: str) -> Problem:
    return Problem("error", "concordance", place, what, remedy)


def check_patterns(patterns: Sequence[object], regex: bool) -> Iterator[Problem]:
    """Yield what is wrong with terms or regular expressions."""
    if not patterns:
        yield _problem("pattern", "there is nothing to search for", "Give at least one term")
    for number, pattern in enumerate(patterns, start=1):
        place = f"pattern {number}"
        if not isinstance(pattern, str):
            yield _problem(place, f"{pattern!r} is not a string", "Give terms as strings")
        elif not pattern or (not regex and not fold(pattern).text.strip()):
            yield _problem(place, "it is empty", "Give a term with a visible character")
        elif regex:
            try:
                re.compile(pattern)
            except re.error as error:
                yield _problem(
                    place,
                    f"{pattern!r} is not a regular expression: {error}",
                    "Mend it, or search for plain terms without `regex`",
                )


def check_options(window: int, order: str) -> Iterator[Problem]:
    """Yield what is wrong with window and order."""
    if window < 0:
        yield _problem("window", f"{window} is negative", "Give 0 or more characters")
    if order not in get_args(Order):
        yield _problem("order", f"{order!r} is no order", f"Give {_list(get_args(Order))}")


def check_choice(
    clauses: pd.DataFrame, version: str | None, part: str | None, heading: str | None
) -> Iterator[Problem]:
    """Yield what is wrong with version, part and heading."""
    allowed = {"version": get_args(Version), "part": get_args(Part)}
    for name, value in {"version": version, "part": part, "heading": heading}.items():
        if value is None:
            continue
        if name not in clauses.columns:
            yield _problem(
                name, "the clauses table has no such column", "Give the table as it was made"
            )
        elif name in allowed and value not in allowed[name]:
            yield _problem(name, f"{value!r} is no {name}", f"Give {_list(allowed[name])}")
        elif name == "heading" and not any(choose_clauses(clauses, None, None, value)):
            there = dict.fromkeys(filter(None, read_column(clauses, "heading")))
            yield _problem(
                name, f"no heading has the words {value!r}", f"The headings are {_list(there)}"
            )


def check_topic(topic: str | None, tags: pd.DataFrame | None) -> Iterator[Problem]:
    """Yield what is wrong with the topic."""
    if topic is None:
        return
    if tags is None:
        yield _problem("topic", "without tags no topic is known", "Give the tags of the clauses")
    elif topic not in (there := set(tags["topic"])):
        yield _problem(
            "topic", f"no clause is tagged {topic!r}", f"The tags have {_list(sorted(there))}"
        )


def _list(names: Iterable[str]) -> str:
    return ", ".join(map(repr, names)) or "none"
