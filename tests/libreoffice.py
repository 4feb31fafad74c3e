"""Word files opened in headless LibreOffice: what accepting or rejecting all changes gives.

Imported by tests it starts LibreOffice and hands it the files; run as a script by the system's
Python, which has the module `uno`, it is the other end that reads the documents.
"""

from __future__ import annotations

import atexit
import functools
import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

REJECT_AND_ACCEPT = {
    "old": ".uno:RejectAllTrackedChanges",
    "new": ".uno:AcceptAllTrackedChanges",
}
NEEDED = "These tests need LibreOffice: apt-get install libreoffice-writer-nogui python3-uno"
# LibreOffice for servers has no window for comments and crashes when it comes to show one.
COMMENT = re.compile(rb"<w:comment(RangeStart|RangeEnd|Reference)\b[^>]*?/>")


def versions_in_libreoffice(
    files: Sequence[bytes], *, labels: bool = False, notes: bool = False, timeout: float = 300
) -> list[dict[str, str]]:
    """Return the text of Word files after rejecting and after accepting all tracked changes.

    Parameters
    ----------
    files : sequence of bytes
        Word files (.docx); one LibreOffice opens them all.
    labels : bool
        Whether a numbered paragraph begins with its label as LibreOffice computes it, and a tab.
    notes : bool
        Whether to give footnotes and endnotes as well.
    timeout : float
        Seconds for all files together.

    Returns
    -------
    list of dict
        For each file `old` (all rejected) and `new` (all accepted): every paragraph of the body
        and its tables in reading order, each followed by a line break. With `notes` also
        `old_notes` and `new_notes`, the paragraphs of all footnotes, then of all endnotes.

    Raises
    ------
    RuntimeError
        When LibreOffice or its Python module is missing, fails, or takes too long.

    Notes
    -----
    Comments are left out of the files before they are opened. LibreOffice takes seconds to start;
    it is started once and ended with the program.
    """
    with tempfile.TemporaryDirectory(prefix="libreoffice-") as folder:
        _work(files, Path(folder), timeout, {"labels": labels, "notes": notes})
        return [json.loads((Path(folder) / f"{k}.json").read_text()) for k in range(len(files))]


def resave_in_libreoffice(files: Sequence[bytes], *, timeout: float = 300) -> list[bytes]:
    """Return Word files as LibreOffice writes them, tracked changes and comments kept."""
    with tempfile.TemporaryDirectory(prefix="libreoffice-") as name:
        folder = Path(name)
        paths = [folder / f"{k}.docx" for k in range(len(files))]
        for path, data in zip(paths, files, strict=True):
            path.write_bytes(data)
        wanted = ["--convert-to", "docx:MS Word 2007 XML", "--outdir", str(folder / "saved")]
        with (folder / "office.log").open("w+") as log:
            process = _start(folder, log, [*wanted, *map(str, paths)])
            try:
                process.wait(timeout)
            except subprocess.TimeoutExpired as error:
                raise RuntimeError(f"LibreOffice took more than {timeout} s") from error
            finally:
                _end(process)
            saved = [folder / "saved" / path.name for path in paths]
            if not all(path.exists() for path in saved):
                log.seek(0)
                raise RuntimeError(f"LibreOffice failed: {log.read()}")
        return [path.read_bytes() for path in saved]


@dataclass(frozen=True)
class _Office:
    """A LibreOffice that listens on a pipe."""

    folder: Path
    pipe: str
    process: subprocess.Popen[bytes]

    @property
    def log(self) -> Path:
        return self.folder / "office.log"

    def end(self) -> None:
        _end(self.process)
        shutil.rmtree(self.folder, ignore_errors=True)


@functools.cache
def _keep_office() -> _Office:
    """Return the LibreOffice that serves this program, started when it is first asked for."""
    folder = Path(tempfile.mkdtemp(prefix="libreoffice-"))
    pipe = f"resanalysis{os.getpid()}x{time.monotonic_ns()}"
    with (folder / "office.log").open("w") as log:
        office = _Office(folder, pipe, _start(folder, log, [f"--accept=pipe,name={pipe};urp"]))
    atexit.register(office.end)
    return office


def _work(files: Sequence[bytes], folder: Path, timeout: float, task: dict[str, Any]) -> None:
    """Let the script do the task in the LibreOffice that is kept; end that one if it fails."""
    python = find_python()
    for k, data in enumerate(files):
        (folder / f"{k}.docx").write_bytes(_drop_comments(data))
    office = _keep_office()
    task |= {"count": len(files), "pipe": office.pipe, "timeout": timeout}
    problem = f"LibreOffice took more than {timeout} s"
    try:
        done = subprocess.run(  # noqa: S603
            [python, __file__, str(folder)],
            input=json.dumps(task),
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )
    except subprocess.TimeoutExpired:
        pass
    else:
        if done.returncode == 0:
            return
        problem = f"LibreOffice failed ({done.returncode}): {done.stderr}{office.log.read_text()}"
    _keep_office.cache_clear()
    atexit.unregister(office.end)
    office.end()
    raise RuntimeError(problem)


