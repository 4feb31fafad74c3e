"""A .docx opened with care: parts by relationship, limits kept, nothing followed outside."""

from __future__ import annotations

import posixpath
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from urllib.parse import unquote
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from resanalysis.model import InputError, Problem, input_error
from resanalysis.redline.word.names import TooDeep, shorten_names

MAX_ENTRIES = 10_000
MAX_PART = 128 * 2**20
"""Bytes that one part may have when unpacked."""
MAX_TOTAL = 2 * 2**30
"""Bytes that all parts together may have when unpacked, pictures included."""
MAX_RATIO = 250
"""How many times larger than the file its unpacked parts may be, above 32 MiB."""

_RATIO_FROM = 32 * 2**20
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SAVE = "Open it in Word or LibreOffice and save it as .docx"
_REPAIR = "Open it in Word or LibreOffice, which may repair it, and save it again as .docx"
_UNTRUSTED = "Do not trust this file; ask for another copy, saved by Word or LibreOffice"


@dataclass(frozen=True)
class Package:
    """The parts of a Word file, read when asked for.

    Attributes
    ----------
    name : str
        File name, for messages.
    document : str
        Name of the part with the document's body.
    root : Element
        Root of that part, with short names.
    """

    name: str
    document: str
    root: Element
    _archive: zipfile.ZipFile
    _entries: dict[str, zipfile.ZipInfo]

    def read_xml(self, part: str) -> Element:
        """Return the root of an XML part with short names (see `names.shorten_names`).

        Raises
        ------
        InputError
            When the part is missing, damaged, not XML, or declares a DTD or entities.
        """
        return _read_xml(self.name, self._archive, self._entries, part)

    def find_related(self, kind: str) -> str | None:
        """Return the part that stands to the document in a relation, such as `footnotes`."""
        related = _read_relations(self.name, self._archive, self._entries, self.document)
        return related.get(kind)


