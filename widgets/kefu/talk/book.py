"""Where the book's conversations are: beside the chapters in a clone, in the installed package elsewhere."""

from __future__ import annotations

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
        if name in text:  # to read every file as TOML would take a page's Python a second
            found = tables(text, path)
            if name in found:
                return sound(name, found[name])
    there = "、".join(one for path in files() for one in names(path))
    raise ValueError(expected("name", f"one of {there}", f"{there}之一", name))


def names(path: Path) -> list[str]:
    """Return the names of a file's conversations."""
    return list(tables(path.read_text(encoding="utf-8"), path))


def scenarios(path: str | Path) -> dict[str, Scenario]:
    """Return a file's conversations by their names, in order.

    Raises ``ValueError`` that names the talk and the turn, what was expected and what came.
    """
    path = beside.find(path)
    found = tables(path.read_text(encoding="utf-8"), path)
    return {name: sound(name, one) for name, one in found.items()}


def sound(name: str, told: Any) -> Scenario:
    """Return the conversation that a table of TOML tells; ``ValueError`` says the first fault."""
    one = scenario(name, told)
    for fault in faults(one):
        raise ValueError(fault)
    return one


def tables(text: str, path: Path) -> dict[str, Any]:
    """Return the tables of a file's conversations by their names; ``ValueError`` names the file."""
    told = beside.toml(text, path.name)
    only(path.name, told, {"talk"})
    return table(told.get("talk"), path.name)
