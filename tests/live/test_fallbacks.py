"""Every way into Python, and what stands when a way is broken."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.live.living import CHAPTER, Notebook, alive, cell, control, python, result, text
from web.extensions.live import WAITING

pytestmark = pytest.mark.browser

BOOK = Notebook(CHAPTER)
DEMO = next(one for one in BOOK.cells if one.demo)
FAILED = "html[data-live=failed]"
GARBAGE = bytes(range(256)) * 64
# The engine's folder changes its name with its contents; the snapshot is kept under that name.
SHELF = """async () => {
    const shelf = await caches.open('live-engine');
    return (await shelf.keys()).map(key => new URL(key.url).pathname);
}"""
SPOIL = """async bytes => {
    const shelf = await caches.open('live-engine');
    const [key] = await shelf.keys();
    await shelf.put(key, new Response(new Uint8Array(bytes)));
}"""
KEPT = """async () => {
    const shelf = await caches.open('live-engine');
    for (let tries = 0; tries < 100; tries++) {
        if ((await shelf.keys()).length) return true;
        await new Promise(resolve => setTimeout(resolve, 50));
    }
    return false;
}"""


def way(page: Page) -> str | None:
    return page.locator("html").get_attribute("data-live-way")


def lives(page: Page) -> None:
    """The first demo answers a key with the model's own result."""
    twin, _ = BOOK.run(DEMO)
    widget = next(iter(twin.controls.values()))
    place = cell(page, DEMO.index)
    control(place).locator(".noUi-handle").press("End")
    widget.value = widget.max
    expect(result(place)).to_have_text(text(twin.result()))


def stands(page: Page) -> None:
    """The static picture is there."""
    expect(cell(page, DEMO.index).locator(".live-picture")).to_be_visible()


@pytest.fixture
def go(address: str) -> Callable[..., Page]:
    def open_page(page: Page, asked: str = "") -> Page:
        page.goto(f"{address}{CHAPTER}.html{asked}")
        return page

    return open_page


@pytest.fixture
def watched(visit) -> Callable[..., Page]:
    """Return a function that makes an empty page and notes every request of its profile."""

    def new(**options: object) -> Page:
        page = visit(**options)
        page.asked = []
        page.context.on("request", lambda request: page.asked.append(request.url))
        return page

    return new


def test_archive_and_own_snapshot_and_next_page(visit, go, address):
    page = visit()
    alive(go(page, "?live=archive"))
    assert way(page) == "archive"
    assert page.evaluate(SHELF) == []
    alive(go(page, "?live=own"))
    assert way(page) == "archive"
    assert page.evaluate(KEPT)
    alive(go(page, "?live=own"))
    assert way(page) == "own snapshot"
    lives(page)
    page.goto(f"{address}book/gallery.html?live=own")
    alive(page)
    assert way(page) == "own snapshot"


def test_shipped_snapshot_is_kept_for_the_next_visit(visit, go):
    page = visit()
    alive(go(page, "?live=shipped"))
    assert way(page) == "shipped snapshot"
    lives(page)
    assert page.evaluate(KEPT)
    alive(go(page, "?live=own"))
    assert way(page) == "own snapshot"


def test_two_readers_do_not_share_random_numbers(visit, go):
    page = visit()
    drawn = []
    for _ in range(2):
        alive(go(page, "?live=shipped"))
        drawn.append(python(page, "import random\nprint(random.random())"))
    assert drawn[0] != drawn[1]


