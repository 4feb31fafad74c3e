"""The whole chain in one call, what it writes, and the check of everything it would read."""

from __future__ import annotations

import hashlib
import json
import platform
import shutil
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from resanalysis import alignment, codebook, corpus, export, pipeline, redline, shift, structure
from resanalysis.model import (
    Codebook,
    Corpus,
    InputError,
    Language,
    Problem,
    Study,
    input_error,
)
from resanalysis.redline.compare import compare_versions

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from resanalysis.printing import FigureName

_PACKAGES = ("jieba", "matplotlib", "numpy", "pandas", "rapidfuzz", "scipy", "spacy")
LANGUAGES: tuple[Language, ...] = ("zh", "en")

FIGURES: tuple[FigureName, ...] = (
    "topic-shares",
    "change-origin",
    "clause-topic-map",
    "part-shift",
)
"""Names of the figures of a study, in the order of a paper."""

STEPS = (
    *("recover", "parse", "tokenize", "tag", "align", "count"),
    *("tables", *(f"figure {name}" for name in FIGURES), "report"),
)
"""Names of the steps of a run, as `progress` is told them."""

Progress = Callable[[str], None]


def recover_corpus(source: Corpus) -> redline.Redline:
    """Return the two versions inside a corpus' source, its readers' decisions applied."""
    return redline.recover_versions(
        source.source.text,
        cut=pipeline.make_segmenter(()).cut,
        decisions=source.decisions,
        corpus=source.id,
        decisions_name=str(source.path / corpus.DECISIONS),
    )


def run_study(
    path: str | Path,
    *,
    codebook_path: str | Path | None = None,
    hmm: bool = False,
    reading: pipeline.Reading = "broad",
    threshold: float = 0.5,
    draws: int = 2000,
    seed: int = 0,
    progress: Progress | None = None,
) -> Study:
    """Run the whole chain on a corpus folder.

    Parameters
    ----------
    path : str or Path
        The corpus folder.
    codebook_path : str or Path, optional
        A codebook to use instead of the packaged general one (extended by the corpus' own
        `codebook.toml` where there is one).
    hmm : bool
        Whether jieba guesses words that are in no dictionary.
    reading : {"broad", "strict"}
        Core and peripheral terms, or core terms only.
    threshold : float
        Similarity from which two clauses are a pair, 0 to 1.
    draws, seed : int
        Draws and seed of the bootstrap.
    progress : callable, optional
        Called with the name of each step before it begins.

    Returns
    -------
    Study
        All tables, and what made them.

    Raises
    ------
    InputError
        When the corpus or the codebook is at fault.

    Examples
    --------
    >>> study = run_study("corpora/itu-pp-res-182")
    >>> "".join(study.segments["text"]) == study.corpus.source.text
    True
    """
    say = progress or (lambda _: None)
    source = corpus.read_corpus(path)
    own = source.path / corpus.CODEBOOK
    book = codebook.read_codebook(codebook_path, extend=own if own.exists() else None)
    say("recover")
    versions = recover_corpus(source)
    say("parse")
    clauses = pd.concat(
        [
            structure.parse_resolution(
                versions.text(version), corpus=source.id, edition=edition.id, version=version
            )
            for version, edition in (("old", source.old), ("new", source.new))
        ],
        ignore_index=True,
    )
    say("tokenize")
    frequencies = pipeline.word_frequencies(source.lexicon)
    tokens = pipeline.tokenize(clauses, frequencies, hmm=hmm)
    say("tag")
    tags = pipeline.tag_topics(clauses, book, tokens, reading=reading)
    say("align")
    pairs = alignment.align_clauses(clauses, versions.segments, threshold=threshold)
    say("count")
    topics = [topic.id for topic in book.topics]
    table = shift.topic_shift(clauses, tokens, tags, pairs, topics, draws=draws, seed=seed)
    options = {
        "hmm": hmm,
        "reading": reading,
        "threshold": threshold,
        "draws": draws,
        "seed": seed,
    }
    return Study(
        corpus=source,
        codebook=book,
        old_text=versions.text("old"),
        new_text=versions.text("new"),
        segments=versions.segments,
        alternatives=versions.alternatives,
        clauses=clauses,
        tokens=tokens,
        tags=tags,
        pairs=pairs,
        shift=table,
        provenance=_describe_run(source, book, options, frequencies, versions.notes),
    )


def _describe_run(
    source: Corpus,
    book: Codebook,
    options: dict[str, Any],
    frequencies: dict[str, int],
    notes: tuple[str, ...],
) -> dict[str, Any]:
    """Return what made the study: versions, hashes, options; no time, so that runs compare."""
    lock = Path(__file__).parents[1] / "requirements.lock"
    words = json.dumps(frequencies, ensure_ascii=False, sort_keys=True)
    return {
        "resanalysis": metadata.version("resanalysis"),
        "python": platform.python_version(),
        "packages": {name: metadata.version(name) for name in _PACKAGES},
        "lock_sha256": hashlib.sha256(lock.read_bytes()).hexdigest() if lock.exists() else None,
        "corpus": source.id,
        "editions": {"old": source.old.id, "new": source.new.id},
        "versions": "recovered; official texts were not consulted",
        "files_sha256": dict(source.hashes),
        "source": {
            "encoding": source.source.encoding,
            "newline": source.source.newline,
            "bom": source.source.bom,
        },
        "codebook": {"id": book.id, "version": book.version, "sha256": book.sha256},
        "lexicon": {
            "words": len(frequencies),
            "frequencies_sha256": hashlib.sha256(words.encode()).hexdigest(),
        },
        "options": options,
        "slips_in_the_source": list(notes),
    }


