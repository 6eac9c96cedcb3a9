"""The checks of live pages see what is broken: each fault is planted, and the check must tell it."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable
from contextlib import nullcontext

import pytest
from playwright.sync_api import Page, Route

from tests.live import living
from tests.live.living import CHAPTER, IN_CHROMIUM, KEPT, Notebook, alive, way
from tests.live.test_chapter import answers

BOOK = Notebook(CHAPTER)
FREIGHT = BOOK.having("demos.freight()")
DEMO = BOOK.having("demos.promise_clock()")
RUN = """([index, code]) =>
    liveEngine.run(liveEngine.cells.find(cell => cell.index === index), code)"""


@pytest.fixture
def spoilt(visit: Callable[..., Page], address: str) -> Callable[..., Page]:
    """Return a function that opens the chapter while a file of the site reads otherwise."""

    def go(file: str, change: Callable[[bytes], bytes], asked: str = "?live=archive") -> Page:
        page = visit()
        pattern = re.compile(rf"/{re.escape(file)}(\?.*)?$")
        met = []

        def answer(route: Route) -> None:
            met.append(file)
            sent = route.fetch()
            body = change(sent.body())
            assert body != sent.body()
            route.fulfill(response=sent, body=body)

        page.context.route(pattern, answer)
        page.goto(f"{address}{CHAPTER}.html{asked}")
        page.wait_for_selector("html[data-live]", state="attached")
        page.wait_for_selector("html:not([data-live=starting])", state="attached")
        assert met
        page.context.unroute_all(behavior="wait")
        return page

    return go


def without(folder: str) -> Callable[[bytes], bytes]:
    """Return a change that leaves a package out of the archive."""

    def act(packed: bytes) -> bytes:
        pack = gzip.decompress(packed)
        start = 4 + int.from_bytes(pack[:4], "big")
        kept, body = [], b""
        for path, size in json.loads(pack[4:start]):
            if not path.startswith(f"/app/{folder}/"):
                kept.append([path, size])
                body += pack[start : start + size]
            start += size
        head = json.dumps(kept).encode()
        return gzip.compress(len(head).to_bytes(4, "big") + head + body, 1)

    return act


def replaced(old: str, new: str) -> Callable[[bytes], bytes]:
    return lambda body: body.replace(old.encode(), new.encode())


# What a demo's cell becomes, and what the check says of it.
CALLBACKS = {
    "none": ("{}", ""),
    "fails": (
        "d = {}\nfor c in d.controls.values():\n    c.observe(lambda _: 1 / 0, 'value')\nd",
        "ZeroDivisionError",
    ),
    "fails at the last control": (
        "d = {}\n[*d.shown_controls().values()][-1].observe(lambda _: 1 / 0, 'value')\nd",
        "ZeroDivisionError",
    ),
    "does nothing": (
        "d = {}\nfor c in d.controls.values():\n    c.unobserve_all('value')\nd",
        living.OTHER,
    ),
    "gives the answer before": (
        "d = {}\nold = d._tell\nsaid = [old()]\nd._tell = lambda: (said.append(old()), said[-2])[1]\nd",
        living.OTHER,
    ),
}


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait only a little for what will not come; the tests that pass show that it comes where nothing is broken."""
    monkeypatch.setattr(living, "WAIT", 2_000)


@IN_CHROMIUM
@pytest.mark.parametrize("fault", CALLBACKS)
def test_broken_callback_is_told(opened, fault, request):
    if CALLBACKS[fault][1]:
        request.getfixturevalue("hurried")
    page = opened(CHAPTER)
    code, told = CALLBACKS[fault]
    assert page.evaluate(RUN, [DEMO.index, code.format(DEMO.source)])
    with pytest.raises(AssertionError, match=told) if told else nullcontext():
        answers(page, BOOK, DEMO)


@pytest.mark.parametrize("folder", ["ipywidgets", "comm", "kefu/presales"])
def test_missing_wheel_is_told(spoilt, folder):
    page = spoilt("app.pack.gz", without(folder))
    with pytest.raises(AssertionError, match="没能启动"):
        alive(page)


def test_missing_pack_is_told(spoilt):
    page = spoilt("app.pack.gz", lambda body: b"")
    with pytest.raises(AssertionError, match="没能启动"):
        alive(page)


def test_blocked_worker_is_told(spoilt):
    page = spoilt(f"{CHAPTER}.html", replaced("worker-src 'self' blob:", "worker-src 'none'"))
    with pytest.raises(AssertionError, match="没能启动"):
        alive(page)


def test_stale_snapshot_is_told(spoilt, address, request):
    """A snapshot of a model that has since changed is kept under the present engine's name."""
    old = "import live_imports; from kefu.presales.freight import Tariff; Tariff.fee = lambda *_: 1"
    page = alive(spoilt("worker.js", replaced("import live_imports", old), "?live=own"))
    page.evaluate(KEPT)
    page.goto(f"{address}{CHAPTER}.html?live=own")
    assert way(alive(page)) == "own snapshot"
    request.getfixturevalue("hurried")
    with pytest.raises(AssertionError, match=living.OTHER):
        answers(page, BOOK, FREIGHT)
