"""Every demo of every chapter, in the page, against the same demo in ordinary Python."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time
from typing import Any

import ipywidgets as widgets
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.live.living import CHAPTERS, GALLERY, Notebook, agree, alive, cell, control, python, text
from web.extensions.live.collect import Cell

pytestmark = pytest.mark.browser

BOOKS = {name: Notebook(name) for name in CHAPTERS}
DEMOS = [(name, one) for name, book in BOOKS.items() for one in book.cells if one.demo]
SHIFT = 0.02
Move = tuple[Callable[[Locator], None], Any]

# The page's own account of its start, from before its first byte is read.
WATCH = """
window.moved = 0; window.told = {}; window.gone = [];
new PerformanceObserver(list => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.moved += entry.value;
}).observe({type: 'layout-shift', buffered: true});
const cells = new Set();
new MutationObserver(() => {
    for (const place of document.querySelectorAll('.cell_output:has(.live-picture)')) cells.add(place);
    for (const place of cells)
        if (!place.querySelector('.live-picture, .jupyter-widgets')) window.gone.push(place.textContent);
    for (const line of document.querySelectorAll('.live-status')) {
        const said = (window.told[line.closest('[id]').id] ??= []);
        if (said.at(-1) !== line.textContent) said.push(line.textContent);
    }
}).observe(document, {childList: true, subtree: true, characterData: true});
"""
HOLD = """async () => {
    for (let quiet = 0, last = -1; quiet < 5; quiet = window.moved === last ? quiet + 1 : 0) {
        last = window.moved;
        await new Promise(resolve => setTimeout(resolve, 100));
    }
    return window.moved;
}"""


def press(*keys: str) -> Callable[[Locator], None]:
    def act(place: Locator) -> None:
        for key in keys:
            place.locator(".noUi-handle").press(key)

    return act


def fill(value: str) -> Callable[[Locator], None]:
    def act(place: Locator) -> None:
        field = place.locator("input, textarea").first
        field.fill(value)
        field.blur()  # some controls answer only then

    return act


def choose(label: str) -> Callable[[Locator], None]:
    return lambda place: place.locator("select").select_option(label=label) and None


def tick(place: Locator) -> None:
    place.locator("input[type=checkbox]").click()


def moves(twin: widgets.ValueWidget) -> list[Move]:
    """Return what a reader does with a control of this kind, and the value that it then has."""
    start = twin.value
    match twin:
        case widgets.IntSlider() | widgets.FloatSlider():
            low, high, step = twin.min, twin.max, twin.step
            back = round(high - step, 9)
            return [(press("Home"), low), (press("End"), high), (press("ArrowLeft"), back)]
        case widgets.Dropdown() | widgets.Select():
            labels = [label for label in twin._options_labels if label != twin.label]
            chosen = (
                labels if len(labels) < 5 else [labels[0], labels[len(labels) // 2], labels[-1]]
            )
            values = dict(zip(twin._options_labels, twin._options_values, strict=True))
            return [(choose(label), values[label]) for label in (*chosen, twin.label)]
        case widgets.BoundedIntText() | widgets.BoundedFloatText():
            typed = [twin.min, twin.max, twin.max + 7, start]
            return [(fill(str(value)), min(value, twin.max)) for value in typed]
        case widgets.IntText() | widgets.FloatText():
            return [(fill(str(value)), value) for value in (0, -3, 41, start)]
        case widgets.Checkbox():
            return [(tick, not start), (tick, start)]
        case widgets.DatePicker():
            days = ("2026-02-13", "", start and start.isoformat())
            return [(fill(day), (day and date.fromisoformat(day)) or None) for day in days]
        case widgets.TimePicker():
            hours = ("23:59", "", start and start.isoformat("minutes"))
            return [(fill(hour), (hour and time.fromisoformat(hour)) or None) for hour in hours]
        case widgets.Text() | widgets.Textarea() | widgets.Combobox():
            return [(fill(value), value) for value in ("在吗？<b>急</b> & 'x'", "", start)]
    raise NotImplementedError(f"no test moves a {type(twin).__name__} yet: add it here")


def answers(page: Page, book: Notebook, one: Cell) -> None:
    """Each control of a demo, moved by hand in the page, gives the model's own answer; no error shows."""
    twin = book.demo(one)
    place = cell(page, one.index)
    agree(place, twin)
    starts = [(number, w, w.value) for number, w in enumerate(twin.controls.values())]
    for number, widget, _ in starts:
        for hand, value in moves(widget):
            hand(control(place, number))
            widget.value = value
            agree(place, twin)
        for moved, other, start in reversed(starts):  # one control may move another
            if other.value != start:
                other.value = start
                reset(control(place, moved), other)
                agree(place, twin)
    assert python(page, "'said all'") == "'said all'"  # and all that was said before is shown
    assert place.locator(".live-text-error").all_text_contents() == []


