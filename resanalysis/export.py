"""Tables and the report to disk: CSV for Excel, the two-column comparison, one HTML page."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from html import escape
from importlib import resources
from pathlib import Path
from string import Template
from typing import Any

import pandas as pd

from resanalysis.model import Language, Study, describe_tables

_CHANGE = {"NOC": "未变", "MOD": "修改", "ADD": "新增", "SUP": "删除"}


def write_tables(tables: Mapping[str, pd.DataFrame], folder: str | Path) -> list[Path]:
    """Write each table as `<name>.csv`, and the data dictionary beside them.

    CSV in UTF-8 with a byte order mark (so that Excel reads Chinese), LF line ends, columns in the
    order of `model.TABLES`.

    Parameters
    ----------
    tables : dict of DataFrame
        Tables by name.
    folder : str or Path
        Where to write; made if missing.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, table in {**tables, "data-dictionary": describe_tables()}.items():
        path = folder / f"{name}.csv"
        table.to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\n")
        paths.append(path)
    return paths


def write_dictionary(path: str | Path) -> Path:
    """Write the data dictionary as Markdown, one table per table of a study."""
    lines = ["# Data dictionary", "", "Made from the column descriptions the code uses.", ""]
    lines += ["Offsets count Unicode code points from 0 and are half-open.", ""]
    for table, columns in describe_tables().groupby("table", sort=False):
        lines += [
            f"## {table}",
            "",
            "| column | type | values, unit | meaning |",
            "|---|---|---|---|",
        ]
        lines += [
            f"| `{c.column}` | {c.type} | {c.values} | {c.meaning} |"  # type: ignore[attr-defined]
            for c in columns.itertuples()
        ]
        lines.append("")
    path = Path(path)
    path.write_text("\n".join(lines).rstrip() + "\n", "utf-8")
    return path


def compare_clauses(study: Study, *, language: Language = "zh") -> pd.DataFrame:
    """Return the two-column table of old and new clauses (修订对照表) with their topics.

    Returns
    -------
    DataFrame
        One row per 1:1 pair or orphan, in the order of `pairs`: `change`, `heading`, `old_id`,
        `old_marker`, `old_text`, `old_topics`, and the same for `new`. Topics are labels joined by
        `、` (Chinese) or `; ` (English).
    """
    labels = {topic.id: topic.label[language] for topic in study.codebook.topics}
    joint = "、" if language == "zh" else "; "
    topics = study.tags.groupby(["version", "clause_id"])["topic"].agg(
        lambda found: joint.join(labels[t] for t in labels if t in set(found))
    )
    clauses = study.clauses.set_index(["version", "clause_id"])
    rows = []
    for pair in study.pairs[study.pairs["relation"].eq("1:1")].itertuples():
        row: dict[str, Any] = {"change": pair.change, "heading": ""}
        for version, clause_id in (("old", pair.old_id), ("new", pair.new_id)):
            clause = clauses.loc[(version, clause_id)] if clause_id else None
            row[f"{version}_id"] = clause_id
            row[f"{version}_marker"] = "" if clause is None else clause["marker"]
            row[f"{version}_text"] = "" if clause is None else clause["text"]
            row[f"{version}_topics"] = topics.get((version, clause_id), "")
            if clause is not None:
                row["heading"] = clause["heading"]
        rows.append(row)
    return pd.DataFrame(rows)


# --- the report ---------------------------------------------------------------------------------


def write_report(
    study: Study,
    path: str | Path,
    *,
    sentences: Mapping[Language, Sequence[str]],
    figures: Sequence[tuple[Path, Mapping[Language, str]]],
) -> Path:
    """Write one self-contained HTML page: findings, figures, counts with their clauses, 对照表.

    Parameters
    ----------
    study : Study
        The study.
    path : str or Path
        File to write.
    sentences : dict of sequences
        Findings in plain sentences by language.
    figures : sequence of (Path, dict)
        PNG file and caption by language of every figure.
    """
    corpus = study.corpus
    template = resources.files("resanalysis").joinpath("data", "report.html").read_text("utf-8")
    page = Template(template).substitute(
        title_zh=escape(corpus.title["zh"]),
        title_en=escape(corpus.title["en"]),
        body=escape(f"{corpus.body}, Resolution {corpus.number}"),
        old_zh=escape(corpus.old.label("zh")),
        new_zh=escape(corpus.new.label("zh")),
        old_en=escape(corpus.old.label("en")),
        new_en=escape(corpus.new.label("en")),
        certainty=_certainty(study),
        findings_zh=_list(sentences["zh"]),
        findings_en=_list(sentences["en"]),
        figures="\n".join(_figure(png, caption) for png, caption in figures),
        counts=_counts(study),
        comparison=_comparison(study),
        untagged=_untagged(study),
        rights=escape(corpus.rights),
        provenance=escape(json.dumps(study.provenance, ensure_ascii=False, indent=2)),
    )
    path = Path(path)
    path.write_text(page, "utf-8", newline="\n")
    return path


def _list(sentences: Sequence[str]) -> str:
    return "\n".join(f"<li>{escape(sentence)}</li>" for sentence in sentences)


def _figure(png: Path, caption: Mapping[Language, str]) -> str:
    data = base64.b64encode(png.read_bytes()).decode("ascii")
    return (
        f'<figure><img alt="{escape(caption["en"])}" src="data:image/png;base64,{data}">'
        f'<figcaption lang="zh">{escape(caption["zh"])}</figcaption>'
        f'<figcaption lang="en">{escape(caption["en"])}</figcaption></figure>'
    )


