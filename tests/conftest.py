"""The built book, its address on this machine, and the browsers, for all tests of a session."""

from __future__ import annotations

import gc
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Generator, Iterator
from functools import partial, wraps
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Error,
    Page,
    Playwright,
    Request,
    Response,
    expect,
    sync_playwright,
)

from tests import chosen, green, relay
from tests.visit import WAIT, Phone, Seen, Visits
from tools import bench, bench_pages, paths, serve, setup
from tools.paths import ROOT
from web import book

gc.set_threshold(20_000, 20, 20)  # at its own 700 Python spends a twelfth of the tests looking
settings.register_profile("book", deadline=None)  # a test asserts no time: see `make bench`
settings.load_profile("book")
collect_ignore = [] if "KEFU_CHAPTER" in os.environ else ["chapter_page.py"]
"""What `make check` alone runs; pytest would import it to look for examples in docstrings."""
Write = Callable[..., Path]
SPREAD = ("browser", "reader", "path")
"""Parameters that keep tests of one file apart: their fixtures share nothing with the others'."""
LONG = (
    "tests/data/test_answers.py",
    "tests/data/test_use.py",
    "tests/notebooks/test_explorers.py",
    "tests/notebooks/test_notebooks.py",
    "tests/test_tables.py",
    "tests/tools/test_chapter.py",
    "tests/tools/test_marks.py",
    "tests/tools/test_marks_chapters.py",
    "tests/tools/test_setup.py",
)
"""Files that take long without a browser: last, one of them would leave the other worker idle."""


def visited(item: pytest.Item) -> green.Place | None:
    """Return the page and the way to it of a test that reads what a visit told."""
    wanted = {"seen", "phone", "living"} & set(getattr(item, "fixturenames", ()))
    if not wanted or not isinstance(item, pytest.Function):
        return None
    by = "phone" if "phone" in wanted else item.callspec.params.get("browser", "chromium")
    return item.callspec.params["name"], by


def given(item: pytest.Item) -> dict[str, Any]:
    """Return a test's parameters by their names."""
    return getattr(getattr(item, "callspec", None), "params", {})


def group(item: pytest.Item) -> str:
    """Return what a test shares a worker with: its page's visit, or its file's fixtures."""
    if place := visited(item):
        return " ".join(place)
    apart = [str(given(item)[name]) for name in SPREAD if name in given(item)]
    return " ".join([item.nodeid.partition("::")[0], *apart])


def name(item: pytest.Item) -> str:
    """Return a test's name, whichever worker runs it."""
    return f"{item.path.name}::{item.name}"


OUTCOMES: dict[green.Place, dict[str, bool]] = {}
"""Whether the tests that ran in this worker passed, by the page that they looked at."""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Note which tests of a page passed."""
    report = yield
    if (place := visited(item)) and (report.when == "call" or report.failed):
        OUTCOMES.setdefault(place, {})[name(item)] = report.passed
    return report


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Generator[None]:
    """Put the tests of a group together, in a browser first, then long ones: the short ones fill the end."""
    items[:] = [item for item in items if not chosen.left_out(item.nodeid, given(item))]
    for item in items:
        if {"playwright", "browser"} & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.browser)
        item.add_marker(pytest.mark.xdist_group(group(item)))
        if (place := visited(item)) and not green.forced() and name(item) in green.passed(place):
            item.add_marker(pytest.mark.skip(reason=green.REASON))
    yield
    groups: dict[str, list[pytest.Item]] = {}
    for item in items:
        groups.setdefault(group(item), []).append(item)

    def heavy(tests: list[pytest.Item]) -> int:
        return sum(test.get_closest_marker("browser") is not None for test in tests)

    def weight(tests: list[pytest.Item]) -> tuple[int, bool]:
        return heavy(tests), tests[0].nodeid.partition("::")[0] in LONG

    order = sorted(groups.values(), key=weight, reverse=True)
    for tests in order:  # what a visit told is read before its page is changed
        tests.sort(key=lambda test: "living" in getattr(test, "fixturenames", ()))
    kept = set(items)  # without what -k and -m left out
    items[:] = [test for tests in order for test in tests if test in kept]


def pytest_collection_finish() -> None:
    """Leave what was collected, which stays to the end, out of every search for what can be thrown away."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def site() -> Path:
    """Return the folder of the built book, which must be newer than all that it is made from."""
    built = paths.SITE / ".built"
    plan = subprocess.run(
        [shutil.which("make") or "make", "-n", "site"], cwd=ROOT, capture_output=True, text=True
    )
    if not built.is_file() or "tools.site" in plan.stdout:
        pytest.fail("the built book is missing or older than its sources: run `make site`")
    return paths.SITE


