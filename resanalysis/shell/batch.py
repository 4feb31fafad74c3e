"""The command on a folder of texts: a dataset of all of them."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from resanalysis.shell.options import add_codebook
from resanalysis.shell.streams import count_of, show_count, tell

ENGINES = ("jieba", "rjieba")
_LISTED = 20


def add_batch_command(commands: Any) -> None:
    """Add `batch` to the commands of the shell."""
    batch = commands.add_parser(
        "batch",
        help="every text of a folder into one Parquet dataset",
        description="Run the chain on every text of a folder and of those in it, and write a"
        " Parquet dataset: documents, segments, clauses, tags, pairs, shift. Texts are flattened"
        " (.txt), in CriticMarkup (.critic.txt), Word with tracked changes (.docx), clean"
        " (NAME.old.txt with NAME.new.txt) or corpus folders. A run that was ended goes on where"
        " it was. A text that fails is listed in failures.csv and stops no other; the exit status"
        " is then 1.",
        epilog="example: batch laws --codebook codes.toml --out dataset --workers 4",
    )
    batch.add_argument("folder", type=Path, metavar="FOLDER", help="folder of the texts")
    batch.add_argument(
        "--out",
        type=Path,
        required=True,
        metavar="DATASET",
        help="a new folder, or the dataset of an earlier run, which goes on",
    )
    add_codebook(batch)
    batch.add_argument(
        "--manifest",
        type=Path,
        metavar="CSV",
        help="names texts, editions, dates and bodies; default manifest.csv in FOLDER, if any",
    )
    batch.add_argument(
        "--encoding",
        nargs="+",
        default=["utf-8"],
        metavar="NAME",
        help="of plain texts, the first that fits, such as utf-8 gb18030; default utf-8",
    )
    batch.add_argument("--lexicon", type=Path, metavar="FILE", help="words for jieba, one per line")
    batch.add_argument(
        "--engine",
        choices=ENGINES,
        default="jieba",
        help="rjieba cuts the same words many times faster; it comes with the extra `fast`",
    )
    batch.add_argument(
        "--draws", type=int, default=0, metavar="N", help="of intervals; default 0: without"
    )
    batch.add_argument(
        "--workers", type=int, default=1, metavar="N", help="processes; default 1: this one"
    )
    batch.add_argument(
        "--scheduler",
        metavar="ADDRESS",
        help="of a Dask cluster instead of --workers, such as tcp://host:8786; needs the extra"
        " `cluster`",
    )
    batch.set_defaults(command=_batch, refuse=batch.error)


def _batch(options: argparse.Namespace) -> int:
    if options.workers < 1 or options.draws < 0:
        options.refuse("--workers is 1 or more, --draws 0 or more")
    if options.scheduler and options.workers != 1:
        options.refuse("--scheduler has workers of its own: leave --workers out")
    from resanalysis.batch import run_batch

    with show_count("texts") as say:
        try:
            batch = run_batch(
                options.folder,
                options.out,
                codebook_path=options.codebook,
                manifest=options.manifest,
                encodings=options.encoding,
                lexicon_path=options.lexicon,
                reading=options.reading,
                draws=options.draws,
                engine=options.engine,
                workers=options.workers,
                scheduler=options.scheduler,
                progress=say,
            )
        except ModuleNotFoundError as error:
            options.refuse(str(error))
    if batch.skipped:
        others = ", ".join(batch.skipped[:3]) + (", …" if len(batch.skipped) > 3 else "")
        tell(f"note: not read: {count_of(len(batch.skipped), 'other file')}: {others}")
    failed = batch.failures["text"].nunique()
    problems = batch.problems
    for problem in problems[:_LISTED]:
        tell(problem)
    if len(problems) > _LISTED:
        tell(f"… and {len(problems) - _LISTED} more")
    tell(
        f"{count_of(batch.done, 'text')} in {batch.path}"
        + (f", {failed} failed: failures.csv" if failed else "")
    )
    return 1 if failed else 0
