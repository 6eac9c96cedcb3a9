"""With some chapters chosen, the tests of the others are left out and those of the house stay."""

from __future__ import annotations

import pytest

from tests import chosen
from web import book

PAGE = "tests/web/test_pages.py::test_title"
OF = {
    f"{PAGE}[notebooks/presales/02_preparation-390]": {"02"},
    f"{PAGE}[notebooks/operations/10_teach]": {"10"},
    f"{PAGE}[book/glossary]": set(),
    "tests/demos/test_bots.py::test_it": {"13"},
    "tests/notebooks/test_reviews_claims.py::test_it": {"08"},
    "tests/notebooks/test_form.py::test_it[\\u7b2c07\\u7ae0]": {"07"},
    "tests/notebooks/test_form.py::test_it[14_quiz.json]": {"14"},
    "tests/test_stats.py::test_it[10_000]": set(),
    "tests/tools/test_house.py::test_it": set(),
    "tests/practice/test_fair.py::test_it": {"17"},
    "tests/web/test_night.py::test_it": {"17"},
    "tests/web/test_quiz.py::test_it": set(),
}
THIRD = book.chapter("03")
GIVEN: list[tuple[dict[str, object], set[str]]] = [
    ({"number": "12"}, {"12"}),
    ({"minutes": "12"}, set()),
    ({"number": "99"}, set()),
    ({"chapter": THIRD}, {"03"}),
    ({"name": next(iter(chosen.talks()))}, {next(iter(chosen.talks().values()))}),
    ({"name": "glossary", "width": 390}, set()),
]


@pytest.mark.parametrize("nodeid", OF)
def test_a_test_is_of_the_chapter_that_its_name_or_file_is_of(nodeid: str) -> None:
    assert chosen.of(nodeid, {}) == OF[nodeid]


@pytest.mark.parametrize(("given", "numbers"), GIVEN)
def test_a_test_is_of_the_chapter_that_it_is_given(
    given: dict[str, object], numbers: set[str]
) -> None:
    assert chosen.of("tests/test_talk.py::test_it", given) == numbers


def test_those_of_other_chapters_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chosen, "CHOSEN", ["02", "10"])
    left = [nodeid for nodeid in OF if chosen.left_out(nodeid, {})]
    assert left == [one for one, numbers in OF.items() if numbers and not numbers & {"02", "10"}]


def test_all_stay_where_none_is_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chosen, "CHOSEN", [])
    assert not any(chosen.left_out(nodeid, {}) for nodeid in OF)
