"""The figure of who is told to act, by the values of its artists, and its caption."""

import matplotlib as mpl
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.collections import PatchCollection

from resanalysis.figures import (
    figure_caption,
    has_addressees,
    name_addressees,
    plot_addressee_shift,
)
from resanalysis.model import Codebook, Corpus, InputError
from tests.test_figures import (
    ENGLISH,
    LABELS,
    codebook,
    corpus,
    find,
    legend_texts,
    make_shift,
    texts,
    y_of,
)

__all__ = ["codebook", "corpus"]

# Topic and addressee: clauses of the old and of the new edition.
CELLS = {
    ("energy", "SG"): (4, 1),
    ("energy", "MS+SM"): (0, 2),
    ("net_zero", "SG"): (2, 2),
    ("net_zero", "none"): (0, 6),
    ("biodiversity", "各缔约方代表"): (1, 2),
}


@pytest.fixture
def shift() -> pd.DataFrame:
    table = make_shift()
    blank = table[table["breakdown"].eq("addressee") & table["category"].eq("none")]
    blank = blank.assign(n_old=0, n_new=0, rate_old=0.0, rate_new=0.0)
    made = []
    for category in ("none", "SG", "MS+SM", "各缔约方代表"):
        rows = blank.assign(category=category).set_index("topic", drop=False)
        for (topic, addressee), (old, new) in CELLS.items():
            if addressee == category:
                rows.loc[topic, ["n_old", "n_new"]] = old, new
                rows.loc[topic, ["rate_old", "rate_new"]] = 5.0 * old, 4.0 * new
        made.append(rows.reset_index(drop=True))
    return pd.concat([table[table["breakdown"].ne("addressee")], *made], ignore_index=True)


def columns(ax: Axes) -> dict[str, float]:
    """Return the x of every column by its head, on one line."""
    return {
        label.get_text().replace("\n", ""): float(x)
        for label, x in zip(ax.get_xticklabels(), ax.get_xticks(), strict=True)
    }


def numbers(ax: Axes) -> dict[tuple[float, float], str]:
    return {text.get_position(): text.get_text() for text in ax.texts if "→" in text.get_text()}


def cell(ax: Axes, word: str, column: str, row: str) -> tuple[float, ...]:
    """Return the colour of the cell of these heads in the collection of a word."""
    collection = find(ax, word, PatchCollection)
    at = columns(ax)[column], y_of(ax)[row]
    for path, colour in zip(collection.get_paths(), collection.get_facecolors(), strict=True):
        if path.get_extents().contains(*at):
            return tuple(float(part) for part in colour)
    raise AssertionError(f"{word} has no cell of {column}, {row}")


def test_every_cell_prints_its_numbers_and_the_others_are_empty(
    shift: pd.DataFrame, codebook: Codebook
) -> None:
    ax = plot_addressee_shift(shift, codebook, **LABELS)
    x, y = columns(ax), y_of(ax)
    labels = {"energy": "节能与能效", "net_zero": "净零目标", "biodiversity": "生物多样性"}
    heads = {"none": "无行动对象"}
    assert numbers(ax) == {
        (x[heads.get(addressee, addressee)], y[labels[topic]]): f"{old}→{new}"
        for (topic, addressee), (old, new) in CELLS.items()
    }


def test_rates_are_printed_with_a_digit(shift: pd.DataFrame, codebook: Codebook) -> None:
    ax = plot_addressee_shift(shift, codebook, measure="rate", **LABELS)
    assert "20.0→4.0" in numbers(ax).values()


def test_cells_stand_with_what_their_number_did(shift: pd.DataFrame, codebook: Codebook) -> None:
    ax = plot_addressee_shift(shift, codebook, **LABELS)
    cell(ax, "fell", "SG", "节能与能效")
    cell(ax, "grew", "MS+SM", "节能与能效")
    assert cell(ax, "same", "SG", "净零目标") == mpl.colors.to_rgba("white")


def test_the_greater_change_is_the_darker(shift: pd.DataFrame, codebook: Codebook) -> None:
    ax = plot_addressee_shift(shift, codebook, **LABELS)
    least = cell(ax, "grew", "各缔约方代表", "生物多样性")
    most = cell(ax, "grew", "无行动对象", "净零目标")
    assert sum(most[:3]) < sum(cell(ax, "grew", "MS+SM", "节能与能效")[:3]) < sum(least[:3])


def test_a_frame_tells_what_fell_without_colour(shift: pd.DataFrame, codebook: Codebook) -> None:
    ax = plot_addressee_shift(shift, codebook, **LABELS)
    widths = {
        word: float(find(ax, word, PatchCollection).get_linewidths()[0])
        for word in ("grew", "fell")
    }
    assert widths["fell"] > 0
    assert widths["grew"] == 0


