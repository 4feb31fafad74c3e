"""Readings of the whole redline, drawn by their weights, and what each of them counts."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from resanalysis.model import Study
from resanalysis.review.readings import Readings
from resanalysis.robustness.counting import TextCounter
from resanalysis.shift.layout import Ints

Progress = Callable[[str, int, int], None]
"""Called with what is done, how much of it, and of how much."""


@dataclass(frozen=True)
class Drawn:
    """What the drawn readings count.

    Attributes
    ----------
    old, new : ndarray of int
        Readings x (topics and, last, all counted clauses), of each version.
    places_old, places_new : ndarray of int
        The same before unmarked runs are struck.
    model : str
        How they were drawn.
    """

    old: Ints
    new: Ints
    places_old: Ints
    places_new: Ints
    model: str


def count_readings(
    study: Study,
    counter: TextCounter,
    *,
    draws: int,
    seed: int,
    unmarked: bool,
    progress: Progress | None = None,
) -> Drawn:
    """Draw readings of the redline and count both versions under each; see `assess_robustness`.

    Parameters
    ----------
    study : Study
        The study.
    counter : TextCounter
        Counts a version's text.
    draws, seed : int
        Number of readings and seed.
    unmarked : bool
        Whether runs that only a confidence speaks against are struck at random, too.
    progress : callable, optional
        Called for each reading.
    """
    readings = Readings(study)
    rng = np.random.Generator(np.random.PCG64(seed))
    places = _draw_places(readings, draws, rng)
    runs = _find_unmarked(study.segments, readings) if unmarked else study.segments.head(0)
    struck = _strike(runs, draws, rng)
    source = np.array(list("".join(study.segments["text"])), dtype="U1")
    breaks = source == "\n"
    counts: list[list[Ints]] = [[], [], [], []]
    for number in range(draws):
        ops = np.array(readings.combine({group: int(drawn[number]) for group, drawn in places}))
        for side, absent in zip(counts[2:], ("insert", "delete"), strict=True):
            side.append(counter.count(_join(source[ops != absent])))
        for start, end, other in zip(runs["start"], runs["end"], struck[number], strict=True):
            if other:
                ops[start:end] = np.where(breaks[start:end], ops[start:end], other)
        for k, absent in enumerate(("insert", "delete")):
            same = counts[k + 2][-1] if runs.empty else counter.count(_join(source[ops != absent]))
            counts[k].append(same)
        if progress is not None:
            progress("readings", number + 1, draws)
    width = len(study.codebook.topics) + 1
    old, new, places_old, places_new = (
        np.array(side, dtype=np.int64).reshape(-1, width) for side in counts
    )
    model = _name_model(draws, len(places), len(runs), seed)
    return Drawn(old, new, places_old, places_new, model)


def _draw_places(
    readings: Readings, draws: int, rng: np.random.Generator
) -> list[tuple[str, NDArray[np.int64]]]:
    """Return for every place the number of the reading in each draw."""
    places = []
    for group, weights in readings.weights.items():
        numbers = sorted(weights)
        shares = np.array([weights[number] for number in numbers])
        places.append((group, rng.choice(numbers, size=draws, p=shares / shares.sum())))
    return places


def _find_unmarked(segments: pd.DataFrame, readings: Readings) -> pd.DataFrame:
    """Return the segments that have a confidence, but no other readings on record."""
    unsure = segments["certainty"].isin(["likely", "undecidable"])
    return segments[unsure & ~segments["group"].isin(readings.spans.keys())]


def _strike(runs: pd.DataFrame, draws: int, rng: np.random.Generator) -> NDArray[np.str_]:
    """Return for every draw and run the operation that holds instead; empty: the one in force."""
    wrong = rng.random((draws, len(runs))) >= runs["confidence"].to_numpy()
    either = rng.random((draws, len(runs))) < 0.5
    kept = runs["op"].to_numpy() == "equal"
    other = np.where(kept, np.where(either, "delete", "insert"), "equal")
    return np.where(wrong, other, "")


def _name_model(draws: int, places: int, runs: int, seed: int) -> str:
    also = f", {runs} unmarked runs by their confidence" if runs else ""
    return f"{draws} readings, {places} places by their weights{also}, seed {seed}"


def _join(characters: NDArray[np.str_]) -> str:
    return characters.tobytes().decode(f"utf-32-{sys.byteorder[0]}e")
