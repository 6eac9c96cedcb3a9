"""When to remind: every control moved, every number against the model."""

from __future__ import annotations

from typing import Any

import pytest

from kefu.demos import remind
from kefu.demos.core import Demo
from kefu.demos.remind import MOST, SHOWN, versus
from kefu.intelligence.followup import (
    ANYTIME,
    CHANNELS,
    HOURS,
    Outlook,
    RemindPolicy,
    Stretch,
    messages,
    outlook,
    shop_reminders,
    stretches,
    unpaid_orders,
)
from tests.demos.reading import (
    Drawing,
    bold,
    cells,
    grips,
    hand,
    marked,
    parsed,
    positions,
    press,
    run_code,
    set_to,
)

MOVES: dict[str, list[Any]] = {
    "after": [3, 10, 29, 30, 60, SHOWN],
    "quiet": [False, True],
    "wait": [False, True],
    "most": [1, 2, MOST],
    "channel": list(CHANNELS),
    "asks": [True, False],
}
TOLD = stretches(shop_reminders())


def found(demo: Demo) -> Outlook:
    v = positions(demo)
    rule = RemindPolicy(
        v["after"], hours=HOURS if v["quiet"] else ANYTIME, ask_consent=v["asks"], wait=v["wait"]
    )
    return outlook(unpaid_orders(), rule, TOLD, v["channel"])


def assert_agrees(demo: Demo) -> None:
    v, right, html = positions(demo), found(demo), demo.result()
    head = parsed(html).select_one("p.kefu-big")
    assert head is not None
    assert head.get_text() == (
        f"约付{right.paid:.0f}单　{right.orders}单里催{right.reminded}单，放过{right.orders - right.reminded}单，"
        f"夜里{right.night}单"
    )
    assert bold(html)[0] == f"{right.paid:.0f}单"
    assert f"（{right.low:.0f}到{right.high:.0f}）" in html
    here = next(one for one in TOLD if v["after"] < one.high)
    assert marked(html)[:2] == [f"{here.low}—{here.high}", str(here.sent)]
    assert [row[1] for row in cells(html)] == [str(one.sent) for one in TOLD]
    if v["most"] > 1:
        assert f"一共发到{messages(right, v['most']):.0f}条" in html
    drawing = Drawing(html)
    drawing.assert_labels_inside()
    x, _ = drawing.dot
    assert x == pytest.approx(44 + 340 * v["after"] / SHOWN, abs=0.1)
    bars = {
        int(str(one["data-share"])): float(str(one["height"]))
        for one in parsed(html).select("[data-share]")
    }
    assert bars == {
        one.low: pytest.approx(152 * 100 * one.share / 60, abs=0.1)
        for one in TOLD
        if one.low < SHOWN
    }


def test_every_control_is_moved_from_end_to_end() -> None:
    controls = remind().controls
    assert list(MOVES) == list(controls)
    for name in ("after", "most"):
        assert {controls[name].min, controls[name].max} <= set(MOVES[name])


@pytest.mark.parametrize(("name", "value"), [(n, v) for n, vs in MOVES.items() for v in vs])
def test_after_each_move_all_numbers_are_the_models(name: str, value: Any) -> None:
    assert_agrees(set_to(remind(10, quiet=True), **{name: value}))
    assert_agrees(set_to(set_to(remind(), channel="短信"), **{name: value}))


@pytest.mark.parametrize("name", MOVES)
def test_each_control_changes_the_result(name: str) -> None:
    start = set_to(remind(10, quiet=True), channel="短信")
    results = [set_to(start, **{name: value}).result() for value in MOVES[name]]
    assert len(set(results)) == len(results)


def test_what_has_no_effect_is_not_shown() -> None:
    """Every setting is a press of the picture; consent is asked of text messages alone."""
    demo = remind()
    assert not demo.shown_controls()
    assert "同意过才发" not in demo.result()
    assert "同意过才发" in set_to(demo, channel="短信").result()


def test_ten_minutes_by_a_press_quiet_hours_by_another_and_the_morning_brings_some_back() -> None:
    demo = remind()
    assert bold(demo.result())[0] == "305单"
    press(demo, "10")
    assert bold(demo.result())[0] == "500单"
    press(demo, "不催")
    assert bold(demo.result())[0] == "384单"
    press(demo, "等早上")
    assert bold(demo.result())[0] == "428单"
    press(demo, "3次", "照发")
    assert positions(demo)["most"] == 3
    assert bold(demo.result())[0] == "500单"
    assert grips(demo.result())["after"]["now"] == 10
    hand(demo, after=45)
    assert_agrees(demo)


def test_the_best_stretch_is_not_told_apart_from_the_next_and_would_be_if_it_were() -> None:
    assert versus(TOLD[1], TOLD) == "10—30分钟比30—60分钟只高1.5个百分点，分不出高下。"
    apart = (Stretch(10, 30, 90, 100), Stretch(30, 60, 10, 100))
    assert versus(apart[0], apart) == "10—30分钟比30—60分钟高80个百分点，不像碰巧。"
    assert versus(apart[1], apart) == ""


def test_the_code_shown_prints_the_same_answers() -> None:
    demo = set_to(remind(20, quiet=True, wait=True), channel="短信")
    printed, _ = run_code(demo)
    right = found(demo)
    assert printed.split() == [str(right.reminded), str(round(right.paid)), str(right.night)]


@pytest.mark.parametrize("wrong", [{"after": 0}, {"after": 500}])
def test_what_cannot_be_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="应为"):
        remind(**wrong)
