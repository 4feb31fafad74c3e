"""The same questions with controls around them: ipywidgets, for JupyterLab.

Each panel holds what was chosen, calls the plain function and shows its result.
"""

from __future__ import annotations

from pathlib import Path

import ipywidgets

from resanalysis.explore.widgets.clauses import ClausePanel
from resanalysis.explore.widgets.readings import ReadingPanel
from resanalysis.explore.widgets.terms import TermPanel
from resanalysis.model import Corpus, Language, Study
from resanalysis.study import run_study

__all__ = [
    "ClausePanel",
    "ReadingPanel",
    "TermPanel",
    "explore_clauses",
    "explore_readings",
    "explore_terms",
]


def explore_clauses(study: Study, *, language: Language = "zh") -> ipywidgets.VBox:
    """Return controls around `show_clauses`: topics, version, part and change to choose.

    Parameters
    ----------
    study : Study
        The study.
    language : {"zh", "en"}
        Language of the controls.

    Returns
    -------
    ipywidgets.VBox
        To be shown as the last expression of a cell. Its attribute `panel` is the `ClausePanel`.

    Raises
    ------
    ValueError
        When the language is something else.
    """
    panel = ClausePanel(study, language)
    panel.box.panel = panel
    return panel.box


def explore_terms(study: Study, *, language: Language = "zh") -> ipywidgets.VBox:
    """Return controls around `try_terms`: a topic's terms to tick off, and words to add.

    Parameters
    ----------
    study : Study
        The study.
    language : {"zh", "en"}
        Language of the controls.

    Returns
    -------
    ipywidgets.VBox
        To be shown as the last expression of a cell. Its attribute `panel` is the `TermPanel`.

    Raises
    ------
    ValueError
        When the language is something else.
    """
    panel = TermPanel(study, language)
    panel.box.panel = panel
    return panel.box


def explore_readings(
    taken: Study | Corpus | str | Path, *, language: Language = "zh"
) -> ipywidgets.VBox:
    """Return controls around `try_readings`: a reading to choose for each uncertain place.

    Places come in the order of `rank_places`, those that matter most for the results first.

    Parameters
    ----------
    taken : Study, Corpus, str or Path
        A study; of a corpus, or the folder of one, the study is made, which takes some seconds.
    language : {"zh", "en"}
        Language of the controls.

    Returns
    -------
    ipywidgets.VBox
        To be shown as the last expression of a cell. Its attribute `panel` is the `ReadingPanel`.

    Raises
    ------
    InputError
        When the corpus is at fault.
    ValueError
        When the language is something else.
    """
    if not isinstance(taken, Study):
        taken = run_study(taken.path if isinstance(taken, Corpus) else taken, draws=0)
    panel = ReadingPanel(taken, language)
    panel.box.panel = panel
    return panel.box
