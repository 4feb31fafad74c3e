"""Each step of the chain by itself, beside what raw jieba and spaCy take for the same texts."""

from __future__ import annotations

import multiprocessing
import pickle
import shutil
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import Any

import pandas as pd
from tqdm import tqdm

from benchmarks.scale.material import Maker, write_clean
from benchmarks.scale.memory import forget_peak, read_peak
from resanalysis import alignment, pipeline, shift
from resanalysis.batch.dataset import write_part
from resanalysis.batch.folder import list_folder
from resanalysis.batch.plan import Part
from resanalysis.batch.working import Settings, Task, work_part
from resanalysis.codebook import read_codebook
from resanalysis.corpus import read_files
from resanalysis.redline import recover_versions
from resanalysis.study import parse_version_rows, recover_sources
from resanalysis.tables import make_table

Route = Callable[[], object]

RECOVERY = ("recovery of flattened texts", "comparison of clean texts")
CHAIN = ("parsing", "tagging", "alignment", "shift", "writing")
JIEBA, RJIEBA = "segmentation, jieba", "segmentation, rjieba"
RAW = "raw jieba"


class Material:
    """Texts in every stage of the chain."""

    def __init__(self, folder: Path, documents: int, flattened: int) -> None:
        write_clean(folder, documents)
        listing = list_folder(folder, ("utf-8",))
        self.texts = listing.texts
        self.folder = folder
        maker = Maker()
        self.flattened = [maker.make_flattened(number) for number in range(flattened)]
        self.redlines = self.compare()
        self.clauses = self.parse()
        names = ("segments", "alternatives")
        self.segments, self.alternatives = (
            pd.concat([getattr(redline, name) for redline in self.redlines], ignore_index=True)
            for name in names
        )
        self.book = read_codebook()
        self.topics = [topic.id for topic in self.book.topics]
        self.tokens = pipeline.tokenize(self.clauses, engine="rjieba")
        self.tags = pipeline.tag_topics(self.clauses, self.book, self.tokens)
        self.pairs = alignment.align_clauses(self.clauses, self.segments)
        self.shift = self.count()
        self.characters = int(self.clauses["text"].str.len().sum())

    def recover(self) -> list[Any]:
        """Recover the flattened texts."""
        cut = pipeline.make_segmenter(engine="rjieba").cut
        return [recover_versions(text, cut=cut) for text in self.flattened]

    def compare(self) -> list[Any]:
        """Read the clean texts and compare them."""
        found = []
        for text in self.texts:
            form, sources = read_files([self.folder / name for name in text.files])
            found.append(recover_sources(form, sources, corpus=text.id, engine="rjieba"))
        return found

    def parse(self) -> pd.DataFrame:
        """Parse both versions of every clean text."""
        rows = [
            row
            for text, redline in zip(self.texts, self.redlines, strict=True)
            for version in ("old", "new")
            for row in parse_version_rows(
                redline, version, text.id, corpus=text.id, edition=version
            )
        ]
        return make_table("clauses", rows)

    def count(self) -> pd.DataFrame:
        """Count the shift of every clean text."""
        tables = (self.clauses, self.tokens, self.tags, self.pairs)
        return shift.topic_shift(*tables, self.topics, draws=0, absent=False)

    def write(self) -> None:
        """Write the tables as a part of a dataset."""
        tables = {
            "segments": self.segments,
            "alternatives": self.alternatives,
            "clauses": self.clauses,
            "tags": self.tags,
            "pairs": self.pairs,
            "shift": self.shift,
            "failures": make_table("failures", []),
            "documents": make_table("documents", []),
        }
        with tempfile.TemporaryDirectory() as out:
            write_part(Path(out), 0, "", tables)

    def work(self, engine: pipeline.Engine) -> None:
        """Do what a worker does with a part, from reading to writing."""
        book = self.book
        settings = Settings(None, book.id, book.version, book.sha256, engine=engine)
        with tempfile.TemporaryDirectory() as out:
            work_part(Task(out, str(self.folder), Part(0, "", self.texts), settings))


