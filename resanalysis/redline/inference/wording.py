"""What the wording inside a line shows: units, marks and phrases that stand side by side.

Every rule proposes places of one kind; how often each was right on real revision pairs is stored
with the package and becomes the confidence of its places.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import accumulate

from resanalysis.labels import read_chinese_number
from resanalysis.model import Op

Candidate = tuple[tuple[tuple[int, int, Op], ...], ...]
"""Whole readings of one place as spans of the line; the first is the preferred one."""

_CN = "[零〇一二三四五六七八九十百千]"
_UNITS = (
    "年|月|日|号|条|款|项|章|节|届|次|人|名|个|岁|倍|元|万元|亿元"
    "|小时|个月|工作日|个工作日|米|公里|吨|度|摄氏度"
)
_YEAR = r"(?:19|20)\d\d"
_HAN = re.compile("[\u4e00-\u9fff]+")
_NUMERAL = re.compile("[零〇一二三四五六七八九十百千万亿]")
_OFTEN = 3  # places that make one change of many
_CONNECTIVES = frozenset("、 和 与 及 或 以及 或者".split())
_FUNCTION = _CONNECTIVES | frozenset(
    "的 地 得 了 在 对 由 向 从 以 为 于 将 把 被 并 且 而 但 等 其 之 会同 按照 依照 根据"
    " 应当 可以 不 不得 未 是 有 无 各 该 本 同 经 给予 进行".split()
)


def _pair(a: int, b: int, c: int) -> Candidate:
    """Two neighbours, the first deleted and the second inserted, or the other way round."""
    return (((a, b, "delete"), (b, c, "insert")), ((a, b, "insert"), (b, c, "delete")))


def _in_time(pair: Candidate, first: str, second: str) -> Candidate:
    """Put the reading first in which the earlier year is the deleted one."""
    return pair[::-1] if _year(first) > _year(second) else pair


def _year(text: str) -> int:
    """Return the year that a text begins with; two digits alone are a year from 1950 to 2049."""
    number = int(text[:4])
    if number >= 100:
        return number
    return number + (1900 if number >= 50 else 2000)


def find_dated_places(line: str) -> Iterator[Candidate]:
    """Yield `2012年，迪拜2022年，日内瓦`: two dates with their places, nothing between them."""
    place = r"[^\s，、；。：（）()\d《》]{2,12}"
    for match in re.finditer(f"({_YEAR}年，{place})({_YEAR}年，{place})", line):
        yield _in_time(_pair(match.start(1), match.end(1), match.end(2)), match[1], match[2])


def find_glued_years(line: str) -> Iterator[Candidate]:
    """Yield `20142022` and `2014年2022年`: two years written as one."""
    for match in re.finditer(rf"(?<!\d)({_YEAR})({_YEAR})(?!\d)|({_YEAR}年)({_YEAR}年)", line):
        if match[1] is None:
            a, b, c = match.start(3), match.start(4), match.end(4)
        else:
            a, b, c = match.start(1), match.start(2), match.end(2)
        if line[a:b] != line[b:c]:
            yield _in_time(_pair(a, b, c), line[a:b], line[b:c])


def find_glued_sessions(line: str) -> Iterator[Candidate]:
    """Yield `WRC-1219`: a session's name with two two-digit years."""
    for match in re.finditer(r"(?<=[A-Za-z][-‑])(\d\d)(\d\d)(?![\d-])", line):
        if match[1] != match[2]:
            pair = _pair(match.start(1), match.end(1), match.end(2))
            yield _in_time(pair, match[1], match[2])


def find_glued_quantities(line: str) -> Iterator[Candidate]:
    """Yield `第十九条第十七条`, `30日20日`: two amounts of the same unit, nothing between them."""
    # Longer runs of digits are no numbers, and would be read again from each of them.
    number = rf"(?:第)?(?:\d{{1,14}}(?:\.\d{{1,14}})?|{_CN}{{1,14}})"
    pattern = rf"({number})({_UNITS})(之{_CN}{{1,14}})?({number})\2(之{_CN}{{1,14}})?"
    for match in re.finditer(pattern, line):
        if match[1].startswith("第") == match[4].startswith("第") and match[1] != match[4]:
            yield _pair(match.start(), match.start(4), match.end())


def find_merged_numerals(line: str) -> Iterator[Candidate]:
    """Yield `第十四十二条`, `（四三）`, `第十九七条`: a numeral that is none, but two merged.

    The two may share their first characters (`十九七`: 十九, 十七); the reading with the smaller
    step comes first, since renumbering moves by little.
    """
    for match in re.finditer(rf"(?<=[第（])({_CN}{{2,14}})(?=[条款项章节号）])", line):
        numeral, start = match[1], match.start()
        if read_chinese_number(numeral) is not None:
            continue
        ways = []
        for shared in range(len(numeral) - 1):
            for cut in range(shared + 1, len(numeral)):
                first = read_chinese_number(numeral[:cut])
                second = read_chinese_number(numeral[:shared] + numeral[cut:])
                if first and second and first != second:
                    ways.append((abs(first - second), shared, cut))
        if ways:
            pairs = [
                _pair(start + shared, start + cut, match.end()) for _, shared, cut in sorted(ways)
            ]
            yield tuple(reading for pair in pairs for reading in pair)


