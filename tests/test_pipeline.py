import os
import pickle
import subprocess
import sys
import unicodedata
from dataclasses import astuple, replace
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resanalysis.model import Codebook, Topic
from resanalysis.pipeline import (
    Match,
    kwic,
    make_nlp,
    make_segmenter,
    tag_text,
    tag_topics,
    tokenize,
    unusable_words,
    word_frequencies,
)
from resanalysis.pipeline.segmentation import _import_jieba
from resanalysis.tables import TABLES

ROOT = Path(__file__).parents[1]


def make_topic(topic_id, core=(), peripheral=(), exclusions=()):
    texts = {"zh": topic_id, "en": topic_id}
    return Topic(
        topic_id, "theme", texts, texts, texts, texts, core, peripheral, exclusions, "test"
    )


def make_codebook(*topics):
    return Codebook("test", "1.0", {"zh": "测试"}, {"theme": {"zh": "主题"}}, topics, "abc")


def make_clauses(*texts):
    return pd.DataFrame(
        {
            "corpus": "c",
            "edition": "2022-x",
            "version": "new",
            "clause_id": f"clause__{i}",
            "text": text,
        }
        for i, text in enumerate(texts)
    )


CODEBOOK = make_codebook(
    make_topic("ewaste", ("电子废弃物",), ("废弃物",)),
    make_topic("water", ("水资源", "水"), ("供水",), ("水平",)),
    make_topic("environment", ("气候变化",), ("环境", "ICT与环境"), ("营商环境",)),
    make_topic("india", ("印度",), (), ("印度尼西亚",)),
    make_topic("ict", ("ICT", "ITU-T"), ("气候变化",), ()),
)

TEXTS = (
    "有关ICT与气候变化的第1307号决议；",
    "收集、拆卸和回收电子废弃物，以及水资源的可持续智慧管理",
    "提高能效水平，改善营商环境与环境；印度尼西亚和印度",
    "ＩＣＴ　与ICTS\t以及\r\nITU-T🌏 \n 供水",
    " ",
    "",
)

PIECES = [
    "电子废弃物",
    "废弃",
    "水资源",
    "水平",
    "营商环境",
    "ICT与环境",
    "印度尼西亚",
    "印度",
    "气候变化",
]
PIECES += [
    "ICT",
    "ＩＣＴ",
    "itu-t",
    "s",
    "５",
    "é",
    "，",
    " ",
    "\t",
    "\r\n",
    "　",
    "\xa0",
    "🌏️",
    "水",
    "环",
]
MESSY = st.lists(st.sampled_from(PIECES) | st.characters(exclude_categories=["Cs", "Cf"])).map(
    "".join
)
"""Terms, their pieces, and anything else that Unicode has."""


def found(text, codebook=CODEBOOK, **options):
    return [(match.topic, match.term) for match in tag_text(text, codebook, **options)]


def fold(text):
    """Return the documented match key, made another way than the code does."""
    narrow = (
        unicodedata.normalize("NFKC", c) if "！" <= c <= "～" or c == "　" else c for c in text
    )
    return "".join(c.lower() if c.isascii() else c for c in narrow)


# --- segmentation -------------------------------------------------------------------------------


@pytest.mark.parametrize("hmm", [False, True])
def test_joined_tokens_are_the_text(hmm):
    segmenter = make_segmenter(["电子废弃物", "ITU-T"], hmm=hmm)

    @settings(deadline=None)
    @given(MESSY)
    def check(text):
        assert "".join(segmenter.cut(text)) == text

    check()


def test_a_word_of_the_lexicon_becomes_a_token():
    assert make_segmenter().cut("回收电子废弃物") == ["回收", "电子", "废弃物"]
    assert make_segmenter(["电子废弃物"]).cut("回收电子废弃物") == ["回收", "电子废弃物"]


def test_segmenters_do_not_share_words():
    make_segmenter(["电子废弃物"])
    assert make_segmenter().cut("电子废弃物") == ["电子", "废弃物"]


