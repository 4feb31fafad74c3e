"""Records, column descriptions and errors that every stage shares; imports nothing of ours."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Literal

import pandas as pd

Op = Literal["equal", "delete", "insert"]
Certainty = Literal["proven", "likely", "undecidable", "decided"]
Version = Literal["old", "new"]
Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")
Severity = Literal["error", "warning"]
Tier = Literal["core", "peripheral"]
TERM = "term"
"""What `rule` of a tag says of a term that matched by itself; no rule has this id."""
Form = Literal["flattened", "criticmarkup", "word", "editions"]
"""Forms of a redline: a text whose marks were lost, one in CriticMarkup, a Word document with
tracked changes, or two clean texts."""

COUNTED_KINDS = ("lead_in", "clause", "item")
"""Kinds of `clauses` rows that are counted as units of analysis."""

UNITS = ("clause", "character", "token", "matched")
OTHER_UNITS = ("unit", "segmentation")
"""Choices under which another unit is counted, so that only shares and signs compare."""
BREAKDOWNS = ("total", "part", "addressee", "strength")


# --- what is wrong, where, and how to mend it ---------------------------------------------------


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with an input, with its place and its remedy."""

    severity: Severity
    file: str
    place: str
    what: str
    remedy: str

    def __str__(self) -> str:
        where = f"{self.file}: {self.place}" if self.place else self.file
        return f"{self.severity}: {where}: {self.what}. {self.remedy}"


class InputError(ValueError):
    """The input is at fault; carries every problem found, not only the first.

    Attributes
    ----------
    problems : tuple of Problem
        All problems, in the order of their places.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def input_error(file: str | Path, place: str, what: str, remedy: str) -> InputError:
    """Return an `InputError` that carries one problem."""
    return InputError([Problem("error", str(file), place, what, remedy)])


# --- records ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Source:
    """A file as received: a text decoded and with its newlines unified, or a Word document.

    Attributes
    ----------
    name : str
        File name, for messages.
    text : str
        The text, otherwise unchanged; offsets everywhere count its Unicode code points from 0.
        Empty for a Word document, whose text is what its reader in `redline` gives.
    sha256 : str
        Hash of the file's bytes, in hexadecimal.
    encoding : str
        Encoding the bytes were decoded with; empty for a Word document.
    newline : {"lf", "crlf", "cr", "mixed", ""}
        Line ends found before they were unified to LF; empty for a Word document.
    bom : bool
        Whether a byte order mark was dropped.
    data : bytes
        A Word document's bytes; empty for a text.
    """

    name: str
    text: str
    sha256: str
    encoding: str = "utf-8"
    newline: str = "lf"
    bom: bool = False
    data: bytes = field(default=b"", repr=False)

    @property
    def is_word(self) -> bool:
        """Whether the file is a Word document and not a text."""
        return bool(self.data)


@dataclass(frozen=True)
class Edition:
    """One edition of a resolution: its id (`2014-busan`), year, place and names for figures."""

    id: str
    year: int
    place: Mapping[Language, str]

    def label(self, language: Language) -> str:
        """Return the edition's name for a figure, such as `Busan 2014` or `2014年釜山`."""
        return (
            f"{self.year}年{self.place['zh']}"
            if language == "zh"
            else (f"{self.place['en']} {self.year}")
        )


@dataclass(frozen=True)
class Corpus:
    """One corpus folder as read from disk.

    Attributes
    ----------
    id : str
        Name of the folder.
    path : Path
        The folder.
    title : dict of str
        Title by language (`zh`, `en`).
    body : dict of str
        Who adopted the resolution, by language.
    number : str
        Its number there.
    old, new : Edition
        The two editions that a study compares.
    source : Source or None
        The redline as received; None where `form` is `editions`.
    decisions : str or None
        Text of `decisions.critic.txt`, or None where there is none.
    lexicon : tuple of str
        Words that jieba gets beside its own dictionary.
    official : dict of str
        Published text by edition id; never an input of the recovery.
    hashes : dict of str
        SHA-256 of every input file by its name.
    rights : dict of str
        Terms of the text by language, for captions and reports; empty where none are stated.
    form : {"flattened", "criticmarkup", "word", "editions"}
        Kind of redline.
    editions : dict of Source
        Clean text by edition id, old before new, where `form` is `editions`; else empty.
    known : {"old", "new"} or None
        Version of a flattened text that is not recovered but taken from `official`.
    """

    id: str
    path: Path
    title: Mapping[Language, str]
    body: Mapping[Language, str]
    number: str
    old: Edition
    new: Edition
    source: Source | None
    decisions: str | None
    lexicon: tuple[str, ...]
    official: Mapping[str, str] = field(default_factory=dict)
    hashes: Mapping[str, str] = field(default_factory=dict)
    rights: Mapping[Language, str] = field(default_factory=dict)
    form: Form = "flattened"
    editions: Mapping[str, Source] = field(default_factory=dict)
    known: Version | None = None

    @property
    def sources(self) -> dict[str, Source]:
        """The files that hold the versions, by edition id; one redline goes by `source`."""
        return dict(self.editions) if self.source is None else {"source": self.source}

    def edition(self, version: Version) -> Edition:
        """Return the edition that has this role in the study."""
        return self.old if version == "old" else self.new

    def source_path(self, version: Version) -> Path:
        """Return the path of the file that holds this version, for messages."""
        source = self.source or self.editions[self.edition(version).id]
        return self.path / source.name

    def describe_origin(self, language: Language) -> str:
        """Return how the two versions are known, as a phrase for captions and provenance.

        Examples
        --------
        >>> from resanalysis.corpus import read_corpus
        >>> read_corpus("corpora/itu-pp-res-182").describe_origin("en")
        'recovered versions; official texts were not consulted'
        """
        key = self.form if self.known is None else f"known {self.known}"
        words = _ORIGINS[key][language == "en"]
        return words.format(edition=self.edition(self.known or "old").label(language))


