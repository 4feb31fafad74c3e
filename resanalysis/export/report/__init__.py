"""A study as one page to send to somebody, in Chinese or in English, that needs no network."""

from resanalysis.export.report.page import make_page
from resanalysis.export.report.parts import Finding, PlacedFigure

__all__ = ["Finding", "PlacedFigure", "make_page"]
