"""One version's text -> its clauses: headings, parts, addressees, markers, items and footnotes."""

from resanalysis.structure.parser import parse_resolution, parse_rows
from resanalysis.structure.performatives import Performative, find_addressees, read_performative

__all__ = ["Performative", "find_addressees", "parse_resolution", "parse_rows", "read_performative"]
