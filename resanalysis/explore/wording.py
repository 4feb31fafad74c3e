"""The words of the displays and controls, in Chinese and in English."""

from __future__ import annotations

from resanalysis.model import LANGUAGES, Language

_WORDS: dict[str, tuple[str, str]] = {
    "topic": ("主题", "Topic"),
    "topics": ("主题", "Topics"),
    "all": ("全部", "all"),
    "version": ("版本", "Version"),
    "old": ("旧版", "old"),
    "new": ("新版", "new"),
    "both": ("对照", "both"),
    "part": ("部分", "Part"),
    "preambular": ("序言", "preamble"),
    "operative": ("执行部分", "operative part"),
    "change": ("变化", "Change"),
    "text": ("文字", "Text"),
    "clauses shown": ("显示{n}条，共{of}条", "{n} of {of} clauses shown"),
    "rows shown": ("显示{n}行，共{of}行", "{n} of {of} rows shown"),
    "no clause": ("没有这样的条款。", "There is no such clause."),
    "nothing": ("（无）", "(nothing)"),
    "as coded": ("原编码本", "codebook as it is"),
    "as tried": ("试改之后", "as tried"),
    "changed clauses": ("标签有变的条款", "Clauses whose tags changed"),
    "no change": ("没有条款的标签改变。", "No clause has other tags."),
    "in force": ("现行", "in force"),
    "weight": ("权重", "weight"),
    "chosen": ("另选的读法", "Readings chosen otherwise"),
    "none chosen": ("全部为现行读法。", "All places have the reading in force."),
    "in study": ("现行读法", "readings in force"),
    "as chosen": ("所选读法", "readings chosen"),
    "marks": (
        "框内为词条，其后小字为主题；划线为删除，双下划线为新增，加问号处不确定。",
        "Boxes are terms, followed by their topic in small print; struck out: deleted; double"
        " underline: inserted; a question mark: uncertain.",
    ),
    "marks of one": (
        "框内为词条，其后小字为主题。",
        "Boxes are terms, followed by their topic in small print.",
    ),
    "clauses hint": (
        "选一个或几个主题（不选即全部），看它们的词条在哪些条款里。",
        "Choose topics (none: all) and see in which clauses their terms stand.",
    ),
    "terms hint": (
        "去掉或加上词条，看主题在两版中的条款数怎样变。",
        "Take terms away or add your own and see how many clauses of each version have the topic.",
    ),
    "readings hint": (
        "为不确定之处各选一种读法，看结论变不变。什么也不写入文件。",
        "Choose a reading for each uncertain place and see whether the conclusion changes. Nothing"
        " is written to a file.",
    ),
    "own terms": ("加上词条", "Add terms"),
    "own exclusions": ("加上排除词", "Add exclusions"),
    "own placeholder": ("用逗号分开", "separated by commas"),
    "reset": ("还原", "Reset"),
    "difference": ("新减旧", "new − old"),
    "share difference": ("份额之差（百分点）", "share, difference (points)"),
    "gained": ("得到主题", "gained"),
    "lost": ("失去主题", "lost"),
    "by": ("词条", "by"),
    "instead": ("该处另有", "in its place"),
    "core": ("核心", "core"),
    "peripheral": ("外围", "peripheral"),
    "exclusion": ("排除", "exclusion"),
    "rule": ("规则", "rule"),
    "place": ("不确定之处", "Place"),
    "reading": ("读法", "Reading"),
    "effect": ("影响", "effect"),
    "line": ("第{n}行", "line {n}"),
    "sign": ("方向", "Sign"),
    "kept": ("不变", "kept"),
    "turned": ("反转", "turned round"),
    "other": ("改变", "changed"),
    "counted clauses": ("全部条款", "All clauses"),
    "no places": ("这份文本没有不确定之处。", "This text has no uncertain place."),
    "all topics": ("全部主题", "All topics"),
}


def word(name: str, language: Language, **values: object) -> str:
    """Return a word or a sentence in a language, its gaps filled."""
    return _WORDS[name][language == "en"].format(**values)


def check_language(language: Language) -> None:
    """Refuse a language that there are no words in."""
    if language not in LANGUAGES:
        raise ValueError(f"language is {language!r}; give 'zh' or 'en'")