def test_numbers_can_be_read_on_their_cells(shift: pd.DataFrame, codebook: Codebook) -> None:
    ax = plot_addressee_shift(shift, codebook, **LABELS)
    on = {
        text.get_text(): mpl.colors.to_hex(text.get_color())
        for text in ax.texts
        if "→" in text.get_text()
    }
    assert on["0→6"] == "#ffffff"
    assert on["2→2"] != "#ffffff"


def test_clauses_that_tell_nobody_have_the_last_column(
    shift: pd.DataFrame, codebook: Codebook
) -> None:
    x = columns(plot_addressee_shift(shift, codebook, **ENGLISH))
    assert max(x, key=x.__getitem__) == "nobodyis told"
    assert list(x)[:2] == ["SG", "MS+SM"]


def test_key_names_the_least_and_the_greatest_change(
    shift: pd.DataFrame, codebook: Codebook
) -> None:
    key = legend_texts(plot_addressee_shift(shift, codebook, **ENGLISH))
    assert key == ["grew +1", "grew +6", "fell \N{MINUS SIGN}3", "no change"]


def test_topics_that_gained_most_stand_first_in_their_theme(
    shift: pd.DataFrame, codebook: Codebook
) -> None:
    y = y_of(plot_addressee_shift(shift, codebook, **LABELS))
    assert y["净零目标"] < y["节能与能效"]


def test_editions_are_named_in_both_languages(shift: pd.DataFrame, codebook: Codebook) -> None:
    for labels in (LABELS, ENGLISH):
        ax = plot_addressee_shift(shift, codebook, **labels)
        said = ax.get_xlabel().replace("\n", " ")
        assert f"{labels['old_label']}→{labels['new_label']}" in said


def test_english_labels_have_no_chinese_but_the_addressees(
    shift: pd.DataFrame, codebook: Codebook
) -> None:
    known = shift[shift["category"] != "各缔约方代表"]
    ax = plot_addressee_shift(known, codebook, **ENGLISH)
    assert not [t for t in [*texts(ax), *legend_texts(ax)] if any(c > "\u2e80" for c in t)]


def test_many_addressees_keep_their_numbers_inside_the_cells(
    shift: pd.DataFrame, codebook: Codebook
) -> None:
    rows = shift[shift["breakdown"].eq("addressee") & shift["category"].eq("SG")]
    many = pd.concat([rows.assign(category=f"A{i}+B{i}") for i in range(18)])
    ax = plot_addressee_shift(many, codebook, **LABELS)
    figure = ax.figure
    figure.draw_without_rendering()
    edge = ax.transData.transform([[0, 0], [0.92, 0]])[:, 0]
    widest = max(text.get_window_extent().width for text in ax.texts if "→" in text.get_text())
    assert widest <= edge[1] - edge[0]


def test_a_text_that_tells_nobody_has_no_such_figure(
    shift: pd.DataFrame, codebook: Codebook
) -> None:
    law = shift[shift["breakdown"].ne("addressee") | shift["category"].eq("none")]
    assert has_addressees(shift)
    assert not has_addressees(law)
    with pytest.raises(InputError, match="no clause tells anybody to act"):
        plot_addressee_shift(law, codebook, **LABELS)


def test_addressee_twice_is_an_input_error(shift: pd.DataFrame, codebook: Codebook) -> None:
    with pytest.raises(InputError, match="several rows for"):
        plot_addressee_shift(pd.concat([shift, shift]), codebook, **LABELS)


def test_sets_with_a_name_of_their_own_have_it() -> None:
    assert name_addressees(["BDT+BR+TSB", "MS+SM"], "zh") == {
        "BDT+BR+TSB": "三个局的主任", "MS+SM": "成员国、部门成员",
    }  # fmt: skip


def test_caption_explains_codes_that_have_names(
    shift: pd.DataFrame, corpus: Corpus, codebook: Codebook
) -> None:
    zh = figure_caption("addressee-shift", shift, corpus, codebook, language="zh")
    en = figure_caption("addressee-shift", shift, corpus, codebook, language="en")
    assert "代码：SG 秘书长；MS+SM 成员国、部门成员。" in zh
    assert "Codes: SG Secretary-General; MS+SM Member States, Sector Members. " in en
    assert "a greater number is not yet a greater weight" in en


def test_caption_names_the_last_column_only_where_it_stands(
    shift: pd.DataFrame, corpus: Corpus, codebook: Codebook
) -> None:
    told = shift[shift["breakdown"].ne("addressee") | shift["category"].ne("none")]
    said = [
        figure_caption("addressee-shift", table, corpus, codebook, language="en")
        for table in (shift, told)
    ]
    assert ["Last column" in caption for caption in said] == [True, False]
