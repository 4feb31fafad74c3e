"""Every form of redline as a corpus: the same two texts, clauses, pairs and shift from each."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import Indel

from resanalysis.checks import check_corpus, compare_official
from resanalysis.corpus import create_corpus, form_of, read_corpus, read_document, read_files
from resanalysis.figures import figure_caption
from resanalysis.model import InputError, Source
from resanalysis.redline import read_redline, write_marks, write_word
from resanalysis.study import recover_corpus, run_study

if TYPE_CHECKING:
    from collections.abc import Callable

    from resanalysis.model import Study
    from resanalysis.redline import Redline

EXACT = ("criticmarkup", "word", "editions", "word editions")
FORMS = ("flattened", "known", *EXACT)
OLD, NEW = "2015-qingyu", "2023-lanxi"
NAMED = {"old": OLD, "new": NEW}


@pytest.fixture(scope="module")
def redline(small_corpus) -> Redline:
    """Return the true redline of the invented resolution."""
    return recover_corpus(read_corpus(small_corpus))


@pytest.fixture(scope="module")
def files(redline, small_corpus, small_versions, tmp_path_factory) -> dict[str, list[Path]]:
    """Return the invented resolution's files in every form."""
    folder = tmp_path_factory.mktemp("files")

    def write(name: str, data: bytes) -> Path:
        (folder / name).write_bytes(data)
        return folder / name

    def clean(version: str) -> bytes:
        text = small_versions[version]
        return write_word(read_redline("criticmarkup", [Source("x", text, "")], cut=list))

    source = small_corpus / "source.txt"
    return {
        "flattened": [source],
        "known": [source],
        "criticmarkup": [write("a.critic.txt", write_marks(redline.segments).encode())],
        "word": [write("a.docx", write_word(redline))],
        "editions": [write(f"{v}.txt", small_versions[v].encode()) for v in ("old", "new")],
        "word editions": [write(f"{v}.docx", clean(v)) for v in ("old", "new")],
    }


@pytest.fixture
def make(files, small_corpus, small_versions, tmp_path) -> Callable[[str], Path]:
    """Return a function that makes the corpus folder of a form, ready to be run."""

    def make_corpus(form: str) -> Path:
        folder = create_corpus(tmp_path / "small", join(files[form]), **NAMED)
        descriptor = json.loads((folder / "datapackage.json").read_text("utf-8"))
        model = json.loads((small_corpus / "datapackage.json").read_text("utf-8"))
        descriptor["resanalysis"] = model["resanalysis"]
        (folder / "lexicon.txt").write_bytes((small_corpus / "lexicon.txt").read_bytes())
        (folder / "README.md").write_text("Invented.\n", "utf-8")
        if form == "flattened":
            decisions = (small_corpus / "decisions.critic.txt").read_bytes()
            (folder / "decisions.critic.txt").write_bytes(decisions)
        if form == "known":
            descriptor["resanalysis"]["study"]["known"] = OLD
            (folder / "official").mkdir()
            (folder / "official" / f"{OLD}.txt").write_text(small_versions["old"], "utf-8")
        (folder / "datapackage.json").write_text(json.dumps(descriptor), "utf-8")
        return folder

    return make_corpus


def join(paths: list[Path]) -> Path | tuple[Path, Path]:
    return paths[0] if len(paths) == 1 else (paths[0], paths[1])


def problems(read, *given, **options) -> list[str]:
    """Return the messages of the `InputError` that the call must raise."""
    with pytest.raises(InputError) as caught:
        read(*given, **options)
    return [str(problem) for problem in caught.value.problems]


def edit(folder: Path, change: Callable[[dict], object]) -> None:
    """Change the descriptor of a folder."""
    descriptor = json.loads((folder / "datapackage.json").read_text("utf-8"))
    change(descriptor)
    (folder / "datapackage.json").write_text(json.dumps(descriptor), "utf-8")


# --- a study of each form -----------------------------------------------------------------------


