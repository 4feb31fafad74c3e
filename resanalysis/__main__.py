"""The same chain from the shell: `python -m resanalysis COMMAND`."""

from __future__ import annotations

import argparse
import csv
import io
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path


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
        description="Two versions of a Chinese resolution from a redline whose marks were lost, and"
        " how the emphasis on its topics shifted between them.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    run = commands.add_parser("run", help="the whole chain on a corpus folder")
    run.add_argument("corpus", type=Path, metavar="CORPUS", help="a corpus folder")
    run.add_argument("--out", type=Path, default=Path("results"), help="folder for the results")
    run.add_argument("--codebook", type=Path, help="instead of the packaged general one")
    run.add_argument("--reading", choices=("broad", "strict"), default="broad")
    run.add_argument("--hmm", action="store_true", help="let jieba guess unknown words")
    run.set_defaults(command=_run)

    recover = commands.add_parser("recover", help="the two versions inside a flattened text")
    recover.add_argument("file", type=Path, metavar="FILE", help="a plain text")
    recover.add_argument("--decisions", type=Path, help="the same text in CriticMarkup, in UTF-8")
    recover.add_argument("--to", choices=("criticmarkup", "old", "new", "json"), required=True)
    recover.add_argument("--encoding", default="utf-8", help="of FILE, such as gb18030")
    recover.set_defaults(command=_recover)

    tag = commands.add_parser("tag", help="topics of a text, one clause per line, as CSV")
    tag.add_argument("file", type=Path, metavar="FILE", help="a plain text")
    tag.add_argument("--codebook", type=Path, help="instead of the packaged general one")
    tag.add_argument("--reading", choices=("broad", "strict"), default="broad")
    tag.add_argument("--encoding", default="utf-8", help="of FILE, such as gb18030")
    tag.set_defaults(command=_tag)

    check = commands.add_parser("check", help="every problem of a corpus folder")
    check.add_argument("corpus", type=Path, metavar="CORPUS", help="a corpus folder")
    check.set_defaults(command=_check)

    new = commands.add_parser("new", help="make a corpus folder around a text")
    new.add_argument(
        "corpus",
        type=Path,
        metavar="CORPUS",
        help="folder to make, such as corpora/itu-wtsa-res-73",
    )
    new.add_argument("file", type=Path, metavar="FILE", help="the flattened text as received")
    new.add_argument("--old", required=True, help="edition as year-place, such as 2014-busan")
    new.add_argument("--new", required=True, help="edition as year-place")
    new.add_argument("--encoding", default="utf-8", help="of FILE, such as gb18030")
    new.set_defaults(command=_new)

    compare = commands.add_parser("compare", help="recovered versions against published texts")
    compare.add_argument("corpus", type=Path, metavar="CORPUS", help="a corpus folder")
    compare.add_argument("--edition", help="one edition's id; all with a published text if absent")
    compare.set_defaults(command=_compare)
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


def _print(text: str) -> None:
    """Write data to standard output as UTF-8, its line ends unchanged."""
    sys.stdout.buffer.write(text.encode())
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
    from resanalysis.corpus import read_source
    from resanalysis.pipeline import make_segmenter
    from resanalysis.redline import recover_versions, write_marks

    source = read_source(options.file, encoding=options.encoding)
    decisions = read_source(options.decisions).text if options.decisions else None
    with _progress(1) as say:
        say("recover")
        redline = recover_versions(
            source.text,
            cut=make_segmenter(()).cut,
            decisions=decisions,
            corpus=options.file.stem,
            decisions_name=str(options.decisions),
        )
    if options.to == "criticmarkup":
        _print(write_marks(redline.segments, name=str(options.file)))
    elif options.to == "json":
        _print(
            json.dumps(
                {
                    "source": {
                        "name": source.name,
                        "sha256": source.sha256,
                        "encoding": source.encoding,
                        "newline": source.newline,
                        "bom": source.bom,
                    },
                    "segments": redline.segments.to_dict("records"),
                    "alternatives": redline.alternatives.to_dict("records"),
                    "notes": list(redline.notes),
                },
                ensure_ascii=False,
                indent=1,
            )
            + "\n"
        )
    else:
        _print(redline.text(options.to))
    return 0


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

    folder = create_corpus(
        options.corpus, options.file, old=options.old, new=options.new, encoding=options.encoding
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


if __name__ == "__main__":
    sys.exit(main())
