"""Clauses with the terms of chosen topics marked where they stand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Literal

import pandas as pd

from resanalysis.explore.marking import MARKS, Span, mark_text
from resanalysis.explore.wording import check_language, word
from resanalysis.export.pairs import CHANGES, VERSIONS, ClauseText, ComparedPair, compare_pairs
from resanalysis.model import COUNTED_KINDS, Language, Study, Version
from resanalysis.model.displays import frame_html, name_language

Shown = Literal["old", "new", "both"]
SHOWN: tuple[Shown, ...] = ("old", "new", "both")


@dataclass(frozen=True)
class ClauseList:
    """Clauses chosen from a study; in a notebook a table with terms and changes marked.

    Attributes
    ----------
    table : DataFrame
        A row per clause, or with `both` per pair: `change` (NOC, MOD, ADD, SUP), `part`,
        `heading`, and for each version shown `old_id`, `old`, `old_topics` or the same with
        `new`: the clause, its text, and those of the topics asked for that it has, joined by `+`;
        empty where the version has none.
    of : int
        Number of clauses (pairs) there are in all.
    html : str
        What a notebook shows.
    """

    table: pd.DataFrame
    of: int
    html: str

    def __len__(self) -> int:
        return len(self.table)

    def _repr_html_(self) -> str:
        return self.html


def show_clauses(
    study: Study,
    *,
    topics: str | Iterable[str] | None = None,
    version: Shown = "new",
    part: str | None = None,
    heading: str | None = None,
    change: str | None = None,
    language: Language = "zh",
) -> ClauseList:
    """Show a study's counted clauses with the terms of topics marked.

    Parameters
    ----------
    study : Study
        The study; its tags are shown as they are.
    topics : str or iterable of str, optional
        Ids of topics: only clauses with one of them are shown, and only their terms are marked.
        None for all clauses and all topics.
    version : {"new", "old", "both"}
        Whose clauses; `both` sets the two versions of each pair side by side and marks what was
        deleted and inserted.
    part : {"preambular", "operative"}, optional
        Only clauses of this part.
    heading : str, optional
        Only clauses under headings that contain these words.
    change : {"NOC", "MOD", "ADD", "SUP"}, optional
        Only clauses with this change.
    language : {"zh", "en"}
        Language of labels and notes; the clauses are as they are.

    Returns
    -------
    ClauseList
        The clauses; a notebook shows them as a table, `len` counts them.

    Raises
    ------
    ValueError
        When an option is something else or a topic is not in the codebook.

    Examples
    --------
    >>> from resanalysis.study import run_study
    >>> study = run_study("tests/data/small", draws=0)
    >>> found = show_clauses(study, topics="water", version="both", change="SUP")
    >>> len(found), found.of, found.table["old_topics"].tolist()
    (1, 26, ['water'])
    """
    check_language(language)
    chosen = choose_topics(study, topics)
    _check(study, version, part, change)
    versions: tuple[Version, ...] = VERSIONS if version == "both" else (version,)
    book = _Book(study, chosen)
    pairs = _order_pairs(study, compare_pairs(study), version)
    kept = [
        pair
        for pair in pairs
        if (part is None or book.part(pair) == part)
        and (heading is None or heading in pair.heading)
        and (change is None or pair.change == change)
        and (topics is None or any(book.spans(pair, v) for v in versions))
    ]
    table = _tabulate(book, kept, versions)
    html = _draw(book, kept, versions, len(pairs), language)
    return ClauseList(table, len(pairs), html)


def list_parts(study: Study) -> list[str]:
    """Return the parts that a study's counted clauses stand in, in the order of the text."""
    counted = study.clauses[study.clauses["kind"].isin(COUNTED_KINDS)]
    return [part for part in counted["part"].unique() if part]


def choose_topics(study: Study, topics: str | Iterable[str] | None) -> tuple[str, ...]:
    """Return ids of topics in the codebook's order; `ValueError` for one it has not."""
    known = tuple(topic.id for topic in study.codebook.topics)
    if topics is None:
        return known
    wanted = {topics} if isinstance(topics, str) else set(topics)
    if odd := sorted(wanted - set(known)):
        raise ValueError(f"no topic {', '.join(odd)}; the codebook has {', '.join(known)}")
    return tuple(topic for topic in known if topic in wanted)


def _check(study: Study, version: str, part: str | None, change: str | None) -> None:
    parts = list_parts(study)
    if part is not None and part not in parts:
        raise ValueError(f"part is {part!r}; this text has {', '.join(parts) or 'none'}")
    if version not in SHOWN:
        raise ValueError(f"version is {version!r}; give {', '.join(SHOWN)}")
    if change is not None and change not in CHANGES:
        raise ValueError(f"change is {change!r}; give {', '.join(CHANGES)}")


