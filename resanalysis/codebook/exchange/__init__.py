"""Codebooks from and to files of other programs."""

from resanalysis.codebook.exchange.export import TARGETS, Export, export_codebook

__all__ = ["TARGETS", "Export", "export_codebook"]
