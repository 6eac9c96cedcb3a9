"""The demo of fines: every control moved, every month reached, against the model."""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest

from kefu.demos import Demo, fines
from kefu.demos.fines import against, heads, more
from kefu.presales.team import Plan, Shop, run
from tests.demos.reading import (
    Drawing,
    bold,
    cells,
    hand,
    marked,
    parsed,
    presses,
    run_code,
    set_to,
    settings,
)

MOVES: dict[str, list[Any]] = {
    "wage": [3000, 3500, 4000, 4500, 5000],
    "fine": [0, 20, 300, 800],
    "training": [0, 400, 800],
    "months": [1, 2, 6, 12],
    "anger": [0, 30, 60],
    "slow": [26, 64, 120],
    "margin": [5, 35, 80],
    "sales": [0.0, 0.4, 0.8],
}
CASES = [(name, value) for name, values in MOVES.items() for value in values]


def after(demo: Demo, months: int = 12) -> Demo:
    demo.controls["months"].value = months
    return demo


def plan_of(demo: Demo) -> Plan:
    return Plan(*(Decimal(demo.controls[name].value) for name in ("wage", "fine", "training")))


def shop_of(demo: Demo) -> Shop:
    c = demo.controls
    return Shop(
        by_fine=1 + c["anger"].value / 100,
        slow_s=c["slow"].value,
        margin=Decimal(c["margin"].value),
        per_doubling=-c["sales"].value,
    )


def gained(plan: Plan, shop: Shop, months: int) -> Decimal:
    """What a plan earns more than changing nothing, reckoned here again."""
    mine, base = (run(one, shop, months) for one in (plan, Plan()))
    return sum((m.profit for m in mine), Decimal(0)) - sum((m.profit for m in base), Decimal(0))


def assert_agrees(demo: Demo) -> None:
    plan, shop, now = plan_of(demo), shop_of(demo), demo.controls["months"].value
    gain = gained(plan, shop, now)
    last = run(plan, shop, now)[-1]
    html = demo.result()
    assert bold(html)[0] == more(float(gain))
    row = marked(html)
    assert row[1:5] == [
        f"{sum(m.left for m in run(plan, shop, now)):.1f}",
        f"{last.experienced:.1f}",
        f"{last.response_s:.0f}",
        f"{last.conversion * 100:.1f}",
    ]
    drawing = Drawing(html)
    drawing.assert_labels_inside()
    assert f"过了{now}个月" in drawing.label
    x, y = drawing.data(drawing.dot)
    assert x == pytest.approx(now, abs=0.05)
    assert y == pytest.approx(float(gain) / 10_000, abs=0.15)
    assert run_code(demo)[1] == gain


@pytest.mark.parametrize(("name", "value"), CASES)
def test_each_setting_shows_what_the_model_gives(name: str, value: Any) -> None:
    assert_agrees(set_to(after(fines(fine=300)), **{name: value}))


@pytest.mark.parametrize("name", MOVES)
def test_each_control_changes_the_result(name: str) -> None:
    results = [set_to(after(fines(fine=300)), **{name: value}).result() for value in MOVES[name]]
    assert all(one != other for one, other in pairwise(results))


@pytest.mark.parametrize("name", [name for name in MOVES if name != "months"])
def test_each_slider_is_moved_from_end_to_end(name: str) -> None:
    control = fines().controls[name]
    assert {control.min, control.max} <= set(MOVES[name])


# The stages


def test_it_opens_with_the_owners_sum_and_no_month_told() -> None:
    html = fines(fine=300).result()
    assert bold(html) == ["每月省3000元"]
    assert not parsed(html).select("table")
    assert presses(html) == [("就定这个，发工资 ›", {"months": 1}, None)]


@pytest.mark.parametrize(
    ("values", "word"),
    [
        ({}, "不省也不花"),
        ({"wage": 3500}, "每月省5000元"),
        ({"training": 400}, "每月多花800元"),
        ({"wage": 4200, "fine": 300, "training": 200}, "每月省600元"),
    ],
)
def test_the_owners_sum_forgets_who_leaves(values: dict[str, int], word: str) -> None:
    assert bold(fines(**values).result()) == [word]


