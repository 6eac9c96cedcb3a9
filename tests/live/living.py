"""Live cells as a reader has them in a browser, and their twins in the tests' own Python."""

from __future__ import annotations

import ast
import io
import re
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import Locator, Page, expect

from kefu.demos import Demo
from kefu.talk import find, play
from kefu.talk.play import best
from tests.visit import SETTLED, WAIT
from tools.paths import ROOT
from web import book
from web.extensions.live.collect import Cell, live_cells

IN_CHROMIUM = pytest.mark.parametrize("browser", ["chromium"], indirect=True)
"""Marks a long test of what no browser does otherwise: text kept as text, the tests' own checks."""

KEPT = """async () => {
    const shelf = await caches.open("live-engine /");
    const kept = async () => (await shelf.keys()).some(({ url }) => url.endsWith("/snapshot"));
    while (!(await kept())) await new Promise(resolve => setTimeout(resolve, 50));
}"""
"""Waits until the page's Python has kept its memory for the next page."""

GALLERY = "book/gallery"
CHAPTERS = [one.page for one in book.chapters() if one.page]
CHAPTER = "notebooks/presales/02_preparation"


def alive(page: Page) -> Page:
    """Wait until the page's Python has run all its cells; a start that failed is an error at once."""
    page.wait_for_selector(SETTLED, state="attached")
    state = page.locator("html").get_attribute("data-live")
    assert state == "alive", page.locator(".live-status").first.text_content()
    return page


def way(page: Page) -> str | None:
    """Return the way by which the page's Python started."""
    return page.locator("html").get_attribute("data-live-way")


def cell(page: Page, index: int) -> Locator:
    """Return the place of a live cell in the page."""
    return page.locator(f"#live-cell-{index}")


DRAWN, TOLD = ".kefu-drawn", ".kefu-told .widget-html-content"
"""Where a demo's picture is, and what it says below its controls."""
HANDLE = ".kefu-range"
"""What takes the keys of a demo's slider: ipywidgets' own have another, ``.noUi-handle``."""


def result(place: Locator) -> Locator:
    """Return what a demo says below its controls."""
    return place.locator(TOLD)


def drawn(place: Locator) -> Locator:
    """Return a demo's picture."""
    return place.locator(DRAWN)


def control(place: Locator, number: int = 0) -> Locator:
    """Return one of a demo's controls."""
    return place.locator(":is(.kefu-first, .kefu-others) > *").nth(number)


def unfold(place: Locator, number: int = 0) -> Locator:
    """Return one of a demo's controls, with 更多设置 opened where it stands there."""
    one = control(place, number)
    more = place.locator(".kefu-more .jupyter-widget-Collapse-header")
    if one.locator("xpath=ancestor::*[contains(@class, 'kefu-others')]").count() and (
        more.get_attribute("aria-expanded") != "true"
    ):
        more.press("Enter")
    return one


def text(html: str) -> str:
    """Return what a reader sees of HTML, with single spaces."""
    return " ".join(BeautifulSoup(html, "html.parser").get_text().split())


SAME = """(place, [wanted, most]) => new Promise(done => {
    const twins = Object.entries(wanted).map(([where, html]) => {
        const twin = document.createElement('template');
        twin.innerHTML = html;
        return [where, twin.innerHTML];
    });
    const seen = where => {
        const shown = place.querySelector(where)?.cloneNode(true);
        for (const code of shown?.querySelectorAll('pre') ?? []) code.removeAttribute('tabindex');
        for (const shade of shown?.querySelectorAll('.kefu-shade') ?? []) shade.remove();
        for (const own of shown?.querySelectorAll('[data-own]') ?? []) own.remove();
        return shown?.innerHTML;
    };
    const end = performance.now() + most;
    const look = () => {
        const other = twins.find(([where, html]) => seen(where) !== html);
        if (!other) done([]);
        else if (performance.now() > end) done([seen(other[0]) ?? 'nothing at ' + other[0], other[1]]);
        else setTimeout(look, 10);
    };
    look();
})"""
"""Waits until markup is as told, place by place. The theme lets a keyboard reach code that scrolls, by an
attribute of its own; behind a drawing lies the shade of the last one; what bears ``data-own`` a script has put into
the room that was left for it."""


