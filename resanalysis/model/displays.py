"""Records as HTML for a notebook: escaped, told by words and borders, in the page's own colours."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING

from resanalysis.model.kinds import COUNTED_KINDS, LANGUAGES

if TYPE_CHECKING:
    from resanalysis.model.codebooks import Codebook, Topic
    from resanalysis.model.corpora import Corpus, Edition
    from resanalysis.model.kinds import Language
    from resanalysis.model.studies import Study

# Text and ground are those of the page, so that a dark theme stays dark; greys are half clear.
_STYLE = """<style>
.ra-show {line-height: 1.6;}
.ra-show table {border-collapse: collapse; margin: 0.3em 0; font-size: inherit;}
.ra-show table caption {text-align: left; font-weight: bold; padding: 0.2em 0; color: inherit;}
.ra-show table th, .ra-show table td {border: 0; border-bottom: 1px solid #8886; color: inherit;
  padding: 0.25em 0.8em 0.25em 0; text-align: left !important; vertical-align: top;
  white-space: normal; max-width: none; min-width: 3.5em;}
.ra-show table th[scope="row"] {white-space: nowrap;}
.ra-show table .ra-n {text-align: right !important; font-variant-numeric: tabular-nums;}
.ra-show code {overflow-wrap: anywhere; color: inherit; background: none; font-size: 0.9em;}
.ra-show summary {cursor: pointer;}
</style>"""


def frame_html(body: str, *, style: str = "", language: Language | None = None) -> str:
    """Return HTML in the frame that every display has.

    Parameters
    ----------
    body : str
        HTML, escaped.
    style : str
        More rules of style, in a `<style>` element.
    language : {"zh", "en"}, optional
        Language of the words, told to programs that read them aloud.
    """
    spoken = "" if language is None else f' lang="{name_language(language)}"'
    return f'{_STYLE}{style}<div class="ra-show"{spoken}>{body}</div>'


def name_language(language: Language) -> str:
    """Return the value of HTML's `lang`."""
    return "zh-Hans" if language == "zh" else "en"


def list_facts(caption: str, facts: Mapping[str, str]) -> str:
    """Return a table of two columns, what is told and what it is, both escaped."""
    rows = "".join(
        f'<tr><th scope="row">{escape(name)}</th><td>{escape(value)}</td></tr>'
        for name, value in facts.items()
        if value
    )
    return f"<table>{_write_caption(caption)}{rows}</table>"


