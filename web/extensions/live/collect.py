"""Collect a notebook's live cells and check that the page can have what they import."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Set
from dataclasses import dataclass
from pathlib import Path

import nbformat

from web.build import imported

PICTURE = re.compile(r"""class=(["'])[^"']*\blive-picture\b""")
"""A demo's static picture in a stored output, told by its HTML class."""

ABSENT = frozenset({
    "aifc", "asynchat", "asyncore", "audioop", "cgi", "cgitb", "chunk", "crypt", "curses", "dbm",
    "distutils", "ensurepip", "grp", "imghdr", "imp", "lib2to3", "mailcap", "msilib", "msvcrt",
    "nis", "nntplib", "nt", "ossaudiodev", "pipes", "pwd", "pydoc_data", "readline", "resource",
    "smtpd", "sndhdr", "spwd", "sunau", "syslog", "telnetlib", "tkinter", "turtle", "turtledemo",
    "uu", "venv", "winreg", "winsound", "xdrlib",
})  # fmt: skip
"""Names of the standard library, of some Python that builds the book, which Pyodide is without."""


@dataclass(frozen=True)
class Cell:
    """A live cell: its place in the notebook, its source, whether its output is a demo's picture.

    Whenever a reader runs an ``exercise``, the live cell after it, its check, runs as well.
    """

    index: int
    source: str
    setup: bool
    demo: bool
    exercise: bool = False

    def public(self) -> dict[str, object]:
        """Return what the page needs to know."""
        told = {"index": self.index, "source": self.source, "setup": self.setup}
        return {**told, "exercise": True} if self.exercise else told


def live_cells(path: Path) -> list[Cell]:
    """Return the cells tagged ``live`` or ``live-setup``, in order, hidden inputs included."""
    cells = []
    for index, cell in enumerate(nbformat.read(path, as_version=4).cells):
        tags = set(cell.metadata.get("tags", []))
        if cell.cell_type == "code" and tags & {"live", "live-setup"}:
            html = [str(o.get("data", {}).get("text/html", "")) for o in cell.outputs]
            demo = any(PICTURE.search(text) for text in html)
            setup, exercise = "live-setup" in tags, "exercise" in tags
            cells.append(Cell(index, cell.source, setup, demo, exercise))
    return cells


def foreign_imports(cells: Iterable[Cell], allowed: Set[str]) -> list[str]:
    """Return a complaint for each name imported that is neither standard nor in the archive.

    A cell that is not plain Python, such as one with an IPython magic, is a complaint as well.
    """
    known = (sys.stdlib_module_names - ABSENT) | allowed | {"IPython"}
    wrong = []
    for cell in cells:
        try:
            names = sorted(imported(cell.source))
        except SyntaxError as error:
            wrong.append(
                f"live cell {cell.index + 1} is not plain Python: {error.msg}, line {error.lineno}"
            )
            continue
        wrong += [
            f"live cell {cell.index + 1} imports {name!r}, which the page cannot have "
            f"(it has the standard library and {', '.join(sorted(allowed))})"
            for name in names
            if name.split(".")[0] not in known
        ]
    return wrong
