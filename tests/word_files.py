"""Small Word files for tests, put together from the XML that a test is about."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from html import escape
from io import BytesIO

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_NAMES = (
    f'xmlns:r="{OFFICE}" xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
    ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    ' xmlns:v="urn:schemas-microsoft-com:vml"'
    ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)
WHO = 'w:id="1" w:author="Ann" w:date="2022-01-02T03:04:05Z"'


def run(text: str, properties: str = "") -> str:
    """Return a run of plain text."""
    return f'<w:r>{properties}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def ins(*content: str) -> str:
    """Return an insertion of runs."""
    return f"<w:ins {WHO}>{''.join(content)}</w:ins>"


def deleted(*texts: str) -> str:
    """Return a deletion of texts."""
    runs = "".join(
        f'<w:r><w:delText xml:space="preserve">{escape(text)}</w:delText></w:r>' for text in texts
    )
    return f"<w:del {WHO}>{runs}</w:del>"


def par(*content: str, mark: str = "", properties: str = "") -> str:
    """Return a paragraph; `mark` is `ins`, `del`, `moveFrom`, `moveTo` or empty."""
    changed = f"<w:rPr><w:{mark} {WHO}/></w:rPr>" if mark else ""
    return f"<w:p><w:pPr>{properties}{changed}</w:pPr>{''.join(content)}</w:p>"


def item(*content: str, list_id: int = 1, level: int = 0, mark: str = "", more: str = "") -> str:
    """Return a paragraph of a list."""
    number = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list_id}"/></w:numPr>'
    return par(*content, mark=mark, properties=number + more)


def table(*rows: str) -> str:
    """Return a table of rows."""
    return f'<w:tbl><w:tblPr><w:tblW w:w="0" w:type="auto"/></w:tblPr>{"".join(rows)}</w:tbl>'


def row(*cells: str, change: str = "") -> str:
    """Return a row of cells; `change` is `ins`, `del` or empty."""
    properties = f"<w:trPr><w:{change} {WHO}/></w:trPr>" if change else ""
    return f"<w:tr>{properties}{''.join(cells)}</w:tr>"


def cell(*content: str, properties: str = "") -> str:
    """Return a cell."""
    width = '<w:tcW w:w="2000" w:type="dxa"/>'
    return f"<w:tc><w:tcPr>{width}{properties}</w:tcPr>{''.join(content)}</w:tc>"


def field(instruction: str, result: str) -> str:
    """Return a complex field."""
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f"<w:r><w:instrText>{instruction}</w:instrText></w:r>"
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        f'{result}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def level(depth: int, form: str, pattern: str, *, start: int = 1, more: str = "") -> str:
    """Return one level of a list's definition."""
    return (
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="{start}"/><w:numFmt w:val="{form}"/>{more}'
        f'<w:lvlText w:val="{pattern}"/></w:lvl>'
    )


def lists(*definitions: str, numbers: str = "") -> str:
    """Return the content of the numbering part; the definitions are lists 1, 2 and so on."""
    abstract = "".join(
        f'<w:abstractNum w:abstractNumId="{i}">{levels}</w:abstractNum>'
        for i, levels in enumerate(definitions, start=1)
    )
    used = "".join(
        f'<w:num w:numId="{i}"><w:abstractNumId w:val="{i}"/></w:num>'
        for i in range(1, len(definitions) + 1)
    )
    return abstract + used + numbers


def make_docx(
    body: str,
    *,
    document: str = "word/document.xml",
    strict: bool = False,
    replaced: Mapping[str, str | bytes | None] | None = None,
    **parts: str,
) -> bytes:
    """Return a Word file.

    Parameters
    ----------
    body : str
        What stands in `w:body`.
    document : str
        Name of the document's part.
    strict : bool
        Whether to use the namespaces of strict Office Open XML.
    replaced : mapping, optional
        Parts to write as they are given, under any name; None leaves a part out.
    **parts : str
        Content of `numbering`, `styles`, `footnotes`, `endnotes`, `comments`, `settings`.
    """
    folder = document.rsplit("/", 1)[0]
    files: dict[str, str | bytes | None] = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels"'
        ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/{document}" ContentType="{_TYPE}.document.main+xml"/>'
        + "".join(
            f'<Override PartName="/{folder}/{name}.xml" ContentType="{_TYPE}.{name}+xml"/>'
            for name in parts
        )
        + "</Types>",
        "_rels/.rels": _relations({"officeDocument": document}),
        document: f'<w:document xmlns:w="{WORD}" {_NAMES}><w:body>{body}</w:body></w:document>',
    }
    if parts:
        name = document.rsplit("/", 1)[1]
        files[f"{folder}/_rels/{name}.rels"] = _relations({n: f"{n}.xml" for n in parts})
    for name, content in parts.items():
        files[f"{folder}/{name}.xml"] = f'<w:{name} xmlns:w="{WORD}" {_NAMES}>{content}</w:{name}>'
    files |= replaced or {}
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            if content is not None:
                plain = isinstance(content, str) and strict
                archive.writestr(name, content.replace(WORD, STRICT) if plain else content)
    return buffer.getvalue()


def _relations(targets: Mapping[str, str]) -> str:
    inner = "".join(
        f'<Relationship Id="rId{i}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for i, (kind, target) in enumerate(targets.items(), start=1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{inner}</Relationships>'
