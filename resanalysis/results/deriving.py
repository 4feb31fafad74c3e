"""Tables measured from a study's, without any draw of the redline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from resanalysis import shift
from resanalysis.model import Study

if TYPE_CHECKING:
    import pandas as pd


def derive_tables(study: Study) -> dict[str, pd.DataFrame]:
    """Return the tables that are measured from a study's without any draw of the redline.

    Returns
    -------
    dict of DataFrame
        `contributions`, `transitions`, `distance`, `keyness`, `word_shift`, `positions`,
        `commitment`, `specificity`; the draws of `distance` and `keyness` are those of the study.
        There are no p-values among them: `permutation_test` gives some to who needs them.

    Examples
    --------
    >>> from resanalysis.study import run_study
    >>> tables = derive_tables(run_study("tests/data/small", draws=0))
    >>> sorted(set(tables["transitions"]["transition"]))
    ['gained', 'kept', 'lost']
    """
    options = study.provenance["options"]
    drawn = {"draws": options["draws"], "seed": options["seed"]}
    clauses, tokens, tags, pairs = study.clauses, study.tokens, study.tags, study.pairs
    tagged = (clauses, tags, pairs, study.codebook)
    return {
        "contributions": shift.account_shift(study.shift),
        "transitions": shift.list_transitions(*tagged),
        "distance": shift.profile_distance(clauses, tokens, tags, pairs, study.codebook, **drawn),
        "keyness": shift.keyness(clauses, tokens, pairs, **drawn),
        "word_shift": shift.word_shift(clauses, tokens, pairs),
        "positions": shift.topic_positions(*tagged),
        "commitment": shift.topic_commitment(*tagged),
        "specificity": shift.topic_specificity(*tagged),
    }
