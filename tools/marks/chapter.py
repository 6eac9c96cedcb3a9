"""What is to be marked of a chapter: its exercises, from the notebook's cells."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

HEADING = re.compile(r"^### (练习(\d+)\s*(★*)\s*(.*))$", re.M)


@dataclass(frozen=True)
class Cell:
    """A cell of a notebook."""

    id: str
    source: str
    tags: frozenset[str]
    code: bool


@dataclass(frozen=True)
class Exercise:
    """An exercise that is checked by code.

    ``cell`` is where the reader writes, ``name`` the function that it defines; ``checked`` is the
    function that the check calls, which is another where what is written is judged and not compared;
    ``cases`` is the name of its cases, ``number`` the exercise's in the book, ``stars`` its points.
    """

    number: int
    title: str
    stars: int
    cell: str
    check: str
    solution: str
    name: str
    checked: str
    cases: str

    @property
    def judged(self) -> bool:
        """Whether what the function gives is judged by rules, so that many answers are right."""
        return self.name != self.checked

    @property
    def label(self) -> str:
        """What the table calls it, such as 练习1."""
        return f"练习{self.number}"


def cells(notebook: Path) -> list[Cell]:
    """Return the cells of a notebook of the book."""
    told = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return [
        Cell(one["id"], "".join(one["source"]), frozenset(one["metadata"].get("tags", [])),
             one["cell_type"] == "code")
        for one in told
    ]  # fmt: skip


def checks(source: str) -> Iterator[tuple[str, str]]:
    """Yield the names of function and cases of each ``demos.check`` in a cell."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "demos.check":
            function, cases = (ast.unparse(argument) for argument in node.args)
            yield function, cases


def defined(source: str) -> list[str]:
    """Return the names of the functions that a cell defines; none where it is no Python."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    return [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]


def exercises(found: list[Cell]) -> list[Exercise]:
    """Return the exercises of a chapter that code checks, in their order."""
    made, heading, task, check = [], (0, "", 0), None, None
    for cell in found:
        if not cell.code:
            for whole, number, stars, _ in HEADING.findall(cell.source):
                heading = (int(number), whole, len(stars))
        elif "exercise" in cell.tags:
            task = cell
        elif "solution" in cell.tags and task and check:
            for function, cases in checks(cell.source):
                number, title, stars = heading
                made.append(Exercise(number, title, max(stars, 1), task.id, check.id, cell.id,
                                     defined(task.source)[-1], function, cases))  # fmt: skip
        elif "demos.check(" in cell.source:
            check = cell
    return made


def only_shows(source: str) -> bool:
    """Tell whether a cell only shows demos, which nothing that follows needs."""
    body = ast.parse(source).body
    return all(
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Call)
        and ast.unparse(node.value.func).startswith("demos.")
        for node in body
    )


def needed(found: list[Cell]) -> list[Cell]:
    """Return the code cells that the chapter's exercises may need, up to the last solution."""
    last = max((at for at, cell in enumerate(found) if "solution" in cell.tags), default=-1)
    return [cell for cell in found[: last + 1] if cell.code and not only_shows(cell.source)]


def given(found: list[Cell]) -> list[Cell]:
    """Return those of them that a student has before writing: no check, no solution, no answer."""
    return [
        cell
        for cell in needed(found)
        if not cell.tags & {"solution", "exercise"} and "demos.check(" not in cell.source
    ]
