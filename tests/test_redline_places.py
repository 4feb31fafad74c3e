"""Marks of the redline figure stand where their characters stand, not only as wide as they are."""

from __future__ import annotations

from typing import Any

import matplotlib as mpl
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from pypdf import PdfReader

from resanalysis.figures import plot_redline, print_style, save_figure
from resanalysis.figures.line_breaks import NOT_FIRST, NOT_LAST, measure_text
from resanalysis.model import Study
from resanalysis.results import redline_runs
from resanalysis.study import run_study

LABELS = {"old_label": "2014", "new_label": "2022"}


@pytest.fixture(scope="module", params=["corpora/itu-pp-res-182", "tests/data/small"])
def study(request: pytest.FixtureRequest) -> Study:
    return run_study(request.param, draws=0)


@pytest.fixture(scope="module")
def runs(study: Study) -> pd.DataFrame:
    return redline_runs(study)


def list_places(ax: Axes, version: str) -> list[tuple[str, float, float, float]]:
    """Return every character of a column with the place where it begins and ends."""
    places = []
    for text in ax.texts:
        if text.get_gid() == version:
            x, y = text.get_position()
            with print_style():
                for character in text.get_text():
                    wide = measure_text(character, mpl.rcParams["font.size"])
                    places.append((character, x, x + wide, y))
                    x += wide
    return places


def over(place: tuple[str, float, float, float], x: float, end: float, y: float) -> bool:
    """Whether a mark from `x` to `end` on the line at `y` covers a character's middle."""
    size = mpl.rcParamsDefault["font.size"]
    return x < (place[1] + place[2]) / 2 < end and abs(place[3] - y) < size


def states(runs: pd.DataFrame, version: str, column: str) -> list[Any]:
    side = runs[runs["version"].eq(version)]
    return [state for text, state in zip(side["text"], side[column], strict=True) for _ in text]


@pytest.mark.parametrize(
    ("column", "label", "versions"),
    [
        ("is_changed", "deleted", ("old",)),
        ("is_changed", "inserted", ("new",)),
        ("is_uncertain", "uncertain", ("old", "new")),
    ],
)
def test_lines_stand_at_exactly_the_characters_they_mark(
    study: Study, runs: pd.DataFrame, column: str, label: str, versions: tuple[str, ...]
) -> None:
    ax = plot_redline(runs, study.codebook, **LABELS)
    lines = [
        (*map(float, line.get_xdata()), float(line.get_ydata()[0]))
        for line in ax.lines
        if line.get_label() == label
    ]
    for version in versions:
        places = list_places(ax, version)
        marked = [any(over(place, *line) for line in lines) for place in places]
        assert marked == [bool(state) for state in states(runs, version, column)]


def test_grounds_stand_behind_exactly_the_characters_of_their_topics(
    study: Study, runs: pd.DataFrame
) -> None:
    ax = plot_redline(runs, study.codebook, **LABELS)
    grounds = [patch for patch in ax.patches if isinstance(patch, Rectangle)]
    for version in ("old", "new"):
        found = []
        for place in list_places(ax, version):
            behind = [
                str(ground.get_label())
                for ground in grounds
                if over(place, ground.get_x(), ground.get_x() + ground.get_width(), ground.get_y())
            ]
            found.append(" ".join(behind))
        assert found == states(runs, version, "topics")


def test_a_topic_has_its_number_where_each_of_its_terms_begins(
    study: Study, runs: pd.DataFrame
) -> None:
    ax = plot_redline(runs, study.codebook, **LABELS)
    present = {t for topics in runs["topics"] for t in topics.split()}
    names = [t.id for t in study.codebook.topics if t.id in present]
    tops = [text for text in ax.texts if text.get_zorder() == 4]
    for version in ("old", "new"):
        found: list[set[str]] = []
        for place in list_places(ax, version):
            here: set[str] = set()
            for text in tops:
                x, y = text.get_position()
                if abs(x - place[1]) < 1e-6 and 0 < y - place[3] < 10:
                    here |= {names[int(n) - 1] for n in text.get_text().split(",")}
            found.append(here)
        before: set[str] = set()
        whose = states(runs, version, "clause_id")
        for at, topics in enumerate(states(runs, version, "topics")):
            if at and whose[at] != whose[at - 1]:
                before = set()
            assert found[at] == set(topics.split()) - before
            before = set(topics.split())


def test_no_drawn_line_begins_or_ends_as_print_may_not(study: Study, runs: pd.DataFrame) -> None:
    ax = plot_redline(runs, study.codebook, **LABELS)
    lines: dict[tuple[str, float], str] = {}
    for text in ax.texts:
        if text.get_gid() in ("old", "new"):
            key = (str(text.get_gid()), text.get_position()[1])
            lines[key] = lines.get(key, "") + text.get_text()
    assert len(lines) > 5
    assert not [line for line in lines.values() if line[0] in NOT_FIRST or line[-1] in NOT_LAST]


def test_the_clauses_can_be_taken_from_the_pdf_in_their_order(
    study: Study, runs: pd.DataFrame, tmp_path: Any
) -> None:
    figure = plot_redline(runs, study.codebook, **LABELS).get_figure(root=True)
    assert figure is not None
    pdf = save_figure(figure, tmp_path / "fig", data=runs, captions={}, provenance={}, dpi=50)[0]
    text = "".join("".join(page.extract_text() for page in PdfReader(pdf).pages).split())
    for _, side in runs.groupby(["row", "version"], sort=False):
        assert "".join("".join(side["text"]).split()) in text
