"""One chapter's page in Chromium, wide and narrow: the last part of ``make check CHAPTER=03``.

It is no part of ``make test``, which looks at every page more closely: the page stands in the small
book that ``tools.check`` builds, and ``KEFU_CHAPTER`` says whose it is.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from functools import partial
from http.server import ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser, Page

from tests.console import complains
from tests.live.living import Notebook, agree, alive, cell, control
from tests.live.test_chapter import RUN, moves
from tests.web.test_access import LAID_OUT, UNFOLD, faults
from tests.web.test_pages import CUT
from tools.check import folder_of
from tools.serve import QuietHandler
from web import book

NUMBER = os.environ["KEFU_CHAPTER"]
NAME = str(book.chapter(NUMBER).page)
NOTEBOOK = Notebook(NAME)
DEMOS = [one for one in NOTEBOOK.cells if one.demo]
WIDTHS = (1280, 390)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Serve the small book and return its address, ending in a slash."""
    folder = folder_of(NUMBER) / "_build" / "html"
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(QuietHandler, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


class Visit:
    """A page that is alive, with what it asked for and complained of on the way."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.said: list[str] = []
        self.foreign: list[str] = []
        page.on("console", lambda word: complains(word) and self.said.append(word.text))
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.on("request", lambda asked: self.ask(asked.url, address))
        page.goto(f"{address}{NAME}.html")
        alive(page)

    def ask(self, url: str, address: str) -> None:
        if not url.startswith((address, "data:", "blob:")):
            self.foreign.append(url)


@pytest.fixture(scope="module", params=WIDTHS)
def visit(chromium: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[Visit]:
    size = {"width": request.param, "height": 844}
    page = chromium.new_page(viewport=size, reduced_motion="reduce")  # type: ignore[arg-type]
    yield Visit(page, address)
    page.close()


def test_the_page_comes_alive_and_complains_of_nothing(visit: Visit) -> None:
    assert visit.said == []
    assert visit.foreign == []
    assert visit.page.locator(".live-text-error").all_text_contents() == []


def test_live_cells_give_what_the_notebook_stores(visit: Visit) -> None:
    for one in NOTEBOOK.cells:
        if not one.setup and not cell(visit.page, one.index).locator(".jupyter-widgets").count():
            stored, well, shown = visit.page.evaluate(RUN, one.index)
            assert well, one.source
            assert shown.split() == stored.split(), one.source


@pytest.mark.parametrize("one", DEMOS, ids=[one.source for one in DEMOS])
def test_the_first_control_of_a_demo_moved_gives_the_model_s_answer(visit: Visit, one) -> None:
    twin, place = NOTEBOOK.demo(one), cell(visit.page, one.index)
    agree(place, twin)
    first = next(iter(twin.controls.values()))
    for hand, value in moves(first):
        hand(control(place, 0))
        first.value = value
        agree(place, twin)


def test_nothing_runs_over_the_edge_and_axe_finds_no_fault(visit: Visit) -> None:
    visit.page.evaluate(UNFOLD)
    visit.page.evaluate(LAID_OUT)
    visit.page.wait_for_timeout(400)  # the theme looks 300 ms after a change which boxes scroll
    assert visit.page.evaluate(CUT) == []
    assert faults(visit.page) == []


def test_the_page_still_complains_of_nothing(visit: Visit) -> None:
    assert visit.said == []