@pytest.fixture(scope="session")
def pages(site: Path) -> list[str]:
    """Return every page of the built book, as its path below the site; lite/ is another program's."""
    found = (page.relative_to(site) for page in site.rglob("*.html"))
    ours = {page.as_posix() for page in found if page.parts[0] not in ("_static", "lite")}
    return sorted(ours - {f"{old}.html" for old in book.MOVED})


@pytest.fixture(scope="session")
def address(site: Path) -> Iterator[str]:
    """Serve the book and return its address, ending in a slash."""
    with serve.served(site) as address:
        yield address


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Return what drives the browsers."""
    paths.own_node()
    with sync_playwright() as playwright:
        yield playwright


def patient(go: Callable[..., Response | None]) -> Callable[..., Response | None]:
    """Let a way to a page end when all of the page is there: scripts follow its text, see ``finish.trim``."""

    @wraps(go)
    def gone(page: Page, *args: Any, **options: Any) -> Response | None:
        response = go(page, *args, **options)
        if options.get("wait_until", "load") == "load":
            page.wait_for_selector("html:not([data-coming])", state="attached")
        return response

    return gone


for way in ("goto", "reload", "go_back", "go_forward"):
    setattr(Page, way, patient(getattr(Page, way)))


expect.set_options(timeout=WAIT)
COUNTED = bool(os.environ.get("KEFU_COUNT"))
COUNTS: Counter[str] = Counter()
"""How often this session's browsers loaded a page and started Python: see `make bench-tests`."""


def framed(request: Request) -> bool:
    """Tell whether a frame within a page asks; a window that is not there yet cannot be asked itself."""
    try:
        return request.frame.parent_frame is not None
    except Error:
        return False


def count(request: Request) -> None:
    """Count a page's load, or the worker of a page's Python."""
    if request.is_navigation_request() and not framed(request):
        COUNTS["page loads"] += 1
    elif "/live/" in request.url and request.url.endswith("/worker.js"):
        COUNTS["Python starts"] += 1


AT_ONCE = "delete window.requestIdleCallback"
"""A page then lays its text out at once, as in Safari: a second and half its work saved a load."""


UNFOLDED = """{ const kept = Storage.prototype.getItem;
Storage.prototype.getItem = function (name) {
  return kept.call(this, name) ?? (name.endsWith(" track") ? "all" : null);
}; }"""
"""What goes into depth is shown, as to a reader who once chose 全部: tests reach all of a chapter."""


def unhurried(make: Callable[..., Page | BrowserContext]) -> Callable[..., Page | BrowserContext]:
    """Let what makes a profile or its page give all the time that a busy machine needs.

    With ``idle`` a page lays out what is below the fold section by section, as a reader's does; with
    ``folded`` it folds what goes into depth, as for a new reader.
    """

    def made(*, idle: bool = False, folded: bool = False, **options: Any) -> Page | BrowserContext:
        new = make(**options)
        context = new.context if isinstance(new, Page) else new
        context.set_default_timeout(WAIT)
        if not idle:
            new.add_init_script(AT_ONCE)
        if not folded:
            new.add_init_script(UNFOLDED)
        if COUNTED:
            context.on("request", count)
        return new

    return made


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Add what a worker counted."""
    COUNTS.update(node.workeroutput.get("counts", {}))


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hand a worker's counts over."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["counts"] = dict(COUNTS)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the counts, where they were asked for."""
    for what, count in COUNTS.items():
        terminalreporter.write_line(f"kefu: {what}: {count}")