def _certainty(study: Study) -> str:
    """Return how much of the source each kind of certainty covers, as rows of a table."""
    segments = study.segments.assign(characters=study.segments["text"].str.len())
    table = segments.pivot_table(
        index="certainty", columns="op", values="characters", aggfunc="sum", fill_value=0
    )
    rows = []
    for certainty in ("decided", "proven", "likely", "undecidable"):
        if certainty in table.index:
            cells = "".join(
                f"<td>{int(table.loc[certainty].get(op, 0))}</td>"
                for op in ("equal", "delete", "insert")
            )
            rows.append(f"<tr><th>{certainty}</th>{cells}</tr>")
    return "\n".join(rows)


def _anchor(version: str, clause_id: str) -> str:
    return escape(f"{version}--{clause_id}", quote=True)


def _counts(study: Study) -> str:
    """Return one row per topic: counts, rates, shares, and links to every clause counted."""
    shift = study.shift
    chosen = shift["unit"].eq("clause") & shift["breakdown"].eq("total")
    rows = []
    for row in shift[chosen].itertuples():
        topic = study.codebook.topic(str(row.topic))
        cells = [
            f"<th>{escape(topic.label['zh'])}<br><small>{escape(topic.label['en'])}</small></th>"
        ]
        for version, count in (("old", row.n_old), ("new", row.n_new)):
            cells.append(f"<td>{count} {_links(study, topic.id, version)}</td>")
        cells.append(f"<td>{row.rate_old:.1f} → {row.rate_new:.1f}</td>")
        cells.append(f"<td>{100 * row.share_old:.1f} → {100 * row.share_new:.1f}</td>")  # type: ignore[operator]
        interval = f"{row.difference_low:+.1f} … {row.difference_high:+.1f}"
        cells.append(f"<td>{row.difference:+.1f} <small>({interval})</small></td>")
        rows.append("<tr>" + "".join(cells) + "</tr>")
    return "\n".join(rows)


def _links(study: Study, topic: str, version: str) -> str:
    tags = study.tags[study.tags["topic"].eq(topic) & study.tags["version"].eq(version)]
    paired = set(study.pairs[f"{version}_id"])
    found = dict.fromkeys(name for name in tags["clause_id"] if name in paired)
    links = [
        f'<a href="#{_anchor(version, name)}" title="{escape(name, quote=True)}">{number}</a>'
        for number, name in enumerate(found, start=1)
    ]
    return f"<small>{' '.join(links)}</small>" if links else ""


def _comparison(study: Study) -> str:
    """Return the rows of the 对照表, deleted and inserted characters and topics marked."""
    table = compare_clauses(study)
    english = compare_clauses(study, language="en")
    marked = {version: _marked_texts(study, version) for version in ("old", "new")}
    rows = []
    heading = None
    for (_, row), (_, other) in zip(table.iterrows(), english.iterrows(), strict=True):
        if row["heading"] != heading:
            heading = row["heading"]
            rows.append(f'<tr class="heading"><th colspan="4">{escape(heading)}</th></tr>')
        cells = [f'<td class="change">{row["change"]} {_CHANGE[row["change"]]}</td>']
        for version in ("old", "new"):
            name = row[f"{version}_id"]
            text = marked[version].get(name, "")
            marker = escape(row[f"{version}_marker"])
            anchor = f' id="{_anchor(version, name)}"' if name else ""
            cells.append(f"<td{anchor}><b>{marker}</b> {text}</td>")
        topics = [row["old_topics"], row["new_topics"]]
        shown = topics[0] if topics[0] == topics[1] else f"{topics[0] or '—'} → {topics[1] or '—'}"
        english_topics = other["new_topics"] or other["old_topics"]
        cells.append(f'<td title="{escape(english_topics, quote=True)}">{escape(shown)}</td>')
        rows.append(f'<tr class="{row["change"]}">' + "".join(cells) + "</tr>")
    return "\n".join(rows)


def _marked_texts(study: Study, version: str) -> dict[str, str]:
    """Return each clause's text as HTML, the characters of this version alone in del or ins."""
    own, element = ("delete", "del") if version == "old" else ("insert", "ins")
    other = "insert" if version == "old" else "delete"
    changed: list[bool] = []
    for segment in study.segments.itertuples():
        if segment.op != other:
            changed += [segment.op == own] * len(str(segment.text))
    text = study.old_text if version == "old" else study.new_text
    result = {}
    for clause in study.clauses[study.clauses["version"].eq(version)].itertuples():
        hidden = {i for a, b in json.loads(str(clause.masked)) for i in range(a, b)}
        shown = [i for i in range(int(clause.start), int(clause.end)) if i not in hidden]  # type: ignore[arg-type]
        parts, run = [], ""
        for k, i in enumerate(shown):
            run += text[i]
            if k + 1 == len(shown) or changed[shown[k + 1]] != changed[i]:
                body = escape(run)
                parts.append(f"<{element}>{body}</{element}>" if changed[i] else body)
                run = ""
        result[str(clause.clause_id)] = "".join(parts)
    return result


def _untagged(study: Study) -> str:
    """Return the counted clauses without any topic, as a list with links."""
    tagged = set(zip(study.tags["version"], study.tags["clause_id"], strict=True))
    rows = []
    for version in ("old", "new"):
        names = [name for name in study.pairs[f"{version}_id"] if name]
        bare = [name for name in dict.fromkeys(names) if (version, name) not in tagged]
        links = ", ".join(f'<a href="#{_anchor(version, n)}">{escape(n)}</a>' for n in bare)
        edition = study.corpus.old if version == "old" else study.corpus.new
        rows.append(
            f"<li>{escape(edition.label('zh'))} / {escape(edition.label('en'))}:"
            f" {len(bare)} / {len(set(names))}: {links or '—'}</li>"
        )
    return "\n".join(rows)
