"""Figures of robustness by the values of their artists, and their captions."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import StepPatch
from matplotlib.text import Annotation

from resanalysis.figures import (
    PrintFigure,
    figure_size,
    plot_robustness,
    plot_specifications,
    print_style,
    robustness_caption,
    save_figure,
)
from resanalysis.figures.robustness import print_percent
from resanalysis.model import Codebook, Corpus, Edition, InputError, Language, Source, Topic
from resanalysis.tables import make_table

LABELS = {
    "energy": ("mitigation", "节能与能效", "Energy efficiency"),
    "net_zero": ("mitigation", "净零目标", "Net zero"),
    "water": ("ecosystems", "水资源", "Water"),
    "monitoring": ("ecosystems", "监测", "Monitoring"),
}
# Value, ends of the readings, same sign with and without unmarked runs, ends of the choices,
# kept of 8, moving, verdict.
ROWS: dict[str, tuple[Any, ...]] = {
    "energy": (-0.02, -0.04, -0.01, 0.9999, 1.0, -0.03, -0.01, 8, 4, "robust"),
    "net_zero": (0.03, 0.01, 0.05, 0.97, 0.98, -0.01, 0.04, 7, 3, "fragile"),
    "water": (0.0, -0.01, 0.01, np.nan, np.nan, 0.0, 0.0, 0, 0, "undecided"),
    "monitoring": (0.01, -0.005, 0.02, 0.9499, 0.9499, 0.004, 0.012, 8, 5, "undecided"),
}
LANGUAGES: tuple[Language, Language] = ("zh", "en")
MODEL = "40 readings, 3 places by their weights, 5 unmarked runs by their confidence, seed 7"

# Choice, option, share of `net_zero`, and the topic's number in the new edition.
CHOICES: tuple[tuple[str, str, float, int], ...] = (
    ("headline", "", 0.03, 5),
    ("unit", "character", 0.04, 90),
    ("segmentation", "HMM on", 0.035, 40),
    ("codebook", "strict", 0.02, 4),
    ("alignment", "0.3", 0.03, 5),
    ("alignment", "0.7", 0.03, 5),
    ("term", "net_zero: 净零", -0.01, 2),
    ("term", "water: 水", 0.031, 5),
    ("clause", "noting__a → –", 0.0, 3),
)


@pytest.fixture
def codebook() -> Codebook:
    topics = []
    for topic, (theme, zh, en) in LABELS.items():
        label: dict[Language, str] = {"zh": zh, "en": en}
        topics.append(Topic(topic, theme, label, label, label, label, (zh,), (), (), "test"))
    themes: dict[str, dict[Language, str]] = {
        "mitigation": {"zh": "减缓", "en": "Mitigation"},
        "ecosystems": {"zh": "生态系统", "en": "Ecosystems"},
    }
    name: dict[Language, str] = {"zh": "通用", "en": "General"}
    return Codebook("general", "1.2", name, themes, tuple(topics), "c0de" * 16)


@pytest.fixture
def corpus() -> Corpus:
    return Corpus(
        id="x",
        path=Path("x"),
        title={"zh": "气候变化", "en": "Climate change"},
        body={"zh": "国际电联", "en": "ITU PP"},
        number="182",
        old=Edition("2014-busan", 2014, {"zh": "釜山", "en": "Busan"}),
        new=Edition("2022-bucharest", 2022, {"zh": "布加勒斯特", "en": "Bucharest"}),
        source=Source("source.txt", "文", "5eed" * 16),
        decisions=None,
        lexicon=(),
        rights={"zh": "© 国际电联", "en": "© ITU"},
    )


@pytest.fixture
def robustness() -> pd.DataFrame:
    return make_robustness(MODEL)


def make_robustness(model: str, **changed: Any) -> pd.DataFrame:
    records = []
    for measure, (topic, row) in itertools.product(("count", "rate", "share"), ROWS.items()):
        value, low, high, same, places, least, most, kept, moving, verdict = row
        records.append(
            {
                "corpus": "x", "measure": measure, "topic": topic, "value": value,
                "reading_low": low, "reading_high": high, "same_sign": same,
                "same_sign_places": places, "choice_low": least, "choice_high": most,
                "choices_kept": kept, "choices_tried": 8, "choices_moving": moving,
                "matters_most": "unit: character", "reversed_by": "", "verdict": verdict,
                "reading_model": model, **changed,
            }
        )  # fmt: skip
    return make_table("robustness", records)


def change_monitoring(robustness: pd.DataFrame, **changed: Any) -> pd.DataFrame:
    """Return the table with other values in the rows of `monitoring`, undecided by 94.99 %."""
    rows = robustness["topic"] == "monitoring"
    return robustness.assign(
        **{name: robustness[name].mask(rows, value) for name, value in changed.items()}
    )


@pytest.fixture
def choices() -> pd.DataFrame:
    return make_table(
        "choices",
        [
            {
                "corpus": "x", "choice": choice, "option": option, "topic": topic, "n_old": 1,
                "n_new": n_new, "count": n_new - 1, "rate": 100 * share, "share": share,
                "add": 0, "sup": 0, "mod_gain": 0, "mod_loss": 0,
            }
            for topic in ("net_zero", "water")
            for choice, option, share, n_new in CHOICES
        ],
    )  # fmt: skip


@pytest.fixture
def readings() -> pd.DataFrame:
    return make_table(
        "readings",
        [
            {
                "corpus": "x", "reading": number, "topic": "net_zero", "n_old": 1,
                "n_new": 1 + number % 4, "count": number % 4, "rate": number / 10,
                "share": number / 1000,
            }
            for number in range(1, 42)
        ],
    )  # fmt: skip


def find(ax: Axes, label: str, kind: type) -> Any:
    (found,) = [artist for artist in ax.findobj(kind) if artist.get_label() == label]
    return found


def texts(ax: Axes) -> list[str]:
    return [text.get_text() for text in ax.findobj(mpl.text.Text) if text.get_text()]


def legend_texts(ax: Axes) -> list[str]:
    (legend,) = ax.get_figure(root=True).legends  # type: ignore[union-attr]
    return [text.get_text() for text in legend.get_texts()]


def rows_of(ax: Axes) -> dict[str, float]:
    """Return the y of every row by its printed label."""
    labels = (label.get_text() for label in ax.get_yticklabels())
    return {label: float(y) for label, y in zip(labels, ax.get_yticks(), strict=True)}


def ends_by_row(ax: Axes, lines: LineCollection) -> dict[str, list[float]]:
    """Return both ends of every horizontal line by the label of the row it is nearest to."""
    rows = rows_of(ax)
    found = {}
    for (left, y), (right, _) in lines.get_segments():
        label = min(rows, key=lambda name: abs(rows[name] - y))
        found[label] = [float(left), float(right)]
    return found


def printed_beside(ax: Axes, label: str) -> list[str]:
    """Return what is printed at the right of a topic's row."""
    row = rows_of(ax)[label]
    found = []
    for note in ax.texts:
        # A heading stands at 1 of the axes, which is a row's y, too.
        if isinstance(note, Annotation) and note.xycoords != "axes fraction" and note.xy[1] == row:
            found.append(note.get_text())
    return found


