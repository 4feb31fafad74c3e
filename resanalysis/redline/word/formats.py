"""Numbers as Word writes them in list labels and note marks."""

from __future__ import annotations

from collections.abc import Callable

from resanalysis.labels import write_chinese_number

_LARGEST = 32_767  # that Word counts to
_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
_STEMS, _BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"
_LEGAL = {
    "chineseLegalSimplified": "零壹贰叁肆伍陆柒捌玖拾佰仟",
    "ideographLegalTraditional": "零壹貳參肆伍陸柒捌玖拾佰仟",
}


def write_number(value: int, form: str) -> str | None:
    """Return a number in one of Word's formats (`w:numFmt`), None if the format is unknown.

    Parameters
    ----------
    value : int
        The number, from 0.
    form : str
        As in the file: `decimal`, `lowerLetter`, `chineseCounting` and so on; `none` and `bullet`
        show no number.

    Notes
    -----
    Letters are repeated after `z` (`aa`, `bb`), as Word does. A number that a format cannot write
    (the eleventh of ten heavenly stems, say) is written in digits.

    Examples
    --------
    >>> [write_number(12, form) for form in ("lowerRoman", "chineseCounting", "decimalZero")]
    ['xii', '十二', '12']
    >>> write_number(28, "lowerLetter")
    'bb'
    """
    write = _FORMATS.get(form)
    if write is None:
        return None
    return write(value) if 0 <= value <= _LARGEST else str(value)


def _roman(value: int) -> str:
    if not 0 < value < 32768:
        return str(value)
    signs = (
        (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"),
        (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
    )  # fmt: skip
    written = ""
    for size, sign in signs:
        count, value = divmod(value, size)
        written += sign * count
    return written


def _letters(value: int) -> str:
    if value <= 0:
        return ""
    rounds, index = divmod(value - 1, 26)
    return chr(97 + index) * (rounds + 1)


def _digits(zero: str) -> Callable[[int], str]:
    table = str.maketrans("0123456789", f"{zero}一二三四五六七八九")
    return lambda value: str(value).translate(table)


def _count_to_ninety_nine(zero: str) -> Callable[[int], str]:
    """Return the writer of `十二` below a hundred and of digits (`一〇〇`) from there on."""
    spell = _digits(zero)
    return lambda value: write_chinese_number(value) if 0 < value < 100 else spell(value)


def _count(value: int) -> str:
    return write_chinese_number(value) if 0 < value < 10_000 else _digits("〇")(value)


def _count_in_japanese(value: int) -> str:
    if not 0 < value < 10_000:
        return _digits("〇")(value)
    written = write_chinese_number(value).replace("零", "")
    return written.replace("一十", "十").replace("一百", "百").replace("一千", "千")


def _legal(signs: str) -> Callable[[int], str]:
    table = str.maketrans("零一二三四五六七八九十百千", signs)

    def write(value: int) -> str:
        plain = _count(value)
        return (f"一{plain}" if plain.startswith("十") else plain).translate(table)

    return write


def _from_row(first: int, count: int) -> Callable[[int], str]:
    """Return the writer of a row of ready-made characters such as ①②③, digits past its end."""
    return lambda value: chr(first + value - 1) if 1 <= value <= count else str(value)


def _ordinal(value: int) -> str:
    tail = "th" if value % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(value % 10)
    return f"{value}{tail or 'th'}"


def _from_signs(signs: str) -> Callable[[int], str]:
    """Return the writer of signs in their order, digits past the last."""
    return lambda value: signs[value - 1] if 1 <= value <= len(signs) else str(value)


def _sixty(value: int) -> str:
    if value <= 0:
        return str(value)
    return _STEMS[(value - 1) % 10] + _BRANCHES[(value - 1) % 12]


_FORMATS: dict[str, Callable[[int], str]] = {
    "none": lambda value: "",  # noqa: ARG005 - one signature for all
    "bullet": lambda value: "",  # noqa: ARG005
    "decimal": str,
    "decimalHalfWidth": str,
    "decimalZero": lambda value: f"{value:02}",
    "decimalFullWidth": lambda value: str(value).translate(_FULL_WIDTH),
    "decimalFullWidth2": lambda value: str(value).translate(_FULL_WIDTH),
    "decimalEnclosedCircle": _from_row(0x2460, 20),
    "decimalEnclosedCircleChinese": _from_row(0x2460, 20),
    "decimalEnclosedParen": _from_row(0x2474, 20),
    "decimalEnclosedFullstop": _from_row(0x2488, 20),
    "ideographEnclosedCircle": _from_row(0x3280, 10),
    "numberInDash": lambda value: f"- {value} -",
    "hex": lambda value: f"{value:X}",
    "ordinal": _ordinal,
    "lowerLetter": _letters,
    "upperLetter": lambda value: _letters(value).upper(),
    "lowerRoman": _roman,
    "upperRoman": lambda value: _roman(value).upper(),
    "chineseCounting": _count_to_ninety_nine("〇"),
    "taiwaneseCounting": _count_to_ninety_nine("○"),
    "chineseCountingThousand": _count,
    "taiwaneseCountingThousand": _count,
    "japaneseCounting": _count_in_japanese,
    "ideographDigital": _digits("〇"),
    "japaneseDigitalTenThousand": _digits("〇"),
    "taiwaneseDigital": _digits("○"),
    "ideographTraditional": _from_signs(_STEMS),
    "ideographZodiac": _from_signs(_BRANCHES),
    "ideographZodiacTraditional": _sixty,
    **{form: _legal(signs) for form, signs in _LEGAL.items()},
}
