"""Automatic list labels as Word shows them: which list a paragraph is in, and counting."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from resanalysis.redline.word.formats import write_number
from resanalysis.redline.word.levels import (
    DEPTH,
    Level,
    ListDefinition,
    read_levels,
    read_number,
    read_value,
)

_PLACE = re.compile(r"%([1-9])")


@dataclass(frozen=True)
class Label:
    """A label as shown: what stands before its number, the number, what follows with separator."""

    before: str
    number: str
    after: str

    def __str__(self) -> str:
        return self.before + self.number + self.after


@dataclass(frozen=True)
class Numbered:
    """Which list and which level of it (from 0) a paragraph belongs to."""

    list_id: str
    level: int


@dataclass(frozen=True)
class _Style:
    based_on: str
    properties: Element | None


class Numbering:
    """The lists of a document and the styles that use them.

    Parameters
    ----------
    numbering, styles : Element or None
        Roots of the parts, with short names; None where the document has none.
    """

    def __init__(self, numbering: Element | None, styles: Element | None) -> None:
        self._styles: dict[str, _Style] = {}
        self._default_style = ""
        for style in styles.findall("style") if styles is not None else ():
            name = style.get("styleId", "")
            based_on = read_value(style.find("basedOn"))
            self._styles[name] = _Style(based_on, style.find("pPr/numPr"))
            if style.get("type") == "paragraph" and style.get("default") in ("1", "true", "on"):
                self._default_style = name
        self._lists: dict[str, ListDefinition] = {}
        if numbering is not None:
            self._read_lists(numbering)

    @property
    def unknown_formats(self) -> set[str]:
        """Formats of numbers that are written as digits because they are not known."""
        forms = {level.form for used in self._lists.values() for level in used.levels.values()}
        return {
            form
            for form in forms
            if not form.startswith("custom:") and write_number(1, form) is None
        }

    def _read_lists(self, numbering: Element) -> None:
        definitions = {
            definition.get("abstractNumId", ""): definition
            for definition in numbering.findall("abstractNum")
        }
        numbers = {number.get("numId", ""): number for number in numbering.findall("num")}
        for list_id, number in numbers.items():
            counter = read_value(number.find("abstractNumId"))
            counter = self._follow_style_link(counter, definitions, numbers)
            definition = definitions.get(counter)
            levels = dict(read_levels(definition)) if definition is not None else {}
            starts = {}
            for override in number.findall("lvlOverride"):
                depth = override.get("ilvl", "")
                if depth.isdecimal() and int(depth) < DEPTH:
                    start = override.find("startOverride")
                    if start is not None:
                        starts[int(depth)] = read_number(start, 1)
                    levels.update(read_levels(override))
            self._lists[list_id] = ListDefinition(counter, levels, starts)

    def _follow_style_link(
        self, counter: str, definitions: dict[str, Element], numbers: dict[str, Element]
    ) -> str:
        """Return the definition that a definition made of a list style stands for."""
        seen = {counter}
        while (definition := definitions.get(counter)) is not None:
            style = self._styles.get(read_value(definition.find("numStyleLink")))
            if style is None or style.properties is None:
                break
            number = numbers.get(read_value(style.properties.find("numId")))
            target = "" if number is None else read_value(number.find("abstractNumId"))
            if not target or target in seen:
                break
            seen.add(target)
            counter = target
        return counter

    def find_list(self, properties: Element | None, *, own: bool = True) -> Numbered | None:
        """Return the list and level of a paragraph with these properties (`w:pPr`).

        What the paragraph itself does not say comes from its style and the styles that one is
        based on. A list id of 0 takes the paragraph out of its style's list. Without `own` only
        the style counts.
        """
        style, list_id, level = "", None, None
        if properties is not None:
            style = read_value(properties.find("pStyle"))
        if properties is not None and own:
            number = properties.find("numPr/numId")
            list_id = None if number is None else read_value(number)
            depth = properties.find("numPr/ilvl")
            level = None if depth is None else read_number(depth, 0)
        if list_id is None:
            list_id, inherited = self._find_style_list(style)
            level = inherited if level is None else level
        if list_id in (None, "", "0") or list_id not in self._lists:
            return None
        depth_used = min(max(level or 0, 0), DEPTH - 1)
        if depth_used not in self._lists[list_id].levels:
            return None
        return Numbered(list_id, depth_used)

    def _find_style_list(self, style: str) -> tuple[str | None, int | None]:
        name = style if style in self._styles else self._default_style
        level: int | None = None
        seen: set[str] = set()
        while name in self._styles and name not in seen:
            seen.add(name)
            properties = self._styles[name].properties
            if properties is not None:
                depth = properties.find("ilvl")
                if level is None and depth is not None:
                    level = read_number(depth, 0)
                number = properties.find("numId")
                if number is not None:
                    return read_value(number), self._level_of_style(read_value(number), name, level)
            name = self._styles[name].based_on
        return None, None

    def _level_of_style(self, list_id: str, style: str, level: int | None) -> int:
        """Return the level that is tied to the style, else the level the style names."""
        used = self._lists.get(list_id)
        for depth, defined in sorted(used.levels.items()) if used else ():
            if defined.style == style:
                return depth
        return level or 0

    def count(self) -> Counters:
        """Return counters at the beginning of the document."""
        return Counters(self._lists)


@dataclass
class Counters:
    """Where the lists of one version stand.

    Lists with one definition count on together; a list that names its own start begins anew with
    it where it is first used.
    """

    _lists: dict[str, ListDefinition]
    _values: dict[str, dict[int, int]] = field(default_factory=dict)
    _begun: set[tuple[str, int]] = field(default_factory=set)

    def next_label(self, numbered: Numbered) -> Label | None:
        """Return the label of the next paragraph of this list and level, and count it.

        None where the level shows neither number nor sign.
        """
        used = self._lists[numbered.list_id]
        depth = numbered.level
        values = self._values.setdefault(used.counter, {})
        level = used.levels[depth]
        fresh = (numbered.list_id, depth) not in self._begun
        self._begun.add((numbered.list_id, depth))
        if depth in used.starts and (fresh or depth not in values):
            values[depth] = used.starts[depth]
        elif depth in values:
            values[depth] += 1
        else:
            values[depth] = level.start
        for higher in range(depth):
            if higher not in values and higher in used.levels:
                values[higher] = used.starts.get(higher, used.levels[higher].start)
        for deeper in range(depth + 1, DEPTH):
            restart = used.levels[deeper].restart if deeper in used.levels else None
            if restart != 0 and (restart is None or depth < restart):
                values.pop(deeper, None)
        return _write_label(used, level, values)


def _write_label(used: ListDefinition, level: Level, values: dict[int, int]) -> Label | None:
    def write(match: re.Match[str]) -> str:
        depth = int(match[1]) - 1
        if depth not in values or depth not in used.levels:
            return ""
        form = used.levels[depth]
        if level.digits_only and form.form not in ("none", "bullet"):
            return str(values[depth])
        return form.write(values[depth])

    places = list(_PLACE.finditer(level.pattern))
    if level.form == "bullet" or not places:
        return Label("", level.pattern, level.suffix) if level.pattern else None
    begin, end = places[0].start(), places[-1].end()
    label = Label(
        level.pattern[:begin],
        _PLACE.sub(write, level.pattern[begin:end]),
        level.pattern[end:] + level.suffix,
    )
    return label if (label.before + label.number + label.after).strip() else None


def read_recorded_label(original: str) -> Label | None:
    r"""Return the label that a `w:numberingChange` records, None for a paragraph without one.

    Word writes `%1:3:0:.` for level 1, value 3, format 0 (digits), then the text that follows.

    Examples
    --------
    >>> str(read_recorded_label("%1:3:0:.%2:2:4:)"))
    '3.b)\t'
    """
    parts = re.findall(r"%[1-9]:(\d{1,9}):(\d{1,3}):([^%]*)", original)
    if not parts:
        return None
    forms = {"0": "decimal", "1": "upperRoman", "2": "lowerRoman", "3": "upperLetter",
             "4": "lowerLetter", "22": "decimalZero"}  # fmt: skip
    numbers = [write_number(int(value), forms.get(form, "decimal")) for value, form, _ in parts]
    texts = [text for _, _, text in parts]
    before = original.split("%", 1)[0]
    number = "".join(f"{n}{text}" for n, text in zip(numbers[:-1], texts, strict=False))
    return Label(before, f"{number}{numbers[-1]}", f"{texts[-1]}\t")
