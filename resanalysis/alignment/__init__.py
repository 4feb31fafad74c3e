"""Clauses of two versions -> pairs: evidence of the redline first, likeness of wording second."""

from resanalysis.alignment.align import align_clauses
from resanalysis.alignment.evidence import source_offsets

__all__ = ["align_clauses", "source_offsets"]