@pytest.fixture(scope="module")
def flattened(small_corpus) -> Study:
    return run_study(small_corpus, draws=0)


@pytest.mark.parametrize("form", EXACT)
def test_form_gives_the_same_texts_clauses_pairs_and_shift(form, make, flattened, small_versions):
    study = run_study(make(form), draws=0)
    assert study.corpus.form == form.removeprefix("word ")
    assert {"old": study.old_text, "new": study.new_text} == small_versions
    assert study.clauses.equals(flattened.clauses)
    keys = ["old_id", "new_id", "relation"]
    columns = [c for c in flattened.pairs if c != "similarity"]
    assert (study.pairs[columns].sort_values(keys, ignore_index=True)).equals(
        flattened.pairs[columns].sort_values(keys, ignore_index=True)
    )
    assert study.shift.equals(flattened.shift)


@pytest.mark.parametrize("form", FORMS)
def test_segments_of_any_form_replay(form, make):
    study = run_study(make(form), draws=0)
    segments = study.segments
    assert segments["start"].tolist() == [0, *segments["end"].tolist()[:-1]]
    for text, other in ((study.old_text, "insert"), (study.new_text, "delete")):
        assert "".join(segments.loc[segments["op"].ne(other), "text"]) == text


def test_known_version_is_kept_and_the_other_is_no_worse_for_it(make, small_versions):
    folder = make("known")
    helped = recover_corpus(read_corpus(folder))
    edit(folder, lambda d: d["resanalysis"]["study"].pop("known"))
    alone = recover_corpus(read_corpus(folder))
    assert helped.text("old") == small_versions["old"]
    assert alone.text("old") != small_versions["old"]
    far, near = (Indel.distance(r.text("new"), small_versions["new"]) for r in (alone, helped))
    assert near <= far
    assert helped.source == alone.source


@pytest.mark.parametrize("form", ["criticmarkup", "word"])
def test_marked_forms_give_every_character_of_the_flattened_text(form, make, small_corpus):
    redline = recover_corpus(read_corpus(make(form)))
    assert redline.source == (small_corpus / "source.txt").read_text("utf-8")
    assert set(redline.segments["certainty"]) == {"proven"}


LINES = st.lists(st.text("甲乙丙12（）；\ta年", min_size=1, max_size=8), min_size=1, max_size=4)


@given(LINES, LINES)
@settings(max_examples=40)
def test_two_texts_go_through_every_form_unchanged(old_lines, new_lines):
    texts = {v: "".join(f"{x}\n" for x in ls) for v, ls in (("old", old_lines), ("new", new_lines))}
    sources = [Source(f"{version}.txt", text, "") for version, text in texts.items()]
    compared = read_redline("editions", sources, cut=list)
    marked = Source("a.critic.txt", write_marks(compared.segments), "")
    tracked = Source("a.docx", "", "", "", "", data=write_word(compared))
    assume(texts["old"] != texts["new"])  # a Word file without changes is refused
    read = read_redline("criticmarkup", [marked], cut=list)
    assert read.source == compared.source
    for redline in (compared, read, read_redline("word", [tracked], cut=list)):
        assert {version: redline.text(version) for version in ("old", "new")} == texts


@pytest.mark.parametrize("form", FORMS)
def test_sound_folder_of_any_form_passes_check(form, make):
    assert [str(p) for p in check_corpus(make(form)) if p.severity == "error"] == []


# --- how the versions are known -----------------------------------------------------------------

ORIGINS = {
    "flattened": ("official texts were not consulted", "未参照官方文本"),
    "known": ("the old version (Qingyu 2015) is the official text", "取自官方文本"),
    "criticmarkup": ("read from marks in CriticMarkup", "CriticMarkup标记"),
    "word": ("read from the tracked changes of a Word document", "Word文档的修订记录"),
    "editions": ("two complete texts, one for each edition, were compared", "由比对得出"),
}


