"""Pages whose Python runs: the gallery and the first chapter, each in a profile of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.live.living import CHAPTER, GALLERY, alive


@pytest.fixture(scope="module")
def profile(chromium: Browser) -> Iterator[BrowserContext]:
    """Return a reader's profile: pages opened in it share their cache."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    yield context
    context.close()


@pytest.fixture(scope="module")
def gallery(profile: BrowserContext, address: str) -> Page:
    """Return the gallery of controls, alive."""
    page = profile.new_page()
    page.goto(f"{address}{GALLERY}.html")
    return alive(page)


@pytest.fixture(scope="module")
def chapter(profile: BrowserContext, address: str) -> Page:
    """Return the first chapter, alive."""
    page = profile.new_page()
    page.goto(f"{address}{CHAPTER}.html")
    return alive(page)


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
