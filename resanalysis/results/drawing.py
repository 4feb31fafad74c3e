"""The figures of a study: drawn in the size of a journal, saved with data and captions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from resanalysis import figures
from resanalysis.model import LANGUAGES, Language, Study
from resanalysis.results.figure_set import DRAWINGS, FIGURES, ROBUSTNESS_FIGURES, Results
from resanalysis.study import Progress

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from resanalysis.figures import Journal, Width
    from resanalysis.robustness import Robustness


@dataclass(frozen=True)
class DrawnFigure:
    """A figure that was saved: its name, its files without their endings, its captions.

    Attributes
    ----------
    name : str
        Name of the figure, such as `topic-shares`.
    stems : mapping of language to Path
        Path of the files without their endings, by the languages of labels that were drawn.
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


def list_figures(robustness: Robustness | None) -> tuple[str, ...]:
    """Return the names of all figures of a study, and of its robustness if it was asked."""
    return (*FIGURES, *(ROBUSTNESS_FIGURES if robustness else ()))


def draw_figures(
    study: Study,
    folder: str | Path,
    *,
    names: Iterable[str] | None = None,
    languages: Sequence[Language] = LANGUAGES,
    robustness: Robustness | None = None,
    width: Width | None = None,
    journal: Journal | None = None,
    dpi: int = 300,
    progress: Progress | None = None,
) -> list[DrawnFigure]:
    """Draw and save the figures of a study, with data, captions and provenance.

    A text that has nothing for a figure does not get it: a law has no preamble and tells nobody
    to act, two editions may have no word in which several clauses differ.

    Parameters
    ----------
    study : Study
        The study.
    folder : str or Path
        Where to save; made if missing. Files are named after the figure and the language.
    names : iterable of str, optional
        Which figures, by the names that `draw_figure` knows; all when left out, those of the
        robustness only with `robustness`.
    languages : sequence of {"zh", "en"}
        Languages of the labels, a file for each; captions are written in both.
    robustness : Robustness, optional
        What `assess_robustness` found in this study, by clauses.
    width, journal : optional
        Size of all, as for `draw_figure`.
    dpi : int
        Dots per inch of the PNG.
    progress : callable, optional
        Called with the name of each figure before it is drawn.

    Returns
    -------
    list of DrawnFigure
        In the order of a paper, or of `names`.

    Raises
    ------
    InputError
        When a figure of the robustness is named and none is passed.
    ValueError
        When there is no such figure, language or width, or a figure cannot be read at that width.
    """
    say = progress or (lambda _: None)
    if unknown := set(languages) - set(LANGUAGES):
        raise ValueError(f"languages must be of {', '.join(LANGUAGES)}, not {sorted(unknown)}")
    chosen = tuple(names) if names is not None else list_figures(robustness)
    for name in chosen:
        _check_name(name)
        _check_width(name, width, journal)
    results, made = Results(study, robustness), []
    for name in chosen:
        say(f"figure {name}")
        drawn = save_drawing(results, name, folder, languages, width, journal, dpi)
        made += [drawn] if drawn else []
    return made


def save_drawing(
    results: Results,
    name: str,
    folder: str | Path,
    languages: Sequence[Language] = LANGUAGES,
    width: Width | None = None,
    journal: Journal | None = None,
    dpi: int = 300,
) -> DrawnFigure | None:
    """Draw and save one figure, as `draw_figures` does; None when there is nothing for it."""
    drawing = DRAWINGS[name]
    rows = drawing.rows(results)
    if not drawing.applies(rows):
        return None
    captions: dict[Language, str] = {
        language: drawing.caption(results, rows, language) for language in LANGUAGES
    }
    stems = {language: Path(folder) / f"{name}-{language}" for language in languages}
    for language, stem in stems.items():
        with _size(width, journal):
            figure = _figure_of(drawing.draw(results, rows, language))
        provenance = results.study.provenance
        figures.save_figure(
            figure, stem, data=rows, captions=captions, provenance=provenance, dpi=dpi
        )
    return DrawnFigure(name, stems, captions)


def draw_figure(
    name: str,
    study: Study,
    *,
    language: Language = "zh",
    robustness: Robustness | None = None,
    width: Width | None = None,
    journal: Journal | None = None,
) -> Axes:
    """Draw one figure of a study by name, in the size of a journal's column or of a slide.

    Parameters
    ----------
    name : str
        Which figure, of `topic-shares`, `change-origin`, `clause-topic-map`, `clause-links`,
        `part-shift`, `addressee-shift`, `word-shift` and `redline`; with `robustness` also
        `robustness` and `specifications`.
    study : Study
        The study.
    language : {"zh", "en"}
        Language of all labels.
    robustness : Robustness, optional
        What `assess_robustness` found in this study, by clauses.
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
    _check_name(name)
    _check_width(name, width, journal)
    results, drawing = Results(study, robustness), DRAWINGS[name]
    with _size(width, journal):
        return drawing.draw(results, drawing.rows(results), language)


def _check_name(name: str) -> None:
    if name not in DRAWINGS:
        raise ValueError(f"figure {name!r}: pass one of {', '.join(DRAWINGS)}")


def _check_width(name: str, width: Width | None, journal: Journal | None) -> None:
    """Refuse a width at which the figure cannot be read, and say which it has."""

    def fits(width: Width) -> bool:
        if width == "slide":
            return drawing.slide
        return figures.figure_size(width, journal=journal)[0] * 25.4 >= drawing.least_mm

    if width is None and journal is None:
        return
    drawing, width = DRAWINGS[name], width or "double"
    figures.figure_size(width, journal=journal)  # refuses what is no width
    widths: tuple[Width, ...] = ("single", "double", "slide")
    if not fits(width):
        fitting = [other for other in widths if (not journal or other != "slide") and fits(other)]
        raise ValueError(
            f"figure {name} cannot be read at width {width!r}; pass {' or '.join(fitting)}"
        )


def _size(width: Width | None, journal: Journal | None) -> AbstractContextManager[None]:
    """Return the style of a size, or none for that of the figure or of the style in force."""
    if width is None and journal is None:
        return nullcontext()
    return figures.print_style(width=width or "double", journal=journal)


def _figure_of(ax: Axes) -> Figure:
    figure = ax.get_figure(root=True)
    assert figure is not None  # noqa: S101 - axes drawn here stand in a figure
    return figure
