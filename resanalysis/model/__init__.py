"""Records, column descriptions and errors that every stage shares; imports nothing of ours."""

from resanalysis.model.codebooks import Codebook, Rule, Topic
from resanalysis.model.corpora import Corpus, Edition, Source
from resanalysis.model.errors import InputError, Problem, Severity, input_error
from resanalysis.model.kinds import (
    BREAKDOWNS,
    COUNTED_KINDS,
    LANGUAGES,
    OTHER_UNITS,
    TERM,
    UNITS,
    Certainty,
    Form,
    Language,
    Op,
    Tier,
    Version,
)
from resanalysis.model.studies import Study

__all__ = [
    "BREAKDOWNS",
    "COUNTED_KINDS",
    "LANGUAGES",
    "OTHER_UNITS",
    "TERM",
    "UNITS",
    "Certainty",
    "Codebook",
    "Corpus",
    "Edition",
    "Form",
    "InputError",
    "Language",
    "Op",
    "Problem",
    "Rule",
    "Severity",
    "Source",
    "Study",
    "Tier",
    "Topic",
    "Version",
    "input_error",
]
