"""The same tokens and topics inside spaCy, which is imported where it is used."""

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import catalogue

from resanalysis.model import Codebook, Rule, Topic
from resanalysis.pipeline.matcher import Reading, Scope, make_matcher
from resanalysis.pipeline.segmentation import Engine, Segmenter, word_frequencies
from resanalysis.pipeline.topics import Match, tag_texts

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc
    from spacy.vocab import Vocab

SPACY_TOKENIZER = "resanalysis.Jieba.v1"
SPACY_TAGGER = "resanalysis_topics"
SPANS_KEY = "topics"


class JiebaTokenizer:
    """A spaCy tokenizer that owns its jieba; `doc.text` is always the text it was given."""

    def __init__(self, vocab: "Vocab", segmenter: Segmenter) -> None:
        self.vocab, self.segmenter = vocab, segmenter

    def __call__(self, text: str) -> "Doc":
        """Return the doc of a text."""
        from spacy.tokens import Doc

        words = self.segmenter.cut(text)
        return Doc(self.vocab, words=words, spaces=[False] * len(words))

    def pipe(self, texts: Iterable[str], **_options: object) -> Iterator["Doc"]:
        """Tokenize texts one after the other."""
        return map(self, texts)

    # The pipeline's configuration holds all there is to save.
    def to_disk(self, path: Path, **_options: object) -> None:
        """Save nothing; spaCy asks for this method."""

    def from_disk(self, path: Path, **_options: object) -> Self:  # noqa: ARG002
        """Load nothing; spaCy asks for this method."""
        return self

    def to_bytes(self, **_options: object) -> bytes:
        """Return nothing; spaCy asks for this method."""
        return b""

    def from_bytes(self, data: bytes, **_options: object) -> Self:  # noqa: ARG002
        """Load nothing; spaCy asks for this method."""
        return self


class TopicTagger:
    """A spaCy component that tags a doc with the topics of a codebook.

    It fills `doc.spans["topics"]` with one span per match, widened to whole tokens, its label the
    topic and its id the term; `doc._.topic_matches` has the exact characters.

    Attributes
    ----------
    codebook : Codebook or None
        What to look for; None only until it is given or loaded.
    reading : {"broad", "strict"}
        Whether peripheral terms take part; see `tag_text`.
    scope : {"codebook", "topic"}
        Among what the longest term wins; see `tag_text`.
    """

    def __init__(
        self,
        reading: Reading = "broad",
        scope: Scope = "codebook",
        codebook: Codebook | None = None,
    ) -> None:
        self.reading, self.scope, self.codebook = reading, scope, codebook

    def __call__(self, doc: "Doc") -> "Doc":
        """Fill the doc's spans and matches and return it."""
        return next(self.pipe([doc]))

    def pipe(self, stream: Iterable["Doc"], *, batch_size: int = 256) -> Iterator["Doc"]:
        """Fill the docs of a stream; a batch is searched in one go, which is faster."""
        if self.codebook is None:
            raise ValueError(
                f"the component {SPACY_TAGGER!r} has no codebook: make the pipeline with "
                "make_nlp(codebook), load a saved one, or set the component's `codebook`"
            )
        docs = iter(stream)
        while batch := list(islice(docs, batch_size)):
            texts = [doc.text for doc in batch]
            found = tag_texts(texts, self.codebook, reading=self.reading, scope=self.scope)
            for doc, matches in zip(batch, found, strict=True):
                _fill(doc, matches)
                yield doc

    def to_bytes(self, **_options: object) -> bytes:
        """Return the codebook as JSON."""
        text = json.dumps(self.codebook, default=_plain, ensure_ascii=False, indent=1)
        return text.encode()

    def from_bytes(self, data: bytes, **_options: object) -> Self:
        """Load what `to_bytes` returned."""
        record = json.loads(data)
        self.codebook = None if record is None else _codebook_from(record)
        return self

    def to_disk(self, path: Path | str, **_options: object) -> None:
        """Write the codebook to `codebook.json` in the folder `path`."""
        Path(path).mkdir(parents=True, exist_ok=True)
        Path(path, "codebook.json").write_bytes(self.to_bytes())

    def from_disk(self, path: Path | str, **_options: object) -> Self:
        """Load what `to_disk` wrote."""
        return self.from_bytes(Path(path, "codebook.json").read_bytes())


def _plain(record: object) -> dict[str, Any]:
    return dict(record) if isinstance(record, Mapping) else vars(record)


def _codebook_from(record: dict[str, Any]) -> Codebook:
    return Codebook(**record | {"topics": tuple(map(_topic_from, record["topics"]))})


def _topic_from(record: dict[str, Any]) -> Topic:
    tuples = ("core", "peripheral", "exclusions", "examples", "counterexamples")
    lists: dict[str, Any] = {name: tuple(record[name]) for name in tuples}
    lists["rules"] = tuple(map(_rule_from, record["rules"]))
    lists["concepts"] = {name: tuple(ids) for name, ids in record["concepts"].items()}
    return Topic(**record | lists)


