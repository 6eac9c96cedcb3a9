"""The built book, its address on this machine, and one Chromium, for all tests of a session."""

from __future__ import annotations

import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from web.commands import serve
from web.commands.bootstrap import ROOT, browser


@pytest.fixture(scope="session")
def site() -> Path:
    """Return the folder of the built book, which must be newer than all that it is made from."""
    built = serve.SITE / ".built"
    plan = subprocess.run(
        [shutil.which("make") or "make", "-n", "site"], cwd=ROOT, capture_output=True, text=True
    )
    if not built.is_file() or "web.commands.site" in plan.stdout:
        pytest.fail("the built book is missing or older than its sources: run `make site`")
    return serve.SITE


@pytest.fixture(scope="session")
def pages(site: Path) -> list[str]:
    """Return every page of the built book, as its path below the site; lite/ is another program's."""
    found = (page.relative_to(site) for page in site.rglob("*.html"))
    return sorted(page.as_posix() for page in found if page.parts[0] not in ("_static", "lite"))


@pytest.fixture(scope="session")
def address(site: Path) -> Iterator[str]:
    """Serve the book and return its address, ending in a slash."""
    server = serve.server(0)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Return the one browser of the session."""
    path = browser()
    if path is None:
        pytest.fail("no Chromium: run `make setup-tests`, or set KEFU_CHROMIUM to its path")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path)
        yield chromium
        chromium.close()
