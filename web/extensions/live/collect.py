"""Collect a notebook's live cells and check that the page can have what they import."""

from __future__ import annotations

import ast
import builtins
import re
import symtable
import sys
from collections.abc import Iterable, Set
from dataclasses import dataclass, replace
from functools import cache
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
    id: str = ""
    """The notebook's own name of the cell, which stays when cells are put before it."""
    alone: bool = False
    """Whether it may run at any time after the set-up: no cell needs it, and it needs no other."""

    def public(self) -> dict[str, object]:
        """Return what the page needs to know."""
        told = {"index": self.index, "id": self.id, "source": self.source, "setup": self.setup}
        flags = {"exercise": self.exercise, "alone": self.alone}
        return {**told, **{name: True for name, set_ in flags.items() if set_}}


def live_cells(path: Path) -> list[Cell]:
    """Return the cells tagged ``live`` or ``live-setup``, in order, hidden inputs included."""
    cells = []
    for index, cell in enumerate(nbformat.read(path, as_version=4).cells):
        tags = set(cell.metadata.get("tags", []))
        if cell.cell_type == "code" and tags & {"live", "live-setup"}:
            html = [str(o.get("data", {}).get("text/html", "")) for o in cell.outputs]
            demo = any(PICTURE.search(text) for text in html)
            setup, exercise = "live-setup" in tags, "exercise" in tags
            cells.append(Cell(index, cell.source, setup, demo, exercise, cell.get("id", "")))
    return [replace(cell, alone=True) if alone(cell, cells) else cell for cell in cells]


def alone(cell: Cell, cells: Iterable[Cell]) -> bool:
    """Tell whether a cell is a demo that makes no name and uses the set-up's only."""
    try:
        made = {one.index: names(one.source) for one in cells}
        used = {node.id for node in ast.walk(ast.parse(cell.source)) if isinstance(node, ast.Name)}
    except SyntaxError:  # foreign_imports() tells of it
        return False
    early = set(dir(builtins)).union(*(made[one.index] for one in cells if one.setup))
    later = set[str]().union(*(made[one.index] for one in cells if not one.setup))
    own = names(cell.source)
    return cell.demo and not cell.setup and not own and used <= early - later


@cache
def names(source: str) -> frozenset[str]:
    """Return the names that a cell makes."""
    symbols = symtable.symtable(source, "cell", "exec").get_symbols()
    return frozenset(s.get_name() for s in symbols if s.is_assigned() or s.is_imported())


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
