"""A dataset explored: editions' topics, their trends, clauses that are alike."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from rapidfuzz.distance import Indel

from resanalysis.batch import read_dataset, run_batch
from resanalysis.codebook import read_codebook
from resanalysis.collection import edition_profiles, nearest_clauses
from resanalysis.figures import plot_topic_trends
from resanalysis.model import COUNTED_KINDS, UNITS, InputError
from resanalysis.pipeline import tag_topics

if TYPE_CHECKING:
    from resanalysis.model import Codebook

FOLDER = Path(__file__).parents[1] / "notebooks" / "collection"


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the dataset of the invented collection."""
    batch = run_batch(FOLDER, tmp_path_factory.mktemp("out") / "dataset")
    assert batch.failures.empty
    return batch.path


@pytest.fixture(scope="module")
def book() -> Codebook:
    return read_codebook()


def test_every_edition_is_there_once_with_every_topic(dataset: Path, book: Codebook) -> None:
    profiles = edition_profiles(dataset)
    editions = profiles[["resolution", "edition"]].drop_duplicates()
    assert len(editions) == 10
    assert len(profiles) == 10 * len(book.topics)
    assert set(profiles["year"]) == {2011, 2012, 2015, 2018, 2022, 2023}
    assert set(profiles["body"]) == {"Digital Neighbours", "River Union"}


@pytest.mark.parametrize("unit", UNITS)
def test_counts_are_those_of_the_tags(dataset: Path, book: Codebook, unit: str) -> None:
    profiles = edition_profiles(dataset, unit=unit)
    assert set(profiles["unit"]) == {unit}
    clauses = read_dataset(dataset, "clauses")
    counted = clauses[clauses["kind"].isin(COUNTED_KINDS)]
    tags = tag_topics(counted, book)
    for row in profiles[profiles["topic"] == "water"].to_dict("records"):
        own = (tags["corpus"] == row["corpus"]) & (tags["version"] == row["version"])
        with_topic = set(tags.loc[own & (tags["topic"] == "water"), "clause_id"])
        mine = counted[
            (counted["corpus"] == row["corpus"]) & (counted["version"] == row["version"])
        ]
        if unit == "clause":
            assert (row["n"], row["base"]) == (len(with_topic), len(mine))
        if unit == "character":
            lengths = mine.set_index("clause_id")["text"].str.len()
            assert row["n"] == lengths[lengths.index.isin(with_topic)].sum()
            assert row["base"] == lengths.sum()
        assert row["rate"] == pytest.approx(100 * row["n"] / row["base"])


def test_shares_of_an_edition_sum_to_one(dataset: Path) -> None:
    profiles = edition_profiles(dataset)
    assert profiles.groupby(["resolution", "edition"])["share"].sum().tolist() == pytest.approx(
        [1] * 10
    )


def test_an_edition_in_two_comparisons_counts_as_the_new_one(dataset: Path) -> None:
    middle = edition_profiles(dataset).query("resolution == 'river-3' and year == 2015")
    assert set(middle["version"]) == {"new"}


def test_an_unknown_unit_is_refused(dataset: Path) -> None:
    with pytest.raises(ValueError, match="unit='words'"):
        edition_profiles(dataset, unit="words")


def test_nearest_clauses_are_the_most_similar_of_all(dataset: Path) -> None:
    text = "利用通信系统发布灾害预警；"
    found = nearest_clauses(dataset, text, count=4, other_than="digital-7")
    clauses = read_dataset(dataset, "clauses")
    counted = clauses[
        clauses["kind"].isin(COUNTED_KINDS) & ~clauses["corpus"].str.startswith("digital-7")
    ]
    scores = {
        (corpus.split(":")[0], other): Indel.normalized_similarity(text, other)
        for corpus, other in zip(counted["corpus"], counted["text"], strict=True)
    }
    expected = sorted(scores.values(), reverse=True)[:4]
    assert found["similarity"].tolist() == pytest.approx(expected)
    assert not set(found["resolution"]) & {"digital-7"}


def test_one_wording_of_one_resolution_is_there_once(dataset: Path) -> None:
    text = "继续开展流域水资源监测工作；"
    found = nearest_clauses(dataset, text, least=1.0)
    assert found["resolution"].tolist() == ["river-3"]
    assert found["similarity"].tolist() == [1.0]


def test_nothing_near_gives_an_empty_table(dataset: Path) -> None:
    assert nearest_clauses(dataset, "全然不同", least=0.9).empty


def test_a_trend_is_all_editions_of_a_year_together(dataset: Path, book: Codebook) -> None:
    river = edition_profiles(dataset).query("body == 'River Union'")
    ax = plot_topic_trends(river, book, topics=["water", "e_waste"])
    water = river[river["topic"] == "water"].groupby("year")[["n", "base"]].sum()
    line = ax.get_lines()[0]
    assert list(line.get_xdata()) == [2011, 2015, 2023]
    assert list(line.get_ydata()) == pytest.approx((100 * water["n"] / water["base"]).tolist())
    figure = ax.get_figure()
    assert figure is not None
    labels = [text.get_text() for text in figure.legends[0].get_texts()]
    assert labels == [book.topic(topic).label["zh"] for topic in ("water", "e_waste")]


def test_texts_without_a_date_have_no_trend(dataset: Path, book: Codebook) -> None:
    profiles = edition_profiles(dataset).assign(year=0)
    with pytest.raises(InputError, match="no dated row"):
        plot_topic_trends(profiles, book, topics=["water"])


@pytest.mark.parametrize("topics", [[], ["water"] * 7])
def test_a_trend_has_one_to_six_topics(dataset: Path, book: Codebook, topics: list[str]) -> None:
    with pytest.raises(ValueError, match="give 1 to 6"):
        plot_topic_trends(edition_profiles(dataset), book, topics=topics)


def test_a_trend_of_other_units_is_refused(dataset: Path, book: Codebook) -> None:
    with pytest.raises(InputError, match="another unit"):
        plot_topic_trends(edition_profiles(dataset, unit="token"), book, topics=["water"])


def test_the_collection_is_said_to_be_invented() -> None:
    assert "invented" in (FOLDER / "README.md").read_text("utf-8")
    listed = pd.read_csv(FOLDER / "manifest.csv")["file"]
    assert all((FOLDER / name).is_file() for name in listed)
