"""Which figures a study has, and for each what is drawn, how, and with what caption."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypedDict

from resanalysis import figures, shift
from resanalysis.model import Language, Study, input_error
from resanalysis.results.redlining import redline_runs

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from resanalysis.figures import FigureName
    from resanalysis.robustness import Robustness


@dataclass(frozen=True)
class Results:
    """What figures are drawn from: a study, and what was found of its robustness, if asked.

    Raises
    ------
    InputError
        When the robustness is of another study, or by another unit than the figures, which count
        clauses.
    """

    study: Study
    robustness: Robustness | None = None

    def __post_init__(self) -> None:
        """Refuse verdicts that are not on the findings of the study."""
        if self.robustness is None:
            return
        study, unit = self.study, self.robustness.unit
        made = set(self.robustness.verdicts["corpus"])
        if made != {study.corpus.id} or unit != "clause":
            raise input_error(
                "robustness",
                "",
                f"it is of {', '.join(sorted(made))}, counted by {unit}; figures and report are "
                f"of {study.corpus.id}, counted by clause",
                "Pass what assess_robustness gives for this study with unit='clause'",
            )

    @property
    def asked(self) -> Robustness:
        """What was found of the study's robustness."""
        if self.robustness is None:
            raise input_error(
                "robustness",
                "",
                "this figure is drawn from it, and it was not asked",
                "Pass robustness=assess_robustness(study)",
            )
        return self.robustness


@dataclass(frozen=True)
class Drawing:
    """How a figure is made.

    `rows` gives the table that is drawn and saved, which `draw` and `caption` are given back;
    `applies` says whether there is anything to draw in it. In less than `least_mm` of width the
    figure cannot be read, and without `slide` not on a slide. The report leaves out what is not
    `in_report`.
    """

    rows: Callable[[Results], pd.DataFrame]
    draw: Callable[[Results, pd.DataFrame, Language], Axes]
    caption: Callable[[Results, pd.DataFrame, Language], str]
    applies: Callable[[pd.DataFrame], bool] = lambda _: True
    least_mm: float = 80.0
    slide: bool = True
    of_robustness: bool = False
    in_report: bool = True


class _Labels(TypedDict):
    old_label: str
    new_label: str
    language: Language


def _name_editions(results: Results, language: Language) -> _Labels:
    """Return the options that most plot functions share."""
    corpus = results.study.corpus
    return {
        "old_label": corpus.old.label(language),
        "new_label": corpus.new.label(language),
        "language": language,
    }


def _count_clauses(breakdown: str) -> Callable[[Results], pd.DataFrame]:
    """Return what takes the rows of `shift` of a breakdown, counted by clauses."""

    def choose(results: Results) -> pd.DataFrame:
        rows = results.study.shift
        return rows[rows["unit"].eq("clause") & rows["breakdown"].eq(breakdown)]

    return choose


def _list_tags(results: Results) -> pd.DataFrame:
    keys = ["version", "clause_id", "topic"]
    return results.study.tags[keys].drop_duplicates().reset_index(drop=True)


def _list_links(results: Results) -> pd.DataFrame:
    return results.study.pairs


def _shift_words(results: Results) -> pd.DataFrame:
    study = results.study
    return shift.word_shift(study.clauses, study.tokens, study.pairs)


def _judge_shares(results: Results) -> pd.DataFrame:
    verdicts = results.asked.verdicts
    return verdicts[verdicts["measure"].eq("share")]


def _try_choices(results: Results) -> pd.DataFrame:
    """Return the choices for the topic whose share changed most, the first of equals."""
    verdicts = _judge_shares(results)
    topic = str(verdicts.set_index("topic")["value"].abs().idxmax())
    choices = results.asked.choices
    return choices[choices["topic"].eq(topic)]


def _draw_tables(plot: Callable[..., Axes]) -> Callable[[Results, pd.DataFrame, Language], Axes]:
    """Return what draws a figure of clauses, tags and pairs."""

    def draw(results: Results, _: pd.DataFrame, language: Language) -> Axes:
        study = results.study
        tables = study.clauses, study.tags, study.pairs
        return plot(*tables, study.codebook, **_name_editions(results, language))

    return draw


def _draw_rows(plot: Callable[..., Axes]) -> Callable[[Results, pd.DataFrame, Language], Axes]:
    """Return what draws a figure of its rows and the codebook."""
    return lambda results, rows, language: plot(
        rows, results.study.codebook, **_name_editions(results, language)
    )


def _draw_specifications(results: Results, rows: pd.DataFrame, language: Language) -> Axes:
    readings, book = results.asked.readings, results.study.codebook
    topic = rows["topic"].iloc[0]
    return figures.plot_specifications(rows, readings, book, topic, language=language)