def panels(ax: Axes) -> list[Any]:
    """Return the curve, the rows of choices and, where drawn, the readings."""
    return list(ax.child_axes)


# --- all topics ---------------------------------------------------------------------------------


def test_circles_stand_at_the_headline_and_are_filled_by_the_verdict(
    robustness: pd.DataFrame, codebook: Codebook
) -> None:
    ax = plot_robustness(robustness, codebook)
    rows = {y: label for label, y in rows_of(ax).items()}
    drawn: dict[str, tuple[float, str, bool]] = {}
    for verdict in ("robust", "undecided", "fragile"):
        line = find(ax, verdict, Line2D)
        look = line.get_fillstyle(), line.get_markerfacecolor() == "white"
        drawn |= {rows[float(y)]: (float(x), *look) for x, y in line.get_xydata()}
    assert drawn == {
        "节能与能效": (-0.02, "full", False),
        "净零目标": (0.03, "full", True),
        "水资源": (0.0, "bottom", False),
        "监测": (0.01, "bottom", False),
    }


def test_thick_bars_are_the_readings_by_the_headlines_sign(
    robustness: pd.DataFrame, codebook: Codebook
) -> None:
    ax = plot_robustness(robustness, codebook)
    grew, fell, same = (
        ends_by_row(ax, find(ax, f"readings {word}", LineCollection))
        for word in ("grew", "fell", "same")
    )
    assert grew == {"净零目标": [0.01, 0.05], "监测": [-0.005, 0.02]}
    assert fell == {"节能与能效": [-0.04, -0.01]}
    assert same == {"水资源": [-0.01, 0.01]}


