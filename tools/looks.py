"""Photograph pages of the built book as their readers see them: ``make looks PAGE=book/daily``.

On a phone (390 px, touch) and a desktop (1280 px), light and dark, with every demo awake: the page in
screens from top to bottom, then each demo by itself. The pictures are for eyes, not for tests; they
go to ``_build/looks``, one folder a page. With ``--demos`` only the demos are taken.
"""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Browser, Page, sync_playwright

from tools import serve
from tools.paths import BUILD, browser, own_node
from web import book

LOOKS = BUILD / "looks"
SCREENS: dict[int, dict[str, Any]] = {
    390: {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True},
    1280: {"viewport": {"width": 1280, "height": 900}},
}
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
TALL = 2_200
"""Height of a picture of a long page, in px: more would be seen too small."""
OVERLAP = 100
START = 120_000
AWAKE = "html:is([data-live=alive], [data-live=failed])"
TOUCH = "awake => document.querySelector(awake) || void dispatchEvent(new Event('touchstart'))"
"""Touches the page, which may not listen yet, and tells whether it is awake."""
FOOT = "() => document.documentElement.scrollHeight"
TO = "y => scrollTo({top: y, behavior: 'instant'})"


def wake(page: Page) -> None:
    """Touch the page until its Python has started; a page without demos has none."""
    if page.locator(".live-demo-cell").count():
        page.wait_for_function(TOUCH, arg=AWAKE, polling=500, timeout=START)


def photograph(page: Page, folder: Path, demos_only: bool) -> int:
    """Take the pictures of an opened page; return how many."""
    taken = 0
    width = page.evaluate("() => innerWidth")
    if not demos_only:
        page.set_viewport_size({"width": width, "height": TALL})
        while (top := taken * (TALL - OVERLAP)) < page.evaluate(FOOT):
            page.evaluate(TO, top)
            page.wait_for_timeout(300)  # what is near is laid out now, so the foot sinks
            page.screenshot(path=folder / f"page-{taken:02}.png")
            taken += 1
    for number, demo in enumerate(page.locator(".kefu-demo:visible").all(), start=1):
        demo.scroll_into_view_if_needed()
        demo.screenshot(path=folder / f"demo-{number:02}.png", animations="disabled")
        taken += 1
    return taken


def look(chromium: Browser, address: str, name: str, demos_only: bool) -> None:
    """Photograph one page on both screens in both themes."""
    shutil.rmtree(LOOKS / name, ignore_errors=True)
    for width, screen in SCREENS.items():
        for theme in THEMES:
            folder = LOOKS / name / f"{width}-{theme}"
            folder.mkdir(parents=True)
            page = chromium.new_page(**screen, color_scheme=theme, reduced_motion="reduce")
            page.goto(f"{address}{name}.html")
            wake(page)
            print(f"kefu: {photograph(page, folder, demos_only)} pictures in {folder}")
            page.context.close()


def main() -> None:
    """Photograph the pages named, or every page of the book."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pages", nargs="*", help="such as book/daily; left out: all")
    parser.add_argument("--demos", action="store_true", help="take only the demos")
    told = parser.parse_args()
    known = book.pages()
    if unknown := [name for name in told.pages if name not in known]:
        parser.error(f"expected pages of _toc.yml, got {', '.join(unknown)}")
    own_node()
    with sync_playwright() as playwright, serve.served() as address:
        chromium = playwright.chromium.launch(executable_path=browser())
        for name in told.pages or known:
            look(chromium, address, name, told.demos)
        chromium.close()


if __name__ == "__main__":
    main()
