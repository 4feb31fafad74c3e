"""Words that a codebook lacks: what is typical of a topic's clauses, or of untagged ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from resanalysis.folding import fold, narrow_text
from resanalysis.model import Codebook, InputError, Problem, Topic
from resanalysis.pipeline.concordance.lines import compile_pattern
from resanalysis.pipeline.segmentation import base_dictionary, tokenize
from resanalysis.pipeline.suggestions.keyness import conservative_log_ratio, log_ratio
from resanalysis.pipeline.suggestions.phrases import Occurrences, find_phrases, list_phrases
from resanalysis.pipeline.suggestions.targets import Target, place_tokens, read_target
from resanalysis.pipeline.suggestions.witnesses import WitnessCounter

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Sequence

    from numpy.typing import NDArray

_MOST = 5  # entries named in one cell
_TYPES = {
    "term": "str",
    "score": "float64",
    "log_ratio": "float64",
    **dict.fromkeys(("inside", "outside", "n_old", "n_new"), "int64"),
    "general": "float64",
    **dict.fromkeys(("related", "topics", "longer", "example", "example_in"), "str"),
    **dict.fromkeys(("counterexample", "counterexample_in"), "str"),
}


def suggest_terms(
    clauses: pd.DataFrame,
    tags: pd.DataFrame,
    codebook: Codebook,
    *,
    topic: str | None = None,
    tokens: pd.DataFrame | None = None,
    limit: int = 30,
    min_clauses: int = 2,
    common: float | None = 100,
    longest: int = 4,
    window: int = 12,
) -> pd.DataFrame:
    """List words and phrases that are typical of a topic's clauses, or of clauses left untagged.

    Candidates are words of the tokens and runs of neighbouring words, since jieba cuts through many
    terms. They are then found on characters, as a term of the codebook would be. Occurrences that
    share a character with a tag of the topic (without a topic: with any tag) do not count, since
    the codebook has them already.

    A candidate is left out that is a term or exclusion of the topic, that always stands in the same
    longer one, or that holds a shorter one with at least its score, which as a term would match
    there too; the column `longer` names the latter.

    Parameters
    ----------
    clauses : DataFrame
        The `clauses` table; rows that are not counted, such as headings, are passed over.
    tags : DataFrame
        The `tags` table of all these clauses. The reading it was made with decides what counts as
        tagged.
    codebook : Codebook
        The one the tags were made with.
    topic : str, optional
        Topic to seek terms for. Without it: clauses that have no tag at all, against the others.
    tokens : DataFrame, optional
        The `tokens` table of the same clauses. Without it they are cut here, by a jieba that knows
        no lexicon and reads full-width letters as half-width ones.
    limit : int
        Rows, at most.
    min_clauses : int
        Clauses inside that must have a candidate. A clause that stands in two editions of a corpus
        is not two: clauses are counted in the edition that has most of them.
    common : float or None
        Leave out words that are more frequent than this, per million words, in general Chinese as
        jieba's dictionary counts it: 影响, 工作, 提供 are typical of much and make no term. None
        keeps them.
    longest : int
        Most tokens in a run.
    window : int
        Characters on each side of an example, at most.

    Returns
    -------
    DataFrame
        One row per candidate, by `score`, then by counts and the term itself; `attrs` hold the
        topic, the number of clauses inside and outside, and id, version and hash of the codebook.

        - `term`: the candidate as it is written where it is first found
        - `score`: conservative log ratio (LRC), the lower end of the 95 % interval of `log_ratio`;
          for order only. At 0 or below, the clauses are too few to call it typical
        - `log_ratio`: log2 of its rate inside to its rate outside, with 0.5 added to counts
        - `inside`, `outside`: clauses with it, each counted in the edition that has most. With a
          topic, those outside are what the term would newly tag
        - `n_old`, `n_new`: clauses with it in each version, inside or outside. Where one is 0 the
          term is known from the other version only, and as a term it would bias their comparison
        - `general`: frequency of the candidate in general Chinese, per million words, by jieba's
          dictionary; 0 where it is not in there, as most phrases
        - `related`: entries of the topic (without a topic: of the codebook) that hold it or that it
          holds: terms, words of rules, exclusions
        - `topics`: other topics with a term that it is or holds, joined by `+`
        - `longer`: candidates left out because they hold it and score no better
        - `example`, `example_in`: first occurrence inside, between 【】, and its clause as
          `edition/clause_id`
        - `counterexample`, `counterexample_in`: the same for the first occurrence outside; empty
          for none

    Raises
    ------
    InputError
        When the codebook has no such topic, the tags were made with another codebook or of other
        texts, or a number is too small. All problems are named.
    ValueError
        When `clauses` lacks a column, has a row twice or a missing text, or the tokens are not
        those of the clauses.

    Notes
    -----
    Words are counted by clauses, not by occurrences: a clause that repeats a word is one witness.
    No p-value is given, since words in one text are no independent sample. Suggestions drawn from
    one text fit that text; weigh them against general usage before they enter a codebook.

    References
    ----------
    Evert, S. (2022). Measuring Keyness. Digital Humanities 2022, Tokyo: the score.

    Frantzi, K., Ananiadou, S. and Mima, H. (2000). Automatic recognition of multi-word terms: the
    C-value/NC-value method. International Journal on Digital Libraries 3, 115-130: that a string
    which always stands in a longer one is no term of its own.

    Examples
    --------
    >>> from resanalysis.model import Topic
    >>> from resanalysis.pipeline import tag_topics
    >>> words = {"zh": "水"}
    >>> water = Topic("water", "", words, words, words, words, ("水",), (), (), "")
    >>> codebook = Codebook("c", "1", {}, {}, (water,), "")
    >>> texts = ["节水灌溉", "雨水灌溉", "推广灌溉", "推广电信"]
    >>> clauses = pd.DataFrame(
    ...     {"corpus": "c", "edition": "e", "version": "new", "clause_id": str(i), "text": text}
    ...     for i, text in enumerate(texts)
    ... )
    >>> table = suggest_terms(clauses, tag_topics(clauses, codebook), codebook, topic="water")
    >>> table[["term", "inside", "outside", "counterexample"]]
      term  inside  outside counterexample
    0   灌溉       2        1         推广【灌溉】
    """
    problems = [
        *_check_sizes(limit=limit, min_clauses=min_clauses, longest=longest, window=window),
        *_check_topic(codebook, topic, tags),
    ]
    if problems:
        raise InputError(problems)
    target = read_target(clauses, tags, topic)
    read = _cut(clauses) if tokens is None else tokens
    numbers = place_tokens(read, target)
    own = [entry for entry in codebook.topics if topic in (None, entry.id)]
    taken = {fold(word).text for entry in own for word in _words_of(entry, rules=False)}
    phrases = list_phrases(read, numbers, least=min_clauses, longest=longest)
    general = _rate_words(phrases)
    phrases = [
        phrase
        for phrase in phrases
        if phrase not in taken and (common is None or general[phrase] <= common)
    ]
    found = find_phrases(phrases, target.texts)
    counts, sizes = _count(phrases, found, target)
    chosen, longer = _choose(counts, min_clauses, limit)
    table = pd.DataFrame(
        [
            row
            | {"longer": longer[row["term"]], "general": general[row["term"]]}
            | _describe(row["term"], own, [t for t in codebook.topics if t.id != topic])
            | _show(row["term"], found.clauses_of(row["number"]), target, window)
            for row in chosen.to_dict("records")
        ],
        columns=list(_TYPES),
    ).astype(_TYPES)
    table.attrs = {
        "topic": topic or "",
        "clauses_inside": sizes["inside"],
        "clauses_outside": sizes["outside"],
        "codebook": codebook.id,
        "codebook_version": codebook.version,
        "codebook_sha256": codebook.sha256,
    }
    return table


# --- what is counted ----------------------------------------------------------------------------


def _cut(clauses: pd.DataFrame) -> pd.DataFrame:
    # jieba cuts full-width words into letters; the narrow text has the same places.
    texts = [narrow_text(t) if isinstance(t, str) else t for t in clauses["text"]]
    return tokenize(clauses.assign(text=texts))


def _rate_words(phrases: Iterable[str]) -> dict[str, float]:
    """Return how frequent phrases are in general Chinese, per million words."""
    frequencies, total = base_dictionary()
    return {phrase: 1e6 * frequencies.get(phrase, 0) / total for phrase in phrases}


def _count(
    phrases: Sequence[str], found: Occurrences, target: Target
) -> tuple[pd.DataFrame, dict[str, int]]:
    """Return counts and scores of all candidates, and how many clauses there are."""
    counter = WitnessCounter(target.rows)
    masks = {"inside": target.inside, "outside": ~target.inside}
    counts = {name: counter.count(found, mask, len(phrases)) for name, mask in masks.items()}
    sizes = {name: counter.count_all(mask) for name, mask in masks.items()}
    for version in ("old", "new"):
        is_version = np.array([row.version == version for row in target.rows], dtype=bool)
        kept = found.phrase[is_version[found.clause]]
        counts[f"n_{version}"] = np.bincount(kept, minlength=len(phrases))
    table = pd.DataFrame({"term": list(phrases), "number": range(len(phrases)), **counts})
    table = table[table["inside"] > 0]
    for name, measure in (("log_ratio", log_ratio), ("score", conservative_log_ratio)):
        table[name] = measure(
            table["inside"].to_numpy(),
            table["outside"].to_numpy(),
            of_inside=sizes["inside"],
            of_outside=sizes["outside"],
        )
    return table, sizes


# --- which candidates are shown -----------------------------------------------------------------


def _choose(
    counts: pd.DataFrame, min_clauses: int, limit: int
) -> tuple[pd.DataFrame, dict[str, str]]:
    """Return the rows to show, in order, and for each term the longer ones it stands for."""
    counts = counts[(counts["inside"] >= min_clauses) & (counts["log_ratio"] > 0)]
    counts = counts.sort_values(
        ["score", "inside", "outside", "term"], ascending=[False, False, True, True]
    )
    terms = counts["term"].tolist()
    # What is in a longer one has at least its clauses, so equal numbers are the same clauses.
    names = ("inside", "outside", "n_old", "n_new")
    frequency = dict(zip(terms, zip(*(counts[name] for name in names), strict=True), strict=True))
    bound = {
        part
        for term in terms
        for part in _parts(term, frequency)
        if frequency[part] == frequency[term]
    }
    rank = {term: n for n, term in enumerate(t for t in terms if t not in bound)}
    longer: dict[str, list[str]] = {term: [] for term in rank}
    for term in rank:
        if better := [part for part in _parts(term, rank) if rank[part] < rank[term]]:
            longer[min(better, key=rank.__getitem__)].append(term)
    held = {term for group in longer.values() for term in group}
    shown = counts[[term in rank and term not in held for term in terms]].head(limit)
    return shown, {term: _name_some(group) for term, group in longer.items()}


def _parts(term: str, candidates: Container[str]) -> Iterator[str]:
    """Yield the candidates that are found within a longer one."""
    for size in range(2, len(term)):
        for start in range(len(term) - size + 1):
            part = term[start : start + size]
            if part in candidates and _stands_in(part, term):
                yield part


def _stands_in(word: str, text: str) -> bool:
    return compile_pattern(word).search(fold(text).text) is not None


def _words_of(topic: Topic, *, rules: bool = True) -> list[str]:
    words = [*topic.core, *topic.peripheral, *topic.exclusions]
    if rules:
        words += [word for rule in topic.rules for group in rule.groups for word in group]
    return list(dict.fromkeys(words))


def _describe(term: str, own: Sequence[Topic], others: Sequence[Topic]) -> dict[str, str]:
    related = [
        word
        for word in dict.fromkeys(word for topic in own for word in _words_of(topic))
        if _stands_in(word, term) or _stands_in(term, word)
    ]
    topics = [
        topic.id
        for topic in others
        if any(_stands_in(word, term) for word in (*topic.core, *topic.peripheral))
    ]
    return {"related": _name_some(related), "topics": "+".join(topics)}


def _name_some(words: Sequence[str]) -> str:
    return "、".join(words[:_MOST]) + ("…" if len(words) > _MOST else "")


def _show(term: str, having: NDArray[np.int64], target: Target, window: int) -> dict[str, str]:
    """Return how a term is written, and an example of it inside and outside."""
    shown = {"term": term}
    search = compile_pattern(term)
    for name, wanted in (("example", True), ("counterexample", False)):
        shown |= {name: "", f"{name}_in": ""}
        for clause in having[target.inside[having] == wanted][:1].tolist():
            text, copy = target.rows[clause].text, fold(target.texts[clause])
            first, last = next(search.finditer(copy.text)).span()
            start, end = copy.span(first, last)
            left = ("…" if start > window else "") + text[max(start - window, 0) : start]
            right = text[end : end + window] + ("…" if end + window < len(text) else "")
            shown[name] = f"{left}【{text[start:end]}】{right}"
            shown[f"{name}_in"] = "/".join(target.rows[clause][1:4:2])
            if wanted:
                spans = [copy.span(at, at + 1) for at in range(first, last)]
                shown["term"] = "".join(text[begin:behind] for begin, behind in spans)
    return shown


# --- what is wrong with a request ---------------------------------------------------------------


def _problem(place: str, what: str, remedy: str) -> Problem:
    return Problem("error", "suggestions", place, what, remedy)


def _check_sizes(*, window: int, **sizes: int) -> Iterator[Problem]:
    for name, size in sizes.items():
        if size < 1:
            yield _problem(name, f"{size} is less than 1", "Give 1 or more")
    if window < 0:
        yield _problem("window", f"{window} is negative", "Give 0 or more characters")


def _check_topic(codebook: Codebook, topic: str | None, tags: pd.DataFrame) -> Iterator[Problem]:
    there = [entry.id for entry in codebook.topics]
    if topic is not None and topic not in there:
        yield _problem(
            "topic",
            f"the codebook has no {topic!r}",
            f"Its topics are {', '.join(there) or 'none'}",
        )
    if tags.attrs.get("codebook_sha256", codebook.sha256) != codebook.sha256:
        yield _problem(
            "tags",
            f"they were made with another codebook than {codebook.id} {codebook.version}",
            "Make them again with tag_topics() and this codebook",
        )
