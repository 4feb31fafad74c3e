"""A column's description, and the columns by which rows name their place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Column:
    """Description of one column: name, type, unit or allowed values, meaning."""

    name: str
    dtype: Literal["str", "int", "float", "bool"]
    values: str
    meaning: str


def key_columns(*, edition: bool = True) -> tuple[Column, ...]:
    """Return the columns that say which corpus, and which of its editions, a row belongs to."""
    corpus = Column("corpus", "str", "id", "corpus the row belongs to")
    if not edition:
        return (corpus,)
    return (
        corpus,
        Column("edition", "str", "id", "edition, such as 2014-busan"),
        Column("version", "str", "old, new", "role of the edition in this study"),
    )
