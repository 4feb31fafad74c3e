"""Documents whose numbering is clean: the labels of both true versions run without slips."""

from __future__ import annotations

from benchmarks.recovery.documents import Document, find_lines, take_version
from resanalysis.labels import Family, Label, read_labels

_RUNNING: dict[Family, tuple[Family, ...]] = {
    "chapter": ("section",),  # sections begin anew in each chapter
    "section": (),
    "article": (),
}


def is_clean(document: Document) -> bool:
    """Whether the labels of both versions run without slips."""
    return not any(
        find_slips(take_version(document.text, document.ops, version)) for version in ("old", "new")
    )


def find_slips(text: str) -> list[int]:
    r"""Return the lines, from 1, whose label is not the next of its list, in a text of one version.

    Chapters and articles run through the text, sections through a chapter. Any other list begins
    with 1 where none of its kind is open, and may begin anew anywhere; an outermost one may also
    run on through chapters.

    Examples
    --------
    >>> find_slips("第一条\t甲：\na)\t乙；\nb)\t丙。\n第二条\t丁：\na)\t戊；\nc)\t己。\n")
    [6]
    """
    slips = []
    running: dict[Family, int] = {}
    opened: dict[Family, int] = {}  # lists inside the present article, outermost first
    for number, (start, end) in enumerate(find_lines(text), start=1):
        labels = read_labels(text[start:end].rstrip("\n"))
        if not labels or labels[0].family == "bullet":
            continue
        label = _choose(labels, opened)
        if label.family in _RUNNING:
            # An outermost list may run on through the chapters, as articles do.
            for family in list(opened)[0 if label.family == "article" else 1 :]:
                del opened[family]
            expected = {running.get(label.family, 0) + 1}
            for family in _RUNNING[label.family]:
                running.pop(family, None)
        else:
            expected = {opened.get(label.family, 0) + 1, 1}
        values = {reading.old for reading in label.readings if reading.old == reading.new}
        if not values & expected:
            slips.append(number)
        value = max((value for value in values if value), default=0)
        if label.family in _RUNNING:
            running[label.family] = value
        else:
            _open(opened, label.family, value)
    return slips


def _choose(labels: tuple[Label, ...], opened: dict[Family, int]) -> Label:
    """Return the label that goes on with an open list, innermost first, else the first."""
    values = {
        label.family: {reading.old for reading in label.readings if reading.old == reading.new}
        for label in labels
    }
    by_family = {label.family: label for label in labels}
    for family in reversed(opened):
        if family in values and opened[family] + 1 in values[family]:
            return by_family[family]
    beginning = [label for label in labels if 1 in values[label.family]]
    return (beginning or list(labels))[0]


def _open(opened: dict[Family, int], family: Family, value: int) -> None:
    """Set the number of a list and close the lists inside it."""
    if family in opened:
        levels = list(opened)
        for inner in levels[levels.index(family) + 1 :]:
            del opened[inner]
    opened[family] = value
