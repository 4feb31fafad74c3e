"""How to read the page, and what it does not show; only what holds for the study is said."""

from __future__ import annotations

from collections.abc import Mapping

from resanalysis.export.report.parts import Finding, show, total_rows
from resanalysis.export.wording import is_inferred, name_model
from resanalysis.model import Language, Study

_READ: dict[str, tuple[str, str]] = {
    "unit": (
        "计数单位是条款（引导句、条款、分项）；一条可属多个主题，也可不属任何主题。标题、引言、标目与脚注不计。",
        "What is counted are clauses (lead-ins, clauses, items). A clause may have several topics "
        "or none. Titles, opening words, headings and footnotes are not counted.",
    ),
    "measures": (
        "条数：含该主题的条款数。比率：每百条条款中的条数。份额：占该版全部主题标注的比例；其他主题增加时，未变的主题份额也会下降。",
        "Count: clauses with the topic. Rate: the same per 100 clauses. Share: of all topic "
        "assignments of an edition; a topic that did not change loses share when others grow.",
    ),
    "sign": (
        "正值表示在新版中增加。每个数字都通向被计入的条款。",
        "Positive: grew in the new edition. Every number leads to the clauses that were counted.",
    ),
    "interval": (
        "方括号内为区间（{model}）。两版均为全文，区间不是抽样误差，只表示结果在多大程度上取决于个别条款。",
        "Square brackets hold an interval ({model}). Both texts are complete, so it is no sampling "
        "error: it shows how far the result hangs on single clauses.",
    ),
    "verdict": (
        "稳健：95 %的读法和所试的每种选择（词条、单位、条款等，逐一改变）都不改变增减方向。"
        "脆弱：至少一种选择使方向反转。未定：其余情形，包括没有变化的主题。",
        "Robust: 95 % of the readings of the redline, and every choice tried (terms, units, "
        "clauses; one at a time), keep the direction. Fragile: a choice turns it round. Undecided: "
        "all else, topics without change among it.",
    ),
    "no_verdict": (
        "本页未检验结论在其他读法和选择下是否成立。",
        "Whether the findings survive other readings and choices was not asked for this page.",
    ),
}

_LIMITS: dict[str, tuple[str, str]] = {
    "emphasis": (
        "文字的侧重不是行动：本页不说明执行、经费或意图，也不说明变化的原因。",
        "Emphasis in a text is not action: nothing here is about implementation, money or intent, "
        "nor about why a text changed.",
    ),
    "tags": (
        "主题由编码本的词条判定：提到不等于支持，词条之外的说法会漏掉，所引文件标题中的词也计入。",
        "Topics are found by the codebook's terms: a mention is not support, what is said in other "
        "words is missed, and words in the titles of cited instruments count.",
    ),
    "equal": (
        "每条同等计数，不论长短与措辞强弱。",
        "Clauses count alike, however long they are and however strongly they are worded.",
    ),
    "silent": (
        "未加标记的文字不等于确定未改：流畅的插入可能不留痕迹。",
        "Text without a mark is not proven to be unchanged: a fluent insertion may leave no trace.",
    ),
}


def write_guidance(study: Study, findings: Mapping[str, Finding], language: Language) -> str:
    """Return how to read the page, as the items of a list."""
    judged = any(finding.standing for finding in findings.values())
    model = " · ".join(
        name_model(model, language) for model in total_rows(study)["interval_model"].unique()
    )
    names = ["unit", "measures", "sign", *(["interval"] if model != "none" else [])]
    names.append("verdict" if judged else "no_verdict")
    return _items([_say(_READ[name], language).format(model=model) for name in names])


def write_limits(study: Study, language: Language) -> str:
    """Return what the page does not show, as the items of a list."""
    names = ["emphasis", "tags", "equal", *(["silent"] if is_inferred(study) else [])]
    return _items([_say(_LIMITS[name], language) for name in names])


def _say(words: tuple[str, str], language: Language) -> str:
    return words[language == "en"]


def _items(sentences: list[str]) -> str:
    return "\n".join(f"<li>{show(sentence)}</li>" for sentence in sentences)
