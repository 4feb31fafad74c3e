"""A batch's dataset looked at: topics by edition, body and year, and clauses that are alike."""

from __future__ import annotations

from heapq import nlargest
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from resanalysis.batch.dataset import read_dataset, scan_dataset
from resanalysis.model import COUNTED_KINDS, UNITS
from resanalysis.tables import TABLES, make_from_columns, make_table

if TYPE_CHECKING:
    from collections.abc import Iterator

_VERSIONS = ("old", "new")
_MEASURES = ("n", "base", "rate", "assigned", "share")


def edition_profiles(dataset: str | Path, *, unit: str = "clause") -> pd.DataFrame:
    """Count every topic in every edition of a dataset, with the body and the year of each.

    Parameters
    ----------
    dataset : str or Path
        What `run_batch` wrote.
    unit : {"clause", "character", "token", "matched"}
        What is counted.

    Returns
    -------
    DataFrame
        Table `edition_profiles`: one row per edition and topic of the codebook, by body,
        resolution and date.

        - `body`, `resolution`, `edition`, `date`, `year` (0 where no date is known): which text.
        - `corpus`, `version`: the comparison it was counted in. An edition that is the new one of
          one comparison and the old one of the next is counted as the new one.
        - `topic`, `n`, `base`, `rate`, `assigned`, `share`: as in `topic_profiles`.

    Raises
    ------
    InputError
        When the folder is no dataset.
    ValueError
        When the unit is none of those.

    Examples
    --------
    >>> import tempfile
    >>> from resanalysis.batch import run_batch
    >>> with tempfile.TemporaryDirectory() as out:
    ...     batch = run_batch("notebooks/collection", f"{out}/dataset")
    ...     profiles = edition_profiles(batch.path)
    >>> sorted(set(profiles["year"]))
    [2011, 2012, 2015, 2018, 2022, 2023]
    """
    if unit not in UNITS:
        raise ValueError(f"unit={unit!r}; give one of {', '.join(UNITS)}")
    measures = [f"{name}_{version}" for version in _VERSIONS for name in _MEASURES]
    shift = read_dataset(
        dataset,
        "shift",
        columns=["corpus", "unit", "topic", *measures],
        where={"unit": unit, "breakdown": "total"},
    )
    documents = read_dataset(dataset, "documents")
    about = documents[["corpus", "resolution", "body"]]
    table = pd.concat(
        [
            about.assign(
                version=version,
                edition=documents[f"{version}_edition"],
                date=documents[f"{version}_date"],
            )
            # An edition counts once, as the new one of its comparison if it can.
            .merge(
                shift[["corpus", "unit", "topic"]].assign(
                    **{name: shift[f"{name}_{version}"] for name in _MEASURES}
                ),
                on="corpus",
            )
            for version in reversed(_VERSIONS)
        ],
        ignore_index=True,
    ).drop_duplicates(["resolution", "edition", "topic"])
    table = table.sort_values(["body", "resolution", "date"], kind="stable")
    table["year"] = [int(date[:4] or 0) for date in table["date"]]
    names = [column.name for column in TABLES["edition_profiles"]]
    return make_from_columns("edition_profiles", {name: table[name].to_numpy() for name in names})


def nearest_clauses(
    dataset: str | Path,
    text: str,
    *,
    count: int = 10,
    least: float = 0.3,
    other_than: str | None = None,
) -> pd.DataFrame:
    """Return the clauses of a dataset whose wording is nearest to a text.

    Clauses are read a batch at a time, so that memory does not grow with the dataset.

    Parameters
    ----------
    dataset : str or Path
        What `run_batch` wrote.
    text : str
        A clause, or any words.
    count : int
        Most clauses to return.
    least : float
        Least similarity, 0 to 1.
    other_than : str, optional
        A resolution (column `resolution` of `documents`) whose own clauses are left out.

    Returns
    -------
    DataFrame
        Table `nearest_clauses`: the most similar first, then in the order of the dataset. The same
        wording in several editions of a resolution is there once, with its first edition.

        - `resolution`, `body`, `corpus`, `edition`, `version`, `clause_id`: which clause.
        - `similarity`: normalised indel similarity, 0 to 1; `text`: the clause.

    Raises
    ------
    InputError
        When the folder is no dataset.

    Notes
    -----
    Likeness of characters finds what was copied and reworded, not what says the same in other
    words.

    Examples
    --------
    >>> import tempfile
    >>> from resanalysis.batch import run_batch
    >>> with tempfile.TemporaryDirectory() as out:
    ...     batch = run_batch("notebooks/collection", f"{out}/dataset")
    ...     found = nearest_clauses(batch.path, "支持收集电子废弃物；", other_than="river-9")
    >>> found["resolution"].iloc[0]
    'digital-5'
    """
    from rapidfuzz.distance import Indel
    from rapidfuzz.process import cdist

    documents = read_dataset(dataset, "documents", columns=["corpus", "resolution", "body"])
    about = {
        corpus: (resolution, body)
        for corpus, resolution, body in documents.itertuples(index=False, name=None)
    }
    best: list[tuple[float, int, tuple[str, ...]]] = []
    seen: set[tuple[str, str]] = set()
    number = 0
    for rows in _scan_clauses(dataset):
        scores = cdist(
            [text], rows["text"].tolist(), scorer=Indel.normalized_similarity, score_cutoff=least
        )[0]
        for row in np.flatnonzero(scores > 0).tolist():
            record = rows.iloc[row]
            resolution, _ = about[record["corpus"]]
            key = (resolution, record["text"])
            if resolution == other_than or key in seen:
                continue
            seen.add(key)
            values = tuple(record[n] for n in ("corpus", "edition", "version", "clause_id", "text"))
            best.append((float(scores[row]), -number, values))
            number += 1
        best = nlargest(count, best)
    records = []
    for similarity, _, (corpus, edition, version, clause_id, wording) in best:
        records.append(
            {
                "resolution": about[corpus][0],
                "body": about[corpus][1],
                "corpus": corpus,
                "edition": edition,
                "version": version,
                "clause_id": clause_id,
                "similarity": similarity,
                "text": wording,
            }
        )
    return make_table("nearest_clauses", records)


def _scan_clauses(dataset: str | Path) -> Iterator[pd.DataFrame]:
    columns = ["corpus", "edition", "version", "clause_id", "text"]
    yield from scan_dataset(dataset, "clauses", columns=columns, where={"kind": COUNTED_KINDS})
