"""Every control of the gallery, moved by hand in the page and by name in ordinary Python."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

import ipywidgets
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.live.living import GALLERY, Notebook, cell, control, printing, python, result, text

NOTEBOOK = Notebook(GALLERY)


@pytest.fixture(scope="module")
def gallery(opened: Callable[[str], Page]) -> Page:
    return opened(GALLERY)


Hand = Callable[[Locator], None]
Model = Callable[[Any], None]
DRIVEN: set[str] = set()
"""The names of ipywidgets that a test of this file drives or reads in the page."""


def drives(*names: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Note what a test drives."""
    DRIVEN.update(names)
    return lambda test: test


def keys(*pressed: str, handle: int = 0) -> Hand:
    """Press keys on a slider's handle."""

    def press(place: Locator) -> None:
        grip = place.locator(".noUi-handle").nth(handle)
        grip.focus()
        for key in pressed:
            grip.press(key)

    return press


def set_value(value: Any) -> Model:
    def act(widget: Any) -> None:
        widget.value = value

    return act


def steps(count: int) -> Model:
    def act(widget: Any) -> None:
        widget.value += count * widget.step

    return act


def powers(count: int) -> Model:
    def act(widget: Any) -> None:
        widget.value *= widget.base ** (count * widget.step)

    return act


def shift(low: int, high: int) -> Model:
    def act(widget: Any) -> None:
        widget.value = (widget.value[0] + low * widget.step, widget.value[1] + high * widget.step)

    return act


def index(value: Any) -> Model:
    def act(widget: Any) -> None:
        widget.index = value

    return act


def share(part: float) -> tuple[Hand, Model]:
    """Click on a slider's track at a part of its length."""

    def click(place: Locator) -> None:
        box = place.locator(".noUi-base").bounding_box()
        assert box
        place.page.mouse.click(box["x"] + box["width"] * part, box["y"] + box["height"] / 2)

    def act(widget: Any) -> None:
        raw = widget.min + (widget.max - widget.min) * part
        widget.value = type(widget.value)(round(raw / widget.step) * widget.step)

    return click, act


def typed(value: str, inner: str = "input", then: str = "Tab") -> Hand:
    """Type over what stands in a field, key by key."""

    def act(place: Locator) -> None:
        field = place.locator(inner).first
        field.click()
        field.press("ControlOrMeta+a")
        place.page.keyboard.type(value)
        field.press(then)

    return act


def filled(value: str, inner: str = "input") -> Hand:
    return lambda place: place.locator(inner).first.fill(value)


def options(*labels: str) -> Hand:
    return lambda place: place.locator("select").select_option(label=list(labels)) and None


def click(inner: str) -> Hand:
    return lambda place: place.locator(inner).first.click()


def check(value: bool) -> Hand:
    return lambda place: place.locator("input[type=checkbox]").set_checked(value)


def tags(place: Locator) -> None:
    """Add a tag from the list, try one that is not on it, take the first away."""
    place.click()
    for tag in ("大促", "不在单上"):
        place.locator("input").fill(tag)
        place.locator("input").press("Enter")
    place.locator(".jupyter-widget-tag i").first.click()


