"""rjieba gives the very tokens of jieba, and tags stand on tokens of the clauses."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resanalysis.codebook import read_codebook
from resanalysis.pipeline import make_nlp, make_segmenter, segmentation, tag_topics, tokenize
from resanalysis.study import run_study

CORPUS = "corpora/itu-pp-res-182"
LEXICON = ("电子废弃物", "ITU-T", "国际电联", "6G")
PIECES = [
    *"的水电站。，（）《》 \t\n　１ａＡ",
    "\r\n",
    "电子废弃物",
    "国际电联",
    "ITU-T",
    "ICTs",
    "有关环境的第73号决议",
    "2022年",
    "1.5°C",
    "温室气体排放",
    "提高水平",
    "生物多样性",
    "\u200b",
    "🌏",
]
texts = st.lists(st.sampled_from(PIECES) | st.characters(exclude_categories=["Cs"])).map("".join)


def make_clauses(*found):
    frame = pd.DataFrame({"text": list(found)}, dtype="str")
    frame["clause_id"] = [f"clause__{i}" for i in range(len(frame))]
    return frame.assign(corpus="c", edition="e", version="new")


@pytest.fixture(scope="module")
def study():
    return run_study(CORPUS, draws=1)


def test_tokens_of_the_corpus_are_the_same(study):
    again = tokenize(study.clauses, study.corpus.lexicon, engine="rjieba")
    pd.testing.assert_frame_equal(again, study.tokens)


@settings(deadline=None, max_examples=300)
@given(texts)
def test_tokens_of_any_text_are_the_same(text):
    python = make_segmenter(LEXICON).cut(text)
    assert make_segmenter(LEXICON, engine="rjieba").cut(text) == python


@settings(deadline=None)
@given(st.lists(texts, max_size=4))
def test_tokens_tables_of_any_texts_are_the_same(found):
    clauses = make_clauses(*found)
    tokens = [tokenize(clauses, LEXICON, engine=engine) for engine in ("jieba", "rjieba")]
    pd.testing.assert_frame_equal(*tokens)


def test_every_character_of_unicode_is_cut_alike():
    python, rust = make_segmenter(), make_segmenter(engine="rjieba")
    for first in range(0, 0x110000, 64):
        chars = [chr(code) for code in range(first, first + 64) if not 0xD800 <= code < 0xE000]
        text = "电子".join(chars)
        assert rust.cut(text) == python.cut(text), f"from U+{first:04X}"


def test_the_fast_engine_does_not_guess_words():
    with pytest.raises(ValueError, match="with hmm, use engine='jieba'"):
        make_segmenter(hmm=True, engine="rjieba")


def test_an_unknown_engine_is_refused():
    with pytest.raises(ValueError, match="'jieba' or 'rjieba', not 'go'"):
        make_segmenter(engine="go")


def test_spacy_cuts_alike_with_either_engine():
    text = "有关ICT与气候变化的第1307号决议，电子废弃物。"
    docs = [make_nlp(lexicon=LEXICON, engine=engine)(text) for engine in ("jieba", "rjieba")]
    assert [t.text for t in docs[0]] == [t.text for t in docs[1]]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda t: t.iloc[::-1], "tokens are out of order"),
        (lambda t: t[t["i"] != 1], "tokens are out of order"),
        (lambda t: t[t["i"] == 0], "tokens do not cover the text of clause__0"),
        (lambda t: t[t["clause_id"] != "clause__0"], "tokens do not cover the text of clause__0"),
    ],
)
def test_tokens_that_are_not_those_of_the_clauses_are_refused(change, message):
    clauses = make_clauses("回收电子废弃物", "水资源管理")
    with pytest.raises(ValueError, match=message):
        tag_topics(clauses, read_codebook(), change(tokenize(clauses)))


def test_tokens_may_come_in_another_order_of_clauses_and_with_more_of_them():
    clauses = make_clauses("回收电子废弃物", "水资源管理", "")
    tokens = tokenize(clauses)
    wanted = tag_topics(clauses.iloc[:2], read_codebook(), tokens)
    shuffled = pd.concat([tokens[tokens["clause_id"] == f"clause__{i}"] for i in (1, 0)])
    pd.testing.assert_frame_equal(tag_topics(clauses.iloc[:2], read_codebook(), shuffled), wanted)
    assert set(wanted["topic"]) >= {"e_waste", "water"}


def test_a_missing_engine_says_how_to_install_it(monkeypatch):
    def fail(name):
        raise ModuleNotFoundError(name)

    segmentation._import_rjieba.cache_clear()
    monkeypatch.setattr(segmentation.importlib, "import_module", fail)
    with pytest.raises(ModuleNotFoundError, match=r"resanalysis\[fast\]"):
        segmentation._import_rjieba()
