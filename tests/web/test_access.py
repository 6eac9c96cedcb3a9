"""Every page for every reader: axe, keyboard alone, large type, narrow screens, chosen colours."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.visit import LAID_OUT, LOOKS, NARROW, UNFOLD, WATCH, faults, started

CHAPTER = "notebooks/presales/02_preparation.html"
GALLERY = "book/gallery.html"


def opened(page: Page, url: str) -> Page:
    """Open a page, wait until its demos are alive, and open all that is folded."""
    page.goto(url)
    page.evaluate("document.fonts.ready")
    started(page)
    page.evaluate(UNFOLD)
    return page


@pytest.fixture(scope="module")
def chapter(chromium: Browser, address: str) -> Iterator[Callable[..., Page]]:
    """Return a function that opens a page in a browser of given settings."""
    pages: list[Page] = []

    def read(name: str = CHAPTER, **settings: object) -> Page:
        size = {"viewport": {"width": 1280, "height": 844}, "reduced_motion": "reduce"}
        pages.append(chromium.new_page(**{**size, **settings}))  # type: ignore[arg-type]
        pages[-1].add_init_script(WATCH)
        return opened(pages[-1], address + name)

    yield read
    for page in pages:
        page.context.close()


@pytest.mark.parametrize("view", [view for view, rules in LOOKS.items() if rules != []],
                         ids=lambda view: f"{view[0]}-{view[1]}")  # fmt: skip
def test_axe_finds_no_fault(seen, view):
    assert seen.axe[view] == []


# the keyboard alone

CONTROLS = """() => {
    const wanted = "a[href], button, input, select, textarea, summary, [tabindex='0'], [contenteditable=true]";
    const inside = "article :is(.kefu-demo, .live-bar, .kefu-ways, [data-live])";
    window.controls = [...document.querySelectorAll(`article ${wanted}`.replaceAll(", ", ", article "))]
        .filter(one => one.closest(inside) && !one.disabled && one.tabIndex >= 0
            && one.checkVisibility({visibilityProperty: true})
            && (one.type !== "radio" || one.checked));
    return controls.length;
}"""
"""Every control of the demos in the order of the page; of radio buttons Tab reaches the chosen one."""
FOCUSED = """() => {
    const now = document.activeElement, looks = getComputedStyle(now), box = now.getBoundingClientRect();
    const ring = looks.outlineStyle !== "none" && parseFloat(looks.outlineWidth) >= 2
        || now.closest(".live-editor");
    const place = controls.indexOf(now.closest(".jupyter-widget-tagsinput") ?? now);
    return {
        inside: Boolean(now.closest("article")), place, ring: Boolean(ring),
        seen: box.bottom > 0 && box.top < innerHeight, name: now.outerHTML.slice(0, 120),
    };
}"""


def walk(page: Page) -> list[dict[str, object]]:
    """Press Tab from the page's title to the end of its text; return each stop."""
    page.evaluate(
        "() => { const h = document.querySelector('article h1'); h.tabIndex = -1; h.focus(); }"
    )
    stops = []
    for _ in range(1000):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUSED)
        if not stop["inside"]:
            return stops
        stops.append(stop)
    raise AssertionError("the focus never leaves the text")


@pytest.mark.parametrize("name", [CHAPTER, GALLERY])
def test_tab_reaches_every_control_in_order_and_shows_where_it_is(chapter, name):
    page = chapter(name)
    count = page.evaluate(CONTROLS)
    stops = walk(page)
    places = [stop["place"] for stop in stops if stop["place"] != -1]
    assert list(dict.fromkeys(places)) == list(range(count))
    assert places == sorted(places)  # a date or a time has a stop for each of its parts
    assert count > 60
    assert [stop["name"] for stop in stops if not (stop["ring"] and stop["seen"])] == []


def test_tabs_and_tags_are_operated_by_keys(chapter):
    page = chapter(GALLERY)
    tabs = page.locator(".lm-TabBar-tab")
    tabs.first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(tabs.nth(1)).to_have_attribute("aria-selected", "true")
    tags = page.locator(".jupyter-widget-tag-close")
    count = tags.count()
    page.locator(".jupyter-widget-tagsinput").focus()
    expect(page.locator(".jupyter-widget-tagsinput input")).to_be_focused()
    page.keyboard.press("Backspace")
    expect(tags).to_have_count(count - 1)
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")
    assert not page.evaluate("document.activeElement.closest('.jupyter-widget-tagsinput')")


def test_skip_link_is_first_chinese_and_leads_to_the_text(chapter):
    page = chapter("book/how-to-use.html")
    page.keyboard.press("Tab")
    link = page.locator(".skip-link a")
    expect(link).to_be_focused()
    expect(link).to_be_in_viewport()
    assert re.fullmatch("[\u4e00-\u9fff]+", link.inner_text())
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("Boolean(document.activeElement.closest('main'))")


def test_editor_is_left_by_escape_and_tab_as_it_tells(chapter):
    page = chapter()
    bar = page.locator(".live-bar", has=page.get_by_role("button", name="改代码")).first
    bar.get_by_role("button", name="改代码").press("Enter")
    editor = page.locator(".live-editor .cm-content").first
    expect(editor).to_be_focused()
    hint = editor.get_attribute("aria-describedby")
    expect(page.locator(f"#{hint}")).to_contain_text("先按Esc再按Tab")
    before = editor.inner_text()
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    expect(editor).not_to_be_focused()
    assert editor.inner_text() == before
    page.evaluate(LAID_OUT)
    assert faults(page) == []


# large type, narrow screens, fingers


@pytest.mark.parametrize("width", NARROW)
def test_nothing_is_lost_on_a_narrow_screen_or_at_double_size(seen, width):
    over, *lost = seen.wide[width]
    assert over <= 0
    assert lost == []


def test_every_control_is_large_enough_for_a_finger(seen):
    assert seen.small == []


# motion and colours that the reader chose


def test_nothing_moves_for_who_wants_no_motion(seen):
    assert seen.moving == []


def test_forced_colours_leave_the_page_readable(chapter):
    page = chapter(forced_colors="active", color_scheme="dark")
    page.locator(".kefu-demo").first.scroll_into_view_if_needed()
    track = page.locator(".kefu-demo .kefu-track").first
    colours = track.evaluate(
        "one => [getComputedStyle(one, '::before').backgroundColor, getComputedStyle(document.body).backgroundColor]"
    )
    assert colours[0] != colours[1]
    pale = "one => getComputedStyle(one).color === getComputedStyle(document.body).backgroundColor"
    assert not page.locator("article p").first.evaluate(pale)
