"""What a book of fewer chapters would ask: KEFU_CHAPTERS="02 06 10 13" leaves out the tests of all others.

A test is of a chapter whose file, page or label stands in its name, that is one of its parameters or has one
of them as its conversation, or whose models, demos or page (``NAME``) its file tries. One that is of none is of
the house, and stays. See `make bench-tests CHAPTERS="02 06 10 13"`.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from functools import cache
from typing import Any

from tools import check
from tools.paths import ROOT
from web import book
from web.book import Chapter

CHOSEN = os.environ.get("KEFU_CHAPTERS", "").split()
PAGE = re.compile(r'^NAME = "notebooks/\w+/(\d\d)_', re.M)
"""The page of one chapter that all tests of a file look at."""


@cache
def files() -> dict[str, set[str]]:
    """Return the numbers of the chapters that a file of tests is of, by its path."""
    found: dict[str, set[str]] = {}
    for one in book.chapters():
        own = check.own_tests(one, ROOT)
        own += [f"tests/notebooks/test_{one.name}_{kind}.py" for kind in ("claims", "beside")]
        if one.practice:
            wing = (ROOT / "tests" / one.wing).glob("test_*.py")
            own += [file.relative_to(ROOT).as_posix() for file in wing]
        for file in own:
            found.setdefault(file, set()).add(one.number)
    for path in (ROOT / "tests").rglob("test_*.py"):
        if number := PAGE.search(path.read_text(encoding="utf-8")):
            found.setdefault(path.relative_to(ROOT).as_posix(), set()).add(number[1])
    return found


@cache
def names() -> dict[str, str]:
    """Return the chapters' numbers by what tests' names call them; pytest writes 第 as \\u7b2c there."""
    told = {}
    for one in book.chapters():
        label = f"第{one.number}章".encode("unicode_escape").decode()
        kinds = (one.name, "teach", "quiz", "guesses", "talks", "explore")
        for name in (label, *(f"{one.number}_{kind}" for kind in kinds)):
            told[name] = one.number
    return told


@cache
def talks() -> dict[str, str]:
    """Return the chapters' numbers by the names of their conversations."""
    there = [one for one in book.chapters() if one.talks.is_file()]
    told = {one.number: tomllib.loads(one.talks.read_text(encoding="utf-8")) for one in there}
    return {name: number for number, said in told.items() for name in said["talk"]}


def _given(what: str, value: object) -> str | None:
    """Return the number of the chapter that a parameter names."""
    if isinstance(value, Chapter):
        return value.number
    if isinstance(value, str) and what in ("number", "chapter"):
        return value if value in names().values() else None
    return talks().get(value if isinstance(value, str) else getattr(value, "name", ""))


def of(nodeid: str, given: Mapping[str, Any]) -> set[str]:
    """Return the numbers of the chapters that a test with these parameters is of; none for one of the house."""
    file, _, name = nodeid.partition("::")
    numbers = {number for part, number in names().items() if part in name}
    numbers |= {number for what, value in given.items() if (number := _given(what, value))}
    return numbers or files().get(file, set())


def left_out(nodeid: str, given: Mapping[str, Any]) -> bool:
    """Tell whether a test is of other chapters than those that were chosen."""
    numbers = of(nodeid, given) if CHOSEN else set()
    return bool(numbers and not numbers & set(CHOSEN))
