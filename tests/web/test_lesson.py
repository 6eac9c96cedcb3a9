"""A chapter in class: large, one demo to a screen, by keys, and no trace but the address."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.live.living import Notebook
from tests.visit import AA, CUT, PALE, SETTLED, STILL, faults, look
from web import build
from web.extensions import lesson

CHAPTER = "notebooks/presales/02_preparation"
MODE = "document.documentElement.dataset.lesson ?? ''"
BESIDE = ".bd-sidebar-primary, .bd-sidebar-secondary, .bd-header-article, .bd-footer"
FREIGHT = Notebook(CHAPTER).having("demos.freight()").index
QUIZ = 1
"""How many come after the quiz, which has choices and numbers to fill in: the statements judged again."""
READABLE = 22
"""The size, in px on a screen of 1280, of what the last row reads."""
SIZES = """all => all.filter(one => one.checkVisibility()).map(
    one => parseFloat(getComputedStyle(one).fontSize) * one.currentCSSZoom)"""

SHOWN = """all => [...new Set(all.map(one => one.closest("div.cell") ?? one))].filter(
    one => one.checkVisibility()).length"""


@pytest.fixture(scope="module")
def page(chromium: Browser, address: str) -> Iterator[Page]:
    page = chromium.new_page(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    page.asked = []
    page.on("request", lambda request: page.asked.append(request.url))
    page.goto(f"{address}{CHAPTER}.html")
    yield page
    page.close()


def mode(page: Page) -> str:
    return str(page.evaluate(MODE))


def told(page: Page) -> str:
    return page.locator(".lesson-told").inner_text()


def at(page: Page) -> tuple[int, int]:
    """Return which demo is on the stage, from 1, and how many come after it."""
    found = re.match(r"演示(\d+)/(\d+)", told(page))
    assert found, told(page)
    return int(found[1]), int(found[2]) - int(found[1])


def test_a_student_s_page_has_the_button_and_fetches_no_more(page, site):
    expect(page.get_by_role("button", name="上课")).to_be_visible()
    asked = {url.rpartition("/")[2].partition("?")[0] for url in page.asked if "/lesson/" in url}
    assert asked == {"boot.js"}
    page.set_viewport_size({"width": 390, "height": 800})
    expect(page.get_by_role("button", name="上课")).to_be_hidden()
    page.set_viewport_size({"width": 1280, "height": 800})
    assert "btn-lesson" not in (site / "book" / "index.html").read_text(encoding="utf-8")


def test_the_button_makes_the_text_large_and_puts_the_rest_away(page):
    page.wait_for_selector(SETTLED, state="attached")  # no demo is being put in its picture's place
    page.evaluate("window.demo = document.querySelector('.kefu-demo')")
    page.evaluate("window.parent_ = demo.parentElement")
    page.get_by_role("button", name="上课").click()
    expect(page.locator(".lesson-told")).to_contain_text("课文，共")
    count = page.locator("article .kefu-demo").evaluate_all(SHOWN)
    assert told(page) == f"课文，共{count}个演示"
    assert urlsplit(page.url).query == "class=1"
    assert min(page.locator("article section > p").evaluate_all(SIZES)) >= READABLE
    assert page.locator(BESIDE).locator("visible=true").count() == 0
    expect(page.get_by_role("button", name="下一个演示")).to_be_focused()


def test_one_key_brings_the_next_demo_alone_across_the_screen(page):
    page.keyboard.press("ArrowRight")
    assert at(page)[0] == 1
    stage = page.locator(".lesson-stage")
    expect(stage).to_be_focused()
    box = stage.bounding_box()
    assert box["width"] >= 0.9 * 1280
    assert box["y"] < 80
    assert page.locator("article :is(h2, section > p)").locator("visible=true").count() == 0
    assert stage.locator(".cell_input").is_hidden()
    assert page.evaluate("demo.parentElement === parent_"), "nothing is moved"
    page.keyboard.press("n")
    assert at(page)[0] == 2
    page.keyboard.press("ArrowLeft")
    assert at(page)[0] == 1
    place = stage.evaluate("stage => stage.id || stage.closest('section').id")
    assert urlsplit(page.url).fragment == place


def test_keys_that_a_control_or_the_browser_uses_are_left_to_them(page):
    while at(page)[1] > QUIZ:
        page.keyboard.press("n")
    assert at(page)[1] == QUIZ
    page.locator(".lesson-stage input[type=radio]").first.focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Shift+P")
    assert at(page)[1] == QUIZ
    number = page.locator(".lesson-stage input:not([type=radio], [type=checkbox])").first
    number.focus()
    page.keyboard.press("p")
    assert at(page)[1] == QUIZ
    page.locator(".lesson-stage input[type=radio]").first.focus()
    page.keyboard.press("p")
    assert at(page)[1] == QUIZ + 1


def test_a_presenter_s_remote_turns_pages_and_then_demos(page):
    page.locator(".lesson-stage").focus()
    page.set_viewport_size({"width": 1280, "height": 400})
    page.keyboard.press("PageDown")
    page.wait_for_function("() => scrollY > 0")
    page.evaluate(STILL)
    assert at(page)[1] == QUIZ + 1
    page.evaluate("scrollTo({top: document.documentElement.scrollHeight, behavior: 'instant'})")
    page.keyboard.press("PageDown")
    assert at(page)[1] == QUIZ
    page.set_viewport_size({"width": 1280, "height": 800})
    page.evaluate("scrollTo({top: 0, behavior: 'instant'})")
    page.keyboard.press("PageUp")
    assert at(page)[1] == QUIZ + 1


def test_the_code_is_the_page_s_address_without_the_class(page, address):
    page.keyboard.press("q")
    code = page.get_by_role("dialog", name="这一页的二维码")
    expect(code.get_by_role("img")).to_be_visible()
    place = page.locator(".lesson-stage").get_attribute("id")
    said = code.locator("p").first.inner_text()
    assert said == f"{address}{CHAPTER}.html#{place}"
    assert "只有这台电脑打得开" in code.inner_text()
    page.keyboard.press("n")
    assert at(page)[1] == QUIZ + 1
    page.keyboard.press("Escape")
    expect(code).to_have_count(0)
    expect(page.locator(".lesson-stage")).to_be_focused()


def test_escape_leaves_the_demo_for_its_place_in_the_text_and_then_the_class(page):
    place = page.locator(".lesson-stage").get_attribute("id")
    page.keyboard.press("Escape")
    assert mode(page) == "text"
    cell = page.locator(f"#{place}")
    expect(cell).to_be_focused()
    expect(cell).to_be_in_viewport()
    page.keyboard.press("Escape")
    assert mode(page) == ""
    assert urlsplit(page.url).query == ""
    expect(page.locator(".bd-sidebar-primary")).to_be_visible()
    expect(cell).to_be_in_viewport()
    expect(page.get_by_role("button", name="上课")).to_be_focused()
    assert page.evaluate("Object.keys(localStorage).filter(key => key.includes('lesson'))") == []
    page.keyboard.press("ArrowRight")
    assert mode(page) == ""


def test_the_address_alone_opens_a_demo_and_everybody_can_read_it(page, address):
    page.goto("about:blank")
    page.goto(f"{address}{CHAPTER}.html?class=1#live-cell-{FREIGHT}")
    expect(page.locator(".lesson-told")).to_contain_text("运费计算器")
    for width in (1280, 390):
        for theme in ("light", "dark"):
            look(page, (width, theme))
            assert page.evaluate(PALE, AA) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert [text for text in page.evaluate(CUT) if text not in told(page)] == []
        boxes = page.locator(".lesson-bar button").evaluate_all(
            "all => all.map(one => one.getBoundingClientRect()).map(box => [box.width, box.height])"
        )
        assert min(map(min, boxes)) >= 44
    assert faults(page) == []


DRAW = """
const {drawing} = await import(process.argv[2]);
console.log(JSON.stringify(drawing("http://a.cn/b.html")));
"""


def test_the_code_has_its_three_corners_and_a_quiet_rim(tmp_path):
    """Version 2 is 25 modules wide; phones need four empty ones around."""
    build.bundle(tmp_path, lesson.CLIENT / "code.js", options=("--out-extension:.js=.mjs",))
    script = tmp_path / "draw.mjs"
    script.write_text(DRAW)
    drawn = json.loads(build.node(script, (tmp_path / "code.mjs").as_uri()))
    dark = {tuple(map(int, one.split("h")[0].split())) for one in drawn["path"].split("M")[1:]}
    size = drawn["size"]
    assert size == 25 + 8
    for x, y in ((4, 4), (size - 11, 4), (4, size - 11)):
        ring = {(x + i, y + j) for i in range(7) for j in range(7) if {i, j} & {0, 6}}
        assert ring <= dark
    assert all(4 <= x < size - 4 and 4 <= y < size - 4 for x, y in dark)
