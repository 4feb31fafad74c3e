"""A concordance laid out for reading in a notebook."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from resanalysis.model import InputError, Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from pandas.io.formats.style import Styler
    from pandas.io.formats.style_render import CSSDict

_CONTEXT = ("left", "match", "right")
_SHORT = 40  # characters of context that fit beside each other on one line

_LINE = "white-space: nowrap;"
_WRAP = "white-space: normal; min-width: 16em;"
_ALIGN = {
    "left": "text-align: right; padding-right: 0.2em;",
    "match": "text-align: center; padding-left: 0.2em; padding-right: 0.2em;",
    "right": "text-align: left; padding-left: 0.2em;",
}

# Amber that lets the ground through: readable in light and dark themes, and on paper.
_EMPHASIS = "font-weight: 700; background-color: rgba(255, 179, 0, 0.28);"


def show_kwic(table: pd.DataFrame, *, columns: Sequence[str] | None = None) -> Styler:
    """Lay a concordance out for reading: the occurrences under one another, context on both sides.

    Parameters
    ----------
    table : DataFrame
        What `kwic` returned, whole or some rows of it.
    columns : sequence of str, optional
        Columns to show, in this order; `left`, `match` and `right` are laid out as context. By
        default version, clause, context and, where the table has them, the topics tagged there.

    Returns
    -------
    Styler
        A notebook shows it as a table; `to_html()` gives its text, the same for the same table.

    Raises
    ------
    InputError
        When the table lacks a column that is to be shown.

    Examples
    --------
    >>> import pandas as pd
    >>> from resanalysis.pipeline import kwic
    >>> clause = {"corpus": "c", "edition": "e", "version": "new", "clause_id": "a"}
    >>> table = kwic(pd.DataFrame([clause | {"text": "保护水资源"}]), "水资源")
    >>> "<th" in show_kwic(table).to_html()
    True
    """
    if columns is None:
        columns = ["version", "clause_id", *_CONTEXT]
        columns += ["tagged"] if "tagged" in table.columns else []
    if missing := [name for name in columns if name not in table.columns]:
        raise InputError(
            Problem(
                "error",
                "concordance",
                f"column {name}",
                "the table has no such column",
                f"Give columns of {', '.join(map(str, table.columns))}",
            )
            for name in missing
        )
    shown = table[list(columns)].reset_index(drop=True)
    # Named after its content, where pandas would draw a new name each time.
    name = sha256(shown.to_csv(index=False).encode("utf-8", "surrogatepass")).hexdigest()[:12]
    style = shown.style.set_uuid(f"kwic_{name}").hide(axis="index").format(escape="html")
    style = style.set_table_attributes('lang="zh"')  # else a browser may choose Japanese glyphs
    styles: list[CSSDict] = [
        {"selector": "th, td", "props": "text-align: left; vertical-align: top;"},
        {"selector": "td", "props": "white-space: nowrap;"},
    ]
    for number, column in enumerate(columns):
        if column in _CONTEXT:
            long = shown[column].str.len().max() > _SHORT
            styles.append({"selector": f".col{number}", "props": _ALIGN[column]})
            styles.append({"selector": f"td.col{number}", "props": _WRAP if long else _LINE})
        if column == "match":
            styles.append({"selector": f"td.col{number}", "props": _EMPHASIS})
    return style.set_table_styles(styles)
