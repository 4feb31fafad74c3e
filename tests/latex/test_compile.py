"""A paper's tables through XeLaTeX: they compile, fit on the page, and their text can be read.

`make test-latex` runs what is here; plain `pytest` does not.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from unicodedata import normalize

import pytest
from pypdf import PdfReader

from resanalysis.export.paper import (
    Cell,
    Column,
    PaperTable,
    Row,
    Run,
    make_comparison_table,
    make_shift_table,
    write_latex,
)
from resanalysis.model import LANGUAGES, Language, Study
from resanalysis.robustness import assess_robustness
from resanalysis.study import run_study

ROOT = Path(__file__).parents[2]
FONTS = ROOT / "resanalysis" / "data" / "fonts"
FONT = rf"\setCJKmainfont[Path={FONTS}/,AutoFakeBold]{{ResanalysisSansSC-Regular.ttf}}"
"""The package's own font, so that the pages are the same on every machine."""

BOTH = pytest.mark.parametrize("language", LANGUAGES)
NASTY = "\\ { } $ & # % _ ~ ^ < > | \" ' ` [x] * -- --- '' `` ,, ?` !` − → × ± ≤ ≥ “ ” – — ·"
POINTS = 3.0  # the widest that a line may stick out


@pytest.fixture(scope="session")
def xelatex() -> str:
    """Return the path of XeLaTeX."""
    found = shutil.which("xelatex")
    if found is None:
        pytest.fail(
            "these tests need XeLaTeX with ctex (Debian, Ubuntu: apt-get install"
            " --no-install-recommends texlive-xetex texlive-lang-chinese"
            " texlive-latex-recommended texlive-plain-generic)"
        )
    return found


@pytest.fixture(scope="session")
def study() -> Study:
    return run_study(ROOT / "corpora" / "itu-pp-res-182", draws=100)


def compile_source(xelatex: str, source: str, folder: Path) -> Path:
    """Return the PDF of a document; longtable needs two runs for its widths."""
    (folder / "table.tex").write_text(source, "utf-8")
    for _ in range(2):
        done = subprocess.run(  # noqa: S603 - our own source, no shell
            [xelatex, "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", "table"],
            cwd=folder,
            capture_output=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stdout.decode("utf-8", "replace")[-2000:]
    return folder / "table.pdf"


def put_font(source: str) -> str:
    return source.replace(r"\begin{document}", FONT + "\n" + r"\begin{document}", 1)


def check_log(folder: Path) -> None:
    """Hold that no character is missing and no line sticks out."""
    # TeX breaks the lines of its log after 79 characters.
    log = (folder / "table.log").read_text("utf-8", "replace").replace("\n", "")
    assert "Missing character" not in log
    wide = [float(points) for points in re.findall(r"Overfull \\hbox \(([\d.]+)pt", log)]
    assert max(wide, default=0) <= POINTS


def check_fonts(path: Path) -> None:
    """Hold that every font of a PDF is inside it."""
    for page in PdfReader(path).pages:
        for reference in page["/Resources"]["/Font"].values():  # type: ignore[index]
            font = reference.get_object()
            inner = font.get("/DescendantFonts", [font])[0].get_object()
            described = inner["/FontDescriptor"].get_object()
            assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(described)


def read_text(path: Path) -> str:
    """Return the text of a PDF without white space, which line breaks add, and ligatures."""
    text = "".join(page.extract_text() for page in PdfReader(path).pages)
    parted = re.sub("[\ufb00-\ufb04]", lambda found: normalize("NFKC", found[0]), text)
    return re.sub(r"\s", "", parted)


@BOTH
def test_the_shift_prints_on_one_page(
    xelatex: str, study: Study, language: Language, tmp_path: Path
) -> None:
    verdicts = assess_robustness(study, draws=20).verdicts
    table = make_shift_table(study, language=language, verdicts=verdicts)
    path = compile_source(xelatex, put_font(write_latex(table)), tmp_path)
    check_log(tmp_path)
    check_fonts(path)
    assert len(PdfReader(path).pages) == 1
    shown = read_text(path)
    for row in table.rows:
        if not row.is_heading:
            numbers = "".join(cell.text for cell in row.cells[1:])
            assert re.sub(r"\s", "", numbers) in shown


@BOTH
def test_the_two_versions_print_with_every_character(
    xelatex: str, study: Study, language: Language, tmp_path: Path
) -> None:
    table = make_comparison_table(study, language=language)
    path = compile_source(xelatex, put_font(write_latex(table)), tmp_path)
    check_log(tmp_path)
    check_fonts(path)
    shown, written = read_text(path), "".join(cell.text for row in table.rows for cell in row.cells)
    for character in set(re.sub(r"\s", "", written)):
        assert shown.count(character) >= written.count(character), character
    assert "气候变化" in shown


@BOTH
def test_a_paper_takes_the_tables_in(
    xelatex: str, study: Study, language: Language, tmp_path: Path
) -> None:
    made = make_shift_table(study, language=language), make_comparison_table(study)
    parts = [write_latex(table, standalone=False) for table in made]
    packages = re.search(r"\\usepackage\{.*\}", parts[0])
    assert packages
    inputs = []
    for i, part in enumerate(parts):
        (tmp_path / f"part{i}.tex").write_text(part, "utf-8")
        inputs.append(rf"\input{{part{i}}}")
    paper = ["\\documentclass{ctexart}", packages[0], r"\begin{document}", *inputs]
    path = compile_source(xelatex, "\n".join([*paper, r"\end{document}"]), tmp_path)
    # The fonts are those of the machine here: what is held is only that it compiles.
    assert len(PdfReader(path).pages) > 1


@pytest.mark.parametrize("mark", ["", "del", "ins"])
@pytest.mark.parametrize("uncertain", [False, True])
def test_special_characters_print_as_they_are(
    xelatex: str, tmp_path: Path, mark: str, uncertain: bool
) -> None:
    run = Run(NASTY.replace(" ", "水"), mark, uncertain)  # type: ignore[arg-type]
    columns = (Column(NASTY, kind="label"), Column("新", kind="text"))
    rows = (
        Row((Cell((Run(NASTY),)),), is_heading=True),
        Row((Cell((Run("[a] *"),)), Cell((run,)))),
        Row((Cell((Run("* [b]"),)), Cell((run, Run("\n"), run)))),
    )
    table = PaperTable("nasty", "zh", NASTY, columns, rows, (NASTY,))
    path = compile_source(xelatex, put_font(write_latex(table)), tmp_path)
    check_log(tmp_path)
    shown = read_text(path)
    for piece in ("\\", "{", "}", "$", "&", "#", "%", "_", "~", "<", ">", "|", '"', "`", "×", "−"):
        assert shown.count(piece) >= 6, piece
    assert "[a]*" in shown
    assert "*[b]" in shown
