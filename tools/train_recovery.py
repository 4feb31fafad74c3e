"""What ships with the package for recovery, learnt from a folder of revision pairs.

`python -m tools.train_recovery FOLDER` writes `resanalysis/data/recovery.toml` and
`resanalysis/data/paragraphs.json`; `docs/recovery.md` says what they are.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from benchmarks.recovery.documents import read_documents
from benchmarks.recovery.training import train, write_forest
from resanalysis.model import InputError
from resanalysis.redline.inference.trained import Trained

DATA = Path(__file__).parents[1] / "resanalysis" / "data"

_HEAD = """\
# How often each rule of recovery was right on {documents} pairs of texts, each in two published
# versions, whose marks had been removed: `right` counts the places where the first candidate gave
# both texts, `places` all places found in lines of both versions. A rule's confidence is its rate
# drawn towards the rate of all rules together by the weight of two places, so that a rule that was
# seldom or never seen there has the common rate.
# Written by `python -m tools.train_recovery FOLDER`.

[rules]
"""


def write_rates(trained: Trained, documents: int) -> str:
    """Return the rates as TOML."""
    rules = "".join(
        f"{rule} = {{ right = {right}, places = {places} }}\n"
        for rule, (right, places) in trained.rules.items()
    )
    right, characters = trained.kept
    whole, lines = trained.exchanged
    return (
        _HEAD.format(documents=documents) + rules + "\n# Of the characters that nothing speaks"
        " against, how many stand in both versions.\n"
        f"[kept]\nright = {right}\ncharacters = {characters}\n\n"
        "# Of the labelled lines that the numbering puts into one version only, directly after one"
        " of the\n# other, how many went as a whole with their label.\n"
        f"[exchanged]\nright = {whole}\nlines = {lines}\n"
    )


def main() -> int:
    """Train on the folder and write both files."""
    from resanalysis.pipeline import make_segmenter

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    try:
        documents = read_documents(parser.parse_args().folder)
    except InputError as error:
        print(error, file=sys.stderr)
        return 1
    trained = train(documents, make_segmenter(()).cut)
    forest = json.dumps(write_forest(trained.forest), separators=(",", ":"))
    rates = write_rates(trained, len(documents))
    (DATA / "paragraphs.json").write_text(forest + "\n", "utf-8", newline="\n")
    (DATA / "recovery.toml").write_text(rates, "utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