@pytest.mark.parametrize("form", ORIGINS)
def test_caption_says_how_the_versions_are_known_and_names_every_file(form, make, flattened):
    corpus = read_corpus(make(form))
    shift, book = flattened.shift, flattened.codebook
    for language, words in zip(("en", "zh"), ORIGINS[form], strict=True):
        caption = figure_caption("topic-shares", shift, corpus, book, language=language)
        assert words in caption
        for source in corpus.sources.values():
            assert source.name in caption
            assert source.sha256[:8] in caption
        for other, others in ORIGINS.items():
            assert other == form or others[language == "zh"] not in caption


@pytest.mark.parametrize("form", FORMS)
def test_provenance_names_form_files_and_hashes(form, make):
    folder = make(form)
    made = run_study(folder, draws=0).provenance
    assert made["form"] == read_corpus(folder).form
    assert ORIGINS[form.removeprefix("word ")][0] in made["versions"]
    descriptor = json.loads((folder / "datapackage.json").read_text("utf-8"))
    for resource in descriptor["resources"]:
        digest = hashlib.sha256((folder / resource["path"]).read_bytes()).hexdigest()
        assert made["sources"][resource["name"]]["sha256"] == digest
        assert made["files_sha256"][resource["path"]] == digest


def test_hash_of_a_known_text_is_among_the_hashes(make):
    folder = make("known")
    data = (folder / "official" / f"{OLD}.txt").read_bytes()
    hashes = read_corpus(folder).hashes
    assert hashes[f"official/{OLD}.txt"] == hashlib.sha256(data).hexdigest()


def test_official_text_that_is_not_named_as_known_is_not_used(make, small_versions):
    folder = make("known")
    edit(folder, lambda d: d["resanalysis"]["study"].pop("known"))
    assert recover_corpus(read_corpus(folder)).text("old") != small_versions["old"]
    assert read_corpus(folder).hashes.keys() == {"datapackage.json", "source.txt", "lexicon.txt"}


@pytest.mark.parametrize("form", ["word", "editions"])
def test_versions_of_exact_forms_are_compared_with_published_texts(form, make, small_versions):
    folder = make(form)
    (folder / "official").mkdir()
    published = small_versions["new"].replace("洪水", "洪涝", 1)
    (folder / "official" / f"{NEW}.txt").write_text(published, "utf-8")
    (row,) = compare_official(folder).to_dict("records")
    assert row["official"] == row["recovered"].replace("洪水", "洪涝")


# --- descriptors --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("source.txt", "flattened"),
        ("SOURCE.TXT", "flattened"),
        ("a.critic.txt", "criticmarkup"),
        ("a/b.Docx", "word"),
    ],
)
def test_suffix_tells_the_form(name, form):
    assert form_of(name) == form


@pytest.mark.parametrize("name", ["a.doc", "a.odt", "a.rtf"])
def test_other_kinds_of_document_are_to_be_saved_as_docx(name):
    (message,) = problems(form_of, name)
    assert message.startswith(f"error: {name}: ")
    assert "save it as .docx" in message


@pytest.mark.parametrize("name", ["a.pdf", "a", "a.md"])
def test_suffix_that_tells_nothing_is_not_guessed_at(name):
    (message,) = problems(form_of, name)
    assert "--form" in message


def test_form_may_be_stated_in_the_descriptor(make):
    folder = make("criticmarkup")
    (folder / "source.critic.txt").rename(folder / "markup.txt")
    edit(folder, lambda d: d["resources"][0].update(path="markup.txt", form="criticmarkup"))
    assert read_corpus(folder).form == "criticmarkup"


@pytest.mark.parametrize("form", ["editions", "pdf", 5, ["word"]])
def test_odd_form_in_the_descriptor_is_named(make, form):
    folder = make("criticmarkup")
    edit(folder, lambda d: d["resources"][0].update(form=form))
    assert any(
        f"source: form: {form!r} is no form" in line for line in problems(read_corpus, folder)
    )


