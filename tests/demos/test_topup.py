from __future__ import annotations

import re
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest

from kefu import data
from kefu.demos import Demo, topup
from kefu.demos.topup import crowd
from kefu.presales.topup import ThresholdOutcome, outcome, suggest
from tests.demos.reading import (
    Drawing,
    bold,
    cells,
    grips,
    hand,
    marked,
    parsed,
    positions,
    run_code,
    set_to,
)

BASKETS = [row["goods_amount"] for row in data.rows("baskets")]
PRICES = {row["title"]: row["price"] for row in data.rows("products")}

# control -> (settings that make it matter, the values it is moved over)
MOVES: dict[str, tuple[dict[str, Any], list[int]]] = {
    "basket": ({}, [5, 60, 76, 87, 88, 89, 240]),
    "threshold": ({}, [0, 50, 76, 77, 88, 99, 150, 240]),
    "price": ({}, [0, 10, 16, 17, 30]),
    "reach": ({}, [0, 12, 20, 60]),
    "margin": ({}, [5, 30, 55, 90]),
    "cost": ({}, [0, 12, 25, 40]),
    "leave": ({}, [0, 20, 60]),
}
CASES = [(name, value) for name, (_, values) in MOVES.items() for value in values]
CORNERS = [
    {"margin": 5, "cost": 40, "leave": 60, "price": 0},  # a loss at every threshold
    {"margin": 5, "cost": 40, "leave": 0, "reach": 0, "price": 0, "threshold": 0},
    {"margin": 90, "cost": 0, "leave": 0, "price": 30, "reach": 60, "threshold": 240},
    {"margin": 5, "cost": 0, "leave": 0, "price": 0, "reach": 0},  # a flat curve
    {"margin": 10, "cost": 14, "leave": 0, "price": 0},  # profit close to nothing
    {"margin": 55, "basket": 5, "threshold": 240},  # a gap that one item hardly closes
]


def moved(name: str, value: int) -> Demo:
    return set_to(topup(), **MOVES[name][0], **{name: value})


def by_model(v: dict[str, int], threshold: int | None) -> ThresholdOutcome:
    share, leave = Decimal(v["margin"]) / 100, Decimal(v["leave"]) / 100
    return outcome(BASKETS, threshold, v["reach"], share, v["cost"], v["price"], leave)


def extra(text: str) -> Decimal:
    """What a row says is paid more: 5.8元, or 反而省0.2元."""
    found = re.fullmatch(r"(反而省)?([\d.]+)元", text)
    assert found, text
    return -Decimal(found[2]) if found[1] else Decimal(found[2])


def assert_buyers_side_agrees(v: dict[str, int], html: str) -> None:
    gap = v["threshold"] - v["basket"]
    words = parsed(html).select("p.kefu-formula")[0].get_text()
    choices = suggest(v["basket"], v["threshold"], v["price"], PRICES)
    if gap <= 0:
        assert bold(html) == ["包邮"]
        assert f"{v['basket']}元已满{v['threshold']}元" in words
        assert not choices
        return
    assert bold(html) == [f"{gap}元"]
    assert f"{v['threshold']} − {v['basket']} = {gap}元" in words
    if not choices:
        assert "店里没有一件能补上这个差额" in words
        return
    assert f"省下的运费{v['price']}元" in words
    rows = cells(html, 0)
    assert [row[0] for row in rows] == [choice.name for choice in choices[:4]]
    prices = [Decimal(row[1].removesuffix("元")) for row in rows]
    assert prices == [choice.price for choice in choices[:4]]
    assert [extra(row[2]) for row in rows] == [choice.extra for choice in choices[:4]]
    assert all(price >= gap for price in prices)


def assert_shops_side_agrees(v: dict[str, int], html: str) -> None:
    now, never = by_model(v, v["threshold"]), by_model(v, None)
    *_, rule, ours = cells(html, len(parsed(html).find_all("table")) - 1)
    for row, name, model in ((rule, "从不包邮", never), (ours, f"满{v['threshold']}元", now)):
        assert row[0] == name
        assert [Decimal(cell.removeprefix("约")) for cell in row[1:]] == [
            model.free, model.topped_up, round(model.lost), model.average_basket,
            model.profit_per_basket,
        ]  # fmt: skip
    assert marked(html) == ours
    caption = parsed(html).select("caption")[-1].get_text()
    assert f"{now.baskets}位客人" in caption
    assert f"差额不超过{v['reach']}元" in caption
    assert f"{v['leave']}%走掉" in caption


