"""`corpora/` on disk -> `Corpus`: descriptor, checksums, redline, decisions, lexicon."""

from resanalysis.corpus.create import create_corpus, find_placeholders
from resanalysis.corpus.folder import Folder, read_corpus, read_folder
from resanalysis.corpus.forms import form_of, read_clean, read_document, read_files, read_form
from resanalysis.corpus.names import (
    CODEBOOK,
    CODING,
    DECISIONS,
    DESCRIPTOR,
    LEXICON,
    OFFICIAL,
    README,
    SOURCE,
    SOURCES,
)
from resanalysis.corpus.text import read_lexicon, read_source

__all__ = [
    "CODEBOOK",
    "CODING",
    "DECISIONS",
    "DESCRIPTOR",
    "LEXICON",
    "OFFICIAL",
    "README",
    "SOURCE",
    "SOURCES",
    "Folder",
    "create_corpus",
    "find_placeholders",
    "form_of",
    "read_clean",
    "read_corpus",
    "read_document",
    "read_files",
    "read_folder",
    "read_form",
    "read_lexicon",
    "read_source",
]