def test_the_buttons_run_the_months_to_the_end_and_back() -> None:
    demo = fines(fine=300)
    for month in range(1, 13):
        wanted = presses(demo.result())[0][1]
        hand(demo, **wanted)
        assert demo.controls["months"].value == month
        assert_agrees(demo)
    assert presses(demo.result()) == [("从头再定一个", {"months": 0}, None)]
    hand(demo, months=0)
    assert bold(demo.result()) == ["每月省3000元"]
    hand(demo, months=1)
    ((_, _, _), (text, wanted, _)) = presses(demo.result())
    assert (text, wanted) == ("推到年底 »", {"months": 12})


def test_the_handle_pulls_the_months_along() -> None:
    demo = hand(fines(fine=300), months=6.4)
    assert demo.controls["months"].value == 6
    held, ((axis),) = Drawing(demo.result()).grip("months")
    assert (axis["min"], axis["max"], axis["now"]) == (0, 12, 6)
    assert held.attrib["role"] == "slider"
    assert_agrees(demo)


def test_the_plan_fixed_first_stays_as_a_ghost_beside_the_next() -> None:
    demo = after(fines(fine=300))
    assert [row[0] for row in cells(demo.result())] == ["不改", "现在这个"]
    assert "class='ghost'" not in demo.result()
    set_to(demo, fine=0, training=400)
    assert [row[0] for row in cells(demo.result())] == ["不改", "现在这个", "先定的"]
    first = gained(Plan(fine=Decimal(300)), Shop(), 12)
    assert cells(demo.result())[2][-1] == f"{first / 10_000:+.2f}".replace("-", "−")
    ghost = Drawing(demo.result()).line("ghost")
    assert len(ghost) == 13
    demo.controls["months"].value = 0  # a new start forgets it
    demo.controls["months"].value = 12
    assert [row[0] for row in cells(demo.result())] == ["不改", "现在这个"]


def test_the_people_drawn_are_the_models_as_whole_heads() -> None:
    demo = after(fines(fine=300))
    teams = [(8.0, 2.0), *((m.experienced, m.novices) for m in run(Plan(fine=Decimal(300))))]
    wanted = [sum(heads(*team)[kind] for team in teams) for kind in range(3)]
    html = demo.result()
    drawn = [0, 0, 0]
    for path in Drawing(html).root.iter("path"):
        for kind, name in enumerate(("many many-a crew", "many many-b crew", "many many-c crew")):
            marks = path.attrib["d"].count("h0")
            if path.get("class") == name:
                drawn[kind] += marks
    assert drawn == wanted
    assert sum(drawn) == 13 * 10


# What it is there for


def test_fines_are_ahead_at_first_and_behind_at_the_end() -> None:
    demo = fines(fine=300)
    assert "多赚" in bold(after(demo, 1).result())[0]
    assert "再往后推推" in demo.result()
    assert "少赚" in bold(after(demo, 12).result())[0]
    assert "最好看" in demo.result()


def test_training_is_behind_at_first_and_ahead_at_the_end() -> None:
    demo = fines(training=400)
    assert "少赚" in bold(after(demo, 1).result())[0]
    assert "还没有赚回来" in demo.result()
    assert "多赚" in bold(after(demo, 12).result())[0]
    assert "到年底还是赚的" in demo.result()


def test_where_nobody_minds_the_reader_sees_fines_pay() -> None:
    demo = set_to(after(fines(fine=300)), anger=0)
    assert "多赚" in bold(demo.result())[0]


def test_changing_nothing_gains_nothing() -> None:
    demo = after(fines())
    assert bold(demo.result())[0] == "一样"
    assert "比的底" in demo.result()
    assert against(Plan(), Shop()) == [0] * 13


def test_the_parts_of_the_account_add_up_to_it() -> None:
    text = parsed(after(fines(fine=300, training=200)).result()).select_one("p.kefu-formula")
    assert text is not None
    parts = re.findall(r"([＋−])(\d+)", text.get_text().split("；")[0])
    whole = sum(int(n) if sign == "＋" else -int(n) for sign, n in parts)
    assert whole == pytest.approx(
        float(gained(Plan(fine=Decimal(300), training=Decimal(200)), Shop(), 12)), abs=len(parts)
    )


def test_three_controls_stand_open_and_each_has_a_label() -> None:
    demo = fines()
    labels = [control.description for control in demo.controls.values()]
    assert list(settings(demo.picture())) == labels
    assert labels[:3] == ["每人工资（元/月）", "平均每人扣款（元/月）", "每位新手带教（元/月）"]
