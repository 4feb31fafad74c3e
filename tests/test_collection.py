"""Several studies in one table: what it holds, what it refuses, and the command that prints it."""

from __future__ import annotations

import io
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import entropy

from resanalysis import __main__ as shell
from resanalysis.collection import compare_profiles, run_collection, topic_profiles
from resanalysis.model import UNITS, InputError
from resanalysis.study import CHAIN, run_study
from resanalysis.tables import TABLES, make_table

if TYPE_CHECKING:
    from pathlib import Path

    from resanalysis.model import Study

BOOK = """
[codebook]
id = "{id}"
version = "1"
title = {{ zh = "书", en = "Book" }}
[[theme]]
id = "{id}_theme"
label = {{ zh = "类", en = "Theme" }}
[[topic]]
id = "{id}_topic"
theme = "{id}_theme"
label = {{ zh = "题", en = "Topic" }}
core = ["{term}"]
"""


def write_codebook(path: Path, name: str, term: str) -> Path:
    path.write_text(BOOK.format(id=name, term=term), "utf-8")
    return path


PARTS = ("n", "base", "rate", "assigned", "share")


@pytest.fixture
def folders(small_corpus: Path, tmp_path: Path) -> list[Path]:
    """Return two folders of different names with the invented resolution, for a test to spoil."""
    return [shutil.copytree(small_corpus, tmp_path / name) for name in ("one", "two")]


@pytest.fixture(scope="module")
def study(small_corpus: Path) -> Study:
    return run_study(small_corpus, draws=0)


@pytest.fixture(scope="module")
def sibling(study: Study) -> Study:
    """Return the same study under another name, its versions turned round."""
    corpus = replace(
        study.corpus,
        id="sibling",
        path=study.corpus.path.parent / "sibling",
        old=study.corpus.new,
        new=study.corpus.old,
    )
    names = {f"{n}_{a}": f"{n}_{b}" for n in PARTS for a, b in (("old", "new"), ("new", "old"))}
    return replace(
        study, corpus=corpus, shift=study.shift.rename(columns=names).assign(corpus="sibling")
    )


@pytest.fixture(scope="module")
def profiles(study: Study, sibling: Study) -> pd.DataFrame:
    return topic_profiles([study, sibling])


# --- profiles -----------------------------------------------------------------------------------


def test_profile_has_a_row_per_study_version_unit_and_topic(
    profiles: pd.DataFrame, study: Study
) -> None:
    topics = [topic.id for topic in study.codebook.topics]
    keys = [
        (corpus, version, unit, topic)
        for corpus in ("small", "sibling")
        for version in ("old", "new")
        for unit in UNITS
        for topic in topics
    ]
    found = profiles[["corpus", "version", "unit", "topic"]].itertuples(index=False, name=None)
    assert list(found) == keys
    assert list(profiles) == [column.name for column in TABLES["profiles"]]


def test_versions_carry_their_editions_and_years(profiles: pd.DataFrame) -> None:
    named = profiles[["corpus", "version", "edition", "year"]].drop_duplicates()
    assert named.to_numpy().tolist() == [
        ["small", "old", "2015-qingyu", 2015],
        ["small", "new", "2023-lanxi", 2023],
        ["sibling", "old", "2023-lanxi", 2023],
        ["sibling", "new", "2015-qingyu", 2015],
    ]


def test_counts_are_those_of_the_tags(profiles: pd.DataFrame, study: Study) -> None:
    counted = study.clauses[study.clauses["kind"].isin(["lead_in", "clause", "item"])]
    keys = ["version", "clause_id"]
    tags = study.tags.merge(counted[keys]).drop_duplicates([*keys, "topic"])
    rows = profiles[(profiles["corpus"] == "small") & (profiles["unit"] == "clause")]
    assert len(tags) > 0
    for version, part in rows.groupby("version"):
        here = tags[tags["version"] == version]
        expected = here["topic"].value_counts().reindex(part["topic"], fill_value=0)
        assert part["n"].tolist() == expected.tolist()
        assert set(part["base"]) == {(counted["version"] == version).sum()}
        assert set(part["assigned"]) == {len(here)}


