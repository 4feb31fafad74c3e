"""The report of a study: one page that needs nothing beside it."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from resanalysis import export
from resanalysis.figures import lighten_png
from resanalysis.model import LANGUAGES, Language, Study
from resanalysis.results.drawing import DrawnFigure, draw_figures, list_figures
from resanalysis.results.figure_set import REPORT_FIGURES, Results
from resanalysis.results.findings import list_findings
from resanalysis.study import Progress

if TYPE_CHECKING:
    from resanalysis.robustness import Robustness


def make_report(
    study: Study,
    *,
    language: Language = "zh",
    robustness: Robustness | None = None,
    figures: Sequence[DrawnFigure] | None = None,
    progress: Progress | None = None,
) -> str:
    """Return the report of a study as one HTML page in one language, to be sent to somebody.

    Findings in sentences, figures, every count linked to its clauses, the two versions side by
    side (修订对照表) with filters, how sure it all is, how to cite it. The page loads nothing from
    elsewhere, and the same study gives the same page.

    Parameters
    ----------
    study : Study
        The study.
    language : {"zh", "en"}
        Language of the page; the resolution itself stays Chinese.
    robustness : Robustness, optional
        What `assess_robustness` found in this study, by clauses: the page then says of every
        finding whether it survives.
    figures : sequence of DrawnFigure, optional
        Figures to show, drawn and saved already; when left out, all are drawn but the redline,
        since the page shows every pair of clauses so.
    progress : callable, optional
        Called with the name of each step before it begins.

    Returns
    -------
    str
        The page; write it in UTF-8.

    Raises
    ------
    InputError
        When the robustness is of another study or by another unit.
    ValueError
        When the language is none of the two.

    Examples
    --------
    >>> from resanalysis.study import run_study
    >>> page = make_report(run_study("tests/data/small", draws=0), language="en", figures=[])
    >>> page.startswith("<!DOCTYPE html>")
    True
    """
    if language not in LANGUAGES:
        raise ValueError(f"language must be one of {', '.join(LANGUAGES)}, not {language!r}")
    Results(study, robustness)  # refuses what does not belong together
    with TemporaryDirectory(prefix="resanalysis-") as folder:
        if figures is None:
            place = Path(folder) / "figures"
            figures = draw_figures(
                study,
                place,
                names=[name for name in list_figures(robustness) if name in REPORT_FIGURES],
                languages=[language],
                robustness=robustness,
                progress=progress,
            )
        with ThreadPoolExecutor() as threads:  # most of it is done outside Python
            light = threads.map(lighten_png, [d.png(language).read_bytes() for d in figures])
        placed = [
            export.PlacedFigure(drawn.name, png, drawn.captions[language])
            for drawn, png in zip(figures, light, strict=True)
        ]
    if progress:
        progress("report")
    return export.make_page(
        study,
        language=language,
        findings=list_findings(study, robustness, language=language),
        figures=placed,
    )
