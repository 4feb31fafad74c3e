"""Recoverers to compare with: nothing is changed; only what the numbering implies is changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from benchmarks.recovery.documents import Document, Recover
from resanalysis.redline import Redline, Run, join_runs, recover_versions
from resanalysis.redline.inference.numbering import read_numbering
from resanalysis.redline.inference.places import Span
from resanalysis.redline.segments import make_redline


def fit_shipped(_documents: Sequence[Document]) -> Recover:
    """Return the recovery as the package ships it; it does not train."""
    from resanalysis.pipeline import make_segmenter

    cut = make_segmenter(()).cut
    return lambda text: recover_versions(text, cut=cut)


def keep_all(text: str) -> Redline:
    """Return the redline in which every character stands in both versions."""
    return join_runs([Run(text, "equal")], rule="none")


def read_numbers(text: str) -> Redline:
    """Return the redline that the numbering of lists implies, and nothing else."""
    spans = [span for place in read_numbering(text).places for span in place.readings[0].spans]
    rows = []
    start = 0
    for span in sorted(spans, key=lambda span: (span.start, span.end)):
        if span.start < start or span.start == span.end:
            continue
        if span.start > start:
            rows.append(_row(text, Span(start, span.start, "equal", "likely", 1.0), "none"))
        rows.append(_row(text, span, "numbering"))
        start = span.end
    if start < len(text):
        rows.append(_row(text, Span(start, len(text), "equal", "likely", 1.0), "none"))
    return make_redline(text, rows, [])


def _row(text: str, span: Span, rule: str) -> dict[str, Any]:
    said = {"op": span.op, "certainty": span.certainty, "confidence": span.confidence}
    empty = dict.fromkeys(("group", "decided_by", "reason", "changed_by", "changed_at"), "")
    proposed = {f"proposed_{name}": value for name, value in said.items()}
    part = {"start": span.start, "end": span.end, "text": text[span.start : span.end]}
    return {**part, **said, **proposed, **empty, "rule": rule}
