"""The demo of greetings: every visit, every way, and what a reader writes, against the model."""

from __future__ import annotations

from datetime import datetime
from itertools import product
from typing import Any

import pytest

from kefu.clock import SHANGHAI
from kefu.demos import Demo, greeting
from kefu.demos.greeting import COMES, LAST, PICKS, PRODUCT, WAYS, days
from kefu.presales.greeting import (
    DESK,
    HOLIDAYS,
    SALES,
    SOURCES,
    Visit,
    greeting_parts,
    greeting_ways,
    judge_greeting,
)
from tests.demos.reading import (
    HOSTILE,
    Drawing,
    cells,
    hand,
    parsed,
    presses,
    run_code,
    set_to,
    settings,
    tags,
)

DAYS = [day for _, day in days()]
MOVES: dict[str, list[Any]] = {
    "hour": [0, 5, 9, 11, 13, 16, 18, 23],
    "day": DAYS,
    "customer": ["", LAST],
    "source": list(SOURCES),
    "way": ["", *WAYS],
    "stage": [COMES, PICKS],
    "own": ["", "晚上好", "美女你好，赶紧拍", "晚上好，我是小满，免烫衬衫想问尺码吗？"],
}
CASES = [(name, value) for name, values in MOVES.items() for value in values]


def visit_of(demo: Demo) -> Visit:
    c = demo.controls
    at = datetime.fromisoformat(c["day"].value).replace(hour=c["hour"].value, tzinfo=SHANGHAI)
    return Visit(at, PRODUCT, c["source"].value, c["customer"].value)


def rulings(html: str) -> list[str]:
    return [one.get_text() for one in parsed(html).select(".kefu-ruling")]


def assert_agrees(demo: Demo) -> None:
    one, html = visit_of(demo), demo.result()
    parts = greeting_parts(one)
    chosen, own = demo.controls["way"].value, demo.controls["own"].value.strip()
    if chosen or own:  # what it must hold is told after a try
        assert cells(html) == [[part.name, part.why, part.example] for part in parts]
    else:
        assert "<table" not in html
    ways = {way.name: way.text for way in greeting_ways(one)}
    picking = demo.controls["stage"].value == PICKS
    assert presses(html) == (
        [(text, {"way": name}, str(name == chosen).lower()) for name, text in ways.items()]
        + [("‹ 换一位客人，或自己写", {"stage": COMES, "way": ""}, None)]
        if picking
        else [("挑第一句 ›", {"stage": PICKS}, None)]
    )
    lines = [text for text in (picking and ways.get(chosen), own) if text]
    shown = rulings(html)
    assert len(shown) == len(lines)
    for told, line in zip(shown, lines, strict=True):
        found = judge_greeting(line, one)
        assert told.startswith("✓ 行" if found.good else "✗ 再改改")
        for part in found.lacks:
            assert f"缺“{part.name}”：{part.why}。" in told
        for fault in found.faults:
            assert f"{fault.kind}（“{fault.words}”）：{fault.why}。" in told
    assert f"{one.at.month}月{one.at.day}日{one.at.hour}点" in html
    if not picking:
        assert_drawn(html, one)
    line = own or ways.get(chosen, "在的亲")
    judged = judge_greeting(line, one)
    assert run_code(demo)[1] == ([p.name for p in judged.lacks], [f.kind for f in judged.faults])


def assert_drawn(html: str, one: Visit) -> None:
    """The two bands of the day, with the hour as a handle."""
    drawing = Drawing(html)
    drawing.assert_labels_inside()
    assert f"{one.at.hour}点是{one.part_of_day}" in drawing.label
    _, (axis,) = drawing.grip("hour")
    share = (drawing.dot[0] - axis["low"]) / (axis["high"] - axis["low"])
    assert share * 23 == pytest.approx(one.at.hour, abs=0.05)
    strong = [e.text for e in drawing.root.iter("text") if e.get("class") == "strong"]
    assert strong == [one.part_of_day, one.agent, f"{one.at.hour}点"]