def test_rates_and_shares_are_of_their_own_version(profiles: pd.DataFrame) -> None:
    np.testing.assert_allclose(profiles["rate"], 100 * profiles["n"] / profiles["base"])
    np.testing.assert_allclose(profiles["share"], profiles["n"] / profiles["assigned"])


def test_wide_table_has_a_column_per_corpus_and_edition(profiles: pd.DataFrame) -> None:
    clauses = profiles[profiles["unit"] == "clause"]
    wide = clauses.pivot(index="topic", columns=["corpus", "edition"], values="share")  # noqa: PD010 - the docstring's own
    assert wide.shape == (clauses["topic"].nunique(), 4)
    np.testing.assert_allclose(wide.sum(), 1)
    pd.testing.assert_series_equal(
        wide["small", "2023-lanxi"], wide["sibling", "2023-lanxi"], check_names=False
    )


def test_studies_are_left_as_they_were(study: Study, sibling: Study) -> None:
    before = study.shift.copy()
    topic_profiles([study, sibling])
    pd.testing.assert_frame_equal(study.shift, before)


# --- refused ------------------------------------------------------------------------------------


def refuse(*studies: Study) -> str:
    with pytest.raises(InputError) as caught:
        topic_profiles(studies)
    return str(caught.value)


def test_no_study_is_refused() -> None:
    assert "it is empty. Give at least one corpus" in refuse()


def test_one_study_alone_is_its_two_versions(study: Study) -> None:
    assert topic_profiles([study])["edition"].unique().tolist() == ["2015-qingyu", "2023-lanxi"]


def test_corpus_that_comes_twice_is_refused(study: Study, sibling: Study) -> None:
    said = refuse(study, sibling, study)
    assert said.startswith(f"error: {study.corpus.path}: a second corpus of the name small; ")
    assert said.count("\n") == 0


def test_other_codebook_is_refused_with_both_names(study: Study, sibling: Study) -> None:
    other = replace(sibling, codebook=replace(study.codebook, version="9", sha256="ab" * 32))
    said = refuse(study, other)
    assert said.startswith(f"error: {sibling.corpus.path}: codebook: ")
    assert "general-climate-ict 9 (SHA-256 abababab) is not that of" in said
    assert f"(SHA-256 {study.codebook.sha256[:8]}). Run them all with the same codebook" in said


@pytest.mark.parametrize(
    ("option", "value", "refused"),
    [
        ("hmm", True, True),
        ("reading", "strict", True),
        ("scope", "topic", True),
        ("threshold", 0.6, True),
        ("draws", 5, False),
        ("seed", 7, False),
    ],
)
def test_other_options_are_refused_but_for_the_bootstrap_s(
    study: Study, sibling: Study, option: str, value: Any, refused: bool
) -> None:
    options = study.provenance["options"] | {option: value}
    other = replace(sibling, provenance={**study.provenance, "options": options})
    if refused:
        assert f"{sibling.corpus.path}: option {option}: {value!r} is not" in refuse(study, other)
    else:
        assert len(topic_profiles([study, other])) == 2 * len(topic_profiles([study]))


def test_every_study_that_differs_is_named(study: Study, sibling: Study) -> None:
    options = study.provenance["options"] | {"hmm": True, "scope": "topic"}
    provenance = {**study.provenance, "options": options}
    third = replace(sibling, corpus=replace(sibling.corpus, id="third"), provenance=provenance)
    assert refuse(study, replace(sibling, provenance=provenance), third).count("error: ") == 4


# --- the chain on several folders ---------------------------------------------------------------


def test_collection_is_the_study_of_each_folder(folders: list[Path], study: Study) -> None:
    steps: list[str] = []
    studies = run_collection(folders, draws=0, progress=steps.append)
    assert [made.corpus.id for made in studies] == ["one", "two"]
    assert steps == [f"{name}: {step}" for name in ("one", "two") for step in CHAIN]
    for made in studies:
        pd.testing.assert_frame_equal(made.shift.assign(corpus="small"), study.shift)


def test_options_reach_every_study(folders: list[Path], tmp_path: Path) -> None:
    book = write_codebook(tmp_path / "b.toml", "b", "水")
    options = {"hmm": True, "reading": "strict", "scope": "topic", "threshold": 0.7}
    options |= {"draws": 3, "seed": 4}
    for made in run_collection(folders, codebook_path=book, **options):  # type: ignore[arg-type]
        assert made.provenance["options"] == options
        assert made.codebook.id == "b"


