"""The bytes of a codebook's file as text, or what they are instead."""

from __future__ import annotations

import codecs

from resanalysis.model import input_error

_BOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # .xlsx and .ods are zip archives, .xls is OLE
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_EXCEL = 'In Excel: Save As, type "CSV UTF-8 (Comma delimited)"'


def decode(content: bytes, name: str) -> str:
    """Return a file's text; a byte order mark is dropped.

    Raises
    ------
    InputError
        When the file is a workbook of a spreadsheet program, or not in UTF-8; with the line, and
        with the encoding that it looks like.

    Examples
    --------
    >>> decode("水资源".encode(), "codebook.toml")
    '水资源'
    """
    if content.startswith(_BOOKS):
        what = "is a workbook of a spreadsheet program, not a text"
        raise input_error(name, "", what, f"{_EXCEL}, and read that file.")
    if content.startswith(_UTF_16):
        what = "is not UTF-8, but looks like UTF-16"
        raise input_error(name, "line 1", what, f"Save it as UTF-8.{_advise(name)}")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        is_gb18030 = "\ufffd" not in content.decode("gb18030", errors="replace")
        what = f"is not UTF-8{', but looks like GB18030 (GBK)' if is_gb18030 else ''}"
        remedy = f"Save it as UTF-8, for example with: iconv -f GB18030 -t UTF-8.{_advise(name)}"
        raise input_error(name, f"line {line}", what, remedy) from None


def _advise(name: str) -> str:
    return f" {_EXCEL}." if name.lower().endswith(".csv") else ""
