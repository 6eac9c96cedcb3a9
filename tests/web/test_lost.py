"""404.html: served for every address that the site does not have, right at any depth and sub-path."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlsplit
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.console import complains
from tests.visit import AA, PALE
from tests.web.test_look import tokens
from tools.serve import QuietHandler

READY = "html[data-ready]"
ASKED = {
    "02_prepration.html": "notebooks/presales/02_preparation.html",
    "notebooks/presales/returns.html": "notebooks/aftersales/06_returns.html",
    "a/b/c/术语表": "book/glossary.html",
}
"""What a reader asked for -> the page that is most like it."""


class UnderPath(QuietHandler):
    """The site below /some/path/, with its 404 page for everything else."""

    def translate_path(self, path: str) -> str:
        inside = path.removeprefix("/some/path/")
        return super().translate_path("/nowhere" if inside == path else f"/{inside}")


@pytest.fixture(scope="module", params=[QuietHandler, UnderPath], ids=["root", "sub-path"])
def place(site: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(request.param, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    below = "" if request.param is QuietHandler else "some/path/"
    yield f"http://127.0.0.1:{server.server_port}/{below}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def lost(chromium: Browser, place: str) -> Iterator[Callable[[str], Page]]:
    page = chromium.new_page(viewport={"width": 390, "height": 844})

    def ask(path: str) -> Page:
        page.goto(place + path)
        page.wait_for_selector(READY, state="attached")
        return page

    yield ask
    page.close()


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_missing_address_is_answered_with_the_page_and_404(place, method):
    with pytest.raises(HTTPError) as answer:
        urlopen(Request(f"{place}no/such/page.html", method=method))
    assert answer.value.code == 404
    text = answer.value.read().decode()
    assert ("没有这一页" in text) == (method == "GET")


@pytest.mark.parametrize("asked", ASKED)
def test_the_page_most_like_the_one_asked_for_comes_first_and_opens(lost, place, asked):
    page = lost(asked)
    first = page.locator("#near a").first
    assert first.evaluate("link => link.href") == place + ASKED[asked]
    first.click()
    page.wait_for_url(place + ASKED[asked])
    assert page.locator("main h1").count()


def test_a_name_like_no_other_has_no_advice(lost):
    expect(lost("xyz/qqq").locator("#near")).to_be_hidden()


def test_every_link_of_the_contents_leads_to_a_page(lost):
    page = lost("deep/down/here.html")
    links = page.locator("nav a").evaluate_all("links => links.map(link => link.href)")
    assert len(links) >= 8
    for link in links:
        with urlopen(link) as answer:
            assert answer.status == 200


def test_search_goes_to_the_books_search(lost, place):
    page = lost("deep/down/here.html")
    page.get_by_label("在全书里搜索").fill("运费")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{place}search.html?q=*")
    assert parse_qs(urlsplit(page.url).query) == {"q": ["运费"]}
    expect(page.locator("h1").first).to_be_visible()


def test_the_page_keeps_its_policy_and_asks_only_its_own_host(chromium, place):
    page = chromium.new_page()
    asked, said = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text) if complains(message) else 0)
    page.goto(f"{place}deep/down/here.html")
    page.wait_for_selector(READY, state="attached")
    assert page.locator("meta[http-equiv=Content-Security-Policy]").count() == 1
    assert [url for url in asked if not url.startswith(place.removesuffix("some/path/"))] == []
    assert [text for text in said if "404 (" not in text] == []
    page.close()


LOOK = """() => {
    const of = selector => getComputedStyle(document.querySelector(selector));
    return {paper: of('body').backgroundColor, ink: of('body').color, card: of('.said').backgroundColor,
            accent: of('nav a').color, fonts: [of('body').fontFamily, of('h1').fontFamily]};
}"""


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize(("theme", "chosen"), [("light", ""), ("dark", ""), ("light", "dark")])
def test_the_page_wears_the_look_of_the_book(chromium, address, theme, chosen, width):
    page = chromium.new_page(color_scheme=theme, viewport={"width": width, "height": 844})
    page.add_init_script(
        f"localStorage.setItem('mode', '{chosen}')"
    )  # as the book's own switch does
    page.goto(address + "404.html")
    look = page.evaluate(LOOK)
    known = tokens(chosen or theme)
    for name in ("paper", "ink", "card", "accent"):
        rgb = tuple(int(known[name][place : place + 2], 16) for place in (1, 3, 5))
        assert look[name] == f"rgb{rgb}"
    page.goto(address + "book/glossary.html")
    fonts = "['body', 'h1'].map(one => getComputedStyle(document.querySelector(one)).fontFamily)"
    assert look["fonts"] == page.evaluate(fonts)
    page.goto(address + "404.html")
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.evaluate(PALE, AA) == []
    page.close()
