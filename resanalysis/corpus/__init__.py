"""`corpora/` on disk -> `Corpus`: descriptor, checksums, source, decisions, lexicon."""

from resanalysis.corpus.create import create_corpus, find_placeholders
from resanalysis.corpus.folder import Folder, read_corpus, read_folder
from resanalysis.corpus.names import CODEBOOK, DECISIONS, DESCRIPTOR, LEXICON, README, SOURCE
from resanalysis.corpus.text import read_lexicon, read_source

__all__ = [
    "CODEBOOK",
    "DECISIONS",
    "DESCRIPTOR",
    "LEXICON",
    "README",
    "SOURCE",
    "Folder",
    "create_corpus",
    "find_placeholders",
    "read_corpus",
    "read_folder",
    "read_lexicon",
    "read_source",
]
