"""A page's first view: small, waiting for no script, and looking as if nothing had been trimmed."""

from __future__ import annotations

import doctest
import importlib
from collections.abc import Iterator

import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import Browser, Page, expect

from tests.visit import PHONE
from tests.web.test_progress import keep
from tools import bench
from web.extensions.finish import trim

COVER, CHAPTER, GLOSSARY = "book/index.html", f"{bench.CHAPTER}.html", "book/glossary.html"
SHOWN = ("book/index.html", CHAPTER, "book/data.html", GLOSSARY)
HAVING_READ = {
    "kefu": 1,
    "pages": {bench.CHAPTER: {"at": 5, "seconds": 2100, "ended": True, "read": True}},
}
"""A reader's memory by which the mark of a read page is there from the first, not at some moment."""
VIEWS = ((1280, "light", "screen"), (390, "dark", "screen"), (800, "light", "print"))

# How one element of every kind looks, and what stands before and after it.
LOOKS = """async (whole) => {
    if (whole) {
        const link = document.getElementById('whole-style');
        const loaded = new Promise((resolve, reject) => Object.assign(link, {onload: resolve, onerror: reject}));
        link.disabled = false;
        await loaded;
        document.getElementById('style').disabled = true;
    }
    await document.fonts.ready;
    const kind = e => `${e.localName}.${e.getAttribute('class') ?? ''}`;
    const kinds = new Map();
    for (const element of document.body.querySelectorAll(':not(svg *)')) {
        element.getBoundingClientRect();  // lays out what waits for the reader to come near
        kinds.set(`${kind(element.parentElement)} > ${kind(element)}`, element);
    }
    return [...kinds].map(([name, element]) => [name, ...[null, '::before', '::after'].map(part => {
        const style = getComputedStyle(element, part);
        if (part && style.content === 'none') return '';
        const names = [...style].filter(name => !name.startsWith('--'));
        return names.map(name => `${name}:${style.getPropertyValue(name)}`).join(';');
    })].join('|'));
}"""


@pytest.fixture
def handheld(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(**PHONE, idle=True)
    yield context.new_page()
    context.close()


def test_examples_in_the_extension_hold():
    done = doctest.testmod(importlib.import_module("web.extensions.finish.trim"))
    assert done.failed == 0 < done.attempted


def test_style_sheet_keeps_what_pages_and_scripts_name_and_no_more():
    css = ".a{color:red}.b.now{top:0}.c{left:0}[data-x=y]{--k:1;--u:2;top:var(--k)}"
    (sheets,) = trim.trimmed(
        [(css, trim.words(['<p class="a" data-x="y">c</p><script>f("b now")</script>'], []))], []
    )["sheets"]
    whole, kept = sheets
    assert ".c{" in whole
    assert "--u" in whole
    assert [part in kept for part in (".a{", ".b.now{", "--k:1")] == [True] * 3
    assert [part in kept for part in (".c{", "--u")] == [False] * 2


# Ends when the page's scripts have left it alone for a while: the theme's look again after 300 ms.
STILL = """async () => {
    const now = () => document.documentElement.outerHTML;
    for (let last; last !== (last = now()); ) await new Promise(done => setTimeout(done, 400));
}"""


@pytest.mark.parametrize("name", SHOWN)
def test_trimmed_page_looks_the_same_in_light_and_dark_and_on_paper(chromium, address, name):
    page = chromium.new_page(reduced_motion="reduce")
    page.route("**/live/**", lambda route: route.abort())
    page.add_init_script(keep(HAVING_READ))
    for width, scheme, media in VIEWS:
        page.set_viewport_size({"width": width, "height": 844})
        page.emulate_media(color_scheme=scheme, media=media)
        page.goto(address + name)
        page.evaluate(STILL)
        trimmed, whole = page.evaluate(LOOKS, False), page.evaluate(LOOKS, True)
        assert len(trimmed) == len(whole) > 100
        assert [(a, b) for a, b in zip(trimmed, whole, strict=True) if a != b][:1] == []
    page.close()


def test_pictures_below_the_first_wait_for_the_reader(site, pages):
    for name in pages:
        page = BeautifulSoup((site / name).read_text(encoding="utf-8"), "html.parser")
        shown = page.select("img[src*='_images/']")
        assert [i["src"] for i in shown[1:] if i.get("loading") != "lazy"] == []


WAITING = """() => [...document.querySelectorAll('article section section')]
    .filter(section => getComputedStyle(section).contentVisibility === 'auto').length"""


@pytest.mark.parametrize("name", SHOWN[1:])
def test_sections_below_wait_for_the_scripts_and_then_are_all_there(handheld, address, name):
    held = []
    handheld.route("**/_static/book-*.js", lambda route: held.append(route))
    with handheld.expect_request("**/_static/book-*.js"):
        handheld.goto(address + name, wait_until="domcontentloaded")
    expect(handheld.locator("article h1")).to_be_in_viewport()
    assert handheld.evaluate(WAITING) > 5
    last = handheld.locator("article section section").last.locator(":scope > *").last
    assert not last.evaluate("e => e.checkVisibility({contentVisibilityAuto: true})")
    for route in held:
        route.continue_()
    handheld.wait_for_selector("html:not([data-coming])", state="attached")
    assert handheld.evaluate(WAITING) == 0


def test_engine_starts_at_a_phones_first_touch_and_brings_the_whole_style(handheld, address):
    handheld.goto(address + CHAPTER, wait_until="networkidle")
    status = handheld.locator(".live-status").first
    expect(status).to_contain_text("点一下就能动手")
    assert handheld.workers == []
    with handheld.expect_response("**/_static/whole-*.css"):
        handheld.locator("article h1").tap()
    handheld.wait_for_selector("html[data-live=alive]", state="attached")


def test_wide_screen_starts_python_by_itself(chromium, address):
    page = chromium.new_page()
    page.goto(address + CHAPTER)
    page.wait_for_selector("html[data-live=alive]", state="attached")
    page.close()
