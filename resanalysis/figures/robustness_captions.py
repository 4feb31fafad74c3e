"""Captions of the figures of robustness, in Chinese and English, from their table."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from resanalysis.figures.captions import describe_sources
from resanalysis.figures.pieces import Unit, print_word
from resanalysis.figures.robustness import (
    Measure,
    choose_measure,
    print_kept,
    print_percent,
    print_verdicts,
)
from resanalysis.model import Codebook, Corpus, Language, input_error

if TYPE_CHECKING:
    import pandas as pd

_WORDS: dict[str, tuple[str, str]] = {
    "all": (
        "从{old}到{new}，各主题{measure}的变化是否经得起其他读法与其他选择。圆点：主结果"
        "（实心为稳健，半实心为未定，空心为脆弱）；下方细线：各种选择之下的最小值至最大值。"
        "右列：与主结果同号的读法比例（向下取整）、改变数值的选择中同号的个数、结论。",
        "Whether the change of each topic's {measure} from {old} to {new} survives other readings "
        "and other choices. Circle: the headline (full: robust, half full: undecided, open: "
        "fragile). Thin line below: least to greatest value under any choice. Right columns: "
        "readings with the headline's sign (rounded down); of the choices that change the value, "
        "those that keep its sign; verdict. ",
    ),
    "all readings": (
        "上方粗线：{level}的读法所在区间。",
        "Thick line above: interval of {level} of the readings. ",
    ),
    "one readings": (
        "右图：各读法之值的分布，其{level}的区间与中位数；读法有权重而随机抽取，选择没有，故分开画。",
        "Right: distribution of the readings, with the interval of {level} of them and their "
        "median; readings have weights and are drawn at random, choices have none and stand "
        "apart. ",
    ),
    "same": (
        "同号的读法占{same}（向下取整）。",
        "{same} of the readings have the headline's sign (rounded down). ",
    ),
    "one": (
        "“{topic}”{measure}从{old}到{new}的变化，在分析者的每一种其他选择之下"
        "（规格曲线，Simonsohn等，2020）。上图：各选择之值由小到大；虚线与菱形：主结果。"
        "下图：该点换了何种选择；去掉后不触及该主题自身的词条与条款挤在一处。",
        "Change of the {measure} of “{topic}” from {old} to {new} under every other choice of the "
        "analyst (specification curve, Simonsohn et al. 2020). Above: the values, ascending; "
        "dashed line and diamond: the headline. Below: what was chosen otherwise at each point; "
        "left-out terms and clauses that are none of the topic's own stand closer together. ",
    ),
    "one verdict": (
        "结论：{verdict}；改变数值的选择中，同号者{kept}。",
        "Verdict: {verdict}; of the choices that change the value, {kept} keep its sign. ",
    ),
    "one zero": (
        "结论：{verdict}；主结果为零，没有符号。",
        "Verdict: {verdict}; the headline is zero and has no sign. ",
    ),
    "units apart": (
        "其他单位的计数与比率不可比，不画，但计入结论。",
        "Counts and rates of other units do not compare: they are not drawn, but their signs count "
        "in the verdict. ",
    ),
    "starred": (
        "星号：若无痕文字一律保留原样，则为稳健。",
        "Asterisk: robust if unmarked runs are left as they are. ",
    ),
    "readings": (
        "读法：抽取{draws}次，{places}处各按权重{runs}，种子{seed}。存疑判定的权重（二比一）"
        "是约定，并非测得；标为确定的判定不变。",
        "Readings: {draws} draws of the whole redline, {places} places by their weights{runs}, "
        "seed {seed}. The weights of uncertain decisions (two to one) are a convention, not a "
        "measurement; decisions called certain stand. ",
    ),
    "runs": (
        "，{runs}段无痕文字按其置信度",
        " and {runs} unmarked runs of text by their confidence",
    ),
    "unmarked": (
        "无痕文字的置信度以字符计、在其他法律上测得，早于任何人审读，宁可偏于存疑。"
        "划去无痕文字只减词不增词，合计因而变小，主结果可能位于读法区间的边缘或区间之外。",
        "The confidence of unmarked runs was measured by characters on other laws, before any "
        "reader had looked, and errs on the side of doubt. Striking unmarked runs only takes words "
        "away: totals shrink, and the headline may lie at the edge of the readings' interval or "
        "outside it. ",
    ),
    "other readings": ("读法的抽取：{model}。", "How readings were drawn: {model}. "),
    "no readings": ("未抽取读法。", "No readings were drawn. "),
    "choices": (
        "选择：{tried}种，每次只换一种。",
        "Choices: {tried} in all, one at a time, all else as in the headline. ",
    ),
    "base": (
        "只因基数变动而改变比率或份额者，也算改变数值。",
        "One that changes a rate or share through its base alone counts as changing it. ",
    ),
    "rule": (
        "稳健：至少95 %的读法且每种选择均与主结果同号；脆弱：有选择使符号反转；其余为未定。"
        "零没有符号：主结果为零者未定，得零的选择不算同号。",
        "Robust: at least 95 % of the readings and every choice keep the sign. Fragile: a choice "
        "reverses it. Undecided: otherwise. Zero is no sign: a headline of zero is undecided, and "
        "a choice that gives zero does not keep the sign. ",
    ),
    "count": ("{unit}", "number of {unit}"),
    "rate": ("比率（每100，按{unit}计）", "rate per 100 (by {unit})"),
    "share": (
        "份额（占该版全部主题标注，按{unit}计）",
        "share of all topic assignments (by {unit})",
    ),
}

_LEVEL = "95 %"  # of the columns `reading_low` and `reading_high`


def robustness_caption(
    robustness: pd.DataFrame,
    corpus: Corpus,
    codebook: Codebook,
    *,
    measure: Measure = "share",
    unit: Unit = "clause",
    language: Language = "zh",
    topic: str | None = None,
) -> str:
    """Return the caption of `plot_robustness` or, with a topic, of `plot_specifications`.

    It says what is drawn, how readings were drawn and what their weights rest on, how many choices
    were tried, the rule of the verdict, codebook and source.

    Parameters
    ----------
    robustness : DataFrame
        Table `robustness`; all numbers come from it.
    corpus : Corpus
        Gives the editions, the source, how its versions are known, and its rights.
    codebook : Codebook
        Gives the codebook's name, version and hash.
    measure : {"count", "rate", "share"}
        The same as was drawn.
    unit : {"clause", "character", "token", "matched"}
        The same as was drawn.
    language : {"zh", "en"}
        Language of the caption.
    topic : str, optional
        The topic of the specification curve; all topics when left out.

    Returns
    -------
    str
        One paragraph without a line break.

    Raises
    ------
    InputError
        When the table lacks the measure or the topic, or has one topic twice.

    Examples
    --------
    >>> robustness_caption(robustness, study.corpus, study.codebook,
    ...                    language="en")  # doctest: +SKIP
    """
    rows = choose_measure(robustness, measure)
    if topic is not None:
        rows = rows[rows["topic"].eq(topic)]
        if rows.empty:
            raise input_error(
                "robustness", f"topic {topic}", "there are no such rows", "Name another topic"
            )
    first = rows.iloc[0]
    counted, verdicts = print_word(unit, language), print_verdicts(rows, language)
    values = {
        "old": corpus.old.label(language),
        "new": corpus.new.label(language),
        "measure": _words(measure, language).format(unit=counted),
        "level": _LEVEL,
        "tried": first["choices_tried"],
        "kept": print_kept(rows)[0],
        "same": print_percent(first["same_sign"]),
        "verdict": verdicts[0],
        "topic": "" if topic is None else codebook.topic(topic).label[language],
    }
    keys = [*_choose_keys(rows, topic), *([] if measure == "share" else ["units apart"])]
    shown = "".join(_words(key, language).format(**values) for key in keys)
    shown += _describe_readings(str(first["reading_model"]), language)
    keys = ["choices", *([] if measure == "count" else ["base"]), "rule"]
    keys += ["starred"] if "*" in "".join(verdicts) else []
    shown += "".join(_words(key, language).format(**values) for key in keys)
    return shown + describe_sources(corpus, codebook, language)


def _choose_keys(rows: pd.DataFrame, topic: str | None) -> list[str]:
    """Return what the caption says of the drawing, in order."""
    read = rows["reading_low"].notna().any()
    if topic is None:
        return ["all", *(["all readings"] if read else [])]
    keys = ["one", *(["one readings"] if read else [])]
    if not rows["value"].iloc[0]:
        return [*keys, "one zero"]
    return [*keys, "one verdict", *(["same"] if read else [])]


def _describe_readings(model: str, language: Language) -> str:
    """Return how readings were drawn in words; a model that is not known stands as it is."""
    known = re.fullmatch(
        r"(?P<draws>\d+) readings, (?P<places>\d+) places by their weights"
        r"(?:, (?P<runs>\d+) unmarked runs by their confidence)?, seed (?P<seed>\d+)",
        model,
    )
    if known is None:
        return _words("other readings", language).format(model=model)
    if not int(known["draws"]):
        return _words("no readings", language)
    runs = _words("runs", language).format(runs=known["runs"]) if known["runs"] else ""
    shown = _words("readings", language).format(**known.groupdict() | {"runs": runs})
    return shown + (_words("unmarked", language) if runs else "")


def _words(key: str, language: Language) -> str:
    return _WORDS[key][language == "en"]
