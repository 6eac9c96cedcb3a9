"""In each browser, wide and narrow: the ways to start, keys and pointer, changed code, the policy."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.console import complains
from tests.live.living import (
    CHAPTER,
    GALLERY,
    HANDLE,
    KEPT,
    Notebook,
    agree,
    alive,
    cell,
    control,
    python,
    talked_through,
    text,
    way,
)

BOOK = Notebook(CHAPTER)
ASK = """
from js import XMLHttpRequest
for url in {urls!r}:
    request = XMLHttpRequest.new()
    request.open("GET", url, False)
    try:
        request.send()
        print(request.status)
    except Exception as refused:
        print(type(refused).__name__)
"""
"""Python that prints the status of the answer from each address, or the error's name."""


class Reader:
    """A reader's fresh profile in a browser, with all that its pages complain of."""

    def __init__(self, browser: Browser, address: str, width: int) -> None:
        self.address = address
        self.width = width
        self.context = browser.new_context(viewport={"width": width, "height": 844})
        self.said: list[str] = []
        self.context.on("console", lambda m: self.said.append(m.text) if complains(m) else 0)
        self.context.on("weberror", lambda complaint: self.said.append(str(complaint.error)))

    def open(self, name: str, way: str) -> Page:
        """Return a page of the book, alive."""
        page = self.context.new_page()
        page.goto(f"{self.address}{name}.html?live={way}")
        return alive(page)


@pytest.fixture(scope="module", params=[1280, 390])
def reader(browser: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[Reader]:
    """Return a reader with a wide or a narrow window."""
    reader = Reader(browser, address, request.param)
    yield reader
    reader.context.close()


@pytest.fixture(scope="module")
def opened(reader: Reader) -> dict[str, Page]:
    """Return the chapter and the gallery, in the order in which they were opened."""
    names = (CHAPTER, GALLERY) if reader.width > 1000 else (GALLERY, CHAPTER)
    pages = {}
    for name in names:
        pages[name] = reader.open(name, "own")
        pages[name].evaluate(KEPT)
    return pages


@pytest.fixture(scope="module")
def chapter(opened: dict[str, Page]) -> Page:
    """Return the chapter, in front of the other page."""
    opened[CHAPTER].bring_to_front()
    return opened[CHAPTER]


@pytest.fixture
def elsewhere() -> Iterator[str]:
    """Return the address of another host, which answers everybody and so leaves it to the policy."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Access-Control-Allow-Origin", "*")
            self.end_headers()

        def log_message(self, *arguments: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


def test_second_page_starts_from_the_memory_that_the_first_left(opened):
    assert [way(page) for page in opened.values()] == ["archive", "own snapshot"]


def test_a_conversation_is_led_to_its_good_end(chapter):
    talked_through(cell(chapter, BOOK.having('demos.talk("新疆不包邮")').index), "新疆不包邮")


def test_page_with_live_demos_is_no_wider_than_the_window(opened):
    for page in opened.values():
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_slider_moved_by_keys_and_by_pointer_gives_the_model_s_answer(chapter):
    one = BOOK.having("demos.freight()")
    twin = BOOK.demo(one)
    slider = twin.controls["weight"]
    place = cell(chapter, one.index)
    weight = control(place, list(twin.controls).index("weight"))
    for _ in range(3):
        weight.locator(HANDLE).press("ArrowRight")
    slider.value += 3 * slider.step
    agree(place, twin)
    before = slider.value
    handle = weight.locator(HANDLE).bounding_box()
    assert handle
    along = 12 + (before - slider.min) / (slider.max - slider.min) * (handle["width"] - 24)
    x, y = handle["x"] + along, handle["y"] + handle["height"] / 2
    chapter.mouse.move(x, y)
    chapter.mouse.down()
    chapter.mouse.move(x + 40, y, steps=4)
    chapter.mouse.up()
    slider.value = float(weight.locator(".kefu-field").input_value())
    assert slider.value > before
    agree(place, twin)


def test_changed_code_runs_shows_its_error_and_is_put_back(chapter):
    one = BOOK.having('chargeable_weight("0.95"')
    place = cell(chapter, one.index)
    place.get_by_role("button", name="改代码").click()
    expect(place.locator(".cm-content")).to_be_focused()
    chapter.keyboard.press("ControlOrMeta+a")
    code = ['print("运费", 6 * 7)', "1 / 0"]
    chapter.keyboard.type("\n".join(code))
    expect(place.locator(".cm-line")).to_have_text(code)  # the editor takes keys in its own time
    chapter.keyboard.press("Shift+Enter")
    expect(place.locator(".live-stream")).to_have_text("运费 42")
    expect(place.locator(".live-error")).to_contain_text("1 / 0")
    expect(place.locator(".live-error")).to_contain_text("ZeroDivisionError")
    place.get_by_role("button", name="还原").click()
    _, printed = BOOK.run(one)
    expect(place.locator(".cell_output")).to_have_text(text(printed))


def test_page_and_its_python_reach_the_site_and_no_other_host(reader, chapter, elsewhere):
    told = python(chapter, ASK.format(urls=[reader.address, elsewhere])).split()
    assert told == ["200", "JsException"]
    assert (
        chapter.evaluate("url => fetch(url).catch(error => error.name)", elsewhere) == "TypeError"
    )
    complaints = [line for line in reader.said if elsewhere in line]
    assert any("policy" in line.lower() or "settings" in line for line in complaints), reader.said
    for line in complaints:  # meant, and proof that the next test hears what breaks the policy
        reader.said.remove(line)


def test_no_page_complains_of_anything_else(reader, opened):
    assert reader.said == []


@pytest.mark.parametrize(
    ("asked", "taken"), [("archive", "archive"), ("shipped", "shipped snapshot")]
)
def test_chapter_starts_in_the_way_asked_for(browser, address, asked, taken):
    reader = Reader(browser, address, 1280)
    assert way(reader.open(CHAPTER, asked)) == taken
    assert reader.said == []
    reader.context.close()
