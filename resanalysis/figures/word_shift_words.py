"""What the figure of a word shift and its caption say, in Chinese and English."""

from __future__ import annotations

from resanalysis.model import Language

_WORDS: dict[str, tuple[str, str]] = {
    "axis divergence": (
        "占两版用词之詹森—香农散度的百分比，总计{total}比特",
        "Per cent of the Jensen-Shannon divergence of the editions' words, {total} bits in all",
    ),
    "axis proportion": (
        "在每100词中所占之差（合计{total}）",
        "Difference of the word's number per 100 words (sum {total})",
    ),
    "axis entropy": (
        "两版用词之熵的差，比特（合计{total}）",
        "Part of the difference of the editions' entropies, bits (sum {total})",
    ),
    "proportion new": ("在{new}中比例较高", "relatively more frequent in {new}"),
    "proportion old": ("在{old}中比例较高", "relatively more frequent in {old}"),
    "entropy new": ("使{new}用词更多样", "makes {new} more varied"),
    "entropy old": ("使{new}用词更单一", "makes {new} less varied"),
    "these": ("以上{n}词", "these {n} words"),
    "others": ("其余各词", "all other words"),
    "what": (
        "{old}与{new}的用词之差，逐词拆开（词移图，Gallagher等，2021）。",
        "The difference in wording between {old} and {new}, word by word (word shift, Gallagher "
        "et al. 2021). ",
    ),
    "divergence": (
        "横条：各词在两版词频之詹森—香农散度（{total}比特；0为比例相同，1为无一词相同）中所占的百分比；右侧（蓝）为新版中比例"
        "较高的词，左侧（斜纹）为旧版中比例较高的词。",
        "Bar: the word's per cent of the Jensen-Shannon divergence of the editions' word "
        "frequencies ({total} bits; 0: same proportions, 1: no word in common); right (blue) where "
        "its proportion is higher in the new edition, left (hatched) where it is higher in the "
        "old. ",
    ),
    "proportion": (
        "横条：各词在每100词中所占之数，新版减旧版。",
        "Bar: the word's number per 100 words, new less old. ",
    ),
    "entropy": (
        "横条：各词在两版用词之熵的差（{total}比特）中所占的部分；右侧（蓝）使新版用词更多样，"
        "左侧（斜纹）使之更单一。",
        "Bar: the word's part of the difference of the editions' entropies ({total} bits); right "
        "(blue) where it makes the new edition's wording more varied, left (hatched) less. ",
    ),
    "drawn": (
        "画出贡献最大的{shown}词，合占全部贡献（不计正负）的{part}；下图另用一种尺度画出这些词与"
        "其余各词之和。改动涉及条款太少、在表中未单列的词只计入其余各词。右列：词数（旧→新）。",
        "The {shown} words that contribute most are drawn, together {part} of all contributions "
        "(sizes); below, on another scale, their sums and those of all other words. Words that "
        "changed in too few clauses to have a row of their own in the table are among the others. "
        "Right column: tokens, old→new. ",
    ),
    "tied": (
        "另有{tied}词与末词贡献相同，未画。",
        "{tied} more words contribute as much as the last one and are not drawn. ",
    ),
    "n": (
        "N = 旧版{n_old}词、新版{n_new}词（结巴分词；计数条款中的词，默认不含停用词）。",
        "N = {n_old} tokens in the old and {n_new} in the new edition (cut by jieba; of "
        "the clauses that are counted, by default without function words). ",
    ),
    "limits": (
        "此图只拆分差异，不作检验，没有p值；比例取决于全文长短，新版较长时，没有任何条款增删的词"
        "比例也会下降。",
        "The figure takes a difference apart and tests nothing; there is no p-value. Proportions "
        "hang on the length of the text: a word that no clause gained or lost falls when the new "
        "edition is longer. ",
    ),
}


def print_shift_word(key: str, language: Language) -> str:
    """Return what the figure or its caption says for `key`."""
    return _WORDS[key][language == "en"]