def test_suffix_without_form_in_the_descriptor_is_named(make):
    folder = make("flattened")
    (folder / "source.txt").rename(folder / "source.doc")
    edit(folder, lambda d: d["resources"][0].update(path="source.doc"))
    assert any(
        "source.doc: .doc files cannot be read. Open it in Word" in line
        for line in problems(read_corpus, folder)
    )


def test_redline_and_clean_texts_in_one_descriptor_are_two_forms(make, files):
    folder = make("editions")
    (folder / "source.txt").write_bytes(files["flattened"][0].read_bytes())
    edit(folder, lambda d: d["resources"].append({"name": "source", "path": "source.txt"}))
    assert any("two forms in one folder" in line for line in problems(read_corpus, folder))


@pytest.mark.parametrize(
    ("form", "name"),
    [
        ("flattened", "source.docx"),
        ("word", "source.txt"),
        ("criticmarkup", f"{OLD}.txt"),
        ("editions", f"{OLD}.docx"),
        ("editions", "source.critic.txt"),
    ],
)
def test_second_source_that_the_descriptor_does_not_name_is_named(make, form, name):
    folder = make(form)
    (folder / name).write_bytes(b"more")
    (message,) = problems(read_corpus, folder)
    assert f"{folder / name}: a second source beside" in message


def test_edition_without_a_resource_is_named(make):
    folder = make("editions")
    edit(folder, lambda d: d["resources"].pop())
    (folder / f"{NEW}.txt").unlink()
    assert f"no clean text of {NEW}" in problems(read_corpus, folder)[0]


def test_edition_without_a_file_is_named(make):
    folder = make("editions")
    (folder / f"{NEW}.txt").unlink()
    (message,) = problems(read_corpus, folder)
    assert f"{folder / f'{NEW}.txt'}: cannot be read" in message
    assert [str(p) for p in check_corpus(folder)] == [message]


@pytest.mark.parametrize("form", EXACT)
def test_checksum_of_every_file_is_compared(make, form):
    folder = make(form)
    edit(folder, lambda d: [r.update(hash="sha256:0") for r in d["resources"]])
    messages = problems(read_corpus, folder)
    assert len(messages) == len(read_corpus_names(folder))
    for name, message in zip(read_corpus_names(folder), messages, strict=True):
        assert f"{folder / name}: its checksum is" in message


def read_corpus_names(folder: Path) -> list[str]:
    descriptor = json.loads((folder / "datapackage.json").read_text("utf-8"))
    return [resource["path"] for resource in descriptor["resources"]]


@pytest.mark.parametrize("form", EXACT)
def test_decisions_beside_an_exact_form_are_an_error(make, form):
    folder = make(form)
    (folder / "decisions.critic.txt").write_text("甲\n", "utf-8")
    (message,) = problems(read_corpus, folder)
    assert "decisions.critic.txt stands beside a redline of the form" in message
    assert "decisions go with a flattened text only" in message


def test_known_edition_beside_an_exact_form_is_an_error(make):
    folder = make("word")
    edit(folder, lambda d: d["resanalysis"]["study"].update(known=OLD))
    assert "needs no known edition" in problems(read_corpus, folder)[0]


def test_decisions_beside_a_known_edition_are_an_error(make):
    folder = make("known")
    (folder / "decisions.critic.txt").write_text("甲\n", "utf-8")
    (message,) = problems(read_corpus, folder)
    assert "decisions.critic.txt and a known edition do not go together" in message
    errors = [str(p) for p in check_corpus(folder) if p.severity == "error"]
    assert errors == [message]


def test_decisions_and_a_known_version_are_not_mixed_in_silence():
    source = Source("a.txt", "甲乙\n", "")
    given = {"decisions": "甲{++乙++}\n", "known": {"old": "甲\n"}, "cut": list}
    (message,) = problems(read_redline, "flattened", [source], **given)
    assert "do not go together" in message


def test_known_text_that_is_not_in_the_flattened_one_is_named(make):
    folder = make("known")
    path = folder / "official" / f"{OLD}.txt"
    path.write_text("别的决议\n", "utf-8")
    assert all(str(path) in line for line in problems(run_study, folder))
    errors = [str(p) for p in check_corpus(folder) if p.severity == "error"]
    assert errors
    assert all(str(path) in line for line in errors)


