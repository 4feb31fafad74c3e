"""All tables of one run, with what made them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import pandas as pd

from resanalysis.model.codebooks import Codebook
from resanalysis.model.corpora import Corpus
from resanalysis.model.displays import show_study


@dataclass(frozen=True)
class Study:
    """All tables of one run, with what made them; `tables.TABLES` explains their columns."""

    corpus: Corpus
    codebook: Codebook
    old_text: str
    new_text: str
    segments: pd.DataFrame
    alternatives: pd.DataFrame
    clauses: pd.DataFrame
    tokens: pd.DataFrame
    tags: pd.DataFrame
    codings: pd.DataFrame
    pairs: pd.DataFrame
    shift: pd.DataFrame
    provenance: Mapping[str, Any]

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """The study's tables by name, in the order they are made."""
        held = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: table for name, table in held.items() if isinstance(table, pd.DataFrame)}

    def _repr_html_(self) -> str:
        """Return the study at a glance, for a notebook."""
        return show_study(self)