INPUTS: dict[str, list[tuple[Hand, Model]]] = {
    "IntSlider": [
        (keys("ArrowRight", "ArrowRight"), steps(2)),
        (keys("ArrowLeft"), steps(-1)),
        (keys("End"), lambda c: setattr(c, "value", c.max)),
        (keys("Home"), lambda c: setattr(c, "value", c.min)),
        share(0.72),
        (typed("6", ".widget-readout", "Enter"), set_value(6)),
        (typed("99", ".widget-readout", "Enter"), set_value(99)),
        (typed("鹿", ".widget-readout", "Enter"), lambda c: None),
    ],
    "FloatSlider": [
        (keys("ArrowRight"), steps(1)),
        share(0.9),
        (typed("7.5", ".widget-readout", "Enter"), set_value(7.5)),
    ],
    "FloatLogSlider": [
        (keys("ArrowRight", "ArrowRight"), powers(2)),
        (keys("ArrowLeft"), powers(-1)),
    ],
    "IntRangeSlider": [
        (keys("ArrowLeft"), shift(-1, 0)),
        (keys("ArrowRight", "ArrowRight", handle=1), shift(0, 2)),
        (typed("3 - 9", ".widget-readout", "Enter"), set_value((3, 9))),
    ],
    "FloatRangeSlider": [
        (keys("ArrowLeft"), shift(-1, 0)),
        (keys("ArrowRight", handle=1), shift(0, 1)),
    ],
    "SelectionSlider": [(keys("ArrowRight", "ArrowRight"), index(2)), (keys("Home"), index(0))],
    "SelectionRangeSlider": [
        (keys("ArrowLeft"), index((0, 2))),
        (keys("ArrowRight", "ArrowRight", handle=1), index((0, 4))),
    ],
    "IntText": [(typed("-12"), set_value(-12)), (typed("3"), set_value(3))],
    "BoundedFloatText": [
        (typed("3.75"), set_value(3.75)),
        (typed("99"), set_value(99)),
        (typed("-1"), set_value(-1)),
    ],
    "Text": [
        (typed("亲，在的 <b>'\"&"), set_value("亲，在的 <b>'\"&")),
        (typed("x"), set_value("x")),
    ],
    "Textarea": [(filled("三\n四", "textarea"), set_value("三\n四"))],
    "Combobox": [
        (typed("极光速运"), set_value("极光速运")),
        (typed("不在单上的"), set_value("不在单上的")),
    ],
    "TagsInput": [(tags, set_value(["大促"]))],
    "Dropdown": [(options("定制"), set_value("定制")), (options("预售"), set_value("预售"))],
    "Select": [(options("物流"), set_value("物流"))],
    "SelectMultiple": [(options("店铺券", "赠品"), set_value(("店铺券", "赠品")))],
    "RadioButtons": [
        (click("label:has-text('各半') input, label:has-text('各半')"), set_value("各半")),
        (lambda place: place.locator("input").nth(2).press("ArrowUp"), set_value("卖家付")),
    ],
    "ToggleButtons": [(click("button:has-text('售后')"), set_value("售后"))],
    "ToggleButton": [
        (lambda place: place.click(), set_value(True)),
        (lambda place: place.press("Enter"), set_value(False)),
    ],
    "Checkbox": [
        (check(False), set_value(False)),
        (lambda place: place.locator("input").press("Space"), set_value(True)),
    ],
    "DatePicker": [
        (filled("2026-02-14"), set_value(date(2026, 2, 14))),
        (filled(""), set_value(None)),
    ],
    "TimePicker": [(filled("08:05"), set_value(time(8, 5))), (filled(""), set_value(None))],
    "NaiveDatetimePicker": [
        (filled("2025-12-12T00:30"), set_value(datetime(2025, 12, 12, 0, 30))),
    ],
    "ColorPicker": [
        (typed("teal", "input[type=text]"), set_value("teal")),
        (filled("#b5481a", "input[type=color]"), set_value("#b5481a")),
    ],
}
"""Control class -> what the hand does and what the same does to the model, one after the other."""


def enter(place: Locator) -> None:
    place.press("Enter")


@drives("Demo", *INPUTS)
@pytest.mark.parametrize("name", INPUTS)
def test_control_says_in_the_page_what_it_says_in_python(gallery, name):
    source = NOTEBOOK.with_class(name)
    twin, _ = NOTEBOOK.run(source)
    place = cell(gallery, source.index)
    said = result(place)
    expect(said).to_have_text(text(twin.result()))
    for hand, model in INPUTS[name]:
        hand(control(place))
        model(twin.controls["control"])
        expect(said).to_have_text(text(twin.result()))


@drives("Valid")
def test_valid_shows_its_value(gallery):
    source = NOTEBOOK.with_class("Valid")
    twin, _ = NOTEBOOK.run(source)
    expect(result(cell(gallery, source.index))).to_have_text(text(twin.result()))
    mark = control(cell(gallery, source.index)).locator(".fa-check, .fa-times")
    assert twin.controls["control"].value == ("check" in (mark.get_attribute("class") or ""))


@drives("FileUpload")
def test_uploaded_file_reaches_python_whole(gallery, tmp_path):
    source = NOTEBOOK.with_class("FileUpload")
    place = cell(gallery, source.index)
    book = tmp_path / "账.csv"
    book.write_bytes(bytes(range(256)) * 41)
    gallery.evaluate("HTMLInputElement.prototype.click = function () { window.chooser = this; }")
    control(place).click()
    chooser = gallery.evaluate_handle("window.chooser").as_element()
    assert chooser
    chooser.set_input_files(book)
    expect(result(place)).to_contain_text(f"'size': {book.stat().st_size}")
    told = result(place).text_content() or ""
    assert f"'name': {book.name!r}" in told
    expect(control(place)).to_have_text("选文件 (1)")
    code = (
        "from ipywidgets.widgets.widget import _instances\n"
        "(up,) = [u for u in _instances.values() if type(u) is w.FileUpload]\n"
        "print(bytes(up.value[0].content).hex())"
    )
    assert python(gallery, code).strip() == book.read_bytes().hex()