def test_folders_with_different_codebooks_of_their_own_are_refused_before_the_work(
    folders: list[Path],
) -> None:
    write_codebook(folders[1] / "codebook.toml", "own", "理事会")
    steps: list[str] = []
    with pytest.raises(InputError, match="merge such files into one") as caught:
        run_collection(folders, progress=steps.append)
    (problem,) = caught.value.problems
    assert (problem.file, problem.place) == (str(folders[1]), "codebook")
    assert "general-climate-ict+own" in problem.what
    assert steps == []


def test_one_codebook_does_not_undo_a_folder_s_own(folders: list[Path], tmp_path: Path) -> None:
    write_codebook(folders[0] / "codebook.toml", "own", "理事会")
    book = write_codebook(tmp_path / "b.toml", "b", "水")
    with pytest.raises(InputError, match=r"b 1 .* is not that of .*, b\+own 1\+1"):
        run_collection(folders, codebook_path=book)


def test_the_same_codebook_of_their_own_goes(folders: list[Path]) -> None:
    # The remedy that the error names.
    for folder in folders:
        write_codebook(folder / "codebook.toml", "own", "理事会")
    found = topic_profiles(run_collection(folders, draws=0))
    assert found.loc[found["topic"] == "own_topic", "corpus"].unique().tolist() == ["one", "two"]


def test_folders_of_one_name_are_refused_before_the_work(
    folders: list[Path], tmp_path: Path
) -> None:
    again = shutil.copytree(folders[0], tmp_path / "elsewhere" / "one")
    with pytest.raises(InputError, match="a second corpus of the name one; the first is") as caught:
        run_collection([*folders, again])
    assert [problem.file for problem in caught.value.problems] == [str(again)]


def test_faults_of_all_folders_come_together(folders: list[Path]) -> None:
    for folder in folders:
        (folder / "source.txt").unlink()
    with pytest.raises(InputError) as caught:
        run_collection(folders, draws=0)
    files = {problem.file for problem in caught.value.problems}
    assert files >= {str(folder / "source.txt") for folder in folders}


