"""What a 对照表 says beside its clauses, in Chinese and English."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from resanalysis.export.pairs import CHANGES, FLAGS, ComparedPair
from resanalysis.model import Language, Study

WORDS: dict[str, dict[Language, str]] = {
    "name": {"zh": "修订对照表", "en": "The two versions side by side"},
    "body": {"zh": "{body}第{number}号决议", "en": "{body}, Resolution {number}"},
    "change": {"zh": "变动", "en": "Change"},
    "topics": {"zh": "主题", "en": "Topics"},
    "old only": {"zh": "仅旧版有", "en": "old version only"},
    "new only": {"zh": "仅新版有", "en": "new version only"},
    "uncertain": {"zh": "点线：是否改动不确定", "en": "dotted line: not certain whether changed"},
    "page": {"zh": "第", "en": "page "},
    "page end": {"zh": "页", "en": ""},
}


def describe_scope(study: Study, language: Language) -> str:
    """Return how the versions are known, and what a reader must know of the table's limits."""
    book = f"{study.codebook.id} {study.codebook.version}"
    scope = {
        "zh": f"标题、引言和各段标目不在表中比对。“主题”为编码本{book}所标。",
        "en": (
            "Titles, opening words and headings are not compared here. Topics are those of the"
            f" codebook {book}."
        ),
    }
    silent = {
        "zh": "未加标记的文字不等于确定未改：流畅的插入可能不留痕迹。",
        "en": (
            "Text without a mark is not proven to be unchanged: a fluent insertion may leave no"
            " trace."
        ),
    }
    parts = [_describe_origin(study, language), scope[language]]
    if is_inferred(study):
        parts.append(silent[language])
    return ("" if language == "zh" else " ").join(parts)


def describe_places(study: Study, language: Language) -> str:
    """Return how many places have another reading; nothing where there is none."""
    count = study.alternatives["group"].nunique()
    if not count:
        return ""
    noun = "place has" if count == 1 else "places have"
    words: dict[Language, str] = {
        "zh": f"有{count}处另有可能的读法。",
        "en": f"{count} {noun} another plausible reading.",
    }
    return words[language]


def is_inferred(study: Study) -> bool:
    """Return whether the versions were inferred from the redline's text alone."""
    return study.corpus.form == "flattened" and study.corpus.known is None


def describe_source(study: Study, language: Language) -> str:
    """Return where the texts come from, and their rights."""
    corpus = study.corpus
    lead, comma = ("来源：", "、") if language == "zh" else ("Source: ", ", ")
    opening, closing = ("（", "）") if language == "zh" else (" (", ")")
    files = comma.join(
        f"{source.name}{opening}SHA-256 {source.sha256[:8]}{closing}"
        for source in corpus.sources.values()
    )
    stop = "。" if language == "zh" else "."
    rights = corpus.rights.get(language, "").rstrip("。. ")
    sentences = [f"{lead}{files}{stop}", f"{rights}{stop}" if rights else ""]
    return ("" if language == "zh" else " ").join(filter(None, sentences))


def _describe_origin(study: Study, language: Language) -> str:
    origin = study.corpus.describe_origin(language)
    return origin[:1].upper() + origin[1:] + ("。" if language == "zh" else ".")


def describe_counts(pairs: Sequence[ComparedPair], language: Language) -> str:
    """Return how many pairs there are of each change."""
    counts = Counter(pair.change for pair in pairs)
    return " · ".join(f"{key} {CHANGES[key][language]} {counts[key]}" for key in CHANGES)


def describe_flags(pair: ComparedPair, language: Language) -> str:
    """Return what else the table `pairs` tells of a pair."""
    return ("、" if language == "zh" else ", ").join(FLAGS[flag][language] for flag in pair.flags)


def name_body(study: Study, language: Language) -> str:
    """Return who adopted the resolution, and its number."""
    corpus = study.corpus
    return WORDS["body"][language].format(body=corpus.body[language], number=corpus.number)


def name_model(model: str, language: Language) -> str:
    """Return the model of an interval in a language; one that is not known as it is."""
    known = re.fullmatch(r"paired clause bootstrap, (\S+ %), (\d+) draws, seed (\d+)", model)
    if language == "en" or not known:
        return model
    return "配对条款自助法，水平{}，抽样{}次，种子{}".format(*known.groups())
