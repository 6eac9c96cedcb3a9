"""Which tables a notebook's live cells read: only those travel to the page, so each has to be listed.

The cells run as in the page, without pandas, matplotlib and IPython, in a Python of their own that
notes every file of the datasets that is opened; then every control of every demo is moved, since a
demo may read a table only when it is asked for it.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from web.book import Chapter
from web.extensions.live.collect import live_cells

PAGE = """
import ast, contextlib, io, json, sys
from pathlib import Path
for name in ("pandas", "numpy", "matplotlib"):
    sys.modules[name] = None
import ipywidgets
from kefu import data
home, opened = str(data.folder()), set()

def note(event, given):
    if event == "open" and isinstance(given[0], str) and given[0].startswith(home):
        opened.add(Path(given[0]).name)

def move(control):
    if isinstance(control, ipywidgets.widget_selection._Selection):
        for index in range(len(control.options)):
            control.index = index
    elif isinstance(control.value, bool):
        control.value = not control.value
    elif isinstance(control.value, (int, float)) and hasattr(control, "min"):
        control.value = control.min
        control.value = control.max
    elif isinstance(control, (ipywidgets.Text, ipywidgets.Textarea, ipywidgets.Combobox)):
        control.value = "在吗"

sys.addaudithook(note)
space = {"__name__": "__main__"}
shown, demos = [], []
for source in json.load(sys.stdin):
    tree = ast.parse(source)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    value = None
    with contextlib.redirect_stdout(io.StringIO()) as out:
        exec(compile(tree, "cell", "exec"), space)
        if last is not None:
            value = eval(compile(ast.Expression(last.value), "cell", "eval"), space)
    html = None
    if hasattr(value, "_repr_mimebundle_"):
        html = value._repr_mimebundle_().get("text/html")
    elif hasattr(value, "_repr_html_"):
        html = value._repr_html_()
    shown.append([out.getvalue(), html, None if value is None else repr(value)])
    demos.append(value)
with contextlib.redirect_stdout(io.StringIO()):
    for demo in demos:
        for control in getattr(demo, "controls", {}).values():
            move(control)
json.dump([shown, sorted(opened)], sys.stdout)
"""


@dataclass(frozen=True)
class Run:
    """What live cells did: for each what it printed, its HTML, its value; the dataset files opened."""

    shown: list[tuple[str, str | None, str | None]]
    opened: list[str]


def run(path: Path) -> Run:
    """Run a notebook's live cells in order as the page does, then move every control.

    Raises ``RuntimeError`` with the cells' own traceback where one of them fails.
    """
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", PAGE],
        input=json.dumps([cell.source for cell in live_cells(path)]),
        cwd=path.parent, capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"{path.name}: a live cell fails without pandas:\n{done.stderr}")
    shown, opened = json.loads(done.stdout)
    return Run([tuple(one) for one in shown], opened)


def faults(chapter: Chapter, opened: list[str]) -> list[str]:
    """Return a line for each table that is read and not listed, or listed and not read."""
    listed: list[Any] = chapter.told().get("tables", [])
    names = {f"{table}.csv" for table in listed}
    where = f"tables of {chapter.source.name}"
    missing = [
        f"{where}: a live cell reads {name}, which is not listed"
        for name in opened
        if name not in names
    ]
    unused = [f"{where}: no live cell reads {name}" for name in sorted(names - {*opened})]
    return missing + unused
