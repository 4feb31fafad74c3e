"""The files around the code stay true to it: pins, environment, citation, README, dictionary."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from resanalysis.__main__ import main
from resanalysis.export import write_dictionary

ROOT = Path(__file__).parents[1]
CONDA_NAMES = {"matplotlib": "matplotlib-base"}


@pytest.fixture(scope="module")
def project():
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


@pytest.fixture(scope="module")
def environment():
    return yaml.safe_load((ROOT / "environment.yml").read_text("utf-8"))


def conda_pins(environment):
    lines = [line for line in environment["dependencies"] if isinstance(line, str)]
    parsed = [re.fullmatch(r"([a-z0-9_.-]+)(?: (\S+))?", line) for line in lines]
    assert all(parsed), lines
    return {match[1]: specifiers(match[2] or "") for match in parsed}


def specifiers(bounds):
    """Return conda's bounds as Python's; `=3.12` is any 3.12."""
    return SpecifierSet(re.sub(r"^=([\d.]+)$", r"==\1.*", bounds))


def test_environment_yml_has_the_bounds_of_pyproject(project, environment):
    wanted = {}
    for line in project["project"]["dependencies"]:
        requirement = Requirement(line)
        wanted[CONDA_NAMES.get(requirement.name, requirement.name)] = requirement.specifier
    pins = conda_pins(environment)
    pins.pop("pip")
    pins.pop("python")
    assert pins == wanted


def test_environment_yml_names_one_python_that_the_package_allows_and_binder_can_read(
    project, environment
):
    # repo2docker, which builds for Binder, takes the version from a line of this form only.
    line = next(line for line in environment["dependencies"] if str(line).startswith("python "))
    version = re.fullmatch(r"python =(3\.\d+)", line)[1]
    assert SpecifierSet(project["project"]["requires-python"]).contains(f"{version}.0")


def test_binder_finds_its_environment_in_the_root_and_nowhere_before():
    before = ("binder", ".binder", "Dockerfile", "Pipfile", "apt.txt", "runtime.txt")
    assert [name for name in before if (ROOT / name).exists()] == []


def test_environment_yml_installs_the_package_by_pip(environment):
    assert {"pip": ["--editable ."]} in environment["dependencies"]


def lock_entries():
    text = (ROOT / "requirements.lock").read_text("utf-8").replace("\\\n", " ")
    return [line for line in text.splitlines() if line.strip()]


def test_lock_pins_every_package_with_hashes():
    for line in lock_entries():
        assert re.match(r"[\w.\[\]-]+==\S+", line), line[:80]
        assert "--hash=sha256:" in line, line[:80]


def test_lock_holds_no_address():
    assert "://" not in (ROOT / "requirements.lock").read_text("utf-8")


@pytest.mark.parametrize("python", ["3.11.7", "3.12.1", "3.13.0"])
def test_lock_meets_the_bounds_for_each_python(project, python):
    pinned = {}
    for line in lock_entries():
        requirement = Requirement(line.split("--hash")[0].strip())
        marker = requirement.marker
        version = {"python_full_version": python, "python_version": python.rsplit(".", 1)[0]}
        if marker is None or marker.evaluate(version):
            pinned[requirement.name.lower()] = str(requirement.specifier).removeprefix("==")
    groups = project["project"]["dependencies"] + project["dependency-groups"]["dev"]
    for line in groups:
        requirement = Requirement(line)
        assert pinned[requirement.name.lower()] in requirement.specifier, line


def test_citation_names_the_version_of_the_package(project):
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    assert str(citation["version"]) == project["project"]["version"]


def test_changelog_opens_with_the_version_of_the_package(project):
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert re.search(r"^## (\S+)", text, re.MULTILINE)[1] == project["project"]["version"]


def test_every_dependency_has_its_reason(project):
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8").lower()
    names = {Requirement(line).name for line in project["project"]["dependencies"]}
    assert [name for name in sorted(names) if name not in text] == []


@pytest.mark.parametrize("page", ["README.md", "corpora/README.md"])
def test_shell_commands_of_the_docs_are_understood(page, capsys):
    text = (ROOT / page).read_text("utf-8")
    commands = re.findall(r"^python -m resanalysis (\w+) (.*?)(?: #.*| >.*)?$", text, re.MULTILINE)
    assert commands
    for name, rest in commands:
        with pytest.raises(SystemExit) as stop:  # argparse parses what stands before --help
            main([name, *rest.split(), "--help"])
        assert stop.value.code == 0
        assert f"resanalysis {name}" in capsys.readouterr().out


def test_make_targets_of_the_readme_exist():
    wanted = set(
        re.findall(r"`make ([\w-]+)`|^make ([\w-]+)$", (ROOT / "README.md").read_text("utf-8"))
    )
    names = {name for pair in wanted for name in pair if name}
    names |= set(re.findall(r"^make ([\w-]+)$", (ROOT / "README.md").read_text("utf-8"), re.M))
    makefile = (ROOT / "Makefile").read_text("utf-8")
    assert {"analysis", "test", "lab"} <= names
    assert [name for name in names if not re.search(rf"^{name}:", makefile, re.M)] == []


def test_links_of_the_docs_lead_to_files():
    pages = [ROOT / "README.md", ROOT / "corpora/README.md", ROOT / "CONTRIBUTING.md"]
    for page in pages:
        for target in re.findall(r"\]\(([^)#]+)\)", page.read_text("utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_data_dictionary_is_made_from_the_column_descriptions(tmp_path):
    made = write_dictionary(tmp_path / "dictionary.md").read_text("utf-8")
    assert (ROOT / "docs/data-dictionary.md").read_text("utf-8") == made, "run: make docs"
