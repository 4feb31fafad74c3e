"""Whether the time of recovery grows in proportion to the text."""

from __future__ import annotations

import time
from collections.abc import Sequence

import pandas as pd
from tqdm import tqdm

from benchmarks.recovery.documents import Document, Recover

LONGEST = 1_000_000


def time_growth(
    documents: Sequence[Document], recover: Recover, *, longest: int = LONGEST
) -> pd.DataFrame:
    """Return how much processor time recovery takes on longer and longer texts.

    The texts are the documents one after the other, over and over, cut at a line break; each is
    about twice as long as the one before, the last has `longest` characters or just fewer.

    Columns: `characters`, `seconds`, `seconds_per_10000`.
    """
    whole = "".join(_end_line(document.text) for document in documents)
    whole *= -(-longest // max(len(whole), 1))
    sizes = [longest]
    while sizes[0] > 20_000:
        sizes.insert(0, sizes[0] // 2)
    rows = []
    for size in tqdm(sizes, desc="growth", disable=None, leave=False):
        text = whole[: whole.rfind("\n", 0, size) + 1]
        began = time.process_time()
        recover(text)
        seconds = time.process_time() - began
        rows.append(
            {
                "characters": len(text),
                "seconds": seconds,
                "seconds_per_10000": seconds * 10_000 / len(text),
            }
        )
    return pd.DataFrame(rows)


def _end_line(text: str) -> str:
    return text if text.endswith("\n") else text + "\n"
