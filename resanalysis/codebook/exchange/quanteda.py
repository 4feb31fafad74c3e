"""Codebooks written as a dictionary in YAML for quanteda (R)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from resanalysis.codebook.exchange.losses import (
    describe_codebook,
    tell_codebook,
    tell_exclusions,
    tell_order,
    tell_texts,
    tell_tiers,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from resanalysis.model import Codebook, Topic

WILDCARDS = "*?"
"""Characters that stand for others in quanteda's patterns; nothing escapes them there."""

OWN_VALUES = "__"
"""Key under which quanteda writes the values of a key that also has keys below it."""

_HEADER = """# {codebook}, {reading} reading
# In R: dictionary(file = "...", format = "YAML"). quanteda matches whole tokens, so Chinese terms
# need its tokenizer's cuts: dictionary(..., tokenize = TRUE), or tokens_compound() with them; and
# tokens_lookup(..., nested_scope = "dictionary") for the longest term at each place.
"""
_TOKENS = (
    "all terms: quanteda matches whole tokens and not characters, so a term that its tokenizer cuts"
    " otherwise is missed; see the head of the file"
)


def write_quanteda(
    codebook: Codebook, *, reading: Literal["broad", "strict"]
) -> tuple[str, list[str]]:
    """Return a codebook as quanteda's YAML (theme, topic, terms), and what that does not carry."""
    lost = [_TOKENS, *tell_codebook(codebook, "quanteda"), *tell_order(codebook, "quanteda")]
    content: dict[str, dict[str, list[str]]] = {}
    for theme, label in codebook.themes.items():
        topics: dict[str, list[str]] = {}
        for topic in (topic for topic in codebook.topics if topic.theme == theme):
            terms = topic.core + (topic.peripheral if reading == "broad" else ())
            written = [term for term in terms if not set(term) & set(WILDCARDS)]
            lost += _tell(topic, set(terms) - set(written), reading)
            if written:
                topics[topic.id] = written
            else:
                lost.append(f"topic {topic.id}: is left out, no term of it can be written")
        if topics:
            content[theme] = topics
        lost += [_tell_key(key) for key in (theme, *topics) if key == OWN_VALUES and topics]
        shown = " / ".join(dict.fromkeys(label.values()))
        lost.append(f"theme {theme}{'' if topics else ' (no terms)'}, label {shown}: is left out")
    head = _HEADER.format(codebook=describe_codebook(codebook), reading=reading)
    return head + dump_yaml(content), lost


def _tell_key(key: str) -> str:
    return f"key {key}: quanteda takes what stands below it for values of the key above"


def _tell(topic: Topic, wild: Iterable[str], reading: str) -> Iterator[str]:
    if listed := ", ".join(sorted(wild)):
        yield f"topic {topic.id}, terms {listed}: quanteda would take * or ? for any characters"
    if reading == "broad":
        yield from tell_tiers(topic, "quanteda")
    elif topic.peripheral:
        listed = ", ".join(topic.peripheral)
        yield f"topic {topic.id}, peripheral {listed}: are left out by the strict reading"
    yield from tell_exclusions(topic, "quanteda has no exclusions; terms inside them count")
    for rule in topic.rules:
        yield f"topic {topic.id}, rule {rule.id}: quanteda has no rules of several words"
    yield from tell_texts(topic, "quanteda")


def dump_yaml(content: Any) -> str:
    """Return YAML with every string in quotes, since R's reader takes `no` or `1.0` for values."""
    import yaml

    class Dumper(yaml.SafeDumper):
        """Writes every string in double quotes."""

    def quote(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
        return dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"')

    Dumper.add_representer(str, quote)
    Dumper.ignore_aliases = lambda *_: True  # type: ignore[method-assign]
    return str(
        yaml.dump(content, Dumper=Dumper, allow_unicode=True, sort_keys=False, width=1 << 30)
    )