class _Book:
    """Parts and tags of a study's clauses, looked up once."""

    def __init__(self, study: Study, topics: Sequence[str]) -> None:
        self.codebook = study.codebook
        self.topics = topics
        rows = study.clauses
        keys = zip(rows["version"], rows["clause_id"], strict=True)
        self._parts = dict(zip(keys, rows["part"], strict=True))
        self._spans: dict[tuple[str, str], list[Span]] = {}
        names = ("version", "clause_id", "topic", "start", "end")
        for of, clause, topic, start, end in zip(*(study.tags[n] for n in names), strict=True):
            if topic in topics:
                self._spans.setdefault((of, clause), []).append((start, end, topic))

    def part(self, pair: ComparedPair) -> str:
        """Return the part a pair stands in, in the new version where it is in both."""
        version: Version = "new" if pair.new else "old"
        side = pair.new or pair.old
        return "" if side is None else str(self._parts[version, side.clause_id])

    def spans(self, pair: ComparedPair, version: Version) -> list[Span]:
        """Return where the chosen topics' terms stand in one side of a pair."""
        side = find_side(pair, version)
        return [] if side is None else self._spans.get((version, side.clause_id), [])

    def label(self, topic: str, language: Language) -> str:
        """Return a topic's label."""
        return self.codebook.topic(topic).label[language]


def find_side(pair: ComparedPair, version: Version) -> ClauseText | None:
    """Return a pair's clause in a version."""
    return pair.old if version == "old" else pair.new


def _order_pairs(study: Study, pairs: list[ComparedPair], version: Shown) -> list[ComparedPair]:
    """Return the pairs that are there, one version's clauses in the order of its text."""
    if version == "both":
        return pairs
    rows = study.clauses[study.clauses["version"] == version]
    place = {clause: k for k, clause in enumerate(rows["clause_id"])}
    there = [(find_side(pair, version), pair) for pair in pairs]
    return [
        pair
        for _, pair in sorted(
            ((place[side.clause_id], pair) for side, pair in there if side is not None),
            key=lambda entry: entry[0],
        )
    ]


def _tabulate(
    book: _Book, pairs: Sequence[ComparedPair], versions: Sequence[Version]
) -> pd.DataFrame:
    columns = ["change", "part", "heading"]
    columns += [f"{v}{rest}" for v in versions for rest in ("_id", "", "_topics")]
    rows = []
    for pair in pairs:
        row = {"change": pair.change, "part": book.part(pair), "heading": pair.heading}
        for version in versions:
            side = find_side(pair, version)
            has = {topic for *_, topic in book.spans(pair, version)}
            row[f"{version}_id"] = side.clause_id if side else ""
            row[version] = side.text if side else ""
            row[f"{version}_topics"] = "+".join(topic for topic in book.topics if topic in has)
        rows.append(row)
    return pd.DataFrame(rows, columns=columns, dtype="str")


def _draw(
    book: _Book,
    pairs: Sequence[ComparedPair],
    versions: Sequence[Version],
    of: int,
    language: Language,
) -> str:
    both = len(versions) > 1
    count = word("rows shown" if both else "clauses shown", language, n=len(pairs), of=of)
    note = word("marks" if both else "marks of one", language)
    if not pairs:
        body = f"<p><b>{escape(count)}</b> {escape(word('no clause', language))}</p>"
        return frame_html(body, style=MARKS, language=language)
    names = [word("change", language), *(word(version, language) for version in versions)]
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in names)
    rows: list[str] = []
    last = ""
    for pair in pairs:
        if pair.heading != last:
            rows.append(
                f'<tr><th colspan="{len(names)}" scope="colgroup" lang="zh-Hans">'
                f"{escape(pair.heading)}</th></tr>"
            )
            last = pair.heading
        name = f"{CHANGES[pair.change][language]} {pair.change}"
        sides = "".join(_draw_side(book, pair, version, both, language) for version in versions)
        rows.append(f"<tr><td>{escape(name)}</td>{sides}</tr>")
    body = (
        f"<p><b>{escape(count)}</b> <small>{escape(note)}</small></p>"
        f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
    )
    return frame_html(body, style=MARKS, language=language)


def _draw_side(
    book: _Book, pair: ComparedPair, version: Version, both: bool, language: Language
) -> str:
    side = find_side(pair, version)
    if side is None:
        return f"<td>{escape(word('nothing', language))}</td>"
    labels = {topic: book.label(topic, language) for topic in book.topics}
    element = ("del" if version == "old" else "ins") if both else ""
    marker = f"<b>{escape(side.marker)}</b> " if side.marker else ""
    text = mark_text(side.runs, book.spans(pair, version), labels, element, name_language(language))
    return f'<td lang="zh-Hans">{marker}{text}</td>'