OTHER = "the page shows another answer than the model's"


def agree(place: Locator, twin: Demo) -> None:
    """The page shows the demo's own result, to the last attribute of its drawing."""
    wanted = dict(zip((DRAWN, TOLD), twin.shown_parts(), strict=True))
    differ = place.evaluate(SAME, [wanted, WAIT], timeout=WAIT)
    if differ:
        said, told = differ
        assert text(said) == text(told), OTHER
        assert said == told, OTHER


class Notebook:
    """A notebook's live cells run in the tests' own Python: what the page must show as well."""

    def __init__(self, name: str) -> None:
        self.path: Path = ROOT / f"{name}.ipynb"
        self.cells: list[Cell] = live_cells(self.path)
        self.names: dict[str, Any] = {"__name__": "__main__"}

    def run(self, wanted: Cell) -> tuple[Any, str]:
        """Run a cell after the set-up cells; return its last value and what it printed."""
        for one in self.cells:
            if one.setup:
                exec(one.source, self.names)
        *body, last = _split(wanted.source)

        def act() -> Any:
            exec("".join(body), self.names)
            return eval(last.strip(), self.names) if last else None

        return printing(act)

    def demo(self, wanted: Cell) -> Demo:
        """Return the demo of a cell, made anew."""
        twin, _ = self.run(wanted)
        assert isinstance(twin, Demo)
        return twin

    def with_class(self, name: str) -> Cell:
        """Return the one cell that echoes the control class ``name``."""
        (found,) = (c for c in self.cells if re.search(rf"^echo\(w\.{name}\(", c.source))
        return found

    def having(self, part: str) -> Cell:
        """Return the one live cell whose source has ``part``, the set-up left aside."""
        (found,) = (c for c in self.cells if part in c.source and not c.setup)
        return found


def printing(act: Callable[[], Any]) -> tuple[Any, str]:
    """Return a function's value and what it printed last, after the last clearing of the output."""
    out = io.StringIO()
    with redirect_stdout(out), redirect_stderr(io.StringIO()):
        value = act()
    return value, re.split(r"\x1b\[2K\r?", out.getvalue())[-1]


def _split(source: str) -> list[str]:
    lines = source.splitlines(keepends=True)
    last = ast.parse(source).body[-1]
    if not isinstance(last, ast.Expr):
        return [source, ""]
    return ["".join(lines[: last.lineno - 1]), "".join(lines[last.lineno - 1 :])]


RUN = """async code => {
    const engine = window.liveEngine, cell = engine.cells[0];
    await engine.run(cell, code);
    return cell.outputs.map(output => output.textContent).join("");
}"""


def anew(page: Page, one: Cell) -> None:
    """Run a cell of the page again: its demo is as it was before other tests moved it."""
    page.evaluate(
        """([index, code]) => liveEngine.run(liveEngine.cells.find(cell => cell.index === index), code)""",
        [one.index, one.source],
    )


def python(page: Page, code: str) -> str:
    """Run code in the page's Python, as if in the page's first cell; return what it shows."""
    told: str = page.evaluate(RUN, code)
    return told


def talked_through(place: Locator, name: str) -> None:
    """Lead a conversation to its good end, in page or notebook: right options pressed, the second line typed."""
    scene = find(name)
    moves = best(scene)
    for number, (intent, beat) in enumerate(zip(moves, play(scene, moves).beats, strict=True)):
        say = next(one.say for one in scene.turns[beat.turn].options if one.intent == intent)
        if number == 1:
            place.locator(".kefu-words").fill(say)
            place.locator(".kefu-words").press("Enter")
        else:
            place.locator(".kefu-options .kefu-press", has_text=say).click()
        expect(place.locator(".kefu-said", has_text=say).first).to_be_visible()
    expect(place.locator(".kefu-ruling")).to_contain_text("好结局")
