"""The tree of lists in a text: labelled lines, the lists and the paragraphs under them."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from resanalysis.labels import Family, Label, Reading, choose_label, read_labels

PUNCTUATION = "，。；：、！？"

_MAX_HEADING = 40
_FEWEST = 20  # items from which a list can be said not to count
_RECENT = 4  # items above that a label may follow on from
_PLAIN = (Reading(0, 0), Reading(0, None), Reading(None, 0))
_RUNNING: frozenset[Family] = frozenset({"chapter", "section", "article"})


@dataclass(eq=False)
class Node:
    """One labelled line with the lists under it.

    Attributes
    ----------
    line : int
        Position of the line in the text, from 0.
    label : Label
        The label it begins with.
    after_break : bool
        Whether a heading, or a higher label, stands between it and the item before; the numbers
        may begin anew there.
    lists : list of NumberedList
        Lists inside the item.
    """

    line: int
    label: Label
    after_break: bool
    lists: list[NumberedList] = field(default_factory=list)


@dataclass(eq=False)
class NumberedList:
    """Items of one family of labels, in the order of the text.

    Attributes
    ----------
    family : Family
        Family of the labels.
    nested : bool
        Whether the list stands inside an item, or under a paragraph of one.
    paragraph : int or None
        The line without a label, ending in a colon, that the list belongs to.
    nodes : list of Node
        The items.
    last_number : int
        The largest number reached since the last heading, in either version; 0 at first.
    counts : bool
        Whether its labels count at all; where they do not they are read as bullets are.
    """

    family: Family
    nested: bool
    paragraph: int | None = None
    nodes: list[Node] = field(default_factory=list)
    last_number: int = 0
    counts: bool = True

    def add(self, node: Node) -> None:
        """Put an item at the end."""
        self.nodes.append(node)
        before = 0 if node.after_break else self.last_number
        self.last_number = max(before, *node.label.numbers)

    def test_counting(self) -> None:
        """Find out whether the labels count: whether most follow on from one just above."""
        if self.family == "bullet" or len(self.nodes) < _FEWEST:
            return
        recent: deque[set[int]] = deque(maxlen=_RECENT)
        lost = 0
        for node in self.nodes:
            above = {0} if node.after_break or not recent else set[int]().union(*recent)
            ways = [{n for n in (r.old, r.new) if n is not None} for r in node.label.readings]
            lost += not any(all(n - 1 in above for n in numbers) for numbers in ways)
            recent.append(set[int]().union(*ways))
        self.counts = 2 * lost <= len(self.nodes)
        if not self.counts:
            self.family = "bullet"
            for node in self.nodes:
                node.label = Label("bullet", node.label.end, _PLAIN)


@dataclass(frozen=True)
class Outline:
    """The lists of a text and the lines outside them.

    Attributes
    ----------
    roots : list of NumberedList
        The outermost lists, one per family; articles run through the whole text.
    led : list of NumberedList
        Lists that belong to a paragraph without a label: they live and die with it.
    headings : list of int
        Lines that stand between lists, as headings or as lines that lead to them.
    paragraphs : list of int
        The other lines that have no label and are not blank.
    """

    roots: list[NumberedList]
    led: list[NumberedList]
    headings: list[int]
    paragraphs: list[int]


def build_outline(lines: Sequence[str]) -> Outline:
    """Return the lists of a text and the lines outside them."""
    builder = _Builder(lines)
    for index, text in enumerate(lines):
        builder.add_line(index, text)
    for items in builder.lists:
        items.test_counting()
    return Outline(list(builder.roots.values()), builder.led, builder.headings, builder.paragraphs)


class _Builder:
    """Reads line after line, keeping the lists that are open and those a heading has broken."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.labels = [read_labels(text) for text in lines]
        self.lines = lines
        self.roots: dict[Family, NumberedList] = {}
        self.lists: list[NumberedList] = []
        self.led: list[NumberedList] = []
        self.headings: list[int] = []
        self.paragraphs: list[int] = []
        self.leading: int | None = None  # paragraph that ends in a colon, just above
        self.broken: set[Family] = set()
        self.stack: list[tuple[NumberedList, Node]] = []
        self.next_labels = self._find_next_labels()

    def _find_next_labels(self) -> list[tuple[Label, ...]]:
        """Return, for each line, the labels of the next line that has any."""
        following: list[tuple[Label, ...]] = []
        labels: tuple[Label, ...] = ()
        for found in reversed(self.labels):
            following.append(labels)
            labels = found or labels
        return following[::-1]

    def add_line(self, index: int, text: str) -> None:
        if self.labels[index]:
            self._add_item(index)
            self.leading = None
        elif self._is_heading(index):
            self.headings.append(index)
            self.stack.clear()
            self.broken |= {family for family in self.roots if family not in ("chapter", "article")}
            self.leading = None
        elif text.strip():
            self.paragraphs.append(index)
            if self.stack:
                del self.stack[1:]
                self.leading = index if text.rstrip().endswith("：") else None

    def _is_heading(self, index: int) -> bool:
        """Whether the line is short and no sentence, or leads to a list that begins anew."""
        text = self.lines[index].strip()
        if not 0 < len(text) <= _MAX_HEADING:
            return False
        if text[-1] not in PUNCTUATION:
            return True
        if text[-1] not in "：，" or not self.stack:
            return False
        outer = self.stack[0][0]
        return outer.last_number > 1 and any(
            label.family == outer.family and 1 in label.numbers for label in self.next_labels[index]
        )

    def _add_item(self, index: int) -> None:
        label = self._choose_label(index)
        levels = [opened.family for opened, _ in self.stack]
        if label.family in _RUNNING or not self.stack:
            self.stack.clear()
            target = self.roots.setdefault(label.family, NumberedList(label.family, nested=False))
        elif label.family in levels:
            del self.stack[levels.index(label.family) + 1 :]
            target = self.stack.pop()[0]
        elif self.leading is not None and 1 in label.numbers:
            target = NumberedList(label.family, nested=True, paragraph=self.leading)
            self.led.append(target)
        else:
            target = NumberedList(label.family, nested=True)
            self.stack[-1][1].lists.append(target)
        if not target.nodes:
            self.lists.append(target)
        node = Node(index, label, label.family in self.broken and bool(target.nodes))
        self.broken.discard(label.family)
        target.add(node)
        if label.family == "chapter" and "section" in self.roots:
            self.broken.add("section")
        if label.family not in ("chapter", "section"):
            self.stack.append((target, node))

    def _choose_label(self, index: int) -> Label:
        last = {opened.family: opened.last_number for opened, _ in self.stack}
        opens_list = index > 0 and self.lines[index - 1].rstrip().endswith("：")
        return choose_label(
            self.labels[index],
            letter=0 if opens_list else last.get("latin", 0),
            numeral=last.get("roman", 0),
        )
