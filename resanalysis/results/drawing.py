"""The figures of a study: which there are, what each draws, saved with data and captions."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from resanalysis.model import LANGUAGES, Language, Study
from resanalysis.study import Progress

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from resanalysis.figures import FigureName
    from resanalysis.robustness import Robustness

FIGURES: tuple[FigureName, ...] = (
    "topic-shares",
    "change-origin",
    "clause-topic-map",
    "part-shift",
)
"""Names of the figures of a study, in the order of a paper."""


def draw_figures(
    study: Study, folder: str | Path, *, progress: Progress | None = None
) -> list[tuple[Path, dict[Language, str]]]:
    """Draw and save every figure of a study in both languages, with data, caption, provenance.

    A text without preamble and operative part, such as a law, gets no figure of its parts.

    Returns
    -------
    list of (Path, dict)
        The Chinese PNG and the captions by language of each figure.
    """
    from resanalysis import figures  # matplotlib is slow to import

    say = progress or (lambda _: None)
    made = []
    parts = any(figures.has_part(study.shift, part) for part in ("preambular", "operative"))
    for name in FIGURES:
        say(f"figure {name}")
        if name == "part-shift" and not parts:  # a law has neither preamble nor operative part
            continue
        captions: dict[Language, str] = {
            language: figures.figure_caption(
                name,
                study.shift,
                study.corpus,
                study.codebook,
                language=language,
                pairs=study.pairs,
            )
            for language in LANGUAGES
        }
        for language in LANGUAGES:
            figure = draw_figure(name, study, language=language).get_figure(root=True)
            assert figure is not None  # noqa: S101 - axes drawn here stand in a figure
            figures.save_figure(
                figure,
                Path(folder) / f"{name}-{language}",
                data=_figure_data(name, study),
                captions=captions,
                provenance=study.provenance,
            )
        made.append((Path(folder) / f"{name}-zh.png", captions))
    return made


def draw_figure(name: FigureName, study: Study, *, language: Language = "zh") -> Axes:
    """Draw one figure of a study by name.

    Parameters
    ----------
    name : {"topic-shares", "change-origin", "clause-topic-map", "part-shift"}
        Which figure.
    study : Study
        The study.
    language : {"zh", "en"}
        Language of all labels.
    """
    from resanalysis import figures

    shift_table, book = study.shift, study.codebook
    old_label, new_label = study.corpus.old.label(language), study.corpus.new.label(language)
    if name == "topic-shares":
        return figures.plot_topic_shares(
            shift_table, book, old_label=old_label, new_label=new_label, language=language
        )
    if name == "change-origin":
        return figures.plot_change_origin(shift_table, book, language=language)
    if name == "part-shift":
        return figures.plot_part_shift(
            shift_table, book, old_label=old_label, new_label=new_label, language=language
        )
    return figures.plot_clause_topic_map(
        study.clauses,
        study.tags,
        study.pairs,
        book,
        old_label=old_label,
        new_label=new_label,
        language=language,
    )


def _figure_data(name: FigureName, study: Study) -> pd.DataFrame:
    """Return the rows that a figure draws."""
    if name == "clause-topic-map":
        keys = ["version", "clause_id", "topic"]
        return study.tags[keys].drop_duplicates().reset_index(drop=True)
    breakdown = "part" if name == "part-shift" else "total"
    chosen = study.shift["unit"].eq("clause") & study.shift["breakdown"].eq(breakdown)
    return study.shift[chosen]


def draw_robustness(
    study: Study, robustness: Robustness, folder: Path
) -> tuple[Path, dict[Language, str]]:
    """Draw and save the figure of the verdicts in both languages."""
    from resanalysis import figures

    verdicts, book = robustness.verdicts, study.codebook
    captions: dict[Language, str] = {
        language: figures.robustness_caption(verdicts, study.corpus, book, language=language)
        for language in LANGUAGES
    }
    for language in LANGUAGES:
        figure = figures.plot_robustness(verdicts, book, language=language).get_figure(root=True)
        assert figure is not None  # noqa: S101 - axes drawn here stand in a figure
        figures.save_figure(
            figure,
            folder / f"robustness-{language}",
            data=verdicts[verdicts["measure"].eq("share")],
            captions=captions,
            provenance=study.provenance,
        )
    return folder / "robustness-zh.png", captions