def test_the_global_jieba_is_not_touched():
    jieba = _import_jieba()
    before = (dict(jieba.dt.FREQ), jieba.dt.total, jieba.dt.initialized)
    make_segmenter(["电子废弃物"], hmm=True).cut("回收电子废弃物")
    assert (jieba.dt.FREQ, jieba.dt.total, jieba.dt.initialized) == before


def test_the_guessing_of_words_is_a_switch():
    text = "他来到了网易杭研大厦"  # the example of jieba's own documentation
    assert "杭研" not in make_segmenter().cut(text)
    assert "杭研" in make_segmenter(hmm=True).cut(text)


def test_tokens_are_those_of_jieba():
    jieba = _import_jieba()
    oracle = jieba.Tokenizer()
    oracle.FREQ, oracle.total = jieba.Tokenizer.gen_pfdict(jieba.get_module_res("dict.txt"))
    oracle.initialized = True
    for word, frequency in word_frequencies(["电子废弃物"]).items():
        oracle.add_word(word, frequency)
    for text in TEXTS:
        assert make_segmenter(["电子废弃物"]).cut(text) == oracle.lcut(text, HMM=False)


def test_a_segmenter_survives_pickling():
    segmenter = pickle.loads(pickle.dumps(make_segmenter(["电子废弃物"], hmm=True)))  # noqa: S301
    assert segmenter.hmm
    assert segmenter.cut("回收电子废弃物") == ["回收", "电子废弃物"]


def test_frequencies_do_not_depend_on_order_or_company():
    words = ["电子废弃物", "废弃物管理", "电子废弃物管理", "ITU-T", "水资源"]
    frequencies = word_frequencies(words)
    assert list(frequencies) == words
    assert word_frequencies(reversed(words)) == frequencies
    assert {word: word_frequencies([word])[word] for word in words} == frequencies


def test_stored_frequencies_are_used_as_they_are():
    assert make_segmenter({"电子废弃物": 7}).words == {"电子废弃物": 7}


def test_a_frequency_below_one_is_refused():
    with pytest.raises(ValueError, match="frequency below 1 for '的': give 1"):
        make_segmenter({"的": 0})


def test_words_that_jieba_cannot_hold_are_listed():
    words = ["水", "电信/ICT", "6G 网络", "ＩＣＴ", "ITU-T", "2.1%", ""]
    assert unusable_words(words) == ["电信/ICT", "6G 网络", "ＩＣＴ", ""]


def test_words_that_jieba_cannot_hold_are_refused_by_name():
    with pytest.raises(ValueError, match="'电信/ICT', '6G 网络'"):
        word_frequencies(["水", "电信/ICT", "6G 网络"])


# --- tokens -------------------------------------------------------------------------------------


def test_tokens_have_the_columns_of_the_contract():
    tokens = tokenize(make_clauses(*TEXTS))
    assert list(tokens.columns) == [column.name for column in TABLES["tokens"]]
    assert tokens.dtypes[["i", "start", "end"]].eq("int64").all()
    assert tokens.dtypes[["is_punct", "is_stop"]].eq("bool").all()


def test_an_empty_table_gives_an_empty_table():
    clauses = make_clauses("水").iloc[:0]
    assert tokenize(clauses).empty
    assert tokenize(clauses).dtypes.equals(tokenize(make_clauses("水")).dtypes)
    assert tag_topics(clauses, CODEBOOK).empty
    assert tag_topics(clauses, CODEBOOK).dtypes.equals(
        tag_topics(make_clauses("水"), CODEBOOK).dtypes
    )


@settings(deadline=None, max_examples=30)
@given(st.lists(MESSY, max_size=4))
def test_every_token_is_its_slice_and_they_cover_the_clause(texts):
    clauses = make_clauses(*texts) if texts else make_clauses("水").iloc[:0]
    tokens = tokenize(clauses)
    for clause in clauses.itertuples():
        own = tokens[tokens["clause_id"] == clause.clause_id]
        assert list(own["i"]) == list(range(len(own)))
        assert "".join(own["text"]) == clause.text
        assert [clause.text[s:e] for s, e in zip(own["start"], own["end"], strict=True)] == list(
            own["text"]
        )