def _rule_from(record: dict[str, Any]) -> Rule:
    groups = tuple(map(tuple, record["groups"]))
    return Rule(**record | {"groups": groups, "without": tuple(record["without"])})


def _fill(doc: "Doc", matches: list[Match]) -> None:
    # Plain tuples, so that a doc with its user data can be saved.
    doc.user_data[SPACY_TAGGER] = [astuple(match) for match in matches]
    spans = (
        doc.char_span(m.start, m.end, m.topic, span_id=m.term, alignment_mode="expand")
        for m in matches
    )
    doc.spans[SPANS_KEY] = [span for span in spans if span is not None]


def _topic_matches(doc: "Doc") -> list[Match]:
    return [Match(*match) for match in doc.user_data.get(SPACY_TAGGER, ())]


def create_jieba_tokenizer(
    words: Sequence[Any] = (), hmm: bool = False, engine: str = "jieba"
) -> Callable[["Language"], JiebaTokenizer]:
    """Return what makes the tokenizer of a pipeline; spaCy calls this with the saved settings.

    Parameters
    ----------
    words : sequence of [str, int]
        Added words, each with its frequency.
    hmm : bool
        Whether jieba may guess words that are not in its dictionary.
    engine : {"jieba", "rjieba"}
        What cuts; see `make_segmenter`.
    """
    register_tagger()  # spaCy reads the tokenizer's settings before those of any component
    segmenter = Segmenter(dict(words), hmm=hmm, engine=engine)  # type: ignore[arg-type]
    return lambda nlp: JiebaTokenizer(nlp.vocab, segmenter)


def create_topic_tagger(
    nlp: "Language",  # noqa: ARG001
    name: str,  # noqa: ARG001
    reading: str = "broad",
    scope: str = "codebook",
) -> TopicTagger:
    """Return a tagger still without codebook; spaCy calls this with the saved settings."""
    return TopicTagger(reading, scope)  # type: ignore[arg-type]


def register_tagger() -> None:
    """Make the component `resanalysis_topics` known to spaCy; doing it twice does no harm."""
    from spacy.language import Language
    from spacy.tokens import Doc

    Doc.set_extension("topic_matches", getter=_topic_matches, force=True)
    Language.factory(
        SPACY_TAGGER,
        default_config={"reading": "broad", "scope": "codebook"},
        assigns=["doc.spans", "doc._.topic_matches"],
        func=create_topic_tagger,
    )


def make_nlp(
    codebook: Codebook | None = None,
    lexicon: Iterable[str] | Mapping[str, int] = (),
    *,
    hmm: bool = False,
    reading: Reading = "broad",
    scope: Scope = "codebook",
    engine: Engine = "jieba",
) -> "Language":
    """Return a spaCy pipeline with the tokens of `tokenize` and the matches of `tag_text`.

    Words, frequencies and codebook are saved with the pipeline (`nlp.to_disk`) and come back with
    `spacy.load`, in another process too.

    Parameters
    ----------
    codebook : Codebook, optional
        Topics to tag; without it the pipeline only tokenizes.
    lexicon : iterable of str, or mapping of str to int
        Words beside jieba's own dictionary, as for `make_segmenter`.
    hmm : bool
        Whether jieba may guess words that are not in its dictionary.
    reading : {"broad", "strict"}
        Whether peripheral terms take part; see `tag_text`.
    scope : {"codebook", "topic"}
        Among what the longest term wins; see `tag_text`.
    engine : {"jieba", "rjieba"}
        What cuts; see `make_segmenter`.

    Returns
    -------
    spacy.language.Language
        White space stays as tokens, so that `doc.text` is the text. With a codebook, each doc has
        `doc.spans["topics"]` (widened to whole tokens; label: topic; id: term) and
        `doc._.topic_matches` (list of `Match`, the exact characters).

    Raises
    ------
    ValueError
        When jieba cannot hold a word, a term is empty, or an option is something else.

    Examples
    --------
    >>> [token.text for token in make_nlp(lexicon=["电子废弃物"])("回收电子废弃物")]
    ['回收', '电子废弃物']
    """
    from spacy.lang.zh import Chinese

    words = lexicon if isinstance(lexicon, Mapping) else word_frequencies(lexicon)
    tokenizer = {"@tokenizers": SPACY_TOKENIZER, "words": [*map(list, words.items())], "hmm": hmm}
    tokenizer["engine"] = engine
    nlp = Chinese.from_config({"nlp": {"tokenizer": tokenizer}})
    if codebook is not None:
        make_matcher(codebook, reading, scope)  # refuse a faulty codebook here, not later
        tagger = nlp.add_pipe(SPACY_TAGGER, config={"reading": reading, "scope": scope})
        tagger.codebook = codebook  # type: ignore[attr-defined]
    return nlp


# spaCy looks for a pipeline's tokenizer in this registry and need not be there yet. Its components
# it finds through its own class only: so they are registered as soon as spaCy is there, which it is
# when it loads this module through the package's entry points.
catalogue.Registry(("spacy", "tokenizers")).register(SPACY_TOKENIZER, func=create_jieba_tokenizer)
if "spacy" in sys.modules:
    register_tagger()
