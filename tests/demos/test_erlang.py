"""The three curves: every slider moved, one agent more, against the formulas."""

from __future__ import annotations

from math import isinf
from typing import Any

import pytest

from kefu.demos import erlang
from kefu.demos.core import Demo
from kefu.demos.erlang import MOST, said
from kefu.intelligence.staffing import (
    chats_to_load,
    erlang_a,
    erlang_b,
    factor,
    mean_wait,
    service_level,
)
from tests.demos.reading import Drawing, bold, grips, hand, positions, press, run_code, set_to

MOVES: dict[str, list[Any]] = {
    "agents": [1, 11, 14, MOST],
    "chats": [20, 200, 400],
    "handling": [30, 180, 600],
    "at_once": [1, 3, 5],
    "patience": [30, 240, 900],
    "within": [5, 20, 180],
}


def found(demo: Demo) -> dict[str, float]:
    v = positions(demo)
    load = chats_to_load(v["chats"] / 3600, v["handling"], v["at_once"])
    alone = v["handling"] / factor(v["at_once"])
    return {
        "load": load,
        "level": service_level(load, v["agents"], alone, v["within"]),
        "wait": mean_wait(load, v["agents"], alone),
        "lost": erlang_a(v["chats"] / 3600, alone, v["agents"], v["patience"]).abandoned,
    }


def assert_agrees(demo: Demo) -> None:
    v, right, html = positions(demo), found(demo), demo.result()
    first = f"{right['lost']:.1%}" if isinf(right["wait"]) else f"{right['level']:.1%}"
    assert bold(html) == [first]
    assert f"= {right['load']:.2f}爱尔兰" in html
    if not isinf(right["wait"]):
        assert f"平均等{said(right['wait'])}" in html
    assert f"就得拒掉{erlang_b(right['load'], v['agents']):.1%}" in html
    drawing = Drawing(html)
    drawing.assert_labels_inside()
    x, y = drawing.dot
    assert x == pytest.approx(44 + 340 * (v["agents"] - 1) / (MOST - 1), abs=0.1)
    assert y == pytest.approx(196 - 152 * right["level"], abs=0.1)


def test_every_control_is_moved_from_end_to_end() -> None:
    controls = erlang().controls
    assert list(MOVES) == list(controls)
    for name, values in MOVES.items():
        assert {controls[name].min, controls[name].max} <= set(values)


@pytest.mark.parametrize(("name", "value"), [(n, v) for n, vs in MOVES.items() for v in vs])
def test_after_each_move_all_numbers_are_the_models(name: str, value: Any) -> None:
    assert_agrees(set_to(erlang(), **{name: value}))


@pytest.mark.parametrize("name", MOVES)
def test_each_control_changes_the_result(name: str) -> None:
    results = [set_to(erlang(14), **{name: v}).result() for v in MOVES[name]]
    assert len(set(results)) == len(results)


def test_one_more_agent_at_a_press_and_by_the_handle() -> None:
    demo = erlang(11)
    assert "接起率多25.1个百分点" in demo.result()
    press(demo, "＋ 再加一个人")
    assert positions(demo)["agents"] == 12
    assert_agrees(demo)
    press(demo, "− 减一个", "− 减一个")
    assert positions(demo)["agents"] == 10
    assert "人手不到负荷" in demo.result()
    assert grips(demo.result())["agents"]["now"] == 10
    hand(demo, agents=14)
    assert bold(demo.result()) == ["88.8%"]


def test_at_the_ends_there_is_one_way_only() -> None:
    assert "减一个" not in erlang(1).result()
    assert "再加一个" not in erlang(MOST).result()


def test_the_code_shown_prints_the_same_answers() -> None:
    demo = set_to(erlang(9), at_once=3)
    printed, _ = run_code(demo)
    right = found(demo)
    assert [float(one) for one in printed.split()] == [
        round(right["level"], 3),
        round(right["lost"], 3),
    ]


@pytest.mark.parametrize("wrong", [{"agents": 0}, {"chats": 5000}, {"handling": 1.5}])
def test_what_cannot_be_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="应为"):
        erlang(**wrong)
