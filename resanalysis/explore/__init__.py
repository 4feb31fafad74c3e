"""Interaction that teaches: clauses, terms and readings to look at, change and compare.

Each question is a plain function whose result a notebook shows (`show_clauses`, `try_terms`,
`try_readings`), and the same with controls around it (`explore_clauses`, `explore_terms`,
`explore_readings`). The room stands above the stages and computes nothing that they do not.
"""

from resanalysis.explore.clauses import ClauseList, show_clauses
from resanalysis.explore.readings import TriedReadings, try_readings
from resanalysis.explore.terms import TriedTerms, try_terms

__all__ = [
    "ClauseList",
    "TriedReadings",
    "TriedTerms",
    "show_clauses",
    "try_readings",
    "try_terms",
]