@drives("Play")
def test_play_counts_up_until_it_is_stopped(gallery):
    source = NOTEBOOK.with_class("Play")
    twin, _ = NOTEBOOK.run(source)
    place = cell(gallery, source.index)
    play, stop = (control(place).get_by_role("button", name=name) for name in ("播放", "停止"))
    play.click()
    pause = control(place).get_by_role("button", name="暂停")
    expect(result(place)).to_have_text(re.compile(r"值：[2-9]$"))
    pause.click()
    expect(play).to_be_visible()
    reached = int(re.findall(r"\d+", result(place).text_content() or "")[0])
    twin.controls["control"].value = reached
    expect(result(place)).to_have_text(text(twin.result()))
    stop.click()
    twin.controls["control"].value = twin.controls["control"].min
    expect(result(place)).to_have_text(text(twin.result()))


@drives("Button", "Label", "HBox")
def test_button_runs_its_callback_at_each_click_and_key(gallery):
    source = NOTEBOOK.having("on_click(clicked)")
    box, _ = NOTEBOOK.run(source)
    button, label = box.children
    place = cell(gallery, source.index)
    for act in (Locator.click, Locator.click, enter):
        act(place.locator("button.widget-button"))
        button.click()
        expect(place.locator(".widget-label")).to_have_text(label.value)


@drives("interact")
def test_interact_prints_anew_for_each_value(gallery):
    source = NOTEBOOK.having("@w.interact")
    NOTEBOOK.run(source)
    slider = NOTEBOOK.names["fee"].widget.children[0]
    place = cell(gallery, source.index)
    said = place.locator(".widget-output")
    _, printed = printing(NOTEBOOK.names["fee"].widget.update)
    expect(said).to_have_text(printed.strip())
    for key, change in (("ArrowRight", 1), ("ArrowLeft", -1), ("ArrowLeft", -1)):
        before = said.text_content() or ""
        wanted = slider.value + change * slider.step
        keys(key)(place)
        expect(said).not_to_have_text(before.strip())
        got = float((said.text_content() or "").split()[0])  # a slider may miss a step by 1e-16
        assert got == pytest.approx(wanted)
        _, printed = printing(lambda got=got: set_value(got)(slider))
        expect(said).to_have_text(printed.strip())


@drives("interactive_output", "IntSlider", "VBox")
def test_interactive_output_follows_both_sliders(gallery):
    source = NOTEBOOK.having("w.interactive_output")
    box, _ = NOTEBOOK.run(source)
    place = cell(gallery, source.index)
    for number, key, change in ((0, "ArrowRight", 1), (1, "ArrowLeft", -1)):
        keys(key)(place.locator(".widget-slider").nth(number))
        _, printed = printing(lambda n=number, c=change: steps(c)(box.children[n]))
        expect(place.locator(".widget-output")).to_have_text(printed.strip())


@drives("Output")
def test_output_takes_lines_and_is_cleared(gallery):
    source = NOTEBOOK.having("out.clear_output()")
    box, _ = NOTEBOOK.run(source)
    write = box.children[0].children[0]
    place = cell(gallery, source.index)
    said = place.locator(".widget-output")
    told = ""
    for _ in range(3):
        place.get_by_role("button", name="写一行").click()
        told += printing(write.click)[1]
        expect(said).to_have_text(" ".join(told.split()))
    place.get_by_role("button", name="清空").click()
    expect(said).to_have_text("")
    place.get_by_role("button", name="写一行").click()
    expect(said).to_have_text(printing(write.click)[1].strip())


@drives("HTML", "Image", "IntProgress", "FloatProgress")
def test_what_only_shows_is_shown(gallery):
    source = NOTEBOOK.having("w.Image(")
    box, _ = NOTEBOOK.run(source)
    words, image, *bars = box.children
    place = cell(gallery, source.index)
    assert place.locator(".widget-html-content").inner_html() == words.value
    picture = place.locator("img.widget-image")
    assert picture.evaluate("i => i.complete && i.naturalWidth > 0")
    box_of = picture.bounding_box()
    assert box_of
    assert box_of["width"] == pytest.approx(float(image.width), abs=1)
    for number, bar in enumerate(bars):
        drawn = place.locator(".progress-bar").nth(number).evaluate("b => b.style.width")
        part = 100 * (bar.value - bar.min) / (bar.max - bar.min)
        assert float(drawn.rstrip("%")) == pytest.approx(part)