_ORIGINS: dict[str, tuple[str, str]] = {
    "flattened": (
        "复原文本；未参照官方文本",
        "recovered versions; official texts were not consulted",
    ),
    "known old": (
        "旧版（{edition}）取自官方文本，新版据此自合并稿复原",
        "the old version ({edition}) is the official text, the new one was recovered from a "
        "flattened text with its help",
    ),
    "known new": (
        "新版（{edition}）取自官方文本，旧版据此自合并稿复原",
        "the new version ({edition}) is the official text, the old one was recovered from a "
        "flattened text with its help",
    ),
    "criticmarkup": (
        "两版均按CriticMarkup标记读出",
        "both versions were read from marks in CriticMarkup",
    ),
    "word": (
        "两版均按Word文档的修订记录读出",
        "both versions were read from the tracked changes of a Word document",
    ),
    "editions": (
        "两版各为完整文本，变化由比对得出",
        "two complete texts, one for each edition, were compared",
    ),
}
"""How the two versions are known, in Chinese and English."""


@dataclass(frozen=True)
class Rule:
    """Words that show a topic only together.

    A rule holds in a clause that has a word of every group, within `near` characters of one
    another where that is given, and no word of `without`.

    Attributes
    ----------
    id : str
        Name of the rule, unique in its topic.
    groups : tuple of tuple of str
        Two or more groups of words; one word of each must be there.
    near : int or None
        Most characters that may lie between one word and the next in the order of the text; None
        for anywhere in the clause. For two to four groups.
    without : tuple of str
        Words that keep the rule from holding, wherever they stand in the clause.
    tier : {"core", "peripheral"}
        As for single terms.
    """

    id: str
    groups: tuple[tuple[str, ...], ...]
    near: int | None = None
    without: tuple[str, ...] = ()
    tier: Tier = "core"

    @property
    def words(self) -> tuple[str, ...]:
        """All words, group by group, then those of `without`; one in two groups stands twice."""
        return tuple(word for group in (*self.groups, self.without) for word in group)


@dataclass(frozen=True)
class Topic:
    """One entry of a codebook.

    Attributes
    ----------
    id, theme : str
        Identifiers of the topic and of the theme it belongs to.
    label, definition, include, exclude : dict of str
        Texts by language (`zh`, `en`): name, meaning, when to use it, when not to.
    core, peripheral : tuple of str
        Terms; a strict reading uses the core terms only.
    exclusions : tuple of str
        Longer strings that hold a term without the topic's meaning (`水平` for `水`).
    source : str
        Where definition and terms come from.
    rules : tuple of Rule
        Words that show the topic only together.
    examples, counterexamples : tuple of str
        Clauses that get the topic, and clauses that look like it and do not.
    concepts : dict of tuple of str
        Ids in public vocabularies by the vocabulary's name: `sdg` (targets of the Sustainable
        Development Goals, such as `12.5`), `unbis` (UNBIS Thesaurus).
    """

    id: str
    theme: str
    label: Mapping[Language, str]
    definition: Mapping[Language, str]
    include: Mapping[Language, str]
    exclude: Mapping[Language, str]
    core: tuple[str, ...]
    peripheral: tuple[str, ...]
    exclusions: tuple[str, ...]
    source: str
    rules: tuple[Rule, ...] = ()
    examples: tuple[str, ...] = ()
    counterexamples: tuple[str, ...] = ()
    concepts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Codebook:
    """Topics with their terms, frozen by version and hash.

    Attributes
    ----------
    id, version : str
        Name and version.
    title : dict of str
        Title by language.
    themes : dict of dict
        Labels by language of every theme, by theme id, in the codebook's order.
    topics : tuple of Topic
        In the codebook's order.
    sha256 : str
        Hash of the content (not of the file's layout), in hexadecimal.
    instructions : dict of str
        What every coder is told, by language, beside the topics' own texts.
    """

    id: str
    version: str
    title: Mapping[Language, str]
    themes: Mapping[str, Mapping[Language, str]]
    topics: tuple[Topic, ...]
    sha256: str
    instructions: Mapping[Language, str] = field(default_factory=dict)

    def topic(self, topic_id: str) -> Topic:
        """Return the topic of that id; `KeyError` when there is none."""
        for topic in self.topics:
            if topic.id == topic_id:
                return topic
        raise KeyError(topic_id)


@dataclass(frozen=True)
class Study:
    """All tables of one run, with what made them; `tables.TABLES` explains their columns."""

    corpus: Corpus
    codebook: Codebook
    old_text: str
    new_text: str
    segments: pd.DataFrame
    alternatives: pd.DataFrame
    clauses: pd.DataFrame
    tokens: pd.DataFrame
    tags: pd.DataFrame
    codings: pd.DataFrame
    pairs: pd.DataFrame
    shift: pd.DataFrame
    provenance: Mapping[str, Any]

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """The study's tables by name, in the order they are made."""
        held = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: table for name, table in held.items() if isinstance(table, pd.DataFrame)}
