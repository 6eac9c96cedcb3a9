"""A page is left out only while nothing of it, and nothing that looks at it, has changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import green

PLACE = ("book/a", "chromium")


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a built book of one page with a style and an engine, that was visited and found well."""
    monkeypatch.setattr(green, "SITE", tmp_path / "html")
    monkeypatch.setattr(green, "STORE", tmp_path / "green")
    monkeypatch.setattr(green, "digest", green.digest.__wrapped__)
    monkeypatch.setattr(green, "code", lambda: "the tests of today")
    for path in ("book/a.html", "_static/a.css", "_static/live/1/worker.js", "_static/live/1/app"):
        file = tmp_path / "html" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(path)
    urls = ("book/a.html", "_static/a.css?v=1", "_static/live/1/worker.js", "gone.png")
    asked = {f"http://127.0.0.1:1/{path}" for path in urls}
    green.keep({PLACE: asked}, {PLACE: {"fine": True, "wrong": False}})
    return tmp_path / "html"


def test_what_passed_at_an_unchanged_page_is_known(book: Path) -> None:
    assert green.passed(PLACE) == {"fine"}


@pytest.mark.parametrize("file", ["book/a.html", "_static/a.css", "_static/live/1/app"])
@pytest.mark.parametrize(
    "change", [lambda f: f.write_text("new"), Path.unlink], ids=["new", "gone"]
)
def test_a_changed_page_or_file_that_it_loads_is_visited_again(
    book: Path, file: str, change
) -> None:
    change(book / file)
    assert green.passed(PLACE) == set()


def test_changed_tests_visit_every_page_again(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(green, "code", lambda: "the tests of tomorrow")
    assert green.passed(PLACE) == set()


def test_another_page_and_another_way_are_not_meant(book: Path) -> None:
    assert green.passed(("book/a", "firefox")) == green.passed(("book/b", "chromium")) == set()


def test_a_test_that_fails_later_is_known_no_more(book: Path) -> None:
    green.keep({PLACE: {"http://127.0.0.1:1/book/a.html"}}, {PLACE: {"fine": False, "wrong": True}})
    assert green.passed(PLACE) == {"wrong"}


@pytest.mark.parametrize("name", ["ALL", "CI"])
def test_everything_is_visited_where_it_is_asked_for(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for one in ("ALL", "CI"):
        monkeypatch.delenv(one, raising=False)
    assert not green.forced()
    monkeypatch.setenv(name, "1")
    assert green.forced()
