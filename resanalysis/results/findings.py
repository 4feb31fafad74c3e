"""What a study found, in plain sentences with their verdicts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from resanalysis import sentences
from resanalysis.model import LANGUAGES, Language, Study
from resanalysis.robustness import describe_verdict

if TYPE_CHECKING:
    from resanalysis.robustness import Robustness


def list_findings(study: Study, robustness: Robustness | None) -> dict[str, dict[Language, str]]:
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
