"""What the machine proposes for a flattened text: places of numbering, paragraphs and wording."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from resanalysis.labels import read_labels
from resanalysis.model import Op
from resanalysis.redline.inference import wording
from resanalysis.redline.inference.numbering import read_numbering
from resanalysis.redline.inference.paragraphs import read_paragraphs
from resanalysis.redline.inference.places import (
    LIKELY,
    Certainty,
    Place,
    PlaceReading,
    Span,
    find_extent,
    settle_places,
    split_lines,
)
from resanalysis.redline.inference.trained import Trained


def propose_places(text: str, *, cut: Callable[[str], list[str]], trained: Trained) -> list[Place]:
    """Return the places of all rules, none overlapping another, in the order of the text.

    Parameters
    ----------
    text : str
        The flattened text.
    cut : callable
        Segments a Chinese string into words.
    trained : Trained
        Rates of the rules of wording, and the forest of paragraphs.
    """
    lines = split_lines(text)
    numbering = read_numbering(text, exchanged=trained.exchanged_rate)
    inside = [
        [_place(rule, found, trained.rate(rule)) for rule, found in places]
        for places in find_wordings(lines, cut)
    ]
    paragraphs = read_paragraphs(
        lines,
        text,
        numbering,
        forest=trained.forest,
        traces=[len(places) for places in inside],
        kept=trained.kept_rate,
    )
    rewritten = [
        _place("rewritten_lines", found, trained.rate("rewritten_lines"))
        for found in find_rewritings(_open_lines(lines, numbering.places), len(text))
    ]
    return _lay_side_by_side(text, numbering.places, paragraphs, [rewritten, *inside])


def _open_lines(lines: Sequence[tuple[int, str]], places: Iterable[Place]) -> list[tuple[int, str]]:
    """Return the lines that the numbering does not put into one version only."""
    closed = {
        span.start for place in places for span in place.readings[0].spans if span.op != "equal"
    }
    return [(start, line) for start, line in lines if start not in closed]


def _lay_side_by_side(
    text: str,
    numbered: Sequence[Place],
    paragraphs: Sequence[Place],
    inside: Sequence[Sequence[Place]],
) -> list[Place]:
    """Return the places that do not overlap: whole lines first, then labels, then wording."""
    whole = bytearray(len(text))
    for place in paragraphs:
        _take(whole, [span for span in place.readings[0].spans if span.op != "equal"])
    # The labels of a list that goes with its paragraph are part of that paragraph's place.
    places = [
        *paragraphs,
        *(place for place in numbered if not _overlaps(whole, place.readings[0].spans)),
    ]
    taken = bytearray(len(text))
    for place in places:
        # Inside a paragraph that is kept, though doubtful, there may be edits.
        held = place.rule == "paragraphs"
        _take(taken, [s for s in place.readings[0].spans if not held or s.op != "equal"])
    for place in (place for line in inside for place in line):
        begin, end = find_extent(place)
        if not _overlaps(taken, place.readings[0].spans):
            taken[begin:end] = b"\1" * (end - begin)
            places.append(place)
    return settle_places(places, text)


def _take(taken: bytearray, spans: Iterable[Span]) -> None:
    for span in spans:
        taken[span.start : span.end] = b"\1" * (span.end - span.start)


def _overlaps(taken: bytearray, spans: Iterable[Span]) -> bool:
    return any(any(taken[span.start : span.end]) for span in spans)


def find_wordings(
    lines: Sequence[tuple[int, str]], cut: Callable[[str], list[str]]
) -> list[list[tuple[str, wording.Candidate]]]:
    """Return, line by line, what the rules of wording find, the most reliable rules first.

    Parameters
    ----------
    lines : sequence of (int, str)
        First offset and text of each line.
    cut : callable
        Segments a Chinese string into words.

    Returns
    -------
    list of list of (str, Candidate)
        Name of the rule and the readings of one place, as spans of the source.
    """
    bodies = [max((label.end for label in read_labels(line)), default=0) for _, line in lines]
    words = [cut(line[body:]) for (_, line), body in zip(lines, bodies, strict=True)]
    found = [
        _find_inside(line[body:], own)
        for (_, line), body, own in zip(lines, bodies, words, strict=True)
    ]
    for number, a, b, c in wording.find_repeated_phrases(words):
        pair: wording.Candidate = (
            ((a, b, "delete"), (b, c, "insert")),
            ((a, b, "insert"), (b, c, "delete")),
        )
        found[number].insert(0, ("repeated_phrases", pair))
    return [
        [(rule, _shift(candidate, start + body)) for rule, candidate in places]
        for (start, _), body, places in zip(lines, bodies, found, strict=True)
    ]


def _shift(candidate: wording.Candidate, offset: int) -> wording.Candidate:
    return tuple(tuple((a + offset, b + offset, op) for a, b, op in r) for r in candidate)


def _find_inside(line: str, words: Sequence[str]) -> list[tuple[str, wording.Candidate]]:
    found: list[tuple[str, Iterable[wording.Candidate]]] = [
        ("dated_places", wording.find_dated_places(line)),
        ("glued_years", wording.find_glued_years(line)),
        ("glued_sessions", wording.find_glued_sessions(line)),
        ("merged_numerals", wording.find_merged_numerals(line)),
        ("glued_quantities", wording.find_glued_quantities(line)),
        ("doubled_punctuation", wording.find_doubled_punctuation(line)),
        ("doubled_conjunctions", wording.find_doubled_conjunctions(words)),
        ("parallel_phrases", wording.find_parallel_phrases(words)),
    ]
    return [(rule, candidate) for rule, candidates in found for candidate in candidates]


def find_rewritings(lines: Sequence[tuple[int, str]], length: int) -> Iterator[wording.Candidate]:
    """Yield neighbouring lines without numbers where one is a rewriting of the other.

    Parameters
    ----------
    lines : sequence of (int, str)
        First offset and text of each line.
    length : int
        Characters of the text.
    """
    free = [
        line if _is_free(line, [label.family for label in read_labels(line)]) else ""
        for _, line in lines
    ]
    for i, j in wording.find_rewritten_lines(free):
        first, second = (
            (start, min(start + len(line) + 1, length)) for start, line in (lines[i], lines[j])
        )
        yield (
            ((*first, "delete"), (*second, "insert")),
            ((*first, "insert"), (*second, "delete")),
        )


def _is_free(line: str, families: Sequence[str]) -> bool:
    """Whether the line has a bullet, or has no label and ends as a sentence does."""
    return families == ["bullet"] or (not families and line.rstrip()[-1:] in tuple("，；。"))


def _place(rule: str, candidates: Sequence[Sequence[tuple[int, int, Op]]], rate: float) -> Place:
    """Return a place as sure as its rule was on real pairs; the rest goes to the other readings.

    Where the rule was right too seldom the text is kept, and the candidates are other readings.
    """
    begin = min(a for a, _, _ in candidates[0])
    end = max(b for _, b, _ in candidates[0])
    equal: list[tuple[int, int, Op]] = [(begin, end, "equal")]
    others = [*candidates[1:], equal]
    weights = [rate, *((1 - rate) / len(others) for _ in others)]
    ranked = list(zip([candidates[0], *others], weights, strict=True))
    certainty: Certainty = "likely"
    if rate < LIKELY:
        # Whether there was a change at all is open; which way round, much less so.
        certainty = "undecidable"
        ranked = [(equal, 1 - rate), (candidates[0], rate)]
    return Place(
        rule,
        tuple(
            PlaceReading(weight, tuple(Span(a, b, op, certainty, weight) for a, b, op in spans))
            for spans, weight in ranked
        ),
    )
