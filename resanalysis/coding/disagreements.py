"""Every place where readers disagree, with one another or with the codebook."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from resanalysis.coding.codes import KEY

COLUMNS = (
    "corpus",
    "edition",
    "version",
    "clause_id",
    "topic",
    "between",
    "given_by",
    "not_given_by",
    "codebook",
    "terms",
    "unsure",
    "notes",
    "heading",
    "text",
)


def list_disagreements(
    codings: pd.DataFrame,
    clauses: pd.DataFrame,
    tags: pd.DataFrame | None = None,
    *,
    coders: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Return every clause and topic on which coders disagree, or the codebook with a coder.

    Parameters
    ----------
    codings, clauses : DataFrame
        Tables of these names.
    tags : DataFrame, optional
        Table `tags`; without it only coders are compared.
    coders : sequence of str, optional
        Compare these only.

    Returns
    -------
    DataFrame
        One row per clause and topic, in the order of `clauses`, then of the topics in `codings`:

        - `corpus`, `edition`, `version`, `clause_id`, `topic` : where
        - `between` : `coders`, `codebook` (all coders say the same, and the codebook another
          thing), or `both` (coders disagree, so that the codebook disagrees with one of them)
        - `given_by`, `not_given_by` : coders who gave the topic and who did not, joined by `, `
        - `codebook` : yes or no, whether the codebook gave it; empty without `tags`
        - `terms` : terms that made the codebook give it, each once, joined by ` | `
        - `unsure` : coders who were not certain of the clause
        - `notes` : what coders noted on the clause, as `coder: note`, joined by ` | `
        - `heading`, `text` : of the clause

    Raises
    ------
    ValueError
        When a coded clause is missing from `clauses`, or a coder asked for has no codes.

    Examples
    --------
    >>> from resanalysis.tables import make_table
    >>> key = {"corpus": "c", "edition": "e", "version": "old", "clause_id": "resolves__1"}
    >>> codings = make_table("codings", [
    ...     {**key, "coder": coder, "topic": "water", "code": code, "sure": True, "note": ""}
    ...     for coder, code in (("ann", 1), ("bob", 0))
    ... ])
    >>> clause = dict.fromkeys(["part", "addressee", "marker", "parent_id", "masked"], "")
    >>> clause |= {**key, "kind": "clause", "heading": "决议", "strength": 5, "depth": 1,
    ...            "text": "节约用水", "start": 0, "end": 4}
    >>> found = list_disagreements(codings, make_table("clauses", [clause]))
    >>> found[["topic", "given_by", "not_given_by", "text"]].values.tolist()
    [['water', 'ann', 'bob', '节约用水']]
    """
    if coders is not None:
        if unknown := sorted(set(coders) - set(codings["coder"])):
            raise ValueError(f"no codes of the coder {', '.join(unknown)}")
        codings = codings[codings["coder"].isin(coders)]
    found = _find_clauses(clauses)
    if lost := [key for key in _list_keys(codings) if key not in found]:
        raise ValueError(f"the coded clause {'/'.join(lost[0][1:])} is not among the clauses")
    terms = _find_terms(tags)
    order = {topic: number for number, topic in enumerate(codings["topic"].unique())}
    said: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for key, code in zip(_list_keys(codings), codings.to_dict("records"), strict=True):
        said.setdefault((*key, code["topic"]), []).append({str(k): v for k, v in code.items()})
    places = sorted(said, key=lambda place: (found[place[:3]]["order"], order[place[3]]))
    rows = []
    for place in places:
        matched = terms.get(place, []) if tags is not None else None
        if between := _compare(said[place], matched):
            row = {**found[place[:3]], "topic": place[3], "between": between}
            rows.append(row | _describe(said[place], matched))
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype("str")


def _list_keys(table: pd.DataFrame) -> list[tuple[str, ...]]:
    return list(table[KEY].itertuples(index=False, name=None))


def _find_clauses(clauses: pd.DataFrame) -> dict[tuple[str, ...], dict[str, Any]]:
    named = clauses[[*KEY, "version", "heading", "text"]].to_dict("records")
    return {
        key: {**{str(name): value for name, value in row.items()}, "order": number}
        for number, (key, row) in enumerate(zip(_list_keys(clauses), named, strict=True))
    }


def _find_terms(tags: pd.DataFrame | None) -> dict[tuple[str, ...], list[str]]:
    terms: dict[tuple[str, ...], list[str]] = {}
    if tags is not None:
        for key, topic, term in zip(_list_keys(tags), tags["topic"], tags["term"], strict=True):
            terms.setdefault((*key, topic), []).append(term)
    return terms


def _compare(said: Sequence[dict[str, Any]], terms: list[str] | None) -> str:
    """Return between whom there is disagreement; empty where there is none."""
    codes = {code["code"] for code in said}
    if len(codes) > 1:
        return "coders" if terms is None else "both"
    return "codebook" if terms is not None and codes != {int(bool(terms))} else ""


def _describe(said: Sequence[dict[str, Any]], terms: list[str] | None) -> dict[str, str]:
    return {
        "given_by": ", ".join(code["coder"] for code in said if code["code"]),
        "not_given_by": ", ".join(code["coder"] for code in said if not code["code"]),
        "codebook": "" if terms is None else "yes" if terms else "no",
        "terms": " | ".join(dict.fromkeys(terms or ())),
        "unsure": ", ".join(code["coder"] for code in said if not code["sure"]),
        "notes": " | ".join(f"{code['coder']}: {code['note']}" for code in said if code["note"]),
    }
