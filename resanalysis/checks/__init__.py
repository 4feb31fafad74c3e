"""What is wrong with a corpus folder or a codebook, and what changes from one to another."""

from resanalysis.checks.codebooks import check_codebook_file, compare_tagging
from resanalysis.checks.folders import check_corpus, compare_official

__all__ = ["check_codebook_file", "check_corpus", "compare_official", "compare_tagging"]
