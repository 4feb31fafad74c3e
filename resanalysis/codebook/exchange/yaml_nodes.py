"""YAML as nodes with their places, without making objects of what a file names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from resanalysis.model import InputError, input_error

if TYPE_CHECKING:
    import yaml

_TEXT, _SUBSTITUTE = "tag:yaml.org,2002:str", "Write the terms out."
_SURROGATE = re.compile("[\ud800-\udfff]")
_DEEPEST = 50  # levels of keys; quanteda itself reads 100, a codebook has two


def compose(text: str, name: str) -> yaml.Node | None:
    """Return the node at the top of a YAML text; None where there is none.

    Nothing is constructed and no alias is followed, so a file can neither run code nor grow.

    Raises
    ------
    InputError
        When the text is not YAML, holds several documents, is nested more than 50 deep, or has
        an alias or a tag; with line and column.
    """
    import yaml

    try:
        _refuse(yaml.parse(text, Loader=yaml.SafeLoader), name)
        node: yaml.Node | None = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        what = " ".join(filter(None, (error.context, error.problem)))
        remedy = "Mend the syntax there: indent with spaces, quote what has a colon or a hash."
        where = at(error.problem_mark or error.context_mark)
        raise input_error(name, where, f"is not valid YAML: {what}", remedy) from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        what = f"has the character U+{error.character:04X}, which YAML does not allow"
        raise input_error(name, f"line {line}", what, "Remove it.") from None
    return node


def _refuse(events: Any, name: str) -> None:
    import yaml

    depth = 0
    problems: list[tuple[yaml.Event, str, str]] = []
    for event in events:
        if isinstance(event, yaml.AliasEvent):
            problems.append((event, f"uses the alias *{event.anchor}", _SUBSTITUTE))
        elif (tag := getattr(event, "tag", None)) not in (None, _TEXT):
            problems.append((event, f"has the tag {tag}", "Remove it: terms are texts."))
        elif isinstance(event, yaml.ScalarEvent) and _SURROGATE.search(event.value):
            problems.append((event, "has half a character (a surrogate)", "Write the whole one."))
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            problems.append((event, f"is nested more than {_DEEPEST} deep", "Make it flatter."))
            break
    if problems:
        raise InputError(
            [
                input_error(name, at(event.start_mark), what, remedy).problems[0]
                for event, what, remedy in problems
            ]
        )


def at(mark: Any) -> str:
    """Return the place of a mark, for messages."""
    return f"line {mark.line + 1}, column {mark.column + 1}" if mark else ""


def plain_type(node: yaml.ScalarNode) -> str:
    """Return what YAML takes an unquoted text for other than text: `bool`, `int`, ..., or ""."""
    kind = str(node.tag).rpartition(":")[2]
    return "" if kind == "str" else kind
