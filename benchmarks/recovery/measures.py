"""Tables of how good a recovery is; equivalent labellings are equal (see `equivalence`).

*Claimed* characters are those predicted as deleted or inserted, *changed* ones those truly so,
*right* ones those claimed rightly. precision = right / claimed, recall = right / changed,
F1 = 2 right / (claimed + changed). `f1_naive` counts a character as right only when its own
operation is the true one; it is a lower bound of `f1`. `f1_either` takes, document by document,
the better of the prediction and the prediction with old and new exchanged: where all insertions
stand before their deletions, nothing in the numbering tells which version is the older.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.recovery.documents import find_lines, split_runs, take_version
from benchmarks.recovery.equivalence import align_labellings
from benchmarks.recovery.kinds import KINDS
from benchmarks.recovery.outcomes import Outcome

DRAWS = 2000
"""Samples of a bootstrap."""


def score_documents(outcomes: Sequence[Outcome]) -> pd.DataFrame:
    """Return one row per document.

    Columns: `document`, `family`, `characters`, `changed`, `claimed`, `right`, `right_naive`,
    `right_either`, `precision`, `recall`, `f1`, `f1_naive`, `f1_either`, counts of lines (see
    `count_lines`), `seconds`, `seconds_per_10000`.
    """
    rows = []
    for outcome in outcomes:
        table = outcome.characters
        claimed, changed = table["op"] != "=", table["truth"] != "="
        counts = {
            "characters": len(table),
            "changed": int(changed.sum()),
            "claimed": int(claimed.sum()),
            "right": int((claimed & table["right"]).sum()),
            "right_naive": int((claimed & (table["op"] == table["truth"])).sum()),
        }
        counts["right_either"] = max(counts["right"], _count_exchanged(outcome, counts))
        rows.append(
            {
                "document": outcome.document.id,
                "family": outcome.document.family,
                **counts,
                **rate(counts),
                **count_lines(outcome),
                "seconds": outcome.seconds,
                "seconds_per_10000": outcome.seconds * 10_000 / max(len(table), 1),
            }
        )
    return pd.DataFrame(rows)


def rate(counts: Any) -> dict[str, float]:
    """Return precision, recall and the kinds of F1 of counts; precision of no claim is NaN."""
    right, claimed, changed = (counts[name] for name in ("right", "claimed", "changed"))
    both = claimed + changed
    return {
        "precision": right / claimed if claimed else np.nan,
        "recall": right / changed if changed else np.nan,
        "f1": 2 * right / both if both else 1.0,
        "f1_naive": 2 * counts["right_naive"] / both if both else 1.0,
        "f1_either": 2 * counts["right_either"] / both if both else 1.0,
    }


def _count_exchanged(outcome: Outcome, counts: dict[str, int]) -> int:
    """Return the characters claimed rightly when old and new are exchanged.

    What is right cannot be right when exchanged (but for slides), so most need no look.
    """
    if 2 * counts["right"] >= counts["claimed"]:
        return 0
    exchanged = "".join(outcome.characters["op"]).translate(str.maketrans("+-", "-+"))
    truth = outcome.document.ops
    nearest = align_labellings(outcome.document.text, exchanged, truth).ops
    return sum(op == true != "=" for op, true in zip(nearest, truth, strict=True))


def count_lines(outcome: Outcome) -> dict[str, int]:
    """Return how many lines (clauses, headings) are exact to the last character.

    A line of the flattened text counts for the old version where it truly has old characters, and
    is exact where the same old text is recovered from it; likewise for the new version; for both
    every line counts. `changed_lines` are those with a true change.
    """
    text = outcome.document.text
    truth = outcome.document.ops
    found = "".join(outcome.characters["nearest"])
    names = ("old", "new", "both", "changed")
    lines, exact = dict.fromkeys(names, 0), dict.fromkeys(names, 0)
    for start, end in find_lines(text):
        part, wanted, got = text[start:end], truth[start:end], found[start:end]
        same = {
            version: take_version(part, wanted, version) == take_version(part, got, version)
            for version in ("old", "new")
        }
        same["both"] = same["changed"] = same["old"] and same["new"]
        counts = {
            "old": wanted.strip("+") != "",
            "new": wanted.strip("-") != "",
            "both": True,
            "changed": wanted.strip("=") != "",
        }
        for name in names:
            lines[name] += counts[name]
            exact[name] += counts[name] and same[name]
    return {f"{name}_lines": lines[name] for name in names} | {
        f"{name}_exact": exact[name] for name in names
    }


def summarise(scores: pd.DataFrame, *, seed: int = 0) -> dict[str, float]:
    """Return pooled figures, the median over documents, and bootstrap intervals of 95 %.

    Parameters
    ----------
    scores : DataFrame
        As from `score_documents`.
    seed : int
        Of the bootstrap.

    Returns
    -------
    dict
        Pooled counts and rates; `median_f1` over documents with changes or claims, its interval
        `median_f1_low`, `median_f1_high` over documents and `..._families_low/high` when whole
        families are drawn; the same for pooled `f1`; shares of exact lines `old_lines`,
        `new_lines`, `both_lines`, `changed_lines`; `seconds_per_10000`.
    """
    total = scores.select_dtypes("number").sum()
    counts = ["characters", "changed", "claimed", "right"]
    summary: dict[str, float] = {"documents": len(scores)}
    summary |= {name: int(total[name]) for name in counts}
    summary |= rate(total)
    summary["median_f1"] = float(scores["f1"].median())
    for unit, name in (("document", ""), ("family", "_families")):
        medians, pooled = _bootstrap(scores, unit, np.random.default_rng(seed))
        for measure, draws in (("median_f1", medians), ("f1", pooled)):
            low, high = np.quantile(draws, [0.025, 0.975])
            summary[f"{measure}{name}_low"] = float(low)
            summary[f"{measure}{name}_high"] = float(high)
    for name in ("old", "new", "both", "changed"):
        lines = total[f"{name}_lines"]
        summary[f"{name}_lines"] = float(total[f"{name}_exact"] / lines) if lines else np.nan
    summary["seconds_per_10000"] = float(total["seconds"] * 10_000 / total["characters"])
    return summary


def _bootstrap(
    scores: pd.DataFrame, unit: str, rng: np.random.Generator
) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Return the median F1 over documents and the pooled F1 of samples of whole units."""
    members = [np.asarray(index) for index in scores.groupby(unit, sort=True).indices.values()]
    f1 = scores["f1"].to_numpy()
    right = scores["right"].to_numpy()
    both = (scores["claimed"] + scores["changed"]).to_numpy()
    medians, pooled = np.empty(DRAWS), np.empty(DRAWS)
    for draw in range(DRAWS):
        chosen = rng.integers(len(members), size=len(members))
        rows = np.concatenate([members[i] for i in chosen])
        medians[draw] = np.median(f1[rows])
        pooled[draw] = 2 * right[rows].sum() / max(both[rows].sum(), 1)
    return medians, pooled


