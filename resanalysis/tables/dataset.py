"""The tables of a batch's dataset beside those of a study."""

from __future__ import annotations

from resanalysis.tables.columns import Column, key_columns

_DATE = "ISO 8601: 2022, 2022-10 or 2022-10-14"

DATASET_TABLES: dict[str, tuple[Column, ...]] = {
    "documents": (
        *key_columns(edition=False),
        Column("resolution", "str", "id", "resolution that the two versions are versions of"),
        Column("body", "str", "", "who adopted it; empty where nobody said"),
        Column("old_edition", "str", "id", "edition of the old version"),
        Column("new_edition", "str", "id", "edition of the new version"),
        Column("old_date", "str", _DATE, "when the old version was adopted; empty if unknown"),
        Column("new_date", "str", _DATE, "when the new version was adopted; empty if unknown"),
        Column(
            "form",
            "str",
            "flattened, criticmarkup, word, editions",
            "kind of redline the versions come from",
        ),
        Column("known", "str", "old, new or empty", "version that is an official text"),
        Column("files", "str", "JSON list of paths", "the files, from the batch's folder on"),
        Column("encodings", "str", "JSON list", "encoding of each plain text"),
        Column("sha256", "str", "hexadecimal", "hash of the files' paths and bytes"),
        Column("characters", "int", "code points", "characters of the source"),
        Column(
            "uncertain",
            "int",
            "code points",
            "characters of the source whose operation is likely or undecidable",
        ),
        Column("clauses_old", "int", "clauses", "counted clauses of the old version"),
        Column("clauses_new", "int", "clauses", "counted clauses of the new version"),
        Column("notes", "str", "JSON list", "what a reader of the source should know"),
    ),
    "edition_profiles": (
        Column("body", "str", "", "who adopted the edition; empty where nobody said"),
        Column("resolution", "str", "id", "resolution that the edition is one of"),
        Column("edition", "str", "id", "edition, such as 2014-busan"),
        Column("date", "str", _DATE, "when it was adopted; empty if unknown"),
        Column("year", "int", "year", "year of the date; 0 if unknown"),
        *key_columns(edition=False),
        Column("version", "str", "old, new", "role of the edition in that comparison"),
        Column("unit", "str", "clause, character, token, matched", "what is counted"),
        Column("topic", "str", "id", "topic of the codebook"),
        Column("n", "int", "units", "as n_old or n_new in shift"),
        Column("base", "int", "units", "counted units of the edition"),
        Column("rate", "float", "per 100 units", "100 * n / base"),
        Column("assigned", "int", "units", "sum of n over all topics of the edition"),
        Column("share", "float", "0 to 1", "n / assigned"),
    ),
    "nearest_clauses": (
        Column("resolution", "str", "id", "resolution of the clause"),
        Column("body", "str", "", "who adopted it"),
        *key_columns(),
        Column("clause_id", "str", "id", "clause"),
        Column(
            "similarity", "float", "0 to 1", "normalised indel similarity to the text asked for"
        ),
        Column("text", "str", "", "the clause"),
    ),
    "failures": (
        Column("text", "str", "id", "id the text has or would have had in `corpus`"),
        Column("file", "str", "path", "file at fault, from the batch's folder on"),
        Column("place", "str", "", "where in it"),
        Column("what", "str", "", "what is wrong"),
        Column("remedy", "str", "", "how to mend it"),
        Column(
            "cause",
            "str",
            "input, unexpected, worker",
            "the text is at fault; this package is; the worker died over it",
        ),
    ),
}
