"""The statistics: what changed between two editions, by how much, and where it came from.

`layout` lays the clauses of both editions along their pairs, which all measures here count on.
"""

from resanalysis.shift.accounting import topic_shift

__all__ = ["topic_shift"]
