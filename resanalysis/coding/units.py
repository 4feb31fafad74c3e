"""Clauses as a sheet for a coder: what is coded, in which order, and which sample of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from resanalysis.coding.layout import AFTER, list_columns
from resanalysis.model import COUNTED_KINDS, Codebook, input_error


@dataclass(frozen=True)
class Unit:
    """What a coder reads at once: one text in one place, and all clauses that are just that.

    Attributes
    ----------
    keys : tuple of str
        The clauses, as `edition/clause_id`.
    heading, context, text : str
        What the coder reads.
    stratum : tuple of str
        Values of the columns that a sample is stratified by; values of several clauses are joined
        by `+`, so that what stands in both versions is a stratum of its own.
    """

    keys: tuple[str, ...]
    heading: str
    context: str
    text: str
    stratum: tuple[str, ...]


def coding_sheet(
    clauses: pd.DataFrame,
    codebook: Codebook,
    *,
    coder: str = "",
    sample: int | None = None,
    seed: int = 0,
    by: Sequence[str] = ("version", "part"),
    repeated: bool = False,
) -> pd.DataFrame:
    r"""Return the counted clauses as a sheet to fill in, in random order.

    The sheet shows no tag and no term. It names no version either, but for the keys in the column
    `clauses`, which a workbook hides.

    Parameters
    ----------
    clauses : DataFrame
        Table `clauses` of one corpus.
    codebook : Codebook
        Its topics are the columns to fill in.
    coder : str
        Name of the coder, if known.
    sample : int, optional
        Draw that many units instead of all: from every stratum in proportion to its size, rounded
        by largest remainder. A stratum much smaller than the others may get none.
    seed : int
        Seed of the order and of the sample.
    by : sequence of str
        Columns of `clauses` whose values make the strata.
    repeated : bool
        Whether clauses with the same heading, context and text are rows of their own. By default
        they are read once, and the row names all of them.

    Returns
    -------
    DataFrame
        One row per unit:

        - `unit` : 1, 2, ... in the order of the sheet
        - `clauses` : keys `edition/clause_id`, joined by a space
        - `heading` : heading the clause stands under
        - `context` : text of the row above the clause, which it continues; empty where that is the
          heading
        - `text` : text to code
        - one column per topic, empty
        - `none` : to be marked where the text was read and has no topic; empty
        - `sure`, `note` : empty
        - `coder` : `coder`

        `attrs` holds corpus, seed and sample for `write_sheet`.

    Raises
    ------
    InputError
        When there is nothing to code, the clauses are of more than one corpus, the sample is larger
        than what there is, or a topic is called like another column of the sheet.

    References
    ----------
    Krippendorff, K. (2004). Content Analysis, 2nd ed., chapters 6 (sampling) and 11 (reliability
    data come from coders who work independently of one another).

    Examples
    --------
    >>> from resanalysis.codebook import read_codebook
    >>> from resanalysis.structure import parse_resolution
    >>> text = "认识到\na) 电子废弃物日益增多；\nb) 水资源短缺，"
    >>> options = {"corpus": "c", "edition": "2014-x", "version": "old"}
    >>> sheet = coding_sheet(parse_resolution(text, **options), read_codebook(), coder="ann")
    >>> sorted(sheet["text"])
    ['水资源短缺，', '电子废弃物日益增多；']
    """
    columns = list_columns(codebook)
    units = list_units(clauses, by=by, repeated=repeated)
    corpora = clauses["corpus"].unique().tolist()
    if not units or len(corpora) != 1:
        what = "there is no clause to code" if not units else f"clauses of {len(corpora)} corpora"
        raise input_error("clauses", "", what, "Give the clauses of one corpus")
    rng = np.random.default_rng(seed)
    if sample is not None:
        units = _draw_sample(units, sample, rng)
    empty: dict[str, object] = dict.fromkeys(columns, "")
    rows = [
        empty
        | {
            "unit": number,
            "clauses": " ".join(unit.keys),
            "heading": unit.heading,
            "context": unit.context,
            "text": unit.text,
            "coder": coder,
        }
        for number, unit in enumerate((units[i] for i in rng.permutation(len(units))), start=1)
    ]
    sheet = pd.DataFrame(rows, columns=columns)
    # Codes are put in as 1 or as "1", which a column of strings would refuse.
    sheet = sheet.astype({topic.id: object for topic in codebook.topics} | {AFTER[0]: object})
    sheet.attrs = {"corpus": corpora[0], "seed": seed, "sample": sample or 0}
    return sheet


def list_units(
    clauses: pd.DataFrame, *, by: Sequence[str] = (), repeated: bool = False
) -> list[Unit]:
    """Return what is to be coded, in the order of the clauses."""
    above = {
        (edition, clause_id): text
        for edition, clause_id, kind, text in zip(
            clauses["edition"], clauses["clause_id"], clauses["kind"], clauses["text"], strict=True
        )
        if kind != "heading"  # it has a column of its own
    }
    groups: dict[tuple[str, str, str, str], list[tuple[str, tuple[str, ...]]]] = {}
    for row in clauses[clauses["kind"].isin(COUNTED_KINDS)].to_dict("records"):
        key = f"{row['edition']}/{row['clause_id']}"
        context = above.get((row["edition"], row["parent_id"]), "")
        read = (row["heading"], context, row["text"], key if repeated else "")
        values = tuple(str(row[name]) for name in by)
        groups.setdefault(read, []).append((key, values))
    return [
        Unit(
            keys=tuple(key for key, _ in group),
            heading=heading,
            context=context,
            text=text,
            stratum=tuple(
                "+".join(dict.fromkeys(values[i] for _, values in group)) for i in range(len(by))
            ),
        )
        for (heading, context, text, _), group in groups.items()
    ]


def _draw_sample(units: list[Unit], size: int, rng: np.random.Generator) -> list[Unit]:
    if not 1 <= size <= len(units):
        raise input_error(
            "coding sheet",
            f"sample {size}",
            f"there are {len(units)} texts to code",
            f"Ask for 1 to {len(units)}, or for all by giving no sample",
        )
    strata: dict[tuple[str, ...], list[int]] = {}
    for number, unit in enumerate(units):
        strata.setdefault(unit.stratum, []).append(number)
    quotas = share_out(size, [len(members) for members in strata.values()])
    drawn = [
        int(number)
        for members, quota in zip(strata.values(), quotas, strict=True)
        for number in rng.choice(members, quota, replace=False)
    ]
    return [units[number] for number in sorted(drawn)]


def share_out(size: int, sizes: Sequence[int]) -> list[int]:
    """Return how many of `size` go to each stratum: in proportion, by largest remainder.

    Of equal remainders the earlier stratum wins.

    Examples
    --------
    >>> share_out(5, [10, 6, 4])
    [3, 1, 1]
    """
    total = sum(sizes)
    quotas = [size * n // total for n in sizes]
    by_remainder = sorted(range(len(sizes)), key=lambda i: -(size * sizes[i] % total))
    for i in by_remainder[: size - sum(quotas)]:
        quotas[i] += 1
    return quotas
