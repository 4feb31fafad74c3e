"""The same chain from the shell: `python -m resanalysis COMMAND`."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from resanalysis.shell.batch import add_batch_command
from resanalysis.shell.codebooks import add_codebook_commands
from resanalysis.shell.coding import add_coding_commands
from resanalysis.shell.collection import add_collection_command
from resanalysis.shell.corpora import add_corpus_commands
from resanalysis.shell.files import add_file_commands
from resanalysis.shell.report import add_report_command
from resanalysis.shell.review import add_review_command
from resanalysis.shell.streams import tell

_INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; return 0 when done, 1 when the input is at fault, 2 for wrong use.

    An interrupt (Ctrl-C) gives 130.
    """
    options = _parser().parse_args(arguments)
    try:
        return _call(options)
    except KeyboardInterrupt:  # what is written goes aside first: nothing is half-written
        tell("interrupted")
        return _INTERRUPTED


def _call(options: argparse.Namespace) -> int:
    """Run the command; report what is wrong with its input, or with the disk."""
    from resanalysis.model import InputError  # pandas is slow to import: not for --help

    try:
        return int(options.command(options))
    except InputError as error:
        for problem in error.problems:
            tell(problem)
        return 1
    except BrokenPipeError:  # whoever read our output has enough; say nothing at exit either
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:  # a full disk, say; whatever is written goes aside first
        file = f"{error.filename}: " if error.filename else ""
        tell(f"error: {file}{error.strerror or error}. Check disk and rights")
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="resanalysis",
        description="Two versions of a Chinese resolution from a redline of any form, and how the"
        " emphasis on its topics shifted between them.",
        epilog="A resolution of your own: new, fill in, check, run; of a flattened text also"
        " review. `resanalysis COMMAND --help` explains each.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND", title="commands")
    add_corpus_commands(commands)
    add_report_command(commands)
    add_collection_command(commands)
    add_batch_command(commands)
    add_review_command(commands)
    add_file_commands(commands)
    add_codebook_commands(commands)
    add_coding_commands(commands)
    return parser


if __name__ == "__main__":
    sys.exit(main())
