"""Make what the documentation takes from code: the data dictionary and the README's figure.

`python -m tools.make_docs`, from the project's root.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from resanalysis.export import write_dictionary
from resanalysis.results import draw_figures
from resanalysis.study import run_study

FIGURE = "topic-shares-en"


def main() -> None:
    """Write `docs/data-dictionary.md` and `docs/topic-shares-en.png` with its data."""
    docs = Path("docs")
    write_dictionary(docs / "data-dictionary.md")
    study = run_study("corpora/itu-pp-res-182")
    with tempfile.TemporaryDirectory() as folder:
        draw_figures(study, folder)
        for ending in ("png", "csv"):
            made = Path(folder) / f"{FIGURE}.{ending}"
            (docs / made.name).write_bytes(made.read_bytes())
    print("docs/data-dictionary.md and the README's figure are new")


if __name__ == "__main__":
    main()
