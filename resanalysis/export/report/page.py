"""The page from its sections, with style and script inside it."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from importlib import resources
from string import Template

from resanalysis.export.report.certainty import write_certainty, write_places
from resanalysis.export.report.comparison import list_rows, write_rows
from resanalysis.export.report.evidence import write_evidence, write_untagged
from resanalysis.export.report.figures import write_figures, write_figures_link
from resanalysis.export.report.filters import write_filters
from resanalysis.export.report.findings import write_findings
from resanalysis.export.report.guidance import write_guidance, write_limits
from resanalysis.export.report.overview import write_key_numbers, write_summary
from resanalysis.export.report.parts import Finding, PlacedFigure, show
from resanalysis.export.report.provenance import cite_bibtex, cite_plain, write_facts, write_record
from resanalysis.export.report.topics import write_topics
from resanalysis.export.report.words import name_words
from resanalysis.export.wording import name_body
from resanalysis.model import Language, Study


def make_page(
    study: Study,
    *,
    language: Language = "zh",
    findings: Mapping[str, Finding],
    figures: Sequence[PlacedFigure] = (),
) -> str:
    """Return a study as one HTML page in one language: findings, figures, numbers, 修订对照表.

    Nothing is loaded from elsewhere: style, script and figures stand in the page, which forbids
    all else by a policy of its own. Every number leads to the clauses that make it. The script
    only filters; without it everything is shown. The same study gives the same page.

    Parameters
    ----------
    study : Study
        The study.
    language : {"zh", "en"}
        Language of the page; the resolution itself stays Chinese.
    findings : mapping of str to Finding
        What is said of each topic, by its id, in the page's language.
    figures : sequence of PlacedFigure
        Figures in their order, labelled in the page's language.

    Examples
    --------
    >>> from resanalysis.study import run_study
    >>> page = make_page(run_study("tests/data/small", draws=0), language="en", findings={})
    >>> page.count("<title>"), "src=" in page
    (1, False)
    """
    corpus = study.corpus
    rows = list_rows(study)
    style, script = _read("report.css"), _read("report.js")
    is_uncertain = any(row.is_uncertain for row in rows)
    origin = corpus.describe_origin(language)
    return Template(_read("report.html")).substitute(
        name_words(language),
        language="zh-Hans" if language == "zh" else "en",
        policy=_policy(style, script),
        style=style,
        script=script,
        title=show(corpus.title[language]),
        resolution=show(name_body(study, language)),
        old=show(corpus.old.label(language)),
        new=show(corpus.new.label(language)),
        origin=show(origin[:1].upper() + origin[1:] + ("。" if language == "zh" else ".")),
        places=write_places(study, language, is_shown=is_uncertain),
        key_numbers=write_key_numbers(study, rows, language),
        summary=write_summary(study, findings, language),
        guidance=write_guidance(study, findings, language),
        limits=write_limits(study, language),
        findings=write_findings(study, findings, language),
        figures=write_figures(figures, language),
        figures_link=write_figures_link(figures, language),
        topics=write_topics(study, findings, language),
        certainty=write_certainty(study, language),
        filters=write_filters(rows, study, language),
        rows=write_rows(rows, study, language),
        evidence=write_evidence(study, language),
        untagged=write_untagged(study, language),
        cite_plain=show(cite_plain(study, language)),
        cite_bibtex=show(cite_bibtex(study)),
        rights=show(corpus.rights.get(language, "")),
        facts=write_facts(study, language),
        record=write_record(study),
    )


def _read(name: str) -> str:
    return resources.files("resanalysis").joinpath("data", name).read_text("utf-8")


def _policy(style: str, script: str) -> str:
    """Return what the page may load: its own style and script by their hashes, images inside it."""
    allowed = [
        "default-src 'none'",
        "img-src data:",
        f"style-src {_hash(style)}",
        f"script-src {_hash(script)}",
        "base-uri 'none'",
        "form-action 'none'",
    ]
    return "; ".join(allowed)


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
