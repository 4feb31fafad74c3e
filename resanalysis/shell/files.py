"""Commands on files outside a corpus: the versions of a redline, the topics of a text."""

from __future__ import annotations

import argparse
import csv
import io
import json
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from resanalysis.shell.options import add_codebook, add_form, refuse_files
from resanalysis.shell.streams import give, show_steps, tell, write_whole

if TYPE_CHECKING:
    from resanalysis.model import Form, Source
    from resanalysis.redline import Redline

TARGETS = ("criticmarkup", "old", "new", "json", "word")


def add_file_commands(commands: Any) -> None:
    """Add `recover` and `tag` to the commands of the shell."""
    _add_recover(commands)
    _add_tag(commands)


def _add_recover(commands: Any) -> None:
    recover = commands.add_parser(
        "recover",
        help="the two versions inside a redline of any form",
        description="Print one version of a redline, or both as CriticMarkup, JSON or a Word"
        " document with tracked changes.",
        epilog="examples: recover redline.docx --to new; recover old.txt new.txt --to word --out"
        " redline.docx",
    )
    recover.add_argument(
        "files",
        type=Path,
        nargs="+",
        metavar="FILE",
        help="a flattened text (.txt), CriticMarkup (.critic.txt) or Word with tracked changes"
        " (.docx); or two clean texts, the old one first",
    )
    recover.add_argument(
        "--to",
        choices=TARGETS,
        required=True,
        help="old or new: that version as plain text; criticmarkup, json, word: both in one",
    )
    recover.add_argument("--out", type=Path, metavar="FILE", help="instead of standard output")
    add_form(recover)
    recover.add_argument(
        "--decisions",
        type=Path,
        metavar="FILE",
        help="readers' decisions on a flattened text (decisions.critic.txt)",
    )
    recover.add_argument(
        "--known",
        type=_known,
        metavar="old=FILE|new=FILE",
        help="a version of a flattened text that is at hand, from which the other one follows",
    )
    recover.set_defaults(command=_recover, refuse=recover.error)


def _add_tag(commands: Any) -> None:
    tag = commands.add_parser(
        "tag",
        help="topics of a text, one clause per line, as CSV",
        description="Print as CSV every term of a topic in a plain text: its line, the topic, the"
        " term, the rule it is part of (`term`: it counts by itself), its tier, and where it stands"
        " in the line (characters from 0).",
    )
    tag.add_argument("file", type=Path, metavar="FILE", help="a plain text, one clause per line")
    add_codebook(tag)
    tag.add_argument(
        "--scope",
        choices=("codebook", "topic"),
        default="codebook",
        help="among what the longest term wins: all topics' terms (default), or each topic's own",
    )
    tag.add_argument("--encoding", default="utf-8", help="of FILE, such as gb18030; default utf-8")
    tag.set_defaults(command=_tag)


def _recover(options: argparse.Namespace) -> int:
    from resanalysis.corpus import read_clean, read_files, read_source
    from resanalysis.redline import read_clean_text
    from resanalysis.study import recover_sources

    _check_use(options)
    form, sources = read_files(options.files, form=options.form, encoding=options.encoding)
    decisions = read_source(options.decisions).text if options.decisions else None
    known, known_name = {}, ""
    if options.known:
        version, path = options.known
        text = read_clean_text(read_clean(path, encoding=options.encoding), name=str(path))
        known, known_name = {version: text}, str(path)
    with show_steps(1) as say:
        say("recover")
        redline = recover_sources(
            form,
            sources,
            decisions=decisions,
            known=known,
            corpus=options.files[-1].stem,
            names=[str(path) for path in options.files],
            decisions_name=str(options.decisions),
            known_name=known_name,
        )
    data = _convert(redline, form, sources, options)
    if options.out:
        write_whole(options.out, data)
    else:
        give(data)
    _report_notes(options.files, sources, redline)
    return 0


def _check_use(options: argparse.Namespace) -> None:
    """Leave with 2 when the options do not go together."""
    from resanalysis.corpus import form_of
    from resanalysis.model import InputError

    refuse_files(options)
    form = options.form
    with suppress(InputError):  # a suffix that tells nothing is reported on reading
        form = form or form_of(options.files[0])
    for name in ("decisions", "known"):
        if getattr(options, name) and (len(options.files) == 2 or form != "flattened"):
            options.refuse(f"--{name} goes with one flattened text")
    if options.decisions and options.known:
        options.refuse("--decisions and --known do not go together")
    if options.out and options.out.resolve() in [path.resolve() for path in options.files]:
        options.refuse("--out would replace the source: name another file")
    if options.to == "word" and not options.out and sys.stdout.isatty():
        options.refuse("--to word gives a binary file, not for a terminal: name a file with --out")


def _known(value: str) -> tuple[str, Path]:
    """Return the version and the file of `--known old=FILE`."""
    version, _, path = value.partition("=")
    if version not in ("old", "new") or not path:
        raise argparse.ArgumentTypeError(f"write old=FILE or new=FILE, not {value!r}")
    return version, Path(path)


def _convert(
    redline: Redline, form: Form, sources: Sequence[Source], options: argparse.Namespace
) -> bytes:
    """Return the redline as the bytes of what `--to` names.

    JSON has `form`, `segments` and `alternatives` with all columns, `notes`, and the file as
    `source`, or the clean texts as `sources` by version.
    """
    from resanalysis.redline import write_marks, write_word
    from resanalysis.study import VERSIONS, describe_source

    if options.to == "word":
        return write_word(redline, title=options.files[-1].stem)
    if options.to == "criticmarkup":
        return write_marks(redline.segments, name=str(options.files[-1])).encode()
    if options.to != "json":
        return redline.text(options.to).encode()
    described = [describe_source(source) for source in sources]
    files: dict[str, object] = (
        {"sources": dict(zip(VERSIONS, described, strict=True))}
        if form == "editions"
        else {"source": described[0]}
    )
    found = {
        "form": form,
        **files,
        "segments": redline.segments.to_dict("records"),
        "alternatives": redline.alternatives.to_dict("records"),
        "notes": list(redline.notes),
    }
    return f"{json.dumps(found, ensure_ascii=False, indent=1)}\n".encode()


def _report_notes(paths: Sequence[Path], sources: Sequence[Source], redline: Redline) -> None:
    """Say on standard error what a reader of the result should know."""
    notes = [
        f"{path}: its line ends are mixed; each was read as the end of a paragraph"
        for path, source in zip(paths, sources, strict=True)
        if source.newline == "mixed"
    ]
    notes += [f"{paths[0]}: {note}" for note in redline.notes]
    for version in ("old", "new"):
        if not redline.text(version).strip():
            notes.append(f"{paths[0]}: the {version} version is empty")
    for note in notes:
        tell(f"note: {note}")


def _tag(options: argparse.Namespace) -> int:
    from resanalysis.codebook import read_codebook
    from resanalysis.corpus import read_source
    from resanalysis.pipeline import tag_texts

    book = read_codebook(options.codebook)
    lines = read_source(options.file, encoding=options.encoding).text.split("\n")
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["line", "topic", "term", "rule", "tier", "start", "end"])
    tagged = tag_texts(lines, book, reading=options.reading, scope=options.scope)
    for number, found in enumerate(tagged, start=1):
        for match in found:
            entry = (match.topic, match.term, match.rule, match.tier)
            writer.writerow([number, *entry, match.start, match.end])
    give(out.getvalue())
    return 0