def test_punctuation_is_told_by_unicode():
    tokens = tokenize(make_clauses("水，（ICT）、\t🌏 2.1%+–"))
    assert list(tokens.loc[~tokens["is_punct"], "text"]) == ["水", "ICT", "2", "1"]


def test_stop_words_are_those_of_spacy():
    text = "我们的水资源和A the 环境，以及Lex 尤其是5"
    tokens = tokenize(make_clauses(text))
    assert list(tokens["is_stop"]) == [token.is_stop for token in make_nlp()(text)]
    assert tokens["is_stop"].any()
    assert not tokens["is_stop"].all()


def test_a_missing_text_is_refused():
    with pytest.raises(ValueError, match="clauses without text: clause__1"):
        tokenize(make_clauses("水", None))


def test_a_missing_column_is_refused():
    with pytest.raises(ValueError, match="lacks the columns edition, text"):
        tokenize(make_clauses("水").drop(columns=["edition", "text"]))


def test_a_repeated_clause_is_refused():
    with pytest.raises(ValueError, match="twice in the table: clause__0"):
        tokenize(pd.concat([make_clauses("水"), make_clauses("电")]))


# --- topics -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "topics"),
    [
        ("提高水平", []),
        ("节水和水资源", [("water", "水"), ("water", "水资源")]),
        ("印度尼西亚", []),
        ("印度和印度尼西亚", [("india", "印度")]),
        ("改善营商环境", []),
        ("改善环境", [("environment", "环境")]),
        ("生物多样性", []),
        ("", []),
    ],
)
def test_exclusions_use_up_their_characters(text, topics):
    assert found(text) == topics


def test_the_longest_term_of_the_whole_codebook_wins():
    codebook = make_codebook(make_topic("india", ("印度",)), make_topic("asean", ("印度尼西亚",)))
    assert found("印度尼西亚与印度", codebook) == [("asean", "印度尼西亚"), ("india", "印度")]


def test_a_term_of_two_topics_tags_both_in_the_order_of_the_codebook():
    assert found("气候变化") == [("environment", "气候变化"), ("ict", "气候变化")]


def test_what_one_topic_excludes_is_still_the_term_of_another():
    codebook = make_codebook(
        make_topic("water", ("水",), (), ("水平",)), make_topic("level", ("水平",))
    )
    assert found("水平", codebook) == [("level", "水平")]


def test_what_a_topic_lists_and_excludes_it_excludes():
    assert found("水平", make_codebook(make_topic("x", ("水", "水平"), (), ("水平",)))) == []


def test_two_spellings_of_one_term_tag_once_and_core_goes_first():
    codebook = make_codebook(make_topic("ict", ("ict",), ("ＩＣＴ", "ICT")))
    assert [(m.term, m.tier) for m in tag_text("ICT", codebook)] == [("ict", "core")]


def test_full_width_letters_match_and_keep_the_term_and_the_offsets():
    assert tag_text("用ＩＣＴ，ict", CODEBOOK) == [
        Match("ict", "ICT", "core", 1, 4),
        Match("ict", "ICT", "core", 5, 8),
    ]


@pytest.mark.parametrize("text", ["ICTS", "ＩＣＴＳ", "aICT", "ICT5", "５ICT", "ITU-T2"])
def test_ascii_terms_do_not_match_inside_longer_words(text):
    assert found(text) == []


@pytest.mark.parametrize("text", ["电信/ICT的", "(ICT)", "ICT与", "非ICT行业", "ICT-2", "éICT"])
def test_ascii_terms_match_beside_anything_else(text):
    assert found(text) == [("ict", "ICT")]


def test_strict_reads_core_terms_only():
    assert found("废弃物与供水", reading="strict") == [("water", "水")]
    assert found("废弃物与供水") == [("ewaste", "废弃物"), ("water", "供水")]
    assert found("气候变化", reading="strict") == [("environment", "气候变化")]


