"""Where the book's tables are, and how a model reads one: standard library only."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

from kefu.errors import expected


@cache
def folder() -> Path:
    """Return the folder of the datasets: inside the installed package, else the checkout's own."""
    packed = Path(__file__).parent / "datasets"
    return packed if packed.is_dir() else Path(__file__).parents[2] / "datasets"


def path(name: str) -> Path:
    """Return the path of one table, e.g. ``path("orders")``.

    Raises ``ValueError`` with the names that exist where there is no such table.

    >>> path("zones").name
    'zones.csv'
    """
    names = sorted(p.stem for p in folder().glob("*.csv"))
    if name not in names:
        raise ValueError(expected("name", f"one of {names}", f"以下之一：{names}", name))
    return folder() / f"{name}.csv"


def rows(name: str) -> list[dict[str, str]]:
    """Return the rows of one table as dictionaries of text, in the file's order."""
    with path(name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
