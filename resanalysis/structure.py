"""One version's text -> its clauses: headings, parts, addressees, markers, items and footnotes."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import Any, Literal

import pandas as pd

from resanalysis.labels import Label, read_labels
from resanalysis.model import Version, input_error, make_table

Usage = Literal["heading", "inline"]

_FOOTNOTE_REFERENCE = re.compile(r"\[footnoteRef:\d+\]\d*")
_FOOTNOTE_BODY = re.compile(r"\s*\[(\d+): ?(\d*)\s*([^\[\]]*)\] ?")
_RULE = re.compile(r"[_—―─]{5,}")
_SENTENCE_END = "，；。"
_MAX_HEADING = 60


@dataclass(frozen=True)
class Performative:
    """What a heading or an opening verb says.

    Attributes
    ----------
    id : str
        Readable id, such as `recognizing-further` or `instructs-bdt-br-tsb`.
    text : str
        The words as printed.
    part : {"preambular", "operative"}
        Part of the resolution it belongs to.
    addressee : str
        Codes of who is told to act, joined by `+`; empty where nobody is named.
    strength : int
        Place of the verb on the published scale, 0 to 5.
    """

    id: str
    text: str
    part: str
    addressee: str
    strength: int


_NO_PERFORMATIVE = Performative("", "", "", "", 0)


@cache
def _read_lexicon() -> dict[str, Any]:
    path = resources.files("resanalysis").joinpath("data", "performatives.toml")
    return tomllib.loads(path.read_text("utf-8"))


@cache
def _verb_pattern(usage: Usage) -> tuple[re.Pattern[str], dict[str, dict[str, Any]]]:
    """Return a pattern of modifiers, verb and rest, and the entry of each verb."""
    lexicon = _read_lexicon()
    verbs = {
        verb: entry
        for entry in lexicon["performative"]
        if usage in entry["usage"]
        for verb in entry["zh"]
    }
    alternatives = "|".join(sorted(verbs, key=len, reverse=True))
    modifiers = [*lexicon["modifiers"]["further"], *lexicon["modifiers"]["plain"]]
    before = "|".join(sorted(modifiers, key=len, reverse=True))
    return re.compile(f"(?P<before>(?:{before})*?)(?P<verb>{alternatives})(?P<rest>.*)"), verbs


def find_addressees(phrase: str) -> str:
    """Return the codes of who is told to act in `phrase`, sorted and joined by `+`.

    Who only works along (`与…主任协作`) is not told. A phrase that names nobody of the lexicon
    gives an empty string.

    Examples
    --------
    >>> find_addressees("秘书长与三个局的主任协作"), find_addressees("三个局的主任")
    ('SG', 'BDT+BR+TSB')
    """
    lexicon = _read_lexicon()
    before = "|".join(lexicon["companions"]["before"])
    after = "|".join(lexicon["companions"]["after"])
    told = re.sub(f"(?:{before})[^，]*?(?:{after})", "", phrase)
    codes = {name: entry["code"] for entry in lexicon["addressee"] for name in entry["zh"]}
    names = "|".join(re.escape(name) for name in sorted(codes, key=len, reverse=True))
    found = {code for match in re.findall(names, told) for code in codes[match].split("+")}
    return "+".join(sorted(found))


def read_performative(line: str, usage: Usage = "heading") -> Performative | None:
    """Return what the heading or the opening of a paragraph says, None if it is neither.

    Parameters
    ----------
    line : str
        A line without its marker.
    usage : {"heading", "inline"}
        Whether the whole line must be a heading, or only open with a performative verb.
    """
    pattern, verbs = _verb_pattern(usage)
    text = line.strip()
    if usage == "heading":
        text = text.rstrip("：:")
        if len(text) > _MAX_HEADING or any(mark in text for mark in _SENTENCE_END[1:]):
            return None
        if text.endswith("，"):
            return None
    match = pattern.fullmatch(text) if usage == "heading" else pattern.match(text)
    if match is None:
        return None
    entry = verbs[match["verb"]]
    rest = match["rest"] if usage == "heading" else re.split("[，；。：]", match["rest"])[0][:40]
    operative = entry["part"] == "operative"
    if usage == "heading" and rest and not operative:
        return None
    addressee = find_addressees(rest) if operative else ""
    if usage == "heading" and rest and not addressee:
        addressee = rest[:20]
    further = any(word in match["before"] for word in _read_lexicon()["modifiers"]["further"])
    slug = entry["id"] + ("-further" if further else "")
    if addressee.isascii() and addressee:
        slug += "-" + addressee.lower().replace("+", "-")
    printed = text if usage == "heading" else match["before"] + match["verb"]
    return Performative(slug, printed, entry["part"], addressee, entry["strength"])


# --- masked spans and footnotes -----------------------------------------------------------------


@dataclass(frozen=True)
class _Footnote:
    marker: str
    start: int
    end: int


def _find_masked(text: str) -> tuple[list[tuple[int, int]], list[_Footnote]]:
    """Return the spans that are not read, merged and in order, and the footnotes inside them."""
    spans = [match.span() for match in _FOOTNOTE_REFERENCE.finditer(text)]
    notes = []
    for match in _FOOTNOTE_BODY.finditer(text):
        spans.append(match.span())
        start, end = match.span(3)
        body = match[3]
        start += len(body) - len(body.lstrip())
        end = max(start, end - (len(body) - len(body.rstrip())))
        notes.append(_Footnote(match[2] or match[1], start, end))
    merged: list[tuple[int, int]] = []
    for a, b in sorted(spans):
        if merged and a <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(b, merged[-1][1]))
        else:
            merged.append((a, b))
    return merged, notes


# --- rows ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Line:
    """One line: where its text without marker begins and ends, and its marker."""

    start: int
    end: int
    text: str
    label: Label | None
    marker: str


def _read_lines(text: str) -> list[_Line]:
    lines = []
    offset = 0
    for raw in text.split("\n"):
        labels = read_labels(raw)
        label = _choose(labels, lines)
        marker = raw[: label.end] if label else ""
        body = raw[len(marker) :]
        start = offset + len(marker) + len(body) - len(body.lstrip())
        end = max(start, offset + len(raw.rstrip()))
        if raw.strip():
            lines.append(_Line(start, end, text[start:end], label, marker.strip()))
        offset += len(raw) + 1
    return lines


def _choose(labels: Sequence[Label], before: Sequence[_Line]) -> Label | None:
    """Return the label of the right family: `i)` is a numeral unless a list of letters is at h."""
    if not labels:
        return None
    families = {label.family: label for label in labels}
    if "latin" in families and "roman" in families:
        last = next((line.label for line in reversed(before) if line.label), None)
        letters = last is not None and last.family == "latin" and before[-1].label is not None
        return families["latin" if letters and before[-1].marker[:1] >= "g" else "roman"]
    return labels[0]


_ID_FORM = {"article": "art-{}", "chapter": "chp-{}", "section": "sec-{}", "bullet": "bullet"}


def _slug(line: _Line) -> str:
    if line.label is None:
        return "p1"
    if line.label.family in ("latin", "roman"):
        return re.sub(r"[^a-z]", "", line.marker)
    number = line.label.readings[0].old or line.label.readings[0].new
    return _ID_FORM.get(line.label.family, "{}").format(number)


class _Rows:
    """Collects the rows of one version; ids stay unique, parents are the rows above."""

    def __init__(self, text: str, key: dict[str, str]) -> None:
        self.key = key
        self.text = text
        self.rows: list[dict[str, Any]] = []
        self.masked, self.footnotes = _find_masked(text)
        self.used: set[str] = set()

    def unique(self, wanted: str) -> str:
        name, count = wanted, 1
        while name in self.used:
            count += 1
            name = f"{wanted}_{count}"
        self.used.add(name)
        return name

    def add(
        self, line: _Line, kind: str, name: str, parent: str, said: Performative, depth: int
    ) -> str:
        clause_id = self.unique(name)
        inside = [(a, b) for a, b in self.masked if a < line.end and b > line.start]
        inside = [(max(a, line.start), min(b, line.end)) for a, b in inside]
        self.rows.append(
            self._row(clause_id, kind, parent, said, line.marker, depth)
            | {"text": _without(self.text, line.start, line.end, inside)}
            | {"start": line.start, "end": line.end, "masked": json.dumps(inside)}
        )
        for note in self.footnotes:
            if line.start <= note.start <= line.end:
                body = self.text[note.start : note.end]
                footnote = self.unique(f"{clause_id}__fn-{note.marker}")
                self.rows.append(
                    self._row(footnote, "footnote", clause_id, said, note.marker, depth)
                    | {"text": body, "start": note.start, "end": note.end, "masked": "[]"}
                )
        return clause_id

    def _row(
        self, clause_id: str, kind: str, parent: str, said: Performative, marker: str, depth: int
    ) -> dict[str, Any]:
        return self.key | {
            "clause_id": clause_id,
            "kind": kind,
            "part": said.part,
            "heading": said.text,
            "addressee": said.addressee,
            "strength": said.strength,
            "marker": marker,
            "depth": depth,
            "parent_id": parent,
        }


def _without(text: str, start: int, end: int, spans: Sequence[tuple[int, int]]) -> str:
    parts, position = [], start
    for a, b in spans:
        parts.append(text[position:a])
        position = b
    return "".join([*parts, text[position:end]])


# --- the parser ---------------------------------------------------------------------------------


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
        the columns of `model.TABLES["clauses"]`. Offsets count in `text`.

    Raises
    ------
    InputError
        When the text has neither a heading, nor a list, nor paragraphs that open with a
        performative verb.

    Examples
    --------
    >>> table = parse_resolution("大会，\\n忆及\\na)\\t甲；\\n责成秘书长\\n1\\t乙。\\n")
    >>> list(table["clause_id"])
    ['opening', 'recalling', 'recalling__a', 'instructs-sg', 'instructs-sg__1']
    """
    lines = _read_lines(text)
    headed = any(line.label is None and read_performative(line.text) for line in lines)
    inline = not headed and any(read_performative(line.text, "inline") for line in lines)
    if not headed and not inline and not any(line.label for line in lines):
        raise input_error(
            corpus or "text",
            f"{version} version",
            "no heading, no list and no paragraph that opens with a performative verb was found",
            "Check that the file holds a resolution, one paragraph per line",
        )
    rows = _Rows(text, {"corpus": corpus, "edition": edition, "version": version})
    _Parser(rows, lines, inline=inline).parse()
    return make_table("clauses", rows.rows)