def alone(browser: Browser) -> Browser:
    """Keep the book's service worker out, so that tests see what the site sends; one may let it in.

    Playwright's routes, by which tests break a page, do not see what a worker asks for.
    """
    for name in ("new_context", "new_page"):
        make = partial(getattr(browser, name), service_workers="block")
        setattr(browser, name, unhurried(make))
    return browser


PLAIN = ["--js-flags=--liftoff-only"]
"""Python's machine code is compiled once, simply: what makes it faster still costs more than it saves."""


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """Return the one Chromium of the session."""
    path = paths.browser()
    if path is None:
        pytest.fail("no Chromium: run `make setup-tests`, or set KEFU_CHROMIUM to its path")
    chromium = playwright.chromium.launch(executable_path=path, args=PLAIN)
    yield alone(chromium)
    chromium.close()


def stock_firefox() -> Path:
    """Return the path of a stock Firefox; where there is none the test is skipped, but CI fails."""
    path = paths.firefox()
    if path is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(setup.NO_FIREFOX)
    return path


@pytest.fixture(scope="session")
def firefox(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Return the one Firefox of the session, over WebDriver BiDi through the relay."""
    path, folder = stock_firefox(), tmp_path_factory.mktemp("firefox")
    start = folder / "firefox"
    start.write_text(f"#!/bin/sh\nexec '{sys.executable}' '{relay.__file__}' '{path}' \"$@\"\n")
    start.chmod(0o755)
    home = Path.home() if Path.home().stat().st_uid == os.geteuid() else folder
    firefox = playwright.firefox.launch(
        channel="moz-firefox",
        executable_path=start,
        env={**os.environ, "HOME": str(home)},  # Firefox refuses root another user's
        firefox_user_prefs={"ui.prefersReducedMotion": 1},
    )
    yield alone(firefox)
    firefox.close()


@pytest.fixture(scope="session", params=["chromium", "firefox"])
def browser(request: pytest.FixtureRequest) -> Browser:
    """Return each of the browsers in turn."""
    browser: Browser = request.getfixturevalue(request.param)
    return browser


@pytest.fixture(scope="session")
def visits(address: str) -> Iterator[Visits]:
    """Return the pages that this worker has open for the tests that look at each page of the book."""
    visits = Visits(address)
    yield visits
    green.keep(visits.asked, OUTCOMES)


@pytest.fixture
def seen(visits: Visits, chromium: Browser, site: Path, name: str) -> Seen:
    """Return all that the one visit of a page told."""
    return visits.seen(chromium, (site / f"{name}.html").read_text(encoding="utf-8"), name)


@pytest.fixture(scope="session")
def host(site: Path) -> Iterator[bench.Host]:
    """Serve the book as a host that gzips and counts."""
    host = bench_pages.serve()
    yield host
    host.shutdown()
    host.server_close()


@pytest.fixture
def phone(visits: Visits, chromium: Browser, host: bench.Host, name: str) -> Phone:
    """Return all that a phone's visit of a page told."""
    return visits.phone(chromium, host, name)


@pytest.fixture
def living(visits: Visits, browser: Browser, request: pytest.FixtureRequest, name: str) -> Page:
    """Return a page, alive, in a browser: in Chromium the one that was visited."""
    return visits.living(browser, request.node.callspec.params["browser"], name)


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Return a function that writes lines as a reader's own table."""

    def write(*lines: str, encoding: str = "utf-8", end: str = "\n") -> Path:
        file = tmp_path / "my.csv"
        file.write_bytes("".join(line + end for line in lines).encode(encoding))
        return file

    return write
