"""A codebook with its topics, and a topic with its terms and rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from resanalysis.model.displays import show_codebook, show_topic
from resanalysis.model.kinds import Language, Tier


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

    def _repr_html_(self) -> str:
        """Return its texts and words, for a notebook."""
        return show_topic(self)


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

    def _repr_html_(self) -> str:
        """Return its themes and topics, for a notebook."""
        return show_codebook(self)