@pytest.mark.parametrize(("name", "one"), DEMOS, ids=[f"{n}-{c.source}" for n, c in DEMOS])
def test_each_control_moved_in_the_page_gives_the_model_s_answer(opened, name, one):
    answers(opened(name), BOOKS[name], one)


def reset(place: Locator, widget: widgets.ValueWidget) -> None:
    """Type a slider's first value into its readout; tick or untick a box."""
    if isinstance(widget, widgets.Checkbox):
        return tick(place)
    readout = place.locator(".widget-readout")
    readout.click()
    readout.press("ControlOrMeta+a")
    place.page.keyboard.type(f"{widget.value}")
    readout.press("Enter")


@pytest.mark.parametrize(("name", "one"), DEMOS, ids=[f"{n}-{c.source}" for n, c in DEMOS])
def test_demo_shows_the_code_for_the_reader_s_values(opened, name, one):
    page = opened(name)
    twin = BOOKS[name].demo(one)
    place = cell(page, one.index)
    place.locator(".jupyter-widget-Collapse-header").press("Enter")
    expect(place.locator("pre.kefu-code").last).to_have_text(text(twin.source()))


RUN = """async index => {
    const cell = liveEngine.cells.find(cell => cell.index === index);
    return [cell.place?.innerText ?? "", await liveEngine.run(cell, cell.source), cell.place?.innerText ?? ""];
}"""


@pytest.mark.parametrize("name", [GALLERY, *CHAPTERS])
def test_live_cells_run_without_error_and_give_what_the_notebook_stores(opened, name):
    page = opened(name)
    assert page.locator(".live-text-error").all_text_contents() == []
    for one in Notebook(name).cells:
        if not one.setup and not cell(page, one.index).locator(".jupyter-widgets").count():
            stored, well, shown = page.evaluate(RUN, one.index)
            assert well
            assert shown.split() == stored.split(), one.source


# the start


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("place", ["top", "demo"])
@pytest.mark.parametrize("name", CHAPTERS)
def test_nothing_jumps_while_the_page_comes_alive(visit, address, name, place, width):
    """Opened at its top, and at its last demo, below all its formulas, charts and other demos."""
    page = visit(viewport={"width": width, "height": 844})
    page.add_init_script(WATCH)
    demos = [one for one in BOOKS[name].cells if one.demo]
    anchor = f"#live-cell-{demos[-1].index}" if place == "demo" else ""
    page.goto(f"{address}{name}.html{anchor}")
    alive(page)
    assert page.evaluate(HOLD) < SHIFT
    assert page.evaluate("window.gone") == []
    told = page.evaluate("window.told")
    assert set(told) == {f"live-cell-{one.index}" for one in demos}
    for lines in told.values():
        assert [line.split("……")[0] for line in lines[-2:]] == ["演示正在启动", "演示已经可以操作"]
    expect(page.locator(".live-picture")).to_have_count(0)
