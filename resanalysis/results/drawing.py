"""The figures of a study: which there are, what each draws, saved with data and captions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

from resanalysis import figures, shift
from resanalysis.model import LANGUAGES, Language, Study
from resanalysis.study import Progress

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from resanalysis.figures import FigureName, Journal, Width
    from resanalysis.robustness import Robustness


@dataclass(frozen=True)
class DrawnFigure:
    """A figure that was saved: its name, its files without their endings, its captions.

    Attributes
    ----------
    name : str
        Name of the figure, such as `topic-shares`.
    stems : mapping of language to Path
        Path of the files without their endings, by language of the labels.
    captions : mapping of language to str
        Caption by language.

    Examples
    --------
    >>> drawn = DrawnFigure("topic-shares", {"zh": Path("f/topic-shares-zh")}, {"zh": "……"})
    >>> drawn.png("zh").as_posix()
    'f/topic-shares-zh.png'
    """

    name: str
    stems: Mapping[Language, Path]
    captions: Mapping[Language, str]

    def png(self, language: Language) -> Path:
        """Return the PNG with labels in a language."""
        stem = self.stems[language]
        return stem.with_name(f"{stem.name}.png")


@dataclass(frozen=True)
class _Drawing:
    """How a figure is made of a study.

    `rows` gives the table that is drawn and saved, which `draw` and `caption` are given back;
    `applies` says whether there is anything to draw. In less than `least_mm` of width the figure
    cannot be read, and without `slide` not on a slide.
    """

    rows: Callable[[Study], pd.DataFrame]
    draw: Callable[[Study, pd.DataFrame, Language], Axes]
    caption: Callable[[Study, pd.DataFrame, Language], str]
    applies: Callable[[Study], bool] = lambda _: True
    least_mm: float = 80.0
    slide: bool = True


class _Labels(TypedDict):
    old_label: str
    new_label: str
    language: Language


def _name_editions(study: Study, language: Language) -> _Labels:
    """Return the options that most plot functions share."""
    old, new = study.corpus.old.label(language), study.corpus.new.label(language)
    return {"old_label": old, "new_label": new, "language": language}


def _count_clauses(breakdown: str) -> Callable[[Study], pd.DataFrame]:
    """Return what takes the rows of `shift` of a breakdown, counted by clauses."""

    def choose(study: Study) -> pd.DataFrame:
        rows = study.shift
        return rows[rows["unit"].eq("clause") & rows["breakdown"].eq(breakdown)]

    return choose


def _list_tags(study: Study) -> pd.DataFrame:
    keys = ["version", "clause_id", "topic"]
    return study.tags[keys].drop_duplicates().reset_index(drop=True)


def _shift_words(study: Study) -> pd.DataFrame:
    return shift.word_shift(study.clauses, study.tokens, study.pairs)


def _draw_map(study: Study, _: pd.DataFrame, language: Language) -> Axes:
    tables = study.clauses, study.tags, study.pairs
    return figures.plot_clause_topic_map(*tables, study.codebook, **_name_editions(study, language))


def _caption_shift(name: FigureName) -> Callable[[Study, pd.DataFrame, Language], str]:
    """Return what captions a figure whose numbers stand in the table `shift`."""
    return lambda study, _, language: figures.figure_caption(
        name, study.shift, study.corpus, study.codebook, language=language, pairs=study.pairs
    )


# A new figure is one entry here; the order is that of a paper.
_DRAWINGS: dict[str, _Drawing] = {
    "topic-shares": _Drawing(
        rows=_count_clauses("total"),
        draw=lambda study, rows, language: figures.plot_topic_shares(
            rows, study.codebook, **_name_editions(study, language)
        ),
        caption=_caption_shift("topic-shares"),
    ),
    "change-origin": _Drawing(
        rows=_count_clauses("total"),
        draw=lambda study, rows, language: figures.plot_change_origin(
            rows, study.codebook, language=language
        ),
        caption=_caption_shift("change-origin"),
    ),
    "clause-topic-map": _Drawing(
        rows=_list_tags,
        draw=_draw_map,
        caption=_caption_shift("clause-topic-map"),
        least_mm=140.0,
        slide=False,  # a hundred clauses have less than 2 mm each
    ),
    "part-shift": _Drawing(
        rows=_count_clauses("part"),
        draw=lambda study, rows, language: figures.plot_part_shift(
            rows, study.codebook, **_name_editions(study, language)
        ),
        caption=_caption_shift("part-shift"),
        applies=lambda study: any(
            figures.has_part(study.shift, part) for part in ("preambular", "operative")
        ),
        least_mm=140.0,
    ),
    "addressee-shift": _Drawing(
        rows=_count_clauses("addressee"),
        draw=lambda study, rows, language: figures.plot_addressee_shift(
            rows, study.codebook, **_name_editions(study, language)
        ),
        caption=_caption_shift("addressee-shift"),
        applies=lambda study: figures.has_addressees(study.shift),
        least_mm=140.0,
    ),
    "word-shift": _Drawing(
        rows=_shift_words,
        draw=lambda study, rows, language: figures.plot_word_shift(
            rows, **_name_editions(study, language)
        ),
        caption=lambda study, rows, language: figures.word_shift_caption(
            rows, study.corpus, study.codebook, language=language
        ),
        applies=lambda study: bool(_shift_words(study)["word"].ne("").any()),
    ),
}

FIGURES: tuple[str, ...] = tuple(_DRAWINGS)
"""Names of the figures of a study, in the order of a paper."""


def draw_figures(
    study: Study, folder: str | Path, *, dpi: int = 300, progress: Progress | None = None
) -> list[DrawnFigure]:
    """Draw and save every figure of a study in both languages, with data, caption, provenance.

    A text that has nothing for a figure does not get it: a law has no preamble and tells nobody
    to act, two editions may have no word in which several clauses differ.

    Returns
    -------
    list of DrawnFigure
        In the order of `FIGURES`.
    """
    say = progress or (lambda _: None)
    made = []
    for name in FIGURES:
        say(f"figure {name}")
        drawing = _DRAWINGS[name]
        if not drawing.applies(study):
            continue
        rows = drawing.rows(study)
        captions: dict[Language, str] = {
            language: drawing.caption(study, rows, language) for language in LANGUAGES
        }
        stems = {language: Path(folder) / f"{name}-{language}" for language in LANGUAGES}
        for language, stem in stems.items():
            figures.save_figure(
                _figure_of(drawing.draw(study, rows, language)),
                stem,
                data=rows,
                captions=captions,
                provenance=study.provenance,
                dpi=dpi,
            )
        made.append(DrawnFigure(name, stems, captions))
    return made


def draw_figure(
    name: str,
    study: Study,
    *,
    language: Language = "zh",
    width: Width | None = None,
    journal: Journal | None = None,
) -> Axes:
    """Draw one figure of a study by name, in the size of a journal's column or of a slide.

    Parameters
    ----------
    name : str
        Which figure, of `topic-shares`, `change-origin`, `clause-topic-map`, `part-shift`,
        `addressee-shift` and `word-shift`.
    study : Study
        The study.
    language : {"zh", "en"}
        Language of all labels.
    width : {"single", "double", "slide"}, optional
        One column, two columns, or a slide of 16:9, each with type that can be read on it. When
        left out, what the `print_style` in force says, or else the figure's own width, 170 or
        180 mm.
    journal : {"elsevier", "ieee", "springer"}, optional
        Publisher whose columns `width` means, as for `figure_size`.

    Raises
    ------
    InputError
        When the study has nothing for the figure to draw.
    ValueError
        When there is no such figure or width, or the figure cannot be read at that width.

    Examples
    --------
    >>> from resanalysis.study import run_study
    >>> study = run_study("tests/data/small", draws=0)
    >>> ax = draw_figure("topic-shares", study, width="slide", language="en")
    >>> ax.figure.get_size_inches().tolist()
    [13.333, 7.5]
    """
    if name not in _DRAWINGS:
        raise ValueError(f"figure {name!r}: pass one of {', '.join(FIGURES)}")
    drawing = _DRAWINGS[name]
    if width is None and journal is None:
        return drawing.draw(study, drawing.rows(study), language)
    _check_width(name, width or "double", journal)
    with figures.print_style(width=width, journal=journal):
        return drawing.draw(study, drawing.rows(study), language)


def _check_width(name: str, width: Width, journal: Journal | None) -> None:
    """Refuse a width at which the figure cannot be read, and say which it has."""

    def fits(width: Width) -> bool:
        if width == "slide":
            return drawing.slide
        return figures.figure_size(width, journal=journal)[0] * 25.4 >= drawing.least_mm

    drawing = _DRAWINGS[name]
    figures.figure_size(width, journal=journal)  # refuses what is no width
    widths: tuple[Width, ...] = ("single", "double", "slide")
    if not fits(width):
        fitting = [other for other in widths if (not journal or other != "slide") and fits(other)]
        raise ValueError(
            f"figure {name} cannot be read at width {width!r}; pass {' or '.join(fitting)}"
        )


def _figure_of(ax: Axes) -> Figure:
    figure = ax.get_figure(root=True)
    assert figure is not None  # noqa: S101 - axes drawn here stand in a figure
    return figure


def draw_robustness(
    study: Study, robustness: Robustness, folder: str | Path, *, dpi: int = 300
) -> DrawnFigure:
    """Draw and save the figure of the verdicts in both languages."""
    verdicts, book = robustness.verdicts, study.codebook
    captions: dict[Language, str] = {
        language: figures.robustness_caption(verdicts, study.corpus, book, language=language)
        for language in LANGUAGES
    }
    stems = {language: Path(folder) / f"robustness-{language}" for language in LANGUAGES}
    for language, stem in stems.items():
        figures.save_figure(
            _figure_of(figures.plot_robustness(verdicts, book, language=language)),
            stem,
            data=verdicts[verdicts["measure"].eq("share")],
            captions=captions,
            provenance=study.provenance,
            dpi=dpi,
        )
    return DrawnFigure("robustness", stems, captions)
