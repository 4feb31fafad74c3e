"""What print needs of a figure: size, fonts, caption, and files that are the same every time."""

from __future__ import annotations

import json
import re
import tempfile
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import matplotlib as mpl
import matplotlib.style
import numpy as np
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findSystemFonts, fontManager, get_font
from matplotlib.text import Text

from resanalysis.model import Codebook, Corpus, InputError, Language, Problem, input_error

if TYPE_CHECKING:
    import pandas as pd

Width: TypeAlias = Literal["single", "double", "slide"]
Fonts: TypeAlias = str | Path | Sequence[str | Path]

OWN_FONT = Path(__file__).parent / "data" / "fonts" / "ResanalysisSansSC-Regular.ttf"
OWN_FONTS: tuple[str | Path, ...] = (OWN_FONT, "DejaVu Sans")
"""The font that the package ships, and matplotlib's own behind it for Greek and symbols."""

MM_PER_INCH = 25.4
WIDTHS_MM: dict[Width, float] = {"single": 85.0, "double": 180.0, "slide": 338.667}
FONT_FILES = (".ttf", ".otf", ".ttc", ".otc")

# Seeds the ids inside SVG files, which are random otherwise; tells a print style in force, too.
_HASHSALT = "resanalysis"
_SCREEN_DPI = 192
_CSS_DPI = 96


# --- size and style -----------------------------------------------------------------------------


def figure_size(width: Width, height_mm: float | None = None) -> tuple[float, float]:
    """Return a figure's width and height in inches.

    Parameters
    ----------
    width : {"single", "double", "slide"}
        85 mm (one column of a journal), 180 mm (two columns), or 338.7 mm (a slide of 16:9).
    height_mm : float, optional
        Height in millimetres; 9/16 of the width when left out.

    Examples
    --------
    >>> figure_size("slide")
    (13.333, 7.5)
    """
    width_mm = WIDTHS_MM[width]
    height = width_mm * 9 / 16 if height_mm is None else height_mm
    return round(width_mm / MM_PER_INCH, 3), round(height / MM_PER_INCH, 3)


@contextmanager
def print_style(*, fonts: Fonts | None = None, font_size: float = 7.5) -> Iterator[None]:
    """Draw in the print style inside this context; every setting is put back behind it.

    Figures are drawn in this style anyway. Enter it for another font or size of type, or for
    figures of one's own.

    Parameters
    ----------
    fonts : str, Path or sequence of them, optional
        Font families as installed, or font files, the first that has a character prints it. No
        other font steps in. The package's own Chinese font and DejaVu Sans when left out.
    font_size : float
        Size of the type in points; 7 to 8 for print, 14 or more for slides.

    Raises
    ------
    InputError
        When a font is not found; all that are missing are named.

    Examples
    --------
    >>> with print_style(font_size=14):
    ...     figure = Figure(figsize=figure_size("slide"))
    """
    settings = {
        "font.family": _families(OWN_FONTS if fonts is None else fonts),
        "font.size": font_size,
        "axes.titlesize": "medium",
        "axes.unicode_minus": True,
        "axes.axisbelow": True,
        "axes.linewidth": 0.6,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "grid.color": "0.85",
        "grid.linewidth": 0.4,
        "hatch.linewidth": 0.6,
        "lines.linewidth": 0.9,
        "text.parse_math": False,
        "xtick.major.width": 0.6,
        "ytick.major.width": 0.6,
        "figure.dpi": 150,
        "pdf.fonttype": 42,
        "ps.fonttype": 42,
        "svg.fonttype": "none",
        "svg.hashsalt": _HASHSALT,
    }
    with mpl.style.context(["default", settings]):
        yield


def style_in_force() -> AbstractContextManager[None]:
    """Return the print style: the one the caller has entered, or else the default."""
    return nullcontext() if mpl.rcParams["svg.hashsalt"] == _HASHSALT else print_style()


class PrintFigure(Figure):
    """A figure that notebooks display at its print size without pyplot or a choice of backend."""

    def _repr_png_(self) -> tuple[bytes, dict[str, int]]:
        buffer = BytesIO()
        with style_in_force():
            self.savefig(buffer, format="png", dpi=_SCREEN_DPI, metadata={"Software": None})
        width, height = (round(inches * _CSS_DPI) for inches in self.get_size_inches())
        return buffer.getvalue(), {"width": width, "height": height}


