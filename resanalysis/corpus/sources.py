"""The redline's files in a corpus folder, and what may stand beside them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from resanalysis.corpus.descriptor import Complain, Described
from resanalysis.corpus.forms import read_clean, read_form
from resanalysis.corpus.names import (
    DECISIONS,
    DESCRIPTOR,
    EDITION_SUFFIXES,
    OFFICIAL,
    SOURCE,
    SOURCES,
)
from resanalysis.corpus.text import collect
from resanalysis.model import Edition, Form, Problem, Source


def read_sources(
    folder: Path,
    described: Described | None,
    editions: Mapping[str, Edition],
    problems: list[Problem],
) -> tuple[Form, dict[str, Source]]:
    """Return the form of the redline and its files by resource name, their checksums compared.

    Where the descriptor does not say which file it is, the first with a usual name is read without
    comparing, so that the other checks can be made all the same.
    """
    if described is None:
        usual = {form: name for form, name in SOURCES.items() if (folder / name).exists()}
        guess, name = next(iter(usual.items()), ("flattened", SOURCE))
        source = collect(problems, read_form, folder / name, guess)
        return guess, {"source": source} if source else {}
    sources = {}
    for name, resource in described.resources.items():
        path, encoding = folder / str(resource["path"]), str(resource.get("encoding", "utf-8"))
        source = (
            collect(problems, read_clean, path, encoding=encoding)
            if described.form == "editions"
            else collect(problems, read_form, path, described.form, encoding=encoding)
        )
        if source:
            sources[name] = source
            problems += _compare_checksum(path, source, resource)
    paths = {str(resource["path"]) for resource in described.resources.values()}
    names = [*SOURCES.values(), *(f"{e}{suffix}" for e in editions for suffix in EDITION_SUFFIXES)]
    problems += [
        Problem(
            "error",
            str(folder / name),
            "",
            f"a second source beside {', '.join(sorted(paths))}",
            f"Keep the one that {DESCRIPTOR} names, and put this file into a folder of its own",
        )
        for name in names
        if name not in paths and (folder / name).exists()
    ]
    return described.form, sources


def _compare_checksum(path: Path, source: Source, resource: Mapping[str, Any]) -> list[Problem]:
    """Return a problem when a file is not the one that the descriptor describes."""
    stated = resource.get("hash")
    if stated == f"sha256:{source.sha256}":
        return []
    return [
        Problem(
            "error",
            str(path),
            "",
            f"its checksum is sha256:{source.sha256}, "
            + (f"{DESCRIPTOR} says {stated}" if stated else f"{DESCRIPTOR} gives no hash"),
            "The source is never edited: restore it, or write this hash into the descriptor if"
            " this is the text that was received",
        )
    ]


def check_evidence(
    folder: Path,
    form: Form,
    about: Mapping[str, Any],
    official: Mapping[str, str],
    complain: Complain,
) -> str | None:
    """Complain of decisions and known editions that do not go with the form.

    Returns
    -------
    str or None
        Id of the known edition, when its text is there.
    """
    study = about.get("study")
    known = study.get("known") if isinstance(study, dict) else None
    if form != "flattened":
        if (folder / DECISIONS).exists():
            complain(
                "",
                f"{DECISIONS} stands beside a redline of the form {form}, whose versions are not"
                " in doubt",
                f"Take {DECISIONS} out of the folder: decisions go with a flattened text only",
            )
        if known is not None:
            complain(
                "resanalysis: study: known",
                f"a redline of the form {form} needs no known edition",
                "Leave it out: it goes with a flattened text only",
            )
        return None
    if (
        not isinstance(study, dict)
        or known is None
        or known not in (study.get("old"), study.get("new"))
    ):
        return None  # that there is no such edition is reported with the study
    if known not in official:
        complain(
            "resanalysis: study: known",
            f"there is no text of {known}",
            f"Put it into the folder as {OFFICIAL}/{known}.txt, or leave `known` out",
        )
        return None
    if (folder / DECISIONS).exists():
        complain(
            "resanalysis: study: known",
            f"{DECISIONS} and a known edition do not go together",
            f"Leave `known` out, or take {DECISIONS} out of the folder",
        )
    return str(known)
