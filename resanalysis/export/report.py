"""A study as one HTML page that needs no network: findings, figures, counts, 对照表."""

from __future__ import annotations

import base64
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from importlib import resources
from itertools import groupby
from pathlib import Path
from string import Template
from typing import Any

import pandas as pd

from resanalysis.export.comparison_html import write_clause
from resanalysis.export.pairs import (
    CHANGES,
    FLAGS,
    ClauseText,
    ComparedPair,
    compare_pairs,
    mark_topics,
)
from resanalysis.export.tables import list_records
from resanalysis.export.wording import describe_certainty, describe_places
from resanalysis.model import TERM, Codebook, Language, Study, Topic, Version

_CERTAINTY = {
    "decided": ("读者判定", "decided by readers"),
    "proven": ("由编号、标记或所给文本确定", "proven by numbering, by marks or by the texts given"),
    "likely": ("规则推断，未经读者判定", "likely: inferred, not decided by a reader"),
    "undecidable": ("无从判定", "undecidable"),
}


def write_report(
    study: Study,
    path: str | Path,
    *,
    findings: Mapping[str, Mapping[Language, str]],
    figures: Sequence[tuple[Path, Mapping[Language, str]]],
) -> Path:
    """Write one self-contained HTML page: findings, figures, counts with their clauses, 对照表.

    Every number of the topic table leads to the clauses that make it, with the matched characters
    marked, and every such clause to its row of the 对照表.

    Parameters
    ----------
    study : Study
        The study.
    path : str or Path
        File to write.
    findings : dict of dict
        A plain sentence by topic id and language.
    figures : sequence of (Path, dict)
        PNG file and caption by language of every figure.
    """
    corpus, book = study.corpus, study.codebook
    clauses = _Clauses(study)
    counts = _total_rows(study)
    template = resources.files("resanalysis").joinpath("data", "report.html").read_text("utf-8")
    page = Template(template).substitute(
        title_zh=escape(corpus.title["zh"]),
        title_en=escape(corpus.title["en"]),
        body=_bilingual(
            f"{corpus.body['zh']}第{corpus.number}号决议",
            f"{corpus.body['en']}, Resolution {corpus.number}",
        ),
        old_zh=escape(corpus.old.label("zh")),
        new_zh=escape(corpus.new.label("zh")),
        old_en=escape(corpus.old.label("en")),
        new_en=escape(corpus.new.label("en")),
        origin_zh=escape(corpus.describe_origin("zh")),
        origin_en=escape(_capitalise(corpus.describe_origin("en"))),
        overview=_overview(study, counts),
        certainty=_certainty(study),
        places_zh=escape(describe_places(study, "zh")),
        places_en=escape(describe_places(study, "en")),
        known_zh=escape(describe_certainty(study, "zh")),
        known_en=escape(describe_certainty(study, "en")),
        findings=_findings(counts, findings),
        figures="\n".join(_figure(png, caption) for png, caption in figures),
        interval=escape(" · ".join(counts["interval_model"].unique())),
        counts="\n".join(_count_row(row, book) for row in list_records(counts)),
        comparison=_comparison(study),
        codebook=escape(f"{book.id} {book.version}, SHA-256 {book.sha256[:8]}"),
        evidence="\n".join(_evidence(study, topic, clauses) for topic in book.topics),
        untagged=_untagged(study),
        rights=_bilingual(corpus.rights.get("zh", ""), corpus.rights.get("en", "")),
        provenance=escape(json.dumps(study.provenance, ensure_ascii=False, indent=2)),
    )
    path = Path(path)
    path.write_text(page, "utf-8", newline="\n")
    return path


def _bilingual(zh: str, en: str) -> str:
    return f'{escape(zh)} <span lang="en">{escape(en)}</span>'


def _total_rows(study: Study) -> pd.DataFrame:
    shift = study.shift
    return shift[shift["unit"].eq("clause") & shift["breakdown"].eq("total")]


