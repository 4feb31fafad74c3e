"""Findings in plain sentences, made from the numbers, in Chinese and in English."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from resanalysis.model import (
    Codebook,
    Language,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd


SENTENCES: dict[Language, dict[str, str]] = {
    "en": {
        "counts": "{topic}: {n_old} of {base_old} clauses in {old}, {n_new} of {base_new} in {new} "
        "({change:+d}{origins})",
        "all_new": "all new",
        "all_suppressed": "all suppressed",
        "told_one": "; {} of {} instructs or invites someone to act",
        "told": "; {} of {} instruct or invite someone to act",
        "told_past": "; {} of {} instructed or invited someone to act",
        "told_before": ", before {} of {}",
        "shares": "; share of all topic assignments {old:.1f} % → {new:.1f} %",
        "fell": " (it fell because other topics grew more)",
        "rose": " (it rose because other topics shrank more)",
        "interval": ", {level} interval{model} of its change {low:+.1f} to {high:+.1f} points",
        "bootstrap": " (paired clause bootstrap)",
        "add": "{} added",
        "sup": "{} suppressed",
        "mod_gain": "{} gained in kept clauses",
        "mod_loss": "{} lost in kept clauses",
        "colon": ": ",
        "comma": ", ",
        "stop": ".",
    },
    "zh": {
        "counts": "{topic}：{old}{base_old}条中{n_old}条，{new}{base_new}条中{n_new}条"
        "（{change:+d}{origins}）",
        "all_new": "全部为新增",
        "all_suppressed": "全部删除",
        "told_one": "；{1}条中{0}条责成或请有关方采取行动",
        "told": "；{1}条中{0}条责成或请有关方采取行动",
        "told_past": "；{1}条中{0}条曾责成或请有关方采取行动",
        "told_before": "，此前{1}条中{0}条",
        "shares": "；占全部主题标注的份额 {old:.1f} % → {new:.1f} %",
        "fell": "（份额下降是因为其他主题增加更多）",
        "rose": "（份额上升是因为其他主题减少更多）",
        "interval": "，其变化的{level}区间{model}为 {low:+.1f} 至 {high:+.1f} 个百分点",
        "bootstrap": "（配对条款自助法）",
        "add": "新增{}条",
        "sup": "删除{}条",
        "mod_gain": "保留条款中增加{}条",
        "mod_loss": "保留条款中减少{}条",
        "colon": "：",
        "comma": "，",
        "stop": "。",
    },
}

_ORIGINS = ("add", "sup", "mod_gain", "mod_loss")


def summarize_topics(
    shift: pd.DataFrame,
    codebook: Codebook,
    *,
    old_label: str,
    new_label: str,
    language: Language = "zh",
) -> list[str]:
    """Say in one plain sentence per topic how its clauses and its share changed.

    Parameters
    ----------
    shift : DataFrame
        Table `shift`; of its rows of unit clause those of breakdown total are read and, where they
        are there, those of breakdown addressee.
    codebook : Codebook
        Gives the topics' names.
    old_label, new_label : str
        Names of the editions, as `Edition.label` gives them.
    language : {"zh", "en"}
        Language of the sentences.

    Returns
    -------
    list of str
        One sentence per topic with a clause in either edition, in the order of the table. Signs:
        positive = grew. It says how many clauses each edition has and where the change came from;
        how many of them have an addressee, in the new edition and before; and the share of all
        assignments, with the reason where it moved against the clauses: a share may fall only
        because others grew.

    Examples
    --------
    >>> from resanalysis.codebook import read_codebook
    >>> import pandas as pd
    >>> row = {"unit": "clause", "topic": "water", "base_old": 9, "base_new": 9, "sup": 0}
    >>> row |= {"mod_gain": 0, "mod_loss": 0, "interval_model": "none", "n_old": 0}
    >>> shift = pd.DataFrame([
    ...     row | {"breakdown": "total", "category": "all", "n_new": 3, "add": 3,
    ...            "share_old": 0.0, "share_new": 0.25},
    ...     row | {"breakdown": "addressee", "category": "SG", "n_new": 2, "add": 2}])
    >>> print(*summarize_topics(shift, read_codebook(), old_label="2014", new_label="2022",
    ...     language="en"))  # doctest: +NORMALIZE_WHITESPACE
    Water: 0 of 9 clauses in 2014, 3 of 9 in 2022 (+3: all new); 2 of 3 instruct or invite
    someone to act; share of all topic assignments 0.0 % → 25.0 %.
    """
    words = SENTENCES[language]
    rows = shift[(shift["unit"] == "clause") & (shift["breakdown"] == "total")]
    told = _count_told(shift)
    labels = {"old": old_label, "new": new_label}
    return [
        words["counts"].format(
            topic=codebook.topic(row["topic"]).label[language],
            change=row["n_new"] - row["n_old"],
            origins=_say_origins(row, words),
            **labels,
            **{name: row[name] for name in ("n_old", "n_new", "base_old", "base_new")},
        )
        + (_say_told(row, told.loc[row["topic"]], words) if row["topic"] in told.index else "")
        + _say_shares(row, words)
        + words["stop"]
        for row in rows[rows["n_old"] + rows["n_new"] > 0].to_dict("records")
    ]


def _count_told(shift: pd.DataFrame) -> pd.DataFrame:
    """Return by topic the clauses that have an addressee: `n_old`, `n_new`.

    Of a text that addresses nobody at all, such as a law, there are no such rows: its clauses may
    oblige all the same, so nothing is said of them.
    """
    rows = shift[(shift["unit"] == "clause") & (shift["breakdown"] == "addressee")]
    return rows[rows["category"] != "none"].groupby("topic")[["n_old", "n_new"]].sum()


def _say_origins(row: Mapping[Any, Any], words: Mapping[str, str]) -> str:
    if row["n_old"] == 0 and row["n_new"] == row["add"] > 1:
        origins = [words["all_new"]]
    elif row["n_new"] == 0 and row["n_old"] == row["sup"] > 1:
        origins = [words["all_suppressed"]]
    else:
        origins = [words[name].format(row[name]) for name in _ORIGINS if row[name]]
    return words["colon"] * bool(origins) + words["comma"].join(origins)


def _say_told(row: Mapping[Any, Any], told: pd.Series[Any], words: Mapping[str, str]) -> str:
    """Say how many clauses have an addressee; of an edition without the topic nothing is said."""
    if not row["n_new"]:
        return words["told_past"].format(told["n_old"], row["n_old"])
    said = words["told_one" if told["n_new"] == 1 else "told"].format(told["n_new"], row["n_new"])
    before = words["told_before"].format(told["n_old"], row["n_old"])
    return said + before * bool(row["n_old"])


def _say_shares(row: Mapping[Any, Any], words: Mapping[str, str]) -> str:
    old, new = (round(100 * row[f"share_{version}"], 1) for version in ("old", "new"))
    said = words["shares"].format(old=old, new=new)
    # A topic that kept its clauses or gained some has less of all only when the rest grew by a
    # larger factor. Rounded, because a reader sees no other fall.
    if new < old and row["n_new"] >= row["n_old"]:
        said += words["fell"]
    elif new > old and row["n_new"] <= row["n_old"]:
        said += words["rose"]
    if level := re.search(r"[\d.]+ %", row["interval_model"]):
        said += words["interval"].format(
            level=level[0],
            model=words["bootstrap"] if "paired clause bootstrap" in row["interval_model"] else "",
            # Adding 0 turns a rounded -0.0 into 0.0.
            low=round(100 * row["share_difference_low"], 1) + 0,
            high=round(100 * row["share_difference_high"], 1) + 0,
        )
    return said