# --- fonts --------------------------------------------------------------------------------------


def _families(fonts: Fonts) -> list[str]:
    named = [fonts] if isinstance(fonts, str | Path) else list(fonts)
    families: list[str] = []
    problems: list[Problem] = []
    for font in named:
        try:
            families.append(_family(font))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return families


def _family(font: str | Path) -> str:
    """Return the family name of a font file, made known to matplotlib, or of an installed font."""
    path = Path(font)
    if path.suffix.lower() in FONT_FILES:
        return _register(path.resolve())
    if _font_file(str(font)) is None:
        _learn_fonts()
    if _font_file(str(font)) is None:
        raise input_error(
            "fonts",
            str(font),
            "no font of that family is installed",
            "Install it, or name an installed family or the path of a .ttf, .otf or .ttc file",
        )
    return str(font)


def _learn_fonts() -> None:
    """Tell matplotlib of fonts that were installed since it made its list."""
    for path in set(findSystemFonts()) - {entry.fname for entry in fontManager.ttflist}:
        with suppress(OSError, RuntimeError):  # a file that is no font, or of a kind it cannot read
            fontManager.addfont(path)


@cache
def _register(path: Path) -> str:
    if not path.is_file():
        raise input_error("fonts", str(path), "there is no such file", "Correct the path")
    try:
        fontManager.addfont(path)
        family = FontProperties(fname=path).get_name()
    except (OSError, RuntimeError) as error:
        raise input_error(
            "fonts", str(path), f"the file cannot be read as a font ({error})", "Name another font"
        ) from error
    found = _font_file(family)
    if found is None or not Path(found).samefile(path):
        raise input_error(
            "fonts",
            str(path),
            f"another file of the family {family!r} goes before it: {found}",
            "Name the family instead of the file, or a file of another family",
        )
    return family


def _font_file(family: str, like: FontProperties | None = None) -> str | None:
    """Return the file that matplotlib prints a family with, None where it has none."""
    wanted = FontProperties() if like is None else like.copy()
    wanted.set_family([family])
    try:
        return fontManager.findfont(wanted, fallback_to_default=False)
    except ValueError:
        return None


@cache
def _characters(font_file: str) -> frozenset[int]:
    return frozenset(get_font(font_file).get_charmap())


def _check_glyphs(figure: Figure) -> None:
    """Raise an `InputError` that names every character that no font of its text has."""
    problems: dict[str, Problem] = {}
    for artist in figure.findobj(Text):
        assert isinstance(artist, Text)  # noqa: S101 - what findobj returns, for the type checker
        text, style = artist.get_text(), artist.get_fontproperties()
        files = [_font_file(family, style) for family in style.get_family()]
        printable: frozenset[int] = frozenset().union(*(_characters(f) for f in files if f))
        lacking = sorted({c for c in text if ord(c) not in printable and c != "\n"})
        if lacking and text not in problems:
            problems[text] = Problem(
                "error",
                "figure",
                f"text {text!r}",
                "no glyph for "
                + ", ".join(f"{c!r} (U+{ord(c):04X})" for c in lacking)
                + " in "
                + ", ".join(style.get_family()),
                "Name a font that has it, such as print_style(fonts=[...]), or correct the text",
            )
    if problems:
        raise InputError(problems.values())


# --- captions -----------------------------------------------------------------------------------

FigureName: TypeAlias = Literal["topic-shares", "change-origin", "clause-topic-map", "part-shift"]

_UNITS: dict[str, tuple[str, str]] = {
    "clause": ("含该主题的条款数", "clauses with the topic"),
    "character": ("含该主题的条款的字符数", "characters of clauses with the topic"),
    "token": ("含该主题的条款的词数", "tokens of clauses with the topic"),
    "matched": ("匹配到的字符数", "matched characters"),
}

