"""Every page of the built book in a real browser: wide and narrow, light and dark."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.visit import TOUCH, VIEWS, WIDTHS
from tests.web.conftest import NAMES
from web import book

LATIN = {
    *("BY", "CC", "Ctrl", "Enter", "Esc", "JavaScript", "JupyterLab", "MIT"),
    *("PDF", "Python", "ipynb", "md", "pdf"),
    *book.latin(),
}
"""Latin words that a Chinese interface may say, those of the chapters with them."""
FIRST_VIEW = 350_000
"""The most that a page's first view on a phone may take, in bytes as they travel."""
CHAPTER = "notebooks/presales/02_preparation.html"
DEMOS = ("运费计算器", "凑单", "发货", "小测")


@pytest.fixture
def read(chromium: Browser, address: str, pages: list[str]) -> Iterator[Callable[..., Page]]:
    """Return a function that opens a page, chapter 02 if none is named, at a width."""
    windows: list[Page] = []

    def open_page(name: str = CHAPTER, width: int = 1280, **options: bool) -> Page:
        page = chromium.new_page(
            viewport={"width": width, "height": 844},
            color_scheme="light",
            reduced_motion="reduce",
            **options,
        )
        windows.append(page)
        page.goto(address + name)
        return page

    yield open_page
    for window in windows:
        window.close()


each_view = pytest.mark.parametrize("view", VIEWS, ids=lambda view: f"{view[0]}-{view[1]}")


def latin(texts: list[str]) -> list[str]:
    """Return the texts with a Latin word that is not allowed."""
    return [text for text in texts if set(re.findall(r"[A-Za-z]{2,}", text)) - LATIN]


def test_every_page_of_the_contents_is_built_and_no_other(pages):
    assert set(pages) == {*(f"{name}.html" for name in NAMES), "index.html", "404.html"}


def test_the_site_s_address_leads_to_the_cover(read, address):
    read("").wait_for_url(address + "book/index.html")


# every page, as one visit told: see tests/visit.py


def test_page_asks_no_other_host_and_gets_all_it_asks_for(seen, address):
    assert [url for url in seen.asked if not url.startswith((address, "data:", "blob:"))] == []
    assert seen.failed == []


def test_page_logs_no_error_and_no_warning(seen):
    assert seen.said == []


def test_page_carries_the_policy_and_keeps_to_it(seen):
    assert seen.policy.startswith("default-src 'self'; ")
    for leak in ("'unsafe-eval'", "http:", "*"):
        assert leak not in seen.policy
    assert seen.refused == []


@pytest.mark.parametrize("width", WIDTHS)
def test_page_fits_the_screen_and_cuts_no_text(seen, width):
    assert seen.over[width] <= 0
    assert seen.cut[width] == []


@each_view
def test_text_has_the_contrast_of_wcag_aa(seen, view):
    assert seen.pale[view] == []


def test_interface_is_chinese(seen):
    assert seen.language in ("zh", "zh-CN")
    assert latin(seen.interface) == []


def test_page_has_a_title_and_one_heading_of_the_first_level(seen):
    assert seen.headings == 1
    assert seen.title.endswith("网店客服")
    assert seen.mains == 1


def test_ids_are_unique(seen):
    assert sorted(seen.ids) == sorted(set(seen.ids))


def test_pictures_load_and_say_what_they_show(seen):
    assert seen.broken == []
    assert seen.mute == []


def test_controls_have_names(seen):
    assert seen.nameless == []


def test_on_a_phone_formulas_fit_charts_are_legible_and_no_line_begins_with_a_stop(seen):
    assert seen.shrunk == {"cut": 0, "hanging": 0, "small": []}


def test_first_view_on_a_phone_is_small_has_no_python_and_waits_for_no_script(phone):
    assert phone.engine == []
    assert phone.sent <= FIRST_VIEW
    assert phone.blocking == []


# the interface


