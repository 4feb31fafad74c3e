"""Rules of a codebook judged on one text: words that count only together."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from resanalysis.model import Rule

Span = tuple[int, int]


def words_of(rule: Rule) -> set[str]:
    """Return all words that have to be sought to judge a rule."""
    return {word for group in (*rule.groups, rule.without) for word in group}


def parts_of(rule: Rule, found: Mapping[str, Sequence[Span]]) -> set[tuple[str, Span]]:
    """Return the words, with their places, by which a rule holds; none where it does not.

    Parameters
    ----------
    rule : Rule
        With folded words.
    found : mapping of str to sequence of (int, int)
        Places of words in the text.
    """
    groups = [
        [(word, span) for word in dict.fromkeys(group) for span in found.get(word, ())]
        for group in rule.groups
    ]
    if not all(groups) or any(found.get(word) for word in rule.without):
        return set()
    if rule.near is None:
        return {part for group in groups for part in group}
    return _near_parts(groups, rule.near)


def _near_parts(groups: Sequence[Iterable[tuple[str, Span]]], near: int) -> set[tuple[str, Span]]:
    """Return every word that is part of some choice of one a group, each near to the next."""
    # A choice, read from left to right, is a walk over places. `before` has the sets of groups, as
    # bits, that walks ending at a place have visited; `behind` those of walks that begin there.
    stops = sorted(
        (span, word, number) for number, group in enumerate(groups) for word, span in group
    )
    starts = [start for (start, _), *_ in stops]
    steps = [
        range(bisect_left(starts, end), bisect_right(starts, end + near)) for (_, end), *_ in stops
    ]
    before = [{1 << number} for *_, number in stops]
    behind = [{1 << number} for *_, number in stops]
    for i in range(len(stops)):
        for j in steps[i]:
            bit = 1 << stops[j][2]
            before[j] |= {visited | bit for visited in before[i] if not visited & bit}
    for i in reversed(range(len(stops))):
        bit = 1 << stops[i][2]
        behind[i] |= {v | bit for j in steps[i] for v in behind[j] if not v & bit}
    everything = (1 << len(groups)) - 1
    return {
        (word, span)
        for (span, word, number), sets, others in zip(stops, before, behind, strict=True)
        if any(a | b == everything and a & b == 1 << number for a in sets for b in others)
    }
