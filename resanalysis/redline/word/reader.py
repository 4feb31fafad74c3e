"""Word files with tracked changes read into their two versions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from xml.etree.ElementTree import Element

from resanalysis.model import InputError, Problem, input_error
from resanalysis.redline.segments import Redline, Run, join_runs
from resanalysis.redline.word.archive import Package, open_package
from resanalysis.redline.word.body import StoryReader
from resanalysis.redline.word.lines import lay_out, write_runs
from resanalysis.redline.word.notes import number_notes, read_notes
from resanalysis.redline.word.numbering import Numbering
from resanalysis.redline.word.paragraphs import DESCRIPTIONS, VERSIONS, Container, Tally

RULE = "word"
_FORMAT_CHANGES = frozenset(
    {"rPrChange", "pPrChange", "sectPrChange", "tblPrChange", "tblGridChange", "tcPrChange",
     "trPrChange", "tblPrExChange"}
)  # fmt: skip
_PARTS = ("numbering", "styles", "settings", "footnotes", "endnotes", "comments")


def read_word(data: bytes, *, name: str = "source.docx", corpus: str = "") -> Redline:
    r"""Return the two versions in a Word file with tracked changes.

    One paragraph is one line. Read are insertions, deletions, moves (deleted at the old place,
    inserted at the new one), inserted and deleted paragraph marks, rows and cells, in the body,
    tables (each paragraph of a cell is a line), content controls, fields (their results),
    hyperlinks, text boxes (after their paragraph), formulas (their characters in a row), and
    notes (marked `[1]` in the text, their text at the end, footnotes before endnotes). List labels
    are those that Word shows in either version, followed by a tab as a rule; where a label differs
    between the versions its old number is deleted and its new one inserted. What one author
    inserted and another deleted is in neither version and left out. A manual line break is a line
    break, breaks of pages and columns are nothing.

    A bullet of an unknown symbol font is read as `•`. Left out are comments, headers and footers,
    pictures, annotations over characters (ruby), choices of form fields, and other files put into
    this one. `notes` counts comments, headers and footers, such files, moves, changes of
    formatting only, hidden text (which is read), and pieces in neither version.

    Parameters
    ----------
    data : bytes
        The file: .docx, .docm or a template, transitional or strict.
    name : str
        File name for messages.
    corpus : str
        Id written into the tables.

    Returns
    -------
    Redline
        Every segment is proven; `changed_by` and `changed_at` say who made the change and when,
        and are empty for a label that changed because others did.

    Raises
    ------
    InputError
        When the file cannot be read, or holds no tracked change of its text.

    Examples
    --------
    >>> from resanalysis.redline.word.write import write_word
    >>> runs = [Run("2014", "delete", "Ann"), Run("2022", "insert", "Ann"), Run("年", "equal")]
    >>> redline = read_word(write_word(join_runs(runs, rule="example")))
    >>> redline.text("old"), redline.text("new")
    ('2014年\n', '2022年\n')
    """
    runs, tally = _read_runs(data, name)
    if all(run.op == "equal" for run in runs):
        what = "no tracked change of its text"
        others = _describe(tally, ("format", "neither"))
        remedy = (
            "If changes were tracked and accepted, they are gone: compare it with the other"
            " version as two clean texts; if old and new text stand side by side without marks,"
            " save it as .txt and have the versions recovered"
        )
        raise input_error(name, "", f"{what} ({'; '.join(others)})" if others else what, remedy)
    return join_runs(runs, rule=RULE, notes=_describe(tally, DESCRIPTIONS), corpus=corpus)


def read_word_text(data: bytes, *, name: str) -> str:
    r"""Return the text of a Word file without pending changes, one paragraph per line.

    What is read and what is left out is as in `read_word`.

    Raises
    ------
    InputError
        When the file cannot be read, or changes of its text are pending: how many, and whose.
    """
    runs, _ = _read_runs(data, name)
    pending = join_runs(runs, rule=RULE).segments.query("op != 'equal'")
    if len(pending):
        authors = sorted(set(pending["changed_by"]) - {""})
        by = f", by {', '.join(authors)}" if authors else ""
        raise input_error(
            name,
            "",
            f"{len(pending)} tracked changes are pending{by}",
            "Accept or reject them in Word and save, or use the file as a redline",
        )
    return "".join(run.text for run in runs)


def _read_runs(data: bytes, name: str) -> tuple[list[Run], Tally]:
    package = open_package(data, name=name)
    parts, document = _read_parts(package), package.root
    numbering = Numbering(parts["numbering"], parts["styles"])
    tally = Tally()
    reader = StoryReader(numbering, tally, keeps_spaces=document.get("xml.space") == "preserve")
    body = document.find("body")
    if body is None:
        raise input_error(name, package.document, "has no body", "Save it again in Word")
    paragraphs = reader.read(body, Container())
    paragraphs += read_notes(reader, parts, tally)
    layouts = {version: lay_out(paragraphs, version, numbering.count()) for version in VERSIONS}
    numbers = {version: number_notes(tally.references, parts, version) for version in VERSIONS}
    tally.counts.update(_count_elements(parts))
    tally.counts["format"] -= sum(
        p.renumbered is not None and p.numbered["old"] != p.numbered["new"] for p in paragraphs
    )
    tally.counts["format unknown"] = len(numbering.unknown_formats)
    return list(write_runs(paragraphs, layouts, numbers)), tally


def _read_parts(package: Package) -> dict[str, Element | None]:
    """Return the document, and every part that is read by name; report all that are broken."""
    parts: dict[str, Element | None] = {"document": package.root}
    problems: list[Problem] = []
    for kind in _PARTS:
        part = package.find_related(kind)
        parts[kind] = None
        if part is not None:
            try:
                parts[kind] = package.read_xml(part)
            except InputError as error:
                problems += error.problems
    if problems:
        raise InputError(problems)
    return parts


def _count_elements(parts: Mapping[str, Element | None]) -> Counter[str]:
    """Return how many changes of formatting, moves, comments and margins the parts hold."""
    counts: Counter[str] = Counter()
    for kind in ("document", "footnotes", "endnotes"):
        root = parts[kind]
        for element in root.iter() if root is not None else ():
            if element.tag in _FORMAT_CHANGES:
                counts["format"] += 1
            elif element.tag == "moveFromRangeStart":
                counts["move"] += 1
            elif element.tag in ("headerReference", "footerReference"):
                counts["margin"] += 1
    comments = parts["comments"]
    counts["comment"] = 0 if comments is None else len(comments.findall("comment"))
    return counts


def _describe(tally: Tally, keys: Iterable[str]) -> list[str]:
    """Return what was met, in words."""
    notes = []
    for key in keys:
        count = tally.counts[key]
        if count > 0:
            notes.append(f"{count} {DESCRIPTIONS[key][count > 1]}")
    return notes
