"""The same codebook over several resolutions and their versions, in one table."""

from resanalysis.collection.datasets import edition_profiles, nearest_clauses
from resanalysis.collection.profiles import compare_profiles, topic_profiles
from resanalysis.collection.studies import run_collection

__all__ = [
    "compare_profiles",
    "edition_profiles",
    "nearest_clauses",
    "run_collection",
    "topic_profiles",
]
