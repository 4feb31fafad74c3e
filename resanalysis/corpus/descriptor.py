"""The descriptor of a corpus folder: what it must say."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from resanalysis.corpus.names import SOURCE
from resanalysis.model import Edition, Language

EDITION_ID = re.compile(r"(\d{4})-[a-z0-9]+(?:-[a-z0-9]+)*")
_REQUIRED = ("title", "body", "number", "language", "editions", "study", "provenance", "rights")

Complain = Callable[[str, str, str], None]
"""Called with place, what is wrong, and remedy."""


def check_resource(descriptor: Mapping[str, Any], complain: Complain) -> Mapping[str, Any] | None:
    """Return the description of the source; None when there is none that can be used."""
    resources = descriptor.get("resources")
    for resource in resources if isinstance(resources, list) else ():
        if isinstance(resource, dict) and resource.get("name") == "source":
            path = resource.get("path")
            if isinstance(path, str) and path == Path(path).name and path not in ("", ".."):
                return resource
            complain(
                "resources: source: path",
                f"{path!r} is no file name, or leaves the folder",
                "Put the file into the folder and give its name",
            )
            return None
    complain("resources", "no resource named source", f"Describe {SOURCE} with path and hash")
    return None


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


def check_study(about: Mapping[str, Any], known: set[str], complain: Complain) -> None:
    """Complain of a study whose editions are missing, unknown or the same."""
    if "study" not in about:
        return  # reported with the other keys that are missing
    study = about["study"] if isinstance(about["study"], dict) else {}
    old, new = study.get("old"), study.get("new")
    for role, wanted in (("old", old), ("new", new)):
        if not isinstance(wanted, str) or wanted not in known:
            complain(
                f"resanalysis: study: {role}",
                f"{wanted!r} is no edition" if wanted else "missing",
                f"Name one of {', '.join(sorted(known)) or 'the editions'}",
            )
    if old and old == new:
        complain("resanalysis: study", "old and new are one edition", "Name two editions")


def _is_bilingual(value: object) -> bool:
    return isinstance(value, dict) and all(
        isinstance(value.get(key), str) and value[key] for key in ("zh", "en")
    )


def both_languages(value: str | Mapping[Language, str]) -> dict[Language, str]:
    """Return a text of the descriptor by language; a plain string stands for both."""
    return {"zh": value, "en": value} if isinstance(value, str) else dict(value)
