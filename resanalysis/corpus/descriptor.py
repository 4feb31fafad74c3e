"""The descriptor of a corpus folder: what it must say."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from resanalysis.corpus.forms import form_of
from resanalysis.corpus.names import SOURCE, SOURCES
from resanalysis.model import Edition, Form, InputError, Language

EDITION_ID = re.compile(r"(\d{4})-[a-z0-9]+(?:-[a-z0-9]+)*")
_REQUIRED = ("title", "body", "number", "language", "editions", "study", "provenance", "rights")

Complain = Callable[[str, str, str], None]
"""Called with place, what is wrong, and remedy."""


@dataclass(frozen=True)
class Described:
    """What the descriptor says of the redline: its form, and its files.

    Attributes
    ----------
    form : {"flattened", "criticmarkup", "word", "editions"}
        Kind of redline.
    resources : dict of dict
        Description of each file by resource name: `source`, or edition ids, old before new.
    """

    form: Form
    resources: Mapping[str, Mapping[str, Any]]


def check_resources(
    descriptor: Mapping[str, Any], editions: Sequence[str], complain: Complain
) -> Described | None:
    """Return the description of the source's files; None when it cannot be used.

    Parameters
    ----------
    descriptor : dict
        The whole descriptor.
    editions : sequence of str
        Ids of the study's old and new edition, as far as they are well formed.
    complain : callable
        Told of every problem.
    """
    listed = descriptor.get("resources")
    named = {
        resource["name"]: resource
        for resource in (listed if isinstance(listed, list) else ())
        if isinstance(resource, dict) and resource.get("name") in ("source", *editions)
    }
    clean = {name: named[name] for name in editions if name in named}
    if "source" in named and clean:
        complain(
            "resources",
            f"two forms in one folder: a redline (source) and clean texts ({', '.join(clean)})",
            "Keep one: the resource source, or one resource for each edition",
        )
        return None
    if "source" in named:
        return _describe_redline(named["source"], complain)
    if not clean:
        complain(
            "resources",
            "no resource named source, and none named by an edition",
            f"Describe {SOURCE} with path and hash, or one clean text for each edition",
        )
        return None
    for name in editions:
        if name not in clean:
            complain(
                "resources",
                f"no clean text of {name}",
                f"Add a resource named {name} with path and hash, as for the other edition",
            )
    usable = [_check_path(name, clean[name], complain) for name in clean]
    return Described("editions", clean) if all(usable) and len(clean) == 2 else None


def _describe_redline(resource: Mapping[str, Any], complain: Complain) -> Described | None:
    """Return the description of one redline, its form stated or told by its suffix."""
    if not _check_path("source", resource, complain):
        return None
    form = resource.get("form")
    if isinstance(form, str) and form in SOURCES:
        return Described(form, {"source": resource})
    if form is not None:
        complain(
            "resources: source: form",
            f"{form!r} is no form",
            f"Write one of {', '.join(SOURCES)}, or leave it to the file's suffix",
        )
        return None
    try:
        return Described(form_of(resource["path"]), {"source": resource})
    except InputError as error:
        for problem in error.problems:
            complain("resources: source: path", f"{problem.file}: {problem.what}", problem.remedy)
        return None


def _check_path(name: str, resource: Mapping[str, Any], complain: Complain) -> bool:
    """Whether a resource's path is the name of a file in the folder."""
    path = resource.get("path")
    if isinstance(path, str) and path == Path(path).name and path not in ("", ".."):
        return True
    complain(
        f"resources: {name}: path",
        f"{path!r} is no file name, or leaves the folder",
        "Put the file into the folder and give its name",
    )
    return False


def check_about(descriptor: Mapping[str, Any], complain: Complain) -> Mapping[str, Any]:
    """Complain of what the object `resanalysis` lacks; return it."""
    about = descriptor.get("resanalysis")
    if not isinstance(about, dict):
        complain("resanalysis", "missing", "Add the object with title, body, editions and study")
        return {}
    for key in _REQUIRED:
        if key not in about:
            complain(f"resanalysis: {key}", "missing", "Add it; corpora/README.md shows how")
    for key in ("body", "rights"):
        if key in about and not (isinstance(about[key], str) or _is_bilingual(about[key])):
            complain(f"resanalysis: {key}", "is no text", 'Write "…" or {"zh": "…", "en": "…"}')
    if "title" in about and not _is_bilingual(about["title"]):
        complain("resanalysis: title", "needs zh and en", 'Write {"zh": "…", "en": "…"}')
    return about


def check_editions(about: Mapping[str, Any], complain: Complain) -> dict[str, Edition]:
    """Return the well-formed editions by id."""
    editions = about.get("editions", [])
    if not isinstance(editions, list):
        complain("resanalysis: editions", "is no list", "Write [{…}, {…}]")
        return {}
    known: dict[str, Edition] = {}
    for number, edition in enumerate(editions, start=1):
        place = f"resanalysis: editions: {number}"
        if not isinstance(edition, dict) or not {"id", "year", "place"} <= set(edition):
            complain(place, "needs id, year and place", "Add what is missing")
            continue
        name, year = edition["id"], edition["year"]
        well_formed = isinstance(name, str) and EDITION_ID.fullmatch(name) is not None
        if not well_formed:
            complain(place, f"id {name!r}", "Write it as year-place, such as 2014-busan")
        elif name in known:
            complain(place, f"a second edition {name}", "Give each edition its own id")
        if not isinstance(year, int):
            complain(place, "the year is no number", "Write it without quotes")
        if not _is_bilingual(edition["place"]):
            complain(place, "the place needs zh and en", 'Write {"zh": "…", "en": "…"}')
        if well_formed and isinstance(year, int):
            known[name] = Edition(name, year, edition["place"])
    return known


def check_study(about: Mapping[str, Any], known: set[str], complain: Complain) -> tuple[str, ...]:
    """Complain of a study whose editions are missing, unknown or the same.

    Returns
    -------
    tuple of str
        Ids of the old and the new edition, as far as they are editions of the descriptor.
    """
    if "study" not in about:
        return ()  # reported with the other keys that are missing
    study = about["study"] if isinstance(about["study"], dict) else {}
    old, new, given = study.get("old"), study.get("new"), study.get("known")
    for role, wanted in (("old", old), ("new", new)):
        if not isinstance(wanted, str) or wanted not in known:
            complain(
                f"resanalysis: study: {role}",
                f"{wanted!r} is no edition" if wanted else "missing",
                f"Name one of {', '.join(sorted(known)) or 'the editions'}",
            )
    if old and old == new:
        complain("resanalysis: study", "old and new are one edition", "Name two editions")
    if given is not None and given not in (old, new):
        complain(
            "resanalysis: study: known",
            f"{given!r} is not an edition of the study",
            "Name old's or new's edition, or leave it out",
        )
    pair = (name for name in (old, new) if isinstance(name, str) and name in known)
    return tuple(dict.fromkeys(pair))


def _is_bilingual(value: object) -> bool:
    return isinstance(value, dict) and all(
        isinstance(value.get(key), str) and value[key] for key in ("zh", "en")
    )


def both_languages(value: str | Mapping[Language, str]) -> dict[Language, str]:
    """Return a text of the descriptor by language; a plain string stands for both."""
    return {"zh": value, "en": value} if isinstance(value, str) else dict(value)
