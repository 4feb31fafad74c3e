"""The statistics: what changed between two editions, by how much, and where it came from.

`layout` lays the clauses of both editions along their pairs, which all measures here count on;
`swapping` is the null model that those with one have in common.
"""

from resanalysis.shift.accounting import topic_shift
from resanalysis.shift.commitment import topic_commitment
from resanalysis.shift.contributions import account_shift
from resanalysis.shift.distance import profile_distance
from resanalysis.shift.keyness import keyness
from resanalysis.shift.mentions import Mention, find_mentions
from resanalysis.shift.permutation import permutation_test
from resanalysis.shift.position import topic_positions
from resanalysis.shift.specificity import topic_specificity
from resanalysis.shift.transitions import list_transitions
from resanalysis.shift.word_shift import word_shift

__all__ = [
    "Mention",
    "account_shift",
    "find_mentions",
    "keyness",
    "list_transitions",
    "permutation_test",
    "profile_distance",
    "topic_commitment",
    "topic_positions",
    "topic_shift",
    "topic_specificity",
    "word_shift",
]
