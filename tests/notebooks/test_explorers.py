"""The chapters' tables of sums: fresh, small, and each belongs to an explorer."""

from __future__ import annotations

import pytest

from kefu.demos import explore
from kefu.explore import describe
from tools import explore as command
from web import book

TOLD = [one for one in book.chapters() if command.files(one)[0].is_file()]
every = pytest.mark.parametrize("chapter", TOLD, ids=lambda c: f"{c.number}_explore")


@every
def test_tables_of_sums_are_what_the_recipe_makes_of_the_books_shop(chapter: book.Chapter) -> None:
    made = command.tables(chapter)
    for place, sums in made.items():
        assert place.is_file(), f"{place.name}: run `make lists`"
        assert place.read_text(encoding="utf-8") == sums, f"{place.name}: run `make lists`"
    assert command.stale(chapter, made) == [], "run `make lists`"


@every
def test_every_explorer_opens_with_a_picture_and_a_sentence(chapter: book.Chapter) -> None:
    file, _ = command.files(chapter)
    for name in describe(file):
        html = explore(file, name).picture()
        assert "<svg" in html
        assert "最高的是" in html