def _capitalise(phrase: str) -> str:
    return phrase[:1].upper() + phrase[1:]


def _overview(study: Study, counts: pd.DataFrame) -> str:
    """Return the rows of the first table: clauses, changes, topic assignments."""
    changes = study.pairs.loc[study.pairs["relation"].eq("1:1"), "change"]
    rows = [
        (
            "条款（计数单位）",
            "counted clauses",
            counts["base_old"].iloc[0],
            counts["base_new"].iloc[0],
        ),
        (
            "主题标注（条款×主题）",
            "topic assignments",
            counts["n_old"].sum(),
            counts["n_new"].sum(),
        ),
    ]
    lines = [
        f'<tr><th scope="row">{_bilingual(zh, en)}</th><td>{old}</td><td>{new}</td></tr>'
        for zh, en, old, new in rows
    ]
    kinds = " · ".join(
        f"{change} {_bilingual(words['zh'], words['en'])} {int(changes.eq(change).sum())}"
        for change, words in CHANGES.items()
    )
    label = _bilingual("条款配对", "clause pairs")
    lines.append(f'<tr><th scope="row">{label}</th><td colspan="2">{kinds}</td></tr>')
    return "\n".join(lines)


def _certainty(study: Study) -> str:
    """Return how much of the source each kind of certainty that occurs covers, as table rows."""
    segments = study.segments.assign(characters=study.segments["text"].str.len())
    rows = []
    for certainty, (zh, en) in _CERTAINTY.items():
        here = segments[segments["certainty"].eq(certainty)]
        if here.empty:
            continue
        cells = "".join(
            f"<td>{here.loc[here['op'].eq(op), 'characters'].sum()}</td>"
            for op in ("equal", "delete", "insert")
        )
        rows.append(f'<tr><th scope="row">{_bilingual(zh, en)}</th>{cells}</tr>')
    return "\n".join(rows)


def _findings(counts: pd.DataFrame, findings: Mapping[str, Mapping[Language, str]]) -> str:
    """Return the sentences, topics whose number of clauses changed most first."""
    change = (counts["n_new"] - counts["n_old"]).set_axis(counts["topic"])
    groups = (
        (
            "条款数增加的主题",
            "Topics with more clauses",
            change[change > 0].sort_values(ascending=False, kind="stable"),
        ),
        (
            "条款数减少的主题",
            "Topics with fewer clauses",
            change[change < 0].sort_values(kind="stable"),
        ),
        ("条款数未变的主题", "Topics with as many clauses as before", change[change.eq(0)]),
    )
    parts = []
    for zh, en, topics in groups:
        items = [
            f"<li>{_link_topic(topic, findings[topic]['zh'])}"
            f'<br><span lang="en">{escape(findings[topic]["en"])}</span></li>'
            for topic in topics.index
            if topic in findings
        ]
        if items:
            parts.append(f"<h3>{_bilingual(zh, en)}</h3>\n<ul>\n" + "\n".join(items) + "\n</ul>")
    return "\n".join(parts)


def _link_topic(topic: str, sentence: str) -> str:
    """Return a sentence that begins with a topic's name, the name a link to the topic's clauses."""
    name, colon, rest = sentence.partition("：")
    return f'<a href="#topic-{escape(topic, quote=True)}">{escape(name)}</a>{escape(colon + rest)}'


def _figure(png: Path, caption: Mapping[Language, str]) -> str:
    data = base64.b64encode(png.read_bytes()).decode("ascii")
    alt = escape(caption["zh"].split("。")[0], quote=True)
    return (
        f'<figure><img alt="{alt}" src="data:image/png;base64,{data}">'
        f"<figcaption>{escape(caption['zh'])}</figcaption>"
        f'<figcaption lang="en">{escape(caption["en"])}</figcaption></figure>'
    )


