"""A clause's text as HTML: its terms in boxes with their topics, its changes struck or underlined.

Nothing is told by colour: a topic stands beside its term in small print, a deletion is struck out,
an insertion has two lines under it, what is uncertain ends with a question mark.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from resanalysis.export.pairs import MarkedRun

Span = tuple[int, int, str]
"""Start and end of a term in a clause's text, and its topic."""

MARKS = """<style>
.ra-show mark {background: #fb03; color: inherit; border: 1px solid; border-radius: 3px;
  padding: 0 0.15em; -webkit-box-decoration-break: clone; box-decoration-break: clone;}
.ra-show mark small {border-left: 1px solid; margin-left: 0.25em; padding-left: 0.25em;
  font-size: 0.7em;}
.ra-show del {text-decoration: line-through; color: inherit; background: none;}
.ra-show ins {text-decoration: underline double; text-underline-offset: 0.2em; color: inherit;
  background: none;}
</style>"""


def mark_text(
    runs: Sequence[MarkedRun],
    spans: Sequence[Span],
    labels: Mapping[str, str],
    element: str = "",
    language: str = "zh-Hans",
) -> str:
    """Return a clause's text with its terms and its changes marked.

    Parameters
    ----------
    runs : sequence of MarkedRun
        The text; joined runs are the text that `spans` count in.
    spans : sequence of (int, int, str)
        Start, end and topic of each term. Terms may overlap: what they share has the labels of all.
    labels : dict of str
        What each topic is called.
    element : {"del", "ins", ""}
        How changed text is marked; empty: not at all.
    language : str
        Language of the labels, for HTML's `lang`.
    """
    owners = _merge(spans)
    pieces: list[str] = []
    position = 0
    text = "".join(run.text for run in runs)
    for start, end, topics in owners:
        pieces.append(_mark_changes(runs, position, start, element))
        names = " · ".join(dict.fromkeys(labels[topic] for topic in topics))
        inner = _mark_changes(runs, start, end, element)
        pieces.append(f'<mark>{inner}<small lang="{language}">{escape(names)}</small></mark>')
        position = end
    pieces.append(_mark_changes(runs, position, len(text), element))
    return "".join(pieces)


def _merge(spans: Sequence[Span]) -> list[tuple[int, int, list[str]]]:
    """Return the spans in order, those that overlap as one with the topics of all."""
    merged: list[tuple[int, int, list[str]]] = []
    for start, end, topic in sorted(spans):
        if merged and start < merged[-1][1]:
            first, last, topics = merged[-1]
            merged[-1] = (first, max(last, end), [*topics, topic])
        else:
            merged.append((start, end, [topic]))
    return merged


def _mark_changes(runs: Sequence[MarkedRun], start: int, end: int, element: str) -> str:
    """Return the text from `start` to `end`, what is changed in it within `element`."""
    pieces: list[str] = []
    offset = 0
    for run in runs:
        inside = run.text[max(start - offset, 0) : max(end - offset, 0)]
        offset += len(run.text)
        if not inside:
            continue
        shown = escape(inside)
        if element and run.is_uncertain and offset <= end:
            shown += "<sup>?</sup>"
        pieces.append(f"<{element}>{shown}</{element}>" if element and run.is_changed else shown)
    return "".join(pieces)
