"""Topics coded by readers: sheets to fill in, read back, agreement, the codebook's errors."""

from resanalysis.coding.agreement import agreement
from resanalysis.coding.alpha import krippendorff_alpha
from resanalysis.coding.disagreements import list_disagreements
from resanalysis.coding.reading import check_coding, list_uncoded, read_coding
from resanalysis.coding.scores import score_codebook
from resanalysis.coding.units import coding_sheet
from resanalysis.coding.writing import write_sheet

__all__ = [
    "agreement",
    "check_coding",
    "coding_sheet",
    "krippendorff_alpha",
    "list_disagreements",
    "list_uncoded",
    "read_coding",
    "score_codebook",
    "write_sheet",
]