def _caption_shift(name: FigureName) -> Callable[[Results, pd.DataFrame, Language], str]:
    """Return what captions a figure whose numbers stand in the table `shift`."""

    def caption(results: Results, _: pd.DataFrame, language: Language) -> str:
        study = results.study
        tables = study.shift, study.corpus, study.codebook
        return figures.figure_caption(name, *tables, language=language, pairs=study.pairs)

    return caption


def _caption_links(results: Results, _: pd.DataFrame, language: Language) -> str:
    study = results.study
    tables = study.clauses, study.pairs, study.corpus, study.codebook
    return figures.clause_links_caption(*tables, language=language)


def _caption_rows(caption: Callable[..., str]) -> Callable[[Results, pd.DataFrame, Language], str]:
    """Return what captions a figure from its rows, the corpus and the codebook."""
    return lambda results, rows, language: caption(
        rows, results.study.corpus, results.study.codebook, language=language
    )


_WHY_THIS_TOPIC: Mapping[Language, str] = {
    "zh": "份额变化最大的主题。",
    "en": "The topic whose share changed most. ",
}


def _caption_specifications(results: Results, rows: pd.DataFrame, language: Language) -> str:
    study, verdicts = results.study, results.asked.verdicts
    caption = figures.robustness_caption
    topic = rows["topic"].iloc[0]
    shown = caption(verdicts, study.corpus, study.codebook, language=language, topic=topic)
    return _WHY_THIS_TOPIC[language] + shown


# A new figure is one entry here; the order is that of a paper.
DRAWINGS: Mapping[str, Drawing] = {
    "topic-shares": Drawing(
        rows=_count_clauses("total"),
        draw=_draw_rows(figures.plot_topic_shares),
        caption=_caption_shift("topic-shares"),
    ),
    "change-origin": Drawing(
        rows=_count_clauses("total"),
        draw=lambda results, rows, language: figures.plot_change_origin(
            rows, results.study.codebook, language=language
        ),
        caption=_caption_shift("change-origin"),
    ),
    "clause-topic-map": Drawing(
        rows=_list_tags,
        draw=_draw_tables(figures.plot_clause_topic_map),
        caption=_caption_shift("clause-topic-map"),
        least_mm=140.0,
        slide=False,  # a hundred clauses have less than 2 mm each
    ),
    "clause-links": Drawing(
        rows=_list_links,
        draw=_draw_tables(figures.plot_clause_links),
        caption=_caption_links,
        least_mm=140.0,
        slide=False,
    ),
    "part-shift": Drawing(
        rows=_count_clauses("part"),
        draw=_draw_rows(figures.plot_part_shift),
        caption=_caption_shift("part-shift"),
        applies=lambda rows: any(
            figures.has_part(rows, part) for part in ("preambular", "operative")
        ),
        least_mm=140.0,
    ),
    "addressee-shift": Drawing(
        rows=_count_clauses("addressee"),
        draw=_draw_rows(figures.plot_addressee_shift),
        caption=_caption_shift("addressee-shift"),
        applies=lambda rows: figures.has_addressees(rows),
        least_mm=140.0,
    ),
    "word-shift": Drawing(
        rows=_shift_words,
        draw=lambda results, rows, language: figures.plot_word_shift(
            rows, **_name_editions(results, language)
        ),
        caption=_caption_rows(figures.word_shift_caption),
        applies=lambda rows: bool(rows["word"].ne("").any()),
    ),
    "redline": Drawing(
        rows=lambda results: redline_runs(results.study),
        draw=_draw_rows(figures.plot_redline),
        caption=_caption_rows(figures.redline_caption),
        applies=lambda rows: not rows.empty,
        least_mm=140.0,
        slide=False,  # clauses of 400 characters
        in_report=False,  # which shows every pair of clauses so
    ),
    "robustness": Drawing(
        rows=_judge_shares,
        draw=lambda results, rows, language: figures.plot_robustness(
            rows, results.study.codebook, language=language
        ),
        caption=_caption_rows(figures.robustness_caption),
        least_mm=140.0,
        of_robustness=True,
    ),
    "specifications": Drawing(
        rows=_try_choices,
        draw=_draw_specifications,
        caption=_caption_specifications,
        least_mm=140.0,
        of_robustness=True,
    ),
}

FIGURES: tuple[str, ...] = tuple(name for name in DRAWINGS if not DRAWINGS[name].of_robustness)
"""Names of the figures of a study, in the order of a paper."""

ROBUSTNESS_FIGURES: tuple[str, ...] = tuple(
    name for name in DRAWINGS if DRAWINGS[name].of_robustness
)
"""Names of the figures of its robustness, which come after the others."""

REPORT_FIGURES: tuple[str, ...] = tuple(name for name in DRAWINGS if DRAWINGS[name].in_report)
"""Names of the figures in its report, those of the robustness among them."""
