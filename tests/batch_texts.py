"""Folders of small texts for batches, of every form, and work that kills its worker."""

from __future__ import annotations

import os
import shutil
import signal
from pathlib import Path
from typing import TYPE_CHECKING

from resanalysis.batch.working import Done, work_part
from resanalysis.redline import diff_versions, write_marks, write_word

if TYPE_CHECKING:
    from resanalysis.batch.working import Task

DATA = Path(__file__).parent / "data"
VERSIONS = {
    version: (DATA / "small-versions" / f"{version}.txt").read_text("utf-8")
    for version in ("old", "new")
}
DEADLY = "deadly"
"""A text over which `work_or_die` kills its worker."""


def write_pair(folder: Path, name: str, *, encoding: str = "utf-8", number: int = 9) -> None:
    """Write the invented resolution as two clean texts, under a number of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    for version, text in VERSIONS.items():
        made = text.replace("第9号决议", f"第{number}号决议")
        (folder / f"{name}.{version}.txt").write_bytes(made.encode(encoding))


def write_every_form(folder: Path) -> list[str]:
    """Write the invented resolution in every form; return the ids, in order."""
    redline = diff_versions(VERSIONS["old"], VERSIONS["new"], cut=list)
    (folder / "deep" / "er").mkdir(parents=True)
    write_pair(folder, "clean")
    (folder / "deep" / "marked.critic.txt").write_text(write_marks(redline.segments), "utf-8")
    (folder / "deep" / "er" / "word.docx").write_bytes(write_word(redline, title="word"))
    shutil.copy(DATA / "small" / "source.txt", folder / "flat.txt")
    shutil.copytree(DATA / "small", folder / "whole")
    return ["clean", "deep/er/word", "deep/marked", "flat", "whole"]


def read_files(folder: Path) -> dict[str, bytes]:
    """Return every file of a folder by its path."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def work_or_die(task: Task) -> Done:
    """Do what a worker does, but be killed over the text named `DEADLY`."""
    touched = {text.id for text in task.part.texts} - {*task.deadly}
    if DEADLY in touched:
        os.kill(os.getpid(), signal.SIGKILL)
    return work_part(task)