def test_strict_is_broad_without_the_peripheral_terms():
    core_only = make_codebook(*(replace(topic, peripheral=()) for topic in CODEBOOK.topics))
    for text in TEXTS:
        assert tag_text(text, CODEBOOK, reading="strict") == tag_text(text, core_only)


def test_an_altered_codebook_with_the_same_hash_is_read_anew():
    assert found("水") == [("water", "水")]
    assert found("水", replace(CODEBOOK, topics=CODEBOOK.topics[:1])) == []


def test_a_codebook_without_terms_tags_nothing():
    assert found("水资源", make_codebook()) == []


@pytest.mark.parametrize("term", ["", " ", "\u200b", " \u200b\n"])
@pytest.mark.parametrize("field", ["core", "peripheral", "exclusions"])
def test_an_empty_term_is_refused(field, term):
    with pytest.raises(ValueError, match="topic 'water' has an empty term"):
        tag_text("水", make_codebook(replace(make_topic("water"), **{field: (term,)})))


def test_an_unknown_reading_is_refused():
    with pytest.raises(ValueError, match="'broad' or 'strict', not 'loose'"):
        tag_text("水", CODEBOOK, reading="loose")


def scan_slowly(text, codebook):
    """Tag as documented, character by character and without regular expressions."""
    key, start, matches = fold(text), 0, []
    entries = {fold(e) for t in codebook.topics for e in (*t.core, *t.peripheral, *t.exclusions)}

    def alone(entry, start):
        end = start + len(entry)
        outside = (key[start - 1 : start], entry[0]), (key[end : end + 1], entry[-1])
        return not any(a and b and (a + b).isascii() and (a + b).isalnum() for a, b in outside)

    while start < len(key):
        here = [e for e in entries if key.startswith(e, start) and alone(e, start)]
        longest = max(here, key=len, default=key[start])
        for topic in codebook.topics:
            tiers = (("core", topic.core), ("peripheral", topic.peripheral))
            hits = [
                (term, tier) for tier, terms in tiers for term in terms if fold(term) == longest
            ]
            if hits and longest in here and longest not in map(fold, topic.exclusions):
                matches.append(Match(topic.id, *hits[0], start, start + len(longest)))
        start += len(longest)
    return matches


@settings(deadline=None)
@given(MESSY)
def test_matching_is_one_leftmost_longest_scan(text):
    assert tag_text(text, CODEBOOK) == scan_slowly(text, CODEBOOK)


@settings(deadline=None)
@given(MESSY)
def test_a_match_is_its_term_and_matches_never_overlap(text):
    matches = tag_text(text, CODEBOOK)
    for match in matches:
        assert fold(text)[match.start : match.end] == fold(match.term)
    spans = sorted({(match.start, match.end) for match in matches})
    assert all(left[1] <= right[0] for left, right in pairwise(spans))


DIRT = ("", "", "\n", " \r\n", "\u200b", "\u00ad", "\v", "\0", " ", "𠀀")
WRAPPED = st.lists(
    st.sampled_from(["电子废弃物", "水资源", "水平", "ICT", "ＩＴＵ-T", "气候变化", "废", "，"]),
    max_size=6,
).flatmap(
    lambda pieces: st.tuples(
        *(st.tuples(st.just(char), st.sampled_from(DIRT)) for char in "".join(pieces))
    ).map(lambda pairs: "".join(map("".join, pairs)))
)
"""Terms with line breaks, invisible marks, null characters and others between their characters."""


def strip_wrapping(text):
    return fold("".join(text.split()).translate(dict.fromkeys(map(ord, "\u200b\u00ad"))))


