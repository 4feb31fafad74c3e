"""What a coding sheet looks like: its columns, their names for coders, how it is filled in."""

from __future__ import annotations

from resanalysis.model import Codebook, Language, input_error

BEFORE = ("unit", "clauses", "heading", "context", "text")
"""Columns before the topics: what is coded."""

AFTER = ("none", "sure", "note", "coder")
"""Columns after the topics."""

NEEDED = ("clauses", "text", "none")
"""Columns beside the topics without which a sheet cannot be read back."""

CODING, TOPICS, ABOUT = "coding", "topics", "about"
"""Sheets of a workbook."""

LABELS: dict[str, dict[Language, str]] = {
    "unit": {"zh": "序号", "en": "number"},
    "clauses": {"zh": "条款编号（勿改）", "en": "clauses of the corpus (leave as they are)"},
    "heading": {"zh": "标题", "en": "heading the text stands under"},
    "context": {"zh": "上文", "en": "text that the coded text continues"},
    "text": {"zh": "待编码文本（勿改）", "en": "text to code (leave as it is)"},
    "none": {"zh": "无主题", "en": "read, and has no topic"},
    "sure": {"zh": "是否确定", "en": "empty if certain, ? if not"},
    "note": {"zh": "备注", "en": "note, such as why you hesitated"},
    "coder": {"zh": "编码员", "en": "your name"},
}
"""What the columns are called for coders."""

GUIDE: tuple[tuple[str, str], ...] = (
    (
        "每一行读“待编码文本”。“标题”和“上文”只帮助理解，不作编码对象。",
        "Read the text of every row. Heading and context only help to understand it: do not code"
        " them.",
    ),
    (
        "文本涉及某主题，就在该主题的列中填 1；可填多个主题。各主题的定义见 topics 工作表。",
        "Put 1 into the column of every topic the text deals with; there may be several. The sheet"
        " topics defines them.",
    ),
    (
        "读后认为没有任何主题，请在“无主题”列填 1。一个标记都没有的行视为尚未编码。",
        "Where the text has no topic put 1 into the column none. A row without any mark counts as"
        " not yet coded.",
    ),
    (
        "拿不准时仍请作出判断，在“是否确定”列填 ?，并在“备注”中写明原因。",
        "When you hesitate, decide, put ? into the column sure and say why in the note.",
    ),
    (
        "请在“编码员”列至少填写一次自己的姓名。",
        "Put your name into the column coder, at least once.",
    ),
    (
        "不要修改、合并或删除单元格，不要改动列名；可以排序和筛选。请以 .xlsx 格式保存。",
        "Do not change texts or column names, do not merge cells; sorting and filtering are fine."
        " Save as .xlsx.",
    ),
    (
        "请独立完成，不要与其他编码员讨论，也不要查看程序给出的主题。",
        "Work alone: do not talk to other coders and do not look at the topics the program found.",
    ),
)
"""How a sheet is filled in, Chinese and English."""


def list_columns(codebook: Codebook) -> list[str]:
    """Return the columns of a coding sheet in order.

    Raises
    ------
    InputError
        When a topic is called like another column of the sheet.
    """
    topics = [topic.id for topic in codebook.topics]
    taken = [topic for topic in topics if topic in {*BEFORE, *AFTER}]
    if taken:
        raise input_error(
            codebook.id,
            f"topic {taken[0]}",
            "a coding sheet has a column of this name already",
            "Give the topic another id",
        )
    return [*BEFORE, *topics, *AFTER]


def read_name(header: str) -> str:
    r"""Return the column's name from a header cell: its last line; labels stand above it.

    Examples
    --------
    >>> read_name("电子废弃物\ne_waste")
    'e_waste'
    """
    lines = [line.strip() for line in header.splitlines() if line.strip()]
    return lines[-1] if lines else ""
