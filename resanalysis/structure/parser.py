"""The parser: keeps the heading in force and the open list levels while it walks over the lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from resanalysis.model import Version, input_error
from resanalysis.structure.performatives import (
    NO_PERFORMATIVE,
    Performative,
    Usage,
    read_performative,
)
from resanalysis.structure.rows import Line, Rows, read_lines
from resanalysis.tables import make_table

_RULE = re.compile(r"[_—―─]{5,}")
_LAW = frozenset({"chapter", "section", "article"})


def parse_resolution(
    text: str, *, corpus: str = "", edition: str = "", version: Version = "new"
) -> pd.DataFrame:
    r"""Return the clauses of one version of a resolution.

    Headings and opening verbs come from a lexicon of performatives in ITU and UN usage; articles
    of laws are read too. Every character of the text stands in a row, in a marker, or is white
    space.

    Parameters
    ----------
    text : str
        The version's text.
    corpus, edition : str
        Ids for the key columns.
    version : {"old", "new"}
        Role of the edition in the study.

    Returns
    -------
    DataFrame
        One row per title, opening, heading, lead-in, clause, item, footnote or other line, with
        the columns of `tables.TABLES["clauses"]`. Offsets count in `text`.

    Raises
    ------
    InputError
        When the text has neither a heading, nor a list, nor paragraphs that open with a
        performative verb.

    Notes
    -----
    Where the verbs open the paragraphs and some paragraphs are numbered (UN General Assembly),
    the numbers and not the verbs tell the parts: 重申 is preambular before the first number and
    operative, with a strength of at least 1, from there on.

    Examples
    --------
    >>> table = parse_resolution("大会，\n忆及\na)\t甲；\n责成秘书长\n1\t乙。\n")
    >>> list(table["clause_id"])
    ['opening', 'recalling', 'recalling__a', 'instructs-sg', 'instructs-sg__1']
    """
    return make_table("clauses", parse_rows(text, corpus=corpus, edition=edition, version=version))


def parse_rows(
    text: str, *, corpus: str = "", edition: str = "", version: Version = "new"
) -> list[dict[str, Any]]:
    """Return the rows that `parse_resolution` makes its table of, for many small texts in a row."""
    lines = read_lines(text)
    law = any(line.label and line.label.family in _LAW for line in lines)
    headed = any(line.label is None and read_performative(line.text) for line in lines)
    inline = not headed and not law and any(read_performative(s.text, "inline") for s in lines)
    if not headed and not inline and not any(line.label for line in lines):
        raise input_error(
            corpus or "text",
            f"{version} version",
            "no heading, no list and no paragraph that opens with a performative verb was found",
            "Check that the file holds a resolution, one paragraph per line",
        )
    rows = Rows(text, {"corpus": corpus, "edition": edition, "version": version})
    _Parser(rows, lines, inline=inline).parse()
    return rows.rows


@dataclass(frozen=True)
class _Open:
    """A row that may have children, with the family of its marker."""

    family: str
    clause_id: str


class _Parser:
    def __init__(self, rows: Rows, lines: Sequence[Line], *, inline: bool) -> None:
        self.rows = rows
        self.lines = lines
        self.inline = inline
        self.numbered = inline and any(_is_number(line) for line in lines)
        self.operative = False
        self.said = NO_PERFORMATIVE
        self.chapter = ""
        self.heading = ""
        self.levels: list[_Open] = []

    def parse(self) -> None:
        """Add a row for every line."""
        body = next(i for i, line in enumerate(self.lines) if self._opens_body(line))
        foot = self._find_footer(body)
        openings = [i for i in range(body) if self.lines[i].text.endswith(("，", "，："))]
        for i, line in enumerate(self.lines):
            if self.rows.is_footnote(line):
                self.rows.add_footnotes(line)
            elif i < body:
                kind = "opening" if openings and i == openings[-1] else "title"
                self.rows.add(line, kind, kind, "", NO_PERFORMATIVE, 0)
            elif i >= foot or _RULE.fullmatch(line.text):
                self.rows.add(line, "other", "other", "", NO_PERFORMATIVE, 0)
            else:
                self._add_line(line, self.lines[i + 1] if i + 1 < len(self.lines) else None)

    def _opens_body(self, line: Line) -> bool:
        usage: Usage = "inline" if self.inline else "heading"
        return line.label is not None or read_performative(line.text, usage) is not None

    def _find_footer(self, body: int) -> int:
        """Return the first rule line after which nothing of a resolution comes any more."""
        foot = len(self.lines)
        for i in range(len(self.lines) - 1, body - 1, -1):
            line = self.lines[i]
            if _RULE.fullmatch(line.text):
                foot = i
            elif self._opens_body(line) and not (line.label and line.label.family == "bullet"):
                break
        return foot

    def _add_line(self, line: Line, following: Line | None) -> None:
        said = read_performative(line.text) if line.label is None and not self.inline else None
        if said is not None:
            self._start_section(line, said, parent="")
        elif line.label is None:
            self._add_paragraph(line, following)
        elif line.label.family in ("chapter", "section"):
            parent = self.chapter if line.label.family == "section" else ""
            name = f"{parent}__{line.slug}" if parent else line.slug
            said = replace(NO_PERFORMATIVE, id=name, text=line.text)
            self._start_section(line, said, parent=parent)
            if line.label.family == "chapter":
                self.chapter = self.heading
        else:
            self._add_labelled(line, line.label.family)

    def _start_section(self, line: Line, said: Performative, *, parent: str) -> None:
        self.said = said
        self.heading = self.rows.add(line, "heading", said.id, parent, said, 0)
        self.levels = []

    def _add_paragraph(self, line: Line, following: Line | None) -> None:
        if self.levels and self.levels[0].family == "article":
            del self.levels[1:]
            article = self.levels[0].clause_id
            self.rows.add(line, "item", f"{article}__{line.slug}", article, self.said, 2)
            return
        if self.inline and not self._read_verb(line) and line.text[-1] not in "，；。：":
            self.rows.add(line, "other", "other", "", NO_PERFORMATIVE, 0)
            return
        ends = ("：",) if self.inline else ("：", "，")
        leads = following is not None and following.label is not None and not self.levels
        # Where verbs open the paragraphs, the last one of the preamble ends in a comma too.
        kind = "lead_in" if leads and line.text.endswith(ends) else "clause"
        self.levels = []
        name = self._name("lead" if kind == "lead_in" else line.slug)
        self.rows.add(line, kind, name, self.heading, self.said, 1)

    def _add_labelled(self, line: Line, family: str) -> None:
        families = [level.family for level in self.levels]
        if family in families:
            del self.levels[families.index(family) :]
        elif family == "article":
            self.levels = []
        if not self.levels and self.inline:
            self._read_verb(line)
        parent = self.levels[-1].clause_id if self.levels else self.heading
        name = f"{parent}__{line.slug}" if self.levels else self._name(line.slug)
        kind = "item" if self.levels else "clause"
        depth = len(self.levels) + 1
        clause_id = self.rows.add(line, kind, name, parent, self.said, depth)
        self.levels.append(_Open(family, clause_id))

    def _read_verb(self, line: Line) -> bool:
        """Take over what the paragraph's first words say; return whether they say anything."""
        said = read_performative(line.text, "inline")
        self.operative = self.operative or _is_number(line)
        if said is not None and self.numbered and self.operative:
            said = replace(said, part="operative", strength=max(said.strength, 1))
        elif said is not None and self.numbered:
            said = replace(said, part="preambular", strength=0, addressee="")
        self.said = said or self.said
        return said is not None

    def _name(self, slug: str) -> str:
        above = self.heading or self.said.id
        return f"{above}__{slug}" if above else slug


def _is_number(line: Line) -> bool:
    return line.label is not None and line.label.family in ("arabic", "cn")