def test_thin_lines_are_the_choices_and_stand_below_the_readings(
    robustness: pd.DataFrame, codebook: Codebook
) -> None:
    ax = plot_robustness(robustness, codebook)
    lines = find(ax, "choices", LineCollection)
    assert ends_by_row(ax, lines)["净零目标"] == [-0.01, 0.04]
    row = rows_of(ax)["净零目标"]
    readings = find(ax, "readings grew", LineCollection).get_segments()
    assert next(s[0][1] for s in readings if s[0][0] == 0.01) < row
    assert next(s[0][1] for s in lines.get_segments() if s[0][0] == -0.01) > row


def test_same_sign_choices_and_verdict_stand_in_the_topics_row(
    robustness: pd.DataFrame, codebook: Codebook
) -> None:
    ax = plot_robustness(robustness, codebook)
    assert printed_beside(ax, "净零目标") == ["97 %", "2/3", "脆弱"]


def test_choices_that_leave_the_value_as_it_is_are_not_counted(
    robustness: pd.DataFrame, codebook: Codebook
) -> None:
    ax = plot_robustness(robustness, codebook)
    # By hand: 8 of 8 keep the sign, 4 or 3 of them only as they move nothing.
    assert printed_beside(ax, "节能与能效")[1] == "4/4"
    assert printed_beside(ax, "监测")[1] == "5/5"
    assert "\n改值的选择" in texts(ax)
    assert "choices that\nchange value" in texts(
        plot_robustness(robustness, codebook, language="en")
    )


@pytest.mark.parametrize(
    ("changed", "printed"),
    [
        ({"same_sign_places": 0.95}, "未定*"),
        ({"same_sign_places": 0.9499}, "未定"),
        ({"same_sign_places": 1.0, "choices_kept": 7}, "未定"),
        ({"same_sign_places": 1.0, "same_sign": np.nan}, "未定"),
        ({"same_sign_places": 1.0, "same_sign": 0.95, "verdict": "robust"}, "稳健"),
        ({"same_sign_places": 1.0, "verdict": "fragile"}, "脆弱"),
    ],
)
def test_asterisk_marks_what_would_be_robust_without_doubt_of_unmarked_runs(
    changed: dict[str, Any], printed: str, robustness: pd.DataFrame, codebook: Codebook
) -> None:
    ax = plot_robustness(change_monitoring(robustness, **changed), codebook)
    assert printed_beside(ax, "监测")[-1] == printed
    assert printed_beside(ax, "水资源")[-1] == "未定"


def test_headline_of_zero_has_no_share_of_the_same_sign(
    robustness: pd.DataFrame, codebook: Codebook
) -> None:
    ax = plot_robustness(robustness, codebook, language="en")
    assert printed_beside(ax, "Water") == ["\N{EN DASH}", "\N{EN DASH}", "undecided"]


def test_per_cent_are_never_rounded_up_to_the_verdicts_limit() -> None:
    assert [print_percent(share) for share in (0.9499, 0.95, 0.29, 1.0)] == [
        "94 %", "95 %", "29 %", "100 %",
    ]  # fmt: skip


