"""The command `report`: a corpus as one page to send to somebody."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Any

from resanalysis.shell.options import add_codebook, add_corpus
from resanalysis.shell.streams import show_steps, tell, write_whole


def add_report_command(commands: Any) -> None:
    """Add `report` to the commands of the shell."""
    report = commands.add_parser(
        "report",
        help="one page to send to somebody",
        description="Write the findings on a corpus as one HTML page in Chinese or English that"
        " needs no network and no other file: sentences with their verdicts, figures, numbers"
        " that lead to their clauses, and the two versions side by side with filters.",
        epilog="examples: report corpora/my-res --out report.html; report corpora/my-res --out"
        " report-en.html --language en --quick",
    )
    add_corpus(report)
    report.add_argument("--out", type=Path, required=True, metavar="FILE", help="the page, .html")
    report.add_argument(
        "--language",
        choices=("zh", "en"),
        default="zh",
        help="of the page; the resolution itself stays Chinese; default zh",
    )
    add_codebook(report)
    report.add_argument(
        "--readings",
        type=int,
        metavar="N",
        help="number of readings of the redline to draw for the verdicts; default 2000",
    )
    report.add_argument(
        "--quick",
        action="store_true",
        help="leave the verdicts out: whether the findings survive other readings and choices is"
        " not asked",
    )
    report.set_defaults(command=_report, refuse=report.error)


def _report(options: argparse.Namespace) -> int:
    from resanalysis.results import FIGURES, REPORT_FIGURES, ROBUSTNESS_STEPS, make_report
    from resanalysis.robustness import assess_robustness
    from resanalysis.study import CHAIN, run_study

    if options.quick and options.readings is not None:
        options.refuse("--readings does not go with --quick, which draws none")
    readings = 2000 if options.readings is None else options.readings
    if readings < 1:
        options.refuse("--readings: give 1 or more")
    _check_out(options.out)  # before the work, not after it
    drawn = [name for name in FIGURES if name in REPORT_FIGURES]
    steps = (*CHAIN, *drawn, "report", *(() if options.quick else ROBUSTNESS_STEPS))
    with show_steps(len(steps)) as say:
        study = run_study(
            options.corpus,
            codebook_path=options.codebook,
            reading=options.reading,
            progress=say,
        )
        found = None
        if not options.quick:
            found = assess_robustness(
                study,
                draws=readings,
                progress=lambda what, done, _: say(what) if done == 1 else None,
            )
        page = make_report(study, language=options.language, robustness=found, progress=say)
    write_whole(options.out, page.encode())
    if unfit := study.provenance["coding"]["unfit"]:
        tell(f"note: the reference coding was left out: {unfit}. See: resanalysis check")
    return 0


def _check_out(out: Path) -> None:
    """Raise an `InputError` when the page cannot be written to the file `out`."""
    from resanalysis.model import input_error

    folder = out.absolute().parent
    if out.is_dir():
        raise input_error(out, "", "is a folder, not a file", "Name a file with --out")
    if not folder.is_dir():
        raise input_error(folder, "", "there is no such folder", "Make it, or name another file")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise input_error(folder, "", "cannot be written to", "Name another file with --out")
