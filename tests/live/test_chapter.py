"""Every demo of every chapter, in the page, against the same demo in ordinary Python."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date, time
from typing import Any

import ipywidgets as widgets
import pytest
from playwright.sync_api import Locator, Page, expect

from kefu.demos.core import Demo
from kefu.demos.hands import Line, put
from tests.live.living import (
    CHAPTER,
    CHAPTERS,
    GALLERY,
    HANDLE,
    IN_CHROMIUM,
    Notebook,
    agree,
    anew,
    cell,
    python,
    text,
    unfold,
)
from tests.live.test_edit import BUTTONS, Editor
from tests.visit import Start, last_demo, started, window
from web.extensions.live.collect import Cell

BOOKS = {name: Notebook(name) for name in CHAPTERS}
DEMOS = [(name, one) for name, book in BOOKS.items() for one in book.cells if one.demo]
IDS = [f"{name}-{one.source}" for name, one in DEMOS]
IN_FIREFOX = pytest.mark.parametrize("browser", ["firefox"], indirect=True)
SHIFT = 0.02
Move = tuple[Callable[[Locator], None], Any]


def press(*keys: str) -> Callable[[Locator], None]:
    def act(place: Locator) -> None:
        for key in keys:
            place.locator(HANDLE).press(key)

    return act


def fill(value: str) -> Callable[[Locator], None]:
    def act(place: Locator) -> None:
        field = place.locator("input, textarea").first
        field.fill(value)
        field.blur()  # some controls answer only then

    return act


def send(value: str) -> Callable[[Locator], None]:
    def act(place: Locator) -> None:
        place.locator("input").fill(value)
        place.locator("input").press("Enter")

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
        case Line():
            return [(send(value), value) for value in ("在吗？<b>急</b> & 'x'", "亲，在的", start)]
        case widgets.Text() | widgets.Textarea() | widgets.Combobox():
            return [(fill(value), value) for value in ("在吗？<b>急</b> & 'x'", "", start)]
    raise NotImplementedError(f"no test moves a {type(twin).__name__} yet: add it here")


def presses(place: Locator, twin: Demo, *, first: bool = False) -> None:
    """Each button of a picture that is a demo's one control, or its first, pressed, gives the model's own answer.

    A press may lead to a picture of other buttons: those that stand there then are gone on with. A film's
    own button starts what takes its time: ``test_film`` waits for that.
    """
    buttons = place.locator(".kefu-scene [data-press]:not(.kefu-play):visible")
    assert buttons.count()
    number = 0
    while number < (1 if first else buttons.count()):
        button = buttons.nth(number)
        number += 1
        wanted = json.loads(button.get_attribute("data-press") or "")
        button.click()
        with twin.hold_refresh():
            for name, value in wanted.items():
                put(twin.controls[name], value)
        agree(place, twin)


RESET = (widgets.IntSlider, widgets.FloatSlider, widgets.Checkbox)
"""The controls that do not end where they began when they are moved."""


def answers(page: Page, book: Notebook, one: Cell, kinds: set[type] | None = None) -> None:
    """Each control of a demo, moved by hand in the page, gives the model's own answer; no error shows.

    With ``kinds`` only the first control of each kind that is not among them is moved, and added; of a picture
    to press, its first button is.
    """
    twin = book.demo(one)
    place = cell(page, one.index)
    agree(place, twin)
    starts = [(number, w, w.value) for number, w in enumerate(twin.controls.values())]
    for number, widget, _ in starts:
        if kinds is not None:
            if type(widget) in kinds:
                continue
            kinds.add(type(widget))
        if (
            widget.layout.display == "none"
        ):  # no effect now, so not shown; its kind is moved elsewhere
            continue
        for hand, value in moves(widget):
            hand(unfold(place, number))
            widget.value = value
            agree(place, twin)
        for moved, other, start in reversed(starts):  # one control may move another: no matter
            if other.value != start and isinstance(other, RESET) and other.layout.display != "none":
                other.value = start
                reset(unfold(place, moved), other)
                agree(place, twin)
    if all(widget.layout.display == "none" for _, widget, _ in starts):
        presses(place, twin, first=kinds is not None)
    assert python(page, "'said all'") == "'said all'"  # and all that was said before is shown
    assert place.locator(".live-text-error").all_text_contents() == []


@IN_CHROMIUM
@pytest.mark.parametrize(("name", "one"), DEMOS, ids=IDS)
def test_each_control_moved_in_the_page_gives_the_model_s_answer(living, name, one):
    answers(living, BOOKS[name], one)


@IN_FIREFOX
@pytest.mark.parametrize("name", CHAPTERS)
def test_a_control_of_each_kind_gives_the_model_s_answer_in_firefox(living, name):
    kinds: set[type] = set()
    for one in BOOKS[name].cells:
        if one.demo:
            answers(living, BOOKS[name], one, kinds)
    assert kinds


def reset(place: Locator, widget: widgets.ValueWidget) -> None:
    """Type a slider's first value into its field; tick or untick a box."""
    if isinstance(widget, widgets.Checkbox):
        return tick(place)
    field = place.locator(".kefu-field")
    field.fill(f"{widget.value}")
    field.press("Enter")


