"""The night in the page, on a phone and wide: by touch and by keys to its end, left and taken up, handed in."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from kefu.practice import shift as model
from tests.live.living import Notebook, agree, alive, cell
from tests.visit import AA, CUT, PALE, PHONE, SMALL, TOUCH, faults

NAME = "notebooks/practice/17_shift"
BOOK = Notebook(NAME)
DEMO = BOOK.having("demos.shift(")
SCREEN = {**PHONE, "viewport": {"width": 390, "height": 844}}
KEPT = "() => JSON.parse(localStorage.getItem('kefu /'))?.nights ?? {}"
TOUCHED = "() => (dispatchEvent(new Event('touchstart')), document.documentElement.dataset.live)"
DESK, END = "[data-screen=desk]", "[data-screen=end]"


@pytest.fixture
def handset(chromium: Browser) -> Iterator[BrowserContext]:
    context = chromium.new_context(**SCREEN, reduced_motion="reduce")  # type: ignore[arg-type]
    yield context
    context.close()


@pytest.fixture
def desktop(chromium: Browser) -> Iterator[BrowserContext]:
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    yield context
    context.close()


def come(context: BrowserContext, address: str) -> tuple[Page, Locator]:
    page = context.new_page()
    page.goto(f"{address}{NAME}.html")
    page.wait_for_function(TOUCHED)  # a phone waits for it, from when its scripts have come
    alive(page)
    return page, cell(page, DEMO.index)


def text(one: Locator) -> str:
    return one.text_content() or ""


def kept(page: Page, name: str = "1-618") -> dict[str, Any]:
    page.wait_for_function(f"name => ({KEPT})()[name]", arg=name)
    told: dict[str, Any] = json.loads(page.evaluate(KEPT)[name]["text"])
    return told


def crowded(place: Locator, windows: int) -> None:
    """Go on until so many windows are open: all but the last are answered, so that nobody leaves, and none closed."""
    place.locator(".night-more > summary").click()
    place.locator("[data-speed='4']").click()
    ways = place.locator(".night-open [data-key]")
    for number in range(windows):
        place.locator(".night-waiting:not([disabled])").first.click(timeout=60_000)
        expect(place.locator(".night-window")).to_have_count(number + 1)
        while number < windows - 1 and ways.count():
            said = place.locator(".night-open .night-lines .kefu-said").count()
            ways.first.click()
            expect(place.locator(".night-open .night-lines .kefu-said")).to_have_count(said + 1)
    if place.locator("[data-act=run]").text_content() == "❚❚ 停":
        place.locator("[data-act=run]").click()


def sound(page: Page) -> None:
    assert page.evaluate(CUT) == []
    assert page.evaluate(PALE, AA) == []
    assert page.evaluate(SMALL, TOUCH) == []


def test_the_night_begins_at_a_touch_is_left_and_goes_on_where_it_was(handset, address):
    page, place = come(handset, address)
    agree(place, BOOK.demo(DEMO))
    place.get_by_role("button", name="上班").tap()
    expect(place.locator("[data-act=run]")).to_have_text("❚❚ 停")
    crowded(place, 2)
    sound(page)
    tabs = place.locator(".night-tab")
    expect(tabs).to_have_count(2)
    expect(tabs.nth(0).locator(".night-unread")).to_have_count(0)
    shown = place.locator(".night-window:visible")
    expect(shown).to_have_count(1)
    for number in range(2):
        tabs.nth(number).tap()
        expect(shown.locator("header b")).to_have_text(text(tabs.nth(number).locator("b")))
    shown.locator("[data-key]").first.tap()
    expect(shown.locator(".night-lines .kefu-said")).to_have_count(1)
    page.wait_for_function(
        f"() => JSON.parse(({KEPT})()['1-618'].text).moves.some(([, what]) => what === 'answer')"
    )
    record, clock = kept(page), text(place.locator(".night-clock"))
    names = place.locator(".night-window header b").all_text_contents()
    page.close()

    page, place = come(handset, address)
    expect(place.locator(DESK)).to_be_visible()
    assert place.locator(".night-window header b").all_text_contents() == names
    expect(place.locator("[data-act=run]")).to_have_text("▶ 接着走")
    assert text(place.locator(".night-clock"))[:4] == clock[:4]
    place.locator("[data-act=run]").tap()
    place.locator(".night-window:visible .kefu-acts [data-press]", has_text="结束").first.tap()
    expect(place.locator(".night-window")).to_have_count(1)
    page.wait_for_function(
        f"n => JSON.parse(({KEPT})()['1-618'].text).moves.length > n", arg=len(record["moves"])
    )
    assert kept(page)["moves"][: len(record["moves"])] == record["moves"]


def test_by_keys_alone_at_the_third_level_without_a_clock_to_the_file(
    desktop, address, tmp_path: Path
):
    page, place = come(desktop, address)
    place.get_by_role("button", name="3 没有教练").press("Enter")
    place.get_by_role("button", name="安静版").press("Space")
    expect(place.get_by_role("button", name="安静版")).to_have_attribute("aria-pressed", "true")
    place.get_by_role("button", name="上班").press("Enter")
    expect(place.locator(DESK)).to_be_visible()
    expect(place.locator("[data-speed]")).to_have_count(0)
    expect(place.get_by_role("button", name="等下一件事")).to_be_focused()
    page.keyboard.press("w")
    expect(place.locator(".night-waiting")).to_have_count(1)
    page.keyboard.press("n")
    expect(place.locator(".night-window")).to_be_focused()
    page.keyboard.press("2")
    expect(place.locator(".night-lines .kefu-said")).to_have_count(1)
    last = text(place.locator(".night-lines .kefu-asked").last).removeprefix("客人：")
    expect(place.locator(".night-news .kefu-spoken")).to_contain_text(last)
    assert place.locator(".kefu-ruling, .night-coach").count() == 0
    assert page.evaluate("() => Boolean(document.activeElement.closest('.kefu-shift'))")
    assert [one for one in faults(page) if "night" in str(one)] == []
    page.wait_for_function(
        f"() => JSON.parse(({KEPT})()['3-618']?.text ?? '[]').moves?.length === 2"
    )
    page.reload()
    page.wait_for_function(TOUCHED)
    alive(page)
    place = cell(page, DEMO.index)
    expect(place.locator(DESK)).to_be_visible()
    expect(place.locator("[data-speed]")).to_have_count(0)  # without a clock, as before
    place.locator(".night-more > summary").press("Enter")
    place.locator(".night-leave summary", has_text="提前下班").press("Enter")
    place.get_by_role("button", name="下班，看成绩").press("Enter")
    expect(place.locator(END)).to_be_visible()
    sound(page)
    look = place.locator("[data-look]")
    look.press("End")
    expect(place.locator(".night-moment b").first).to_have_text("01:00")
    place.locator("[data-field=number]").fill("2026001")
    place.locator("[data-field=name]").fill("小<b>明")
    with page.expect_download() as given:
        place.get_by_role("button", name="交卷").press("Enter")
    assert given.value.suggested_filename == "618夜班-2026001-小b明.json"
    given.value.save_as(tmp_path / "night.json")
    found = model.verify((tmp_path / "night.json").read_text(encoding="utf-8"))
    assert found.sound, found.problems
    assert found.record is not None
    assert (found.record.level, found.record.name, found.record.finished) == (3, "小<b>明", True)
    assert place.locator(".live-text-error").all_text_contents() == []


def test_wide_and_narrow_one_window_is_in_hand_and_all_are_named_beside_it(desktop, address):
    page, place = come(desktop, address)
    place.get_by_role("button", name="上班").click()
    crowded(place, 3)
    expect(place.locator(".night-window:visible")).to_have_count(1)
    expect(place.locator(".night-tab:visible")).to_have_count(3)
    sound(page)
    page.set_viewport_size({"width": 390, "height": 844})
    expect(place.locator(".night-window:visible")).to_have_count(1)
    expect(place.locator(".night-tab")).to_have_count(3)
    sound(page)
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate(CUT) == []


def test_a_lesson_leads_to_its_section(desktop, address):
    page, place = come(desktop, address)
    place.get_by_role("button", name="上班").click()
    crowded(place, 1)
    link = place.locator(".night-coach a").first
    section = (re.search("“(.+)”", text(link)) or [""])[1]
    with desktop.expect_page() as opened:
        link.click()
    heading = opened.value.locator("article :is(h2, h3)", has_text=section).first
    expect(heading).to_be_in_viewport()
    page.bring_to_front()
    expect(place.locator("[data-act=run]")).to_have_text("▶ 接着走")


def test_a_seed_of_the_teacher_s_is_typed(desktop: BrowserContext, address: str) -> None:
    _, place = come(desktop, address)
    field: Callable[[], Locator] = lambda: place.locator("[data-field=seed]")  # noqa: E731
    field().fill("20")
    field().press("Enter")
    expect(place.get_by_role("button", name="换一夜（20）")).to_have_attribute(
        "aria-pressed", "true"
    )
