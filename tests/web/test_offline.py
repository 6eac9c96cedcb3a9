"""The book without a network, and with another edition: what a service worker keeps, in a real browser.

The book stands under a sub-path in Chinese with a space.

The test's own server forbids the browser's cache to store anything, so that what is read after the
server has gone is what the book's worker kept.
"""

from __future__ import annotations

import os
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Error, Page, Request, expect

from tests.live.living import HANDLE, Notebook, agree, alive, cell, control, result
from tests.live.test_edit import Editor
from tests.live.test_fallbacks import PARTS
from tests.visit import PHONE, until
from tests.web.test_quiz import BLOCKED, Asked
from tools.serve import QuietHandler
from web import book, build
from web.extensions import offline

COVER, CHAPTER = "book/index.html", "notebooks/presales/02_preparation.html"
UNSEEN = "book/glossary.html"
SHELVES = "async () => (await caches.keys()).filter(name => name.startsWith('kefu-book'))"
TAKEN_OVER = """() => navigator.serviceWorker.getRegistration()
    .then(kept => Boolean(kept.active && !kept.installing && !kept.waiting))"""
WINDOWS = """async () => (await self.clients.matchAll({type: 'window', includeUncontrolled: true})).length"""
KEPT = """async () => {
    const found = {};
    for (const name of await caches.keys())
        found[name] = (await (await caches.open(name)).keys()).map(request => request.url);
    return found;
}"""
DRAWN = """async () => {
    const failed = [];
    for (const image of document.images) {
        image.loading = 'eager';
        await image.decode().catch(() => failed.push(image.src));
    }
    return failed;
}"""
FETCHED = """async ([url, options]) =>
    fetch(url, options).then(response => response.status, () => 'failed')"""


class Handler(QuietHandler):
    """Files of the site that no browser stores by itself, and one path that answers something else."""

    disguised: dict[str, tuple[int, bytes]] = {}  # noqa: RUF012

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def do_GET(self) -> None:
        for end, (status, body) in self.disguised.items():
            if self.path.endswith(end):
                self.send_response(status)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.end_headers()
                self.wfile.write(body)
                return
        super().do_GET()


def linked(file: str, copy: str) -> None:
    """Let a copy share its file's bytes where both lie on one file system."""
    try:
        os.link(file, copy)
    except OSError:
        shutil.copyfile(file, copy)


