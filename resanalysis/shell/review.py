"""The command `review`: places decided in a terminal, listed, compared, carried over."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from resanalysis.shell.options import add_codebook_only, add_corpus
from resanalysis.shell.streams import give, show_count, tell


def add_review_command(commands: Any) -> None:
    """Add `review` to the commands of the shell."""
    review = commands.add_parser(
        "review",
        help="decide the uncertain places of a flattened text",
        description="Go through the places of a flattened text that can be read in more than one"
        " way, what matters most for the topics first. Every decision is saved at once in the"
        " corpus folder as decisions.critic.txt.",
    )
    add_corpus(review)
    review.add_argument("--coder", default="", help="your name; asked for if absent")
    add_codebook_only(review)
    what = review.add_mutually_exclusive_group()
    what.add_argument(
        "--list", action="store_true", help="print the places as CSV instead, in the same order"
    )
    what.add_argument(
        "--compare",
        type=Path,
        metavar="FILE",
        help="print as CSV where another person's decisions differ",
    )
    what.add_argument(
        "--carry",
        type=Path,
        metavar="FILE",
        help="take over decisions made before the source was edited; those that no longer fit are"
        " listed",
    )
    review.set_defaults(command=_review)


def _review(options: argparse.Namespace) -> int:
    from resanalysis.review.shell import review_corpus

    if options.compare:
        return _compare(options)
    if options.carry:
        return _carry(options)
    with show_count("rank") as say:
        if options.list:
            from resanalysis.review import rank_places
            from resanalysis.review.session import read_reviewed

            study = read_reviewed(options.corpus, codebook_path=options.codebook)
            give(rank_places(study, progress=say).to_csv(index=False, lineterminator="\n"))
        else:
            review_corpus(
                options.corpus,
                coder=options.coder,
                codebook_path=options.codebook,
                ask=sys.stdin,
                tell=sys.stderr,
                progress=say,
            )
    return 0


def _compare(options: argparse.Namespace) -> int:
    from resanalysis.review.shell import compare_decisions

    agreement, differences = compare_decisions(options.corpus, options.compare)
    give(differences.to_csv(index=False, lineterminator="\n"))
    for measure, value in agreement.itertuples(index=False):
        tell(f"{measure}: {value:.6g}")
    return 0


def _carry(options: argparse.Namespace) -> int:
    from resanalysis.review import carry_decisions

    carried = carry_decisions(options.corpus, options.carry)
    give("".join(f"{problem}\n" for problem in carried.problems))
    tell(
        f"{carried.path}: {carried.marks} marks carried over,"
        f" {len(carried.problems)} decisions no longer fit"
    )
    return 0
