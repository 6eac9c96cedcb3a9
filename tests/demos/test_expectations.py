from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest

from kefu.demos import Demo, expectations
from kefu.demos.core import plain, signed
from kefu.demos.expectations import DAYS, LOWER, UPPER
from kefu.operations.expectations import Wait, promise_outcome, wait
from tests.demos.reading import (
    Drawing,
    bold,
    cells,
    hand,
    marked,
    parsed,
    positions,
    run_code,
    set_to,
    settings,
)

MOVES: dict[str, tuple[dict[str, Any], list[Any]]] = {
    "usual": ({"trust": 50}, [1, 3, 8]),
    "promised": ({}, [1, 3, 4, 5, 10]),
    "actual": ({}, [1, 2, 3, 7, 12]),
    "notice": ({"actual": 6, "promised": 3}, [0, 1, 2, 3, 6, 12]),
    "trust": ({}, [0, 30, 100]),
    "per_day": ({}, [0.5, 1.0, 2.0]),
    "leave": ({}, [0, 10, 40]),
}
CASES = [(name, value) for name, (_, values) in MOVES.items() for value in values]
CORNERS = [
    {"usual": 1, "promised": 1, "actual": 12, "per_day": 2.0},
    {"usual": 8, "promised": 10, "actual": 1, "per_day": 2.0},
    {"usual": 8, "promised": 10, "actual": 12, "per_day": 2.0, "notice": 12},
    {"promised": 10, "actual": 1, "notice": 5},
    {"promised": 1, "actual": 12, "notice": 1, "trust": 70},
    {"usual": 1, "promised": 10, "leave": 40},
    {"trust": 0, "notice": 1, "actual": 9},
]


def moved(name: str, value: Any) -> Demo:
    return set_to(expectations(), **MOVES[name][0], **{name: value})


def by_model(v: dict[str, Any], promised: int | None = None, *, silent: bool = False) -> Wait:
    return wait(
        v["usual"], promised or v["promised"], v["actual"], trust=Decimal(v["trust"]) / 100,
        per_day=v["per_day"], notice=None if silent else v["notice"] or None,
    )  # fmt: skip


def number(text: str) -> Decimal:
    return Decimal(text.replace("−", "-"))


def assert_agrees_with_the_model(demo: Demo) -> None:
    v, html = positions(demo), demo.result()
    one = by_model(v)
    assert number(bold(html)[0].removesuffix("分")) == one.gap
    words = parsed(html).select("p.kefu-formula")[0].get_text()
    assert f"+ {v['trust']}%×({v['promised']} − {v['usual']}) = 第" in words
    assert f"分，{one.verdict.value}" in words
    assert ("来得及" in words) is one.notice_counts
    assert ("只算解释" in words) is (bool(v["notice"]) and not one.notice_counts)
    rows = cells(html)
    assert marked(html)[0] == f"{v['promised']}天"
    for row in rows:
        promise = int(row[0].removesuffix("天"))
        other = by_model(v, promise)
        sold = promise_outcome(promise, v["usual"], [v["actual"]], trust=Decimal(v["trust"]) / 100,
                               leave=Decimal(v["leave"]) / 100)  # fmt: skip
        assert (number(row[1]), number(row[2])) == (sold.orders, other.gap)
        assert row[3:] == [other.verdict.value, "是" if promise >= v["actual"] else "否"]
        assert bool(sold.kept) == (bool(sold.orders) and row[4] == "是")
    assert_drawing_agrees(v, one, html)


def assert_drawing_agrees(v: dict[str, Any], one: Wait, html: str) -> None:
    drawing, silent = Drawing(html), by_model(v, silent=True)
    drawing.assert_labels_inside()
    words = [text for text, *_ in drawing.texts()]
    assert f"承诺第{v['promised']}天" in words
    assert f"不告知：客人盼着第{plain(silent.final_days)}天" in words
    assert_lane_agrees(drawing, silent, UPPER)
    assert [plain_sign(text) for text in words if text.endswith("分")] == [
        signed(each.gap) for each in (silent, *([one] if v["notice"] else []))
    ]
    if v["notice"]:
        assert_lane_agrees(drawing, one, LOWER)
        late = "告知" if one.notice_counts else "才告知，晚了"
        assert f"第{v['notice']}天{late}：客人盼着第{plain(one.final_days)}天" in words
    else:
        assert not heads(drawing, LOWER)
    for name in ("promised", "actual", "notice"):
        handle, (axis,) = drawing.grip(name)
        assert axis["now"] == v[name]
        places = {e.attrib["cx"] for e in handle.iter("circle")}
        assert places == {str(DAYS.x(v[name]))}
    caption = parsed(html).select(".kefu-caption")[0].get_text()
    assert f"第{v['actual']}天送到" in caption
    assert f"{signed(silent.gap)}分" in caption
    assert f"{signed(one.gap)}分" in caption
    assert ("太晚" in caption) is (bool(v["notice"]) and not one.notice_counts)


