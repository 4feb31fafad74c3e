"""A redline taken apart: segments that give the source back when replayed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import pandas as pd

from resanalysis.model import Certainty, Op, Version
from resanalysis.model.displays import fold_away, frame_html, list_facts, write_grid
from resanalysis.tables import make_table


@dataclass(frozen=True)
class Redline:
    """A text that holds two versions, taken apart.

    Attributes
    ----------
    segments, alternatives : DataFrame
        Columns as in `tables.TABLES`. Joined segments are the source; equal and delete segments
        are the old text, equal and insert segments the new one.
    notes : tuple of str
        What a reader of the source should know, such as slips of its numbering.
    """

    segments: pd.DataFrame
    alternatives: pd.DataFrame
    notes: tuple[str, ...]

    @property
    def source(self) -> str:
        """The text with both versions in it: all segments joined."""
        return "".join(self.segments["text"])

    def text(self, version: Version) -> str:
        """Return the old or the new version's text."""
        other = "insert" if version == "old" else "delete"
        runs = zip(self.segments["text"].tolist(), self.segments["op"].tolist(), strict=True)
        return "".join([text for text, op in runs if op != other])

    def _repr_html_(self) -> str:
        """Return the text's segments and characters by operation, for a notebook."""
        return _show_redline(self)


def _show_redline(redline: Redline) -> str:
    """Return HTML: what is kept, deleted and inserted, and how surely it is known."""
    segments = redline.segments
    rows = []
    for op, name in _OPERATIONS.items():
        own = segments[segments["op"] == op]
        by = (int((own["certainty"] == certainty).sum()) for certainty in _CERTAINTIES)
        rows.append((f"{name} {op}", len(own), int(own["text"].str.len().sum()), *by))
    head = ["操作 operation", "片段 segments", "字符 characters"]
    head += [f"{name} {certainty}" for certainty, name in _CERTAINTIES.items()]
    facts = {
        "旧版字符 characters old": str(len(redline.text("old"))),
        "新版字符 characters new": str(len(redline.text("new"))),
        "多种读法之处 places with readings": str(redline.alternatives["group"].nunique()),
    }
    notes = "".join(f"<li>{escape(note)}</li>" for note in redline.notes)
    more = fold_away(f"{len(redline.notes)} 条说明 notes", f"<ul>{notes}</ul>") if notes else ""
    return frame_html(write_grid("修订稿 redline", head, rows) + list_facts("", facts) + more)


_OPERATIONS: dict[Op, str] = {"equal": "保留", "delete": "删除", "insert": "新增"}
_CERTAINTIES: dict[Certainty, str] = {
    "proven": "可证",
    "likely": "可能",
    "undecidable": "无从判定",
    "decided": "经判定",
}


@dataclass(frozen=True)
class Run:
    """Characters whose operation is recorded in the source itself, with who made the change.

    Attributes
    ----------
    text : str
        The characters; never empty.
    op : {"equal", "delete", "insert"}
        The operation.
    changed_by, changed_at : str
        Author and time (ISO 8601) of the change as the source records them; empty where it does
        not.
    """

    text: str
    op: Op
    changed_by: str = ""
    changed_at: str = ""


def join_runs(
    runs: Iterable[Run], *, rule: str, notes: Sequence[str] = (), corpus: str = ""
) -> Redline:
    """Return the redline of runs whose operations are known exactly.

    Neighbouring runs of the same operation, author and time become one segment; every segment is
    `proven`, at confidence 1, and there are no alternatives.

    Parameters
    ----------
    runs : iterable of Run
        In the order of the source; empty ones are skipped.
    rule : str
        Name of the reader, for the column `rule`.
    notes : sequence of str
        What a reader of the source should know.
    corpus : str
        Id written into the tables.

    Examples
    --------
    >>> redline = join_runs([Run("2014", "delete"), Run("2022", "insert"), Run("年", "equal")],
    ...                     rule="criticmarkup")
    >>> redline.text("old"), redline.text("new"), redline.source
    ('2014年', '2022年', '20142022年')
    """
    joined: list[Run] = []
    for run in runs:
        if joined and (run.op, run.changed_by, run.changed_at) == (
            joined[-1].op,
            joined[-1].changed_by,
            joined[-1].changed_at,
        ):
            joined[-1] = Run(joined[-1].text + run.text, run.op, run.changed_by, run.changed_at)
        elif run.text:
            joined.append(run)
    rows = []
    start = 0
    for run in joined:
        rows.append(
            {
                "start": start,
                "end": start + len(run.text),
                "text": run.text,
                "op": run.op,
                "certainty": "proven",
                "confidence": 1.0,
                "rule": rule,
                "proposed_op": run.op,
                "proposed_certainty": "proven",
                "proposed_confidence": 1.0,
                "group": "",
                "decided_by": "",
                "reason": "",
                "changed_by": run.changed_by,
                "changed_at": run.changed_at,
            }
        )
        start += len(run.text)
    return make_redline("".join(run.text for run in joined), rows, [], notes=notes, corpus=corpus)


def make_redline(
    text: str,
    segments: Iterable[Mapping[str, Any]],
    alternatives: Iterable[Mapping[str, Any]],
    *,
    notes: Sequence[str] = (),
    corpus: str = "",
) -> Redline:
    """Return the redline of rows without the column `corpus`, after replaying them.

    Raises
    ------
    RuntimeError
        When the segments, joined, are not `text`: the reader that made them is wrong.
    """
    table = make_table("segments", [{"corpus": corpus, **row} for row in segments])
    if "".join(table["text"]) != text:
        raise RuntimeError("segments do not give the source back")
    others = make_table("alternatives", [{"corpus": corpus, **row} for row in alternatives])
    return Redline(table, others, tuple(notes))
