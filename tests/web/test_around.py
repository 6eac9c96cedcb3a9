"""What goes on around a page: tabs side by side, back and forward, a translator, another site's frame.

All of it was tried with readers' reports in hand and found sound; these tests keep it so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Frame, Locator, Page, expect

from kefu.demos import quiz
from tests.live.living import CHAPTER, Notebook, agree, alive, cell, control
from tests.live.test_talk import TRANSLATED
from tests.web.kept import READ
from tools import serve
from web import book

ASKED = [one["id"] for one in quiz(book.chapter("02").quiz).questions]
VERDICT = re.compile("[✓✗]")
BOOK = Notebook(CHAPTER)
FREIGHT = BOOK.having("demos.freight()")


@pytest.fixture
def profile(chromium: Browser) -> Iterator[BrowserContext]:
    """A reader's browser; Python sleeps in all its tabs."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    context.route("**/_static/live/**", lambda route: route.abort())
    yield context
    context.close()


def answer(page: Page | Frame, name: str) -> Locator:
    """Answer a question of the chapter's quiz somehow; return what is said to it."""
    form = page.locator(f".kefu-quiz form[data-id='{name}']")
    choices = form.locator("input:is([type=radio], [type=checkbox])")
    if choices.count():
        choices.first.check()
    elif form.locator("input").count():
        form.locator("input").fill("30")
    form.locator("button[type=submit]").click()
    return form.locator(".kefu-verdict")


def test_what_is_answered_in_five_tabs_is_kept_by_all(profile, address):
    tabs = [profile.new_page() for _ in range(5)]
    for page in tabs:
        page.goto(f"{address}{CHAPTER}.html")
    for page, name in zip(tabs, ASKED, strict=False):
        expect(answer(page, name)).to_have_text(VERDICT)
    assert tabs[0].evaluate(READ)["answers"].keys() == {f"02/{name}" for name in ASKED[:5]}


def test_back_and_forward_find_the_page_as_it_was_left(profile, address):
    page = profile.new_page()
    page.goto(f"{address}{CHAPTER}.html")
    page.get_by_role("button", name=re.compile("^主线")).click()
    said = answer(page, ASKED[0]).inner_text()
    page.get_by_role("link", name="今日三窗").first.click()
    expect(page.locator("#kefu-daily[data-alive]")).to_be_visible()
    page.go_back()
    expect(page.locator(f".kefu-quiz form[data-id='{ASKED[0]}'] .kefu-verdict")).to_have_text(said)
    expect(page.locator("html")).to_have_attribute("data-track", "main")
    page.go_forward()
    expect(page.locator(".daily-window")).to_have_count(3)


def test_a_translator_that_rewrites_every_text_leaves_the_forms_alive(profile, address):
    page = profile.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"{address}{CHAPTER}.html")
    page.evaluate(TRANSLATED)
    for name in ASKED:
        expect(answer(page, name)).to_have_text(VERDICT)
    guess = page.locator(".kefu-guess:has([type=radio]) form").first
    guess.locator("input").first.check()
    guess.locator("button[type=submit]").click()
    expect(guess.locator(".kefu-verdict")).to_contain_text("其实")
    page.goto(f"{address}book/daily.html")
    page.evaluate(TRANSLATED)
    box = page.locator(".daily-window:has([type=radio])").first
    box.locator("input").first.check()
    box.locator("button[type=submit]").click()
    expect(box.locator(".daily-next")).to_contain_text("出自")
    assert faults == []


def test_a_chapter_lives_in_the_frame_of_another_site(chromium, address, tmp_path):
    """As a school's platform shows it; what is kept is kept for that site alone."""
    inside = f"<iframe name=book width=1200 height=800 src='{address}{CHAPTER}.html'></iframe>"
    tmp_path.joinpath("course.html").write_text(f"<!DOCTYPE html><title>Course</title>{inside}")
    page = chromium.new_page(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    with serve.served(tmp_path) as school:
        page.goto(f"{school.replace('127.0.0.1', 'localhost')}course.html")
        frame = page.frame("book")
        assert frame
        alive(frame)
        twin, place = BOOK.demo(FREIGHT), cell(frame, FREIGHT.index)
        control(place).locator(".kefu-range").press("End")
        twin.controls["weight"].value = 20
        agree(place, twin)
        expect(answer(frame, ASKED[0])).to_have_text(VERDICT)
        assert f"02/{ASKED[0]}" in frame.evaluate(READ)["answers"]
    page.close()
