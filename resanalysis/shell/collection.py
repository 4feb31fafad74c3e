"""The command on several corpus folders at once."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from resanalysis.shell.options import add_codebook
from resanalysis.shell.streams import give, show_steps

UNITS = ("clause", "character", "token", "matched")
"""What may be counted; `resanalysis.model` has them too, but is slow to import."""


def add_collection_command(commands: Any) -> None:
    """Add `profiles` to the commands of the shell."""
    profiles = commands.add_parser(
        "profiles",
        help="topics of several resolutions and their versions, side by side",
        description="Print as CSV how much of every version of every resolution each topic takes,"
        " all by one codebook: one row per corpus, version, unit and topic.",
        epilog="example: profiles corpora/res-73 corpora/res-182 --unit clause > profiles.csv",
    )
    profiles.add_argument(
        "corpora",
        type=Path,
        nargs="+",
        metavar="CORPUS",
        help="corpus folders, each of its own name",
    )
    add_codebook(profiles)
    profiles.add_argument("--unit", choices=UNITS, help="the rows of one unit; all if absent")
    profiles.set_defaults(command=_profiles)


def _profiles(options: argparse.Namespace) -> int:
    from resanalysis.collection import run_collection, topic_profiles
    from resanalysis.study import CHAIN

    with show_steps(len(CHAIN) * len(options.corpora)) as say:
        studies = run_collection(
            options.corpora,
            codebook_path=options.codebook,
            reading=options.reading,
            draws=0,  # a profile has no interval
            progress=say,
        )
    table = topic_profiles(studies)
    if options.unit:
        table = table[table["unit"] == options.unit]
    give(table.to_csv(index=False, lineterminator="\n"))
    return 0
