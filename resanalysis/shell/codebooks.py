"""Commands on codebooks: written for other programs."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from resanalysis.shell.codebook_changes import add_compare
from resanalysis.shell.streams import give, tell, write_whole

TARGETS = ("toml", "csv", "quanteda", "khcoder", "refi-qda")


def add_codebook_commands(commands: Any) -> None:
    """Add `codebook` and what can be done with one to the commands of the shell."""
    codebook = commands.add_parser(
        "codebook",
        help="a codebook for or from other programs",
        description="What can be done with a codebook: the general one that ships, or a file.",
    )
    actions = codebook.add_subparsers(required=True, metavar="ACTION", title="actions")
    _add_export(actions)
    add_compare(actions)


def _add_export(actions: Any) -> None:
    export = actions.add_parser(
        "export",
        help="write it as TOML, as a table, or for another program",
        description="Write a codebook as TOML or CSV, which carry all of it, or for quanteda, KH"
        " Coder or (REFI-QDA) NVivo, MAXQDA and ATLAS.ti. What a format does not carry is said on"
        " standard error.",
        epilog="examples: codebook export --to csv --out codebook.csv; codebook export mine.csv"
        " --to refi-qda --language en --out mine.qdc",
    )
    export.add_argument(
        "file",
        type=Path,
        nargs="?",
        metavar="FILE",
        help="a codebook: TOML, a table (.csv) or a dictionary of quanteda (.yml); default the"
        " general one that ships",
    )
    export.add_argument("--to", choices=TARGETS, required=True, help="the format to write")
    export.add_argument("--out", type=Path, metavar="FILE", help="instead of standard output")
    export.add_argument(
        "--language",
        choices=("zh", "en"),
        default="zh",
        help="of the names of codes, for khcoder and refi-qda; default zh",
    )
    export.add_argument(
        "--reading",
        choices=("broad", "strict"),
        default="broad",
        help="for quanteda and khcoder: strict writes core terms only; default broad",
    )
    export.set_defaults(command=_export, refuse=export.error)


def _export(options: argparse.Namespace) -> int:
    from resanalysis.codebook import check_codebook, export_codebook, read_codebook

    if options.out and options.file and options.out.resolve() == options.file.resolve():
        options.refuse("--out would replace the codebook: name another file")
    book = read_codebook(options.file)
    for problem in check_codebook(options.file):
        tell(problem)
    export = export_codebook(book, options.to, language=options.language, reading=options.reading)
    if options.out:
        write_whole(options.out, export.data)
    else:
        give(export.data)
    for sentence in export.lost:
        tell(f"not carried: {sentence}")
    return 0
