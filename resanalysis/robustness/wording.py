"""A verdict in words, in Chinese and in English."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pandas as pd

from resanalysis.model import Language

_WORDS: dict[Language, dict[str, str]] = {
    "en": {
        "opening": " Does it survive? ",
        "count": "Count: ",
        "rate": "Rate: ",
        "share": "Share: ",
        "robust": "robust",
        "fragile": "fragile",
        "undecided": "undecided",
        "zero": " (no change in the headline; zero is no sign)",
        "kept": " (the sign is kept by {readings}{kept} of {moving} choices that change the value, "
        "{tried} tried{turned})",
        "readings": "{} % of the readings and ",
        "turned": "; turned round by {}",
        "more": " and {} more",
        "between": "; ",
        "closing": ".",
        "list": ", ",
        "term": "leaving out the term or rule {}",
        "clause": "leaving out the clause {}",
        "preamble": "leaving out the preamble",
        "citations": "leaving out the titles of cited instruments",
        "unit": "counting {}",
        "segmentation": "counting tokens ({})",
        "codebook": "the {} reading of the codebook",
        "scope": "scope {}",
        "alignment": "threshold {} of alignment",
        "reference": "the coding {} in place of the codebook",
    },
    "zh": {
        "opening": "是否经得起检验？",
        "count": "条数：",
        "rate": "比率：",
        "share": "份额：",
        "robust": "稳健",
        "fragile": "脆弱",
        "undecided": "未定",
        "zero": "（主结果没有变化；零没有方向）",
        "kept": "（{readings}改变数值的{moving}种选择中{kept}种方向不变，共试{tried}种{turned}）",
        "readings": "{} %的读法、",
        "turned": "；以下选择使其反转：{}",
        "more": "等另外{}种",
        "between": "；",
        "closing": "。",
        "list": "、",
        "term": "去掉词条或规则{}",
        "clause": "去掉条款{}",
        "preamble": "去掉序言",
        "citations": "去掉所引文件标题",
        "unit": "按{}计",
        "segmentation": "按词计（{}）",
        "codebook": "编码本{}读法",
        "scope": "范围{}",
        "alignment": "配对阈值{}",
        "reference": "以编码{}代替编码本",
    },
}

_OPTIONS: dict[str, dict[Language, str]] = {
    "clause": {"zh": "条", "en": "clauses"},
    "character": {"zh": "字符", "en": "characters"},
    "token": {"zh": "词", "en": "tokens"},
    "matched": {"zh": "匹配字符", "en": "matched characters"},
    "HMM on": {"zh": "猜测新词", "en": "unknown words guessed"},
    "HMM off": {"zh": "不猜测新词", "en": "no unknown words guessed"},
    "strict": {"zh": "仅核心词条的", "en": "strict"},
    "broad": {"zh": "全部词条的", "en": "broad"},
}
"""What options are called in sentences; any other stands as it is."""

_KINDS = (
    *("term", "clause", "preamble", "citations", "unit"),
    *("segmentation", "codebook", "scope", "alignment", "reference"),
)

_NAMED = 3
"""How many choices that turn a sign round are named."""


def describe_verdict(
    verdicts: pd.DataFrame,
    *,
    language: Language = "zh",
    measures: tuple[str, ...] = ("count", "share"),
) -> str:
    """Say of one topic whether its change survives other readings and choices.

    Parameters
    ----------
    verdicts : DataFrame
        Rows of the table `robustness` of one topic.
    language : {"zh", "en"}
        Language of the sentence.
    measures : tuple of {"count", "rate", "share"}
        Differences to speak of, in this order.

    Returns
    -------
    str
        One sentence that may follow one of `summarize_topics`.

    Raises
    ------
    ValueError
        When the rows are not of exactly one topic, or lack a measure.

    Examples
    --------
    >>> row = {"measure": "count", "topic": "water", "value": 2.0, "same_sign": 0.99}
    >>> row |= {"choices_kept": 40, "choices_tried": 40, "choices_moving": 8, "reversed_by": ""}
    >>> row |= {"verdict": "robust"}
    >>> said = describe_verdict(pd.DataFrame([row]), language="en", measures=("count",))
    >>> said.split(" (")[0]
    ' Does it survive? Count: robust'
    """
    words = _WORDS[language]
    rows = {str(row["measure"]): row for row in verdicts.to_dict("records")}
    if len(set(verdicts["topic"])) != 1 or len(rows) < len(verdicts):
        raise ValueError("give the rows of one topic")
    if missing := [measure for measure in measures if measure not in rows]:
        raise ValueError(f"there is no verdict on {', '.join(missing)}")
    parts = [words[measure] + _describe(rows[measure], language) for measure in measures]
    return words["opening"] + words["between"].join(parts) + words["closing"]


def _describe(row: Mapping[Any, Any], language: Language) -> str:
    words = _WORDS[language]
    verdict = words[row["verdict"]]
    if not row["value"]:
        return verdict + words["zero"]
    kinds = "|".join(_KINDS)
    turned = re.split(f"; (?=(?:{kinds}): )", row["reversed_by"]) if row["reversed_by"] else []
    named = words["list"].join(_name(choice, language) for choice in turned[:_NAMED])
    if len(turned) > _NAMED:
        named += words["more"].format(len(turned) - _NAMED)
    # Rounded down: 94.9 % are not the 95 % that a robust finding needs.
    same = None if pd.isna(row["same_sign"]) else int(100 * row["same_sign"] + 1e-9)
    return verdict + words["kept"].format(
        readings="" if same is None else words["readings"].format(same),
        # What does not change the value keeps its sign, too.
        kept=row["choices_kept"] - row["choices_tried"] + row["choices_moving"],
        moving=row["choices_moving"],
        tried=row["choices_tried"],
        turned=words["turned"].format(named) if turned else "",
    )


def _name(choice: str, language: Language) -> str:
    kind, _, option = choice.partition(": ")
    said = option
    if kind in ("unit", "segmentation", "codebook") and option in _OPTIONS:
        said = _OPTIONS[option][language]
    return _WORDS[language][kind].format(said)