@pytest.mark.parametrize("scope", ["codebook", "topic"])
def test_in_dirty_texts_tags_and_docs_stand_on_the_characters_of_their_terms(scope):
    nlp = make_nlp(CODEBOOK, scope=scope)

    @settings(deadline=None, max_examples=60)
    @given(st.lists(WRAPPED, max_size=4))
    def check(texts):
        docs = [
            (doc.text[match.start : match.end], match.term)
            for doc in nlp.pipe(texts)
            for match in doc._.topic_matches
        ]
        frame = make_clauses(*texts) if texts else make_clauses("").iloc[:0]
        tags = tag_topics(frame, CODEBOOK, scope=scope)
        text = dict(zip(frame["clause_id"], frame["text"], strict=True))
        places = zip(tags["clause_id"], tags["start"], tags["end"], strict=True)
        slices = [text[clause][start:end] for clause, start, end in places]
        assert docs == [*zip(slices, tags["term"], strict=True)]
        for found, term in docs:
            assert strip_wrapping(found) == fold(term)
            assert found == found.strip()

    check()


def test_tags_are_the_matches_of_every_clause():
    tags = tag_topics(make_clauses(*TEXTS), CODEBOOK)
    columns = ["topic", "term", "tier", "start", "end", "rule"]
    for i, text in enumerate(TEXTS):
        own = tags.loc[tags["clause_id"] == f"clause__{i}", columns]
        expected = [astuple(match) for match in tag_text(text, CODEBOOK)]
        assert list(own.itertuples(index=False, name=None)) == expected


def test_tags_have_the_columns_of_the_contract_and_name_their_codebook():
    tags = tag_topics(make_clauses(*TEXTS), CODEBOOK, reading="strict")
    assert list(tags.columns) == [column.name for column in TABLES["tags"]]
    assert tags.attrs == {
        "codebook": "test",
        "codebook_version": "1.0",
        "codebook_sha256": "abc",
        "reading": "strict",
        "scope": "codebook",
    }


def test_a_term_that_jieba_cuts_is_found_and_its_edges_agree():
    tags = tag_topics(make_clauses("回收电子废弃物"), CODEBOOK)
    assert list(tags["term"]) == ["电子废弃物"]
    assert tags["on_boundary"].all()  # jieba cuts 电子/废弃物: both outer edges are there


def test_an_edge_inside_a_token_is_reported():
    clauses, codebook = make_clauses("回收电子废弃物"), make_codebook(make_topic("x", ("废弃",)))
    assert not tag_topics(clauses, codebook)["on_boundary"].any()
    assert tag_topics(clauses, codebook, tokenize(clauses, {"废弃": 10**9}))["on_boundary"].all()


def test_a_lexicon_decides_what_an_edge_is():
    clauses, codebook = make_clauses("回收电子废弃物"), make_codebook(make_topic("x", ("废弃物",)))
    assert tag_topics(clauses, codebook)["on_boundary"].all()
    tokens = tokenize(clauses, ["电子废弃物"])
    assert not tag_topics(clauses, codebook, tokens)["on_boundary"].any()


def test_tokens_of_other_clauses_are_refused():
    with pytest.raises(ValueError, match="do not cover the text of clause__1"):
        tag_topics(make_clauses("水", "水资源"), CODEBOOK, tokenize(make_clauses("水", "水")))


def test_clauses_of_two_editions_keep_apart():
    old = make_clauses("电子废弃物").assign(edition="2014-x", version="old")
    both = pd.concat([old, make_clauses("水资源")], ignore_index=True)
    tags = tag_topics(both, CODEBOOK, tokenize(both))
    assert list(tags[["version", "topic"]].itertuples(index=False, name=None)) == [
        ("old", "ewaste"),
        ("new", "water"),
    ]


