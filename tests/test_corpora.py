"""Every corpus folder of the project is sound."""

import hashlib
import json
from itertools import pairwise
from pathlib import Path

import pytest

from resanalysis.checks import check_corpus
from resanalysis.corpus import read_corpus
from resanalysis.redline import fit_marks
from resanalysis.structure import parse_resolution
from resanalysis.study import recover_corpus

CORPORA = sorted(
    path.parent for path in Path(__file__).parents[1].glob("corpora/*/datapackage.json")
)


@pytest.fixture(params=CORPORA, ids=lambda path: path.name, scope="module")
def corpus(request):
    return read_corpus(request.param)


@pytest.fixture(scope="module")
def marks(corpus):
    if corpus.form != "flattened":
        pytest.skip("its versions are not in doubt: there is nothing to decide")
    return fit_marks(corpus.decisions, corpus.source.text)


def test_resolution_182_is_among_the_corpora():
    assert "itu-pp-res-182" in [path.name for path in CORPORA]


def test_corpus_passes_check_without_errors(corpus):
    assert [str(p) for p in check_corpus(corpus.path) if p.severity == "error"] == []


def test_sources_are_those_the_descriptor_describes(corpus):
    descriptor = json.loads((corpus.path / "datapackage.json").read_text("utf-8"))
    described = {r["name"]: r for r in descriptor["resources"]}
    assert corpus.sources
    for name in corpus.sources:
        data = (corpus.path / described[name]["path"]).read_bytes()
        assert described[name]["hash"] == "sha256:" + hashlib.sha256(data).hexdigest()
        assert described[name]["bytes"] == len(data)


def test_every_file_the_descriptor_describes_is_there(corpus):
    descriptor = json.loads((corpus.path / "datapackage.json").read_text("utf-8"))
    assert [
        r["path"] for r in descriptor["resources"] if not (corpus.path / r["path"]).is_file()
    ] == []
    assert descriptor["name"] == corpus.path.name


def test_every_decision_has_coder_and_reason(marks):
    assert len(marks) > 0
    assert [mark for mark in marks if not mark.coder or len(mark.reason) < 3] == []


def test_decisions_do_not_overlap(marks):
    assert all(one.end <= two.start for one, two in pairwise(marks))


def test_marks_of_one_place_agree_how_sure_they_are(marks):
    sure = {}
    for mark in marks:
        sure.setdefault(mark.id, set()).add(mark.sure)
    assert [place for place, found in sure.items() if len(found) > 1] == []


@pytest.mark.parametrize("version", ["old", "new"])
def test_recovered_version_parses_with_both_parts(corpus, version):
    clauses = parse_resolution(recover_corpus(corpus).text(version), version=version)
    assert {"preambular", "operative"} <= set(clauses["part"])


def test_readme_tells_of_the_corpus(corpus):
    assert len((corpus.path / "README.md").read_text("utf-8")) > 200


def test_rights_are_stated(corpus):
    assert all(len(corpus.rights[language]) > 20 for language in ("zh", "en"))