def make_routes(material: Material) -> dict[str, Route]:
    """Return what is measured, by name; what is loaded once is loaded here."""
    import spacy.matcher

    texts = material.clauses["text"].tolist()
    jieba, rjieba = (pipeline.make_segmenter(engine=engine) for engine in ("jieba", "rjieba"))
    ours, plain = pipeline.make_nlp(material.book), pipeline.make_nlp()
    matcher = spacy.matcher.PhraseMatcher(plain.vocab)
    terms = [t for topic in material.book.topics for t in (*topic.core, *topic.peripheral)]
    matcher.add("terms", list(plain.pipe(terms)))
    return {
        RAW: lambda: [jieba.cut(text) for text in texts],
        "raw rjieba": lambda: [rjieba.cut(text) for text in texts],
        "spaCy with PhraseMatcher": lambda: [matcher(doc) for doc in plain.pipe(texts)],
        "spaCy with our tagger": lambda: list(ours.pipe(texts)),
        "tag_text, clause by clause": lambda: [pipeline.tag_text(t, material.book) for t in texts],
        RECOVERY[0]: material.recover,
        RECOVERY[1]: material.compare,
        "parsing": material.parse,
        JIEBA: lambda: pipeline.tokenize(material.clauses),
        RJIEBA: lambda: pipeline.tokenize(material.clauses, engine="rjieba"),
        "tagging": lambda: pipeline.tag_topics(material.clauses, material.book, material.tokens),
        "alignment": lambda: alignment.align_clauses(material.clauses, material.segments),
        "shift": material.count,
        "writing": material.write,
        "all of it with comparison, jieba": lambda: material.work("jieba"),
        "all of it with comparison, rjieba": lambda: material.work("rjieba"),
    }


@contextmanager
def make_material(documents: int, flattened: int) -> Iterator[Material]:
    """Give material in a folder that is taken away again."""
    folder = Path(tempfile.mkdtemp(prefix="resanalysis-bench-"))
    try:
        yield Material(folder, documents, flattened)
    finally:
        shutil.rmtree(folder)


def measure_steps(documents: int, flattened: int, rounds: int) -> pd.DataFrame:
    """Return one row per step: characters per second, speed against raw jieba, memory.

    All routes run in one process; their turns alternate, and the best round of each counts.
    Memory is measured apart, each step in a new process that is given the material.
    """
    with make_material(documents, flattened) as material:
        routes = make_routes(material)
        best = dict.fromkeys(routes, float("inf"))
        for number in tqdm(range(rounds + 1), desc="rounds of steps", disable=None, leave=False):
            for name, route in routes.items():
                begin = perf_counter()
                route()
                if number:  # the first round warms up
                    best[name] = min(best[name], perf_counter() - begin)
        kept = material.folder / "material.pickle"
        kept.write_bytes(pickle.dumps(material))
        peaks = {
            name: measure_memory(name, kept)
            for name in tqdm(routes, desc="memory", disable=None, leave=False)
        }
        flat = sum(map(len, material.flattened))
        characters = dict.fromkeys(routes, material.characters) | {RECOVERY[0]: flat}
    rest = sum(best[name] for name in CHAIN)
    for engine, cutting in (("jieba", JIEBA), ("rjieba", RJIEBA)):
        name = f"parsing to writing, {engine}"
        best[name], characters[name] = rest + best[cutting], material.characters
    table = pd.DataFrame({"step": list(best)})
    speed = pd.Series({name: characters[name] / best[name] for name in best})
    table["characters_per_second"] = speed.round(-3).astype(int).to_numpy()
    table["times_raw_jieba"] = (speed / speed[RAW]).round(2).to_numpy()
    table["peak_mb"] = table["step"].map(peaks).astype("Int64")
    return table


def measure_memory(route: str, material: Path) -> int | None:
    """Return by how many MB the peak of a new process rises while a step runs once."""
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=spawn) as executor:
        return executor.submit(_raise_peak, route, material).result()


def _raise_peak(route: str, material: Path) -> int | None:
    work = make_routes(pickle.loads(material.read_bytes()))[route]  # noqa: S301 - our own
    forget_peak()
    before = read_peak()
    work()
    after = read_peak()
    return round(after - before) if before and after else None
