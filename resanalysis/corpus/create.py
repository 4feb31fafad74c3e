"""A new corpus folder around a text, and what is still to be filled in."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from resanalysis.corpus.descriptor import EDITION_ID
from resanalysis.corpus.names import DESCRIPTOR, LEXICON, README, SOURCE
from resanalysis.corpus.text import collect, read_source
from resanalysis.model import InputError, Language, Problem, Source, input_error

PLACEHOLDER = "FILL IN"


def create_corpus(
    folder: str | Path,
    source: str | Path,
    *,
    old: str,
    new: str,
    encoding: str = "utf-8",
    title: Mapping[Language, str] | None = None,
    body: str = PLACEHOLDER,
    number: str = PLACEHOLDER,
) -> Path:
    """Make a corpus folder around a text: descriptor, empty lexicon, README.

    The text is copied byte for byte. What is not given is written as `FILL IN`, which
    `resanalysis check` reports.

    Parameters
    ----------
    folder : str or Path
        Folder to make; its name is the corpus' id. It must not exist.
    source : str or Path
        The flattened text as received.
    old, new : str
        Ids of the two editions as year-place, such as `2014-busan`.
    encoding : str
        Encoding of `source`.
    title : dict of str, optional
        Title by language (`zh`, `en`).
    body, number : str
        Who adopted the resolution, and its number.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    InputError
        When the folder exists or cannot be made, the text cannot be read, or an edition id is
        malformed; nothing is left behind.
    """
    folder, path = Path(folder), Path(source)
    problems = [
        Problem("error", role, value, "no edition id", "Write it as year-place, as 2014-busan")
        for role, value in (("--old", old), ("--new", new))
        if not EDITION_ID.fullmatch(value)
    ]
    if old == new:
        problems.append(Problem("error", "--new", new, "the same as --old", "Name two editions"))
    if folder.exists():
        problems.append(
            Problem("error", str(folder), "", "it exists already", "Choose another name")
        )
    text = collect(problems, read_source, path, encoding=encoding)
    if problems or text is None:
        raise InputError(problems)
    descriptor = _make_descriptor(folder.name, text, old, new, title, body, number)
    staging = folder.with_name(f".{folder.name}.partial")
    try:
        shutil.rmtree(staging, ignore_errors=True)
        staging.mkdir(parents=True)
        shutil.copyfile(path, staging / SOURCE)
        (staging / DESCRIPTOR).write_text(
            json.dumps(descriptor, ensure_ascii=False, indent=2) + "\n", "utf-8", newline="\n"
        )
        (staging / LEXICON).write_text(
            "# Proper names and words of the field for jieba, one per line.\n",
            "utf-8",
            newline="\n",
        )
        (staging / README).write_text(
            f"# {folder.name}\n\nWhere the text comes from, its terms, who decided what and why:"
            f" {PLACEHOLDER}.\n",
            "utf-8",
            newline="\n",
        )
        staging.rename(folder)
    except OSError as error:
        raise input_error(
            folder, "", f"cannot be made ({error.strerror})", "Check the path and the permissions"
        ) from error
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return folder


def _make_descriptor(
    name: str,
    text: Source,
    old: str,
    new: str,
    title: Mapping[Language, str] | None,
    body: str,
    number: str,
) -> dict[str, Any]:
    def edition(edition_id: str) -> dict[str, Any]:
        year, place = edition_id.split("-", 1)
        return {
            "id": edition_id,
            "year": int(year),
            "place": {"zh": PLACEHOLDER, "en": place.replace("-", " ").title()},
        }

    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": name,
        "resources": [
            {
                "name": "source",
                "path": SOURCE,
                "encoding": text.encoding,
                "hash": f"sha256:{text.sha256}",
            }
        ],
        "resanalysis": {
            "title": dict(title or {"zh": PLACEHOLDER, "en": PLACEHOLDER}),
            "body": body,
            "number": number,
            "language": "zh",
            "editions": [edition(old), edition(new)],
            "study": {"old": old, "new": new},
            "provenance": PLACEHOLDER,
            "rights": PLACEHOLDER,
        },
    }


def find_placeholders(folder: str | Path) -> list[Problem]:
    """Return a warning for every line of descriptor and README that still says `FILL IN`.

    A README that is missing is a warning too: it tells where the text comes from.
    """
    folder = Path(folder)
    problems: list[Problem] = []
    if not (folder / README).exists():
        what, remedy = "there is none", "Write where the text comes from, and its terms"
        problems.append(Problem("warning", str(folder / README), "", what, remedy))
    for name in (DESCRIPTOR, README):
        text = collect([], read_source, folder / name)  # reported by who needs the file
        for number, line in enumerate(text.text.split("\n") if text else (), start=1):
            if PLACEHOLDER in line:
                what, remedy = f"still says {PLACEHOLDER}", "Write what it asks for"
                problems.append(
                    Problem("warning", str(folder / name), f"line {number}", what, remedy)
                )
    return problems
