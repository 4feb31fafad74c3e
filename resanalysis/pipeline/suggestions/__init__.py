"""Words and phrases that a codebook lacks: candidates, how typical each is, and where it stands."""

from resanalysis.pipeline.suggestions.suggest import suggest_terms

__all__ = ["suggest_terms"]