@pytest.mark.parametrize("fault", ["garbage", "missing", "blocked", "cut"])
def test_broken_shipped_snapshot_falls_back_to_the_archive(visit, go, site, fault):
    page = visit()
    whole = next(site.glob("_static/live/*/snapshot.bin.gz")).read_bytes()

    def spoil(route: Route) -> None:
        if fault == "blocked":
            route.abort()
        elif fault == "missing":
            route.fulfill(status=404)
        else:
            route.fulfill(body=GARBAGE if fault == "garbage" else whole[: len(whole) // 2])

    page.route("**/snapshot.bin.gz", spoil)
    alive(go(page, "?live=shipped"))
    assert way(page) == "archive"
    lives(page)


def test_spoilt_own_snapshot_falls_back_to_the_archive_and_is_made_anew(visit, go):
    page = visit()
    alive(go(page, "?live=own"))
    assert page.evaluate(KEPT)
    page.evaluate(SPOIL, list(GARBAGE))
    alive(go(page, "?live=own"))
    assert way(page) == "archive"
    lives(page)
    assert page.evaluate(KEPT)
    alive(go(page, "?live=own"))
    assert way(page) == "own snapshot"


def test_snapshot_of_another_version_is_not_used_and_not_kept(visit, go, address):
    page = visit()
    page.goto(f"{address}book/index.html")
    page.evaluate(
        "async () => (await caches.open('live-engine')).put('/_static/live/old/snapshot', new Response('x'))"
    )
    alive(go(page, "?live=own"))
    assert way(page) == "archive"
    page.wait_for_timeout(300)
    assert page.evaluate(KEPT)
    assert [path for path in page.evaluate(SHELF) if "/old/" in path] == []


@pytest.mark.parametrize(
    "broken",
    [
        "app.pack.gz",
        "pyodide.asm.wasm.gz",
        "python_stdlib.zip",
        "pyodide.mjs",
        "worker.js",
        "page.js",
    ],
)
def test_failure_is_told_the_picture_stays_and_retry_works(visit, go, broken):
    page = visit()
    pattern = re.compile(rf"/{re.escape(broken)}(\?.*)?$")
    page.context.route(
        pattern, lambda r: r.abort() if broken == "worker.js" else r.fulfill(status=404)
    )
    go(page)
    page.wait_for_selector(FAILED, state="attached", timeout=20_000)
    stands(page)
    line = cell(page, DEMO.index).locator(".live-status")
    expect(line).to_contain_text("演示没能启动")
    page.context.unroute(pattern)
    line.get_by_role("button", name="重试").click()
    alive(page)
    expect(line).to_have_text("演示已经可以操作")
    lives(page)


def test_worker_that_may_not_start_is_told_and_retry_works(visit, go):
    page = visit()
    page.add_init_script(
        "window.Worker = class { constructor() { throw new Error('no worker'); } };"
    )
    go(page)
    page.wait_for_selector(FAILED, state="attached", timeout=20_000)
    stands(page)


def test_without_cache_storage_the_page_lives(visit, go):
    page = visit()
    page.context.route(
        re.compile(r"/worker\.js$"),
        lambda r: r.fulfill(
            body="caches.open = () => Promise.reject(new Error('full'));" + r.fetch().text(),
            content_type="text/javascript",
        ),
    )
    alive(go(page, "?live=own"))
    assert way(page) == "archive"


@pytest.mark.parametrize("missing", ["JavaScript", "WebAssembly", "Worker", "DecompressionStream"])
def test_without_what_python_needs_the_picture_and_the_sentence_stand(visit, go, missing):
    page = visit(java_script_enabled=missing != "JavaScript")
    if missing != "JavaScript":
        page.add_init_script(f"delete window.{missing}")
    go(page)
    page.wait_for_timeout(700)
    stands(page)
    line = cell(page, DEMO.index).locator(".live-status")
    expect(line).to_be_visible()
    expect(line).to_have_text(WAITING["zh"])


def test_no_way_asks_another_host(watched, go, address):
    page = watched()
    for asked in ("?live=archive", "?live=own", "?live=shipped", ""):
        alive(go(page, asked))
    assert [url for url in page.asked if not url.startswith((address, "data:", "blob:"))] == []


def test_save_data_waits_for_the_idle_page_and_skips_the_shipped_snapshot(watched, go):
    page = watched()
    page.add_init_script(
        "Object.defineProperty(navigator, 'connection', {value: {saveData: true, downlink: 50}})"
    )
    alive(go(page))
    assert way(page) == "archive"
    assert not any("snapshot.bin" in url for url in page.asked)


def test_pages_without_live_cells_load_nothing_of_the_engine(watched, address):
    page = watched()
    page.goto(f"{address}book/index.html")
    page.wait_for_timeout(500)
    assert [url for url in page.asked if "/live/" in url] == []
