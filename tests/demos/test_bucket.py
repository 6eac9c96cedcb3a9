"""The leaking bucket: every control and the handle moved, against the model; what was tried stays."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from kefu.demos import Demo, bucket
from kefu.demos.bucket import MONEY, STEP
from kefu.operations.loyalty import BucketPlan
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
)

MOVES: dict[str, list[Any]] = {
    "new": [0, 50, 500, 1000],
    "start": [100, 1000, 3000],
    "leak": [2, 10, 30],
    "price": [5, 25, 100],
    "stoppable": [0, 60, 90],
    "half": [50, 250, 1000],
    "friends": [0, 2, 5],
}


def plan(demo: Demo, new: int | None = None) -> BucketPlan:
    v = positions(demo)
    to_new = v["new"] if new is None else new
    return BucketPlan(to_new, MONEY - to_new, v["leak"] / 100, v["price"], v["half"],
                      v["stoppable"] / 100, v["friends"])  # fmt: skip


def assert_agrees(demo: Demo) -> None:
    v, html = positions(demo), demo.result()
    start, now = v["start"], plan(demo)
    end = now.path(start)[-1]
    head = parsed(html).select_one("p.kefu-big")
    assert head is not None
    assert head.get_text().startswith(f"{end:.0f}人")
    drawing = Drawing(html)
    drawing.assert_labels_inside()
    texts = [text for text, *_ in drawing.texts()]
    assert f"进：每月{now.joining:.0f}位" in texts
    assert f"漏：每月{now.leaving:.1%}，" in texts
    assert f"一年后{end:.0f}人" in texts
    assert f"拉新{v['new']}元" in texts
    assert f"堵漏{MONEY - v['new']}元" in texts
    assert marked(html)[1:] == [str(v["new"]), f"{end:.0f}"]
    ends = [plan(demo, new).path(start)[-1] for new in (1000, 0)]
    assert [row[2] for row in cells(html)[:2]] == [f"{one:.0f}" for one in ends]
    assert run_code(demo)[1] == pytest.approx(end)
    x, _ = drawing.dot
    assert x == pytest.approx(44 + 340 * v["new"] / MONEY, abs=0.1)
    held, (axis,) = drawing.grip("new")
    assert held.attrib["role"] == "slider"
    assert (axis["min"], axis["max"], axis["now"], axis["step"]) == (0, MONEY, v["new"], STEP)


@pytest.mark.parametrize(("name", "value"), [(n, v) for n, vs in MOVES.items() for v in vs])
def test_after_each_move_all_numbers_are_the_models(name: str, value: Any) -> None:
    assert_agrees(set_to(bucket(500), **{name: value}))


@pytest.mark.parametrize("name", MOVES)
def test_each_control_changes_the_result_and_is_moved_from_end_to_end(name: str) -> None:
    results = [set_to(bucket(500), **{name: value}).result() for value in MOVES[name]]
    assert all(one != other for one, other in pairwise(results))
    control = bucket().controls[name]
    assert {control.min, control.max} <= set(MOVES[name])


def tried(demo: Demo) -> int:
    (dots,) = (
        e for e in Drawing(demo.result()).root.iter("path") if e.get("class") == "many many-a"
    )
    return dots.attrib["d"].count("h0")


def test_the_handle_leaves_a_dot_for_each_split_that_was_tried() -> None:
    demo = bucket()
    assert tried(demo) == 1
    for n, new in enumerate((700, 500, 240), start=2):
        hand(demo, new=new)
        assert tried(demo) == n
        assert_agrees(demo)
    assert demo.controls["new"].value == 250
    hand(demo, new=500)  # the same again is one
    assert tried(demo) == 4
    set_to(demo, leak=20)  # another shop: nothing was tried in it
    assert tried(demo) == 1


def heights(demo: Demo) -> tuple[float, float]:
    """The water's level and the level at first, in pixels from the top."""
    paths = list(Drawing(demo.result()).root.iter("path"))
    (water,) = (e for e in paths if e.get("class") == "now")
    (was,) = (e for e in paths if e.get("class") == "second" and "H" in e.attrib["d"])
    return tuple(float(e.attrib["d"].split(",")[1].split(" ")[0]) for e in (water, was))  # type: ignore[return-value]


def test_the_water_stands_below_the_first_level_where_customers_were_lost() -> None:
    water, was = heights(bucket())
    assert water > was
    gained = set_to(bucket(), start=100)
    water, was = heights(gained)
    assert water < was
    assert "多了" in gained.result()


def test_a_tap_that_is_closed_lets_nothing_in() -> None:
    closed, opened = bucket(0).result(), bucket(1000).result()
    assert "curve tone-b" in opened
    assert "curve tone-b" not in closed


def test_where_as_many_come_by_friends_as_leave_the_bucket_only_grows() -> None:
    demo = set_to(bucket(500), leak=2, friends=5)
    assert "只增不减" in demo.result()
    assert bold(bucket().result())[0] == "400人"


def test_the_owner_is_right_in_a_small_shop_and_wrong_in_a_large_one() -> None:
    def best(start: int) -> int:
        demo = set_to(bucket(), start=start)
        ends = {}
        for new in range(0, MONEY + 1, STEP):
            hand(demo, new=new)
            ends[new] = float(marked(demo.result())[2])
        return max(ends, key=ends.__getitem__)

    assert best(100) >= 900
    assert best(3000) <= 400


@pytest.mark.parametrize("new", [-50, 1050, 30])
def test_what_cannot_be_spent_is_refused(new: int) -> None:
    with pytest.raises(ValueError, match="new: expected one of 0, 50"):
        bucket(new)