def _count_row(row: Mapping[str, Any], book: Codebook) -> str:
    """Return a topic's counts, rates, shares and difference, each a link to its clauses."""
    topic = book.topic(row["topic"])
    numbers = [
        f"{row['n_old']}",
        f"{row['n_new']}",
        f"{row['rate_old']:.1f} → {row['rate_new']:.1f}",
        f"{100 * row['share_old']:.1f} → {100 * row['share_new']:.1f}",
        f"{_signed(row['difference'])} "
        f"[{_signed(row['difference_low'])}, {_signed(row['difference_high'])}]",
    ]
    cells = "".join(f'<td><a href="#topic-{topic.id}">{number}</a></td>' for number in numbers)
    label = _bilingual(topic.label["zh"], topic.label["en"])
    return f'<tr><th scope="row">{label}</th>{cells}</tr>'


def _signed(value: float) -> str:
    return f"{round(value, 1) + 0:+.1f}" if pd.notna(value) else "—"


def _anchor(version: str, clause_id: str) -> str:
    return escape(f"{version}--{clause_id}", quote=True)


# --- clauses in the report ------------------------------------------------------------


class _Clauses:
    """The clauses of both versions as HTML, with a topic's terms marked."""

    def __init__(self, study: Study) -> None:
        self.rows = {
            (str(row["version"]), str(row["clause_id"])): row for row in list_records(study.clauses)
        }

    def marker(self, version: str, name: str) -> str:
        marker = str(self.rows[version, name]["marker"])
        return f"<b>{escape(marker)}</b> " if marker else ""

    def with_terms(self, version: str, name: str, tags: pd.DataFrame) -> str:
        """Return marker and text, the matched characters of these tags marked."""
        text = str(self.rows[version, name]["text"])
        parts, position = [], 0
        for start, end, terms in _merge_places(tags):
            title = escape("; ".join(terms), quote=True)
            parts.append(escape(text[position:start]))
            parts.append(f'<mark title="{title}">{escape(text[start:end])}</mark>')
            position = end
        return self.marker(version, name) + "".join(parts) + escape(text[position:])


def _merge_places(tags: pd.DataFrame) -> list[tuple[int, int, list[str]]]:
    """Return the places of tags, those that overlap as one, each with what matched there.

    Words of a rule may lie inside a term, or overlap words of another rule.
    """
    merged: list[tuple[int, int, list[str]]] = []
    for tag in list_records(tags.sort_values(["start", "end"], kind="stable")):
        by = f", {tag['rule']}" if tag["rule"] != TERM else ""
        title = f"{tag['term']} ({tag['tier']}{by})"
        if merged and tag["start"] < merged[-1][1]:
            start, end, terms = merged.pop()
            merged.append((start, max(end, int(tag["end"])), list(dict.fromkeys([*terms, title]))))
        else:
            merged.append((int(tag["start"]), int(tag["end"]), [title]))
    return merged


def _comparison(study: Study) -> str:
    """Return the rows of the 对照表, deleted and inserted characters and topics marked."""
    parts = []
    for heading, pairs in groupby(compare_pairs(study), key=lambda pair: pair.heading):
        name = f'<th colspan="4" scope="rowgroup">{escape(heading) or "—"}</th>'
        rows = (_compared_row(pair, study.codebook) for pair in pairs)
        parts += ["<tbody>", f'<tr class="heading">{name}</tr>', *rows, "</tbody>"]
    return "\n".join(parts)


def _compared_row(pair: ComparedPair, book: Codebook) -> str:
    cells = [f'<td class="change">{_change(pair.change, pair.flags)}</td>']
    sides: tuple[tuple[Version, ClauseText | None], ...] = (("old", pair.old), ("new", pair.new))
    for version, side in sides:
        text = write_clause(side, version) if side else "—"
        anchor = f' id="{_anchor(version, side.clause_id)}"' if side else ""
        cells.append(f"<td{anchor}>{text}</td>")
    cells.append(f'<td class="topics">{_topic_links(pair, book)}</td>')
    return f'<tr class="{pair.change}">' + "".join(cells) + "</tr>"


