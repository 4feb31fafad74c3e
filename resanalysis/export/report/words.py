"""Headings and fixed sentences of the page, in Chinese and English."""

from __future__ import annotations

from resanalysis.export.wording import WORDS
from resanalysis.model import Language

_WORDS: dict[str, tuple[str, str]] = {
    "kind": ("两版主题侧重之比较", "How the emphasis shifted between two editions"),
    "contents": ("目录", "Contents"),
    "skip": ("跳到发现", "Skip to the findings"),
    "sure_link": ("两版文本的可靠程度", "How sure the two versions are"),
    "in_short": ("概要", "In short"),
    "reading": ("怎样读本页", "How to read this page"),
    "not_shown": ("本页不说明什么", "What it does not show"),
    "findings_heading": ("发现", "Findings"),
    "topics_heading": ("各主题的数字", "Topics in numbers"),
    "certainty_heading": ("两版文本的可靠程度", "How sure the two versions are"),
    "comparison_heading": ("修订对照表", "The two editions side by side"),
    "evidence_heading": ("各主题的条款", "The clauses of each topic"),
    "untagged_heading": ("没有主题的条款", "Clauses without a topic"),
    "cite_heading": ("引用与版权", "How to cite, and rights"),
    "provenance_heading": ("来源与版本", "Provenance"),
    "evidence_note": (
        "词条后为其在所计条款中的次数。条款链接通向修订对照表中的原文。",
        "After each term its hits in the counted clauses. Clauses link to their text in the table "
        "of both editions.",
    ),
    "legend_old": ("仅旧版有的文字或主题", "text or topic of the old edition only"),
    "legend_new": ("仅新版有的文字或主题", "text or topic of the new edition only"),
    "legend_unsure": ("点线：是否改动不确定", "dotted: not certain whether changed"),
    "legend_mark": ("底色：匹配到主题的词条", "shaded: a term that matched a topic"),
    "legend_scope": (
        "标题、引言和标目不在表中比对。",
        "Titles, opening words and headings are not compared here. The text is Chinese, as it was "
        "adopted or recovered.",
    ),
    "numbers_label": ("各主题的数字，可左右滚动", "Topics in numbers, scrolls sideways"),
    "bibtex": ("BibTeX", "BibTeX"),
    "record_heading": ("完整运行记录（JSON）", "Full record of the run (JSON)"),
    "top": ("回到页首", "Back to the top"),
    "change": (WORDS["change"]["zh"], WORDS["change"]["en"]),
    "topics_column": (WORDS["topics"]["zh"], WORDS["topics"]["en"]),
}


def name_words(language: Language) -> dict[str, str]:
    """Return every fixed word of the page's template by its name."""
    return {name: words[language == "en"] for name, words in _WORDS.items()}
