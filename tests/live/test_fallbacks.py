"""Every way into Python, and what stands when a way is broken."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.live.living import (
    CHAPTER,
    GALLERY,
    HANDLE,
    Notebook,
    agree,
    alive,
    cell,
    control,
    python,
    way,
)
from tests.visit import until
from web.extensions.finish.policy import digest
from web.extensions.live import WAITING

BOOK = Notebook(CHAPTER)
DEMO = next(one for one in BOOK.cells if one.demo)
FAILED = "html[data-live=failed]"
GARBAGE = bytes(range(256)) * 64
PARTS = ("pyodide.asm.wasm", "python_stdlib.zip", "app.pack")
# The engine's folder changes its name with its contents; what a start leaves is kept under that name.
SHELF = """async () => {
    const shelf = await caches.open('live-engine /');
    return (await shelf.keys()).map(key => new URL(key.url).pathname);
}"""
OLD = """async () => {  // of another version, and of one whose shelves had no path; another book's beside it
    for (const [name, path] of [['live-engine /', ''], ['live-engine', ''], ['live-engine', '/other']]) {
        const shelf = await caches.open(name);
        await shelf.put(`${path}/_static/live/old/snapshot`, new Response('of another version'));
    }
}"""
UNPATHED = """async () => (await (await caches.open('live-engine')).keys()).map(key => new URL(key.url).pathname)"""
SPOIL = """async ([name, bytes]) => {
    const shelf = await caches.open('live-engine /');
    const key = (await shelf.keys()).find(({ url }) => url.endsWith(`/${name}`));
    const { headers } = await shelf.match(key);
    await shelf.put(key, new Response(new Uint8Array(bytes), { headers }));
}"""
KEPT = """async () => {  // one snapshot, of this page's engine, and at most what that started from
    const shelf = await caches.open('live-engine /');
    const engine = new URL('.', document.querySelector('script[src*="/live/"]').src).pathname;
    for (let tries = 0; tries < 100; tries++) {
        const paths = (await shelf.keys()).map(key => new URL(key.url).pathname);
        const known = NAMES.map(name => engine + name);
        if (paths.includes(known[0]) && paths.every(path => known.includes(path))) return true;
        await new Promise(resolve => setTimeout(resolve, 50));
    }
    return false;
}""".replace("NAMES", json.dumps(["snapshot", *PARTS]))
IDLE = """() => new Promise(resolve => requestIdleCallback(
    () => requestIdleCallback(resolve, {timeout: 600}), {timeout: 600}))"""


def lives(page: Page) -> None:
    """The first demo answers a key with the model's own result."""
    twin, _ = BOOK.run(DEMO)
    widget = next(iter(twin.controls.values()))
    place = cell(page, DEMO.index)
    control(place).locator(HANDLE).press("End")
    widget.value = widget.max
    agree(place, twin)


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


def test_archive_then_own_snapshot_for_the_next_start_and_page(watched, go, address):
    page = watched()
    alive(go(page, "?live=archive"))
    assert way(page) == "archive"
    assert page.evaluate(SHELF) == []
    page.evaluate(OLD)
    alive(go(page, "?live=own"))
    assert way(page) == "archive"
    assert page.evaluate(KEPT)
    until(page, lambda: len(page.evaluate(UNPATHED)) == 1)
    assert page.evaluate(UNPATHED) == ["/other/_static/live/old/snapshot"]
    alive(go(page, "?live=own"))
    assert way(page) == "own snapshot"
    lives(page)
    page.goto(f"{address}{GALLERY}.html?live=own")
    alive(page)
    assert way(page) == "own snapshot"
    page.go_back()
    lives(alive(page))
    assert [url for url in page.asked if not url.startswith((address, "data:", "blob:"))] == []


def test_shipped_snapshot_is_kept_for_the_next_visit_with_other_random_numbers(
    watched, go, address
):
    page = watched()
    drawn = set()
    for asked, told in (("?live=shipped", "shipped snapshot"), ("?live=own", "own snapshot")):
        alive(go(page, asked))
        assert way(page) == told
        drawn.add(python(page, "import random\nrandom.random()"))
        lives(page)
        assert page.evaluate(KEPT)
    assert len(drawn) == 2
    assert [url for url in page.asked if not url.startswith((address, "data:", "blob:"))] == []


