"""Sizes for print and slides, the style of a figure, and whether its fonts have its characters."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from io import BytesIO
from pathlib import Path
from typing import Literal, TypeAlias, get_args

import matplotlib as mpl
import matplotlib.style
from matplotlib.figure import Figure
from matplotlib.text import Text

from resanalysis.figures.fonts import Fonts, find_families, font_file, list_characters
from resanalysis.model import InputError, Problem

Width: TypeAlias = Literal["single", "double", "slide"]
Journal: TypeAlias = Literal["elsevier", "ieee", "springer"]

OWN_FONT = Path(__file__).parents[1] / "data" / "fonts" / "ResanalysisSansSC-Regular.ttf"
OWN_FONTS: tuple[str | Path, ...] = (OWN_FONT, "DejaVu Sans")
"""The font that the package ships, and matplotlib's own behind it for Greek and symbols."""

MM_PER_INCH = 25.4
WIDTHS_MM: dict[Width, float] = {"single": 85.0, "double": 180.0, "slide": 338.667}
JOURNALS_MM: dict[Journal, dict[Width, float]] = {
    "elsevier": {"single": 90.0, "double": 190.0},
    "ieee": {"single": 88.9, "double": 182.0},
    "springer": {"single": 84.0, "double": 174.0},
}
PRINT_TYPE, SLIDE_TYPE = 7.5, 14.0

# Seeds the ids inside SVG files, which are random otherwise; tells a print style in force, too.
HASHSALT = "resanalysis"
_SCREEN_DPI = 192
_CSS_DPI = 96
_COLOURS = 255  # of a palette


def figure_size(
    width: Width, height_mm: float | None = None, *, journal: Journal | None = None
) -> tuple[float, float]:
    """Return a figure's width and height in inches.

    Parameters
    ----------
    width : {"single", "double", "slide"}
        One column of a journal, two columns, or a slide of 16:9 (338.7 mm). Without a journal
        85 mm and 180 mm, which most journals take.
    height_mm : float, optional
        Height in millimetres; 9/16 of the width when left out.
    journal : {"elsevier", "ieee", "springer"}, optional
        Publisher whose columns the figure shall fill, in millimetres:

        - `elsevier`: 90 and 190, the targets of Elsevier's *Artwork sizing*;
        - `ieee`: 88.9 and 182, of the IEEE Author Center's *Size requirements for graphics*;
        - `springer`: 84 and 174, of the *Figure placement and size* of Springer's submission
          guidelines, for journals of the larger format.

        Journals differ within a publisher, and guidelines change: follow your journal's own.

    Raises
    ------
    ValueError
        When the width or the journal is not one of these, or the journal has no such width.

    Examples
    --------
    >>> figure_size("slide")
    (13.333, 7.5)
    >>> figure_size("single", 100, journal="ieee")
    (3.5, 3.937)
    """
    width_mm = _width_mm(width, journal)
    height = width_mm * 9 / 16 if height_mm is None else height_mm
    return round(width_mm / MM_PER_INCH, 3), round(height / MM_PER_INCH, 3)


def _width_mm(width: Width, journal: Journal | None) -> float:
    if journal is not None and journal not in JOURNALS_MM:
        raise ValueError(f"journal {journal!r}: pass one of {', '.join(get_args(Journal))}")
    widths = WIDTHS_MM if journal is None else JOURNALS_MM[journal]
    if width not in widths:
        of = "" if journal is None else f" of {journal}"
        raise ValueError(f"width {width!r}{of}: pass one of {', '.join(widths)}")
    return widths[width]


