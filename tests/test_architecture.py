"""The house: who may import whom, and what the foundation keeps away from."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "resanalysis"
MODULES = sorted(path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py"))

ABOVE = {
    "__init__",
    "__main__",
    "batch",
    "study",
    "checks",
    "collection",
    "explore",
    "results",
    "review",
    "robustness",
    "shell",
}
"""What stands above the stages and may import them: the study, its checks, its results."""

FOUNDATION = {
    "model": {"model"},
    "labels": set[str](),
    "folding": set[str](),
    "wordfile": {"model"},
    "sheetfile": set[str](),
    "holding": {"model"},
    "tables": {"tables"},
}
"""What every stage may import, and what of ours these import themselves."""


def stage_of(module: str) -> str:
    """Return the stage a file belongs to: its module, or the package it stands in."""
    return Path(module).parts[0].removesuffix(".py")


def imported_names(module: str, *, types: bool = True) -> set[str]:
    """Return everything a file imports, wherever in it, as dotted names.

    Without `types` what only a type checker reads is left out.
    """
    names: set[str] = set()
    waiting: list[ast.AST] = [ast.parse((PACKAGE / module).read_text("utf-8"))]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING" and not types:
            continue
        waiting += ast.iter_child_nodes(node)
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}: imports are absolute"
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module"):
            names |= {arg.value for arg in node.args if isinstance(arg, ast.Constant)}
    return names


def imported_stages(module: str) -> set[str]:
    """Return our own stages that a file imports."""
    found = {
        name.split(".")[1] for name in imported_names(module) if name.startswith("resanalysis.")
    }
    stages = {stage_of(other) for other in MODULES}
    return {name if name in stages else "__init__" for name in found}


@pytest.mark.parametrize("module", [m for m in MODULES if stage_of(m) not in ABOVE])
def test_a_stage_imports_the_foundation_and_itself_only(module: str) -> None:
    stage = stage_of(module)
    allowed = FOUNDATION.get(stage, {*FOUNDATION, stage})
    assert imported_stages(module) <= allowed


@pytest.mark.parametrize(
    ("library", "homes"),
    [
        ("spacy", {"pipeline"}),
        ("jieba", {"pipeline"}),
        ("matplotlib", {"figures"}),
        ("openpyxl", {"coding", "export"}),
        ("pyarrow", {"batch"}),
        ("distributed", {"batch"}),
    ],
)
def test_a_heavy_library_has_one_home(library: str, homes: set[str]) -> None:
    users = {
        stage_of(module)
        for module in MODULES
        if any(name.split(".")[0] == library for name in imported_names(module, types=False))
    }
    assert users
    assert users <= homes


@pytest.mark.parametrize("module", MODULES)
def test_no_module_is_a_drawer_for_odds_and_ends(module: str) -> None:
    assert Path(module).stem not in {"utils", "util", "helpers", "common", "misc"}


@pytest.mark.parametrize("module", [m for m in MODULES if m != "__main__.py"])
def test_only_the_shell_prints(module: str) -> None:
    calls = [
        node
        for node in ast.walk(ast.parse((PACKAGE / module).read_text("utf-8")))
        if isinstance(node, ast.Call)
    ]
    assert not [
        call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "print"
    ]


def test_importing_the_package_loads_nothing_heavy() -> None:
    code = (
        "import sys, resanalysis; "
        "heavy = {'pandas', 'spacy', 'matplotlib', 'jieba', 'scipy', 'openpyxl', 'pyarrow'}; "
        "print(*(heavy & set(sys.modules)))"
    )
    done = subprocess.run(  # noqa: S603 - our own interpreter, our own line
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    )
    assert done.stdout.split() == []
