"""The shell commands: what they print where, their exit status, and what they leave on disk."""

import csv
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path

import pytest

from resanalysis import __main__ as shell
from resanalysis import study as study_module
from resanalysis.codebook import read_codebook
from resanalysis.results import STEPS, writing
from resanalysis.shell import processes
from resanalysis.tables import TABLES

REDLINE = "（2014年，釜山2022年，布加勒斯特）：\na)\t甲；\nb)\t乙；\ncb)\t丙。\n"
OLD = "（2014年，釜山）：\na)\t甲；\nb)\t乙；\nc)\t丙。\n"
NEW = "（2022年，布加勒斯特）：\na)\t甲；\nb)\t丙。\n"


@pytest.fixture
def folder(small_corpus, tmp_path) -> Path:
    """Return a copy of the small corpus that a test may spoil."""
    return Path(shutil.copytree(small_corpus, tmp_path / "small"))


@pytest.fixture
def redline(tmp_path) -> Path:
    path = tmp_path / "redline.txt"
    path.write_text(REDLINE, "utf-8")
    return path


@pytest.fixture
def no_figures(monkeypatch):
    """Leave out what takes ten seconds; the figures have tests of their own."""

    def save(_results, name, folder):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.txt").write_text("figure", "utf-8")

    monkeypatch.setattr(writing, "save_drawing", save)
    monkeypatch.setattr(processes, "open_processes", nullcontext)


@pytest.fixture
def run(capsys):
    """Return a function that runs a command: its status, standard output, standard error."""

    def call(*arguments: object) -> tuple[int, str, str]:
        capsys.readouterr()
        status = shell.main([str(argument) for argument in arguments])
        return status, *capsys.readouterr()

    return call


