"""How well flattened redlines are recovered: `python -m benchmarks.recovery FOLDER`.

FOLDER holds `*.critic.txt` files with the true marks and, optionally, `manifest.csv` with the
columns `id`, `family` and `numbering`. Tables go to standard output, progress to standard error.
Labellings that give the same two texts count as equal.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from functools import partial
from importlib import import_module
from pathlib import Path

from benchmarks.recovery.baselines import fit_shipped, keep_all, read_numbers
from benchmarks.recovery.calibration import save_calibration
from benchmarks.recovery.crossval import Transform, cross_validate, recover_all
from benchmarks.recovery.documents import Document, Fit, read_documents
from benchmarks.recovery.growth import LONGEST, time_growth
from benchmarks.recovery.numbering import is_clean
from benchmarks.recovery.outcomes import Outcome
from benchmarks.recovery.report import make_tables, write_json, write_tables
from benchmarks.recovery.transforms import GAP, coarsen, flip
from resanalysis.model import InputError

LAYOUTS = ("flipped", "mixed", "coarse")
"""Ways to flatten the same two versions besides that of the folder."""

_BY_FIT = -1  # folds that depend on whether a fit is named


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the tables, or the growth of time; return the exit code."""
    options = _make_parser().parse_args(arguments)
    if options.folds == _BY_FIT:
        options.folds = 0 if options.fit is fit_shipped else None
    try:
        documents = read_documents(options.folder)
    except InputError as error:
        print(error, file=sys.stderr)
        return 1
    if options.growth:
        table = time_growth(documents, options.fit([]), longest=options.longest)
        print(write_tables({"growth": table}, markdown=options.markdown))
        return 0
    rows = _run(documents, options)
    clean = [document.id for document in documents if is_clean(document)]
    rows = _add_rows(rows, documents, clean)
    tables = make_tables(rows, clean=clean, seed=options.seed)
    print(write_tables(tables, markdown=options.markdown))
    if options.json:
        options.json.write_text(write_json(tables) + "\n", "utf-8")
    if options.figure:
        save_calibration(tables["calibration"], options.figure)
    return 0


def _make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.recovery", description=__doc__)
    add = parser.add_argument
    add("folder", type=Path, help="folder of revision pairs in CriticMarkup")
    add(
        "--fit",
        metavar="MODULE:FUNCTION",
        type=_import_fit,
        default=fit_shipped,
        help="trains the recoverer to measure (see documents.Fit); the one shipped by default",
    )
    add(
        "--folds",
        type=_read_folds,
        default=_BY_FIT,
        metavar="N",
        help="groups of families for cross-validation, `families` for one each (the default with"
        " --fit), 0 for a recoverer that is trained on nothing (the default without)",
    )
    add(
        "--transform",
        action="append",
        choices=LAYOUTS,
        default=[],
        help="test also on the same versions flattened in another way: insertion before deletion"
        " in every substitution, in half of them, or near changes joined; may be repeated",
    )
    add(
        "--train",
        choices=LAYOUTS,
        help="lay out the documents trained on in another way",
    )
    add("--gap", type=int, default=GAP, help="equal characters that part changes when coarse")
    add("--seed", type=int, default=0, help="of the bootstrap and of mixed layouts")
    add("--markdown", action="store_true", help="write the tables in Markdown")
    add("--json", type=Path, metavar="FILE", help="write all numbers of the tables as JSON")
    add("--figure", metavar="FILE", help="draw the calibration; the ending says the format")
    add("--growth", action="store_true", help="print only the time on longer and longer texts")
    add("--longest", type=int, default=LONGEST, help="characters of the longest text of --growth")
    return parser


def _read_folds(value: str) -> int | None:
    """Return the number of folds; None for one per family."""
    if value == "families":
        return None
    if value.isdecimal() and int(value) != 1:
        return int(value)
    raise argparse.ArgumentTypeError(f"{value} is neither `families` nor 0 nor 2 or more")


def _import_fit(name: str) -> Fit:
    """Return the function that `module:function` names."""
    module, _, function = name.partition(":")
    try:
        found: Fit = getattr(import_module(module), function)
    except (ImportError, AttributeError, ValueError) as error:
        raise argparse.ArgumentTypeError(
            f"{name} cannot be imported as MODULE:FUNCTION: {error}"
        ) from error
    return found


def _run(documents: Sequence[Document], options: argparse.Namespace) -> dict[str, list[Outcome]]:
    """Return the outcomes of the plain documents, first, and of each transform."""
    layouts: dict[str, Transform] = {
        "flipped": flip,
        "mixed": partial(flip, share=0.5, seed=options.seed),
        "coarse": partial(coarsen, gap=options.gap),
    }
    transforms: dict[str, Transform] = {"recovered": lambda document: document}
    transforms |= {name: layouts[name] for name in options.transform}
    folds = options.folds
    if folds == 0:
        return recover_all(documents, options.fit, transforms)
    train = layouts.get(options.train or "")
    return cross_validate(documents, options.fit, transforms, folds=folds, train=train)


def _add_rows(
    rows: Mapping[str, list[Outcome]], documents: Sequence[Document], clean: Sequence[str]
) -> dict[str, list[Outcome]]:
    """Return the rows with the documents of clean numbering, and the baselines."""
    plain = {"": lambda document: document}
    added = dict(rows)
    numbers = recover_all(documents, lambda _: read_numbers, plain)[""]
    added |= {
        "recovered, clean numbering": [o for o in rows["recovered"] if o.document.id in clean],
        "recovered, other": [o for o in rows["recovered"] if o.document.id not in clean],
        "baseline: all kept": recover_all(documents, lambda _: keep_all, plain)[""],
        "baseline: numbering only": numbers,
        "numbering only, clean numbering": [o for o in numbers if o.document.id in clean],
    }
    return added


if __name__ == "__main__":
    sys.exit(main())
