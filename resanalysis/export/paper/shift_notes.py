"""What the table of a thematic shift says in words: headings, and the notes below it."""

from __future__ import annotations

import re

import pandas as pd

from resanalysis.export.wording import describe_places, describe_source, is_inferred, name_model
from resanalysis.model import Language, Study

WORDS: dict[str, dict[Language, str]] = {
    "caption": {
        "zh": "{body}的主题侧重：{old}与{new}各主题的{unit}、份额及变化来源",
        "en": "Topics of {body}, in {old} and {new}: {unit}, shares, and where the change came"
        " from",
    },
    "topic": {"zh": "主题", "en": "Topic"},
    "share": {"zh": "份额 %", "en": "share %"},
    "change": {"zh": "份额之差", "en": "Change of share"},
    "points": {"zh": "百分点", "en": "points"},
    "interval": {"zh": "区间", "en": "interval"},
    "level": {"zh": "{level}区间", "en": "{level} interval"},
    "origin": {"zh": "变化来源（{unit}）", "en": "Origin of change ({unit})"},
    "verdict": {"zh": "结论", "en": "Verdict"},
    "total": {"zh": "全部主题标注", "en": "All topic assignments"},
    "clause": {"zh": "条款数", "en": "clauses"},
    "character": {"zh": "字符数", "en": "characters"},
    "token": {"zh": "词数", "en": "tokens"},
    "matched": {"zh": "匹配字符数", "en": "matched characters"},
    "n clause": {"zh": "条款", "en": "clauses"},
    "n character": {"zh": "字符", "en": "characters"},
    "n token": {"zh": "词", "en": "tokens"},
    "n matched": {"zh": "字符", "en": "characters"},
    "robust": {"zh": "稳健", "en": "robust"},
    "fragile": {"zh": "脆弱", "en": "fragile"},
    "undecided": {"zh": "未定", "en": "undecided"},
}
"""Words of the headings and cells."""

_UNITS: dict[str, dict[Language, str]] = {
    "clause": {
        "zh": "条款：含该主题的条款数。",
        "en": "Clauses: those that have the topic.",
    },
    "character": {
        "zh": "字符：含该主题的条款的字符数。",
        "en": "Characters: those of the clauses that have the topic.",
    },
    "token": {
        "zh": "词：含该主题的条款的词数。",
        "en": "Tokens: those of the clauses that have the topic.",
    },
    "matched": {
        "zh": "字符：该主题的词条匹配到的字符数。",
        "en": "Characters: those that the topic's terms matched.",
    },
}

_NOTES: dict[str, dict[Language, str]] = {
    "n": {
        "zh": "N = 旧版{base_old}条、新版{base_new}条（计引导句、条款与分项）；一条可有多个主题，"
        "也可没有：主题标注（条款×主题）{tags_old}→{tags_new}。",
        "en": "N = {base_old} clauses in the old and {base_new} in the new edition (lead-ins,"
        " clauses and items count); a clause may have several topics or none: topic assignments"
        " (clause by topic) {tags_old}→{tags_new}.",
    },
    "share": {
        "zh": "{unit}份额：占该版全部主题标注的比例；其他主题增加时，未变的主题份额也会下降。"
        "份额之差：新版减旧版，以百分点计，由未舍入的份额算出。",
        "en": "{unit} Share: of all topic assignments of the edition; a topic that did not change"
        " loses share when others grow. Change of share: new minus old, in percentage points,"
        " from shares that were not rounded.",
    },
    "origin": {
        "zh": "ADD：新增条款带来的；SUP：删除条款带走的；MOD+、MOD−：保留条款经修改而得、而失的。"
        "新版 = 旧版 + ADD − SUP + (MOD+) − (MOD−)。",
        "en": "ADD: brought by added clauses; SUP: taken by suppressed ones; MOD+ and MOD−: gained"
        " and lost by edits of kept clauses. New = old + ADD − SUP + (MOD+) − (MOD−).",
    },
    "interval": {
        "zh": "方括号内为区间（{model}）；两版均为全文，区间不是抽样误差，只表示结果在多大程度上"
        "取决于个别条款。",
        "en": "Square brackets hold an interval ({model}); both texts are complete, so it is no"
        " sampling error but shows how far the result hangs on single clauses.",
    },
    "no interval": {"zh": "未计算区间。", "en": "No intervals were computed."},
    "verdict": {
        "zh": "结论就份额之差的方向而言。稳健：至少95 %的读法且所试的{tried}种选择均与主结果同号；"
        "脆弱：有选择使其反转；未定：其余情形。",
        "en": "The verdict is on the sign of the change of share. Robust: at least 95 % of the"
        " readings and all of the {tried} choices tried keep it. Fragile: a choice reverses it."
        " Undecided: otherwise.",
    },
    "no readings": {
        "zh": "未抽取读法，结论只就选择而言。",
        "en": "No readings were drawn: the verdict is on the choices only.",
    },
    "readings": {
        "zh": "读法：抽取{draws}次，{places}处各按权重{runs}，种子{seed}。",
        "en": "Readings: {draws} draws of the whole redline, {places} places by their"
        " weights{runs}, seed {seed}.",
    },
    "runs": {
        "zh": "，{runs}段无痕文字按其置信度",
        "en": " and {runs} unmarked runs of text by their confidence",
    },
    "other readings": {
        "zh": "读法的抽取：{model}。",
        "en": "How readings were drawn: {model}.",
    },
    "method": {
        "zh": "方法：以编码本词条按字符匹配条款文字，两版条款逐一配对；编码本 {codebook} {version}"
        "（SHA-256 {hash}）。",
        "en": "Method: terms of the codebook matched on the characters of each clause, clauses"
        " paired across the editions; codebook {codebook} {version} (SHA-256 {hash}).",
    },
    "text": {"zh": "文本：{title}；{origin}。", "en": "Text: {title}; {origin}."},
    "unsure": {
        "zh": "判为仅属一版的{changed}段文字中，{unsure}段并不确定。",
        "en": "Of {changed} runs of text held to be in one edition only, {unsure} are not certain.",
    },
    "silent": {
        "zh": "流畅的插入可能不留痕迹，故判为两版均有的文字也未必未改。",
        "en": "A fluent insertion may leave no trace, so that text held to be in both editions is"
        " not proven to be unchanged.",
    },
}