def test_topics_stand_under_their_themes_from_gain_to_loss(
    robustness: pd.DataFrame, codebook: Codebook
) -> None:
    rows = rows_of(plot_robustness(robustness, codebook))
    assert sorted(rows, key=rows.__getitem__) == ["净零目标", "节能与能效", "监测", "水资源"]


def test_without_readings_no_bar_is_drawn_or_explained(codebook: Codebook) -> None:
    bare = make_robustness(
        "0 readings, 3 places by their weights, seed 7",
        reading_low=np.nan, reading_high=np.nan, same_sign=np.nan,
    )  # fmt: skip
    ax = plot_robustness(bare, codebook, language="en")
    assert legend_texts(ax) == ["robust", "undecided", "fragile", "range over choices"]


def test_interval_without_length_still_shows_its_place(codebook: Codebook) -> None:
    flat = make_robustness(MODEL, reading_low=0.05, reading_high=0.05)
    ax = plot_robustness(flat, codebook)
    rows = rows_of(ax)
    ticks = [
        float(y)
        for line in ax.findobj(Line2D)
        if isinstance(line, Line2D) and line.get_marker() == "|"
        for x, y in np.asarray(line.get_xydata())
        if x == 0.05
    ]
    assert len(ticks) == len(rows)


@pytest.mark.parametrize(
    ("measure", "label"),
    [
        ("count", "Difference in tokens"),
        ("rate", "Difference of rates per 100 (by tokens)"),
        ("share", "Difference of shares in percentage points (by tokens)"),
    ],
)
def test_axis_names_measure_and_unit(
    measure: Any, label: str, robustness: pd.DataFrame, codebook: Codebook
) -> None:
    ax = plot_robustness(robustness, codebook, measure=measure, unit="token", language="en")
    assert ax.get_xlabel() == label


def test_ticks_of_shares_are_signed_percentage_points(
    robustness: pd.DataFrame, codebook: Codebook
) -> None:
    ax = plot_robustness(robustness, codebook)
    format_tick = ax.xaxis.get_major_formatter()
    assert [format_tick(x, 0) for x in (-0.02, 0, 0.015)] == ["\N{MINUS SIGN}2", "0", "+1.5"]


def test_narrow_figure_prints_the_verdict_alone(
    robustness: pd.DataFrame, codebook: Codebook
) -> None:
    with print_style():
        figure = PrintFigure(figsize=figure_size("single", 120), layout="constrained")
        ax = plot_robustness(robustness, codebook, ax=figure.subplots())
    assert "脆弱" in texts(ax)
    assert "2/3" not in texts(ax)


def test_missing_measure_unknown_topic_and_several_corpora_are_input_errors(
    robustness: pd.DataFrame, codebook: Codebook
) -> None:
    with pytest.raises(InputError, match="measure share"):
        plot_robustness(robustness[robustness["measure"] == "rate"], codebook)
    with pytest.raises(InputError, match="oceans"):
        plot_robustness(robustness.assign(topic="oceans").iloc[-1:], codebook)
    with pytest.raises(InputError, match="Select one corpus"):
        plot_robustness(pd.concat([robustness, robustness.assign(corpus="y")]), codebook)


# --- one topic ----------------------------------------------------------------------------------


def draw(choices: pd.DataFrame, readings: pd.DataFrame, codebook: Codebook, **how: Any) -> Axes:
    return plot_specifications(choices, readings, codebook, "net_zero", **how)


def points(ax: Axes) -> dict[str, list[tuple[float, float]]]:
    """Return the points of the curve by their sign."""
    upper = panels(ax)[0]
    return {
        str(line.get_label()): [(float(x), float(y)) for x, y in np.asarray(line.get_xydata())]
        for line in upper.lines
        if line.get_label() in ("grew", "fell", "same")
    }


