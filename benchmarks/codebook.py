"""How often the codebook is wrong on clauses of other texts: `python -m benchmarks.codebook`.

`validation/` has clauses in the manner of Chinese laws, plans and resolutions, written down from
memory, and what two readers gave each from the definitions alone, without sight of terms, tags or
each other. Clauses and codes were made by separate runs of a large language model: the agreement of
the readers is not intercoder reliability. The codebook was not made with these clauses; but whoever
changes it after reading its errors here no longer measures on unseen text.

Scores are against the pairs of clause and topic on which both readers agree, and against each.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from resanalysis.codebook import read_codebook
from resanalysis.coding import agreement, score_codebook
from resanalysis.model import Codebook, make_table
from resanalysis.pipeline import tag_topics

FOLDER = Path(__file__).parent / "validation"
BOTH = "both readers"
NONE = "none"


def read_clauses(folder: Path) -> pd.DataFrame:
    """Return the clauses as a table that can be tagged; the source stands under `heading`."""
    given = pd.read_csv(folder / "clauses.csv", dtype="str", keep_default_na=False)
    fixed = {"corpus": "validation", "edition": "made", "version": "new"}
    return given.rename(columns={"unit": "clause_id", "source": "heading"}).assign(**fixed)


def read_codings(folder: Path, codebook: Codebook) -> pd.DataFrame:
    """Return what both readers gave, one row for every reader, clause and topic."""
    rows = []
    for path in sorted(folder.glob("reader-*.csv")):
        given = pd.read_csv(path, dtype="str", keep_default_na=False)
        for record in given.to_dict("records"):
            topics = set(record["topics"].split()) - {NONE}
            if unknown := topics - {topic.id for topic in codebook.topics}:
                raise ValueError(f"{path.name}, unit {record['unit']}: no topics {unknown}")
            rows += [
                {
                    "corpus": "validation",
                    "edition": "made",
                    "version": "new",
                    "clause_id": record["unit"],
                    "coder": path.stem,
                    "topic": topic.id,
                    "code": int(topic.id in topics),
                    "sure": record["sure"] != "uncertain",
                    "note": record["note"],
                }
                for topic in codebook.topics
            ]
    return make_table("codings", rows)


def keep_agreed(codings: pd.DataFrame) -> pd.DataFrame:
    """Return the codes of pairs of clause and topic on which all readers agree, as one reader's."""
    pairs = codings.groupby(["clause_id", "topic"])["code"]
    agreed = codings[pairs.transform("nunique").eq(1)]
    return agreed.drop_duplicates(["clause_id", "topic"]).assign(coder=BOTH)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.codebook", description=__doc__)
    parser.add_argument("--codebook", type=Path, help="instead of the general one that ships")
    parser.add_argument("--reading", choices=("broad", "strict"), default="broad")
    options = parser.parse_args(arguments)
    codebook = read_codebook(options.codebook)
    clauses = read_clauses(FOLDER)
    codings = read_codings(FOLDER, codebook)
    tags = tag_topics(clauses, codebook, reading=options.reading)
    print(f"{len(clauses)} clauses; codebook {codebook.id} {codebook.version}, {options.reading}\n")
    columns = ["topic", "prevalence", "raw_agreement", "alpha", "alpha_low", "alpha_high"]
    print(agreement(codings, clauses=clauses)[columns].round(3).to_string(index=False), "\n")
    scores = score_codebook(pd.concat([keep_agreed(codings), codings]), tags, clauses=clauses)
    whole = scores["coder"].eq(BOTH) | scores["topic"].isin(["all", "macro"])
    print(scores[whole].drop(columns=["clauses", "texts", "tn"]).round(3).to_string(index=False))


if __name__ == "__main__":
    main()
