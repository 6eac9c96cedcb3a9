"""Run every notebook and store its outputs, so that two runs give byte-identical files.

``--check`` runs them into memory instead and lists, cell by cell, every stored output that is
stale or missing; it changes nothing.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from queue import Empty
from time import monotonic
from typing import Any

import nbformat
from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.channels import AsyncZMQSocketChannel
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from tools.paths import ROOT
from web.book import notebooks, ready

WIDGET = "application/vnd.jupyter.widget-view+json"
KEPT_METADATA = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
                 "language_info": {"name": "python"}}  # fmt: skip
SILENT = "no-output"
"""Tag of a code cell that is meant to show nothing, such as the imports."""


def chosen(number: str) -> list[Path]:
    """Return the notebook of chapter ``number``, or all of the book; a bad number ends in one line."""
    try:
        return [ready(number)] if number else notebooks()
    except ValueError as error:
        sys.exit(f"kefu: {error}")


TURN = 0.2


class Channel(AsyncZMQSocketChannel):
    """A channel that looks again every ``TURN`` seconds whether a message has come.

    The answer to a widget is sent past the asynchronous socket that waits for a cell's reply, and
    so may swallow the sign that the reply is there: one run in twelve then waited 120 s for it.
    """

    async def get_msg(  # type: ignore[override]  # as in the class above it
        self, timeout: float | None = None
    ) -> dict[str, Any]:
        """Return the next message; raises ``queue.Empty`` when none came within ``timeout`` seconds."""
        end = monotonic() + (timeout if timeout is not None else float("inf"))
        while (left := end - monotonic()) > TURN:
            try:
                return await super().get_msg(TURN)
            except Empty:
                continue
        return await super().get_msg(max(left, 0))


class Client(AsyncKernelClient):
    """A kernel's client whose replies come on such a channel."""

    shell_channel_class = Channel


class Manager(AsyncKernelManager):
    """A kernel's manager that gives such clients."""

    client_factory = Client


def run(path: Path) -> nbformat.NotebookNode:
    """Run one notebook from top to bottom in a fresh kernel and return it in canonical form."""
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook,
        kernel_name="python3",
        kernel_manager_class=Manager,
        timeout=120,
        store_widget_state=True,
        record_timing=False,
        coalesce_streams=True,  # however the kernel cuts what is printed
        extra_arguments=["--IPKernelApp.log_level=ERROR"],
        resources={"metadata": {"path": str(path.parent)}},
    )
    client.execute()
    return canonical(notebook)


def canonical(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Drop what differs from run to run or machine to machine: versions, timings, widget ids.

    A demo keeps its static picture and loses its widget, whose model lives only in a kernel.
    """
    notebook.metadata = nbformat.from_dict(KEPT_METADATA)
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        if cell.cell_type != "code":
            continue
        for output in cell.outputs:
            output.get("data", {}).pop(WIDGET, None)
            output.get("metadata", {}).pop(WIDGET, None)
    return notebook


def text(notebook: nbformat.NotebookNode) -> str:
    """Return a notebook as its file's text."""
    return str(nbformat.writes(notebook)) + "\n"


def faults(stored: nbformat.NotebookNode, fresh: nbformat.NotebookNode) -> list[str]:
    """Return what is wrong with stored outputs, given the same notebook run afresh."""
    found: list[str] = []
    number = 0
    for place, (old, new) in enumerate(zip(stored.cells, fresh.cells, strict=True), start=1):
        if old.cell_type != "code" or not old.source.strip():
            continue
        number += 1
        where = f"cell {place} ({old.source.splitlines()[0][:40]!r})"
        silent = SILENT in old.metadata.get("tags", [])
        if old.execution_count != number:
            found.append(f"{where}: ran as [{old.execution_count}], not in order as [{number}]")
        if not old.outputs and not silent:
            found.append(f"{where}: has no output; run `make notebooks`, or tag it {SILENT}")
        if new.outputs and silent:
            found.append(f"{where}: is tagged {SILENT} but shows something")
        if any(bad(output) for output in old.outputs):
            found.append(f"{where}: stores an error or a warning")
        if old.outputs != new.outputs:
            found.append(f"{where}: stored output is stale; run `make notebooks`")
    if not found and text(stored) != text(fresh):
        found.append("metadata is not canonical; run `make notebooks`")
    return found


def bad(output: Any) -> bool:
    """Tell whether a stored output is an error or a warning on the terminal."""
    return bool(output.output_type == "error") or output.get("name") == "stderr"


def check(path: Path) -> list[str]:
    """Run a notebook afresh and return what is wrong with the stored one."""
    try:
        fresh = run(path)
    except CellExecutionError as error:
        return [f"does not run from top to bottom: {error.ename}: {error.evalue}"]
    return faults(nbformat.read(path, as_version=4), fresh)


def main() -> None:
    """Store all outputs, or with ``--check`` report stale ones."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="report stale outputs, change nothing")
    parser.add_argument("--chapter", default="", help="run this one only, such as 02")
    given = parser.parse_args()
    wrong = 0
    for path in chosen(given.chapter):
        print(f"kefu: running {path.relative_to(ROOT)} ...", flush=True)
        if given.check:
            found = check(path)
            wrong += len(found)
            print("\n".join(f"    {line}" for line in found))
        else:
            try:
                path.write_text(text(run(path)), encoding="utf-8")
            except CellExecutionError as error:
                sys.exit(f"kefu: {path.relative_to(ROOT)} does not run:\n{error}")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
