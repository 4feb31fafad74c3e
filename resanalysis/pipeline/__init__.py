"""Tokens by a private jieba, topics matched on characters, a concordance, and spaCy around them.

The plain functions (`tokenize`, `tag_topics`, `tag_text`, `kwic`, `suggest_terms`) do the work;
`make_nlp` wraps the same functions for who works with spaCy. jieba and spaCy are imported where
they are used.
"""

from resanalysis.pipeline.components import (
    JiebaTokenizer,
    TopicTagger,
    create_jieba_tokenizer,
    create_topic_tagger,
    make_nlp,
    register_tagger,
)
from resanalysis.pipeline.concordance import kwic, show_kwic
from resanalysis.pipeline.matcher import Reading, Scope
from resanalysis.pipeline.segmentation import (
    Engine,
    Segmenter,
    make_segmenter,
    tokenize,
    unusable_words,
    word_frequencies,
)
from resanalysis.pipeline.suggestions import suggest_terms
from resanalysis.pipeline.topics import Match, tag_text, tag_texts, tag_topics

__all__ = [
    "Engine",
    "JiebaTokenizer",
    "Match",
    "Reading",
    "Scope",
    "Segmenter",
    "TopicTagger",
    "create_jieba_tokenizer",
    "create_topic_tagger",
    "kwic",
    "make_nlp",
    "make_segmenter",
    "register_tagger",
    "show_kwic",
    "suggest_terms",
    "tag_text",
    "tag_texts",
    "tag_topics",
    "tokenize",
    "unusable_words",
    "word_frequencies",
]
