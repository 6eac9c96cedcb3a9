"""Exercises of every chapter, marked: solutions pass in the sandbox, stubs do not, answers move."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator
from pathlib import Path

import matplotlib.pyplot as plt
import pytest

from kefu import data
from tools.marks import hidden, jail
from tools.marks.chapter import Cell, cells, exercises, given
from tools.marks.judge import Bench
from tools.marks.marker import Marker, shop
from tools.paths import ROOT
from web import book

WRITTEN = {one.number: one for one in book.written()}


def path(number: str) -> Path:
    notebook = WRITTEN[number].path
    assert notebook
    return notebook


def found(number: str) -> list[Cell]:
    return cells(path(number))


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Another class's shop, as large as the book's: some exercises find nothing in a small one."""
    return shop(7, to=tmp_path_factory.mktemp("shops"))


@pytest.fixture(scope="module", params=WRITTEN)
def chapter(request: pytest.FixtureRequest) -> str:
    """A chapter's number; pytest runs its tests one after the other, so its sandbox is made once."""
    return str(request.param)


@pytest.fixture(scope="module")
def marker(chapter: str, other: Path) -> Iterator[Marker | None]:
    """A chapter's exercises in a sandbox, None where there is none."""
    if jail.ready():
        yield None
    else:
        with Marker(path(chapter), 5, other) as marker:
            yield marker


def test_solutions_get_all_points_in_the_sandbox_and_the_cells_as_they_are_none(marker):
    if marker is None:
        pytest.skip(jail.ready())
    assert marker.failed == []
    sources = {cell.id: cell.source for cell in cells(marker.notebook)}
    for place, one in enumerate(marker.exercises):
        solved = marker.mark(place, sources[one.solution].split("demos.check(")[0])
        assert (solved.points, solved.said) == (solved.most, ""), (one, solved)
        assert marker.mark(place, sources[one.cell]).points == 0, one


def test_no_answer_is_always_the_same(marker, chapter, other):
    """An exercise named here wants arguments: who writes the one answer down would have solved it."""
    assert (marker.still if marker else still(path(chapter), other)) == []


def still(notebook: Path, shop: Path) -> list[str]:
    """The exercises whose answer never moves, from the book's own cells run here."""
    before = data.folder()
    plt.switch_backend("agg")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return [one["name"] for one in Bench(notebook, 5, shop).told() if one["still"]]
    finally:
        data.use(before)
        plt.close("all")


def test_an_answer_that_never_moves_is_named(tmp_path):
    told = json.loads(path("02").read_text(encoding="utf-8"))
    for cell in told["cells"]:
        cell["source"] = "".join(cell["source"]).replace("for h in (0, 15, 18)", "for h in (1, 2)")
        cell["source"] = cell["source"].replace("avoided", "shunned")
    notebook = tmp_path / "02_preparation.ipynb"
    notebook.write_text(json.dumps(told), encoding="utf-8")
    assert still(notebook, data.home()) == ["shunned"]


@pytest.mark.parametrize("number", WRITTEN)
def test_each_exercise_with_code_has_its_points_and_its_function(number):
    tasks = [cell.id for cell in found(number) if "exercise" in cell.tags]
    made = exercises(found(number))
    assert [one.cell for one in made] == tasks
    assert all(1 <= one.stars <= 3 and one.title.startswith(one.label) for one in made)
    assert len({one.number for one in made}) == len(made)


@pytest.mark.parametrize("number", WRITTEN)
def test_what_enters_the_sandbox_holds_no_check_and_no_solution(number):
    told = "".join(cell.source for cell in given(found(number)))
    for one in exercises(found(number)):
        assert f"def {one.name}(" not in told
        assert one.cases not in told
    assert "demos.check(" not in told


def test_arguments_of_one_s_own_are_of_exercises_that_there_are():
    there = {(number, one.name) for number in WRITTEN for one in exercises(found(number))}
    assert {*hidden.DRAWS} - there == set()


@pytest.mark.parametrize(("chapter", "name"), hidden.DRAWS)
def test_arguments_hang_on_the_seed_alone_and_are_not_the_book_s(chapter, name):
    drawn = hidden.draw(chapter, name, 3, [])
    assert drawn == hidden.draw(chapter, name, 3, [])
    assert len(drawn) >= 3
    assert drawn != hidden.draw(chapter, name, 4, [])
    assert drawn[0] not in hidden.draw(chapter, name, 3, [drawn[0]])


def test_no_page_of_the_book_has_the_arguments():
    """They are made here only: neither the package nor the notebooks' files bring them to the site."""
    for top in ("widgets", "notebooks", "book", "web/extensions"):
        for file in (ROOT / top).rglob("*.py"):
            assert "marks.hidden" not in file.read_text(encoding="utf-8"), file
