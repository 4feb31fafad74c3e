"""A Word file from the XML of its body: escaped text, the parts around it, one archive."""

from __future__ import annotations

import io
import re
import zipfile
from html import escape
from typing import Literal

from resanalysis.model import InputError, Problem

NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
FOOTER = "rIdFooter"
"""Relationship by which a section names the footer."""

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
# What XML 1.0 cannot hold, and the carriage return, which an XML parser turns into a line break.
_ILLEGAL = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_CHINESE = re.compile("[\u3400-\u9fff\U00020000-\U0003ffff]")
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time a zip archive can hold


def check_characters(text: str, *, name: str) -> None:
    """Raise an `InputError` that names every line with a character no Word file can hold.

    Parameters
    ----------
    text : str
        The text.
    name : str
        What it is, for the message.
    """
    problems = []
    for number, line in enumerate(text.split("\n"), 1):
        for character in dict.fromkeys(_ILLEGAL.findall(line)):
            problems.append(
                Problem(
                    "error",
                    name,
                    f"line {number}, column {line.index(character) + 1}",
                    f"the character U+{ord(character):04X} cannot stand in a Word file",
                    "Remove it from the text or put a visible character in its place",
                )
            )
    if problems:
        raise InputError(problems)


def replace_illegal(text: str) -> str:
    r"""Return text with a replacement character for each one that no Word file can hold.

    Examples
    --------
    >>> replace_illegal("a\x0cb")
    'a�b'
    """
    return _ILLEGAL.sub("\ufffd", text)


def write_text(text: str, *, properties: str = "", kind: Literal["t", "delText"] = "t") -> str:
    r"""Return text without line breaks as one run.

    Parameters
    ----------
    text : str
        The text; a tab becomes Word's own.
    properties : str
        XML of run properties.
    kind : {"t", "delText"}
        Element of the text; inside a tracked deletion Word wants `delText`.

    Examples
    --------
    >>> write_text("a)\tall")
    '<w:r><w:t xml:space="preserve">a)</w:t><w:tab/><w:t xml:space="preserve">all</w:t></w:r>'
    """
    pieces = [
        f'<w:{kind} xml:space="preserve">{escape(piece, quote=False)}</w:{kind}>' if piece else ""
        for piece in text.split("\t")
    ]
    before = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f"<w:r>{before}{'<w:tab/>'.join(pieces)}</w:r>"


def hint_font(text: str) -> str:
    """Return the run property for text whose quotation marks and dashes are Chinese ones.

    Quotation marks and dashes have one code point for Chinese and Western text; the hint makes
    Word take them from the East Asian font. Empty where the text has no Chinese character.
    """
    return '<w:rFonts w:hint="eastAsia"/>' if _CHINESE.search(text) else ""


def pack_word(
    body: str, *, title: str = "", styles: str = "", comments: str = "", footer: str = ""
) -> bytes:
    """Return a Word file (.docx); the same arguments give the same bytes.

    Parameters
    ----------
    body : str
        XML inside `w:body`; a section may refer to the footer as `FOOTER`.
    title : str
        Title among the file's properties; it is not part of the text.
    styles : str
        XML of styles beside the default ones.
    comments, footer : str
        XML inside `w:comments` and `w:ftr`; without them the file has no such part.
    """
    parts = {
        "document": ("officeDocument", f"<w:body>{body}</w:body>"),
        "styles": ("styles", _DEFAULTS + styles),
        "settings": ("settings", _SETTINGS),
        "comments": ("comments", comments),
        "footer": ("footer", footer),
    }
    roots = {"footer": "ftr"}
    parts = {name: part for name, part in parts.items() if part[1]}
    files = {
        "[Content_Types].xml": _content_types(list(parts)),
        "_rels/.rels": _relationships(
            ("rId1", f"{_OFFICE}/officeDocument", "word/document.xml"),
            ("rId2", f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
        ),
        "docProps/core.xml": (
            f'{_HEAD}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties"'
            f' xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{escape(title)}</dc:title>'
            "</cp:coreProperties>"
        ),
        "word/_rels/document.xml.rels": _relationships(
            *(
                (f"rId{name.capitalize()}", f"{_OFFICE}/{kind}", f"{name}.xml")
                for name, (kind, _) in parts.items()
                if name != "document"
            )
        ),
    }
    for name, (_, inner) in parts.items():
        root = roots.get(name, name)
        files[f"word/{name}.xml"] = f"{_HEAD}<w:{root} {NAMESPACES}>{inner}</w:{root}>"
    return _zip(files)


def _content_types(parts: list[str]) -> str:
    kinds = {"document": f"{_WORD}.document.main+xml"}
    overrides = "".join(
        f'<Override PartName="/word/{part}.xml"'
        f' ContentType="{kinds.get(part, f"{_WORD}.{part}+xml")}"/>'
        for part in parts
    )
    return (
        f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels"'
        ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f"{overrides}"
        '<Override PartName="/docProps/core.xml"'
        ' ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>'
    )


def _relationships(*rows: tuple[str, str, str]) -> str:
    inner = "".join(
        f'<Relationship Id="{key}" Type="{kind}" Target="{target}"/>' for key, kind, target in rows
    )
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{inner}</Relationships>'


def _zip(files: dict[str, str]) -> bytes:
    """Return an archive without anything that varies: no time, no mark of the system."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, text in files.items():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0
            archive.writestr(entry, text.encode("utf-8"))
    return data.getvalue()


_DEFAULTS = (
    "<w:docDefaults><w:rPrDefault><w:rPr>"
    '<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:cs="Times New Roman"'
    ' w:eastAsia="SimSun"/><w:kern w:val="0"/><w:sz w:val="21"/><w:szCs w:val="21"/>'
    '<w:lang w:val="en-GB" w:eastAsia="zh-CN"/></w:rPr></w:rPrDefault>'
    '<w:pPrDefault><w:pPr><w:spacing w:after="100" w:line="288" w:lineRule="auto"/></w:pPr>'
    "</w:pPrDefault></w:docDefaults>"
    '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/>'
    "<w:qFormat/></w:style>"
)
_SETTINGS = (
    '<w:characterSpacingControl w:val="compressPunctuation"/>'
    '<w:compat><w:compatSetting w:name="compatibilityMode"'
    ' w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>'
)
