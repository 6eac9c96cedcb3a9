from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import ipywidgets as widgets
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kefu.demos.core import Demo
from kefu.demos.hands import (
    HANDS,
    NUMBER,
    Along,
    FloatSlider,
    IntSlider,
    Picture,
    grip,
    press,
    put,
    spot,
)
from kefu.demos.svg import chart
from tests.demos.reading import DEMOS, grips, parsed, walk


def weight(value: float = 2.4) -> FloatSlider:
    return FloatSlider(value=value, min=0.05, max=20, step=0.05, description="实重（kg）")


# What anywidget's front end must know


def test_a_slider_is_ipywidgets_own_with_a_front_end_by_anywidgets_protocol() -> None:
    for one in (weight(), IntSlider(value=5, max=9)):
        assert isinstance(one, (widgets.FloatSlider, widgets.IntSlider))
        state = one.get_state()
        assert (state["_model_module"], state["_model_name"]) == ("anywidget", "AnyModel")
        assert (state["_view_module"], state["_view_name"]) == ("anywidget", "AnyView")
        assert state["_anywidget_id"] == "kefu.hands"


def test_outside_a_page_a_widget_brings_its_front_end_as_one_module() -> None:
    text = weight()._esm
    assert NUMBER in text
    assert "import {" not in text
    assert text.endswith(HANDS.split("\n", 1)[1])
    assert Picture()._esm == text


def test_in_a_page_it_brings_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIVE_PAGE", "1")
    assert weight()._esm == Picture()._esm == ""


def test_a_value_beyond_the_ends_is_kept_within_as_ipywidgets_does() -> None:
    one = weight()
    one.value = 99
    assert one.value == 20


@pytest.mark.parametrize("value", [-1, 10, 3.5])
def test_a_value_that_a_slider_is_made_with_is_not_made_another(value: float) -> None:
    with pytest.raises(ValueError, match="天数应为0到9的整数，收到"):
        IntSlider(value=value, max=9, description="天数")
    if not 0 <= value <= 9:
        with pytest.raises(ValueError, match="重量: expected a number from 0 to 9, got"):
            FloatSlider(value=value, max=9, description="重量")


# What a hand wants, and what the control can have


@given(st.floats(-1e6, 1e6))
def test_a_slider_takes_the_nearest_of_its_steps(wanted: float) -> None:
    one = weight()
    put(one, wanted)
    steps = (one.value - one.min) / one.step
    assert steps == pytest.approx(round(steps), abs=1e-6)
    assert one.min <= one.value <= one.max
    if one.min <= wanted <= one.max:
        assert abs(one.value - wanted) <= one.step / 2 + 1e-9


@given(st.integers(0, 399))
def test_a_step_that_is_wanted_is_taken_exactly(n: int) -> None:
    one, wanted = weight(), round(0.05 + n * 0.05, 2)
    put(one, wanted)
    assert one.value == wanted


def test_a_slider_of_whole_numbers_stays_whole() -> None:
    one = IntSlider(value=5, min=1, max=9)
    put(one, 6.6)
    assert one.value == 7
    assert isinstance(one.value, int)


@pytest.mark.parametrize(("wanted", "value"), [("每周", 7), (7, 7), ("没有的", 1), ("1", 1)])
def test_a_list_takes_an_option_by_its_label_or_value(wanted: Any, value: int) -> None:
    one = widgets.Dropdown(options=[("每天", 1), ("每周", 7)], value=1)
    put(one, wanted)
    assert one.value == value


def test_a_box_is_ticked_and_a_field_filled() -> None:
    box, field = widgets.Checkbox(value=False), widgets.Text()
    put(box, True)
    put(field, "你好<b>")
    assert (box.value, field.value) == (True, "你好<b>")
    put(box, "别的")
    assert box.value is False


# Handles and buttons


def test_a_handle_says_what_it_moves_and_where_its_ends_are() -> None:
    along = Along("weight", weight(), lambda value: 44 + 10 * value, high=6, stops=(1, 2, 7))
    told = grips(grip("<circle r='7'/>", x=along))["weight"]
    assert told == {"name": "weight", "now": 2.4, "step": 0.05, "min": 0.05, "max": 6,
                    "low": 44.5, "high": 104, "stops": [1, 2]}  # fmt: skip


def test_a_handle_speaks_to_a_screen_reader_of_all_that_it_moves() -> None:
    one, other = weight(), IntSlider(value=5, max=9, description="几'件\"")
    html = grip("<circle r='7'/>", Along("a", one, float), Along("b", other, float))
    (held,) = parsed(html).select("[role=slider]")
    assert held["aria-label"] == "拖动：实重（kg）：2.4，几'件\"：5"
    assert (held["tabindex"], held["aria-valuenow"], held["aria-valuemax"]) == ("0", "2.4", "20")
    assert set(grips(html)) == {"a", "b"}


def test_a_button_tells_what_it_gives_whatever_the_text_has() -> None:
    (button,) = parsed(press("换货", {"outcome": "换'货\"<b>", "n": 3}, on=True)).find_all("button")
    assert json.loads(str(button["data-press"])) == {"outcome": "换'货\"<b>", "n": 3}
    assert (button["type"], button["aria-pressed"]) == ("button", "true")
    assert "aria-pressed" not in press("下一案", {})


def test_a_drawn_button_has_a_name_is_reached_by_keys_and_tells_what_it_gives() -> None:
    drawn = spot("<rect/>", "订'单\"<b>", {"part": "订'单\"<b>"}, on=False)
    (held,) = parsed(drawn).select("[role=button]")
    assert json.loads(str(held["data-press"])) == {"part": "订'单\"<b>"}
    assert (held["aria-label"], held["tabindex"]) == ("订'单\"<b>", "0")
    assert held["aria-pressed"] == "false"
    assert "aria-pressed" not in spot("<rect/>", "订单", {})


def test_a_drawing_with_buttons_is_a_group_to_a_screen_reader() -> None:
    assert "role='group'" in chart("工作台", spot("<rect/>", "订单", {}))
    assert "role='img'" in chart("工作台", "<rect/>")


# What is played in the picture


@pytest.mark.parametrize("make", DEMOS, ids=lambda make: make.__name__)
def test_wherever_presses_lead_no_control_stands_beside_a_long_picture(
    make: Callable[[], Demo],
) -> None:
    for demo in walk(make):
        assert "kefu-long" not in demo.parts()[0] or demo.shown_controls() == {}
