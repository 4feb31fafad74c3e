"""The figure of a word shift, by the values of its artists, and its caption."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes

from resanalysis.figures import plot_word_shift, word_shift_caption
from resanalysis.model import Codebook, Corpus, InputError
from tests.test_figures import ENGLISH, LABELS, codebook, corpus, legend_texts, make_word_shift

__all__ = ["codebook", "corpus"]


@pytest.fixture
def table() -> pd.DataFrame:
    return make_word_shift()


def lengths(ax: Axes) -> dict[str, float]:
    """Return the length of every bar, signed, by the label of its row."""
    rows = dict(zip(ax.get_yticks(), (t.get_text() for t in ax.get_yticklabels()), strict=True))
    found: dict[str, float] = {}
    for container in ax.containers:
        for bar in container:
            row = rows[round(bar.get_y() + bar.get_height() / 2, 6)]
            side = f"{row}{'+' if bar.get_width() >= 0 else '-'}"
            found[side] = found.get(side, 0.0) + bar.get_width()
    return found


def test_bars_are_per_cent_of_the_divergence(table: pd.DataFrame) -> None:
    upper, _ = plot_word_shift(table, **LABELS).child_axes
    assert lengths(upper) == pytest.approx({"生物多样性+": 50, "目标-": -25})


def test_what_is_not_drawn_is_summed_below(table: pd.DataFrame) -> None:
    _, lower = plot_word_shift(table, top=1, **LABELS).child_axes
    sums = lengths(lower)
    assert sums["以上1词+"] == pytest.approx(50)
    assert (sums["其余各词+"], sums["其余各词-"]) == pytest.approx((25, -25))


def test_the_sums_make_up_the_whole(table: pd.DataFrame) -> None:
    for top in (1, 2, 30):
        _, lower = plot_word_shift(table, top=top, **LABELS).child_axes
        assert sum(abs(length) for length in lengths(lower).values()) == pytest.approx(100)


def test_proportions_are_per_hundred_words_and_entropies_bits(table: pd.DataFrame) -> None:
    for method, factor in (("proportion", 100), ("entropy", 1)):
        ax = plot_word_shift(table.assign(method=method), **LABELS)
        assert lengths(ax.child_axes[0])["生物多样性+"] == pytest.approx(factor * 0.02)


def test_sums_are_printed_with_their_signs(table: pd.DataFrame) -> None:
    _, lower = plot_word_shift(table, top=1, **LABELS).child_axes
    printed = [text.get_text() for text in lower.texts if text.get_text()]
    assert printed == ["+50.0 \N{MINUS SIGN}0.0", "+25.0 \N{MINUS SIGN}25.0"]


def test_greatest_part_stands_first_whatever_the_order_of_the_table(table: pd.DataFrame) -> None:
    upper, _ = plot_word_shift(table.iloc[[1, 2, 0]], **LABELS).child_axes
    assert [label.get_text() for label in upper.get_yticklabels()] == ["生物多样性", "目标"]
    bottom, top = upper.get_ylim()
    assert bottom > top


def test_falling_words_are_hatched(table: pd.DataFrame) -> None:
    upper, _ = plot_word_shift(table, **LABELS).child_axes
    hatches = {container.get_label(): container[0].get_hatch() for container in upper.containers}
    assert hatches["old"]
    assert not hatches["new"]


def test_counts_stand_beside_their_words(table: pd.DataFrame) -> None:
    upper, _ = plot_word_shift(table, **LABELS).child_axes
    assert {text.get_text(): text.xy[1] for text in upper.texts if text.xy[0] == 1}["4→1"] == 1


def test_whole_is_stated_at_the_axis(table: pd.DataFrame) -> None:
    _, lower = plot_word_shift(table, **ENGLISH).child_axes
    assert "0.040 bits in all" in lower.get_xlabel().replace("\n", " ")


def test_key_names_the_editions(table: pd.DataFrame) -> None:
    assert legend_texts(plot_word_shift(table, **ENGLISH)) == [
        "relatively more frequent in Bucharest 2022", "relatively more frequent in Busan 2014",
    ]  # fmt: skip


def test_equal_editions_draw_words_without_bars(table: pd.DataFrame) -> None:
    upper, lower = plot_word_shift(table.assign(contribution=0.0), **LABELS).child_axes
    assert not np.any([*lengths(upper).values(), *lengths(lower).values()])


def test_a_table_without_words_is_an_input_error(table: pd.DataFrame) -> None:
    with pytest.raises(InputError, match="no words"):
        plot_word_shift(table[table["word"].eq("")], **LABELS)


def test_several_methods_are_an_input_error(table: pd.DataFrame) -> None:
    with pytest.raises(InputError, match="several"):
        plot_word_shift(pd.concat([table, table.assign(method="entropy")]), **LABELS)


def test_less_than_one_word_is_refused(table: pd.DataFrame) -> None:
    with pytest.raises(ValueError, match="top 0"):
        plot_word_shift(table, top=0, **LABELS)


def test_caption_says_how_much_is_drawn_and_that_nothing_is_tested(
    table: pd.DataFrame, corpus: Corpus, codebook: Codebook
) -> None:
    zh = word_shift_caption(table, corpus, codebook, language="zh", top=1)
    en = word_shift_caption(table, corpus, codebook, language="en", top=1)
    for words in ("2014年釜山", "0.040比特", "1词", "50 %", "旧版13词、新版13词", "没有p值"):
        assert words in zh
    for words in ("Busan 2014", "0.040 bits", "50 % of all", "13 tokens in the old", "no p-value"):
        assert words in en


def test_caption_counts_words_that_tie_with_the_last(
    table: pd.DataFrame, corpus: Corpus, codebook: Codebook
) -> None:
    tied = pd.concat([table, table.iloc[[1]].assign(word="水")], ignore_index=True)
    said = [word_shift_caption(tied, corpus, codebook, language="en", top=top) for top in (1, 2, 3)]
    assert ["1 more words contribute as much" in caption for caption in said] == [
        False, True, False,
    ]  # fmt: skip


def test_caption_fits_the_method(table: pd.DataFrame, corpus: Corpus, codebook: Codebook) -> None:
    entropy = table.assign(method="entropy")
    assert "entropies (+0.020 bits)" in word_shift_caption(entropy, corpus, codebook, language="en")
