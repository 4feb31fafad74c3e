"""Choices that an analyst might have made otherwise, each tried alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pandas as pd

from resanalysis import alignment, pipeline
from resanalysis.model import COUNTED_KINDS, UNITS, Study
from resanalysis.robustness.measures import (
    Headline,
    find_differences,
    leave_each_out,
    leave_out,
    read_headline,
)
from resanalysis.robustness.terms import leave_terms_out
from resanalysis.shift.laying import lay_out
from resanalysis.shift.layout import Layout
from resanalysis.tables import DERIVED_TABLES

Choice = tuple[str, str, Headline]
"""What is chosen otherwise, what instead, and what it counts."""

THRESHOLDS = (0.3, 0.4, 0.5, 0.6, 0.7)
"""Thresholds of alignment that are tried."""

HEADLINE = "headline"


def try_choices(
    study: Study, unit: str, *, progress: Callable[[str, int, int], None] | None = None
) -> pd.DataFrame:
    """Return the table `choices`: the headline, and the same under every other choice.

    Parameters
    ----------
    study : Study
        The study; its own options make the headline.
    unit : {"clause", "character", "token", "matched"}
        Unit of the headline.
    progress : callable, optional
        Called for every choice with the number tried; how many there are is not known before.
    """
    tables = []
    for number, tried in enumerate(_list_choices(study, unit), start=1):
        tables.append(_tabulate(study, *tried))
        if progress is not None:
            progress("choices", number, 0)
    table = pd.concat(tables, ignore_index=True)
    return table[[column.name for column in DERIVED_TABLES["choices"]]]


def _list_choices(study: Study, unit: str) -> Iterator[Choice]:
    laid = _lay(study)
    yield HEADLINE, "", read_headline(laid, unit)
    for other in UNITS:
        if other != unit:
            yield "unit", other, read_headline(laid, other)
    yield from _other_tables(study, unit)
    for threshold in THRESHOLDS:
        if threshold != study.provenance["options"]["threshold"]:
            pairs = alignment.align_clauses(study.clauses, study.segments, threshold=threshold)
            yield "alignment", f"{threshold:g}", read_headline(_lay(study, pairs=pairs), unit)
    yield from _leave_preamble_out(laid, unit)
    for entry, without in leave_terms_out(study, laid):
        yield "term", str(entry), read_headline(without, unit)
    yield from _leave_clauses_out(laid, unit)


def _lay(study: Study, **tables: pd.DataFrame) -> Layout:
    named = {name: getattr(study, name) for name in ("clauses", "tokens", "tags", "pairs")}
    return lay_out(**{**named, **tables}, topics=study.codebook)


def _other_tables(study: Study, unit: str) -> Iterator[Choice]:
    """Yield what other tokens and other tags give."""
    options: dict[str, Any] = dict(study.provenance["options"])
    hmm = not options["hmm"]
    words = pipeline.word_frequencies(study.corpus.lexicon)
    tokens = pipeline.tokenize(study.clauses, words, hmm=hmm)
    switch = "on" if hmm else "off"
    yield "segmentation", f"HMM {switch}", read_headline(_lay(study, tokens=tokens), "token")
    how: dict[str, Any] = {name: options[name] for name in ("reading", "scope")}
    reading = "strict" if how["reading"] == "broad" else "broad"
    yield "codebook", reading, read_headline(_tag(study, **{**how, "reading": reading}), unit)
    scope = "topic" if how["scope"] == "codebook" else "codebook"
    yield "scope", scope, read_headline(_tag(study, **{**how, "scope": scope}), unit)
    own = study.tags[~study.tags["in_citation"]]
    yield "citations", "left out", read_headline(_lay(study, tags=own), unit)
    counted = "clause" if unit == "matched" else unit  # a reader's code has no characters
    for coder, tags in _list_codings(study):
        topics = [topic.id for topic in study.codebook.topics]
        coded = lay_out(study.clauses, study.tokens, tags, study.pairs, topics)
        yield "reference", coder, read_headline(coded, counted)


def _tag(study: Study, **how: Any) -> Layout:
    return _lay(study, tags=pipeline.tag_topics(study.clauses, study.codebook, study.tokens, **how))


def _list_codings(study: Study) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield the tags that a reader's codes give, of every reader who coded all counted clauses."""
    counted = study.clauses[study.clauses["kind"].isin(COUNTED_KINDS)]
    wanted = set(zip(counted["version"], counted["clause_id"], strict=True))
    for coder, codes in study.codings.groupby("coder", sort=True):
        if wanted <= set(zip(codes["version"], codes["clause_id"], strict=True)):
            given = codes[codes["code"] == 1]
            yield str(coder), given.assign(start=0, end=1)


def _leave_preamble_out(laid: Layout, unit: str) -> Iterator[Choice]:
    old, new = (np.array(side.parts) == "preambular" for side in (laid.old, laid.new))
    rest = [(side.there & ~out).any() for side, out in ((laid.old, old), (laid.new, new))]
    if (old.any() or new.any()) and all(rest):
        yield "preamble", "left out", read_headline(leave_out(laid, old, new), unit)


def _leave_clauses_out(laid: Layout, unit: str) -> Iterator[Choice]:
    """Yield the layout without each pair of clauses, because its two versions go together."""
    names = zip(laid.old.ids, laid.new.ids, strict=True)
    for (old, new), without in zip(names, leave_each_out(laid, unit), strict=True):
        yield "clause", f"{old or '–'} → {new or '–'}", without


def _tabulate(study: Study, choice: str, option: str, found: Headline) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "corpus": study.corpus.id,
            "choice": choice,
            "option": option,
            "topic": [topic.id for topic in study.codebook.topics],
            "n_old": found.old[:-1],
            "n_new": found.new[:-1],
            **find_differences(found.old, found.new),
            "add": found.add,
            "sup": found.sup,
            "mod_gain": found.mod_gain,
            "mod_loss": found.mod_loss,
        }
    )