@dataclass(frozen=True)
class _Open:
    """A row that may have children, with the family of its marker."""

    family: str
    clause_id: str


class _Parser:
    """Walks over the lines, keeping the heading in force and the open list levels."""

    def __init__(self, rows: _Rows, lines: Sequence[_Line], *, inline: bool) -> None:
        self.rows = rows
        self.lines = lines
        self.inline = inline
        self.said = _NO_PERFORMATIVE
        self.heading = ""
        self.levels: list[_Open] = []

    def parse(self) -> None:
        body = self._front()
        for i in range(body, len(self.lines)):
            line = self.lines[i]
            if _RULE.fullmatch(line.text):
                for rest in self.lines[i:]:
                    self.rows.add(rest, "other", "other", "", _NO_PERFORMATIVE, 0)
                return
            self._body(line, self.lines[i + 1] if i + 1 < len(self.lines) else None)

    def _front(self) -> int:
        """Add title and opening; return where the body begins."""
        first = next((i for i, line in enumerate(self.lines) if self._opens_body(line)), 0)
        openings = [i for i in range(first) if self.lines[i].text.endswith(("，", "，："))]
        for i, line in enumerate(self.lines[:first]):
            kind = "opening" if openings and i == openings[-1] else "title"
            self.rows.add(line, kind, kind, "", _NO_PERFORMATIVE, 0)
        return first

    def _opens_body(self, line: _Line) -> bool:
        usage: Usage = "inline" if self.inline else "heading"
        return line.label is not None or read_performative(line.text, usage) is not None

    def _body(self, line: _Line, following: _Line | None) -> None:
        said = read_performative(line.text) if line.label is None and not self.inline else None
        if said is not None or (line.label and line.label.family in ("chapter", "section")):
            said = said or replace(_NO_PERFORMATIVE, id=_slug(line), text=line.text)
            self._start_section(line, said)
        elif line.label is None:
            self._paragraph(line, following)
        else:
            self._labelled(line, line.label.family)

    def _start_section(self, line: _Line, said: Performative) -> None:
        self.said = said
        self.heading = self.rows.add(line, "heading", said.id, "", said, 0)
        self.levels = []

    def _paragraph(self, line: _Line, following: _Line | None) -> None:
        if self.inline:
            self.said = read_performative(line.text, "inline") or self.said
            self.heading = ""
        leads = following is not None and following.label is not None and not self.levels
        kind = "lead_in" if leads and line.text.endswith(("：", "，")) else "clause"
        name = "lead" if kind == "lead_in" else "p1"
        self.levels = []
        self.rows.add(line, kind, self._name(name), self.heading, self.said, 1)

    def _labelled(self, line: _Line, family: str) -> None:
        families = [level.family for level in self.levels]
        if family in families:
            del self.levels[families.index(family) :]
        elif family == "article":
            self.levels = []
        if not self.levels and self.inline:
            self.said = read_performative(line.text, "inline") or self.said
        parent = self.levels[-1].clause_id if self.levels else self.heading
        name = f"{parent}__{_slug(line)}" if self.levels else self._name(_slug(line))
        kind = "item" if self.levels else "clause"
        depth = len(self.levels) + 1
        clause_id = self.rows.add(line, kind, name, parent, self.said, depth)
        self.levels.append(_Open(family, clause_id))

    def _name(self, slug: str) -> str:
        above = self.heading or self.said.id
        return f"{above}__{slug}" if above else slug