_CAPTIONS: dict[str, tuple[str, str]] = {
    "topic-shares": (
        "各主题在{old}（空心圆）与{new}（实心圆）中的份额。份额为该主题占该版全部主题标注的比例，"
        "合计为1，故其他主题增加时，未变的主题份额也会下降。右列：{unit}（旧→新）。"
        "细线：份额之差的区间，自旧版份额起画（旧版份额加区间下端，至旧版份额加区间上端）。",
        "Share of each topic in {old} (open circle) and {new} (filled circle). A share is the "
        "topic's part of all topic assignments of the edition; shares sum to 1, so that a topic "
        "that did not change falls when others grow. Right column: {unit}, old→new. Thin line: "
        "interval of the difference of shares, drawn from the old share (old share plus lower end "
        "to old share plus upper end). ",
    ),
    "change-origin": (
        "从{old}到{new}，各主题的变化来自何处（单位：{unit}）。零线右侧：新增条款（ADD）带来的与"
        "保留条款修改（MOD）增加的；左侧：删除条款（SUP）带走的与修改减少的。"
        "每行各段之和等于净变化（菱形，右列）。",
        "Where each topic's change from {old} to {new} came from (unit: {unit}). Right of zero: "
        "brought by added clauses (ADD) and gained by edits of kept clauses (MOD); left of zero: "
        "taken by suppressed clauses (SUP) and lost by edits. The bars of a row sum to its net "
        "change (diamond, right column). ",
    ),
    "clause-topic-map": (
        "各条款的主题，按文本顺序；每行为一个条款，两版配对者合为一行。满格：两版均有该主题；"
        "左半空格：仅{old}有；右半实格：仅{new}有。左侧条用国际电联符号："
        "ADD新增、SUP删除、MOD修改、NOC未变。",
        "Topics of every clause in the order of the document; a row is one clause, or the pair of "
        "its two versions. Full cell: the topic is in both; open left half: in {old} only; filled "
        "right half: in {new} only. Strip at left, in ITU's symbols: ADD added, SUP suppressed, "
        "MOD modified, NOC no change. ",
    ),
    "part-shift": (
        "序言部分与执行部分中含各主题的条款，{old}（空心圆）与{new}（实心圆）。"
        "右列：{unit}（旧→新）。",
        "Clauses with each topic in the preamble and in the operative part, {old} (open circle) "
        "and {new} (filled circle). Columns of numbers: {unit}, old→new. ",
    ),
    "category": ("仅限类别：{category}。", "Category: {category} only. "),
    "moved": (
        "移入、移出：条款来自或去往其他类别。",
        "Moved in and out: clauses that came from or went to other categories. ",
    ),
    "rows": (
        "N = {rows}行：NOC {NOC}、MOD {MOD}、ADD {ADD}、SUP {SUP}。",
        "N = {rows} rows: NOC {NOC}, MOD {MOD}, ADD {ADD}, SUP {SUP}. ",
    ),
    "n": (
        "N = 旧版{base_old}条、新版{base_new}条（计引导句、条款与分项）；"
        "主题标注（条款×主题）{tags_old}→{tags_new}。",
        "N = {base_old} clauses in the old and {base_new} in the new edition (lead-ins, clauses "
        "and items count); topic assignments (clause by topic) {tags_old}→{tags_new}. ",
    ),
    "interval": (
        "区间模型：{model}；两版均为全文，区间不是抽样误差，只表示结果在多大程度上取决于个别条款。",
        "Interval model: {model}; both texts are complete, so the interval is no sampling error "
        "but shows how far the result hangs on single clauses. ",
    ),
    "no interval": ("未计算区间。", "No intervals were computed. "),
    "method": (
        "方法：以编码本词条按字符匹配条款文字，两版条款逐一配对；"
        "编码本 {codebook} {version}（SHA-256 {codebook_hash}）。",
        "Method: terms of the codebook matched on the characters of each clause, clauses paired "
        "across the editions; codebook {codebook} {version} (SHA-256 {codebook_hash}). ",
    ),
    "source": (
        "文本：{body}，第{number}号决议《{title}》，{file}（SHA-256 {file_hash}）；"
        "复原文本；未参照官方文本。",
        "Text: {body}, Resolution {number}, “{title}”, {file} (SHA-256 {file_hash}); "
        "recovered versions; official texts were not consulted. ",
    ),
    "rights": ("权利：{rights}", "Rights: {rights}"),
    "bootstrap": (
        "配对条款自助法，水平{level}，抽样{draws}次，种子{seed}",
        "paired clause bootstrap, level {level}, {draws} draws, seed {seed}",
    ),
}


