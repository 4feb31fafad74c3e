"""Text for LaTeX: what is special there is escaped, quotes and dashes follow the language."""

from __future__ import annotations

import re
import unicodedata

from resanalysis.wordfile import replace_illegal

_ESCAPES = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\textquotedbl{}",
    "`": r"\textasciigrave{}",
    # At the beginning of a row these would belong to the end of the row before.
    "[": "{[}",
    "]": "{]}",
    "*": "{*}",
    # Signs of mathematics, which no font for text must have.
    "\N{MINUS SIGN}": "$-$",
    "→": r"$\rightarrow$",
    "×": r"$\times$",
    "±": r"$\pm$",
    "≤": r"$\leq$",
    "≥": r"$\geq$",
    "\N{NO-BREAK SPACE}": "~",
    "\n": " ",
    "\t": " ",
}

_LATIN = {"“": "``", "”": "''", "‘": "`", "’": "'", "–": "--", "—": "---", "·": r"$\cdot$"}
"""Punctuation that a Chinese font prints in full width, as it is written for a Latin one."""

_JOINED = re.compile(r"(?<=-)(?=-)|(?<=')(?=')|(?<=,)(?=,)|(?<=[?!])(?=`)")
"""Where two characters would be printed as one other."""


def escape_text(text: str, *, is_chinese: bool) -> str:
    r"""Return text as LaTeX prints it character by character.

    Parameters
    ----------
    text : str
        Any text; a character that no file can hold becomes U+FFFD, a line break a space.
    is_chinese : bool
        Whether quotes and dashes are Chinese ones, of full width.

    Examples
    --------
    >>> escape_text("5 % of R&D_1", is_chinese=False)
    '5 \\% of R\\&D\\_1'
    """
    parted = _JOINED.sub("\0", text.replace("\0", "\N{REPLACEMENT CHARACTER}"))
    table = _ESCAPES if is_chinese else _ESCAPES | _LATIN
    escaped = "".join("{}" if c == "\0" else table.get(c, replace_illegal(c)) for c in parted)
    return re.sub("  +", lambda found: r" \ " * (len(found[0]) - 1), escaped)


def measure_text(text: str) -> float:
    """Return about how wide text is printed, in em: a Chinese character is one."""
    return sum(1.0 if unicodedata.east_asian_width(c) in "WFA" else 0.55 for c in text)
