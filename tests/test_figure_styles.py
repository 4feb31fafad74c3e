"""Widths, sizes of type, fonts by any of their names, and colours that can be told apart."""

from collections.abc import Iterator
from itertools import pairwise, product
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from matplotlib.font_manager import fontManager
from matplotlib.text import Text
from PIL import Image

from resanalysis.figures import PrintFigure, Width, figure_size, fonts, print_style, save_figure
from resanalysis.figures.pieces import FELL, GREW, PALE_FELL, PALE_GREW, new_axes
from resanalysis.model import InputError, Study
from resanalysis.results import FIGURES, ROBUSTNESS_FIGURES, draw_figure, draw_figures
from resanalysis.robustness import Robustness, assess_robustness
from resanalysis.study import run_study
from tests.test_figures import make_word_shift

# --- sizes --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("journal", "single", "double"),
    [("elsevier", 90, 190), ("ieee", 88.9, 182), ("springer", 84, 174)],
)
def test_journals_have_their_columns(journal, single: float, double: float) -> None:
    widths = [figure_size(width, journal=journal)[0] * 25.4 for width in ("single", "double")]
    assert widths == pytest.approx([single, double], abs=0.02)


def test_a_width_or_journal_that_is_none_is_refused_with_those_that_are() -> None:
    with pytest.raises(ValueError, match="single, double, slide"):
        figure_size("wide")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="of ieee: pass one of single, double"):
        figure_size("slide", journal="ieee")
    with pytest.raises(ValueError, match="elsevier, ieee, springer"):
        figure_size("single", journal="nobody")  # type: ignore[arg-type]


def test_type_goes_with_the_width() -> None:
    sizes = []
    for width in ("single", "double", "slide"):
        with print_style(width=width):
            sizes.append(mpl.rcParams["font.size"])
    assert sizes == [7.5, 7.5, 14]


def test_size_of_type_that_is_given_holds() -> None:
    with print_style(width="slide", font_size=18):
        assert mpl.rcParams["font.size"] == 18


def test_new_figures_have_the_width_of_the_style() -> None:
    with print_style(width="single", journal="ieee"):
        assert new_axes(100).figure.get_size_inches().tolist() == pytest.approx([3.5, 100 / 25.4])


def test_without_a_width_new_figures_have_their_own() -> None:
    with print_style(font_size=9):
        size = new_axes(100, 170).figure.get_size_inches().tolist()
    assert size == pytest.approx([170 / 25.4, 100 / 25.4])


def test_style_inside_another_keeps_its_fonts() -> None:
    with print_style(fonts="DejaVu Serif"), print_style(width="slide"):
        assert mpl.rcParams["font.family"] == ["DejaVu Serif"]


# --- the study's figures at every width ---------------------------------------------------------


@pytest.fixture(scope="module")
def study() -> Study:
    return run_study("tests/data/small", draws=0)


@pytest.fixture(scope="module")
def robustness(study: Study) -> Robustness:
    return assess_robustness(study, draws=20)


@pytest.mark.parametrize("width", ["single", "double", "slide"])
@pytest.mark.parametrize("name", [*FIGURES, *ROBUSTNESS_FIGURES])
def test_figure_is_whole_at_a_width_or_says_which_it_has(
    study: Study, robustness: Robustness, name: str, width: Width
) -> None:
    options = {"robustness": robustness, "width": width, "language": "en"}
    try:
        figure = draw_figure(name, study, **options).get_figure(root=True)
    except ValueError as refusal:
        assert f"figure {name} cannot be read at width '{width}'; pass double" in str(refusal)
        assert (name, width) in {
            ("clause-topic-map", "single"), ("clause-topic-map", "slide"),
            ("clause-links", "single"), ("clause-links", "slide"),
            ("redline", "single"), ("redline", "slide"),
            ("part-shift", "single"), ("addressee-shift", "single"),
            ("robustness", "single"), ("specifications", "single"),
        }  # fmt: skip
        return
    assert isinstance(figure, PrintFigure)
    figure.draw_without_rendering()
    tight = figure.get_tightbbox().get_points()
    assert (tight >= 0).all()
    assert (tight <= figure.get_size_inches()).all()
    assert figure.get_size_inches()[0] == figure_size(width)[0]


