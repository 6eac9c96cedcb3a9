"""Pages whose Python runs, opened once for a module or afresh for a test."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.live.living import alive


@pytest.fixture(scope="module")
def profile(browser: Browser) -> Iterator[BrowserContext]:
    """Return a reader's profile: pages opened in it share their cache."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    yield context
    context.close()


@pytest.fixture(scope="module")
def opened(profile: BrowserContext, address: str) -> Callable[[str], Page]:
    """Return a function that gives a page of the book, alive, opened once."""
    pages: dict[str, Page] = {}

    def get(name: str) -> Page:
        if name not in pages:
            pages[name] = profile.new_page()
            pages[name].goto(f"{address}{name}.html")
        pages[
            name
        ].bring_to_front()  # a page behind another draws once a second, and a click waits for that
        return alive(pages[name])

    return get


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Callable[..., Page]]:
    """Return a function that makes an empty page in a fresh profile."""
    contexts: list[BrowserContext] = []

    def new(**options: object) -> Page:
        size = {"viewport": {"width": 1280, "height": 900}, "reduced_motion": "reduce"}
        contexts.append(chromium.new_context(**{**size, **options}))  # type: ignore[arg-type]
        return contexts[-1].new_page()

    yield new
    for context in contexts:
        context.close()
