"""A codebook with other words for one topic, and a study's tags as it gives them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from resanalysis import pipeline
from resanalysis.folding import fold
from resanalysis.model import Codebook, Study


def change_topic(
    book: Codebook,
    topic_id: str,
    without: Sequence[str],
    also: Sequence[str],
    excluding: Sequence[str] = (),
) -> Codebook:
    """Return a codebook whose topic has other words; see `try_terms`."""
    known = {topic.id: topic for topic in book.topics}
    if topic_id not in known:
        raise ValueError(f"no topic {topic_id}; the codebook has {', '.join(known)}")
    topic = known[topic_id]
    own = {*topic.core, *topic.peripheral, *topic.exclusions, *(rule.id for rule in topic.rules)}
    if odd := [name for name in without if name not in own]:
        raise ValueError(f"topic {topic_id} has no term, exclusion or rule {', '.join(odd)}")
    if not all(fold(name).text.strip() for name in (*also, *excluding)):
        raise ValueError("a word to be added is empty; leave it out")

    def keep(words: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(name for name in words if name not in without)

    changed = replace(
        topic,
        core=(*keep(topic.core), *also),
        peripheral=tuple(name for name in keep(topic.peripheral) if name not in also),
        exclusions=tuple(
            dict.fromkeys((*(n for n in keep(topic.exclusions) if n not in also), *excluding))
        ),
        rules=tuple(rule for rule in topic.rules if rule.id not in without),
    )
    return replace(book, topics=tuple(changed if t is topic else t for t in book.topics))


def find_clauses(study: Study, topic: str, words: Sequence[str]) -> pd.DataFrame:
    """Return the clauses that words or rules of a topic can make a difference to."""
    wanted = [fold(name).text for name in words]
    texts = (fold(text).text for text in study.clauses["text"])
    here = np.array([any(name in text for name in wanted) for text in texts], dtype=bool)
    ruled = study.tags[study.tags["topic"].eq(topic) & study.tags["rule"].isin(set(words))]
    return study.clauses[here | are_of(study.clauses, ruled)]


def retag(study: Study, book: Codebook, some: pd.DataFrame) -> pd.DataFrame:
    """Return the study's tags with those of some clauses as another codebook gives them."""
    options = study.provenance["options"]
    anew = pipeline.tag_topics(
        some,
        book,
        of_clauses(study.tokens, some),
        reading=options["reading"],
        scope=options["scope"],
    )
    tags = pd.concat([study.tags[~are_of(study.tags, some)], anew], ignore_index=True)
    place = {key: k for k, key in enumerate(_keys(study.clauses))}
    order = np.argsort([place[key] for key in _keys(tags)], kind="stable")
    return tags.take(order).reset_index(drop=True)


def _keys(table: pd.DataFrame) -> pd.MultiIndex:
    return pd.MultiIndex.from_frame(table[["version", "clause_id"]])


def are_of(table: pd.DataFrame, clauses: pd.DataFrame) -> NDArray[np.bool_]:
    """Return which rows of a table are of these clauses."""
    return _keys(table).isin(_keys(clauses))


def of_clauses(table: pd.DataFrame, clauses: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of a table that are of these clauses."""
    return table[are_of(table, clauses)]
