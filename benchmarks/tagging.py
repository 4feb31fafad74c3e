"""How fast texts are cut and tagged: `python -m benchmarks.tagging [--characters N] [--rounds N]`.

The material is made from the project's own text: the phrases of Resolution 182's clauses, drawn
anew with a fixed seed until there are enough characters. All routes do their work on the same
clauses in one process; their turns alternate, and the best round of each counts, so that a ratio
means something on a machine that is not quiet. `times jieba` is the cost against jieba's cutting
alone (below 1 is faster); loading dictionaries and compiling the codebook is left out of it.
"""

from __future__ import annotations

import argparse
import platform
import re
import warnings
from collections.abc import Callable, Sequence
from importlib import metadata
from pathlib import Path
from time import perf_counter

import numpy as np
import pandas as pd
from tqdm import tqdm

from resanalysis.codebook import read_codebook
from resanalysis.pipeline import Engine, make_nlp, make_segmenter, tag_text, tag_topics, tokenize
from resanalysis.study import run_study

CORPUS = Path(__file__).parents[1] / "corpora" / "itu-pp-res-182"
PACKAGES = ("jieba", "rjieba", "spacy", "pandas", "numpy")
SEED = 182

Route = Callable[[], object]


def make_clauses(characters: int) -> pd.DataFrame:
    """Return clauses of new wording, about so many characters in all."""
    texts = run_study(CORPUS, draws=1).clauses["text"]
    phrases = [part for text in texts for part in re.findall("[^，；。]+[，；。]?", text)]
    rng = np.random.default_rng(SEED)
    made: list[str] = []
    size = 0
    while size < characters:
        made.append("".join(rng.choice(phrases, size=rng.integers(1, 7))))
        size += len(made[-1])
    frame = pd.DataFrame({"clause_id": [str(i) for i in range(len(made))], "text": made})
    return frame.assign(corpus="bench", edition="made", version="new").astype("str")


def make_routes(clauses: pd.DataFrame) -> dict[str, Route]:
    """Return what is measured, by name; everything that is loaded once is loaded here."""
    import spacy.matcher

    texts = clauses["text"].tolist()
    book = read_codebook()
    jieba, rjieba = make_segmenter(), make_segmenter(engine="rjieba")
    tokens = tokenize(clauses, engine="rjieba")
    nlp, plain = make_nlp(book), make_nlp()
    matcher = spacy.matcher.PhraseMatcher(plain.vocab)
    terms = [term for topic in book.topics for term in (*topic.core, *topic.peripheral)]
    matcher.add("terms", list(plain.pipe(terms)))

    def tag(engine: Engine) -> pd.DataFrame:
        return tag_topics(clauses, book, tokenize(clauses, engine=engine))

    return {
        "jieba alone": lambda: [jieba.cut(text) for text in texts],
        "rjieba alone": lambda: [rjieba.cut(text) for text in texts],
        "tokens table, jieba": lambda: tokenize(clauses),
        "tokens table, rjieba": lambda: tokenize(clauses, engine="rjieba"),
        "tags table": lambda: tag_topics(clauses, book, tokens),
        "tokens and tags, jieba (default)": lambda: tag("jieba"),
        "tokens and tags, rjieba (fast)": lambda: tag("rjieba"),
        "tag_text, clause by clause": lambda: [tag_text(text, book) for text in texts],
        "our spaCy pipeline": lambda: list(nlp.pipe(texts)),
        "spaCy with PhraseMatcher": lambda: [matcher(doc) for doc in plain.pipe(texts)],
    }


def time_routes(routes: dict[str, Route], rounds: int) -> dict[str, float]:
    """Return the seconds of the best round of every route."""
    best = dict.fromkeys(routes, float("inf"))
    for number in tqdm(range(rounds + 1), desc="rounds", disable=None, leave=False):
        for name, route in routes.items():
            begin = perf_counter()
            route()
            if number:  # the first round warms up
                best[name] = min(best[name], perf_counter() - begin)
    return best


def describe(seconds: dict[str, float], characters: int) -> pd.DataFrame:
    """Return one row per route: characters per second, and cost and speed against jieba's."""
    table = pd.DataFrame({"seconds": seconds}).rename_axis("route").reset_index()
    alone = seconds["jieba alone"]
    table["characters_per_second"] = (characters / table["seconds"]).round().astype(int)
    table["times_jieba"] = (table["seconds"] / alone).round(3)
    table["faster_than_jieba"] = (alone / table["seconds"]).round(2)
    return table.drop(columns="seconds")


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.tagging", description=__doc__)
    parser.add_argument("--characters", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args(arguments)
    warnings.simplefilter("ignore", SyntaxWarning)
    clauses = make_clauses(options.characters)
    characters = int(clauses["text"].str.len().sum())
    seconds = time_routes(make_routes(clauses), options.rounds)
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in PACKAGES)
    print(f"{characters} characters in {len(clauses)} clauses, best of {options.rounds} rounds")
    print(f"Python {platform.python_version()} on {platform.machine()}; {versions}\n")
    print(describe(seconds, characters).to_string(index=False))


if __name__ == "__main__":
    main()
