"""The addressees of a table `shift`, and their names by their codes."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from resanalysis.model import Language

if TYPE_CHECKING:
    import pandas as pd

NONE = "none"
"""The category of clauses that tell nobody to act."""

_NAMES = Path(__file__).parents[1] / "data" / "performatives.toml"


def list_addressees(shift: pd.DataFrame) -> list[str]:
    """Return the addressees of the table in its order, clauses that tell nobody last."""
    rows = shift[shift["unit"].eq("clause") & shift["breakdown"].eq("addressee")]
    return sorted(dict.fromkeys(rows["category"].astype(str)), key=lambda name: name == NONE)


def has_addressees(shift: pd.DataFrame) -> bool:
    """Return whether a clause of either edition tells somebody to act."""
    return any(name != NONE for name in list_addressees(shift))


def name_addressees(addressees: Iterable[str], language: Language) -> dict[str, str]:
    """Return the names of addressees by their codes; what has no name is left out.

    Examples
    --------
    >>> name_addressees(["SG", "MS+SM", "none"], "en")
    {'SG': 'Secretary-General', 'MS+SM': 'Member States, Sector Members'}
    """
    known = _read_names()
    between = "、" if language == "zh" else ", "
    named: dict[str, str] = {}
    for addressee in addressees:
        codes = [addressee] if addressee in known else addressee.split("+")
        if all(code in known for code in codes):
            named[addressee] = between.join(known[code][language] for code in codes)
    return named


@cache
def _read_names() -> dict[str, Mapping[Language, str]]:
    with _NAMES.open("rb") as file:
        entries = tomllib.load(file)["addressee"]
    return {entry["code"]: entry["label"] for entry in entries}
