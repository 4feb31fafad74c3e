"""Sheets for coders: what is on them, in which order, and which sample."""

import pytest
from coding_tables import NEW, make_clauses, make_codebook
from hypothesis import given
from hypothesis import strategies as st

from resanalysis.coding import coding_sheet
from resanalysis.coding.units import share_out
from resanalysis.model import InputError

BOOK = make_codebook()
CLAUSES = make_clauses(
    [
        {"clause_id": "title", "kind": "title", "text": "第1号决议"},
        {"clause_id": "resolves", "kind": "heading", "text": "决议"},
        {"clause_id": "resolves__1", "text": "采取措施，以：", "parent_id": "resolves"},
        {"clause_id": "resolves__1__a", "kind": "item", "text": "节水", "parent_id": "resolves__1"},
        {"clause_id": "resolves__2", "text": "减少电子废弃物", "parent_id": "resolves"},
        {"clause_id": "note", "kind": "footnote", "text": "脚注"},
        {**NEW, "clause_id": "resolves", "kind": "heading", "text": "决议"},
        {**NEW, "clause_id": "resolves__2", "text": "减少电子废弃物", "parent_id": "resolves"},
        {**NEW, "clause_id": "resolves__3", "text": "节水", "parent_id": "resolves"},
    ]
)


def many(count: int, **fields: object) -> list[dict[str, object]]:
    return [
        {"clause_id": f"{fields.get('part')}{i}", "text": f"{fields}{i}", **fields}
        for i in range(count)
    ]


def test_the_columns_are_the_topics_between_what_is_read_and_what_is_noted():
    assert list(coding_sheet(CLAUSES, BOOK)) == (
        "unit clauses heading context text water e_waste none sure note coder".split()
    )


def test_only_counted_clauses_are_coded():
    assert sorted(coding_sheet(CLAUSES, BOOK)["text"]) == sorted(
        ["采取措施，以：", "节水", "节水", "减少电子废弃物"]
    )


def test_equal_clauses_stand_once_and_the_row_names_all_of_them():
    sheet = coding_sheet(CLAUSES, BOOK).set_index("text")
    assert sheet.loc["减少电子废弃物", "clauses"] == "2014-x/resolves__2 2022-y/resolves__2"


def test_equal_texts_in_other_contexts_are_read_each():
    sheet = coding_sheet(CLAUSES, BOOK)
    found = sheet[sheet["text"] == "节水"]
    assert sorted(found["context"]) == ["", "采取措施，以："]


def test_equal_clauses_stand_each_by_themselves_when_asked():
    sheet = coding_sheet(CLAUSES, BOOK, repeated=True)
    assert len(sheet) == 5
    assert not sheet["clauses"].str.contains(" ").any()


def test_context_is_the_text_of_the_row_above_unless_that_is_the_heading():
    sheet = coding_sheet(CLAUSES, BOOK).set_index("clauses")
    assert sheet.loc["2014-x/resolves__1__a", "context"] == "采取措施，以："
    assert sheet.loc["2014-x/resolves__1", "context"] == ""


def test_the_sheet_is_blind_to_terms_tags_and_versions():
    sheet = coding_sheet(CLAUSES, BOOK).drop(columns="clauses").astype("str")
    shown = " ".join(sheet.to_numpy().ravel())
    for secret in ("SECRET", "old", "new", "2014-x", "2022-y"):
        assert secret not in shown


def test_cells_to_fill_in_are_empty_and_take_numbers_and_text():
    sheet = coding_sheet(CLAUSES, BOOK, coder="ann")
    assert set(sheet[["water", "e_waste", "none", "sure", "note"]].to_numpy().ravel()) == {""}
    assert set(sheet["coder"]) == {"ann"}
    sheet.loc[0, "water"] = 1
    sheet.loc[0, "none"] = "x"
    assert sheet.loc[0, ["water", "none"]].tolist() == [1, "x"]


def test_the_order_is_random_and_the_same_for_the_same_seed():
    clauses = make_clauses(many(30, part="operative"))
    first, again, other = (coding_sheet(clauses, BOOK, seed=seed) for seed in (0, 0, 1))
    assert first.equals(again)
    assert first["text"].tolist() != other["text"].tolist()
    assert first["text"].tolist() != clauses["text"].tolist()
    assert sorted(first["text"]) == sorted(other["text"]) == sorted(clauses["text"])
    assert first["unit"].tolist() == list(range(1, 31))


def test_a_sample_takes_from_every_stratum_in_proportion():
    rows = [
        *many(20, part="operative"),
        *many(10, part="preambular"),
        *many(10, part="operative", **NEW),
    ]
    sheet = coding_sheet(make_clauses(rows), BOOK, sample=8)
    keys = sheet["clauses"].str.replace(r"\d+$", "", regex=True)
    assert keys.value_counts().to_dict() == {
        "2014-x/operative": 4,
        "2014-x/preambular": 2,
        "2022-y/operative": 2,
    }


def test_what_both_versions_have_is_a_stratum_of_its_own():
    both = [{"clause_id": f"b{i}", "text": f"both{i}"} for i in range(10)]
    rows = [*both, *({**row, **NEW} for row in both), *many(10, part="operative")]
    sheet = coding_sheet(make_clauses(rows), BOOK, sample=10, by=["version"])
    assert sheet["clauses"].str.contains(" ").sum() == 5


def test_samples_differ_by_seed_and_repeat_with_it():
    clauses = make_clauses(many(40, part="operative"))
    drawn = [
        sorted(coding_sheet(clauses, BOOK, sample=10, seed=seed)["text"]) for seed in (0, 0, 1)
    ]
    assert drawn[0] == drawn[1] != drawn[2]
    assert len(set(drawn[0])) == 10


@given(st.lists(st.integers(1, 60), min_size=1, max_size=6), st.data())
def test_shares_sum_to_the_sample_and_are_within_one_of_proportion(sizes, data):
    size = data.draw(st.integers(1, sum(sizes)))
    quotas = share_out(size, sizes)
    assert sum(quotas) == size
    for quota, n in zip(quotas, sizes, strict=True):
        assert quota <= n
        assert abs(quota - size * n / sum(sizes)) < 1


@pytest.mark.parametrize("sample", [0, -1, 5])
def test_a_sample_that_cannot_be_drawn_is_refused(sample):
    with pytest.raises(InputError, match="there are 4 texts"):
        coding_sheet(CLAUSES, BOOK, sample=sample)


def test_a_topic_called_like_a_column_is_refused():
    with pytest.raises(InputError, match="topic note"):
        coding_sheet(CLAUSES, make_codebook(["water", "note"]))


def test_clauses_of_two_corpora_or_none_are_refused():
    two = make_clauses([{"clause_id": "1", "text": "a"}, {"clause_id": "2", "corpus": "other"}])
    with pytest.raises(InputError, match="2 corpora"):
        coding_sheet(two, BOOK)
    with pytest.raises(InputError, match="no clause"):
        coding_sheet(CLAUSES[CLAUSES["kind"] == "title"], BOOK)


def test_the_clauses_are_left_as_they_are():
    before = CLAUSES.copy()
    coding_sheet(CLAUSES, BOOK, sample=2)
    assert CLAUSES.equals(before)
