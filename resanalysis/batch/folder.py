"""The texts of a folder, found by the names of its files."""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from resanalysis.batch.dataset import is_dataset
from resanalysis.batch.texts import Failure, Text, hash_text
from resanalysis.corpus import DESCRIPTOR, form_of, read_folder
from resanalysis.model import Edition, InputError, Problem, input_error

MANIFEST = "manifest.csv"

_TEXTS = (".txt", ".docx")
_UNREADABLE = (
    *(".doc", ".docm", ".dot", ".dotx", ".odt", ".rtf", ".wps", ".pdf"),
    *(".htm", ".html", ".wpd", ".pages", ".ofd", ".caj"),
)
_VERSION = re.compile(r"\.(old|new)(?=\.[^.]+$)", re.IGNORECASE)
_JUNK = ("thumbs.db", "desktop.ini", "__macosx")


@dataclass(frozen=True)
class Listing:
    """What a folder holds.

    Attributes
    ----------
    texts : tuple of Text
        By body, then by id; no two of one id.
    failures : tuple of Failure
        Files that could be texts and are none, and rows of a manifest at fault.
    skipped : tuple of str
        Files that are no texts by their names, or are not in the manifest.
    """

    texts: tuple[Text, ...]
    failures: tuple[Failure, ...]
    skipped: tuple[str, ...]


def list_folder(root: Path, encodings: tuple[str, ...]) -> Listing:
    """Return the texts of a folder and of the folders in it.

    A `.docx`, `.critic.txt` or other `.txt` file is a redline, `NAME.old.txt` and `NAME.new.txt`
    (or `.docx`) are two clean texts, a folder with a descriptor is a corpus folder. Their ids are
    their paths without suffix. Hidden files and a batch's own datasets are passed over.
    """
    found: dict[str, list[Text]] = defaultdict(list)
    failures: list[Failure] = []
    skipped: list[str] = []
    pairs: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for name in walk(root):
        lower = name.lower()
        if (said := say_name(name)) != name:
            remedy = "Rename it, or the folder it is in"
            failures.append(fail(said, said, "its name is not in UTF-8", remedy))
        elif (root / name).is_dir():
            text = describe_folder(root, name)
            found[text.id].append(text)
        elif lower.endswith(_UNREADABLE):
            failures.append(fail(name, name, *_explain(name)))
        elif not lower.endswith(_TEXTS):
            skipped.append(name)
        elif version := _VERSION.search(name):
            stem = name[: version.start()]
            pairs[stem][version[1].lower()].append(name)
        else:
            stem = re.sub(r"(\.critic)?\.[^.]+$", "", name, flags=re.IGNORECASE)
            found[stem].append(Text(stem, form_of(name), (name,), (encodings,), stem))
    for stem, sides in pairs.items():
        texts, missing = _pair(stem, sides, encodings)
        found[stem] += texts
        failures += missing
    kept, doubled = take_single(found)
    return close_listing(root, kept, [*failures, *doubled], skipped)


def walk(root: Path) -> Iterator[str]:
    """Give the paths of all files in a folder, sorted, with `/`; of a corpus folder its own."""
    for place, folders, files in os.walk(root):
        here = Path(place)
        inside = here.relative_to(root)
        if here != root and DESCRIPTOR in files:
            folders.clear()
            yield inside.as_posix()
            continue
        folders[:] = sorted(
            name for name in folders if not _is_hidden(name) and not is_dataset(here / name)
        )
        for name in sorted(files):
            special = (here / name).exists() and not (here / name).is_file()  # a pipe, a socket
            if not (_is_hidden(name) or special or (here == root and name == MANIFEST)):
                yield (inside / name).as_posix()