@pytest.mark.parametrize("name", ["topic-shares", "change-origin"])
def test_labels_of_a_narrow_figure_do_not_run_into_each_other(study: Study, name: str) -> None:
    ax = draw_figure(name, study, width="single", language="en")
    ax.figure.draw_without_rendering()
    boxes = [label.get_window_extent() for label in ax.get_yticklabels()]
    edges = sorted((box.y0, box.y1) for box in boxes)
    assert all(below[1] <= above[0] + 1 for below, above in pairwise(edges))


def test_type_on_slides_is_large(study: Study) -> None:
    figure = draw_figure("topic-shares", study, width="slide").get_figure(root=True)
    assert figure is not None
    texts = [text for text in figure.findobj(Text) if isinstance(text, Text) and text.get_text()]
    assert min(text.get_fontsize() for text in texts) >= 12


def test_unknown_figure_is_refused_with_those_there_are(study: Study) -> None:
    with pytest.raises(ValueError, match="word-shift"):
        draw_figure("pie", study)


def test_figure_of_the_robustness_that_was_not_asked_is_refused(study: Study) -> None:
    with pytest.raises(InputError, match="assess_robustness"):
        draw_figure("robustness", study)


def test_named_figures_are_saved_in_the_size_of_a_journal(study: Study, tmp_path: Path) -> None:
    names = ["change-origin", "topic-shares"]
    saved = draw_figures(study, tmp_path, names=names, width="single", journal="ieee")
    assert [figure.name for figure in saved] == names
    with Image.open(saved[0].png("en")) as image:
        inches = image.size[0] / image.info["dpi"][0]
    assert inches == pytest.approx(figure_size("single", journal="ieee")[0], abs=0.01)


def test_figures_are_saved_in_the_languages_asked(study: Study, tmp_path: Path) -> None:
    (saved,) = draw_figures(study, tmp_path, names=["topic-shares"], languages=["en"])
    assert list(saved.stems) == ["en"]
    assert {path.name.split(".")[0] for path in tmp_path.iterdir()} == {"topic-shares-en"}
    with pytest.raises(ValueError, match="zh, en"):
        draw_figures(study, tmp_path, languages=["fr"])  # type: ignore[list-item]


def test_nothing_is_saved_when_one_figure_cannot_be_read_at_the_width(
    study: Study, tmp_path: Path
) -> None:
    with pytest.raises(ValueError, match="clause-topic-map"):
        draw_figures(study, tmp_path, names=["topic-shares", "clause-topic-map"], width="single")
    assert list(tmp_path.iterdir()) == []


# --- fonts --------------------------------------------------------------------------------------


def build_font(path: Path, names: dict[str, str], *, mac: str = "") -> Path:
    """Make a font of one square glyph for `水`, with a family name by language."""
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder([".notdef", "water"])
    builder.setupCharacterMap({ord("水"): "water"})
    pen = TTGlyphPen(None)
    for move, at in (("moveTo", (0, 0)), ("lineTo", (0, 800)), ("lineTo", (800, 800))):
        getattr(pen, move)(at)
    pen.closePath()
    glyph = pen.glyph()
    builder.setupGlyf({".notdef": glyph, "water": glyph})
    builder.setupHorizontalMetrics({".notdef": (1000, 0), "water": (1000, 0)})
    builder.setupHorizontalHeader(ascent=880, descent=-120)
    builder.setupNameTable({"familyName": names, "styleName": {"en": "Regular"}})
    if mac:  # as fonts of the nineties name themselves: Macintosh, simplified Chinese
        builder.font["name"].setName(mac, 1, 1, 25, 33)
    builder.setupOS2(sTypoAscender=880, usWinAscent=880, usWinDescent=120)
    builder.setupPost()
    builder.save(path)
    return path


@pytest.fixture
def install(monkeypatch: pytest.MonkeyPatch) -> Iterator[object]:
    """Return what makes the system have these fonts and, to matplotlib, no others that are new."""
    monkeypatch.setattr(fontManager, "ttflist", list(fontManager.ttflist))

    def install(*paths: Path) -> None:
        monkeypatch.setattr(fonts, "findSystemFonts", lambda: [str(path) for path in paths])

    yield install
    fontManager._findfont_cached.cache_clear()


