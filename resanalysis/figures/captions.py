"""Captions in Chinese and English, with N, unit, method and source, from the tables."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, TypeAlias

from resanalysis.figures.addressee_names import NONE, list_addressees, name_addressees
from resanalysis.model import Codebook, Corpus, Language, input_error

if TYPE_CHECKING:
    import pandas as pd

FigureName: TypeAlias = Literal[
    "topic-shares", "change-origin", "clause-topic-map", "part-shift", "addressee-shift"
]

_UNITS: dict[str, tuple[str, str]] = {
    "clause": ("含该主题的条款数", "clauses with the topic"),
    "character": ("含该主题的条款的字符数", "characters of clauses with the topic"),
    "token": ("含该主题的条款的词数", "tokens of clauses with the topic"),
    "matched": ("匹配到的字符数", "matched characters"),
}

_CAPTIONS: dict[str, tuple[str, str]] = {
    "topic-shares": (
        "各主题在{old}（空心圆）与{new}（实心圆）中的份额。份额为该主题占该版全部主题标注的比例，"
        "合计为1，故其他主题增加时，未变的主题份额也会下降。右列：{unit}（旧→新）。"
        "细线：份额之差的区间，自旧版份额起画（旧版份额加区间下端，至旧版份额加区间上端）。",
        "Share of each topic in {old} (open circle) and {new} (filled circle). A share is the "
        "topic's part of all topic assignments of the edition; shares sum to 1, so that a topic "
        "that did not change falls when others grow. Right column: {unit}, old→new. Thin line: "
        "interval of the difference of shares, drawn from the old share (old share plus lower end "
        "to old share plus upper end). ",
    ),
    "change-origin": (
        "从{old}到{new}，各主题的变化来自何处（单位：{unit}）。零线右侧：新增条款（ADD）带来的与"
        "保留条款修改（MOD）增加的；左侧：删除条款（SUP）带走的与修改减少的。"
        "每行各段之和等于净变化（菱形，右列）。",
        "Where each topic's change from {old} to {new} came from (unit: {unit}). Right of zero: "
        "brought by added clauses (ADD) and gained by edits of kept clauses (MOD); left of zero: "
        "taken by suppressed clauses (SUP) and lost by edits. The bars of a row sum to its net "
        "change (diamond, right column). ",
    ),
    "clause-topic-map": (
        "各条款的主题，按文本顺序；每行为一个条款，两版配对者合为一行。满格：两版均有该主题；"
        "左半空格：仅{old}有；右半实格：仅{new}有。左侧条用国际电联符号："
        "ADD新增、SUP删除、MOD修改、NOC未变。",
        "Topics of every clause in the order of the document; a row is one clause, or the pair of "
        "its two versions. Full cell: the topic is in both; open left half: in {old} only; filled "
        "right half: in {new} only. Strip at left, in ITU's symbols: ADD added, SUP suppressed, "
        "MOD modified, NOC no change. ",
    ),
    "part-shift": (
        "序言部分与执行部分中含各主题的条款，{old}（空心圆）与{new}（实心圆）。"
        "右列：{unit}（旧→新）。",
        "Clauses with each topic in the preamble and in the operative part, {old} (open circle) "
        "and {new} (filled circle). Columns of numbers: {unit}, old→new. ",
    ),
    "addressee-shift": (
        "含各主题的条款责成或请谁行动，{old}→{new}。行为主题，列为行动对象；一条同时指明数方者自成"
        "一列（如A+B），每条只计入一列。蓝色：增加；橙色加黑框：减少；颜色越深，变化越大；白格："
        "不变；空白：两版均无。",
        "Whom the clauses with each topic tell or ask to act, {old}→{new}. Rows are topics, "
        "columns addressees; a clause that names several stands in the column of the set (such as "
        "A+B), each clause in one column. Blue: grew; orange in a black frame: fell; the deeper, "
        "the more; white: no change; empty: no such clause in either. ",
    ),
    "nobody": (
        "末列：没有行动对象的条款（如序言）。",
        "Last column: clauses that tell nobody, such as the preamble. ",
    ),
    "addressees": ("代码：{addressees}。", "Codes: {addressees}. "),
    "counts": (
        "格内为{unit}；两版长短不同，条数增加不等于比重上升。",
        "The cells count {unit}; the editions differ in length, so that a greater number is not "
        "yet a greater weight. ",
    ),
    "category": ("仅限类别：{category}。", "Category: {category} only. "),
    "moved": (
        "移入、移出：条款来自或去往其他类别。",
        "Moved in and out: clauses that came from or went to other categories. ",
    ),
    "rows": (
        "N = {rows}行：NOC {NOC}、MOD {MOD}、ADD {ADD}、SUP {SUP}。",
        "N = {rows} rows: NOC {NOC}, MOD {MOD}, ADD {ADD}, SUP {SUP}. ",
    ),
    "n": (
        "N = 旧版{base_old}条、新版{base_new}条（计引导句、条款与分项）；"
        "主题标注（条款×主题）{tags_old}→{tags_new}。",
        "N = {base_old} clauses in the old and {base_new} in the new edition (lead-ins, clauses "
        "and items count); topic assignments (clause by topic) {tags_old}→{tags_new}. ",
    ),
    "interval": (
        "区间模型：{model}；两版均为全文，区间不是抽样误差，只表示结果在多大程度上取决于个别条款。",
        "Interval model: {model}; both texts are complete, so the interval is no sampling error "
        "but shows how far the result hangs on single clauses. ",
    ),
    "no interval": ("未计算区间。", "No intervals were computed. "),
    "method": (
        "方法：以编码本词条按字符匹配条款文字，两版条款逐一配对；"
        "编码本 {codebook} {version}（SHA-256 {codebook_hash}）。",
        "Method: terms of the codebook matched on the characters of each clause, clauses paired "
        "across the editions; codebook {codebook} {version} (SHA-256 {codebook_hash}). ",
    ),
    "source": (
        "文本：{body}，第{number}号决议《{title}》，{files}；{origin}。",
        "Text: {body}, Resolution {number}, “{title}”, {files}; {origin}. ",
    ),
    "file": ("{name}（SHA-256 {hash}）", "{name} (SHA-256 {hash})"),
    "and": ("、", ", "),
    "between": ("；", "; "),
    "rights": ("权利：{rights}", "Rights: {rights}"),
    "bootstrap": (
        "配对条款自助法，水平{level}，抽样{draws}次，种子{seed}",
        "paired clause bootstrap, level {level}, {draws} draws, seed {seed}",
    ),
}


def figure_caption(
    figure: FigureName,
    shift: pd.DataFrame,
    corpus: Corpus,
    codebook: Codebook,
    *,
    language: Language,
    unit: str = "clause",
    breakdown: str = "total",
    category: str = "all",
    pairs: pd.DataFrame | None = None,
) -> str:
    """Return a figure's caption: what it shows, N, unit, method, intervals, codebook and source.

    Parameters
    ----------
    figure : {"topic-shares", "change-origin", "clause-topic-map", "part-shift", "addressee-shift"}
        Which figure it stands under.
    shift : DataFrame
        Table `shift` that was drawn; all numbers come from it.
    corpus : Corpus
        Gives the editions, the source, how its versions are known, and its rights.
    codebook : Codebook
        Gives the codebook's name, version and hash.
    language : {"zh", "en"}
        Language of the caption.
    unit, breakdown, category : str
        The same as were drawn.
    pairs : DataFrame, optional
        Table `pairs`; with it the caption of the clause-topic map counts its rows by change.

    Returns
    -------
    str
        One paragraph without a line break.

    Raises
    ------
    InputError
        When the table has no rows of that unit, breakdown and category.

    Examples
    --------
    >>> figure_caption("topic-shares", study.shift, study.corpus, study.codebook,
    ...                language="en")  # doctest: +SKIP
    """
    drawn, clauses = (
        select_rows(shift, unit, breakdown, category),
        select_rows(shift, "clause", "total"),
    )
    keys: list[str] = [figure]
    if category != "all":
        keys.append("category")
    if figure == "change-origin" and drawn[["moved_in", "moved_out"]].any(axis=None):
        keys.append("moved")
    if figure == "clause-topic-map" and pairs is not None:
        keys.append("rows")
    codes = name_addressees(list_addressees(shift), language)
    if figure == "addressee-shift":
        keys += ["nobody"] if NONE in list_addressees(shift) else []
        keys += [*(["addressees"] if codes else []), "counts"]
    keys.append("n")
    model = "; ".join(drawn["interval_model"].unique())
    if figure == "topic-shares":
        keys.append("no interval" if model == "none" else "interval")
    values = {
        "old": corpus.old.label(language),
        "new": corpus.new.label(language),
        "unit": unit_name(unit, language),
        "category": category,
        "base_old": clauses["base_old"].iloc[0],
        "base_new": clauses["base_new"].iloc[0],
        "tags_old": clauses["n_old"].sum(),
        "tags_new": clauses["n_new"].sum(),
        "model": _describe_model(model, language),
        "addressees": _caption_words("between", language).join(
            f"{code} {name}" for code, name in codes.items()
        ),
    }
    if pairs is not None:
        rows = pairs[pairs["relation"].eq("1:1")]
        values |= {"rows": len(rows)} | {
            change: int(rows["change"].eq(change).sum()) for change in ("NOC", "MOD", "ADD", "SUP")
        }
    shown = "".join(_caption_words(key, language).format(**values) for key in keys)
    return shown + describe_sources(corpus, codebook, language)


def describe_sources(corpus: Corpus, codebook: Codebook, language: Language) -> str:
    """Return the end of a caption: method, codebook, text, how it is known, and its rights."""
    values = {
        "codebook": codebook.id,
        "version": codebook.version,
        "codebook_hash": codebook.sha256[:8],
        "body": corpus.body[language],
        "number": corpus.number,
        "title": corpus.title[language],
        "files": _name_files(corpus, language),
        "origin": corpus.describe_origin(language),
        "rights": corpus.rights.get(language, ""),
    }
    keys = ["method", "source", *(["rights"] if corpus.rights else [])]
    return "".join(_caption_words(key, language).format(**values) for key in keys).strip()


def select_rows(
    shift: pd.DataFrame, unit: str, breakdown: str, category: str = "all"
) -> pd.DataFrame:
    """Return the rows of `shift` of one unit, breakdown and category."""
    wanted = {"unit": unit, "breakdown": breakdown, "category": category}
    rows = shift
    for column, value in wanted.items():
        rows = rows[rows[column].eq(value)]
    if rows.empty:
        place = ", ".join(f"{column} {value}" for column, value in wanted.items())
        raise input_error("shift", place, "there are no such rows", "Pass the table `shift`")
    return rows


def unit_name(unit: str, language: Language) -> str:
    """Return what the numbers of a unit of `shift` count."""
    return _UNITS[unit][language == "en"]


def _caption_words(key: str, language: Language) -> str:
    return _CAPTIONS[key][language == "en"]


def _name_files(corpus: Corpus, language: Language) -> str:
    """Return the files that hold the versions, each with the beginning of its hash."""
    return _caption_words("and", language).join(
        _caption_words("file", language).format(name=source.name, hash=source.sha256[:8])
        for source in corpus.sources.values()
    )


def _describe_model(model: str, language: Language) -> str:
    """Return the interval model in words; one that is not known stands as it is."""
    known = re.fullmatch(
        r"paired clause bootstrap, (?P<level>\S+ %), (?P<draws>\d+) draws, seed (?P<seed>\d+)",
        model,
    )
    return _caption_words("bootstrap", language).format(**known.groupdict()) if known else model
