from __future__ import annotations

import re
from decimal import Decimal
from itertools import pairwise
from math import hypot
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kefu import data
from kefu.demos import Demo, freight
from kefu.presales.freight import (
    FreeShipping,
    Parcel,
    Rate,
    buyer_pays,
    chargeable_weight,
    compare,
    read_tariffs,
    volumetric_weight,
)
from tests.demos.reading import (
    Drawing,
    alert,
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

CARRIERS = ["青鸟快递", "极光速运", "绿邮小包", "远帆物流"]
PROVINCES = [row["province"] for row in data.rows("zones")]
FAR = {"新疆", "西藏", "香港", "澳门", "台湾"}
RULES = ["不包邮", "无条件包邮", "满件包邮", "满额包邮"]

# control -> (settings that make it matter, the values it is moved over)
MOVES: dict[str, tuple[dict[str, Any], list[Any]]] = {
    "weight": ({}, [0.05, 1.0, 1.05, 2.0, 2.4, 3.0, 10.0, 12.35, 20.0]),
    "carrier": ({"weight": 0.8}, CARRIERS),
    "province": ({}, PROVINCES),
    "length": ({}, [1, 30, 100, 200]),
    "width": ({}, [1, 30, 100, 200]),
    "height": ({}, [1, 10, 37, 60, 200]),
    "rule": ({"amount": 90, "pieces": 2}, RULES),
    "threshold": ({"amount": 88}, [10, 87, 88, 89, 300]),
    "pieces_needed": ({"rule": "满件包邮", "pieces": 3}, [1, 2, 3, 4, 6]),
    "remote": ({"province": "新疆", "amount": 200}, [True, False]),
    "amount": ({}, [1, 87, 88, 89, 400]),
    "pieces": ({"rule": "满件包邮"}, [1, 2, 6]),
}
CASES = [(name, value) for name, (_, values) in MOVES.items() for value in values]


def moved(name: str, value: Any) -> Demo:
    return set_to(freight(), **MOVES[name][0], **{name: value})


def rates_by_model(v: dict[str, Any]) -> tuple[Rate, ...]:
    return compare(Parcel(v["weight"], v["length"], v["width"], v["height"]), v["province"])


def paid_by_model(v: dict[str, Any], fee: Decimal) -> Decimal:
    out = FAR if v["remote"] else set()
    rule = {
        "不包邮": None,
        "无条件包邮": FreeShipping(excluded=out),
        "满件包邮": FreeShipping(min_items=v["pieces_needed"], excluded=out),
        "满额包邮": FreeShipping(min_amount=v["threshold"], excluded=out),
    }[v["rule"]]
    return buyer_pays(fee, rule, v["amount"], v["pieces"], v["province"])


def yuan(text: str) -> Decimal:
    found = re.fullmatch(r"([\d.]+)元", text)
    assert found, text
    return Decimal(found[1])


def assert_agrees_with_the_model(demo: Demo) -> None:
    v, html = positions(demo), demo.result()
    rates = rates_by_model(v)
    rows = cells(html) if rates else []
    assert [row[0] for row in rows] == [r.service.carrier for r in rates]
    assert [row[1] for row in rows] == [r.service.method for r in rates]
    assert [Decimal(row[2].removesuffix(" kg")) for row in rows] == [r.chargeable for r in rates]
    assert [yuan(row[3]) for row in rows] == [r.fee for r in rates]
    assert [row[4] for row in rows] == [f"约{r.service.days}天" for r in rates]
    chosen = [r for r in rates if r.service.carrier == v["carrier"]]
    if not chosen:
        assert v["carrier"] in alert(html)
        assert "<svg" not in html
        return
    (rate,) = chosen
    assert marked(html)[0] == v["carrier"]
    paid = paid_by_model(v, rate.fee)
    assert [yuan(text) for text in bold(html)] == [rate.fee, paid]
    formula, verdict = (p.get_text() for p in parsed(html).select("p.kefu-formula"))
    assert f"实重{v['weight']:g} kg" in formula
    assert f"{v['length']}×{v['width']}×{v['height']}÷{rate.service.divisor}" in formula
    charged = re.search(r"= ([\d.]+) kg，取大的 → ([\d.]+) kg", formula)
    assert charged
    size = (v["length"], v["width"], v["height"], rate.service.divisor)
    assert Decimal(charged[1]) == volumetric_weight(*size)
    assert Decimal(charged[2]) == rate.chargeable == chargeable_weight(v["weight"], *size)
    assert ("由卖家承担" in verdict) is (paid == 0)
    assert ("不参加" in verdict) is (v["remote"] and v["province"] in FAR and v["rule"] != "不包邮")
    assert_drawing_agrees(v, html, rate)


def assert_drawing_agrees(v: dict[str, Any], html: str, rate: Rate) -> None:
    drawing = Drawing(html)
    drawing.assert_labels_inside()
    weight, fee = drawing.data(drawing.dot)
    top = max(drawing.data(point)[1] for point in drawing.line("line"))
    right = drawing.data((384, 0))[0]
    assert weight == pytest.approx(v["weight"], abs=right * 0.003)
    assert fee == pytest.approx(float(rate.fee), abs=top * 0.005)
    words = (
        f"{rate.service.carrier}{rate.fee.normalize():f}元，计费{rate.chargeable.normalize():f} kg"
    )
    assert words in drawing.label
    assert f"{rate.fee.normalize():f}元" in [text for text, *_ in drawing.texts()]
    # each level of the staircase is the fee of this box at that weight, and the dot stands on one
    points = drawing.line("line")
    for (x, y), (x_end, y_end) in ((p, q) for p, q in pairwise(points) if q[0] > p[0] + 0.5):
        middle, height = drawing.data(((x + x_end) / 2, y))
        assert y == y_end
        charged = max(middle, float(rate.volumetric))
        assert height == pytest.approx(float(rate.service.tariff.fee(charged)), abs=top * 0.005)
    assert min(gap(drawing.dot, p, q) for p, q in pairwise(points)) < 0.3
    assert_rest_is_right(drawing.label, rate)


def assert_rest_is_right(words: str, rate: Rate) -> None:
    """What is said to be left of the level costs nothing, and a gram more costs a step."""
    found = re.search(r"离下一级还剩([\d.]+) kg", words)
    left = Decimal(found[1]) if found else Decimal(0)
    assert bool(found) is ("正好在这一级的顶上" not in words)
    tariff, there = rate.service.tariff, rate.chargeable + left
    assert tariff.fee(there) == rate.fee
    assert tariff.fee(there + Decimal("0.001")) == rate.fee + tariff.step_fee


def gap(dot: tuple[float, float], p: tuple[float, float], q: tuple[float, float]) -> float:
    """The distance from a dot to a level or upright stretch of a line, in pixels."""
    x = min(max(dot[0], min(p[0], q[0])), max(p[0], q[0]))
    y = min(max(dot[1], min(p[1], q[1])), max(p[1], q[1]))
    return hypot(dot[0] - x, dot[1] - y)


def test_every_control_is_moved() -> None:
    assert set(MOVES) == set(freight().controls)


@pytest.mark.parametrize(("name", "value"), CASES)
def test_after_each_move_all_numbers_are_the_models(name: str, value: Any) -> None:
    assert_agrees_with_the_model(moved(name, value))


@pytest.mark.parametrize("name", MOVES)
def test_each_control_changes_the_result(name: str) -> None:
    assert len({moved(name, value).result() for value in MOVES[name][1]}) > 1


@pytest.mark.parametrize("name", MOVES)
def test_each_control_is_moved_from_end_to_end(name: str) -> None:
    control, values = freight().controls[name], MOVES[name][1]
    if hasattr(control, "options"):
        assert list(control.options) == values
    elif hasattr(control, "min"):
        assert {control.min, control.max} <= set(values)
    else:
        assert set(values) == {True, False}


@pytest.mark.parametrize("carrier", CARRIERS)
@pytest.mark.parametrize("province", ["浙江", "安徽", "广东", "四川", "西藏", "台湾"])
@pytest.mark.parametrize("weight", [0.05, 0.8, 2.0, 20.0])
def test_every_carrier_zone_and_weight_agrees_with_the_model(
    carrier: str, province: str, weight: float
) -> None:
    assert_agrees_with_the_model(
        set_to(freight(), carrier=carrier, province=province, weight=weight)
    )


@settings(max_examples=60, deadline=None)
@given(
    st.integers(1, 400).map(lambda n: n / 20),
    st.tuples(*[st.integers(1, 80)] * 3),
    st.sampled_from(CARRIERS),
    st.sampled_from(PROVINCES),
)
def test_any_parcel_to_anywhere_agrees_with_the_model(
    weight: float, size: tuple[int, int, int], carrier: str, province: str
) -> None:
    length, width, height = size
    demo = set_to(freight(), weight=weight, length=length, width=width, height=height,
                  carrier=carrier, province=province)  # fmt: skip
    assert_agrees_with_the_model(demo)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("remote", [True, False])
@pytest.mark.parametrize("province", ["广东", "内蒙古", "新疆", "香港"])
@pytest.mark.parametrize(("amount", "pieces"), [(87, 1), (88, 2)])
def test_every_rule_says_who_pays_as_the_model_does(
    rule: str, remote: bool, province: str, amount: int, pieces: int
) -> None:
    demo = set_to(freight(), rule=rule, remote=remote, province=province, amount=amount, pieces=pieces,
                  carrier="极光速运")  # fmt: skip
    assert_agrees_with_the_model(demo)


def test_the_demo_opens_on_the_books_example() -> None:
    html = freight().result()
    assert bold(html) == ["18元", "18元"]
    assert "10 + ⌈(2.4−1)÷1⌉×4 = 10 + 2×4 = 18元" in parsed(html).get_text()


def test_the_chapter_can_open_the_demo_elsewhere() -> None:
    demo = freight(weight=0.8, carrier="绿邮小包", province="浙江")
    assert (positions(demo)["weight"], positions(demo)["carrier"]) == (0.8, "绿邮小包")
    assert_agrees_with_the_model(demo)


@pytest.mark.parametrize("weight", [0.5, 1.0])
def test_within_the_first_weight_the_formula_has_no_steps(weight: float) -> None:
    text = parsed(set_to(freight(), weight=weight).result()).get_text()
    assert "= 10（不超过首重，没有续重） = 10元" in text


# A carrier that does not take the parcel


def test_a_carrier_that_does_not_serve_the_province_says_so_and_shows_the_others() -> None:
    html = set_to(freight(), carrier="青鸟快递", province="台湾").result()
    assert alert(html).startswith("青鸟快递寄不了这个包裹：不送台湾")
    assert "下表" in alert(html)
    assert [row[0] for row in cells(html)] == ["极光速运"]
    assert not parsed(html).select(".kefu-mark")


def test_a_parcel_above_the_carriers_limit_says_so_and_shows_the_others() -> None:
    html = set_to(freight(), carrier="绿邮小包", weight=2.05).result()
    assert "超过它的限重" in alert(html)
    assert [row[0] for row in cells(html)] == ["青鸟快递", "极光速运", "远帆物流"]


def test_a_parcel_that_nobody_takes_promises_no_table() -> None:
    html = set_to(freight(), province="台湾", length=200, width=200, height=200).result()
    assert "别家也都寄不了" in alert(html)
    assert "下表" not in alert(html)
    assert "<table" not in html


def test_all_carriers_of_the_tariff_can_be_chosen() -> None:
    assert list(dict.fromkeys(s.carrier for s in read_tariffs())) == CARRIERS


# The code that the reader sees


@pytest.mark.parametrize(("name", "value"), CASES)
def test_the_shown_code_runs_and_prints_the_tables_numbers(name: str, value: Any) -> None:
    demo = moved(name, value)
    printed, _ = run_code(demo)
    rows = cells(demo.result()) if rates_by_model(positions(demo)) else []
    expected = [(row[0], Decimal(row[2].split()[0]), yuan(row[3])) for row in rows]
    lines = [line.split() for line in printed.splitlines()]
    assert [(line[0], Decimal(line[1]), Decimal(line[2])) for line in lines] == expected


# What a hand does in the drawing


def test_the_parcel_is_dragged_along_its_staircase_and_rests_on_a_step() -> None:
    demo = freight()
    held = grips(demo.result())["weight"]
    drawing = Drawing(demo.result())
    assert drawing.data((held["low"], 0))[0] == pytest.approx(0.05, abs=0.02)
    assert drawing.data((held["high"], 0))[0] == pytest.approx(6, abs=0.02)
    assert (held["now"], held["min"], held["max"], held["step"]) == (2.4, 0.05, 6, 0.05)
    assert held["stops"] == [1, 2, 3, 4, 5]
    assert_agrees_with_the_model(hand(demo, weight=3.0412))
    assert demo.controls["weight"].value == 3.05
    assert "22元" in bold(demo.result())[0]


def test_a_light_and_large_box_says_how_much_air_it_pays_for() -> None:
    demo = set_to(freight(), weight=0.5, length=60, width=40, height=30)  # 12 kg by volume
    assert "按体积重算：箱里有96%是空气" in parsed(demo.result()).get_text()
    assert len(parsed(demo.result()).select("path.ghost")) == 3
    assert "空气" not in freight().result()


# Controls that have no effect


@pytest.mark.parametrize(
    ("rule", "shown"),
    [("不包邮", set()), ("无条件包邮", {"remote"}),
     ("满件包邮", {"remote", "pieces_needed", "pieces"}),
     ("满额包邮", {"remote", "threshold", "amount"})],
)  # fmt: skip
def test_what_has_no_effect_under_a_rule_is_not_shown(rule: str, shown: set[str]) -> None:
    demo = set_to(freight(), rule=rule, province="新疆")
    terms = {"remote", "threshold", "amount", "pieces_needed", "pieces"}
    assert demo.shown_controls().keys() & terms == shown
    assert {name for name in terms if demo.controls[name].layout.display != "none"} == shown
    for name in terms - shown:  # and it has none indeed
        control, before = demo.controls[name], demo.result()
        control.value = (not control.value) if name == "remote" else control.max
        assert demo.result() == before