def test_installed_font_is_found_by_its_chinese_name(install, tmp_path: Path) -> None:
    install(build_font(tmp_path / "a.ttf", {"en": "Test Song A", "zh": "测试宋体甲"}))
    with print_style(fonts="测试宋体甲"):
        assert mpl.rcParams["font.family"] == ["Test Song A"]


def test_name_in_a_macintosh_encoding_is_read(install, tmp_path: Path) -> None:
    install(build_font(tmp_path / "b.ttf", {"en": "Test Song B"}, mac="测试宋体乙"))
    with print_style(fonts="测试宋体乙"):
        assert mpl.rcParams["font.family"] == ["Test Song B"]


def test_case_and_width_of_a_name_do_not_matter(install, tmp_path: Path) -> None:
    install(build_font(tmp_path / "c.ttf", {"en": "Test Song C", "zh": "测试宋体C"}))
    with print_style(fonts="测试宋体ｃ"):
        assert mpl.rcParams["font.family"] == ["Test Song C"]


def test_chinese_name_that_is_not_installed_is_refused_with_some_that_are(
    install, tmp_path: Path
) -> None:
    install(build_font(tmp_path / "d.ttf", {"en": "Test Song D", "zh": "〇测试宋体"}))
    with pytest.raises(InputError) as error, print_style(fonts="没有此体"):
        pass
    (problem,) = error.value.problems
    assert problem.place == "没有此体"
    assert "no font of that family is installed" in problem.what
    assert "〇测试宋体" in problem.remedy


def test_glyph_that_a_font_of_ones_own_lacks_is_named(install, tmp_path: Path) -> None:
    install(build_font(tmp_path / "e.ttf", {"en": "Test Song E", "zh": "测试宋体戊"}))
    with print_style(fonts="测试宋体戊"):
        figure = PrintFigure()
        figure.text(0.5, 0.5, "水电")
    with pytest.raises(InputError) as error:
        save_figure(figure, tmp_path / "figure", data=make_word_shift(), captions={}, provenance={})
    (problem,) = error.value.problems
    assert "'电' (U+7535) in Test Song E" in problem.what
    assert "水'" not in problem.what


# --- colours ------------------------------------------------------------------------------------

# Machado, Oliveira & Fernandes (2009), A physiologically-based model for simulation of color vision
# deficiency, severity 1.0; on linear RGB.
MACHADO = {
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
}
# CIE 1931 from linear sRGB (IEC 61966-2-1), and the white point of its D65.
TO_XYZ = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
WHITE = [0.9505, 1.0, 1.089]

# Told apart by colour and its depth alone: direction of a change, and the ends of each scale.
PAIRS = [(GREW, FELL), (GREW, PALE_GREW), (GREW, "white"), (FELL, "white")]


def to_lab(colour: str, sight: str) -> np.ndarray:
    """Return L*, a*, b* (CIE 1976) of a colour, as it is seen."""
    rgb = np.array(mpl.colors.to_rgb(colour))
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    if sight in MACHADO:
        linear = np.clip(np.array(MACHADO[sight]) @ linear, 0, 1)
    ratio = np.array(TO_XYZ) @ linear / np.array(WHITE)
    x, y, z = np.where(ratio > (6 / 29) ** 3, np.cbrt(ratio), ratio / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("pair", PAIRS)
def test_pairs_of_colours_differ_in_grey(pair: tuple[str, str]) -> None:
    light, dark = (to_lab(colour, "usual")[0] for colour in pair)
    assert abs(light - dark) >= 20


@pytest.mark.parametrize(
    ("sight", "pair"), list(product(MACHADO, [*PAIRS, (PALE_GREW, PALE_FELL)]))
)
def test_pairs_of_colours_differ_for_the_colour_blind(sight: str, pair: tuple[str, str]) -> None:
    one, other = (to_lab(colour, sight) for colour in pair)
    assert np.linalg.norm(one - other) >= 20


def test_simulated_sight_leaves_greys_alone() -> None:
    for sight in MACHADO:
        assert to_lab("0.5", sight) == pytest.approx(to_lab("0.5", "usual"), abs=0.1)
