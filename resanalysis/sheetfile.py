"""Workbooks to bytes: the same workbook gives the same file, whenever it is written."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from openpyxl import Workbook

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time a zip archive can hold
_NO_DATE = "1980-01-01T00:00:00Z"


def save_workbook(book: Workbook) -> bytes:
    """Return the workbook as an .xlsx file, without the time of writing it."""
    first, second = BytesIO(), BytesIO()
    book.save(first)
    with zipfile.ZipFile(first) as written, zipfile.ZipFile(second, "w") as archive:
        for name in written.namelist():
            data = written.read(name)
            if name == "docProps/core.xml":
                data = re.sub(rb"(?<=W3CDTF\">)[^<]*", _NO_DATE.encode(), data)
            archive.writestr(
                zipfile.ZipInfo(name, _EPOCH), data, compress_type=zipfile.ZIP_DEFLATED
            )
    return second.getvalue()
