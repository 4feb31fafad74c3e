"""The command that says what changed between two versions of a codebook."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from resanalysis.shell.streams import give, show_steps, tell

if TYPE_CHECKING:
    import pandas as pd

    from resanalysis.model import Codebook


def add_compare(actions: Any) -> None:
    """Add `compare` to what can be done with a codebook."""
    compare = actions.add_parser(
        "compare",
        help="what changed between two versions, and which tags that changes",
        description="Print as CSV every difference between two codebooks; with --corpus which"
        " clauses of that corpus gain or lose which topic, and by which terms.",
        epilog="example: codebook compare codebook-1.0.toml codebook-1.1.toml --corpus"
        " corpora/my-res",
    )
    compare.add_argument("old", type=Path, metavar="OLD", help="the older codebook's file")
    compare.add_argument("new", type=Path, metavar="NEW", help="the newer codebook's file")
    compare.add_argument(
        "--corpus", type=Path, metavar="CORPUS", help="a corpus folder to tag with both"
    )
    compare.add_argument(
        "--extension",
        action="store_true",
        help="both extend the general codebook, as a corpus' codebook.toml does",
    )
    compare.add_argument(
        "--reading",
        choices=("broad", "strict"),
        default="broad",
        help="with --corpus: strict counts core terms only, broad peripheral ones too; default"
        " broad",
    )
    compare.set_defaults(command=_compare, refuse=compare.error)


def _compare(options: argparse.Namespace) -> int:
    from resanalysis.codebook import compare_codebooks

    if options.reading != "broad" and options.corpus is None:
        options.refuse("--reading goes with --corpus")
    with show_steps(1) as say:
        say("compare")
        old, new = _read_both(options)
        table = compare_codebooks(old, new)
        differences = len(table)
        if options.corpus is not None:
            from resanalysis.checks import compare_tagging

            table = compare_tagging(options.corpus, old, new, reading=options.reading)
    give(table.to_csv(index=False, lineterminator="\n"))
    tell(f"{differences} differences between {_name(old)} and {_name(new)}")
    if options.corpus is not None:
        tell(f"{options.corpus}: {_count(table, new, old)}")
    return 0


def _read_both(options: argparse.Namespace) -> tuple[Codebook, Codebook]:
    """Read both codebooks; when either is at fault, report the problems of both."""
    from resanalysis.codebook import read_codebook
    from resanalysis.model import InputError, Problem

    books: list[Codebook] = []
    problems: list[Problem] = []
    for path in (options.old, options.new):
        given = (None, path) if options.extension else (path, None)
        try:
            books.append(read_codebook(given[0], extend=given[1]))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    old, new = books
    return old, new


def _name(book: Codebook) -> str:
    return f"{book.id} {book.version} ({book.sha256[:12]})"


def _count(table: pd.DataFrame, *books: Codebook) -> str:
    """Return how many clauses gained and lost each topic, in the codebooks' order."""
    numbers = table.groupby(["topic", "change"]).size()
    topics = dict.fromkeys(topic.id for book in books for topic in book.topics)
    counts = [
        f"{topic} +{numbers.get((topic, 'gained'), 0)} -{numbers.get((topic, 'lost'), 0)}"
        for topic in topics
        if topic in numbers.index
    ]
    return "clauses gained and lost: " + (", ".join(counts) or "none")
