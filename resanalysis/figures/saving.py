"""Figures to disk for print: the same bytes on every run, all files or none."""

from __future__ import annotations

import json
import tempfile
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_pdf import FigureCanvasPdf
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from resanalysis.figures.style import check_glyphs, style_in_force
from resanalysis.model import Language

if TYPE_CHECKING:
    import pandas as pd


def save_figure(
    figure: Figure,
    path_stem: str | Path,
    *,
    data: pd.DataFrame,
    captions: Mapping[Language, str],
    provenance: Mapping[str, Any],
    dpi: int = 300,
) -> list[Path]:
    """Save a figure for print, with the table, the captions and the record of what made it.

    The same figure gives the same bytes on every run (PNG: on one machine). All files are written
    aside and put in place together; when anything fails, none is touched.

    Parameters
    ----------
    figure : Figure
        What to save, at the size it has.
    path_stem : str or Path
        Path of the files without their endings, such as `results/figures/topic-shares`; its
        folder is made where it is missing.
    data : DataFrame
        The rows that are drawn.
    captions : mapping of language to str
        Captions by language (`zh`, `en`).
    provenance : mapping
        What made the figure: anything that JSON can hold.
    dpi : int
        Dots per inch of the PNG.

    Returns
    -------
    list of Path
        `.pdf` and `.svg` (text kept as text, fonts embedded in the PDF as TrueType), `.png`,
        `.csv` (UTF-8 with BOM), `.caption.zh.txt` and the like, `.provenance.json`.

    Raises
    ------
    InputError
        When no font has a character of the figure; found before anything is written.

    Notes
    -----
    SVG files name their fonts and do not embed them: where the package's font is not installed,
    a viewer sets the text in another one.

    Examples
    --------
    >>> save_figure(ax.figure, "results/figures/topic-shares", data=study.shift,
    ...             captions={"zh": "……"}, provenance=study.provenance)  # doctest: +SKIP
    """
    stem = Path(path_stem)
    record = json.dumps(provenance, ensure_ascii=False, indent=2, sort_keys=True)
    texts = {f"caption.{language}.txt": caption for language, caption in captions.items()}
    with style_in_force():
        _settle(figure)
        check_glyphs(figure)
        stem.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=stem.parent, prefix=f".{stem.name}-") as aside:
            made = list(_write_images(figure, Path(aside), stem.name, dpi))
            made.append(Path(aside) / f"{stem.name}.csv")
            data.to_csv(made[-1], index=False, encoding="utf-8-sig", lineterminator="\n")
            for ending, text in {**texts, "provenance.json": record}.items():
                made.append(Path(aside) / f"{stem.name}.{ending}")
                made[-1].write_text(text.rstrip("\n") + "\n", encoding="utf-8", newline="\n")
            return [path.replace(stem.parent / path.name) for path in made]


def _settle(figure: Figure) -> None:
    """Lay the figure out until nothing moves: each pass starts from the last one's result."""
    layout = figure.get_layout_engine()
    if layout is None:
        return
    canvas = figure.canvas
    FigureCanvasAgg(figure)  # whose renderer keeps what it measured, from pass to pass
    with warnings.catch_warnings():
        # Missing glyphs are reported in full by check_glyphs.
        warnings.filterwarnings("ignore", message=r"Glyph .* missing")
        bounds: list[float] = []
        for _ in range(20):
            layout.execute(figure)
            before = bounds
            bounds = [edge for ax in figure.axes for edge in ax.get_position().bounds]
            if len(before) == len(bounds) and np.allclose(before, bounds, rtol=0, atol=1e-12):
                break
    figure.set_canvas(canvas)


def _write_images(figure: Figure, folder: Path, name: str, dpi: int) -> Iterator[Path]:
    """Write the figure in each format, all in one layout and without any date."""
    metadata: dict[str, dict[str, str | None]] = {
        "pdf": {"CreationDate": None},
        "svg": {"Date": None},
        "png": {"Software": "resanalysis"},
    }
    with _layout_held(figure), warnings.catch_warnings():
        warnings.filterwarnings("error", message=r"Glyph .* missing")
        for kind, values in metadata.items():
            path = folder / f"{name}.{kind}"
            with _canvas_for(figure, kind, dpi) as canvas:
                canvas(path, metadata=values)
            yield path


@contextmanager
def _canvas_for(figure: Figure, kind: str, dpi: int) -> Iterator[Callable[..., object]]:
    """Give what prints the figure in a format.

    `Figure.savefig` draws everything once more beforehand, for layouts and tight boxes, which a
    figure that is held has no need of.
    """
    canvas, before = figure.canvas, figure.dpi
    figure.set_dpi(dpi)
    try:
        if kind == "pdf":
            yield FigureCanvasPdf(figure).print_pdf
        elif kind == "svg":
            yield FigureCanvasSVG(figure).print_svg
        else:
            yield FigureCanvasAgg(figure).print_png
    finally:
        figure.set_canvas(canvas)
        figure.set_dpi(before)


@contextmanager
def _layout_held(figure: Figure) -> Iterator[None]:
    """Keep the axes where they are, to a thousandth of a millimetre.

    Text measures a little differently in each format, and a layout for each would move the axes;
    SVG names its parts by hashes, in which the last bit of a position shows.
    """
    layout = figure.get_layout_engine()
    taking_part = [(ax, ax.get_in_layout()) for ax in figure.axes]
    figure.set_layout_engine("none")
    try:
        for ax in figure.axes:
            left, bottom, width, height = ax.get_position(original=True).bounds
            ax.set_position((round(left, 6), round(bottom, 6), round(width, 6), round(height, 6)))
        yield
    finally:
        for ax, took_part in taking_part:
            ax.set_in_layout(took_part)
        figure.set_layout_engine(layout)
