"""Run notebooks and save them as pages: `python -m tools.run_notebooks OUT FILE …`.

The same notebooks give the same bytes on every run, and the pages ask for nothing from the
network. A widget does nothing in a page: it is left out, and what stands beside it stays.
"""

from __future__ import annotations

import argparse
import asyncio
import re
import sys
from collections.abc import Sequence
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError
from nbconvert import HTMLExporter
from nbformat import NotebookNode

AT_ONCE = 2
WIDGET = "application/vnd.jupyter.widget-view+json"
STYLED = re.compile(r"\bT_[0-9a-f]{5}(?=[ _\"])")
"""The id that pandas draws at random for a styled table."""

# The page's template would fetch these when it is opened.
NO_NETWORK = dict.fromkeys(
    (
        "jquery_url",
        "mathjax_url",
        "mermaid_js_url",
        "require_js_url",
        "html_manager_semver_range",
        "widget_renderer_url",
    ),
    "",
)


async def run_notebook(path: Path) -> NotebookNode:
    """Run a notebook in its own folder and a kernel of its own; an error in a cell is raised."""
    notebook: NotebookNode = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    client = NotebookClient(
        notebook,
        timeout=600,
        kernel_name="python3",
        resources={"metadata": {"path": str(path.parent)}},
        record_timing=False,
        store_widget_state=False,
        extra_arguments=["--log-level=ERROR"],
    )
    await client.async_execute()
    settle_outputs(notebook)
    return notebook


def settle_outputs(notebook: NotebookNode) -> None:
    """Drop the outputs that only a live widget can show; name styled tables by their cells."""
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        cell.outputs = [output for output in cell.outputs if WIDGET not in output.get("data", {})]
        for number, output in enumerate(cell.outputs):
            page = output.get("data", {}).get("text/html")
            if page:
                output.data["text/html"] = STYLED.sub(f"T_{cell.id}-{number}", page)


async def make_pages(paths: Sequence[Path], out: Path) -> list[str]:
    """Run notebooks, two at a time; write each as a page of its name, return what failed."""
    out.mkdir(parents=True, exist_ok=True)
    exporter: HTMLExporter = HTMLExporter(**NO_NETWORK)  # type: ignore[no-untyped-call]
    free = asyncio.Semaphore(AT_ONCE)

    async def make_page(path: Path) -> str:
        async with free:
            try:
                notebook = await run_notebook(path)
            except (CellExecutionError, DeadKernelError) as error:
                return f"{path}: {error}"
        names = {"metadata": {"name": path.stem}}
        page, _ = exporter.from_notebook_node(notebook, resources=names)
        (out / f"{path.stem}.html").write_text(page, "utf-8", newline="\n")
        print(path, flush=True)
        return ""

    return list(filter(None, await asyncio.gather(*(make_page(path) for path in paths))))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the notebooks named; return 1 when a cell of one failed."""
    parser = argparse.ArgumentParser(prog="python -m tools.run_notebooks", description=__doc__)
    parser.add_argument("out", type=Path, metavar="OUT", help="folder for the pages")
    parser.add_argument("notebooks", type=Path, nargs="+", metavar="FILE", help="notebooks to run")
    options = parser.parse_args(arguments)
    failed = asyncio.run(make_pages(options.notebooks, options.out))
    for error in failed:
        print(error, file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
