"""A chapter as an assignment for nbgrader: points, regions, hidden tests; nothing given away."""

from __future__ import annotations

import datetime
import io
import re
from contextlib import chdir, redirect_stdout
from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.marks import nbgrader
from tools.marks.chapter import cells, exercises, only_shows
from web import book

WRITTEN = {one.number: one for one in book.written()}
REGION = re.compile(
    r"(?ms)^( *)### BEGIN (?:SOLUTION|HIDDEN TESTS)\n.*?### END (?:SOLUTION|HIDDEN TESTS)"
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.floats(allow_nan=False, allow_infinity=False)
    | st.decimals(allow_nan=False, allow_infinity=False)
    | st.fractions() | st.dates() | st.datetimes() | st.timedeltas(),
    lambda inner: st.lists(inner) | st.tuples(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)  # fmt: skip


def made(number: str) -> list[dict[str, Any]]:
    """The cells of a chapter's assignment, with a hidden case that stands for those drawn."""
    path = WRITTEN[number].path
    assert path
    found = exercises(cells(path))
    cases = [[((1,), 2, "why", True), ((3,), 4, "why", False)] for _ in found]
    bench: Any = SimpleNamespace(exercises=found, cases=cases)
    told: list[dict[str, Any]] = nbgrader.assignment(path, bench)["cells"]
    return told


def notes(cell: dict[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = cell["metadata"].get("nbgrader", {})
    return told


def source(cell: dict[str, Any]) -> str:
    return "".join(cell["source"])


@given(VALUES)
def test_a_literal_is_read_as_the_value_that_it_is_of(value):
    assert eval(nbgrader.literal(value)) == value


@pytest.mark.parametrize(
    "value", [{1, 2}, set(), (), (1,), Decimal("1E+3"), Fraction(1, 3), datetime.timedelta(1)]
)
def test_literals_of_other_kinds(value):
    assert eval(nbgrader.literal(value)) == value


@pytest.mark.parametrize("number", WRITTEN)
def test_points_are_the_stars_and_every_cell_has_its_name(number):
    path = WRITTEN[number].path
    assert path
    found = made(number)
    names = [notes(cell)["grade_id"] for cell in found if notes(cell)]
    assert len(names) == len({*names})
    assert len({cell["id"] for cell in found}) == len(found)
    points = {notes(c)["grade_id"]: notes(c)["points"] for c in found if "points" in notes(c)}
    for one in exercises(cells(path)):
        assert points.pop(f"test-{one.number}") == one.stars
    assert points.keys() == {name for name in names if name.startswith("written-")}
    assert points  # what a person marks


@pytest.mark.parametrize("number", WRITTEN)
def test_what_students_get_gives_no_solution_away(number):
    path = WRITTEN[number].path
    assert path
    own = {cell.id: cell.source for cell in cells(path)}
    given_out = "\n".join(
        REGION.sub(r"\1raise NotImplementedError()", source(cell)) for cell in made(number)
    )
    for one in exercises(cells(path)):
        body = own[one.solution].split("demos.check(")[0].strip().splitlines()
        mine = own[one.cell].splitlines()
        told = [
            line
            for line in body
            if line not in mine and len(line.strip()) > 25 and line not in own[one.check]
        ]
        elsewhere = "\n".join(text for name, text in own.items() if name != one.solution)
        assert [line for line in told if line in given_out and line not in elsewhere] == []
    tasks = given_out.split("\n## 练习")[1].split("\n## 小测")[0]
    assert "评分（" not in tasks
    assert "参考解答与评分" not in tasks


def test_with_the_solutions_in_all_tests_pass_and_without_them_they_fail():
    path = WRITTEN["02"].path
    assert path
    from tools.marks.judge import Bench

    found = nbgrader.assignment(path, Bench(path, 5, None))["cells"]
    space: dict[str, Any] = {"__name__": "__main__"}
    tried = 0
    with chdir(path.parent), redirect_stdout(io.StringIO()):
        for cell in found:
            if cell["cell_type"] != "code" or only_shows(source(cell)):
                continue
            exec(source(cell), space)
            if notes(cell).get("grade"):
                tried += 1
                name = re.search(r"_equal\((\w+)\(", source(cell))
                assert name
                kept, space[name[1]] = space[name[1]], lambda *_: None
                with pytest.raises(AssertionError):
                    exec(source(cell), space)
                space[name[1]] = kept
    assert tried == 4
    assert all(
        "### BEGIN HIDDEN TESTS" in source(cell)
        for cell in found
        if notes(cell).get("grade") and "test" in notes(cell)["grade_id"]
    )


def test_the_note_says_what_nbgrader_does_not_keep_apart(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(nbgrader, "Bench", lambda path, *_: SimpleNamespace(exercises=[], cases=[]))
    monkeypatch.setattr(nbgrader, "assignment", lambda *_: {"cells": []})
    nbgrader.main(["--chapter", "02", "--to", str(tmp_path), "--seed", "9"])
    note = (tmp_path / "README-02.md").read_text(encoding="utf-8")
    assert "os._exit" in note
    assert "种子9" in note
    assert (tmp_path / "source" / "02" / "02_quiz.json").is_file()
    assert "README-02.md" in capsys.readouterr().out
    with pytest.raises(SystemExit, match="expected one of"):
        nbgrader.main(["--chapter", "99"])
