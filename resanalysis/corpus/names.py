"""The files of a corpus folder."""

from __future__ import annotations

from resanalysis.model import Form

DESCRIPTOR = "datapackage.json"
SOURCE = "source.txt"
DECISIONS = "decisions.critic.txt"
LEXICON = "lexicon.txt"
CODEBOOK = "codebook.toml"
CODING = "coding.csv"
README = "README.md"
OFFICIAL = "official"

SOURCES: dict[Form, str] = {
    "flattened": SOURCE,
    "criticmarkup": "source.critic.txt",
    "word": "source.docx",
}
"""Usual name of the source in each form that is one file."""

EDITION_SUFFIXES = (".txt", ".docx")
"""Suffixes of a clean text, one file per edition."""
