"""Codebooks: files that say what a topic is and which words show it, read and validated."""

from resanalysis.codebook.reading import check_codebook, read_codebook

__all__ = ["check_codebook", "read_codebook"]
