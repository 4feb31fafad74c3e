"""Terms in their contexts: found, listed, and set for a notebook."""

from resanalysis.pipeline.concordance.lines import kwic
from resanalysis.pipeline.concordance.view import show_kwic

__all__ = ["kwic", "show_kwic"]
