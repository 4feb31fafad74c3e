"""Commands on a corpus folder: make it, check it (or a codebook), run the chain, compare it."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from resanalysis.shell.options import add_codebook, add_corpus, add_form, refuse_files
from resanalysis.shell.streams import count_of, give, show_steps, tell

if TYPE_CHECKING:
    from concurrent.futures import Executor

CODEBOOKS = (".toml", ".csv", ".yml", ".yaml")
"""Suffixes of the files that are codebooks."""


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
        help="every problem of a corpus folder or a codebook",
        description="Print every problem of a corpus folder, or of a codebook's file, one per line."
        " Errors keep it from running (exit 1); warnings do not. Of a codebook they say what"
        " deserves a second look: terms lost inside other topics' terms, exclusions that hide too"
        " much, examples that do not get their topic.",
        epilog="examples: check corpora/my-res; check my-codebook.toml --corpus corpora/my-res",
    )
    check.add_argument(
        "path",
        type=Path,
        metavar="PATH",
        help="a corpus folder, or a codebook: a file in .toml, .csv, .yml or .yaml",
    )
    check.add_argument(
        "--all",
        action="store_true",
        help="every term of findings on a codebook that are only counted otherwise",
    )
    check.add_argument(
        "--corpus", type=Path, metavar="CORPUS", help="try a codebook on the text of this folder"
    )
    check.add_argument(
        "--extension",
        action="store_true",
        help="the codebook extends the general one, as a corpus' codebook.toml does",
    )
    check.set_defaults(command=_check, refuse=check.error)


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
    run.add_argument(
        "--robustness",
        action="store_true",
        help="also count again under other readings of the redline and other choices of terms,"
        " units and clauses, and say of every finding whether it survives",
    )
    run.add_argument(
        "--readings",
        type=int,
        metavar="N",
        help="with --robustness: number of readings to draw; default 2000",
    )
    run.add_argument("--hmm", action="store_true", help="let jieba guess words in no dictionary")
    run.set_defaults(command=_run, refuse=run.error)


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
    from resanalysis.checks import check_codebook_file, check_corpus

    is_codebook = options.path.suffix.lower() in CODEBOOKS and not options.path.is_dir()
    if not is_codebook and (options.corpus or options.extension):
        options.refuse("--corpus and --extension go with the file of a codebook")
    with show_steps(1) as say:
        say("check")
        if is_codebook:
            problems = check_codebook_file(
                options.path, corpus=options.corpus, extension=options.extension, full=options.all
            )
        else:
            problems = check_corpus(options.path, full=options.all)
    give("".join(f"{problem}\n" for problem in problems))
    errors = sum(problem.severity == "error" for problem in problems)
    warnings = len(problems) - errors
    tell(f"{options.path}: {count_of(errors, 'error')}, {count_of(warnings, 'warning')}")
    return 1 if errors else 0


def _run(options: argparse.Namespace) -> int:
    from resanalysis.shell.processes import open_processes

    if options.readings is not None and not options.robustness:
        options.refuse("--readings goes with --robustness")
    if options.readings is not None and options.readings < 1:
        options.refuse("--readings: give 1 or more")
    with open_processes() as executor:
        return _run_with(executor, options)


def _run_with(executor: Executor | None, options: argparse.Namespace) -> int:
    from resanalysis.results import ROBUSTNESS_STEPS, STEPS, check_out, write_study
    from resanalysis.robustness import assess_robustness
    from resanalysis.study import run_study

    check_out(options.out)  # before the work, not after it
    steps = (*STEPS, *ROBUSTNESS_STEPS) if options.robustness else STEPS
    with show_steps(len(steps)) as say:
        study = run_study(
            options.corpus,
            codebook_path=options.codebook,
            hmm=options.hmm,
            reading=options.reading,
            progress=say,
        )
        found = None
        if options.robustness:
            found = assess_robustness(
                study,
                draws=2000 if options.readings is None else options.readings,
                progress=lambda what, done, _: say(what) if done == 1 else None,
            )
        out = write_study(study, options.out, robustness=found, executor=executor, progress=say)
    if unfit := study.provenance["coding"]["unfit"]:
        tell(f"note: the reference coding was left out: {unfit}. See: resanalysis check")
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
