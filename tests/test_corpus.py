"""Corpus folders: what is read of them, and what is said when they are at fault."""

import hashlib
import json
import re
import shutil
from pathlib import Path

import pytest

from resanalysis.corpus import create as create_module
from resanalysis.corpus import (
    create_corpus,
    find_placeholders,
    read_corpus,
    read_folder,
    read_lexicon,
    read_source,
)
from resanalysis.model import InputError

TEXT = "认识到\na)\t甲；\n"


@pytest.fixture
def folder(small_corpus, tmp_path) -> Path:
    """Return a copy of the small corpus that a test may spoil."""
    return Path(shutil.copytree(small_corpus, tmp_path / "small"))


def write(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def edit(folder: Path, **changes: object) -> None:
    """Change keys of the descriptor's own object; None takes a key out."""
    descriptor = json.loads((folder / "datapackage.json").read_text("utf-8"))
    own = descriptor["resanalysis"] | changes
    descriptor["resanalysis"] = {key: value for key, value in own.items() if value is not None}
    write(folder / "datapackage.json", json.dumps(descriptor))


def edit_source(folder: Path, **changes: object) -> None:
    """Change keys of the description of the source; None takes a key out."""
    descriptor = json.loads((folder / "datapackage.json").read_text("utf-8"))
    resource = descriptor["resources"][0] | changes
    descriptor["resources"][0] = {k: value for k, value in resource.items() if value is not None}
    write(folder / "datapackage.json", json.dumps(descriptor))


def problems(read, *given, **options) -> list[str]:
    """Return the messages of the `InputError` that the call must raise."""
    with pytest.raises(InputError) as caught:
        read(*given, **options)
    return [str(problem) for problem in caught.value.problems]


# --- one text -----------------------------------------------------------------------------------


def test_source_is_read_to_the_last_character(tmp_path):
    odd = "\uf0b7\t甲\u2028乙 \u3000\x0b丙\n\n"
    assert read_source(write(tmp_path / "a.txt", odd)).text == odd


def test_source_hash_is_that_of_the_bytes_on_disk(tmp_path):
    path = write(tmp_path / "a.txt", b"\xef\xbb\xbf" + TEXT.replace("\n", "\r\n").encode())
    assert read_source(path).sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize(
    ("end", "name"), [("\n", "lf"), ("\r\n", "crlf"), ("\r", "cr")], ids=["lf", "crlf", "cr"]
)
def test_line_ends_become_lf_and_are_recorded(tmp_path, end, name):
    source = read_source(write(tmp_path / "a.txt", TEXT.replace("\n", end)))
    assert (source.text, source.newline) == (TEXT, name)


def test_mixed_line_ends_become_lf_and_are_recorded(tmp_path):
    source = read_source(write(tmp_path / "a.txt", "甲\r\n乙\r丙\n"))
    assert (source.text, source.newline) == ("甲\n乙\n丙\n", "mixed")


def test_one_line_without_end_counts_as_lf(tmp_path):
    assert read_source(write(tmp_path / "a.txt", "甲")).newline == "lf"


def test_byte_order_mark_is_dropped_and_recorded(tmp_path):
    source = read_source(write(tmp_path / "a.txt", b"\xef\xbb\xbf" + TEXT.encode()))
    assert (source.text, source.bom) == (TEXT, True)


def test_absent_byte_order_mark_is_recorded_as_absent(tmp_path):
    assert read_source(write(tmp_path / "a.txt", TEXT)).bom is False


def test_gb18030_is_read_when_named(tmp_path):
    path = write(tmp_path / "a.txt", TEXT.encode("gb18030"))
    source = read_source(path, encoding="gb18030")
    assert (source.text, source.encoding) == (TEXT, "gb18030")


def test_gb18030_taken_for_utf8_is_recognised_with_place_and_remedy(tmp_path):
    path = write(tmp_path / "a.txt", b"title\n" + TEXT.encode("gb18030"))
    (message,) = problems(read_source, path)
    assert f"{path}: line 2, byte 6: is not utf-8" in message
    assert "--encoding gb18030" in message


def test_utf8_taken_for_another_encoding_is_recognised(tmp_path):
    (message,) = problems(read_source, write(tmp_path / "a.txt", TEXT), encoding="ascii")
    assert "--encoding utf-8" in message


def test_utf16_is_recognised_by_its_mark(tmp_path):
    (message,) = problems(read_source, write(tmp_path / "a.txt", TEXT.encode("utf-16")))
    assert "--encoding utf-16" in message


def test_bytes_of_no_known_encoding_get_no_false_hint(tmp_path):
    (message,) = problems(read_source, write(tmp_path / "a.txt", b"\xff\x00\xff"))
    assert "Find out the file's encoding" in message


def test_word_file_is_recognised(tmp_path):
    (message,) = problems(read_source, write(tmp_path / "a.docx", b"PK\x03\x04\x14\x00\xff\xff"))
    assert "Word file: save it as plain text" in message


def test_old_word_file_is_recognised(tmp_path):
    (message,) = problems(read_source, write(tmp_path / "a.txt", b"\xd0\xcf\x11\xe0\xa1\xb1"))
    assert "Word file: save it as plain text in UTF-8, or as .docx" in message


@pytest.mark.parametrize("encoding", ["no-such", "base64", "a\0b"])
def test_unknown_encoding_is_named(tmp_path, encoding):
    (message,) = problems(read_source, write(tmp_path / "a.txt", TEXT), encoding=encoding)
    assert f"the encoding {encoding!r} is unknown" in message


def test_missing_file_is_named(tmp_path):
    (message,) = problems(read_source, tmp_path / "none.txt")
    assert f"{tmp_path / 'none.txt'}: cannot be read (No such file" in message


def test_folder_in_place_of_a_file_is_named(tmp_path):
    (message,) = problems(read_source, tmp_path)
    assert f"{tmp_path}: cannot be read" in message


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b" \r\n\t\n"])
def test_file_without_text_is_empty(tmp_path, content):
    (message,) = problems(read_source, write(tmp_path / "a.txt", content))
    assert "the file is empty" in message


