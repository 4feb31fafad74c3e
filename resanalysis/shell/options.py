"""Options that several commands have."""

from __future__ import annotations

import argparse
from pathlib import Path

FORMS = ("flattened", "criticmarkup", "word")


def add_corpus(parser: argparse.ArgumentParser) -> None:
    """Add the corpus folder that a command works on."""
    parser.add_argument("corpus", type=Path, metavar="CORPUS", help="a corpus folder")


def add_codebook(parser: argparse.ArgumentParser) -> None:
    """Add the codebook and how broadly its terms are read."""
    add_codebook_only(parser)
    parser.add_argument(
        "--reading",
        choices=("broad", "strict"),
        default="broad",
        help="strict counts core terms only, broad peripheral ones too; default broad",
    )


def add_codebook_only(parser: argparse.ArgumentParser) -> None:
    """Add the codebook."""
    parser.add_argument(
        "--codebook", type=Path, metavar="FILE", help="instead of the general one that ships"
    )


def add_form(parser: argparse.ArgumentParser) -> None:
    """Add the form and the encoding of a redline's files."""
    parser.add_argument("--form", choices=FORMS, help="of FILE, when its suffix does not tell")
    parser.add_argument(
        "--encoding", default="utf-8", help="of plain texts, such as gb18030; default utf-8"
    )


def refuse_files(options: argparse.Namespace) -> None:
    """Leave with 2 when there are too many files, or a form that does not go with them."""
    if len(options.files) > 2:
        options.refuse("a redline is one FILE, or two clean texts: old, then new")
    if len(options.files) == 2 and options.form:
        options.refuse("--form goes with one FILE; two are clean texts, old and new")