def figure_caption(
    figure: FigureName,
    shift: pd.DataFrame,
    corpus: Corpus,
    codebook: Codebook,
    *,
    language: Language,
    unit: str = "clause",
    breakdown: str = "total",
    category: str = "all",
    pairs: pd.DataFrame | None = None,
) -> str:
    """Return a figure's caption: what it shows, N, unit, method, intervals, codebook and source.

    Parameters
    ----------
    figure : {"topic-shares", "change-origin", "clause-topic-map", "part-shift"}
        Which figure it stands under.
    shift : DataFrame
        Table `shift` that was drawn; all numbers come from it.
    corpus : Corpus
        Gives the editions, the source and its rights.
    codebook : Codebook
        Gives the codebook's name, version and hash.
    language : {"zh", "en"}
        Language of the caption.
    unit, breakdown, category : str
        The same as were drawn.
    pairs : DataFrame, optional
        Table `pairs`; with it the caption of the clause-topic map counts its rows by change.

    Returns
    -------
    str
        One paragraph without a line break.

    Raises
    ------
    InputError
        When the table has no rows of that unit, breakdown and category.

    Examples
    --------
    >>> figure_caption("topic-shares", study.shift, study.corpus, study.codebook,
    ...                language="en")  # doctest: +SKIP
    """
    drawn, clauses = (
        select_rows(shift, unit, breakdown, category),
        select_rows(shift, "clause", "total"),
    )
    keys: list[str] = [figure]
    if category != "all":
        keys.append("category")
    if figure == "change-origin" and drawn[["moved_in", "moved_out"]].any(axis=None):
        keys.append("moved")
    if figure == "clause-topic-map" and pairs is not None:
        keys.append("rows")
    keys.append("n")
    model = "; ".join(drawn["interval_model"].unique())
    if figure == "topic-shares":
        keys.append("no interval" if model == "none" else "interval")
    keys += ["method", "source", *(["rights"] if corpus.rights else [])]
    values = {
        "old": corpus.old.label(language),
        "new": corpus.new.label(language),
        "unit": unit_name(unit, language),
        "category": category,
        "base_old": clauses["base_old"].iloc[0],
        "base_new": clauses["base_new"].iloc[0],
        "tags_old": clauses["n_old"].sum(),
        "tags_new": clauses["n_new"].sum(),
        "model": _describe_model(model, language),
        "codebook": codebook.id,
        "version": codebook.version,
        "codebook_hash": codebook.sha256[:8],
        "body": corpus.body,
        "number": corpus.number,
        "title": corpus.title[language],
        "file": corpus.source.name,
        "file_hash": corpus.source.sha256[:8],
        "rights": corpus.rights,
    }
    if pairs is not None:
        rows = pairs[pairs["relation"].eq("1:1")]
        values |= {"rows": len(rows)} | {
            change: int(rows["change"].eq(change).sum()) for change in ("NOC", "MOD", "ADD", "SUP")
        }
    return "".join(_caption_words(key, language).format(**values) for key in keys).strip()


def select_rows(
    shift: pd.DataFrame, unit: str, breakdown: str, category: str = "all"
) -> pd.DataFrame:
    """Return the rows of `shift` of one unit, breakdown and category."""
    wanted = {"unit": unit, "breakdown": breakdown, "category": category}
    rows = shift
    for column, value in wanted.items():
        rows = rows[rows[column].eq(value)]
    if rows.empty:
        place = ", ".join(f"{column} {value}" for column, value in wanted.items())
        raise input_error("shift", place, "there are no such rows", "Pass the table `shift`")
    return rows


def unit_name(unit: str, language: Language) -> str:
    """Return what the numbers of a unit of `shift` count."""
    return _UNITS[unit][language == "en"]


def _caption_words(key: str, language: Language) -> str:
    return _CAPTIONS[key][language == "en"]


def _describe_model(model: str, language: Language) -> str:
    """Return the interval model in words; one that is not known stands as it is."""
    known = re.fullmatch(
        r"paired clause bootstrap, (?P<level>\S+ %), (?P<draws>\d+) draws, seed (?P<seed>\d+)",
        model,
    )
    return _caption_words("bootstrap", language).format(**known.groupdict()) if known else model


# --- saving -------------------------------------------------------------------------------------


