"""The two tracks of a chapter: folded for a new reader, open for who asks, on paper and without scripts."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from pypdf import PdfReader

from tests.live.living import IN_CHROMIUM
from tests.visit import VIEWS, unreadable
from tests.web.test_lesson import SHOWN
from web import book

CHAPTER = "notebooks/presales/02_preparation"


@pytest.fixture
def windows(chromium: Browser, address: str) -> Iterator[Callable[..., Page]]:
    """Return a function that opens a chapter as a new reader has it, its Python asleep."""
    opened: list[Page] = []

    def new(place: str = "", name: str = CHAPTER, **options: Any) -> Page:
        options = {
            "viewport": {"width": 1280, "height": 900},
            "reduced_motion": "reduce",
            **options,
        }
        page = chromium.new_context(folded=True, **options).new_page()  # type: ignore[call-arg]
        opened.append(page)
        page.route("**/_static/live/**", lambda route: route.abort())
        page.goto(f"{address}{name}.html{place}")
        return page

    yield new
    for page in opened:
        page.context.close()


def parts(page: Page) -> Locator:
    return page.locator("section.advanced")


def inside(page: Page) -> Locator:
    """What is in the first part in depth beside its heading and its button."""
    return parts(page).first.locator(":scope > p:not(.tracks), :scope > div.cell").first


def choose(page: Page, name: str) -> Locator:
    return page.get_by_role("group", name="看哪些部分").get_by_role("button", name=name)


def test_what_goes_into_depth_is_folded_until_one_part_or_all_are_wanted(windows):
    page = windows()
    expect(parts(page).first.locator("h3, h4").first).to_be_visible()
    expect(inside(page)).to_be_hidden()
    expect(page.locator("section:not(.advanced) > .set-up:visible")).to_have_count(0)
    unfold = parts(page).first.get_by_role("button", name="展开这一段").first
    expect(unfold).to_have_attribute("aria-expanded", "false")
    unfold.click()
    expect(inside(page)).to_be_visible()
    fold = parts(page).first.get_by_role("button", name="收起这一段").first
    expect(fold).to_have_attribute("aria-expanded", "true")
    fold.click()
    expect(inside(page)).to_be_hidden()
    expect(choose(page, "主线")).to_have_attribute("aria-pressed", "true")
    choose(page, "全部").click()
    expect(inside(page)).to_be_visible()
    expect(unfold).to_be_hidden()
    page.goto(page.url.replace(CHAPTER, "notebooks/aftersales/06_returns"))  # for the whole book
    expect(inside(page)).to_be_visible()
    expect(choose(page, "全部")).to_have_attribute("aria-pressed", "true")
    choose(page, "主线").click()
    page.reload()
    expect(inside(page)).to_be_hidden()


def test_the_switch_tells_the_minutes_of_the_chapter(windows):
    page = windows()
    expect(choose(page, "主线")).to_have_text("主线 40分钟")
    expect(choose(page, "全部")).to_have_text("全部 80分钟")


def test_an_address_leads_into_a_folded_part(windows):
    page = windows()
    target = parts(page).nth(1)
    name = target.get_attribute("id")
    page.goto(f"{page.url}#{name}")
    expect(target).to_be_in_viewport()
    expect(target.locator(":scope > :not(.tracks)").nth(1)).to_be_visible()
    expect(inside(page)).to_be_hidden()  # another part
    page = windows(f"#{name}")
    expect(parts(page).nth(1)).to_be_in_viewport()
    expect(parts(page).nth(1).locator(":scope > :not(.tracks)").nth(1)).to_be_visible()


def test_what_the_search_found_in_a_folded_part_is_shown(windows):
    page = windows()
    words = inside(page).evaluate("part => part.textContent.trim().slice(0, 12)")
    page.keyboard.press("/")
    page.locator("dialog.kefu-search input").fill(words)
    page.locator("dialog.kefu-search [data-tier]").first.click()
    expect(inside(page)).to_be_visible()


def test_without_a_script_and_on_paper_all_is_shown(windows):
    page = windows(java_script_enabled=False)
    expect(inside(page)).to_be_visible()
    expect(page.locator(".tracks:visible, .card-print:visible")).to_have_count(0)
    page = windows()
    page.emulate_media(media="print")
    expect(inside(page)).to_be_visible()
    expect(page.locator(".tracks:visible")).to_have_count(0)


def test_in_class_only_what_is_not_folded_is_stepped_through(windows):
    page = windows(name="notebooks/operations/10_satisfaction")
    counts = []
    for name in ("主线", "全部"):
        choose(page, name).click()
        page.get_by_role("button", name="上课").click()
        told = page.locator(".lesson-told")
        expect(told).to_contain_text("个演示")
        counts.append(int(told.inner_text().removeprefix("课文，共").removesuffix("个演示")))
        page.keyboard.press("Escape")
        expect(page.locator("html[data-lesson]")).to_have_count(0)
    folded = page.locator("section.advanced .kefu-demo").evaluate_all(SHOWN)
    assert folded > 0
    assert counts == [counts[1] - folded, page.locator("article .kefu-demo").evaluate_all(SHOWN)]


@IN_CHROMIUM
@pytest.mark.parametrize("name", [str(one.page) for one in book.written()])
def test_a_card_prints_alone_on_one_page(living, name):
    page = living
    page.evaluate("window.print = () => document.documentElement.setAttribute('data-printed', '')")
    page.get_by_role("button", name="打印这张卡").click()
    expect(page.locator("html")).to_have_attribute("data-printed", "")
    page.emulate_media(media="print")
    shown = page.locator("article section > :is(h1, h2, h3):visible")
    expect(shown).to_have_count(1)
    expect(shown).to_contain_text("工位卡")
    expect(page.locator(".desk-card .card-of")).to_be_visible()
    printed = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    assert len(printed.pages) == 1
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(page.locator("h1").first).to_be_visible()
    page.emulate_media(media="screen")  # the page goes on to other tests


def test_the_switch_and_the_buttons_are_legible_and_large(windows):
    page = windows()
    assert dict(unreadable(page, ".tracks button", 3)) == {view: [] for view in VIEWS}