@contextmanager
def print_style(
    *,
    width: Width | None = None,
    journal: Journal | None = None,
    fonts: Fonts | None = None,
    font_size: float | None = None,
) -> Iterator[None]:
    """Draw in the print style inside this context; every setting is put back behind it.

    Figures are drawn in this style anyway. Enter it for another width, font or size of type, or
    for figures of one's own.

    Parameters
    ----------
    width : {"single", "double", "slide"}, optional
        Width of the figures that are made inside, as `figure_size` gives it; a slide has its
        height, too. Each figure's own width, 170 or 180 mm, when left out.
    journal : {"elsevier", "ieee", "springer"}, optional
        Publisher whose columns `width` means; two columns when only the journal is given.
    fonts : str, Path or sequence of them, optional
        Font families as installed, by any name they carry (`SimSun` or `宋体`), or font files;
        the first that has a character prints it. No other font steps in. When left out, the fonts
        of the style in force, or else the package's own Chinese font and DejaVu Sans.
    font_size : float, optional
        Size of the type in points; 7.5, and 14 on slides, when left out.

    Raises
    ------
    InputError
        When a font is not found; all that are missing are named.
    ValueError
        When the width or the journal is not one of these.

    Examples
    --------
    >>> with print_style(width="slide"):
    ...     figure = Figure()
    >>> figure.get_size_inches().tolist()
    [13.333, 7.5]
    """
    if journal is not None and width is None:
        width = "double"
    if font_size is None:
        font_size = SLIDE_TYPE if width == "slide" else PRINT_TYPE
    kept = mpl.rcParams["font.family"] if _in_force() else find_families(OWN_FONTS)
    settings = {
        "font.family": kept if fonts is None else find_families(fonts),
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
        "text.hinting": "no_hinting",  # as wide on the screen as in print
        "text.parse_math": False,
        "xtick.major.width": 0.6,
        "ytick.major.width": 0.6,
        "figure.dpi": 150,
        "pdf.fonttype": 42,
        "ps.fonttype": 42,
        "svg.fonttype": "none",
        "svg.hashsalt": HASHSALT,
    }
    if width is not None:
        settings["figure.figsize"] = figure_size(width, journal=journal)
    with mpl.style.context(["default", settings]):
        yield


def style_in_force() -> AbstractContextManager[None]:
    """Return the print style: the one the caller has entered, or else the default."""
    return nullcontext() if _in_force() else print_style()


def _in_force() -> bool:
    return bool(mpl.rcParams["svg.hashsalt"] == HASHSALT)


def size_in_force() -> tuple[float, float] | None:
    """Return the size in inches that the style in force asks for, None where it asks for none."""
    size = tuple(mpl.rcParams["figure.figsize"])
    told = _in_force() and size != tuple(mpl.rcParamsDefault["figure.figsize"])
    return (float(size[0]), float(size[1])) if told else None


class PrintFigure(Figure):
    """A figure that notebooks display at its print size without pyplot or a choice of backend."""

    def _repr_png_(self) -> tuple[bytes, dict[str, int]]:
        buffer = BytesIO()
        with style_in_force():
            self.savefig(buffer, format="png", dpi=_SCREEN_DPI, metadata={"Software": None})
        width, height = (round(inches * _CSS_DPI) for inches in self.get_size_inches())
        return lighten_png(buffer.getvalue()), {"width": width, "height": height}


def lighten_png(png: bytes) -> bytes:
    """Return a drawing with a palette: as sharp as before at about a third of the bytes."""
    from PIL import Image

    light = BytesIO()
    with Image.open(BytesIO(png)) as image:
        few = image.convert("RGB").quantize(
            _COLOURS, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE
        )
        few.save(light, "PNG")
    return light.getvalue()


def check_glyphs(figure: Figure) -> None:
    """Raise an `InputError` that names every character that no font of its text has."""
    problems: dict[str, Problem] = {}
    for artist in figure.findobj(Text):
        assert isinstance(artist, Text)  # noqa: S101 - what findobj returns, for the type checker
        text, style = artist.get_text(), artist.get_fontproperties()
        files = [font_file(family, style) for family in style.get_family()]
        printable: frozenset[int] = frozenset().union(*(list_characters(f) for f in files if f))
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
