"""The clauses of each topic and the terms that made them its clauses: where numbers lead."""

from __future__ import annotations

from collections import Counter
from html import escape
from typing import Any

from resanalysis.export.pairs import VERSIONS
from resanalysis.export.report.marking import group_tags
from resanalysis.export.report.parts import (
    chinese,
    clause_anchor,
    counted_ids,
    filter_id,
    link,
    show,
)
from resanalysis.export.tables import list_records
from resanalysis.model import Language, Study, Topic

_WORDS: dict[str, dict[Language, str]] = {
    "terms": {"zh": "词条与次数：", "en": "Terms and hits: "},
    "clauses": {"zh": "{edition}，{n}条：", "en": "{edition}, {n} of its clauses: "},
    "bare": {"zh": "{edition}，{all}条中{n}条：", "en": "{edition}, {n} of {all} clauses: "},
    "none": {"zh": "无", "en": "none"},
}

Tagged = dict[tuple[str, str], list[dict[str, Any]]]


def write_evidence(study: Study, language: Language) -> str:
    """Return for each topic its definition, its terms with their hits, and links to its clauses."""
    tags, names = group_tags(study), _name_clauses(study)
    topics = study.codebook.topics
    return "\n".join(_write_topic(study, topic, tags, names, language) for topic in topics)


def write_untagged(study: Study, language: Language) -> str:
    """Return how many counted clauses have no topic, and which, as the items of a list."""
    tags, names = group_tags(study), _name_clauses(study)
    items = []
    for version in VERSIONS:
        counted = counted_ids(study, version)
        bare = [name for name in counted if (version, name) not in tags]
        label = study.corpus.edition(version).label(language)
        said = _WORDS["bare"][language].format(edition=label, n=len(bare), all=len(counted))
        items.append(f"<li>{show(said)}{_links(version, bare, names, language)}</li>")
    return "\n".join(items)


def _name_clauses(study: Study) -> dict[tuple[str, str], str]:
    """Return what a reader calls each clause: the heading it stands under and its own label."""
    return {
        (row["version"], row["clause_id"]): f"{row['heading']} {row['marker']}".strip()
        or row["clause_id"]
        for row in list_records(study.clauses)
    }


def _write_topic(
    study: Study, topic: Topic, tags: Tagged, names: dict[tuple[str, str], str], language: Language
) -> str:
    terms: Counter[str] = Counter()
    lines = []
    for version in VERSIONS:
        found = []
        for name in counted_ids(study, version):
            own = [tag for tag in tags.get((version, name), []) if tag["topic"] == topic.id]
            # Words that several rules share are one occurrence.
            terms.update(term for term, _, _ in {(t["term"], t["start"], t["end"]) for t in own})
            found += [name] if own else []
        label = study.corpus.edition(version).label(language)
        said = _WORDS["clauses"][language].format(edition=label, n=len(found))
        anchor = filter_id(topic=topic.id, **{"in": version})
        lines.append(
            f'<p id="{escape(anchor)}">{show(said)}{_links(version, found, names, language)}</p>'
        )
    # By number, then as the codebook lists nothing between them: by the term itself.
    ordered = sorted(terms.items(), key=lambda item: (-item[1], item[0]))
    hits = "、".join(f"{show(term)} {count}" for term, count in ordered)
    shown = f"<span{chinese(language)}>{hits}</span>" if hits else _WORDS["none"][language]
    return (
        f'<section class="topic" id="{escape(filter_id(topic=topic.id))}">\n'
        f"<h3>{show(topic.label[language])}</h3>\n<p>{show(topic.definition[language])}</p>\n"
        f"<p>{_WORDS['terms'][language]}{shown}</p>\n" + "\n".join(lines) + "\n</section>"
    )


def _links(
    version: str, found: list[str], names: dict[tuple[str, str], str], language: Language
) -> str:
    between = "、" if language == "zh" else ", "
    links = between.join(
        link(clause_anchor(version, name), show(names[version, name])) for name in found
    )
    return f"<span{chinese(language)}>{links}</span>" if links else _WORDS["none"][language]
