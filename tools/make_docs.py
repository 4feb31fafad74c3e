"""Make what the documentation takes from code: the data dictionary and the gallery.

`python -m tools.make_docs`, from the project's root.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from resanalysis.export import write_dictionary
from resanalysis.results import DrawnFigure, draw_figures
from resanalysis.robustness import assess_robustness
from resanalysis.study import run_study

DOCS = Path("docs")
SHOWN = (
    "topic-shares",
    "change-origin",
    "addressee-shift",
    "word-shift",
    "clause-topic-map",
    "clause-links",
    "redline",
    "robustness",
    "specifications",
)
DPI = 130
INTRODUCTION = """\
# Gallery

The figures of Resolution 182 as `make analysis` draws them, here with English labels and at the
resolution of a screen; each is also made in Chinese and as PDF and SVG. Under each: its caption as
the library writes it. Made by `make docs`.
"""


def main() -> None:
    """Write `docs/data-dictionary.md` and `docs/gallery/` with its figures and captions."""
    write_dictionary(DOCS / "data-dictionary.md")
    study = run_study("corpora/itu-pp-res-182")
    with tempfile.TemporaryDirectory() as folder:
        drawn = draw_figures(study, folder, robustness=assess_robustness(study), dpi=DPI)
        write_gallery({figure.name: figure for figure in drawn}, DOCS / "gallery")
    print("docs/data-dictionary.md and docs/gallery are new")


def write_gallery(drawn: dict[str, DrawnFigure], folder: Path) -> None:
    """Write the English PNG of every figure shown, and a page with their captions."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    parts = [INTRODUCTION]
    for name in SHOWN:
        figure = drawn[name]
        shutil.copyfile(figure.png("en"), folder / f"{name}.png")
        first, _, _ = figure.captions["en"].partition(". ")
        parts.append(f"![{first}]({name}.png)\n\n*{figure.captions['en']}*\n")
    (folder / "README.md").write_text("\n".join(parts), "utf-8", newline="\n")


if __name__ == "__main__":
    main()
