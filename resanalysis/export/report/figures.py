"""The figures of the page, inside it, each with its caption."""

from __future__ import annotations

import base64
import struct
from collections.abc import Sequence
from html import escape

from resanalysis.export.report.parts import PlacedFigure, link, show
from resanalysis.model import Language

_HEADING: dict[Language, str] = {"zh": "图", "en": "Figures"}
_ALT: dict[Language, str] = {
    "zh": "图：{what}。数据见“各主题的数字”。",
    "en": "Figure: {what}. The numbers stand in the table of topics.",
}
_SCROLL: dict[Language, str] = {"zh": "图{n}，可左右滚动", "en": "Figure {n}, scrolls sideways"}
_NUMBER: dict[Language, str] = {"zh": "图{n}", "en": "Figure {n}"}
_MORE: dict[Language, str] = {"zh": "完整说明", "en": "Full caption"}


def write_figures(figures: Sequence[PlacedFigure], language: Language) -> str:
    """Return the section of the figures, numbered from 1; nothing where there are none.

    On a narrow screen a figure keeps a width at which it can be read, and scrolls in its box.
    """
    if not figures:
        return ""
    shown = "\n".join(_write(figure, n, language) for n, figure in enumerate(figures, start=1))
    heading = f'<h2 id="figures">{_HEADING[language]}</h2>'
    return f'<section aria-labelledby="figures">\n{heading}\n{shown}\n</section>'


def write_figures_link(figures: Sequence[PlacedFigure], language: Language) -> str:
    """Return the entry of the contents that leads to the figures, where there are any."""
    return f"<li>{link('figures', _HEADING[language])}</li>\n" if figures else ""


def _write(figure: PlacedFigure, n: int, language: Language) -> str:
    data = base64.b64encode(figure.png).decode("ascii")
    first, rest = split_caption(figure.caption, language)
    alt = escape(_ALT[language].format(what=first.rstrip("。.")))
    width, height = _size(figure.png)
    number = _NUMBER[language].format(n=n)
    more = f"<details><summary>{_MORE[language]}</summary>{show(rest)}</details>" if rest else ""
    return (
        f'<figure id="figure-{escape(figure.name)}">\n'
        f'<div class="wide" tabindex="0" role="region" aria-label="'
        f'{escape(_SCROLL[language].format(n=n))}">'
        f'<img alt="{alt}" width="{width}" height="{height}" '
        f'src="data:image/png;base64,{data}"></div>\n'
        f"<figcaption><b>{number}</b> {show(first)}{more}</figcaption>\n</figure>"
    )


def split_caption(caption: str, language: Language) -> tuple[str, str]:
    """Return the first sentence of a caption, and the rest.

    >>> split_caption("Share of 1.5 °C goals. A long explanation.", "en")
    ('Share of 1.5 °C goals.', 'A long explanation.')
    """
    stop = "。" if language == "zh" else ". "
    first, found, rest = caption.partition(stop)
    return first + found.strip(), rest.strip()


def _size(png: bytes) -> tuple[int, int]:
    """Return width and height, which stand at bytes 16 to 24 of every PNG."""
    width, height = struct.unpack(">II", png[16:24])
    return width, height
