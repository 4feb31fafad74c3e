"""Fixtures that more than one test module uses."""

from pathlib import Path

import pytest
from hypothesis import settings

# The same examples on every run and no clock: a test that passed fails only when code changed.
# `pytest --hypothesis-profile=search` looks for new ones.
settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.register_profile("search", deadline=None)
settings.load_profile("repeatable")

DATA = Path(__file__).parent / "data"


@pytest.fixture(scope="session")
def small_corpus() -> Path:
    """Return the folder of the invented resolution that holds every kind of change."""
    return DATA / "small"


@pytest.fixture(scope="session")
def small_versions() -> dict[str, str]:
    """Return the true versions of the invented resolution, as `old` and `new`."""
    folder = DATA / "small-versions"
    return {version: (folder / f"{version}.txt").read_text("utf-8") for version in ("old", "new")}
