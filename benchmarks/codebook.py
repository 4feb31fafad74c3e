"""How often the codebook is wrong on clauses of other texts: `python -m benchmarks.codebook`.

Each folder of `validation/` has clauses in the manner of Chinese laws, plans and resolutions,
written down from memory, and what readers gave each from the definitions alone, without sight of
terms, tags or each other. Clauses and codes were made by separate runs of a large language model:
the agreement of readers is not intercoder reliability. `validation/README.md` says which clauses
were looked at when the codebook was changed, and so no longer measure it on unseen text.

Scores are against the pairs of clause and topic on which all readers agree, and against each.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from resanalysis.codebook import read_codebook
from resanalysis.coding import agreement, score_codebook
from resanalysis.model import Codebook
from resanalysis.pipeline import Reading, tag_topics
from resanalysis.tables import make_table

FOLDERS = Path(__file__).parent / "validation"
ALL = "all readers"
NONE = "none"


def read_clauses(folder: Path) -> pd.DataFrame:
    """Return the clauses as a table that can be tagged; the source stands under `heading`."""
    given = pd.read_csv(folder / "clauses.csv", dtype="str", keep_default_na=False)
    fixed = {"corpus": "validation", "edition": "made", "version": "new"}
    return given.rename(columns={"unit": "clause_id", "source": "heading"}).assign(**fixed)


def read_codings(folder: Path, codebook: Codebook) -> pd.DataFrame:
    """Return what readers gave, one row for every reader, clause and topic."""
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
    return agreed.drop_duplicates(["clause_id", "topic"]).assign(coder=ALL)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.codebook", description=__doc__)
    parser.add_argument("--codebook", type=Path, help="instead of the general one that ships")
    parser.add_argument("--reading", choices=("broad", "strict"), default="broad")
    options = parser.parse_args(arguments)
    codebook = read_codebook(options.codebook)
    print(f"codebook {codebook.id} {codebook.version}, {options.reading} reading")
    for folder in sorted(path for path in FOLDERS.iterdir() if path.is_dir()):
        show(folder, codebook, options.reading)


def measure(
    folder: Path, codebook: Codebook, reading: Reading
) -> tuple[pd.DataFrame | None, pd.DataFrame]:
    """Return how readers agree, if there are two, and how the codebook does on their clauses."""
    clauses = read_clauses(folder)
    codings = read_codings(folder, codebook)
    agreed = None
    if len(set(codings["coder"])) > 1:
        agreed = agreement(codings, clauses=clauses)
        codings = pd.concat([keep_agreed(codings), codings])
    tags = tag_topics(clauses, codebook, reading=reading)
    return agreed, score_codebook(codings, tags, clauses=clauses)


def show(folder: Path, codebook: Codebook, reading: Reading) -> None:
    """Print what `measure` returns for one folder."""
    agreed, scores = measure(folder, codebook, reading)
    clauses, readers = read_clauses(folder), set(read_codings(folder, codebook)["coder"])
    print(f"\n== {folder.name}\n\n{len(clauses)} clauses, read by {len(readers)}\n")
    if agreed is not None:
        columns = ["topic", "prevalence", "raw_agreement", "alpha", "alpha_low", "alpha_high"]
        print(agreed[columns].round(3).to_string(index=False), "\n")
    first = scores["coder"].eq(scores["coder"].iloc[0])
    whole = first | scores["topic"].isin(["all", "macro"])
    columns = ["clauses", "texts", "tn", "note"]
    print(scores[whole].drop(columns=columns).round(3).to_string(index=False))


if __name__ == "__main__":
    main()