def test_theme_button_toggles_light_and_dark_and_is_remembered(read):
    page = read("book/index.html")

    def paper() -> int:
        return page.evaluate(
            "parseInt(getComputedStyle(document.body).backgroundColor.match(/\\d+/)[0])"
        )

    button, root = page.locator(".theme-switch-button:visible"), page.locator("html")
    seen = {}
    for _ in range(3):
        button.click()
        seen[root.get_attribute("data-mode")] = paper()
    assert seen["light"] > 200 > 60 > seen["dark"]
    while root.get_attribute("data-mode") != "dark":
        button.click()
    page.reload()
    expect(root).to_have_attribute("data-theme", "dark")


def test_contents_open_from_a_button_on_a_phone_and_lead_to_a_chapter(read):
    page = read("book/index.html", 390)
    link = page.locator(".bd-sidebar-primary a, #pst-primary-sidebar-modal a").filter(
        has_text="第02章　售前"
    )
    expect(link).not_to_be_in_viewport()
    page.locator(".primary-toggle").click()
    expect(link).to_be_in_viewport()
    link.click()
    page.wait_for_url("**/notebooks/presales/**")


def test_copy_button_answers_in_chinese(read):
    page = read()
    button = page.locator("article .cell button.copybtn").first
    page.locator("article .cell div.highlight").first.hover()
    button.click()
    expect(button).to_have_attribute("data-tooltip", re.compile("复制成功"))


# the chapter


def inside(part: Locator, whole: Locator) -> bool:
    """Tell whether a part lies within the left and right edges of the whole."""
    small, large = part.bounding_box(), whole.bounding_box()
    assert small
    assert large
    left, right = large["x"] - 1, large["x"] + large["width"] + 1
    return small["width"] > 50 and left <= small["x"] and small["x"] + small["width"] <= right


def test_demos_stand_as_pictures_inside_the_column_of_a_phone(read):
    page = read(width=390, java_script_enabled=False)
    column = page.locator("article.bd-article")
    for title in DEMOS:
        demo = page.locator(".kefu-demo", has=page.locator(".kefu-title", has_text=title))
        expect(demo).to_be_visible()
        assert inside(demo, column)
        for chart in demo.locator("svg").all():
            assert inside(chart, demo)


def test_touch_targets_are_large_enough_on_a_phone(read):
    page = read(width=390)
    page.wait_for_selector("html[data-live=alive]", state="attached")
    page.locator(".primary-toggle").click()
    targets = page.locator(
        "details > summary, .bd-header-article button, dialog nav a, .live-bar button,"
        " .kefu-demo .jupyter-widget-Collapse-header"
    )
    small = [
        (target.text_content(), box["width"], box["height"])
        for target in targets.all()
        if (box := target.bounding_box()) and min(box["width"], box["height"]) < TOUCH
    ]
    assert targets.count() > 30
    assert small == []


def test_solutions_are_closed_at_first_and_open_on_a_click(read):
    page = read()
    solutions = page.locator("div.tag_solution details, details:has(summary:has-text('参考解答'))")
    assert solutions.count() >= 5
    for solution in solutions.all():
        body = solution.locator("pre, p:not(summary p)").first
        expect(body).to_be_hidden()
        solution.locator("summary").click()
        expect(body).to_be_visible()


def test_formulas_are_set_already_and_need_no_script(read):
    page = read()
    formulas = page.locator("article .formula")
    assert formulas.count() >= 4
    for formula in formulas.all():
        assert formula.locator("svg[aria-hidden=true] :is(path, text)").count()
        assert formula.locator(".visually-hidden math").count() == 1
    assert page.locator("div.formula svg text").first.text_content() == "运"
    assert not page.locator("script[src*=mathjax]").count()
    raw = page.locator("article :is(p, div.formula)").filter(
        has_text=re.compile(r"\\(text|frac|times)|\$\$")
    )
    assert raw.locator("visible=true").count() == 0
