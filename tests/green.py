"""What a page's tests passed on this machine, so that an unchanged page is not visited again.

A record says, for a page and a way to it, the hash of the tests' own code and of the browsers, the
hash of the page and of every file that it asked for, and which tests passed. While all of these are
as they were, those tests would say the same. It is kept under ``_build``: a clean clone has none.
"""

from __future__ import annotations

import functools
import hashlib
import json
import os
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import unquote, urlsplit

from tools import paths
from tools.paths import BUILD, ROOT, SITE

STORE = BUILD / "green"
REASON = "this page, all that it loads and its tests are as they were when these last passed here; all: make test ALL=1"
Place = tuple[str, str]
"""A page and the way to it."""


def forced() -> bool:
    """Tell whether everything is to be visited: ``make test ALL=1``, and in CI."""
    return bool(os.environ.get("ALL") or os.environ.get("CI"))


@functools.cache
def digest(path: Path) -> str:
    """Return a file's hash, empty for one that is not there."""
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


@functools.cache
def code() -> str:
    """Return the hash of what looks at pages: the tests, the tools, the packages, the browsers."""
    ours = [
        *ROOT.glob("tests/**/*.py"),
        *ROOT.glob("tools/*.py"),
        ROOT / "requirements.txt",
        ROOT / "pyproject.toml",
    ]
    told = [f"{path.relative_to(ROOT)} {digest(path)}" for path in sorted(ours)]
    for browser in filter(None, (paths.browser(), paths.firefox())):
        at = browser.resolve().stat()
        told.append(f"{browser} {at.st_size} {at.st_mtime_ns}")
    return hashlib.sha256("\n".join(told).encode()).hexdigest()


def record(place: Place) -> Path:
    """Return the file that keeps what passed at a place."""
    return STORE / f"{' '.join(place).replace('/', '-')}.json"


def passed(place: Place) -> set[str]:
    """Return the tests that passed at a place of which nothing has changed since."""
    file = record(place)
    if not file.is_file():
        return set()
    kept = json.loads(file.read_text(encoding="utf-8"))
    same = kept["code"] == code() and all(
        digest(SITE / path) == seen for path, seen in kept["files"].items()
    )
    return set(kept["passed"]) if same else set()


def loaded(page: str, asked: Iterable[str]) -> list[str]:
    """Return the files of the site that a page took: itself, what it asked for, its Python whole."""
    found = {f"{page}.html", *(unquote(urlsplit(url).path).lstrip("/") for url in asked)}
    if any(
        "/live/" in path for path in found
    ):  # what the worker asks for by itself is not heard everywhere
        found |= {path.relative_to(SITE).as_posix() for path in SITE.glob("_static/live/**/*")}
    return sorted(path for path in found if (SITE / path).is_file())


def keep(asked: dict[Place, set[str]], outcomes: dict[Place, dict[str, bool]]) -> None:
    """Keep which tests passed at the places that were visited."""
    STORE.mkdir(parents=True, exist_ok=True)
    for place, urls in asked.items():
        files = {path: digest(SITE / path) for path in loaded(place[0], urls)}
        ran = outcomes.get(place, {})
        fine = (passed(place) - ran.keys()) | {name for name, well in ran.items() if well}
        told = {"code": code(), "files": files, "passed": sorted(fine)}
        record(place).write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")