def run_apart(*arguments: object, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run a command in a process of its own."""
    return subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-m", "resanalysis", *map(str, arguments)],
        capture_output=True,
        check=False,
        env=os.environ | environment,
    )


def replace_source(folder: Path, text: str) -> None:
    """Give a corpus folder another text with the checksum of that text, and no decisions."""
    (folder / "source.txt").write_bytes(text.encode())
    (folder / "decisions.critic.txt").unlink()
    descriptor = json.loads((folder / "datapackage.json").read_text("utf-8"))
    descriptor["resources"][0]["hash"] = "sha256:" + hashlib.sha256(text.encode()).hexdigest()
    (folder / "datapackage.json").write_text(json.dumps(descriptor), "utf-8")


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def complain(result: tuple[int, str, str]) -> str:
    """Return the messages of a command that must fail for its input, and print nothing else."""
    status, out, err = result
    assert (status, out) == (1, "")
    assert err.startswith("error: ")
    assert "Traceback" not in err
    return err


# --- use ----------------------------------------------------------------------------------------


def test_help_names_every_command_and_imports_nothing_slow():
    code = (
        "import sys\nfrom resanalysis.__main__ import main\n"
        "try:\n    main(['--help'])\nfinally:\n"
        "    print(sorted({'pandas', 'jieba', 'spacy', 'matplotlib'} & set(sys.modules)))"
    )
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", code], capture_output=True, check=True, text=True
    )
    assert done.stdout.splitlines()[-1] == "[]"
    for command in ("run", "recover", "tag", "check", "new", "compare", "review"):
        assert f"\n    {command} " in done.stdout


@pytest.mark.parametrize("command", ["run", "recover", "tag", "check", "new", "compare", "review"])
def test_help_of_a_command_explains_every_argument(command, capsys):
    with pytest.raises(SystemExit) as stop:
        shell.main([command, "--help"])
    assert stop.value.code == 0
    out = capsys.readouterr().out
    head, _, options = out.partition("positional arguments:")
    assert len(head.split("\n\n")[1]) > 40, "says what it does"
    described = re.findall(r"^  (-\S+|[A-Z]+)[^\n]*?(?:  \S|\n {10,}\S)", options, re.MULTILINE)
    named = re.findall(r"^  (-\S+|[A-Z]+)", options, re.MULTILINE)
    assert described == named


def test_interrupt_is_said_in_a_word(run, redline, monkeypatch):
    def interrupt(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(study_module, "recover_sources", interrupt)
    status, out, err = run("recover", redline, "--to", "old")
    assert (status, out, err) == (130, "", "interrupted\n")


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["walk"],
        ["recover", "x.txt"],
        ["recover", "x.txt", "--to", "pdf"],
        ["recover", "x.txt", "y.txt", "z.txt", "--to", "old"],
        ["recover", "x.txt", "y.txt", "--to", "old", "--form", "word"],
        ["recover", "x.txt", "y.txt", "--to", "old", "--decisions", "d.txt"],
        ["recover", "x.docx", "--to", "old", "--form", "word", "--decisions", "d.txt"],
        ["recover", "x.critic.txt", "--to", "old", "--decisions", "d.txt"],
        ["recover", "x.docx", "--to", "old", "--known", "old=a.txt"],
        ["recover", "x.txt", "--to", "old", "--known", "a.txt"],
        ["recover", "x.txt", "--to", "old", "--known", "old=a.txt", "--decisions", "d.txt"],
        ["recover", "x.txt", "--to", "old", "--known", "both=a.txt"],
        ["recover", "x.txt", "--to", "old", "--out", "x.txt"],
        ["new", "a", "b"],
        ["new", "a", "b", "c", "d", "--old", "2014-a", "--new", "2022-b"],
        ["new", "a", "b", "c", "--old", "2014-a", "--new", "2022-b", "--form", "word"],
    ],
)
def test_wrong_use_exits_with_2(arguments, capsys):
    with pytest.raises(SystemExit) as caught:
        shell.main(arguments)
    assert caught.value.code == 2
    assert capsys.readouterr().out == ""


# --- recover ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("version", "text"), [("old", OLD), ("new", NEW)], ids=["old", "new"])
def test_recover_prints_a_version_and_nothing_else(run, redline, version, text):
    assert run("recover", redline, "--to", version) == (0, text, "")


def test_recover_prints_criticmarkup_that_strips_to_the_source(run, redline):
    status, out, _ = run("recover", redline, "--to", "criticmarkup")
    assert status == 0
    assert "{--2014年，釜山--}{++2022年，布加勒斯特++}" in out
    for sign in ("{--", "--}", "{++", "++}"):
        out = out.replace(sign, "")
    assert out == REDLINE


def test_recover_prints_json_that_replays_to_the_source(run, redline):
    status, out, _ = run("recover", redline, "--to", "json")
    found = json.loads(out)
    assert status == 0
    assert "".join(segment["text"] for segment in found["segments"]) == REDLINE
    assert {"alternatives", "notes"} <= set(found)


def test_recover_records_in_json_what_it_changed_on_reading(run, tmp_path):
    path = tmp_path / "bom.txt"
    path.write_bytes(b"\xef\xbb\xbf" + REDLINE.replace("\n", "\r\n").encode())
    source = json.loads(run("recover", path, "--to", "json")[1])["source"]
    assert [source[key] for key in ("encoding", "newline", "bom")] == ["utf-8", "crlf", True]


def test_recover_follows_the_decisions(run, redline, tmp_path):
    decisions = tmp_path / "decisions.txt"
    decisions.write_text(REDLINE.replace("甲", "{++甲++}{>>a; ann; certain; new<<}"), "utf-8")
    _, old, _ = run("recover", redline, "--decisions", decisions, "--to", "old")
    assert old == OLD.replace("甲", "")


def test_recover_reads_gb18030_and_prints_utf8(run, redline):
    redline.write_bytes(REDLINE.encode("gb18030"))
    assert "--encoding gb18030" in complain(run("recover", redline, "--to", "old"))
    assert run("recover", redline, "--to", "old", "--encoding", "gb18030")[:2] == (0, OLD)


@pytest.mark.parametrize(
    "environment",
    [{"PYTHONIOENCODING": "ascii"}, {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}],
    ids=["ascii", "C"],
)
def test_output_is_utf8_whatever_the_locale(redline, environment):
    done = run_apart("recover", redline, "--to", "new", **environment)
    assert (done.returncode, done.stdout.decode(), done.stderr) == (0, NEW, b"")


def test_message_with_chinese_gets_through_an_ascii_terminal(tmp_path):
    done = run_apart("tag", tmp_path / "没有.txt", PYTHONIOENCODING="ascii")
    assert done.returncode == 1
    assert done.stderr.startswith(b"error: ")
    assert b"Traceback" not in done.stderr


def test_reader_that_closes_the_pipe_gets_no_traceback(redline):
    # So little is written that it breaks on flushing, and again when Python flushes at exit.
    code = f"{sys.executable} -m resanalysis tag {redline} | true"
    done = subprocess.run(["bash", "-c", code], capture_output=True, check=False)  # noqa: S603, S607
    assert done.stderr == b""


def test_decisions_that_do_not_fit_are_shown_with_their_place(run, redline, tmp_path):
    decisions = tmp_path / "decisions.txt"
    decisions.write_text(REDLINE.replace("乙", "丁"), "utf-8")
    message = complain(run("recover", redline, "--decisions", decisions, "--to", "old"))
    assert f"{decisions}: source line 3, offset" in message
    assert "丁" in message


def test_every_malformed_mark_is_reported_with_line_and_column(run, redline, tmp_path):
    decisions = tmp_path / "decisions.txt"
    decisions.write_text("{--甲\nb)\t{~~乙~>丙~~}\n", "utf-8")
    message = complain(run("recover", redline, "--decisions", decisions, "--to", "old"))
    assert f"{decisions}: line 1, column 1: {{-- is not closed" in message


@pytest.mark.parametrize("name", ["none.txt", "."], ids=["missing", "folder"])
def test_file_that_cannot_be_read_is_named(run, tmp_path, name):
    assert f"{tmp_path / name}: cannot be read" in complain(
        run("recover", tmp_path / name, "--to", "old")
    )


def test_empty_file_is_named(run, redline):
    redline.write_bytes(b"")
    assert f"{redline}: the file is empty" in complain(run("tag", redline))


# --- recover: every form ------------------------------------------------------------------------


@pytest.fixture
def marked(run, redline, tmp_path) -> dict[str, list[Path]]:
    """Return the files of the same redline in every form."""
    paths = {name: tmp_path / name for name in ("a.critic.txt", "a.docx", "old.txt", "new.txt")}
    for path, to in zip(paths.values(), ("criticmarkup", "word", "old", "new"), strict=True):
        assert run("recover", redline, "--to", to, "--out", path) == (0, "", "")
    *single, old, new = paths.values()
    return {
        "flattened": [redline],
        "criticmarkup": [single[0]],
        "word": [single[1]],
        "editions": [old, new],
    }


@pytest.mark.parametrize("form", ["flattened", "criticmarkup", "word", "editions"])
def test_recover_reads_every_form(run, marked, form):
    files = marked[form]
    assert run("recover", *files, "--to", "old") == (0, OLD, "")
    assert run("recover", *files, "--to", "new") == (0, NEW, "")
    found = json.loads(run("recover", *files, "--to", "json")[1])
    assert found["form"] == form
    assert set(found["segments"][0]) == {column.name for column in TABLES["segments"]}
    described = found["sources"] if form == "editions" else {"": found["source"]}
    digests = [hashlib.sha256(path.read_bytes()).hexdigest() for path in files]
    assert [source["sha256"] for source in described.values()] == digests


@pytest.mark.parametrize("form", ["flattened", "criticmarkup", "word", "editions"])
def test_recover_writes_word_that_is_read_back(run, marked, form, tmp_path):
    out = tmp_path / "out.docx"
    assert run("recover", *marked[form], "--to", "word", "--out", out) == (0, "", "")
    assert run("recover", out, "--to", "old") == (0, OLD, "")
    assert run("recover", out, "--to", "new") == (0, NEW, "")


def test_form_may_be_told_where_the_suffix_does_not(run, marked, tmp_path):
    path = marked["criticmarkup"][0].rename(tmp_path / "a.md")
    assert "--form" in complain(run("recover", path, "--to", "old"))
    assert run("recover", path, "--form", "criticmarkup", "--to", "old") == (0, OLD, "")


@pytest.mark.parametrize(("version", "text"), [("old", OLD), ("new", NEW)], ids=["old", "new"])
@pytest.mark.parametrize("suffix", [".txt", ".docx"])
def test_known_version_gives_the_other(run, redline, tmp_path, version, text, suffix):
    known = tmp_path / f"known{suffix}"
    (tmp_path / "known.txt").write_text(text, "utf-8")
    if suffix == ".docx":
        clean = tmp_path / "known.txt"
        run("recover", clean, clean, "--to", "word", "--out", known)
    for to, expected in (("old", OLD), ("new", NEW)):
        status, out, err = run("recover", redline, "--known", f"{version}={known}", "--to", to)
        assert (status, out) == (0, expected)
        assert f"{version} version is known" in err


def test_out_named_by_a_dot_is_refused_as_a_folder(run, redline, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert "cannot be written (it is a folder)" in complain(
        run("recover", redline, "--to", "old", "--out", ".")
    )


def test_text_with_a_nul_character_is_no_text(run, tmp_path):
    file = tmp_path / "a.txt"
    file.write_bytes("决定\n1\t节约\0用水；\n".encode())
    assert "a.txt: line 2: holds a NUL character" in complain(run("recover", file, "--to", "old"))


def test_known_version_that_does_not_fit_is_named(run, redline, tmp_path):
    known = tmp_path / "known.txt"
    known.write_text("别的\n", "utf-8")
    message = complain(run("recover", redline, "--known", f"old={known}", "--to", "new"))
    assert str(known) in message


def test_word_goes_into_a_pipe_as_it_is(run, redline, tmp_path):
    run("recover", redline, "--to", "word", "--out", tmp_path / "a.docx")
    done = run_apart("recover", redline, "--to", "word")
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout == (tmp_path / "a.docx").read_bytes()


def test_word_is_not_printed_on_a_terminal(redline, monkeypatch, capsys):
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    with pytest.raises(SystemExit) as caught:
        shell.main(["recover", str(redline), "--to", "word"])
    assert caught.value.code == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "--out" in said.err


def test_out_is_replaced_whole_and_nothing_is_left_beside(run, redline, tmp_path):
    out = tmp_path / "out" / "old.txt"
    out.parent.mkdir()
    out.write_text("before", "utf-8")
    assert run("recover", redline, "--to", "old", "--out", out) == (0, "", "")
    assert out.read_text("utf-8") == OLD
    assert list(out.parent.iterdir()) == [out]


@pytest.mark.parametrize("name", ["", "none/a.txt"], ids=["folder", "missing folder"])
def test_out_that_cannot_be_written_is_named(run, redline, tmp_path, name):
    (tmp_path / "out").mkdir()
    out = tmp_path / "out" / name
    message = complain(run("recover", redline, "--to", "old", "--out", out))
    assert f"{out}: cannot be written" in message
    assert list((tmp_path / "out").iterdir()) == []
    assert not list(tmp_path.glob(".out*"))


def test_disk_that_fills_up_leaves_the_old_file(run, redline, tmp_path, monkeypatch):
    out = tmp_path / "old.txt"
    out.write_text("before", "utf-8")

    def fail(self: Path, data: bytes) -> int:
        with self.open("wb") as file:
            file.write(data[:3])
        raise OSError(28, "No space left on device", str(self))

    monkeypatch.setattr(Path, "write_bytes", fail)
    message = complain(run("recover", redline, "--to", "old", "--out", out))
    assert f"{out}: cannot be written (No space left on device)" in message
    assert out.read_text("utf-8") == "before"
    assert not list(tmp_path.glob(".*"))


def test_source_is_not_written_over_under_another_name(redline, tmp_path, capsys):
    (tmp_path / "link.txt").symlink_to(redline)
    with pytest.raises(SystemExit):
        shell.main(["recover", str(redline), "--to", "old", "--out", str(tmp_path / "link.txt")])
    assert "--out would replace the source" in capsys.readouterr().err
    assert redline.read_text("utf-8") == REDLINE


def test_mixed_line_ends_are_noted_on_standard_error(run, redline):
    redline.write_bytes(REDLINE.replace("\n", "\r\n", 1).encode())
    status, out, err = run("recover", redline, "--to", "old")
    assert (status, out) == (0, OLD)
    assert (
        err
        == f"note: {redline}: its line ends are mixed; each was read as the end of a paragraph\n"
    )


def test_version_without_a_word_is_noted_on_standard_error(run, tmp_path):
    path = tmp_path / "a.critic.txt"
    path.write_text("{++甲\n++}", "utf-8")
    status, out, err = run("recover", path, "--to", "new")
    assert (status, out) == (0, "甲\n")
    assert err == f"note: {path}: the old version is empty\n"


def test_notes_of_a_reader_go_to_standard_error(run, tmp_path):
    path = tmp_path / "a.critic.txt"
    path.write_text("甲{++乙++}{>>why?<<}\n", "utf-8")
    status, out, err = run("recover", path, "--to", "new")
    assert (status, out) == (0, "甲乙\n")
    assert err.startswith(f"note: {path}: ")
    assert "comment" in err


@pytest.mark.parametrize(
    ("name", "data", "what"),
    [
        ("a.doc", b"\xd0\xcf\x11\xe0", "save it as .docx"),
        ("a.docx", b"\xd0\xcf\x11\xe0", "without a password"),
        ("a.docx", b"PK\x03\x04", ""),
        ("a.docx", "甲".encode(), "is no Word document"),
        ("a.txt", b"\xd0\xcf\x11\xe0", "looks like a Word file"),
        ("a.critic.txt", "甲{++乙".encode(), "line 1, column 2"),
        ("a.pdf", b"%PDF", "--form"),
    ],
)
def test_file_at_fault_is_named_with_the_remedy(run, tmp_path, name, data, what):
    (tmp_path / name).write_bytes(data)
    message = complain(run("recover", tmp_path / name, "--to", "old"))
    assert str(tmp_path / name) in message
    assert what in message


def test_word_file_without_tracked_changes_is_named(run, marked, tmp_path):
    clean = tmp_path / "clean.docx"
    run("recover", marked["editions"][0], marked["editions"][0], "--to", "word", "--out", clean)
    assert str(clean) in complain(run("recover", clean, "--to", "old"))


def test_clean_texts_may_be_word_files(run, marked, tmp_path):
    old, new = marked["editions"]
    clean = tmp_path / "clean.docx"
    run("recover", old, old, "--to", "word", "--out", clean)
    assert run("recover", clean, new, "--to", "new") == (0, NEW, "")
    assert run("recover", clean, new, "--to", "old") == (0, OLD, "")


# --- tag ----------------------------------------------------------------------------------------


def test_tag_names_the_rule_and_the_tier_of_a_term(run, tmp_path):
    book, path = tmp_path / "book.toml", tmp_path / "clauses.txt"
    book.write_text(
        '[codebook]\nid = "b"\nversion = "1"\ntitle = { zh = "本", en = "Book" }\n'
        '[[theme]]\nid = "t"\nlabel = { zh = "类", en = "Theme" }\n'
        '[[topic]]\nid = "waste"\ntheme = "t"\nlabel = { zh = "废物", en = "Waste" }\n'
        'peripheral = ["废物"]\n'
        '[[topic.rule]]\nid = "collected"\nall = [["电器"], ["回收"]]\n',
        "utf-8",
    )
    path.write_text("回收废旧电器和废物\n", "utf-8")
    _, out, _ = run("tag", path, "--codebook", book)
    assert [(row["term"], row["rule"], row["tier"]) for row in rows(out)] == [
        ("回收", "collected", "core"),
        ("电器", "collected", "core"),
        ("废物", "term", "peripheral"),
    ]


def test_tag_lets_terms_of_two_topics_overlap_when_asked(run, tmp_path):
    book, path = tmp_path / "book.toml", tmp_path / "clauses.txt"
    head = (
        '[codebook]\nid = "b"\nversion = "1"\ntitle = { zh = "本", en = "Book" }\n'
        '[[theme]]\nid = "t"\nlabel = { zh = "类", en = "Theme" }\n'
    )
    topic = '[[topic]]\nid = "{}"\ntheme = "t"\nlabel = {{ zh = "题", en = "T" }}\ncore = ["{}"]\n'
    book.write_text(head + topic.format("water", "水") + topic.format("energy", "水电站"), "utf-8")
    path.write_text("建设水电站\n", "utf-8")
    found = {
        scope: {row["topic"] for row in rows(run("tag", path, "--codebook", book, *scope)[1])}
        for scope in ((), ("--scope", "topic"))
    }
    assert found == {(): {"energy"}, ("--scope", "topic"): {"energy", "water"}}


def test_tag_prints_the_characters_of_each_term_by_line(run, tmp_path):
    path = tmp_path / "clauses.txt"
    lines = ["回收电子废弃物", "无关", "生物多样性和水资源"]
    path.write_bytes("\r\n".join(lines).encode())
    status, out, err = run("tag", path)
    assert (status, err) == (0, "")
    assert out.splitlines()[0] == "line,topic,term,rule,tier,start,end"
    found = rows(out)
    assert {(row["line"], row["topic"]) for row in found} >= {
        ("1", "e_waste"),
        ("3", "biodiversity"),
        ("3", "water"),
    }
    for row in found:
        line = lines[int(row["line"]) - 1]
        assert line[int(row["start"]) : int(row["end"])] == row["term"]


def test_tag_takes_another_codebook(run, tmp_path):
    book = tmp_path / "book.toml"
    book.write_text(
        '[codebook]\nid = "b"\nversion = "1"\ntitle = {zh = "甲", en = "A"}\n'
        '[[theme]]\nid = "t"\nlabel = {zh = "甲", en = "A"}\n'
        '[[topic]]\nid = "odd"\ntheme = "t"\nlabel = {zh = "甲", en = "A"}\n'
        'definition = {zh = "甲", en = "A"}\ncore = ["无关"]\n',
        "utf-8",
    )
    path = tmp_path / "clauses.txt"
    path.write_text("无关\n", "utf-8")
    assert run("tag", path, "--codebook", book)[1].splitlines()[1:] == ["1,odd,无关,term,core,0,2"]


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ('id = "e_waste"\ncore = ["甲"]\n[[topic]]\nid = "e_waste"\ncore = ["乙"]', "e_waste"),
        ('id = "odd"\ncore = [""]', "''"),
        ('id = "odd"\ncore = ["甲"]\ncolour = "red"', "colour"),
    ],
    ids=["duplicate", "empty term", "unknown key"],
)
def test_codebook_at_fault_is_named(run, redline, tmp_path, entry, message):
    book = tmp_path / "book.toml"
    book.write_text(f"[[topic]]\n{entry}\n", "utf-8")
    said = complain(run("tag", redline, "--codebook", book))
    assert str(book) in said
    assert message in said


# --- check --------------------------------------------------------------------------------------


def test_check_of_a_sound_corpus_prints_nothing(run, small_corpus):
    status, out, err = run("check", small_corpus)
    assert (status, out) == (0, "")
    assert err == f"{small_corpus}: 0 errors, 0 warnings\n"


def test_check_prints_every_problem_at_once(run, folder):
    descriptor = json.loads((folder / "datapackage.json").read_text("utf-8"))
    del descriptor["resanalysis"]["rights"]
    (folder / "datapackage.json").write_text(json.dumps(descriptor), "utf-8")
    with (folder / "source.txt").open("a", encoding="utf-8") as file:
        file.write("尾")
    with (folder / "lexicon.txt").open("a", encoding="utf-8") as file:
        file.write("\n电信/ICT\n")
    (folder / "codebook.toml").write_text("[[topic]]\n", "utf-8")
    (folder / "README.md").write_text("FILL IN\n", "utf-8")
    status, out, err = run("check", folder)
    assert status == 1
    for part in (
        "rights: missing",
        "checksum",
        "lexicon.txt: 电信/ICT",
        "codebook.toml",
        "do not fit the source",
        "warning: " + str(folder / "README.md"),
    ):
        assert part in out
    assert out.count("\n") == sum(int(word) for word in err.split() if word.isdigit())


def test_check_of_a_text_without_heading_or_list_says_so(run, folder):
    replace_source(folder, "今天天气很好\n明天也是\n")
    status, out, _ = run("check", folder)
    assert status == 1
    for version in ("old", "new"):
        assert f"{folder / 'source.txt'}: {version} version: no heading, no list" in out


def test_check_of_headings_without_clauses_says_so(run, folder):
    replace_source(folder, "大会，\n认识到\n做出决议\n")
    assert "no clause under them" in run("check", folder)[1]


def test_check_of_a_readme_in_another_encoding_does_not_break(run, folder):
    (folder / "README.md").write_bytes("说明".encode("gb18030"))
    assert run("check", folder)[0] == 0


def test_check_of_no_folder_is_an_error(run, tmp_path):
    status, out, _ = run("check", tmp_path / "none")
    assert status == 1
    assert "no such folder" in out


# --- new and compare ----------------------------------------------------------------------------


@pytest.mark.usefixtures("no_figures")
def test_new_folder_passes_check_with_warnings_and_runs(run, tmp_path, small_corpus):
    folder = tmp_path / "res-1"
    named = ("--old", "2015-qingyu", "--new", "2023-lanxi")
    status, out, err = run("new", folder, small_corpus / "source.txt", *named)
    assert (status, out) == (0, "")
    assert f"resanalysis check {folder}" in err
    status, out, _ = run("check", folder)
    assert status == 0
    assert out.startswith("warning: ")
    assert "error: " not in out
    assert run("run", folder, "--out", tmp_path / "out") == (0, "", "")
    assert (tmp_path / "out" / "report.html").exists()


@pytest.mark.usefixtures("no_figures")
@pytest.mark.parametrize("to", ["criticmarkup", "word"])
def test_new_takes_a_marked_redline_and_the_folder_runs(run, tmp_path, folder, to):
    marked = tmp_path / f"a{'.docx' if to == 'word' else '.critic.txt'}"
    source, decisions = folder / "source.txt", folder / "decisions.critic.txt"
    run("recover", source, "--decisions", decisions, "--to", to, "--out", marked)
    named = ("--old", "2015-qingyu", "--new", "2023-lanxi")
    assert run("new", tmp_path / "res-1", marked, *named)[0] == 0
    assert run("check", tmp_path / "res-1")[0] == 0
    assert run("run", tmp_path / "res-1", "--out", tmp_path / "out") == (0, "", "")


@pytest.mark.usefixtures("no_figures")
def test_new_takes_two_clean_texts_and_the_folder_runs(run, tmp_path, small_versions):
    paths = [tmp_path / "old.txt", tmp_path / "new.txt"]
    for path, text in zip(paths, small_versions.values(), strict=True):
        path.write_text(text, "utf-8")
    named = ("--old", "2015-qingyu", "--new", "2023-lanxi")
    assert run("new", tmp_path / "res-1", *paths, *named)[0] == 0
    assert {p.name for p in (tmp_path / "res-1").iterdir()} >= {
        "2015-qingyu.txt",
        "2023-lanxi.txt",
    }
    assert run("check", tmp_path / "res-1")[0] == 0
    assert run("run", tmp_path / "res-1", "--out", tmp_path / "out") == (0, "", "")


def test_new_reads_gb18030_only_when_told(run, tmp_path, redline):
    redline.write_bytes(REDLINE.encode("gb18030"))
    named = ("new", tmp_path / "res-1", redline, "--old", "2014-a", "--new", "2022-b")
    assert "--encoding gb18030" in complain(run(*named))
    assert not (tmp_path / "res-1").exists()
    assert run(*named, "--encoding", "gb18030")[0] == 0


def test_compare_prints_the_lines_that_differ(run, folder, small_versions):
    (folder / "official").mkdir()
    published = small_versions["new"].replace("洪水", "洪涝", 1)
    (folder / "official" / "2023-lanxi.txt").write_text(published, "utf-8")
    status, out, err = run("compare", folder)
    (row,) = rows(out)
    assert (status, row["edition"]) == (0, "2023-lanxi")
    assert row["official"] == row["recovered"].replace("洪水", "洪涝")
    assert err == "1 lines differ\n"


def test_compare_takes_one_edition_only_when_told(run, folder):
    (folder / "official").mkdir()
    for name in ("2015-qingyu", "2023-lanxi"):
        (folder / "official" / f"{name}.txt").write_text("别的\n", "utf-8")
    found = rows(run("compare", folder, "--edition", "2015-qingyu")[1])
    assert {row["edition"] for row in found} == {"2015-qingyu"}


def test_compare_without_published_text_says_where_to_put_it(run, small_corpus):
    message = complain(run("compare", small_corpus))
    assert str(small_corpus / "official") in message
    assert "2015-qingyu.txt or 2023-lanxi.txt" in message


def test_compare_with_a_text_of_an_edition_outside_the_study_says_so(run, folder):
    descriptor = json.loads((folder / "datapackage.json").read_text("utf-8"))
    third = {"id": "2019-third", "year": 2019, "place": {"zh": "三", "en": "Third"}}
    descriptor["resanalysis"]["editions"].append(third)
    (folder / "datapackage.json").write_text(json.dumps(descriptor), "utf-8")
    (folder / "official").mkdir()
    (folder / "official" / "2019-third.txt").write_text("甲\n", "utf-8")
    message = complain(run("compare", folder, "--edition", "2019-third"))
    assert "2019-third: is no edition of the study" in message
    assert "no published text" in complain(run("compare", folder))


# --- run ----------------------------------------------------------------------------------------


@pytest.mark.usefixtures("no_figures")
def test_compare_asks_for_the_edition_that_is_not_known(run, folder, small_versions):
    (folder / "decisions.critic.txt").unlink()
    descriptor = json.loads((folder / "datapackage.json").read_text("utf-8"))
    study = descriptor["resanalysis"]["study"]
    study["known"] = study["old"]
    (folder / "datapackage.json").write_text(json.dumps(descriptor), "utf-8")
    (folder / "official").mkdir(exist_ok=True)
    (folder / "official" / f"{study['old']}.txt").write_text(small_versions["old"], "utf-8")
    message = complain(run("compare", folder))
    assert f"Put it there as {study['new']}.txt\n" in message


def test_review_carries_decisions_over_to_an_edited_source(run, folder, tmp_path):
    earlier = tmp_path / "earlier.critic.txt"
    earlier.write_bytes((folder / "decisions.critic.txt").read_bytes())
    text = (folder / "source.txt").read_text("utf-8")
    replace_source(folder, text.replace("每年增长4%", "每年增加4%"))
    status, out, err = run("review", folder, "--carry", earlier)
    assert status == 0
    assert "decision growth on '4%' no longer fits" in out
    assert out.count("\n") == 1
    assert err.endswith("marks carried over, 1 decisions no longer fit\n")
    assert run("check", folder)[0] == 0


def test_run_is_silent_without_a_terminal_and_leaves_results_only(run, small_corpus, tmp_path):
    assert run("run", small_corpus, "--out", tmp_path / "a" / "b") == (0, "", "")
    made = sorted(path.name for path in (tmp_path / "a" / "b").iterdir())
    reports = ["report-en.html", "report.html"]
    parts = ["comparison", "figures", "paper-tables", "provenance.json"]
    assert made == [*parts, *reports, "tables"]


@pytest.mark.usefixtures("no_figures")
def test_run_names_its_steps_on_a_terminal(run, small_corpus, tmp_path, monkeypatch):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    status, out, err = run("run", small_corpus, "--out", tmp_path / "out")
    assert (status, out) == (0, "")
    assert f"1/{len(STEPS)} recover" in err
    assert "report" in err


def test_check_says_on_a_terminal_that_it_is_at_work(run, small_corpus, monkeypatch):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    status, out, err = run("check", small_corpus)
    assert (status, out) == (0, "")
    assert "1/1 check" in err


@pytest.mark.parametrize("inside", ["", "deeper"], ids=["itself", "above"])
def test_run_into_a_file_is_refused_before_the_work(
    run, small_corpus, tmp_path, monkeypatch, inside
):
    monkeypatch.setattr(study_module, "run_study", lambda *_, **__: pytest.fail("it worked"))
    (tmp_path / "file").write_text("mine", "utf-8")
    message = complain(run("run", small_corpus, "--out", tmp_path / "file" / inside))
    assert f"{tmp_path / 'file'}: is a file, not a folder" in message
    assert (tmp_path / "file").read_text("utf-8") == "mine"


def test_run_into_a_folder_without_rights_is_refused(run, small_corpus, tmp_path, monkeypatch):
    monkeypatch.setattr(writing.os, "access", lambda *_: False)
    message = complain(run("run", small_corpus, "--out", tmp_path / "out"))
    assert f"{tmp_path}: cannot be written to" in message
    assert list(tmp_path.iterdir()) == []


def test_run_with_a_broken_codebook_in_the_corpus_names_it_and_writes_nothing(
    run, folder, tmp_path
):
    (folder / "codebook.toml").write_text("[[topic]]\n", "utf-8")
    message = complain(run("run", folder, "--out", tmp_path / "out"))
    assert str(folder / "codebook.toml") in message
    assert not (tmp_path / "out").exists()


def test_run_reports_faults_of_corpus_and_codebook_together(run, folder, tmp_path):
    (folder / "datapackage.json").write_text("{", "utf-8")
    message = complain(run("run", folder, "--codebook", tmp_path / "no.toml"))
    assert "datapackage.json" in message
    assert "no.toml" in message


def test_run_with_a_word_that_jieba_cannot_hold_names_it(run, folder, tmp_path):
    (folder / "lexicon.txt").write_text("电信/ICT\n", "utf-8")
    message = complain(run("run", folder, "--out", tmp_path / "out"))
    assert f"{folder / 'lexicon.txt'}: 电信/ICT: jieba cannot hold this word" in message


@pytest.mark.usefixtures("no_figures")
def test_run_extends_the_codebook_by_that_of_the_corpus(run, folder, tmp_path):
    theme = read_codebook().topics[0].theme
    (folder / "codebook.toml").write_text(
        '[codebook]\nid = "own"\nversion = "1"\ntitle = {zh = "甲", en = "A"}\n'
        f'[[topic]]\nid = "odd"\ntheme = "{theme}"\nlabel = {{zh = "会", en = "Meetings"}}\n'
        'definition = {zh = "甲", en = "A"}\ncore = ["理事会"]\n',
        "utf-8",
    )
    assert run("run", folder, "--out", tmp_path / "out")[0] == 0
    assert ",odd,理事会," in (tmp_path / "out" / "tables" / "tags.csv").read_text("utf-8-sig")


def test_full_disk_gives_a_message_and_keeps_the_old_results(
    run, small_corpus, tmp_path, monkeypatch
):
    out = tmp_path / "out"
    (out / "tables").mkdir(parents=True)
    (out / "tables" / "mine.csv").write_text("old", "utf-8")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device", "shift.csv")

    monkeypatch.setattr(writing.export, "write_tables", fail)
    assert "shift.csv: No space left on device" in complain(run("run", small_corpus, "--out", out))
    assert [path.relative_to(out).as_posix() for path in sorted(out.rglob("*"))] == [
        "tables",
        "tables/mine.csv",
    ]
