"""Records, tables and errors: what every stage relies on."""

import pytest

from resanalysis.model import Codebook, Edition, InputError, Problem, input_error
from resanalysis.tables import TABLES, describe_tables, make_table

FIRST = Problem("error", "a.txt", "line 1", "it is odd", "Mend it")
SECOND = Problem("warning", "b.txt", "", "it is empty", "Fill it")
ALTERNATIVE = {
    "corpus": "c",
    "group": "g",
    "reading": 1,
    "weight": 1,
    "start": 0,
    "end": 2,
    "op": "equal",
}


def test_problem_says_file_place_what_and_remedy():
    assert str(FIRST) == "error: a.txt: line 1: it is odd. Mend it"


def test_problem_without_place_leaves_it_out():
    assert str(SECOND) == "warning: b.txt: it is empty. Fill it"


def test_input_error_names_every_problem_on_its_own_line():
    assert str(InputError([FIRST, SECOND])).splitlines() == [str(FIRST), str(SECOND)]


def test_input_error_takes_any_iterable_and_keeps_the_order():
    assert InputError(iter([SECOND, FIRST])).problems == (SECOND, FIRST)


def test_input_error_is_a_value_error_with_one_problem():
    error = input_error("a.txt", "line 1", "it is odd", "Mend it")
    assert isinstance(error, ValueError)
    assert error.problems == (FIRST,)


@pytest.mark.parametrize(
    ("language", "label"), [("zh", "2014年釜山"), ("en", "Busan 2014")], ids=["zh", "en"]
)
def test_edition_is_named_in_both_languages(language, label):
    assert Edition("2014-busan", 2014, {"zh": "釜山", "en": "Busan"}).label(language) == label


def test_codebook_without_the_topic_raises_key_error():
    with pytest.raises(KeyError, match="water"):
        Codebook("c", "1", {}, {}, (), "").topic("water")


def test_table_has_its_columns_in_order_whatever_the_order_of_the_row():
    table = make_table("alternatives", [dict(reversed(ALTERNATIVE.items()))])
    assert list(table) == [column.name for column in TABLES["alternatives"]]


def test_table_has_the_types_of_its_columns():
    table = make_table("alternatives", [ALTERNATIVE])
    assert table["weight"].dtype == "float64"
    assert table["start"].dtype == "int64"


def test_empty_table_has_columns_and_types_too():
    empty, full = (make_table("alternatives", rows) for rows in ([], [ALTERNATIVE]))
    assert list(empty.dtypes) == list(full.dtypes)


@pytest.mark.parametrize("name", ["op", "colour"], ids=["missing", "unknown"])
def test_row_with_other_columns_is_refused_by_name(name):
    row = dict(ALTERNATIVE)
    row.pop(name, None) or row.update({name: "red"})
    with pytest.raises(KeyError, match=name):
        make_table("alternatives", [row])


def test_data_dictionary_describes_every_column_once():
    described = describe_tables()
    expected = [(table, column.name) for table in TABLES for column in TABLES[table]]
    assert list(zip(described["table"], described["column"], strict=True)) == expected
    assert described["meaning"].str.len().min() > 3


@pytest.mark.parametrize("table", TABLES)
def test_no_table_names_a_column_twice(table):
    names = [column.name for column in TABLES[table]]
    assert len(set(names)) == len(names)
