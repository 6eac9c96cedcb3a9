"""One chapter's page in Chromium, wide and narrow: the last part of ``make check CHAPTER=03``.

It is no part of ``make test``, which looks at every page more closely: the page stands in the small
book that ``tools.check`` builds, and ``KEFU_CHAPTER`` says whose it is.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.live.living import Notebook, agree, cell, unfold
from tests.live.test_chapter import RUN, moves, presses
from tests.visit import VIEWS, Seen, visit, window
from tests.web.test_pages import latin
from tools.check import folder_of
from tools.serve import served
from web import book

NUMBER = os.environ["KEFU_CHAPTER"]
NAME = str(book.chapter(NUMBER).page)
NOTEBOOK = Notebook(NAME)
DEMOS = [one for one in NOTEBOOK.cells if one.demo]
WIDTHS = (1280, 390)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Serve the small book and return its address, ending in a slash."""
    with served(folder_of(NUMBER) / "_build" / "html") as address:
        yield address


@pytest.fixture(scope="module")
def told(chromium: Browser, address: str) -> Iterator[Seen]:
    """Visit the page once, in every width and theme, and leave it alive."""
    page = window(chromium)
    yield visit(page, f"{address}{NAME}.html", NAME)
    page.close()


def test_the_page_comes_alive_asks_nobody_else_and_complains_of_nothing(told, address):
    assert told.start
    assert told.said == []
    assert told.failed == []
    assert told.refused == []
    assert [url for url in told.asked if not url.startswith((address, "data:", "blob:"))] == []
    assert told.page.locator(".live-text-error").all_text_contents() == []


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: f"{view[0]}-{view[1]}")
def test_nothing_runs_over_the_edge_and_every_reader_can_read_it(told, view):
    assert told.over[view[0]] <= 0
    assert told.cut[view[0]] == []
    assert told.pale[view] == []
    assert told.axe.get(view, []) == []


def test_what_it_says_is_chinese_and_every_picture_and_control_has_words(told):
    assert latin(told.interface) == []
    assert told.broken == []
    assert told.mute == []
    assert told.nameless == []
    assert told.small == []


def test_live_cells_give_what_the_notebook_stores(told):
    for one in NOTEBOOK.cells:
        if not one.setup and not cell(told.page, one.index).locator(".jupyter-widgets").count():
            stored, well, shown = told.page.evaluate(RUN, one.index)
            assert well, one.source
            assert shown.split() == stored.split(), one.source


@pytest.mark.parametrize("one", DEMOS, ids=[one.source for one in DEMOS])
def test_the_first_control_of_a_demo_moved_gives_the_model_s_answer(told, one):
    twin, place = NOTEBOOK.demo(one), cell(told.page, one.index)
    agree(place, twin)
    every = list(twin.controls.values())
    shown = [n for n, one in enumerate(every) if one.layout.display != "none"]
    for width in WIDTHS:
        told.page.set_viewport_size({"width": width, "height": 844})
        if not shown:  # the picture's own buttons are its controls
            presses(place, twin)
        for number in shown[:1]:
            for hand, value in moves(every[number]):
                hand(unfold(place, number))
                every[number].value = value
                agree(place, twin)
    assert told.said == []