@drives("Tab")
def test_tab_shows_the_page_that_is_chosen(gallery):
    source = NOTEBOOK.having("w.Tab(")
    tab, _ = NOTEBOOK.run(source)
    place = cell(gallery, source.index)
    for number in (1, 0):
        place.get_by_role("tab", name=tab.titles[number]).click()
        shown = place.locator(".widget-tab-contents > :visible")
        expect(shown).to_have_text(tab.children[number].value)


@drives("Accordion")
def test_accordion_opens_and_closes(gallery):
    source = NOTEBOOK.having("w.Accordion(")
    accordion, _ = NOTEBOOK.run(source)
    place = cell(gallery, source.index)
    head = place.locator(".jupyter-widget-Collapse-header")
    expect(head).to_have_text(accordion.titles[0])
    inside = place.locator(".widget-label", has_text=accordion.children[0].value)
    expect(inside).to_be_hidden()
    for open_, close in ((Locator.click, Locator.click), (enter, enter)):
        open_(head)
        expect(inside).to_be_visible()
        expect(head).to_have_attribute("aria-expanded", "true")
        close(head)
        expect(inside).to_be_hidden()
        expect(head).to_have_attribute("aria-expanded", "false")


@drives("Stack", "jslink")
def test_stack_shows_what_the_linked_dropdown_chooses(gallery):
    source = NOTEBOOK.having("w.Stack(")
    box, _ = NOTEBOOK.run(source)
    pick, stack = box.children
    place = cell(gallery, source.index)
    for number in (1, 0, 1):
        place.locator("select").select_option(label=pick.options[number])
        expect(place.locator(".widget-box > .widget-label:visible")).to_have_text(
            stack.children[number].value
        )


@drives("GridspecLayout", "Layout")
def test_grid_puts_each_button_in_its_place(gallery):
    source = NOTEBOOK.having("w.GridspecLayout(")
    grid, _ = NOTEBOOK.run(source)
    place = cell(gallery, source.index)
    buttons = {}
    for row in range(grid.n_rows):
        for column in range(grid.n_columns):
            button = place.get_by_role("button", name=grid[row, column].description, exact=True)
            button.click()
            buttons[row, column] = button
    boxes = {spot: button.bounding_box() or {} for spot, button in buttons.items()}
    for (row, column), box in boxes.items():
        if column:
            assert box["x"] >= boxes[row, 0]["x"] + boxes[row, 0]["width"]
        if row:
            assert box["y"] >= boxes[0, column]["y"] + boxes[0, column]["height"]


@drives("IntSlider", "IntProgress", "jslink", "link")
def test_linked_sliders_and_bar_move_together(gallery):
    source = NOTEBOOK.having("w.link(")
    box, _ = NOTEBOOK.run(source)
    left = box.children[0]
    place = cell(gallery, source.index)
    for number, pressed, change in (
        (0, "ArrowRight", 1),
        (1, "ArrowLeft", -1),
        (1, "ArrowLeft", -1),
    ):
        keys(pressed)(place.locator(".widget-slider").nth(number))
        steps(change)(left)
        for readout in place.locator(".widget-readout").all():
            expect(readout).to_have_text(str(left.value))
        width = f"{100 * left.value / left.max:g}%"
        expect(place.locator(".progress-bar")).to_have_attribute(
            "style", re.compile(f"width: {width}")
        )


@drives("Button")
def test_style_and_layout_reach_the_page(gallery):
    source = NOTEBOOK.having("styled = ")
    button, _ = NOTEBOOK.run(source)
    drawn = cell(gallery, source.index).locator("button.widget-button")
    looks = drawn.evaluate(
        "b => [b.style.width, b.style.height, b.style.backgroundColor, b.style.color]"
    )
    rgb = [int(button.style.button_color[n : n + 2], 16) for n in (1, 3, 5)]
    assert looks[:2] == [button.layout.width, button.layout.height]
    assert [int(n) for n in re.findall(r"\d+", looks[2])] == rgb
    assert set(re.findall(r"\d+", looks[3])) == {"255"}


def test_every_widget_of_the_gallery_is_driven():
    used = {
        node.attr
        for one in NOTEBOOK.cells
        for node in ast.walk(ast.parse(one.source))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "w"
    }
    assert all(hasattr(ipywidgets, name) for name in used)
    assert used - DRIVEN == set()
