"""A person's review: uncertain places, how much each matters, decisions taken and undone."""

from resanalysis.review.carry import carry_decisions
from resanalysis.review.effect import rank_places
from resanalysis.review.places import UncertainPlace, find_places, list_places
from resanalysis.review.readings import apply_reading
from resanalysis.review.session import ReviewSession

__all__ = [
    "ReviewSession",
    "UncertainPlace",
    "apply_reading",
    "carry_decisions",
    "find_places",
    "list_places",
    "rank_places",
]