def test_every_choice_is_a_point_ascending_and_coloured_by_its_sign(
    choices: pd.DataFrame, readings: pd.DataFrame, codebook: Codebook
) -> None:
    drawn = points(draw(choices, readings, codebook))
    assert [y for _, y in drawn["fell"]] == [-0.01]
    assert [y for _, y in drawn["same"]] == [0]
    assert [y for _, y in drawn["grew"]] == [0.02, 0.03, 0.03, 0.03, 0.031, 0.035, 0.04]
    placed = sorted(itertools.chain.from_iterable(drawn.values()))
    assert [y for _, y in placed] == sorted(y for _, y in placed)
    assert len({x for x, _ in placed}) == len(CHOICES)


def test_headline_is_a_line_and_a_diamond(
    choices: pd.DataFrame, readings: pd.DataFrame, codebook: Codebook
) -> None:
    upper = panels(draw(choices, readings, codebook))[0]
    assert set(find(upper, "headline line", Line2D).get_ydata()) == {0.03}
    diamond = find(upper, "headline", Line2D)
    assert diamond.get_marker() == "D"
    assert list(diamond.get_ydata()) == [0.03]


def test_choices_have_rows_of_their_own_and_what_is_left_out_shares_one(
    choices: pd.DataFrame, readings: pd.DataFrame, codebook: Codebook
) -> None:
    lower = panels(draw(choices, readings, codebook, language="en"))[1]
    assert list(rows_of(lower)) == [
        "unit: characters", "unit: tokens (guessed)", "terms: core only",
        "alignment threshold (2)", "each term left out (2)", "each clause left out (1)",
    ]  # fmt: skip


def test_marks_stand_under_the_points_of_their_choices(
    choices: pd.DataFrame, readings: pd.DataFrame, codebook: Codebook
) -> None:
    ax = draw(choices, readings, codebook, language="en")
    upper, lower, _ = panels(ax)
    value_at = dict(itertools.chain.from_iterable(points(ax).values()))
    marks: dict[str, list[float]] = {}
    for row, label in enumerate(rows_of(lower)):
        segments = find(lower, f"row {row}", LineCollection).get_segments()
        marks[label] = sorted(value_at[float(segment[0][0])] for segment in segments)
    assert marks["unit: characters"] == [0.04]
    assert marks["each term left out (2)"] == [-0.01, 0.031]
    assert marks["each clause left out (1)"] == [0]
    assert upper.get_xlim() == lower.get_xlim()


def test_left_out_terms_of_other_topics_stand_closer(
    choices: pd.DataFrame, readings: pd.DataFrame, codebook: Codebook
) -> None:
    placed = sorted(
        itertools.chain.from_iterable(points(draw(choices, readings, codebook)).values())
    )
    steps = dict(zip([y for _, y in placed[1:]], np.diff([x for x, _ in placed]), strict=True))
    assert steps[0.031] < steps[0.04]


def test_the_ends_of_the_curve_are_named(
    choices: pd.DataFrame, readings: pd.DataFrame, codebook: Codebook
) -> None:
    printed = texts(draw(choices, readings, codebook))
    assert {"去掉词条：净零", "单位：字符"} <= set(printed)


def test_a_term_of_another_topic_is_named_with_its_topic(
    choices: pd.DataFrame, readings: pd.DataFrame, codebook: Codebook
) -> None:
    more = choices.assign(share=choices["share"].where(choices["option"] != "water: 水", 9))
    assert "term left out: 水 (Water)" in texts(draw(more, readings, codebook, language="en"))


def test_choice_without_words_stands_as_in_the_table(
    choices: pd.DataFrame, readings: pd.DataFrame, codebook: Codebook
) -> None:
    other = choices.assign(choice=choices["choice"].replace("codebook", "weather"))
    assert "weather: strict" in rows_of(panels(draw(other, readings, codebook))[1])


def test_counts_leave_out_what_is_counted_in_other_units(
    choices: pd.DataFrame, readings: pd.DataFrame, codebook: Codebook
) -> None:
    ax = draw(choices, readings, codebook, measure="count", language="en")
    values = [y for _, y in itertools.chain.from_iterable(points(ax).values())]
    assert sorted(values) == [1, 2, 3, 4, 4, 4, 4]
    assert not [label for label in rows_of(panels(ax)[1]) if label.startswith("unit")]