def say_name(name: str) -> str:
    """Return a path as it can be written down: bytes that are no UTF-8 as escapes."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _is_hidden(name: str) -> bool:
    return name.startswith((".", "~$")) or name.lower() in _JUNK


def describe_folder(root: Path, name: str) -> Text:
    """Return a corpus folder as a text; what is wrong with it shows when it is read."""
    about: Mapping[str, Any] = {}
    editions: Mapping[str, Edition] = {}
    try:
        folder = read_folder(root / name)
        about, editions = folder.about, folder.editions
    except (InputError, OSError):
        pass
    body = about.get("body", "")
    study = about.get("study")
    roles = study if isinstance(study, dict) else {}
    old, new = (str(roles.get(role) or role) for role in ("old", "new"))
    before, after = (
        str(editions[edition].year) if edition in editions else "" for edition in (old, new)
    )
    body = body.get("en", "") if isinstance(body, dict) else body
    return Text(name, "folder", (name,), (), name, str(body), old, new, before, after)


def _explain(name: str) -> tuple[str, str]:
    try:
        form_of(name)
    except InputError as error:
        problem = error.problems[0]
        if not name.lower().endswith((".pdf", ".htm", ".html")):
            return problem.what, problem.remedy
    remedy = "Save its text as .txt in UTF-8, or as .docx where it has tracked changes"
    return f"{Path(name).suffix} files cannot be read", remedy


def _pair(
    stem: str, sides: Mapping[str, list[str]], encodings: tuple[str, ...]
) -> tuple[list[Text], list[Failure]]:
    """Return the clean texts of one name as a text, or what is wrong with them."""
    names = [name for version in ("old", "new") for name in sides.get(version, [])]
    for version in ("old", "new"):
        given = sides.get(version, [])
        if not given:
            what = f"there is no {version} text beside it"
            remedy = f"Add {Path(stem).name}.{version}.txt (or .docx), or take this file away"
            return [], [fail(stem, name, what, remedy) for name in names]
        if len(given) > 1:
            what = f"there are two {version} texts: {', '.join(given)}"
            return [], [fail(stem, name, what, "Keep one of them") for name in given]
    files = (sides["old"][0], sides["new"][0])
    return [Text(stem, "editions", files, (encodings, encodings), stem)], []


def take_single(found: Mapping[str, Sequence[Text]]) -> tuple[list[Text], list[Failure]]:
    """Return the texts whose id is theirs alone, and a failure for every other one."""
    kept: list[Text] = []
    failures: list[Failure] = []
    for name, texts in found.items():
        if len(texts) == 1:
            kept += texts
            continue
        files = [file for text in texts for file in text.files]
        what = f"{len(texts)} texts have the id {name}: {', '.join(files)}"
        remedy = "None of them was read. Rename all but one, or give them ids in a manifest"
        failures += [fail(name, file, what, remedy) for file in files]
    return kept, failures


def fail(text: str, file: str, what: str, remedy: str, place: str = "") -> Failure:
    """Return the failure of a text that is itself at fault."""
    return Failure(text, "input", Problem("error", file, place, what, remedy))


def close_listing(
    root: Path, texts: Sequence[Text], failures: Sequence[Failure], skipped: Sequence[str]
) -> Listing:
    """Return the listing with the texts' hashes, in order; refuse a folder without any text.

    Raises
    ------
    InputError
        When there is nothing that could be a text.
    """
    if not texts and not failures:
        raise input_error(
            root,
            "",
            f"there is no text in it ({len(skipped)} other files)" if skipped else "it is empty",
            "Put texts there: .txt (flattened), .critic.txt (CriticMarkup), .docx (tracked"
            " changes), NAME.old.txt with NAME.new.txt (clean texts), or corpus folders",
        )
    hashed: list[Text] = []
    failed = list(failures)
    for text in texts:
        try:
            sha256, size = hash_text(root, text)
        except OSError as error:
            file = Path(error.filename or root / text.files[0])
            name = file.relative_to(root).as_posix() if file.is_relative_to(root) else str(file)
            what = f"cannot be read ({error.strerror})"
            failed.append(fail(text.id, name, what, "Check the path and the permissions"))
        else:
            hashed.append(replace(text, sha256=sha256, size=size))
    hashed.sort(key=lambda text: (text.body, text.id))
    failed.sort(key=lambda failure: (failure.problem.file, failure.problem.place))
    return Listing(tuple(hashed), tuple(failed), tuple(sorted(skipped)))
