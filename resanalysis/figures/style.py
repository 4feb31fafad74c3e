"""Sizes for print, the style of a figure, and fonts that have its characters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

import matplotlib as mpl
import matplotlib.style
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findSystemFonts, fontManager, get_font
from matplotlib.text import Text

from resanalysis.model import InputError, Problem, input_error

if TYPE_CHECKING:
    pass

Width: TypeAlias = Literal["single", "double", "slide"]
Fonts: TypeAlias = str | Path | Sequence[str | Path]

OWN_FONT = Path(__file__).parents[1] / "data" / "fonts" / "ResanalysisSansSC-Regular.ttf"
OWN_FONTS: tuple[str | Path, ...] = (OWN_FONT, "DejaVu Sans")
"""The font that the package ships, and matplotlib's own behind it for Greek and symbols."""

MM_PER_INCH = 25.4
WIDTHS_MM: dict[Width, float] = {"single": 85.0, "double": 180.0, "slide": 338.667}
FONT_FILES = (".ttf", ".otf", ".ttc", ".otc")

# Seeds the ids inside SVG files, which are random otherwise; tells a print style in force, too.
HASHSALT = "resanalysis"
_SCREEN_DPI = 192
_CSS_DPI = 96


def figure_size(width: Width, height_mm: float | None = None) -> tuple[float, float]:
    """Return a figure's width and height in inches.

    Parameters
    ----------
    width : {"single", "double", "slide"}
        85 mm (one column of a journal), 180 mm (two columns), or 338.7 mm (a slide of 16:9).
    height_mm : float, optional
        Height in millimetres; 9/16 of the width when left out.

    Examples
    --------
    >>> figure_size("slide")
    (13.333, 7.5)
    """
    width_mm = WIDTHS_MM[width]
    height = width_mm * 9 / 16 if height_mm is None else height_mm
    return round(width_mm / MM_PER_INCH, 3), round(height / MM_PER_INCH, 3)


@contextmanager
def print_style(*, fonts: Fonts | None = None, font_size: float = 7.5) -> Iterator[None]:
    """Draw in the print style inside this context; every setting is put back behind it.

    Figures are drawn in this style anyway. Enter it for another font or size of type, or for
    figures of one's own.

    Parameters
    ----------
    fonts : str, Path or sequence of them, optional
        Font families as installed, or font files, the first that has a character prints it. No
        other font steps in. The package's own Chinese font and DejaVu Sans when left out.
    font_size : float
        Size of the type in points; 7 to 8 for print, 14 or more for slides.

    Raises
    ------
    InputError
        When a font is not found; all that are missing are named.

    Examples
    --------
    >>> with print_style(font_size=14):
    ...     figure = Figure(figsize=figure_size("slide"))
    """
    settings = {
        "font.family": _families(OWN_FONTS if fonts is None else fonts),
        "font.size": font_size,
        "axes.titlesize": "medium",
        "axes.unicode_minus": True,
        "axes.axisbelow": True,
        "axes.linewidth": 0.6,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "grid.color": "0.85",
        "grid.linewidth": 0.4,
        "hatch.linewidth": 0.6,
        "lines.linewidth": 0.9,
        "text.parse_math": False,
        "xtick.major.width": 0.6,
        "ytick.major.width": 0.6,
        "figure.dpi": 150,
        "pdf.fonttype": 42,
        "ps.fonttype": 42,
        "svg.fonttype": "none",
        "svg.hashsalt": HASHSALT,
    }
    with mpl.style.context(["default", settings]):
        yield


def style_in_force() -> AbstractContextManager[None]:
    """Return the print style: the one the caller has entered, or else the default."""
    return nullcontext() if mpl.rcParams["svg.hashsalt"] == HASHSALT else print_style()


class PrintFigure(Figure):
    """A figure that notebooks display at its print size without pyplot or a choice of backend."""

    def _repr_png_(self) -> tuple[bytes, dict[str, int]]:
        buffer = BytesIO()
        with style_in_force():
            self.savefig(buffer, format="png", dpi=_SCREEN_DPI, metadata={"Software": None})
        width, height = (round(inches * _CSS_DPI) for inches in self.get_size_inches())
        return buffer.getvalue(), {"width": width, "height": height}


def _families(fonts: Fonts) -> list[str]:
    named = [fonts] if isinstance(fonts, str | Path) else list(fonts)
    families: list[str] = []
    problems: list[Problem] = []
    for font in named:
        try:
            families.append(_family(font))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return families


def _family(font: str | Path) -> str:
    """Return the family name of a font file, made known to matplotlib, or of an installed font."""
    path = Path(font)
    if path.suffix.lower() in FONT_FILES:
        return _register(path.resolve())
    if _font_file(str(font)) is None:
        _learn_fonts()
    if _font_file(str(font)) is None:
        raise input_error(
            "fonts",
            str(font),
            "no font of that family is installed",
            "Install it, or name an installed family or the path of a .ttf, .otf or .ttc file",
        )
    return str(font)


def _learn_fonts() -> None:
    """Tell matplotlib of fonts that were installed since it made its list."""
    for path in set(findSystemFonts()) - {entry.fname for entry in fontManager.ttflist}:
        with suppress(OSError, RuntimeError):  # a file that is no font, or of a kind it cannot read
            fontManager.addfont(path)


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
    found = _font_file(family)
    if found is None or not Path(found).samefile(path):
        raise input_error(
            "fonts",
            str(path),
            f"another file of the family {family!r} goes before it: {found}",
            "Name the family instead of the file, or a file of another family",
        )
    return family


def _font_file(family: str, like: FontProperties | None = None) -> str | None:
    """Return the file that matplotlib prints a family with, None where it has none."""
    wanted = FontProperties() if like is None else like.copy()
    wanted.set_family([family])
    try:
        return fontManager.findfont(wanted, fallback_to_default=False)
    except ValueError:
        return None


@cache
def _characters(font_file: str) -> frozenset[int]:
    return frozenset(get_font(font_file).get_charmap())


def check_glyphs(figure: Figure) -> None:
    """Raise an `InputError` that names every character that no font of its text has."""
    problems: dict[str, Problem] = {}
    for artist in figure.findobj(Text):
        assert isinstance(artist, Text)  # noqa: S101 - what findobj returns, for the type checker
        text, style = artist.get_text(), artist.get_fontproperties()
        files = [_font_file(family, style) for family in style.get_family()]
        printable: frozenset[int] = frozenset().union(*(_characters(f) for f in files if f))
        lacking = sorted({c for c in text if ord(c) not in printable and c != "\n"})
        if lacking and text not in problems:
            problems[text] = Problem(
                "error",
                "figure",
                f"text {text!r}",
                "no glyph for "
                + ", ".join(f"{c!r} (U+{ord(c):04X})" for c in lacking)
                + " in "
                + ", ".join(style.get_family()),
                "Name a font that has it, such as print_style(fonts=[...]), or correct the text",
            )
    if problems:
        raise InputError(problems.values())