def test_readings_stand_apart_on_the_same_scale(
    choices: pd.DataFrame, readings: pd.DataFrame, codebook: Codebook
) -> None:
    upper, _, beside = panels(draw(choices, readings, codebook))
    assert find(beside, "drawn", StepPatch).get_data().values.sum() == 41
    # By hand: 1 to 41 thousandths; 2.5 % lie below the second of 41, the median is the 21st.
    ((low, high),) = [s[:, 1] for s in find(beside, "interval", LineCollection).get_segments()]
    assert (low, high) == pytest.approx((0.002, 0.040))
    assert list(find(beside, "median", Line2D).get_ydata()) == pytest.approx([0.021])
    assert beside.get_ylim() == upper.get_ylim()


def test_level_of_the_interval_is_drawn_and_printed(
    choices: pd.DataFrame, readings: pd.DataFrame, codebook: Codebook
) -> None:
    ax = draw(choices, readings, codebook, level=0.5, language="en")
    lines = find(panels(ax)[2], "interval", LineCollection)
    assert lines.get_segments()[0][:, 1] == pytest.approx([0.011, 0.031])
    assert "50 % of readings, median" in legend_texts(ax)


def test_counts_of_readings_have_a_bin_each(
    choices: pd.DataFrame, readings: pd.DataFrame, codebook: Codebook
) -> None:
    beside = panels(draw(choices, readings, codebook, measure="count"))[2]
    heights, edges, _ = find(beside, "drawn", StepPatch).get_data()
    middles = (edges[:-1] + edges[1:]) / 2
    assert dict(zip(middles[heights > 0], heights[heights > 0], strict=True)) == {
        0: 10, 1: 11, 2: 10, 3: 10,
    }  # fmt: skip


def test_without_readings_their_panel_is_left_out(
    choices: pd.DataFrame, readings: pd.DataFrame, codebook: Codebook
) -> None:
    assert len(panels(draw(choices, readings.iloc[:0], codebook))) == 2


def test_missing_topic_headline_and_several_corpora_are_input_errors(
    choices: pd.DataFrame, readings: pd.DataFrame, codebook: Codebook
) -> None:
    with pytest.raises(InputError, match="oceans"):
        plot_specifications(choices, readings, codebook, "oceans")
    with pytest.raises(InputError, match="topic energy"):
        plot_specifications(choices, readings, codebook, "energy")
    with pytest.raises(InputError, match="readings"):
        plot_specifications(choices, readings, codebook, "water")
    with pytest.raises(InputError, match="headline"):
        draw(choices[choices["choice"] != "headline"], readings, codebook)
    with pytest.raises(InputError, match="Select one corpus"):
        draw(pd.concat([choices, choices.assign(corpus="y")]), readings, codebook)
    with pytest.raises(InputError, match="Select one corpus"):
        draw(choices, pd.concat([readings, readings.assign(corpus="y")]), codebook)


@pytest.mark.parametrize("level", [0, 1, 95])
def test_level_out_of_range_is_a_value_error(
    level: float, choices: pd.DataFrame, readings: pd.DataFrame, codebook: Codebook
) -> None:
    with pytest.raises(ValueError, match="level"):
        draw(choices, readings, codebook, level=level)


# --- manners of both ----------------------------------------------------------------------------


@pytest.fixture(params=["robustness", "share", "count"])
def plot(
    request: pytest.FixtureRequest,
    robustness: pd.DataFrame,
    choices: pd.DataFrame,
    readings: pd.DataFrame,
    codebook: Codebook,
) -> Any:
    def make(**how: Any) -> Axes:
        if request.param == "robustness":
            return plot_robustness(robustness, codebook, **how)
        return draw(choices, readings, codebook, measure=request.param, **how)

    return make


def test_given_axes_are_drawn_on_and_returned(plot: Any) -> None:
    ax = Figure().subplots()
    assert plot(ax=ax) is ax