def _change(change: str, flags: Iterable[str]) -> str:
    """Return a pair's change with what else it tells: editorial, renumbered, moved."""
    notes = ", ".join(_bilingual(FLAGS[flag]["zh"], FLAGS[flag]["en"]) for flag in flags)
    small = f" <small>{notes}</small>" if notes else ""
    return f"{change} {_bilingual(CHANGES[change]['zh'], CHANGES[change]['en'])}{small}"


def _topic_links(pair: ComparedPair, book: Codebook) -> str:
    """Return links to a pair's topics; in a clause that stayed, del and ins for lost and gained."""
    links = []
    for topic, mark in mark_topics(pair, book):
        title = escape(topic.label["en"], quote=True)
        link = f'<a href="#topic-{topic.id}" title="{title}">{escape(topic.label["zh"])}</a>'
        links.append(f"<{mark}>{link}</{mark}>" if mark else link)
    return "<br>".join(links) or "—"


def _evidence(study: Study, topic: Topic, clauses: _Clauses) -> str:
    """Return a topic's codebook entry and every clause that was counted for it."""
    tags = study.tags[study.tags["topic"].eq(topic.id)]
    found = dict(iter(tags.groupby(["version", "clause_id"])))
    terms: Counter[str] = Counter()
    rows = []
    for pair in list_records(study.pairs[study.pairs["relation"].eq("1:1")]):
        sides = [(version, pair[f"{version}_id"]) for version in ("old", "new")]
        if not any(side in found for side in sides):
            continue
        flags = [flag for flag in FLAGS if pair[flag]]
        cells = [f'<td class="change">{_change(pair["change"], flags)}</td>']
        for version, name in sides:
            if (version, name) in found:
                places = found[version, name].drop_duplicates(["start", "end", "term"])
                terms.update(places["term"])  # words of several rules are one occurrence
                text = clauses.with_terms(version, name, found[version, name])
                link = f'<a href="#{_anchor(version, name)}"><small>{escape(name)}</small></a>'
                cells.append(f"<td>{text} {link}</td>")
            else:
                cells.append(f"<td>{_bilingual('无此主题', 'not tagged') if name else '—'}</td>")
        rows.append("<tr>" + "".join(cells) + "</tr>")
    hits = "、".join(f"{term} {count}" for term, count in terms.most_common())
    head = (
        f'<h3 id="topic-{topic.id}">{_bilingual(topic.label["zh"], topic.label["en"])}</h3>\n'
        f"<p>{_bilingual(topic.definition['zh'], topic.definition['en'])}</p>\n"
        f"<p>{_bilingual('词条与次数：', 'terms and hits:')} {escape(hits) or '—'}</p>"
    )
    if not rows:
        return head
    columns = "".join(
        f'<th scope="col">{label}</th>'
        for label in (
            _bilingual("变动", "change"),
            _bilingual(study.corpus.old.label("zh"), study.corpus.old.label("en")),
            _bilingual(study.corpus.new.label("zh"), study.corpus.new.label("en")),
        )
    )
    table = f'<table class="pairs"><thead><tr>{columns}</tr></thead>\n<tbody>\n'
    return f"{head}\n{table}" + "\n".join(rows) + "\n</tbody></table>"


def _untagged(study: Study) -> str:
    """Return the counted clauses without any topic, as a list with links."""
    tagged = set(zip(study.tags["version"], study.tags["clause_id"], strict=True))
    rows = []
    for version, edition in (("old", study.corpus.old), ("new", study.corpus.new)):
        names = list(dict.fromkeys(name for name in study.pairs[f"{version}_id"] if name))
        bare = [name for name in names if (version, name) not in tagged]
        links = ", ".join(f'<a href="#{_anchor(version, n)}">{escape(n)}</a>' for n in bare)
        label = _bilingual(edition.label("zh"), edition.label("en"))
        rows.append(f"<li>{label}: {len(bare)} / {len(names)}: {links or '—'}</li>")
    return "\n".join(rows)
