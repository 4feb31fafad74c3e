"""Numbers, years and targets in Chinese policy texts, found by stated rules."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from resanalysis.folding import fold

Kind = Literal["number", "year", "target"]

KINDS: tuple[Kind, ...] = ("number", "year", "target")


@dataclass(frozen=True, slots=True)
class Mention:
    """A run of characters that makes a text specific.

    Attributes
    ----------
    kind : {'number', 'year', 'target'}
        What it is; see `find_mentions`.
    start, end : int
        Where it stands in the text.
    """

    kind: Kind
    start: int
    end: int


# --- what is written: all on folded text, where full-width ASCII is half-width and lower case -----

_TO = r"\s*(?:-{1,2}|–|—{1,2}|~|至|到|和)\s*"
_FIGURE = r"(?:\d{1,3}(?:[, \u00a0\u2009\u202f]\d{3})+(?!\d)|\d+)(?:\.\d+)?"
_ONES = "二两三四五六七八九"
_CHINESE = "零〇一十百千万亿" + _ONES
_TENS = rf"(?=[一十{_ONES}])(?=[{_CHINESE}]*[十百千万亿])[{_CHINESE}]++(?:点[零〇一{_ONES}]+)?"

# Units of measure, and words that count single things. What may not follow makes another word of
# it (一年级, 个人, 项目), which matters most where a list's label stands before it: `2 项目`.
_UNIT = (
    r"(?:%|‰|℃|°c?|个?百分点|年(?![代级度轻龄会报份均长老间])|个月|个?星期|个?工作日|周?岁|周(?![边期围年转知密])|日(?![本常报前期志益程])"
    r"|天(?![然气线空文基地津际])|个?小时|分钟|秒|倍|(?:摄氏|华氏)?度(?![过假量])|吨|[千毫]?克(?!服)"
    r"|公[斤里顷]|(?:平方|立方)?(?:公里|[千厘毫]?米)|亩|升(?![级温高至到])|[兆千吉太]?瓦(?!解)时?"
    r"|[千兆吉]?(?:赫兹?|比特|字节)|美元|欧元|瑞士法郎|瑞郎|法郎|英镑|日元|人民币|元(?![素数])"
    r"|(?:[kmgt]wh?|[kmgt]?hz|[kmgt](?:bit/s|bps)|[cmn]?m|km2?|[km]g|[kmg]?t|db[a-z]*|usd|chf|eur"
    r"|pp[mb])(?![a-z0-9]))"
)
_COUNTER = (
    r"(?:个(?![人体别性])|名(?![称为单义额])|位(?![置于])|项(?!目)|家(?![庭园电具长用])"
    r"|次(?![级要区生数])|种(?![植子族])|类(?![似型别])|人(?![工类员民口才力权道均为身士体事造机居])"
    r"|户(?![外主])|台(?![风站湾])|套|座(?!谈)|条(?![例件款约文码])|件|批(?![准评判量])"
    r"|所(?![有述需以在产提涉做谓属])|支(?![持付助撑出柱])|款(?!项)|份(?!额)|艘|辆"
    r"|国(?![集家际内外别民土务]))"
)
_GAP = r"[ \u00a0\u2009\u202f]*"  # a tab stands behind a label
_SOME = rf"{_GAP}[余多]?{_GAP}"
_SCALED = rf"{_FIGURE}{_GAP}[百千]?[万亿]+"
_QUANTITY = (
    rf"百分之(?:{_FIGURE}|[{_CHINESE}]+)(?:(?:{_TO})(?:百分之)?(?:{_FIGURE}|[{_CHINESE}]+))?"
    rf"|[千万]分之(?:{_FIGURE}|[{_CHINESE}]+)"
    rf"|[一十{_ONES}][{_CHINESE}]*分之[一十{_ONES}][{_CHINESE}]*"
    r"|[1-9]/[1-9]\d?(?![\d/号a-z])"
    rf"|(?:us\$|[$€£¥])\s*{_FIGURE}(?:\s*[百千]?[万亿]+)?"
    rf"|(?:{_FIGURE}(?:\s*{_UNIT})?{_TO})?(?:{_SCALED}|{_FIGURE}){_SOME}(?:{_UNIT}|{_COUNTER})"
    rf"|(?:{_FIGURE}{_TO})?{_SCALED}"
    rf"|(?:{_TENS}{_TO})?{_TENS}{_SOME}(?:{_UNIT}|{_COUNTER})"
    rf"|[一十{_ONES}][{_CHINESE}]*[万亿]"
    rf"|[{_ONES}]{_SOME}{_UNIT}"
    rf"|一[半倍]|减半|半数|翻[一两]?番"
)
_YEAR = r"(?:(?:1[89]|2[01])\d\d|[一二][零〇一二三四五六七八九]{3})"
_DATE = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
_DAY = rf"{_DATE}\s*月(?:\s*{_DATE}\s*日|底|末)"
_BEFORE = r"(?:之前|以前|前(?![后任往言]))"
_YEARS = (
    rf"(?:{_YEAR}\s*年?{_TO}|{_YEAR}/)?{_YEAR}\s*年(?![来多])代?"
    rf"(?:\s*{_DATE}\s*月(?:\s*{_DATE}\s*日)?)?(?:年?[底末初]|中期|期间)?"
    r"|\d\d世纪\d0年代"
)
_GOAL_NUMBER = r"\d+(?:\.(?:\d+|[a-z](?![a-z])))?"
_GOAL = (
    rf"(?:可持续发展目标|(?:具体)?目标|sdgs?)\s*{_GOAL_NUMBER}(?![\d.]|\s*(?:{_UNIT}|{_COUNTER}))"
    rf"(?:(?:[、,]|{_TO})(?:(?:具体)?目标|sdg)?\s*{_GOAL_NUMBER}(?![\d.]|\s*(?:{_UNIT}|{_COUNTER})))*"
    rf"(?:\s*\(\s*sdgs?\s*{_GOAL_NUMBER}\s*\))?"
)
# What names an instrument, a session or a place in a text, and says nothing of amounts and times.
_NAME = (
    r"《[^《》]*》(?:\([^()]*年[^()%]*\))?"
    r"|题为“[^“”]*”"
    rf"|\(\s*(?:[^()\d%]{{0,20}}[,、])?\s*{_YEAR}\s*年\s*[,、][^()\d%]*\)"
    rf"|(?<=[议定书约言见\d])\(\s*{_YEAR}\s*年\s*\)"
    rf"|{_YEAR}\s*年\s*\d{{1,2}}\s*月\s*\d{{1,2}}\s*日(?:通过)?的?(?=第\s*[\d/]+\s*号|《|题为)"
    rf"|{_YEAR}\s*年(?=(?:可持续发展)?议程)"
    rf"|{_DAY}(?!{_BEFORE})"
    rf"|第\s*(?:[\d./]+|[{_CHINESE}]+)(?:(?:[、,]|{_TO})第?\s*(?:[\d./]+|[{_CHINESE}]+))*"
)
_SCAN = re.compile(
    rf"(?P<name>{_NAME})|(?P<goal>{_GOAL})"
    rf"|(?<![\d.])(?P<year>{_YEARS})|(?P<day>{_DAY}(?={_BEFORE}))"
    rf"|(?<![a-z0-9./_-])(?<![数几{_CHINESE}])(?P<number>{_QUANTITY})"
)

# --- what makes a target of a year or of an amount -----------------------------------------------

# 到 closes many verbs (注意到2015年, 降低到1990年的水平), after which it opens no deadline.
_BY = re.compile(
    r"(?:(?<![意识虑提谈看听想得做达遇受感收回升降高低复找接碰推增减少加从直止截])(?<!预[计测期])"
    r"(?<!估计)到|(?:^|[,;:。(“])至|不[迟晚]于|最[迟晚][在于]?|至[迟晚][在于]?|截止日期为)\s*$"
)
_AFTER = re.compile(rf"\s*{_BEFORE}|[^,;:。\n的通]{{0,6}}目标")
_PAST = re.compile(r"(?:的|时的)?(?:同期)?水平|,?[^,。;\n]{0,12}(?:已|曾)")
_REACHES = re.compile(r"(?:实现|达到|达成|完成|建成|成为)(?!了)")
_LIMITED = re.compile(
    r"(?:限制|控制|稳定|保持|维持)在(?:远?[低高]于|不超过|不高于)?(?:约|大约)?\s*$"
)
_CHANGED = re.compile(
    r"(?:减少|减排|降低|下降|削减|缩减|压减|节约|提高|提升|增加|扩大|增长|上升|达|实现|完成|覆盖|减|降|增|升"
    r"|不低于|不少于|不超过|不高于|至少|超过)[到至为]?(?:约|大约|近|至少|不少于|超过)?\s*$"
)
_AIM = re.compile(r"目标|力争|争取|努力|承诺|确保|必须|要求|旨在")
_NEAR = 300  # characters that are looked at on either side: sentences hardly are longer
_SHARE = re.compile(r"%|百分之|分之|一半|减半|半数")


def find_mentions(text: str) -> list[Mention]:
    """Find the numbers, years and targets of a Chinese text, in order, none over another.

    Parameters
    ----------
    text : str
        Text of one clause.

    Returns
    -------
    list of Mention
        A run of characters has one kind; target goes before year, year before number.

        - *number*: a numeral with what it counts or measures: a share (`20%`, `百分之三十`,
          `三分之一`, `一半`), a unit (`1.5摄氏度`, `十年`, `28 GHz`), a counted thing (`195个`), a
          sum (`US$ 100`), 万 or 亿. Chinese numerals under ten count before units only (`三年`, not
          `三个局`): they are rather grammar than figures. 一 never counts (`一些`, `一年`).
        - *year*: a year of four figures with 年, its month and day; a range is one (`2016-2019年`).
        - *target*: a deadline (`到2030年`, `2030年之前`, `12月31日前`); a year's goal
          (`2030年减排目标`); an amount to be reached, see Notes; a numbered goal
          (`具体目标13.1`, `可持续发展目标13(SDG 13)`), an unbroken list of which is one.

    Notes
    -----
    An amount is to be reached when something is kept at it or under it (`限制在1.5摄氏度`); when
    it follows a verb of change or reaching and, earlier in the sentence, a deadline or a word of
    aim (目标, 力争, 承诺, 必须 …), or 目标 follows; or when it is a share and follows a deadline.
    已 or 了 make it a report of what was. A year is a deadline after 到 or before 前, and also
    where a word of aim stands before and 实现, 达到, 完成 right after it (`争取2050年实现`).

    What names something is left out: all in 《》 or 题为“”; ordinals (`第182号决议`, `第三次`);
    years in a citation's brackets (`（2014年，釜山，修订版）`) or in its date
    (`2015年9月25日第70/1号决议`); 2030年议程; days without a year (`5月22日`); numerals without
    unit, which are labels, codes and names (`L.1300`, `5G`, `CO2`, `附件2`, `COP 26`).

    Limits: a numeral whose unit is not listed is missed, and so are targets without figures
    (`净零`). Old reports without 已 or 了 pass for targets (`到2015年`), forecasts are known by
    预计, 预测, 估计 right before 到 only. A goal that is merely cited counts like one that is set.
    Figures are not read: `20%` and `2%` are one mention each. The rules are ours; how well they
    agree with a reader was not measured.

    Examples
    --------
    >>> text = "到2030年将排放量减少45%，195个国家已于2016年签署第3号决定（2015年，巴黎）"
    >>> [(m.kind, text[m.start:m.end]) for m in find_mentions(text)]
    [('target', '2030年'), ('target', '45%'), ('number', '195个'), ('year', '2016年')]
    """
    folded = fold(text)
    found: list[Mention] = []
    deadline = -1
    for hit in _SCAN.finditer(folded.text):
        if hit.lastgroup == "name":
            continue
        near = max(hit.start() - _NEAR, 0)
        ends = (folded.text.rfind(mark, near, hit.start()) + 1 for mark in "。;!\n")
        sentence = max(near, *ends)
        kind = _judge(hit, folded.text, sentence, deadline >= sentence)
        if hit.lastgroup in ("year", "day") and kind == "target":
            deadline = hit.start()
        found.append(Mention(kind, *folded.span(*hit.span())))
    return found


def _judge(hit: re.Match[str], text: str, sentence: int, due: bool) -> Kind:
    """Return the kind of a mention; `due` says that a deadline stands before it."""
    before, after = text[sentence : hit.start()], text[hit.end() : hit.end() + _NEAR]
    if hit.lastgroup in ("goal", "day"):
        return "target"
    if hit.lastgroup == "year":
        return "target" if _is_deadline(before, after) else "year"
    return "target" if _is_to_be_reached(hit[0], before, after, due) else "number"


def _is_deadline(before: str, after: str) -> bool:
    if _AFTER.match(after):
        return True
    if _REACHES.match(after):
        return bool(_AIM.search(before))
    return bool(_BY.search(before)) and not _PAST.match(after)


def _is_to_be_reached(amount: str, before: str, after: str, due: bool) -> bool:
    part = re.split("[,:]", before)[-1]
    if re.search("已(?!承诺)|了$", part):
        return False
    if _LIMITED.search(part):
        return True
    if due and _SHARE.search(amount):
        return True
    aimed = due or _AIM.search(before) or re.match("[^,;:。\n]{0,10}目标", after)
    return bool(aimed) and (amount == "减半" or bool(_CHANGED.search(part)))
