"""The uncertain places of a redline, each in its context with every reading of it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import pandas as pd

from resanalysis.model import Corpus, Op, Version
from resanalysis.redline import Run
from resanalysis.review.readings import Readings, Taken, read_columns

_SENTENCE_ENDS = "。；！？\n"
_BETWEEN = " … "

PLACE_COLUMNS = ("group", "line", "rule", "certainty", "confidence", "excerpt")


@dataclass(frozen=True)
class PlaceChoice:
    """One reading of a place in its context.

    Attributes
    ----------
    reading : int
        Its number in `alternatives`; 1 is the one in force.
    weight : float
        Its plausibility, 0 to 1.
    parts : tuple of tuple of Run
        The sentences around the place, each as runs with their operation under this reading.
    """

    reading: int
    weight: float
    parts: tuple[tuple[Run, ...], ...]

    def text(self, version: Version) -> str:
        """Return the sentences as they stand in the old or the new version."""
        other = "insert" if version == "old" else "delete"
        texts = ("".join(run.text for run in part if run.op != other) for part in self.parts)
        return _BETWEEN.join(text.strip("\n") for text in texts if text.strip())


@dataclass(frozen=True)
class UncertainPlace:
    """A place of the source with more than one reading.

    Attributes
    ----------
    group : str
        Its id in `segments` and `alternatives`.
    line : int
        Line of the source it begins in, from 1.
    start, end : int
        From the first to one past the last character on which its readings differ.
    rule : str
        What proposed it; `none` where only a reader saw it.
    certainty : {"proven", "likely", "undecidable", "decided"}
        How the reading in force is known, where that is least certain.
    confidence : float
        Weight of the reading in force.
    characters : int
        Characters on which its readings differ.
    context : str
        The source from the beginning of its first sentence to the end of its last one.
    excerpt : tuple of (str, bool)
        Its sentences alone, in pieces; True where the readings differ.
    choices : tuple of PlaceChoice
        Its readings, the one in force first.
    """

    group: str
    line: int
    start: int
    end: int
    rule: str
    certainty: str
    confidence: float
    characters: int
    context: str
    excerpt: tuple[tuple[str, bool], ...]
    choices: tuple[PlaceChoice, ...]

    @property
    def marked_excerpt(self) -> str:
        """The sentences around the place, the place itself in `【】`, line ends outside."""
        parts = []
        for text, inside in self.excerpt:
            body = text.rstrip("\n") if inside else ""
            parts.append(f"【{body}】{text[len(body) :]}" if body else text)
        return "".join(parts).strip("\n")


def find_places(taken: Taken) -> tuple[UncertainPlace, ...]:
    """Return the places that have more than one reading, in the order of the text.

    Parameters
    ----------
    taken : Study or Redline
        A redline taken apart.

    Examples
    --------
    >>> from resanalysis.redline import recover_versions
    >>> redline = recover_versions("第3号决议（20142022年，修订版）", cut=list)
    >>> place = find_places(redline)[0]
    >>> place.marked_excerpt, place.choices[1].text("old")
    ('第3号决议（【2014】【2022】年，修订版）', '第3号决议（2022年，修订版）')
    """
    text = "".join(taken.segments["text"])
    begins = [0, *(i + 1 for i, char in enumerate(text) if char == "\n")]
    readings = Readings(taken)
    states = _describe_groups(taken.segments)
    places = []
    for group, weights in readings.weights.items():
        if len(weights) < 2:
            continue
        first, last = readings.find_extent(group)
        ways = {number: readings.apply(group, number) for number in sorted(weights)}
        kinds = list(zip(*(ops[first:last] for ops in ways.values()), strict=True))
        differing = [first + i for i, ops in enumerate(kinds) if len(set(ops)) > 1]
        if not differing:
            continue
        focus = list(_group_runs(differing, [kinds[i - first] for i in differing]))
        rule, certainty = states.get(group, ("none", "undecidable"))
        ranges = _find_sentences(text, focus)
        places.append(
            UncertainPlace(
                group=group,
                line=bisect_right(begins, differing[0]),
                start=differing[0],
                end=differing[-1] + 1,
                rule=rule,
                certainty=certainty,
                confidence=weights[1],
                characters=len(differing),
                context=text[ranges[0][0] : ranges[-1][1]].strip("\n"),
                excerpt=tuple(_show_source(text, ranges, focus)),
                choices=tuple(
                    PlaceChoice(number, weights[number], _show_choice(text, ranges, ops))
                    for number, ops in ways.items()
                ),
            )
        )
    return tuple(sorted(places, key=lambda place: (place.start, place.end)))


def list_places(taken: Taken | Corpus) -> pd.DataFrame:
    """Return every reading of every uncertain place as the two sentences that it gives.

    Parameters
    ----------
    taken : Study, Redline or Corpus
        A redline taken apart, or a corpus whose redline is.

    Returns
    -------
    DataFrame
        One row per reading, places in the order of the text.

        - `group`: id of the place in `segments` and `alternatives`
        - `line`: line of the source it begins in, from 1
        - `rule`: what proposed it; `none` where only a reader saw it
        - `certainty`: how the reading in force is known (proven, likely, undecidable, decided)
        - `confidence`: weight of the reading in force, 0 to 1
        - `excerpt`: sentences of the source, what differs between the readings in `【】`
        - `reading`: number of the reading; 1 is the one in force
        - `weight`: its plausibility; sums to 1 in a place
        - `old`, `new`: the sentences as this reading gives them; empty where nothing is left

    Examples
    --------
    >>> from resanalysis.redline import recover_versions
    >>> redline = recover_versions("第3号决议（20142022年，修订版）", cut=list)
    >>> list_places(redline)[["reading", "old"]].values.tolist()[0]
    [1, '第3号决议（2014年，修订版）']
    """
    if isinstance(taken, Corpus):
        from resanalysis.study import recover_corpus

        taken = recover_corpus(taken)
    rows = [
        {
            **describe_place(place),
            "reading": choice.reading,
            "weight": choice.weight,
            "old": choice.text("old"),
            "new": choice.text("new"),
        }
        for place in find_places(taken)
        for choice in place.choices
    ]
    return pd.DataFrame(rows, columns=[*PLACE_COLUMNS, "reading", "weight", "old", "new"])


def describe_place(place: UncertainPlace) -> dict[str, object]:
    """Return the columns that every table of places begins with."""
    values = (
        place.group,
        place.line,
        place.rule,
        place.certainty,
        place.confidence,
        place.marked_excerpt,
    )
    return dict(zip(PLACE_COLUMNS, values, strict=True))


# --- context ------------------------------------------------------------------------------------


def _describe_groups(segments: pd.DataFrame) -> dict[str, tuple[str, str]]:
    """Return the rule and the least certain certainty of each group in force."""
    order = ["undecidable", "likely", "decided", "proven"]
    states: dict[str, tuple[str, str]] = {}
    for group, rule, certainty in read_columns(segments, "group", "rule", "certainty"):
        if group:
            known, least = states.get(group, ("none", "proven"))
            least = min(least, certainty, key=order.index)
            states[group] = (known if known != "none" else rule, least)
    return states


def _group_runs(positions: Sequence[int], kinds: Sequence[object]) -> Iterator[tuple[int, int]]:
    """Yield runs of neighbouring positions of one kind as half-open ranges."""
    numbered = enumerate(zip(positions, kinds, strict=True))
    for _, run in groupby(numbered, key=lambda item: (item[1][0] - item[0], item[1][1])):
        found = [position for _, (position, _) in run]
        yield found[0], found[-1] + 1


def _find_sentences(text: str, focus: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the sentences that the runs stand in; neighbouring ones are joined."""
    ranges: list[tuple[int, int]] = []
    for start, end in focus:
        begin = max(text.rfind(mark, 0, start) for mark in _SENTENCE_ENDS) + 1
        if text[end - 1] in _SENTENCE_ENDS:
            stop = end
        else:
            ends = [text.find(mark, end) for mark in _SENTENCE_ENDS]
            stop = min((at + 1 for at in ends if at >= 0), default=len(text))
        if ranges and begin <= ranges[-1][1]:
            ranges[-1] = (ranges[-1][0], max(stop, ranges[-1][1]))
        else:
            ranges.append((begin, stop))
    return ranges


def _show_source(
    text: str, ranges: Iterable[tuple[int, int]], focus: Sequence[tuple[int, int]]
) -> Iterator[tuple[str, bool]]:
    """Yield the sentences, cut where the readings begin and cease to differ."""
    for number, (begin, stop) in enumerate(ranges):
        if number:
            yield _BETWEEN, False
        position = begin
        for start, end in focus:
            if begin <= start and end <= stop:
                if position < start:
                    yield text[position:start], False
                yield text[start:end], True
                position = end
        if position < stop:
            yield text[position:stop], False


def _show_choice(
    text: str, ranges: Iterable[tuple[int, int]], ops: Sequence[Op]
) -> tuple[tuple[Run, ...], ...]:
    parts = []
    for begin, stop in ranges:
        runs = groupby(range(begin, stop), key=lambda i: ops[i])
        parts.append(tuple(Run("".join(text[i] for i in run), op) for op, run in runs))
    return tuple(parts)