_READINGS = (
    r"(?P<draws>\d+) readings, (?P<places>\d+) places by their weights"
    r"(?:, (?P<runs>\d+) unmarked runs by their confidence)?, seed (?P<seed>\d+)"
)


def name_level(model: str, language: Language) -> str:
    """Return the heading of the intervals, with their level where the model tells it."""
    known = re.search(r"\S+ %", model)
    if known is None:
        return WORDS["interval"][language]
    level = known[0].replace(" ", "\N{NO-BREAK SPACE}")
    return WORDS["level"][language].format(level=level)


def write_notes(
    study: Study,
    rows: pd.DataFrame,
    unit: str,
    language: Language,
    *,
    verdicts: pd.DataFrame | None = None,
) -> tuple[str, ...]:
    """Return the notes: N, meaning of the numbers, intervals, verdicts, method, text, source.

    Parameters
    ----------
    study : Study
        The study.
    rows : DataFrame
        Rows of its table `shift` that are printed.
    unit : {"clause", "character", "token", "matched"}
        What they count.
    language : {"zh", "en"}
        Language of the notes.
    verdicts : DataFrame, optional
        Table `robustness`, where its verdicts are printed.
    """
    notes = [
        _count_clauses(study, language),
        _NOTES["share"][language].format(unit=_UNITS[unit][language]),
        _NOTES["origin"][language],
        _describe_intervals(str(rows["interval_model"].iloc[0]), language),
    ]
    if verdicts is not None:
        notes.append(_describe_verdicts(verdicts, language))
    book = study.codebook
    method = _NOTES["method"][language].format(
        codebook=book.id, version=book.version, hash=book.sha256[:8]
    )
    return (*notes, method, _describe_text(study, language), describe_source(study, language))


def _count_clauses(study: Study, language: Language) -> str:
    shift = study.shift
    counted = shift[shift["unit"].eq("clause") & shift["breakdown"].eq("total")]
    return _NOTES["n"][language].format(
        base_old=counted["base_old"].iloc[0],
        base_new=counted["base_new"].iloc[0],
        tags_old=counted["n_old"].sum(),
        tags_new=counted["n_new"].sum(),
    )


def _describe_intervals(model: str, language: Language) -> str:
    if model == "none":
        return _NOTES["no interval"][language]
    return _NOTES["interval"][language].format(model=name_model(model, language))


def _describe_verdicts(verdicts: pd.DataFrame, language: Language) -> str:
    shares = verdicts[verdicts["measure"].eq("share")]
    parts = [_NOTES["verdict"][language].format(tried=shares["choices_tried"].iloc[0])]
    parts.append(_describe_readings(str(shares["reading_model"].iloc[0]), language))
    return ("" if language == "zh" else " ").join(parts)


def _describe_readings(model: str, language: Language) -> str:
    """Return how readings were drawn, in a language; a model that is not known as it is."""
    known = re.fullmatch(_READINGS, model)
    if known is None:
        return _NOTES["other readings"][language].format(model=model)
    if not int(known["draws"]):
        return _NOTES["no readings"][language]
    runs = _NOTES["runs"][language].format(runs=known["runs"]) if known["runs"] else ""
    return _NOTES["readings"][language].format(**known.groupdict() | {"runs": runs})


def _describe_text(study: Study, language: Language) -> str:
    """Return how the versions are known, and how much of the redline is not certain."""
    corpus, segments = study.corpus, study.segments
    changed = segments[segments["op"].ne("equal")]
    unsure = changed["certainty"].ne("proven") & changed["confidence"].lt(1)
    parts = [
        _NOTES["text"][language].format(
            title=corpus.title[language], origin=corpus.describe_origin(language)
        )
    ]
    if unsure.any():
        parts.append(
            _NOTES["unsure"][language].format(changed=len(changed), unsure=int(unsure.sum()))
        )
    parts.append(describe_places(study, language))
    if is_inferred(study):
        parts.append(_NOTES["silent"][language])
    return ("" if language == "zh" else " ").join(filter(None, parts))
