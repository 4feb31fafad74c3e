"""Findings in plain sentences, made from the numbers, in Chinese and in English."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from resanalysis.model import (
    Codebook,
    Language,
)

if TYPE_CHECKING:
    import pandas as pd


SENTENCES: dict[Language, dict[str, str]] = {
    "en": {
        "counts": "{topic}: {n_old} of {base_old} clauses in {old}, {n_new} of {base_new} in {new} "
        "({change:+d}{origins})",
        "shares": "; share of all topic assignments {old:.1f} % → {new:.1f} %",
        "interval": ", {level} interval of its change {low:+.1f} to {high:+.1f} points",
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
        "shares": "；占全部主题标注的份额 {old:.1f} % → {new:.1f} %",
        "interval": "，其变化的{level}区间为 {low:+.1f} 至 {high:+.1f} 个百分点",
        "add": "新增{}条",
        "sup": "删除{}条",
        "mod_gain": "保留条款中增加{}条",
        "mod_loss": "保留条款中减少{}条",
        "colon": "：",
        "comma": "，",
        "stop": "。",
    },
}


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
        Table `shift`; its rows of unit clause and breakdown total are read.
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
        positive = grew.

    Examples
    --------
    >>> summarize_topics(shift, codebook, old_label="2014", new_label="2022",
    ...     language="en")  # doctest: +SKIP
    ['Water: 1 of 1 clauses in 2014, 2 of 2 in 2022 (+1: 1 added); share of all topic ...']
    """
    words = SENTENCES[language]
    rows = shift[(shift["unit"] == "clause") & (shift["breakdown"] == "total")]
    sentences = []
    for row in rows[rows["n_old"] + rows["n_new"] > 0].to_dict("records"):
        origins = [
            words[name].format(row[name])
            for name in ("add", "sup", "mod_gain", "mod_loss")
            if row[name]
        ]
        sentence = words["counts"].format(
            topic=codebook.topic(row["topic"]).label[language],
            old=old_label,
            new=new_label,
            change=row["n_new"] - row["n_old"],
            origins=words["colon"] * bool(origins) + words["comma"].join(origins),
            **{name: row[name] for name in ("n_old", "n_new", "base_old", "base_new")},
        ) + words["shares"].format(old=100 * row["share_old"], new=100 * row["share_new"])
        if level := re.search(r"[\d.]+ %", row["interval_model"]):
            sentence += words["interval"].format(
                level=level[0],
                # Adding 0 turns a rounded -0.0 into 0.0.
                low=round(100 * row["share_difference_low"], 1) + 0,
                high=round(100 * row["share_difference_high"], 1) + 0,
            )
        sentences.append(sentence + words["stop"])
    return sentences
