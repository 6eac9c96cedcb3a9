"""Where the browser keeps nothing: the theme's menus and its light or dark work all the same."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.visit import PHONE
from tests.web.test_quiz import BLOCKED

BOTH = {
    "gone": "for (const name of ['localStorage', 'sessionStorage']) Object.defineProperty(window, name, {value: null})",
    "refused": """for (const name of ['localStorage', 'sessionStorage'])
        Object.defineProperty(window, name, {get() {throw new DOMException('no', 'SecurityError')}})""",
    "full": BLOCKED["full"],
}  # fmt: skip
"""A WebView without DOM storage; cookies blocked; no space left."""


@pytest.mark.parametrize("way", BOTH)
def test_menus_and_colours_work_where_nothing_is_kept(
    chromium: Browser, address: str, way: str
) -> None:
    page = chromium.new_context(**PHONE, color_scheme="light", folded=True).new_page()  # type: ignore[call-arg]
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.add_init_script(BOTH[way])
    page.goto(f"{address}book/how-to-use.html")
    for toggle in ("primary", "secondary"):
        page.locator(f".{toggle}-toggle:visible").tap()
        dialog = page.locator(f"#pst-{toggle}-sidebar-modal")
        expect(dialog).to_be_visible()
        page.keyboard.press("Escape")
        expect(dialog).to_be_hidden()
    button, root = page.locator(".theme-switch-button").first, page.locator("html")
    seen = []
    for _ in range(3):
        button.dispatch_event("click")
        seen.append(root.get_attribute("data-mode"))
    assert sorted(seen) == ["auto", "dark", "light"]
    page.dispatch_event("body", "beforeunload")
    page.route("**/_static/live/**", lambda route: route.abort())
    page.goto(f"{address}notebooks/aftersales/06_returns.html")
    assert root.get_attribute("data-track") == "main"
    page.locator("[data-choice=all]").tap()
    assert root.get_attribute("data-track") == "all"
    assert faults == []
    page.context.close()


def test_the_theme_s_memory_has_the_book_s_path_and_what_was_chosen_before_still_holds(
    chromium: Browser, address: str
) -> None:
    page = chromium.new_context(color_scheme="light").new_page()
    page.add_init_script("for (const name of ['mode', 'theme']) localStorage.setItem(name, 'dark')")
    page.goto(f"{address}book/how-to-use.html")
    root = page.locator("html")
    assert root.get_attribute("data-theme") == "dark"
    page.locator(".theme-switch-button:visible").click()
    chosen = root.get_attribute("data-mode")
    assert chosen != "dark"
    assert page.evaluate("localStorage.getItem('kefu-theme / mode')") == chosen
    page.reload()
    assert root.get_attribute("data-mode") == chosen
    page.context.close()
