"""The texts of a folder as a manifest lists them: ids, editions, dates and bodies."""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import cast, get_args

from resanalysis.batch.folder import (
    Listing,
    close_listing,
    describe_folder,
    fail,
    say_name,
    take_single,
    walk,
)
from resanalysis.batch.texts import Failure, Text
from resanalysis.corpus import DESCRIPTOR, form_of, read_source
from resanalysis.model import Form, InputError, input_error

COLUMNS = ("file", "id", "body", "edition", "date", "old", "new", "old_date", "form", "encoding")
"""Columns of a manifest; only `file` must be there, others are read by nobody."""

_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
_FORMS = tuple(form for form in get_args(Form) if form != "editions")


@dataclass(frozen=True)
class _Edition:
    """A row of the manifest that is one clean edition."""

    line: int
    file: str
    encodings: tuple[str, ...]
    body: str
    edition: str
    date: str


def list_manifest(root: Path, path: Path, encodings: tuple[str, ...]) -> Listing:
    """Return the texts of a folder that a manifest lists, one row a file.

    Parameters
    ----------
    root : Path
        The folder.
    path : Path
        The manifest: CSV in UTF-8 with a row of names.

        - `file`: path in the folder; a redline, one clean edition, or a corpus folder.
        - `id`: the resolution; the path without suffix when left out.
        - `body`: who adopted it.
        - `edition`: id of the edition that the file is, such as 2014-busan; empty for a redline.
          Editions of one resolution are compared each with the next by date.
        - `date`: when it was adopted (of a redline: its new version): 2022, 2022-10, 2022-10-14.
        - `old`, `new`, `old_date`: of a redline, ids of its editions and date of the old one.
        - `form`: of a redline, where the suffix does not tell.
        - `encoding`: of a plain text, where it is another than the batch's.
    encodings : tuple of str
        Encodings to try where a row names none.

    Raises
    ------
    InputError
        When the manifest cannot be read, or lists nothing. What is wrong with a row is a failure.
    """
    rows = _read_rows(path)
    found: dict[str, list[Text]] = defaultdict(list)
    failures: list[Failure] = []
    editions: dict[str, list[_Edition]] = defaultdict(list)
    named: set[str] = set()
    for line, row in rows:
        name = row["file"]
        named.add(name)
        given = (row["encoding"],) if row["encoding"] else encodings
        if problem := _check_row(root, row):
            what, remedy = problem
            failures.append(fail(row["id"] or name, path.name, what, remedy, f"line {line}"))
        elif (root / name / DESCRIPTOR).is_file():
            text = _override(describe_folder(root, name), row)
            found[text.id].append(text)
        elif row["edition"]:
            entry = _Edition(line, name, given, row["body"], row["edition"], row["date"])
            editions[row["id"]].append(entry)
        else:
            try:
                text = _describe_redline(row, given)
                found[text.id].append(text)
            except InputError as error:
                problem_found = error.problems[0]
                what, remedy = problem_found.what, problem_found.remedy
                failures.append(fail(row["id"] or name, name, what, remedy))
    for name, entries in editions.items():
        texts, wrong = _pair_editions(name, entries, path, found.pop(name, []))
        for text in texts:
            found[text.id].append(text)
        failures += wrong
    kept, doubled = take_single(found)
    skipped = [say_name(name) for name in walk(root) if name not in named]
    return close_listing(root, kept, [*failures, *doubled], skipped)


def _read_rows(path: Path) -> list[tuple[int, dict[str, str]]]:
    """Return the rows with the number of the line each ends on."""
    text = read_source(path).text
    head = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=head.count)
    reader = csv.DictReader(io.StringIO(text), delimiter=delimiter, restval="")
    names = [(name or "").strip() for name in reader.fieldnames or []]
    reader.fieldnames = names
    if "file" not in names:
        raise input_error(
            path,
            "line 1",
            f"no column is named file; it has {', '.join(filter(None, names)) or 'none'}",
            f"Name the columns in the first line: file, and of {', '.join(COLUMNS[1:])} what is"
            " known",
        )
    if doubled := sorted({name for name in names if name in COLUMNS and names.count(name) > 1}):
        raise input_error(path, "line 1", f"a second column {doubled[0]}", "Keep one of them")
    rows = list(_strip_rows(reader))
    if not rows:
        raise input_error(path, "", "it lists no file", "Give each text a line")
    return rows


