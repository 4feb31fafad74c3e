"""A codebook in the file format of another program."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, get_args

from resanalysis.codebook.exchange.khcoder import write_khcoder
from resanalysis.codebook.exchange.quanteda import write_quanteda
from resanalysis.codebook.exchange.refi import write_refi
from resanalysis.codebook.exchange.table import write_table
from resanalysis.codebook.exchange.toml import write_toml

if TYPE_CHECKING:
    from resanalysis.model import Codebook, Language

Target = Literal["toml", "csv", "quanteda", "khcoder", "refi-qda"]
"""Formats that a codebook can be written in."""

TARGETS: tuple[Target, ...] = get_args(Target)

_SUFFIXES: dict[Target, str] = {
    "toml": ".toml",
    "csv": ".csv",
    "quanteda": ".yml",
    "khcoder": ".txt",
    "refi-qda": ".qdc",
}


@dataclass(frozen=True)
class Export:
    """A codebook in another format.

    Attributes
    ----------
    name : str
        A name for the file, with the suffix that its program expects.
    data : bytes
        The file.
    lost : tuple of str
        What the format does not carry, or carries as prose only, each with topic and entry.
    """

    name: str
    data: bytes = field(repr=False)
    lost: tuple[str, ...] = ()


def export_codebook(
    codebook: Codebook,
    to: Target,
    *,
    language: Language = "zh",
    reading: Literal["broad", "strict"] = "broad",
) -> Export:
    """Return a codebook as a file of another program, and what that file does not carry.

    Parameters
    ----------
    codebook : Codebook
        As `read_codebook` gives it.
    to : {"toml", "csv", "quanteda", "khcoder", "refi-qda"}
        TOML; a table in CSV, to be edited in a spreadsheet (UTF-8 with byte order mark); a
        dictionary in YAML for quanteda; coding rules for KH Coder; a codebook for NVivo, MAXQDA,
        ATLAS.ti and others (REFI-QDA, .qdc). `read_codebook` reads the first three back; TOML and
        CSV give the same codebook, with the same `sha256`.
    language : {"zh", "en"}
        Language of the names of codes, for KH Coder and REFI-QDA.
    reading : {"broad", "strict"}
        Which terms are written for quanteda and KH Coder: all, or the core ones only.

    Returns
    -------
    Export
        With `lost` empty where the file carries all.

    Raises
    ------
    ValueError
        When `to` is no known format, or a topic's theme is none of the codebook's.

    References
    ----------
    REFI-QDA Standard 1.5, Codebook exchange, 2019; quanteda, `dictionary()`; K. Higuchi, KH Coder 3
    Reference Manual, section A.2.5, Coding rules.

    Examples
    --------
    >>> from resanalysis.codebook import read_codebook
    >>> book = read_codebook()
    >>> export_codebook(book, "toml").name
    'general-climate-ict.toml'
    >>> export_codebook(book, "csv").lost
    ()
    """
    if strays := [topic.id for topic in codebook.topics if topic.theme not in codebook.themes]:
        raise ValueError(f"topics of themes that the codebook lacks: {', '.join(strays)}")
    if to == "toml":
        text, lost = write_toml(codebook)
    elif to == "csv":
        text, lost = write_table(codebook)
        text = f"\ufeff{text}"
    elif to == "quanteda":
        text, lost = write_quanteda(codebook, reading=reading)
    elif to == "khcoder":
        text, lost = write_khcoder(codebook, reading=reading, language=language)
    elif to == "refi-qda":
        text, lost = write_refi(codebook, language=language)
    else:
        raise ValueError(f"{to!r} is no format of codebooks; known are {', '.join(TARGETS)}")
    stem = re.sub(r"[^\w.+-]+", "_", codebook.id)
    return Export(f"{stem}{_SUFFIXES[to]}", text.encode(), tuple(lost))