def test_codebook_at_fault_is_named_once(folders: list[Path], tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        run_collection(folders, codebook_path=tmp_path / "none.toml")
    assert [problem.file for problem in caught.value.problems] == [str(tmp_path / "none.toml")]


# --- distances ----------------------------------------------------------------------------------


def profile(*counts: list[int]) -> pd.DataFrame:
    """Return a table of profiles with these counts of clauses, an edition each."""
    return make_table(
        "profiles",
        [
            {"corpus": "x", "edition": f"e{k}", "version": "old", "year": 2000, "unit": "clause"}
            | {"topic": f"t{i}", "n": n, "base": 99, "rate": n / 0.99, "assigned": max(sum(row), 1)}
            | {"share": n / max(sum(row), 1)}
            for k, row in enumerate(counts)
            for i, n in enumerate(row)
        ],
    )


def test_divergence_by_hand() -> None:
    found = compare_profiles(profile([1, 1], [2, 2], [5, 0], [0, 3]))
    by_pair = found.set_index(["edition", "other_edition"])["divergence"]
    assert by_pair["e0", "e1"] == 0
    assert by_pair["e2", "e3"] == pytest.approx(1)
    # The entropy of the mean, (3/4, 1/4), less the mean of the entropies, 1 and 0.
    assert by_pair["e0", "e2"] == pytest.approx(entropy([3, 1], base=2) - 1 / 2)


def test_every_ordered_pair_of_versions_is_there_once() -> None:
    found = compare_profiles(profile([1, 1], [2, 1], [5, 0]))
    assert found[["edition", "other_edition"]].to_numpy().tolist() == [
        ["e0", "e1"], ["e0", "e2"], ["e1", "e0"], ["e1", "e2"], ["e2", "e0"], ["e2", "e1"]
    ]  # fmt: skip


@given(st.lists(st.lists(st.integers(0, 50), min_size=4, max_size=4), min_size=2, max_size=3))
@settings(max_examples=40, deadline=None)
def test_divergence_is_symmetric_and_that_of_the_entropies(counts: list[list[int]]) -> None:
    # Oracle: entropy of the mean less the mean of the entropies (Lin 1991), by scipy.stats.
    found = compare_profiles(profile(*counts))
    shares = [np.array(row) / max(sum(row), 1) for row in counts]
    columns = (found[name].tolist() for name in ("edition", "other_edition", "divergence"))
    for one, other, divergence in zip(*columns, strict=True):
        p, q = shares[int(one[1:])], shares[int(other[1:])]
        if not p.any() or not q.any():
            assert np.isnan(divergence)
            continue
        mean = (entropy(p, base=2) + entropy(q, base=2)) / 2
        assert divergence == pytest.approx(entropy((p + q) / 2, base=2) - mean, abs=1e-9)


def test_rows_of_one_unit_are_compared(profiles: pd.DataFrame) -> None:
    # The two studies hold the same two texts, so that distances are 0 or that of the two versions.
    by_unit = {unit: compare_profiles(profiles, unit=unit)["divergence"] for unit in UNITS}
    for found in by_unit.values():
        assert sorted(found.round(12).value_counts()) == [4, 8]
        assert found.min() == 0
    assert len({found.max() for found in by_unit.values()}) == len(UNITS)


def test_rows_in_another_order_give_the_same_divergences() -> None:
    table = profile([1, 2, 3], [3, 1, 1])
    turned = compare_profiles(table.iloc[[0, 1, 2, 5, 4, 3]])
    pd.testing.assert_frame_equal(turned, compare_profiles(table))


def test_versions_with_different_topics_are_refused() -> None:
    with pytest.raises(InputError, match="x e1: its topics are not those of x e0"):
        compare_profiles(profile([1, 2], [1, 2, 3]))


def test_unit_that_is_none_is_refused(profiles: pd.DataFrame) -> None:
    with pytest.raises(ValueError, match="unit='word'; give one of clause, character"):
        compare_profiles(profiles, unit="word")


# --- the command --------------------------------------------------------------------------------


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Any:
    """Return a function that runs a command: its status, standard output, standard error."""

    def call(*arguments: object) -> tuple[int, str, str]:
        status = shell.main([str(argument) for argument in arguments])
        return status, *capsys.readouterr()

    return call


def test_command_prints_the_table_and_nothing_else(run: Any, folders: list[Path]) -> None:
    status, out, err = run("profiles", *folders)
    assert (status, err) == (0, "")
    printed = pd.read_csv(io.StringIO(out))
    made = topic_profiles(run_collection(folders, draws=0))
    pd.testing.assert_frame_equal(printed, made, check_dtype=False)


def test_command_prints_one_unit_when_asked(run: Any, small_corpus: Path) -> None:
    _, out, _ = run("profiles", small_corpus, "--unit", "token")
    assert set(pd.read_csv(io.StringIO(out))["unit"]) == {"token"}


def test_command_takes_codebook_and_reading(run: Any, small_corpus: Path, tmp_path: Path) -> None:
    book = tmp_path / "b.toml"
    text = BOOK.format(id="b", term="水")
    book.write_text(text.replace('core = ["水"]', 'peripheral = ["水"]'), "utf-8")
    sums = []
    for reading in ("broad", "strict"):
        out = run("profiles", small_corpus, "--codebook", book, "--reading", reading)[1]
        table = pd.read_csv(io.StringIO(out))
        assert set(table["topic"]) == {"b_topic"}
        sums.append(int(table["n"].sum()))
    assert sums[0] > sums[1] == 0


def test_command_names_its_steps_on_a_terminal(
    run: Any, small_corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    assert f"1/{len(CHAIN)} small: recover" in run("profiles", small_corpus)[2]


def test_command_with_inputs_at_fault_says_so_and_prints_nothing(
    run: Any, folders: list[Path]
) -> None:
    status, out, err = run("profiles", folders[0], folders[0])
    assert (status, out) == (1, "")
    assert err.startswith(f"error: {folders[0]}: a second corpus of the name one")


@pytest.mark.parametrize("arguments", [["profiles"], ["profiles", "x", "--unit", "word"]])
def test_wrong_use_exits_with_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        shell.main(arguments)
    assert caught.value.code == 2
    assert capsys.readouterr().out == ""


def test_units_of_the_command_are_the_library_s() -> None:
    from resanalysis.shell.collection import UNITS as OFFERED

    assert OFFERED == UNITS