def test_drawing_leaves_settings_and_tables_alone(
    plot: Any, robustness: pd.DataFrame, choices: pd.DataFrame, readings: pd.DataFrame
) -> None:
    settings = dict(mpl.rcParams)
    before = [table.copy() for table in (robustness, choices, readings)]
    plot()
    assert dict(mpl.rcParams) == settings
    for table, copy in zip((robustness, choices, readings), before, strict=True):
        pd.testing.assert_frame_equal(table, copy)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_nothing_is_cut_at_the_figures_edge(plot: Any, language: str) -> None:
    figure = plot(language=language).figure
    figure.draw_without_rendering()
    tight = figure.get_tightbbox().get_points()
    assert (tight >= 0).all()
    assert (tight <= figure.get_size_inches()).all()


def test_english_figures_have_no_chinese_but_the_terms(plot: Any) -> None:
    ax = plot(language="en")
    chinese = [t for t in [*texts(ax), *legend_texts(ax)] if any(c > "\u2e80" for c in t)]
    assert set(chinese) <= {"term left out: 净零"}


def test_saving_twice_gives_the_same_bytes(plot: Any, tmp_path: Path) -> None:
    figure = plot().figure
    first, second = (
        save_figure(
            figure, tmp_path / name / "fig", data=pd.DataFrame({"a": [1]}), captions={"zh": "图"},
            provenance={}, dpi=60,
        )
        for name in ("a", "b")
    )  # fmt: skip
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]


# --- captions -----------------------------------------------------------------------------------


def test_caption_says_rule_readings_choices_and_source_in_chinese(
    robustness: pd.DataFrame, corpus: Corpus, codebook: Codebook
) -> None:
    caption = robustness_caption(robustness, corpus, codebook)
    for words in (
        "2014年釜山", "抽取40次", "3处各按权重", "5段无痕文字", "种子7", "选择：8种",
        "至少95 %的读法且每种选择均与主结果同号", "general 1.2", "c0dec0de",
        "第182号决议《气候变化》", "© 国际电联",
    ):  # fmt: skip
        assert words in caption
    assert "\n" not in caption


def test_caption_says_rule_readings_choices_and_source_in_english(
    robustness: pd.DataFrame, corpus: Corpus, codebook: Codebook
) -> None:
    caption = robustness_caption(robustness, corpus, codebook, language="en")
    for words in (
        "Busan 2014", "40 draws", "3 places by their weights and 5 unmarked runs", "seed 7",
        "Choices: 8", "at least 95 % of the readings and every choice", "general 1.2", "c0dec0de",
        "Resolution 182, “Climate change”", "© ITU",
    ):  # fmt: skip
        assert words in caption
    assert not [c for c in caption if c > "\u2e80"]


def test_caption_of_a_topic_says_its_verdict(
    robustness: pd.DataFrame, corpus: Corpus, codebook: Codebook
) -> None:
    caption = robustness_caption(robustness, corpus, codebook, language="en", topic="net_zero")
    assert "share of all topic assignments (by clauses) of “Net zero”" in caption
    assert (
        "Verdict: fragile; of the choices that change the value, 2/3 keep its sign. 97 %" in caption
    )


def test_caption_of_a_headline_of_zero_counts_no_signs(
    robustness: pd.DataFrame, corpus: Corpus, codebook: Codebook
) -> None:
    caption = robustness_caption(robustness, corpus, codebook, language="en", topic="water")
    assert "the headline is zero and has no sign" in caption
    assert "keep its sign." not in caption


def test_caption_says_which_choices_are_counted_and_how_many_were_tried(
    robustness: pd.DataFrame, corpus: Corpus, codebook: Codebook
) -> None:
    english = robustness_caption(robustness, corpus, codebook, language="en")
    assert "of the choices that change the value, those that keep its sign" in english
    assert "Choices: 8 in all" in english
    chinese = robustness_caption(robustness, corpus, codebook)
    assert "改变数值的选择中同号的个数" in chinese
    assert "选择：8种" in chinese