def assert_drawing_agrees(v: dict[str, int], html: str) -> None:
    drawing = Drawing(html)
    drawing.assert_labels_inside()
    now, never = (by_model(v, start) for start in (v["threshold"], None))
    tall = abs(drawing.data((44, 176))[1] - drawing.data((44, 266))[1])
    near = tall * 0.01  # a pixel
    x, y = drawing.data(drawing.dot)
    assert x == pytest.approx(v["threshold"], abs=0.5)
    assert y == pytest.approx(float(now.profit_per_basket), abs=near)
    assert f"利润{now.profit_per_basket}元，从不包邮时{never.profit_per_basket}元" in drawing.label
    assert f"{now.profit_per_basket}元" in [text for text, *_ in drawing.texts()]
    assert [drawing.data(p)[1] for p in drawing.line("faint")] == [
        pytest.approx(float(never.profit_per_basket), abs=near)
    ] * 2
    curve = [drawing.data(point) for point in drawing.line("line")]
    assert [round(x) for x, _ in curve] == list(range(0, 241, 12))
    for x, y in curve[::5]:
        assert y == pytest.approx(float(by_model(v, round(x)).profit_per_basket), abs=near)
    assert_every_customer_is_drawn(v, html, now)


def assert_every_customer_is_drawn(v: dict[str, int], html: str, now: ThresholdOutcome) -> None:
    """A dot a customer whose cart is in the picture; the legend counts all, and they are 300."""
    inside = [Decimal(b) for b in BASKETS if Decimal(b) < 240]
    drawn = {
        str(one["class"][-1]): str(one["d"]).count("M")
        for one in parsed(html).select("path.many")
        if not str(one["d"]).endswith(",10h0")  # in the legend a dot stands for each
    }
    free = sum(b >= v["threshold"] for b in inside)
    near = sum(0 < v["threshold"] - b <= v["reach"] for b in inside)
    assert (drawn.get("many-a", 0), drawn.get("many-b", 0)) == (free, near)
    assert sum(drawn.values()) == len(inside)
    texts = [text for text, *_ in Drawing(html).texts()]
    paying = now.baskets - now.free - round(now.lost)
    for text in (f"包邮{now.free - now.topped_up}", f"凑单{now.topped_up}", f"付运费{paying}",
                 f"走掉约{round(now.lost)}", f"另有{300 - len(inside)}个购物车在240元以上"):  # fmt: skip
        assert text in texts


def test_nobody_is_counted_twice_where_all_carts_are_drawn() -> None:
    groups = crowd((Decimal(10), Decimal(60), Decimal(80), Decimal(100)), 88, 20, 1)
    assert {name: len(points) for name, points in groups.items()} == {
        "many-a": 1, "many-b": 1, "many": 1, "many-c": 1
    }  # fmt: skip


def test_the_threshold_is_dragged_through_both_pictures() -> None:
    demo = topup()
    held = grips(demo.result())["threshold"]
    assert (held["now"], held["min"], held["max"]) == (88, 0, 240)
    drawing = Drawing(demo.result())
    assert [round(drawing.data((held[end], 0))[0]) for end in ("low", "high")] == [0, 240]
    assert_agrees_with_the_model(hand(demo, threshold=59.7))
    assert demo.controls["threshold"].value == 60


def assert_agrees_with_the_model(demo: Demo) -> None:
    v, html = positions(demo), demo.result()
    assert_buyers_side_agrees(v, html)
    assert_shops_side_agrees(v, html)
    assert_drawing_agrees(v, html)


def test_every_control_is_moved() -> None:
    assert set(MOVES) == set(topup().controls)


@pytest.mark.parametrize(("name", "value"), CASES)
def test_after_each_move_all_numbers_are_the_models(name: str, value: int) -> None:
    assert_agrees_with_the_model(moved(name, value))


@pytest.mark.parametrize("values", CORNERS, ids=str)
def test_at_extreme_settings_all_numbers_are_the_models(values: dict[str, int]) -> None:
    assert_agrees_with_the_model(set_to(topup(), **values))


@pytest.mark.parametrize("name", MOVES)
def test_each_control_changes_the_result(name: str) -> None:
    results = [moved(name, value).result() for value in MOVES[name][1]]
    assert all(one != other for one, other in pairwise(results))


@pytest.mark.parametrize("name", MOVES)
def test_each_control_is_moved_from_end_to_end(name: str) -> None:
    control = topup().controls[name]
    assert {control.min, control.max} <= set(MOVES[name][1])


def test_many_moves_in_a_row_leave_nothing_of_the_old_settings() -> None:
    demo = topup()
    for name, (_, values) in MOVES.items():
        for value in values:
            demo.controls[name].value = value
    assert demo.result() == set_to(topup(), **positions(demo)).result()
    assert_agrees_with_the_model(demo)


def test_the_chapter_can_open_the_demo_elsewhere() -> None:
    demo = topup(basket=40, threshold=60)
    assert (positions(demo)["basket"], positions(demo)["threshold"]) == (40, 60)
    assert_agrees_with_the_model(demo)


def test_topping_up_can_be_cheaper_than_the_freight() -> None:
    html = set_to(topup(), basket=80, price=20).result()
    assert cells(html)[0] == ["防滑衣架十只装", "15.8元", "反而省4.2元"]


@pytest.mark.parametrize(("name", "value"), CASES)
def test_the_shown_code_runs_and_gives_the_models_outcome(name: str, value: int) -> None:
    demo = moved(name, value)
    _, result = run_code(demo)
    assert result == by_model(positions(demo), positions(demo)["threshold"])
    assert str(result.free) == marked(demo.result())[1]