def find_doubled_punctuation(line: str) -> Iterator[Candidate]:
    """Yield `，；` and `。；`: two marks where a sentence has one."""
    for match in re.finditer("(?<![，。；：、])([，。；：、])([，。；：、])(?![，。；：、])", line):
        if match[1] != match[2]:
            yield _pair(match.start(1), match.end(1), match.end(2))


def find_doubled_conjunctions(words: Sequence[str]) -> Iterator[Candidate]:
    """Yield `、和`, `和、`, `与、`: a comma and a connective where a list has one of them."""
    starts = _starts(words)
    for i in range(1, len(words) - 1):
        pair = (words[i], words[i + 1])
        if "、" in pair and pair[0] != pair[1] and set(pair) <= _CONNECTIVES:
            yield _pair(starts[i], starts[i + 1], starts[i + 1] + len(words[i + 1]))


def _starts(words: Sequence[str]) -> list[int]:
    """Return where each word begins in the line, and where the last one ends."""
    return [0, *accumulate(len(word) for word in words)]


def find_parallel_phrases(words: Sequence[str]) -> Iterator[Candidate]:
    """Yield `市场主体经营主体`: neighbouring phrases of words that begin or end alike."""
    starts = _starts(words)
    taken = 0
    for i in range(len(words)):
        if starts[i] < taken:
            continue
        for first, second in ((2, 2), (1, 2), (2, 1), (1, 1)):
            j, k = i + first, i + first + second
            if k <= len(words) and _parallel(words[i:j], words[j:k]):
                yield _pair(starts[i], starts[j], starts[k])
                taken = starts[k]
                break


def _parallel(first: Sequence[str], second: Sequence[str]) -> bool:
    """Whether two runs of content words, equally long, share half their characters at one end."""
    if any(w in _FUNCTION or not _HAN.fullmatch(w) for w in (*first, *second)):
        return False
    a, b = "".join(first), "".join(second)
    common = max(_prefix(a, b), _prefix(a[::-1], b[::-1]))
    return a != b and len(a) == len(b) and common >= 2 and 2 * common >= len(a)


def _prefix(a: str, b: str) -> int:
    n = 0
    while n < min(len(a), len(b)) and a[n] == b[n]:
        n += 1
    return n


def find_repeated_phrases(
    lines: Sequence[Sequence[str]],
) -> Iterator[tuple[int, int, int, int]]:
    """Yield `水行政主管部门水务部门` where the very same neighbours stand in three places or more.

    One change made throughout a text. The two phrases end alike by two characters or more, and by
    half of the shorter; one is no part of the other, and neither holds a number. Of several that
    meet at one seam the longest that occurs nearly as often is taken.

    Parameters
    ----------
    lines : sequence of sequences of str
        The words of each line.

    Yields
    ------
    (int, int, int, int)
        Number of the line, and where in it the first phrase begins, where the second begins and
        where it ends.
    """
    found: dict[tuple[int, int], list[tuple[int, int, str, str]]] = {}
    counts: Counter[tuple[str, str]] = Counter()
    for number, words in enumerate(lines):
        starts = _starts(words)
        for seam in range(1, len(words)):
            for first, second in _phrases_at(words, seam):
                one, other = "".join(words[first:seam]), "".join(words[seam:second])
                if _end_alike(one, other):
                    counts[one, other] += 1
                    place = (starts[first], starts[second], one, other)
                    found.setdefault((number, starts[seam]), []).append(place)
    taken: dict[int, int] = {}
    for (number, middle), places in found.items():
        often = max(counts[one, other] for _, _, one, other in places)
        if often < _OFTEN:
            continue
        begin, end, _, _ = max(
            (place for place in places if counts[place[2:]] >= 0.75 * often),
            key=lambda place: place[1] - place[0],
        )
        if begin >= taken.get(number, 0):
            taken[number] = end
            yield number, begin, middle, end


def _phrases_at(words: Sequence[str], seam: int) -> Iterator[tuple[int, int]]:
    """Yield where content phrases of up to three words begin before, and end after, a seam."""
    begins = [seam - n for n in (1, 2, 3) if seam >= n and _is_content(words[seam - n : seam])]
    ends = [seam + n for n in (1, 2, 3) if _is_content(words[seam : seam + n])]
    for begin in begins:
        for end in ends:
            if end <= len(words):
                yield begin, end


def _is_content(words: Sequence[str]) -> bool:
    return all(
        word not in _FUNCTION and _HAN.fullmatch(word) and not _NUMERAL.search(word)
        for word in words
    )


def _end_alike(one: str, other: str) -> bool:
    if min(len(one), len(other)) < 2 or one in other or other in one:
        return False
    common = _prefix(one[::-1], other[::-1])
    return common >= 2 and 2 * common >= min(len(one), len(other))


def find_rewritten_lines(lines: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield pairs of line numbers where one line looks like a rewriting of the one before.

    Between the two at most two other lines stand; headings and short lines are left out.
    """
    used: set[int] = set()
    for i, line in enumerate(lines):
        if i in used or len(line) < 8:
            continue
        for j in range(i + 1, min(i + 4, len(lines))):
            if j in used or len(lines[j]) < 8:
                continue
            matcher = SequenceMatcher(None, line, lines[j], autojunk=False)
            if matcher.quick_ratio() >= 0.8 and matcher.ratio() >= 0.8:
                used |= {i, j}
                yield i, j
                break
