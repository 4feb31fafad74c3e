"""Texts to measure on, made by perturbing the project's own: Resolution 182."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

from resanalysis.corpus import read_corpus
from resanalysis.redline import write_marks
from resanalysis.study import recover_corpus

CORPUS = Path(__file__).parents[2] / "corpora" / "itu-pp-res-182"
SEED = 182
CHANGED = 0.3
"""Share of the phrases that a made text has from elsewhere in the resolution."""

_PHRASE = re.compile(r"[^，；。：\n\t]+")


class Maker:
    """Makes resolutions of the same build as Resolution 182, each of its own wording."""

    def __init__(self) -> None:
        redline = recover_corpus(read_corpus(CORPUS))
        self.redline = redline
        self.versions = (redline.text("old"), redline.text("new"))
        self.flattened = redline.source
        self.marked = write_marks(redline.segments)
        lines = [line for text in self.versions for line in text.split("\n")]
        clauses = [line for line in lines if "\t" in line]
        self._phrases = sorted({p for line in clauses for p in _PHRASE.findall(line)[1:]})

    def make_versions(self, number: int) -> tuple[str, str]:
        """Return an old and a new version; the same phrase is the same in both."""
        rng = np.random.default_rng([SEED, number])
        instead: dict[str, str] = {}
        old, new = (self._perturb(text, rng, instead) for text in self.versions)
        return old, new

    def make_flattened(self, number: int) -> str:
        """Return a text with both versions in it, unmarked."""
        return self._perturb(self.flattened, np.random.default_rng([SEED, number]), {})

    def _perturb(self, text: str, rng: np.random.Generator, instead: dict[str, str]) -> str:
        lines = text.split("\n")
        return "\n".join(
            _PHRASE.sub(lambda hit: self._swap(hit[0], rng, instead), line)
            if "\t" in line
            else line
            for line in lines
        )

    def _swap(self, phrase: str, rng: np.random.Generator, instead: dict[str, str]) -> str:
        if phrase not in instead:
            known = phrase in self._phrases and rng.random() < CHANGED
            instead[phrase] = str(rng.choice(self._phrases)) if known else phrase
        return instead[phrase]


def write_clean(folder: Path, count: int) -> int:
    """Write so many clean pairs into a folder; return their characters."""
    maker = Maker()
    characters = 0
    for number in range(count):
        place = folder / f"{number // 1000:02}"
        place.mkdir(parents=True, exist_ok=True)
        texts = maker.make_versions(number)
        for version, text in zip(("old", "new"), texts, strict=True):
            (place / f"r{number:05}.{version}.txt").write_text(text, "utf-8")
        characters += sum(map(len, texts))
    return characters