def test_only_rates_and_shares_have_a_base_that_moves_them(
    robustness: pd.DataFrame, corpus: Corpus, codebook: Codebook
) -> None:
    for measure, said in (("count", False), ("rate", True), ("share", True)):
        caption = robustness_caption(robustness, corpus, codebook, measure=measure)  # type: ignore[arg-type]
        assert ("只因基数变动" in caption) == said


@pytest.mark.parametrize("topic", [None, "net_zero"])
def test_caption_says_what_the_weights_of_readings_rest_on(
    topic: str | None, robustness: pd.DataFrame, corpus: Corpus, codebook: Codebook
) -> None:
    chinese, english = (
        robustness_caption(robustness, corpus, codebook, language=language, topic=topic)
        for language in LANGUAGES
    )
    for words in (
        "二比一", "是约定，并非测得", "标为确定的判定不变", "在其他法律上测得",
        "只减词不增词", "区间之外",
    ):  # fmt: skip
        assert words in chinese
    for words in (
        "(two to one) are a convention", "decisions called certain stand", "on other laws",
        "only takes words away", "outside it",
    ):  # fmt: skip
        assert words in english


def test_caption_without_unmarked_runs_does_not_speak_of_them(
    corpus: Corpus, codebook: Codebook
) -> None:
    marked = make_robustness("40 readings, 3 places by their weights, seed 7")
    chinese, english = (
        robustness_caption(marked, corpus, codebook, language=language) for language in LANGUAGES
    )
    assert "(two to one) are a convention" in english
    assert not [words for words in ("unmarked", "totals shrink", "outside") if words in english]
    assert not [words for words in ("无痕", "只减词", "区间之外") if words in chinese]


def test_caption_explains_the_asterisk_only_where_one_is_printed(
    robustness: pd.DataFrame, corpus: Corpus, codebook: Codebook
) -> None:
    starred = change_monitoring(robustness, same_sign_places=0.96)
    words = "Asterisk: robust if unmarked runs are left as they are."
    for table, topic, said in (
        (robustness, None, False), (starred, None, True),
        (starred, "net_zero", False), (starred, "monitoring", True),
    ):  # fmt: skip
        caption = robustness_caption(table, corpus, codebook, language="en", topic=topic)
        assert (words in caption) == said
        assert ("Verdict: undecided*;" in caption) == (said and topic is not None)
    assert "星号：若无痕文字一律保留原样，则为稳健" in robustness_caption(starred, corpus, codebook)


def test_caption_says_that_counts_and_rates_of_other_units_are_not_drawn(
    robustness: pd.DataFrame, corpus: Corpus, codebook: Codebook
) -> None:
    words = "其他单位的计数与比率不可比"
    for measure in ("count", "rate"):
        assert words in robustness_caption(robustness, corpus, codebook, measure=measure)
    assert words not in robustness_caption(robustness, corpus, codebook)


def test_caption_without_readings_speaks_of_none(corpus: Corpus, codebook: Codebook) -> None:
    bare = make_robustness(
        "0 readings, 3 places by their weights, seed 7",
        reading_low=np.nan, reading_high=np.nan, same_sign=np.nan,
    )  # fmt: skip
    for topic in (None, "net_zero"):
        caption = robustness_caption(bare, corpus, codebook, language="en", topic=topic)
        assert "No readings were drawn." in caption
        assert "Thick line" not in caption
        assert "distribution of the readings" not in caption


def test_caption_quotes_a_reading_model_it_does_not_know(
    corpus: Corpus, codebook: Codebook
) -> None:
    caption = robustness_caption(make_robustness("coin toss"), corpus, codebook)
    assert "读法的抽取：coin toss。" in caption


def test_caption_of_a_missing_topic_is_an_input_error(
    robustness: pd.DataFrame, corpus: Corpus, codebook: Codebook
) -> None:
    with pytest.raises(InputError, match="oceans"):
        robustness_caption(robustness, corpus, codebook, topic="oceans")
