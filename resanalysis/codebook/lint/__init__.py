"""What in a codebook that can be read deserves a second look, and on what grounds."""

from resanalysis.codebook.lint.lint import lint_codebook

__all__ = ["lint_codebook"]
