"""Characters of Word's symbol fonts as ordinary characters."""

from __future__ import annotations

_GREEK = "ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ"
_GREEK_SMALL = "αβχδεφγηιϕκλμνοπθρστυϖωξψζ"
_SYMBOL = {
    **{0x41 + i: char for i, char in enumerate(_GREEK)},
    **{0x61 + i: char for i, char in enumerate(_GREEK_SMALL)},
    0x2D: "−", 0xA3: "≤", 0xA5: "∞", 0xAB: "↔", 0xAC: "←", 0xAD: "↑", 0xAE: "→", 0xAF: "↓",
    0xB0: "°", 0xB1: "±", 0xB3: "≥", 0xB4: "×", 0xB7: "•", 0xB8: "÷", 0xB9: "≠", 0xBB: "≈",
    0xBC: "…", 0xD2: "®", 0xD3: "©", 0xD4: "™", 0xDE: "⇒",
}  # fmt: skip
_WINGDINGS = {
    0x6C: "●", 0x6E: "■", 0x6F: "□", 0x71: "❑", 0x74: "⧫", 0x75: "◆", 0x76: "❖", 0x77: "⬥",
    0x9F: "•", 0xA0: "▪", 0xA7: "▪", 0xA8: "◻", 0xD8: "➢", 0xDF: "←", 0xE0: "→", 0xE8: "➔",
    0xFB: "✗", 0xFC: "✓", 0xFD: "☒", 0xFE: "☑",
}  # fmt: skip


def read_symbol(char: str, font: str) -> str:
    r"""Return what a character of a symbol font shows; an unknown one is returned as it is.

    Parameters
    ----------
    char : str
        One character, as a rule of the private use area (U+F020 to U+F0FF).
    font : str
        Name of the font; `Wingdings` and `Symbol` are known, any other is read as `Symbol` for
        the bullet only.

    Examples
    --------
    >>> read_symbol("\uf0b7", "Symbol"), read_symbol("\uf0d8", "Wingdings"), read_symbol("a", "")
    ('•', '➢', 'a')
    """
    code = ord(char)
    if not 0xF000 <= code <= 0xF0FF:
        return char
    name = font.strip().lower()
    if name == "wingdings":
        return _WINGDINGS.get(code - 0xF000, char)
    if name == "symbol":
        return _SYMBOL.get(code - 0xF000, char)
    return "•" if code == 0xF0B7 else char
