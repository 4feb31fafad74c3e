"""Sentences on what a file for another program does not carry of a topic."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from resanalysis.model import Codebook, Topic

_TEXTS = ("label", "definition", "include", "exclude")
_OTHERS = ("examples", "counterexamples", "concepts", "source")


def tell_texts(topic: Topic, program: str, *, kept: Iterable[str] = ()) -> Iterator[str]:
    """Yield that texts for readers are left out, those in `kept` apart."""
    names = [
        key
        for key in (*_TEXTS, *_OTHERS)
        if key not in kept and (any(_values(topic, key)) if key in _TEXTS else getattr(topic, key))
    ]
    if names:
        yield f"topic {topic.id}, {', '.join(names)}: {program} has no place for them"


def _values(topic: Topic, key: str) -> Iterable[str]:
    texts: dict[str, str] = getattr(topic, key)
    return texts.values()


def tell_tiers(topic: Topic, program: str) -> Iterator[str]:
    """Yield that core and peripheral terms are written alike."""
    if topic.peripheral:
        listed = ", ".join(topic.peripheral)
        yield f"topic {topic.id}, tier of {listed}: {program} knows no tiers, they count like core"


def tell_exclusions(topic: Topic, why: str) -> Iterator[str]:
    """Yield that exclusions are left out, and why."""
    if topic.exclusions:
        yield f"topic {topic.id}, exclusions {', '.join(topic.exclusions)}: {why}"


def tell_codebook(codebook: Codebook, program: str) -> Iterator[str]:
    """Yield that the codebook's title and instructions are left out."""
    given = [key for key in ("title", "instructions") if any(getattr(codebook, key).values())]
    if given:
        yield f"codebook, {' and '.join(given)}: {program} has no place for them"


def tell_order(codebook: Codebook, program: str) -> Iterator[str]:
    """Yield that topics come in another order where those of a theme do not stand together."""
    order = [theme for theme in codebook.themes for t in codebook.topics if t.theme == theme]
    if order != [topic.theme for topic in codebook.topics]:
        yield f"codebook, order of the topics: {program} keeps those of a theme together"


def describe_codebook(codebook: Codebook) -> str:
    """Return id, version and hash of a codebook on one line."""
    name = " ".join(f"{codebook.id} {codebook.version}".split())
    return f"{name} (sha256 {codebook.sha256})"