def test_lexicon_drops_comments_blank_lines_and_repetitions(tmp_path):
    path = write(tmp_path / "lexicon.txt", "# words\n循环经济\n\n 净零 \n  # more\n循环经济\n")
    assert read_lexicon(path) == ("循环经济", "净零")


# --- a folder -----------------------------------------------------------------------------------


def test_small_corpus_is_read_with_its_editions_and_texts(small_corpus):
    corpus = read_corpus(small_corpus)
    assert (corpus.id, corpus.old.id, corpus.new.id) == ("small", "2015-qingyu", "2023-lanxi")
    assert corpus.source.text == (small_corpus / "source.txt").read_text("utf-8")
    assert corpus.decisions == (small_corpus / "decisions.critic.txt").read_text("utf-8")


def test_corpus_has_the_hash_of_every_file_that_can_change_a_result(folder):
    write(folder / "codebook.toml", "# nothing\n")
    hashes = read_corpus(folder).hashes
    for name in ("datapackage.json", "source.txt", "decisions.critic.txt", "lexicon.txt"):
        assert hashes[name] == hashlib.sha256((folder / name).read_bytes()).hexdigest()
    assert "codebook.toml" in hashes


def test_source_may_have_another_name_and_is_hashed_under_it(folder):
    (folder / "source.txt").rename(folder / "redline.txt")
    edit_source(folder, path="redline.txt")
    assert "redline.txt" in read_corpus(folder).hashes


def test_source_may_have_another_encoding(folder):
    text = (folder / "source.txt").read_text("utf-8")
    data = text.encode("gb18030")
    write(folder / "source.txt", data)
    edit_source(folder, encoding="gb18030", hash=f"sha256:{hashlib.sha256(data).hexdigest()}")
    assert read_corpus(folder).source.text == text


def test_corpus_without_decisions_and_lexicon_is_read(folder):
    (folder / "decisions.critic.txt").unlink()
    (folder / "lexicon.txt").unlink()
    corpus = read_corpus(folder)
    assert (corpus.decisions, corpus.lexicon) == (None, ())


def test_official_text_is_read_by_edition(folder):
    (folder / "official").mkdir()
    write(folder / "official" / "2023-lanxi.txt", "甲\n")
    assert read_corpus(folder).official == {"2023-lanxi": "甲\n"}


def test_missing_folder_is_named_with_the_remedy(tmp_path):
    (message,) = problems(read_corpus, tmp_path / "none")
    assert f"{tmp_path / 'none'}: no such folder" in message
    assert "resanalysis new" in message


def test_file_in_place_of_a_folder_is_named(tmp_path):
    (message,) = problems(read_corpus, write(tmp_path / "a.txt", TEXT))
    assert "no such folder" in message