def test_what_came_is_kept_inflated_and_does_not_come_again(watched, go):
    page = watched()
    alive(go(page, "?live=own"))
    assert {url.rpartition("/")[2] for url in page.asked if url.endswith(".gz")} == {
        f"{part}.gz" for part in PARTS
    }
    until(page, lambda: len(page.evaluate(SHELF)) == 1 + len(PARTS))
    page.asked.clear()
    alive(go(page, "?live=own"))
    lives(page)
    assert way(page) == "own snapshot"
    assert [url for url in page.asked if url.endswith(".gz")] == []


def test_a_store_that_never_answers_is_given_up_and_may_be_tried_again(visit, go):
    page = visit()

    def silence(route: Route) -> None:
        code = re.sub("3e4|30000", "300", route.fetch().text())
        never = "CacheStorage.prototype.open = () => new Promise(() => {});"
        route.fulfill(body=never + code, content_type="text/javascript")

    page.route("**/worker.js", silence)
    go(page, "?live=own")
    page.wait_for_selector(FAILED, state="attached")
    page.unroute("**/worker.js")
    page.evaluate("document.documentElement.dataset.live = 'waits'")
    cell(page, DEMO.index).locator(".live-status").get_by_role("button", name="重试").click()
    lives(alive(page))


@pytest.mark.parametrize("other", ["gone.js", "loader.js"])
def test_what_cannot_be_kept_leaves_the_page_alive(visit, go, other):
    """Its worker's script is not there, or fails; without a document the loader does so at once."""
    page = visit()

    def spoil(route: Route) -> None:
        code = route.fetch().text()
        assert code.count('"keep.js"') == code.count("3e3") == 1
        code = code.replace('"keep.js"', f'"{other}"').replace("3e3", "0")
        route.fulfill(body=code, content_type="text/javascript")

    page.route("**/worker.js", spoil)
    alive(go(page, "?live=own"))
    assert page.evaluate(KEPT)
    page.wait_for_timeout(1000)
    lives(page)
    assert page.locator("html").get_attribute("data-live") == "alive"
    assert len(page.evaluate(SHELF)) == 1


@pytest.mark.parametrize("part", ["pyodide.asm.wasm", "app.pack"])
def test_a_start_that_fails_for_what_was_kept_may_be_tried_again(visit, go, part):
    page = visit()
    alive(go(page, "?live=own"))
    until(page, lambda: len(page.evaluate(SHELF)) == 1 + len(PARTS))
    page.evaluate(SPOIL, [part, list(GARBAGE)])
    go(page, "?live=own")
    page.wait_for_selector(FAILED, state="attached")
    page.evaluate("document.documentElement.dataset.live = 'waits'")
    cell(page, DEMO.index).locator(".live-status").get_by_role("button", name="重试").click()
    lives(alive(page))


@pytest.mark.parametrize("fault", ["garbage", "missing", "cut"])
def test_broken_shipped_snapshot_falls_back_to_the_archive(visit, go, site, fault):
    page = visit()
    whole = next(site.glob("_static/live/*/snapshot.bin.gz")).read_bytes()

    def spoil(route: Route) -> None:
        if fault == "missing":
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
    page.evaluate(SPOIL, ["snapshot", list(GARBAGE)])
    alive(go(page, "?live=own"))
    assert way(page) == "archive"
    lives(page)
    assert page.evaluate(KEPT)
    alive(go(page, "?live=own"))
    assert way(page) == "own snapshot"