def test_known_edition_without_its_text_is_told_where_to_put_it(make):
    folder = make("flattened")
    edit(folder, lambda d: d["resanalysis"]["study"].update(known=NEW))
    assert f"official/{NEW}.txt" in problems(read_corpus, folder)[0]


@pytest.mark.parametrize("known", ["old", "1999-x", 5, [OLD]])
def test_known_edition_outside_the_study_is_named(make, known):
    folder = make("flattened")
    edit(folder, lambda d: d["resanalysis"]["study"].update(known=known))
    (message,) = problems(read_corpus, folder)
    assert f"study: known: {known!r} is not an edition of the study" in message


# --- files at fault -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"", "the file is empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old .doc file, or a .docx with a password"),
        (b"plain text", "is no Word document"),
    ],
)
def test_file_that_is_no_docx_is_named_with_the_remedy(tmp_path, data, what):
    path = tmp_path / "a.docx"
    path.write_bytes(data)
    (message,) = problems(read_document, path)
    assert f"{path}: " in message
    assert what in message


def test_problems_of_both_clean_texts_come_together(tmp_path):
    (tmp_path / "old.docx").write_bytes(b"text")
    (tmp_path / "new.txt").write_bytes(b"\n")
    found = problems(read_files, [tmp_path / "old.docx", tmp_path / "new.txt"])
    assert ["old.docx" in found[0], "new.txt" in found[1], len(found)] == [True, True, 2]


def test_word_file_without_tracked_changes_is_named(files, tmp_path):
    folder = create_corpus(tmp_path / "x", files["word editions"][0], **NAMED)
    file = str(folder / "source.docx")
    assert any(file in str(p) and p.severity == "error" for p in check_corpus(folder))
    assert file in problems(run_study, folder)[0]


def test_clean_word_file_with_tracked_changes_is_named(files, tmp_path):
    paths = (files["word"][0], files["word editions"][1])
    folder = create_corpus(tmp_path / "x", paths, **NAMED)
    assert str(folder / f"{OLD}.docx") in problems(run_study, folder)[0]


@pytest.mark.parametrize(("mark", "version"), [("++", "old"), ("--", "new")])
def test_version_without_a_word_is_named(tmp_path, small_versions, mark, version):
    text = small_versions["new"]
    (tmp_path / "a.critic.txt").write_text(f"{{{mark}{text}{mark}}}", "utf-8")
    folder = create_corpus(tmp_path / "x", tmp_path / "a.critic.txt", **NAMED)
    (message,) = problems(run_study, folder)
    assert f"source.critic.txt: {version} version: it is empty" in message


def test_fault_of_a_clean_text_names_that_text(tmp_path, small_versions):
    (tmp_path / "old.txt").write_text(small_versions["old"], "utf-8")
    (tmp_path / "new.txt").write_text("今天天气很好\n明天也是\n", "utf-8")
    folder = create_corpus(tmp_path / "x", (tmp_path / "old.txt", tmp_path / "new.txt"), **NAMED)
    for found in (problems(run_study, folder), [str(p) for p in check_corpus(folder)]):
        errors = [line for line in found if line.startswith("error")]
        assert [str(folder / f"{NEW}.txt") in line for line in errors] == [True]


def test_mixed_line_ends_are_a_warning_of_check_and_in_the_provenance(tmp_path, small_corpus):
    data = (small_corpus / "source.txt").read_bytes().replace(b"\n", b"\r\n", 3)
    (tmp_path / "a.txt").write_bytes(data)
    folder = create_corpus(tmp_path / "x", tmp_path / "a.txt", **NAMED)
    assert any(
        p.severity == "warning" and "line ends are mixed" in p.what for p in check_corpus(folder)
    )
    assert run_study(folder, draws=0).provenance["sources"]["source"]["newline"] == "mixed"