def test_changed_source_fails_its_checksum(folder):
    path = write(folder / "source.txt", (folder / "source.txt").read_bytes() + b"\n")
    (message,) = problems(read_corpus, folder)
    actual = hashlib.sha256(path.read_bytes()).hexdigest()
    assert f"{path}: its checksum is sha256:{actual}, datapackage.json says sha256:" in message


def test_descriptor_without_hash_is_told_the_hash(folder):
    edit_source(folder, hash=None)
    (message,) = problems(read_corpus, folder)
    assert "datapackage.json gives no hash" in message


def test_descriptor_that_is_not_json_is_given_with_line_and_column(folder):
    write(folder / "datapackage.json", '{\n  "name": small\n}')
    (message,) = problems(read_corpus, folder)
    assert "datapackage.json: line 2, column 11: is not valid JSON" in message


@pytest.mark.parametrize("content", ["[]", '"text"', "1"])
def test_descriptor_that_is_no_object_is_refused(folder, content):
    write(folder / "datapackage.json", content)
    (message,) = problems(read_corpus, folder)
    assert "is not a JSON object" in message


def test_missing_descriptor_is_named(folder):
    (folder / "datapackage.json").unlink()
    (message,) = problems(read_corpus, folder)
    assert f"{folder / 'datapackage.json'}: cannot be read" in message


@pytest.mark.parametrize(
    "key", ["title", "body", "number", "language", "editions", "study", "provenance", "rights"]
)
def test_each_missing_key_of_the_descriptor_is_named(folder, key):
    edit(folder, **{key: None})
    assert f"resanalysis: {key}: missing" in problems(read_corpus, folder)[0]


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("title", {"zh": "甲"}, "title: needs zh and en"),
        ("title", "甲", "title: needs zh and en"),
        ("editions", {}, "editions: is no list"),
        ("editions", [1], "editions: 1: needs id, year and place"),
        ("study", {"old": "2015-qingyu"}, "study: new: missing"),
        ("study", [], "study: old: missing"),
        ("study", {"old": ["x"], "new": "2023-lanxi"}, "study: old: ['x'] is no edition"),
        (
            "study",
            {"old": "2015-qingyu", "new": "1999-x"},
            "new: '1999-x' is no edition. Name one of 2015-qingyu, 2023-lanxi",
        ),
        ("study", {"old": "2023-lanxi", "new": "2023-lanxi"}, "old and new are one edition"),
    ],
)
def test_odd_value_of_the_descriptor_is_named(folder, key, value, message):
    edit(folder, **{key: value})
    assert any(message in line for line in problems(read_corpus, folder))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"id": "Qingyu 2015"}, "id 'Qingyu 2015'"),
        ({"id": ["x"]}, "id ['x']"),
        ({"id": "2023-lanxi"}, "a second edition 2023-lanxi"),
        ({"year": "MMXV"}, "the year is no number"),
        ({"place": {"zh": "青屿"}}, "the place needs zh and en"),
    ],
)
def test_odd_edition_is_named_with_its_number(folder, change, message):
    editions = json.loads((folder / "datapackage.json").read_text())["resanalysis"]["editions"]
    edit(folder, editions=[editions[1], editions[0] | change])
    assert any(f"editions: 2: {message}" in line for line in problems(read_corpus, folder))


@pytest.mark.parametrize("path", ["../source.txt", "/etc/hostname", "..", ".", "", "a/b.txt", 5])
def test_path_that_leaves_the_folder_is_refused_and_not_read(folder, path):
    write(folder.parent / "source.txt", "outside")
    edit_source(folder, path=path)
    (message,) = problems(read_corpus, folder)
    assert f"resources: source: path: {path!r} is no file name, or leaves the folder" in message


@pytest.mark.parametrize("resources", [None, [], {}, [1], [{"name": "decisions"}]])
def test_descriptor_without_source_is_named(folder, resources):
    descriptor = json.loads((folder / "datapackage.json").read_text("utf-8"))
    write(folder / "datapackage.json", json.dumps(descriptor | {"resources": resources}))
    (message,) = problems(read_corpus, folder)
    assert "resources: no resource named source" in message


@pytest.mark.parametrize("content", ["{}", '{"resources": []}', '{"resanalysis": []}'])
def test_descriptor_without_own_object_is_named(folder, content):
    write(folder / "datapackage.json", content)
    assert any("resanalysis: missing" in line for line in problems(read_corpus, folder))


