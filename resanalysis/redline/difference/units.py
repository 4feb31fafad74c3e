"""Units of Chinese policy text that a comparison never cuts: years, numbers, codes, words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from resanalysis.labels import read_labels

SHORT = 20
"""Characters between brackets or title marks up to which they are one unit."""

_CN = "零〇一二两三四五六七八九十百千万亿"
_MEASURE = (
    "个工作日|工作日|个月|周年|平方米|立方米|千米|公里|公斤|万元|亿元|千元|百元|美元|摄氏度|小时|分钟"
    "|年|月|日|号|届|条|款|项|章|节|编|次|期|页|段|人|名|个|元|倍|吨|岁|件|户|亩|米|周|天|秒|万|亿"
)
_DASH = "-–—~～至"
_UNIT = re.compile(
    "|".join(
        (
            f"《[^《》\n]{{1,{SHORT}}}》",
            f"（[^（）()\n]{{1,{SHORT}}}）",
            f"\\([^（）()\n]{{1,{SHORT}}}\\)",
            f"第(?:[0-9]+|[{_CN}]+)(?:{_MEASURE})?",
            f"百分之[{_CN}点]+",
            f"[0-9]{{4}}年?[{_DASH}][0-9]{{4}}年?",
            r"[A-Za-z][A-Za-z0-9]*(?:[-–.&'’][A-Za-z0-9]+)*",
            f"[0-9]+(?:[.,，][0-9]+)*(?:[A-Za-z]+|[%％‰]|(?:{_MEASURE}))?",
        )
    )
)
_NUMERAL = re.compile(f"[{_CN}]+")
_MEASURED = re.compile(f"(?:{_MEASURE})")
_CLOSED = ("《", "（", "(")
_LABEL_NUMBER = re.compile(f"[0-9]+|[a-z]+|[{_CN}]+")


def split_units(text: str, cut: Callable[[str], list[str]]) -> list[str]:
    """Return the units of `text`, in order; joined they are `text`.

    A unit is one of: a short title in 《》, a short bracket, 第 with its number and measure word,
    a number or a range of years with its unit or percent sign, a Latin word or code, a Chinese
    numeral with its measure word, a word, a single other character.

    Parameters
    ----------
    text : str
        Part of one line.
    cut : callable
        Segments a Chinese string into words whose concatenation is the string.

    Examples
    --------
    >>> split_units("按WRC-12第646号决议（2014年，釜山）减少20%", list)
    ['按', 'WRC-12', '第646号', '决', '议', '（2014年，釜山）', '减', '少', '20%']
    """
    units: list[str] = []
    end = 0
    for match in _UNIT.finditer(text):
        units += _words(text[end : match.start()], cut)
        units.append(match.group())
        end = match.end()
    return [*units, *_words(text[end:], cut)]


def open_unit(unit: str, cut: Callable[[str], list[str]]) -> list[str]:
    """Return the units inside a bracket or title, with its two signs; any other unit is itself."""
    if len(unit) < 3 or unit[0] not in _CLOSED:
        return [unit]
    return [unit[0], *split_units(unit[1:-1], cut), unit[-1]]


def is_closed(unit: str) -> bool:
    """Whether the unit is a bracket or title held together."""
    return len(unit) > 2 and unit[0] in _CLOSED


def _words(text: str, cut: Callable[[str], list[str]]) -> Iterator[str]:
    """Yield the words of `text`, a Chinese numeral together with its measure word."""
    waiting = ""
    for word in cut(text) if text else ():
        if waiting:
            measure = _MEASURED.match(word)
            if measure and measure.end() == len(word):
                yield waiting + word
                waiting = ""
                continue
            if _NUMERAL.fullmatch(word):
                waiting += word
                continue
            yield waiting
            waiting = ""
        if _NUMERAL.fullmatch(word):
            waiting = word
        else:
            yield word
    if waiting:
        yield waiting


def split_label(line: str) -> tuple[str, str]:
    r"""Return the label at the beginning of a clean line with the space around it, and the rest.

    Examples
    --------
    >>> split_label("第十二条\t保护环境")
    ('第十二条\t', '保护环境')
    >>> split_label("保护环境")
    ('', '保护环境')
    """
    ends = [
        label.end
        for label in read_labels(line)
        if any(reading.old == reading.new and not reading.marks for reading in label.readings)
    ]
    end = max(ends, default=0)
    while end and end < len(line) and line[end] in " \t\u3000":
        end += 1
    return line[:end], line[end:]


def split_label_number(label: str) -> tuple[str, str, str]:
    r"""Return what stands before the number of a label, the number, and what stands behind it.

    Examples
    --------
    >>> split_label_number("第十二条\t")
    ('第', '十二', '条\t')
    """
    match = _LABEL_NUMBER.search(label)
    if match is None:
        return label, "", ""
    return label[: match.start()], match.group(), label[match.end() :]
