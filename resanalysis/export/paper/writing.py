"""The tables of a paper to disk, in every format and both languages."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from resanalysis.export.paper.excel import write_excel
from resanalysis.export.paper.latex import write_latex
from resanalysis.export.paper.plain import write_csv, write_page
from resanalysis.export.paper.shift_table import make_shift_table
from resanalysis.export.paper.table import PaperTable
from resanalysis.export.paper.word import write_word
from resanalysis.model import LANGUAGES, Study

if TYPE_CHECKING:
    import pandas as pd


def write_paper_tables(
    study: Study, folder: str | Path, *, verdicts: pd.DataFrame | None = None
) -> list[Path]:
    """Write the shift table of a study for a paper, in Chinese and English.

    `topic-shift-zh` and `topic-shift-en` as LaTeX (`.tex`, for XeLaTeX with ctex), Excel, Word,
    HTML and CSV. The 修订对照表 in the same formats is what `write_comparison` writes. The same
    study gives the same bytes.

    Parameters
    ----------
    study : Study
        The study.
    folder : str or Path
        Where to write; made if missing.
    verdicts : DataFrame, optional
        `Robustness.verdicts` of the study, by clauses: adds the verdict on each change of share.

    Returns
    -------
    list of Path
        The ten files.

    Raises
    ------
    InputError
        When the verdicts are of another corpus or of other topics.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from resanalysis.study import run_study
    >>> study = run_study("tests/data/small", draws=0)
    >>> with TemporaryDirectory() as folder:
    ...     [path.name for path in write_paper_tables(study, folder)[:2]]
    ['topic-shift-zh.tex', 'topic-shift-zh.xlsx']
    """
    tables = [make_shift_table(study, language=k, verdicts=verdicts) for k in LANGUAGES]
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    return [path for table in tables for path in _write_all(table, folder)]


def _write_all(table: PaperTable, folder: Path) -> list[Path]:
    """Write one table in every format."""
    stem = f"{table.name}-{table.language}"
    texts = {
        "tex": write_latex(table),
        "html": write_page(table),
        "csv": "\ufeff" + write_csv(table),
    }
    files = {ending: text.encode() for ending, text in texts.items()}
    files |= {"xlsx": write_excel(table), "docx": write_word(table)}
    paths = []
    for ending in ("tex", "xlsx", "docx", "html", "csv"):
        path = folder / f"{stem}.{ending}"
        path.write_bytes(files[ending])
        paths.append(path)
    return paths