def test_problems_of_all_files_are_reported_together(folder):
    edit(folder, title=None, rights=None)
    write(folder / "source.txt", TEXT)
    write(folder / "lexicon.txt", "净零".encode("gb18030"))
    write(folder / "decisions.critic.txt", b"")
    named = "".join(problems(read_corpus, folder))
    for part in ("title: missing", "rights: missing", "checksum", "lexicon.txt", "decisions"):
        assert part in named


def test_other_files_are_checked_although_the_descriptor_is_broken(folder):
    write(folder / "datapackage.json", "{")
    write(folder / "lexicon.txt", b"")
    named = problems(read_corpus, folder)
    assert ["datapackage.json" in named[0], "lexicon.txt" in named[1], len(named)] == [1, 1, 2]


def test_folder_keeps_what_can_be_read_beside_the_problems(folder):
    edit(folder, rights=None)
    found = read_folder(folder)
    assert found.source is not None
    assert found.lexicon
    assert len(found.problems) == 1


# --- a new folder -------------------------------------------------------------------------------


def make(tmp_path: Path, **options: object) -> Path:
    source = write(tmp_path / "received.txt", TEXT.replace("\n", "\r\n"))
    named = {"old": "2014-busan", "new": "2022-new-york"} | options
    return create_corpus(tmp_path / "res-1", source, **named)


def test_new_folder_is_a_corpus_that_reads(tmp_path):
    corpus = read_corpus(make(tmp_path))
    assert (corpus.id, corpus.old.year, corpus.new.place["en"]) == ("res-1", 2014, "New York")


def test_new_folder_holds_the_text_byte_for_byte(tmp_path):
    folder = make(tmp_path)
    assert (folder / "source.txt").read_bytes() == (tmp_path / "received.txt").read_bytes()


def test_new_folder_keeps_the_encoding(tmp_path):
    source = write(tmp_path / "gb.txt", TEXT.encode("gb18030"))
    folder = create_corpus(tmp_path / "x", source, old="2014-a", new="2022-b", encoding="gb18030")
    assert read_corpus(folder).source.text == TEXT


def test_what_a_new_folder_lacks_is_reported_by_line(tmp_path):
    warnings = find_placeholders(make(tmp_path))
    assert {problem.severity for problem in warnings} == {"warning"}
    lines = (tmp_path / "res-1" / "datapackage.json").read_text("utf-8").splitlines()
    for problem in warnings:
        if problem.file.endswith(".json"):
            number = int(re.fullmatch(r"line (\d+)", problem.place)[1])
            assert "FILL IN" in lines[number - 1]


def test_missing_readme_is_a_warning(folder):
    (folder / "README.md").unlink()
    (warning,) = find_placeholders(folder)
    assert (warning.severity, Path(warning.file).name) == ("warning", "README.md")


def test_complete_folder_has_no_placeholders(small_corpus):
    assert find_placeholders(small_corpus) == []


def test_existing_folder_is_not_touched(tmp_path):
    (tmp_path / "res-1").mkdir()
    (message,) = problems(make, tmp_path)
    assert "it exists already" in message
    assert list((tmp_path / "res-1").iterdir()) == []


@pytest.mark.parametrize("old", ["busan", "2014_busan", "2014-Busan", "14-busan"])
def test_malformed_edition_id_is_refused(tmp_path, old):
    (message,) = problems(make, tmp_path, old=old)
    assert f"--old: {old}: no edition id" in message
    assert not (tmp_path / "res-1").exists()


def test_one_edition_twice_is_refused(tmp_path):
    (message,) = problems(make, tmp_path, new="2014-busan")
    assert "the same as --old" in message


def test_problems_of_a_new_folder_come_together(tmp_path):
    found = problems(create_corpus, tmp_path, tmp_path / "none.txt", old="a", new="b")
    assert len(found) == 4


def test_new_folder_under_a_file_is_refused(tmp_path):
    source = write(tmp_path / "a.txt", TEXT)
    (message,) = problems(create_corpus, source / "x", source, old="2014-a", new="2022-b")
    assert "cannot be made" in message


def test_failure_while_making_a_folder_leaves_nothing(tmp_path, monkeypatch):
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(create_module.shutil, "copyfile", fail)
    (message,) = problems(make, tmp_path)
    assert "cannot be made (No space left on device)" in message
    assert [path.name for path in tmp_path.iterdir()] == ["received.txt"]
