"""The codebook's tags against a reader's codes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from resanalysis.coding.codes import (
    FEW_TEXTS,
    KEY,
    Bools,
    Codes,
    Floats,
    Ints,
    draw_sums,
    find_interval,
    read_codes,
    sum_by_text,
)
from resanalysis.coding.measures import find_wilson, measure

POOLED, MEAN = "all", "macro"
"""Names of the rows that pool all topics, and that average over them."""

_COUNTS = ("tp", "fp", "fn", "tn")
_SCORES = ("precision", "recall", "f1")
COLUMNS = (
    "coder",
    "topic",
    "clauses",
    "texts",
    *_COUNTS,
    *(f"{score}{end}" for score in _SCORES for end in ("", "_low", "_high")),
    "note",
)


def score_codebook(
    codings: pd.DataFrame,
    tags: pd.DataFrame,
    *,
    clauses: pd.DataFrame | None = None,
    coders: Sequence[str] | None = None,
    topics: Sequence[str] | None = None,
    min_positives: int = 5,
    draws: int = 2000,
    seed: int = 0,
    level: float = 0.95,
) -> pd.DataFrame:
    """Return how the codebook's tags do against the codes of each coder.

    The coder is taken to be right. Clauses that a coder did not code do not count for that coder.

    Parameters
    ----------
    codings, tags : DataFrame
        Tables `codings` and `tags`. A clause has a topic for the codebook when it has a tag of it.
    clauses : DataFrame, optional
        Table `clauses`. With it intervals rest on distinct texts instead of clauses: a text that
        both versions have is read and tagged once.
    coders : sequence of str, optional
        Score against these only.
    topics : sequence of str, optional
        Score these only; by default all that were coded.
    min_positives : int
        Topics to which the coder gave fewer clauses are left out of the row `macro`.
    draws, seed : int
        Draws and seed of the bootstrap.
    level : float
        Level of the intervals, 0 to 1.

    Returns
    -------
    DataFrame
        For each coder one row per topic, then `all`, which pools pairs of clause and topic, and
        `macro`, the mean over the topics with at least `min_positives`:

        - `coder`, `topic` : against whom, and what
        - `clauses`, `texts` : clauses coded by the coder, and distinct texts of them
        - `tp`, `fp`, `fn`, `tn` : clauses (in `all` pairs) that have the topic for both, for the
          codebook only, for the coder only, for neither; missing in `macro`
        - `precision` : tp / (tp + fp); NaN where the codebook never gave the topic
        - `recall` : tp / (tp + fn); NaN where the coder never gave it
        - `f1` : 2 tp / (2 tp + fp + fn); NaN where neither gave it, and 0 where both did, but
          never to the same clause, or only one of them did
        - `precision_low`, `precision_high`, `recall_low`, `recall_high` : Wilson intervals, with
          the number of distinct texts as the number of trials; in `all` and `macro` percentile
          intervals of the bootstrap
        - `f1_low`, `f1_high` : percentile interval of a bootstrap over texts
        - `note` : what is undefined and why, and what is not to be trusted

    Raises
    ------
    ValueError
        When tags have a topic that nobody coded (name the `topics` to score), or as `agreement`.

    References
    ----------
    Wilson, E. B. (1927). Probable inference, the law of succession, and statistical inference.
    Journal of the American Statistical Association 22(158), 209-212.

    Examples
    --------
    >>> from resanalysis.tables import make_table
    >>> key = {"corpus": "c", "edition": "e", "version": "old"}
    >>> codings = make_table("codings", [
    ...     {**key, "clause_id": str(i), "coder": "ann", "topic": "water", "code": code,
    ...      "sure": True, "note": ""}
    ...     for i, code in enumerate([1, 1, 0, 0])
    ... ])
    >>> tags = make_table("tags", [
    ...     {**key, "clause_id": str(i), "topic": "water", "term": "水", "rule": "term",
    ...      "tier": "core", "start": 0, "end": 1, "on_boundary": True, "in_citation": False}
    ...     for i in (0, 2)
    ... ])
    >>> score_codebook(codings, tags)[["topic", "tp", "fp", "fn", "f1"]].values.tolist()[0]
    ['water', 1.0, 1.0, 1.0, 0.5]
    """
    uncoded = sorted(set(tags["topic"]) - set(codings["topic"]))
    if topics is None and uncoded and len(codings):
        raise ValueError(f"tags of topics that nobody coded: {', '.join(uncoded)}; name the topics")
    codes = read_codes(codings, clauses, coders=coders, topics=topics)
    tagged = _read_tags(tags, codes)
    rows = [
        row
        for number in range(len(codes.coders))
        for row in _score(
            codes,
            tagged,
            number,
            min_positives=min_positives,
            draws=draws,
            seed=seed,
            level=level,
        )
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _read_tags(tags: pd.DataFrame, codes: Codes) -> Bools:
    """Return which clauses the codebook gave which topic."""
    found = np.zeros(codes.values.shape[:2], dtype=bool)
    if len(codes.clauses) and len(tags):
        clause = codes.clauses.get_indexer(pd.MultiIndex.from_frame(tags[KEY]))
        topic = pd.Index(codes.topics).get_indexer(pd.Index(tags["topic"]))
        known = (clause >= 0) & (topic >= 0)
        found[clause[known], topic[known]] = True
    return found


def _score(
    codes: Codes,
    tagged: Bools,
    coder: int,
    *,
    min_positives: int,
    draws: int,
    seed: int,
    level: float,
) -> list[dict[str, object]]:
    """Return the rows of one coder."""
    counts, texts = _count(codes, tagged, coder)
    total = counts.sum(axis=0)
    often = total[:, 0] + total[:, 2] >= min_positives
    values = measure(total[None], often)
    blocks = draw_sums(sum_by_text(counts, texts), draws=draws, seed=seed)
    drawn = np.concatenate([values[:0], *(measure(block, often) for block in blocks)])
    low, high, undefined = find_interval(drawn, level)
    for i, j, trials in _list_trials(counts, texts):
        low[i, j], high[i, j] = find_wilson(values[0, i, j], trials, level)
    sums = np.concatenate([total, total.sum(axis=0, keepdims=True), np.full((1, 4), np.nan)])
    lost = undefined[:, -1] if draws else np.zeros(len(sums))
    size = len(np.unique(texts))
    notes = [_note(*given, size) for given in zip(sums[:-1], lost[:-1], strict=True)]
    notes.append(f"mean of {often.sum()} topics with {min_positives} positives or more")
    rows: list[dict[str, object]] = []
    for i, (topic, note) in enumerate(zip([*codes.topics, POOLED, MEAN], notes, strict=True)):
        row: dict[str, object] = {"coder": codes.coders[coder], "topic": topic}
        row |= {"clauses": len(counts), "texts": size, **dict(zip(_COUNTS, sums[i], strict=True))}
        for j, score in enumerate(_SCORES):
            row |= {score: values[0, i, j]}
            row |= {f"{score}_low": low[i, j], f"{score}_high": high[i, j]}
        rows.append(row | {"note": note})
    return rows


def _count(codes: Codes, tagged: Bools, coder: int) -> tuple[Floats, Ints]:
    """Return tp, fp, fn and tn of every clause and topic that the coder coded, and the texts."""
    own = ~np.isnan(codes.values[..., coder]).all(axis=1)
    code, given = codes.values[own][..., coder], tagged[own]
    cells = [given & (code == 1), given & (code == 0), ~given & (code == 1), ~given & (code == 0)]
    return np.stack(cells, axis=-1).astype(np.float64), codes.texts[own]


def _list_trials(counts: Floats, texts: Ints) -> Iterator[tuple[int, int, int]]:
    """Give topic, score (0 precision, 1 recall) and the distinct texts that the score rests on."""
    for i in range(counts.shape[1]):
        for j, wrong in enumerate((1, 2)):
            yield i, j, len(np.unique(texts[counts[:, i, 0] + counts[:, i, wrong] > 0]))


def _note(counts: Floats, undefined: float, texts: int) -> str:
    tp, fp, fn, _ = counts
    notes = []
    if not tp + fp:
        notes.append("precision is undefined: the codebook never gave the topic")
    if not tp + fn:
        notes.append("recall is undefined: the coder never gave the topic")
    if texts < FEW_TEXTS:
        notes.append(f"intervals rest on few texts: {texts}")
    if tp and not fp + fn:
        notes.append("no error to resample: the interval of f1 has no width")
    if not tp and fp + fn:
        notes.append("no hit to resample: the interval of f1 has no width")
    if undefined and tp + fp + fn:
        notes.append(f"f1 is undefined in {undefined:.1%} of the draws, which are left out")
    return "; ".join(notes)
