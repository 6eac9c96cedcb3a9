from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest

from kefu.demos import Demo, expectations
from kefu.demos.core import plain
from kefu.operations.expectations import Wait, promise_outcome, wait
from tests.demos.reading import Drawing, bold, cells, marked, parsed, run_code

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


def set_to(**values: Any) -> Demo:
    demo = expectations()
    for name, value in values.items():
        demo.controls[name].value = value
        assert demo.controls[name].value == value
    return demo


def moved(name: str, value: Any) -> Demo:
    return set_to(**MOVES[name][0], **{name: value})


def read(demo: Demo) -> dict[str, Any]:
    return {name: control.value for name, control in demo.controls.items()}


def by_model(v: dict[str, Any], promised: int | None = None) -> Wait:
    return wait(
        v["usual"], promised or v["promised"], v["actual"],
        trust=Decimal(v["trust"]) / 100, per_day=v["per_day"], notice=v["notice"] or None,
    )  # fmt: skip


def number(text: str) -> Decimal:
    return Decimal(text.replace("−", "-"))


def assert_agrees_with_the_model(demo: Demo) -> None:
    v, html = read(demo), demo.result()
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
    drawing = Drawing(html)
    drawing.assert_labels_inside()
    (name,) = {e.attrib["class"] for e in drawing.root.iter("polyline")} - {"axis"}
    curve = drawing.line(name)
    days = (
        max(float(one.promised), float(one.final_days), v["actual"], float(one.expected_days)) + 1
    )
    scale = (curve[-1][0] - curve[0][0]) / days
    assert drawing.dot[0] == pytest.approx(curve[0][0] + v["actual"] * scale, abs=0.2)
    assert drawing.dot == curve[-2]
    assert (curve[-1][1] > curve[0][1]) is (one.gap < 0)  # down on the screen is down in mood
    assert (curve[-1][1] < curve[0][1]) is (one.gap > 0)
    for event, day in (("承诺", one.promised), ("客人盼着", one.final_days), ("送达", one.actual)):
        assert f"{event}第{plain(day)}天" in drawing.label
    assert ("告知" in drawing.label) is (0 < v["notice"] <= days)


def test_every_control_is_moved() -> None:
    assert set(MOVES) == set(expectations().controls)


@pytest.mark.parametrize(("name", "value"), CASES)
def test_after_each_move_all_numbers_are_the_models(name: str, value: Any) -> None:
    assert_agrees_with_the_model(moved(name, value))


@pytest.mark.parametrize("values", CORNERS, ids=str)
def test_at_extreme_settings_all_numbers_are_the_models(values: dict[str, Any]) -> None:
    assert_agrees_with_the_model(set_to(**values))


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
    assert demo.result() == set_to(**read(demo)).result()


def test_the_chapter_can_open_the_demo_elsewhere() -> None:
    v = read(expectations(usual=4, promised=6, actual=5))
    assert (v["usual"], v["promised"], v["actual"]) == (4, 6, 5)


@pytest.mark.parametrize(("name", "value"), CASES)
def test_the_shown_code_runs_and_gives_the_models_wait(name: str, value: Any) -> None:
    demo = moved(name, value)
    _, result = run_code(demo)
    assert result == by_model(read(demo))
