"""From one flattened text to segments: the machine's proposals, then the readers' decisions."""

from __future__ import annotations

from collections.abc import Callable

from resanalysis.redline.inference.overlay import lay_over
from resanalysis.redline.inference.proposals import propose_places
from resanalysis.redline.inference.trained import Trained, read_trained
from resanalysis.redline.marks.fitting import fit_marks
from resanalysis.redline.segments import Redline, make_redline


def recover_versions(
    text: str,
    *,
    cut: Callable[[str], list[str]],
    decisions: str | None = None,
    corpus: str = "",
    decisions_name: str = "decisions.critic.txt",
    trained: Trained | None = None,
) -> Redline:
    r"""Return both versions inside a flattened text, each run of it with how sure it is.

    Parameters
    ----------
    text : str
        The flattened text: deleted and inserted text side by side, unmarked.
    cut : callable
        Segments a Chinese string into words whose concatenation is the string.
    decisions : str, optional
        The same text in CriticMarkup with readers' decisions; they override the machine, whose
        proposal stays in the `proposed_` columns.
    corpus : str
        Id written into the tables.
    decisions_name : str
        File name of the decisions, for messages.
    trained : Trained, optional
        Rates and forest to use instead of those that ship with the package.

    Returns
    -------
    Redline
        Segments, alternatives and notes.

    Raises
    ------
    InputError
        When the decisions are malformed or do not fit the text.

    Examples
    --------
    >>> redline = recover_versions("a)\t甲；\nb)\t乙；\ncb)\t丙。\n", cut=list)
    >>> redline.text("old"), redline.text("new")
    ('a)\t甲；\nb)\t乙；\nc)\t丙。\n', 'a)\t甲；\nb)\t丙。\n')
    """
    marks = [] if decisions is None else fit_marks(decisions, text, name=decisions_name)
    trained = trained or read_trained()
    places = propose_places(text, cut=cut, trained=trained)
    segments, alternatives = lay_over(text, places, marks, kept=trained.kept_rate)
    notes = tuple(place.note for place in places if place.note)
    return make_redline(text, segments, alternatives, notes=notes, corpus=corpus)
