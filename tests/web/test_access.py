"""Every page for every reader: axe, keyboard alone, large type, narrow screens, chosen colours."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser

CHAPTER = "notebooks/presales/02_preparation.html"
VIEWS = [(1280, "light"), (1280, "dark"), (390, "light"), (390, "dark")]
SEEN = ["color-contrast", "target-size", "scrollable-region-focusable"]
"""The rules whose answer depends on the view; all others see the same in each."""
UNFOLD = """() => {
    for (const folded of document.querySelectorAll("details")) folded.open = true;
    for (const head of document.querySelectorAll(
        ".jupyter-widget-Collapse-header[aria-expanded=false]")) head.click();
    for (const button of document.querySelectorAll(".toggle-button-hidden")) button.click();
}"""
"""Opens everything that is folded."""
SETTLED = "html:is([data-live=alive], [data-live=failed])"


def unfolded(page: Page, url: str) -> Page:
    """Open a page, wait until its demos are alive, and open all that is folded."""
    page.goto(url)
    page.evaluate("document.fonts.ready")
    if page.locator("#live-cells").count():
        page.wait_for_selector(SETTLED, state="attached", timeout=60_000)
        assert page.locator("html").get_attribute("data-live") == "alive"
    page.evaluate(UNFOLD)
    return page


@pytest.fixture(scope="module")
def visit(chromium: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    """Return one page of the book, alive and unfolded."""
    page = chromium.new_page(viewport={"width": 1280, "height": 844}, reduced_motion="reduce")
    yield unfolded(page, address + request.param)
    page.close()


@pytest.fixture(scope="module")
def chapter(chromium: Browser, address: str) -> Iterator[Callable[..., Page]]:
    """Return a function that opens a page in a browser of given settings."""
    pages: list[Page] = []

    def read(name: str = CHAPTER, **settings: object) -> Page:
        size = {"viewport": {"width": 1280, "height": 844}, "reduced_motion": "reduce"}
        pages.append(chromium.new_page(**{**size, **settings}))  # type: ignore[arg-type]
        return unfolded(pages[-1], address + name)

    yield read
    for page in pages:
        page.context.close()


def faults(page: Page, rules: list[str] | None = None) -> list[str]:
    """Return what axe finds wrong on a page as it is seen now."""
    options: dict[str, object] = {"resultTypes": ["violations"]}
    if rules:
        options["runOnly"] = {"type": "rule", "values": rules}
    else:
        options["rules"] = {"target-size": {"enabled": True}}
    found = Axe().run(page, options=options).response["violations"]
    return [
        f"{rule['id']}: {node['target']} {node['html'][:160]} | "
        + " ".join(m["message"] for m in [*node["any"], *node["all"], *node["none"]])[:160]
        for rule in found
        for node in rule["nodes"]
    ]


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: f"{view[0]}-{view[1]}")
def test_axe_finds_no_fault(visit, view):
    width, theme = view
    visit.set_viewport_size({"width": width, "height": 844})
    visit.emulate_media(color_scheme=theme)
    visit.wait_for_selector(f"html[data-theme='{theme}']", state="attached")
    assert faults(visit, None if view == VIEWS[0] else SEEN) == []
