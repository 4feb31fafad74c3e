"""Every notebook runs from top to bottom in a fresh kernel, and keeps the house rules."""

import asyncio
import json
import re
import shutil
from pathlib import Path

import matplotlib.font_manager  # noqa: F401 - builds its cache here, or the first kernel says so
import nbformat
import pytest
from nbclient import NotebookClient
from nbformat import NotebookNode

from resanalysis.model import LANGUAGES
from resanalysis.results import FIGURES, ROBUSTNESS_FIGURES

ROOT = Path(__file__).parents[1]
NOTEBOOKS = {
    path.relative_to(ROOT).as_posix(): path
    for path in sorted((ROOT / "notebooks").rglob("*.ipynb"))
    if ".ipynb_checkpoints" not in path.parts
}
RESEARCH = [name for name in NOTEBOOKS if "/research/" in name]
TEACHING = [name for name in NOTEBOOKS if "/teaching/" in name]
LESSONS = [name for name in TEACHING if not name.endswith("-solutions.ipynb")]
AT_ONCE = 3
LARGEST = 1_500_000
"""Bytes that the outputs of a notebook may take: figures are drawn at the size of a screen."""

CHINESE, LATIN = re.compile("[一-龥]"), re.compile("[A-Za-z]{2}")
SHOWN = {
    "text/html",
    "text/markdown",
    "image/png",
    "application/vnd.jupyter.widget-view+json",
}

every_notebook = pytest.mark.parametrize("name", NOTEBOOKS)


def read(name: str) -> NotebookNode:
    return nbformat.read(NOTEBOOKS[name], as_version=4)


