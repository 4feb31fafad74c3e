"""Codebooks read from a dictionary in YAML, as quanteda (R) has them."""

from __future__ import annotations

import re
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from resanalysis.codebook.exchange.places import Parsed, Places
from resanalysis.codebook.exchange.quanteda import OWN_VALUES, WILDCARDS
from resanalysis.codebook.exchange.yaml_nodes import at, compose, plain_type
from resanalysis.folding import IDEOGRAPHS, fold
from resanalysis.model import LANGUAGES, Problem, input_error

if TYPE_CHECKING:
    import yaml

    from resanalysis.model import Severity

_Path = tuple[str, ...]
_TOKEN_GAP = re.compile(rf"(?<=[{IDEOGRAPHS}])[^\S\n]+|[^\S\n]+(?=[{IDEOGRAPHS}])")
_VERSION = "0"


def read_quanteda(text: str, name: str) -> Parsed:
    """Return the codebook of a dictionary in quanteda's YAML as TOML would give it.

    A key of the first level is a theme and the keys below it are topics, further ones joined by
    dots; a key of the first level that has values itself is a topic too. All terms are core. What
    a dictionary does not have is made up: the id from the file's name, labels from the keys.

    Warnings say what was changed: wildcards at either end and spaces beside Chinese characters are
    dropped, since terms are matched on characters and not on tokens.

    Raises
    ------
    InputError
        When the text is not YAML or has something else than keys and texts at the top.
    """
    import yaml

    root = compose(text, name)
    if not isinstance(root, yaml.MappingNode):
        what, remedy = "has no keys", 'Write keys with lists of terms: water: ["水资源", "用水"].'
        raise input_error(name, at(root.start_mark) if root else "", what, remedy)
    return _Reader(name).read(root)


class _Reader:
    """What is known of a dictionary while its nodes are walked through."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._stem = Path(name).stem
        self._parents: set[str] = set()  # keys of the first level that have keys below them
        self._topics: dict[str, dict[str, Any]] = {}
        self._by_path: dict[_Path, dict[str, Any]] = {}
        self._problems: list[Problem] = []
        self._places = Places()

    def read(self, root: yaml.MappingNode) -> Parsed:
        """Return the whole."""
        what = f"a dictionary has no id, version and labels: {self._stem}, {_VERSION} and its keys"
        remedy = "Export it as TOML or CSV and fill them in."
        self._tell("warning", "", f"{what} stand for them", remedy)
        self._parents = {key.value for key, value in root.value if _has_keys(value)}
        self._walk_keys(root, ())
        themes = dict.fromkeys(topic["theme"] for topic in self._topics.values())
        data = {
            "codebook": {"id": self._stem, "version": _VERSION, "title": _label(self._stem)},
            "theme": [{"id": theme, "label": _label(theme)} for theme in themes],
            "topic": list(self._topics.values()),
        }
        return Parsed(self._name, data, tuple(self._problems), self._places)

    def _tell(self, severity: Severity, place: str, what: str, remedy: str) -> None:
        self._problems.append(Problem(severity, self._name, place, what, remedy))

    def _walk(self, node: yaml.Node, path: _Path) -> None:
        import yaml

        if isinstance(node, yaml.MappingNode):
            self._walk_keys(node, path)
        elif isinstance(node, yaml.SequenceNode):
            for entry in node.value:
                self._walk(entry, path)
        elif isinstance(node, yaml.ScalarNode):
            self._add_term(node, path)

    def _walk_keys(self, node: yaml.MappingNode, path: _Path) -> None:
        import yaml

        first: dict[str, yaml.Node] = {}
        for key, value in node.value:
            where = _where(key, (*path, str(getattr(key, "value", ""))))
            if not isinstance(key, yaml.ScalarNode) or not key.value.strip():
                where = _where(key, path)
                self._tell("error", where, "the key is no text", "Write a name before the colon.")
            elif (earlier := first.setdefault(key.value, key)) is not key:
                line = earlier.start_mark.line + 1
                what = f"the key {key.value} is there again, after line {line}"
                self._tell("error", where, what, "Keep one and put the terms together.")
            elif key.value == OWN_VALUES and not path:
                self._tell("error", where, f"{OWN_VALUES} stands under no key", "Name a topic.")
            else:
                self._warn_of_type(key, where)
                below = path if key.value == OWN_VALUES else (*path, key.value)
                if not isinstance(value, yaml.MappingNode):
                    self._topic(below, where)
                self._walk(value, below)

    def _topic(self, path: _Path, where: str) -> dict[str, Any]:
        """Return the topic of a path of keys, made where it is new."""
        if path not in self._by_path:
            topic_id = ".".join(path[1:]) or path[0]
            if topic_id in self._topics:
                what = f"{topic_id} is also the id of another key"
                topic_id = self._free_id(".".join(path))
                self._tell("warning", where, what, f"Here it is read as {topic_id}.")
            theme = path[0] if path[0] in self._parents else self._stem
            topic = {"id": topic_id, "theme": theme, "label": _label(topic_id), "core": []}
            self._topics[topic_id] = self._by_path[path] = topic
            self._places.add(f"topic {topic_id}", where)
        return self._by_path[path]

    def _free_id(self, topic_id: str) -> str:
        taken = (f"{topic_id}{f'_{n}' if n > 1 else ''}" for n in count(1))
        return next(candidate for candidate in taken if candidate not in self._topics)

    def _add_term(self, node: yaml.ScalarNode, path: _Path) -> None:
        where = _where(node, path)
        topic = self._topic(path, where)
        written = node.value.strip()
        term = _TOKEN_GAP.sub("", written.strip("*"))
        known = {fold(other).text for other in topic["core"]}
        if not written:
            self._tell("error", where, "is empty", "Write a term, or remove it.")
        elif not term or set(term) & set(WILDCARDS):
            remedy = "List the terms that it stands for."
            self._tell("warning", where, f"{written} is a pattern and is left out", remedy)
        elif fold(term).text in known:
            what = f"{written} is the same term as one before it and is left out"
            self._tell("warning", where, what, "Remove it.")
        else:
            self._warn_of_type(node, where)
            if term != written:
                remedy = "Terms are matched on characters, wherever tokens begin and end."
                self._tell("warning", where, f"{written} is read as {term}", remedy)
            topic["core"].append(term)
            for part in (f"topic {topic['id']}", f"topic {topic['id']}, core"):
                self._places.add(part, where, term)

    def _warn_of_type(self, node: yaml.ScalarNode, where: str) -> None:
        if (kind := plain_type(node)) and node.value.strip():
            what = f"{node.value} without quotes is no text in YAML ({kind}); it is read as text"
            self._tell("warning", where, what, "Put it in quotes.")


def _label(text: str) -> dict[str, str]:
    return dict.fromkeys(LANGUAGES, text)


def _where(node: yaml.Node, path: _Path) -> str:
    return f"{at(node.start_mark)}, {' > '.join(path)}"


def _has_keys(node: yaml.Node) -> bool:
    import yaml

    if isinstance(node, yaml.SequenceNode):
        return any(map(_has_keys, node.value))
    return isinstance(node, yaml.MappingNode)