def plain_sign(text: str) -> str:
    return text.removesuffix("分")


def heads(drawing: Drawing, y: int) -> list[tuple[float, str]]:
    """The faces on a lane: where, and of what class."""
    found = [e.attrib for e in drawing.root.iter("circle") if "face" in e.attrib["class"]]
    return [(float(a["cx"]), a["class"]) for a in found if float(a["cy"]) == y]


def assert_lane_agrees(drawing: Drawing, one: Wait, y: int) -> None:
    looks = {1: "face glad", 0: "face", -1: "face cross"}
    days = range(1, int(one.actual))
    moods = [one.mood(day) for day in days]
    assert heads(drawing, y) == [
        (DAYS.x(day), looks[(mood > 0) - (mood < 0)]) for day, mood in zip(days, moods, strict=True)
    ]
    assert heads(drawing, y - 25) == [(384, looks[(one.gap > 0) - (one.gap < 0)])]
    due, end = float(one.final_days), float(one.actual)
    ways = {
        e.attrib["class"]: e.attrib["d"]
        for e in drawing.root.iter("path")
        if f",{y} H" in e.attrib["d"] and "stroke" in e.attrib
    }
    wanted = {"line": f"M{DAYS.x(0)},{y} H{DAYS.x(min(due, end))}"}
    if due < end:
        wanted["second"] = f"M{DAYS.x(due)},{y} H{DAYS.x(end)}"
    if due > end:
        wanted["faint"] = f"M{DAYS.x(end)},{y} H{DAYS.x(due)}"
    assert ways == wanted


def test_the_first_controls_are_what_the_picture_lets_one_move() -> None:
    demo = expectations()
    assert list(demo.controls)[:3] == ["promised", "actual", "notice"]
    assert list(settings(demo.picture()))[:3] == ["承诺几天到", "实际几天到", "第几天告知"]


@pytest.mark.parametrize(
    ("name", "wanted", "got"),
    [("promised", 5.7, 6), ("promised", 12.6, 10), ("actual", 0.0, 1), ("actual", 8.4, 8),
     ("notice", 1.2, 1), ("notice", -3.0, 0)],
)  # fmt: skip
def test_a_hand_moves_the_flag_the_parcel_and_the_word(name: str, wanted: float, got: int) -> None:
    demo = hand(expectations(), **{name: wanted})
    assert demo.controls[name].value == got
    assert_agrees_with_the_model(demo)


def test_a_parcel_walks_from_the_day_of_the_order_to_its_own() -> None:
    drawing = Drawing(set_to(expectations(), actual=7, notice=1).result())
    ways = [e.attrib["style"] for e in drawing.root.iter("g") if e.attrib.get("class") == "walk"]
    assert ways == [f"--from:{DAYS.x(0) - DAYS.x(7):.1f}px"] * 2


def test_every_control_is_moved() -> None:
    assert set(MOVES) == set(expectations().controls)


@pytest.mark.parametrize(("name", "value"), CASES)
def test_after_each_move_all_numbers_are_the_models(name: str, value: Any) -> None:
    assert_agrees_with_the_model(moved(name, value))


@pytest.mark.parametrize("values", CORNERS, ids=str)
def test_at_extreme_settings_all_numbers_are_the_models(values: dict[str, Any]) -> None:
    assert_agrees_with_the_model(set_to(expectations(), **values))


@pytest.mark.parametrize("name", MOVES)
def test_each_control_changes_the_result(name: str) -> None:
    results = [moved(name, value).result() for value in MOVES[name][1]]
    assert all(one != other for one, other in pairwise(results))


@pytest.mark.parametrize("name", MOVES)
def test_each_control_is_moved_from_end_to_end(name: str) -> None:
    control = expectations().controls[name]
    assert {control.min, control.max} <= set(MOVES[name][1])


def test_many_moves_in_a_row_leave_nothing_of_the_old_settings() -> None:
    demo = expectations()
    for name, (_, values) in MOVES.items():
        for value in values:
            demo.controls[name].value = value
    assert demo.result() == set_to(expectations(), **positions(demo)).result()


def test_the_chapter_can_open_the_demo_elsewhere() -> None:
    v = positions(expectations(usual=4, promised=6, actual=5))
    assert (v["usual"], v["promised"], v["actual"]) == (4, 6, 5)


@pytest.mark.parametrize(("name", "value"), CASES)
def test_the_shown_code_runs_and_gives_the_models_wait(name: str, value: Any) -> None:
    demo = moved(name, value)
    _, result = run_code(demo)
    assert result == by_model(positions(demo))
