"""What the clauses of a text count, each stretch between headings parsed and tagged only once."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import accumulate, pairwise

import numpy as np

from resanalysis import pipeline, structure
from resanalysis.model import COUNTED_KINDS, UNITS, InputError, Study
from resanalysis.pipeline.segmentation import is_punct
from resanalysis.shift.layout import Ints, cover


class TextCounter:
    """Counts the topics of texts as a study counts them in its versions.

    Parameters
    ----------
    study : Study
        Gives codebook, lexicon and options.
    unit : {"clause", "character", "token", "matched"}
        What is counted.
    """

    def __init__(self, study: Study, unit: str) -> None:
        if unit not in UNITS:
            raise ValueError(f"unit is {unit!r}; give one of {', '.join(UNITS)}")
        self._codebook = study.codebook
        self._unit = unit
        self._column = {topic.id: k for k, topic in enumerate(study.codebook.topics)}
        options = study.provenance["options"]
        self._reading: pipeline.Reading = options["reading"]
        self._scope: pipeline.Scope = options["scope"]
        self._cutter = pipeline.make_segmenter(study.corpus.lexicon, hmm=options["hmm"])
        self._of_section: dict[str, Ints] = {}
        self._of_clause: dict[str, Ints] = {}

    def count(self, text: str) -> Ints:
        """Return the counts of a version's text.

        Returns
        -------
        ndarray of int
            The units of the clauses with each topic, in the codebook's order, and, last, of all
            counted clauses. All 0 for a text that is no resolution.
        """
        total = np.zeros(len(self._column) + 1, dtype=np.int64)
        for section in split_sections(text):
            if section not in self._of_section:
                self._of_section[section] = self._count_section(section)
            total += self._of_section[section]
        return total

    def _count_section(self, section: str) -> Ints:
        total = np.zeros(len(self._column) + 1, dtype=np.int64)
        try:
            rows = structure.parse_rows(section)
        except InputError:  # nothing of a resolution is left in this version
            return total
        for row in rows:
            if row["kind"] in COUNTED_KINDS:
                total += self._count_clause(row["text"])
        return total

    def _count_clause(self, text: str) -> Ints:
        if text not in self._of_clause:
            spans: dict[str, list[tuple[int, int]]] = {}
            for found in pipeline.tag_text(
                text, self._codebook, reading=self._reading, scope=self._scope
            ):
                spans.setdefault(found.topic, []).append((found.start, found.end))
            size = self._measure(text)
            counts = np.zeros(len(self._column) + 1, dtype=np.int64)
            counts[-1] = size
            for topic, own in spans.items():
                counts[self._column[topic]] = cover(own) if self._unit == "matched" else size
            self._of_clause[text] = counts
        return self._of_clause[text]

    def _measure(self, text: str) -> int:
        if self._unit == "clause":
            return 1
        if self._unit == "token":
            return sum(not is_punct(word) for word in self._cutter.cut(text))
        return len(text)


def split_sections(text: str) -> Iterator[str]:
    """Yield the stretches of a version's text that can be parsed one by one.

    A heading without a label closes every list and section before it, and the parser goes on from
    it as from the beginning of a text. What stands before the first heading goes with the first
    section; every stretch but the last ends with the next heading, which says that it is no footer.
    A stretch ends only where all square brackets are closed, so that no footnote reaches past it.
    A text without such headings is one stretch.
    """
    lines = text.split("\n")
    depths = accumulate((line.count("[") - line.count("]") for line in lines), initial=0)
    heads = [n for n, depth in zip(range(len(lines)), depths, strict=False) if not depth]
    heads = [n for n in heads if _heads(lines[n])]
    bounds = [0, *heads[1:], len(lines)]
    for first, last in pairwise(bounds):
        yield "\n".join(lines[first : last + 1])


@lru_cache(maxsize=100_000)
def _heads(line: str) -> bool:
    return structure.read_performative(line) is not None
