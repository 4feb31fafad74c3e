"""A newcomer's JupyterLab: open a notebook, run all cells, use a widget, see no error."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import pytest
from conftest import ROOT, Watched
from playwright.sync_api import Locator, Page
from playwright.sync_api import TimeoutError as Waited

SECONDS = 1000  # Playwright counts in milliseconds
TRIES = 3
SETTINGS = {
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    # Every cell in the page, whether scrolled to or not, so that all of them can be looked at.
    "notebook-extension/tracker": {"windowingMode": "none", "autoStartDefaultKernel": True},
}
ERROR = '[data-mime-type="application/vnd.jupyter.error"]'
STANDARD_ERROR = '[data-mime-type="application/vnd.jupyter.stderr"]'


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start JupyterLab on a copy of what a student gets; return the address of a notebook in it.

    `reset` closes what was open before: a page of two notebooks would have cells that nobody runs.
    """
    home = tmp_path_factory.mktemp("lab")
    for part in ("notebooks", "corpora"):
        shutil.copytree(ROOT / part, home / part)
    for name, values in SETTINGS.items():
        path = home / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(values), "utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    token = secrets.token_hex(16)
    server = subprocess.Popen(  # noqa: S603 - our own interpreter
        [
            *(sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"),
            *("--ip=127.0.0.1", f"--port={port}", f"--IdentityProvider.token={token}"),
            *("--ServerApp.log_level=ERROR", f"--notebook-dir={home}"),
        ],
        env=os.environ
        | {
            "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"),
            "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"),
            "JUPYTER_CONFIG_DIR": str(home / "config"),
            "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
            "IPYTHONDIR": str(home / "ipython"),
        },
        cwd=home,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(f"{address}/api?token={token}", server)
        yield f"{address}/lab/tree/{{notebook}}?reset&token={token}"
    finally:
        server.terminate()
        server.wait(timeout=30)


def _wait_for(address: str, server: subprocess.Popen[Any]) -> None:
    for _ in range(240):
        assert server.poll() is None, "JupyterLab did not start"
        try:
            with urllib.request.urlopen(address):  # noqa: S310 - our own server
                return
        except OSError:
            time.sleep(0.5)
    pytest.fail("JupyterLab did not answer within two minutes")


def open_notebook(page: Page, address: str, notebook: str) -> None:
    """Open a notebook and wait for its kernel.

    The server sometimes refuses a page's first connection to a kernel that has just been started,
    and the page does not ask again: a known fault of jupyter_server. A person reloads the page.
    """
    for _ in range(TRIES):
        page.goto(address.format(notebook=notebook), timeout=60 * SECONDS)
        page.locator(".jp-Notebook .jp-CodeCell").first.wait_for(timeout=60 * SECONDS)
        with suppress(Waited):
            page.get_by_text("Python 3 (ipykernel) | Idle").wait_for(timeout=25 * SECONDS)
            return
    pytest.fail(f"{notebook}: no kernel after opening it {TRIES} times")


def run_all_cells(page: Page, address: str, notebook: str) -> list[Locator]:
    """Open a notebook, run all its cells as the menu does, return the cells of code when done."""
    open_notebook(page, address, notebook)
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_text("Run All Cells", exact=True).click()
    cells = page.locator(".jp-Notebook .jp-CodeCell")
    page.wait_for_function(
        """() => {
            const cells = [...document.querySelectorAll('.jp-Notebook .jp-CodeCell')];
            return cells.every(cell =>
                /\\[\\d+\\]/.test(cell.querySelector('.jp-InputPrompt').textContent));
        }""",
        timeout=150 * SECONDS,
    )
    return cells.all()


def errors_in(page: Page) -> list[str]:
    """Return what cells wrote to standard error, and the errors they ended with."""
    return page.locator(f".jp-Notebook {ERROR}, .jp-Notebook {STANDARD_ERROR}").all_inner_texts()


NewPage = Callable[..., Watched]


def use_and_wait(widget: Locator, use: Callable[[], None]) -> None:
    """Use a control of a widget and wait until the kernel has changed what the widget says."""
    page = widget.page
    before = widget.inner_text()
    use()
    page.wait_for_function(
        "([box, text]) => box.innerText !== text",
        arg=[widget.element_handle(), before],
        timeout=60 * SECONDS,
    )


def check_page(watched: Watched) -> None:
    """Find no error in any cell, no exception in the page, no request to another machine."""
    assert errors_in(watched.page) == []
    assert watched.exceptions == []
    hosts = {urlsplit(url).hostname for url in watched.requests if url.startswith("http")}
    assert hosts == {"127.0.0.1"}


def test_a_research_notebook_runs_and_its_review_answers_a_click(
    lab: str, new_page: NewPage
) -> None:
    watched = new_page(1400, 1000)
    page = watched.page
    assert len(run_all_cells(page, lab, "notebooks/research/2-review.ipynb")) > 5
    check_page(watched)
    widget = page.locator(".jp-OutputArea .widget-vbox").first
    use_and_wait(widget, widget.get_by_role("button", name="Skip").click)
    check_page(watched)


def test_a_lesson_runs_and_counts_again_when_a_term_is_added(lab: str, new_page: NewPage) -> None:
    watched = new_page(1400, 1000)
    page = watched.page
    assert len(run_all_cells(page, lab, "notebooks/teaching/3-making-a-codebook.ipynb")) > 10
    check_page(watched)
    widget = page.locator(".jp-OutputArea .widget-vbox").first
    field = widget.get_by_role("textbox").first
    field.fill("气候")
    use_and_wait(widget, partial(field.press, "Enter"))
    check_page(watched)
