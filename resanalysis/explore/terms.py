"""What a topic's terms do: taken away or added, and the topic's clauses counted anew."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

import pandas as pd

from resanalysis.codebook import compare_tags
from resanalysis.explore.readings import moves, show_change
from resanalysis.explore.retagging import change_topic, find_clauses, of_clauses, retag
from resanalysis.explore.wording import check_language, word
from resanalysis.export.tables import list_records
from resanalysis.folding import fold
from resanalysis.model import COUNTED_KINDS, TERM, Codebook, Language, Study, Topic
from resanalysis.model.displays import frame_html, write_grid
from resanalysis.robustness.measures import find_differences, read_headline
from resanalysis.shift.laying import lay_out


@dataclass(frozen=True)
class TriedTerms:
    """A topic with other terms, and what this changes; in a notebook two tables.

    Attributes
    ----------
    topic : str
        The topic.
    codebook : Codebook
        The codebook as tried; its hash is still that of the one it was made from.
    tags : DataFrame
        Table `tags` as tried, of all clauses.
    counts : DataFrame
        A row per topic of the codebook: `topic`; `old_before`, `new_before`, `old_after`,
        `new_after`: counted clauses of each version with the topic; `difference_before`,
        `difference_after`: new minus old; `share_before`, `share_after`: difference of the
        topic's shares of all assignments, in points of 0 to 1.
    changes : DataFrame
        Counted clauses that get or lose a topic, as `compare_tags` gives them.
    html : str
        What a notebook shows.
    """

    topic: str
    codebook: Codebook
    tags: pd.DataFrame
    counts: pd.DataFrame
    changes: pd.DataFrame
    html: str

    def _repr_html_(self) -> str:
        return self.html


def try_terms(
    study: Study,
    topic: str,
    *,
    without: str | Iterable[str] = (),
    also: str | Iterable[str] = (),
    excluding: str | Iterable[str] = (),
    language: Language = "zh",
) -> TriedTerms:
    """Tag a study with other terms of one topic and compare.

    Only clauses in which one of the words stands are tagged anew, with the whole codebook: a word
    taken away may leave its place to a shorter term, of this topic or of another, and a word added
    may take a place from one.

    Parameters
    ----------
    study : Study
        The study; its own options (reading, scope) hold.
    topic : str
        Id of the topic.
    without : str or iterable of str
        Terms, exclusions or ids of rules of the topic that are taken away.
    also : str or iterable of str
        Core terms that are added.
    excluding : str or iterable of str
        Exclusions that are added: longer words that hold a term without the topic's meaning.
    language : {"zh", "en"}
        Language of what a notebook shows.

    Returns
    -------
    TriedTerms
        Counts before and after, and the clauses that changed.

    Raises
    ------
    ValueError
        When the topic, a word to be taken away or the language is not there, or a word is empty.

    Examples
    --------
    >>> from resanalysis.study import run_study
    >>> study = run_study("tests/data/small", draws=0)
    >>> tried = try_terms(study, "disaster", also="规划", language="en")
    >>> tried.counts.set_index("topic").loc["disaster", ["new_before", "new_after"]].tolist()
    [4, 5]
    """
    check_language(language)
    gone, come, excluded = (
        [words] if isinstance(words, str) else [*words] for words in (without, also, excluding)
    )
    book = change_topic(study.codebook, topic, gone, come, excluded)
    some = find_clauses(study, topic, [*gone, *come, *excluded])
    tags = retag(study, book, some)
    counts = _count(study, tags)
    counted = some[some["kind"].isin(COUNTED_KINDS)]
    changes = compare_tags(
        of_clauses(study.tags, counted), of_clauses(tags, counted), clauses=counted
    )
    html = _draw(study, topic, counts, changes, language)
    return TriedTerms(topic, book, tags, counts, changes, html)


def _count(study: Study, tags: pd.DataFrame) -> pd.DataFrame:
    """Return what each topic counts before and after."""
    topics = [topic.id for topic in study.codebook.topics]
    counts: dict[str, object] = {"topic": pd.array(topics, dtype="str")}
    differences: dict[str, object] = {}
    for when, table in (("before", study.tags), ("after", tags)):
        laid = lay_out(study.clauses, study.tokens, table, study.pairs, topics)
        found = read_headline(laid, "clause")
        counts |= {f"old_{when}": found.old[:-1], f"new_{when}": found.new[:-1]}
        differ = find_differences(found.old, found.new)
        differences |= {f"difference_{when}": differ["count"], f"share_{when}": differ["share"]}
    names = ("difference_before", "difference_after", "share_before", "share_after")
    return pd.DataFrame(counts | {name: differences[name] for name in names})


# --- what is shown ------------------------------------------------------------------------------


def _draw(
    study: Study, topic: str, counts: pd.DataFrame, changes: pd.DataFrame, language: Language
) -> str:
    labels = {t.id: t.label[language] for t in study.codebook.topics}
    moved = [row for row in list_records(counts) if moves(row) or row["topic"] == topic]
    moved.sort(key=lambda row: row["topic"] != topic)  # the topic asked about first
    names = ("old", "new", "difference")
    rows = [
        [labels[row["topic"]]]
        + [show_change(row[f"{name}_before"], row[f"{name}_after"]) for name in names]
        for row in moved
    ]
    title = f"{word('as coded', language)} → {word('as tried', language)}"
    body = write_grid(title, [word(name, language) for name in ("topic", *names)], rows)
    if changes.empty:
        body += f"<p>{escape(word('no change', language))}</p>"
    else:
        body += _draw_changes(changes, labels, language)
    return frame_html(body, language=language)


def _draw_changes(changes: pd.DataFrame, labels: dict[str, str], language: Language) -> str:
    names = ("version", "topic", "change", "by", "instead", "text")
    rows = [
        (
            word(row["version"], language),
            labels[row["topic"]],
            word(row["change"], language),
            row["terms"],
            row["instead"],
            row["text"],
        )
        for row in list_records(changes)
    ]
    title = f"{word('changed clauses', language)} ({len(changes)})"
    return write_grid(title, [word(name, language) for name in names], rows)


def describe_terms(study: Study, topic: Topic) -> list[tuple[str, str, int, int]]:
    """Return a topic's words: the word, its tier, and in how many old and new clauses it tags.

    Of an exclusion, in how many clauses it stands. Only counted clauses count. Peripheral terms
    are left out where the study reads core terms only.
    """
    counted = study.clauses[study.clauses["kind"].isin(COUNTED_KINDS)]
    own = of_clauses(study.tags[study.tags["topic"].eq(topic.id)], counted)
    by_itself = own["rule"].eq(TERM)
    terms = _count_words(own[by_itself], "term")
    rules = _count_words(own[~by_itself], "rule")
    texts = [(version, fold(text).text) for version, text in _pairs(counted, "version", "text")]
    excluded = Counter(
        (name, version)
        for name in topic.exclusions
        for version, text in texts
        if fold(name).text in text
    )
    is_broad = study.provenance["options"]["reading"] == "broad"
    tiers = [
        ("core", topic.core, terms),
        ("peripheral", topic.peripheral if is_broad else (), terms),
        ("rule", tuple(rule.id for rule in topic.rules), rules),
        ("exclusion", topic.exclusions, excluded),
    ]
    return [
        (name, tier, counts[name, "old"], counts[name, "new"])
        for tier, words, counts in tiers
        for name in words
    ]


def _count_words(tags: pd.DataFrame, column: str) -> Counter[tuple[str, str]]:
    """Return in how many clauses of each version each term or rule tags."""
    once = tags.drop_duplicates(["version", "clause_id", column])
    return Counter(_pairs(once, column, "version"))


def _pairs(table: pd.DataFrame, first: str, second: str) -> list[tuple[str, str]]:
    return list(zip(table[first].tolist(), table[second].tolist(), strict=True))
