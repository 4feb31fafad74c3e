"""What a study writes: tables, comparison, figures, report, provenance; all of it or nothing."""

from __future__ import annotations

import json
import os
import shutil
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from resanalysis import export, sentences, shift
from resanalysis.model import (
    Language,
    Study,
    input_error,
)
from resanalysis.robustness import describe_verdict
from resanalysis.study import CHAIN, Progress

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from resanalysis.figures import FigureName
    from resanalysis.robustness import Robustness

LANGUAGES: tuple[Language, ...] = ("zh", "en")

FIGURES: tuple[FigureName, ...] = (
    "topic-shares",
    "change-origin",
    "clause-topic-map",
    "part-shift",
)
"""Names of the figures of a study, in the order of a paper."""

ROBUSTNESS_STEPS = ("choices", "readings", "figure robustness")
"""What a run with robustness is told besides."""

STEPS = (
    *CHAIN,
    *("tables", "comparison", *(f"figure {name}" for name in FIGURES), "report"),
)
"""Names of the steps of a run, as `progress` is told them."""


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


def write_study(
    study: Study,
    out: str | Path,
    *,
    robustness: Robustness | None = None,
    progress: Progress | None = None,
) -> Path:
    """Write tables, comparison, figures, report and provenance of a study.

    Everything is made in a folder beside and moved into place at the end, so that `out` never
    holds half a result.

    Parameters
    ----------
    study : Study
        The study.
    out : str or Path
        Folder for `tables/`, `comparison/`, `figures/`, `report.html` and `provenance.json`; what
        it held of these is replaced, other files stay.
    robustness : Robustness, optional
        What `assess_robustness` found in this study, by clauses: its tables and a figure are
        written too, and the report says of every finding whether it survives.
    progress : callable, optional
        Called with the name of each step before it begins.
    """
    say = progress or (lambda _: None)
    out = Path(out)
    check_out(out)
    if robustness:
        _check_robustness(study, robustness)
    was_there = out.exists()
    staging = out / ".partial"
    try:
        shutil.rmtree(staging, ignore_errors=True)
        staging.mkdir(parents=True)
        say("tables")
        tables = {**study.tables, **derive_tables(study)}
        tables |= robustness.tables if robustness else {}
        export.write_tables(tables, staging / "tables")
        say("comparison")
        export.write_comparison(study, staging / "comparison")
        figures = draw_figures(study, staging / "figures", progress=say)
        if robustness:
            say("figure robustness")
            figures.append(_draw_robustness(study, robustness, staging / "figures"))
        say("report")
        export.write_report(
            study,
            staging / "report.html",
            findings=_findings(study, robustness),
            figures=figures,
        )
        (staging / "provenance.json").write_text(
            json.dumps(_describe_run(study, robustness), ensure_ascii=False, indent=2) + "\n",
            "utf-8",
            newline="\n",
        )
        _put_in_place(staging, out)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
        if not was_there:
            with suppress(OSError):
                out.rmdir()  # empty when something failed
    return out


def _check_robustness(study: Study, robustness: Robustness) -> None:
    """Refuse verdicts that are not on the findings of the study, which count clauses."""
    made = set(robustness.verdicts["corpus"])
    if made != {study.corpus.id} or robustness.unit != "clause":
        raise input_error(
            "robustness",
            "",
            f"it is of {', '.join(sorted(made))}, counted by {robustness.unit}; the report is of "
            f"{study.corpus.id}, counted by clause",
            "Pass what assess_robustness gives for this study with unit='clause'",
        )


def _describe_run(study: Study, robustness: Robustness | None) -> dict[str, Any]:
    """Return the provenance of the study, with how its robustness was asked."""
    if robustness is None:
        return dict(study.provenance)
    first = robustness.verdicts.iloc[0]
    asked = {"unit": robustness.unit, "readings": first["reading_model"]}
    asked["choices"] = int(first["choices_tried"])
    return {**study.provenance, "robustness": asked}


def check_out(out: str | Path) -> None:
    """Raise an `InputError` when results cannot be written to the folder `out`."""
    out = Path(out)
    nearest = next(path for path in (out, *out.absolute().parents) if path.exists())
    if not nearest.is_dir():
        raise input_error(nearest, "", "is a file, not a folder", "Name another folder with --out")
    if not os.access(nearest, os.W_OK | os.X_OK):
        raise input_error(nearest, "", "cannot be written to", "Name another folder with --out")


def _put_in_place(made: Path, out: Path) -> None:
    """Move what is in `made` into `out`; when a move fails, what was there comes back."""
    entries = sorted(made.iterdir())
    replaced = made / ".replaced"
    replaced.mkdir()
    moved: list[Path] = []
    try:
        for entry in entries:
            target = out / entry.name
            if target.exists():
                target.rename(replaced / entry.name)
            moved.append(entry)
            entry.rename(target)
    except BaseException:
        for entry in moved:
            target = out / entry.name
            if target.exists():
                target.rename(entry)
            if (replaced / entry.name).exists():
                (replaced / entry.name).rename(target)
        raise


def _findings(study: Study, robustness: Robustness | None) -> dict[str, dict[Language, str]]:
    """Return plain sentences by topic and language for every topic that an edition has."""
    findings: dict[str, dict[Language, str]] = {}
    for topic, rows in study.shift.groupby("topic", sort=False):
        for language in LANGUAGES:
            for sentence in sentences.summarize_topics(
                rows,
                study.codebook,
                old_label=study.corpus.old.label(language),
                new_label=study.corpus.new.label(language),
                language=language,
            ):
                findings.setdefault(str(topic), {})[language] = sentence
    if robustness:
        for topic, said in findings.items():
            for language in LANGUAGES:
                rows = robustness.verdicts[robustness.verdicts["topic"] == topic]
                said[language] += describe_verdict(rows, language=language)
    return findings


def _draw_robustness(
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