@IN_CHROMIUM
@pytest.mark.parametrize(("name", "one"), DEMOS, ids=IDS)
def test_demo_shows_the_code_for_the_reader_s_values(living, name, one):
    twin = BOOKS[name].demo(one)
    place = cell(living, one.index)
    anew(living, one)
    head = place.locator(".kefu-source .jupyter-widget-Collapse-header")
    if head.get_attribute("aria-expanded") == "true":  # a visit leaves it open
        head.press("Enter")
    expect(head).to_have_attribute("aria-expanded", "false")
    head.press("Enter")
    expect(place.locator("pre.kefu-code").last).to_have_text(text(twin.source()))


RUN = """async index => {
    const cell = liveEngine.cells.find(cell => cell.index === index);
    return [cell.place?.innerText ?? "", await liveEngine.run(cell, cell.source), cell.place?.innerText ?? ""];
}"""


@pytest.mark.parametrize("name", [GALLERY, *CHAPTERS])
def test_live_cells_run_without_error_and_give_what_the_notebook_stores(living, name):
    assert living.locator(".live-text-error").all_text_contents() == []
    for one in Notebook(name).cells:
        if not one.setup and not cell(living, one.index).locator(".jupyter-widgets").count():
            stored, well, shown = living.evaluate(RUN, one.index)
            assert well
            assert shown.split() == stored.split(), one.source


@pytest.mark.parametrize("name", [GALLERY, *CHAPTERS])
def test_each_cell_whose_code_the_book_shows_can_be_edited(living, name):
    book = Notebook(name)
    living.locator(".live-bar").get_by_role(
        "button", name=re.compile("改代码|写代码")
    ).evaluate_all("all => all.map(b => b.click())")
    expect(living.locator(".cm-content")).to_have_count(len(book.cells))
    for one in book.cells:
        editor = Editor(living, one.index)
        assert editor.text() == one.source
        run = "▶ 运行并检查" if one.exercise else BUTTONS[0]
        assert editor.place.locator(".live-bar button").all_text_contents() == [run, *BUTTONS[1:]]


# the start


def calm(start: Start | None, name: str) -> None:
    """While a page came alive nothing jumped, no picture went too soon, and each demo told its state."""
    assert start
    assert start.jumped < SHIFT
    assert start.gone == []
    demos = [one for one in BOOKS[name].cells if one.demo]
    assert set(start.told) == {f"live-cell-{one.index}" for one in demos}
    for lines in start.told.values():
        assert [line.split("……")[0] for line in lines[-2:]] == ["启动中", "可以动手"]


@pytest.mark.parametrize("name", CHAPTERS)
def test_nothing_jumps_while_the_page_comes_alive_at_its_last_demo(seen, name):
    """Below all its formulas, charts and other demos."""
    calm(seen.start, name)


@pytest.mark.parametrize("name", CHAPTERS)
def test_nothing_jumps_while_the_page_comes_alive_at_its_top_on_a_phone(phone, name):
    calm(phone.start, name)


@pytest.mark.parametrize(("place", "width"), [("top", 1280), ("demo", 390)])
def test_nothing_jumps_the_other_way_round(chromium, address, site, place, width):
    page = window(chromium)
    page.set_viewport_size({"width": width, "height": 844})
    html = (site / f"{CHAPTER}.html").read_text(encoding="utf-8")
    page.goto(f"{address}{CHAPTER}.html{last_demo(html) if place == 'demo' else ''}")
    calm(started(page), CHAPTER)
    expect(page.locator(".live-picture")).to_have_count(0)
    page.close()