# --- what a study writes ------------------------------------------------------------------------


def write_study(study: Study, out: str | Path, *, progress: Progress | None = None) -> Path:
    """Write tables, figures, report and provenance of a study.

    Everything is made in a folder beside and moved into place at the end, so that `out` never
    holds half a result.

    Parameters
    ----------
    study : Study
        The study.
    out : str or Path
        Folder for `tables/`, `figures/`, `report.html` and `provenance.json`; what it held of
        these is replaced, other files stay.
    progress : callable, optional
        Called with the name of each step before it begins.
    """
    say = progress or (lambda _: None)
    out = Path(out)
    staging = out / ".partial"
    shutil.rmtree(staging, ignore_errors=True)
    staging.mkdir(parents=True)
    try:
        say("tables")
        export.write_tables(study.tables, staging / "tables")
        figures = draw_figures(study, staging / "figures", progress=say)
        say("report")
        sentences = {
            language: shift.summarize_topics(
                study.shift,
                study.codebook,
                old_label=study.corpus.old.label(language),
                new_label=study.corpus.new.label(language),
                language=language,
            )
            for language in LANGUAGES
        }
        export.write_report(study, staging / "report.html", sentences=sentences, figures=figures)
        (staging / "provenance.json").write_text(
            json.dumps(study.provenance, ensure_ascii=False, indent=2) + "\n", "utf-8"
        )
        for made in sorted(staging.iterdir()):
            target = out / made.name
            if target.is_dir():
                shutil.rmtree(target)
            made.replace(target)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return out


def draw_figures(
    study: Study, folder: str | Path, *, progress: Progress | None = None
) -> list[tuple[Path, dict[Language, str]]]:
    """Draw and save every figure of a study in both languages, with data, caption, provenance.

    Returns
    -------
    list of (Path, dict)
        The Chinese PNG and the captions by language of each figure.
    """
    from resanalysis import printing  # matplotlib is slow to import

    say = progress or (lambda _: None)
    made = []
    for name in FIGURES:
        say(f"figure {name}")
        captions: dict[Language, str] = {
            language: printing.figure_caption(
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
            printing.save_figure(
                draw_figure(name, study, language=language).get_figure(root=True),
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


# --- checks -------------------------------------------------------------------------------------


def compare_official(path: str | Path, *, edition: str | None = None) -> pd.DataFrame:
    """Return how the recovered versions differ from the published texts in `official/`.

    Parameters
    ----------
    path : str or Path
        The corpus folder.
    edition : str, optional
        Id of one edition; every edition with a published text when left out.

    Returns
    -------
    DataFrame
        `edition`, then the columns of `redline.compare.compare_versions`.

    Raises
    ------
    InputError
        When there is no published text to compare with.
    """
    source = corpus.read_corpus(path)
    wanted = [edition] if edition else list(source.official)
    missing = [name for name in wanted if name not in source.official]
    if missing or not wanted:
        raise input_error(
            source.path / "official",
            ", ".join(missing),
            "no published text to compare with",
            f"Put it there as <edition>.txt ({source.old.id}.txt, {source.new.id}.txt)",
        )
    versions = recover_corpus(source)
    roles = {source.old.id: "old", source.new.id: "new"}
    tables = []
    for name in wanted:
        table = compare_versions(versions.text(roles[name]), source.official[name])
        table.insert(0, "edition", name)
        tables.append(table)
    return pd.concat(tables, ignore_index=True)


def check_corpus(path: str | Path) -> list[Problem]:
    """Return every problem of a corpus folder and its codebook, errors and warnings.

    Parameters
    ----------
    path : str or Path
        The corpus folder.
    """
    problems: list[Problem] = []
    folder = Path(path)
    own = folder / corpus.CODEBOOK
    if own.exists():
        problems += codebook.check_codebook(None, extend=own)
    try:
        source = corpus.read_corpus(folder)
    except InputError as error:
        return [*error.problems, *problems]
    problems += corpus.find_placeholders(source)
    lexicon = folder / corpus.LEXICON
    problems += [
        Problem(
            "error",
            str(lexicon),
            word,
            "jieba cannot hold this word",
            "Leave it out: words with white space, / or other marks are matched as characters",
        )
        for word in pipeline.unusable_words(source.lexicon)
    ]
    try:
        versions = recover_corpus(source)
        problems += [
            Problem(
                "warning",
                str(folder / source.source.name),
                note,
                "the numbering slips here",
                "Nothing to do if the slip is in the text as received",
            )
            for note in versions.notes
        ]
        for version in ("old", "new"):
            structure.parse_resolution(versions.text(version), corpus=str(folder), version=version)
    except InputError as error:
        problems += error.problems
    return problems
