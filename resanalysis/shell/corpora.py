"""Commands on a corpus folder: make it, check it, run the chain on it, compare it."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from resanalysis.shell.options import add_codebook, add_corpus, add_form, refuse_files
from resanalysis.shell.streams import give, show_steps, tell


def add_corpus_commands(commands: Any) -> None:
    """Add `new`, `check`, `run` and `compare` to the commands of the shell."""
    _add_new(commands)
    _add_check(commands)
    _add_run(commands)
    _add_compare(commands)


def _add_new(commands: Any) -> None:
    new = commands.add_parser(
        "new",
        help="make a corpus folder around a redline",
        description="Make a corpus folder: the files copied as they are, a descriptor to fill in, a"
        " README and an empty lexicon. corpora/README.md explains the folder.",
        epilog="example: new corpora/my-res redline.docx --old 2014-busan --new 2022-bucharest",
    )
    new.add_argument(
        "corpus",
        type=Path,
        metavar="CORPUS",
        help="folder to make, such as corpora/itu-wtsa-res-73",
    )
    new.add_argument(
        "files",
        type=Path,
        nargs="+",
        metavar="FILE",
        help="the redline as received, or two clean texts, the old one first",
    )
    edition = "edition as year-place, in small letters, such as 2014-busan"
    new.add_argument("--old", required=True, metavar="EDITION", help=f"old {edition}")
    new.add_argument("--new", required=True, metavar="EDITION", help=f"new {edition}")
    add_form(new)
    new.set_defaults(command=_new, refuse=new.error)


def _add_check(commands: Any) -> None:
    check = commands.add_parser(
        "check",
        help="every problem of a corpus folder",
        description="Print every problem of a corpus folder, one per line. Errors keep it from"
        " running (exit 1); warnings do not.",
    )
    add_corpus(check)
    check.set_defaults(command=_check)


def _add_run(commands: Any) -> None:
    run = commands.add_parser(
        "run",
        help="the whole chain on a corpus folder",
        description="Write tables, figures, the two-column comparison and report.html of a corpus.",
    )
    add_corpus(run)
    run.add_argument(
        "--out",
        type=Path,
        default=Path("results"),
        metavar="FOLDER",
        help="for the results, which replace earlier ones there; default results",
    )
    add_codebook(run)
    run.add_argument("--hmm", action="store_true", help="let jieba guess words in no dictionary")
    run.set_defaults(command=_run)


def _add_compare(commands: Any) -> None:
    compare = commands.add_parser(
        "compare",
        help="a corpus' versions against published texts",
        description="Print as CSV the lines in which a version differs from the published text that"
        " stands in the corpus folder as official/EDITION.txt.",
    )
    add_corpus(compare)
    compare.add_argument(
        "--edition", help="id such as 2014-busan; every edition with a published text if absent"
    )
    compare.set_defaults(command=_compare)


def _new(options: argparse.Namespace) -> int:
    from resanalysis.corpus import DESCRIPTOR, README, create_corpus

    refuse_files(options)
    first, *second = options.files
    folder = create_corpus(
        options.corpus,
        (first, second[0]) if second else first,
        old=options.old,
        new=options.new,
        form=options.form,
        encoding=options.encoding,
    )
    tell(
        f"made {folder}; fill in {DESCRIPTOR} and {README} where they say FILL IN, then:"
        f" resanalysis check {folder}"
    )
    return 0


def _check(options: argparse.Namespace) -> int:
    from resanalysis.checks import check_corpus

    with show_steps(1) as say:
        say("check")
        problems = check_corpus(options.corpus)
    give("".join(f"{problem}\n" for problem in problems))
    errors = sum(problem.severity == "error" for problem in problems)
    warnings = len(problems) - errors
    tell(f"{options.corpus}: {errors} errors, {warnings} warnings")
    return 1 if errors else 0


def _run(options: argparse.Namespace) -> int:
    from resanalysis.results import STEPS, check_out, write_study
    from resanalysis.study import run_study

    check_out(options.out)  # before the work, not after it
    with show_steps(len(STEPS)) as say:
        study = run_study(
            options.corpus,
            codebook_path=options.codebook,
            hmm=options.hmm,
            reading=options.reading,
            progress=say,
        )
        out = write_study(study, options.out, progress=say)
    if sys.stderr.isatty():
        tell(f"made {out}; begin with {out / 'report.html'}")
    return 0


def _compare(options: argparse.Namespace) -> int:
    from resanalysis.checks import compare_official

    with show_steps(1) as say:
        say("compare")
        table = compare_official(options.corpus, edition=options.edition)
    give(table.to_csv(index=False, lineterminator="\n"))
    tell(f"{len(table)} lines differ")
    return 0