@pytest.mark.parametrize(
    ("text", "cited"),
    [
        ("有关ICT与气候变化的第1307号决议", [True]),
        ("有关气候变化和循环经济的世界电信标准化全会（WTSA）第73号决议（2022年，日内瓦）", [True]),
        ("有关与气象组织（WMO）协作的重要性、应对气候变化的WRC第673号决议", [True]),
        ("第2研究组有关气候变化的第6/2号课题", [True]),
        ("论坛有关气候变化的意见3（2009年，里斯本）", [True]),
        ("回顾关于气候变化的第 66/288 号决议", [True]),
        ("《联合国气候变化框架公约》", [True]),
        ("题为“气候变化”的成果文件", [True]),
        ("有关气候变化的成果", [False]),
        ("有关气候变化和与水有关的目标的第5号决议", [True]),
        ("根据第73号决议，应对气候变化", [False]),
        ("气候变化有关的第73号决议", [False]),
        ("有关气候变化的第1号决议和有关气候变化的报告", [True, False]),
        ("有关气候变化的研讨会，通过了第73号决议", [False]),
    ],
)
def test_titles_of_cited_instruments_are_told_from_what_the_clause_says(text, cited):
    codebook = make_codebook(make_topic("climate", ("气候变化",)))
    assert list(tag_topics(make_clauses(text), codebook)["in_citation"]) == cited


def test_inputs_are_not_changed():
    clauses = make_clauses(*TEXTS)
    tokens = tokenize(clauses)
    before = clauses.copy(), tokens.copy()
    tag_topics(clauses, CODEBOOK, tokens)
    kwic(clauses, "水")
    pd.testing.assert_frame_equal(clauses, before[0])
    pd.testing.assert_frame_equal(tokens, before[1])


# --- spaCy --------------------------------------------------------------------------------------

LEXICON = ["电子废弃物", "ITU-T", "2.1%"]


def describe(doc):
    spans = [(s.start_char, s.end_char, s.label_, s.id_) for s in doc.spans["topics"]]
    return [token.text for token in doc], spans, [astuple(m) for m in doc._.topic_matches]


@pytest.mark.parametrize("reading", ["broad", "strict"])
@pytest.mark.parametrize("hmm", [False, True])
def test_pipeline_and_plain_functions_agree(reading, hmm):
    nlp = make_nlp(CODEBOOK, LEXICON, hmm=hmm, reading=reading)
    tokens = tokenize(make_clauses(*TEXTS), LEXICON, hmm=hmm)
    for i, doc in enumerate(nlp.pipe(TEXTS)):
        own = tokens[tokens["clause_id"] == f"clause__{i}"]
        assert [token.text for token in doc] == list(own["text"])
        assert [token.idx for token in doc] == list(own["start"])
        assert doc._.topic_matches == tag_text(TEXTS[i], CODEBOOK, reading=reading)


def test_the_text_of_a_doc_is_the_text():
    nlp = make_nlp(CODEBOOK)

    @settings(deadline=None, max_examples=50)
    @given(MESSY)
    def check(text):
        assert nlp(text).text == text

    check()


def test_spans_are_matches_widened_to_tokens():
    doc = make_nlp(make_codebook(make_topic("x", ("废弃",))))("回收电子废弃物")
    (span,) = doc.spans["topics"]
    assert (span.text, span.label_, span.id_) == ("废弃物", "x", "废弃")
    assert doc._.topic_matches == [Match("x", "废弃", "core", 4, 6)]


def test_pipelines_do_not_share_words():
    make_nlp(lexicon=["电子废弃物"])
    assert [token.text for token in make_nlp()("电子废弃物")] == ["电子", "废弃物"]


def test_a_pipeline_survives_pickling_and_bytes():
    nlp = make_nlp(CODEBOOK, LEXICON)
    expected = [describe(doc) for doc in nlp.pipe(TEXTS)]
    pickled = pickle.loads(pickle.dumps(nlp))  # noqa: S301
    assert [describe(doc) for doc in pickled.pipe(TEXTS)] == expected
    loaded = type(nlp).from_config(nlp.config).from_bytes(nlp.to_bytes())
    assert [describe(doc) for doc in loaded.pipe(TEXTS)] == expected


def test_a_tagged_doc_survives_bytes():
    nlp = make_nlp(CODEBOOK, LEXICON)
    doc = nlp(TEXTS[1])
    assert describe(type(doc)(nlp.vocab).from_bytes(doc.to_bytes())) == describe(doc)


