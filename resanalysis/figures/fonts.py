"""Fonts by family, by file, or by the name they carry in another language."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TypeAlias

from matplotlib.font_manager import (
    FontEntry,
    FontProperties,
    findSystemFonts,
    fontManager,
    get_font,
)
from matplotlib.ft2font import FT2Font

from resanalysis.model import InputError, Problem, input_error

Fonts: TypeAlias = str | Path | Sequence[str | Path]

FONT_FILES = (".ttf", ".otf", ".ttc", ".otc")

# In a font's name table: a family under one of its styles, and the family of all its styles.
_FAMILY_NAMES = (1, 16)

# Encodings of a name by platform and encoding number, as the OpenType specification gives them;
# Chinese fonts of the nineties name themselves in the Macintosh encodings only.
_UNICODE = "utf_16_be"
_ENCODINGS = {
    (1, 0): "mac_roman", (1, 1): "shift_jis", (1, 2): "big5", (1, 3): "euc_kr", (1, 25): "gb2312",
    (3, 0): _UNICODE, (3, 1): _UNICODE, (3, 3): "gb18030", (3, 4): "big5", (3, 10): _UNICODE,
}  # fmt: skip

_NORMAL = 400  # weight
_SHOWN = 6  # of the names that a message lists


def find_families(fonts: Fonts) -> list[str]:
    """Return the families that matplotlib knows these fonts by; all that are missing are named."""
    named = [fonts] if isinstance(fonts, str | Path) else list(fonts)
    families: list[str] = []
    problems: list[Problem] = []
    for font in named:
        try:
            families.append(_find_family(font))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return families


def font_file(family: str, like: FontProperties | None = None) -> str | None:
    """Return the file that matplotlib prints a family with, None where it has none."""
    wanted = FontProperties() if like is None else like.copy()
    wanted.set_family([family])
    try:
        return fontManager.findfont(wanted, fallback_to_default=False)
    except ValueError:
        return None


@cache
def list_characters(font_path: str) -> frozenset[int]:
    """Return the code points that a font file has glyphs for."""
    return frozenset(get_font(font_path).get_charmap())


def _find_family(font: str | Path) -> str:
    """Return the family name of a font file, made known to matplotlib, or of an installed font."""
    path = Path(font)
    if path.suffix.lower() in FONT_FILES:
        return _register(path.resolve())
    name = str(font)
    if font_file(name) is not None:
        return name
    _learn_fonts()
    if font_file(name) is not None:
        return name
    for family, names in _list_names():
        if _fold(name) in map(_fold, names):
            return family
    known = sorted({other for _, names in _list_names() for other in names if not other.isascii()})
    raise input_error(
        "fonts",
        name,
        "no font of that family is installed",
        "Install it, or name an installed family or the path of a .ttf, .otf or .ttc file"
        + (f"; installed are, among others, {'、'.join(known[:_SHOWN])}" if known else ""),
    )


def _learn_fonts() -> None:
    """Tell matplotlib of fonts that were installed since it made its list."""
    for path in sorted(set(findSystemFonts()) - {entry.fname for entry in fontManager.ttflist}):
        with suppress(OSError, RuntimeError):  # a file that is no font, or of a kind it cannot read
            fontManager.addfont(path)


def _list_names() -> Iterator[tuple[str, frozenset[str]]]:
    """Yield every family that matplotlib knows, with the names of its plainest face.

    The others, light or narrow, carry names of their own, but asking matplotlib for the family
    does not get them.
    """
    families: dict[str, FontEntry] = {}
    for entry in fontManager.ttflist:
        plainest = families.setdefault(entry.name, entry)
        families[entry.name] = min(plainest, entry, key=_plainness)
    for family, entry in sorted(families.items()):
        # matplotlib 3.10 knows the first face of a file only.
        yield family, _read_names(str(entry.fname), getattr(entry, "index", 0))


def _plainness(entry: FontEntry) -> tuple[bool, int]:
    weight = entry.weight if isinstance(entry.weight, int) else _NORMAL
    return entry.style != "normal", abs(weight - _NORMAL)


@cache
def _read_names(font_path: str, face: int) -> frozenset[str]:
    """Return the family names of a face in every language it carries."""
    try:
        font = FT2Font(font_path, face_index=face) if face else FT2Font(font_path)
        table = font.get_sfnt()
    except (OSError, RuntimeError, ValueError):  # Type 1 fonts have no such table
        return frozenset()
    names = set()
    for (platform, encoding, _, kind), raw in table.items():
        decoding = _UNICODE if platform == 0 else _ENCODINGS.get((platform, encoding))
        if kind in _FAMILY_NAMES and decoding:
            with suppress(UnicodeDecodeError, LookupError):
                names.add(raw.decode(decoding))
    return frozenset(names)


def _fold(name: str) -> str:
    """Return a name as names are compared: without case and width."""
    return unicodedata.normalize("NFKC", name).casefold().strip()


@cache
def _register(path: Path) -> str:
    if not path.is_file():
        raise input_error("fonts", str(path), "there is no such file", "Correct the path")
    try:
        fontManager.addfont(path)
        family = FontProperties(fname=path).get_name()
    except (OSError, RuntimeError) as error:
        raise input_error(
            "fonts", str(path), f"the file cannot be read as a font ({error})", "Name another font"
        ) from error
    found = font_file(family)
    if found is None or not Path(found).samefile(path):
        raise input_error(
            "fonts",
            str(path),
            f"another file of the family {family!r} goes before it: {found}",
            "Name the family instead of the file, or a file of another family",
        )
    return family
