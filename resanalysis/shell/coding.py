"""Commands on readers' codings: a sheet to fill in, and the agreement of sheets filled in."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from resanalysis.shell.options import add_codebook, add_codebook_only, add_corpus
from resanalysis.shell.streams import give, show_steps, tell

if TYPE_CHECKING:
    import pandas as pd

    from resanalysis.model import Codebook


def add_coding_commands(commands: Any) -> None:
    """Add `code` and `agreement` to the commands of the shell."""
    _add_code(commands)
    _add_agreement(commands)


def _add_code(commands: Any) -> None:
    code = commands.add_parser(
        "code",
        help="a sheet for a reader who codes the topics of a corpus' clauses",
        description="Write the clauses of a corpus as a sheet to fill in with Excel, WPS or"
        " LibreOffice, in random order and without the topics that the program finds.",
        epilog="example: code corpora/my-res --out ann.xlsx --coder ann",
    )
    add_corpus(code)
    code.add_argument(
        "--out",
        type=Path,
        required=True,
        metavar="FILE",
        help=".xlsx, or .csv; a sheet there is replaced unless it holds codes",
    )
    code.add_argument("--coder", default="", metavar="NAME", help="who will fill it in")
    code.add_argument(
        "--sample",
        type=int,
        metavar="N",
        help="only so many texts, drawn from both versions and both parts in proportion",
    )
    code.add_argument(
        "--seed", type=int, default=0, metavar="S", help="of order and sample; default 0"
    )
    add_codebook_only(code)
    code.set_defaults(command=_code)


def _add_agreement(commands: Any) -> None:
    agreement = commands.add_parser(
        "agreement",
        help="how far readers agree who coded a corpus' clauses",
        description="Print as CSV how far the readers of filled in sheets agree on each topic, how"
        " the codebook does against each reader, or every disagreement.",
        epilog="example: agreement corpora/my-res ann.xlsx bob.xlsx > agreement.csv",
    )
    add_corpus(agreement)
    agreement.add_argument(
        "files", type=Path, nargs="+", metavar="FILE", help="sheets filled in (.xlsx, .csv)"
    )
    what = agreement.add_mutually_exclusive_group()
    what.add_argument(
        "--scores",
        action="store_true",
        help="instead: precision, recall and F1 of the codebook against each reader",
    )
    what.add_argument(
        "--disagreements",
        action="store_true",
        help="instead: every clause on which readers, or a reader and the codebook, disagree",
    )
    agreement.add_argument(
        "--seed", type=int, default=0, metavar="S", help="of the bootstrap; default 0"
    )
    add_codebook(agreement)
    agreement.set_defaults(command=_agreement)


def _code(options: argparse.Namespace) -> int:
    from resanalysis.coding import coding_sheet, write_sheet
    from resanalysis.study import read_clauses

    with show_steps(1) as say:
        say("parse")
        clauses, codebook = read_clauses(options.corpus, codebook_path=options.codebook)
    sheet = coding_sheet(
        clauses, codebook, coder=options.coder, sample=options.sample, seed=options.seed
    )
    write_sheet(sheet, codebook, options.out)
    tell(f"made {options.out}: {len(sheet)} texts to code")
    return 0


def _agreement(options: argparse.Namespace) -> int:
    from resanalysis.coding import agreement, check_coding, read_coding
    from resanalysis.study import read_clauses

    with show_steps(1) as say:
        say("parse")
        clauses, codebook = read_clauses(options.corpus, codebook_path=options.codebook)
    codings = read_coding(options.files, clauses, codebook)
    for problem in check_coding(options.files, clauses, codebook):
        tell(problem)
    if options.scores or options.disagreements:
        table = _compare_tags(options, clauses, codebook, codings)
    else:
        table = agreement(codings, clauses=clauses, seed=options.seed)
    give(table.to_csv(index=False, lineterminator="\n"))
    return 0


def _compare_tags(
    options: argparse.Namespace, clauses: pd.DataFrame, codebook: Codebook, codings: pd.DataFrame
) -> pd.DataFrame:
    from resanalysis.coding import list_disagreements, score_codebook
    from resanalysis.pipeline import tag_topics

    tags = tag_topics(clauses, codebook, reading=options.reading)
    if options.disagreements:
        return list_disagreements(codings, clauses, tags)
    return score_codebook(codings, tags, clauses=clauses, seed=options.seed)
