"""Titles of cited instruments, found in folded text."""

import re

# How instruments are cited, on folded text: by a title in book marks; by 题为“…”; and, as the ITU
# and the UN write, by a title before a number (有关…的…第73号决议, 有关…的意见3).
_OPENING = "(?:有关|关于)(?!的)"  # 与…有关的 opens no title
_KIND = "(?:决议|决定|建议书?|意见|课题|公约)"
_NUMBER = r"第\s*[0-9a-z/.()\-一二三四五六七八九十百零〇]+\s*号"
_CITATIONS = (
    re.compile(r"《(?P<title>[^》\0]*)》"),
    re.compile(r"题为“(?P<title>[^”\0]*)”"),
    re.compile(
        rf"{_OPENING}(?P<title>(?:(?!{_OPENING}|{_NUMBER})[^,;:。\n\0])+)"
        rf"的[^,;:。、\n\0]{{0,25}}?(?:{_NUMBER}\s*{_KIND}|{_KIND}\d+(?![\d年]))"
    ),
)


def find_titles(folded: str) -> list[tuple[int, int]]:
    """Return where titles of cited instruments stand in a folded text.

    A null character, which separates texts that are read as one, ends every title.
    """
    return [hit.span("title") for pattern in _CITATIONS for hit in pattern.finditer(folded)]