def _drop_comments(data: bytes) -> bytes:
    """Return a Word file without the anchors of its comments, which are no text; else the same."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w") as new:
        for entry in old.infolist():
            part = old.read(entry)
            is_text = entry.filename.startswith("word/") and entry.filename.endswith(".xml")
            new.writestr(entry, COMMENT.sub(b"", part) if is_text else part)
    return made.getvalue()


def _start(folder: Path, log: IO[str], arguments: Sequence[str]) -> subprocess.Popen[bytes]:
    """Start LibreOffice with a fresh profile."""
    office = shutil.which("soffice")
    if office is None:
        raise RuntimeError(f"soffice not found. {NEEDED}")
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    options = ["--headless", "--norestore", "--nologo", "--nodefault", profile]
    return subprocess.Popen(  # noqa: S603
        [office, *options, *arguments], stdout=log, stderr=log, start_new_session=True
    )


def find_python() -> str:
    """Return a Python that has the module `uno`: named in UNO_PYTHON, or the system's."""
    for python in (os.environ.get("UNO_PYTHON"), "/usr/bin/python3", shutil.which("python3")):
        if python and Path(python).exists():
            check = subprocess.run([python, "-c", "import uno"], capture_output=True, check=False)  # noqa: S603
            if check.returncode == 0:
                return python
    raise RuntimeError(f"no Python with the module uno found. {NEEDED}")


def _end(process: subprocess.Popen[bytes]) -> None:
    """End LibreOffice and the process it runs in."""
    for sign in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, sign)
            process.wait(10)
        except (ProcessLookupError, subprocess.TimeoutExpired):
            continue
    # The launcher may have ended before the program it launched, which holds the profile.
    for _ in range(50):
        try:
            os.killpg(process.pid, 0)
        except ProcessLookupError:
            return
        time.sleep(0.1)


# --- run by the system's Python ---------------------------------------------------------------


def _serve(folder: Path, task: dict[str, Any]) -> None:
    """Do a task on every file of the folder."""
    context = _connect(task["pipe"], task["timeout"])
    desktop = context.ServiceManager.createInstanceWithContext(
        "com.sun.star.frame.Desktop", context
    )
    dispatcher = context.ServiceManager.createInstanceWithContext(
        "com.sun.star.frame.DispatchHelper", context
    )
    for k in range(task["count"]):
        path = folder / f"{k}.docx"
        texts = {}
        for version, command in REJECT_AND_ACCEPT.items():
            document = _open(desktop, path)
            frame = document.getCurrentController().getFrame()
            dispatcher.executeDispatch(frame, command, "", 0, ())
            texts[version] = _join(_paragraphs(document.Text), labels=task["labels"])
            if task["notes"]:
                notes = [
                    paragraph
                    for kind in (document.getFootnotes(), document.getEndnotes())
                    for i in range(kind.getCount())
                    for paragraph in _paragraphs(kind.getByIndex(i))
                ]
                texts[f"{version}_notes"] = _join(notes, labels=task["labels"])
            document.close(True)
        (folder / f"{k}.json").write_text(json.dumps(texts))


def _connect(pipe: str, timeout: float) -> Any:
    """Return the context of the LibreOffice that listens on a pipe, as soon as it does."""
    import uno

    resolver = uno.getComponentContext().ServiceManager.createInstance(
        "com.sun.star.bridge.UnoUrlResolver"
    )
    end = time.monotonic() + timeout
    while True:
        try:
            return resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except uno.getClass("com.sun.star.connection.NoConnectException"):
            if time.monotonic() > end:
                raise
            time.sleep(0.1)


def _property(name: str, value: Any) -> Any:
    from com.sun.star.beans import PropertyValue  # made by the module uno

    return PropertyValue(name, 0, value, 0)


def _open(desktop: Any, path: Path) -> Any:
    document = desktop.loadComponentFromURL(
        path.as_uri(), "_blank", 0, (_property("Hidden", True),)
    )
    if document is None:
        raise RuntimeError(f"LibreOffice cannot open {path.name}")
    return document


def _paragraphs(text: Any) -> Iterator[Any]:
    """Yield the paragraphs of a text, those of its tables cell by cell."""
    for element in _each(text):
        if element.supportsService("com.sun.star.text.TextTable"):
            for name in element.getCellNames():
                yield from _paragraphs(element.getCellByName(name))
        else:
            yield element


def _each(text: Any) -> Iterator[Any]:
    elements = text.createEnumeration()
    while elements.hasMoreElements():
        yield elements.nextElement()


def _join(paragraphs: Iterator[Any] | list[Any], *, labels: bool) -> str:
    lines = []
    for paragraph in paragraphs:
        label = paragraph.ListLabelString if labels else ""
        lines.append(
            f"{label}\t{paragraph.getString()}\n" if label else paragraph.getString() + "\n"
        )
    return "".join(lines)


if __name__ == "__main__":
    _serve(Path(sys.argv[1]), json.load(sys.stdin))
    os._exit(0)  # the bridge to LibreOffice sometimes crashes while Python tidies up
