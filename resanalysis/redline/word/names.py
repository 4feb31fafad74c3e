"""Short names for the elements of Word's XML, the same for its transitional and strict form."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

MAX_DEPTH = 200
"""How deep elements may be nested; Word itself stays far below."""

_PREFIXES = {
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main": "",
    "http://purl.oclc.org/ooxml/wordprocessingml/main": "",
    "http://schemas.openxmlformats.org/officeDocument/2006/math": "m.",
    "http://purl.oclc.org/ooxml/officeDocument/math": "m.",
    "http://schemas.openxmlformats.org/markup-compatibility/2006": "mc.",
    "http://schemas.openxmlformats.org/package/2006/relationships": "",
    "http://www.w3.org/XML/1998/namespace": "xml.",
}
_NAME = re.compile(r"\{(.*)\}(.*)", re.DOTALL)


class TooDeep(ValueError):  # noqa: N818 - it says what is the matter
    """Elements are nested deeper than `MAX_DEPTH`."""


def shorten_names(root: Element) -> Element:
    """Rename in place: `p` for Word's own `w:p`, `m.t`, `mc.Choice`, `xml.space`; return the root.

    What belongs to other namespaces keeps its full name.

    Raises
    ------
    TooDeep
        When elements are nested deeper than `MAX_DEPTH`.

    Examples
    --------
    >>> from xml.etree.ElementTree import fromstring
    >>> word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    >>> shorten_names(fromstring(f'<w:ins xmlns:w="{word}" w:author="Ann"/>')).attrib
    {'author': 'Ann'}
    """
    known: dict[str, str] = {}

    def shorten(name: str) -> str:
        short = known.get(name)
        if short is None:
            match = _NAME.fullmatch(name)
            prefix = _PREFIXES.get(match[1]) if match else None
            short = known[name] = name if match is None or prefix is None else prefix + match[2]
        return short

    level, depth = [root], 0
    while level:
        depth += 1
        if depth > MAX_DEPTH:
            raise TooDeep(f"elements nested deeper than {MAX_DEPTH}")
        for element in level:
            element.tag = shorten(element.tag)
            if element.attrib:
                attributes = [(shorten(key), value) for key, value in element.attrib.items()]
                element.attrib.clear()
                element.attrib.update(attributes)
        level = [child for element in level for child in element]
    return root