def open_package(data: bytes, *, name: str) -> Package:
    """Return the Word file in `data`, after checking that it is one and safe to read.

    Raises
    ------
    InputError
        When the bytes are no Word file (.docx, .docm and templates, transitional or strict), are
        protected by a password, damaged, or made to harm.
    """
    if not data.startswith(b"PK"):
        raise _not_a_zip(data, name)
    try:
        archive = zipfile.ZipFile(BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise input_error(name, "", f"a damaged archive ({error})", _REPAIR) from error
    entries = _check_entries(archive, len(data), name)
    if "[content_types].xml" not in entries:
        what = "an OpenDocument file" if "mimetype" in entries else "an archive, not a Word file"
        raise input_error(name, "", what, _SAVE)
    document = _read_relations(name, archive, entries, "").get("officeDocument")
    if document is None:
        raise input_error(name, "_rels/.rels", "names no document", _REPAIR)
    root = _read_xml(name, archive, entries, document)
    if root.tag != "document":
        what = f"an Office file, but not a Word document (its main part is `{_local(root.tag)}`)"
        raise input_error(name, document, what, "Give a .docx or .docm file")
    return Package(name, document, root, archive, entries)


def _local(tag: str) -> str:
    return tag.rsplit("}", 1)[-1]


def _not_a_zip(data: bytes, name: str) -> InputError:
    """Return the error that says what the bytes are, as far as their beginning tells."""
    if data.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            what, remedy = "protected by a password", "Open it in Word, remove the password, save"
        elif "WordDocument".encode("utf-16-le") in data:
            what, remedy = "an old Word file (.doc)", _SAVE
        else:
            what, remedy = "an old Office file, not a .docx", _SAVE
    elif not data:
        what, remedy = "empty", "Give a .docx file"
    elif data.startswith(b"{\\rtf"):
        what, remedy = "an RTF file, whatever its name says", _SAVE
    elif data.startswith(b"%PDF"):
        what, remedy = "a PDF, whatever its name says", "Ask for the Word file it was made from"
    elif data.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<"):
        what, remedy = "XML or HTML, not a .docx", _SAVE
    else:
        what, remedy = "not a Word file (a .docx is a zip archive)", _SAVE
    return input_error(name, "", what, remedy)


def _check_entries(archive: zipfile.ZipFile, size: int, name: str) -> dict[str, zipfile.ZipInfo]:
    """Return the entries by lower-case name; refuse bombs, path tricks and twin names."""
    infos = [info for info in archive.infolist() if not info.is_dir()]
    problems: list[Problem] = []

    def refuse(place: str, what: str, remedy: str = _UNTRUSTED) -> None:
        problems.append(Problem("error", name, place, what, remedy))

    total = sum(info.file_size for info in infos)
    if len(infos) > MAX_ENTRIES:
        refuse("", f"{len(infos)} parts, more than {MAX_ENTRIES}")
    if total > MAX_TOTAL or (total > _RATIO_FROM and total > MAX_RATIO * size):
        refuse("", f"a zip bomb: {size} bytes would unpack to {total}")
    entries: dict[str, zipfile.ZipInfo] = {}
    for info in infos:
        path = info.filename
        key = path.lower()
        if path.startswith("/") or "\\" in path or ":" in path or ".." in path.split("/"):
            refuse(path, "a name that leads out of the archive")
        elif key in entries:
            refuse(path, "a part that is in the archive twice")
        elif info.flag_bits & 0x1:
            refuse(path, "encrypted", "Open it in Word, remove the password, save")
        entries[key] = info
    if problems:
        raise InputError(problems)
    return entries


def _read_bytes(
    name: str, archive: zipfile.ZipFile, entries: dict[str, zipfile.ZipInfo], part: str
) -> bytes:
    info = entries.get(part.lower())
    if info is None:
        raise input_error(name, part, "a part that is missing", _REPAIR)
    if info.file_size > MAX_PART:
        what = f"{info.file_size} bytes unpacked, more than {MAX_PART}"
        raise input_error(name, part, what, "Split the document")
    try:
        return archive.read(info)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise input_error(name, part, f"a damaged part ({error})", _REPAIR) from error


def _read_xml(
    name: str, archive: zipfile.ZipFile, entries: dict[str, zipfile.ZipInfo], part: str
) -> Element:
    data = _read_bytes(name, archive, entries, part)
    parse: Callable[..., Element] = fromstring
    try:
        return shorten_names(parse(data, forbid_dtd=True))
    except ParseError as error:
        line, column = error.position
        place = f"{part}, line {line}, column {column + 1}"
        raise input_error(name, place, f"broken XML ({error})", _REPAIR) from error
    except (LookupError, ValueError, TooDeep) as error:
        if isinstance(error, DefusedXmlException):
            what = "declares a document type or entities, which no Word file does"
            raise input_error(name, part, what, _UNTRUSTED) from error
        raise input_error(name, part, f"broken XML ({error})", _REPAIR) from error


def _read_relations(
    name: str, archive: zipfile.ZipFile, entries: dict[str, zipfile.ZipInfo], part: str
) -> dict[str, str]:
    """Return the part for each kind of relation that `part` has inside the package."""
    folder, file = posixpath.split(part)
    source = posixpath.join(folder, "_rels", f"{file}.rels")
    if part and source.lower() not in entries:
        return {}
    related: dict[str, str] = {}
    for relation in _read_xml(name, archive, entries, source):
        if relation.get("TargetMode") == "External":
            continue
        target = unquote(relation.get("Target", "").split("#")[0])
        path = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
        path = posixpath.normpath(path)
        if path.startswith(".."):
            what = f"a relation that leads out of the file: {target}"
            raise input_error(name, source, what, _UNTRUSTED)
        kind = relation.get("Type", "").rsplit("/", 1)[-1]
        related.setdefault(kind, path)
    return related