def write_grid(caption: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table with a head; numbers stand to the right, everything is escaped."""
    top = "".join(f'<th scope="col">{escape(name)}</th>' for name in head)
    body = "".join(f"<tr>{''.join(map(_write_cell, row))}</tr>" for row in rows)
    head_and_body = f"<thead><tr>{top}</tr></thead><tbody>{body}</tbody>"
    return f"<table>{_write_caption(caption)}{head_and_body}</table>"


def _write_caption(caption: str) -> str:
    return f"<caption>{escape(caption)}</caption>" if caption else ""


def _write_cell(value: object) -> str:
    if isinstance(value, int | float):
        return f'<td class="ra-n">{value}</td>'
    return f"<td>{escape(str(value))}</td>"


def fold_away(summary: str, body: str) -> str:
    """Return HTML that shows one line and the rest on a click."""
    return f"<details><summary>{escape(summary)}</summary>{body}</details>"


def name_both(words: Mapping[Language, str]) -> str:
    """Return a text in both languages, once where they are alike or one is missing."""
    found = (words.get(language) for language in LANGUAGES)
    return " · ".join(dict.fromkeys(text for text in found if text))


# --- records ------------------------------------------------------------------------------------


def show_corpus(corpus: Corpus) -> str:
    """Return what a corpus is, its files with their hashes, and how its versions are known."""
    facts = {
        "文件夹 folder": corpus.id,
        "机构 body": name_both(corpus.body),
        "编号 number": corpus.number,
        "旧版 old": f"{_name_edition(corpus.old)} ({corpus.old.id})",
        "新版 new": f"{_name_edition(corpus.new)} ({corpus.new.id})",
        "形式 form": corpus.form,
        "来历 how known": _name_origin(corpus),
        "权利 rights": name_both(corpus.rights) if corpus.rights else "",
    }
    files = "".join(
        f"<tr><td>{escape(name)}</td><td><code>{escape(digest)}</code></td></tr>"
        for name, digest in corpus.hashes.items()
    )
    head = '<thead><tr><th scope="col">文件 file</th><th scope="col">SHA-256</th></tr></thead>'
    table = f"<table>{head}<tbody>{files}</tbody></table>"
    return frame_html(
        list_facts(name_both(corpus.title), facts)
        + fold_away(f"{len(corpus.hashes)} 个文件 files", table)
    )


def _name_edition(edition: Edition) -> str:
    return name_both({"zh": edition.label("zh"), "en": edition.label("en")})


def _name_origin(corpus: Corpus) -> str:
    return name_both({"zh": corpus.describe_origin("zh"), "en": corpus.describe_origin("en")})


def show_codebook(book: Codebook) -> str:
    """Return what a codebook is, and its topics by theme with their numbers of words."""
    facts = {
        "代号 id": book.id,
        "版本 version": book.version,
        "SHA-256": book.sha256,
        "主题 topics": str(len(book.topics)),
    }
    head = ("主题 topic", "名称 label", *_COUNTED)
    themes = [
        fold_away(
            f"{name_both(book.themes.get(theme, {'zh': theme, 'en': theme}))} ({len(topics)})",
            write_grid(theme, head, [(t.id, name_both(t.label), *_count_words(t)) for t in topics]),
        )
        for theme, topics in _group_topics(book).items()
    ]
    return frame_html(list_facts(name_both(book.title), facts) + "".join(themes))


_COUNTED = ("核心 core", "外围 peripheral", "排除 exclusions", "规则 rules")


def _count_words(topic: Topic) -> tuple[int, int, int, int]:
    return len(topic.core), len(topic.peripheral), len(topic.exclusions), len(topic.rules)


def _group_topics(book: Codebook) -> dict[str, list[Topic]]:
    themes: dict[str, list[Topic]] = {}
    for theme in (*book.themes, *(topic.theme for topic in book.topics)):
        themes[theme] = [topic for topic in book.topics if topic.theme == theme]
    return {theme: topics for theme, topics in themes.items() if topics}


def show_topic(topic: Topic) -> str:
    """Return a topic's texts in both languages and all of its words."""
    texts = {
        "定义 definition": topic.definition,
        "适用 include": topic.include,
        "不适用 exclude": topic.exclude,
    }
    facts = {name: name_both(text) for name, text in texts.items() if any(text.values())}
    words = dict(zip(_COUNTED, (topic.core, topic.peripheral, topic.exclusions), strict=False))
    facts |= {f"{name} ({len(terms)})": "、".join(terms) for name, terms in words.items()}
    facts |= {
        f"规则 rule {rule.id}": " + ".join("/".join(group) for group in rule.groups)
        + (f" · ≤ {rule.near}" if rule.near is not None else "")
        + (f" · 无 without {'/'.join(rule.without)}" if rule.without else "")
        for rule in topic.rules
    }
    facts["来源 source"] = topic.source
    return frame_html(list_facts(f"{name_both(topic.label)} ({topic.id})", facts))


def show_study(study: Study) -> str:
    """Return the editions of a study, its clauses, pairs and tags counted, and its tables."""
    corpus = study.corpus
    counted = study.clauses[study.clauses["kind"].isin(COUNTED_KINDS)]
    editions = [
        (
            name,
            _name_edition(edition),
            int((counted["version"] == version).sum()),
            int((study.tags["version"] == version).sum()),
        )
        for version, name, edition in (
            ("old", "旧版 old", corpus.old),
            ("new", "新版 new", corpus.new),
        )
    ]
    head = ("版本 version", "届次 edition", "计入的条款 counted clauses", "标签 tags")
    changes = study.pairs.loc[study.pairs["relation"] == "1:1", "change"]
    counts = [(f"{name} {c}", int((changes == c).sum())) for c, name in _CHANGES.items()]
    tables = [(name, len(table), len(table.columns)) for name, table in study.tables.items()]
    rows = write_grid("", ("表 table", "行 rows", "列 columns"), tables)
    facts = {
        "编码本 codebook": f"{study.codebook.id} {study.codebook.version}",
        "来历 how known": _name_origin(corpus),
    }
    return frame_html(
        write_grid(name_both(corpus.title), head, editions)
        + write_grid("", ("变化 change", "条款对 pairs"), counts)
        + list_facts("", facts)
        + fold_away(f"{len(tables)} 张表 tables", rows)
    )


_CHANGES = {
    "NOC": "未变 no change",
    "MOD": "修改 modified",
    "ADD": "新增 added",
    "SUP": "删除 suppressed",
}