def tabulate_kinds(characters: pd.DataFrame) -> pd.DataFrame:
    """Return one row per kind of change.

    Columns: `kind`; `changes` (true changes of the kind), `whole` (share of them found to the last
    character), `changed` (characters), `share` (of all changed characters), `recall`; `claimed`
    (characters claimed as such a change), `precision` of these claims.
    """
    found = characters["nearest"] == characters["truth"]
    changes = _find_changes(characters)
    rows = []
    for kind in KINDS:
        mine = characters["kind"] == kind
        claims = characters["claimed_kind"] == kind
        wholes = [bool(found.iloc[a:b].all()) for a, b, what in changes if what == kind]
        rows.append(
            {
                "kind": kind,
                "changes": len(wholes),
                "whole": _share(sum(wholes), len(wholes)),
                "changed": int(mine.sum()),
                "share": _share(mine.sum(), (characters["kind"] != "").sum()),
                "recall": _share((mine & found).sum(), mine.sum()),
                "claimed": int(claims.sum()),
                "precision": _share((claims & characters["right"]).sum(), claims.sum()),
            }
        )
    return pd.DataFrame(rows)


def _share(part: float, whole: float) -> float:
    return float(part / whole) if whole else np.nan


def _find_changes(characters: pd.DataFrame) -> list[tuple[int, int, str]]:
    """Return start, end and kind of each true change: a run of one operation and one kind."""
    changes = []
    kinds = characters["kind"].to_numpy()
    for start, end, sign in split_runs("".join(characters["truth"])):
        if sign == "=":
            continue
        cuts = [i for i in range(start + 1, end) if kinds[i] != kinds[i - 1]]
        bounds = [start, *cuts, end]
        changes += [(a, b, str(kinds[a])) for a, b in pairwise(bounds)]
    return changes


def tabulate_claims(characters: pd.DataFrame, by: str) -> pd.DataFrame:
    """Return precision of claimed characters by `rule` or by `certainty`.

    Columns: the one named by `by`, `claimed`, `right`, `precision`, `confidence` (mean).
    """
    return _tabulate(characters[characters["op"] != "="], by, "claimed")


def tabulate_kept(characters: pd.DataFrame, by: str = "certainty") -> pd.DataFrame:
    """Return, of the characters kept as equal, how many truly are, and the confidence claimed."""
    return _tabulate(characters[characters["op"] == "="], by, "kept")


def _tabulate(chosen: pd.DataFrame, by: str, name: str) -> pd.DataFrame:
    rows = [
        {
            by: value,
            name: len(group),
            "right": int(group["right"].sum()),
            "precision": float(group["right"].mean()),
            "confidence": float(group["confidence"].mean()),
        }
        for value, group in [*chosen.groupby(by, sort=True), ("all", chosen)]
        if len(group)
    ]
    return pd.DataFrame(rows, columns=[by, name, "right", "precision", "confidence"])
