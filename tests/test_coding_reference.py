"""The reference coding of Resolution 182: what its README says, and the list of disagreements."""

import csv
from pathlib import Path

import pandas as pd
import pytest

import resanalysis as ra
from resanalysis.model import Study

CORPUS = Path(__file__).parents[1] / "corpora/itu-pp-res-182"
VERDICTS = {"codebook", "reader", "arguable"}


@pytest.fixture(scope="module")
def study() -> Study:
    return ra.run_study(CORPUS)


@pytest.fixture(scope="module")
def readings(study: Study) -> pd.DataFrame:
    files = [CORPUS / f"codings/reader-{number}.csv" for number in (1, 2)]
    return ra.read_coding(files, study.clauses, study.codebook)


@pytest.fixture(scope="module")
def discussed() -> list[dict[str, str]]:
    with (CORPUS / "disagreements.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


# --- README -------------------------------------------------------------------------------------


def test_readme_states_the_agreement_of_the_two_codings(
    study: Study, readings: pd.DataFrame
) -> None:
    readme = (CORPUS / "README.md").read_text("utf-8")
    table = ra.agreement(readings, clauses=study.clauses).set_index("topic")
    pooled, topics = table.loc["all"], table.drop(index="all")
    assert f"| {int(pooled['texts'])} texts, {int(pooled['clauses'])} clauses |" in readme
    assert f"| {100 * pooled['raw_agreement']:.1f} % |" in readme
    interval = f"{pooled['alpha_low']:.3f} to {pooled['alpha_high']:.3f}"
    assert f"| {pooled['alpha']:.3f} ({interval}) |" in readme
    lowest = topics["alpha"].idxmin()
    assert f"| {topics.loc[lowest, 'alpha']:.3f} (`{lowest}`) |" in readme


def test_readme_states_how_many_texts_were_adjudicated(
    study: Study, readings: pd.DataFrame
) -> None:
    differing = ra.list_disagreements(readings, study.clauses)["text"].nunique()
    readme = " ".join((CORPUS / "README.md").read_text("utf-8").split())
    assert f"the {differing} texts on which they differ" in readme


def test_reference_is_what_both_readers_say_where_they_agree(
    study: Study, readings: pd.DataFrame
) -> None:
    key = ["edition", "clause_id", "topic"]
    codes = readings.groupby(key)["code"].agg(["min", "max"])
    agreed = codes.loc[codes["min"] == codes["max"], "min"]
    reference = study.codings.set_index(key)["code"]
    assert len(reference) == len(codes)
    assert (reference.loc[agreed.index] == agreed).all()


# --- disagreements ------------------------------------------------------------------------------


def test_disagreements_are_all_discussed_and_none_is_stale(
    study: Study, discussed: list[dict[str, str]]
) -> None:
    found = ra.list_disagreements(study.codings, study.clauses, study.tags)
    now = {
        (row.topic, f"{row.edition}/{row.clause_id}", row.codebook)
        for row in found.itertuples(index=False)
    }
    listed = [
        (row["topic"], clause, row["codebook"])
        for row in discussed
        for clause in row["clauses"].split()
    ]
    assert sorted(listed) == sorted(now)


def test_disagreements_have_a_verdict_a_reason_and_the_text_they_speak_of(
    study: Study, discussed: list[dict[str, str]]
) -> None:
    texts = dict(
        zip(
            study.clauses["edition"] + "/" + study.clauses["clause_id"],
            study.clauses["text"],
            strict=True,
        )
    )
    for row in discussed:
        assert row["verdict"] in VERDICTS, row
        assert row["reason"].endswith("."), row
        (text,) = {texts[clause] for clause in row["clauses"].split()}
        assert text.startswith(row["text_start"]), row


def test_the_page_on_the_codebook_says_how_it_does_on_the_reference(
    study: Study, discussed: list[dict[str, str]]
) -> None:
    page = (CORPUS.parents[1] / "docs" / "codebook.md").read_text("utf-8")
    book, texts = study.codebook, study.codings.merge(study.clauses)["text"]
    assert f"{len(study.codings) // len(book.topics)} clauses ({texts.nunique()} distinct" in page
    assert f"{len(discussed)} remain" in page
    for reading in ("broad", "strict"):
        tags = ra.tag_topics(study.clauses, book, reading=reading)
        scores = ra.score_codebook(study.codings, tags, clauses=study.clauses).set_index("topic")
        names = ["precision", "recall", "f1", "f1_low", "f1_high"]
        values = [*scores.loc["all", names], scores.loc["macro", "f1"]]
        precision, recall, f1, low, high, mean = (f"{v:.2f}".removeprefix("0") for v in values)
        row = [book.version, reading, precision, recall, f"{f1} ({low} to {high})", mean]
        assert f"| {' | '.join(row)} |" in page
