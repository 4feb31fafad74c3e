"""A real browser for pages and for JupyterLab: Chromium, steered by Playwright, kept off the net.

`make test-browser` runs what is here; plain `pytest` does not.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, Request, sync_playwright

ROOT = Path(__file__).parents[2]
FONT = ROOT / "resanalysis" / "data" / "fonts" / "ResanalysisSansSC-Regular.ttf"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = [
    "--no-sandbox",  # CI runs as root
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A request to another machine is still seen, but goes nowhere.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]


@dataclass
class Watched:
    """A page, and what went wrong or over the net while it was open."""

    page: Page
    console_errors: list[str] = field(default_factory=list)
    exceptions: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def note_console(self, message: ConsoleMessage) -> None:
        """Keep an error that the page wrote to the console."""
        if message.type == "error":
            self.console_errors.append(message.text)

    def note_error(self, error: Error) -> None:
        """Keep an exception that nobody caught."""
        self.exceptions.append(str(error))

    def note_request(self, request: Request) -> None:
        """Keep the address of everything that was asked for."""
        self.requests.append(request.url)


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Return Chromium with the package's Chinese font, whatever the machine has."""
    found = next((path for path in map(shutil.which, NAMES) if path), None)
    if found is None:
        pytest.fail(
            "these tests need Chromium or Chrome (Debian, Ubuntu: apt-get install chromium)"
        )
    home = tmp_path_factory.mktemp("share")
    (home / "fonts").mkdir()
    shutil.copy(FONT, home / "fonts")
    environment = {**os.environ, "XDG_DATA_HOME": str(home)}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=QUIET, env=environment)
        yield browser
        browser.close()


@pytest.fixture
def new_page(browser: Browser) -> Iterator[Callable[..., Watched]]:
    """Return a function that opens an empty page of a size, watched; closed after the test."""
    contexts = []

    def open_page(width: int = 1200, height: int = 900) -> Watched:
        context = browser.new_context(viewport={"width": width, "height": height})
        contexts.append(context)
        watched = Watched(context.new_page())
        watched.page.on("console", watched.note_console)
        watched.page.on("pageerror", watched.note_error)
        watched.page.on("request", watched.note_request)
        return watched

    yield open_page
    for context in contexts:
        context.close()