@pytest.mark.parametrize("imports", ["resanalysis.pipeline, spacy", "spacy, resanalysis.pipeline"])
def test_a_saved_pipeline_is_the_same_in_another_process(tmp_path, imports):
    odd = make_topic("odd", ("US$", "${a.b}", "50%", '"'))
    codebook = make_codebook(*CODEBOOK.topics, odd)
    texts = [*TEXTS, 'US$ 5 ${a.b} 50% "']
    nlp = make_nlp(codebook, LEXICON, hmm=True, reading="strict")
    nlp.to_disk(tmp_path / "saved")
    script = (
        f"import {imports}, sys, ast, dataclasses\n"
        f"nlp = spacy.load({str(tmp_path / 'saved')!r})\n"
        "for doc in nlp.pipe(ast.literal_eval(sys.stdin.read())):\n"
        "    spans = [(s.start_char, s.end_char, s.label_, s.id_) for s in doc.spans['topics']]\n"
        "    matches = [dataclasses.astuple(m) for m in doc._.topic_matches]\n"
        "    print(([token.text for token in doc], spans, matches))\n"
    )
    answer = run_python(script, repr(texts))
    assert answer.stdout.splitlines() == [repr(describe(doc)) for doc in nlp.pipe(texts)]
    assert nlp(texts[-1])._.topic_matches


def test_a_loaded_pipeline_knows_its_codebook(tmp_path):
    import spacy

    make_nlp(CODEBOOK).to_disk(tmp_path)
    assert spacy.load(tmp_path).get_pipe("resanalysis_topics").codebook == CODEBOOK


def test_a_tagger_without_codebook_says_so():
    nlp = make_nlp()
    nlp.add_pipe("resanalysis_topics")
    with pytest.raises(ValueError, match=r"no codebook: make the pipeline with make_nlp"):
        nlp("水")


def test_a_faulty_codebook_is_refused_at_once():
    with pytest.raises(ValueError, match="empty term"):
        make_nlp(make_codebook(make_topic("x", ("",))))


# --- a quiet guest ------------------------------------------------------------------------------


def run_python(script, stdin="", **environment):
    return subprocess.run(  # noqa: S603
        [sys.executable, "-W", "error", "-X", "utf8", "-c", script],
        input=stdin,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
        cwd=ROOT,
        env=os.environ | environment,
    )


def test_importing_the_module_imports_neither_jieba_nor_spacy():
    script = (
        "import sys, resanalysis.pipeline; print('jieba' in sys.modules, 'spacy' in sys.modules)"
    )
    assert run_python(script).stdout.split() == ["False", "False"]


def test_tagging_a_text_imports_neither_jieba_nor_spacy():
    script = (
        "import sys\n"
        "from resanalysis.model import Codebook, Topic\n"
        "from resanalysis.pipeline import tag_text\n"
        "topic = Topic('w', '', {}, {}, {}, {}, ('水',), (), (), '')\n"
        "print(len(tag_text('水', Codebook('c', '1', {}, {}, (topic,), ''))))\n"
        "print('jieba' in sys.modules, 'spacy' in sys.modules)\n"
    )
    assert run_python(script).stdout.split() == ["1", "False", "False"]


def test_tokenizing_warns_of_nothing_and_leaves_no_file_behind(tmp_path):
    # An empty folder for compiled files makes Python compile jieba again: that is when it warns.
    script = (
        "import sys, pandas, resanalysis.pipeline as p\n"
        "row = dict(corpus='c', edition='e', version='new', clause_id='a', text='水资源')\n"
        "print(len(p.tokenize(pandas.DataFrame([row]))), 'spacy' in sys.modules)\n"
    )
    compiled, temporary = tmp_path / "compiled", tmp_path / "temporary"
    temporary.mkdir()
    answer = run_python(
        script, PYTHONPYCACHEPREFIX=str(compiled), TMPDIR=str(temporary), TEMP=str(temporary)
    )
    assert (answer.stdout.split(), answer.stderr) == (["1", "False"], "")
    assert list(temporary.iterdir()) == []
