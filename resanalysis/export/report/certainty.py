"""How sure the two versions are: characters by how they are known, in plain words."""

from __future__ import annotations

from resanalysis.export.report.parts import filter_id, link, show
from resanalysis.export.wording import describe_places, is_inferred
from resanalysis.model import Language, Study

_CLASSES: dict[str, dict[Language, tuple[str, str]]] = {
    "proven": {
        "zh": ("确定", "由编号、标记或所给文本确定。"),
        "en": ("proven", "By numbering, by marks, or by the texts given."),
    },
    "decided": {
        "zh": ("读者判定", "由读者读后判定，并附理由。"),
        "en": ("decided", "By readers, with reasons."),
    },
    "likely": {
        "zh": ("规则推断", "由措辞规则推断，未经读者判定。"),
        "en": ("likely", "Inferred by rules of wording; no reader decided."),
    },
    "undecidable": {
        "zh": ("无从判定", "无从判定属于哪一版；暂按两版均有处理。"),
        "en": ("undecidable", "Nothing tells which version it belongs to; it is kept in both."),
    },
}
"""Each kind of certainty that `segments` may have: its name, and what it means."""

_HEAD: dict[Language, tuple[str, ...]] = {
    "zh": ("判定方式", "两版均有", "仅旧版", "仅新版"),
    "en": ("How it is known", "in both", "old only", "new only"),
}

_UNIT: dict[Language, str] = {
    "zh": "两版合并文本的字符数，按判定方式统计。",
    "en": "Characters of the two versions laid together, by how they are known.",
}
_LIKELY: dict[Language, str] = {
    "zh": "“规则推断”且两版均有的文字，只是没有依据说明其仅属一版：其中可能有不留痕迹的插入。",
    "en": "“Likely” in both versions is text that nothing speaks against: an insertion that leaves "
    "no trace would be among it.",
}
_DOTTED: dict[Language, str] = {
    "zh": "对照表中以点线标出：{link}。",
    "en": "They are dotted in the comparison: {link}.",
}
_SEE: dict[Language, str] = {"zh": "查看所在各行", "en": "see their rows"}


def write_certainty(study: Study, language: Language) -> str:
    """Return what the numbers mean, and the table of the classes that occur."""
    segments = study.segments.assign(characters=study.segments["text"].str.len())
    rows = []
    for name, words in _CLASSES.items():
        here = segments[segments["certainty"].eq(name)]
        if here.empty:
            continue
        label, meaning = words[language]
        numbers = [
            here.loc[here["op"].eq(op), "characters"].sum() for op in ("equal", "delete", "insert")
        ]
        cells = "".join(f"<td>{number}</td>" for number in numbers)
        rows.append(f'<tr><th scope="row">{label} <small>{meaning}</small></th>{cells}</tr>')
    head = "".join(f'<th scope="col">{name}</th>' for name in _HEAD[language])
    likely = [_LIKELY[language]] if is_inferred(study) else []
    told = ("" if language == "zh" else " ").join([_UNIT[language], *likely])
    return (
        f"<p>{told}</p>\n"
        f'<div class="wide" tabindex="0" role="region" aria-label="{_HEAD[language][0]}">'
        f'<table class="numbers certainty"><thead><tr>{head}</tr></thead>\n<tbody>\n'
        + "\n".join(rows)
        + "\n</tbody></table></div>"
    )


def write_places(study: Study, language: Language, *, is_shown: bool) -> str:
    """Return how many places have other readings; a link to them where the table shows any."""
    told = show(describe_places(study, language))
    if not told or not is_shown:
        return told
    leads = link(filter_id(sure="no"), _SEE[language])
    between = "" if language == "zh" else " "
    return told + between + _DOTTED[language].format(link=leads)