def save_figure(
    figure: Figure,
    path_stem: str | Path,
    *,
    data: pd.DataFrame,
    captions: Mapping[Language, str],
    provenance: Mapping[str, Any],
    dpi: int = 300,
) -> list[Path]:
    """Save a figure for print, with the table, the captions and the record of what made it.

    The same figure gives the same bytes on every run (PNG: on one machine). All files are written
    aside and put in place together; when anything fails, none is touched.

    Parameters
    ----------
    figure : Figure
        What to save, at the size it has.
    path_stem : str or Path
        Path of the files without their endings, such as `results/figures/topic-shares`; its
        folder is made where it is missing.
    data : DataFrame
        The rows that are drawn.
    captions : mapping of language to str
        Captions by language (`zh`, `en`).
    provenance : mapping
        What made the figure: anything that JSON can hold.
    dpi : int
        Dots per inch of the PNG.

    Returns
    -------
    list of Path
        `.pdf` and `.svg` (text kept as text, fonts embedded in the PDF as TrueType), `.png`,
        `.csv` (UTF-8 with BOM), `.caption.zh.txt` and the like, `.provenance.json`.

    Raises
    ------
    InputError
        When no font has a character of the figure; found before anything is written.

    Notes
    -----
    SVG files name their fonts and do not embed them: where the package's font is not installed,
    a viewer sets the text in another one.

    Examples
    --------
    >>> save_figure(ax.figure, "results/figures/topic-shares", data=study.shift,
    ...             captions={"zh": "……"}, provenance=study.provenance)  # doctest: +SKIP
    """
    stem = Path(path_stem)
    record = json.dumps(provenance, ensure_ascii=False, indent=2, sort_keys=True)
    texts = {f"caption.{language}.txt": caption for language, caption in captions.items()}
    with style_in_force():
        _settle(figure)
        _check_glyphs(figure)
        stem.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=stem.parent, prefix=f".{stem.name}-") as aside:
            made = list(_write_images(figure, Path(aside), stem.name, dpi))
            made.append(Path(aside) / f"{stem.name}.csv")
            data.to_csv(made[-1], index=False, encoding="utf-8-sig", lineterminator="\n")
            for ending, text in {**texts, "provenance.json": record}.items():
                made.append(Path(aside) / f"{stem.name}.{ending}")
                made[-1].write_text(text.rstrip("\n") + "\n", encoding="utf-8", newline="\n")
            return [path.replace(stem.parent / path.name) for path in made]


def _settle(figure: Figure) -> None:
    """Lay the figure out until nothing moves: each pass starts from the last one's result."""
    with warnings.catch_warnings():
        # Missing glyphs are reported in full by _check_glyphs.
        warnings.filterwarnings("ignore", message=r"Glyph .* missing")
        bounds: list[float] = []
        for _ in range(20):
            figure.draw_without_rendering()
            before = bounds
            bounds = [edge for ax in figure.axes for edge in ax.get_position().bounds]
            if len(before) == len(bounds) and np.allclose(before, bounds, rtol=0, atol=1e-12):
                break


def _write_images(figure: Figure, folder: Path, name: str, dpi: int) -> Iterator[Path]:
    """Write the figure in each format, all in one layout and without any date."""
    metadata: dict[str, dict[str, str | None]] = {
        "pdf": {"CreationDate": None},
        "svg": {"Date": None},
        "png": {"Software": "resanalysis"},
    }
    with _layout_held(figure), warnings.catch_warnings():
        warnings.filterwarnings("error", message=r"Glyph .* missing")
        for kind, values in metadata.items():
            path = folder / f"{name}.{kind}"
            figure.savefig(path, format=kind, dpi=dpi, metadata=values)
            yield path


@contextmanager
def _layout_held(figure: Figure) -> Iterator[None]:
    """Keep the axes where they are, to a thousandth of a millimetre.

    Text measures a little differently in each format, and a layout for each would move the axes;
    SVG names its parts by hashes, in which the last bit of a position shows.
    """
    layout = figure.get_layout_engine()
    taking_part = [(ax, ax.get_in_layout()) for ax in figure.axes]
    figure.set_layout_engine("none")
    try:
        for ax in figure.axes:
            left, bottom, width, height = ax.get_position(original=True).bounds
            ax.set_position((round(left, 6), round(bottom, 6), round(width, 6), round(height, 6)))
        yield
    finally:
        for ax, took_part in taking_part:
            ax.set_in_layout(took_part)
        figure.set_layout_engine(layout)
