"""What a study found, in plain sentences with their verdicts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from resanalysis import sentences
from resanalysis.export import Finding
from resanalysis.model import Language, Study
from resanalysis.robustness import describe_verdict

if TYPE_CHECKING:
    from resanalysis.robustness import Robustness

JUDGED = ("count", "share")
"""What a verdict is given on."""


def list_findings(
    study: Study, robustness: Robustness | None, *, language: Language
) -> dict[str, Finding]:
    """Return a finding for every topic that an edition has, by topic."""
    findings: dict[str, Finding] = {}
    for topic, rows in study.shift.groupby("topic", sort=False):
        for sentence in sentences.summarize_topics(
            rows,
            study.codebook,
            old_label=study.corpus.old.label(language),
            new_label=study.corpus.new.label(language),
            language=language,
        ):
            findings[str(topic)] = _judge(sentence, str(topic), robustness, language)
    return findings


def _judge(sentence: str, topic: str, robustness: Robustness | None, language: Language) -> Finding:
    """Return the sentence with the verdicts on it, where they were asked."""
    if robustness is None:
        return Finding(sentence)
    rows = robustness.verdicts[robustness.verdicts["topic"].eq(topic)]
    by_measure = rows.set_index("measure")["verdict"]
    return Finding(
        sentence,
        verdict=describe_verdict(rows, language=language, measures=JUDGED).strip(),
        standing={measure: str(by_measure[measure]) for measure in JUDGED},
    )
