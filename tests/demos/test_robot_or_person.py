"""The three bills: every slider moved, lines and crossing against the model."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from kefu.demos import robot_or_person
from kefu.demos.core import Demo
from kefu.demos.robot_or_person import DEAREST, FRESH, SHOPS, crossing, first, places
from kefu.intelligence.economics import (
    TIERS,
    ShopCase,
    bot_versus_agent,
    break_even,
    cheapest,
    enough_chats,
    merchant_tier,
)
from kefu.intelligence.knowledge import wrong_answers
from tests.demos.reading import (
    Drawing,
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
    "wrong": [0, 10, DEAREST],
    "contacts": [10, 120, 3000],
    "robot_wrong": [0, 6, 13, 40],
    "keeps": [0, 77, 100],
    "person_wrong": [0, 3, 20],
    "lost": [0, 5, 40],
    "each": [40, 80, 400],
    "wage": [2000, 3000, 9000],
    "whole": [True, False],
    "revenue": [0, 6000, 200_000],
}


def case(demo: Demo) -> ShopCase:
    v = positions(demo)
    return ShopCase(
        v["contacts"], Decimal(v["keeps"]) / 100, Decimal(v["robot_wrong"]) / 100, Decimal(v["person_wrong"]) / 100,
        v["each"], Decimal(v["wage"]), wrong=Decimal(v["wrong"]), lost=Decimal(v["lost"]),
    )  # fmt: skip


def assert_agrees(demo: Demo) -> None:
    v, html = positions(demo), demo.result()
    bills = bot_versus_agent(case(demo), whole=v["whole"])
    best = cheapest(bills)
    assert [row[0] for row in cells(html)] == [
        f"{one.team}（{places(one.people)}岗）" for one in bills
    ]
    assert [row[-1] for row in cells(html)] == [f"{one.total:,.0f}" for one in bills]
    assert [row[2] for row in cells(html)] == [f"{one.wrong:,.0f}" for one in bills]
    assert marked(html)[0].startswith(best.team)
    head = parsed(html).select_one("p.kefu-big")
    assert head is not None
    assert head.get_text().startswith(f"最省：{best.team}　一月{best.total:,.0f}元")
    placed = merchant_tier(v["contacts"], v["revenue"])
    assert f"按接待量是{placed.tier.name}级" in head.get_text()
    assert ("按营收是" in head.get_text()) == (not placed.agrees)
    assert crossing(case(demo), whole=v["whole"]) in html
    assert first(case(demo)) in html
    drawing = Drawing(html)
    drawing.assert_labels_inside()
    x, _ = drawing.dot
    assert x == pytest.approx(44 + 340 * v["wrong"] / DEAREST, abs=0.1)
    price = break_even(case(demo), whole=v["whole"])
    rings = parsed(html).select("circle.ring")
    assert len(rings) == (price is not None and 0 < price < DEAREST)
    for ring in rings:
        assert float(str(ring["cx"])) == pytest.approx(
            44 + 340 * float(price or 0) / DEAREST, abs=0.1
        )


def test_every_control_is_moved_from_end_to_end() -> None:
    controls = robot_or_person().controls
    assert list(MOVES) == list(controls)
    for name, values in MOVES.items():
        if name != "whole":
            assert {controls[name].min, controls[name].max} <= set(values)


@pytest.mark.parametrize(("name", "value"), [(n, v) for n, vs in MOVES.items() for v in vs])
def test_after_each_move_all_numbers_are_the_models(name: str, value: Any) -> None:
    assert_agrees(set_to(robot_or_person(), **{name: value}))


@pytest.mark.parametrize("name", MOVES)
def test_each_control_changes_the_result(name: str) -> None:
    results = [set_to(robot_or_person(), **{name: value}).result() for value in MOVES[name]]
    assert len(set(results)) == len(results)


def test_the_shops_stand_for_the_five_sizes() -> None:
    assert list(SHOPS) == [tier.name for tier in TIERS]
    demo = robot_or_person()
    for name, (contacts, revenue) in SHOPS.items():
        press(demo, name)
        assert (positions(demo)["contacts"], positions(demo)["revenue"]) == (contacts, revenue)
        placed = merchant_tier(contacts, revenue)
        assert placed.tier.name == name
        assert placed.agrees
        assert_agrees(demo)


def test_how_fresh_the_entries_are_is_what_was_measured_and_decides() -> None:
    found = wrong_answers()
    used = found.before.used + found.current.used + found.expired.used
    assert list(FRESH.values()) == [
        round(100 * share)
        for share in (found.current.share, found.wrong / used, found.expired.share)
    ]
    demo = robot_or_person(300)
    best = []
    for name in FRESH:
        press(demo, name)
        best.append(marked(demo.result())[0].partition("（")[0])
    assert best == ["机器人先接", "机器人先接", "只用人"]


def test_a_small_shop_that_saves_no_whole_place_should_not_buy() -> None:
    demo = robot_or_person(80)
    assert "省不下一个岗位" in demo.result()
    press(demo, "初创")
    assert marked(demo.result())[0].startswith("只用机器人")
    assert "不如只用人" in demo.result()  # of the two; the third is cheapest
    set_to(demo, contacts=80, whole=False)
    assert "省不下一个岗位" not in demo.result()
    assert_agrees(demo)


def test_the_handle_moves_the_price_of_a_wrong_answer() -> None:
    demo = robot_or_person(wrong=0)
    assert marked(demo.result())[0].startswith("机器人先接")
    assert grips(demo.result())["wrong"]["now"] == 0
    hand(demo, wrong=30)
    assert marked(demo.result())[0].startswith("只用人")
    assert_agrees(demo)


def test_a_robot_that_is_no_worse_than_people_has_no_crossing() -> None:
    better = ShopCase(100, robot_wrong=Decimal("0.02"))
    assert "不比人多" in crossing(better, whole=True)
    assert first(ShopCase(1, wrong=Decimal(30))) == "按钟点请人，多少位都不划算。"
    assert first(better) == f"按钟点请人，一天{enough_chats(better)}位起就划算。"


def test_the_code_shown_prints_the_same_bills() -> None:
    demo = set_to(robot_or_person(300, 15, 20), whole=False)
    printed, _ = run_code(demo)
    bills = bot_versus_agent(case(demo), whole=False)
    assert printed.split() == [part for one in bills for part in (one.team, str(one.total))]


@pytest.mark.parametrize("wrong", [{"contacts": 5}, {"wrong": 41}, {"robot_wrong": 50}])
def test_what_cannot_be_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="应为"):
        robot_or_person(**wrong)
