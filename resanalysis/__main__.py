"""The same chain from the shell: `python -m resanalysis COMMAND`."""

from __future__ import annotations

import argparse
import csv
import io
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from resanalysis.model import Form, Source
    from resanalysis.redline import Redline

FORMS = ("flattened", "criticmarkup", "word")
TARGETS = ("criticmarkup", "old", "new", "json", "word")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; return 0 when done, 1 when the input is at fault, 2 for wrong use."""
    options = _parser().parse_args(arguments)
    from resanalysis.model import InputError  # pandas is slow to import: not for --help

    try:
        return int(options.command(options))
    except InputError as error:
        for problem in error.problems:
            print(problem, file=sys.stderr)
        return 1
    except BrokenPipeError:  # whoever read our output has enough; say nothing at exit either
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:  # a full disk, say; whatever is written goes aside first
        print(f"error: {error.filename}: {error.strerror}. Check disk and rights", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="resanalysis",
        description="Two versions of a Chinese resolution from a redline of any form, and how the"
        " emphasis on its topics shifted between them.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    run = commands.add_parser("run", help="the whole chain on a corpus folder")
    run.add_argument("corpus", type=Path, metavar="CORPUS", help="a corpus folder")
    run.add_argument("--out", type=Path, default=Path("results"), help="folder for the results")
    run.add_argument("--codebook", type=Path, help="instead of the packaged general one")
    run.add_argument("--reading", choices=("broad", "strict"), default="broad")
    run.add_argument("--hmm", action="store_true", help="let jieba guess unknown words")
    run.set_defaults(command=_run)

    recover = commands.add_parser("recover", help="the two versions inside a redline of any form")
    recover.add_argument(
        "files",
        type=Path,
        nargs="+",
        metavar="FILE",
        help="a flattened text (.txt), CriticMarkup (.critic.txt) or Word with tracked changes"
        " (.docx); or two clean texts, the old one first",
    )
    recover.add_argument("--form", choices=FORMS, help="of FILE, when its suffix does not tell")
    recover.add_argument("--decisions", type=Path, help="the same text in CriticMarkup, in UTF-8")
    recover.add_argument(
        "--known",
        type=_known,
        metavar="old=FILE|new=FILE",
        help="a version of a flattened text that is at hand, from which the other one follows",
    )
    recover.add_argument("--to", choices=TARGETS, required=True)
    recover.add_argument("--out", type=Path, help="file to write instead of standard output")
    recover.add_argument("--encoding", default="utf-8", help="of plain texts, such as gb18030")
    recover.set_defaults(command=_recover, refuse=recover.error)

    tag = commands.add_parser("tag", help="topics of a text, one clause per line, as CSV")
    tag.add_argument("file", type=Path, metavar="FILE", help="a plain text")
    tag.add_argument("--codebook", type=Path, help="instead of the packaged general one")
    tag.add_argument("--reading", choices=("broad", "strict"), default="broad")
    tag.add_argument("--encoding", default="utf-8", help="of FILE, such as gb18030")
    tag.set_defaults(command=_tag)

    check = commands.add_parser("check", help="every problem of a corpus folder")
    check.add_argument("corpus", type=Path, metavar="CORPUS", help="a corpus folder")
    check.set_defaults(command=_check)

    new = commands.add_parser("new", help="make a corpus folder around a redline")
    new.add_argument(
        "corpus",
        type=Path,
        metavar="CORPUS",
        help="folder to make, such as corpora/itu-wtsa-res-73",
    )
    new.add_argument(
        "files",
        type=Path,
        nargs="+",
        metavar="FILE",
        help="the redline as received, or two clean texts, the old one first",
    )
    new.add_argument("--old", required=True, help="edition as year-place, such as 2014-busan")
    new.add_argument("--new", required=True, help="edition as year-place")
    new.add_argument("--form", choices=FORMS, help="of FILE, when its suffix does not tell")
    new.add_argument("--encoding", default="utf-8", help="of plain texts, such as gb18030")
    new.set_defaults(command=_new, refuse=new.error)

    compare = commands.add_parser("compare", help="a corpus' versions against published texts")
    compare.add_argument("corpus", type=Path, metavar="CORPUS", help="a corpus folder")
    compare.add_argument("--edition", help="one edition's id; all with a published text if absent")
    compare.set_defaults(command=_compare)

    review = commands.add_parser("review", help="decide the uncertain places of a flattened text")
    review.add_argument("corpus", type=Path, metavar="CORPUS", help="a corpus folder")
    review.add_argument("--coder", default="", help="who decides; asked for if absent")
    review.add_argument("--codebook", type=Path, help="instead of the packaged general one")
    what = review.add_mutually_exclusive_group()
    what.add_argument(
        "--list", action="store_true", help="the places as CSV, what matters most first"
    )
    what.add_argument(
        "--compare", type=Path, metavar="FILE", help="another person's decisions: differences, CSV"
    )
    review.set_defaults(command=_review)
    return parser


@contextmanager
def _progress(total: int) -> Iterator[Callable[[str], None]]:
    """Give a function that names each step on standard error if that is a terminal."""
    from tqdm import tqdm

    form = "{n_fmt}/{total_fmt} {desc}"
    with tqdm(total=total, bar_format=form, leave=False, disable=None) as bar:

        def say(step: str) -> None:
            bar.update()
            bar.set_description_str(step)

        yield say


def _print(data: str | bytes) -> None:
    """Write data to standard output as UTF-8, its line ends unchanged."""
    sys.stdout.buffer.write(data.encode() if isinstance(data, str) else data)
    sys.stdout.buffer.flush()


def _run(options: argparse.Namespace) -> int:
    from resanalysis.results import STEPS, check_out, write_study
    from resanalysis.study import run_study

    check_out(options.out)  # before the work, not after it
    with _progress(len(STEPS)) as say:
        study = run_study(
            options.corpus,
            codebook_path=options.codebook,
            hmm=options.hmm,
            reading=options.reading,
            progress=say,
        )
        write_study(study, options.out, progress=say)
    return 0


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
    with _progress(1) as say:
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
        _write_whole(options.out, data)
    else:
        _print(data)
    _report_notes(options.files, sources, redline)
    return 0


def _check_use(options: argparse.Namespace) -> None:
    """Leave with 2 when the options do not go together."""
    from resanalysis.corpus import form_of
    from resanalysis.model import InputError

    _check_files(options)
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


def _check_files(options: argparse.Namespace) -> None:
    """Leave with 2 when there are too many files, or a form that does not go with them."""
    if len(options.files) > 2:
        options.refuse("a redline is one FILE, or two clean texts: old, then new")
    if len(options.files) == 2 and options.form:
        options.refuse("--form goes with one FILE; two are clean texts, old and new")


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


def _write_whole(path: Path, data: bytes) -> None:
    """Write a file so that it holds all of the data or is as it was before."""
    from resanalysis.model import input_error

    partial = path.with_name(f".{path.name}.partial")
    try:
        partial.write_bytes(data)
        partial.replace(path)
    except OSError as error:
        raise input_error(
            path, "", f"cannot be written ({error.strerror})", "Name another file with --out"
        ) from error
    finally:
        with suppress(OSError):
            partial.unlink()


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
        print(f"note: {note}", file=sys.stderr)


def _tag(options: argparse.Namespace) -> int:
    from resanalysis.codebook import read_codebook
    from resanalysis.corpus import read_source
    from resanalysis.pipeline import tag_text

    book = read_codebook(options.codebook)
    lines = read_source(options.file, encoding=options.encoding).text.split("\n")
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["line", "topic", "term", "start", "end"])
    for number, line in enumerate(lines, start=1):
        for match in tag_text(line, book, reading=options.reading):
            writer.writerow([number, match.topic, match.term, match.start, match.end])
    _print(out.getvalue())
    return 0


def _check(options: argparse.Namespace) -> int:
    from resanalysis.checks import check_corpus

    with _progress(1) as say:
        say("check")
        problems = check_corpus(options.corpus)
    _print("".join(f"{problem}\n" for problem in problems))
    errors = sum(problem.severity == "error" for problem in problems)
    warnings = len(problems) - errors
    print(f"{options.corpus}: {errors} errors, {warnings} warnings", file=sys.stderr)
    return 1 if errors else 0


def _new(options: argparse.Namespace) -> int:
    from resanalysis.corpus import create_corpus

    _check_files(options)
    first, *second = options.files
    folder = create_corpus(
        options.corpus,
        (first, second[0]) if second else first,
        old=options.old,
        new=options.new,
        form=options.form,
        encoding=options.encoding,
    )
    print(
        f"made {folder}; fill in its descriptor, then: resanalysis check {folder}", file=sys.stderr
    )
    return 0


def _compare(options: argparse.Namespace) -> int:
    from resanalysis.checks import compare_official

    with _progress(1) as say:
        say("compare")
        table = compare_official(options.corpus, edition=options.edition)
    _print(table.to_csv(index=False, lineterminator="\n"))
    print(f"{len(table)} lines differ", file=sys.stderr)
    return 0


@contextmanager
def _count(step: str) -> Iterator[Callable[[int, int], None]]:
    """Give a function that counts on standard error if that is a terminal."""
    from tqdm import tqdm

    with tqdm(desc=step, leave=False, disable=None) as bar:

        def tell(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)
            if done == total:
                bar.close()  # before anything else is said

        yield tell


def _review(options: argparse.Namespace) -> int:
    from resanalysis.review import rank_places
    from resanalysis.review.session import read_reviewed
    from resanalysis.review.shell import compare_decisions, review_corpus

    if options.compare:
        agreement, differences = compare_decisions(options.corpus, options.compare)
        _print(differences.to_csv(index=False, lineterminator="\n"))
        for measure, value in agreement.itertuples(index=False):
            print(f"{measure}: {value:.6g}", file=sys.stderr)
        return 0
    with _count("rank") as tell:
        if options.list:
            study = read_reviewed(options.corpus, codebook_path=options.codebook)
            ranked = rank_places(study, progress=tell)
            _print(ranked.to_csv(index=False, lineterminator="\n"))
        else:
            review_corpus(
                options.corpus,
                coder=options.coder,
                codebook_path=options.codebook,
                ask=sys.stdin,
                tell=sys.stderr,
                progress=tell,
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