def _strip_rows(
    reader: csv.DictReader[str],
) -> Iterator[tuple[int, dict[str, str]]]:
    for row in reader:
        cells = {name: (row.get(name) or "").strip() for name in COLUMNS}
        if any(cells.values()):
            cells["file"] = cells["file"].replace("\\", "/").removeprefix("./").rstrip("/")
            yield reader.line_num, cells


def _check_row(root: Path, row: Mapping[str, str]) -> tuple[str, str] | None:
    """Return what is wrong with a row, and how to mend it."""
    name = row["file"]
    if not name:
        return "it names no file", "Give the path of the text, from the folder on"
    if Path(name).is_absolute() or ".." in Path(name).parts:
        return f"{name} leaves the folder", "Give a path inside it"
    if not (root / name).exists():
        return f"there is no {name}", "Check the path: it is from the folder on, with /"
    if (root / name).is_dir() and not (root / name / DESCRIPTOR).is_file():
        return f"{name} is a folder without {DESCRIPTOR}", "List the files in it one by one"
    for column in ("date", "old_date"):
        if row[column] and not _DATE.fullmatch(row[column]):
            remedy = "Write 2022, 2022-10 or 2022-10-14"
            return f"{column} {row[column]!r} is no date", remedy
    if row["form"] and row["form"] not in _FORMS:
        return f"form {row['form']!r} is unknown", f"Write one of {', '.join(_FORMS)}"
    if row["edition"] and not row["id"]:
        return "an edition without id", "Give all editions of one resolution the same id"
    if row["edition"] and not row["date"]:
        return "an edition without date", "Give the date: editions are compared in its order"
    return None


def _override(text: Text, row: Mapping[str, str]) -> Text:
    """Return a corpus folder as a text, with the id and the body that the manifest gives it."""
    name = row["id"] or text.id
    given = (text.old, text.new, row["old_date"] or text.old_date, row["date"] or text.new_date)
    return Text(name, "folder", text.files, (), name, row["body"] or text.body, *given)


def _describe_redline(row: Mapping[str, str], encodings: tuple[str, ...]) -> Text:
    name = row["file"]
    form: Form = cast("Form", row["form"]) if row["form"] else form_of(name)
    stem = row["id"] or re.sub(r"(\.critic)?\.[^.]+$", "", name, flags=re.IGNORECASE)
    return Text(
        stem,
        form,
        (name,),
        (encodings,),
        stem,
        row["body"],
        row["old"] or "old",
        row["new"] or "new",
        row["old_date"],
        row["date"],
    )


def _pair_editions(
    name: str, entries: Sequence[_Edition], path: Path, others: Sequence[Text]
) -> tuple[list[Text], list[Failure]]:
    """Return each edition with the next one as a text, or what is wrong with them."""
    entries = sorted(entries, key=lambda entry: entry.date)
    what, remedy = "", ""
    if others:
        files = ", ".join(file for text in others for file in text.files)
        what = f"the id {name} is also that of {files}"
        remedy = "Give an id to one redline, or to the editions of one resolution"
    elif len(entries) < 2:
        what = f"there is no other edition of {name} to compare it with"
        remedy = "List another edition of this id, or take the row out"
    elif len({entry.edition for entry in entries}) < len(entries):
        what, remedy = f"two editions of {name} have one name", "Name each edition differently"
    elif any(new.date.startswith(old.date) for old, new in pairwise(entries)):
        what = f"two editions of {name} have one date: " + ", ".join(e.date for e in entries)
        remedy = "Give dates that tell their order"
    if what:
        wrong = [fail(name, path.name, what, remedy, f"line {entry.line}") for entry in entries]
        wrong += [fail(name, text.files[0], what, remedy) for text in others]
        return [], wrong
    return [
        Text(
            f"{name}:{old.edition}:{new.edition}",
            "editions",
            (old.file, new.file),
            (old.encodings, new.encodings),
            name,
            new.body or old.body,
            old.edition,
            new.edition,
            old.date,
            new.date,
        )
        for old, new in pairwise(entries)
    ], []