class Host:
    """A copy of the book under a sub-path of a host that can go away and come back."""

    def __init__(self, site: Path, folder: Path) -> None:
        self.root, self.port = folder, 0
        self.site = folder / "网店 客服" / "book"
        left = shutil.ignore_patterns("lite", "_sources")
        shutil.copytree(site, self.site, copy_function=linked, ignore=left)
        self.handler = type("OwnHandler", (Handler,), {"disguised": {}})
        self.come()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}{self.path}"

    path = quote("/网店 客服/book/")

    def come(self) -> None:
        handler = partial(self.handler, directory=str(self.root))
        self.server = ThreadingHTTPServer(("127.0.0.1", self.port), handler)
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, args=(0.05,)).start()

    def go(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def rewrite(self, name: str, change: Callable[[str], str]) -> None:
        """Change a file of the copy, not of the built book that it is linked to."""
        path = self.site / name
        changed = change(path.read_text(encoding="utf-8"))
        path.unlink()
        path.write_text(changed, encoding="utf-8")

    def replace(self) -> str:
        """Put another edition in the place of this one, its engine under another name; return that."""
        (old,) = (self.site / "_static" / "live").iterdir()
        new = old.rename(old.with_name(old.name[::-1])).name
        for page in self.site.rglob("*.html"):
            if old.name in page.read_text(encoding="utf-8"):
                name = page.relative_to(self.site).as_posix()
                self.rewrite(name, lambda html: html.replace(old.name, new))
        self.build()
        return new

    def build(self) -> None:
        """Write the worker anew, as a build does at its end."""
        (self.site / "sw.js").unlink()
        offline.write_worker(build.read(self.site))


@pytest.fixture
def host(site: Path, tmp_path: Path) -> Iterator[Host]:
    host = Host(site, tmp_path)
    yield host
    host.go()


@pytest.fixture
def reader(chromium: Browser) -> Iterator[Page]:
    yield from fresh(chromium)


def fresh(browser: Browser) -> Iterator[Page]:
    """Yield a page of a profile in which the book may keep itself."""
    context = browser.new_context(service_workers="allow", reduced_motion="reduce")
    page = context.new_page()
    page.set_default_timeout(30_000)
    yield page
    context.close()


def kept(page: Page, host: Host) -> set[str]:
    """Return the names of all that the book keeps."""
    stores = page.evaluate(KEPT)
    return {
        url.removeprefix(host.address)
        for name, urls in stores.items()
        if name.startswith("kefu-book")
        for url in urls
    }


def visit(page: Page, host: Host, name: str) -> None:
    """Open a page and wait until it is kept with all that it needs."""
    page.goto(host.address + name)
    known = offline.book(build.read(host.site))
    names = list(known["files"])
    needed = {name, *(names[number] for number in known["needs"][name])}
    until(page, lambda: needed <= kept(page, host))


def answers(page: Page) -> None:
    """The chapter's first demo answers a key with the model's own result."""
    book = Notebook(CHAPTER.removesuffix(".html"))
    demo = next(one for one in book.cells if one.demo)
    twin, _ = book.run(demo)
    widget = next(iter(twin.controls.values()))
    alive(page)
    place = cell(page, demo.index)
    before = result(place).inner_text()
    control(place).locator(HANDLE).press("End")
    widget.value = widget.max
    agree(place, twin)
    assert result(place).inner_text() != before


@pytest.mark.parametrize("name", ["chromium", "firefox"])
def test_a_visited_page_lives_without_a_network(request, host, name):
    for page in fresh(request.getfixturevalue(name)):
        visit(page, host, CHAPTER)
        assert not any("snapshot" in name or "glossary" in name for name in kept(page, host))
        host.go()
        asked: list[Request] = []  # from now on: the reload breaks off what the page was keeping
        lost: list[Request] = []
        page.on("request", lambda request, asked=asked: asked.append(request))
        page.on("requestfailed", lambda request, lost=lost: lost.append(request))
        page.reload()
        assert page.locator("article h1").inner_text().startswith("第02章")
        answers(page)
        needed = [
            one.url for one in lost if one in asked and not one.url.endswith(".html")
        ]  # Firefox looks ahead at the next page
        assert asked
        assert [url for url in needed if url.startswith(host.address)] == []
        page.goto(host.address + UNSEEN)
        expect(page.get_by_role("heading", level=1)).to_have_text("这一页还没有存下来")
        page.get_by_role("link", name="第02章").click()
        expect(page.locator("article h1")).to_contain_text("第02章")
        host.come()


def test_todays_windows_open_without_a_network(reader, host):
    visit(reader, host, "book/daily.html")
    host.go()
    reader.reload()
    expect(reader.locator(".daily-window")).to_have_count(3)
    host.come()


def test_the_whole_book_is_kept_on_request_and_deleted_again(reader, host):
    reader.goto(host.address + COVER)
    save = reader.get_by_role("button", name=re.compile(r"^离线保存全书（约\d+ MB）$"))
    expect(save).to_be_visible()
    delete = reader.get_by_role("button", name="删除")
    expect(delete).to_be_visible(timeout=30_000)  # the cover itself is kept once its demo lives
    save.click()
    expect(reader.get_by_text("全书已经存在这台设备上")).to_be_visible()
    expect(save).to_be_hidden()
    assert kept(reader, host) == {*offline.book(build.read(host.site))["files"], "?whole"}
    host.go()
    for name in book.pages():
        reader.goto(f"{host.address}{name}.html")
        title = reader.evaluate("document.querySelector('article h1')?.firstChild.textContent")
        assert title, name
        assert title in (host.site / f"{name}.html").read_text(encoding="utf-8")
        assert reader.evaluate(DRAWN) == [], name
    reader.goto(host.address + CHAPTER)
    answers(reader)
    reader.goto(host.address)
    reader.wait_for_url("**/" + COVER)
    reader.get_by_role("button", name="删除").click()
    expect(reader.get_by_text("已经删除")).to_be_visible()
    stores = reader.evaluate(KEPT)
    assert [name for name in stores if name.startswith("kefu-book")] == []
    by_python = {url.rpartition("/")[2] for url in stores[f"live-engine {host.path}"]}
    assert {"snapshot"} <= by_python <= {"snapshot", *PARTS}  # those later than this reader stays
    reader.goto(host.address + COVER)
    expect(reader.get_by_role("heading", level=1)).to_have_text("这一页还没有存下来")
    host.come()


def test_a_new_build_takes_over_whole(reader, host):
    visit(reader, host, CHAPTER)
    visit(reader, host, "book/how-to-use.html")
    (before,) = reader.evaluate(SHELVES)
    host.rewrite(CHAPTER, lambda html: html.replace("晚班的三个窗口", "晚班的三个新窗口"))
    host.rewrite("_static/logo.svg", lambda svg: svg + "<!-- new -->")
    host.build()
    reader.goto(host.address + CHAPTER)
    expect(reader.locator("article h2", has_text="三个新窗口")).to_be_visible()
    until(reader, lambda: before not in reader.evaluate(SHELVES))
    (after,) = reader.evaluate(SHELVES)
    assert after != before
    assert {CHAPTER, "book/how-to-use.html", "_static/logo.svg"} <= kept(reader, host)
    host.go()
    reader.reload()
    expect(reader.locator("article h2", has_text="三个新窗口")).to_be_visible()
    assert "<!-- new -->" in reader.evaluate("fetch('../../_static/logo.svg').then(r => r.text())")
    reader.goto(host.address + "book/how-to-use.html")
    expect(reader.locator("article h1")).to_be_visible()
    host.come()


def test_a_page_left_open_goes_on_while_another_edition_is_put_up(reader, host):
    visit(reader, host, CHAPTER)
    alive(reader)
    (before,) = reader.evaluate(SHELVES)
    host.replace()
    other = reader.context.new_page()
    other.goto(host.address + CHAPTER)
    until(other, lambda: len(other.evaluate(SHELVES)) == 2)
    until(other, lambda: other.evaluate(TAKEN_OVER))
    editor = Editor(
        reader, Notebook(CHAPTER.removesuffix(".html")).having("chargeable_weight(").index
    )
    editor.run("print('我的')")
    expect(editor.output).to_have_text("我的")
    editor.button("停止").evaluate("button => button.disabled = false")
    editor.button("停止").click()  # Python starts anew, from the old edition's files
    expect(editor.place.locator(".live-bar")).to_contain_text("已停止")
    alive(reader)
    editor.button("运行").click()
    expect(editor.output).to_have_text("我的")
    assert before in other.evaluate(SHELVES)
    reader.close()
    worker = other.context.service_workers[-1]
    until(other, lambda: worker.evaluate(WINDOWS) == 1)
    other.reload()
    until(other, lambda: before not in other.evaluate(SHELVES))
    assert "?before" not in kept(other, host)


@pytest.mark.parametrize("way", ["kept", "full"])
def test_a_phone_s_page_of_an_old_edition_offers_the_new_one_and_keeps_what_was_answered(
    chromium, host, way
):
    page = chromium.new_context(**PHONE, reduced_motion="reduce").new_page()
    if way == "full":
        page.add_init_script(BLOCKED[way])
    page.goto(host.address + CHAPTER)
    new = host.replace()
    fee, choice = Asked(page, "quilt-fee"), Asked(page, "fee-three-steps")
    choice.choices.nth(1).locator("label").tap()  # the first touch, which starts Python
    line = page.locator(".live-status").first
    expect(line).to_contain_text("网站换了新版，这一页还是旧版")
    expect(line).not_to_contain_text("重试")
    expect(line).to_contain_text("都会留着" if way == "kept" else "浏览器不让本页保存")
    index = Notebook(CHAPTER.removesuffix(".html")).having("chargeable_weight(").index
    cell(page, index).get_by_role("button", name="改代码").tap()
    expect(cell(page, index).locator(".live-bar")).to_contain_text("网站换了新版")
    fee.form.get_by_role("textbox").fill("2.4")
    with page.expect_navigation():
        line.get_by_role("button", name="刷新本页").tap()
    page.wait_for_selector(f"script[src*='{new}']", state="attached")
    page.wait_for_selector(".kefu-quiz[data-alive]")
    if way == "kept":
        expect(choice.form.locator("input").nth(1)).to_be_checked()
        expect(fee.form.get_by_role("textbox")).to_have_value("2.4")
    expect(fee.form.locator(".kefu-verdict")).to_have_text("")
    page.context.close()


def test_a_build_that_breaks_off_leaves_the_old_one_whole(reader, host):
    visit(reader, host, "book/how-to-use.html")
    (before,) = reader.evaluate(SHELVES)
    kept_before = kept(reader, host)
    host.rewrite("_static/logo.svg", lambda svg: svg + "<!-- new -->")
    host.build()
    host.handler.disguised["logo.svg"] = (500, b"")
    reader.reload()
    reader.evaluate(
        "navigator.serviceWorker.getRegistration().then(r => r.update()).catch(() => 0)"
    )
    until(reader, lambda: reader.evaluate(
        "navigator.serviceWorker.getRegistration().then(r => !r.installing && !r.waiting)"))  # fmt: skip
    host.go()
    reader.reload()
    expect(reader.locator("article h1")).to_be_visible()
    assert before in reader.evaluate(SHELVES)
    assert kept_before <= kept(reader, host)
    host.come()


def test_errors_and_foreign_pages_are_not_kept(reader, host):
    visit(reader, host, "book/how-to-use.html")
    portal = b"<!doctype html><title>x</title><h1>hotel network</h1>"
    host.handler.disguised |= {"glossary.html": (200, portal), "data.html": (503, portal)}
    for name in ("book/glossary.html", "book/data.html", "book/nowhere.html"):
        reader.goto(host.address + name)
    reader.wait_for_timeout(500)
    assert not {"book/glossary.html", "book/data.html"} & kept(reader, host)
    assert kept(reader, host) <= {*offline.book(build.read(host.site))["files"]}
    host.handler.disguised["how-to-use.html"] = (502, portal)
    reader.goto(host.address + "book/how-to-use.html")
    expect(reader.locator("article h1")).to_contain_text("怎样用这本书")


def test_ranges_posts_and_other_programs_are_left_to_the_network(reader, host):
    visit(reader, host, "book/how-to-use.html")
    reader.reload()  # now under the worker
    page = host.address + "book/how-to-use.html"
    host.go()
    fetched = partial(reader.evaluate, FETCHED)
    assert fetched([page, {}]) == 200
    assert fetched([page, {"headers": {"Range": "bytes=0-9"}}]) == "failed"
    assert fetched([page, {"method": "POST"}]) == "failed"
    for apart in ("lite/notebooks/index.html", "downloads/kefu.pdf"):
        with pytest.raises(Error, match="ERR_CONNECTION_REFUSED"):
            reader.goto(host.address + apart)
    host.come()


def test_a_slow_network_does_not_keep_a_reader_from_a_kept_page(reader, host, monkeypatch):
    visit(reader, host, "book/how-to-use.html")
    stuck = threading.Event()
    monkeypatch.setattr(host.handler, "do_GET", lambda self: stuck.wait())
    try:
        reader.reload(wait_until="domcontentloaded")
        expect(reader.locator("article h1")).to_contain_text("怎样用这本书")
    finally:
        stuck.set()


def test_without_service_workers_nothing_is_promised(chromium, host):
    """As over plain http from another machine: the browser has no ``navigator.serviceWorker``."""
    context = chromium.new_context()
    page = context.new_page()
    page.add_init_script("delete Navigator.prototype.serviceWorker")
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(host.address + COVER, wait_until="networkidle")
    expect(page.locator(".kefu-offline")).to_be_hidden()
    assert faults == []
    assert page.evaluate(SHELVES) == []
    context.close()


def test_what_the_worker_knows_is_small(site):
    assert (site / "sw.js").stat().st_size < 100_000
