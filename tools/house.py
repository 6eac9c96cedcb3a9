"""Draw the map of the house, ``HOUSE.md``, from the imports of its code, so that it cannot go stale.

A room is what a newcomer looks for: a wing of the package, a module that all wings share, the demos,
the commands, what makes pages. An arrow means "uses"; where one room uses another by way of a third,
only the two arrows of that way are drawn.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from graphlib import TopologicalSorter
from pathlib import Path

import grimp
import nbformat

from tools.paths import ROOT
from web import book

TARGET = ROOT / "HOUSE.md"
ROOMS = ("kefu.*", "web.*", "tools.paths", "tools", "datasets", "hub")
"""The rooms: a package or module by name, or with ``.*`` each of what lies in it."""
CHAPTERS = "notebooks"
Graph = dict[str, set[str]]

PAGE = """\
# The house on one page

`make house` draws this page from the imports; a test keeps it up to date. An arrow means *uses*. Arrows
run one way: notebooks use demos, demos use the wings, wings use what all of them share, and none uses
another. Commands (`tools`) use what makes pages (`web`), never the other way round, except for
`tools.paths`, the one place of paths, which stands below everything. `tests/` mirrors all of it.

```mermaid
flowchart TD
{arrows}
```

| room | where | what it is |
|---|---|---|
{rows}
"""


def room(module: str) -> str:
    """Return the room in which a module stands, "" where it stands in none.

    >>> room("kefu.presales.freight"), room("tools.paths"), room("tools.lab"), room("web")
    ('kefu.presales', 'tools.paths', 'tools', '')
    """
    for name in ROOMS:
        base = name.removesuffix(".*")
        if name == base and (module == base or module.startswith(f"{base}.")):
            return base
        if name != base and module.startswith(f"{base}."):
            return ".".join(module.split(".")[:2])
    return ""


def imported(sources: Iterable[str]) -> set[str]:
    """Return the full names of what pieces of code import; ``from a import b`` may mean ``a.b``."""
    names: set[str] = set()
    for node in (node for source in sources for node in ast.walk(ast.parse(source))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def uses() -> Graph:
    """Return which rooms each room imports from, the chapters' notebooks among them."""
    code = grimp.build_graph("kefu", "web", "tools", "datasets", "hub", cache_dir=None)
    found: Graph = {name: set() for name in map(room, code.modules) if name}
    for module in code.modules:
        if here := room(module):
            there = map(room, code.find_modules_directly_imported_by(module))
            found[here] |= {name for name in there if name not in ("", here)}
    cells = [
        cell.source
        for path in book.notebooks()
        for cell in nbformat.read(path, as_version=4).cells
        if cell.cell_type == "code"
    ]
    found[CHAPTERS] = set(map(room, imported(cells))) & set(found)
    return found


def drawn(graph: Mapping[str, set[str]]) -> Graph:
    """Return the arrows that say all: without those that follow from two others.

    Raises ``graphlib.CycleError`` where rooms use each other in a ring.

    >>> drawn({"a": {"b", "c"}, "b": {"c"}, "c": set()})
    {'c': set(), 'b': {'c'}, 'a': {'b'}}
    """
    order = tuple(
        TopologicalSorter({name: sorted(graph[name]) for name in sorted(graph)}).static_order()
    )
    below: Graph = {}
    for name in order:
        below[name] = graph[name].union(*(below[other] for other in graph[name]))
    return {
        name: {one for one in graph[name] if not any(one in below[other] for other in graph[name])}
        for name in order
    }


def place(name: str) -> Path:
    """Return the folder or file of a room."""
    base = ROOT / "widgets" if name.startswith("kefu.") else ROOT
    folder = base.joinpath(*name.split("."))
    return folder if folder.is_dir() else folder.with_suffix(".py")


def purpose(name: str) -> str:
    """Return the first sentence that a room says of itself; ``ValueError`` where it says nothing."""
    if name == CHAPTERS:
        return "The chapters, one folder a wing; each runs from top to bottom."
    path = place(name)
    source = path / "__init__.py" if path.is_dir() else path
    said = (
        ast.get_docstring(ast.parse(source.read_text(encoding="utf-8"))) if source.is_file() else ""
    )
    if not said:
        raise ValueError(f"house: {name} does not say what it is: give {source} a docstring")
    return " ".join(said.partition("\n\n")[0].split()).replace("``", "`").replace("|", "\\|")


def document() -> str:
    """Return the whole page, the uppermost rooms first."""
    graph = uses()
    arrows = [
        f"    {name} --> {other}"
        for name, others in reversed(drawn(graph).items())
        for other in sorted(others)
    ]
    rows = [
        f"| {name} | `{place(name).relative_to(ROOT).as_posix()}` | {purpose(name)} |"
        for name in sorted(graph)
    ]
    return PAGE.format(arrows="\n".join(arrows), rows="\n".join(rows))


def main() -> None:
    """Write HOUSE.md."""
    TARGET.write_text(document(), encoding="utf-8")


if __name__ == "__main__":
    main()
