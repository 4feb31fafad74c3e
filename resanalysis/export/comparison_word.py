"""The 对照表 as a Word file: one table on landscape A4, its header on every page."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from resanalysis.export.pairs import CHANGES, ClauseText, ComparedPair, compare_pairs, mark_topics
from resanalysis.export.wording import (
    WORDS,
    describe_counts,
    describe_flags,
    describe_scope,
    describe_source,
    name_body,
)
from resanalysis.model import Codebook, Language, Study, Version
from resanalysis.wordfile import FOOTER, hint_font, pack_word, replace_illegal, write_text

_WIDTHS = (1360, 5560, 5560, 2090)  # change, old, new, topics, in twentieths of a point
_DELETED = '<w:strike/><w:color w:val="A32A17"/>'
_INSERTED = '<w:color w:val="0A4A86"/>'
_CHARACTER_STYLES = {
    "Deleted": _DELETED,
    "DeletedUncertain": f'{_DELETED}<w:u w:val="dottedHeavy" w:color="6B4A00"/>',
    "Inserted": f'{_INSERTED}<w:u w:val="single"/>',
    "InsertedUncertain": f'{_INSERTED}<w:u w:val="dottedHeavy" w:color="6B4A00"/>',
    "Uncertain": '<w:u w:val="dottedHeavy" w:color="6B4A00"/>',
    "Marker": "<w:b/>",
}
_HEADING_FONT = '<w:rFonts w:ascii="Arial" w:hAnsi="Arial" w:cs="Arial" w:eastAsia="SimHei"/>'
_PARAGRAPH_STYLES = {
    "Title": ('<w:spacing w:after="60"/>', f'{_HEADING_FONT}<w:b/><w:sz w:val="32"/>'),
    "Subtitle": ('<w:spacing w:after="60"/>', '<w:sz w:val="22"/>'),
    "Legend": ('<w:spacing w:after="40"/>', '<w:sz w:val="19"/>'),
    "Source": ('<w:spacing w:before="160" w:after="0"/>', '<w:sz w:val="19"/>'),
    "Clause": ('<w:spacing w:after="0" w:line="264" w:lineRule="auto"/>', '<w:sz w:val="19"/>'),
    "Note": (
        '<w:spacing w:before="40" w:after="0"/><w:ind w:left="240"/>',
        '<w:sz w:val="17"/>',
    ),
    "Flag": ('<w:spacing w:after="0"/>', '<w:color w:val="444444"/><w:sz w:val="17"/>'),
    "TableHeading": (
        '<w:keepNext/><w:spacing w:before="20" w:after="20"/>',
        f'{_HEADING_FONT}<w:b/><w:sz w:val="19"/>',
    ),
    "Footer": ('<w:spacing w:after="0"/>', '<w:color w:val="444444"/><w:sz w:val="16"/>'),
}


def write_docx(study: Study, *, language: Language) -> bytes:
    """Return the Word file; the same study gives the same bytes.

    A character that no Word file can hold, such as a form feed, is shown as U+FFFD.
    """
    corpus = study.corpus
    pairs = compare_pairs(study)
    editions = f"{corpus.old.label(language)} → {corpus.new.label(language)}"
    title = f"{WORDS['name'][language]}{'：' if language == 'zh' else ': '}{corpus.title[language]}"
    body = [
        _paragraph(_text(title), "Title"),
        _paragraph(_text(f"{name_body(study, language)} · {editions}"), "Subtitle"),
        _paragraph(_write_legend(language), "Legend"),
        _paragraph(_text(describe_scope(study, language)), "Legend"),
        _paragraph(_text(describe_counts(pairs, language)), "Legend"),
        _write_table(pairs, study, language),
        _paragraph(_text(describe_source(study, language)), "Source"),
        _SECTION,
    ]
    page = (
        _text(f"{title} · {corpus.describe_origin(language)} · {WORDS['page'][language]}")
        + f'<w:fldSimple w:instr=" PAGE ">{_text("1")}</w:fldSimple>'
        + _text(WORDS["page end"][language])
    )
    return pack_word(
        "".join(body),
        title=replace_illegal(title),
        styles=_write_styles(),
        footer=_paragraph(page, "Footer"),
    )


def _text(text: str, style: str = "") -> str:
    """Return text as a run, in a character style if one is named."""
    if not text:
        return ""
    properties = f'<w:rStyle w:val="{style}"/>' if style else ""
    # A line break of the text is white space here: a cell's paragraph holds one clause.
    shown = replace_illegal(text).replace("\n", " ")
    return write_text(shown, properties=properties + hint_font(text))


def _paragraph(runs: str, style: str) -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{runs}</w:p>'


def _write_legend(language: Language) -> str:
    parts = (("old only", "Deleted"), ("new only", "Inserted"), ("uncertain", "Uncertain"))
    return _text("    ").join(_text(WORDS[key][language], style) for key, style in parts)


# --- the table -----------------------------------------------------------------------------------


def _write_table(pairs: list[ComparedPair], study: Study, language: Language) -> str:
    corpus = study.corpus
    names = (
        WORDS["change"][language],
        corpus.old.label(language),
        corpus.new.label(language),
        WORDS["topics"][language],
    )
    cells = (_paragraph(_text(name), "TableHeading") for name in names)
    rows = [_write_row(cells, properties="<w:cantSplit/><w:tblHeader/>", shade="E4E4E4")]
    for heading, group in groupby(pairs, key=lambda pair: pair.heading):
        if heading:
            rows.append(_write_heading(heading))
        rows += [_write_pair(pair, study.codebook, language) for pair in group]
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in _WIDTHS)
    return f"<w:tbl>{_TABLE}<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"


def _write_row(cells: Iterable[str], *, properties: str = "<w:cantSplit/>", shade: str = "") -> str:
    fill = f'<w:shd w:val="clear" w:color="auto" w:fill="{shade}"/>' if shade else ""
    inner = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{fill}</w:tcPr>{cell}</w:tc>'
        for width, cell in zip(_WIDTHS, cells, strict=True)
    )
    return f"<w:tr><w:trPr>{properties}</w:trPr>{inner}</w:tr>"


def _write_heading(heading: str) -> str:
    """Return a row over all columns that stays with the row below it."""
    return (
        f'<w:tr><w:trPr><w:cantSplit/></w:trPr><w:tc><w:tcPr><w:tcW w:w="{sum(_WIDTHS)}"'
        ' w:type="dxa"/><w:gridSpan w:val="4"/>'
        '<w:shd w:val="clear" w:color="auto" w:fill="E6ECF2"/></w:tcPr>'
        f"{_paragraph(_text(heading), 'TableHeading')}</w:tc></w:tr>"
    )


def _write_pair(pair: ComparedPair, book: Codebook, language: Language) -> str:
    change = _text(pair.change, "Marker") + _text(f" {CHANGES[pair.change][language]}")
    flags = describe_flags(pair, language)
    topics = "".join(
        _paragraph(_text(topic.label[language], _STYLE_OF_MARK[mark]), "Clause")
        for topic, mark in mark_topics(pair, book)
    )
    return _write_row(
        (
            _paragraph(change, "Clause") + (_paragraph(_text(flags), "Flag") if flags else ""),
            _write_clause(pair.old, "old", "Clause"),
            _write_clause(pair.new, "new", "Clause"),
            topics or _paragraph(_text("—"), "Clause"),
        )
    )


def _write_clause(clause: ClauseText | None, version: Version, style: str) -> str:
    """Return the paragraphs of a clause and its footnotes; a dash where there is none."""
    if clause is None:
        return _paragraph(_text("—"), style)
    changed = "Deleted" if version == "old" else "Inserted"
    marker = _text(clause.marker, "Marker") + _text(" ") if clause.marker else ""
    runs = "".join(
        _text(
            run.text,
            (changed if run.is_changed else "") + ("Uncertain" if run.is_uncertain else ""),
        )
        for run in clause.runs
    )
    notes = "".join(_write_clause(note, version, "Note") for note in clause.notes)
    return _paragraph(marker + runs, style) + notes


def _write_styles() -> str:
    paragraphs = "".join(
        f'<w:style w:type="paragraph" w:styleId="{name}"><w:name w:val="{name}"/>'
        f'<w:basedOn w:val="Normal"/><w:pPr>{paragraph}</w:pPr><w:rPr>{run}</w:rPr></w:style>'
        for name, (paragraph, run) in _PARAGRAPH_STYLES.items()
    )
    return paragraphs + "".join(
        f'<w:style w:type="character" w:customStyle="1" w:styleId="{name}">'
        f'<w:name w:val="{name}"/><w:rPr>{properties}</w:rPr></w:style>'
        for name, properties in _CHARACTER_STYLES.items()
    )


_STYLE_OF_MARK = {"": "", "del": "Deleted", "ins": "Inserted"}
_BORDERS = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="808080"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)
_TABLE = (
    f'<w:tblPr><w:tblW w:w="{sum(_WIDTHS)}" w:type="dxa"/><w:tblBorders>{_BORDERS}</w:tblBorders>'
    '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:top w:w="50" w:type="dxa"/>'
    '<w:left w:w="90" w:type="dxa"/><w:bottom w:w="50" w:type="dxa"/>'
    '<w:right w:w="90" w:type="dxa"/></w:tblCellMar></w:tblPr>'
)
_SECTION = (
    f'<w:sectPr><w:footerReference w:type="default" r:id="{FOOTER}"/>'
    '<w:pgSz w:w="16838" w:h="11906" w:orient="landscape"/>'
    '<w:pgMar w:top="1021" w:right="1134" w:bottom="1021" w:left="1134"'
    ' w:header="567" w:footer="510" w:gutter="0"/></w:sectPr>'
)
