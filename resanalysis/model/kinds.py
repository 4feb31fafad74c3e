"""What may be what: the values that columns and options take, as types and as constants."""

from __future__ import annotations

from typing import Literal

Op = Literal["equal", "delete", "insert"]
Certainty = Literal["proven", "likely", "undecidable", "decided"]
Version = Literal["old", "new"]
Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")
Tier = Literal["core", "peripheral"]
TERM = "term"
"""What `rule` of a tag says of a term that matched by itself; no rule has this id."""
Form = Literal["flattened", "criticmarkup", "word", "editions"]
"""Forms of a redline: a text whose marks were lost, one in CriticMarkup, a Word document with
tracked changes, or two clean texts."""

COUNTED_KINDS = ("lead_in", "clause", "item")
"""Kinds of `clauses` rows that are counted as units of analysis."""

UNITS = ("clause", "character", "token", "matched")
OTHER_UNITS = ("unit", "segmentation")
"""Choices under which another unit is counted, so that only shares and signs compare."""
BREAKDOWNS = ("total", "part", "addressee", "strength")
