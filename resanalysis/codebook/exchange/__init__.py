"""Codebooks from and to files of other programs."""

from resanalysis.codebook.exchange.export import TARGETS, Export, Target, export_codebook
from resanalysis.codebook.exchange.places import Parsed
from resanalysis.codebook.exchange.quanteda_reader import read_quanteda
from resanalysis.codebook.exchange.table_document import read_table

__all__ = [
    "TARGETS",
    "Export",
    "Parsed",
    "Target",
    "export_codebook",
    "read_quanteda",
    "read_table",
]
