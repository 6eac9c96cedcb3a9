"""Where the book's conversations are: beside the chapters in a clone, in the installed package elsewhere."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from kefu import beside
from kefu.errors import expected
from kefu.talk.check import faults
from kefu.talk.scenario import Scenario, only, scenario, table

SAMPLE = Path(__file__).with_name("sample.toml")
"""A short conversation that belongs to no chapter: for the gallery, and for whoever writes one."""
ENDING = "talks.toml"


def files() -> list[Path]:
    """Return the files of all conversations of the book, the sample last."""
    return [*beside.every(ENDING), SAMPLE]


def find(name: str) -> Scenario:
    """Return the conversation of that name, wherever in the book it stands.

    Raises ``ValueError`` where there is none of that name, or where it has a fault.
    """
    for path in files() if isinstance(name, str) else ():
        text = path.read_text(encoding="utf-8")
        # to read every file as TOML would take a page's Python a second
        if name in text and name in tables(text, path.name):
            return _sound(name, text, path.name)
    there = "、".join(one for path in files() for one in names(path))
    raise ValueError(expected("name", f"one of {there}", f"{there}之一", name))


def names(path: Path) -> list[str]:
    """Return the names of a file's conversations."""
    return list(tables(path.read_text(encoding="utf-8"), path.name))


def scenarios(path: str | Path) -> dict[str, Scenario]:
    """Return a file's conversations by their names, in order.

    Raises ``ValueError`` that names the talk and the turn, what was expected and what came.
    """
    path = beside.find(path)
    text = path.read_text(encoding="utf-8")
    return {name: _sound(name, text, path.name) for name in tables(text, path.name)}


@cache
def _sound(name: str, text: str, file: str) -> Scenario:
    """Return a conversation of a file's text, looked through once: all its ways are walked."""
    return sound(name, tables(text, file)[name])


def sound(name: str, told: Any) -> Scenario:
    """Return the conversation that a table of TOML tells; ``ValueError`` says the first fault."""
    one = scenario(name, told)
    for fault in faults(one):
        raise ValueError(fault)
    return one


@cache
def tables(text: str, file: str) -> dict[str, Any]:
    """Return the tables of a file's conversations by their names; ``ValueError`` names the file.

    Each text is read once; do not change what is returned.
    """
    told = beside.toml(text, file)
    only(file, told, {"talk"})
    return table(told.get("talk"), file)