def code_cells(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def headings(notebook: NotebookNode) -> list[str]:
    prose = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    return [line for text in prose for line in text.splitlines() if line.startswith("#")]


def files_in(folder: Path) -> dict[str, bytes]:
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


# --- running them -------------------------------------------------------------------------------


async def run_all(desk: Path) -> dict[str, NotebookNode]:
    """Run the notebooks, a few at a time, each in its own kernel and its own folder."""
    notebooks = {name: read(name) for name in NOTEBOOKS}
    clients = [
        NotebookClient(
            notebook,
            timeout=600,
            kernel_name="python3",
            resources={"metadata": {"path": str((desk / name).parent)}},
            allow_errors=True,  # an error is an output like others, which the tests look at
        )
        for name, notebook in notebooks.items()
    ]
    free = asyncio.Semaphore(AT_ONCE)

    async def run(client: NotebookClient) -> None:
        async with free:
            await client.async_execute()

    # A lesson and its solutions write to the same places: one after the other, as students do.
    twins = [name.endswith("-solutions.ipynb") for name in notebooks]
    for later in (False, True):
        turn = [client for client, twin in zip(clients, twins, strict=True) if twin is later]
        await asyncio.gather(*(run(client) for client in turn))
    return notebooks


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of what the notebooks see, so that running them writes nowhere else."""
    folder = tmp_path_factory.mktemp("desk")
    for part in ("notebooks", "corpora"):
        shutil.copytree(
            ROOT / part, folder / part, ignore=shutil.ignore_patterns(".ipynb_checkpoints")
        )
    return folder


@pytest.fixture(scope="module")
def files_before(desk: Path) -> dict[str, bytes]:
    return files_in(desk)


@pytest.fixture(scope="module")
def executed(
    desk: Path,
    files_before: dict[str, bytes],  # noqa: ARG001 - taken before anything runs
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[str, NotebookNode]:
    with pytest.MonkeyPatch.context() as patch:
        # The user's IPython has a history, which kernels side by side quarrel about, and settings.
        patch.setenv("IPYTHONDIR", str(tmp_path_factory.mktemp("ipython")))
        return asyncio.run(run_all(desk))


@every_notebook
def test_runs_without_error_and_without_a_word_on_standard_error(
    executed: dict[str, NotebookNode], name: str
) -> None:
    said = [
        (cell.id, output.get("ename"), output.get("evalue") or output.get("text"))
        for cell in code_cells(executed[name])
        for output in cell.outputs
        if output.output_type == "error" or output.get("name") == "stderr"
    ]
    assert said == []


@every_notebook
def test_every_cell_is_run_in_order(executed: dict[str, NotebookNode], name: str) -> None:
    cells = code_cells(executed[name])
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))


@every_notebook
def test_results_are_shown_as_tables_text_or_figures_not_as_raw_values(
    executed: dict[str, NotebookNode], name: str
) -> None:
    results = [
        (cell.id, output.data)
        for cell in code_cells(executed[name])
        for output in cell.outputs
        if output.output_type in ("execute_result", "display_data")
    ]
    assert len(results) >= 5
    assert [(cell, data) for cell, data in results if not SHOWN & set(data)] == []


@every_notebook
def test_what_we_found_is_computed(executed: dict[str, NotebookNode], name: str) -> None:
    cells = executed[name].cells
    start = next(i for i, cell in enumerate(cells) if "What we found" in cell.source)
    found = code_cells(NotebookNode(cells=cells[start:]))
    assert found
    for cell in found:
        assert re.search(r"\d", "".join(output.data["text/markdown"] for output in cell.outputs))


@every_notebook
def test_the_outputs_are_small(executed: dict[str, NotebookNode], name: str) -> None:
    outputs = [output for cell in code_cells(executed[name]) for output in cell.outputs]
    assert outputs
    assert len(json.dumps(outputs, ensure_ascii=False).encode()) < LARGEST


def test_running_writes_into_results_only(
    executed: dict[str, NotebookNode],  # noqa: ARG001 - the notebooks have run
    desk: Path,
    files_before: dict[str, bytes],
) -> None:
    after = files_in(desk)
    assert {name: after.get(name) for name in files_before} == files_before
    written = set(after) - set(files_before)
    assert {name.split("/")[0] for name in written} == {"results"}
    assert "/results/" in (ROOT / ".gitignore").read_text("utf-8").splitlines()


def test_the_figures_for_a_paper_are_saved(
    executed: dict[str, NotebookNode],  # noqa: ARG001 - the notebooks have run
    desk: Path,
) -> None:
    paper = desk / "results" / "paper"
    endings = ["pdf", "svg", "png", "csv", "caption.zh.txt", "caption.en.txt", "provenance.json"]
    chosen = {"single-column": ("topic-shares", "change-origin", "word-shift")}
    for folder, names in {"": (*FIGURES, *ROBUSTNESS_FIGURES), **chosen}.items():
        stems = [f"{name}-{language}" for name in names for language in LANGUAGES]
        made = {path.name for path in (paper / folder).iterdir() if path.is_file()}
        assert made == {f"{stem}.{ending}" for stem in stems for ending in endings}
    assert (paper / "tables" / "topic-shift-zh.tex").is_file()


# --- lessons and their solutions -----------------------------------------------------------------

every_lesson = pytest.mark.parametrize("lesson", LESSONS)


def solutions_of(lesson: str) -> str:
    return lesson.removesuffix(".ipynb") + "-solutions.ipynb"


def exercises(notebook: NotebookNode, part: str) -> list[str]:
    found = [re.fullmatch(rf"exercise-(\d+)-{part}", cell.id) for cell in code_cells(notebook)]
    return [match[1] for match in found if match]


def verdicts(notebook: NotebookNode) -> dict[str, str]:
    return {
        cell.id: "".join(output.data["text/markdown"] for output in cell.outputs)
        for cell in code_cells(notebook)
        if re.fullmatch(r"exercise-\d+-check", cell.id)
    }


@every_lesson
def test_a_lesson_has_exercises_in_order_each_with_an_answer_and_a_check(lesson: str) -> None:
    numbers = exercises(read(lesson), "check")
    assert numbers == [str(n) for n in range(1, len(numbers) + 1)]
    assert len(numbers) >= 3
    assert sorted(set(exercises(read(lesson), "answer"))) == sorted(numbers)


@every_lesson
def test_a_lesson_as_given_kindly_says_what_is_missing(
    executed: dict[str, NotebookNode], lesson: str
) -> None:
    said = verdicts(executed[lesson])
    kind = re.compile("yet|missing|empty")
    assert [text for text in said.values() if not kind.search(text) or "✓" in text] == []


@every_lesson
def test_the_solutions_pass_every_check(executed: dict[str, NotebookNode], lesson: str) -> None:
    said = verdicts(executed[solutions_of(lesson)])
    assert said
    assert [text for text in said.values() if not text.startswith("✓ Right")] == []


@every_lesson
def test_lesson_and_solutions_differ_in_opening_and_answers_only(lesson: str) -> None:
    pairs = list(zip(read(lesson).cells, read(solutions_of(lesson)).cells, strict=True))
    assert all(mine.id == theirs.id for mine, theirs in pairs)
    differ = [mine.id for mine, theirs in pairs if mine.source != theirs.source]
    assert differ[0] == "opening"
    assert [cell for cell in differ[1:] if not re.fullmatch(r"exercise-\d+-answer.*", cell)] == []
    answers = {name.split("-")[1] for name in differ[1:]}
    assert answers == set(exercises(read(lesson), "check"))


@every_lesson
def test_a_lesson_is_told_in_both_languages_throughout(lesson: str) -> None:
    prose = [cell for cell in read(lesson).cells if cell.cell_type == "markdown"]
    single = [c.id for c in prose if not (CHINESE.search(c.source) and LATIN.search(c.source))]
    assert single == []


# --- house rules --------------------------------------------------------------------------------


def test_the_notebooks_are_there() -> None:
    assert [Path(name).name[0] for name in RESEARCH] == list("12345678")
    assert [Path(name).name[0] for name in LESSONS] == list("1234567")
    assert set(TEACHING) == {*LESSONS, *map(solutions_of, LESSONS)}


@every_notebook
def test_is_stored_without_outputs_and_with_little_metadata(name: str) -> None:
    notebook = read(name)
    nbformat.validate(notebook)
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    assert set(notebook.metadata) == {"kernelspec", "language_info"}
    assert notebook.metadata.kernelspec.name == "python3"
    assert all(cell.metadata == {} for cell in notebook.cells)
    stored = [c.id for c in code_cells(notebook) if c.outputs or c.execution_count is not None]
    assert stored == []


@every_notebook
def test_cell_ids_are_names(name: str) -> None:
    ids = [cell.id for cell in read(name).cells]
    assert len(set(ids)) == len(ids)
    assert [cell for cell in ids if not re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", cell)] == []


@every_notebook
def test_code_is_thin(name: str) -> None:
    forbidden = {
        "a definition": r"(?m)^\s*(async\s+def|def|class)\s",
        "a lambda": r"\blambda\b",
        "an install, a shell line or a magic": r"(?m)pip install|^\s*[!%]",
        "an absolute path": r"""["'](/[\w.]|~|[A-Za-z]:[\\/])""",
        "an address": r"\b(https?|ftp|file)://",
    }
    for cell in code_cells(read(name)):
        assert len(cell.source.splitlines()) <= 10, cell.id
        broken = [what for what, pattern in forbidden.items() if re.search(pattern, cell.source)]
        assert broken == [], cell.id


@every_notebook
def test_a_sentence_stands_before_every_cell_of_code(name: str) -> None:
    cells = read(name).cells
    alone = [
        cell.id
        for before, cell in zip([None, *cells], cells, strict=False)
        if cell.cell_type == "code" and (before is None or before.cell_type != "markdown")
    ]
    assert alone == []


@every_notebook
def test_headings_are_in_both_languages(name: str) -> None:
    lines = headings(read(name))
    assert lines[0].startswith("# ")
    assert [line for line in lines if not (CHINESE.search(line) and LATIN.search(line))] == []
    assert [line for line in lines[1:] if line.startswith("# ")] == []


@every_notebook
def test_opens_and_ends_as_every_notebook_does(name: str) -> None:
    notebook = read(name)
    announced = (
        ["**Question", "**Input", "**Output"]
        if name in RESEARCH
        else ["**Question", "**Time", "**Level", "**What you need"]
    )
    places = [notebook.cells[0].source.find(word) for word in announced]
    assert -1 not in places
    assert places == sorted(places)
    assert "What we found" in headings(notebook)[-2]
    assert "What it does not show" in headings(notebook)[-1]
