"""The controls above the 修订对照表; without script they are not shown, and every row is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from html import escape

from resanalysis.export.pairs import CHANGES
from resanalysis.export.report.comparison import ComparedRow
from resanalysis.export.report.parts import show, total_rows
from resanalysis.export.tables import list_records
from resanalysis.model import Language, Study

_WORDS: dict[str, dict[Language, str]] = {
    "topic": {"zh": "主题", "en": "Topic"},
    "in": {"zh": "见于", "en": "Found in"},
    "change": {"zh": "变动", "en": "Change"},
    "part": {"zh": "部分", "en": "Part"},
    "to": {"zh": "行动方", "en": "Who is to act"},
    "sure": {"zh": "确定程度", "en": "Certainty"},
    "all": {"zh": "全部", "en": "all"},
    "either": {"zh": "任一版", "en": "either edition"},
    "unsure": {"zh": "仅含不确定处", "en": "with uncertain places only"},
    "clear": {"zh": "全部显示", "en": "Show all"},
    "legend": {"zh": "筛选条款", "en": "Choose clauses"},
    "shown": {"zh": "显示 {n} / {all} 行", "en": "{n} of {all} rows shown"},
    "none": {"zh": "没有符合条件的行。", "en": "No row fits."},
}

PARTS: dict[str, dict[Language, str]] = {
    "preambular": {"zh": "序言部分", "en": "preamble"},
    "operative": {"zh": "执行部分", "en": "operative part"},
}
"""The parts of a resolution."""

Options = list[tuple[str, str]]


def write_filters(rows: list[ComparedRow], study: Study, language: Language) -> str:
    """Return the form; a filter with nothing to choose, such as parts of a law, is left out."""
    words = {name: word[language] for name, word in _WORDS.items()}
    corpus = study.corpus
    editions = [(v, corpus.edition(v).label(language)) for v in ("old", "new")]
    changes = Counter(row.change for row in rows)
    found: dict[str, Options] = {
        "in": editions,
        "change": [(c, f"{c} {CHANGES[c][language]} ({changes[c]})") for c in CHANGES],
        "part": [(p, PARTS[p][language]) for p in _values(row.parts for row in rows) if p in PARTS],
        "to": [(to, to.replace("+", " + ")) for to in _values(row.addressees for row in rows)],
        "sure": [("no", words["unsure"])] if any(row.is_uncertain for row in rows) else [],
    }
    selects = [_select("topic", words, _topic_options(study, language))]
    for name, options in found.items():
        if options:
            inside = "".join(f'<option value="{escape(v)}">{show(o)}</option>' for v, o in options)
            selects.append(_select(name, words, inside))
    count = words["shown"].format(n=len(rows), all=len(rows))
    return (
        f'<form id="filters" hidden aria-label="{escape(words["legend"])}">'
        + "".join(selects)
        + f'<button type="reset">{words["clear"]}</button></form>\n'
        f'<p id="shown" role="status" aria-live="polite" data-words="{escape(words["shown"])}"'
        f' data-none="{escape(words["none"])}">{count}</p>'
    )


def _values(found: Iterable[tuple[str, ...]]) -> list[str]:
    return list(dict.fromkeys(value for values in found for value in values))


def _select(name: str, words: dict[str, str], options: str) -> str:
    every = words["either" if name == "in" else "all"]
    return (
        f'<label for="filter-{name}">{words[name]} <select id="filter-{name}" name="{name}">'
        f'<option value="">{every}</option>{options}</select></label>'
    )


def _topic_options(study: Study, language: Language) -> str:
    """Return the topics by theme, each with the clauses it has in both editions."""
    counts = {row["topic"]: row for row in list_records(total_rows(study))}
    groups = []
    for theme, label in study.codebook.themes.items():
        options = "".join(
            f'<option value="{escape(topic.id)}">{show(topic.label[language])} '
            f"({counts[topic.id]['n_old']}→{counts[topic.id]['n_new']})</option>"
            for topic in study.codebook.topics
            if topic.theme == theme and topic.id in counts
        )
        if options:
            groups.append(f'<optgroup label="{escape(label[language])}">{options}</optgroup>')
    return "".join(groups)
