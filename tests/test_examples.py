"""The examples in the docstrings run and give what they show."""

import doctest
import pkgutil
from importlib import import_module
from pathlib import Path

import pytest

import resanalysis

ROOT = Path(__file__).parents[1]
MODULES = [
    "resanalysis",
    *(
        module.name
        for module in pkgutil.walk_packages(resanalysis.__path__, "resanalysis.")
        if not module.name.endswith("__main__")
    ),
]


@pytest.mark.parametrize("name", MODULES)
def test_examples_run(name, monkeypatch):
    monkeypatch.chdir(ROOT)
    assert doctest.testmod(import_module(name)).failed == 0


def test_there_are_examples():
    finder = doctest.DocTestFinder()
    examples = [e for n in MODULES for t in finder.find(import_module(n)) for e in t.examples]
    assert len(examples) > len(MODULES)
