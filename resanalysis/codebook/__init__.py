"""Codebooks: files that say what a topic is and which words show it, read, checked, compared."""

from resanalysis.codebook.comparison import compare_codebooks
from resanalysis.codebook.exchange import Export, export_codebook
from resanalysis.codebook.lint import lint_codebook
from resanalysis.codebook.reading import check_codebook, read_codebook
from resanalysis.codebook.tag_changes import compare_tags

__all__ = [
    "Export",
    "check_codebook",
    "compare_codebooks",
    "compare_tags",
    "export_codebook",
    "lint_codebook",
    "read_codebook",
]