def picking(**values: Any) -> Demo:
    """The demo where a first line is picked for whoever comes at these settings."""
    return hand(set_to(greeting(), **values), stage=PICKS)


def test_every_control_is_moved_from_end_to_end() -> None:
    demo = greeting()
    assert set(MOVES) == set(demo.controls)
    hour = demo.controls["hour"]
    assert (hour.min, hour.max) == (0, 23)
    for name in ("day", "customer", "source", "way", "stage"):
        assert list(demo.controls[name]._options_values) == MOVES[name]


@pytest.mark.parametrize(("name", "value"), CASES)
def test_each_setting_shows_what_the_model_gives(name: str, value: Any) -> None:
    assert_agrees(set_to(greeting(), **{name: value}))
    assert_agrees(picking(**{name: value}))


@pytest.mark.parametrize("name", MOVES)
def test_each_control_changes_the_result(name: str) -> None:
    assert len({set_to(greeting(), **{name: value}).result() for value in MOVES[name]}) > 1


@pytest.mark.parametrize("way", WAYS)
def test_whoever_comes_each_way_is_judged_as_the_model_does(way: str) -> None:
    for day, customer, source in product(DAYS, MOVES["customer"], SOURCES):
        demo = picking(day=day, customer=customer, source=source)
        assert_agrees(hand(demo, way=way))


def test_the_reader_picks_by_the_buttons_and_somebody_else_clears_the_choice() -> None:
    demo = greeting()
    ((_, on, _),) = presses(demo.result())
    hand(demo, **on)
    assert rulings(demo.result()) == []
    *lines, (_, back, _) = presses(demo.result())
    for _, wanted, _ in lines:
        hand(demo, **wanted)
        assert_agrees(demo)
        assert len(rulings(demo.result())) == 1
    hand(demo, **back)
    assert_agrees(demo)
    assert demo.controls["way"].value == ""
    for name, value in (("hour", 9), ("day", DAYS[1]), ("customer", LAST), ("source", "直播")):
        set_to(demo, way="干巴", **{name: value})
        assert demo.controls["way"].value == ""
        assert rulings(demo.result()) == []


def test_while_a_line_is_picked_nothing_stands_beside_it() -> None:
    assert list(settings(picking().picture())) == []
    assert picking().shown_controls() == {}


def test_the_hour_is_pulled_along_the_day() -> None:
    demo = hand(greeting(), hour=8.3)
    assert demo.controls["hour"].value == 8
    hand(demo, way="说到点上", stage=PICKS)
    assert "人工9点来" in demo.result()
    assert_agrees(demo)
    hand(demo, stage=COMES)
    _, (axis,) = Drawing(demo.result()).grip("hour")
    assert (axis["min"], axis["max"], axis["step"], axis["now"]) == (0, 23, 1, 8)
    assert_agrees(hand(demo, hour=99))
    assert demo.controls["hour"].value == 23


def test_the_days_to_choose_are_an_ordinary_one_and_each_festival() -> None:
    found = [label.split("（")[1].rstrip("）") for label, _ in days()]
    assert found[0] == "平常日子"
    assert set(found[1:]) == set(HOLIDAYS) | set(SALES)
    assert ("11月11日（双11）", "2025-11-11") in days()


def test_it_opens_on_the_chapters_evening_with_three_controls_open() -> None:
    demo = greeting()
    labels = [c.description for name, c in demo.controls.items() if name not in ("way", "stage")]
    assert list(settings(demo.picture())) == labels
    assert labels[:3] == ["几点", "哪一天", "谁来了"]
    assert "11月15日20点，平常日子；新客" in demo.result()
    assert list(DESK.values())[-1] in demo.result()


@pytest.mark.parametrize("text", HOSTILE)
def test_what_the_reader_writes_is_shown_as_text(text: str) -> None:
    plain, typed = set_to(greeting(), own="早"), set_to(greeting(), own=text)
    assert {name for name, _ in tags(typed.result())} == {name for name, _ in tags(plain.result())}
    assert text.strip() in parsed(typed.result()).select("p.kefu-said")[0].get_text()