@pytest.mark.parametrize(
    "broken",
    [
        "app.pack.gz",
        "pyodide.asm.wasm.gz",
        "python_stdlib.zip.gz",
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
    go(page, "?live=archive")
    page.wait_for_selector(FAILED, state="attached")
    stands(page)
    line = cell(page, DEMO.index).locator(".live-status")
    expect(line).to_contain_text("没能启动")
    page.context.unroute(pattern)
    line.get_by_role("button", name="重试").click()
    alive(page)
    expect(line).to_have_text("可以动手")
    expect(page.locator(".live-picture")).to_have_count(0)


def test_a_request_that_never_answers_is_given_up_and_may_be_tried_again(visit, go):
    """The limit is cut down to 300 ms, in each script that has it."""
    page = visit()
    cut: set[str] = set()

    def shorten(route: Route) -> None:
        response = route.fetch()
        code = response.text()
        assert re.search("3e4|30000", code)
        cut.add(route.request.url.rpartition("/")[2].partition("?")[0])
        shorter = re.sub("3e4|30000", "300", code)
        if early := re.search(r"<script data-engine=[^>]*>(.*?)</script>", code, re.S):
            changed = [digest(re.sub("3e4|30000", "300", early[1])), digest(early[1])]
            shorter = shorter.replace(changed[1], changed[0])
        route.fulfill(response=response, body=shorter)

    page.context.route(re.compile(r"/live/\w+/(loader|worker)\.js|/02_preparation\.html"), shorten)
    line = cell(page, DEMO.index).locator(".live-status")
    for number, held in enumerate(("page.js", "worker.js", "pyodide.mjs", "pyodide.asm.wasm.gz")):
        pattern = re.compile(rf"/{re.escape(held)}(\?.*)?$")
        page.context.route(pattern, lambda route: None)
        if number:
            line.get_by_role("button", name="重试").click()
        else:
            go(page, "?live=archive")
        page.wait_for_selector(FAILED, state="attached")
        expect(line).to_contain_text("没能启动")
        page.context.unroute(pattern)
        page.evaluate("document.documentElement.dataset.live = 'waits'")
    stands(page)
    assert {"02_preparation.html", "loader.js", "worker.js"} <= cut


def test_editor_that_does_not_come_is_told_and_comes_at_the_next_click(visit, go):
    page = visit()
    pattern = re.compile(r"/editor\.js(\?.*)?$")
    page.route(pattern, lambda route: route.fulfill(status=404))
    go(page)
    place = cell(page, DEMO.index)
    place.get_by_role("button", name="改代码").click()
    expect(place.locator(".live-bar")).to_contain_text("编辑器没取到")
    page.unroute(pattern)
    place.get_by_role("button", name="改代码").click()
    expect(place.locator(".cm-content")).to_be_focused(timeout=30_000)  # while Python starts
    expect(place.locator(".live-bar")).not_to_contain_text("编辑器没取到")
    alive(page)


def test_worker_that_may_not_start_is_told_and_the_picture_stays(visit, go):
    page = visit()
    page.add_init_script(
        "window.Worker = class { constructor() { throw new Error('no worker'); } };"
    )
    go(page)
    page.wait_for_selector(FAILED, state="attached")
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
    page = visit(java_script_enabled=missing != "JavaScript", idle=True)
    if missing != "JavaScript":
        page.add_init_script(f"delete window.{missing}")
    go(page)
    if missing != "JavaScript":
        page.evaluate(IDLE)  # when Python would have started
        assert page.locator("html").get_attribute("data-live") is None
        assert page.workers == []
    stands(page)
    line = cell(page, DEMO.index).locator(".live-status")
    expect(line).to_be_visible()
    expect(line).to_have_text(WAITING["zh"])


def test_reader_who_saves_data_is_asked_before_python_travels(watched, go):
    page = watched(idle=True)
    page.add_init_script("""Object.defineProperty(
        navigator, 'connection', {value: {saveData: true, downlink: 50}})""")
    go(page)
    page.evaluate(IDLE)
    expect(cell(page, DEMO.index).locator(".live-status")).to_contain_text("点一下就能动手")
    stands(page)
    assert page.workers == []
    assert not any("pyodide" in url for url in page.asked)
    page.locator("article h1").click()
    alive(page)
    assert way(page) == "archive"
    assert not any("snapshot.bin" in url for url in page.asked)


def test_rest_of_the_library_comes_when_a_cell_imports_it(watched, go):
    page = watched()
    alive(go(page, "?live=archive"))
    rest = re.compile(r"/python_rest\.zip$")
    page.context.route(rest, lambda route: route.fulfill(status=404))
    run = "import wave\nwave.__name__"
    assert "没取到标准库的这一部分" in python(page, run)
    page.context.unroute(rest)
    assert python(page, run) == "'wave'"
    assert "No module named 'nothing_of_the_kind'" in python(page, "import nothing_of_the_kind")
    lives(page)


def test_pages_without_live_cells_load_nothing_of_the_engine(watched, address):
    page = watched()
    page.goto(f"{address}book/glossary.html", wait_until="networkidle")
    assert [url for url in page.asked if "/live/" in url] == []
