"""A page's first view: small, waiting for no script, and looking as if nothing had been trimmed."""

from __future__ import annotations

import doctest
import importlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import Browser, Page, expect

from tools import bench, bench_pages
from web.extensions.finish import trim

FIRST_VIEW = 350_000
PHONE = {"viewport": {"width": 412, "height": 823}, "is_mobile": True, "has_touch": True}
COVER, CHAPTER, GLOSSARY = "book/index.html", f"{bench.CHAPTER}.html", "book/glossary.html"
SHOWN = ("book/index.html", CHAPTER, "book/data.html", GLOSSARY)
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
BLOCKING = """() => performance.getEntriesByType('resource')
    .filter(entry => entry.renderBlockingStatus === 'blocking').map(entry => entry.name)"""


@pytest.fixture(scope="module")
def host(site: Path) -> Iterator[bench.Host]:
    """Serve the book as a host that gzips and counts."""
    host = bench_pages.serve()
    yield host
    host.shutdown()
    host.server_close()


@pytest.fixture
def phone(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(**PHONE)
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


def test_first_view_on_a_phone_is_small_and_has_no_python(chromium, host, pages):
    large = {}
    for name in pages:
        context = chromium.new_context(**PHONE)  # nothing of another page is kept
        host.sent.clear()
        context.new_page().goto(host.address + name, wait_until="networkidle")
        context.close()
        engine = [path for path, _ in host.sent if bench_pages.ENGINE in f"/{path}"]
        assert engine == []
        if host.total() > FIRST_VIEW:
            large[name] = host.total()
    assert large == {}


@pytest.mark.parametrize("name", SHOWN)
def test_nothing_stands_between_a_page_and_its_text(phone, address, name):
    phone.goto(address + name)
    assert phone.evaluate(BLOCKING) == []


@pytest.mark.parametrize("name", SHOWN)
def test_trimmed_page_looks_the_same_in_light_and_dark_and_on_paper(chromium, address, name):
    page = chromium.new_page(reduced_motion="reduce")
    page.route("**/live/**", lambda route: route.abort())
    for width, scheme, media in VIEWS:
        page.set_viewport_size({"width": width, "height": 844})
        page.emulate_media(color_scheme=scheme, media=media)
        page.goto(address + name)
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
def test_sections_below_wait_for_the_scripts_and_then_are_all_there(phone, address, name):
    held = []
    phone.route("**/_static/book-*.js", lambda route: held.append(route))
    with phone.expect_request("**/_static/book-*.js"):
        phone.goto(address + name, wait_until="domcontentloaded")
    expect(phone.locator("article h1")).to_be_in_viewport()
    assert phone.evaluate(WAITING) > 5
    last = phone.locator("article section section").last.locator(":scope > *").last
    assert not last.evaluate("e => e.checkVisibility({contentVisibilityAuto: true})")
    for route in held:
        route.continue_()
    phone.wait_for_selector("html:not([data-coming])", state="attached")
    assert phone.evaluate(WAITING) == 0


def test_engine_starts_at_a_phones_first_touch_and_brings_the_whole_style(phone, address):
    phone.goto(address + CHAPTER, wait_until="networkidle")
    status = phone.locator(".live-status").first
    expect(status).to_contain_text("点一下这一页")
    assert phone.workers == []
    with phone.expect_response("**/_static/whole-*.css"):
        phone.locator("article h1").tap()
    phone.wait_for_selector("html[data-live=alive]", state="attached", timeout=60_000)


def test_wide_screen_starts_python_by_itself(chromium, address):
    page = chromium.new_page()
    page.goto(address + CHAPTER)
    page.wait_for_selector("html[data-live=alive]", state="attached", timeout=60_000)
    page.close()
