"""A new corpus folder around a redline, and what is still to be filled in."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from resanalysis.corpus.descriptor import EDITION_ID
from resanalysis.corpus.forms import read_files
from resanalysis.corpus.names import DESCRIPTOR, LEXICON, README, SOURCES
from resanalysis.corpus.text import collect, read_source
from resanalysis.model import Form, InputError, Language, Problem, Source, input_error

PLACEHOLDER = "FILL IN"


def create_corpus(
    folder: str | Path,
    source: str | Path | tuple[str | Path, str | Path],
    *,
    old: str,
    new: str,
    form: Form | None = None,
    encoding: str = "utf-8",
    title: Mapping[Language, str] | None = None,
    body: str = PLACEHOLDER,
    number: str = PLACEHOLDER,
) -> Path:
    """Make a corpus folder around a redline: descriptor, empty lexicon, README.

    The files are copied byte for byte. What is not given is written as `FILL IN`, which
    `resanalysis check` reports.

    Parameters
    ----------
    folder : str or Path
        Folder to make; its name is the corpus' id. It must not exist.
    source : str or Path, or pair of them
        The redline as received, or the clean old and the clean new text.
    old, new : str
        Ids of the two editions as year-place, such as `2014-busan`.
    form : {"flattened", "criticmarkup", "word"}, optional
        Form of the redline; its suffix tells when left out.
    encoding : str
        Encoding of plain texts.
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
        When the folder exists or cannot be made, a file cannot be read, or an edition id is
        malformed; nothing is left behind.
    """
    folder = Path(folder)
    paths = [Path(path) for path in (source if isinstance(source, tuple) else (source,))]
    problems = _check_names(folder, old, new)
    read = collect(problems, read_files, paths, form=form, encoding=encoding)
    if problems or read is None:
        raise InputError(problems)
    form, received = read
    resources = _describe_files(form, received, (old, new))
    descriptor = _make_descriptor(folder.name, resources, old, new, title, body, number)
    copies = {resource["path"]: path for resource, path in zip(resources, paths, strict=True)}
    _make_folder(folder, copies, descriptor)
    return folder


def _check_names(folder: Path, old: str, new: str) -> list[Problem]:
    """Return what is wrong with the names of the folder and of the editions."""
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
    return problems


def _describe_files(
    form: Form, received: Sequence[Source], editions: Sequence[str]
) -> list[dict[str, Any]]:
    """Return the descriptor's entry of each file, under the name that it gets in the folder."""
    resources = []
    for i, source in enumerate(received):
        name, path = "source", SOURCES.get(form, "")
        if form == "editions":
            name = editions[i]
            path = name + (".docx" if source.is_word else ".txt")
        resource = {"name": name, "path": path}
        if not source.is_word:
            resource["encoding"] = source.encoding
        resources.append(resource | {"hash": f"sha256:{source.sha256}"})
    return resources


def _make_folder(folder: Path, copies: Mapping[str, Path], descriptor: Mapping[str, Any]) -> None:
    """Write all files beside, then put the folder in its place; leave nothing when that fails."""
    staging = folder.with_name(f".{folder.name}.partial")
    texts = {
        DESCRIPTOR: json.dumps(descriptor, ensure_ascii=False, indent=2) + "\n",
        LEXICON: "# Proper names and words of the field for jieba, one per line.\n",
        README: f"# {folder.name}\n\nWhere the text comes from, its terms, who decided what and"
        f" why: {PLACEHOLDER}.\n",
    }
    try:
        shutil.rmtree(staging, ignore_errors=True)
        staging.mkdir(parents=True)
        for name, path in copies.items():
            shutil.copyfile(path, staging / name)
        for name, text in texts.items():
            (staging / name).write_text(text, "utf-8", newline="\n")
        staging.rename(folder)
    except OSError as error:
        raise input_error(
            folder, "", f"cannot be made ({error.strerror})", "Check the path and the permissions"
        ) from error
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _make_descriptor(
    name: str,
    resources: list[dict[str, Any]],
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
        "resources": resources,
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
