"""What a recoverer makes of the documents, character by character."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from benchmarks.recovery.documents import SIGNS, Document, Recover
from benchmarks.recovery.equivalence import align_labellings
from benchmarks.recovery.kinds import find_kinds
from resanalysis.redline import Redline


@dataclass(frozen=True)
class Outcome:
    """One document recovered.

    Attributes
    ----------
    document : Document
        Text and truth.
    redline : Redline
        What the recoverer made of the text.
    characters : DataFrame
        One row per character of the text: `op` (as predicted), `truth`, `nearest` (of the
        labellings that give the predicted texts the one nearest to the truth), `right` (whether
        what is claimed of the character is right, whatever labelling says it), `confidence`,
        `certainty`, `rule` (of the claim), `kind` (of the true change; empty where there is none),
        `claimed_kind` (of the claimed change).
    seconds : float
        Processor time the recoverer took; what else the machine does is not counted.
    """

    document: Document
    redline: Redline
    characters: pd.DataFrame
    seconds: float


def recover_document(document: Document, recover: Recover) -> Outcome:
    """Return what `recover` makes of a document, compared with its truth.

    Raises
    ------
    RuntimeError
        When the redline does not give the text back.
    """
    began = time.process_time()
    redline = recover(document.text)
    seconds = time.process_time() - began
    if redline.source != document.text:
        raise RuntimeError(f"{document.id}: the redline does not give the text back")
    segments = redline.segments
    lengths = segments["text"].str.len().to_numpy()
    ops = "".join(SIGNS[op] * length for op, length in zip(segments["op"], lengths, strict=True))
    alignment = align_labellings(document.text, ops, document.ops)
    repeated = {
        name: np.repeat(segments[name].to_numpy(), lengths)
        for name in ("confidence", "certainty", "rule")
    }
    characters = pd.DataFrame(
        {
            "op": list(ops),
            "truth": list(document.ops),
            "nearest": list(alignment.ops),
            "right": alignment.find_right(document.ops),
            **repeated,
            "kind": [kind or "" for kind in find_kinds(document.text, document.ops)],
            "claimed_kind": [kind or "" for kind in find_kinds(document.text, ops)],
        }
    )
    return Outcome(document, redline, characters, seconds)


def join_characters(outcomes: Sequence[Outcome]) -> pd.DataFrame:
    """Return the characters of all documents with a column `document`."""
    return pd.concat(
        [outcome.characters.assign(document=outcome.document.id) for outcome in outcomes],
        ignore_index=True,
    )
