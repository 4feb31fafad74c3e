"""Pieces of a panel: its opening line, controls with labels, where the result stands."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any

import ipywidgets

from resanalysis.explore.wording import word
from resanalysis.model import Language, Study

_LABEL = {"description_width": "6.5em"}


def write_hint(name: str, language: Language) -> ipywidgets.HTML:
    """Return the line that says what a panel is for."""
    return ipywidgets.HTML(f"<b>{escape(word(name, language))}</b>")


def choose_one(
    label: str, options: list[tuple[str, Any]], *, value: Any = None
) -> ipywidgets.Dropdown:
    """Return a list of which one entry is chosen, the first where no other is named."""
    first = options[0][1] if options else None
    return ipywidgets.Dropdown(
        options=options,
        value=first if value is None else value,
        description=label,
        style=_LABEL,
        layout=wide(),
    )


def choose_several(
    label: str, options: list[tuple[str, Any]], value: tuple[Any, ...]
) -> ipywidgets.SelectMultiple:
    """Return a list of which any number of entries is chosen."""
    return ipywidgets.SelectMultiple(
        options=options,
        value=value,
        description=label,
        rows=min(len(options), 8),
        style=_LABEL,
        layout=wide(),
    )


def choose_button(label: str, options: list[tuple[str, Any]], value: Any) -> Any:
    """Return a row of buttons of which one is down."""
    return ipywidgets.ToggleButtons(
        options=options,
        value=value,
        description=label,
        style={**_LABEL, "button_width": "7em"},
    )


def ask_words(label: str, hint: str) -> ipywidgets.Text:
    """Return a field for words; its value changes when Enter is pressed or the field is left."""
    return ipywidgets.Text(
        description=label,
        placeholder=hint,
        continuous_update=False,
        style=_LABEL,
        layout=wide(),
    )


def make_button(label: str, action: Callable[[Any], None]) -> ipywidgets.Button:
    """Return a button."""
    button = ipywidgets.Button(description=label)
    button.on_click(action)
    return button


def wide() -> ipywidgets.Layout:
    """Return a layout of its own, as wide as the cell and no wider than a line to read."""
    return ipywidgets.Layout(width="98%", max_width="60em")


def list_topics(study: Study, language: Language) -> list[tuple[str, str]]:
    """Return the codebook's topics as options: label and id."""
    return [(topic.label[language], topic.id) for topic in study.codebook.topics]


def find_first_topic(study: Study) -> str:
    """Return the first topic of the codebook that a clause has, to begin with something to see."""
    found = set(study.tags["topic"])
    ids = [topic.id for topic in study.codebook.topics]
    return next((topic for topic in ids if topic in found), ids[0])
