"""A corpus folder as read from disk, with its files and its two editions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from resanalysis.model.displays import show_corpus
from resanalysis.model.kinds import Form, Language, Version


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

    def _repr_html_(self) -> str:
        """Return what the corpus is, for a notebook."""
        return show_corpus(self)


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
